/* SPDX-License-Identifier: MIT */
/*
 * check_burn.c - discs are recorded, continued, filled and finished; every
 * one is judged by its stored blocks.
 */
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void small_tree(struct model *model, uint32_t seed)
{
	memset(model, 0, sizeof(*model));
	model_put(model, "read me.txt", seed, 5);
	model_put(model, "empty", seed + 1, 0);
	model_put(model, "pictures/one.jpg", seed + 2, 2048);
	model_put(model, "pictures/two.jpg", seed + 3, 2049);
	model_put(model, "pictures/old/three.jpg", seed + 4, 70000);
}

static void expect_volume(struct lathe_emulator_store *store, uint32_t session,
			  const struct model *model)
{
	uint32_t start = judge_session(store, session);
	const char *wrong;

	ck_assert_uint_ne(start, UINT32_MAX);
	wrong = judge_volume(store, start, model, NULL, NULL);
	ck_assert_msg(!wrong, "session %u: %s", session, wrong);
}

/* The engine's own reader: the whole tree, every byte. */
struct read_all {
	struct lathe_blocks *blocks;
	const struct lathe_iso9660_tree *tree;
	const struct model *model;
	uint32_t files;
};

static int compare_file(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct read_all *all = ctx;
	uint8_t block[2048];
	char path[256];
	uint32_t i, at, n;

	if (entry->kind != LATHE_ISO9660_FILE)
		return 0;
	all->files++;
	lathe_iso9660_path(all->tree, entry->node, path, sizeof(path));
	for (i = 0; i < all->model->count; i++)
		if (strcmp(all->model->file[i].path, path + 1) == 0)
			break;
	ck_assert_msg(i < all->model->count, "%s was not recorded", path);
	ck_assert_uint_eq(entry->size, all->model->file[i].size);
	for (at = 0; at < entry->size; at += 2048) {
		n = (uint32_t)entry->size - at;
		ck_assert_int_eq(all->blocks->read(all->blocks->ctx,
						   entry->lba + at / 2048, 1,
						   block), 0);
		ck_assert_mem_eq(block, all->model->file[i].data + at,
				 n < 2048 ? n : 2048);
	}
	return 0;
}

static void expect_import(struct lathe_emulator_store *store,
			  const struct model *model)
{
	struct rig rig;
	struct lathe_session_reader reader;
	struct read_all all = { &reader.blocks, NULL, model, 0 };

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_MULTI);
	lathe_session_reader_init(&reader, &rig.mmc,
				  &lathe_session_chosen(rig.master)->medium,
				  false);
	all.tree = lathe_session_tree(rig.master);
	lathe_iso9660_walk(lathe_session_tree(rig.master), LATHE_ISO9660_ROOT,
			   compare_file, &all);
	ck_assert_uint_eq(all.files, model->count);
	rig_destroy(&rig);
}

