/* SPDX-License-Identifier: MIT */
/*
 * Own volumes: any single bit of the metadata that flips is noticed, in the
 * descriptors, tables, directories and continuation areas of both
 * hierarchies, whether system use is read or not.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/suite.h"

static const char *const names[] = { "lathe-long", "lathe-plain", "lathe",
				     "lathe-two" };
enum { NAMES = sizeof(names) / sizeof(names[0]), ALL_BITS = 1 };

/* SPEC.md 1.6: blocks up to the end of the last directory. */
static uint32_t metadata_of(struct fuzz_disc *disc, uint32_t start)
{
	return lathe_get_le32(fuzz_disc_block(disc, start + 16) + 903);
}

static int import(struct fuzz_disc *disc, uint32_t start, bool rock_ridge)
{
	struct fuzz_import import;
	int err;

	fuzz_import_run(&import, disc, start,
			rock_ridge ? FUZZ_ROCK_RIDGE : 0);
	err = import.err;
	if (!err)
		ck_assert(import.found.own);
	fuzz_import_end(&import);
	return err;
}

/* One bit of each byte; in the smallest volume all of them. */
START_TEST(each_flipped_bit_is_noticed)
{
	struct fuzz_disc *disc = fuzz_disc_load(names[_i]);
	uint32_t start = fuzz_disc_last(disc), at, bit, first, last;
	uint32_t metadata = metadata_of(disc, start);
	uint8_t *p;

	ck_assert_int_eq(import(disc, start, true), 0);
	ck_assert_int_eq(import(disc, start, false), 0);
	for (at = 16 * 2048; at < metadata * 2048; at++) {
		p = fuzz_disc_block(disc, start + at / 2048) + at % 2048;
		first = _i < ALL_BITS ? 0 : at % 8;
		last = _i < ALL_BITS ? 7 : first;
		for (bit = first; bit <= last; bit++) {
			*p ^= (uint8_t)(1u << bit);
			if (import(disc, start, (at + bit) % 2) == 0)
				ck_abort_msg("%s: byte %u, bit %u", names[_i],
					     at, bit);
			*p ^= (uint8_t)(1u << bit);
		}
	}
	ck_assert_int_eq(import(disc, start, true), 0);
	fuzz_disc_close(disc);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("flipped bits");
	TCase *tc = tcase_create("bits");

	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, each_flipped_bit_is_noticed, 0, NAMES);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
