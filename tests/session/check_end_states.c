/* SPDX-License-Identifier: MIT */
/*
 * check_end_states.c - how a disc is left when a burn is cancelled, when a
 * source or the drive fails, and what becomes of it then.
 */
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- sources that fail -------------------------------------------------- */

struct source {
	uint32_t seed, size;	/* what was there when it was added */
	bool changed;		/* check says so */
	uint32_t ends_at;	/* it has become that short; 0: whole */
	uint32_t fails_at;	/* reading from there on fails; 0: never */
};

static int src_open(void *ctx, uint64_t file, const char *name, size_t len,
		    void **handle)
{
	struct source *sources = ctx;

	(void)name;
	(void)len;
	*handle = &sources[file];
	return 0;
}

static int src_read(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		    uint8_t *out, uint32_t *got)
{
	struct source *source = handle;
	uint32_t end = source->ends_at ? source->ends_at : source->size, i;

	(void)ctx;
	if (source->fails_at && offset + bytes > source->fails_at)
		return LATHE_ERR_IO;
	*got = 0;
	for (i = 0; i < bytes && offset + i < end; i++, ++*got)
		out[i] = model_byte(source->seed, (uint32_t)offset + i);
	return 0;
}

static int src_check(void *ctx, uint64_t file, const char *name, size_t len)
{
	struct source *sources = ctx;

	(void)name;
	(void)len;
	return sources[file].changed ? LATHE_ERR_CHANGED : 0;
}

static void src_describe(void *ctx, uint64_t file, const char *name,
			 size_t len, char *out, size_t room)
{
	(void)ctx;
	snprintf(out, room, "source %u, %.*s", (unsigned)file, (int)len, name);
}

static const char *const names[] = { "alpha", "beta", "gamma" };

/* A blank disc, three sources staged: 60, 60 and 200 KB. */
struct scene {
	struct source sources[3];
	struct lathe_iso9660_source source;
	struct lathe_emulator_store *store;
	struct model model;
	struct rig rig;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

static void stage(struct scene *scene)
{
	static const uint32_t sizes[] = { 60000, 60001, 200000 };
	struct lathe_iso9660_tree *tree;
	uint32_t i, node;

	scene->source.ctx = scene->sources;
	scene->source.open = src_open;
	scene->source.read_at = src_read;
	scene->source.close = made_close;
	scene->source.check = src_check;
	scene->source.describe = src_describe;
	rig_create(&scene->rig, scene->store, NULL);
	rig_master(&scene->rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
						    &scene->rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(scene->rig.master, &tree), 0);
	for (i = 0; i < 3; i++) {
		scene->sources[i].seed = 40 + i;
		scene->sources[i].size = sizes[i];
		model_put(&scene->model, names[i], 40 + i, sizes[i]);
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, LATHE_ISO9660_ROOT, names[i],
					 strlen(names[i]), NULL,
					 &scene->source, i, sizes[i], 0,
					 &node), 0);
	}
	ck_assert_int_eq(lathe_session_commit(scene->rig.master), 0);
	scene->options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
}

static void scene_begin(struct scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(LATHE_EMULATOR_CD_R_80);
	stage(scene);
}

static int scene_record(struct scene *scene)
{
	return lathe_session_record(scene->rig.master, &scene->options,
				    &scene->report);
}

static void scene_end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->model);
}

static bool is_one(void *ctx, const char *path)
{
	return strcmp(ctx, path) == 0;
}

/* ---- sources ------------------------------------------------------------ */