START_TEST(a_blank_disc_takes_a_first_session)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct lathe_emulator_disc disc;
	struct model model;
	struct rig rig;

	small_tree(&model, 1);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(report.session, 1);
	ck_assert_uint_eq(report.start, 0);
	ck_assert_uint_eq(report.track_blocks, 300);
	ck_assert_uint_eq(report.blocks_verified, 300);
	ck_assert(report.verified);
	ck_assert_uint_eq(report.files_not_whole, 0);

	/* 300 blocks + 11,402 to the next writable address. */
	disc = disc_state(store);
	ck_assert_uint_eq(disc.sessions, 1);
	ck_assert(disc.appendable);
	ck_assert_uint_eq(disc.next_writable, 11702);
	ck_assert_uint_eq(report.predicted_next, 11702);
	ck_assert_uint_eq(report.next_writable, 11702);
	ck_assert_uint_eq(disc.free_blocks, disc.lead_out_limit - 11702);
	expect_volume(store, 1, &model);

	/* What the surroundings were told. */
	ck_assert_str_eq(rig.phase_order, "IPWCV");
	ck_assert(!rig.went_back);
	ck_assert(rig.last_seen);
	rig_destroy(&rig);
	expect_import(store, &model);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(the_engine_appends_by_itself)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	const struct lathe_session_disc *chosen;
	struct lathe_session_info info;
	struct model model, more = { 0 };
	struct rig rig;

	small_tree(&model, 1);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_QUICK,
				  &report), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	chosen = lathe_session_chosen(rig.master);
	ck_assert_int_eq(chosen->mode, LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(chosen->why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_eq(chosen->costs.closing_documented, 5632);
	ck_assert_uint_eq(chosen->costs.closing_physical, 6902);
	ck_assert_uint_eq(chosen->medium.next_writable, 11702);
	ck_assert_uint_eq(chosen->last_end, 300);
	ck_assert_uint_eq(chosen->found.self.start, 0);
	ck_assert_uint_eq(chosen->found.self.blocks, report.volume_blocks);
	ck_assert_uint_eq(chosen->found.previous.blocks, 0);
	/* Descriptors and folders of so small a tree: the minimum track. */
	ck_assert_uint_eq(chosen->smallest_need, 302);

	model_put(&more, "pictures/two.jpg", 50, 4000);	/* replaced */
	model_put(&more, "pictures/new/four.jpg", 51, 900000);
	ck_assert_int_eq(rig_burn(&rig, &more, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_uint_eq(report.session, 2);
	ck_assert_uint_eq(report.start, 11702);
	ck_assert_uint_eq(report.next_writable,
			  11702 + report.track_blocks + 6902);
	/* Only the new bytes: 440 + 2 blocks, some metadata, the pad. */
	ck_assert_uint_lt(report.track_blocks, 442 + 150 + 60);

	expect_volume(store, 1, &model);
	model_put(&model, "pictures/two.jpg", 50, 4000);
	model_put(&model, "pictures/new/four.jpg", 51, 900000);
	expect_volume(store, 2, &model);

	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	chosen = lathe_session_chosen(rig.master);
	/* The chain of marks: from session to session without a TOC. */
	ck_assert_uint_eq(chosen->found.self.start, 11702);
	ck_assert_uint_eq(chosen->found.self.blocks, report.volume_blocks);
	ck_assert_uint_eq(chosen->found.previous.start, 0);
	ck_assert_uint_gt(chosen->found.previous.blocks, 50);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, chosen, 1, &info), 0);
	ck_assert_uint_eq(info.start, 0);
	ck_assert_uint_eq(info.blocks, 300);
	ck_assert(info.own && info.has_volume && info.data);
	ck_assert_str_eq(info.volume, "LATHE");
	ck_assert_int_eq(lathe_session_get(&rig.mmc, chosen, 2, &info), 0);
	ck_assert_uint_eq(info.start, 11702);
	ck_assert_uint_eq(info.blocks, report.track_blocks);
	ck_assert_uint_eq(info.first_track, 2);
	ck_assert_uint_eq(info.last_track, 2);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, chosen, 3, &info),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, chosen, 0, &info),
			 LATHE_ERR_NOT_FOUND);
	rig_destroy(&rig);
	expect_import(store, &model);
	lathe_emulator_store_close(store);
	model_free(&model);
	model_free(&more);
}
END_TEST

/* One session of a long life: something new, something replaced, something
 * removed; 'model' follows. */
static void live_on(struct rig *rig, struct model *model, uint32_t round,
		    struct lathe_session_report *report)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_iso9660_tree *tree;
	struct model change = { 0 };
	uint32_t node;
	char path[64];

	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	if (round % 3 == 2) {
		const char *gone = model->file[model->count / 2].path;

		ck_assert_int_eq(lathe_session_edit(rig->master, &tree), 0);
		ck_assert_int_eq(lathe_iso9660_find(tree, gone, &node), 0);
		ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
		ck_assert_int_eq(lathe_session_commit(rig->master), 0);
		model_remove(model, gone);
	}
	snprintf(path, sizeof(path), "round %u/new.bin", round);
	model_put(&change, path, round * 7, 1000 + round * 3777);
	model_put(model, path, round * 7, 1000 + round * 3777);
	if (round % 2) {
		model_put(&change, "pictures/one.jpg", round, round * 500);
		model_put(model, "pictures/one.jpg", round, round * 500);
	}
	ck_assert_int_eq(rig_add(rig, &change), 0);
	ck_assert_int_eq(lathe_session_record(rig->master, &options, report),
			 0);
	model_free(&change);
}

