/* SPDX-License-Identifier: MIT */
/*
 * check_inspect.c - what is in the drive, said in a mode, a reason and a line
 * of text: volumes that are not ours or not whole, drives that do not record.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* ---- discs -------------------------------------------------------------- */

/* Blocks as they are, as a closed session that begins at 0. */
static struct lathe_emulator_store *
disc_of(enum lathe_emulator_media media, const uint8_t *data, uint32_t blocks)
{
	struct lathe_mmc_recording how = { .track_blocks = blocks };
	struct lathe_emulator_store *store = blank_disc(media);
	static const uint8_t zeros[2048];
	struct lathe_mmc_medium medium;
	uint32_t i, start;
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_mmc_wait_ready(&rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig.mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig.mmc, &medium, &how,
					       &start), 0);
	for (i = 0; i < blocks; i++)
		ck_assert_int_eq(lathe_mmc_write(&rig.mmc, i, 1,
						 data + (size_t)i * 2048), 0);
	/* MMC-6: a track of a CD has 300 blocks at least. */
	for (; media == LATHE_EMULATOR_CD_R_80 && i < 300; i++)
		ck_assert_int_eq(lathe_mmc_write(&rig.mmc, i, 1, zeros), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig.mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig.mmc, &medium, false),
			 0);
	rig_destroy(&rig);
	return store;
}

static void expect(struct rig *rig, enum lathe_session_mode mode,
		   enum lathe_session_why why, const char *text)
{
	struct lathe_session_disc disc;

	memset(&disc, 0x55, sizeof(disc));
	ck_assert_msg(!lathe_session_inspect(&rig->mmc, NULL, &disc), "%s",
		      lathe_mmc_failure(&rig->mmc)->text);
	ck_assert_int_eq(disc.mode, mode);
	ck_assert_int_eq(disc.why, why);
	ck_assert_msg(strstr(disc.why_text, text), "'%s' lacks '%s'",
		      disc.why_text, text);
}

/* Recorded at once, a CD's track has no run-out; one of 3,000 blocks is full to
 * the last one, or the last two. All of it is told and read. */
START_TEST(a_full_cd_at_once)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_reader reader;
	struct lathe_session_report report;
	struct lathe_session_check check;
	struct lathe_session_sizes sizes;
	struct lathe_session_disc disc;
	struct lathe_session_info info;
	uint32_t blocks;
	struct rig rig;

	lathe_emulator_store_set_limit(store, 3000);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add_zeros(&rig, 2048), 0);
	ck_assert_int_eq(lathe_session_totals(rig.master, &sizes), 0);
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	blocks = 2998 - (uint32_t)_i;
	ck_assert_int_eq(rig_add_zeros(&rig, (uint64_t)2048 *
				       (blocks - sizes.volume_blocks + 1)), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.at_once = true;
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", lathe_session_failure(rig.master)->text);
	ck_assert_uint_eq(report.volume_blocks, blocks);
	rig_restart(&rig);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, &disc, 1, &info), 0);
	ck_assert_uint_ge(info.blocks, blocks);
	lathe_session_reader_init(&reader, &rig.mmc, &disc.medium, true);
	reader.blocks.end = info.start + info.blocks;
	ck_assert_int_eq(lathe_session_verify_volume(
				 &reader.blocks, 0, LATHE_SESSION_VERIFY_FULL,
				 NULL, NULL, NULL, &check, NULL), 0);
	ck_assert_uint_eq(check.files, 1);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* ---- volumes ------------------------------------------------------------ */

/* ECMA-119 8.4.12: logical blocks of 512 bytes, in both orders. */
static void small_blocks(uint8_t *image)
{
	memcpy(image + 16 * 2048 + 128, "\0\2\2\0", 4);
}

/* 8.1.1: the second descriptor ends the set: there is no Joliet. */
static void without_joliet(uint8_t *image)
{
	image[17 * 2048] = 255;
}

static void foreign(uint8_t *image)
{
	memset(image + 16 * 2048 + 883, 0, 512);
}

static void foreign_without_joliet(uint8_t *image)
{
	foreign(image);
	without_joliet(image);
}

