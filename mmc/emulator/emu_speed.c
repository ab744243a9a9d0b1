/* SPDX-License-Identifier: MIT */
/*
 * emu_speed.c - the speeds that drive and disc have in common, SET CD SPEED,
 * SET STREAMING and GET PERFORMANCE; MMC-6 6.37, 6.39, 6.8. kB are 1000 bytes.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

/* ---- what can be chosen ------------------------------------------------- */

/* Rows end with 0. A disc takes those that its own limit allows. */
static const uint16_t cd_speeds[] = {	/* 48x to 4x */
	8467, 7056, 4234, 2822, 1764, 706, 0
};
static const uint16_t dvd_minus_speeds[] = {	/* 16x to 2x */
	22160, 16620, 11080, 8310, 5540, 2770, 0
};
static const uint16_t dvd_plus_speeds[] = {	/* 16x to 2.4x */
	22160, 16620, 11080, 8310, 5540, 3324, 0
};
static const uint16_t dvd_ram_speeds[] = {	/* 5x, 3x, 2x */
	6925, 4155, 2770, 0
};
static const uint16_t bd_speeds[] = {	/* 12x to 1x */
	53946, 44955, 35964, 26973, 17982, 8991, 4495, 0
};

/* Fastest reading: 48x, 16x, 12x. */
enum { CD_READ_KB = 8467, DVD_READ_KB = 22160, BD_READ_KB = 53946 };

static const uint16_t *speeds_of(const struct lathe_emulator *e)
{
	if (!emu_has_disc(e) || emu_quirk(e, EMU_Q_CD_SPEEDS))
		return cd_speeds;
	switch (emu_disc(e)->media->profile) {
	case 0x0011:
	case 0x0014:
	case 0x0015:
		return dvd_minus_speeds;
	case 0x001a:
	case 0x001b:
	case 0x002b:
		return dvd_plus_speeds;
	case 0x0012:
		return dvd_ram_speeds;
	case 0x0041:
	case 0x0043:
		return bd_speeds;
	default:
		return cd_speeds;
	}
}

/* Without a disc, or with speeds that are those of CDs whatever is in. */
static uint32_t fastest(const struct lathe_emulator *e)
{
	return emu_has_disc(e) && !emu_quirk(e, EMU_Q_CD_SPEEDS)
	       ? emu_disc(e)->media->max_write_kb : CD_READ_KB;
}

uint32_t lathep_emu_write_speeds(const struct lathe_emulator *e,
				 uint32_t out[EMU_SPEEDS_MAX])
{
	const uint16_t *kb;
	uint32_t n = 0;

	for (kb = speeds_of(e); *kb; kb++)
		if (*kb <= fastest(e))
			out[n++] = *kb;
	return n;
}

uint32_t lathep_emu_read_kb_max(const struct lathe_emulator *e)
{
	if (!emu_has_disc(e) || emu_is_cd(emu_disc(e)->media))
		return CD_READ_KB;
	return emu_disc(e)->media->profile < 0x0040 ? DVD_READ_KB : BD_READ_KB;
}

/* The fastest of the speeds that is not above 'kb', else the slowest. */
static uint32_t rounded_write(const struct lathe_emulator *e, uint32_t kb)
{
	uint32_t speeds[EMU_SPEEDS_MAX], n, i;

	n = lathep_emu_write_speeds(e, speeds);
	for (i = 0; i + 1 < n; i++)
		if (speeds[i] <= kb)
			break;
	return speeds[i];
}

void lathep_emu_choose_speeds(struct lathe_emulator *e)
{
	uint32_t most = lathep_emu_read_kb_max(e);

	e->read_kb = e->read_asked < most ? e->read_asked : most;
	e->write_kb = rounded_write(e, e->write_asked);
}

/* ---- SET CD SPEED, SET STREAMING ---------------------------------------- */

/* Some drives only grant a speed when a little more is asked for. */
static bool is_nominal(const struct lathe_emulator *e, uint32_t kb)
{
	uint32_t speeds[EMU_SPEEDS_MAX], n, i;

	n = lathep_emu_write_speeds(e, speeds);
	for (i = 0; i < n; i++)
		if (speeds[i] == kb)
			return true;
	return false;
}

uint32_t lathep_emu_set_speed(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t read_kb = lathe_get_be16(c->cdb + 2);
	uint32_t write_kb = lathe_get_be16(c->cdb + 4);

	if (emu_quirk(e, EMU_Q_NO_SPEED))
		return EMU_BAD_FIELD;
	if (emu_quirk(e, EMU_Q_SPEED_ABOVE) && is_nominal(e, write_kb))
		return EMU_BAD_FIELD;
	if (read_kb)
		e->read_asked = read_kb;
	if (write_kb)
		e->write_asked = write_kb;
	lathep_emu_choose_speeds(e);
	return EMU_GOOD;
}

