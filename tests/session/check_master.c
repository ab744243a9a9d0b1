/* SPDX-License-Identifier: MIT */
/*
 * check_master.c - the master's modes, what it refuses and why, edits that
 * take place whole or not at all.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct lathe_emulator_store *cd_r(void)
{
	return blank_disc(LATHE_EMULATOR_CD_R_80);
}

static void two_files(struct model *model, uint32_t seed)
{
	memset(model, 0, sizeof(*model));
	model_put(model, "a/one", seed, 3000);
	model_put(model, "two", seed + 1, 10);
}

/* A disc with one session of ours. */
static struct lathe_emulator_store *own_disc(const struct model *model)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_report report;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
	return store;
}

static const char *text_of(const struct rig *rig)
{
	return lathe_session_failure(rig->master)->text;
}

/* ---- another program's discs -------------------------------------------- */

enum { WITH_MARK = 1, WITH_JOLIET = 2, ONLY_ZEROS = 4, ELSEWHERE = 8 };

/* Record a volume below the session layer, block by block. ECMA-119 8.4.32:
 * the application use area, byte positions 884 to 1395, has the mark. */
static void write_track(struct rig *rig, const struct lathe_iso9660_image *image,
			uint32_t start, uint32_t blocks, int how)
{
	struct lathe_iso9660_cursor *cursor;
	uint8_t block[2048];
	uint32_t i;

	ck_assert_int_eq(lathe_iso9660_cursor_create(image, NULL, NULL,
						     &cursor), 0);
	for (i = 0; i < blocks || i < 300; i++) {
		memset(block, 0, sizeof(block));
		if (i < blocks && !(how & ONLY_ZEROS))
			ck_assert_int_eq(lathe_iso9660_cursor_read(
						 cursor, image->start + i, 1,
						 block), 0);
		if (i == 16 && !(how & WITH_MARK))
			memset(block + 883, 0, 512);
		ck_assert_int_eq(lathe_mmc_write(&rig->mmc, start + i, 1,
						 block), 0);
	}
	lathe_iso9660_cursor_destroy(cursor);
}

static void foreign_session(struct rig *rig, const struct model *model, int how)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options)
	};
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	struct lathe_mmc_recording recording = { 0 };
	struct lathe_iso9660_image image;
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_tree *tree;
	struct lathe_mmc_medium medium;
	uint32_t i, node, start;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	for (i = 0; i < model->count; i++)
		ck_assert_int_eq(
			lathe_iso9660_add_memory(
				tree, LATHE_ISO9660_ROOT, model->file[i].path,
				strlen(model->file[i].path), NULL,
				model->file[i].data, model->file[i].size, 0,
				&node), 0);
	options.uses = &use;
	options.use_count = how & WITH_JOLIET ? 1 : 0;
	options.volume.volume_id = "OTHERS";
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &recording,
					       &start), 0);
	/* ELSEWHERE: as if it had been copied from another place. */
	ck_assert_int_eq(lathe_iso9660_image_init(
				 &image, plan,
				 how & ELSEWHERE ? start + 320 : start), 0);
	write_track(rig, &image, start, lathe_iso9660_plan_blocks(plan), how);
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig->mmc, &medium, false),
			 0);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}

static void flat_files(struct model *model)
{
	memset(model, 0, sizeof(*model));
	model_put(model, "their file", 70, 5000);
	model_put(model, "their other file", 71, 1);
}

/* ---- order of calls ----------------------------------------------------- */

START_TEST(calls_in_a_wrong_order_change_nothing)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_sizes totals;
	struct lathe_iso9660_tree *tree;
	struct lathe_session_config config;
	struct rig rig;

	rig_create(&rig, store, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	config = rig_config(&rig);
	ck_assert_int_eq(lathe_session_master_create(&config, &rig.master), 0);

	/* No format: there is no default one. */
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NO_FORMAT);
	ck_assert_int_eq(lathe_session_failure(rig.master)->err,
			 LATHE_ERR_NO_FORMAT);
	ck_assert_ptr_null(lathe_session_tree(rig.master));
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_NONE);

	ck_assert_int_eq(lathe_session_set_format(
				 rig.master, LATHE_SESSION_FORMAT_JOLIET), 0);
	ck_assert_ptr_nonnull(lathe_session_tree(rig.master));
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree),
			 LATHE_ERR_NO_RECORDER);
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals),
			 LATHE_ERR_NO_RECORDER);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NO_RECORDER);
	ck_assert_int_eq(lathe_session_import(rig.master),
			 LATHE_ERR_NO_RECORDER);
	ck_assert_uint_eq(rig.commands, 0);

	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_STATE);
	lathe_session_abort(rig.master);
	lathe_session_abort(rig.master);
	ck_assert_int_eq(lathe_session_commit(rig.master), LATHE_ERR_STATE);

	options.size--;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_ARG);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

