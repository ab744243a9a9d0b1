/* SPDX-License-Identifier: MIT */
/*
 * lib_rig.h - what the tests of sessions share: a drive made of software with
 * a disc in memory, content that is known, and a judge that reads the disc's
 * stored blocks by the standards, without any code of the engine.
 */
#ifndef TESTS_SESSION_LIB_RIG_H
#define TESTS_SESSION_LIB_RIG_H

#include "mmc/emulator/lathe_emulator.h"
#include "session/lathe_session.h"

/* ---- content ------------------------------------------------------------ */

#define MODEL_FILES 96

struct model_file {
	char path[96];		/* "dir/name", without a leading "/" */
	uint32_t seed;		/* of its bytes */
	uint32_t size;
	uint8_t *data;
};

/* What a disc should hold. */
struct model {
	struct model_file file[MODEL_FILES];
	uint32_t count;
};

uint8_t model_byte(uint32_t seed, uint32_t at);
void model_put(struct model *model, const char *path, uint32_t seed,
	       uint32_t size);
void model_remove(struct model *model, const char *path);
void model_free(struct model *model);

/* ---- the rig ------------------------------------------------------------ */

struct rig {
	struct lathe_emulator *emulator;
	struct lathe_emulator_store *store;	/* in the drive at first */
	struct lathe_mmc mmc;
	struct lathe_session_master *master;

	/* Between engine and drive. */
	uint32_t commands;
	uint32_t sent[256];		/* by operation code */
	uint32_t cancel_at;		/* the hook says yes from there on */
	uint32_t cancel_at_write;	/* ... from that WRITE(10) on */
	uint32_t fault_at;		/* the command that 'fault' hits */
	const char *fault;		/* of the emulator's grammar */
	uint8_t fault_op;		/* what was hit */
	void (*lie)(struct rig *rig, struct lathe_cmd *cmd); /* changes
					 * what the drive answered */
	bool (*instead)(struct rig *rig, struct lathe_cmd *cmd); /* answers
					 * in the drive's place, if it says so */
	bool locked;			/* as the last PREVENT ALLOW made it */

	/* What the hooks were told. */
	uint32_t warnings, phases;
	char phase_order[64];		/* a letter each: IPLWCV, see lib */
	uint64_t last_done;
	enum lathe_phase last_phase;
	bool went_back;
	bool first_seen, last_seen;	/* 0 and all blocks were reported */

	/* Files told as not whole. */
	uint32_t not_whole;
	uint32_t not_whole_node[MODEL_FILES];
	int64_t live;			/* bytes allocated */
	uint32_t allocations;
	uint32_t no_memory_at;		/* the one that fails; 0: none */
};

void rig_create(struct rig *rig, struct lathe_emulator_store *store,
		const char *personality);
/* Ends with a check that nothing is allocated any more; the store, which may
 * have been changed, stays the caller's. */
void rig_destroy(struct rig *rig);

/* For rig.lie: the command ends with this sense, SPC-4 4.5.3. */
void rig_refuse(struct lathe_cmd *cmd, uint8_t key, uint8_t asc);

/* The program is started anew: no master, no faults, nothing known of the
 * drive. */
void rig_restart(struct rig *rig);

/* A master of default options over the rig's hooks. */
struct lathe_session_config rig_config(struct rig *rig);
void rig_master(struct rig *rig, const struct lathe_session_config *config);

/* Add 'content' file by file, from memory; replaces what is there. */
int rig_add(struct rig *rig, const struct model *content);

struct lathe_session_record_options rig_options(struct rig *rig,
						enum lathe_session_verify verify);

/* Choose the drive, stage, record. */
int rig_burn(struct rig *rig, const struct model *content,
	     enum lathe_session_verify verify,
	     struct lathe_session_report *report);

/* A file of zeros, behind all else that is in the root: an edit of its own. */
#define RIG_ZEROS "~/zeros.bin"
int rig_add_zeros(struct rig *rig, uint64_t bytes);

/* lathe_session_stream.read: zeros without an end. */
int rig_zeros(void *ctx, uint8_t *out, uint32_t count, uint32_t *got);

struct lathe_emulator_store *blank_disc(enum lathe_emulator_media media);
/* Of large files on it only digests are kept. */
struct lathe_emulator_store *digest_disc(enum lathe_emulator_media media);
struct lathe_emulator_store *copy_disc(struct lathe_emulator_store *store);
struct lathe_emulator_disc disc_state(struct lathe_emulator_store *store);

/* ---- the judge ---------------------------------------------------------- */

/*
 * Does the volume at 'start' hold the model's files and nothing else, in the
 * ISO 9660 and in the Joliet hierarchy? NULL if so, else a text that says what
 * is wrong. 'exempt' (may be NULL) names files that may be damaged.
 */
const char *judge_volume(struct lathe_emulator_store *store, uint32_t start,
			 const struct model *model,
			 bool (*exempt)(void *ctx, const char *path),
			 void *ctx);

/* The start of complete session 'number', or UINT32_MAX. */
uint32_t judge_session(struct lathe_emulator_store *store, uint32_t number);

/* Are two discs the same, block by block, up to 'end', and in their text? */
bool judge_same(struct lathe_emulator_store *a, struct lathe_emulator_store *b,
		uint32_t end);

#endif
