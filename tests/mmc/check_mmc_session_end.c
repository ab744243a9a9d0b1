/* SPDX-License-Identifier: MIT */
/*
 * When a session counts as closed, what becomes final without one, and what is
 * erased or formatted: the less common ways, and those that fail.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define PAGE "41 c4 08 00 00 00 00"
#define FINAL_PAGE "41 04 08 00 00 00 00"
#define FINALIZE_MINIMUM "5b 01 05 00 00 00 00 00 00 00"
#define FINALIZE "5b 01 06 00 00 00 00 00 00 00"

static uint8_t blocks[64 * 2048];

static void write_and_end(struct mock_drive *m)
{
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

/* ---- closed is what shows ----------------------------------------------- */

/* Disc status and the last session's state both have to say so, within ten
 * seconds. */
START_TEST(half_of_it_does_not_count)
{
	static const struct {
		bool final;
		unsigned status, state;
	} cases[] = {
		{ true, 2, 2 },	 { true, 1, 3 },  { true, 1, 0 },
		{ false, 0, 0 }, { false, 1, 3 }, { false, 1, 2 },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, PAGE, cases[_i].final ? FINAL_PAGE : PAGE);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 1);
	for (int i = 0; i <= 10; i++)
		mock_disc_info(m, cases[_i].status, cases[_i].state, 1, 1);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium,
						 cases[_i].final),
			 LATHE_ERR_UNFINISHED);
	mock_done(m);
}
END_TEST

START_TEST(without_an_open_session_there_is_nothing_to_close)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

/* The close of what a cut burn left is waited for as any other. */
START_TEST(a_late_error_of_the_close_is_its_own)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_write_page(m, PAGE, PAGE);
	mock_good(m, CLOSE);
	mock_deferred(m, TUR, 3, 0x72, 0x01);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x5b);
	mock_done(m);
}
END_TEST

/* A track of its own number; other errors of a close are errors. */
START_TEST(the_open_track_of_a_cut_session_is_closed_by_its_number)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	medium.data_mode = 1;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 2, 2);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_write_page(m, NULL, PAGE);
	mock_sense(m, CLOSE, _i ? 3 : 5, 0x72, _i ? 0x00 : 0x03);
	if (_i == 0) {
		mock_good(m, "5b 01 01 00 00 02 00 00 00 00");
		mock_polled(m, 1, 1);
		mock_good(m, CLOSE);
		mock_polled(m, 1, 0);
		mock_disc_info(m, 1, 0, 3, 3);
	}
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 _i ? LATHE_ERR_SENSE : 0);
	mock_done(m);
}
END_TEST

/* The track just ended is no open one. */
START_TEST(an_ended_track_is_not_closed_once_more)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, PAGE, PAGE);
	mock_sense(m, CLOSE, 5, 0x72, 0x03);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->asc, 0x72);
	mock_done(m);
}
END_TEST

/* What was recorded at once needs no CLOSE; what a cut burn left on the next
 * disc does. */
START_TEST(a_cut_session_is_closed_in_the_usual_way)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 300,
		.overwrite_start = 32, /* for others */
	};

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "42 c4 08 00 00 00 00");
	mock_good(m, "5d 00 00 00 00 00 00 00 20 00");
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, SYNC);
	mock_polled(m, 1, 0);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_write_page(m, NULL, PAGE);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* A background format is stopped on the disc that was read, on no other. */
START_TEST(nothing_is_settled_on_another_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	mock_good(m, TUR);
	mock_background(m, 2);
	mock_erasable(m);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* ---- final without a session -------------------------------------------- */

static struct lathe_mmc_medium appendable(unsigned profile)
{
	struct lathe_mmc_medium medium = mock_medium(
		profile, LATHE_MMC_KIND_DVD_PLUS_R, LATHE_MMC_STATUS_APPENDABLE);

	medium.sessions = 1;
	return medium;
}

static void look_again(struct mock_drive *m)
{
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_sense(m, SENSE_05_FIRST, 5, 0x24, 0x00);
}

START_TEST(a_closed_dvd_plus_r_becomes_final)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = appendable(0x1b);

	look_again(m);
	mock_good(m, FINALIZE_MINIMUM);
	mock_polled(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	/* It is over. */
	mock_deferred(m, TUR, 3, 0x72, 0x01);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	mock_done(m);
}
END_TEST

/* GOOD, and nothing happened; refused in both ways; failed. */
START_TEST(a_closed_dvd_plus_r_may_stay_as_it_is)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = appendable(0x1b);

	look_again(m);
	if (_i == 0) {
		mock_good(m, FINALIZE_MINIMUM);
		mock_polled(m, 1, 0);
		for (int i = 0; i <= 10; i++)
			mock_disc_info(m, 1, 0, 2, 2);
	} else if (_i == 1) {
		mock_sense(m, FINALIZE_MINIMUM, 5, 0x24, 0x00);
		mock_sense(m, FINALIZE, 5, 0x24, 0x00);
	} else if (_i == 2) {
		mock_sense(m, FINALIZE_MINIMUM, 5, 0x2c, 0x00);
	} else {
		mock_good(m, FINALIZE_MINIMUM);
		mock_deferred(m, TUR, 3, 0x72, 0x02);
	}
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, true),
			 _i == 3 ? LATHE_ERR_SENSE : LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(mock_failure(m)->err,
			 _i == 3 ? LATHE_ERR_SENSE : LATHE_ERR_UNSUPPORTED);
	if (_i == 1)
		ck_assert_uint_eq(mock_failure(m)->asc, 0x24);
	/* Nothing is under way any more. */
	mock_deferred(m, TUR, 3, 0x72, 0x01);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	mock_done(m);
}
END_TEST

