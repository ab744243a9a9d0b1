/* SPDX-License-Identifier: MIT */
/*
 * emu_format.c - FORMAT UNIT, MMC-6 6.5: what each medium takes, and what it
 * is then. READ FORMAT CAPACITIES is in emu_capacities.c.
 */
#include "mmc/emulator/emulator_internal.h"

#define SECOND_US 1000000u
#define BD_SPARES_LEAST 131072u	/* 256 MiB */

/* One parameter list, and how long it takes. */
struct request {
	uint32_t blocks;
	uint8_t type, subtype;
	uint32_t parameter;
	uint64_t us;
};

/* Blocks of a DVD-RW that a full format makes. */
static uint32_t full_size(const struct emu_disc *disc)
{
	const uint32_t full = 2297888;

	return disc->limit < full ? disc->limit / 16 * 16 : full;
}

static uint64_t whole_disc_us(const struct lathe_emulator *e)
{
	return emu_disc(e)->limit * lathep_emu_block_us(e);
}

/* ---- each medium -------------------------------------------------------- */

/* 26h: the lead-in now, all else in the background. A restart goes on where
 * it was stopped. */
static uint32_t dvd_plus_rw(const struct lathe_emulator *e, struct request *r)
{
	const struct emu_disc *disc = emu_disc(e);

	if (r->type != 0x26)
		return EMU_BAD_PARAMETER;
	if (r->blocks != UINT32_MAX && r->blocks != disc->limit)
		return EMU_BAD_PARAMETER;
	if (r->parameter & 1 && !disc->formatted)
		return EMU_BAD_PARAMETER;
	r->blocks = disc->limit;
	r->us = (r->parameter & 1 ? 2u : 8u) * SECOND_US;
	return EMU_GOOD;
}

/* 00h and 10h full, 15h quick from the start of the disc, 13h quick at its
 * end; the quick ones may format nothing ahead. */
static uint32_t dvd_rw(const struct lathe_emulator *e, struct request *r)
{
	const struct emu_disc *disc = emu_disc(e);

	r->us = 30 * SECOND_US;
	switch (r->type) {
	case 0x00:
	case 0x10:
		if (!r->blocks || r->blocks > full_size(disc))
			return EMU_BAD_PARAMETER;
		r->us += r->blocks * lathep_emu_block_us(e);
		break;
	case 0x13:
		if (lathep_emu_way(disc) != EMU_WAY_RESTRICTED)
			return EMU_BAD_PARAMETER;
		if (r->blocks > disc->limit - disc->formatted)
			return EMU_BAD_PARAMETER;
		break;
	case 0x15:
		if (r->blocks > disc->limit)
			return EMU_BAD_PARAMETER;
		break;
	default:
		return EMU_BAD_PARAMETER;
	}
	return r->blocks % 16 ? EMU_BAD_PARAMETER : EMU_GOOD;
}

static uint32_t dvd_ram(const struct lathe_emulator *e, struct request *r)
{
	if (r->type != 0x00 || r->blocks != emu_disc(e)->limit)
		return EMU_BAD_PARAMETER;
	r->us = 30 * SECOND_US + whole_disc_us(e);
	return EMU_GOOD;
}

/* Room for replacements is between 256 MiB and half of the disc. */
static bool spares_fit(const struct emu_disc *disc, uint32_t blocks)
{
	uint32_t full = disc->media->limit;

	return blocks % 32 == 0 && blocks <= full - BD_SPARES_LEAST &&
	       blocks >= full / 2;
}

/* 00h and 30h with spares, 31h without; certified only where sub-type 2 asks
 * for it. */
static uint32_t bd_re(const struct lathe_emulator *e, struct request *r)
{
	const struct emu_disc *disc = emu_disc(e);

	r->us = 20 * SECOND_US;
	switch (r->type) {
	case 0x00:
		return spares_fit(disc, r->blocks) ||
		       r->blocks == disc->media->limit
		       ? EMU_GOOD : EMU_BAD_PARAMETER;
	case 0x30:
		if (r->subtype == 1 || r->subtype == 3 ||
		    !spares_fit(disc, r->blocks))
			return EMU_BAD_PARAMETER;
		if (r->subtype == 2)
			r->us += 2 * whole_disc_us(e);
		return EMU_GOOD;
	case 0x31:
		return r->subtype <= 1 && r->blocks == disc->media->limit
		       ? EMU_GOOD : EMU_BAD_PARAMETER;
	default:
		return EMU_BAD_PARAMETER;
	}
}

/* 00h default spares, 32h other ones; sub-type 0 for pseudo-overwrite, 1 for
 * writing in sequence. Once, before anything is written. */
static uint32_t bd_r(const struct lathe_emulator *e, struct request *r)
{
	const struct emu_disc *disc = emu_disc(e);

	if (disc->tracks || disc->formatted)
		return EMU_CANNOT_WRITE;
	if ((r->type != 0x00 && r->type != 0x32) || r->subtype > 1 ||
	    !spares_fit(disc, r->blocks))
		return EMU_BAD_PARAMETER;
	if (r->type == 0x00 &&
	    r->blocks != disc->media->limit - disc->media->spares)
		return EMU_BAD_PARAMETER;
	r->us = 60 * SECOND_US;
	return EMU_GOOD;
}

static uint32_t check_request(const struct lathe_emulator *e,
			      struct request *r)
{
	switch (emu_disc(e)->media->profile) {
	case 0x0012:
		return dvd_ram(e, r);
	case 0x0014:
		return dvd_rw(e, r);
	case 0x001a:
		return dvd_plus_rw(e, r);
	case 0x0041:
		return bd_r(e, r);
	case 0x0043:
		return bd_re(e, r);
	default:
		return EMU_INCOMPATIBLE;
	}
}

/* ---- the command -------------------------------------------------------- */

/* From here on the old content is gone, however this ends; a format that is
 * only restarted, or grows, keeps it. */
static void begin_format(struct lathe_emulator *e, const struct request *r)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t limit = disc->limit;

	lathep_emu_flush(e);
	e->test_open = false;
	e->cue.valid = false;
	if (r->type == 0x13 || (r->type == 0x26 && r->parameter & 1))
		return;
	lathep_emu_disc_blank(disc, disc->kind);
	disc->limit = limit;
	disc->formatted = 0;
	e->store->ops->save(e->store);
}

uint32_t lathep_emu_format(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_job job = { .kind = EMU_JOB_FORMAT };
	struct request r;
	uint32_t sense;

	if ((c->cdb[1] & 0x17) != 0x11)
		return EMU_BAD_FIELD;
	if (!c->to_drive || c->data_len < 12 ||
	    lathe_get_be16(c->data + 2) != 8)
		return EMU_LIST_LENGTH;
	c->moved = c->data_len;
	r.blocks = lathe_get_be32(c->data + 4);
	r.type = c->data[8] >> 2;
	r.subtype = c->data[8] & 3;
	r.parameter = lathe_get_be24(c->data + 9);
	r.us = 0;
	sense = check_request(e, &r);
	if (sense)
		return sense;
	begin_format(e, &r);
	job.blocks = r.blocks;
	job.detail = r.type;
	job.subtype = r.subtype;
	lathep_emu_start_job(e, &job, r.us, c->data[1] & 2);
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
	uint32_t full = disc->media->limit;

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
		disc->spares = full - job->blocks;
		break;
	default:
		disc->formatted = job->blocks;
		disc->spares = full - job->blocks;
		break;
	}
	e->store->ops->save(e->store);
}
