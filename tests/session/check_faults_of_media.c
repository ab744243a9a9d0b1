/* SPDX-License-Identifier: MIT */
/*
 * check_faults_of_media.c - on every medium, blank or with a session: the burn
 * meets each fault at each command. It ends in an error that says what
 * happened, or in a disc that is whole; what was on the disc before stays.
 * Judged by the stored blocks, never through the engine. So with drives that
 * behave in another way in such a case.
 *
 * From the environment: LATHE_FAULTS=whole tries every command of the usual
 * drive (without it every n-th one) and prints how many burns that were;
 * LATHE_FAULTS_PART=K/N makes the K-th of N parts of the work, K from 0.
 */
#define _DEFAULT_SOURCE

#include "tests/session/lib_sweep.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const struct medium {
	enum lathe_emulator_media media;
	const char *name;
	bool overwritable;
} media[] = {
	{ LATHE_EMULATOR_CD_R_80, "CD-R", false },
	{ LATHE_EMULATOR_CD_RW, "CD-RW", false },
	{ LATHE_EMULATOR_DVD_R, "DVD-R", false },
	{ LATHE_EMULATOR_DVD_RW, "DVD-RW", false },
	{ LATHE_EMULATOR_DVD_RW_OW, "DVD-RW, restricted overwrite", true },
	{ LATHE_EMULATOR_DVD_PLUS_R, "DVD+R", false },
	{ LATHE_EMULATOR_DVD_PLUS_RW, "DVD+RW", true },
	{ LATHE_EMULATOR_DVD_RAM, "DVD-RAM", true },
	{ LATHE_EMULATOR_BD_R, "BD-R", false },
	{ LATHE_EMULATOR_BD_RE, "BD-RE", true },
};

/* A burn on each as it is bought, and one behind a session. */
#define SCENARIOS ((int)(2 * sizeof(media) / sizeof(media[0])))

/* Every n-th command, if not all. */
#define STRIDE 9u

/* ---- how much of it ----------------------------------------------------- */

/* Shared by the processes that Check makes for its tests. */
static struct {
	uint32_t burns;
} *tally;

static bool whole;
static int part, parts = 1;

static void read_environment(void)
{
	const char *faults = getenv("LATHE_FAULTS");
	const char *share = getenv("LATHE_FAULTS_PART");

	whole = faults && strcmp(faults, "whole") == 0;
	if (share && (sscanf(share, "%d/%d", &part, &parts) != 2 ||
		      part < 0 || parts < 1))
		parts = 1;
	part %= parts;
}

static bool make_tally(void)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return tally != MAP_FAILED;
}

/* ---- a scenario --------------------------------------------------------- */

struct scenario {
	const struct medium *medium;
	const char *personality;	/* of the drive, or NULL */
	bool append;
	struct lathe_emulator_store *disc;	/* before the burn */
	struct lathe_emulator_disc before;	/* its state */
	struct model first;	/* on the disc, if it is not blank */
	struct model added;	/* what the burn is given */
	struct model should;	/* what its session holds */
	uint32_t first_start;
};

static void put_first(struct model *model)
{
	model_put(model, "kept", 1, 3000);
	model_put(model, "replaced", 2, 9000);
	model_put(model, "folder/deep", 3, 30000);
	model_put(model, "folder/empty", 4, 0);
}

static void put_second(struct model *model)
{
	model_put(model, "replaced", 5, 5000);
	model_put(model, "new/file", 6, 40000);
	model_put(model, "new/small", 7, 1);
}

static void burn_first(struct scenario *scenario)
{
	struct outcome out;

	sweep_burn(scenario->disc, NULL, &scenario->first, NULL, 0, &out);
	ck_assert_msg(!out.err, "%s: %s", scenario->medium->name,
		      out.failure.text);
	scenario->first_start = out.report.start;
}

static struct scenario *begin(int number)
{
	struct scenario *scenario = calloc(1, sizeof(*scenario));

