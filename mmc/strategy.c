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

const char *lathe_mmc_kind_name(enum lathe_mmc_kind kind)
{
	switch (kind) {
	case LATHE_MMC_KIND_NONE:
		return "none";
	case LATHE_MMC_KIND_CD_ROM:
		return "CD-ROM";
	case LATHE_MMC_KIND_CD_R:
		return "CD-R";
	case LATHE_MMC_KIND_CD_RW:
		return "CD-RW";
	case LATHE_MMC_KIND_OTHER:
		break;
	}
	return "other";
}

const char *lathe_mmc_status_name(enum lathe_mmc_status status)
{
	switch (status) {
	case LATHE_MMC_STATUS_NONE:
		return "none";
	case LATHE_MMC_STATUS_BLANK:
		return "blank";
	case LATHE_MMC_STATUS_APPENDABLE:
		return "appendable";
	case LATHE_MMC_STATUS_UNFINISHED:
		return "unfinished";
	case LATHE_MMC_STATUS_FINAL:
		return "final";
	case LATHE_MMC_STATUS_PACKET:
		return "packet";
	case LATHE_MMC_STATUS_DAMAGED:
		break;
	}
	return "damaged";
}
