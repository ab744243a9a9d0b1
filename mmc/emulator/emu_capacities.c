/* SPDX-License-Identifier: MIT */
/*
 * emu_capacities.c - READ FORMAT CAPACITIES, MMC-6 6.23: the size a disc has,
 * and the formats that can be made of it, which FORMAT UNIT asks here for.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define OFFERS_MAX 5u
#define ALL_BLOCKS 0xffffffffu	/* DVD+RW: as far as the disc goes */

/* A format of a DVD-RW leaves its last 608 blocks out: measured. */
#define DVD_RW_LEFT_OUT 608u

/* The sizes FORMAT UNIT may ask for beside the offered one. */
enum sizes {
	EXACT,
	UP_TO,		/* in whole ECC blocks, not 0 */
	UP_TO_OR_NONE,	/* or 0: nothing is formatted ahead */
	ANY_SPARES	/* BD: from the smallest to the largest offer */
};

struct offer {
	uint8_t type;
	uint32_t blocks, parameter;
	uint8_t sizes;
	uint8_t subtypes;	/* bit n: sub-type n, MMC-6 table 246 */
};

static uint32_t add(struct offer *out, uint32_t n, uint8_t type,
		    uint32_t blocks, uint32_t parameter, uint8_t sizes,
		    uint8_t subtypes)
{
	out[n].type = type;
	out[n].blocks = blocks;
	out[n].parameter = parameter;
	out[n].sizes = sizes;
	out[n].subtypes = subtypes;
	return n + 1;
}

static uint32_t whole_ecc(const struct emu_disc *disc, uint32_t blocks)
{
	return blocks - blocks % disc->media->ecc_blocks;
}

/* Full, quick, and quick grow at the end of what is formatted; the parameter
 * is the ECC block's size. */
static uint32_t dvd_rw_offers(const struct emu_disc *disc, struct offer *out)
{
	uint32_t full = disc->limit, n = 0;

	if (full > 2 * DVD_RW_LEFT_OUT)
		full -= DVD_RW_LEFT_OUT;
	full = whole_ecc(disc, full);
	n = add(out, n, 0x00, full, 16, EXACT, 1);
	n = add(out, n, 0x10, full, 16, UP_TO, 1);
	n = add(out, n, 0x15, full, 16, UP_TO_OR_NONE, 1);
	if (lathep_emu_way(disc) == EMU_WAY_RESTRICTED &&
	    full > disc->formatted)
		n = add(out, n, 0x13, full - disc->formatted, 16,
			UP_TO_OR_NONE, 1);
	return n;
}

static uint32_t dvd_ram_offers(const struct emu_disc *disc, struct offer *out)
{
	uint32_t n = add(out, 0, 0x00, disc->limit, 2048, EXACT, 1);

	return disc->formatted ? add(out, n, 0x01, disc->limit, 2048, EXACT, 1)
			       : n;
}

/*
 * BD: default, most and fewest spares, in clusters as the parameter says
 * them: 12,288, 20,480 and 4,096 for each layer (the sizes were measured on
 * single-layer discs). A disc that a test made small has smaller ones.
 */
static uint32_t bd_spares(const struct emu_disc *disc, uint32_t steps)
{
	uint32_t step = disc->media->spares / 3;

	if (step * 5 >= disc->limit / 2)
		step = whole_ecc(disc, disc->limit / 16);
	return step * steps;
}

static uint32_t add_bd(const struct emu_disc *disc, struct offer *out,
		       uint32_t n, uint8_t type, uint32_t steps,
		       uint8_t subtypes)
{
	uint32_t spares = bd_spares(disc, steps);

	return add(out, n, type, disc->limit - spares, spares / 32,
		   type ? ANY_SPARES : EXACT, subtypes);
}

/* Sub-types: 0 with pseudo-overwrite, 1 sequential only. Random recording, 2
 * of type 00h, is not offered. */
static uint32_t bd_r_offers(const struct emu_disc *disc, struct offer *out)
{
	uint32_t n = 0;

	if (disc->formatted || disc->tracks)
		return 0;
	n = add_bd(disc, out, n, 0x00, 3, 1u << 0 | 1u << 1);
	n = add_bd(disc, out, n, 0x32, 3, 1u << 0 | 1u << 1);
	n = add_bd(disc, out, n, 0x32, 5, 1u << 0 | 1u << 1);
	return add_bd(disc, out, n, 0x32, 1, 1u << 0 | 1u << 1);
}

/* Sub-types: 0 quick reformat, 1 not certified, 2 certified, 3 certified
 * quickly. */
