/* SPDX-License-Identifier: MIT */
/*
 * burn_internal.h - what the files of one recording share.
 */
#ifndef LATHE_SESSION_BURN_INTERNAL_H
#define LATHE_SESSION_BURN_INTERNAL_H

#include "session/session_internal.h"

/* Overwritable: the search for sessions looks no further where none is. */
#define LATHEP_SESSION_HELD 192u
#define LATHEP_SESSION_HELD_BYTES ((size_t)LATHEP_SESSION_HELD * \
				   LATHE_BLOCK_BYTES)

/* Where a recording was when it failed. */
enum lathep_session_stage {
	LATHEP_SESSION_STAGE_WRITING,
	LATHEP_SESSION_STAGE_ENDING,	/* the track, or flushing it */
	LATHEP_SESSION_STAGE_CLOSING,	/* the session */
	LATHEP_SESSION_STAGE_SHOWING	/* overwritable: all of it is there,
					 * but nothing leads to it */
};

struct lathep_session_burn {
	struct lathe_session_master *master;
	struct lathe_mmc *mmc;	/* the master's, as the next two */
	struct lathe_failure *failure;
	const struct lathe_hooks *hooks;
	const struct lathe_session_record_options *options;
	struct lathe_session_report *report;
	const struct lathe_iso9660_plan *plan;	/* NULL: a stream */
	const struct lathe_session_stream *stream; /* NULL: a plan */

	/* All counted in blocks from the start of the track. */
	uint32_t volume, metadata;
	uint32_t track;		/* what it is to hold */
	uint32_t written;	/* acknowledged by the drive */

	struct lathe_iso9660_image image;
	enum lathep_session_stage stage;
	bool final;
	bool drive_failed;	/* else: cancelled, or a source */
	int settled;		/* the error of looking at the disc again */
	bool write_sent;
	bool source_failed;
	bool rescuing;		/* the failure stands already: no more
				 * cancelling, no more counting */
	bool exchanged;		/* another disc came in meanwhile */
	bool resuming;
	bool resume_bad;	/* some of what was there is damaged */
	bool ended;		/* the stream did */
	bool shown;		/* overwritable: what comes last was recorded */

	/* Overwritable: the first blocks of the volume with the descriptors,
	 * which are recorded when all else is, and LBA 0 to 31. */
	uint8_t *first, *head;

	/* What does not fill a command waits here. */
	uint32_t carry_blocks, chunk;
	uint8_t *carry;
	uint32_t resume_blocks;	/* of those written, by an earlier burn */
	uint32_t content;	/* of those written, blocks of the volume */

	/* Of a stream: what was looked at before it is recorded. */
	uint8_t *peek;
	uint32_t peeked, taken;

	struct lathe_session_reader reader;

	/* A checksum for each group of blocks, as sent. */
	uint32_t groups_room;
	uint32_t *crc;
	uint8_t *group_bad;	/* a bit each: differs, or not known */
	uint8_t *extent_bad;	/* a bit for each extent: told about */
	uint32_t extents;

	/* What the sources are read with. */
	struct lathe_hooks quiet;
	struct lathe_iso9660_on_source_error on_error;
	struct lathe_iso9660_feed *feed; /* while the volume is written */

	struct lathe_mmc_medium raw;	/* as the drive tells it */
	struct lathe_mmc_medium medium;	/* as it was before, with sessions */
	struct lathe_mmc_medium now;	/* as it was settled */
	struct lathe_mmc_recording how;
	struct lathe_mmc_costs costs;
	struct lathe_session_space space;
	struct lathe_iso9660_append place; /* overwritable: of this one */
	uint32_t layer_break;
	uint32_t gap;		/* overwritable, growing: blocks between its
				 * end and where this begins */
	struct lathep_session_grown grown; /* overwritable: as it was before */

	uint64_t began_ms, wrote_ms;	/* on the drive's clock */
	struct lathe_failure cause;	/* kept while the disc is rescued */
};

/* admission.c: before the first WRITE. */

int lathep_session_burn_check_disc(struct lathep_session_burn *burn);
int lathep_session_burn_check_room(struct lathep_session_burn *burn);
int lathep_session_check_blank(struct lathep_session_burn *burn);

/* resume.c */

/* What an earlier burn left on the disc is the beginning of this one; it
 * counts as written. */
int lathep_session_burn_compare(struct lathep_session_burn *burn);

