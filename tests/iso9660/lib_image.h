/* SPDX-License-Identifier: MIT */
/* What tests of images share: a heap that can fail, trees, whole images. */
#ifndef TESTS_ISO9660_LIB_IMAGE_H
#define TESTS_ISO9660_LIB_IMAGE_H

#include "joliet/lathe_joliet.h"

/* A heap that knows what is taken, and can refuse. */
struct heap {
	uint64_t calls;		/* that wanted memory */
	uint64_t fail_at;	/* the call that fails; 0: none */
	bool fail_on;		/* and all after it */
	uint64_t blocks, bytes;	/* taken at this moment */
	uint64_t most_bytes;
};
struct lathe_hooks heap_hooks(struct heap *heap);

/* A date of 2026-01-02 03:04:05 GMT, 9.1.5. */
extern const struct lathe_iso9660_attributes new_year;

struct lathe_iso9660_tree *make_tree(struct heap *heap, uint64_t seed);

/* By path; folders on the way are made. Return the node. */
uint32_t add_dir(struct lathe_iso9660_tree *tree, const char *path);
uint32_t add_text(struct lathe_iso9660_tree *tree, const char *path,
		  const char *text);
uint32_t add_bytes(struct lathe_iso9660_tree *tree, const char *path,
		   const void *data, size_t size);

/* A source whose files are endless: byte i of file n is content(n, i). */
extern const struct lathe_iso9660_source endless;
uint8_t content(uint64_t file, uint64_t offset);
uint32_t add_endless(struct lathe_iso9660_tree *tree, const char *path,
		     uint64_t file, uint64_t size);

/* Options of a plan with nothing in them but the size; with Joliet. */
struct lathe_iso9660_plan_options plain_options(void);
struct lathe_iso9660_plan_options joliet_options(void);

/* A plan that must succeed. */
struct lathe_iso9660_plan *
make_plan(struct lathe_iso9660_tree *tree,
	  const struct lathe_iso9660_plan_options *options);

/* All blocks of the image at 'start', through one cursor; free() it. */
uint8_t *read_image(const struct lathe_iso9660_plan *plan, uint32_t start,
		    uint32_t *blocks);

/* Plan and read at once. */
uint8_t *make_image(struct lathe_iso9660_tree *tree,
		    const struct lathe_iso9660_plan_options *options,
		    uint32_t start, uint32_t *blocks);

/* A directory record of an image (which begins at LBA 0), found by the bytes
 * of its identifier in the directory at 'lba'; NULL if it is not there. */
const uint8_t *find_record(const uint8_t *image, uint32_t lba,
			   uint32_t dir_bytes, const void *id, size_t id_len);

/* "a b c": identifiers of a directory in order, without "." and ".."; a "+"
 * behind those whose record says that another section follows. */
void list_ids(const uint8_t *image, uint32_t lba, uint32_t dir_bytes,
	      char *out, size_t room);

/* The same of the root, from the primary volume descriptor. */
void list_root(const uint8_t *image, char *out, size_t room);

/* Pseudo-random numbers, the same ones for the same seed. */
uint64_t next_random(uint64_t *state);

#endif
