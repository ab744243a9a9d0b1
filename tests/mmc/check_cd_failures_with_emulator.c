/* SPDX-License-Identifier: MIT */
/*
 * Every command of a burn, a blanking and a read on CD fails once, in each way
 * that a command can: never success over a bad disc, never another disc
 * harmed.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/mmc/lib_bench.h"
#include "tests/suite.h"

static const char *const effects[] = {
	"sense=3/0c/00",
	"sense=4/44/00",
	"sense=2/04/00 times=0",
	"sense=2/04/01",
	"sense=5/20/00",
	"sense=5/24/00",
	"sense=b/4e/00",
	"sense=6/29/00",
	"sense=6/28/00",
	"sense=6/2a/01",
	"sense=1/0c/00",
	"sense=2/04/08",
	"deferred=3/0c/00",
	"deferred=4/44/00",
	"deferred=1/18/00",
	"timeout",
	"reset",
	"lost",
	"gone",
	"busy",
	"busy times=0",
	"refused",
	"toolarge",
	"powercut",
	"swap",
	"eject",
	"short=0",
	"short=7",
	"short=2048",
	"underrun",
};

enum { EFFECTS = COUNT(effects), MORE = 1000 };

/*
 * The second session of a disc, with command number 'after' failing. Success
 * means a whole disc; whatever comes out, the first session is unharmed, and
 * once the disc is 'known' no other one is written on.
 */
static void fail_once(struct lathe_emulator_store *first, uint32_t after,
		      bool known, const char *effect)
{
	struct lathe_emulator_store *disc, *other;
	struct lathe_emulator_disc state;
	uint32_t start = 0;
	char script[96];
	struct bench b;
	int err;

	ck_assert_int_eq(lathe_emulator_store_snapshot(first, &disc), 0);
	other = new_disc(LATHE_EMULATOR_CD_R_80);
	open_disc(&b, disc, NULL);
	lathe_emulator_set_swap(b.emulator, other);
	snprintf(script, sizeof(script), "after=%u %s", (unsigned)after,
		 effect);
	ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script), 0);
	err = record(&b, 2, MORE, &appendable, &start);

	ck_assert_msg(disc_holds(disc, 1, 0, 600), "%s: session 1", script);
	lathe_emulator_store_state(other, &state);
	if (!state.blank && !known) {
		/* It was there before anybody looked: then all of it. */
		ck_assert_msg(err == 0 && disc_holds(other, 2, 0, MORE),
			      "%s: half of the other disc", script);
		goto done;
	}
	ck_assert_msg(state.blank, "%s: the other disc", script);
	lathe_emulator_store_state(disc, &state);
	if (err == 0) {
		ck_assert_msg(disc_holds(disc, 2, start, MORE),
			      "%s: success over a bad disc", script);
		ck_assert_msg(state.sessions == 2 && state.appendable,
			      "%s: success without a session", script);
	} else {
		const struct lathe_failure *f = lathe_mmc_failure(&b.mmc);

		ck_assert_msg(f->err == err && f->text[0] != '\0',
			      "%s: no reason for %s", script,
			      lathe_err_name(err));
	}
done:
	lathe_emulator_insert(b.emulator, NULL);
	lathe_emulator_destroy(b.emulator);
	lathe_emulator_store_close(disc);
	lathe_emulator_store_close(other);
}

START_TEST(no_single_failure_gives_success_over_a_bad_disc)
{
	struct lathe_emulator_store *first;
	uint32_t start, commands, looking;
	struct bench b;

	/* What a burn without failure takes. */
	open_bench(&b, LATHE_EMULATOR_CD_R_80, NULL);
	must(&b, record(&b, 1, 600, &appendable, &start));
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &first), 0);
	commands = lathe_emulator_commands(b.emulator);
	must(&b, lathe_mmc_wait_ready(&b.mmc, 60000));
	must(&b, lathe_mmc_lock_tray(&b.mmc, true));
	must(&b, lathe_mmc_read_medium(&b.mmc, &b.medium));
	looking = lathe_emulator_commands(b.emulator) - commands;
	commands = lathe_emulator_commands(b.emulator);
	must(&b, record(&b, 2, MORE, &appendable, &start));
	commands = lathe_emulator_commands(b.emulator) - commands;
	close_bench(&b);
	ck_assert_uint_gt(commands, 20);

	for (uint32_t after = 0; after <= commands + 1; after++)
		fail_once(first, after, after > looking + 1, effects[_i]);
	lathe_emulator_store_close(first);
}
END_TEST

