/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_medium.h - the medium: its kind and state, its tracks, its blocks.
 *
 * Part of lathe_mmc.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_MEDIUM_H
#define LATHE_MMC_MEDIUM_H

#include "mmc/lathe_mmc_drive.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- medium ------------------------------------------------------------- */

enum lathe_mmc_kind {
	LATHE_MMC_KIND_NONE,	/* no medium, or no profile */
	LATHE_MMC_KIND_CD_ROM,
	LATHE_MMC_KIND_CD_R,
	LATHE_MMC_KIND_CD_RW,
	LATHE_MMC_KIND_DVD_ROM,
	LATHE_MMC_KIND_DVD_R,	/* sequential */
	LATHE_MMC_KIND_DVD_R_DL,
	LATHE_MMC_KIND_DVD_RW,	/* sequential */
	LATHE_MMC_KIND_DVD_RW_OVERWRITE, /* formatted: restricted overwrite */
	LATHE_MMC_KIND_DVD_RAM,
	LATHE_MMC_KIND_DVD_PLUS_R,
	LATHE_MMC_KIND_DVD_PLUS_R_DL,
	LATHE_MMC_KIND_DVD_PLUS_RW,
	LATHE_MMC_KIND_BD_ROM,
	LATHE_MMC_KIND_BD_R,	/* sequential */
	LATHE_MMC_KIND_BD_RE,
	LATHE_MMC_KIND_OTHER /* a medium without a row in the table */
};

/* "CD-R", "CD-RW", "CD-ROM", "DVD+R DL", ..., "none", "other". */
const char *lathe_mmc_kind_name(enum lathe_mmc_kind kind);

enum lathe_mmc_status {
	LATHE_MMC_STATUS_NONE,	/* no medium */
	LATHE_MMC_STATUS_BLANK,
	LATHE_MMC_STATUS_APPENDABLE,	/* last session empty; the disc is full
					 * where there is no NWA */
	LATHE_MMC_STATUS_UNFINISHED,	/* cut burn: last session is open */
	LATHE_MMC_STATUS_FINAL,
	LATHE_MMC_STATUS_PACKET,	/* formatted CD-RW: read only */
	LATHE_MMC_STATUS_DAMAGED,
	LATHE_MMC_STATUS_UNFORMATTED,	/* overwritable once formatted */
	LATHE_MMC_STATUS_OVERWRITABLE	/* any block may be written at any
					 * time; sessions, if there are any,
					 * are a matter of the volumes on it */
};

/* "none", "blank", "appendable", "unfinished", "final", ... */
const char *lathe_mmc_status_name(enum lathe_mmc_status status);

