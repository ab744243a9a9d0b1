/* SPDX-License-Identifier: MIT */
/*
 * check_left_there.c - what others left on an overwritable medium: what is
 * blank, whose sessions they are, files where no volume says that they are.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const char *why(const struct rig *rig)
{
	return lathe_session_failure(rig->master)->text;
}

static void expect_at(struct lathe_emulator_store *store, uint32_t lba,
		      const struct model *model)
{
	const char *wrong = judge_volume(store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

/* ---- is it blank? ------------------------------------------------------- */

/* One block is recorded, with that text in it; all around it is zeros.
 * ECMA-119 8.1.2, ECMA-167 2/9.1.2. */
static const struct left {
	uint32_t lba, at;
	const char *text;
	bool blank;
} left[] = {
	/* Boot code, partition tables, other file systems. */
	{ 0, 510, "\x55\xAA", false },
	{ 2, 56, "\x53\xEF", false },
	{ 15, 2047, "x", false },
	{ 16, 0, "\377CD001\1", false },
	{ 17, 1, "BEA01", false },
	{ 18, 1, "NSR02", false },
	{ 19, 1, "NSR03", false },
	/* A first session of ours begins at 32. */
	{ 48, 1, "CD001", false },
	{ 63, 1, "NSR03", false },
	/* JFS begins at 32 KiB; ReiserFS, UFS2 and btrfs at 64. */
	{ 16, 0, "JFS1", false },
	{ 32, 52, "ReIsEr2Fs", false },
	{ 32, 1372, "\x19\x01\x54\x19", false },
	{ 32, 64, "_BHRfS_M", false },
	{ 63, 2047, "x", false },
	{ 64, 0, "x", true },
};

/* Blocks from a multiple of 32 on. */
static void record_there(struct rig *rig, uint32_t lba, const uint8_t *blocks)
{
	struct lathe_mmc_recording how = { .overwrite_start = lba,
					   .track_blocks = 32 };
	struct lathe_mmc_medium medium;
	uint32_t start;

	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &how,
					       &start), 0);
	ck_assert_int_eq(lathe_mmc_write(&rig->mmc, start, 32, blocks), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig->mmc, &medium, false),
			 0);
}

static void record_block(struct rig *rig, const struct left *what)
{
	uint8_t blocks[32 * 2048];

	memset(blocks, 0, sizeof(blocks));
	memcpy(blocks + what->lba % 32 * 2048 + what->at, what->text,
	       strlen(what->text));
	record_there(rig, what->lba - what->lba % 32, blocks);
}

START_TEST(what_somebody_may_miss_is_not_blank)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	record_block(&rig, &left[_i]);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.blank, left[_i].blank);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(disc.why, left[_i].blank ?
					   LATHE_SESSION_WHY_BLANK :
					   LATHE_SESSION_WHY_NO_VOLUME);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report),
			 left[_i].blank ? 0 : LATHE_ERR_NOT_BLANK);
	if (left[_i].blank)
		expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- sessions, by their number ------------------------------------------ */

