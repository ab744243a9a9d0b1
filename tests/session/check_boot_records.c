/* SPDX-License-Identifier: MIT */
/*
 * check_boot_records.c - overwritable discs of others that start a computer:
 * their boot record (ECMA-119 8.2) stays in front of what leads to the newest
 * session, where there is room; where there is none, that is told.
 */
#include "tests/session/lib_image.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRIMARY 16u
#define FIRST 32u	/* a first session behind the head */
#define FIRST_EXTENT 19u	/* of what image_make() has behind its three
				 * descriptors */

/* ---- a disc that has one ------------------------------------------------ */

static uint8_t *block(const struct image *image, uint32_t lba)
{
	return image->data + (size_t)lba * 2048;
}

/* "El Torito", 2.0: the boot record volume descriptor; its catalog is nowhere
 * that is looked at. */
static void put_boot_record(uint8_t *out, uint32_t catalog)
{
	memset(out, 0, 2048);
	memcpy(out + 1, "CD001\1EL TORITO SPECIFICATION", 29);
	lathe_put_le32(out + 71, catalog);
}

/* ECMA-119 9.1: the extent of a record, in both orders. */
static void move_record(uint8_t *record, int32_t by)
{
	lathe_put_both32(record + 2,
			 (uint32_t)((int32_t)lathe_get_le32(record + 2) + by));
}

/* A root directory of one file, and its path tables (9.4), which 'descriptor'
 * leads to, stand 'by' blocks behind where they were made for; the file stands
 * 'file' blocks from there. */
static void move_hierarchy(struct image *image, uint8_t *descriptor,
			   int32_t by, int32_t file)
{
	uint32_t little, big, root;
	uint8_t *record;

	move_record(descriptor + 156, by);
	little = lathe_get_le32(descriptor + 140) + (uint32_t)by;
	big = lathe_get_be32(descriptor + 148) + (uint32_t)by;
	root = lathe_get_le32(descriptor + 158);
	lathe_put_le32(descriptor + 140, little);
	lathe_put_be32(descriptor + 148, big);
	lathe_put_le32(block(image, little) + 2, root);
	lathe_put_be32(block(image, big) + 2, root);
	record = block(image, root);
	move_record(record, by);
	record += record[0];
	move_record(record, by);
	record += record[0];
	move_record(record, file);
}

/*
 * One file behind a primary descriptor, a boot record and one of Joliet, at
 * 'at'; then what leads to it. Without a terminator (8.3) at 19 it can begin
 * there.
 */
static void make(struct image *image, const struct model *model, uint32_t at)
{
	uint32_t file_blocks = (model->file[0].size + 2047) / 2048, file;
	struct image made;
	int32_t by;

	image_make(&made, model, 0, 0);
	image_make_foreign(&made);
	file = made.blocks - file_blocks;
	*image = made;
	image->blocks = made.blocks + at - PRIMARY - 2;
	image->data = calloc(image->blocks, 2048);
	ck_assert_ptr_nonnull(image->data);
	memcpy(block(image, PRIMARY), block(&made, PRIMARY), 2048);
	put_boot_record(block(image, PRIMARY + 1), image->blocks - 1);
	memcpy(block(image, PRIMARY + 2), block(&made, PRIMARY + 1), 2048);
	if (at > PRIMARY + 3)
		memcpy(block(image, PRIMARY + 3), block(&made, PRIMARY + 2),
		       2048);
	memcpy(block(image, at), block(&made, file),
	       (size_t)file_blocks * 2048);
	by = (int32_t)(at + file_blocks - FIRST_EXTENT);
	memcpy(block(image, at + file_blocks), block(&made, FIRST_EXTENT),
	       (size_t)(file - FIRST_EXTENT) * 2048);
	move_hierarchy(image, block(image, PRIMARY), by,
		       (int32_t)at - (int32_t)file);
	move_hierarchy(image, block(image, PRIMARY + 2), by,
		       (int32_t)at - (int32_t)file);
	lathe_put_both32(block(image, PRIMARY) + 80, image->blocks);
	lathe_put_both32(block(image, PRIMARY + 2) + 80, image->blocks);
	image_free(&made);
}