struct lathe_mmc_medium {
	uint16_t profile;	/* GET CONFIGURATION, feature 0000h */
	enum lathe_mmc_kind kind;
	enum lathe_mmc_status status;
	bool erasable;
	bool writable;		/* the table has a strategy for it and the
				 * drive says that it records on this kind of
				 * disc now; 'status' says whether this disc
				 * takes anything */
	bool at_once_only;	/* but only in WRITE_MODE_AT_ONCE: a DVD-RW
				 * after minimal blanking, an old drive */
	bool can_at_once;	/* WRITE_MODE_AT_ONCE is one of the ways */
	bool single_session;	/* no second session can be depended on, or the
				 * next one takes track 99 of a CD: record with
				 * 'final' */
	bool pseudo_overwrite;	/* BD-R that was formatted so: not recorded;
				 * read like an overwritable one as long as no
				 * session is complete */
	bool can_simulate;	/* test write announced, feature 2Dh, 2Eh or
				 * 2Fh, for the way that AUTO takes */
	bool can_simulate_at_once;
	bool can_stream;	/* feature 0107h with stream writing */
	bool has_layer_break;	/* where its first layer ends may be chosen, as
				 * long as it is blank */
	bool overwritable;	/* the kind is, formatted or not: no next
				 * writable address, the caller chooses where */
	bool background_format;	/* one was begun and is not complete */
	bool has_gaps;		/* overwritable: below 'readable_end' there may
				 * be blocks that were never recorded */
	bool has_disc_id;
	bool has_next_writable;
	uint8_t disc_type;	/* READ DISC INFORMATION [8] */
	uint8_t ecc_blocks;	/* that are corrected, and damaged, together:
				 * CD 1, DVD 16, BD 32; 0: not known */
	uint32_t single_speed;	/* 1x, bytes/s; 0: nothing to be recorded on */
	uint16_t sessions;	/* complete ones */
	uint16_t first_track;	/* of the disc */
	uint16_t last_track;	/* last recorded track, 0 on a blank disc; of
				 * complete sessions, as soon as there is one */
	uint16_t open_track;	/* number of the invisible or incomplete track,
				 * 0 if there is none */
	uint32_t disc_id;
	uint32_t next_writable;
	uint32_t free_blocks;	/* as READ TRACK INFORMATION gives them;
				 * overwritable: all of capacity_blocks */
	/* next_writable + free_blocks; overwritable: what it holds, or will
	 * hold once it is formatted; else what READ CAPACITY says. */
	uint32_t capacity_blocks;
	uint32_t readable_end;	/* READ CAPACITY + 1, 0 if nothing readable */
	uint32_t last_session_start; /* of its first track, 0 without session */
	uint16_t last_session_first_track;
	bool last_session_data;	/* that track is a data track */
	uint8_t data_mode;	/* of the last data track: 1, 2 or 0 */
};

/*
 * Read all of the medium's state afresh. An empty drive is not an error: kind
 * NONE, status NONE; nor is a disc that the drive can not read at all: kind
 * OTHER, status DAMAGED. A test write that was left switched on is switched
 * off. LATHE_ERR_STATE: a track is open.
 */
int lathe_mmc_read_medium(struct lathe_mmc *mmc, struct lathe_mmc_medium *out);

struct lathe_mmc_track {
	uint16_t number, session;
	bool data;		/* else audio */
	bool blank, reserved, packet, damaged;
	bool has_next_writable, has_last_recorded;
	uint8_t data_mode;	/* 1, 2 or 0 when not known */
	uint32_t start, next_writable, free_blocks, size_blocks, last_recorded;
};

#define LATHE_MMC_TRACK_MAX 65535u

/*
 * READ TRACK INFORMATION by logical track number, MMC-6.
 * 'next_writable' means something only where 'has_next_writable' is set.
 * LATHE_ERR_ARG: 'track' is 0 or above LATHE_MMC_TRACK_MAX, nothing was sent.
 */
int lathe_mmc_read_track(struct lathe_mmc *mmc, uint32_t track,
			 struct lathe_mmc_track *out);

/*
 * The full TOC, READ TOC format 2 (MMC-6 "Raw TOC"), as the drive sends it:
 * header and 11-byte entries. Used to tell discs apart. *moved gets the
 * bytes really delivered, at most 'room', which is 4 at least (LATHE_ERR_ARG).
 * After an error 'out' may hold a part of the answer.
 */
int lathe_mmc_read_full_toc(struct lathe_mmc *mmc, uint8_t *out, size_t room,
			    size_t *moved);

/* ---- reading ------------------------------------------------------------ */

/*
 * Read 'count' blocks of 2048 bytes, in as many READ(10) as max_transfer
 * asks for. 'past_cache' sets FUA, so that the medium is read, not the
 * drive's cache (a drive that refuses the bit gives a warning and reads through
 * its cache). Where the drive reports an error, the blocks are read one by
 * one: those before failure.lba are good.
 *   LATHE_ERR_ARG         count is 0 or lba + count wraps; nothing was sent
 *   LATHE_ERR_STATE       a track is open
 *   LATHE_ERR_WRONG_DISC  the disc was changed or ejected since
 *                         lathe_mmc_read_medium(), which has to be called anew.
 *                         A close, a blanking and a format end what that said:
 *                         until the next one no change is told of
 */
int lathe_mmc_read(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		   bool past_cache, uint8_t *out);

#ifdef __cplusplus
}
#endif

#endif
