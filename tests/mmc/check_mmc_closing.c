/* SPDX-License-Identifier: MIT */
/* The end of a track and of its session, command by command. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

/* Up to the end of the track, which is told as ended. */
static void write_and_end(struct mock_drive *m)
{
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), 0);
}

/* ---- ending and closing ------------------------------------------------- */

START_TEST(a_session_is_closed_and_seen_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_busy(m, TUR, 0x4000);
	/* GOOD already, but the disc information is not. */
	mock_good(m, TUR);
	mock_busy(m, DISC_INFO, 0x8000);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	m->slept_ms = 0;
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	ck_assert_uint_ge(m->slept_ms, 3 * 500);
	ck_assert_uint_gt(m->progress_calls, 0);
	ck_assert_uint_eq(m->last_progress, 0x4000);
	mock_done(m);
}
END_TEST

START_TEST(a_final_close_has_to_be_final)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 04 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_disc_info(m, 2, 3, 1, 1);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, true), 0);

	free(m);
	m = mock_new();
	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	for (int i = 0; i <= 10; i++)
		mock_disc_info(m, 2, 3, 1, 1);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_NOT_APPENDABLE);
	mock_done(m);
}
END_TEST

/* A drive that does not call the last session complete: the disc is final all
 * the same, once there was time to show more. A damaged one is no success. */
START_TEST(a_final_disc_is_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	int err;

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 04 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	for (int i = 0; i < (_i == LATHE_MMC_SESSION_EMPTY ? 2 : 12); i++)
		mock_disc_info(m, 2, (unsigned)_i, 1, 1);
	err = lathe_mmc_close_session(&m->mmc, &medium, true);
	ck_assert_int_eq(err, _i == LATHE_MMC_SESSION_DAMAGED
				      ? LATHE_ERR_UNFINISHED : 0);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_shows_it_late_is_given_time)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	/* Pioneer K04RA: again and again, before it is taken. */
	mock_busy(m, CLOSE, 0);
	mock_busy(m, CLOSE, 0);
	/* Mitsumi: an early return. */
	mock_sense(m, CLOSE, 6, 0x2e, 0x00);
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_done(m);
}
END_TEST

/* "Long write in progress" is said of other commands than WRITE as well: that
 * takes longer than a part of the buffer. */
START_TEST(a_busy_close_is_not_sent_again_all_the_time)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	m->slept_ms = 0;
	for (int i = 0; i < 8; i++)
		mock_sense(m, CLOSE, 2, 0x04, 0x08);
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	ck_assert_uint_ge(m->slept_ms, 3000);
	mock_done(m);
}
END_TEST

START_TEST(a_close_that_changes_nothing_is_no_success)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	for (int i = 0; i < 12; i++)
		mock_disc_info(m, 1, 1, 1, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_UNFINISHED);
	/* Asked again, it is looked at first: it was only late. */
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_done(m);
}
END_TEST

/* Asked again, it is looked at first: a drive that does not tell has closed
 * nothing, and what is still open is closed anew. */
START_TEST(a_close_that_failed_is_tried_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_sense(m, CLOSE, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	mock_sense(m, DISC_INFO, 4, 0x3e, 0x01);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, 0x3e);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_done(m);
}
END_TEST

START_TEST(a_failed_close_names_its_reason)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_busy(m, TUR, 1);
	mock_sense(m, TUR, 3, 0x72, 0x01);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, 0x72);
	mock_done(m);
}
END_TEST

START_TEST(a_reset_while_closing_is_an_error)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_busy(m, TUR, 1);
	mock_sense(m, TUR, 6, 0x29, 0x00);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, 0x29);
	mock_done(m);
}
END_TEST

START_TEST(the_session_of_a_cut_burn_is_closed_track_first)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	mock_sense(m, CLOSE, 5, 0x72, 0x03);
	mock_good(m, "5b 01 01 00 00 01 00 00 00 00");
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_done(m);
}
END_TEST

/* Some drives show the session of a cut burn as an empty one; that it was begun
 * shows only in its next address. It is not closed yet. */
START_TEST(a_cut_session_that_looks_empty_is_closed_all_the_same)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	medium.data_mode = 1;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_good(m, SYNC);
	mock_polled(m, 1, 0);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 3, 3);
	mock_disc_info(m, 1, 0, 3, 3);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(where_no_session_is_open_none_is_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	/* A CD would take one more for it. */
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, true),
			 LATHE_ERR_UNSUPPORTED);
	/* As wanted already. */
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	medium.profile = 0x0008;
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_MEDIUM_TYPE);
	mock_begin(m);
	medium = mock_blank_medium();
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

START_TEST(a_damaged_track_is_told_and_can_be_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_spoil(m, 5, 0x24);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_CORRUPT);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_done(m);
}
END_TEST

START_TEST(a_disc_changed_before_the_close_is_not_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc closing");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_session_is_closed_and_seen_closed);
	tcase_add_test(t, a_final_close_has_to_be_final);
	tcase_add_loop_test(t, a_final_disc_is_closed, 0, 3);
	tcase_add_test(t, a_drive_that_shows_it_late_is_given_time);
	tcase_add_test(t, a_busy_close_is_not_sent_again_all_the_time);
	tcase_add_test(t, a_close_that_changes_nothing_is_no_success);
	tcase_add_test(t, a_close_that_failed_is_tried_again);
	tcase_add_test(t, a_failed_close_names_its_reason);
	tcase_add_test(t, a_reset_while_closing_is_an_error);
	tcase_add_test(t, the_session_of_a_cut_burn_is_closed_track_first);
	tcase_add_test(
		t, a_cut_session_that_looks_empty_is_closed_all_the_same);
	tcase_add_test(t, where_no_session_is_open_none_is_closed);
	tcase_add_test(t, a_damaged_track_is_told_and_can_be_closed);
	tcase_add_test(t, a_disc_changed_before_the_close_is_not_closed);
	suite_add_tcase(s, t);
	return run_suite(s);
}
