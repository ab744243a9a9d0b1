/* SPDX-License-Identifier: MIT */
/*
 * Writing, whatever the drive answers: no WRITE is repeated unless it is known
 * that nothing of it was taken.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define WRITE_16_16 "2a 00 00 00 00 10 00 00 10 00"

static uint8_t blocks[64 * 2048];

/* ---- writing ------------------------------------------------------------ */

START_TEST(a_full_buffer_gets_the_same_write_again)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	m->slept_ms = 0;
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	/* At 4x, 706 kB/s, makers ask for 220 ms. */
	ck_assert_uint_ge(m->slept_ms, 2 * 219);
	ck_assert_uint_le(m->slept_ms, 2 * 230);
	mock_done(m);
}
END_TEST

START_TEST(a_late_write_error_is_the_earlier_writes)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_deferred(m, WRITE_16_16, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x2a);
	ck_assert(mock_failure(m)->has_lba);
	ck_assert_uint_eq(mock_failure(m)->lba, 0);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 16);
	mock_done(m);
}
END_TEST

START_TEST(a_late_write_error_on_the_flush_or_close_is_told)
{
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	switch (_i) {
	case 0:
		mock_deferred_at(m, SYNC, 3, 0x0c, 0x00, 5);
		break;
	case 1:
		mock_good(m, SYNC);
		mock_deferred_at(m, TUR, 3, 0x0c, 0x00, 5);
		break;
	case 2:
		mock_good(m, SYNC);
		mock_busy(m, TUR, 0);
		mock_good(m, TUR);
		mock_deferred_at(m, DISC_INFO, 3, 0x0c, 0x00, 5);
		break;
	default:
		mock_good(m, SYNC);
		mock_good(m, TUR);
		mock_disc_info(m, 1, 1, 1, 2);
		mock_track(m, "52 01 00 00 00 01 00 00 24 00", 1, 0, 0, 0);
		ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), 0);
		/* The page's audio pause is missing, so it is written. */
		mock_write_page(m, "41 c4 08 00 00 00 00",
				"41 c4 08 00 00 00 00");
		mock_deferred_at(m, CLOSE, 3, 0x0c, 0x00, 5);
		ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium,
							 false),
				 LATHE_ERR_SENSE);
		break;
	}
	if (_i < 3)
		ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x2a);
	ck_assert_uint_eq(mock_failure(m)->lba, 5);
	mock_done(m);
}
END_TEST

START_TEST(an_aborted_write_is_repeated_if_nothing_was_taken)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	/* Now some of it was. */
	mock_sense(m, WRITE_16_16, 0xb, 0x4e, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 20, 359825);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 0xb);
	ck_assert_uint_eq(mock_failure(m)->lba, 16);
	/* And now the drive does not say. */
	mock_sense(m, WRITE_16_16, 0xb, 0x4e, 0x00);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 0xb);
	mock_done(m);
}
END_TEST

/* By the residue; unless the drive goes on behind it. */
START_TEST(a_short_write_is_an_error)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_short(m, WRITE_0_16, 16384);
	mock_track(m, TRACK_FF, 1, 0, 8, 359837);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 0);
	mock_short(m, WRITE_0_16, 16384);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 0);
	mock_short(m, WRITE_0_16, 0);
	mock_track(m, TRACK_FF, 1, 0, 16, 359829);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 16);
	mock_done(m);
}
END_TEST

START_TEST(padding_blocks_in_between_shift_the_rest)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 1, 0x0c, 0x0a);
	m->steps[m->count - 1].has_moved = true;
	m->steps[m->count - 1].moved = 32768;
	mock_track(m, TRACK_FF, 1, 0, 16, 359829);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_sense(m, WRITE_16_16, 1, 0x0c, 0x0a);
	mock_track(m, TRACK_FF, 1, 0, 39, 359800);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(attentions_while_recording)
{
	static const struct {
		unsigned asc, ascq;
		bool goes_on;
	} cases[] = {
		{ 0x29, 0x00, false },
		{ 0x28, 0x00, false },
		{ 0x2a, 0x01, true },
		{ 0x5a, 0x01, true },
	};
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, cases[_i].asc, cases[_i].ascq);
	if (cases[_i].goes_on) {
		mock_sense(m, WRITE_0_16, 6, 0x3f, 0x01);
		mock_good(m, WRITE_0_16);
	}
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 cases[_i].goes_on ? 0 : LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(writes_are_never_repeated_blindly)
{
	static const struct {
		unsigned key, asc, ascq;
	} cases[] = {
		{ 5, 0x2c, 0x00 }, { 5, 0x21, 0x02 }, { 5, 0x63, 0x00 },
		{ 5, 0x64, 0x00 }, { 3, 0x0c, 0x00 }, { 3, 0x0c, 0x09 },
		{ 4, 0x09, 0x00 }, { 7, 0x27, 0x00 }, { 5, 0x30, 0x05 },
	};
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, cases[_i].key, cases[_i].asc, cases[_i].ascq);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, cases[_i].key);
	ck_assert_uint_eq(mock_failure(m)->asc, cases[_i].asc);
	ck_assert_uint_eq(mock_failure(m)->ascq, cases[_i].ascq);
	ck_assert_uint_eq(m->slept_ms, 0);
	mock_done(m);
}
END_TEST

