/* SPDX-License-Identifier: MIT */
/*
 * mmc_strategy.h - how each kind of medium is recorded, formatted and erased.
 */
#ifndef LATHEP_MMC_STRATEGY_H
#define LATHEP_MMC_STRATEGY_H

#include "mmc/mmc_internal.h"

/* ---- strategy.c --------------------------------------------------------- */

/* How one recording is made. */
struct lathep_mmc_job {
	const struct lathep_mmc_strategy *medium;
	/* The disc as it was read, and the wish; NULL when only closing. */
	const struct lathe_mmc_medium *disc;
	const struct lathe_mmc_recording *how;
	const struct lathe_mmc_disc_info *info;	/* of just now */
	bool simulate;
	bool final;
	uint8_t data_mode;	/* 1 or 2 */
	bool calibrate;		/* the disc knows no power calibration */

	/* What 'prepare' finds, where the drive is not asked for the next
	 * writable address. */
	uint32_t start;
	uint32_t lead_blocks;	/* zeros before the first one: a pre-gap */
};

enum lathep_mmc_way_flag {
	/* The drive says where it goes on; else 'prepare' chooses. */
	LATHEP_MMC_ASKS_NEXT = 1,
	/* A part of a track may be flushed without ending it. */
	LATHEP_MMC_FLUSHES = 2,
	/* Nothing but a final disc can be made. */
	LATHEP_MMC_ONLY_FINAL = 4,
	/* A disc whose last session is closed can be made final. */
	LATHEP_MMC_FINISHES = 8,
	/* A WRITE takes whole ECC blocks: fixed packets. */
	LATHEP_MMC_WHOLE_PACKETS = 16
};

/* A way to record; some media know two. */
struct lathep_mmc_way {
	unsigned flags;		/* enum lathep_mmc_way_flag */
	uint64_t any;		/* features of which one has to be current */
	uint64_t all;		/* and all of these */
	uint64_t test;		/* that may announce a test write */

	/* Before the first WRITE. */
	int (*prepare)(struct lathe_mmc *mmc, struct lathep_mmc_job *job);
	/* Behind the last WRITE. */
	int (*end_track)(struct lathe_mmc *mmc);
	/* Close the last session; 'open_track' 0 if there is none. NULL: the
	 * end of the track has closed it, or there is nothing to close. */
	int (*close)(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		     uint32_t open_track);
};

extern const struct lathep_mmc_way lathep_mmc_cd_tao, lathep_mmc_cd_sao,
	lathep_mmc_dvd_r_incremental, lathep_mmc_dvd_r_at_once,
	lathep_mmc_dvd_plus_r, lathep_mmc_bd_r, lathep_mmc_dvd_rw_overwrite,
	lathep_mmc_dvd_plus_rw, lathep_mmc_random;

/* What lies between sessions, for a session that ends before 'end'; [0] is
 * that behind the disc's first session, [1] behind a later one. */
struct lathep_mmc_zone {
	uint32_t end;		/* UINT32_MAX in the last one */
	uint32_t documented[2], physical[2];
};

enum lathep_mmc_medium_flag {
	LATHEP_MMC_ASK_INVISIBLE = 1,	/* NWA: track FFh first, else the last
					 * one */
	LATHEP_MMC_TOC_IS_TRUE = 2,	/* elsewhere it is made up by drives */
	LATHEP_MMC_BLANKABLE = 4,
	LATHEP_MMC_BLANK_FULLY = 8,	/* else it loses abilities */
	LATHEP_MMC_MAY_HOLD_PACKETS = 16,
	LATHEP_MMC_SINGLE_SESSION = 32,
	LATHEP_MMC_OVERWRITABLE = 64,
	LATHEP_MMC_MANAGES_DEFECTS = 128,
	LATHEP_MMC_EMPTY_IS_BLANK = 256, /* though it says "appendable" */
	LATHEP_MMC_LAYER_BREAK = 512,	/* can be chosen */
	LATHEP_MMC_ALWAYS_FORMATTED = 1024 /* by its profile */
};

/* A row of the table: one profile. */
struct lathep_mmc_strategy {
	uint16_t profile;
	uint16_t flags;		/* enum lathep_mmc_medium_flag */
	uint8_t kind;		/* enum lathe_mmc_kind */
	uint8_t chunk_blocks;
	uint8_t alignment;	/* an ECC block */
	uint8_t run_out, read_ahead_pad;
	uint16_t minimum_track;
	uint32_t single_speed;	/* 1x, bytes/s */
	const struct lathep_mmc_zone *zones;
	const struct lathep_mmc_way *usual;	/* NULL: not recorded */
	const struct lathep_mmc_way *at_once;	/* NULL: there is no such way */
	const struct lathep_mmc_formats *formats; /* NULL: not formatted */
	const char *refusal;	/* why it is not recorded, NULL: no word */
};

