/* SPDX-License-Identifier: MIT */
/*
 * strategy.c - the table of media. All that the engine knows of a kind of
 * disc stands in its row; nowhere else is a profile looked at.
 */
#include "mmc/mmc_internal.h"

/*
 * What a CD session costs in blocks (MMC-6 and Orange Book part II): a track
 * of 4 s at least, 2 run-out blocks behind it; a lead-out of 1:30 (first) or
 * 0:30 (later), the next lead-in of 1:00 and pre-gap of 0:02. The budget for
 * closing is 21 MiB for a disc's first session and 11 MiB for each later one.
 */
#define CD_COSTS(documented, physical)                                     \
	{                                                                  \
		.minimum_track = 300, .alignment = 1, .run_out = 2,        \
		.read_ahead_pad = 150, .closing_documented = (documented), \
		.closing_physical = (physical)                             \
	}

#define CD_RECORDABLE                                                   \
	.ask_invisible = true, .chunk_blocks = 16,                      \
	.first = CD_COSTS(10752, 11402), .later = CD_COSTS(5632, 6902), \
	.prepare = lathep_mmc_cd_tao_prepare,                           \
	.end_track = lathep_mmc_cd_tao_end_track,                       \
	.close = lathep_mmc_cd_tao_close

static const struct lathep_mmc_strategy table[] = {
	{ .profile = LATHE_MMC_PROFILE_NONE, .kind = LATHE_MMC_KIND_NONE },
	{ .profile = LATHE_MMC_PROFILE_CD_ROM, .kind = LATHE_MMC_KIND_CD_ROM },
	{ .profile = LATHE_MMC_PROFILE_CD_R,
	  .kind = LATHE_MMC_KIND_CD_R,
	  CD_RECORDABLE },
	{ .profile = LATHE_MMC_PROFILE_CD_RW,
	  .kind = LATHE_MMC_KIND_CD_RW,
	  .blankable = true,
	  CD_RECORDABLE },
};

static const struct lathep_mmc_strategy other = { .kind = LATHE_MMC_KIND_OTHER,
						  .ask_invisible = true };

const struct lathep_mmc_strategy *lathep_mmc_strategy(uint16_t profile)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].profile == profile)
			return &table[i];
	return &other;
}

int lathe_mmc_session_costs(enum lathe_mmc_kind kind, uint32_t sessions,
			    struct lathe_mmc_costs *out)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (table[i].kind != kind || !table[i].prepare)
			continue;
		*out = sessions == 0 ? table[i].first : table[i].later;
		return 0;
	}
	return LATHE_ERR_MEDIUM_TYPE;
}

int lathe_mmc_session_costs_at(enum lathe_mmc_kind kind, uint32_t sessions,
			       uint32_t end, struct lathe_mmc_costs *out)
{
	(void)end; /* no kind in the table has zones that grow */
	return lathe_mmc_session_costs(kind, sessions, out);
}

const char *lathe_mmc_kind_name(enum lathe_mmc_kind kind)
{
	static const char *const name[] = {
		[LATHE_MMC_KIND_NONE] = "none",
		[LATHE_MMC_KIND_CD_ROM] = "CD-ROM",
		[LATHE_MMC_KIND_CD_R] = "CD-R",
		[LATHE_MMC_KIND_CD_RW] = "CD-RW",
		[LATHE_MMC_KIND_DVD_ROM] = "DVD-ROM",
		[LATHE_MMC_KIND_DVD_R] = "DVD-R",
		[LATHE_MMC_KIND_DVD_R_DL] = "DVD-R DL",
		[LATHE_MMC_KIND_DVD_RW] = "DVD-RW",
		[LATHE_MMC_KIND_DVD_RW_OVERWRITE] = "DVD-RW overwrite",
		[LATHE_MMC_KIND_DVD_RAM] = "DVD-RAM",
		[LATHE_MMC_KIND_DVD_PLUS_R] = "DVD+R",
		[LATHE_MMC_KIND_DVD_PLUS_R_DL] = "DVD+R DL",
		[LATHE_MMC_KIND_DVD_PLUS_RW] = "DVD+RW",
		[LATHE_MMC_KIND_BD_ROM] = "BD-ROM",
		[LATHE_MMC_KIND_BD_R] = "BD-R",
		[LATHE_MMC_KIND_BD_RE] = "BD-RE",
		[LATHE_MMC_KIND_OTHER] = "other",
	};

	if ((size_t)kind >= sizeof(name) / sizeof(*name))
		return "other";
	return name[kind];
}

const char *lathe_mmc_status_name(enum lathe_mmc_status status)
{
	static const char *const name[] = {
		[LATHE_MMC_STATUS_NONE] = "none",
		[LATHE_MMC_STATUS_BLANK] = "blank",
		[LATHE_MMC_STATUS_APPENDABLE] = "appendable",
		[LATHE_MMC_STATUS_UNFINISHED] = "unfinished",
		[LATHE_MMC_STATUS_FINAL] = "final",
		[LATHE_MMC_STATUS_PACKET] = "packet",
		[LATHE_MMC_STATUS_DAMAGED] = "damaged",
		[LATHE_MMC_STATUS_UNFORMATTED] = "unformatted",
		[LATHE_MMC_STATUS_OVERWRITABLE] = "overwritable",
	};

	if ((size_t)status >= sizeof(name) / sizeof(*name))
		return "damaged";
	return name[status];
}
