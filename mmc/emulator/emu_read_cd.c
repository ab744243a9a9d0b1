/* SPDX-License-Identifier: MIT */
/*
 * emu_read_cd.c - READ CD, MMC-6 6.20: sectors of a CD with as much of their
 * frame as is asked for. What is kept of a sector is its user data; sync,
 * header, error detection and correction follow from them, ECMA-130 clause 14
 * and annex A.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define SECTOR 2352u

/* Where the parts of a sector begin. */
enum {
	HEADER_AT = 12,
	SUB_HEADER_AT = 16,	/* mode 2 form 1 only */
	MODE_1_USER_AT = 16,
	FORM_1_USER_AT = 24,
	P_AT = 2076,
	Q_AT = 2248
};

/* ---- error detection and correction ------------------------------------- */

/* ECMA-130 14.3: x^32 + x^31 + x^16 + x^15 + x^4 + x^3 + x + 1, least
 * significant bit first. */
static uint32_t error_detection(const uint8_t *p, size_t bytes)
{
	uint32_t sum = 0;
	int bit;

	while (bytes--) {
		sum ^= *p++;
		for (bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? 0xd8018001u : 0);
	}
	return sum;
}

/* ECMA-130 A.3: the field of 256 elements, x^8 + x^4 + x^3 + x^2 + 1. */
static uint8_t times_root(uint8_t a)
{
	return (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1d : 0));
}

static uint8_t product(uint8_t a, uint8_t b)
{
	uint8_t sum = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			sum ^= a;
		a = times_root(a);
	}
	return sum;
}

#define ONE_OVER_ROOT_PLUS_ONE 0xf4u

/*
 * Two bytes of parity behind 'n' bytes, A.5 and A.6: the sum of all is 0, and
 * so is the sum of all times falling powers of the root. 'at' names them, in
 * words of two bytes; 'step' words lie between two of them, and 'wrap' words
 * are in all.
 */
static void parity(uint8_t *body, uint32_t at, uint32_t step, uint32_t wrap,
		   uint32_t n, uint8_t *out, uint32_t apart)
{
	uint8_t sum = 0, weighted = 0;

	for (; n; n--) {
		uint8_t value = body[at];

		sum ^= value;
		weighted = times_root(weighted ^ value);
		at += 2 * step;
		if (at >= 2 * wrap)
			at -= 2 * wrap;
	}
	out[0] = product((uint8_t)(times_root(weighted) ^ sum),
			 ONE_OVER_ROOT_PLUS_ONE);
	out[apart] = out[0] ^ sum;
}

/* P: 43 columns of 24 words; Q: 26 diagonals of 43 words, P among them. */
static void error_correction(uint8_t *sector)
{
	uint8_t *body = sector + HEADER_AT;
	uint32_t i;

	for (i = 0; i < 86; i++)
		parity(body, i, 43, 1118, 24, sector + P_AT + i, 86);
	for (i = 0; i < 52; i++)
		parity(body, i / 2 * 86 + i % 2, 44, 1118, 43,
		       sector + Q_AT + i, 52);
}

/* ---- a sector ----------------------------------------------------------- */

static uint8_t bcd(uint8_t value)
{
	return (uint8_t)(value / 10 << 4 | value % 10);
}

/* All of the sector around the user data, which are there already. */
static void frame(uint8_t *sector, uint32_t lba, uint8_t mode)
{
	uint32_t user = mode == 2 ? FORM_1_USER_AT : MODE_1_USER_AT;
	uint8_t msf[4], i;
	uint32_t covered = mode == 2 ? SUB_HEADER_AT : 0;

	memset(sector, 0xff, HEADER_AT);
	sector[0] = sector[11] = 0;
	memset(sector + HEADER_AT, 0, user - HEADER_AT);
	memset(sector + user + LATHE_BLOCK_BYTES, 0,
	       SECTOR - user - LATHE_BLOCK_BYTES);
	if (mode == 2)		/* submode: data, twice */
		sector[SUB_HEADER_AT + 2] = sector[SUB_HEADER_AT + 6] = 0x08;
	lathep_emu_put_msf(msf, lba);
	/* The correction of form 1 does not cover the header. */
	if (mode == 1) {
		for (i = 0; i < 3; i++)
			sector[HEADER_AT + i] = bcd(msf[i + 1]);
		sector[HEADER_AT + 3] = mode;
	}
	lathe_put_le32(sector + user + LATHE_BLOCK_BYTES,
		       error_detection(sector + covered,
				       user + LATHE_BLOCK_BYTES - covered));
	error_correction(sector);
	for (i = 0; i < 3; i++)
		sector[HEADER_AT + i] = bcd(msf[i + 1]);
	sector[HEADER_AT + 3] = mode;
}

