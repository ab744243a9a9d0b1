/* SPDX-License-Identifier: MIT */
/*
 * check_wishes.c - what may be asked of a recording and not every medium has:
 * a reserved track, writing without a check, the place of a layer break.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define WRITE_10 0x2A
#define WRITE_12 0xAA
#define RESERVE_TRACK 0x53
#define SEND_DISC_STRUCTURE 0xBF

static const struct row {
	enum lathe_emulator_media media;
	bool reserves, goes_on;
	uint32_t streams;	/* blocks of an ECC block, 0: not at all */
	bool breaks;
} rows[] = {
	{ .media = LATHE_EMULATOR_CD_R_80 },
	{ .media = LATHE_EMULATOR_CD_RW },
	{ .media = LATHE_EMULATOR_DVD_R, .reserves = true, .goes_on = true },
	{ .media = LATHE_EMULATOR_DVD_R_DL, .reserves = true },
	{ .media = LATHE_EMULATOR_DVD_RW, .reserves = true, .goes_on = true },
	{ .media = LATHE_EMULATOR_DVD_RW_OW },
	{ .media = LATHE_EMULATOR_DVD_PLUS_R, .reserves = true,
	  .goes_on = true },
	{ .media = LATHE_EMULATOR_DVD_PLUS_R_DL, .reserves = true,
	  .breaks = true },
	{ .media = LATHE_EMULATOR_DVD_PLUS_RW },
	{ .media = LATHE_EMULATOR_DVD_RAM, .streams = 16 },
	{ .media = LATHE_EMULATOR_BD_R, .reserves = true, .goes_on = true,
	  .streams = 32 },
	{ .media = LATHE_EMULATOR_BD_R_DL, .reserves = true, .goes_on = true,
	  .streams = 32 },
	{ .media = LATHE_EMULATOR_BD_RE, .streams = 32 },
	{ .media = LATHE_EMULATOR_BD_RE_DL, .streams = 32 },
};

static const struct row two_layers = {
	.media = LATHE_EMULATOR_DVD_PLUS_R_DL
};

#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

/* ---- what the drive is told --------------------------------------------- */

/* Of the last command of that kind; MMC-6 6.31, 6.46 and 6.38. */
static struct {
	uint32_t reserved, unit, layer_break;
	bool late;		/* behind the first WRITE */
	bool head;		/* without a check LBA 0 got what it holds */
	bool odd;		/* a piece of an ECC block was */
} told;

static void listen(struct rig *rig, struct lathe_cmd *cmd)
{
	bool writing = rig->sent[WRITE_10] || rig->sent[WRITE_12];
	uint32_t lba = lathe_get_be32(cmd->cdb + 2);

	switch (cmd->cdb[0]) {
	case RESERVE_TRACK:
		told.reserved = lathe_get_be32(cmd->cdb + 5);
		told.late = told.late || writing;
		break;
	case SEND_DISC_STRUCTURE:
		ck_assert_uint_eq(cmd->cdb[7], 0x20);
		told.layer_break = lathe_get_be32(cmd->data + 8);
		told.late = told.late || writing;
		break;
	case WRITE_10:
		told.head = told.head && lba != 0;
		break;
	case WRITE_12:
		ck_assert_uint_eq(cmd->cdb[10], 0x80);
		told.head = told.head || lba == 0;
		told.odd = told.odd || lba % told.unit ||
			   lathe_get_be32(cmd->cdb + 6) % told.unit;
		break;
	default:
		break;
	}
}

/* ---- a disc ------------------------------------------------------------- */

struct scene {
	const struct row *row;
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model model;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

static void begin(struct scene *scene, const struct row *row,
		  const char *personality)
{
	memset(scene, 0, sizeof(*scene));
	memset(&told, 0, sizeof(told));
	told.unit = row->streams ? row->streams : 1;
	scene->row = row;
	scene->store = blank_disc(row->media);
	rig_create(&scene->rig, scene->store, personality);
	scene->rig.lie = listen;
	model_put(&scene->model, "folder/large", 1, 2000000);
	model_put(&scene->model, "small", 2, 77);
	scene->options = rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->model);
}

