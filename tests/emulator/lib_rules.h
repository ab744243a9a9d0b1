/* SPDX-License-Identifier: MIT */
/* lib_rules.h - one test for each row of the emulator's table of rules. Where
 * the row names a personality, its test shows both behaviours. */
#ifndef LATHE_TEST_EMULATOR_RULES_H
#define LATHE_TEST_EMULATOR_RULES_H

#include <check.h>

#include "tests/emulator/lib_wire.h"

struct rule_test {
	const char *id;
	void (*run)(struct bench *b);
};

/*
 * A program whose only tests are these rules, on a medium of that kind; what
 * main() returns. Every rule whose identifier begins with one of 'areas' (up
 * to its stop) has to have a test here, and every test a rule.
 */
int rules_main(const char *name, enum lathe_emulator_media media,
	       const struct rule_test *tests, size_t n,
	       const char *const *areas, size_t n_areas);

/* A fresh drive and disc, in place of those of 'b'. */
void reopen(struct bench *b, enum lathe_emulator_media media,
	    const char *personality);

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define SYNC_IMMED "35 02 00 00 00 00 00 00 00 00"
#define CLOSE_TRACK "5b 00 01 00 00 01 00 00 00 00"
#define CLOSE_SESSION "5b 00 02 00 00 00 00 00 00 00"
#define CLOSE_SESSION_IMMED "5b 01 02 00 00 00 00 00 00 00"
#define READY "00 00 00 00 00 00"
#define DISC_INFORMATION "51 00 00 00 00 00 00 00 22 00"
#define TRACK_1 "52 01 00 00 00 01 00 00 24 00"
#define TRACK_FF "52 01 00 00 00 ff 00 00 24 00"

#define IS(call, result) ck_assert_uint_eq(call, result)

#endif
