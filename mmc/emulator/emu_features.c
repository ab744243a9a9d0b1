/* SPDX-License-Identifier: MIT */
/*
 * emu_features.c - GET CONFIGURATION, MMC-6 6.6: the features of a CD-RW
 * recorder as such drives report them, and which are current.
 */
#include <string.h>

#include "mmc/emulator/emulator_internal.h"

enum current {
	ALWAYS,
	WITH_DISC,
	READABLE,	/* a session is complete */
	WRITABLE,	/* the disc takes data */
	ERASABLE
};

struct feature {
	uint16_t code;
	uint8_t version;	/* bits 5-2 */
	uint8_t persistent;
	uint8_t current;
	uint8_t len;		/* multiple of 4, MMC-6 5.2.2.3 */
	uint8_t payload[12];
};

/* Feature 0000h, the profile list, is made by profile_list(). */
static const struct feature rows[] = {
	/* Core: ATAPI; DBE. */
	{ 0x0001, 2, 1, ALWAYS, 8, { 0, 0, 0, 2, 1, 0, 0, 0 } },
	/* Morphing: polled events only. */
	{ 0x0002, 1, 1, ALWAYS, 4, { 2, 0, 0, 0 } },
	/* Removable medium: tray, eject, lock. */
	{ 0x0003, 0, 1, ALWAYS, 4, { 0x29, 0, 0, 0 } },
	/* Random readable: 2048 bytes, blocking 1, error recovery page. */
	{ 0x0010, 0, 0, READABLE, 8, { 0, 0, 8, 0, 0, 1, 1, 0 } },
	/* Multi-read. */
	{ 0x001d, 0, 0, WITH_DISC, 0, { 0 } },
	/* CD read: no CD-TEXT, no C2. */
	{ 0x001e, 2, 0, WITH_DISC, 4, { 0, 0, 0, 0 } },
	/* CD TAO: BUF, test write, CD-RW; data types 8 and 10. */
	{ 0x002d, 2, 0, WRITABLE, 4, { 0x46, 0, 0x05, 0x00 } },
	/* CD-RW media write support: all sub-types. */
	{ 0x0037, 0, 0, ERASABLE, 4, { 0, 0xff, 0, 0 } },
	/* Power management. */
	{ 0x0100, 0, 1, ALWAYS, 0, { 0 } },
	/* Timeout. */
	{ 0x0105, 1, 1, ALWAYS, 4, { 0, 0, 0, 0 } },
	/* Real-time streaming: READ BUFFER CAPACITY, SET CD SPEED, mode page
	 * 2Ah, write speed descriptors. */
	{ 0x0107, 4, 0, WITH_DISC, 4, { 0x1e, 0, 0, 0 } },
	/* Serial number. */
	{ 0x0108, 0, 1, ALWAYS, 8, { 'L', '0', '0', '0', '0', '0', '0', '1' } }
};

static bool is_current(const struct lathe_emulator *e, uint8_t when)
{
	if (when == ALWAYS)
		return true;
	if (!emu_has_disc(e))
		return false;
	switch (when) {
	case READABLE:
		return emu_disc(e)->sessions != 0;
	case WRITABLE:
		return !emu_disc(e)->final || emu_disc(e)->media->erasable;
	case ERASABLE:
		return emu_disc(e)->media->erasable;
	default:
		return true;
	}
}

static uint16_t current_profile(const struct lathe_emulator *e)
{
	return emu_has_disc(e) ? lathep_emu_profile(emu_disc(e)) : 0;
}

static uint8_t *profile_list(const struct lathe_emulator *e, uint8_t *p)
{
	static const uint16_t profiles[] = { 0x000a, 0x0009, 0x0008 };
	size_t i, n = sizeof(profiles) / sizeof(profiles[0]);

	memset(p, 0, 4 + 4 * n);
	p[2] = 0x03;	/* version 0, persistent, current */
	p[3] = (uint8_t)(4 * n);
	for (i = 0; i < n; i++) {
		lathe_put_be16(p + 4 + 4 * i, profiles[i]);
		p[6 + 4 * i] = profiles[i] == current_profile(e);
	}
	return p + 4 + 4 * n;
}

static uint8_t *put_feature(const struct lathe_emulator *e,
			    const struct feature *f, uint8_t *p)
{
	lathe_put_be16(p, f->code);
	p[2] = (uint8_t)(f->version << 2 | f->persistent << 1 |
			 is_current(e, f->current));
	p[3] = f->len;
	memcpy(p + 4, f->payload, f->len);
	return p + 4 + f->len;
}

uint32_t lathep_emu_configuration(struct lathe_emulator *e,
				  struct lathe_cmd *c)
{
	uint16_t start = lathe_get_be16(c->cdb + 2);
	uint8_t rt = c->cdb[1] & 3;
	uint8_t *p = e->scratch + 8;
	size_t i;

	if (rt == 3)
		return EMU_BAD_FIELD;
	memset(e->scratch, 0, 8);
	lathe_put_be16(e->scratch + 6, current_profile(e));
	if (start == 0)
		p = profile_list(e, p);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rt == 2 ? rows[i].code != start : rows[i].code < start)
			continue;
		if (rt == 1 && !is_current(e, rows[i].current))
			continue;
		p = put_feature(e, &rows[i], p);
	}
	lathe_put_be32(e->scratch, (uint32_t)(p - e->scratch) - 4);
	return lathep_emu_reply(c, e->scratch, (uint32_t)(p - e->scratch),
				lathe_get_be16(c->cdb + 7));
}