START_TEST(twenty_two_sessions_each_read_back_in_full)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct lathe_emulator_disc disc;
	uint32_t round, next = 0;
	struct model model;
	struct rig rig;

	small_tree(&model, 9);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	for (round = 2; round <= 22; round++) {
		next = report.next_writable;
		live_on(&rig, &model, round, &report);
		ck_assert_uint_eq(report.session, round);
		ck_assert_uint_eq(report.start, next);
		ck_assert_uint_eq(report.next_writable,
				  next + report.track_blocks + 6902);
		disc = disc_state(store);
		ck_assert_uint_eq(disc.sessions, round);
		ck_assert_uint_eq(disc.next_writable, report.next_writable);
		ck_assert_uint_eq(disc.free_blocks, disc.lead_out_limit -
							    disc.next_writable);
		expect_volume(store, round, &model);
	}
	ck_assert(!rig.went_back);
	rig_destroy(&rig);
	expect_import(store, &model);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* A file of zeros, as large as one likes: the disc's store keeps none. */
static const struct lathe_iso9660_source made = {
	.open = made_open, .read_at = made_zeros, .close = made_close
};

/* Stage one made file of 'blocks'; what commit says. */
static int stage_blocks(struct rig *rig, const char *name, uint64_t blocks)
{
	struct lathe_iso9660_tree *tree;
	uint32_t node;
	int err;

	err = lathe_session_edit(rig->master, &tree);
	ck_assert_int_eq(err, 0);
	ck_assert_int_eq(lathe_iso9660_add_file(tree, LATHE_ISO9660_ROOT, name,
						strlen(name), NULL, &made, 1,
						blocks * 2048,
						LATHE_ISO9660_REPLACE, &node),
			 0);
	return lathe_session_commit(rig->master);
}

/* The volume of a disc that holds one file takes that many blocks more. */
static uint32_t overhead(struct rig *rig)
{
	struct lathe_session_sizes totals;

	ck_assert_int_eq(stage_blocks(rig, "large", 1000), 0);
	ck_assert_int_eq(lathe_session_totals(rig->master, &totals), 0);
	return totals.volume_blocks - 1000;
}

START_TEST(what_exceeds_the_disc_is_refused_and_leaves_no_trace)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_sizes totals, after;
	struct lathe_emulator_disc disc;
	struct rig rig;
	uint32_t most;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	disc = disc_state(store);
	most = disc.free_blocks - overhead(&rig) - 2;

	/* One block too many: the stage is as it was. */
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals), 0);
	ck_assert_int_eq(stage_blocks(&rig, "large", most + 1),
			 LATHE_ERR_FULL);
	ck_assert_int_eq(lathe_session_failure(rig.master)->err,
			 LATHE_ERR_FULL);
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "359846"));
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "359845"));
	ck_assert_int_eq(lathe_session_totals(rig.master, &after), 0);
	ck_assert_uint_eq(after.volume_blocks, totals.volume_blocks);

	ck_assert_int_eq(stage_blocks(&rig, "large", most), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals), 0);
	ck_assert_int_eq(totals.space.fit, LATHE_SESSION_FITS_FINAL);
	ck_assert_uint_eq(totals.space.pad, 0);
	ck_assert_uint_eq(totals.total_blocks, 359845);
	ck_assert_uint_eq(totals.used_blocks, 359845);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* Fill a disc so that 'left' blocks are free behind session 1. */
static struct lathe_emulator_store *nearly_full(uint32_t left)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_74);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_emulator_disc disc;
	struct rig rig;
	uint32_t blocks;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	disc = disc_state(store);
	/* track + 11,402 + left = limit; track = volume + 150 */
	blocks = disc.lead_out_limit - 11402 - left - 150 - overhead(&rig);
	ck_assert_int_eq(stage_blocks(&rig, "large", blocks), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_STATE);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	disc = disc_state(store);
	ck_assert_uint_eq(disc.free_blocks, left);
	ck_assert(disc.appendable);
	rig_destroy(&rig);
	return store;
}

START_TEST(a_session_that_fits_as_final_only_is_final)
{
	struct lathe_emulator_store *store = nearly_full(1000), *before;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_emulator_disc disc;
	struct rig rig;
	uint32_t writes;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(stage_blocks(&rig, "more", 10), 0);

	/* Who wants to go on later is told, and the disc stays as it was. */
	options = rig_options(&rig, LATHE_SESSION_VERIFY_QUICK);
	options.keep_appendable = true;
	before = copy_disc(store);
	writes = rig.sent[0x2A];
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_FULL);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "5632"));
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "there is room for 1000"));
	ck_assert_uint_eq(rig.sent[0x2A], writes);
	ck_assert(judge_same(store, before, 2000));
	lathe_emulator_store_close(before);

	options.keep_appendable = false;
	rig.warnings = 0;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_FINAL);
	ck_assert(report.final_for_room);
	ck_assert_uint_ge(rig.warnings, 1);	/* said beforehand */
	disc = disc_state(store);
	ck_assert(disc.final);
	ck_assert_uint_eq(disc.sessions, 2);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_NOT_APPENDABLE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