/* A CD-RW with one session, known to an engine; *commands: so many so far. */
static void open_rewritable(struct bench *b, struct lathe_emulator_store *disc,
			    struct lathe_emulator_store *swap,
			    uint32_t *commands)
{
	struct lathe_emulator_store *copy;

	ck_assert_int_eq(lathe_emulator_store_snapshot(disc, &copy), 0);
	open_disc(b, copy, NULL);
	lathe_emulator_set_swap(b->emulator, swap);
	must(b, lathe_mmc_read_medium(&b->mmc, &b->medium));
	*commands = lathe_emulator_commands(b->emulator);
}

static struct lathe_emulator_store *rewritable_with_session(uint32_t seed)
{
	struct lathe_emulator_store *copy;
	uint32_t start;
	struct bench b;

	open_bench(&b, LATHE_EMULATOR_CD_RW, NULL);
	must(&b, record(&b, seed, 600, &appendable, &start));
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &copy), 0);
	close_bench(&b);
	return copy;
}

START_TEST(no_single_failure_blanks_another_disc_or_none)
{
	struct lathe_emulator_store *disc = rewritable_with_session(1);
	struct lathe_emulator_store *other = rewritable_with_session(2);
	struct lathe_emulator_disc state;
	uint32_t before, commands;
	char script[96];
	struct bench b;
	int err;

	open_rewritable(&b, disc, other, &before);
	must(&b, lathe_mmc_blank(&b.mmc, &b.medium, LATHE_MMC_BLANK_MINIMAL));
	commands = lathe_emulator_commands(b.emulator) - before;
	close_bench(&b);

	for (uint32_t i = 0; i <= commands; i++) {
		open_rewritable(&b, disc, other, &before);
		snprintf(script, sizeof(script), "after=%u %s",
			 (unsigned)(before + i), effects[_i]);
		ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script),
				 0);
		err = lathe_mmc_blank(&b.mmc, &b.medium,
				      LATHE_MMC_BLANK_MINIMAL);
		lathe_emulator_store_state(b.disc, &state);
		ck_assert_msg(err != 0 || state.blank, "%s", script);
		ck_assert_msg(disc_holds(other, 2, 0, 600), "%s", script);
		lathe_emulator_insert(b.emulator, NULL);
		close_bench(&b);
	}
	lathe_emulator_store_close(disc);
	lathe_emulator_store_close(other);
}
END_TEST

START_TEST(no_single_failure_delivers_wrong_blocks)
{
	struct lathe_emulator_store *disc = rewritable_with_session(1);
	struct lathe_emulator_store *other = rewritable_with_session(2);
	static uint8_t data[100 * BLOCK];
	uint8_t want[BLOCK];
	uint32_t before;
	char script[96];
	struct bench b;

	for (uint32_t i = 0; i <= 5; i++) {
		open_rewritable(&b, disc, other, &before);
		snprintf(script, sizeof(script), "after=%u %s",
			 (unsigned)(before + i), effects[_i]);
		ck_assert_int_eq(lathe_emulator_set_faults(b.emulator, script),
				 0);
		memset(data, 0x11, sizeof(data));
		if (lathe_mmc_read(&b.mmc, 100, 100, true, data) == 0)
			for (uint32_t n = 0; n < 100; n++) {
				fill(want, 1, 100 + n);
				ck_assert_msg(memcmp(data + n * BLOCK, want,
						     BLOCK) == 0,
					      "%s: block %u", script,
					      (unsigned)(100 + n));
			}
		close_bench(&b);
	}
	lathe_emulator_store_close(disc);
	lathe_emulator_store_close(other);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc CD failures with the emulator");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, no_single_failure_gives_success_over_a_bad_disc,
			    0, EFFECTS);
	tcase_add_loop_test(t, no_single_failure_blanks_another_disc_or_none, 0,
			    EFFECTS);
	tcase_add_loop_test(t, no_single_failure_delivers_wrong_blocks, 0,
			    EFFECTS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