START_TEST(a_source_that_changed_before_is_noticed_before_the_first_write)
{
	struct scene scene;

	scene_begin(&scene);
	scene.sources[1].changed = true;
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CHANGED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(scene.rig.sent[0x2A], 0);
	ck_assert_uint_eq(scene.rig.not_whole, 1);
	ck_assert(disc_state(scene.store).blank);
	ck_assert(!scene.rig.locked);
	ck_assert_ptr_nonnull(strstr(
		lathe_session_failure(scene.rig.master)->text, "beta"));
	ck_assert_ptr_nonnull(strstr(
		lathe_session_failure(scene.rig.master)->text,
		lathe_err_meaning(LATHE_ERR_CHANGED)));

	/* Put right, the stage is still there. */
	scene.sources[1].changed = false;
	ck_assert_int_eq(scene_record(&scene), 0);
	ck_assert_ptr_null(judge_volume(scene.store, 0, &scene.model, NULL,
					NULL));
	scene_end(&scene);
}
END_TEST

START_TEST(a_source_that_shrinks_meanwhile_is_filled_with_zeros)
{
	struct scene scene;
	uint32_t node;

	scene_begin(&scene);
	scene.sources[1].ends_at = 30000;
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CHANGED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert(scene.report.verified);
	ck_assert_uint_eq(scene.report.files_not_whole, 1);
	ck_assert_uint_eq(scene.rig.not_whole, 1);
	ck_assert_int_eq(lathe_iso9660_find(
				 lathe_session_tree(scene.rig.master), "beta",
				 &node), 0);
	ck_assert_uint_eq(scene.rig.not_whole_node[0], node);
	/* Its size is the planned one, the others are whole. */
	memset(scene.model.file[1].data + 30000, 0, 60001 - 30000);
	ck_assert_ptr_null(judge_volume(scene.store, 0, &scene.model, NULL,
					NULL));
	scene_end(&scene);
}
END_TEST

START_TEST(a_source_that_can_not_be_read_spoils_only_itself)
{
	struct scene scene;

	scene_begin(&scene);
	scene.sources[2].fails_at = 4096;
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CHANGED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.files_not_whole, 1);
	ck_assert_ptr_null(judge_volume(scene.store, 0, &scene.model, is_one,
					"gamma"));
	ck_assert_ptr_nonnull(judge_volume(scene.store, 0, &scene.model, NULL,
					   NULL));
	scene_end(&scene);
}
END_TEST

START_TEST(on_request_a_failing_source_stops_the_burn)
{
	struct scene scene;

	scene_begin(&scene);
	scene.options.stop_on_source_error = true;
	scene.sources[2].fails_at = 190000;
	/* Read far ahead, it is noticed before anything is written. */
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CHANGED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert(disc_state(scene.store).blank);

	scene.options.feed.chunk_blocks = 7;	/* rounded to a command's */
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CHANGED);
	/* The metadata are on the disc: it is closed, what is missing told. */
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_ge(scene.report.files_not_whole, 1);
	ck_assert_ptr_null(judge_volume(scene.store, 0, &scene.model, is_one,
					"gamma"));
	scene_end(&scene);
}
END_TEST

/* ---- cancelling --------------------------------------------------------- */

START_TEST(cancelled_before_the_first_write_nothing_happened)
{
	struct scene scene;

	scene_begin(&scene);
	scene.options.eject = true;
	scene.rig.cancel_at = scene.rig.commands + 1;
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CANCELLED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(scene.rig.sent[0x2A], 0);
	ck_assert(disc_state(scene.store).blank);
	ck_assert(!scene.rig.locked);
	ck_assert_uint_ge(scene.rig.sent[0x1B], 1);	/* ejected */
	scene_end(&scene);
}
END_TEST

/* Cancels when that many WRITEs were sent. */
struct stopper {
	struct rig *rig;
	uint32_t after;
};

static bool stop_after(void *ctx)
{
	struct stopper *stopper = ctx;

	return stopper->rig->sent[0x2A] >= stopper->after;
}

