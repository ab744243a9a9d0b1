/* SPDX-License-Identifier: MIT */
/* A recording as it goes over the wire, command by command: its beginning, and
 * what is done after a failed write. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

/* ---- beginning ---------------------------------------------------------- */

START_TEST(a_track_is_begun_on_an_appendable_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();
	struct lathe_mmc_recording how = { .final = true,
					   .speed_kb_per_s = 1411 };
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_spoil(m, 33, 0); /* never calibrated */
	/* A nominal speed that is refused, and taken a little above. */
	mock_sense(m, "bb 00 ff ff 05 83 00 00 00 00 00 00", 5, 0x24, 0x00);
	mock_good(m, "bb 00 ff ff 06 34 00 00 00 00 00 00");
	mock_speed_page(m);
	/* Final: multi-session 00; mode 2 form 1 as before: 0Ah, XA. */
	mock_write_page(m, "00 c0 00 00 00 00 ff", "41 04 0a 00 00 00 20");
	mock_good(m, OPC);
	mock_track(m, TRACK_FF, 2, 12010, 12010, 347835);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 0);
	ck_assert_uint_eq(start, 12010);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 12010);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&m->mmc), 16);
	mock_done(m);
}
END_TEST

START_TEST(a_simulation_sets_the_test_bit_and_does_not_calibrate)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = { .simulate = true };
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_spoil(m, 33, 0);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "51 c4 08 00 00 00 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 0);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_write_page(m, "51 c4 08 00 00 00 00", NULL);
	mock_good(m, SELECT_05);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), 0);
	/* Closing sends nothing, and is over then: nothing was recorded. */
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false), 0);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

START_TEST(what_can_not_be_recorded_is_refused_before_anything_is_sent)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording simulate = { .simulate = true };
	struct lathe_mmc_recording odd = { .data_mode = 3 };
	uint32_t start = 77;

	medium.profile = 0x0051; /* HD DVD-R */
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	medium = mock_blank_medium();
	medium.status = LATHE_MMC_STATUS_FINAL;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_NOT_APPENDABLE);
	medium.status = LATHE_MMC_STATUS_PACKET;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_NOT_APPENDABLE);
	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_UNFINISHED);
	medium = mock_blank_medium();
	medium.writable = false;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	medium = mock_blank_medium();
	medium.can_simulate = false;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &simulate,
					       &start),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &odd, &start),
			 LATHE_ERR_ARG);
	ck_assert_uint_eq(start, 77);
	ck_assert_uint_gt(strlen(lathe_mmc_failure(&m->mmc)->text), 0);
	mock_done(m);
}
END_TEST

START_TEST(another_disc_or_state_is_the_wrong_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();
	uint32_t start;

	mock_good(m, TUR);
	switch (_i) {
	case 0: /* blank now */
		mock_disc_info(m, 0, 0, 1, 1);
		break;
	case 1: /* a session more */
		mock_disc_info(m, 1, 0, 3, 3);
		break;
	case 2: /* rewritable */
		mock_disc_info(m, 1, 0, 2, 2);
		mock_erasable(m);
		break;
	case 3: /* another disc id */
		medium.has_disc_id = true;
		medium.disc_id = 1;
		mock_disc_info(m, 1, 0, 2, 2);
		mock_spoil(m, 7, 0x80);
		mock_spoil(m, 15, 2);
		break;
	case 4: /* changed under our eyes */
		m->count--;
		mock_sense(m, TUR, 6, 0x28, 0x00);
		break;
	default: /* the same but for the next writable address */
		mock_disc_info(m, 1, 0, 2, 2);
		mock_good(m, SPEED_MAX);
		mock_speed_page(m);
		mock_write_page(m, NULL, "41 c4 0a 00 00 00 20");
		mock_track(m, TRACK_FF, 2, 12011, 12011, 347834);
		break;
	}
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_WRONG_DISC);
	/* No track is open now. */
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 12010, 16, blocks),
			 LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

