/* SPDX-License-Identifier: MIT */
/*
 * check_stopped_calls.c - calls that only look at a disc, close, repair or
 * blank one, stopped at each question, by the hook that they are given or by
 * that of the drive: LATHE_ERR_CANCELLED and nothing else, output as it was,
 * what is on the disc still there, and the same call later does its work.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- the user ----------------------------------------------------------- */

static struct {
	uint32_t asked, at;	/* at 0: never */
	bool said;
} user;

static bool cancelled(void *ctx)
{
	(void)ctx;
	user.asked++;
	if (!user.at || user.asked < user.at)
		return false;
	user.said = true;
	return true;
}

static void the_user_says_it_at(uint32_t question)
{
	memset(&user, 0, sizeof(user));
	user.at = question;
}

/* ---- calls -------------------------------------------------------------- */

struct scene {
	struct lathe_emulator_store *from, *store;
	struct model model, more;
	uint32_t start;		/* of the first session */
	struct rig rig;
	struct lathe_hooks hooks; /* what the calls are given */
};

static int inspects(struct scene *scene)
{
	static struct lathe_session_disc disc, before;
	int err;

	memset(&before, 0x55, sizeof(before));
	disc = before;
	err = lathe_session_inspect(&scene->rig.mmc, &scene->hooks, &disc);
	if (err)
		ck_assert_mem_eq(&disc, &before, sizeof(disc));
	return err;
}

static int identifies(struct scene *scene)
{
	struct lathe_session_identity identity, before;
	int err;

	memset(&before, 0x55, sizeof(before));
	identity = before;
	err = lathe_session_identify(&scene->rig.mmc, &identity);
	if (err)
		ck_assert_mem_eq(&identity, &before, sizeof(before));
	return err;
}

/* What was found before is asked of again. */
static int gets(struct scene *scene)
{
	struct lathe_session_info info, before;
	struct lathe_session_disc *disc = malloc(sizeof(*disc));
	uint32_t at = user.at;
	int err;

	ck_assert_ptr_nonnull(disc);
	the_user_says_it_at(0);
	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, NULL, disc), 0);
	the_user_says_it_at(at);
	memset(&before, 0x55, sizeof(before));
	info = before;
	err = lathe_session_get(&scene->rig.mmc, disc, 1, &info);
	if (err)
		ck_assert_mem_eq(&info, &before, sizeof(before));
	else
		ck_assert_uint_eq(info.start, scene->start);
	free(disc);
	return err;
}

static int verifies(struct scene *scene)
{
	struct lathe_session_reader reader;
	struct lathe_session_check check;
	struct lathe_mmc_medium medium;
	struct lathe_failure failure;
	int err = lathe_mmc_wait_ready(&scene->rig.mmc, 10000);

	if (err)
		return err;
	ck_assert_int_eq(lathe_mmc_read_medium(&scene->rig.mmc, &medium), 0);
	lathe_session_reader_init(&reader, &scene->rig.mmc, &medium, false);
	err = lathe_session_verify_volume(&reader.blocks, scene->start,
					  LATHE_SESSION_VERIFY_FULL,
					  &scene->hooks, NULL, NULL, &check,
					  &failure);
	if (err)
		ck_assert_int_eq(failure.err, err);
	ck_assert_uint_eq(check.files_bad, 0);
	return err;
}

static int repairs(struct scene *scene)
{
	struct lathe_failure failure;
	bool needed = false;
	int err = lathe_session_repair(&scene->rig.mmc, &scene->hooks, &needed,
				       &failure);

	ck_assert_int_eq(failure.err, err);
	ck_assert(!err || !needed);
	return err;
}

static int closes(struct scene *scene)
{
	struct lathe_failure failure;
	int err = lathe_session_close(&scene->rig.mmc, &scene->hooks, false,
				      false, &failure);

	ck_assert_int_eq(failure.err, err);
	ck_assert_int_eq(disc_state(scene->store).sessions, err ? 1 : 2);
	return err;
}

static int blanks(struct scene *scene)
{
	struct lathe_failure failure;
	int err = lathe_session_blank(&scene->rig.mmc, &scene->hooks,
				      LATHE_MMC_BLANK_USUAL, &failure);

	ck_assert_int_eq(failure.err, err);
	return err;
}

/* The object stays of use. */
static int chooses(struct scene *scene)
{
	struct rig *rig = &scene->rig;
	struct lathe_session_config config = rig_config(rig);
	int err;

	config.hooks = scene->hooks;
	if (!rig->master)
		rig_master(rig, &config);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	ck_assert_int_eq(lathe_session_failure(rig->master)->err, err);
	if (!err)
		ck_assert_int_eq(lathe_session_current_mode(rig->master),
				 LATHE_SESSION_MODE_MULTI);
	return err;
}

/* ---- discs -------------------------------------------------------------- */