/* A scene whose master asks 'stopper'. */
static void scene_with_stopper(struct scene *scene, struct stopper *stopper)
{
	struct lathe_session_config config;
	struct lathe_iso9660_tree *tree;
	uint32_t i, node;

	scene_begin(scene);
	stopper->rig = &scene->rig;
	config = rig_config(&scene->rig);
	memset(&config.hooks, 0, sizeof(config.hooks));
	config.hooks.ctx = stopper;
	config.hooks.cancelled = stop_after;
	rig_master(&scene->rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(scene->rig.master,
						    &scene->rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(scene->rig.master, &tree), 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, LATHE_ISO9660_ROOT, names[i],
					 strlen(names[i]), NULL,
					 &scene->source, i,
					 scene->sources[i].size, 0, &node), 0);
	ck_assert_int_eq(lathe_session_commit(scene->rig.master), 0);
}

START_TEST(cancelled_within_the_metadata_they_are_completed_and_closed)
{
	struct stopper stopper = { NULL, 1 };
	struct scene scene;

	scene_with_stopper(&scene, &stopper);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CANCELLED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.files_not_whole, 3);
	ck_assert_uint_eq(scene.rig.not_whole, 3);
	ck_assert(!scene.rig.locked);
	/* The minimum track. */
	ck_assert_uint_eq(disc_state(scene.store).next_writable, 11702);
	scene_end(&scene);
}
END_TEST

START_TEST(cancelled_later_the_files_before_are_whole)
{
	struct stopper stopper = { NULL, 6 };
	struct lathe_session_disc disc;
	struct scene scene;

	/* 6 WRITEs of 16 blocks: metadata, and alpha behind them. */
	scene_with_stopper(&scene, &stopper);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CANCELLED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_ge(scene.report.files_not_whole, 1);
	ck_assert_uint_le(scene.report.files_not_whole, 2);
	ck_assert_ptr_nonnull(strstr(
		lathe_session_failure(scene.rig.master)->text, "LBA"));

	/* It is an own disc; gamma does not fit in 300 blocks with the rest,
	 * so it ends in the track's padding: all are inside the track. */
	ck_assert_int_eq(lathe_session_inspect(&scene.rig.mmc, NULL, &disc),
			 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	scene_end(&scene);
}
END_TEST

START_TEST(files_behind_a_short_session_are_left_out_of_the_next_one)
{
	struct stopper stopper = { NULL, 4 };
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct lathe_iso9660_tree *tree;
	struct model large = { 0 };
	struct lathe_session_config config;
	uint32_t node;
	struct rig rig;

	/* 'late' begins behind 1,000 blocks that are never written. */
	memset(&rig, 0, sizeof(rig));
	model_put(&large, "early", 1, 2048 * 1000);
	model_put(&large, "late", 2, 2048 * 10);
	rig_create(&rig, blank_disc(LATHE_EMULATOR_CD_R_80), NULL);
	stopper.rig = &rig;
	config = rig_config(&rig);
	memset(&config.hooks, 0, sizeof(config.hooks));
	config.hooks.ctx = &stopper;
	config.hooks.cancelled = stop_after;
	rig_master(&rig, &config);
	ck_assert_int_eq(rig_burn(&rig, &large, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_CANCELLED);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(report.files_not_whole, 2);

	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_eq(disc.files_short, 2);

	stopper.after = UINT32_MAX;
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	tree = lathe_session_tree(rig.master);
	ck_assert_int_eq(lathe_iso9660_find(tree, "early", &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_find(tree, "late", &node),
			 LATHE_ERR_NOT_FOUND);
	/* That is something to record even without new content. */
	{
		struct lathe_session_record_options options =
			rig_options(&rig, LATHE_SESSION_VERIFY_FULL);

		ck_assert_int_eq(lathe_session_record(rig.master, &options,
						      &report), 0);
	}
	model_remove(&large, "early");
	model_remove(&large, "late");
	ck_assert_ptr_null(judge_volume(rig.store, report.start, &large, NULL,
					NULL));
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.files_short, 0);
	{
		struct lathe_emulator_store *store = rig.store;

		rig_destroy(&rig);
		lathe_emulator_store_close(store);
	}
	model_free(&large);
}
END_TEST

/* ---- the drive ---------------------------------------------------------- */

START_TEST(a_write_error_behind_the_metadata_costs_only_files)
{
	const struct lathe_failure *failure;
	struct scene scene;

	scene_begin(&scene);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=2A lba=90 "
						   "sense=3/0C/00"), 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_SENSE);
	failure = lathe_session_failure(scene.rig.master);
	ck_assert_uint_eq(failure->opcode, 0x2A);
	ck_assert_uint_eq(failure->key, 3);
	ck_assert_uint_eq(failure->asc, 0x0C);
	ck_assert(failure->has_lba);
	ck_assert_uint_eq(failure->lba, 80);	/* 16 blocks a command */
	ck_assert_int_eq(strncmp(failure->text, "writing: ", 9), 0);
	ck_assert_ptr_nonnull(strstr(failure->text, "LBA 80"));
	ck_assert_ptr_nonnull(strstr(failure->text, "3/0C/00"));
	ck_assert_int_eq(scene.report.phase, LATHE_PHASE_WRITING);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_ge(scene.report.files_not_whole, 2);
	scene_end(&scene);
}
END_TEST