static void no_volume(uint8_t *image)
{
	memset(image + 16 * 2048, 0, 2048);
}

/* 9.1: the first record of the root directory, whose address is at byte 158 of
 * the descriptor (8.4.18), has another length. */
static void torn_root(uint8_t *image)
{
	image[(size_t)lathe_get_le32(image + 16 * 2048 + 158) * 2048] ^= 1;
}

#define ONE_HIERARCHY 1u

static const struct {
	void (*change)(uint8_t *image);
	uint32_t start, lead;	/* that it is made for; in front of it */
	enum lathe_session_mode mode;
	enum lathe_session_why why;
	const char *text;
} volumes[] = {
	{ small_blocks, 0, 0, LATHE_SESSION_MODE_SINGLE,
	  LATHE_SESSION_WHY_NO_VOLUME, "last session, at 16, are damaged" },
	{ foreign, 0, 0, LATHE_SESSION_MODE_SINGLE, LATHE_SESSION_WHY_FOREIGN,
	  "another program wrote session 1" },
	{ foreign_without_joliet, 0, 0, LATHE_SESSION_MODE_SINGLE,
	  LATHE_SESSION_WHY_NO_JOLIET, "session 1, without Joliet" },
	{ without_joliet, 0, 0, LATHE_SESSION_MODE_SINGLE,
	  LATHE_SESSION_WHY_NO_JOLIET, "without Joliet" },
	{ NULL, ONE_HIERARCHY, 0, LATHE_SESSION_MODE_SINGLE,
	  LATHE_SESSION_WHY_NO_JOLIET, "without Joliet" },
	{ no_volume, 0, 0, LATHE_SESSION_MODE_SINGLE,
	  LATHE_SESSION_WHY_NO_VOLUME, "session 1, at 0, holds no ISO 9660 volume" },
	{ torn_root, 0, 0, LATHE_SESSION_MODE_NONE, LATHE_SESSION_WHY_CORRUPT,
	  "damaged" },
	/* A copy of one session of another disc: its sessions are not here. */
	{ NULL, 1024, 0, LATHE_SESSION_MODE_SINGLE, LATHE_SESSION_WHY_FOREIGN,
	  "session 1" },
	/* A copy of an image that grew: its chain is that image's. */
	{ NULL, 32, 32, LATHE_SESSION_MODE_SINGLE, LATHE_SESSION_WHY_FOREIGN,
	  "session 1" },
	{ NULL, 0, 0, LATHE_SESSION_MODE_MULTI, LATHE_SESSION_WHY_OWN,
	  "own disc with 1 session," },
};

START_TEST(what_volume_it_is)
{
	struct lathe_emulator_store *store;
	struct model model = { 0 };
	struct image image;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	if (volumes[_i].start == ONE_HIERARCHY)
		image_make_primary(&image, &model);
	else
		image_make(&image, &model, volumes[_i].start,
			   volumes[_i].lead);
	if (volumes[_i].change)
		volumes[_i].change(image.data);
	store = disc_of(LATHE_EMULATOR_CD_R_80, image.data, image.blocks);
	rig_create(&rig, store, NULL);
	expect(&rig, volumes[_i].mode, volumes[_i].why, volumes[_i].text);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
}
END_TEST

/* Descriptors up to the last block of the disc, none of which ends the set. */
START_TEST(descriptors_go_on_to_the_end_of_the_disc)
{
	static uint8_t data[32 * 2048];
	struct lathe_emulator_store *store;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct image image;
	struct rig rig;
	uint32_t i;

	model_put(&model, "file", 5, 5000);
	image_make(&image, &model, 0, 0);
	memcpy(data, image.data, 17 * 2048);
	for (i = 17; i < 32; i++)
		memcpy(data + (size_t)i * 2048, image.data + 17 * 2048, 2048);
	store = disc_of(LATHE_EMULATOR_DVD_PLUS_R, data, _i ? 32 : 16);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	if (!_i)
		ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_VOLUME);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&model);
}
END_TEST