static uint32_t bd_re_offers(const struct emu_disc *disc, struct offer *out)
{
	uint32_t n = 0;

	n = add_bd(disc, out, n, 0x00, 3, 1u << 0);
	n = add_bd(disc, out, n, 0x30, 3, 1u << 0 | 1u << 2 | 1u << 3);
	n = add_bd(disc, out, n, 0x30, 5, 1u << 0 | 1u << 2 | 1u << 3);
	n = add_bd(disc, out, n, 0x30, 1, 1u << 0 | 1u << 2 | 1u << 3);
	return add(out, n, 0x31, disc->limit, 0, EXACT, 1u << 0 | 1u << 1);
}

/* What can be made of the disc as it is; returns how many. */
static uint32_t offers_of(const struct emu_disc *disc,
			  struct offer out[OFFERS_MAX])
{
	switch (disc->media->profile) {
	case 0x0012:
		return dvd_ram_offers(disc, out);
	case 0x0014:
		return dvd_rw_offers(disc, out);
	case 0x001a:
		return add(out, 0, 0x26, disc->limit, 0, EXACT, 1);
	case 0x0041:
		return bd_r_offers(disc, out);
	case 0x0043:
		return bd_re_offers(disc, out);
	default:
		return 0;
	}
}

bool lathep_emu_formattable(const struct emu_disc *disc)
{
	struct offer offers[OFFERS_MAX];

	return offers_of(disc, offers) != 0;
}

/* ---- what FORMAT UNIT may do -------------------------------------------- */

static bool size_fits(const struct emu_disc *disc, const struct offer *offer,
		      uint32_t blocks)
{
	uint32_t most = offer->blocks;

	switch (offer->sizes) {
	case UP_TO:
		return blocks && blocks <= most &&
		       whole_ecc(disc, blocks) == blocks;
	case UP_TO_OR_NONE:
		return blocks <= most && whole_ecc(disc, blocks) == blocks;
	case ANY_SPARES:
		return blocks >= disc->limit - bd_spares(disc, 5) &&
		       blocks <= disc->limit - bd_spares(disc, 1) &&
		       whole_ecc(disc, blocks) == blocks;
	default:
		return blocks == most;
	}
}

bool lathep_emu_format_fits(const struct lathe_emulator *e, uint8_t type,
			    uint8_t subtype, uint32_t *blocks)
{
	const struct emu_disc *disc = emu_disc(e);
	struct offer offers[OFFERS_MAX];
	uint32_t n = offers_of(disc, offers), i;

	if (type == 0x26 && *blocks == ALL_BLOCKS)
		*blocks = disc->limit;
	if (subtype == 3 && emu_quirk(e, EMU_Q_NO_QUICK_CERTIFY))
		return false;
	for (i = 0; i < n; i++)
		if (offers[i].type == type &&
		    offers[i].subtypes >> subtype & 1 &&
		    size_fits(disc, &offers[i], *blocks))
			return true;
	return false;
}

/* ---- the command -------------------------------------------------------- */

enum { UNFORMATTED = 1, FORMATTED, UNKNOWN };

/* Current or maximum capacity, MMC-6 table 460. */
static uint8_t capacity(const struct emu_disc *disc, uint32_t *blocks)
{
	if (lathep_emu_way(disc) == EMU_WAY_RESTRICTED && disc->intermediate) {
		*blocks = disc->limit;
		return UNKNOWN;
	}
	*blocks = disc->formatted ? disc->formatted
				  : lathep_emu_capacity(disc);
	if (*blocks)
		return FORMATTED;
	*blocks = disc->limit;
	return UNFORMATTED;
}

static uint8_t *put_descriptor(uint8_t *p, uint32_t blocks, uint8_t type,
			       uint32_t parameter)
{
	lathe_put_be32(p, blocks);
	p[4] = type;
	lathe_put_be24(p + 5, parameter);
	return p + 8;
}

uint32_t lathep_emu_format_capacities(struct lathe_emulator *e,
				      struct lathe_cmd *c)
{
	struct offer offers[OFFERS_MAX];
	uint8_t *p = e->scratch + 4, type = UNKNOWN;
	uint32_t blocks = 0, n = 0, i;

	memset(e->scratch, 0, 4);
	if (emu_has_disc(e)) {
		type = capacity(emu_disc(e), &blocks);
		n = offers_of(emu_disc(e), offers);
	}
	p = put_descriptor(p, blocks, type, LATHE_BLOCK_BYTES);
	for (i = 0; i < n; i++)
		p = put_descriptor(p, offers[i].blocks,
				   (uint8_t)(offers[i].type << 2),
				   offers[i].parameter);
	e->scratch[3] = (uint8_t)(p - e->scratch - 4);
	return lathep_emu_reply(c, e->scratch, (uint32_t)(p - e->scratch),
				lathe_get_be16(c->cdb + 7));
}