/* The zeros that fill the track are no content: what they stand in place of is
 * told, also where the drive fails once more, in them or when it ends them. */
START_TEST(what_is_filled_up_is_not_whole)
{
	static const char *const faults[] = {
		"op=2A lba=50 sense=3/0C/00; op=35 sense=4/44/00",
		"op=2A lba=50 sense=3/0C/00; op=2A lba=250 sense=3/0C/00",
	};
	struct scene scene;

	scene_begin(&scene);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   faults[_i]), 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 2);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(scene.report.files_not_whole, 3);
	ck_assert_uint_eq(scene.rig.not_whole, 3);
	scene_end(&scene);
}
END_TEST

START_TEST(a_write_error_in_the_metadata_leaves_the_track_open)
{
	struct lathe_session_disc disc;
	struct lathe_failure failure;
	struct scene scene;

	scene_begin(&scene);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=2A lba=17 "
						   "sense=3/0C/00"), 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_SENSE);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 0);
	ck_assert_int_eq(lathe_session_inspect(&scene.rig.mmc, NULL, &disc),
			 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_NONE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_UNFINISHED);
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc),
			 LATHE_ERR_UNFINISHED);

	/* Closed only by force: nothing would be mounted. */
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &failure),
			 LATHE_ERR_UNFINISHED);
	ck_assert_ptr_nonnull(strstr(failure.text, "nothing on it"));
	ck_assert_uint_eq(disc_state(scene.store).sessions, 0);
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false, true,
					     &failure), 0);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	ck_assert(disc_state(scene.store).appendable);
	ck_assert(!scene.rig.locked);
	scene_end(&scene);
}
END_TEST

/* Three READs fail as those of a session that is open: whole, and its first
 * block twice. */
#define OPEN_IS_NOT_READ "op=28 times=3 sense=8/00/00"

START_TEST(drives_that_do_not_read_an_open_session_are_believed_if_all_went_well)
{
	struct stopper stopper = { NULL, 6 };
	struct scene scene;

	scene_with_stopper(&scene, &stopper);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   OPEN_IS_NOT_READ), 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_CANCELLED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 3);
	scene_end(&scene);

	/* But not after a write error: the metadata are not proven. */
	scene_begin(&scene);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=2A lba=90 sense=3/0C/00;"
						   OPEN_IS_NOT_READ), 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_SENSE);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 0);
	scene_end(&scene);
}
END_TEST