START_TEST(sessions_are_told_one_by_one)
{
	struct model theirs = { 0 }, both = { 0 };
	struct lathe_emulator_store *store =
		foreign_disc(LATHE_EMULATOR_DVD_PLUS_RW, &theirs, 0);
	struct lathe_session_report report;
	struct lathe_session_info info;
	struct lathe_session_disc disc;
	struct rig rig;
	uint32_t i;

	model_put(&both, "theirs", 1, 70000);
	model_put(&both, "ours", 2, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_msg(!continue_it(&rig, &both, &report), "%s", why(&rig));
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.medium.sessions, 2);
	for (i = 1; i <= 2; i++) {
		ck_assert_int_eq(lathe_session_get(&rig.mmc, &disc, i, &info),
				 0);
		ck_assert_uint_eq(info.number, i);
		ck_assert_uint_eq(info.first_track, i);
		ck_assert_uint_eq(info.last_track, i);
		ck_assert(info.data && info.has_volume);
		ck_assert_int_eq(info.own, i == 2);
		ck_assert_uint_eq(info.start, i == 2 ? report.start : 0);
		/* 35 blocks of theirs; of ours as many as it says. */
		if (i == 1)
			ck_assert_uint_ge(info.blocks, 16 + 3 + 35);
		if (i == 1)
			ck_assert_uint_le(info.blocks, report.start - 64);
		if (i == 2)
			ck_assert_uint_eq(info.blocks, report.volume_blocks);
	}
	ck_assert_int_eq(lathe_session_get(&rig.mmc, &disc, 0, &info),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, &disc, 3, &info),
			 LATHE_ERR_NOT_FOUND);
	/* The drive does not read: no word on the sessions. */
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator,
				 "op=28 times=0 sense=4/44/00"), 0);
	ck_assert_int_eq(lathe_session_get(&rig.mmc, &disc, 1, &info),
			 LATHE_ERR_SENSE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&theirs);
	model_free(&both);
}
END_TEST

/* From any READ on the drive fails, or for as long as one is tried: what it
 * does not say is no word on the disc, neither that it is blank nor whose it
 * is. */
START_TEST(the_drive_fails_while_it_looks)
{
	struct lathe_session_report report;
	struct lathe_emulator_store *store;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	uint32_t at, failed = 0;
	char fault[64];
	struct rig rig;
	int err;

	store = _i % 3 == 2 ? foreign_disc(LATHE_EMULATOR_DVD_RAM, &model, 0) :
			  blank_disc(LATHE_EMULATOR_DVD_RAM);
	rig_create(&rig, store, NULL);
	if (_i % 3 == 1) {
		model_put(&model, "file", 5, 5000);
		ck_assert_int_eq(rig_burn(&rig, &model,
					  LATHE_SESSION_VERIFY_FULL, &report),
				 0);
	}
	for (at = 1;; at++) {
		snprintf(fault, sizeof(fault),
			 "op=28 count=%u times=%d sense=4/44/00", at, 6 * (_i / 3));
		ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
							   fault), 0);
		err = lathe_session_inspect(&rig.mmc, NULL, &disc);
		if (!lathe_emulator_faults_fired(rig.emulator))
			break;
		if (!err && _i / 3)
			continue;	/* it was tried again */
		ck_assert_int_eq(err, LATHE_ERR_SENSE);
		ck_assert_uint_eq(lathe_mmc_failure(&rig.mmc)->key, 4);
		ck_assert_uint_eq(lathe_mmc_failure(&rig.mmc)->asc, 0x44);
		failed++;
	}
	ck_assert_uint_gt(failed, 3);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- files that no volume tells of -------------------------------------- */

/* Their volume says to end in front of the end of its file, which has any
 * length: the next session, and the copy in front of it, stay behind it. */
START_TEST(a_file_goes_on_behind_its_volume)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct model before = { 0 }, after = { 0 };
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	uint32_t bytes = 70000 + (uint32_t)_i * 2048;
	struct lathe_failure failure;
	struct image image;
	struct rig rig;

	model_put(&before, "theirs", 1, bytes);
	model_put(&after, "theirs", 1, bytes);
	model_put(&after, "ours", 2, 90000);
	image_make(&image, &before, 0, 0);
	image_make_foreign(&image);
	/* ECMA-119 8.4.8: volume space size, in both orders. */
	lathe_put_both32(image.data + 16 * 2048 + 80, image.blocks - 33);
	rig_create(&rig, store, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_record_stream(
				 &rig.mmc, NULL,
				 &(struct lathe_session_stream){
					 &image, image_read, image.blocks },
				 &options, &report, &failure), 0);
	ck_assert_msg(!continue_it(&rig, &after, &report), "%s", why(&rig));
	/* LBA 0 to 31 and the copy are in front of it, nothing else. */
	ck_assert_uint_eq(report.start, (image.blocks + 31) / 32 * 32 + 64);
	expect_at(store, report.start, &after);
	expect_at(store, 0, &after);
	/* The mark tells of the copy; what begins there is their session. */
	rig_restart(&rig);
	model_put(&after, "more", 3, 3000);
	ck_assert_msg(!rig_burn(&rig, &after, LATHE_SESSION_VERIFY_FULL,
				&report), "%s", why(&rig));
	ck_assert_uint_eq(report.session, 3);
	expect_at(store, 0, &after);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	image_free(&image);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* Another program recorded something behind our session, and says so in the
 * head alone. What can not be is not believed. ECMA-119 8.4.8. */
