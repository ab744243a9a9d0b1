/* SPDX-License-Identifier: MIT */
/*
 * emu_features.c - GET CONFIGURATION, MMC-6 6.6: the features of a recorder
 * for CD, DVD and BD, and which of them are current with the disc that is in
 * it, as it is now. MMC-6 5.3.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

/* Profiles as bits, so that a row can name those it goes with. */
enum {
	CD_R = 1u << 0,
	CD_RW = 1u << 1,
	DVD_R = 1u << 2,
	DVD_R_DL = 1u << 3,
	DVD_RW = 1u << 4,
	DVD_RW_RO = 1u << 5,	/* restricted overwrite */
	DVD_RAM = 1u << 6,
	DVD_PLUS_R = 1u << 7,
	DVD_PLUS_R_DL = 1u << 8,
	DVD_PLUS_RW = 1u << 9,
	BD_R = 1u << 10,
	BD_RE = 1u << 11,

	CDS = CD_R | CD_RW,
	MINUS = DVD_R | DVD_R_DL | DVD_RW,
	DVDS = MINUS | DVD_RW_RO | DVD_RAM | DVD_PLUS_R | DVD_PLUS_R_DL |
	       DVD_PLUS_RW,
	BDS = BD_R | BD_RE,
	ALL = CDS | DVDS | BDS
};

/* Newest first, as drives list them. What it only reads comes without a
 * bit: such discs are not to be had here. */
static const struct {
	uint16_t profile, bit;
} profiles[] = {
	{ 0x0043, BD_RE }, { 0x0041, BD_R }, { 0x0040, 0 },
	{ 0x002b, DVD_PLUS_R_DL }, { 0x001b, DVD_PLUS_R },
	{ 0x001a, DVD_PLUS_RW }, { 0x0015, DVD_R_DL }, { 0x0014, DVD_RW },
	{ 0x0013, DVD_RW_RO }, { 0x0012, DVD_RAM }, { 0x0011, DVD_R },
	{ 0x0010, 0 }, { 0x000a, CD_RW }, { 0x0009, CD_R }, { 0x0008, 0 }
};

/* Beside the profile: the state in which a feature is current. */
enum when {
	ALWAYS,		/* without a disc, too */
	PRESENT,
	READABLE,	/* READ CAPACITY tells of blocks */
	WRITABLE,	/* not final, or it can be erased */
	INCREMENTAL,	/* not blanked minimally: that allows DAO only */
	FORMATTED,	/* writing at random */
	FORMATTABLE,	/* READ FORMAT CAPACITIES has offers */
	SPARES,		/* defects are managed */
	OVERWRITABLE,	/* BD-R, pseudo-overwrite */
	NEVER
};

struct feature {
	uint16_t code;
	uint8_t version;	/* bits 5-2 */
	uint8_t persistent;
	uint8_t when;
	uint16_t with;		/* profiles */
	uint8_t len;		/* multiple of 4, MMC-6 5.2.2.3 */
	uint8_t payload[28];
};

