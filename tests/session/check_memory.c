/* SPDX-License-Identifier: MIT */
/*
 * check_memory.c - memory that runs out, at each allocation of each call: the
 * error is LATHE_ERR_MEMORY and nothing else, nothing is leaked, what was on
 * the disc is still there, and the same call later does what it should.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

/* ---- calls -------------------------------------------------------------- */

struct scene {
	struct rig rig;
	struct lathe_hooks hooks;
	struct model *old, *more;
	struct lathe_session_report report;
};

static int inspects(struct scene *scene)
{
	struct lathe_session_disc disc;

	return lathe_session_inspect(&scene->rig.mmc, &scene->hooks, &disc);
}

static int reads_a_head(struct scene *scene)
{
	static uint8_t head[32 * 2048];
	struct lathe_session_reader reader;
	struct lathe_iso9660_chain *chain;
	struct lathe_mmc_medium medium;
	bool agrees = false;
	int err;

	ck_assert_int_eq(lathe_mmc_wait_ready(&scene->rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&scene->rig.mmc, &medium), 0);
	lathe_session_reader_init(&reader, &scene->rig.mmc, &medium, false);
	err = lathe_session_chain(&reader.blocks, &scene->hooks, &chain);
	if (err)
		return err;
	err = lathe_session_head(&reader.blocks, &scene->hooks, chain, head,
				 &agrees);
	lathe_iso9660_chain_destroy(chain);
	if (!err)
		ck_assert(agrees);
	return err;
}

static int verifies(struct scene *scene)
{
	struct lathe_session_reader reader;
	struct lathe_session_check check;
	struct lathe_mmc_medium medium;
	struct lathe_failure failure;
	int err;

	ck_assert_int_eq(lathe_mmc_wait_ready(&scene->rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&scene->rig.mmc, &medium), 0);
	lathe_session_reader_init(&reader, &scene->rig.mmc, &medium, false);
	err = lathe_session_verify_volume(&reader.blocks, 0,
					  LATHE_SESSION_VERIFY_FULL,
					  &scene->hooks, NULL, NULL, &check,
					  &failure);
	if (err)
		ck_assert_int_eq(failure.err, err);
	return err;
}

static int repairs(struct scene *scene)
{
	struct lathe_failure failure;
	bool needed;
	int err = lathe_session_repair(&scene->rig.mmc, &scene->hooks,
				       &needed, &failure);

	ck_assert_int_eq(failure.err, err);
	return err;
}

static int masters(struct scene *scene)
{
	struct lathe_session_config config = rig_config(&scene->rig);
	int err;

	lathe_session_master_destroy(scene->rig.master);
	scene->rig.master = NULL;
	err = lathe_session_master_create(&config, &scene->rig.master);
	if (!err)
		err = lathe_session_set_format(scene->rig.master,
					       LATHE_SESSION_FORMAT_JOLIET);
	return err;
}

/* The master's own errors, not those of the tree, are told by it. */
static int told(struct scene *scene, int err)
{
	ck_assert_int_eq(lathe_session_failure(scene->rig.master)->err, err);
	return err;
}

static int records(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_sizes totals;
	struct lathe_session_master *master;
	int err = masters(scene);

	master = scene->rig.master;
	if (!err)
		err = told(scene, lathe_session_set_recorder(
					  master, &scene->rig.mmc));
	if (!err)
		err = rig_add(&scene->rig, scene->more);
	if (!err)
		err = told(scene, lathe_session_totals(master, &totals));
	if (!err)
		err = told(scene, lathe_session_record(master, &options,
						       &scene->report));
	return err;
}

static int replaces(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	int err = masters(scene);

	options.overwrite = true;
	if (!err)
		err = lathe_session_set_recorder(scene->rig.master,
						 &scene->rig.mmc);
	if (!err)
		err = lathe_session_clear(scene->rig.master);
	if (!err)
		err = rig_add(&scene->rig, scene->old);
	/* A name that comes late: recording lays out anew. */
	if (!err)
		err = lathe_session_set_volume(scene->rig.master, "LATE",
					       NULL);
	if (!err)
		err = told(scene, lathe_session_record(scene->rig.master,
						       &options,
						       &scene->report));
	return err;
}

