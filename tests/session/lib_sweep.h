/* SPDX-License-Identifier: MIT */
/*
 * lib_sweep.h - whichever command of a burn meets with whichever fault: the
 * faults, a burn with one of them, and the judgement of how it ended.
 */
#ifndef TESTS_SESSION_LIB_SWEEP_H
#define TESTS_SESSION_LIB_SWEEP_H

#include "tests/session/lib_rig.h"

/* One way in which a command can fail. */
struct fault {
	const char *name;
	const char *script;	/* NULL: the user cancels */
	bool silent;		/* the drive does not notice either */
};

enum { SWEEP_FAULTS = 29 };
extern const struct fault sweep_faults[SWEEP_FAULTS];

/* How a burn ended. */
struct outcome {
	int err;
	struct lathe_failure failure;
	struct lathe_session_report report;
	char told[MODEL_FILES][96];	/* paths told as not whole */
	uint32_t told_count;
	uint8_t op;			/* the command that was hit */
	bool hit;
	bool locked;
	bool alive;			/* the drive still answers */
	uint32_t commands;
};

/* 'ctx' of sweep_not_whole(), the callback of that name in the options. */
struct sweep_listener {
	struct rig *rig;
	struct outcome *outcome;
};

void sweep_not_whole(void *ctx, uint32_t node, uint64_t offset, int err,
		     const char *text);

/* Burn 'content' on 'store' with 'fault', if any, at command 'at', by a drive
 * of that personality (NULL: none); full verification. */
void sweep_burn(struct lathe_emulator_store *store, const char *personality,
		const struct model *content, const struct fault *fault,
		uint32_t at, struct outcome *out);

/* An 'exempt' of judge_volume(), 'ctx' being the outcome: files that were told
 * as not whole. */
bool sweep_was_told(void *ctx, const char *path);

/* What is wrong, or NULL. */

/* An error says in which phase, of which command, where, and the sense. */
const char *sweep_judge_words(const struct outcome *out);

/* Media with sessions of the drive's: is the end what the disc shows? */
const char *sweep_judge_end(const struct outcome *out,
			    const struct lathe_emulator_disc *disc,
			    const struct lathe_emulator_disc *before);

/* ... and its newest session, if one was closed, what it should be? */
const char *sweep_judge(struct lathe_emulator_store *store,
			const struct lathe_emulator_disc *before,
			const struct model *should, const struct fault *fault,
			struct outcome *out);

#endif
