/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share: inputs, discs made of them, a heap that is
 * watched, and what must hold for each tree that was imported.
 *
 * A target is one file target_<name>.c with LLVMFuzzerTestOneInput() in it.
 * It is linked with libFuzzer, or with plain_main.c: for AFL++, and to replay
 * files.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "iso9660/lathe_iso9660.h"
#include "joliet/lathe_joliet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a target promises; a finding if it does not hold. */
#define FUZZ_CHECK(condition)                                                  \
	((condition) ? (void)0 : fuzz_finding(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_finding(const char *file, int line, const char *what);

/* What a finding says besides, those of sanitizers as well. */
extern char fuzz_context[200];

/* ---- inputs ------------------------------------------------------------- */

/* What is left of an input. Beyond its end all bytes are zero. */
struct fuzz_input {
	const uint8_t *p;
	size_t left;
};

uint8_t fuzz_byte(struct fuzz_input *in);
uint32_t fuzz_u16(struct fuzz_input *in); /* little endian */

/* Up to 'most' bytes, their count in front, in a heap block of just that
 * size; free() it. */
uint8_t *fuzz_bytes(struct fuzz_input *in, size_t most, size_t *len);

/* ---- the heap ----------------------------------------------------------- */

#define FUZZ_MEMORY (16u << 20)	/* more is a finding */

struct fuzz_heap {
	size_t live;		/* bytes taken at this moment */
	uint64_t calls;		/* that wanted memory */
	uint64_t fail_at;	/* the call that fails; 0: none */
	bool fail_on;		/* and all behind it */
	uint64_t failed;	/* so many did */
};
extern struct fuzz_heap fuzz_heap;

/* Hooks that count. fuzz_heap_end(): nothing may be left. */
struct lathe_hooks fuzz_hooks(void);
void fuzz_heap_end(void);

/* ---- discs -------------------------------------------------------------- */

/*
 * A disc whose blocks are zeros unless said otherwise. As bytes it is: its
 * blocks (16 bits), then pieces up to the end of the input, each
 *	block (16 bits), place in it (16 bits), length (16 bits), bytes;
 * with bit 15 of the place set, one byte that fills all of the piece. All
 * little endian. So inputs are short, and most of what is mutated matters.
 */
#define FUZZ_BLOCKS 4096u	/* of the disc in an input, at most */
#define FUZZ_ROOM 16384u	/* with sessions that are added */

struct fuzz_disc {
	uint8_t *block[FUZZ_ROOM]; /* NULL: zeros */
	uint32_t blocks;
	bool single;		/* reads of several blocks fail, and what is
				 * behind one that was read is poison */
	uint64_t blocks_read;
	struct lathe_blocks source;
};

/* The disc in the rest of an input. There is one at a time. */
struct fuzz_disc *fuzz_disc_open(struct fuzz_input *in, bool single);
struct fuzz_disc *fuzz_disc_load(const char *name); /* a kept volume */
/* Where the last session starts: a primary descriptor is 16 blocks on. */
uint32_t fuzz_disc_last(const struct fuzz_disc *disc);
struct fuzz_disc *fuzz_disc_empty(uint32_t blocks, bool single);
void fuzz_disc_close(struct fuzz_disc *disc);
uint8_t *fuzz_disc_block(struct fuzz_disc *disc, uint32_t lba); /* to write */
void fuzz_disc_grow(struct fuzz_disc *disc, uint32_t blocks);

/* Where there is a mark of an own volume in block 'pvd', make its checksum
 * that of the blocks it speaks of: damage that carries a right checksum. */
void fuzz_disc_seal(struct fuzz_disc *disc, uint32_t pvd);

/* Descriptors of a foreign volume at block 16: roots at 'root' and, unless
 * it is 0, 'joliet_root', of so many bytes. ECMA-119 8.4, 8.5. */
void fuzz_disc_heads(struct fuzz_disc *disc, uint32_t root,
		     uint32_t root_bytes, uint32_t joliet_root,
		     uint32_t joliet_bytes);
/* A directory record, 9.1, at 'p'; returns its length. */
uint32_t fuzz_record(uint8_t *p, const void *id, uint8_t len, uint32_t lba,
		     uint32_t bytes, uint8_t flags);

/* ---- trees -------------------------------------------------------------- */

extern const struct lathe_iso9660_use fuzz_joliet[1];

struct fuzz_import {
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_found found;
	int err;
	uint32_t single;	/* told: not in all hierarchies */
	uint32_t oddities;	/* told: others */
};

/* Bits of an option byte. */
#define FUZZ_NAMES 3u		/* names_from */
#define FUZZ_SINGLE 4u		/* fuzz_disc.single */
#define FUZZ_SEAL 8u		/* fuzz_disc_seal() */
#define FUZZ_ROCK_RIDGE 16u	/* system use is read, and recorded */
#define FUZZ_LIMITS 32u		/* tight ones */
#define FUZZ_DAMAGED 64u	/* an own volume as one of another program */

/* Import the volume at 'start' and check all that an import promises, of an
 * error as well. */
void fuzz_import_run(struct fuzz_import *import, struct fuzz_disc *disc,
		     uint32_t start, uint8_t options);
void fuzz_import_end(struct fuzz_import *import);

/* All of a tree in one order: "path kind size", one a line; with 'extents'
 * where the bytes are as well. free() it. */
char *fuzz_list(struct lathe_iso9660_tree *tree, bool extents);

/* Record a tree on the disc, which grows, at 'start'. Returns 0, or
 * LATHE_ERR_LIMIT: it can not be. '*renamed': Joliet names differ. */
int fuzz_record_session(struct fuzz_disc *disc,
			struct lathe_iso9660_tree *tree, uint32_t start,
			const struct lathe_iso9660_session *previous,
			uint8_t options, bool *renamed);

#endif
