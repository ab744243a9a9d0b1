/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_image.h - the image of a plan, block by block, read ahead, or
 * written to a file.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_IMAGE_H
#define LATHE_ISO9660_IMAGE_H

#include "iso9660/lathe_iso9660_plan.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lathe_iso9660_cursor;
struct lathe_iso9660_feed;

/* ---- the image ---------------------------------------------------------- */

/* A plan at a place. Small, copied freely, immutable; of use as long as the
 * plan lives, which may have any number of them. */
struct lathe_iso9660_image {
	const struct lathe_iso9660_plan *plan;
	uint32_t start;		/* LBA of its first block */
	uint32_t metadata_crc;	/* CRC-32C that its mark holds */
};

/* Encodes the metadata once, for the checksum in the mark.
 * LATHE_ERR_LIMIT: its end, start + blocks, would be above 2^32 - 1. */
int lathe_iso9660_image_init(struct lathe_iso9660_image *image,
			     const struct lathe_iso9660_plan *plan,
			     uint32_t start);

/* What to do when a source can not deliver what was planned. */
struct lathe_iso9660_on_source_error {
	void *ctx;
	/* Called once for each file that fails, in the order of LBAs as far
	 * as the cursor is read in it; who comes back to a file after another
	 * one failed is told again. 'node' is that of the extent, 'offset' of
	 * the first byte missing, or behind the part that was read when
	 * source->still saw a change, 'err' what the source returned. Return 0
	 * to go on with zeros in place of what is missing, or an error to stop
	 * with it. */
	int (*failed)(void *ctx, uint32_t node, uint64_t offset, int err,
		      const char *text);
};

/* A reader of an image, for one thread. 'on_error' NULL: stop. 'hooks' NULL:
 * none; only its memory is used. It keeps one source open at a time. */
int lathe_iso9660_cursor_create(const struct lathe_iso9660_image *image,
				const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
				struct lathe_iso9660_cursor **out);
void lathe_iso9660_cursor_destroy(struct lathe_iso9660_cursor *cursor);

/* What the last error was, with the name of the source. */
const struct lathe_failure *
lathe_iso9660_cursor_failure(const struct lathe_iso9660_cursor *cursor);

/*
 * Blocks lba .. lba + count - 1, absolute, all inside the image
 * (LATHE_ERR_ARG). Any order; ascending is fastest.
 * LATHE_ERR_CHANGED or LATHE_ERR_IO: a source failed and 'on_error' stopped, or
 * whatever else source or 'on_error' returned. What 'out' holds is then not
 * said; the cursor can be read on.
 */
int lathe_iso9660_cursor_read(struct lathe_iso9660_cursor *cursor,
			      uint32_t lba, uint32_t count, uint8_t *out);

enum lathe_iso9660_segment_kind {
	LATHE_ISO9660_SEGMENT_METADATA,	/* read it through the cursor */
	LATHE_ISO9660_SEGMENT_SOURCE,	/* bytes of a host file */
	LATHE_ISO9660_SEGMENT_ZERO
};

/* A run of whole blocks of one kind. */
struct lathe_iso9660_segment {
	enum lathe_iso9660_segment_kind kind;
	uint32_t lba, blocks;
	uint32_t node;		/* SOURCE */
	uint64_t offset;	/* in the file, of the first byte */
	uint64_t bytes;		/* SOURCE: the rest up to 'blocks' is zeros */
};

/* The segment that 'lba' begins or lies in, cut at 'lba'. LATHE_ERR_ARG: it is
 * not in the image. */
int lathe_iso9660_cursor_segment(struct lathe_iso9660_cursor *cursor,
				 uint32_t lba,
				 struct lathe_iso9660_segment *out);

/* ---- reading ahead ------------------------------------------------------ */