/* BD-R knows one way only. */
START_TEST(a_closed_bd_r_becomes_final_in_one_way)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = appendable(0x41);

	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_sense(m, FINALIZE, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, true),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

/* The left track comes first: where it can not be closed, no session is. */
START_TEST(a_session_is_not_closed_over_an_open_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = appendable(0x41);

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 2, 2);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_sense(m, "5b 01 01 00 00 01 00 00 00 00", 3, 0x73, 0x05);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->asc, 0x73);
	mock_done(m);
}
END_TEST

START_TEST(a_lost_drive_closes_no_dvd_plus_r)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = appendable(0x1b);

	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_cause(m, SENSE_05_FIRST, LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, true),
			 LATHE_ERR_NO_DEVICE);
	mock_done(m);
}
END_TEST

/* ---- erasing ------------------------------------------------------------ */

static void right_disc(struct mock_drive *m)
{
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
}

static int blank(struct mock_drive *m)
{
	struct lathe_mmc_medium medium = mock_rewritable();

	return lathe_mmc_blank(&m->mmc, &medium, LATHE_MMC_BLANK_USUAL);
}

/* Neither what is erasable alone nor what is blanked alone. */
START_TEST(what_is_not_blanked)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	medium.erasable = true;
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_USUAL),
			 LATHE_ERR_MEDIUM_TYPE);
	medium = mock_rewritable();
	medium.erasable = false;
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_USUAL),
			 LATHE_ERR_MEDIUM_TYPE);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_fails_to_unlock_erases_nothing)
{
	struct mock_drive *m = mock_new();

	right_disc(m);
	mock_sense(m, ALLOW, 4, 0x44, 0x00);
	ck_assert_int_eq(blank(m), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x1e);
	mock_done(m);
}
END_TEST

START_TEST(the_lock_is_left_alone_on_another_disc)
{
	struct mock_drive *m = mock_new();

	mock_good(m, PREVENT);
	mock_ok(m, lathe_mmc_lock_tray(&m->mmc, true));
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1); /* not erasable */
	ck_assert_int_eq(blank(m), LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* Why a blanking failed is told, not what came after it; where it did not
 * fail, that the lock can not be set is. */
START_TEST(the_lock_is_set_again_or_that_is_told)
{
	struct mock_drive *m = mock_new();

	mock_good(m, PREVENT);
	mock_ok(m, lathe_mmc_lock_tray(&m->mmc, true));
	right_disc(m);
	mock_good(m, ALLOW);
	if (_i == 0) {
		mock_sense(m, BLANK_QUICK, 3, 0x51, 0x00);
	} else {
		mock_good(m, BLANK_QUICK);
		mock_polled(m, 0, 0);
		mock_disc_info(m, 0, 0, 1, 1);
	}
	mock_sense(m, PREVENT, 4, 0x44, 0x00);
	ck_assert_int_eq(blank(m), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, _i ? 0x1e : 0xa1);
	mock_done(m);
}
END_TEST

/* An error of the blanking has no address of an earlier WRITE; and what was
 * written is gone, as is what was known of the disc. */
START_TEST(a_blanking_ends_what_was_before_it)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	m->mmc.known = 1;
	right_disc(m);
	mock_good(m, ALLOW);
	mock_good(m, BLANK_QUICK);
	if (_i == 0) {
		mock_deferred(m, TUR, 3, 0x51, 0x00);
		ck_assert_int_eq(blank(m), LATHE_ERR_SENSE);
		ck_assert_uint_eq(mock_failure(m)->opcode, 0xa1);
		ck_assert(!mock_failure(m)->has_lba);
	} else {
		mock_polled(m, 0, 0);
		mock_disc_info(m, 0, 0, 1, 1);
		mock_ok(m, blank(m));
		mock_sense(m, READ_0_4, 6, 0x28, 0x00);
		mock_good(m, READ_0_4);
		mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
		m->mmc.changed = 0;
		/* There is no session to be closed. */
		mock_good(m, TUR);
		mock_disc_info(m, 0, 0, 1, 1);
		ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium,
							 false),
				 LATHE_ERR_STATE);
	}
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc session end");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, half_of_it_does_not_count, 0, 6);
	tcase_add_test(t, without_an_open_session_there_is_nothing_to_close);
	tcase_add_test(t, a_late_error_of_the_close_is_its_own);
	tcase_add_loop_test(
		t, the_open_track_of_a_cut_session_is_closed_by_its_number, 0,
		2);
	tcase_add_test(t, an_ended_track_is_not_closed_once_more);
	tcase_add_test(t, a_cut_session_is_closed_in_the_usual_way);
	tcase_add_test(t, nothing_is_settled_on_another_disc);
	tcase_add_test(t, a_closed_dvd_plus_r_becomes_final);
	tcase_add_loop_test(t, a_closed_dvd_plus_r_may_stay_as_it_is, 0, 4);
	tcase_add_test(t, a_closed_bd_r_becomes_final_in_one_way);
	tcase_add_test(t, a_session_is_not_closed_over_an_open_track);
	tcase_add_test(t, a_lost_drive_closes_no_dvd_plus_r);
	tcase_add_test(t, what_is_not_blanked);
	tcase_add_test(t, a_drive_that_fails_to_unlock_erases_nothing);
	tcase_add_test(t, the_lock_is_left_alone_on_another_disc);
	tcase_add_loop_test(t, the_lock_is_set_again_or_that_is_told, 0, 2);
	tcase_add_loop_test(t, a_blanking_ends_what_was_before_it, 0, 2);
	suite_add_tcase(s, t);
	return run_suite(s);
}