START_TEST(an_empty_drive_leaves_the_choice_as_it_was)
{
	struct lathe_emulator_store *store;
	struct lathe_session_disc disc;
	struct model model;
	struct rig rig;

	two_files(&model, 1);
	store = own_disc(&model);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	lathe_emulator_insert(rig.emulator, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_NO_MEDIUM);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_NONE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_MEDIUM);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- edits -------------------------------------------------------------- */

START_TEST(an_edit_takes_place_whole_or_not_at_all)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_sizes before, after;
	struct lathe_iso9660_tree *tree;
	struct model model, large = { 0 };
	uint32_t node;
	struct rig rig;

	two_files(&model, 1);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &before), 0);

	/* Aborted. */
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "three", 5, NULL,
				 "x", 1, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "a/one", &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	lathe_session_abort(rig.master);
	tree = lathe_session_tree(rig.master);
	ck_assert_int_eq(lathe_iso9660_find(tree, "three", &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_find(tree, "a/one", &node), 0);

	/* Refused for its size: removals within it are undone too. */
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "two", &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "huge", 4, NULL,
				 "", 1024u * 1024u * 1024u, 0, &node), 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), LATHE_ERR_FULL);
	tree = lathe_session_tree(rig.master);
	ck_assert_int_eq(lathe_iso9660_find(tree, "two", &node), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "huge", &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_session_totals(rig.master, &after), 0);
	ck_assert_uint_eq(after.used_blocks, before.used_blocks);
	ck_assert_uint_eq(after.volume_blocks, before.volume_blocks);

	/* A name that is there, without the wish to replace it. */
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "two", 3, NULL, "y",
				 1, 0, &node), LATHE_ERR_EXISTS);
	lathe_session_abort(rig.master);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
	model_free(&large);
}
END_TEST

START_TEST(names_that_joliet_can_not_hold)
{
	static const char longer[] =
		"a name that is longer than the sixty-four units which Joliet "
		"leaves for it.text";
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_config config;
	struct lathe_iso9660_tree *tree;
	uint32_t node;
	struct rig rig;

	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.map_names = false;
	rig_master(&rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, longer,
				 sizeof(longer) - 1, NULL, "x", 1, 0, &node),
			 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), LATHE_ERR_NAME);
	ck_assert_int_eq(lathe_session_failure(rig.master)->err,
			 LATHE_ERR_NAME);
	ck_assert_uint_gt(strlen(text_of(&rig)), 20);

	/* What only ISO 9660 maps is no reason to refuse. */
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "lower.c", 7, NULL,
				 "x", 1, 0, &node), 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

static void count_renamed(void *ctx, const struct lathe_iso9660_renamed *what)
{
	if (what->hierarchy == 0)
		++*(uint32_t *)ctx;
}

