/* SPDX-License-Identifier: MIT */
/*
 * One run of 'lathe image': a new image, a session for an image that grows,
 * or one that another program will record.
 */
#ifndef LATHE_TOOL_IMAGE_H
#define LATHE_TOOL_IMAGE_H

#include "tools/content.h"
#include "tools/output.h"
#include "tools/volume.h"

struct image_options {
	struct content_options content;
	const char *output, *base, *msinfo, *map;
	uint32_t start;
	unsigned map_format;	/* enum map_format */
	bool growable, verbose;
	unsigned on_source_error, progress;
};

/* What a file was when it was looked at. */
struct image_state {
	uint64_t dev, ino, bytes;
	int64_t seconds;
	long nanoseconds;
};

/* What is copied at once, and a copy of the head. */
#define IMAGE_BUFFER ((size_t)LATHE_ISO9660_COPY_BLOCKS * LATHE_BLOCK_BYTES)

struct image_run {
	struct tool *tool;
	const struct image_options *options;
	struct content content;
	struct lathe_joliet_options joliet;
	struct lathe_iso9660_primary_options primary;
	struct lathe_iso9660_use use;
	uint32_t failed; /* sources */
	struct output file; /* with -o */
	struct output list; /* with --map */
	int fd;		/* of the output */
	bool regular;	/* an image that grows in place: a file */

	uint32_t start;	/* LBA of the volume's first block */
	uint32_t used;	/* blocks of the image that is continued */
	struct lathe_iso9660_session previous;
	uint32_t use_count; /* 0: no room for a Joliet descriptor */

	/* An image that is continued. */
	struct volume base;
	bool has_base, appends; /* appends: 'place' is filled in */
	const struct lathe_iso9660_found *found; /* its newest volume */
	struct lathe_iso9660_append place;
	struct image_state state;
	struct image_names *names; /* that it will not have; NULL: none */
	/* The descriptors at LBA 16, and room for the next ones. */
	uint8_t old_head[LATHE_ISO9660_HEAD_BLOCKS * LATHE_BLOCK_BYTES];
	uint8_t new_head[LATHE_ISO9660_HEAD_BLOCKS * LATHE_BLOCK_BYTES];
	uint8_t own[LATHE_ISO9660_HEAD_BLOCKS * LATHE_BLOCK_BYTES];
	uint32_t old_count, new_count, own_count;

	uint8_t buffer[IMAGE_BUFFER]; /* at hand: no stack has to hold it */
};

#define IMAGE_SYSTEM_AREA 16u /* blocks, ECMA-119 6.2.1 */
#define IMAGE_GROWABLE 32u /* where the first session of such an image begins */

/* ---- output: image_output.c --------------------------------------------- */

/* Write what is planned, to where the options say, and its map. 'plan' NULL:
 * a copy of the base. */
int image_output(struct image_run *run, const struct lathe_iso9660_plan *plan);

/* Blocks that an image has more then, with all that is in front of the
 * volume; of a session that another program will record, its own. */
uint32_t image_growth(const struct image_run *run,
		      const struct lathe_iso9660_plan *plan);

/* Write the volume at byte 'offset' of run->fd, of standard output counted from
 * where that stands. 'hold': its first descriptor stays zeros. Returns 0 or the
 * exit status; *image gets the image. */
int image_put_volume(struct image_run *run,
		     const struct lathe_iso9660_plan *plan, uint64_t offset,
		     bool hold, struct lathe_iso9660_image *image);

/* The descriptors of an image to run->own. */
int image_own_descriptors(struct image_run *run,
			  const struct lathe_iso9660_image *image);

/* Whole writes, retried; complain about run->options' output. */
int image_pwrite(struct image_run *run, const void *data, size_t bytes,
		 uint64_t offset);
int image_write_pipe(struct image_run *run, const void *data, size_t bytes);

/* ---- an image that is continued: image_base.c --------------------------- */

/* Open -M IMAGE, and find out where the next session goes. */
int image_open_base(struct image_run *run, struct lathe_iso9660_tree **tree);
void image_close_base(struct image_run *run);

/* LAST,NEXT of -C: *last, run->start. */
int image_parse_msinfo(struct image_run *run, uint32_t *last);

/* At least a byte of the base, else complain. */
int image_read_base(struct image_run *run, void *out, size_t bytes,
		    uint64_t offset, size_t *got);

/* Nobody has changed it since. */
int image_check_base(struct image_run *run, uint64_t grown_to);

/* What is written is cut on request. Returns the exit status. */
int image_complain_stopped(struct image_run *run);

/* The name for messages of what is written. */
const char *image_target(const struct image_run *run);

/* image_names.c: what of the names in 'session' of the base, which is 'tree',
 * goes with Rock Ridge. Count and list it, before content_told(). */
void image_find_names(struct image_run *run,
		      const struct lathe_session_info *session,
		      struct lathe_iso9660_tree *tree);
void image_tell_names(struct image_run *run);
void image_forget_names(struct image_run *run);

/* ---- writing such a session: image_append.c, image_copy.c --------------- */

int image_append(struct image_run *run, const struct lathe_iso9660_plan *plan,
		 struct lathe_iso9660_image *image);
/* 'plan' NULL: the old image alone. */
int image_append_to_pipe(struct image_run *run,
			 const struct lathe_iso9660_plan *plan,
			 struct lathe_iso9660_image *image);

/* All of run->base to the empty file run->fd; shared blocks and holes where
 * the file system can. */
int image_copy_base(struct image_run *run);

#endif
