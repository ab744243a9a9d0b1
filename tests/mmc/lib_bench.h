/* SPDX-License-Identifier: MIT */
/*
 * lib_bench.h - the engine at a software recorder. What a test judges is what
 * the recorder's disc holds, looked at past all commands.
 */
#ifndef LIB_BENCH_H
#define LIB_BENCH_H

#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"

#define BLOCK LATHE_BLOCK_BYTES
#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

/* A drive with a disc and an engine on it. */
struct bench {
	struct lathe_emulator *emulator;
	struct lathe_emulator_store *disc;
	struct lathe_mmc mmc;
	struct lathe_mmc_medium medium;
	char log[64][96]; /* the last commands, for messages */
	uint32_t logged;
};

/* How a session is left. */
extern const struct lathe_mmc_recording appendable, final;

struct lathe_emulator_store *new_disc(enum lathe_emulator_media media);
/* On a new disc; on 'disc', which is taken over. */
void open_bench(struct bench *b, enum lathe_emulator_media media,
		const char *personality);
void open_disc(struct bench *b, struct lathe_emulator_store *disc,
	       const char *personality);
/* An engine that knows nothing of what was before. */
void start_engine(struct bench *b);
void close_bench(struct bench *b);

/* A line of the log; all of them are shown if SHOW_COMMANDS is set. */
void keep_command(void *b, const char *text, size_t len);

/* Of those that a recording can be made with: the one behind number *i, or
 * NULL; a message about its bench names it. */
const char *next_personality(uint32_t *i);
void open_personality(struct bench *b, enum lathe_emulator_media media,
		      const char *personality);

#define must(b, err) must_at(b, err, __LINE__)
void must_at(struct bench *b, int err, int line);

/* Block 'lba' of recording 'seed': all its bytes tell where it belongs. */
void fill(uint8_t *out, uint32_t seed, uint32_t lba);
/* Seed 0: zeros. */
int write_blocks(struct bench *b, uint32_t seed, uint32_t lba, uint32_t count);
bool disc_holds(struct lathe_emulator_store *disc, uint32_t seed, uint32_t lba,
		uint32_t count);

/* Wait for the drive, and read its medium. */
int look(struct bench *b);
/* A session, from the first look at the disc to its last. */
int record(struct bench *b, uint32_t seed, uint32_t count,
	   const struct lathe_mmc_recording *how, uint32_t *start);
/* One stretch of blocks on an overwritable disc, with zeros in front of it
 * where there must be no hole; 'b->medium' stays what it was. */
int overwrite(struct bench *b, uint32_t seed, uint32_t lba, uint32_t count);
/* As sessions are made: data, then the head, of seed + 100, then what was
 * begun is ended. */
int record_over(struct bench *b, uint32_t seed, uint32_t lba, uint32_t count);

/* ---- the media that are no CD ------------------------------------------- */

struct medium_case {
	enum lathe_emulator_media media;
	enum lathe_mmc_kind kind;
	uint32_t capacity;
	uint32_t align;
	uint32_t gap; /* from the end of the first session to the second */
	uint32_t later_gap;
	bool simulates;
};

/* The last one is no disc for several short sessions. */
enum { SEQUENTIAL = 6, OVERWRITABLE = 5 };
extern const struct medium_case sequential[SEQUENTIAL];
extern const struct medium_case overwritable[OVERWRITABLE];

#endif