/* Feature 0000h, the profile list, is made by put_profiles(). */
static const struct feature rows[] = {
	/* Core: ATAPI; DBE. */
	{ 0x0001, 2, 1, ALWAYS, ALL, 8, { 0, 0, 0, 2, 1, 0, 0, 0 } },
	/* Morphing: polled events only. */
	{ 0x0002, 1, 1, ALWAYS, ALL, 4, { 2, 0, 0, 0 } },
	/* Removable medium: tray, eject, lock. */
	{ 0x0003, 0, 1, ALWAYS, ALL, 4, { 0x29, 0, 0, 0 } },
	/* Random readable: 2048 bytes, blocking, error recovery page. */
	{ 0x0010, 0, 0, READABLE, ALL, 8, { 0, 0, 8, 0, 0, 1, 1, 0 } },
	/* Multi-read. */
	{ 0x001d, 0, 0, PRESENT, CDS, 0, { 0 } },
	/* CD read: no CD-TEXT, no C2. */
	{ 0x001e, 2, 0, PRESENT, CDS, 4, { 0, 0, 0, 0 } },
	/* DVD read: 110 minutes, DVD-R DL. */
	{ 0x001f, 1, 0, PRESENT, DVDS, 4, { 1, 0, 1, 0 } },
	/* Random writable: last LBA, 2048 bytes, blocking, error page. */
	{ 0x0020, 1, 0, FORMATTED, DVD_RAM | DVD_PLUS_RW | BD_RE, 12,
	  { 0, 0, 0, 0, 0, 0, 8, 0, 0, 1, 1, 0 } },
	/* Incremental streaming: data type 8, BUF, link size 16. */
	{ 0x0021, 3, 0, INCREMENTAL, MINUS, 8,
	  { 0x01, 0x00, 0x01, 1, 16, 0, 0, 0 } },
	/* Formattable: RENoSA, expansion, quick and full certification. */
	{ 0x0023, 1, 0, FORMATTABLE,
	  DVD_RW | DVD_RW_RO | DVD_RAM | DVD_PLUS_RW | BDS, 8,
	  { 0x0f, 0, 0, 0, 0, 0, 0, 0 } },
	/* Defect management: no supplementary spare areas. */
	{ 0x0024, 1, 0, SPARES, DVD_RAM | BDS, 4, { 0, 0, 0, 0 } },
	/* Write once, at random: for BD-R RRM, which is not offered. */
	{ 0x0025, 0, 0, NEVER, 0, 8, { 0, 0, 8, 0, 0, 32, 1, 0 } },
	/* Restricted overwrite. */
	{ 0x0026, 0, 0, PRESENT, DVD_RW_RO, 0, { 0 } },
	/* DVD+RW: write; no quick start, both kinds of close. */
	{ 0x002a, 0, 0, PRESENT, DVD_PLUS_RW, 4, { 1, 0, 0, 0 } },
	/* DVD+R: write. */
	{ 0x002b, 0, 0, PRESENT, DVD_PLUS_R, 4, { 1, 0, 0, 0 } },
	/* Rigid restricted overwrite: intermediate, blank. */
	{ 0x002c, 0, 0, PRESENT, DVD_RW_RO, 4, { 0x03, 0, 0, 0 } },
	/* CD TAO: BUF, test write, CD-RW; data types 8 and 10. */
	{ 0x002d, 2, 0, WRITABLE, CDS, 4, { 0x46, 0, 0x05, 0x00 } },
	/* CD mastering: BUF, SAO, test write, CD-RW; cue sheets of up to
	 * 3,200 bytes, see emu_cue_sheet.c. */
	{ 0x002e, 0, 0, WRITABLE, CDS, 4, { 0x66, 0x00, 0x0c, 0x80 } },
	/* DVD-R/-RW write: BUF, DL, test write, DVD-RW. */
	{ 0x002f, 2, 0, WRITABLE, MINUS, 4, { 0x4e, 0, 0, 0 } },
	/* CD-RW media write support: all sub-types. */
	{ 0x0037, 0, 0, PRESENT, CD_RW, 4, { 0, 0xff, 0, 0 } },
	/* BD-R pseudo-overwrite. */
	{ 0x0038, 0, 0, OVERWRITABLE, BD_R, 4, { 0, 0, 0, 0 } },
	/* DVD+RW DL: read only. */
	{ 0x003a, 0, 0, NEVER, 0, 4, { 0, 0, 0, 0 } },
	/* DVD+R DL: write. */
	{ 0x003b, 0, 0, PRESENT, DVD_PLUS_R_DL, 4, { 1, 0, 0, 0 } },
	/* BD read: versions of BD-RE, BD-R, BD-ROM, for classes 0 to 3. */
	{ 0x0040, 0, 0, PRESENT, BDS, 28,
	  { 0, 0, 0, 0, 0, 0, 0, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0x1e, 0, 0, 0, 0,
	    0, 0, 0, 0x1e } },
	/* BD write: versions of BD-RE and BD-R. */
	{ 0x0041, 0, 0, PRESENT, BDS, 20,
	  { 0, 0, 0, 0, 0, 0, 0, 0x1e, 0, 0, 0, 0, 0, 0, 0, 0x1e } },
	/* Power management. */
	{ 0x0100, 0, 1, ALWAYS, ALL, 0, { 0 } },
	/* Timeout. */
	{ 0x0105, 1, 1, ALWAYS, ALL, 4, { 0, 0, 0, 0 } },
	/* Real-time streaming: READ BUFFER CAPACITY, SET CD SPEED, mode page
	 * 2Ah, write speed descriptors; see put_payload(). */
	{ 0x0107, 4, 0, PRESENT, ALL, 4, { 0x1e, 0, 0, 0 } },
	/* Serial number. */
	{ 0x0108, 0, 1, ALWAYS, ALL, 8,
	  { 'L', '0', '0', '0', '0', '0', '0', '1' } }
};