START_TEST(strict_totals_keep_the_reserve)
{
	struct lathe_emulator_store *store = nearly_full(6000);
	struct lathe_session_config config;
	struct lathe_session_sizes totals;
	struct lathe_emulator_disc disc;
	struct rig rig;
	uint32_t more;

	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.strict_totals = true;
	rig_master(&rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	disc = disc_state(store);
	ck_assert_int_eq(stage_blocks(&rig, "more", 20), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals), 0);
	ck_assert_uint_eq(totals.total_blocks,
			  disc.next_writable + 6000 - 5632);
	ck_assert_uint_eq(totals.used_blocks, disc.next_writable + 302);

	/* Total - Used is what may still be added, to the block: 66 of the
	 * 368 are left behind a need of 302, volume and run-out. */
	more = 20 + 366 - totals.volume_blocks;
	ck_assert_int_eq(stage_blocks(&rig, "more", more), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals), 0);
	ck_assert_uint_eq(totals.used_blocks, totals.total_blocks);
	ck_assert_int_eq(stage_blocks(&rig, "more", more + 1),
			 LATHE_ERR_FULL);
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "5632 more, there is room for 6000"));
	ck_assert_int_eq(stage_blocks(&rig, "more", 6000), LATHE_ERR_FULL);
	ck_assert_ptr_nonnull(strstr(lathe_session_failure(rig.master)->text,
				     "blocks, there is room for 6000"));

	/* With the wish for a final disc there is nothing to reserve. */
	lathe_session_set_final(rig.master, true);
	ck_assert_int_eq(lathe_session_totals(rig.master, &totals), 0);
	ck_assert_uint_eq(totals.total_blocks, disc.next_writable + 6000);
	ck_assert_int_eq(stage_blocks(&rig, "more", more + 1), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

START_TEST(a_disc_without_room_for_the_smallest_session_is_not_chosen)
{
	struct lathe_emulator_store *store = nearly_full(302);
	struct lathe_session_disc disc;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_MULTI);
	ck_assert_uint_eq(disc.smallest_need, 302);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);

	store = nearly_full(301);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_NONE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_ROOM);
	ck_assert_str_eq(disc.why_text, "the smallest further session needs "
					"302 blocks, there is room for 301");
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_NOT_APPENDABLE);
	ck_assert_ptr_null(lathe_session_chosen(rig.master));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* With strict totals room for one more session has the reserve in it, to the
 * block, unless the disc shall be final: whatever was staged would be FULL. */
START_TEST(strict_totals_choose_no_disc_without_the_reserve)
{
	struct lathe_emulator_store *store = nearly_full(302 + 5632 - (uint32_t)_i);
	struct lathe_session_config config;
	struct rig rig;

	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.strict_totals = true;
	rig_master(&rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 _i ? LATHE_ERR_NOT_APPENDABLE : 0);
	if (_i) {
		ck_assert_ptr_null(lathe_session_chosen(rig.master));
		ck_assert_ptr_nonnull(
			strstr(lathe_session_failure(rig.master)->text,
			       "302 blocks and closing 5632 more, there is "
			       "room for 5933"));
	}
	lathe_session_set_final(rig.master, true);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_MULTI);
	ck_assert_int_eq(stage_blocks(&rig, "more", 20), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* What is said of the room fits one block, too. */
START_TEST(one_free_block)
{
	struct lathe_emulator_store *store = nearly_full(1);
	struct lathe_session_disc disc;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_ROOM);
	ck_assert_str_eq(disc.why_text, "the smallest further session needs "
					"302 blocks, there is room for 1");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

START_TEST(final_on_request)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_RW);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model;
	struct rig rig;

	small_tree(&model, 3);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.final = true;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_FINAL);
	ck_assert(!report.final_for_room);
	ck_assert(disc_state(store).final);
	expect_volume(store, 1, &model);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_FINAL);
	ck_assert(disc.found.own);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

#define GROUPS 2048u

static bool was_read[GROUPS];