static void put_on(struct lathe_emulator_store *store, struct image *image)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_failure failure;
	struct rig rig;

	rig_create(&rig, store, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_msg(!lathe_session_record_stream(
			      &rig.mmc, NULL,
			      &(struct lathe_session_stream){
				      image, image_read, image->blocks },
			      &options, &report, &failure),
		      "%s", failure.text);
	rig_destroy(&rig);
}

/* ---- what is told ------------------------------------------------------- */

static uint32_t no_boot, others;

static void listen(void *ctx, enum lathe_log_level level, const char *id,
		   const char *text)
{
	(void)ctx;
	ck_assert_ptr_nonnull(text);
	if (level != LATHE_LOG_WARNING)
		return;
	if (strcmp(id, "session.no-boot") == 0)
		no_boot++;
	else
		others++;
}

static int continue_listening(struct rig *rig, const struct model *ours,
			      struct lathe_session_report *report)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_config config = rig_config(rig);
	int err;

	no_boot = others = 0;
	config.hooks.log = listen;
	rig_master(rig, &config);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	if (!err && lathe_session_current_mode(rig->master) !=
			    LATHE_SESSION_MODE_MULTI)
		err = lathe_session_import(rig->master);
	if (!err)
		err = rig_add(rig, ours);
	return err ? err :
		     lathe_session_record(rig->master, &options, report);
}

static const char *why(const struct rig *rig)
{
	return lathe_session_failure(rig->master)->text;
}

/* ---- tests -------------------------------------------------------------- */

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

static void expect(struct lathe_emulator_store *store, uint32_t lba,
		   const struct model *model)
{
	const char *wrong = judge_volume(store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

static void expect_boot(struct lathe_emulator_store *store,
			const struct image *image, bool there)
{
	uint8_t is[2048];

	ck_assert_int_eq(lathe_emulator_store_peek(store, PRIMARY + 1, is),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_int_eq(memcmp(is, block(image, PRIMARY + 1), 2048) == 0,
			 there);
}

/* Two further sessions; the copy of their head has it in any case. */
START_TEST(a_disc_that_starts_a_computer_is_continued)
{
	bool room = _i % 2;
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct model model = { 0 }, ours = { 0 };
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct image image;
	struct rig rig;

	model_put(&model, "theirs", 1, 70000);
	make(&image, &model, room ? PRIMARY + 4 : PRIMARY + 3);
	put_on(store, &image);
	expect(store, 0, &model);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.boot_records, 1);

	model_put(&ours, "ours", 2, 3000);
	model_put(&model, "ours", 2, 3000);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	ck_assert_uint_eq(no_boot, !room);
	ck_assert_uint_eq(others, 0);
	expect_boot(store, &image, room);
	expect(store, 0, &model);
	expect(store, report.start, &model);

	/* What is gone already is not told again. */
	model_put(&ours, "more", 3, 100);
	model_put(&model, "more", 3, 100);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	ck_assert_uint_eq(no_boot, 0);
	ck_assert_uint_eq(others, 0);
	expect_boot(store, &image, room);
	expect(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
	model_free(&ours);
}
END_TEST

/* Where a block of the newest session's own descriptors can not be read, those
 * at 16 are taken for them, the boot record among them: that is no head which
 * wants repair, and nothing of what is kept in front of a copy is forgotten. */
static void fail_to_read(struct rig *rig, uint32_t lba, uint32_t other)
{
	char script[128];

	snprintf(script, sizeof(script),
		 "op=28 lba=%u times=0 sense=3/11/05\n"
		 "op=28 lba=%u times=0 sense=3/11/05\n", lba, other);
	ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator, script), 0);
}

START_TEST(a_head_is_not_repaired_with_itself)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct model model = { 0 }, ours = { 0 };
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	bool needed = true;
	struct image image;
	struct rig rig;

	model_put(&model, "theirs", 1, 70000);
	make(&image, &model, PRIMARY + 8);
	put_on(store, &image);
	rig_create(&rig, store, NULL);
	model_put(&ours, "ours", 2, 3000);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	fail_to_read(&rig, report.start + 17, report.start + 18);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.medium.last_session_start, report.start);
	ck_assert(!disc.head_torn);
	memset(rig.sent, 0, sizeof(rig.sent));
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 0);
	ck_assert(!needed);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	expect_boot(store, &image, true);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
	model_free(&ours);
}
END_TEST

/* What is written anew can be read. */
static void heals(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x2A && !lathe_get_be32(cmd->cdb + 2))
		ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
							   NULL), 0);
}