static uint16_t current_profile(const struct lathe_emulator *e)
{
	return emu_has_disc(e) ? lathep_emu_profile(emu_disc(e)) : 0;
}

static uint16_t profile_bit(uint16_t profile)
{
	size_t i;

	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (profiles[i].profile == profile)
			return profiles[i].bit;
	return 0;
}

static bool is_current(const struct lathe_emulator *e, const struct feature *f)
{
	const struct emu_disc *disc;

	if (f->when == ALWAYS)
		return true;
	if (!emu_has_disc(e) || !(f->with & profile_bit(current_profile(e))))
		return false;
	disc = emu_disc(e);
	switch (f->when) {
	case READABLE:
		return lathep_emu_capacity(disc) != 0;
	case WRITABLE:
		return !disc->final || disc->media->erasable;
	case INCREMENTAL:
		return !disc->final && !disc->minimal;
	case FORMATTED:
		return disc->formatted != 0;
	case FORMATTABLE:
		return lathep_emu_formattable(disc);
	case SPARES:
		return disc->spares || disc->media->profile == 0x0012;
	case OVERWRITABLE:
		return disc->pow;
	default:
		return true;
	}
}

/* ---- the reply ---------------------------------------------------------- */

static uint8_t *put_profiles(const struct lathe_emulator *e, uint8_t *p)
{
	size_t i, n = sizeof(profiles) / sizeof(profiles[0]);

	memset(p, 0, 4 + 4 * n);
	p[2] = 0x03;	/* version 0, persistent, current */
	p[3] = (uint8_t)(4 * n);
	for (i = 0; i < n; i++) {
		lathe_put_be16(p + 4 + 4 * i, profiles[i].profile);
		p[6 + 4 * i] = profiles[i].profile == current_profile(e);
	}
	return p + 4 + 4 * n;
}

bool lathep_emu_streams(const struct lathe_emulator *e)
{
	return profile_bit(current_profile(e)) & (DVD_RAM | BD_RE | BD_R) &&
	       !emu_quirk(e, EMU_Q_NO_STREAMING);
}

/* What depends on the disc, where the feature is current. */
static void put_details(const struct lathe_emulator *e, uint16_t code,
			uint8_t *p)
{
	const struct emu_disc *disc = emu_disc(e);

	switch (code) {
	case 0x0010:
		p[5] = (uint8_t)disc->media->ecc_blocks;
		break;
	case 0x0020:
		lathe_put_be32(p, lathep_emu_capacity(disc) - 1);
		p[9] = (uint8_t)disc->media->ecc_blocks;
		break;
	case 0x0021:
		if (emu_quirk(e, EMU_Q_LINK_SIZE))
			p[4] = 7;
		break;
	case 0x0023:
		if (emu_quirk(e, EMU_Q_NO_QUICK_CERTIFY))
			p[0] &= 0xfd;
		break;
	case 0x0107:
		/* Writing without a check of each block can be chosen. */
		if (lathep_emu_streams(e))
			p[0] |= 1;
		break;
	default:
		break;
	}
}

static uint8_t *put_feature(const struct lathe_emulator *e,
			    const struct feature *f, uint8_t *p)
{
	bool current = is_current(e, f);

	lathe_put_be16(p, f->code);
	p[2] = (uint8_t)(f->version << 2 | f->persistent << 1 | current);
	p[3] = f->len;
	memcpy(p + 4, f->payload, f->len);
	if (current && f->when != ALWAYS)
		put_details(e, f->code, p + 4);
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
		p = put_profiles(e, p);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rt == 2 ? rows[i].code != start : rows[i].code < start)
			continue;
		if (rt == 1 && !is_current(e, &rows[i]))
			continue;
		p = put_feature(e, &rows[i], p);
	}
	lathe_put_be32(e->scratch, (uint32_t)(p - e->scratch) - 4);
	return lathep_emu_reply(c, e->scratch, (uint32_t)(p - e->scratch),
				lathe_get_be16(c->cdb + 7));
}