START_TEST(a_power_cut_behind_the_buffer_costs_only_files)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;

	/* 4 MB behind the metadata: these have left any drive's buffer. */
	model_put(&model, "before", 1, 2048 * 20);
	model_put(&model, "large", 2, 2048 * 6000);
	/* ... and lead-out and lead-in take all that is left. */
	if (_i)
		ck_assert_int_eq(lathe_emulator_store_set_limit(store, 7000),
				 0);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2A lba=5000 powercut"),
			 0);
	ck_assert_int_lt(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(report.files_not_whole, 1);
	ck_assert_int_eq(disc_state(store).next_writable == 0, _i);
	ck_assert_uint_eq(report.next_writable,
			  disc_state(store).next_writable);
	ck_assert_ptr_null(judge_volume(store, 0, &model, is_one, "large"));
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, _i ? LATHE_SESSION_WHY_NO_ROOM :
					LATHE_SESSION_WHY_OWN);
	ck_assert_uint_eq(disc.files_short, 1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(a_cut_between_track_and_session_is_closed_later)
{
	struct lathe_failure failure;
	struct scene scene;

	/* The drive goes away with CLOSE SESSION and comes back. */
	scene_begin(&scene);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=5B gone"), 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_NO_DEVICE);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNKNOWN);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 0);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator, NULL),
			 0);
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &failure), 0);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	ck_assert_ptr_null(judge_volume(scene.store, 0, &scene.model, NULL,
					NULL));
	/* Nothing is open any more. */
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &failure),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(failure.err, LATHE_ERR_STATE);
	/* An empty session can not be closed as final. */
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, true, false,
					     &failure), LATHE_ERR_UNSUPPORTED);
	ck_assert(disc_state(scene.store).appendable);
	lathe_emulator_insert(scene.rig.emulator, NULL);
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &failure),
			 LATHE_ERR_NO_MEDIUM);
	scene_end(&scene);
}
END_TEST

START_TEST(a_bit_that_flips_is_found_by_reading_everything)
{
	struct scene scene;
	uint32_t node;

	scene_begin(&scene);
	/* WRITEs of 16 blocks: 160 is in the middle of gamma. */
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=2A lba=160 corrupt"),
			 0);
	ck_assert_int_eq(scene_record(&scene), LATHE_ERR_VERIFY);
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 1);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert(!scene.report.verified);
	ck_assert_uint_eq(scene.report.files_not_whole, 1);
	ck_assert_int_eq(lathe_iso9660_find(
				 lathe_session_tree(scene.rig.master),
				 "gamma", &node), 0);
	ck_assert_uint_eq(scene.rig.not_whole_node[0], node);
	ck_assert_int_eq(scene.report.phase, LATHE_PHASE_VERIFYING);
	scene_end(&scene);
}
END_TEST

START_TEST(levels_of_verification_read_more_and_more)
{
	static const enum lathe_session_verify levels[] = {
		LATHE_SESSION_VERIFY_NONE, LATHE_SESSION_VERIFY_STATE,
		LATHE_SESSION_VERIFY_QUICK, LATHE_SESSION_VERIFY_FULL
	};
	uint32_t read[4], i;
	struct scene scene;

	for (i = 0; i < 4; i++) {
		scene_begin(&scene);
		scene.options.verify = levels[i];
		ck_assert_int_eq(scene_record(&scene), 0);
		read[i] = scene.report.blocks_verified;
		ck_assert(scene.report.verified);
		scene_end(&scene);
	}
	ck_assert_uint_eq(read[0], 0);
	ck_assert_uint_eq(read[1], 0);
	ck_assert_uint_gt(read[2], 0);
	ck_assert_uint_lt(read[2], read[3]);
	ck_assert_uint_eq(read[3], scene.report.track_blocks);
}
END_TEST

/* ---- verifying a disc that exists --------------------------------------- */

struct bad {
	uint32_t count;
	char path[64];
};

static void on_bad(void *ctx, const char *path, uint32_t lba, const char *text)
{
	struct bad *bad = ctx;

	ck_assert_uint_lt(lba, 400000);
	ck_assert_ptr_nonnull(text);
	bad->count++;
	snprintf(bad->path, sizeof(bad->path), "%.60s", path);
}