START_TEST(a_write_without_answer_is_not_repeated)
{
	static const uint8_t causes[] = { LATHE_CAUSE_TIMED_OUT,
					  LATHE_CAUSE_RESET, LATHE_CAUSE_GONE };
	struct mock_drive *m = mock_new();
	bool possible = true;
	uint32_t next;

	mock_begin(m);
	mock_cause(m, WRITE_0_16, causes[_i]);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 causes[_i] == LATHE_CAUSE_GONE ? LATHE_ERR_NO_DEVICE
							: LATHE_ERR_TRANSPORT);
	if (causes[_i] != LATHE_CAUSE_GONE) {
		/* The drive counts as reset: its answer is "no". */
		mock_sense(m, TUR, 6, 0x29, 0x00);
		mock_good(m, TUR);
		mock_disc_info(m, 1, 1, 1, 1);
		mock_track(m, TRACK_FF, 1, 0, 16, 359829);
		ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next),
				 0);
		ck_assert(!possible);
	}
	mock_done(m);
}
END_TEST

START_TEST(cancel_leaves_a_position_to_go_on_from)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	m->cancel_at = (uint32_t)m->count;
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 64, blocks),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 16);
	m->cancel_at = 0;
	mock_good(m, WRITE_16_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks), 0);
	mock_done(m);
}
END_TEST

START_TEST(writes_have_to_follow_each_other)
{
	struct mock_drive *m = mock_new();

	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_STATE);
	mock_begin(m);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 1, 16, blocks),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 0, blocks), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 1, false, blocks),
			 LATHE_ERR_STATE);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_ARG);
	lathe_mmc_abandon_track(&m->mmc);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

START_TEST(too_large_writes_are_halved_and_sent_from_the_same_place)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_cause(m, WRITE_0_16, LATHE_CAUSE_TOO_LARGE);
	mock_good(m, "2a 00 00 00 00 00 00 00 08 00");
	mock_good(m, "2a 00 00 00 00 08 00 00 08 00");
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&m->mmc), 8);
	mock_done(m);
}
END_TEST

START_TEST(a_busy_drive_is_asked_again_what_it_took)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	mock_sense(m, TRACK_FF, 2, 0x04, 0x08);
	mock_sense(m, TRACK_FF, 2, 0x04, 0x07);
	mock_track(m, TRACK_FF, 1, 0, 0xffffff6a, 359845);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	/* A late error in between is the end of it, and is not lost. */
	mock_sense(m, WRITE_16_16, 0xb, 0x4e, 0x00);
	m->warnings = 0;
	mock_deferred(m, TRACK_FF, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(m->warnings, 1);
	mock_done(m);
}
END_TEST

START_TEST(nothing_is_written_after_a_reset_or_a_change)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x29, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_STATE);
	lathe_mmc_abandon_track(&m->mmc);

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_WRONG_DISC);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc writing");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_full_buffer_gets_the_same_write_again);
	tcase_add_test(t, a_late_write_error_is_the_earlier_writes);
	tcase_add_loop_test(t, a_late_write_error_on_the_flush_or_close_is_told,
			    0, 4);
	tcase_add_test(t, an_aborted_write_is_repeated_if_nothing_was_taken);
	tcase_add_test(t, a_short_write_is_an_error);
	tcase_add_test(t, padding_blocks_in_between_shift_the_rest);
	tcase_add_loop_test(t, attentions_while_recording, 0, 4);
	tcase_add_loop_test(t, writes_are_never_repeated_blindly, 0, 9);
	tcase_add_loop_test(t, a_write_without_answer_is_not_repeated, 0, 3);
	tcase_add_test(t, cancel_leaves_a_position_to_go_on_from);
	tcase_add_test(t, writes_have_to_follow_each_other);
	tcase_add_test(
		t, too_large_writes_are_halved_and_sent_from_the_same_place);
	tcase_add_test(t, a_busy_drive_is_asked_again_what_it_took);
	tcase_add_test(t, nothing_is_written_after_a_reset_or_a_change);
	suite_add_tcase(s, t);
	return run_suite(s);
}