struct lathe_iso9660_feed_options {
	uint32_t threads;	/* 0: read in the caller's thread; also where
				 * the system has no threads; more than 64 are
				 * 64 */
	uint32_t chunk_blocks;	/* of one delivery; 0: 512; more than 65,536
				 * are 65,536 */
	uint32_t ring_chunks;	/* read ahead at most, all of which takes memory
				 * from the start; 0: 4, 1: 2; without threads
				 * one is all. For calls that write an image,
				 * with both 0: chunks of 128 blocks, 16 of
				 * them to a pipe, to a file two more than
				 * threads, at most 16 */
	/* For calls that write an image to a regular file: leave zeros in
	 * place of its first descriptor, so that the caller can synchronize
	 * the rest before there is a volume. */
	bool hold_descriptor;
};

/*
 * Deliver blocks [first, first + count) of an image in order, read ahead by
 * threads of its own. Source errors are reported in order of LBA, in the
 * caller's thread, during lathe_iso9660_feed_next(). 'options', 'hooks' and
 * 'on_error' may be NULL, as for a cursor; a feed can be destroyed at any time.
 * LATHE_ERR_ARG: blocks outside of the image.
 */
int lathe_iso9660_feed_create(const struct lathe_iso9660_image *image,
			      uint32_t first, uint32_t count,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			      struct lathe_iso9660_feed **out);
void lathe_iso9660_feed_destroy(struct lathe_iso9660_feed *feed);

/* The next chunk; valid until the next call. *blocks 0 at the end. Errors as
 * lathe_iso9660_cursor_read(), with *blocks 0: there is no going on then, each
 * further call returns the same. */
int lathe_iso9660_feed_next(struct lathe_iso9660_feed *feed,
			    const uint8_t **data, uint32_t *lba,
			    uint32_t *blocks);

const struct lathe_failure *
lathe_iso9660_feed_failure(const struct lathe_iso9660_feed *feed);

/* Chunks that are read and wait, of how many. */
void lathe_iso9660_feed_level(struct lathe_iso9660_feed *feed, uint32_t *full,
			      uint32_t *ring);

/* ---- writing (POSIX) ---------------------------------------------------- */

/* LATHE_ERR_UNSUPPORTED on systems without POSIX. */

/*
 * Write a whole image to 'fd' at byte 'offset' (a regular file or block device;
 * or a pipe, or what is open for appending, if offset is 0), with copies made
 * by the system where it can. 'options' NULL or without threads: all in the
 * caller's thread. The position of a regular file does not move; it is not
 * synchronized. Progress: WRITING, up to all blocks of the image. 'fd' has to
 * block; a pipe that nobody reads any more raises SIGPIPE, unless that is
 * ignored: then it is LATHE_ERR_IO. After an error some blocks are written.
 *   LATHE_ERR_ARG        offset is not 0 where it has to be
 *   LATHE_ERR_IO         'fd' could not be written, and errno says why; or a
 *                        source not read, which 'on_error' was told
 *   LATHE_ERR_CHANGED    a source is not what was added
 *   LATHE_ERR_CANCELLED  hooks->cancelled said so, between chunks
 *   others               as lathe_iso9660_cursor_read()
 */
int lathe_iso9660_image_write(const struct lathe_iso9660_image *image, int fd,
			      uint64_t offset,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error);

/*
 * The same for a plan that has no image yet: the image at 'start' is made and
 * written. Where 'fd' is no pipe, this encodes the metadata once instead of
 * twice: their checksum is taken while they are written, and the block with
 * the mark is written again when all else is there. *image gets the image
 * unless it is NULL.
 *   LATHE_ERR_LIMIT      as lathe_iso9660_image_init()
 */
int lathe_iso9660_plan_write(const struct lathe_iso9660_plan *plan,
			     uint32_t start, int fd, uint64_t offset,
			     const struct lathe_iso9660_feed_options *options,
			     const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			     struct lathe_iso9660_image *image);

#ifdef __cplusplus
}
#endif

#endif