/* The bytes of a sector that byte 9 of the CDB asks for: MMC-6 table 351.
 * They must lie side by side. */
static bool chosen(uint8_t asked, uint8_t mode, uint32_t *from, uint32_t *to)
{
	uint32_t user = mode == 2 ? FORM_1_USER_AT : MODE_1_USER_AT;
	const struct {
		uint8_t bit;
		uint32_t from, to;
	} parts[] = {
		{ 0x80, 0, HEADER_AT },
		{ 0x20, HEADER_AT, SUB_HEADER_AT },
		{ 0x40, SUB_HEADER_AT, user },
		{ 0x10, user, user + LATHE_BLOCK_BYTES },
		{ 0x08, user + LATHE_BLOCK_BYTES, SECTOR }
	};
	size_t i;

	*from = *to = 0;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!(asked & parts[i].bit) || parts[i].from == parts[i].to)
			continue;
		if (*to && parts[i].from != *to)
			return false;
		if (!*to)
			*from = parts[i].from;
		*to = parts[i].to;
	}
	return true;
}

/* ---- the command -------------------------------------------------------- */

/* Data mode of the track that 'lba' lies in. */
static uint8_t mode_at(const struct emu_disc *disc, uint32_t lba)
{
	uint32_t i;

	for (i = disc->tracks; i > 1; i--)
		if (lba >= disc->track[i - 1].start)
			break;
	return i ? disc->track[i - 1].mode : 1;
}

/* Expected sector type, MMC-6 table 352: any, mode 1, mode 2 form 1. */
static bool type_fits(uint8_t type, uint8_t mode)
{
	return !type || type == (mode == 2 ? 4 : 2);
}

static uint32_t read_sector(struct lathe_emulator *e, struct lathe_cmd *c,
			    uint32_t lba, uint8_t mode)
{
	uint8_t *sector = e->scratch;
	uint32_t from, to, done, sense;

	if (mode_at(emu_disc(e), lba) != mode)
		return EMU_ILLEGAL_MODE;
	sense = lathep_emu_read_blocks(e, lba, 1, sector +
				       (mode == 2 ? FORM_1_USER_AT
						  : MODE_1_USER_AT), &done);
	if (sense)
		return sense;
	frame(sector, lba, mode);
	chosen(c->cdb[9], mode, &from, &to);
	if (to - from > c->data_len - c->moved)
		to = from + c->data_len - c->moved;
	memcpy(c->data + c->moved, sector + from, to - from);
	c->moved += to - from;
	return EMU_GOOD;
}

uint32_t lathep_emu_read_cd(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t lba, count, from, to, i, done, sense = EMU_GOOD;
	uint8_t mode;

	if (!emu_is_cd(emu_disc(e)->media))
		return EMU_CANNOT_READ;
	lathep_emu_cdb_range(c->cdb, &lba, &count);
	mode = mode_at(emu_disc(e), lba);
	/* No C2 error flags, no sub-channel. */
	if (c->to_drive || c->cdb[10] & 7 || c->cdb[9] & 6 ||
	    !chosen(c->cdb[9], mode, &from, &to))
		return EMU_BAD_FIELD;
	if (!type_fits(c->cdb[1] >> 2 & 7, mode))
		return EMU_ILLEGAL_MODE;
	lathep_emu_read_time(e, count);
	if (from == to)
		return lathep_emu_read_blocks(e, lba, count, NULL, &done);
	for (i = 0; i < count && c->moved < c->data_len && !sense; i++)
		sense = read_sector(e, c, lba + i, mode);
	if (e->corrupt && c->moved)
		c->data[c->moved / 2] ^= 0x10;
	return sense;
}