/* ... and without its boot record they are all that it needs: nothing is lost
 * by one session more. */
START_TEST(a_head_with_a_boot_record_stands_in)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct model model = { 0 }, ours = { 0 };
	struct lathe_session_report report;
	struct image image;
	struct rig rig;

	model_put(&model, "theirs", 1, 70000);
	make(&image, &model, PRIMARY + 8);
	put_on(store, &image);
	rig_create(&rig, store, NULL);
	model_put(&ours, "ours", 2, 3000);
	model_put(&model, "ours", 2, 3000);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	fail_to_read(&rig, report.start + 17, report.start + 18);
	model_put(&ours, "more", 3, 100);
	model_put(&model, "more", 3, 100);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	ck_assert_uint_eq(report.session, 3);
	ck_assert_uint_eq(no_boot + others, 0);
	expect_boot(store, &image, true);
	expect(store, 0, &model);
	expect(store, report.start, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
	model_free(&ours);
}
END_TEST

/* Another program's first session behind the head has its boot record, too:
 * where that of the head can not be read it is there that it comes from, and is
 * not lost, whether the head is repaired or one session more is recorded. */
START_TEST(a_boot_record_comes_from_the_first_session)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct model model = { 0 }, ours = { 0 };
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	bool needed = false;
	struct image image;
	struct rig rig;

	model_put(&model, "theirs", 1, 70000);
	make(&image, &model, FIRST + PRIMARY + 4);
	memcpy(block(&image, FIRST + PRIMARY), block(&image, PRIMARY),
	       4 * 2048);
	put_on(store, &image);
	rig_create(&rig, store, NULL);
	model_put(&ours, "ours", 2, 3000);
	model_put(&model, "ours", 2, 3000);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	ck_assert_uint_eq(report.session, 2);
	expect_boot(store, &image, true);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator,
				 "op=28 lba=17 times=0 sense=3/11/05"), 0);
	rig.lie = heals;
	if (_i % 2) {
		ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed,
						      NULL), 0);
		ck_assert(needed);
	} else {
		model_put(&ours, "more", 3, 100);
		model_put(&model, "more", 3, 100);
		ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
			      why(&rig));
		ck_assert_uint_eq(report.session, 3);
	}
	expect_boot(store, &image, true);
	expect(store, 0, &model);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert(!disc.head_torn);
	ck_assert_uint_eq(disc.boot_records, 1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
	model_free(&ours);
}
END_TEST

/* ECMA-119 6.2.1: the system area is for what starts there. */
START_TEST(the_system_area_is_kept_too)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct model model = { 0 }, ours = { 0 };
	struct lathe_session_report report;
	struct image image;
	uint8_t is[2048];
	struct rig rig;

	model_put(&model, "theirs", 1, 70000);
	image_make(&image, &model, 0, 0);
	image_make_foreign(&image);
	memset(block(&image, 5), 0xA5, 2048);
	put_on(store, &image);
	rig_create(&rig, store, NULL);
	model_put(&ours, "ours", 2, 3000);
	model_put(&model, "ours", 2, 3000);
	ck_assert_msg(!continue_listening(&rig, &ours, &report), "%s",
		      why(&rig));
	fail_to_read(&rig, 5, report.start + 17);
	model_put(&ours, "more", 3, 100);
	model_put(&model, "more", 3, 100);
	ck_assert_int_eq(continue_listening(&rig, &ours, &report),
			 LATHE_ERR_VERIFY);
	lathe_emulator_set_faults(rig.emulator, NULL);
	expect(store, 0, &model);
	ck_assert_int_eq(lathe_emulator_store_peek(store, 5, is),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_int_eq(memcmp(is, block(&image, 5), 2048), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
	model_free(&ours);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: boot records");
	TCase *tc = tcase_create("boot");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_disc_that_starts_a_computer_is_continued, 0,
			    2 * MEDIA);
	tcase_add_loop_test(tc, a_head_is_not_repaired_with_itself, 0, MEDIA);
	tcase_add_loop_test(tc, a_head_with_a_boot_record_stands_in, 0, MEDIA);
	tcase_add_loop_test(tc, a_boot_record_comes_from_the_first_session, 0,
			    2 * MEDIA);
	tcase_add_loop_test(tc, the_system_area_is_kept_too, 0, MEDIA);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