static const struct claim {
	uint8_t type;
	uint32_t blocks;
	bool believed;
} claims[] = {
	{ 1, 5000, true },
	{ 1, 0x7FFFFFFF, false },
	{ 0, 5000, false },
};

START_TEST(the_head_says_that_there_is_more)
{
	const struct claim *claim = &claims[_i];
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct lathe_session_report report;
	struct model model = { 0 };
	uint8_t head[32 * 2048];
	uint32_t i, next;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	next = report.next_writable;
	ck_assert_uint_lt(next, 5000);
	memset(head, 0, sizeof(head));
	for (i = 16; i < 32; i++)
		lathe_emulator_store_peek(store, i, head + i * 2048);
	head[16 * 2048] = claim->type;
	lathe_put_both32(head + 16 * 2048 + 80, claim->blocks);
	record_there(&rig, 0, head);
	model_put(&model, "more", 6, 6000);
	ck_assert_msg(!rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s", why(&rig));
	ck_assert_uint_eq(report.session, 2);
	ck_assert_uint_eq(report.start, claim->believed ? 5024 : next);
	expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Images that computers start from have partitions behind their volume, and
 * only the table in LBA 0 says so, in sectors of 512 bytes. */
static const struct table {
	uint8_t entry, status, signature;
	uint32_t start, sectors, end;	/* in blocks; 0: not believed */
	uint32_t apple;			/* blocks of a partition from 5000 */
	const char *fault;
} tables[] = {
	{ 0, 0x80, 0xAA, 400, 19600, 5000, 0, NULL },
	{ 1, 0, 0xAA, 19996, 5, 5001, 0, NULL },
	{ 3, 0, 0xAA, 19996, 4, 5000, 0, NULL },
	/* Not all in front of the descriptors can be read. */
	{ 0, 0, 0xAA, 400, 19600, 5000, 0,
	  "op=28 lba=0 cdb8=10 times=0 sense=3/11/05" },
	/* All of the medium, and more. */
	{ 0, 0, 0xAA, 1, 0xFFFFFFFF, 0, 0, NULL },
	/* Boot code, and an entry that is not used. */
	{ 0, 0x33, 0xAA, 400, 19600, 0, 0, NULL },
	{ 2, 0, 0, 400, 19600, 0, 0, NULL },
	{ 2, 0, 0xAA, 20000, 0, 0, 0, NULL },
	{ 0, 0, 0xAA, 1, 0xFFFFFFFF, 6000, 1000, NULL },
};

START_TEST(partitions_behind_the_volume_stay)
{
	const struct table *table = &tables[_i];
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct lathe_session_report report;
	struct model model = { 0 };
	uint8_t head[32 * 2048], *entry;
	uint32_t i, next;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	next = report.next_writable;
	memset(head, 0, sizeof(head));
	for (i = 16; i < 32; i++)
		lathe_emulator_store_peek(store, i, head + i * 2048);
	head[510] = 0x55;
	head[511] = table->signature;
	entry = head + 446 + table->entry * 16;
	entry[0] = table->status;
	lathe_put_le32(entry + 8, table->start);
	lathe_put_le32(entry + 12, table->sectors);
	if (table->apple) {
		/* Inside Macintosh, Devices, 3: blocks of 2048 bytes. */
		memcpy(head, "ER\x08\0", 4);
		memcpy(head + 2048, "PM", 2);
		lathe_put_be32(head + 2048 + 8, 5000);
		lathe_put_be32(head + 2048 + 12, table->apple);
	}
	record_there(&rig, 0, head);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, table->fault),
			 0);
	model_put(&model, "more", 6, 6000);
	ck_assert_msg(!rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s", why(&rig));
	ck_assert_uint_eq(report.session, 2);
	ck_assert_uint_eq(report.start,
			  table->end ? (table->end + 31) / 32 * 32 : next);
	ck_assert_int_eq(lathe_emulator_faults_fired(rig.emulator) > 0,
			 table->fault != NULL);
	expect_at(store, 0, &model);
	/* LBA 0 is as it was, and the next session behind this one. */
	lathe_emulator_store_peek(store, 0, head + 2048);
	ck_assert_mem_eq(head + 2048, head, 2048);
	next = report.next_writable;
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_uint_eq(report.start, next);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* libisofs leaves a checksum of the head behind it, by which xorriso takes any
 * other head for a damaged one. Only that goes. */
START_TEST(no_checksum_stays_behind_another_head)
{
	static const char *const tag = "libisofs_rlsb32_checksum_tag_v1 pos=19";
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct lathe_session_report report;
	struct lathe_failure failure;
	uint8_t head[32 * 2048], block[2048];
	struct model model = { 0 };
	bool needed = false;
	struct rig rig;
	uint32_t i;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	memset(head, 0, sizeof(head));
	for (i = 16; i < 32; i++)
		lathe_emulator_store_peek(store, i, head + i * 2048);
	/* Behind primary descriptor, Joliet and terminator. */
	strcpy((char *)head + 19 * 2048, tag);
	strcpy((char *)head + 20 * 2048, "MKI Sat");
	strcpy((char *)head + 21 * 2048, tag);
	strcpy((char *)head + 22 * 2048, "another libisofs_");
	record_there(&rig, 0, head);
	if (_i == 0) {
		model_put(&model, "more", 6, 6000);
		ck_assert_msg(!rig_burn(&rig, &model,
					LATHE_SESSION_VERIFY_FULL, &report),
			      "%s", why(&rig));
	} else {
		ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed,
						      &failure), 0);
		ck_assert(needed);
	}
	expect_at(store, 0, &model);
	memset(head + 19 * 2048, 0, 2048);
	memset(head + 21 * 2048, 0, 2048);
	for (i = 19; i < 32; i++) {
		lathe_emulator_store_peek(store, i, block);
		ck_assert_mem_eq(block, head + i * 2048, 2048);
	}
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed,
					      &failure), 0);
	ck_assert(!needed);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ECMA-119, by hand: the primary descriptor and the terminator at 16, the
 * file's block right behind them, the root at 19, path tables at 20. */