/* A session of ours, and behind it one that is cut in front of its end. */
static void begin(struct scene *scene, enum lathe_emulator_media media,
		  bool cut)
{
	struct lathe_session_report report;
	struct rig *rig = &scene->rig;

	memset(scene, 0, sizeof(*scene));
	scene->from = blank_disc(media);
	model_put(&scene->model, "one", 1, 70000);
	model_put(&scene->model, "two", 2, 700000);
	model_put(&scene->more, "three", 3, 3000);
	rig_create(rig, scene->from, NULL);
	ck_assert_int_eq(rig_burn(rig, &scene->model,
				  LATHE_SESSION_VERIFY_NONE, &report), 0);
	scene->start = report.start;
	if (cut) {
		ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
							   "op=5B gone"), 0);
		ck_assert_int_eq(rig_burn(rig, &scene->more,
					  LATHE_SESSION_VERIFY_NONE, &report),
				 LATHE_ERR_NO_DEVICE);
	}
	rig_destroy(rig);
}

static void end(struct scene *scene)
{
	lathe_emulator_store_close(scene->from);
	model_free(&scene->model);
	model_free(&scene->more);
}

/* ---- the sweep ---------------------------------------------------------- */

static const struct row {
	int (*call)(struct scene *scene);
	enum lathe_emulator_media media;
	bool cut, erases;
} rows[] = {
	{ inspects, LATHE_EMULATOR_CD_R_80, false, false },
	{ inspects, LATHE_EMULATOR_DVD_R, true, false },
	{ inspects, LATHE_EMULATOR_BD_RE, false, false },
	{ identifies, LATHE_EMULATOR_CD_R_80, false, false },
	{ identifies, LATHE_EMULATOR_DVD_PLUS_RW, false, false },
	{ gets, LATHE_EMULATOR_CD_R_80, false, false },
	{ gets, LATHE_EMULATOR_DVD_RAM, false, false },
	{ verifies, LATHE_EMULATOR_DVD_PLUS_R, false, false },
	{ verifies, LATHE_EMULATOR_BD_RE, false, false },
	{ repairs, LATHE_EMULATOR_DVD_RAM, false, false },
	{ repairs, LATHE_EMULATOR_DVD_RW_OW, false, false },
	{ closes, LATHE_EMULATOR_CD_R_80, true, false },
	{ closes, LATHE_EMULATOR_DVD_R, true, false },
	{ closes, LATHE_EMULATOR_BD_R, true, false },
	{ blanks, LATHE_EMULATOR_CD_RW, false, true },
	{ blanks, LATHE_EMULATOR_DVD_RW, false, true },
	{ blanks, LATHE_EMULATOR_DVD_PLUS_RW, false, true },
	{ blanks, LATHE_EMULATOR_DVD_RW_OW, false, true },
	{ chooses, LATHE_EMULATOR_CD_R_80, false, false },
	{ chooses, LATHE_EMULATOR_DVD_PLUS_R, false, false },
	{ chooses, LATHE_EMULATOR_BD_RE, false, false },
};

#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

/* The hook of the drive, or that of the call. */
static void give_hooks(struct scene *scene, bool of_the_drive)
{
	struct rig *rig = &scene->rig;
	struct lathe_mmc_config config = rig->mmc.config;

	scene->hooks = rig_config(rig).hooks;
	scene->hooks.cancelled = NULL;
	if (of_the_drive)
		config.hooks.cancelled = cancelled;
	else
		scene->hooks.cancelled = cancelled;
	ck_assert_int_eq(lathe_mmc_init(&rig->mmc, &config), 0);
}

/* False: it was asked fewer questions. */
static bool stop_at(struct scene *scene, const struct row *row, bool drives,
		    uint32_t question)
{
	struct rig *rig = &scene->rig;
	const char *wrong = NULL;
	bool said;
	int err;

	scene->store = copy_disc(scene->from);
	rig_create(rig, scene->store, NULL);
	give_hooks(scene, drives);
	the_user_says_it_at(question);
	err = row->call(scene);
	said = user.said;
	the_user_says_it_at(0);
	ck_assert_msg(err == (said ? LATHE_ERR_CANCELLED : 0),
		      "question %u: %s", question, lathe_err_name(err));
	ck_assert(!rig->locked);
	if (!row->erases)
		wrong = judge_volume(scene->store, scene->start, &scene->model,
				     NULL, NULL);
	ck_assert_msg(!wrong, "question %u: %s", question, wrong);
	if (said) {
		err = row->call(scene);
		ck_assert_msg(!err, "behind question %u: %s", question,
			      lathe_err_name(err));
	}
	rig_destroy(rig);
	lathe_emulator_store_close(scene->store);
	return said;
}

START_TEST(a_call_is_stopped_at_each_question)
{
	const struct row *row = &rows[_i / 2];
	struct scene scene;
	uint32_t question = 1;

	begin(&scene, row->media, row->cut);
	while (stop_at(&scene, row, _i % 2, question))
		question++;
	/* Whoever reads or writes through the drive is asked by it. */
	ck_assert(_i % 2 == 0 || question > 1);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: calls that are stopped");
	TCase *tc = tcase_create("stopped");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_call_is_stopped_at_each_question, 0,
			    2 * ROWS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