START_TEST(old_drives_refuse_the_underrun_bit)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, SPEED_MAX, 5, 0x20, 0x00);
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	mock_write_page(m, NULL, NULL);
	mock_sense(m, SELECT_05, 5, 0x26, 0x00);
	mock_write_page(m, NULL, "01 c4 08 00 00 00 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 0);
	mock_done(m);
}
END_TEST

START_TEST(a_page_that_is_right_already_is_not_sent)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", NULL);
	mock_spoil(m, 23, 150);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 0);
	mock_done(m);
}
END_TEST

START_TEST(calibration_may_be_unknown_but_not_fail)
{
	static const struct {
		unsigned key, asc, ascq;
		int err;
	} cases[] = {
		{ 5, 0x20, 0x00, 0 },
		{ 5, 0x24, 0x00, 0 },
		{ 5, 0x2c, 0x00, 0 },
		{ 5, 0x30, 0x00, 0 },
		{ 1, 0x73, 0x01, 0 },
		{ 3, 0x73, 0x03, LATHE_ERR_SENSE },
		{ 5, 0x73, 0x02, LATHE_ERR_SENSE },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_spoil(m, 33, 0);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	mock_sense(m, OPC, cases[_i].key, cases[_i].asc, cases[_i].ascq);
	if (cases[_i].err == 0)
		mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 cases[_i].err);
	mock_done(m);
}
END_TEST

/* ---- after a failed write ----------------------------------------------- */

START_TEST(a_track_goes_on_where_the_drive_says)
{
	static const struct {
		uint32_t next;
		bool possible;
	} cases[] = {
		{ 0, true },  { 16, true },  { 20, true },
		{ 32, true }, { 33, false }, { 359845, false },
	};
	struct mock_drive *m = mock_new();
	bool possible;
	uint32_t next;

	ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next),
			 LATHE_ERR_STATE);
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	mock_sense(m, TUR, 2, 0x04, 0x08);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, cases[_i].next, 359845);
	ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next), 0);
	ck_assert_int_eq(possible, cases[_i].possible);
	if (possible) {
		ck_assert_uint_eq(next, cases[_i].next);
		ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), next);
	} else {
		ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 16);
	}
	mock_done(m);
}
END_TEST

START_TEST(a_disc_swapped_after_a_failed_write_is_seen)
{
	struct mock_drive *m = mock_new();
	bool possible;
	uint32_t next;

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	/* The attention is gone, but not forgotten. */
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next), 0);
	ck_assert(!possible);
	mock_done(m);
}
END_TEST

/* ---- speed -------------------------------------------------------------- */

START_TEST(speeds_are_set_as_far_as_the_drive_lets_us)
{
	struct mock_drive *m = mock_new();

	mock_good(m, "bb 00 ff ff 06 e4 00 00 00 00 00 00");
	mock_speed_page(m);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 1764), 0);
	/* Beyond 16 bits is the maximum. */
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 70000), 0);
	mock_sense(m, SPEED_MAX, 5, 0x20, 0x00);
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 0), 0);
	mock_cause(m, SPEED_MAX, LATHE_CAUSE_REFUSED);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 0),
			 LATHE_ERR_DENIED);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc record");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_track_is_begun_on_an_appendable_disc);
	tcase_add_test(t,
		       a_simulation_sets_the_test_bit_and_does_not_calibrate);
	tcase_add_test(
		t, what_can_not_be_recorded_is_refused_before_anything_is_sent);
	tcase_add_loop_test(t, another_disc_or_state_is_the_wrong_disc, 0, 6);
	tcase_add_test(t, old_drives_refuse_the_underrun_bit);
	tcase_add_test(t, a_page_that_is_right_already_is_not_sent);
	tcase_add_loop_test(t, calibration_may_be_unknown_but_not_fail, 0, 7);
	tcase_add_loop_test(t, a_track_goes_on_where_the_drive_says, 0, 6);
	tcase_add_test(t, a_disc_swapped_after_a_failed_write_is_seen);
	tcase_add_test(t, speeds_are_set_as_far_as_the_drive_lets_us);
	suite_add_tcase(s, t);
	return run_suite(s);
}