static int verify(struct scene *scene, enum lathe_session_verify level,
		  struct bad *bad, struct lathe_session_check *check)
{
	struct lathe_session_reader reader;
	struct lathe_failure failure;
	struct lathe_mmc_medium medium;

	memset(bad, 0, sizeof(*bad));
	ck_assert_int_eq(lathe_mmc_wait_ready(&scene->rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&scene->rig.mmc, &medium), 0);
	lathe_session_reader_init(&reader, &scene->rig.mmc, &medium, true);
	return lathe_session_verify_volume(&reader.blocks, 0, level, NULL,
					   on_bad, bad, check, &failure);
}

START_TEST(a_recorded_volume_is_read_back)
{
	struct lathe_session_check check;
	struct scene scene;
	struct bad bad;

	scene_begin(&scene);
	ck_assert_int_eq(scene_record(&scene), 0);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL, &bad,
				&check), 0);
	/* 60,000, 60,001 and 200,000 bytes: 30 + 30 + 98 blocks. */
	ck_assert_uint_eq(check.blocks_read, 158);
	ck_assert_uint_eq(check.files, 3);
	ck_assert(check.metadata_own);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_QUICK, &bad,
				&check), 0);
	ck_assert_uint_eq(check.blocks_read, 6);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_STATE, &bad,
				&check), 0);
	ck_assert_uint_eq(check.blocks_read, 0);

	/* A block of gamma has become unreadable. */
	ck_assert_int_eq(lathe_emulator_set_faults(
				 scene.rig.emulator,
				 "op=28 lba=160 times=0 sense=3/11/05"), 0);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL, &bad,
				&check), LATHE_ERR_VERIFY);
	ck_assert_uint_eq(bad.count, 1);
	ck_assert_uint_eq(check.files_bad, 1);
	ck_assert_str_eq(bad.path, "/gamma");
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_QUICK, &bad,
				&check), 0);

	/* And one of the metadata. */
	ck_assert_int_eq(lathe_emulator_set_faults(
				 scene.rig.emulator,
				 "op=28 lba=17 times=0 sense=3/11/05"), 0);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_STATE, &bad,
				&check), LATHE_ERR_VERIFY);
	ck_assert_str_eq(bad.path, "/");
	scene_end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: end states");
	TCase *tc = tcase_create("ends");

	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc,
		a_source_that_changed_before_is_noticed_before_the_first_write);
	tcase_add_test(tc, a_source_that_shrinks_meanwhile_is_filled_with_zeros);
	tcase_add_test(tc, a_source_that_can_not_be_read_spoils_only_itself);
	tcase_add_test(tc, on_request_a_failing_source_stops_the_burn);
	tcase_add_test(tc, cancelled_before_the_first_write_nothing_happened);
	tcase_add_test(
		tc, cancelled_within_the_metadata_they_are_completed_and_closed);
	tcase_add_test(tc, cancelled_later_the_files_before_are_whole);
	tcase_add_test(
		tc, files_behind_a_short_session_are_left_out_of_the_next_one);
	tcase_add_test(tc, a_write_error_behind_the_metadata_costs_only_files);
	tcase_add_loop_test(tc, what_is_filled_up_is_not_whole, 0, 2);
	tcase_add_test(tc, a_write_error_in_the_metadata_leaves_the_track_open);
	tcase_add_test(
		tc,
		drives_that_do_not_read_an_open_session_are_believed_if_all_went_well);
	tcase_add_loop_test(tc, a_power_cut_behind_the_buffer_costs_only_files,
			    0, 2);
	tcase_add_test(tc, a_cut_between_track_and_session_is_closed_later);
	tcase_add_test(tc, a_bit_that_flips_is_found_by_reading_everything);
	tcase_add_test(tc, levels_of_verification_read_more_and_more);
	tcase_add_test(tc, a_recorded_volume_is_read_back);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
