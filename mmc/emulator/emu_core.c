/* SPDX-License-Identifier: MIT */
/*
 * emu_core.c - one command, as the drive sees it: what may be answered in
 * the state it is in, then the handler, then status and sense data.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

typedef uint32_t handler_fn(struct lathe_emulator *e, struct lathe_cmd *c);

enum {
	NEEDS_DISC = 1,		/* else 2/3A */
	BEFORE_ATTENTION = 2,	/* no unit attention, MMC-6 4.1.6.1 */
	WHILE_BUSY = 4		/* answered in the middle of background work */
};

struct row {
	uint8_t opcode;
	uint8_t flags;
	handler_fn *handler;
};

static uint32_t test_unit_ready(struct lathe_emulator *e, struct lathe_cmd *c)
{
	(void)e;
	(void)c;
	return EMU_GOOD;
}

static const struct row rows[] = {
	{ 0x00, NEEDS_DISC, test_unit_ready },
	{ 0x03, BEFORE_ATTENTION | WHILE_BUSY, lathep_emu_request_sense },
	{ 0x04, NEEDS_DISC, lathep_emu_format },
	{ 0x12, BEFORE_ATTENTION | WHILE_BUSY, lathep_emu_inquiry },
	{ 0x1b, 0, lathep_emu_start_stop },
	{ 0x1e, WHILE_BUSY, lathep_emu_prevent },
	{ 0x23, 0, lathep_emu_format_capacities },
	{ 0x25, NEEDS_DISC, lathep_emu_capacity_reply },
	{ 0x28, NEEDS_DISC, lathep_emu_read },
	{ 0x2a, NEEDS_DISC, lathep_emu_write },
	{ 0x2e, NEEDS_DISC, lathep_emu_write_verify },
	{ 0x2f, NEEDS_DISC, lathep_emu_verify },
	{ 0x35, NEEDS_DISC, lathep_emu_sync_cache },
	{ 0x43, NEEDS_DISC, lathep_emu_toc },
	{ 0x46, BEFORE_ATTENTION | WHILE_BUSY, lathep_emu_configuration },
	{ 0x4a, BEFORE_ATTENTION | WHILE_BUSY, lathep_emu_events },
	{ 0x51, NEEDS_DISC, lathep_emu_disc_information },
	{ 0x52, NEEDS_DISC, lathep_emu_track_information },
	{ 0x53, NEEDS_DISC, lathep_emu_reserve },
	{ 0x54, NEEDS_DISC, lathep_emu_opc },
	{ 0x55, 0, lathep_emu_mode_select },
	{ 0x5a, WHILE_BUSY, lathep_emu_mode_sense },
	{ 0x5b, NEEDS_DISC, lathep_emu_close },
	{ 0x5c, NEEDS_DISC, lathep_emu_buffer_capacity },
	{ 0x5d, NEEDS_DISC, lathep_emu_cue_sheet },
	{ 0xa1, NEEDS_DISC, lathep_emu_blank },
	{ 0xa8, NEEDS_DISC, lathep_emu_read },
	{ 0xaa, NEEDS_DISC, lathep_emu_write },
	{ 0xac, 0, lathep_emu_performance },
	{ 0xad, NEEDS_DISC, lathep_emu_disc_structure },
	{ 0xb6, 0, lathep_emu_set_streaming },
	{ 0xbb, 0, lathep_emu_set_speed },
	{ 0xbd, WHILE_BUSY, lathep_emu_mechanism_status },
	{ 0xbe, NEEDS_DISC, lathep_emu_read_cd },
	{ 0xbf, NEEDS_DISC, lathep_emu_send_structure }
};

