/* SPDX-License-Identifier: MIT */
/* emu_speed.c - speeds, buffer, calibration; MMC-6 6.37, 6.39, 6.8, 6.14,
 * 6.35. */
#include <string.h>

#include "mmc/emulator/emulator_internal.h"

#define READ_KB_MAX 8467u

static uint32_t write_kb_max(const struct lathe_emulator *e)
{
	return emu_has_disc(e) ? emu_disc(e)->media->max_write_kb
			       : READ_KB_MAX;
}

/* The fastest speed of the drive that is not above 'kb'. */
static uint32_t rounded_speed(uint32_t kb, uint32_t max)
{
	static const uint16_t speeds[] = {
		8467, 7056, 4234, 2822, 1764, 1411, 706, 353, 176
	};
	size_t i;

	if (kb > max)
		kb = max;
	for (i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (speeds[i] <= kb)
			return speeds[i];
	return 176;
}

uint32_t lathep_emu_set_speed(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t read_kb = lathe_get_be16(c->cdb + 2);
	uint32_t write_kb = lathe_get_be16(c->cdb + 4);

	if (emu_quirk(e, EMU_Q_NO_SPEED))
		return EMU_BAD_FIELD;
	if (read_kb)
		e->read_kb = rounded_speed(read_kb, READ_KB_MAX);
	if (write_kb)
		e->write_kb = rounded_speed(write_kb, write_kb_max(e));
	return EMU_GOOD;
}

uint32_t lathep_emu_set_streaming(struct lathe_emulator *e,
				  struct lathe_cmd *c)
{
	uint32_t len = lathe_get_be16(c->cdb + 9);
	uint32_t kb, ms;

	if (c->cdb[8] != 0)
		return EMU_BAD_FIELD;
	if (len != 28 || !c->to_drive || c->data_len < len)
		return EMU_LIST_LENGTH;
	c->moved = len;
	if (c->data[0] & 4) {		/* restore defaults */
		e->read_kb = READ_KB_MAX;
		e->write_kb = write_kb_max(e);
		return EMU_GOOD;
	}
	kb = lathe_get_be32(c->data + 20);
	ms = lathe_get_be32(c->data + 24);
	if (!ms || !lathe_get_be32(c->data + 16))
		return EMU_BAD_PARAMETER;
	kb = (uint32_t)((uint64_t)kb * 1000u / ms);
	e->write_kb = rounded_speed(kb, write_kb_max(e));
	return EMU_GOOD;
}

/* ---- GET PERFORMANCE ---------------------------------------------------- */

/* Type 3: the speeds at which this disc can be written. */
static uint32_t speed_descriptors(struct lathe_emulator *e)
{
	static const uint16_t speeds[] = { 8467, 7056, 4234, 2822, 1764, 706 };
	uint8_t *p = e->scratch + 8;
	size_t i;

	for (i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++) {
		if (speeds[i] > write_kb_max(e))
			continue;
		memset(p, 0, 16);
		lathe_put_be32(p + 4, emu_has_disc(e) ? emu_disc(e)->limit - 1
						      : 0);
		lathe_put_be32(p + 8, READ_KB_MAX);
		lathe_put_be32(p + 12, speeds[i]);
		p += 16;
	}
	return (uint32_t)(p - e->scratch);
}

/* Type 0: one stretch at the speed that is set. */
static uint32_t nominal_performance(struct lathe_emulator *e, bool write)
{
	uint8_t *p = e->scratch + 8;
	uint32_t kb = write ? e->write_kb : e->read_kb;

	e->scratch[4] = write ? 2 : 0;
	memset(p, 0, 16);
	lathe_put_be32(p + 4, kb);
	lathe_put_be32(p + 8, emu_has_disc(e) ? emu_disc(e)->limit - 1 : 0);
	lathe_put_be32(p + 12, kb);
	return 24;
}

uint32_t lathep_emu_performance(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t most = lathe_get_be16(c->cdb + 8), len, room;

	memset(e->scratch, 0, 8);
	if (c->cdb[10] == 3)
		len = speed_descriptors(e);
	else if (c->cdb[10] == 0)
		len = nominal_performance(e, c->cdb[1] & 4);
	else
		return EMU_BAD_FIELD;
	/* The length tells of all descriptors, however few are asked for. */
	lathe_put_be32(e->scratch, len - 4);
	room = 8 + 16 * most;
	return lathep_emu_reply(c, e->scratch, len, room);
}

/* ---- buffer and calibration --------------------------------------------- */

uint32_t lathep_emu_buffer_capacity(struct lathe_emulator *e,
				    struct lathe_cmd *c)
{
	uint32_t unit = c->cdb[1] & 1 ? 1 : LATHE_BLOCK_BYTES;
	uint32_t used = emu_disc(e)->buffered;
	uint8_t reply[12] = { 0 };

	if (used > e->buffer_blocks)
		used = e->buffer_blocks;
	reply[1] = 10;
	reply[3] = c->cdb[1] & 1;
	lathe_put_be32(reply + 4, e->buffer_blocks * unit);
	lathe_put_be32(reply + 8, (e->buffer_blocks - used) * unit);
	return lathep_emu_reply(c, reply, sizeof(reply),
				lathe_get_be16(c->cdb + 7));
}

uint32_t lathep_emu_opc(struct lathe_emulator *e, struct lathe_cmd *c)
{
	if (emu_disc(e)->final)
		return EMU_CANNOT_WRITE;
	if (!(c->cdb[1] & 1)) {
		/* Values from the host are taken, and not needed. */
		if (c->to_drive)
			c->moved = c->data_len;
		return EMU_GOOD;
	}
	lathep_emu_advance(e, 2500000u);
	return EMU_GOOD;
}