/* The row of a profile; one without any way where there is none. */
const struct lathep_mmc_strategy *lathep_mmc_strategy(uint16_t profile);

static inline bool lathep_mmc_is(const struct lathep_mmc_strategy *medium,
				 enum lathep_mmc_medium_flag flag)
{
	return (medium->flags & flag) != 0;
}

/* ---- begin_track.c ------------------------------------------------------ */

/* LATHE_ERR_UNSUPPORTED where a command is too small for what 'way' writes. */
int lathep_mmc_check_packet(struct lathe_mmc *mmc,
			    const struct lathep_mmc_way *way);

/* ---- strategy_steps.c --------------------------------------------------- */

/* Page 05h as recordings want it; 'want' has what differs between them. */
int lathep_mmc_prepare_page(struct lathe_mmc *mmc,
			    const struct lathep_mmc_job *job,
			    struct lathe_mmc_write_parameters want);

/* SEND OPC, where 'job' wants it. */
int lathep_mmc_calibrate(struct lathe_mmc *mmc,
			 const struct lathep_mmc_job *job);

/* RESERVE TRACK of so many blocks. */
int lathep_mmc_send_reserve(struct lathe_mmc *mmc, uint32_t blocks);

/* RESERVE TRACK, where 'job' wants it; a refusal is a warning only. */
int lathep_mmc_reserve(struct lathe_mmc *mmc, const struct lathep_mmc_job *job);

/* SYNCHRONIZE CACHE, and until it is done. */
int lathep_mmc_synchronize(struct lathe_mmc *mmc);

/* CLOSE TRACK/SESSION, and until it is done. */
int lathep_mmc_send_close(struct lathe_mmc *mmc,
			  enum lathe_mmc_close_function function,
			  uint32_t track);

/* SYNCHRONIZE CACHE and CLOSE TRACK of the open track. */
int lathep_mmc_flush_and_close_track(struct lathe_mmc *mmc);

/* Flush and close a track that an earlier, cut burn left open. */
int lathep_mmc_close_left_track(struct lathe_mmc *mmc, uint32_t track);

/* ---- strategy_overwrite.c ----------------------------------------------- */

/* Where a DVD-RW that grows goes on; *told: the drive says it, else *end stays
 * as it is. */
int lathep_mmc_read_growth(struct lathe_mmc *mmc, uint32_t *end, bool *told);

/* ---- format_disc.c ------------------------------------------------------ */

/* READ FORMAT CAPACITIES. */
struct lathep_mmc_capacities {
	uint8_t state;		/* enum lathe_mmc_format_state, or 0 */
	uint32_t blocks;
	uint32_t listed;	/* formattable capacities in 'list' */
	struct lathe_mmc_formattable list[16];
};

int lathep_mmc_format_capacities(struct lathe_mmc *mmc,
				 struct lathep_mmc_capacities *out);

/* The first formattable capacity of 'type' or the 'least'; NULL: none. */
const struct lathe_mmc_formattable *
lathep_mmc_formattable(const struct lathep_mmc_capacities *c, uint8_t type,
		       bool least);

struct lathep_mmc_format_choice {
	uint8_t type, sub_type, flags;
};

/* How a medium is formatted: quick, fully; with most spares quick, fully;
 * without spares. */
struct lathep_mmc_formats {
	bool only_blank;
	struct lathep_mmc_format_choice choice[5];
};

extern const struct lathep_mmc_formats lathep_mmc_dvd_rw_formats,
	lathep_mmc_dvd_plus_rw_formats, lathep_mmc_dvd_ram_formats,
	lathep_mmc_bd_re_formats, lathep_mmc_bd_r_formats;

int lathep_mmc_format_quick(struct lathe_mmc *mmc,
			    const struct lathep_mmc_strategy *medium);
/* DVD+RW: begin, or go on with, the format in the background. */
int lathep_mmc_format_background(struct lathe_mmc *mmc, bool restart);
/* DVD-RW: let it grow at its end. */
int lathep_mmc_format_grow(struct lathe_mmc *mmc,
			   const struct lathep_mmc_capacities *have);

/* ---- blank_disc.c ------------------------------------------------------- */

/* 'work' on the disc that 'medium' describes, with all that goes around an
 * operation that erases it; deferred errors are those of 'opcode'. */
int lathep_mmc_erase(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium, uint8_t opcode,
		     int (*work)(struct lathe_mmc *mmc, const void *ctx),
		     const void *ctx);

#endif