static const struct row *find_row(uint8_t opcode)
{
	size_t low = 0, high = sizeof(rows) / sizeof(rows[0]);

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (rows[mid].opcode == opcode)
			return &rows[mid];
		if (rows[mid].opcode < opcode)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

uint32_t lathep_emu_reply(struct lathe_cmd *c, const uint8_t *from,
			  uint32_t len, uint32_t allocation)
{
	if (len > allocation)
		len = allocation;
	if (c->to_drive)
		len = 0;
	if (len > c->data_len)
		len = c->data_len;
	if (len)
		memcpy(c->data, from, len);
	c->moved = len;
	return EMU_GOOD;
}

void lathep_emu_put_msf(uint8_t out[4], uint32_t lba)
{
	uint32_t frames = lba + 150;

	out[0] = 0;
	if (frames / 75 / 60 > 255) {	/* DVD, BD: no such minute */
		out[1] = 255;
		out[2] = 59;
		out[3] = 74;
		return;
	}
	out[1] = (uint8_t)(frames / 75 / 60);
	out[2] = (uint8_t)(frames / 75 % 60);
	out[3] = (uint8_t)(frames % 75);
}

/* ---- sense data, SPC-4 4.5 ---------------------------------------------- */

/* 0 to 65535, of the work in the background. */
static uint16_t progress(const struct lathe_emulator *e)
{
	uint64_t all = e->job.end_us - e->job.start_us;
	uint64_t done = e->now_us - e->job.start_us;

	if (!all || done >= all)
		return 0xffff;
	return (uint16_t)(done * 65536u / all);
}

static uint8_t fixed_sense(const struct lathe_emulator *e, uint32_t sense,
			   uint8_t *out)
{
	out[0] = e->deferred ? 0x71 : 0x70;
	out[2] = (uint8_t)(sense >> 16);
	out[7] = 10;
	out[12] = (uint8_t)(sense >> 8);
	out[13] = (uint8_t)sense;
	if (emu_quirk(e, EMU_Q_BARE_SENSE))
		return 18;
	if (e->has_info) {
		out[0] |= 0x80;
		lathe_put_be32(out + 3, e->info);
	}
	if (e->job.kind != EMU_JOB_NONE && out[2] == 2) {
		out[15] = 0x80;		/* SKSV, progress indication */
		lathe_put_be16(out + 16, progress(e));
	}
	return 18;
}

static uint8_t descriptor_sense(const struct lathe_emulator *e, uint32_t sense,
				uint8_t *out)
{
	uint8_t *p = out + 8;

	out[0] = e->deferred ? 0x73 : 0x72;
	out[1] = (uint8_t)(sense >> 16);
	out[2] = (uint8_t)(sense >> 8);
	out[3] = (uint8_t)sense;
	if (e->has_info) {
		p[1] = 10;		/* type 00h, information */
		p[2] = 0x80;
		lathe_put_be32(p + 8, e->info);
		p += 12;
	}
	if (e->job.kind != EMU_JOB_NONE && out[1] == 2) {
		p[0] = 2;		/* sense key specific */
		p[1] = 6;
		p[4] = 0x80;
		lathe_put_be16(p + 5, progress(e));
		p += 8;
	}
	out[7] = (uint8_t)(p - out - 8);
	return (uint8_t)(p - out);
}

uint8_t lathep_emu_sense(const struct lathe_emulator *e, uint32_t sense,
			 bool descriptor, uint8_t out[LATHE_SENSE_MAX])
{
	memset(out, 0, LATHE_SENSE_MAX);
	return descriptor ? descriptor_sense(e, sense, out)
			  : fixed_sense(e, sense, out);
}

void lathep_emu_check(struct lathe_emulator *e, struct lathe_cmd *c,
		      uint32_t sense)
{
	c->status = 0x02;
	c->driver_status = 0x08;
	c->sense_len = lathep_emu_sense(e, sense,
					emu_quirk(e, EMU_Q_DESCRIPTOR_SENSE),
					c->sense);
}

/* ---- what may be answered now ------------------------------------------- */

static uint32_t busy(const struct lathe_emulator *e, uint8_t opcode)
{
	uint32_t sense = lathep_emu_job_sense(e);

	/* A drive that writes calls itself ready; a drive that blanks, loads
	 * or stops a format does not. */
	if (opcode == 0x00 && sense == EMU_IN_PROGRESS &&
	    e->job.kind != EMU_JOB_BLANK &&
	    e->job.kind != EMU_JOB_CLOSE_FORMAT &&
	    !emu_quirk(e, EMU_Q_TUR_BUSY))
		return EMU_GOOD;
	return sense;
}

static uint32_t admit(struct lathe_emulator *e, const struct row *row)
{
	uint32_t sense;

	if (!(row->flags & BEFORE_ATTENTION) && e->attentions)
		return lathep_emu_take_attention(e);
	if (e->job.kind != EMU_JOB_NONE && !(row->flags & WHILE_BUSY)) {
		sense = busy(e, row->opcode);
		if (sense)
			return sense;
	}
	if (!(row->flags & NEEDS_DISC))
		return EMU_GOOD;
	if (!emu_has_disc(e))
		return e->tray_open ? EMU_NO_MEDIUM_OPEN
				    : EMU_NO_MEDIUM_CLOSED;
	if (lathe_emulator_store_save(e->store))
		return EMU_INTERNAL;
	return e->now_us < e->load_us ? EMU_BECOMING_READY : EMU_GOOD;
}

/* Opcodes that an old or odd drive does not have. */
static bool missing(const struct lathe_emulator *e, uint8_t opcode)
{
	switch (opcode) {
	case 0x2e:
		return emu_quirk(e, EMU_Q_NO_WRITE_VERIFY);
	case 0x4a:
		return emu_quirk(e, EMU_Q_NO_EVENTS);
	case 0x54:
		return emu_quirk(e, EMU_Q_NO_OPC);
	case 0x5c:
		return emu_quirk(e, EMU_Q_NO_BUFFER_CAPACITY);
	default:
		return false;
	}
}

void lathep_emu_command(struct lathe_emulator *e, struct lathe_cmd *c)
{
	const struct row *row = find_row(c->cdb[0]);
	uint32_t sense;

	e->has_info = false;
	e->deferred = false;
	lathep_emu_advance(e, 100);
	if (!row || missing(e, c->cdb[0]))
		sense = EMU_BAD_OPCODE;
	else
		sense = admit(e, row);
	if (!sense)
		sense = lathep_emu_odd_before(e, c);
	if (!sense)
		sense = row->handler(e, c);
	if (!sense && row->flags & NEEDS_DISC && e->store &&
	    e->store->unsaved)
		sense = EMU_INTERNAL;
	sense = lathep_emu_odd_behind(e, c, sense);
	e->corrupt = false;
	if (sense)
		lathep_emu_check(e, c, sense);
}
