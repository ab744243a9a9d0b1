/* SPDX-License-Identifier: MIT */
/*
 * check_pseudo_overwrite.c - BD-R that another program formatted for
 * pseudo-overwrite (MMC-6, feature 0038h): its only session stays open for
 * good, and blocks in front of the next writable address are written again.
 * What is on it is read like any overwritable disc; nothing is recorded.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

#define ECC 32u

/* ---- such a disc -------------------------------------------------------- */

static void send(struct rig *rig, struct lathe_cmd *cmd)
{
	cmd->timeout_ms = 10000;
	ck_assert_int_eq(lathe_emulator_execute(rig->emulator, cmd), 0);
	ck_assert_uint_eq(cmd->status, 0);
}

/* MMC-6 6.5: parameter list of FORMAT UNIT. Type 0, sub-type 0. */
static void format_for_pseudo_overwrite(struct rig *rig)
{
	uint8_t list[12] = { 0, 0x82, 0, 8 }, answer[256] = { 0 };
	struct lathe_cmd ask = { .cdb = { 0x23, 0, 0, 0, 0, 0, 0, 1, 0 },
				 .cdb_len = 10, .data = answer,
				 .data_len = sizeof(answer) };
	struct lathe_cmd format = { .cdb = { 0x04, 0x11 }, .cdb_len = 6,
				    .data = list, .data_len = sizeof(list),
				    .to_drive = true };
	uint32_t at;

	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	send(rig, &ask);
	for (at = 12; at + 8 <= ask.moved && answer[at + 4] >> 2; at += 8)
		;
	ck_assert_uint_le(at + 8, ask.moved);
	memcpy(list + 4, answer + at, 8);
	list[8] = 0;
	send(rig, &format);
	lathe_emulator_sleep_ms(rig->emulator, 600000);
}

/* A cluster, by WRITE(10). */
static void put(struct rig *rig, uint32_t lba, uint8_t *data)
{
	struct lathe_cmd cmd = { .cdb = { 0x2a }, .cdb_len = 10, .data = data,
				 .data_len = ECC * 2048, .to_drive = true };

	lathe_put_be32(cmd.cdb + 2, lba);
	lathe_put_be16(cmd.cdb + 7, ECC);
	send(rig, &cmd);
	lathe_emulator_sleep_ms(rig->emulator, 1000);
}

/* Volume and files of 'model' at 'start'; returns the next writable address. */
static uint32_t put_volume(struct rig *rig, const struct model *model,
			   uint32_t start)
{
	static uint8_t piece[ECC * 2048];
	struct lathe_cmd sync = { .cdb = { 0x35 }, .cdb_len = 10 };
	struct image image;
	uint32_t at, count;

	image_make(&image, model, start, 0);
	image_make_foreign(&image);
	for (at = 0; at < image.blocks; at += ECC) {
		count = image.blocks - at < ECC ? image.blocks - at : ECC;
		memset(piece, 0, sizeof(piece));
		memcpy(piece, image.data + (size_t)at * 2048,
		       (size_t)count * 2048);
		put(rig, start + at, piece);
	}
	/* ... and what systems look at, as growisofs does. */
	if (start) {
		memset(piece, 0, sizeof(piece));
		memcpy(piece + 16 * 2048, image.data + 16 * 2048, 3 * 2048);
		put(rig, 0, piece);
	}
	image_free(&image);
	send(rig, &sync);
	lathe_emulator_sleep_ms(rig->emulator, 600000);
	return start + at;
}

/* 'sessions' volumes, each behind the one before; 'newest' gets the files of
 * the last one and *start its place. */
static struct lathe_emulator_store *make_disc(uint32_t sessions,
					      struct model *newest,
					      uint32_t *start)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_BD_R);
	uint32_t i, next = 0;
	struct rig rig;

	rig_create(&rig, store, NULL);
	format_for_pseudo_overwrite(&rig);
	for (i = 0; i < sessions; i++) {
		model_put(newest, i ? "second" : "first", i + 1, 70000);
		*start = next;
		next = put_volume(&rig, newest, next);
	}
	rig_destroy(&rig);
	return store;
}

/* ---- it is read --------------------------------------------------------- */

/* What drives tell of the size of such a disc: that of all of it, or as of one
 * without a complete session, nothing; then READ FORMAT CAPACITIES, or that
 * refused as well. */
static void tell_no_capacity(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x25 && cmd->moved == 8)
		memset(cmd->data, 0, 4);
}

static void tell_no_size(struct rig *rig, struct lathe_cmd *cmd)
{
	tell_no_capacity(rig, cmd);
	if (cmd->cdb[0] == 0x23)
		rig_refuse(cmd, 0x5, 0x24);
}

static void (*const drives[])(struct rig *rig, struct lathe_cmd *cmd) = {
	NULL, tell_no_capacity, tell_no_size
};

static void on_bad(void *ctx, const char *path, uint32_t lba, const char *text)
{
	(void)ctx;
	ck_abort_msg("%s at %u: %s", path, lba, text);
}

static void verify(struct rig *rig, const struct lathe_session_disc *disc,
		   uint32_t start, uint32_t files)
{
	struct lathe_session_reader reader;
	struct lathe_session_check check;

	lathe_session_reader_init(&reader, &rig->mmc, &disc->medium, false);
	ck_assert_int_eq(lathe_session_verify_volume(
				 &reader.blocks, start,
				 LATHE_SESSION_VERIFY_FULL, NULL, on_bad, NULL,
				 &check, NULL), 0);
	ck_assert_uint_eq(check.files, files);
}

