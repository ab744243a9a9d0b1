/* SPDX-License-Identifier: MIT */
/*
 * strategy.c - the table of media. All that the engine knows of a kind of
 * disc stands in its row; nowhere else is a profile looked at.
 */
#include "mmc/mmc_strategy.h"

/* ---- what a session costs ----------------------------------------------- */

/*
 * Blocks from the end of a session to where the next one may start, and the
 * budget for them. CD (MMC-6 and Orange Book part II): 2 run-out blocks, a
 * lead-out of 1:30 (first) or 0:30 (later), the next lead-in of 1:00 and
 * pre-gap of 0:02; the budget is 21 MiB for a disc's first session and 11 MiB
 * for each later one. DVD+R: closure and intro zone. DVD-R: 16 blocks of
 * linking, border-out and the next border-in, which grow with the radius.
 */
static const struct lathep_mmc_zone cd_zones[] = {
	{ UINT32_MAX, { 10752, 5632 }, { 11402, 6902 } }
};
static const struct lathep_mmc_zone dvd_r_zones[] = {
	{ 0xb2600 - 0x30000, { 28688, 6160 }, { 28688, 6160 } },
	{ 0x165700 - 0x30000, { 37904, 7696 }, { 37904, 7696 } },
	{ UINT32_MAX, { 47120, 9232 }, { 47120, 9232 } }
};
static const struct lathep_mmc_zone dvd_plus_r_zones[] = {
	{ UINT32_MAX, { 2048, 2048 }, { 2048, 2048 } }
};
static const struct lathep_mmc_zone no_zones[] = { { UINT32_MAX, { 0, 0 },
						      { 0, 0 } } };

/* ---- the table ---------------------------------------------------------- */

/* Read only, as far as we know. */
#define READ_ONLY(what, ecc_blocks)                                      \
	{                                                                \
		.profile = LATHE_MMC_PROFILE_##what,                     \
		.kind = LATHE_MMC_KIND_##what, .alignment = (ecc_blocks), \
		.zones = no_zones                                        \
	}

#define CD                                                                 \
	.single_speed = 176400, .chunk_blocks = 16, .alignment = 1,        \
	.minimum_track = 300, .run_out = 2, .read_ahead_pad = 150,         \
	.zones = cd_zones, .usual = &lathep_mmc_cd_tao,                    \
	.at_once = &lathep_mmc_cd_sao
#define DVD                                                                \
	.single_speed = 1385000, .chunk_blocks = 16, .alignment = 16,      \
	.minimum_track = 16
#define BD                                                                 \
	.single_speed = 4495500, .chunk_blocks = 32, .alignment = 32,      \
	.minimum_track = 32

