/* SPDX-License-Identifier: MIT */
/*
 * Memory runs out, at each allocation once, for that one or from there on: in
 * each public call of iso9660/ and joliet/ that takes any. The call says so
 * (LATHE_ERR_MEMORY) or does without; what it worked on is as before; the
 * same call repeated with memory succeeds, and all that follows comes to the
 * same as if nothing had happened; nothing leaks.
 *
 * A scenario is a sequence of steps. It runs once in peace, for the number of
 * allocations and for what there is before each step, then for each of them.
 */
#ifndef TESTS_FUZZ_SWEEP_H
#define TESTS_FUZZ_SWEEP_H

#include <check.h>

#include "tests/fuzz/fuzz.h"

/* What a scenario works on. */
struct swept {
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan;
	uint64_t value;		/* of what was read */
	uint32_t step;
};
extern struct swept swept;

void sweep(void (*scenario)(void));

/* One call. */
#define STEP(call)                                                             \
	do {                                                                   \
		int err_;                                                      \
		sweep_begin_step();                                            \
		err_ = (call);                                                 \
		if (sweep_has_failed(err_))                                    \
			err_ = (call);                                         \
		ck_assert_msg(err_ == 0, "step %u: %d", swept.step, err_);     \
		swept.step++;                                                  \
	} while (0)

void sweep_begin_step(void);
/* In peace: how it was. Else: did it fail, and is all as it was? */
bool sweep_has_failed(int err);
uint64_t sweep_mix(uint64_t sum, uint64_t with);

/* What the test itself does takes memory that is there and does not count. */
struct fuzz_heap begin_peace(void);
void end_peace(struct fuzz_heap heap);

/* ---- steps of several scenarios ----------------------------------------- */

int create(void);
void drop_tree(void);
int add(uint32_t parent, const char *name, uint32_t flags, uint32_t *node);

extern const struct lathe_iso9660_attributes attributes;
extern const struct lathe_iso9660_rock_ridge_options keep_all;
int make_plan(const struct lathe_iso9660_rock_ridge_options *system_use);
void drop_plan(void);

#endif