	ck_assert_ptr_nonnull(scenario);
	scenario->medium = &media[number / 2];
	scenario->append = number % 2;
	scenario->disc = blank_disc(scenario->medium->media);
	put_first(&scenario->should);
	if (scenario->append) {
		put_first(&scenario->first);
		put_second(&scenario->should);
		put_second(&scenario->added);
		burn_first(scenario);
	} else {
		put_first(&scenario->added);
	}
	scenario->before = disc_state(scenario->disc);
	return scenario;
}

static void end(struct scenario *scenario)
{
	lathe_emulator_store_close(scenario->disc);
	model_free(&scenario->first);
	model_free(&scenario->added);
	model_free(&scenario->should);
	free(scenario);
}

/* ---- overwritable media ------------------------------------------------- */

/* The new session, where readers look and at its own start. */
static const char *judge_new(struct lathe_emulator_store *store,
			     const struct scenario *scenario,
			     struct outcome *out)
{
	const char *wrong;

	wrong = judge_volume(store, 0, &scenario->should, sweep_was_told, out);
	return wrong ? wrong :
		       judge_volume(store, out->report.start,
				    &scenario->should, sweep_was_told, out);
}

/* By another program, perhaps with another drive. */
static const char *repair(struct lathe_emulator_store *store,
			  bool *needed)
{
	static char text[300];
	struct lathe_failure failure;
	struct rig rig;
	int err;

	rig_create(&rig, store, NULL);
	err = lathe_session_repair(&rig.mmc, NULL, needed, &failure);
	rig_destroy(&rig);
	if (!err)
		return NULL;
	snprintf(text, sizeof(text), "repair: %s", failure.text);
	return text;
}

/* What readers see is the state before or the new one, as was told. */
static const char *judge_head(struct lathe_emulator_store *store,
			      const struct scenario *scenario,
			      struct outcome *out)
{
	const char *new = judge_new(store, scenario, out), *old = "none";

	if (scenario->append)
		old = judge_volume(store, 0, &scenario->first, NULL, NULL);
	switch (out->report.end) {
	case LATHE_SESSION_END_APPENDABLE:
	case LATHE_SESSION_END_TORN:
		return new;
	case LATHE_SESSION_END_UNTOUCHED:
	case LATHE_SESSION_END_OPEN:
		return scenario->append ? old : NULL;
	case LATHE_SESSION_END_UNKNOWN:
		return scenario->append && old ? new : NULL;
	case LATHE_SESSION_END_FINAL:
		break;
	}
	return "final, and nothing here can be";
}

static const char *judge_overwritable(struct lathe_emulator_store *store,
				      const struct scenario *scenario,
				      const struct fault *fault,
				      struct outcome *out)
{
	bool needed = false;
	const char *wrong;

	if (out->locked && out->alive)
		return "the tray is locked";
	if (!out->err) {
		if (out->told_count ||
		    out->report.end != LATHE_SESSION_END_APPENDABLE)
			return "success, but no appendable session";
		wrong = judge_new(store, scenario, out);
		if (!wrong)
			wrong = repair(store, &needed);
		return !wrong && needed ? "success over a torn head" : wrong;
	}
	wrong = sweep_judge_words(out);
	/* With bits that flip unnoticed nobody knows what is on the disc, but
	 * for what was there before. */
	if (wrong || fault->silent)
		return wrong;
	/* Where nothing is found all of the medium would be searched. */
	if (scenario->append || out->report.end == LATHE_SESSION_END_TORN)
		wrong = repair(store, &needed);
	if (!wrong && needed && out->report.end != LATHE_SESSION_END_TORN &&
	    out->report.end != LATHE_SESSION_END_UNKNOWN)
		wrong = "the head was torn";
	return wrong ? wrong : judge_head(store, scenario, out);
}

/* ---- the sweep ---------------------------------------------------------- */

