/* SPDX-License-Identifier: MIT */
/*
 * What drives say of a disc that nobody expects: full ones, states and numbers
 * that contradict each other, fields that mean nothing.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

/* ---- the state of the disc ---------------------------------------------- */

/* The last session is closed appendable, and lead-out and lead-in have left
 * no room: nothing is wrong with such a disc. */
START_TEST(a_full_disc_is_not_a_damaged_one)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	uint32_t start = 7;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 2, 2);
	for (int i = 0; i < 3; i++) {
		if (_i == 0) {
			mock_track(m, i ? TRACK("02") : TRACK_FF, 2, 359999, 0,
				   0);
			mock_spoil(m, 7, 0x00); /* NWA_V */
		} else {
			mock_sense(m, i ? TRACK("02") : TRACK_FF, 5, 0x24, 0);
		}
	}
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000547ab 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert(!medium.has_next_writable);
	ck_assert_uint_eq(medium.free_blocks, 0);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.last_track, 1);
	ck_assert_uint_eq(medium.capacity_blocks, 0x547ac);
	/* No track is begun on it, and nothing sent for that. */
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_NOT_APPENDABLE);
	ck_assert_uint_eq(start, 7);
	mock_done(m);
}
END_TEST

START_TEST(a_disc_of_unknown_status_is_not_written)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	uint32_t start;

	mock_look(m, "0009");
	mock_disc_info(m, 3, 3, 1, 1);
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "0000012b 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_DAMAGED);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_NOT_APPENDABLE);
	mock_done(m);
}
END_TEST

/* Nothing can follow its last session, so that is complete. */
START_TEST(all_sessions_of_a_final_disc_are_complete)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 2, (unsigned)_i, 1, 1);
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "0000012b 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.last_track, 1);
	ck_assert_uint_eq(medium.open_track, 0);
	ck_assert_uint_eq(medium.readable_end, 300);

	/* It is the same disc when it is closed: as it was asked for. */
	mock_good(m, TUR);
	mock_disc_info(m, 2, (unsigned)_i, 1, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

/* Asked for the track FFh, some answer that this is its number. */
START_TEST(the_invisible_track_may_call_itself_ff)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 0xff, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.open_track, 1);
	ck_assert_uint_eq(medium.next_writable, 0);
	mock_done(m);
}
END_TEST

/* Track numbers 0 are none: nothing is asked about them. */
START_TEST(a_blank_disc_without_track_numbers)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 0);
	mock_track(m, TRACK_FF, 1, 0, 0, 0);
	mock_spoil(m, 7, 0x00);
	lathe_put_be32(m->steps[m->count - 1].reply + 24, 333000);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	/* Free is what the track may grow to, where nothing else is told. */
	ck_assert_uint_eq(medium.free_blocks, 333000);
	mock_done(m);
}
END_TEST

/* Bytes of an address that is not valid (MMC-6, NWA_V = 0) mean nothing. */
START_TEST(an_invalid_address_is_not_written_to)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start = 7;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK("01") : TRACK_FF, 1, 0, 4711, 359845);
		mock_spoil(m, 7, 0x00);
	}
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 0);
	ck_assert_uint_eq(start, 0);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_done(m);
}
END_TEST

START_TEST(an_address_that_went_away_is_no_place_to_write)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start = 7;

	medium.status = LATHE_MMC_STATUS_APPENDABLE;
	medium.sessions = 1;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK("02") : TRACK_FF, 2, 0, 0, 0);
		mock_spoil(m, 7, 0x00);
	}
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_NOT_APPENDABLE);
	ck_assert_uint_eq(start, 7);
	mock_done(m);
}
END_TEST

/* wodim leaves a mode 2 track behind when it is cut before its fixation. The
 * disc's type (A0, MMC-6 table of POINT fields) comes from page 05h. */
START_TEST(a_cut_session_is_closed_in_its_own_mode)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 1, 1, 2);
	mock_spoil(m, 5, 1); /* first track of the session */
	if (_i == 0) {
		/* Its track is ended; the next one is the invisible one. */
		mock_track(m, TRACK_FF, 2, 452, 452, 359393);
		mock_track(m, TRACK("01"), 1, 0, 0, 0);
		mock_spoil(m, 6, 0x02);
	} else {
		/* It is open. */
		mock_track(m, TRACK_FF, 1, 0, 320, 359525);
		mock_spoil(m, 6, 0x02);
	}
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.data_mode, 2);

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_write_page(m, NULL, "41 c4 0a 00 00 00 20");
	mock_good(m, CLOSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_done(m);
}
END_TEST

START_TEST(a_damaged_disc_can_be_blanked)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	/* A blanking was cut: empty, but the last session is damaged. */
	medium.status = LATHE_MMC_STATUS_DAMAGED;
	medium.sessions = 0;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 2, 1, 1);
	mock_spoil(m, 2, 0x18);
	mock_good(m, ALLOW);
	mock_good(m, BLANK_QUICK);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_disc_info(m, 0, 0, 1, 1);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 0);
	mock_done(m);
}
END_TEST

START_TEST(a_lock_that_was_ours_is_set_again_after_a_failed_blanking)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	mock_good(m, PREVENT);
	ck_assert_int_eq(lathe_mmc_lock_tray(&m->mmc, true), 0);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_spoil(m, 2, 0x1e);
	mock_good(m, ALLOW);
	mock_sense(m, BLANK_QUICK, 3, 0x51, 0x00);
	mock_good(m, PREVENT);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_SENSE);
	/* What is told is why it failed. */
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->opcode, 0xa1);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, 0x51);
	mock_done(m);
}
END_TEST

START_TEST(discs_that_change_for_ever_are_given_up)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = { .sessions = 7 };

	for (int i = 0; i < 3; i++) {
		mock_good(m, TUR);
		mock_sense(m, CONFIG_HEAD, 6, 0x28, 0x00);
		mock_reply(m, CONFIG_HEAD, "00000004 0000 0000");
	}
	ck_assert_int_eq(lathe_mmc_read_medium(&m->mmc, &medium),
			 LATHE_ERR_TIMEOUT);
	ck_assert_uint_eq(medium.sessions, 7);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc odd discs");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, a_full_disc_is_not_a_damaged_one, 0, 2);
	tcase_add_test(t, a_disc_of_unknown_status_is_not_written);
	tcase_add_loop_test(t, all_sessions_of_a_final_disc_are_complete, 0,
			    2);
	tcase_add_test(t, the_invisible_track_may_call_itself_ff);
	tcase_add_test(t, a_blank_disc_without_track_numbers);
	tcase_add_test(t, an_invalid_address_is_not_written_to);
	tcase_add_test(t, an_address_that_went_away_is_no_place_to_write);
	tcase_add_loop_test(t, a_cut_session_is_closed_in_its_own_mode, 0, 2);
	tcase_add_test(t, a_damaged_disc_can_be_blanked);
	tcase_add_test(
		t, a_lock_that_was_ours_is_set_again_after_a_failed_blanking);
	tcase_add_test(t, discs_that_change_for_ever_are_given_up);
	suite_add_tcase(s, t);
	return run_suite(s);
}