static void put_record(uint8_t *at, uint32_t lba, uint32_t bytes, int flags,
		       const char *id, uint8_t id_bytes)
{
	at[0] = (uint8_t)(33 + id_bytes + (id_bytes % 2 ? 0 : 1));
	lathe_put_both32(at + 2, lba);
	lathe_put_both32(at + 10, bytes);
	at[18] = 126;			/* 2026-01-01 */
	at[19] = at[20] = 1;
	at[25] = (uint8_t)flags;
	at[28] = at[31] = 1;		/* volume sequence number */
	at[32] = id_bytes;
	memcpy(at + 33, id, id_bytes);
}

static void make_narrow(uint8_t *image)
{
	uint8_t *pvd = image + 16 * 2048, *root = image + 19 * 2048;
	uint32_t i;

	memcpy(pvd, "\1CD001\1", 7);
	memset(pvd + 8, ' ', 64);
	memcpy(pvd + 40, "NARROW", 6);
	lathe_put_both32(pvd + 80, 22);
	pvd[120] = pvd[123] = pvd[124] = pvd[127] = 1;
	pvd[129] = pvd[130] = 8;	/* 2048 */
	lathe_put_both32(pvd + 132, 10);
	pvd[140] = 20;
	pvd[151] = 21;
	put_record(pvd + 156, 19, 2048, 2, "", 1);
	memset(pvd + 190, ' ', 623);
	for (i = 813; i < 881; i += 17)
		memset(pvd + i, '0', 16);
	pvd[881] = 1;
	memcpy(pvd + 2048, "\377CD001\1", 7);
	put_record(root, 19, 2048, 2, "", 1);
	put_record(root + 34, 19, 2048, 2, "\1", 1);
	/* An empty file has no block, whatever stands there. */
	put_record(root + 68, 0, 0, 0, "EMPTY.;1", 8);
	put_record(root + 110, 18, 2048, 0, "ZEROS.;1", 8);
	memcpy(image + 20 * 2048, "\1\0\023\0\0\0\1\0\0", 9);
	memcpy(image + 21 * 2048, "\1\0\0\0\0\023\0\1\0", 9);
}