static const char *judge(struct lathe_emulator_store *store,
			 const struct scenario *scenario,
			 const struct fault *fault, struct outcome *out)
{
	static char text[300];
	const char *wrong;

	if (scenario->medium->overwritable)
		wrong = judge_overwritable(store, scenario, fault, out);
	else
		wrong = sweep_judge(store, &scenario->before,
				    &scenario->should, fault, out);
	if (wrong || !scenario->append)
		return wrong;
	/* The first session never loses a byte. */
	wrong = judge_volume(store, scenario->first_start, &scenario->first,
			     NULL, NULL);
	if (!wrong)
		return NULL;
	snprintf(text, sizeof(text), "session 1: %s", wrong);
	return text;
}

/* True: the burn came as far as command 'at'. */
static bool burn_and_judge(const struct scenario *scenario,
			   const struct fault *fault, uint32_t at)
{
	struct lathe_emulator_store *store = copy_disc(scenario->disc);
	struct outcome out;
	const char *wrong;

	sweep_burn(store, scenario->personality, &scenario->added, fault, at,
		   &out);
	tally->burns++;
	wrong = judge(store, scenario, fault, &out);
	if (!wrong && !out.hit && out.err)
		wrong = "an error without a fault";
	ck_assert_msg(!wrong, "%s, %s, %s, %s at command %u (%02X): %s; "
		      "error %s, end %d: %s", scenario->medium->name,
		      scenario->append ? "append" : "blank",
		      scenario->personality ? scenario->personality : "usual",
		      fault->name, at, out.op, wrong, lathe_err_name(out.err),
		      out.report.end, out.failure.text);
	lathe_emulator_store_close(store);
	return out.hit;
}

/* Every n-th command of a burn, another first one for each 'number'. */
static void sweep(int scenario_number, const char *personality,
		  const struct fault *fault, int number)
{
	uint32_t stride = whole && !personality ? 1 : STRIDE, at;
	struct scenario *scenario;

	if (number % parts != part)
		return;
	scenario = begin(scenario_number);
	scenario->personality = personality;
	for (at = 1 + (uint32_t)number % stride;
	     burn_and_judge(scenario, fault, at); at += stride)
		ck_assert_uint_lt(at, 2000);
	/* The sweep went through a whole burn. */
	ck_assert_uint_gt(at, 40);
	end(scenario);
}

START_TEST(one_fault_on_one_medium)
{
	sweep(_i / SWEEP_FAULTS, NULL, &sweep_faults[_i % SWEEP_FAULTS], _i);
}
END_TEST

/* Drives that take a fault in another way than the usual one does. */
static const struct habit {
	const char *personality, *fault;
} habits[] = {
	{ "power-cut-flushes", "power cut" },
	{ "power-cut-reorders", "power cut" },
	{ "power-cut-clean", "power cut" },
	{ "torn-block-refuses", "power cut" },
	{ "format-survives-cut", "power cut" },
	{ "reset-keeps-buffer", "reset" },
	{ "write-error-clean", "medium error" },
	{ "write-error-clean", "write errors for good" },
	{ "no-resume", "medium error" },
	{ "late-error-of-first", "deferred write error" }
};

#define HABITS ((int)(sizeof(habits) / sizeof(habits[0])))

START_TEST(one_fault_of_another_drive)
{
	const struct habit *habit = &habits[_i % HABITS];
	const struct fault *fault = sweep_faults;

	while (strcmp(fault->name, habit->fault) != 0)
		ck_assert(++fault < sweep_faults + SWEEP_FAULTS);
	sweep(_i / HABITS, habit->personality, fault, _i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: faults of media");
	TCase *tc = tcase_create("sweep");
	SRunner *runner;
	int failed;

	read_environment();
	if (!make_tally())
		return 1;
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, one_fault_on_one_medium, 0,
			    SCENARIOS * SWEEP_FAULTS);
	tcase_add_loop_test(tc, one_fault_of_another_drive, 0,
			    SCENARIOS * HABITS);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	if (whole)
		printf("%u burns, %d scenarios, %d causes\n", tally->burns,
		       SCENARIOS, SWEEP_FAULTS);
	return failed != 0 || tally->burns == 0;
}
