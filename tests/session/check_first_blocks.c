/* SPDX-License-Identifier: MIT */
/*
 * check_first_blocks.c - overwritable media: the first 32 blocks of a session
 * are kept until all else is recorded; small files are among them.
 */
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

static int fails(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		 uint8_t *out, uint32_t *got)
{
	(void)ctx;
	(void)handle;
	(void)offset;
	(void)bytes;
	(void)out;
	(void)got;
	return LATHE_ERR_IO;
}

static bool is_bad(void *ctx, const char *path)
{
	(void)ctx;
	return strcmp(path, "bad") == 0;
}

/* One block of a file that can not be read, and one that can. */
static void stage(struct rig *rig, struct model *model)
{
	static const struct lathe_iso9660_source source = {
		.open = made_open, .read_at = fails, .close = made_close
	};
	struct lathe_iso9660_tree *tree;
	uint32_t node;

	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(lathe_session_edit(rig->master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_file(tree, LATHE_ISO9660_ROOT,
						"bad", 3, NULL, &source, 1,
						2000, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, LATHE_ISO9660_ROOT,
						  "good", 4, NULL,
						  model->file[1].data,
						  model->file[1].size, 0,
						  &node), 0);
	ck_assert_int_eq(lathe_session_commit(rig->master), 0);
}

static void expect_early(struct rig *rig)
{
	struct lathe_iso9660_entry entry;
	struct lathe_session_sizes sizes;
	uint32_t node;

	/* The volume ends within those blocks. */
	ck_assert_int_eq(lathe_session_totals(rig->master, &sizes), 0);
	ck_assert_uint_le(sizes.volume_blocks, 32);
	ck_assert_int_eq(lathe_iso9660_find(lathe_session_tree(rig->master),
					    "bad", &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(lathe_session_tree(rig->master),
					   node, &entry), 0);
	ck_assert_uint_eq(entry.size, 2000);
}

/* Zeros take its place, the session is whole, and the file is told. */
START_TEST(a_small_file_can_not_be_read)
{
	struct lathe_emulator_store *store = blank_disc(media[_i % MEDIA]);
	bool stop = _i >= MEDIA;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	const char *wrong;
	struct rig rig;

	model_put(&model, "bad", 1, 2000);
	model_put(&model, "good", 2, 1000);
	rig_create(&rig, store, NULL);
	stage(&rig, &model);
	expect_early(&rig);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.stop_on_source_error = stop;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_CHANGED);
	ck_assert_uint_eq(report.files_not_whole, 1);
	ck_assert_uint_eq(rig.not_whole, 1);
	ck_assert(!rig.locked);
	if (stop) {
		/* Nothing leads to what there is of it. */
		ck_assert_int_ne(report.end, LATHE_SESSION_END_APPENDABLE);
		ck_assert_ptr_nonnull(judge_volume(store, 0, &model, is_bad,
						   NULL));
	} else {
		ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
		wrong = judge_volume(store, 0, &model, is_bad, NULL);
		ck_assert_msg(!wrong, "%s", wrong);
		wrong = judge_volume(store, report.start, &model, is_bad,
				     NULL);
		ck_assert_msg(!wrong, "%s", wrong);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: the first blocks");
	TCase *tc = tcase_create("first blocks");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_small_file_can_not_be_read, 0, 2 * MEDIA);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
