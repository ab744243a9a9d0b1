/* SPDX-License-Identifier: MIT */
/*
 * What counts as another disc in the drive: a change that the drive announced
 * to whatever command, and an eject; not what a format makes of the disc.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[16 * 2048];

/* The attention comes once, and not always to a READ. */
START_TEST(no_block_is_read_behind_a_change_that_was_seen)
{
	struct mock_drive *m = mock_new();

	m->mmc.known = 1;
	if (_i == 0) {
		mock_sense(m, TUR, 6, 0x28, 0x00);
		mock_good(m, TUR);
		mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	} else {
		mock_sense(m, READ_0_4, 6, 0x28, 0x00);
		ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
				 LATHE_ERR_WRONG_DISC);
	}
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* What is put in then may be another disc, and the system may keep the
 * drive's attention for itself. */
START_TEST(a_disc_that_was_ejected_has_to_be_read_anew)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = { 0 };
	uint32_t start;

	m->mmc.known = 1;
	mock_good(m, ALLOW);
	mock_good(m, EJECT);
	mock_ok(m, lathe_mmc_eject(&m->mmc));
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_WRONG_DISC);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* A formatted disc is not what it was: some drives announce it as changed. */
START_TEST(a_format_of_ours_is_no_change_of_discs)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { .overwrite_start = 32 };

	mock_good(m, TUR);
	mock_background(m, 0);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 01000800");
	mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	/* FFFFFFFFh blocks of type 26h, MMC-6 FORMAT UNIT. */
	mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 00");
	mock_busy(m, TUR, 0x8000);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	mock_background(m, 2);
	mock_background(m, 2);
	mock_begin_on(m, &medium, &how, 32);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 32, 16, blocks));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc changed disc");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, no_block_is_read_behind_a_change_that_was_seen,
			    0, 2);
	tcase_add_test(t, a_disc_that_was_ejected_has_to_be_read_anew);
	tcase_add_test(t, a_format_of_ours_is_no_change_of_discs);
	suite_add_tcase(s, t);
	return run_suite(s);
}