/* What can not be read is a finding, what the drive can not do is none. */
START_TEST(descriptors_that_can_not_be_read)
{
	struct lathe_session_disc disc;
	struct lathe_session_report report;
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator, "op=28 times=0 sense=3/11/05"),
			 0);
	expect(&rig, LATHE_SESSION_MODE_SINGLE, LATHE_SESSION_WHY_NO_VOLUME,
	       "last session, at 16, are damaged");
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator, "op=28 times=0 sense=4/44/00"),
			 0);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc),
			 LATHE_ERR_SENSE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- sessions ----------------------------------------------------------- */

/* READ TOC, format 1: the control nibble of the last session's first track is
 * in byte 5, its bit 2 stands for data. */
static void calls_it_audio(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x43 && (cmd->cdb[2] & 15) == 1 && cmd->moved >= 12)
		cmd->data[5] &= 0xfb;
}

START_TEST(a_session_that_begins_with_audio)
{
	struct lathe_session_report report;
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	rig.lie = calls_it_audio;
	rig.sent[0x28] = 0;
	expect(&rig, LATHE_SESSION_MODE_SINGLE, LATHE_SESSION_WHY_AUDIO,
	       "session 1 begins with audio");
	/* Audio is not asked for as data. */
	ck_assert_uint_eq(rig.sent[0x28], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(the_session_that_was_cut_is_named)
{
	struct lathe_session_report report;
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	if (_i)
		ck_assert_int_eq(rig_burn(&rig, &model,
					  LATHE_SESSION_VERIFY_NONE, &report),
				 0);
	model_put(&model, "long", 6, 500000);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2a count=9 gone"), 0);
	ck_assert_int_lt(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	rig_restart(&rig);
	expect(&rig, LATHE_SESSION_MODE_NONE, LATHE_SESSION_WHY_UNFINISHED,
	       _i ? "session 2 was cut" : "session 1 was cut");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* The budget is 21 MB for the first session of a CD, 11 MB for each later
 * one, of 2^20 bytes. */
START_TEST(the_next_session_and_the_one_after_it)
{
	struct lathe_session_disc disc;
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct rig rig;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.costs.closing_documented, 10752);
	ck_assert_uint_eq(disc.costs.closing_physical, 11402);
	ck_assert_uint_eq(disc.next_costs.closing_documented, 5632);
	ck_assert_uint_eq(disc.next_costs.closing_physical, 6902);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* ---- drives ------------------------------------------------------------- */

/* GET CONFIGURATION, MMC-6 5.3: descriptors behind 8 bytes, code in bytes 0
 * and 1, length less 4 in byte 3. DVD+R is 002Bh, CD TAO 002Dh, SAO 002Eh. */
static void can_not_write(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t at;

	(void)rig;
	if (cmd->cdb[0] != 0x46)
		return;
	for (at = 8; at + 4 <= cmd->moved; at += 4u + cmd->data[at + 3])
		if (cmd->data[at] == 0 && cmd->data[at + 1] >= 0x2b &&
		    cmd->data[at + 1] <= 0x2f)
			cmd->data[at] = 0xff;
}

START_TEST(a_drive_that_only_reads)
{
	struct lathe_emulator_store *store = blank_disc(
		_i ? LATHE_EMULATOR_DVD_PLUS_R : LATHE_EMULATOR_CD_R_80);
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig.lie = can_not_write;
	expect(&rig, LATHE_SESSION_MODE_NONE, LATHE_SESSION_WHY_NO_STRATEGY,
	       "can not be recorded in this drive");
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_MEDIUM_TYPE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: inspecting");
	TCase *tc = tcase_create("inspect");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_full_cd_at_once, 0, 4);
	tcase_add_loop_test(tc, what_volume_it_is, 0,
			    sizeof(volumes) / sizeof(volumes[0]));
	tcase_add_loop_test(tc, descriptors_go_on_to_the_end_of_the_disc, 0,
			    2);
	tcase_add_test(tc, descriptors_that_can_not_be_read);
	tcase_add_test(tc, a_session_that_begins_with_audio);
	tcase_add_loop_test(tc, the_session_that_was_cut_is_named, 0, 2);
	tcase_add_test(tc, the_next_session_and_the_one_after_it);
	tcase_add_loop_test(tc, a_drive_that_only_reads, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
