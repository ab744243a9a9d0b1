/* SPDX-License-Identifier: MIT */
/*
 * emu_odd.c - what odd drives were seen to do, as far as it can be told from
 * outside of a command: before it is carried out, and to its outcome. Each is
 * a personality; the drive behaves by the standard without one. What each of
 * them stands for is in emu_rules_drive.c.
 */
#include "mmc/emulator/emu_commands.h"

#define REFUSALS 3u	/* so often before a first WRITE or a close is heeded */

static bool is_write(const struct lathe_cmd *c)
{
	return c->cdb[0] == 0x2a || c->cdb[0] == 0xaa;
}

/* ---- before ------------------------------------------------------------- */

/* The first WRITE to LBA 0, or a close, is put off some times. */
static uint32_t put_off(struct lathe_emulator *e, const struct lathe_cmd *c)
{
	uint32_t sense = EMU_GOOD;

	if (emu_quirk(e, EMU_Q_FIRST_WRITE_WAITS) && is_write(c) &&
	    !lathe_get_be32(c->cdb + 2))
		sense = EMU_BECOMING_READY;
	else if (emu_quirk(e, EMU_Q_CLOSE_REPEATS) && c->cdb[0] == 0x5b &&
		 (c->cdb[2] & 7) == 2)
		sense = EMU_IN_PROGRESS;
	if (!sense)
		return EMU_GOOD;
	e->put_off++;
	if (e->put_off <= REFUSALS)
		return sense;
	e->put_off = 0;
	return EMU_GOOD;
}

/* Asked for its buffer before that was ever full, the drive hangs. */
static void hang(struct lathe_emulator *e, const struct lathe_cmd *c)
{
	const struct emu_disc *disc = emu_disc(e);

	if (disc->open && disc->track[disc->open - 1].blocks <
			  e->buffer_blocks)
		lathep_emu_advance(e, (c->timeout_ms + 1000u) *
				      (uint64_t)1000u);
}

/* A border that is not closed; with it, all of the disc. */
static bool grows(const struct lathe_emulator *e)
{
	return lathep_emu_way(emu_disc(e)) == EMU_WAY_RESTRICTED &&
	       emu_disc(e)->intermediate;
}

/* Blocks of a session that was not closed. */
static bool in_open_bd_r(const struct lathe_emulator *e, uint32_t lba)
{
	const struct emu_disc *disc = emu_disc(e);

	return disc->media->profile == 0x0041 &&
	       lba >= lathep_emu_capacity(disc);
}

uint32_t lathep_emu_odd_before(struct lathe_emulator *e, struct lathe_cmd *c)
{
	switch (c->cdb[0]) {
	case 0x28:
	case 0xa8:
		if (emu_quirk(e, EMU_Q_OPEN_UNREADABLE) &&
		    in_open_bd_r(e, lathe_get_be32(c->cdb + 2)))
			return EMU_BAD_ADDRESS;
		if (emu_quirk(e, EMU_Q_GROWING_UNREADABLE) && grows(e))
			return EMU_ILLEGAL_MODE;
		break;
	case 0x43:
		if (emu_quirk(e, EMU_Q_NO_FULL_TOC) &&
		    (c->cdb[2] & 0x0f) == 2)
			return EMU_BAD_FIELD;
		break;
	case 0x54:
		if (emu_quirk(e, EMU_Q_OPC_REFUSED))
			return EMU_SEQUENCE;
		break;
	case 0x5a:
		if (emu_quirk(e, EMU_Q_MODE_SENSE_30) &&
		    lathe_get_be16(c->cdb + 7) < 30)
			return EMU_BAD_FIELD;
		break;
	case 0x5b:
		/* As if with IMMED; it is not told before the end. */
		e->made_immediate = (emu_quirk(e, EMU_Q_CLOSE_EARLY) ||
				     emu_quirk(e, EMU_Q_CLOSE_BUSY)) &&
				    !(c->cdb[1] & 1);
		if (e->made_immediate)
			c->cdb[1] |= 1;
		break;
	case 0x5c:
		if (emu_quirk(e, EMU_Q_BUFFER_HANGS))
			hang(e, c);
		break;
	default:
		break;
	}
	return put_off(e, c);
}

/* ---- behind ------------------------------------------------------------- */

static uint8_t bcd(uint8_t value)
{
	return (uint8_t)(value / 10 << 4 | value % 10);
}

/* Lead-in and last lead-out of the ATIP, bytes 8 to 10 and 12 to 14. */
static void atip_as_bcd(struct lathe_cmd *c)
{
	uint32_t i;

	for (i = 8; i < 15 && i < c->moved; i++)
		c->data[i] = bcd(c->data[i]);
}

/* A format 0 TOC loses its last entry, the lead-out. */
static void drop_lead_out(struct lathe_cmd *c)
{
	uint32_t len = c->moved < 12 ? 0 : lathe_get_be16(c->data) + 2u;

	if (len != c->moved || c->data[len - 6] != 0xaa)
		return;
	lathe_put_be16(c->data, (uint16_t)(len - 10));
	c->moved -= 8;
}

static void change_reply(const struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint8_t format = c->cdb[2] & 0x0f;

	switch (c->cdb[0]) {
	case 0x43:
		if (format == 4 && emu_quirk(e, EMU_Q_ATIP_BCD))
			atip_as_bcd(c);
		if (!format && !(c->cdb[9] >> 6) &&
		    emu_quirk(e, EMU_Q_TOC_NO_LEAD_OUT))
			drop_lead_out(c);
		break;
	case 0x52:
		if (emu_quirk(e, EMU_Q_DATA_MODE_F) && c->moved > 6)
			c->data[6] |= 0x0f;
		break;
	case 0x5c:
		if (emu_quirk(e, EMU_Q_STALE_BUFFER) && c->moved >= 12)
			lathe_put_be32(c->data + 8, 0);
		break;
	default:
		break;
	}
}

/* A close that came back before its time. */
static uint32_t close_outcome(struct lathe_emulator *e, struct lathe_cmd *c,
			      uint32_t sense)
{
	bool early = e->made_immediate;

	if (c->cdb[0] != 0x5b)
		return sense;
	e->made_immediate = false;
	if (early)
		c->cdb[1] &= 0xfe;
	if (sense || e->job.kind == EMU_JOB_NONE)
		return sense;
	if (emu_quirk(e, EMU_Q_CLOSE_BUSY))
		return EMU_LONG_WRITE;
	return early ? EMU_SHORT_OF_TIME : sense;
}

uint32_t lathep_emu_odd_behind(struct lathe_emulator *e, struct lathe_cmd *c,
			       uint32_t sense)
{
	if (!sense && !c->to_drive)
		change_reply(e, c);
	sense = close_outcome(e, c, sense);
	if (sense == EMU_END_OF_AREA && is_write(c) &&
	    emu_quirk(e, EMU_Q_FULL_BAD_FIELD))
		return EMU_BAD_FIELD;
	if (sense == EMU_BECOMING_READY && e->job.kind == EMU_JOB_LOAD &&
	    emu_quirk(e, EMU_Q_LOAD_NO_MEDIUM))
		return EMU_NO_MEDIUM_CLOSED;
	return sense;
}