static int record(struct scene *scene)
{
	struct rig *rig = &scene->rig;
	int err;

	if (!rig->master)
		rig_master(rig, NULL);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	if (!err)
		err = rig_add(rig, &scene->model);
	memset(rig->sent, 0, sizeof(rig->sent));
	return err ? err :
		     lathe_session_record(rig->master, &scene->options,
					  &scene->report);
}

static const char *why(const struct scene *scene)
{
	return lathe_session_failure(scene->rig.master)->text;
}

/* The same content on the same medium, with no wish. */
static void expect_as_without(struct scene *scene)
{
	struct scene plain;
	const char *wrong;
	uint32_t lba, end_at = scene->report.start + scene->report.track_blocks;
	uint8_t a[2048], b[2048];

	wrong = judge_volume(scene->store, scene->report.start, &scene->model,
			     NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	begin(&plain, scene->row, NULL);
	ck_assert_msg(!record(&plain), "%s", why(&plain));
	for (lba = 0; lba < end_at; lba++) {
		ck_assert_int_eq(lathe_emulator_store_peek(scene->store, lba,
							   a),
				 lathe_emulator_store_peek(plain.store, lba,
							   b));
		ck_assert_mem_eq(a, b, sizeof(a));
	}
	end(&plain);
}

static void expect_untouched(struct scene *scene)
{
	struct lathe_emulator_store *blank = blank_disc(scene->row->media);

	ck_assert_int_eq(scene->report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(scene->rig.sent[WRITE_10], 0);
	ck_assert_uint_eq(scene->rig.sent[WRITE_12], 0);
	ck_assert(judge_same(scene->store, blank, 64));
	lathe_emulator_store_close(blank);
}

/* ---- a reserved track --------------------------------------------------- */

START_TEST(the_drive_is_told_the_size)
{
	struct scene scene;

	begin(&scene, &rows[_i], NULL);
	scene.options.reserve = true;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert_uint_eq(scene.rig.sent[RESERVE_TRACK], rows[_i].reserves);
	ck_assert_uint_eq(told.reserved,
			  rows[_i].reserves ? scene.report.track_blocks : 0);
	ck_assert(!told.late);
	expect_as_without(&scene);
	end(&scene);
}
END_TEST

/* A drive that does not know it loses nothing; one that fails writes nothing.
 */
START_TEST(the_drive_does_not_reserve)
{
	static const char *const script[] = {
		"op=53 sense=5/20/00", "op=53 sense=3/0c/00"
	};
	struct scene scene;

	if (!rows[_i / 2].reserves)
		return;
	begin(&scene, &rows[_i / 2], NULL);
	scene.options.reserve = true;
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   script[_i % 2]), 0);
	if (_i % 2) {
		ck_assert_int_eq(record(&scene), LATHE_ERR_SENSE);
		expect_untouched(&scene);
	} else {
		ck_assert_msg(!record(&scene), "%s", why(&scene));
		expect_as_without(&scene);
	}
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 1);
	end(&scene);
}
END_TEST

/* The files that a close told of. */
struct cut_files {
	uint32_t count;
	char text[MODEL_FILES][160];
};

static void on_close(void *ctx, enum lathe_log_level level, const char *id,
		     const char *text)
{
	struct cut_files *files = ctx;

	if (strcmp(id, "session.not-whole") != 0)
		return;
	ck_assert_int_eq(level, LATHE_LOG_WARNING);
	ck_assert_uint_lt(files->count, MODEL_FILES);
	snprintf(files->text[files->count++], sizeof(files->text[0]), "%s", text);
}

static bool was_told(void *ctx, const char *path)
{
	const struct cut_files *files = ctx;
	size_t len = strlen(path);

	for (uint32_t i = 0; i < files->count; i++)
		if (files->text[i][0] == '/' &&
		    !strncmp(files->text[i] + 1, path, len) &&
		    !strcmp(files->text[i] + 1 + len,
			    ": it ends behind what is recorded"))
			return true;
	return false;
}

/* What the drive fills up reads as zeros, without an error: which files that
 * concerns is told. */
