/* SPDX-License-Identifier: MIT */
/* emu_media.c - one row of data for each kind of disc. */
#include <string.h>

#include "mmc/emulator/emu_disc.h"

/*
 * Zones of a CD, in blocks: lead-out 1:30 minutes behind the first session
 * and 0:30 behind later ones, lead-in 1:00, pre-gap 0:02 (Orange Book;
 * measured as lead-out to next programme area, 11,400 and 6,900).
 */
#define CD_ZONES                                                               \
	.ecc_blocks = 1, .min_track = 300, .run_out = 2, .pre_gap = 150,       \
	.lead_in = 4500, .lead_out_first = 6750, .lead_out_next = 2250,        \
	.max_tracks = 99, .max_sessions = 99, .max_reserved = 99,              \
	.layers = 1, .speed_1x = 176400

/* TAO and SAO with audio, mode 1 and mode 2 form 1 blocks, as page 05h has
 * them; see emu_mode.c. A WRITE of audio is refused: see emu_write.c. */
#define CD_WRITING                                                             \
	.way = EMU_WAY_CD,                                                     \
	.write_types = 1u << 1 | 1u << 2,                                      \
	.block_types = 1u << 0 | 1u << 8 | 1u << 10

/* Border zones of DVD-R grow with the radius: emu_zones.c. */
#define DVD                                                                    \
	.ecc_blocks = 16, .speed_1x = 1385000

#define DVD_R_WRITING                                                          \
	.way = EMU_WAY_DVD_R,                                                  \
	.max_tracks = EMU_TRACKS_MAX, .max_sessions = 300,                     \
	.max_reserved = EMU_TRACKS_MAX,                                        \
	.write_types = 1u << 0 | 1u << 2, .block_types = 1u << 8

/* Page 05h is taken and means nothing. */
#define ANY_PAGE_05                                                            \
	.write_types = 1u << 0 | 1u << 1 | 1u << 2,                            \
	.block_types = 1u << 0 | 1u << 8 | 1u << 10

/* Sessions of one logical track, into which up to 16 fragments merge. */
#define DVD_PLUS_R_WRITING                                                     \
	.way = EMU_WAY_DVD_PLUS_R, ANY_PAGE_05,                                \
	.max_tracks = EMU_TRACKS_MAX, .max_reserved = 16

#define BD                                                                     \
	.ecc_blocks = 32, .speed_1x = 4495500, ANY_PAGE_05,                    \
	.max_tracks = EMU_TRACKS_MAX, .max_sessions = 400,                     \
	.max_reserved = 16

/* One track, one session, for ever. */
#define RANDOM                                                                 \
	.way = EMU_WAY_RANDOM, .erasable = true

