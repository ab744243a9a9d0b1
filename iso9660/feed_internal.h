/* SPDX-License-Identifier: MIT */
/*
 * feed_internal.h - reading ahead, as the feed and the writer of image files
 * share it: jobs are claimed in order of LBA, done by any thread, and handed
 * over in order again.
 */
#ifndef LATHE_ISO9660_FEED_INTERNAL_H
#define LATHE_ISO9660_FEED_INTERNAL_H

#include "iso9660/plan_internal.h"

/* A run of blocks, and what became of it. */
struct lathep_iso9660_job {
	uint32_t lba, blocks;
	uint32_t run;		/* blocks from 'lba' on that are of this kind:
				 * of a large file, or without any */
	bool large;		/* part of one large file; no data in 'data' */
	bool made;		/* it has its data, and waits for the outlet */
	bool done;
	int err;		/* other than of sources */
	int sys_errno;		/* behind it, where it is of the outlet */
	uint32_t crc;		/* for the outlet's own use */
	uint8_t *data;		/* room for one chunk */
	struct lathep_iso9660_source_error *errors;
	uint32_t error_count, error_room;
};

/* Where jobs go to, in any order; all of it may be NULL. */
struct lathep_iso9660_outlet {
	void *ctx;
	/* By the thread that read a job, next to others. */
	void (*made)(void *ctx, struct lathep_iso9660_job *job);
	/* By any thread, but by one at a time. */
	int (*put)(void *ctx, const struct lathep_iso9660_job *job);
	/* A large one, of which nothing was read yet; next to others. */
	int (*copy)(void *ctx, struct lathe_iso9660_cursor *cursor,
		    struct lathep_iso9660_job *job, uint32_t chunk_blocks);
	/* Files of at least this many blocks are jobs of their own, of up to
	 * 'large_job' blocks. 0: none are. */
	uint32_t large_blocks, large_job;
};

int lathep_iso9660_feed_create(
	const struct lathe_iso9660_image *image, uint32_t first,
	uint32_t count, const struct lathe_iso9660_feed_options *options,
	const struct lathe_hooks *hooks,
	const struct lathe_iso9660_on_source_error *on_error,
	const struct lathep_iso9660_outlet *outlet,
	struct lathe_iso9660_feed **out);

/* As lathe_iso9660_feed_next(); *job is NULL at the end. */
int lathep_iso9660_feed_next(struct lathe_iso9660_feed *feed,
			     const struct lathep_iso9660_job **job);

#endif
