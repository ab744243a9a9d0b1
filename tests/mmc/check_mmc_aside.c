/* SPDX-License-Identifier: MIT */
/* Commands that the runner sends by itself between the tries of another. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

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
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
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
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
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

/* The log says what came late, though it stops nothing: here behind START
 * UNIT, which a drive that asks for it gets. */
START_TEST(late_errors_of_questions_are_logged)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x02);
	mock_deferred(m, "1b 00 00 00 01 00", 3, 0x0c, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	ck_assert_uint_eq(m->warnings, 1);
	ck_assert_ptr_nonnull(strstr(m->last_warning, "3/0C/00"));
	mock_done(m);
}
END_TEST

/* SPC-3 4.5.2: descriptors, in bytes that a transport says there are but for
 * which there is no room. The information (4.5.2.2) that ends with them is
 * known, of one that goes on there is none: then it is the last WRITE's. */
#define LATE_SENSE "73 03 0c 00 000000 f7 "
#define ZEROS_10 "00000000000000000000 "
#define ZEROS_40 ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10

START_TEST(sense_data_beyond_their_room)
{
	static const struct {
		const char *sense;
		size_t said;
		uint32_t lba;
	} cases[] = {
		{ LATE_SENSE "80 2a" ZEROS_40 "0000"
		  "00 0a 80 00 00000000 00001234", 64, 0x1234 },
		{ LATE_SENSE "80 2a" ZEROS_40 "0000"
		  "00 0a 80 00 00000000 00001234", 255, 0x1234 },
		{ LATE_SENSE "80 31" ZEROS_40 "000000000000000000"
		  "00 0a 80 00 00", 255, 16 },
	};
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_sense_bytes(m, "2a 00 00 00 00 20 00 00 10 00", cases[_i].sense,
			 cases[_i].said);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks), 0);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 32, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred && mock_failure(m)->has_lba);
	ck_assert_uint_eq(mock_failure(m)->lba, cases[_i].lba);
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
	tcase_add_test(t, late_errors_of_questions_are_logged);
	tcase_add_loop_test(t, sense_data_beyond_their_room, 0, 3);
	suite_add_tcase(s, t);
	return run_suite(s);
}