static void close_cut(struct scene *scene, bool force)
{
	static struct cut_files files;
	struct lathe_hooks hooks = { .ctx = &files, .log = on_close };
	const char *wrong;

	files.count = 0;
	ck_assert_int_eq(lathe_session_close(&scene->rig.mmc, &hooks, false,
					     force, NULL), 0);
	ck_assert_uint_eq(disc_state(scene->store).sessions, 1);
	ck_assert_uint_gt(files.count, 0);
	ck_assert_uint_lt(files.count, scene->model.count);
	wrong = judge_volume(scene->store, 0, &scene->model, was_told, &files);
	ck_assert_msg(!wrong, "%s", wrong);
}

/* Cut in the middle of what was reserved: it is gone on with there, or the
 * rest is filled up and the session closed. */
START_TEST(a_reserved_track_is_cut)
{
	struct scene scene;
	struct rig *rig = &scene.rig;
	bool resume = _i % 3 == 2;

	if (!rows[_i / 3].goes_on)
		return;
	begin(&scene, &rows[_i / 3], NULL);
	scene.options.reserve = true;
	ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
						   "op=2a count=20 gone"), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_NO_DEVICE);
	ck_assert_uint_eq(rig->sent[RESERVE_TRACK], 1);
	rig_restart(rig);
	memset(rig->sent, 0, sizeof(rig->sent));
	if (!resume) {
		close_cut(&scene, _i % 3);
		end(&scene);
		return;
	}
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_resume(rig->master, &rig->mmc), 0);
	ck_assert_int_eq(rig_add(rig, &scene.model), 0);
	ck_assert_msg(!lathe_session_record(rig->master, &scene.options,
					    &scene.report), "%s", why(&scene));
	ck_assert_uint_eq(rig->sent[RESERVE_TRACK], 0);
	expect_as_without(&scene);
	end(&scene);
}
END_TEST

/* ---- no check of each write --------------------------------------------- */

START_TEST(writes_are_not_checked)
{
	struct scene scene;

	begin(&scene, &rows[_i], NULL);
	scene.options.stream = true;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert_int_eq(scene.rig.sent[WRITE_12] > 0, rows[_i].streams > 0);
	/* What leads to all else is worth it. */
	ck_assert(!told.head || !disc_state(scene.store).overwritable);
	ck_assert(!told.odd);
	expect_as_without(&scene);
	end(&scene);
}
END_TEST

START_TEST(a_drive_that_always_checks)
{
	struct scene scene;

	begin(&scene, &rows[_i], "no-streaming");
	scene.options.stream = true;
	if (rows[_i].streams) {
		ck_assert_int_eq(record(&scene), LATHE_ERR_UNSUPPORTED);
		ck_assert_ptr_nonnull(strstr(why(&scene), "streaming"));
		expect_untouched(&scene);
	} else {
		ck_assert_msg(!record(&scene), "%s", why(&scene));
		expect_as_without(&scene);
	}
	end(&scene);
}
END_TEST

/* A write error is an error, streaming or not. */
START_TEST(a_write_fails)
{
	struct scene scene;

	if (!rows[_i].streams)
		return;
	begin(&scene, &rows[_i], NULL);
	scene.options.stream = true;
	ck_assert_int_eq(lathe_emulator_set_faults(
				 scene.rig.emulator,
				 "op=aa count=10 times=0 sense=3/0c/00"), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_SENSE);
	if (disc_state(scene.store).overwritable)
		ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	else
		ck_assert_uint_eq(scene.report.files_not_whole, 1);
	end(&scene);
}
END_TEST

/* ---- the layer break ---------------------------------------------------- */

/* Within the session, and far behind it. */
START_TEST(the_first_layer_is_smaller)
{
	static const uint32_t breaks[] = { 640, 1000000 };
	uint32_t blocks = breaks[_i % 2];
	char line[32];
	struct scene scene;

	begin(&scene, &rows[_i / 2], NULL);
	scene.options.layer_break = blocks;
	if (rows[_i / 2].breaks) {
		ck_assert_msg(!record(&scene), "%s", why(&scene));
		ck_assert_uint_eq(scene.rig.sent[SEND_DISC_STRUCTURE], 1);
		ck_assert_uint_eq(told.layer_break, blocks);
		ck_assert(!told.late);
		snprintf(line, sizeof(line), "layer-break %u\n", blocks);
		ck_assert_ptr_nonnull(strstr(
			lathe_emulator_store_text(scene.store), line));
		expect_as_without(&scene);
	} else {
		ck_assert_int_eq(record(&scene), LATHE_ERR_UNSUPPORTED);
		ck_assert_uint_eq(scene.rig.sent[SEND_DISC_STRUCTURE], 0);
		expect_untouched(&scene);
	}
	end(&scene);
}
END_TEST

