/* SPDX-License-Identifier: MIT */
/* Commands that the runner sends by itself between the tries of another. */
#include <check.h>
#include <stdlib.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[16 * 2048];

/* Whichever command it was that had no answer in time: the system has reset
 * the drive, and what was in its buffer may be gone. */
START_TEST(a_question_without_answer_counts_as_a_reset)
{
	struct mock_drive *m = mock_new();
	bool possible;
	uint32_t next;

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x2a, 0x01);
	mock_cause(m, TRACK_FF,
		   _i ? LATHE_CAUSE_RESET : LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next), 0);
	ck_assert(!possible);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

/* The same with sense data that have to be fetched. */
START_TEST(sense_data_that_never_come_count_as_a_reset)
{
	struct mock_drive *m = mock_new();
	bool possible;
	uint32_t next;

	mock_begin(m);
	mock_status(m, WRITE_0_16, 0x02);
	mock_cause(m, "03 00 00 00 12 00", LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next), 0);
	ck_assert(!possible);
	mock_done(m);
}
END_TEST

/* What was not sent at all, or to nobody, has reset nothing. */
START_TEST(a_question_that_was_not_let_through_is_no_reset)
{
	struct mock_drive *m = mock_new();
	bool possible;
	uint32_t next;

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x2a, 0x01);
	mock_cause(m, TRACK_FF, LATHE_CAUSE_REFUSED);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next), 0);
	ck_assert(possible);
	ck_assert_uint_eq(next, 0);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc aside");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, a_question_without_answer_counts_as_a_reset, 0,
			    2);
	tcase_add_test(t, sense_data_that_never_come_count_as_a_reset);
	tcase_add_test(t, a_question_that_was_not_let_through_is_no_reset);
	suite_add_tcase(s, t);
	return run_suite(s);
}