static int imports(struct scene *scene)
{
	int err = masters(scene);

	if (!err)
		err = lathe_session_set_recorder(scene->rig.master,
						 &scene->rig.mmc);
	if (!err)
		err = lathe_session_import(scene->rig.master);
	if (!err)
		ck_assert_int_eq(lathe_session_current_mode(scene->rig.master),
				 LATHE_SESSION_MODE_MULTI);
	return err;
}

static int resumes(struct scene *scene)
{
	int err = masters(scene);

	if (!err)
		err = lathe_session_resume(scene->rig.master,
					   &scene->rig.mmc);
	if (err && scene->rig.master)
		ck_assert_int_eq(lathe_session_current_mode(scene->rig.master),
				 LATHE_SESSION_MODE_NONE);
	return err;
}

/* What was cut in the middle of its file: compared, and gone on with. */
static int goes_on(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	int err = resumes(scene);

	if (!err)
		err = rig_add(&scene->rig, scene->more);
	if (!err)
		err = told(scene, lathe_session_record(scene->rig.master,
						       &options,
						       &scene->report));
	return err;
}

static int closes(struct scene *scene)
{
	struct lathe_failure failure;
	int err = lathe_session_close(&scene->rig.mmc, &scene->hooks, false,
				      false, &failure);

	ck_assert_int_eq(failure.err, err);
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

static int streams(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_stream stream = { .read = image_read };
	struct lathe_failure failure;
	struct image image;
	int err;

	options.overwrite = true;
	image_make(&image, scene->old, 0, 0);
	stream.ctx = &image;
	err = lathe_session_record_stream(&scene->rig.mmc, &scene->hooks,
					  &stream, &options, &scene->report,
					  &failure);
	ck_assert_int_eq(failure.err, err);
	image_free(&image);
	return err;
}

/* ---- discs -------------------------------------------------------------- */

enum disc {
	OWN,		/* a session of ours with the old file */
	FOREIGN,	/* the same of another program */
	CUT,		/* ours, and behind it one that is open */
	CUT_SHORT	/* that ends within its file */
};

static struct lathe_emulator_store *
make_disc(enum lathe_emulator_media media, enum disc kind, struct model *old,
	  struct model *more)
{
	struct lathe_emulator_store *store;
	struct lathe_session_report report;
	struct rig rig;

	if (kind == FOREIGN)
		return foreign_disc(media, old, 0);
	model_put(old, "old", 1, 70000);
	store = blank_disc(media);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, old, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	if (kind == CUT || kind == CUT_SHORT) {
		ck_assert_int_eq(lathe_emulator_set_faults(
					 rig.emulator, kind == CUT ?
						 "op=5b gone" :
						 "op=2a count=3 gone"), 0);
		ck_assert_int_eq(rig_burn(&rig, more,
					  LATHE_SESSION_VERIFY_FULL, &report),
				 LATHE_ERR_NO_DEVICE);
	}
	rig_destroy(&rig);
	return store;
}

static const struct {
	int (*call)(struct scene *scene);
	enum lathe_emulator_media media;
	enum disc disc;
	bool gives_up;		/* what was there may be gone */
} cases[] = {
	{ inspects, LATHE_EMULATOR_CD_R_80, OWN, false },
	{ inspects, LATHE_EMULATOR_DVD_PLUS_RW, OWN, false },
	{ reads_a_head, LATHE_EMULATOR_DVD_PLUS_RW, OWN, false },
	{ verifies, LATHE_EMULATOR_DVD_PLUS_R, OWN, false },
	{ repairs, LATHE_EMULATOR_DVD_RAM, OWN, false },
	{ records, LATHE_EMULATOR_DVD_PLUS_R, OWN, false },
	{ records, LATHE_EMULATOR_DVD_PLUS_RW, OWN, false },
	{ replaces, LATHE_EMULATOR_DVD_RAM, OWN, true },
	{ imports, LATHE_EMULATOR_CD_R_80, FOREIGN, false },
	{ imports, LATHE_EMULATOR_BD_RE, FOREIGN, false },
	{ resumes, LATHE_EMULATOR_DVD_R, CUT, false },
	{ goes_on, LATHE_EMULATOR_DVD_PLUS_R, CUT_SHORT, false },
	{ closes, LATHE_EMULATOR_DVD_R, CUT, false },
	{ closes, LATHE_EMULATOR_CD_R_80, CUT, false },
	{ blanks, LATHE_EMULATOR_DVD_PLUS_RW, OWN, true },
	{ streams, LATHE_EMULATOR_DVD_PLUS_RW, OWN, true },
	{ streams, LATHE_EMULATOR_DVD_RAM, FOREIGN, true },
};

#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

/* ---- sweeps ------------------------------------------------------------- */

/* False: it needed fewer allocations. */
static bool runs_out(struct lathe_emulator_store *from, struct scene *scene,
		     int which, uint32_t at)
{
	struct lathe_emulator_store *store = copy_disc(from);
	struct rig *rig = &scene->rig;
	const char *wrong = NULL;
	bool ran_out;
	int err;

	rig_create(rig, store, NULL);
	scene->hooks = rig_config(rig).hooks;
	rig->no_memory_at = at;
	err = cases[which].call(scene);
	ran_out = rig->allocations >= at;
	/* What is only better with more memory is done without it. */
	ck_assert_msg(!err || (err == LATHE_ERR_MEMORY && ran_out),
		      "case %d, allocation %u: %s", which, at,
		      lathe_err_name(err));
	ck_assert(!rig->locked);
	lathe_session_master_destroy(rig->master);
	rig->master = NULL;
	ck_assert_int_eq(rig->live, 0);
	if (!cases[which].gives_up)
		wrong = judge_volume(store, judge_session(store, 1) ==
						    UINT32_MAX ?
					    0 : judge_session(store, 1),
				     scene->old, NULL, NULL);
	if (wrong && disc_state(store).sessions < 2)
		wrong = judge_volume(store, 32, scene->old, NULL, NULL);
	ck_assert_msg(!wrong, "case %d, allocation %u: %s", which, at, wrong);
	/* Another time. */
	if (err && disc_state(store).sessions ==
			   disc_state(from).sessions) {
		rig->no_memory_at = 0;
		err = cases[which].call(scene);
		ck_assert_msg(!err, "case %d, behind allocation %u: %s", which,
			      at, lathe_err_name(err));
	}
	rig_destroy(rig);
	lathe_emulator_store_close(store);
	return ran_out;
}

START_TEST(memory_runs_out)
{
	struct model old = { 0 }, more = { 0 };
	struct lathe_emulator_store *store;
	struct scene scene;
	uint32_t at = 1;

	memset(&scene, 0, sizeof(scene));
	scene.old = &old;
	scene.more = &more;
	model_put(&more, "more", 2, 30000);
	store = make_disc(cases[_i].media, cases[_i].disc, &old, &more);
	while (runs_out(store, &scene, _i, at))
		at++;
	ck_assert_uint_gt(at, 1);
	lathe_emulator_store_close(store);
	model_free(&old);
	model_free(&more);
}
END_TEST

/* A track that was reserved is there, although nothing was written. */
START_TEST(a_reserved_track_is_told)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	uint32_t at;
	int err = 1;

	model_put(&model, "one", 1, 90000);
	for (at = 1; err; at++) {
		struct lathe_emulator_store *store =
			blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
		struct rig rig;

		rig_create(&rig, store, NULL);
		rig_master(&rig, NULL);
		options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
		options.reserve = true;
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		ck_assert_int_eq(rig_add(&rig, &model), 0);
		rig.allocations = 0;
		rig.no_memory_at = at;
		err = lathe_session_record(rig.master, &options, &report);
		ck_assert_int_eq(err, err ? LATHE_ERR_MEMORY : 0);
		ck_assert_msg((report.end == LATHE_SESSION_END_UNTOUCHED) ==
				      disc_state(store).blank,
			      "at %u: end %d", at, report.end);
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
	}
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: memory that runs out");
	TCase *tc = tcase_create("memory");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, memory_runs_out, 0, CASES);
	tcase_add_test(tc, a_reserved_track_is_told);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