/* READ (10), MMC-6: the address is in bytes 2 to 5; 32 blocks are a group. */
static void note_group(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t group = lathe_get_be32(cmd->cdb + 2) / 32;

	if (rig->sent[0x5B] && cmd->cdb[0] == 0x28 && group < GROUPS)
		was_read[group] = true;
}

/* Virtual ms that a burn of many files takes at that level. */
static uint64_t time_of(enum lathe_session_verify level, uint32_t files,
			uint32_t blocks, uint32_t *verified)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_iso9660_tree *tree;
	uint32_t i, node;
	struct rig rig;
	char name[16];
	uint64_t ms;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	for (i = 0; i < files; i++) {
		snprintf(name, sizeof(name), "file %u", i);
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), NULL, &made, i,
					 (uint64_t)blocks * 2048, 0, &node),
				 0);
	}
	ck_assert_int_eq(lathe_session_commit(rig.master), 0);
	options = rig_options(&rig, level);
	/* What counts is how long the burn took, not what the clock says. */
	lathe_emulator_sleep_ms(rig.emulator, 24 * 3600 * 1000);
	memset(was_read, 0, sizeof(was_read));
	rig.lie = note_group;
	ms = lathe_emulator_now_ms(rig.emulator);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ms = lathe_emulator_now_ms(rig.emulator) - ms;
	ck_assert(!rig.went_back);
	*verified = report.blocks_verified;
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	return ms;
}

START_TEST(quick_verification_takes_a_twentieth_of_the_time)
{
	uint32_t none, quick, group, last, count = 0, longest = 0;
	uint64_t state, with_quick;

	/* 1,500 files of 40 blocks: every group holds an end of one. */
	state = time_of(LATHE_SESSION_VERIFY_STATE, 1500, 40, &none);
	with_quick = time_of(LATHE_SESSION_VERIFY_QUICK, 1500, 40, &quick);
	ck_assert_uint_eq(none, 0);
	ck_assert_uint_gt(quick, 1000);
	ck_assert_uint_lt(quick, 60000 / 2);
	ck_assert_uint_gt(with_quick, state);
	ck_assert_uint_le(with_quick - state, state / 20 + state / 100);
	/* Evenly spread, up to the last one, which is always read. */
	for (group = last = 0; group < GROUPS; group++) {
		if (!was_read[group])
			continue;
		count++;
		if (group - last > longest)
			longest = group - last;
		last = group;
	}
	ck_assert_uint_ge(last, 1500 * 40 / 32);
	ck_assert_uint_gt(count, 31);
	ck_assert_uint_le(longest, 4 * (last / count + 1));
}
END_TEST

START_TEST(a_simulation_leaves_the_disc_blank_and_the_content_staged)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_emulator_store *before = copy_disc(store);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model;
	struct rig rig;

	small_tree(&model, 3);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.simulate = true;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_ge(rig.sent[0x2A], 300 / 32);
	ck_assert(judge_same(store, before, 2000));

	/* And now in earnest, without staging anew. */
	options.simulate = false;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	expect_volume(store, 1, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(before);
	model_free(&model);
}
END_TEST

START_TEST(the_tray_is_unlocked_and_opened_on_request)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model;
	struct rig rig;

	small_tree(&model, 3);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_NONE);
	options.eject = true;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_uint_ge(rig.sent[0x1E], 2);	/* prevent, allow */
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_MEDIUM);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: burning");
	TCase *tc = tcase_create("discs");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_blank_disc_takes_a_first_session);
	tcase_add_test(tc, the_engine_appends_by_itself);
	tcase_add_test(tc, twenty_two_sessions_each_read_back_in_full);
	tcase_add_test(tc,
		       what_exceeds_the_disc_is_refused_and_leaves_no_trace);
	tcase_add_test(tc, a_session_that_fits_as_final_only_is_final);
	tcase_add_test(tc, strict_totals_keep_the_reserve);
	tcase_add_test(
		tc, a_disc_without_room_for_the_smallest_session_is_not_chosen);
	tcase_add_loop_test(
		tc, strict_totals_choose_no_disc_without_the_reserve, 0, 2);
	tcase_add_test(tc, one_free_block);
	tcase_add_test(tc, final_on_request);
	tcase_add_test(tc,
		       quick_verification_takes_a_twentieth_of_the_time);
	tcase_add_test(
		tc, a_simulation_leaves_the_disc_blank_and_the_content_staged);
	tcase_add_test(tc, the_tray_is_unlocked_and_opened_on_request);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
