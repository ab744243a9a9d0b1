/* SPDX-License-Identifier: MIT */
/*
 * check_cut_short.c - a session of ours that was closed before its end: which
 * files end behind it, to the block, and what is told of them.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 512u	/* blocks of a disc here */

/* A session on a CD, its blocks, and where its files lie. */
struct whole {
	uint32_t blocks;
	uint8_t *data;
};

static void take_blocks(struct whole *whole,
			struct lathe_emulator_store *store, uint32_t blocks)
{
	uint32_t i;

	ck_assert_uint_le(blocks, MOST);
	whole->blocks = blocks;
	whole->data = malloc((size_t)blocks * 2048);
	ck_assert_ptr_nonnull(whole->data);
	for (i = 0; i < blocks; i++)
		ck_assert_int_eq(lathe_emulator_store_peek(
					 store, i,
					 whole->data + (size_t)i * 2048),
				 LATHE_EMULATOR_BLOCK_DATA);
}

/* Its first blocks as a closed session; a CD's track has 300 at least. */
static struct lathe_emulator_store *cut(const struct whole *whole,
					uint32_t blocks)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_mmc_recording how = { .track_blocks = blocks };
	struct lathe_mmc_medium medium;
	struct rig rig;
	uint32_t start;

	ck_assert_uint_ge(blocks, 300);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_mmc_wait_ready(&rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig.mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig.mmc, &medium, &how,
					       &start), 0);
	for (; start < blocks; start++)
		ck_assert_int_eq(lathe_mmc_write(
					 &rig.mmc, start, 1,
					 whole->data + (size_t)start * 2048),
				 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig.mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig.mmc, &medium, false),
			 0);
	rig_destroy(&rig);
	return store;
}

/* ---- to the block ------------------------------------------------------- */

/* ECMA-119 6.4.3: a file takes whole blocks; the last one may be part full. */
static bool ends_behind(const struct lathe_iso9660_tree *tree,
			const char *name, uint32_t size, uint32_t end)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_find(tree, name, &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	return size && entry.lba + (size + 2047) / 2048 > end;
}

static void expect_left(struct lathe_emulator_store *store,
			struct lathe_iso9660_tree *whole,
			const struct model *model, uint32_t end)
{
	struct lathe_session_disc disc;
	struct lathe_iso9660_tree *tree;
	uint32_t i, node, behind = 0;
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_eq(disc.last_end, end);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	tree = lathe_session_tree(rig.master);
	for (i = 0; i < model->count; i++) {
		bool gone = ends_behind(whole, model->file[i].path,
					model->file[i].size, end);

		behind += gone;
		ck_assert_int_eq(lathe_iso9660_find(tree, model->file[i].path,
						    &node),
				 gone ? LATHE_ERR_NOT_FOUND : 0);
	}
	ck_assert_uint_eq(disc.files_short, behind);
	rig_destroy(&rig);
}

/* Wherever it ends behind its metadata. */
START_TEST(a_session_ends_at_any_block)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct lathe_emulator_store *shorter;
	struct model model = { 0 };
	struct whole whole;
	struct rig rig;
	uint32_t end;

	model_put(&model, "a", 1, 300 * 2048);
	model_put(&model, "b", 2, 2 * 2048 + 1);
	model_put(&model, "c", 3, 2 * 2048);
	model_put(&model, "d", 4, 0);
	model_put(&model, "e/f", 5, 2047);
	model_put(&model, "e/g", 6, 1);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	take_blocks(&whole, store, report.volume_blocks);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	for (end = whole.blocks - 10; end <= whole.blocks; end++) {
		shorter = cut(&whole, end);
		expect_left(shorter, lathe_session_tree(rig.master), &model,
			    end);
		lathe_emulator_store_close(shorter);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free(whole.data);
	model_free(&model);
}
END_TEST

/* ---- what is told ------------------------------------------------------- */

#define LEFT_OUT " ends behind its session: left out"

struct told {
	uint32_t count, lba;
	char text[LATHE_FAILURE_TEXT];
};

static void on_odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		   const char *text)
{
	struct told *told = ctx;

	ck_assert_int_eq(what, LATHE_ISO9660_ODD_EXTENT);
	told->count++;
	told->lba = lba;
	ck_assert_uint_lt(strlen(text), sizeof(told->text));
	strcpy(told->text, text);
}

/* Three folders of 55 letters, a name of _i more than 45 in the last. */
static void long_path(char *path, int more)
{
	char name[64];
	int i;

	memset(name, 'n', sizeof(name));
	path[0] = 0;
	for (i = 0; i < 3; i++)
		sprintf(path + strlen(path), "/%.55s", name);
	sprintf(path + strlen(path), "/%.*s", 45 + more, name);
}

static void stage_path(struct rig *rig, const char *path, const uint8_t *data,
		       uint32_t size)
{
	uint32_t folder = LATHE_ISO9660_ROOT, node;
	struct lathe_iso9660_tree *tree;
	size_t len;

	ck_assert_int_eq(lathe_session_edit(rig->master, &tree), 0);
	for (path++; path[len = strcspn(path, "/")]; path += len + 1)
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, folder, path, len, NULL,
					 &folder), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, folder, path, len,
						  NULL, data, size, 0, &node),
			 0);
	ck_assert_int_eq(lathe_session_commit(rig->master), 0);
}

/* The path, as much of it as there is room for, and what became of it. */
START_TEST(the_path_is_told)
{
	static uint8_t data[400 * 2048];
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_config config;
	struct lathe_session_report report;
	struct told told = { 0 };
	struct lathe_iso9660_entry entry;
	struct whole whole;
	uint32_t node;
	char path[256];
	size_t kept;
	struct rig rig;

	long_path(path, _i);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_NONE);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	stage_path(&rig, path, data, sizeof(data));
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	take_blocks(&whole, store, report.volume_blocks);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_iso9660_find(lathe_session_tree(rig.master),
					    path, &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(lathe_session_tree(rig.master),
					   node, &entry), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);

	store = cut(&whole, whole.blocks - 1);
	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.odd = on_odd;
	config.odd_ctx = &told;
	rig_master(&rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_uint_eq(told.count, 1);
	ck_assert_uint_eq(told.lba, entry.lba);
	ck_assert_uint_ge(strlen(told.text), strlen(LEFT_OUT));
	kept = strlen(told.text) - strlen(LEFT_OUT);
	ck_assert_uint_le(kept, strlen(path));
	if (strlen(path) < LATHE_FAILURE_TEXT - sizeof(LEFT_OUT))
		ck_assert_uint_eq(kept, strlen(path));
	ck_assert_uint_ge(kept, 213);
	ck_assert_mem_eq(told.text, path, kept);
	ck_assert_str_eq(told.text + kept, LEFT_OUT);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free(whole.data);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: cut short");
	TCase *tc = tcase_create("short");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_session_ends_at_any_block);
	tcase_add_loop_test(tc, the_path_is_told, 0, 12);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
