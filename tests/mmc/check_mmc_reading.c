/* SPDX-License-Identifier: MIT */
/*
 * Reading, whatever the drive answers: halves, single blocks, second tries,
 * and nothing from a disc that nobody has looked at.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"


static uint8_t blocks[64 * 2048];

/* ---- reading ------------------------------------------------------------ */

START_TEST(too_large_reads_are_halved_for_good)
{
	struct mock_drive *m = mock_new();

	mock_cause(m, "28 00 00 00 00 00 00 00 20 00", LATHE_CAUSE_TOO_LARGE);
	mock_cause(m, "28 00 00 00 00 00 00 00 10 00", LATHE_CAUSE_TOO_LARGE);
	for (unsigned lba = 0; lba < 40; lba += 8) {
		char cdb[64];

		snprintf(cdb, sizeof(cdb), "28 00 00 00 00 %02x 00 00 08 00",
			 lba);
		mock_good(m, cdb);
	}
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 40, false, blocks), 0);
	mock_good(m, "28 08 00 00 00 00 00 00 08 00");
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 8, true, blocks), 0);
	mock_done(m);
}
END_TEST

START_TEST(one_block_is_never_too_large_to_be_tried)
{
	struct mock_drive *m = mock_new();

	mock_cause(m, READ_0_4, LATHE_CAUSE_TOO_LARGE);
	mock_cause(m, "28 00 00 00 00 00 00 00 02 00", LATHE_CAUSE_TOO_LARGE);
	mock_cause(m, "28 00 00 00 00 00 00 00 01 00", LATHE_CAUSE_TOO_LARGE);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

START_TEST(a_lost_block_is_named)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, READ_0_4, 3, 0x11, 0x05);
	mock_good(m, "28 00 00 00 00 00 00 00 01 00");
	mock_good(m, "28 00 00 00 00 01 00 00 01 00");
	mock_sense(m, "28 00 00 00 00 02 00 00 01 00", 3, 0x11, 0x05);
	mock_sense(m, "28 00 00 00 00 02 00 00 01 00", 3, 0x11, 0x05);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->has_lba);
	ck_assert_uint_eq(mock_failure(m)->lba, 2);
	ck_assert_uint_eq(mock_failure(m)->asc, 0x11);
	/* A second try of each may help. */
	mock_sense(m, READ_0_4, 3, 0x11, 0x05);
	mock_sense(m, "28 00 00 00 00 00 00 00 01 00", 3, 0x11, 0x05);
	for (int lba = 0; lba < 4; lba++) {
		char cdb[64];

		snprintf(cdb, sizeof(cdb), "28 00 00 00 00 %02x 00 00 01 00",
			 (unsigned)lba);
		mock_good(m, cdb);
	}
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks), 0);
	mock_done(m);
}
END_TEST

START_TEST(a_short_read_is_read_again_and_then_an_error)
{
	struct mock_drive *m = mock_new();

	mock_short(m, READ_0_4, 8191);
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks), 0);
	mock_short(m, READ_0_4, 0);
	mock_short(m, READ_0_4, 6144);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_TRANSPORT);
	mock_done(m);
}
END_TEST

START_TEST(aborted_reads_are_repeated)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, READ_0_4, 0xb, 0x4e, 0x00);
	mock_sense(m, READ_0_4, 0xb, 0x47, 0x00);
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks), 0);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_without_fua_is_read_through_its_cache)
{
	struct mock_drive *m = mock_new();

	/* Where it was not the bit, the error stands. */
	mock_sense(m, "28 08 00 00 00 00 00 00 04 00", 5, 0x24, 0x00);
	mock_sense(m, READ_0_4, 5, 0x24, 0x00);
	mock_sense(m, "28 00 00 00 00 00 00 00 01 00", 5, 0x24, 0x00);
	mock_sense(m, "28 00 00 00 00 00 00 00 01 00", 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, true, blocks),
			 LATHE_ERR_SENSE);
	mock_sense(m, "28 08 00 00 00 00 00 00 04 00", 5, 0x24, 0x00);
	mock_good(m, READ_0_4);
	m->warnings = 0;
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, true, blocks), 0);
	ck_assert_uint_eq(m->warnings, 1);
	/* Once is enough: it is not asked, nor told, with every chunk. */
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, true, blocks), 0);
	ck_assert_uint_eq(m->warnings, 1);
	mock_done(m);
}
END_TEST

START_TEST(whoever_knows_the_disc_gets_no_other_ones_blocks)
{
	struct mock_drive *m = mock_new();

	/* Nobody has looked at the disc: the attention means nothing yet. */
	mock_sense(m, READ_0_4, 6, 0x28, 0x00);
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks), 0);
	m->mmc.known = 1;
	m->mmc.changed = 0;
	/* A reset changes no disc. */
	mock_sense(m, READ_0_4, 6, 0x29, 0x00);
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks), 0);
	mock_sense(m, READ_0_4, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

START_TEST(reads_are_checked_before_anything_is_sent)
{
	struct mock_drive *m = mock_new();

	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 0, false, blocks),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0xfffffff0, 32, false, blocks),
			 LATHE_ERR_ARG);
	m->cancel_at = 1;
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks), 0);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_CANCELLED);
	mock_done(m);
}
END_TEST

START_TEST(answers_are_believed_as_far_as_they_came)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_track track, before;

	/* 27 bytes, stale ones behind them. */
	mock_reply(m, "52 01 00 00 00 01 00 00 24 00",
		   "0022 01 01 00 04 01 00 00000000 00000000 00000000 "
		   "00000000 000001");
	memset(&track, 0x5c, sizeof(track));
	before = track;
	ck_assert_int_eq(lathe_mmc_read_track(&m->mmc, 1, &track),
			 LATHE_ERR_CORRUPT);
	ck_assert_mem_eq(&track, &before, sizeof(track));
	ck_assert_int_eq(lathe_mmc_read_track(&m->mmc, 0, &track),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_read_track(&m->mmc, 65536, &track),
			 LATHE_ERR_ARG);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc reading");
	TCase *t = tcase_create("all");

	tcase_add_test(t, too_large_reads_are_halved_for_good);
	tcase_add_test(t, one_block_is_never_too_large_to_be_tried);
	tcase_add_test(t, a_lost_block_is_named);
	tcase_add_test(t, a_short_read_is_read_again_and_then_an_error);
	tcase_add_test(t, aborted_reads_are_repeated);
	tcase_add_test(t, a_drive_without_fua_is_read_through_its_cache);
	tcase_add_test(t, whoever_knows_the_disc_gets_no_other_ones_blocks);
	tcase_add_test(t, reads_are_checked_before_anything_is_sent);
	tcase_add_test(t, answers_are_believed_as_far_as_they_came);
	suite_add_tcase(s, t);
	return run_suite(s);
}
