/* SPDX-License-Identifier: MIT */
/*
 * emu_format.c - FORMAT UNIT, MMC-6 6.5: what each medium takes, and what it
 * is then. READ FORMAT CAPACITIES is in emu_capacities.c.
 */
#include "mmc/emulator/emu_recording.h"

/* DVD+RW: bit 0 of the parameter goes on with a format that was stopped. */
static bool is_restart(const struct emu_disc *disc, uint8_t type,
		       uint32_t parameter)
{
	return type == 0x26 && parameter & 1 && disc->formatted;
}

/* Until the command is done; a DVD+RW goes on in the background then. */
static uint64_t format_us(const struct lathe_emulator *e,
			  const struct emu_job *job)
{
	const struct emu_disc *disc = emu_disc(e);
	uint64_t blocks = 0, seconds = 30;

	switch (disc->media->profile) {
	case 0x0012:
		blocks = job->blocks;
		break;
	case 0x0014:
		if (job->detail == 0x00 || job->detail == 0x10)
			blocks = job->blocks;
		break;
	case 0x001a:
		seconds = 8;
		break;
	case 0x0041:
		seconds = 60;
		break;
	default:
		if (job->subtype == 2)	/* written and read in full */
			blocks = 2 * (uint64_t)disc->limit;
		break;
	}
	return seconds * 1000000u + blocks * lathep_emu_block_us(e);
}

/* ---- the command -------------------------------------------------------- */

/* From here on the old content is gone, however this ends; a format that is
 * only restarted, or grows, keeps it. */
static void forget_content(struct lathe_emulator *e)
{
	lathep_emu_disc_erase(emu_disc(e));
	lathep_emu_save(e->store);
}

static uint32_t check_list(const struct lathe_emulator *e,
			   const struct lathe_cmd *c, struct emu_job *job)
{
	uint8_t type = c->data[8] >> 2, subtype = c->data[8] & 3;
	uint32_t blocks = lathe_get_be32(c->data + 4);

	if (!lathep_emu_format_fits(e, type, subtype, &blocks))
		return EMU_BAD_PARAMETER;
	job->blocks = blocks;
	job->detail = type;
	job->subtype = subtype;
	return EMU_GOOD;
}

uint32_t lathep_emu_format(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_FORMAT };
	bool restart;

	if ((c->cdb[1] & 0x17) != 0x11)
		return EMU_BAD_FIELD;
	if (!c->to_drive || c->data_len < 12 ||
	    lathe_get_be16(c->data + 2) != 8)
		return EMU_LIST_LENGTH;
	c->moved = c->data_len;
	if (lathep_emu_way(disc) == EMU_WAY_BD_R &&
	    (disc->tracks || disc->formatted))
		return EMU_CANNOT_WRITE;
	if (check_list(e, c, &job))
		return EMU_BAD_PARAMETER;
	restart = is_restart(disc, job.detail,
			     lathe_get_be24(c->data + 9));
	lathep_emu_flush(e);
	e->test_open = false;
	e->cue.valid = false;
	if (!restart && job.detail != 0x13)
		forget_content(e);
	lathep_emu_start_job(e, &job, format_us(e, &job), c->data[1] & 2);
	return EMU_GOOD;
}

/* ---- its end ------------------------------------------------------------ */

static void finish_dvd_rw(struct emu_disc *disc, const struct emu_job *job)
{
	disc->intermediate = job->detail == 0x13 || job->detail == 0x15;
	if (job->detail == 0x13) {
		disc->iced = disc->formatted;
		disc->formatted += job->blocks;
	} else {
		disc->iced = 0;
		disc->formatted = job->blocks;
	}
}

void lathep_emu_finish_format(struct lathe_emulator *e,
			      const struct emu_job *job)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t all = disc->limit;

	disc->format_type = job->detail;
	switch (disc->media->profile) {
	case 0x0014:
		finish_dvd_rw(disc, job);
		break;
	case 0x001a:
		disc->formatted = job->blocks;
		disc->format_state = EMU_FORMAT_RUNNING;
		e->drained_us = e->now_us;
		break;
	case 0x0041:
		disc->pow = job->subtype == 0;
		disc->limit = job->blocks;
		disc->formatted = job->blocks;
		disc->spares = all - job->blocks;
		break;
	default:
		disc->formatted = job->blocks;
		disc->spares = all - job->blocks;
		break;
	}
	lathep_emu_save(e->store);
}