static const struct lathep_mmc_strategy table[] = {
	READ_ONLY(NONE, 0),
	{ .profile = LATHE_MMC_PROFILE_CD_ROM,
	  .kind = LATHE_MMC_KIND_CD_ROM,
	  .flags = LATHEP_MMC_TOC_IS_TRUE,
	  .alignment = 1,
	  .zones = no_zones },
	READ_ONLY(DVD_ROM, 16),
	READ_ONLY(BD_ROM, 32),
	{ .profile = LATHE_MMC_PROFILE_CD_R,
	  .kind = LATHE_MMC_KIND_CD_R,
	  .flags = LATHEP_MMC_ASK_INVISIBLE | LATHEP_MMC_TOC_IS_TRUE,
	  CD },
	{ .profile = LATHE_MMC_PROFILE_CD_RW,
	  .kind = LATHE_MMC_KIND_CD_RW,
	  .flags = LATHEP_MMC_ASK_INVISIBLE | LATHEP_MMC_TOC_IS_TRUE |
		   LATHEP_MMC_BLANKABLE | LATHEP_MMC_MAY_HOLD_PACKETS,
	  CD },
	{ .profile = LATHE_MMC_PROFILE_DVD_R,
	  .kind = LATHE_MMC_KIND_DVD_R,
	  DVD,
	  .zones = dvd_r_zones,
	  .usual = &lathep_mmc_dvd_r_incremental,
	  .at_once = &lathep_mmc_dvd_r_at_once },
	{ .profile = LATHE_MMC_PROFILE_DVD_R_DL,
	  .kind = LATHE_MMC_KIND_DVD_R_DL,
	  .flags = LATHEP_MMC_SINGLE_SESSION,
	  DVD,
	  .zones = dvd_r_zones,
	  .usual = &lathep_mmc_dvd_r_incremental,
	  .at_once = &lathep_mmc_dvd_r_at_once },
	{ .profile = LATHE_MMC_PROFILE_DVD_R_DL_JUMP,
	  .kind = LATHE_MMC_KIND_DVD_R_DL,
	  .alignment = 16,
	  .refusal = "layer jump recording (profile 16h) is not supported",
	  .zones = no_zones },
	{ .profile = LATHE_MMC_PROFILE_DVD_RW,
	  .kind = LATHE_MMC_KIND_DVD_RW,
	  .formats = &lathep_mmc_dvd_rw_formats,
	  .flags = LATHEP_MMC_BLANKABLE | LATHEP_MMC_BLANK_FULLY,
	  DVD,
	  .zones = dvd_r_zones,
	  .usual = &lathep_mmc_dvd_r_incremental,
	  .at_once = &lathep_mmc_dvd_r_at_once },
	{ .profile = LATHE_MMC_PROFILE_DVD_RW_OVERWRITE,
	  .kind = LATHE_MMC_KIND_DVD_RW_OVERWRITE,
	  .formats = &lathep_mmc_dvd_rw_formats,
	  .flags = LATHEP_MMC_OVERWRITABLE |
		   LATHEP_MMC_ALWAYS_FORMATTED | LATHEP_MMC_BLANKABLE |
		   LATHEP_MMC_BLANK_FULLY,
	  DVD,
	  .zones = no_zones,
	  .usual = &lathep_mmc_dvd_rw_overwrite },
	{ .profile = LATHE_MMC_PROFILE_DVD_RAM,
	  .kind = LATHE_MMC_KIND_DVD_RAM,
	  .formats = &lathep_mmc_dvd_ram_formats,
	  .flags = LATHEP_MMC_OVERWRITABLE | LATHEP_MMC_MANAGES_DEFECTS,
	  DVD,
	  .zones = no_zones,
	  .usual = &lathep_mmc_random },
	{ .profile = LATHE_MMC_PROFILE_DVD_PLUS_RW,
	  .kind = LATHE_MMC_KIND_DVD_PLUS_RW,
	  .formats = &lathep_mmc_dvd_plus_rw_formats,
	  .flags = LATHEP_MMC_OVERWRITABLE,
	  DVD,
	  .zones = no_zones,
	  .usual = &lathep_mmc_dvd_plus_rw },
	{ .profile = LATHE_MMC_PROFILE_DVD_PLUS_R,
	  .kind = LATHE_MMC_KIND_DVD_PLUS_R,
	  .flags = LATHEP_MMC_ASK_INVISIBLE,
	  DVD,
	  .zones = dvd_plus_r_zones,
	  .usual = &lathep_mmc_dvd_plus_r },
	{ .profile = LATHE_MMC_PROFILE_DVD_PLUS_R_DL,
	  .kind = LATHE_MMC_KIND_DVD_PLUS_R_DL,
	  .flags = LATHEP_MMC_ASK_INVISIBLE | LATHEP_MMC_LAYER_BREAK,
	  DVD,
	  .zones = dvd_plus_r_zones,
	  .usual = &lathep_mmc_dvd_plus_r },
	{ .profile = LATHE_MMC_PROFILE_BD_R,
	  .kind = LATHE_MMC_KIND_BD_R,
	  .formats = &lathep_mmc_bd_r_formats,
	  .flags = LATHEP_MMC_EMPTY_IS_BLANK | LATHEP_MMC_MANAGES_DEFECTS,
	  BD,
	  .zones = no_zones,
	  .usual = &lathep_mmc_bd_r },
	{ .profile = LATHE_MMC_PROFILE_BD_R_RANDOM,
	  .kind = LATHE_MMC_KIND_BD_R,
	  .alignment = 32,
	  .refusal = "random recording mode (RRM) of BD-R is not supported",
	  .zones = no_zones },
	{ .profile = LATHE_MMC_PROFILE_BD_RE,
	  .kind = LATHE_MMC_KIND_BD_RE,
	  .formats = &lathep_mmc_bd_re_formats,
	  .flags = LATHEP_MMC_OVERWRITABLE | LATHEP_MMC_MANAGES_DEFECTS,
	  BD,
	  .zones = no_zones,
	  .usual = &lathep_mmc_random },
};

static const struct lathep_mmc_strategy other = {
	.kind = LATHE_MMC_KIND_OTHER,
	.flags = LATHEP_MMC_ASK_INVISIBLE,
	.zones = no_zones
};

const struct lathep_mmc_strategy *lathep_mmc_strategy(uint16_t profile)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].profile == profile)
			return &table[i];
	return &other;
}

int lathe_mmc_session_costs_at(enum lathe_mmc_kind kind, uint32_t sessions,
			       uint32_t end, struct lathe_mmc_costs *out)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct lathep_mmc_strategy *s = &table[i];
		const struct lathep_mmc_zone *zone = s->zones;

		if (s->kind != kind || !s->usual)
			continue;
		while (end >= zone->end && zone->end != UINT32_MAX)
			zone++;
		out->minimum_track = s->minimum_track;
		out->alignment = s->alignment;
		out->run_out = s->run_out;
		out->read_ahead_pad = s->read_ahead_pad;
		out->closing_documented = zone->documented[sessions > 0];
		out->closing_physical = zone->physical[sessions > 0];
		return 0;
	}
	return LATHE_ERR_MEDIUM_TYPE;
}

int lathe_mmc_session_costs(enum lathe_mmc_kind kind, uint32_t sessions,
			    struct lathe_mmc_costs *out)
{
	return lathe_mmc_session_costs_at(kind, sessions, 0, out);
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
