/* SPDX-License-Identifier: MIT */
/* emu_media.c - one row of data for each kind of disc. */
#include <string.h>

#include "mmc/emulator/emulator_internal.h"

/*
 * Zones of a CD, in blocks: lead-out 1:30 minutes behind the first session
 * and 0:30 behind later ones, lead-in 1:00, pre-gap 0:02 (Orange Book;
 * measured as lead-out to next programme area, 11,400 and 6,900).
 */
#define CD_ZONES                                                               \
	.ecc_blocks = 1, .min_track = 300, .run_out = 2, .pre_gap = 150,       \
	.lead_in = 4500, .lead_out_first = 6750, .lead_out_next = 2250,        \
	.max_tracks = EMU_TRACKS_MAX

/* TAO with audio, mode 1 and mode 2 form 1 blocks, as page 05h has them; see
 * emu_mode.c. A WRITE of audio is refused: see emu_write.c. */
#define CD_WRITING                                                             \
	.write_types = 1u << 1, .block_types = 1u << 0 | 1u << 8 | 1u << 10

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