static const struct emu_media rows[LATHE_EMULATOR_MEDIA_COUNT] = {
	[LATHE_EMULATOR_CD_R_74] = {
		.name = "cd-r-74", .profile = 0x0009, .limit = 333000,
		.lead_in_msf = { 97, 26, 66 }, .max_write_kb = 7056,
		CD_ZONES, CD_WRITING
	},
	[LATHE_EMULATOR_CD_R_80] = {
		.name = "cd-r-80", .profile = 0x0009, .limit = 359845,
		.lead_in_msf = { 97, 26, 66 }, .max_write_kb = 8467,
		CD_ZONES, CD_WRITING
	},
	[LATHE_EMULATOR_CD_RW] = {
		.name = "cd-rw", .profile = 0x000a, .limit = 359845,
		.lead_in_msf = { 97, 34, 23 }, .max_write_kb = 1764,
		.erasable = true, CD_ZONES, CD_WRITING
	},
	[LATHE_EMULATOR_DVD_R] = {
		.name = "dvd-r", .profile = 0x0011, .limit = 2298496,
		.layers = 1, .max_write_kb = 22160, DVD, DVD_R_WRITING
	},
	[LATHE_EMULATOR_DVD_R_DL] = {
		.name = "dvd-r-dl", .profile = 0x0015, .limit = 4171712,
		.layers = 2, .max_write_kb = 11080, DVD, DVD_R_WRITING
	},
	[LATHE_EMULATOR_DVD_RW] = {
		.name = "dvd-rw", .profile = 0x0014, .limit = 2298496,
		.layers = 1, .max_write_kb = 8310, .erasable = true,
		DVD, DVD_R_WRITING
	},
	[LATHE_EMULATOR_DVD_RW_OW] = {
		.name = "dvd-rw-ow", .profile = 0x0014, .limit = 2298496,
		.formatted = 2297888, .layers = 1, .max_write_kb = 8310,
		.erasable = true, DVD, DVD_R_WRITING
	},
	[LATHE_EMULATOR_DVD_PLUS_R] = {
		.name = "dvd+r", .profile = 0x001b, .limit = 2295104,
		.layers = 1, .max_write_kb = 22160, .max_sessions = 153,
		DVD, DVD_PLUS_R_WRITING
	},
	[LATHE_EMULATOR_DVD_PLUS_R_DL] = {
		.name = "dvd+r-dl", .profile = 0x002b, .limit = 4173824,
		.layers = 2, .max_write_kb = 11080, .max_sessions = 127,
		DVD, DVD_PLUS_R_WRITING
	},
	[LATHE_EMULATOR_DVD_PLUS_RW] = {
		.name = "dvd+rw", .profile = 0x001a, .limit = 2295104,
		.layers = 1, .max_write_kb = 11080, DVD, RANDOM, ANY_PAGE_05
	},
	[LATHE_EMULATOR_DVD_RAM] = {
		.name = "dvd-ram", .profile = 0x0012, .limit = 2236704,
		.formatted = 2236704, .layers = 1, .max_write_kb = 6925,
		DVD, RANDOM, ANY_PAGE_05
	},
	[LATHE_EMULATOR_BD_R] = {
		.name = "bd-r", .profile = 0x0041, .limit = 12219392,
		.spares = 393216, .layers = 1, .max_write_kb = 53946,
		.way = EMU_WAY_BD_R, BD
	},
	[LATHE_EMULATOR_BD_R_DL] = {
		.name = "bd-r-dl", .profile = 0x0041, .limit = 24438784,
		.spares = 786432, .layers = 2, .max_write_kb = 35964,
		.way = EMU_WAY_BD_R, BD
	},
	[LATHE_EMULATOR_BD_R_TL] = {
		.name = "bd-r-tl", .profile = 0x0041, .limit = 48878592,
		.spares = 1179648, .layers = 3, .max_write_kb = 17982,
		.way = EMU_WAY_BD_R, BD
	},
	[LATHE_EMULATOR_BD_R_QL] = {
		.name = "bd-r-ql", .profile = 0x0041, .limit = 62500864,
		.spares = 1572864, .layers = 4, .max_write_kb = 17982,
		.way = EMU_WAY_BD_R, BD
	},
	[LATHE_EMULATOR_BD_RE] = {
		.name = "bd-re", .profile = 0x0043, .limit = 12219392,
		.spares = 393216, .layers = 1, .max_write_kb = 8991,
		RANDOM, BD
	},
	[LATHE_EMULATOR_BD_RE_DL] = {
		.name = "bd-re-dl", .profile = 0x0043, .limit = 24438784,
		.spares = 786432, .layers = 2, .max_write_kb = 8991,
		RANDOM, BD
	}
};

const struct emu_media *lathep_emu_media(enum lathe_emulator_media media)
{
	return &rows[media];
}

const char *lathe_emulator_media_name(enum lathe_emulator_media media)
{
	if ((unsigned)media >= LATHE_EMULATOR_MEDIA_COUNT)
		return NULL;
	return rows[media].name;
}

int lathe_emulator_media_find(const char *name, enum lathe_emulator_media *out)
{
	unsigned i;

	for (i = 0; i < LATHE_EMULATOR_MEDIA_COUNT; i++)
		if (!strcmp(rows[i].name, name)) {
			*out = (enum lathe_emulator_media)i;
			return 0;
		}
	return LATHE_ERR_NOT_FOUND;
}
