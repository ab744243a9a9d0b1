/* SPDX-License-Identifier: MIT */
/* How fast is written, and how long a full buffer lasts then; reads that do not
 * succeed at once. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define READ_FUA "28 08 00 00 00 00 00 00 04 00"
#define READ_0_1 "28 00 00 00 00 00 00 00 01 00"
#define READ_FUA_1(n) "28 08 00 00 00 " n " 00 00 01 00"

static uint8_t blocks[64 * 2048];

/* ---- speed -------------------------------------------------------------- */

/* A DVD+R of 2295104 blocks is read. */
static void look_at_dvd(struct mock_drive *m)
{
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_reply(m, CONFIG_HEAD, "0000000c 0000 001b");
	mock_reply(m, "46 00 00 00 00 00 00 00 10 00",
		   "0000000c 0000 001b 002b 01 04 01000000");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_read_medium(m, &medium);
}

/* In the old place of page 2Ah. */
static void told(struct mock_drive *m, unsigned kb)
{
	mock_speed_page(m);
	mock_spoil(m, 8 + 20, (uint8_t)(kb >> 8));
	mock_spoil(m, 8 + 21, (uint8_t)kb);
}

/* 2x; the end is the last block of the disc. Reading is not slower. */
static void ask_for_2x(struct mock_drive *m)
{
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00); /* an old page: optional */
	mock_sent(m, STREAMING,
		  "00000000 00000000 0023053f 00000ad2 000003e8 00000ad2 "
		  "000003e8");
}

START_TEST(the_speed_of_a_dvd_is_what_the_drive_tells_of_dvds)
{
	static const struct {
		unsigned told, granted;
	} cases[] = {
		{ 2770, 2770 }, { 1200, 1200 }, { 706, 0 }, { 0, 0 },
	};
	struct mock_drive *m = mock_new();

	look_at_dvd(m);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ask_for_2x(m);
		told(m, cases[i].told);
		mock_ok(m, lathe_mmc_set_write_speed(&m->mmc, 2770));
		ck_assert_uint_eq(lathe_mmc_write_speed(&m->mmc),
				  cases[i].granted);
	}
	mock_done(m);
}
END_TEST

/* Of a disc whose end is not known none is set: some drives refuse FFFFFFFFh. */
START_TEST(without_an_end_a_dvd_keeps_its_speed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_reply(m, CONFIG_HEAD, "0000000c 0000 001b");
	mock_reply(m, "46 00 00 00 00 00 00 00 10 00",
		   "0000000c 0000 001b 002b 01 04 01000000");
	mock_disc_info(m, 2, 3, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_sense(m, CAPACITY, 3, 0x57, 0x00);
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.capacity_blocks, 0);
	told(m, 1385);
	mock_ok(m, lathe_mmc_set_write_speed(&m->mmc, 2770));
	mock_done(m);
}
END_TEST

/* Reading stays as fast as it was asked for, where the drive tells less. */
START_TEST(reading_is_never_set_slower_than_writing)
{
	struct mock_drive *m = mock_new();

	look_at_dvd(m);
	told(m, 1385);
	mock_spoil(m, 8 + 8, 0x05); /* 1385 kB/s */
	mock_spoil(m, 8 + 9, 0x69);
	mock_sent(m, STREAMING,
		  "00000000 00000000 0023053f 00000ad2 000003e8 00000ad2 "
		  "000003e8");
	told(m, 2770);
	mock_ok(m, lathe_mmc_set_write_speed(&m->mmc, 2770));
	mock_done(m);
}
END_TEST

/* Only "I do not know that" is forgiven; a broken drive is one. */
START_TEST(a_drive_that_fails_has_no_speed)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, "bb 00 ff ff 05 83 00 00 00 00 00 00", 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 1411),
			 LATHE_ERR_SENSE);
	mock_good(m, SPEED_MAX);
	mock_sense(m, SENSE_2A, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 0),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* A pressed CD is a CD. */
START_TEST(the_speed_of_a_cd_rom_is_a_cd_speed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_features(m, "0008", false, false);
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	mock_sense(m, TOC_HEAD, 5, 0x20, 0x00);
	mock_sense(m, TRACK_1, 5, 0x20, 0x00);
	mock_sense(m, TRACK_1, 5, 0x20, 0x00);
	mock_reply(m, CAPACITY, "00050000 00000800");
	mock_read_medium(m, &medium);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_ok(m, lathe_mmc_set_write_speed(&m->mmc, 0));
	mock_done(m);
}
END_TEST

/* 100 ms at DVD 1x, 50 at 2x; by the speed that was asked for where the drive
 * tells none. */
