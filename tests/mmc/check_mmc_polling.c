/* SPDX-License-Identifier: MIT */
/* Waiting for what runs in the drive behind its command. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define PAGE "41 c4 08 00 00 00 00"

static uint8_t blocks[16 * 2048];

/* A track is written and ended, and the session's CLOSE was taken. */
static void send_close(struct mock_drive *m)
{
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_write_page(m, PAGE, PAGE);
	mock_good(m, CLOSE);
}

static int closed(struct mock_drive *m)
{
	struct lathe_mmc_medium medium = mock_blank_medium();

	return lathe_mmc_close_session(&m->mmc, &medium, false);
}

/* It is over, and shows. */
static void play_end(struct mock_drive *m)
{
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
}

/* How far it is, where TEST UNIT READY does not say, is asked for; an earlier
 * answer says nothing of now. */
START_TEST(progress_is_asked_for_where_it_is_not_told)
{
	struct mock_drive *m = mock_new();

	send_close(m);
	mock_busy(m, TUR, 0x4000);
	mock_status(m, TUR, 0x08);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 00 00000000 0a 00000000 00 16 00 80 6000");
	mock_sense(m, TUR, 2, 0x04, 0x07);
	/* One that is busy with itself is not waited for. */
	mock_status(m, REQUEST_SENSE, 0x08);
	mock_sense(m, TUR, 2, 0x04, 0x07);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 00 00000000 0a 00000000 00 00 00 000000");
	play_end(m);
	mock_ok(m, closed(m));
	ck_assert_uint_eq(m->last_progress, 0x6000);
	mock_done(m);
}
END_TEST

START_TEST(progress_that_nobody_wants_is_not_asked_for)
{
	struct mock_drive *m = mock_new();

	m->mmc.config.hooks.progress = NULL;
	send_close(m);
	mock_sense(m, TUR, 2, 0x04, 0x07);
	play_end(m);
	mock_ok(m, closed(m));
	mock_done(m);
}
END_TEST

/* What comes this way comes once: an error of the writes before is theirs, one
 * that was recovered is none. */
START_TEST(late_errors_may_come_with_the_progress)
{
	struct mock_drive *m = mock_new();

	send_close(m);
	mock_sense(m, TUR, 2, 0x04, 0x07);
	mock_reply(m, REQUEST_SENSE,
		   "71 00 01 00000000 0a 00000000 0c 00 00 000000");
	if (_i == 0) {
		play_end(m);
		mock_ok(m, closed(m));
	} else {
		mock_sense(m, TUR, 2, 0x04, 0x07);
		mock_reply(m, REQUEST_SENSE,
			   "f1 00 03 00000009 0a 00000000 0c 00 00 000000");
		ck_assert_int_eq(closed(m), LATHE_ERR_SENSE);
		ck_assert(mock_failure(m)->deferred);
		ck_assert_uint_eq(mock_failure(m)->opcode, 0x2a);
		ck_assert_uint_eq(mock_failure(m)->lba, 9);
	}
	mock_done(m);
}
END_TEST

/* Current sense data of REQUEST SENSE tell a state, whatever their key. */
START_TEST(sense_of_now_is_no_late_error)
{
	struct mock_drive *m = mock_new();

	send_close(m);
	mock_sense(m, TUR, 2, 0x04, 0x07);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 03 00000000 0a 00000000 0c 00 00 000000");
	play_end(m);
	mock_ok(m, closed(m));
	mock_done(m);
}
END_TEST

/* Nothing was written: the error is somebody else's. */
START_TEST(a_late_error_of_somebody_else_ends_no_wait)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, SYNC);
	mock_sense(m, TUR, 2, 0x04, 0x07);
	mock_reply(m, REQUEST_SENSE,
		   "71 00 03 00000000 0a 00000000 0c 00 00 000000");
	mock_polled(m, 0, 0);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

/* The close itself may look like a change of discs; what comes behind it does
 * not. */
START_TEST(a_change_behind_the_close_is_one)
{
	struct mock_drive *m = mock_new();

	send_close(m);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	if (_i == 0) {
		mock_disc_info(m, 1, 0, 2, 2);
		mock_ok(m, closed(m));
	} else {
		mock_sense(m, DISC_INFO, 6, 0x28, 0x00);
		ck_assert_int_eq(closed(m), LATHE_ERR_WRONG_DISC);
	}
	mock_done(m);
}
END_TEST

/* While a drive looks at its disc anew it may see none, for some seconds. */
START_TEST(a_disc_may_be_out_of_sight)
{
	struct mock_drive *m = mock_new();

	send_close(m);
	mock_sense(m, TUR, 2, 0x3a, 0x00);
	mock_sense(m, TUR, 2, 0x3a, 0x01);
	mock_good(m, TUR);
	mock_sense(m, DISC_INFO, 2, 0x3a, 0x00);
	play_end(m);
	mock_ok(m, closed(m));
	mock_done(m);
}
END_TEST

/* 3A/02: the tray is open. */
START_TEST(a_disc_may_be_gone)
{
	struct mock_drive *m = mock_new();

	send_close(m);
	if (_i == 0)
		for (int i = 0; i < 20; i++)
			mock_sense(m, TUR, 2, 0x3a, 0x00);
	else
		mock_sense(m, TUR, 2, 0x3a, 0x02);
	ck_assert_int_eq(closed(m), LATHE_ERR_NO_MEDIUM);
	mock_done(m);
}
END_TEST

/* Some drives know no disc information for media without sessions. */
START_TEST(ready_is_enough_where_there_is_no_disc_information)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_medium(
		0x12, LATHE_MMC_KIND_DVD_RAM, LATHE_MMC_STATUS_OVERWRITABLE);
	static const struct lathe_mmc_recording how = { 0 };

	mock_good(m, TUR);
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222060 02000800");
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc polling");
	TCase *t = tcase_create("all");

	tcase_add_test(t, progress_is_asked_for_where_it_is_not_told);
	tcase_add_test(t, progress_that_nobody_wants_is_not_asked_for);
	tcase_add_loop_test(t, late_errors_may_come_with_the_progress, 0, 2);
	tcase_add_test(t, sense_of_now_is_no_late_error);
	tcase_add_test(t, a_late_error_of_somebody_else_ends_no_wait);
	tcase_add_loop_test(t, a_change_behind_the_close_is_one, 0, 2);
	tcase_add_test(t, a_disc_may_be_out_of_sight);
	tcase_add_loop_test(t, a_disc_may_be_gone, 0, 2);
	tcase_add_test(t, ready_is_enough_where_there_is_no_disc_information);
	suite_add_tcase(s, t);
	return run_suite(s);
}