/* kB/s from "this many kB in that many ms"; 0 when it makes no sense. */
static uint32_t rate(const uint8_t *p)
{
	uint64_t kb = lathe_get_be32(p);
	uint32_t ms = lathe_get_be32(p + 4);

	if (!ms)
		return 0;
	kb = kb * 1000u / ms;
	return kb > UINT32_MAX ? UINT32_MAX : (uint32_t)kb;
}

static uint32_t range_fits(const struct lathe_emulator *e, const uint8_t *p)
{
	uint32_t end = lathe_get_be32(p + 8);

	if (lathe_get_be32(p + 4) > end)
		return EMU_BAD_PARAMETER;
	if (!emu_has_disc(e))
		return EMU_GOOD;
	if (emu_quirk(e, EMU_Q_STREAMING_END) && end >= emu_disc(e)->limit)
		return EMU_BAD_PARAMETER;
	if (emu_quirk(e, EMU_Q_STREAMING_REFUSED) &&
	    emu_disc(e)->media->profile == 0x001a)
		return EMU_BAD_ADDRESS;
	return EMU_GOOD;
}

uint32_t lathep_emu_set_streaming(struct lathe_emulator *e,
				  struct lathe_cmd *c)
{
	uint32_t len = lathe_get_be16(c->cdb + 9), sense;

	if (c->cdb[8] != 0)
		return EMU_BAD_FIELD;
	if (len != 28 || !c->to_drive || c->data_len < len)
		return EMU_LIST_LENGTH;
	c->moved = len;
	sense = range_fits(e, c->data);
	if (sense)
		return sense;
	if (c->data[0] & 4) {		/* restore defaults */
		e->read_asked = UINT32_MAX;
		e->write_asked = UINT32_MAX;
	} else {
		if (!rate(c->data + 12) || !rate(c->data + 20))
			return EMU_BAD_PARAMETER;
		e->read_asked = rate(c->data + 12);
		e->write_asked = rate(c->data + 20);
	}
	lathep_emu_choose_speeds(e);
	return EMU_GOOD;
}

/* ---- GET PERFORMANCE ---------------------------------------------------- */

static uint32_t last_lba(const struct lathe_emulator *e)
{
	return emu_has_disc(e) ? emu_disc(e)->limit - 1 : 0;
}

/* Type 3: the speeds at which this disc can be written. */
static uint32_t put_speeds(const struct lathe_emulator *e, uint8_t *p)
{
	uint32_t speeds[EMU_SPEEDS_MAX], n, i;

	n = lathep_emu_write_speeds(e, speeds);
	for (i = 0; i < n; i++, p += 16) {
		bool zero = emu_quirk(e, EMU_Q_ZERO_SPEEDS);

		memset(p, 0, 16);
		lathe_put_be32(p + 4, last_lba(e));
		lathe_put_be32(p + 8, lathep_emu_read_kb_max(e));
		lathe_put_be32(p + 12, zero ? 0 : speeds[i]);
	}
	return n;
}

/* Type 0: one stretch at the speed that is set. */
static uint32_t put_nominal(const struct lathe_emulator *e, bool write,
			    uint8_t *p)
{
	uint32_t kb = write ? e->write_kb : e->read_kb;

	memset(p, 0, 16);
	lathe_put_be32(p + 4, kb);
	lathe_put_be32(p + 8, last_lba(e));
	lathe_put_be32(p + 12, kb);
	return 1;
}

uint32_t lathep_emu_performance(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t most = lathe_get_be16(c->cdb + 8), n = 0, told;
	uint8_t type = c->cdb[10];
	bool write = c->cdb[1] & 4, except = c->cdb[1] & 3;

	if (type != 0 && type != 3)
		return EMU_BAD_FIELD;
	memset(e->scratch, 0, 8);
	if (type == 3)
		n = put_speeds(e, e->scratch + 8);
	else if (!except)
		n = put_nominal(e, write, e->scratch + 8);
	if (emu_quirk(e, EMU_Q_NO_PERFORMANCE))
		n = 0;
	if (type == 0)
		e->scratch[4] = (uint8_t)(write << 1 | except);
	/* The length tells of all descriptors, however few are asked for. */
	told = n && !most && emu_quirk(e, EMU_Q_PERFORMANCE_ONE) ? 1 : n;
	lathe_put_be32(e->scratch, 4 + 16 * told);
	return lathep_emu_reply(c, e->scratch, 8 + 16 * n, 8 + 16 * most);
}