/* There is room for two descriptors at 16: no Joliet, and no old file is
 * touched, although it looks like nothing. */
START_TEST(files_stand_where_descriptors_would_go)
{
	static uint8_t data[22 * 2048];
	struct image image = { .data = data, .blocks = 22 };
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct model model = { 0 };
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct lathe_failure failure;
	uint8_t block[2048];
	uint32_t node;
	struct rig rig;

	memset(data, 0, sizeof(data));
	make_narrow(data);
	model_put(&model, "their place", 1, 1);
	model_put(&model, "ours", 2, 90000);
	rig_create(&rig, store, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_msg(!lathe_session_record_stream(
			      &rig.mmc, NULL,
			      &(struct lathe_session_stream){
				      &image, image_read, image.blocks },
			      &options, &report, &failure),
		      "%s", failure.text);
	ck_assert_msg(!continue_it(&rig, &model, &report), "%s", why(&rig));
	ck_assert_int_eq(lathe_emulator_store_peek(store, 18, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(block, data + 18 * 2048, 2048);
	ck_assert_int_eq(lathe_emulator_store_peek(store, 17, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(block, "\377CD001\1", 7);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.medium.sessions, 2);
	ck_assert(disc.found.own && !disc.head_torn);
	ck_assert_uint_eq(disc.found.hierarchies, 1);

	/* All files are in it, and go on to the next session. */
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_import(rig.master), 0);
	ck_assert_int_eq(lathe_iso9660_find(lathe_session_tree(rig.master),
					    "ZEROS", &node), 0);
	ck_assert_int_eq(lathe_iso9660_find(lathe_session_tree(rig.master),
					    "EMPTY", &node), 0);
	ck_assert_int_eq(lathe_iso9660_find(lathe_session_tree(rig.master),
					    "OURS", &node), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: what others left there");
	TCase *tc = tcase_create("left there");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, what_somebody_may_miss_is_not_blank, 0,
			    sizeof(left) / sizeof(left[0]));
	tcase_add_test(tc, sessions_are_told_one_by_one);
	tcase_add_loop_test(tc, the_drive_fails_while_it_looks, 0, 6);
	tcase_add_loop_test(tc, a_file_goes_on_behind_its_volume, 0, 32);
	tcase_add_loop_test(tc, the_head_says_that_there_is_more, 0,
			    sizeof(claims) / sizeof(claims[0]));
	tcase_add_loop_test(tc, partitions_behind_the_volume_stay, 0,
			    sizeof(tables) / sizeof(tables[0]));
	tcase_add_loop_test(tc, no_checksum_stays_behind_another_head, 0, 2);
	tcase_add_test(tc, files_stand_where_descriptors_would_go);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