/* stream.c: content that is an image already. */
int lathep_session_stream_open(struct lathep_session_burn *burn);
int lathep_session_stream_check(struct lathep_session_burn *burn);
int lathep_session_stream_write(struct lathep_session_burn *burn);

/* recording.c */

/* What record calls are given, 'final': of the master as well; else
 * LATHE_ERR_ARG. */
bool lathep_session_makes_sense(
	const struct lathe_session_record_options *options, bool final);

/* Track and report, from what the volume was found to take. */
void lathep_session_burn_take_space(struct lathep_session_burn *burn);

/* 'stream' NULL: the master's content. */
int lathep_session_run(struct lathe_session_master *master,
		       const struct lathe_session_stream *stream,
		       const struct lathe_session_record_options *options,
		       struct lathe_session_report *report);

/* burn.c */

/* lathep_session_fail_mmc() of the burn's drive. */
int lathep_session_burn_fail_mmc(struct lathep_session_burn *burn, int err,
				 const char *what);
int lathep_session_burn_room(struct lathep_session_burn *burn);
int lathep_session_burn_begin(struct lathep_session_burn *burn);
void lathep_session_burn_end(struct lathep_session_burn *burn);
int lathep_session_burn_write(struct lathep_session_burn *burn);
int lathep_session_burn_fill(struct lathep_session_burn *burn);
void lathep_session_burn_keep(struct lathep_session_burn *burn,
			      const uint8_t *data, uint32_t blocks);
int lathep_session_burn_source_error(void *ctx, uint32_t node,
				     uint64_t offset, int err,
				     const char *text);
int lathep_session_burn_emit(struct lathep_session_burn *burn,
			     const uint8_t *data, uint32_t blocks);

/* LATHE_ERR_CANCELLED, and where, if the user asks for that and may. */
int lathep_session_burn_heed(struct lathep_session_burn *burn);

/* One WRITE, unless it is cancelled; what it is of is not kept. */
int lathep_session_burn_send(struct lathep_session_burn *burn, uint32_t lba,
			     const uint8_t *data, uint32_t blocks);
int lathep_session_burn_zeros(struct lathep_session_burn *burn,
			      uint32_t blocks);
int lathep_session_burn_push(struct lathep_session_burn *burn,
			     const uint8_t *data, uint32_t blocks);

/* overwrite.c: what is different where any block may be written. */

/* Blocks in front of the volume that are written with it. */
uint32_t lathep_session_burn_lead(const struct lathep_session_burn *burn);
int lathep_session_burn_write_lead(struct lathep_session_burn *burn);

/* Before the track is begun. */
int lathep_session_burn_begin_grown(struct lathep_session_burn *burn);

/* burn->first, without what a session is found by. */
int lathep_session_burn_hold(struct lathep_session_burn *burn, uint32_t blocks);

/* The session is whole: have it found, then have it seen. */
int lathep_session_burn_show(struct lathep_session_burn *burn);

/* What follows from burn->raw and burn->settled, of the medium read just now;
 * for lathep_session_burn_settle() alone. */
void lathep_session_burn_settle_grown(struct lathep_session_burn *burn);
int lathep_session_burn_check_grown(struct lathep_session_burn *burn,
				    enum lathe_session_verify level);
void lathep_session_burn_rescue_grown(struct lathep_session_burn *burn);

/* settle.c: what the drive says of the disc now. */

/* How the disc was left; fills in the report and burn->now. The drive not
 * answering is an end as well, and no error. */
void lathep_session_burn_settle(struct lathep_session_burn *burn);

/* Is the disc what a whole burn makes of it? LATHE_ERR_VERIFY. */
int lathep_session_burn_check_state(struct lathep_session_burn *burn,
				    enum lathe_session_verify level);

/* rescue.c: the end state after a failure; the failure itself stays. */
void lathep_session_burn_rescue(struct lathep_session_burn *burn);

/*
 * read_back.c: read back and compare with the checksums as sent; groups that
 * differ are marked. LATHE_ERR_VERIFY, or an error of the drive.
 */
int lathep_session_burn_verify(struct lathep_session_burn *burn,
			       enum lathe_session_verify level);

/* not_whole.c */
void lathep_session_burn_source_failed(struct lathep_session_burn *burn,
				       uint32_t node, uint64_t offset, int err,
				       const char *text);
void lathep_session_burn_list_bad(struct lathep_session_burn *burn);
void lathep_session_burn_mark_bad(struct lathep_session_burn *burn,
				  uint32_t group);

#endif