START_TEST(a_full_buffer_lasts_by_the_speed)
{
	static const struct {
		unsigned asked, told, pause_ms;
	} cases[] = { { 0, 1385, 101 }, { 2770, 0, 51 }, { 2770, 1385, 101 } };
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .speed_kb_per_s = cases[_i].asked };

	medium.capacity_blocks = 2295104;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	if (cases[_i].asked)
		ask_for_2x(m);
	else
		mock_sent(m, STREAMING,
			  "04000000 00000000 0023053f 00000000 000003e8 "
			  "00000000 000003e8");
	told(m, cases[_i].told);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &how, 0);
	m->slept_ms = 0;
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	ck_assert_uint_eq(m->slept_ms, cases[_i].pause_ms);
	mock_done(m);
}
END_TEST

/* ---- reads -------------------------------------------------------------- */

/* What is no fault of the medium is not read block by block. */
START_TEST(only_the_medium_is_looked_at_closer)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 9; i++)
		mock_sense(m, READ_0_4, 6, 0x2a, 0x01);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 6);
	mock_done(m);
}
END_TEST

/* What was refused once, as if the drive did not know the command, may be read
 * all the same; a drive that does not is asked three times. */
START_TEST(a_read_that_is_refused_is_tried_again)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, READ_0_1, 5, 0x20, 0x00);
	mock_good(m, READ_0_1);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 1, false, blocks));
	mock_sense(m, READ_0_4, 5, 0x20, 0x00);
	mock_sense(m, READ_0_1, 5, 0x20, 0x00);
	mock_sense(m, READ_0_1, 5, 0x20, 0x00);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->asc, 0x20);
	mock_done(m);
}
END_TEST

/* Past the cache each block is read past it as well; and a drive that is lost
 * is asked no more. */
START_TEST(a_closer_look_goes_past_the_cache)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, READ_FUA, 3, 0x11, 0x05);
	mock_good(m, READ_FUA_1("00"));
	mock_sense(m, READ_FUA_1("01"), 3, 0x11, 0x05);
	if (_i == 0) {
		mock_good(m, READ_FUA_1("01"));
		mock_good(m, READ_FUA_1("02"));
		mock_good(m, READ_FUA_1("03"));
	} else {
		mock_cause(m, READ_FUA_1("01"), LATHE_CAUSE_GONE);
	}
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, true, blocks),
			 _i ? LATHE_ERR_NO_DEVICE : 0);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_is_lost_is_not_asked_for_one_block)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, READ_0_4, 3, 0x11, 0x05);
	mock_cause(m, READ_0_1, LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_NO_DEVICE);
	mock_done(m);
}
END_TEST

/* As many as READ(10) can say, up to the last address that there is. */
START_TEST(the_most_blocks_and_the_last_one)
{
	struct mock_drive *m = mock_new();

	m->config.max_transfer = UINT32_MAX;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	mock_cause(m, "28 00 00 00 00 00 00 ff ff 00", LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 0x10000, false, blocks),
			 LATHE_ERR_NO_DEVICE);
	mock_cause(m, "28 00 ff ff ff f0 00 00 0f 00", LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0xfffffff0, 15, false, blocks),
			 LATHE_ERR_NO_DEVICE);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0xfffffff0, 16, false, blocks),
			 LATHE_ERR_ARG);
	mock_done(m);
}
END_TEST

/* Whoever never read the medium gets its blocks, changed or not; and the guard
 * of one read is not that of the next command. */
START_TEST(a_read_guards_itself_alone)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	mock_good(m, READ_0_4);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	m->mmc.known = 1;
	m->mmc.changed = 0;
	mock_good(m, READ_0_4);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc speed and reads");
	TCase *t = tcase_create("all");

	tcase_add_test(t, the_speed_of_a_dvd_is_what_the_drive_tells_of_dvds);
	tcase_add_test(t, without_an_end_a_dvd_keeps_its_speed);
	tcase_add_test(t, reading_is_never_set_slower_than_writing);
	tcase_add_test(t, a_drive_that_fails_has_no_speed);
	tcase_add_test(t, the_speed_of_a_cd_rom_is_a_cd_speed);
	tcase_add_loop_test(t, a_full_buffer_lasts_by_the_speed, 0, 3);
	tcase_add_test(t, only_the_medium_is_looked_at_closer);
	tcase_add_test(t, a_read_that_is_refused_is_tried_again);
	tcase_add_loop_test(t, a_closer_look_goes_past_the_cache, 0, 2);
	tcase_add_test(t, a_drive_that_is_lost_is_not_asked_for_one_block);
	tcase_add_test(t, the_most_blocks_and_the_last_one);
	tcase_add_test(t, a_read_guards_itself_alone);
	suite_add_tcase(s, t);
	return run_suite(s);
}