START_TEST(it_is_read_like_an_overwritable_disc)
{
	uint32_t sessions = (uint32_t)_i % 2 + 1, start = 0;
	struct lathe_session_info info;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct lathe_emulator_store *store =
		make_disc(sessions, &model, &start);
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig.lie = drives[_i / 2];
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert(disc.medium.pseudo_overwrite);
	ck_assert(disc.medium.overwritable && !disc.medium.writable);
	ck_assert_int_eq(disc.medium.status, LATHE_MMC_STATUS_OVERWRITABLE);
	ck_assert(!disc.medium.has_next_writable);
	ck_assert(!disc.blank && !disc.head_torn);
	/* SPEC 5: descriptors that were replaced without leaving a copy are
	 * lost, and their session is not counted. */
	ck_assert_uint_eq(disc.medium.sessions, 1);
	ck_assert_uint_eq(disc.medium.last_session_start, start);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_NONE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_STRATEGY);
	ck_assert_ptr_nonnull(strstr(disc.why_text, "pseudo-overwrite"));
	verify(&rig, &disc, 0, sessions);
	verify(&rig, &disc, start, sessions);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, &disc, 1, &info), 0);
	ck_assert_uint_eq(info.start, start);
	ck_assert(info.has_volume && !info.own);
	ck_assert_ptr_null(judge_volume(store, start, &model, NULL, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- nothing is done to it ---------------------------------------------- */

static void refuse_all(struct rig *rig, int record)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_stream stream = { rig, rig_zeros, 320 };
	struct lathe_session_report report;
	struct lathe_failure failure;

	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_int_eq(lathe_session_resume(rig->master, &rig->mmc),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_int_eq(lathe_session_close(&rig->mmc, NULL, true, true,
					     &failure),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_int_eq(lathe_session_blank(&rig->mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, &failure),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_int_eq(lathe_session_record_stream(&rig->mmc, NULL, &stream,
						     &options, &report,
						     &failure), record);
	options.overwrite = true;
	ck_assert_int_eq(lathe_session_record_stream(&rig->mmc, NULL, &stream,
						     &options, &report,
						     &failure),
			 LATHE_ERR_MEDIUM_TYPE);
}

static void nothing_was_sent(const struct rig *rig)
{
	ck_assert_uint_eq(rig->sent[0x04], 0);
	ck_assert_uint_eq(rig->sent[0x2a], 0);
	ck_assert_uint_eq(rig->sent[0xaa], 0);
	ck_assert_uint_eq(rig->sent[0x5b], 0);
	ck_assert_uint_eq(rig->sent[0xa1], 0);
}

START_TEST(nothing_is_recorded_on_it)
{
	uint32_t start = 0;
	struct model model = { 0 };
	struct lathe_emulator_store *store = make_disc(2, &model, &start);
	struct lathe_emulator_store *kept = copy_disc(store);
	bool needed = true;
	struct rig rig;

	rig_create(&rig, store, NULL);
	refuse_all(&rig, LATHE_ERR_NOT_BLANK);
	/* Its head is whole. */
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 0);
	ck_assert(!needed);
	nothing_was_sent(&rig);
	rig_destroy(&rig);
	ck_assert(judge_same(store, kept, start + 1000));
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(kept);
	model_free(&model);
}
END_TEST

/* Without a volume, as of UDF alone (ECMA-167 2/9.1.2), or with a head that is
 * none: what would be written can not be, and closing it would end it. */
START_TEST(nor_is_it_repaired)
{
	static uint8_t piece[ECC * 2048];
	struct model model = { 0 };
	uint32_t start = 0;
	struct lathe_emulator_store *store =
		make_disc((uint32_t)_i + 1, &model, &start);
	struct lathe_emulator_store *kept;
	bool needed = true;
	struct rig rig;

	rig_create(&rig, store, NULL);
	memset(piece, 0, sizeof(piece));
	memcpy(piece + 16 * 2048, "\0BEA01\1", 8);
	ck_assert_int_eq(lathe_mmc_wait_ready(&rig.mmc, 10000), 0);
	put(&rig, 0, piece);
	kept = copy_disc(store);
	memset(rig.sent, 0, sizeof(rig.sent));
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert(needed);
	nothing_was_sent(&rig);
	rig_destroy(&rig);
	ck_assert(judge_same(store, kept, start + 1000));
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(kept);
	model_free(&model);
}
END_TEST

START_TEST(nor_on_one_that_is_only_formatted)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_BD_R);
	struct lathe_session_disc disc;
	struct rig rig;

	rig_create(&rig, store, NULL);
	format_for_pseudo_overwrite(&rig);
	rig.lie = drives[_i];
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert(disc.medium.pseudo_overwrite && disc.blank);
	ck_assert_uint_eq(disc.medium.sessions, 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_NONE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_STRATEGY);
	refuse_all(&rig, LATHE_ERR_MEDIUM_TYPE);
	nothing_was_sent(&rig);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pseudo-overwrite");
	TCase *tc = tcase_create("BD-R");
	const int count = sizeof(drives) / sizeof(*drives);

	tcase_add_loop_test(tc, it_is_read_like_an_overwritable_disc, 0,
			    2 * count);
	tcase_add_test(tc, nothing_is_recorded_on_it);
	tcase_add_loop_test(tc, nor_is_it_repaired, 0, 2);
	tcase_add_loop_test(tc, nor_on_one_that_is_only_formatted, 0, count);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
