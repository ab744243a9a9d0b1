/* SPDX-License-Identifier: MIT */
/*
 * What holds on every DVD and BD: the speed that is granted is told, drives of
 * all kinds are got along with, and whichever command fails, no session is
 * lost.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/mmc/lib_bench.h"
#include "tests/suite.h"

/* ---- speed -------------------------------------------------------------- */

START_TEST(the_speed_that_is_granted_is_told)
{
	const struct medium_case *c =
		_i < SEQUENTIAL ? &sequential[_i]
				: &overwritable[_i - SEQUENTIAL];
	/* 1x: MMC-6, DVD 1385 kB/s, BD 4496. */
	uint32_t single = c->align == 32 ? 4496 : 1385, fastest;
	struct bench b;

	open_bench(&b, c->media, NULL);
	must(&b, look(&b));
	must(&b, lathe_mmc_set_write_speed(&b.mmc, 0));
	fastest = lathe_mmc_write_speed(&b.mmc);
	ck_assert_uint_ge(fastest, single);
	must(&b, lathe_mmc_set_write_speed(&b.mmc, 4 * single + 100));
	ck_assert_uint_le(lathe_mmc_write_speed(&b.mmc), 4 * single + 100);
	ck_assert_uint_ge(lathe_mmc_write_speed(&b.mmc), single - 50);
	/* And back: speeds outlive what they were set for. */
	must(&b, lathe_mmc_set_write_speed(&b.mmc, 0));
	ck_assert_uint_eq(lathe_mmc_write_speed(&b.mmc), fastest);
	close_bench(&b);
}
END_TEST

/* ---- other behaviours --------------------------------------------------- */

START_TEST(sessions_with_every_personality)
{
	const struct medium_case *c = &sequential[_i];
	uint32_t start, first, i = 0;
	const char *name;
	struct bench b;

	while ((name = next_personality(&i)) != NULL) {
		open_personality(&b, c->media, name);
		must(&b, record(&b, 1, 64, &appendable, &first));
		must(&b, record(&b, 2, 96, &final, &start));
		ck_assert_msg(disc_holds(b.disc, 1, first, 64) &&
				      disc_holds(b.disc, 2, start, 96),
			      "%s", name);
		ck_assert_int_eq(b.medium.status, LATHE_MMC_STATUS_FINAL);
		close_bench(&b);
	}
}
END_TEST

START_TEST(overwriting_with_every_personality)
{
	const struct medium_case *c = &overwritable[_i];
	const char *name;
	uint32_t i = 0;
	struct bench b;

	while ((name = next_personality(&i)) != NULL) {
		open_personality(&b, c->media, name);
		must(&b, record_over(&b, 1, 32, 64));
		must(&b, record_over(&b, 2, 96, 32));
		ck_assert_msg(disc_holds(b.disc, 102, 0, 32) &&
				      disc_holds(b.disc, 1, 32, 64) &&
				      disc_holds(b.disc, 2, 96, 32),
			      "%s", name);
		close_bench(&b);
	}
}
END_TEST

/* ---- each command fails once -------------------------------------------- */

/* Write errors damage the disc, so that they are for WRITEs; a deferred one
 * what was written before. */
static const char *const causes[] = {
	"sense=4/44/00", "sense=5/24/00", "sense=2/04/01", "sense=B/47/00",
	"sense=6/28/00", "timeout",	  "lost",	   "reset",
	"powercut",	 "busy",	  "op=2A sense=3/0C/00",
	"op=2A count=2 deferred=3/0C/00"
};

/* A second session of which command 'n' fails; true if there was none left. */
static bool fail_one(struct lathe_emulator_store *first, const char *cause,
		     uint32_t n, bool over)
{
	struct lathe_emulator_store *disc;
	uint32_t start = 0;
	char script[80];
	struct bench b;
	bool fired;
	int err;

	ck_assert_int_eq(lathe_emulator_store_snapshot(first, &disc), 0);
	open_disc(&b, disc, NULL);
	snprintf(script, sizeof(script), "after=%u %s", (unsigned)n, cause);
	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script), 0);
	err = over ? record_over(&b, 2, 96, 64)
		   : record(&b, 2, 64, &appendable, &start);
	if (err)
		ck_assert_uint_gt(strlen(lathe_mmc_failure(&b.mmc)->text), 0);
	else
		ck_assert_msg(disc_holds(b.disc, 2, over ? 96 : start, 64),
			      "%s, command %u", cause, (unsigned)n);
	ck_assert_msg(over ? disc_holds(b.disc, 1, 32, 64)
			   : disc_holds(b.disc, 1, 0, 64),
		      "%s, command %u: the first session", cause, (unsigned)n);
	fired = lathe_emulator_faults_fired(b.emulator) > 0;
	close_bench(&b);
	return !fired;
}

static void fail_each(const struct medium_case *c, bool over)
{
	uint32_t start, burns = 0;
	struct bench b;

	open_bench(&b, c->media, NULL);
	if (over)
		must(&b, record_over(&b, 1, 32, 64));
	else
		must(&b, record(&b, 1, 64, &appendable, &start));
	lathe_emulator_insert(b.emulator, NULL);
	for (int i = 0; i < COUNT(causes); i++)
		for (uint32_t n = 0; !fail_one(b.disc, causes[i], n, over); n++)
			burns++;
	ck_assert_uint_gt(burns, 100);
	close_bench(&b);
}

START_TEST(whatever_command_fails_no_session_is_lost)
{
	fail_each(&sequential[_i], false);
}
END_TEST

START_TEST(whatever_command_fails_nothing_else_is_overwritten)
{
	fail_each(&overwritable[_i], true);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc all media with the emulator");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, the_speed_that_is_granted_is_told, 0,
			    SEQUENTIAL + OVERWRITABLE);
	tcase_add_loop_test(t, sessions_with_every_personality, 0,
			    SEQUENTIAL - 1);
	tcase_add_loop_test(t, overwriting_with_every_personality, 0,
			    OVERWRITABLE);
	tcase_add_loop_test(t, whatever_command_fails_no_session_is_lost, 0,
			    SEQUENTIAL - 1);
	tcase_add_loop_test(
		t, whatever_command_fails_nothing_else_is_overwritten, 0,
		OVERWRITABLE);
	suite_add_tcase(s, t);
	return run_suite(s);
}
