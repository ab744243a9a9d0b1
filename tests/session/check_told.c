/* SPDX-License-Identifier: MIT */
/*
 * check_told.c - what the surroundings are told while a disc is recorded:
 * progress, how much is read ahead, where it was stopped.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* ---- a listener --------------------------------------------------------- */

struct listener {
	struct rig *rig;
	uint32_t stop_at_write;		/* cancels from that WRITE(10) on */
	uint32_t writing;		/* reports of that phase */
	uint64_t total, done;		/* in the last of them */
	bool totals_differ;
	uint32_t room;			/* of the buffer, the largest */
	bool too_full;
	bool writing_again;		/* behind CLOSING or VERIFYING */
	enum lathe_phase last;
};

static void listen(void *ctx, const struct lathe_progress *now)
{
	struct listener *listener = ctx;

	if (now->phase == LATHE_PHASE_WRITING) {
		if (listener->writing++ && now->total != listener->total)
			listener->totals_differ = true;
		if (listener->last == LATHE_PHASE_CLOSING ||
		    listener->last == LATHE_PHASE_VERIFYING)
			listener->writing_again = true;
		if (now->buffer_full > now->buffer_room)
			listener->too_full = true;
		if (now->buffer_room > listener->room)
			listener->room = now->buffer_room;
		listener->total = now->total;
		listener->done = now->done;
	}
	listener->last = now->phase;
}

static bool stops(void *ctx)
{
	struct listener *listener = ctx;

	return listener->stop_at_write &&
	       listener->rig->sent[0x2A] >= listener->stop_at_write;
}

static struct lathe_hooks hooks_of(struct listener *listener, struct rig *rig)
{
	struct lathe_hooks hooks = { .ctx = listener, .progress = listen,
				     .cancelled = stops };

	memset(listener, 0, sizeof(*listener));
	listener->rig = rig;
	return hooks;
}

/* ---- a disc with a session, another one staged -------------------------- */

struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct listener listener;
	struct model model;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

static void begin(struct scene *scene)
{
	struct lathe_session_config config;
	struct rig *rig = &scene->rig;

	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(LATHE_EMULATOR_CD_R_80);
	rig_create(rig, scene->store, NULL);
	model_put(&scene->model, "one", 1, 1000);
	ck_assert_int_eq(rig_burn(rig, &scene->model,
				  LATHE_SESSION_VERIFY_FULL, &scene->report),
			 0);
	model_put(&scene->model, "two", 2, 600 * 2048);
	config = rig_config(rig);
	config.hooks = hooks_of(&scene->listener, rig);
	rig_master(rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(rig_add(rig, &scene->model), 0);
	scene->options = rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	memset(rig->sent, 0, sizeof(rig->sent));
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->model);
}

static int record(struct scene *scene)
{
	return lathe_session_record(scene->rig.master, &scene->options,
				    &scene->report);
}

/* ---- progress ----------------------------------------------------------- */

START_TEST(all_blocks_of_the_track_are_counted)
{
	struct scene scene;

	begin(&scene);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_uint_gt(scene.listener.writing, 30);
	ck_assert(!scene.listener.totals_differ);
	ck_assert_uint_eq(scene.listener.total, scene.report.track_blocks);
	ck_assert_uint_eq(scene.listener.done, scene.report.track_blocks);
	/* 6,902 blocks behind a later session of a CD. */
	ck_assert_uint_eq(scene.report.predicted_next,
			  scene.report.start + scene.report.track_blocks +
				  6902);
	ck_assert_uint_eq(scene.report.next_writable,
			  scene.report.predicted_next);
	ck_assert_uint_gt(scene.listener.room, 0);
	ck_assert(!scene.listener.too_full);
	end(&scene);
}
END_TEST

/* Of a pipe nobody knows how much there will be. */
START_TEST(the_length_of_a_pipe_is_not_known)
{
	struct lathe_session_record_options options;
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct listener listener;
	struct lathe_hooks hooks;
	struct image image;
	struct rig rig;

	model_put(&model, "one", 1, 1000000);
	image_make(&image, &model, 0, 0);
	rig_create(&rig, store, NULL);
	hooks = hooks_of(&listener, &rig);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_record_stream(
				 &rig.mmc, &hooks,
				 &(struct lathe_session_stream){
					 &image, image_read,
					 _i ? image.blocks : 0 },
				 &options, &report, NULL), 0);
	ck_assert_uint_gt(listener.writing, 10);
	ck_assert(!listener.totals_differ);
	ck_assert_uint_eq(listener.total, _i ? report.track_blocks : 0);
	ck_assert_uint_eq(listener.done, report.track_blocks);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
}
END_TEST

/* ---- where it was stopped ----------------------------------------------- */

/* The block that would have come next. What is written to save the disc is
 * closing, whatever commands it takes, and nobody is asked any more. */
START_TEST(it_is_stopped_by_the_user)
{
	const struct lathe_failure *failure;
	struct scene scene;

	begin(&scene);
	scene.listener.stop_at_write = 1;
	ck_assert_int_eq(record(&scene), LATHE_ERR_CANCELLED);
	failure = lathe_session_failure(scene.rig.master);
	ck_assert_int_eq(failure->err, LATHE_ERR_CANCELLED);
	ck_assert(failure->has_lba);
	ck_assert_uint_eq(failure->lba, scene.report.start + 16);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_int_eq(scene.report.phase, LATHE_PHASE_WRITING);
	ck_assert_uint_gt(scene.rig.sent[0x2A], 1);
	ck_assert(!scene.listener.writing_again);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: what is told meanwhile");
	TCase *tc = tcase_create("told");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, all_blocks_of_the_track_are_counted);
	tcase_add_loop_test(tc, the_length_of_a_pipe_is_not_known, 0, 2);
	tcase_add_test(tc, it_is_stopped_by_the_user);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