/* At the commit, not each time that something is laid out. */
START_TEST(names_that_are_mapped_are_told_once)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_config config;
	struct lathe_session_sizes sizes;
	struct lathe_iso9660_tree *tree;
	uint32_t node, told = 0;
	struct rig rig;

	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.renamed = count_renamed;
	config.renamed_ctx = &told;
	rig_master(&rig, &config);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_QUICK);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "two words", 9,
				 NULL, "x", 1, 0, &node), 0);
	ck_assert_uint_eq(told, 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), 0);
	ck_assert_uint_eq(told, 1);
	/* It stands in the layout, which is made anew for that. */
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "NAME", NULL), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &sizes), 0);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "OTHER", NULL),
			 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_uint_eq(told, 1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* ---- content ------------------------------------------------------------ */

START_TEST(an_unchanged_tree_is_nothing_to_record)
{
	struct lathe_emulator_store *store;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_info info;
	struct lathe_iso9660_tree *tree;
	struct model model;
	uint32_t node;
	struct rig rig;

	two_files(&model, 1);
	store = own_disc(&model);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);
	/* The name it has already. */
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "LATHE", NULL),
			 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);

	/* A removal is content, and so is a new name. */
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "two", &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	model_remove(&model, "two");
	ck_assert_ptr_null(judge_volume(store, report.start, &model, NULL,
					NULL));

	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "HOLIDAY", NULL),
			 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_get(&rig.mmc,
					   lathe_session_chosen(rig.master), 3,
					   &info), 0);
	ck_assert_str_eq(info.volume, "HOLIDAY");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(the_volume_is_named_after_the_day)
{
	static const uint8_t day[17] = "2026112101020300";
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_report report;
	struct model model;
	uint8_t block[2048];
	struct rig rig;

	two_files(&model, 1);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, NULL, day), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_QUICK,
				  &report), 0);
	ck_assert_int_eq(lathe_emulator_store_peek(store, 16, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	/* ECMA-119 8.4.7, 8.4.26: byte positions 41 to 72, 814 to 830. */
	ck_assert_mem_eq(block + 40, "2026_11_21                      ", 32);
	ck_assert_mem_eq(block + 813, day, 17);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(a_successful_burn_wipes_the_stage_and_a_failed_one_keeps_it)
{
	struct lathe_emulator_store *store = cd_r(), *other = cd_r();
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model;
	struct rig rig;

	two_files(&model, 1);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);

	/* Empty drive: put a disc in and call again. */
	lathe_emulator_insert(rig.emulator, NULL);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NO_MEDIUM);
	lathe_emulator_insert(rig.emulator, store);
	options.keep_content = true;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	/* The same content once more, for another blank disc. */
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NOT_BLANK);
	lathe_emulator_insert(rig.emulator, other);
	options.keep_content = false;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_ptr_null(judge_volume(store, 0, &model, NULL, NULL));
	ck_assert_ptr_null(judge_volume(other, 0, &model, NULL, NULL));
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);

	/* The next content begins with the disc, read again by itself. */
	model_put(&model, "three", 4, 4);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_uint_eq(report.session, 2);
	ck_assert_ptr_null(judge_volume(other, report.start, &model, NULL,
					NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(other);
	model_free(&model);
}
END_TEST

/* ---- modes -------------------------------------------------------------- */

START_TEST(cleared_content_needs_a_blank_disc)
{
	struct lathe_emulator_store *store, *blank = cd_r(), *before;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model;
	struct rig rig;
	uint32_t writes;

	two_files(&model, 1);
	store = own_disc(&model);
	before = copy_disc(store);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(lathe_session_chosen(rig.master)->why,
			 LATHE_SESSION_WHY_CLEARED);
	writes = rig.sent[0x2A];
	model_put(&model, "three", 4, 4);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NOT_BLANK);
	ck_assert_uint_eq(rig.sent[0x2A], writes);
	ck_assert(judge_same(store, before, 1000));
	lathe_emulator_insert(rig.emulator, blank);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_ptr_null(judge_volume(blank, 0, &model, NULL, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(before);
	lathe_emulator_store_close(blank);
	model_free(&model);
}
END_TEST

/* Stage on 'disc', record with 'inserted' in the drive: what comes out. */
static void expect_wrong(struct lathe_emulator_store *disc,
			 struct lathe_emulator_store *inserted,
			 const char *component)
{
	struct lathe_emulator_store *chosen = copy_disc(disc);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_emulator_store *before =
		inserted ? copy_disc(inserted) : NULL;
	struct model more = { 0 };
	struct rig rig;

	model_put(&more, "more", 9, 9);
	rig_create(&rig, chosen, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &more), 0);
	lathe_emulator_insert(rig.emulator, inserted);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_WRONG_DISC);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_msg(strstr(text_of(&rig), component), "%s does not name %s",
		      text_of(&rig), component);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	if (inserted)
		ck_assert(judge_same(inserted, before, 13000));

	/* The right disc again: the stage is still there. */
	lathe_emulator_insert(rig.emulator, chosen);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(before);
	lathe_emulator_store_close(chosen);
	model_free(&more);
}

START_TEST(another_disc_is_the_wrong_disc)
{
	struct lathe_emulator_store *chosen, *other, *twice, *blank = cd_r();
	struct lathe_emulator_store *rw;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model, strange;
	struct rig rig;

	two_files(&model, 1);
	two_files(&strange, 1);
	model_put(&strange, "strange", 1, 100);
	chosen = own_disc(&model);
	other = own_disc(&strange);
	expect_wrong(chosen, other, "volume descriptors");
	expect_wrong(chosen, blank, "sessions");
	expect_wrong(chosen, NULL, "none in the drive");

	/* The same disc with one session more. */
	twice = copy_disc(chosen);
	rig_create(&rig, twice, NULL);
	ck_assert_int_eq(rig_burn(&rig, &strange, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
	expect_wrong(chosen, twice, "sessions");
	lathe_emulator_store_close(twice);

	rw = blank_disc(LATHE_EMULATOR_CD_RW);
	rig_create(&rig, rw, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
	expect_wrong(chosen, rw, "profile");

	/* A copy of a disc is that disc on purpose. */
	rig_create(&rig, chosen, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &strange), 0);
	twice = copy_disc(chosen);
	lathe_emulator_insert(rig.emulator, twice);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(chosen);
	lathe_emulator_store_close(other);
	lathe_emulator_store_close(twice);
	lathe_emulator_store_close(blank);
	lathe_emulator_store_close(rw);
	model_free(&model);
	model_free(&strange);
}
END_TEST

/* ---- foreign discs ------------------------------------------------------ */

START_TEST(a_foreign_disc_is_not_taken_over_by_itself)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model theirs, mine = { 0 };
	struct rig rig;
	uint32_t writes;

	flat_files(&theirs);
	model_put(&mine, "mine too", 5, 6000);
	rig_create(&rig, store, NULL);
	foreign_session(&rig, &theirs, WITH_JOLIET);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_FOREIGN);
	ck_assert_str_eq(disc.found.volume_id, "OTHERS");

	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(rig_add(&rig, &mine), 0);
	writes = rig.sent[0x2A];
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NOT_BLANK);
	ck_assert_uint_eq(rig.sent[0x2A], writes);
	ck_assert_int_eq(lathe_session_import(rig.master), LATHE_ERR_STATE);

	/* On request: all their files survive. */
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_import(rig.master), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(lathe_session_chosen(rig.master)->why,
			 LATHE_SESSION_WHY_IMPORTED);
	ck_assert_int_eq(lathe_session_import(rig.master), 0);
	ck_assert_int_eq(rig_add(&rig, &mine), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	model_put(&theirs, "mine too", 5, 6000);
	ck_assert_ptr_null(judge_volume(store, report.start, &theirs, NULL,
					NULL));

	/* From now on it is an own disc. */
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);

	/* Another program appends: foreign again. */
	foreign_session(&rig, &mine, WITH_JOLIET);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_FOREIGN);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&theirs);
	model_free(&mine);
}
END_TEST