/* The second layer is no larger: this is seen before anything is written. */
START_TEST(both_layers_are_too_small)
{
	struct scene scene;

	begin(&scene, &two_layers, NULL);
	scene.options.layer_break = 496;
	ck_assert_int_eq(record(&scene), LATHE_ERR_FULL);
	ck_assert_uint_eq(scene.rig.sent[SEND_DISC_STRUCTURE], 0);
	expect_untouched(&scene);
	scene.options.layer_break = 512;
	ck_assert_msg(!lathe_session_record(scene.rig.master, &scene.options,
					    &scene.report), "%s", why(&scene));
	expect_as_without(&scene);
	end(&scene);
}
END_TEST

/* MMC-6 6.36: the blocks of a layer are a multiple of 16, an ECC block. */
START_TEST(a_layer_ends_with_an_ecc_block)
{
	static const uint32_t odd[] = { 1, 511, 513, 520, UINT32_MAX };
	struct scene scene;
	struct rig *rig = &scene.rig;
	uint32_t free_blocks;

	begin(&scene, &two_layers, NULL);
	scene.options.layer_break = odd[_i];
	ck_assert_int_eq(record(&scene), LATHE_ERR_ARG);
	ck_assert_uint_eq(scene.rig.sent[SEND_DISC_STRUCTURE], 0);
	expect_untouched(&scene);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc), 0);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 1600), 0);
	free_blocks = lathe_session_chosen(rig->master)->medium.free_blocks;
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, odd[_i]),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_session_failure(rig->master)->err,
			 LATHE_ERR_ARG);
	ck_assert_uint_eq(lathe_session_chosen(rig->master)->medium.free_blocks,
			  free_blocks);
	end(&scene);
}
END_TEST

/* A wish of the master is in its totals, and is told to the drive. */
START_TEST(the_totals_are_of_the_smaller_disc)
{
	struct lathe_session_sizes totals;
	struct scene scene;
	struct rig *rig = &scene.rig;
	uint32_t whole;

	begin(&scene, &two_layers, NULL);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 512),
			 LATHE_ERR_NO_RECORDER);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc), 0);
	whole = lathe_session_chosen(rig->master)->medium.free_blocks;
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 496), 0);
	ck_assert_int_eq(rig_add(rig, &scene.model), LATHE_ERR_FULL);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 512), 0);
	ck_assert_uint_eq(lathe_session_chosen(rig->master)->medium.free_blocks,
			  1024);
	ck_assert_int_eq(rig_add(rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_totals(rig->master, &totals), 0);
	ck_assert_uint_eq(totals.total_blocks, 1024);
	ck_assert_int_eq(totals.space.fit, LATHE_SESSION_FITS_FINAL);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 0), 0);
	ck_assert_int_eq(lathe_session_totals(rig->master, &totals), 0);
	ck_assert_uint_eq(totals.total_blocks, whole);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 512), 0);
	ck_assert_msg(!lathe_session_record(rig->master, &scene.options,
					    &scene.report), "%s", why(&scene));
	ck_assert_uint_eq(told.layer_break, 512);
	expect_as_without(&scene);
	end(&scene);
}
END_TEST

/* It holds until a recorder is chosen. */
START_TEST(a_layer_break_is_forgotten)
{
	struct scene scene;
	struct rig *rig = &scene.rig;

	begin(&scene, &two_layers, NULL);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc), 0);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 640), 0);
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert_uint_eq(rig->sent[SEND_DISC_STRUCTURE], 0);
	end(&scene);
}
END_TEST

/* After a recording the disc is read again: neither is the disc of before
 * asked, nor the wish lost when content is staged. */