START_TEST(discs_without_joliet_or_without_a_volume)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model theirs, mine = { 0 };
	struct rig rig;

	flat_files(&theirs);
	rig_create(&rig, store, NULL);
	foreign_session(&rig, &theirs, 0);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_JOLIET);

	/* Import builds the hierarchy that is not there. */
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_import(rig.master), 0);
	model_put(&mine, "mine", 5, 600);
	ck_assert_int_eq(rig_add(&rig, &mine), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	model_free(&theirs);
	/* Their names come from ISO 9660, upper case and without a blank. */
	model_put(&theirs, "THEIR_FILE", 70, 5000);
	model_put(&theirs, "THEIR_OTHER_FILE", 71, 1);
	model_put(&theirs, "mine", 5, 600);
	ck_assert_ptr_null(judge_volume(store, report.start, &theirs, NULL,
					NULL));

	foreign_session(&rig, &mine, ONLY_ZEROS);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_VOLUME);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_import(rig.master),
			 LATHE_ERR_NO_VOLUME);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&theirs);
	model_free(&mine);
}
END_TEST

START_TEST(a_mark_of_another_place_is_not_ours)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_disc disc;
	struct model theirs;
	struct rig rig;

	/* With the mark it is ours, whoever sent the commands. */
	flat_files(&theirs);
	rig_create(&rig, store, NULL);
	foreign_session(&rig, &theirs, WITH_JOLIET | WITH_MARK);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);

	/* Unless it tells of another place: its addresses would be wrong. */
	foreign_session(&rig, &theirs, WITH_JOLIET | WITH_MARK | ELSEWHERE);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_ne(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_int_ne(disc.mode, LATHE_SESSION_MODE_MULTI);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&theirs);
}
END_TEST

START_TEST(one_flipped_bit_in_the_metadata_is_noticed)
{
	struct lathe_emulator_store *store = cd_r();
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model;
	struct rig rig;

	two_files(&model, 1);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_NONE);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	/* The third WRITE of 16 blocks begins with LBA 32; behind the
	 * descriptors and tables there are only files, so take the second. */
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2A lba=20 corrupt"),
			 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 1);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_ne(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_int_ne(disc.mode, LATHE_SESSION_MODE_MULTI);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: master");
	TCase *tc = tcase_create("master");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, calls_in_a_wrong_order_change_nothing);
	tcase_add_test(tc, an_empty_drive_leaves_the_choice_as_it_was);
	tcase_add_test(tc, an_edit_takes_place_whole_or_not_at_all);
	tcase_add_test(tc, names_that_joliet_can_not_hold);
	tcase_add_test(tc, names_that_are_mapped_are_told_once);
	tcase_add_test(tc, an_unchanged_tree_is_nothing_to_record);
	tcase_add_test(tc, the_volume_is_named_after_the_day);
	tcase_add_test(
		tc, a_successful_burn_wipes_the_stage_and_a_failed_one_keeps_it);
	tcase_add_test(tc, cleared_content_needs_a_blank_disc);
	tcase_add_test(tc, another_disc_is_the_wrong_disc);
	tcase_add_test(tc, a_foreign_disc_is_not_taken_over_by_itself);
	tcase_add_test(tc, discs_without_joliet_or_without_a_volume);
	tcase_add_test(tc, a_mark_of_another_place_is_not_ours);
	tcase_add_test(tc, one_flipped_bit_in_the_metadata_is_noticed);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