START_TEST(a_layer_break_of_the_next_disc)
{
	struct lathe_emulator_store *next;
	struct lathe_session_sizes totals;
	struct scene scene;
	struct rig *rig = &scene.rig;

	begin(&scene, &two_layers, NULL);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc), 0);
	ck_assert_int_eq(rig_add(rig, &scene.model), 0);
	scene.options.final = true;
	ck_assert_msg(!lathe_session_record(rig->master, &scene.options,
					    &scene.report), "%s", why(&scene));
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 512),
			 LATHE_ERR_NOT_APPENDABLE);
	next = blank_disc(LATHE_EMULATOR_DVD_PLUS_R_DL);
	lathe_emulator_insert(rig->emulator, next);
	ck_assert_int_eq(lathe_session_set_layer_break(rig->master, 512), 0);
	ck_assert_int_eq(rig_add(rig, &scene.model), 0);
	ck_assert_int_eq(lathe_session_totals(rig->master, &totals), 0);
	ck_assert_uint_eq(totals.total_blocks, 1024);
	end(&scene);
	lathe_emulator_store_close(next);
}
END_TEST

START_TEST(a_disc_without_layers_to_choose)
{
	struct scene scene;

	begin(&scene, &rows[_i], NULL);
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(lathe_session_set_layer_break(scene.rig.master, 512),
			 rows[_i].breaks ? 0 : LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(lathe_session_set_layer_break(scene.rig.master, 0), 0);
	end(&scene);
}
END_TEST

START_TEST(no_such_layer_break)
{
	static const uint32_t breaks[] = { 5000000, 0xFFFFFFF0 };
	struct scene scene;

	begin(&scene, &two_layers, NULL);
	scene.options.layer_break = breaks[_i];
	ck_assert_int_eq(record(&scene), LATHE_ERR_SENSE);
	ck_assert_uint_eq(scene.rig.sent[SEND_DISC_STRUCTURE], 1);
	expect_untouched(&scene);
	end(&scene);
}
END_TEST

/* A disc that has a session has its layers. */
START_TEST(the_disc_was_begun)
{
	const struct lathe_session_stream stream = { NULL, rig_zeros, 263000 };
	struct scene scene;

	begin(&scene, &two_layers, NULL);
	rig_destroy(&scene.rig);
	lathe_emulator_store_close(scene.store);
	scene.store = digest_disc(LATHE_EMULATOR_DVD_PLUS_R_DL);
	rig_create(&scene.rig, scene.store, NULL);
	scene.options.verify = LATHE_SESSION_VERIFY_NONE;
	scene.options.layer_break = 200000;
	ck_assert_int_eq(lathe_session_record_stream(
				 &scene.rig.mmc, NULL, &stream, &scene.options,
				 &scene.report, NULL), 0);
	ck_assert(disc_state(scene.store).appendable);
	ck_assert_uint_eq(disc_state(scene.store).lead_out_limit, 400000);
	rig_restart(&scene.rig);
	ck_assert_int_eq(lathe_session_record_stream(
				 &scene.rig.mmc, NULL, &stream, &scene.options,
				 &scene.report, NULL), LATHE_ERR_NOT_BLANK);
	rig_master(&scene.rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(lathe_session_set_layer_break(scene.rig.master,
						       200000),
			 LATHE_ERR_UNSUPPORTED);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: wishes");
	TCase *tc = tcase_create("wishes");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, the_drive_is_told_the_size, 0, ROWS);
	tcase_add_loop_test(tc, the_drive_does_not_reserve, 0, 2 * ROWS);
	tcase_add_loop_test(tc, a_reserved_track_is_cut, 0, 3 * ROWS);
	tcase_add_loop_test(tc, writes_are_not_checked, 0, ROWS);
	tcase_add_loop_test(tc, a_drive_that_always_checks, 0, ROWS);
	tcase_add_loop_test(tc, a_write_fails, 0, ROWS);
	tcase_add_loop_test(tc, the_first_layer_is_smaller, 0, 2 * ROWS);
	tcase_add_test(tc, both_layers_are_too_small);
	tcase_add_loop_test(tc, a_layer_ends_with_an_ecc_block, 0, 5);
	tcase_add_test(tc, the_totals_are_of_the_smaller_disc);
	tcase_add_test(tc, a_layer_break_is_forgotten);
	tcase_add_test(tc, a_layer_break_of_the_next_disc);
	tcase_add_loop_test(tc, a_disc_without_layers_to_choose, 0, ROWS);
	tcase_add_loop_test(tc, no_such_layer_break, 0, 2);
	tcase_add_test(tc, the_disc_was_begun);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
