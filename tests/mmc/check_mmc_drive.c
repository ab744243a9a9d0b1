/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a drive itself, and what its media cost.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

/* ---- the drive ---------------------------------------------------------- */

START_TEST(the_drive_and_what_it_leaves_out)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_drive drive;

	mock_reply(m, INQUIRY,
		   "05 80 05 32 1f 00 00 00 4c49544520202020 "
		   "4c5452202020202020202020202020 20 56 45 30 31");
	mock_features(m, "0000", false, false);
	mock_speed_page(m);
	mock_spoil(m, 8 + 3, 0x03);
	mock_spoil(m, 8 + 12, 0x08);
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive), 0);
	ck_assert_str_eq(drive.vendor, "LITE");
	ck_assert_str_eq(drive.product, "LTR");
	ck_assert_str_eq(drive.revision, "VE01");
	ck_assert_uint_eq(drive.buffer_bytes, 0x800 * 1024);
	ck_assert(drive.can_write_cd_r && drive.can_write_cd_rw);

	/* Neither features nor capabilities: still a drive. */
	mock_reply(m, INQUIRY,
		   "05 80 05 32 1f 00 00 00 4c49544520202020 "
		   "4c5452202020202020202020202020 20 56 45 30 31");
	mock_sense(m, CONFIG_HEAD, 5, 0x20, 0x00);
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive), 0);
	ck_assert(!drive.can_write_cd_r);
	ck_assert_uint_eq(drive.buffer_bytes, 0);
	ck_assert_int_eq(lathe_mmc_failure(&m->mmc)->err, 0);

	/* A disk is none. */
	mock_reply(m, INQUIRY,
		   "00 00 05 32 1f 00 00 00 4c49544520202020 "
		   "4c5452202020202020202020202020 20 56 45 30 31");
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

/* ALLOW may be refused for want of a disc, too: the tray opens all the same. */
START_TEST(an_empty_drive_opens_its_tray)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, ALLOW, 2, 0x3a, 0x01);
	mock_good(m, EJECT);
	mock_ok(m, lathe_mmc_eject(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(the_full_toc_is_asked_for_by_its_own_length)
{
	struct mock_drive *m = mock_new();
	uint8_t toc[64];
	size_t moved = 99;

	mock_reply(m, FULL_TOC_HEAD, "0018 01 01");
	mock_reply(m, "43 02 02 00 00 00 01 00 1a 00",
		   "0018 01 01 01 14 00 a0 00 00 00 00 01 00 00 "
		   "01 14 00 a1 00 00 00 00 01 00 00");
	ck_assert_int_eq(
		lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc), &moved), 0);
	ck_assert_uint_eq(moved, 26);
	/* In less room: cut. */
	mock_reply(m, FULL_TOC_HEAD, "0018 01 01");
	mock_reply(m, "43 02 02 00 00 00 01 00 0f 00",
		   "0018 01 01 01 14 00 a0 00 00 00 00 01 00 00");
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, 15, &moved), 0);
	ck_assert_uint_eq(moved, 15);
	/* Two bytes fewer than announced, as tgtd does. */
	mock_reply(m, FULL_TOC_HEAD, "000d 01 01");
	mock_reply(m, "43 02 02 00 00 00 01 00 0f 00",
		   "000d 01 01 01 14 00 a0 00 00 00 00 01");
	ck_assert_int_eq(
		lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc), &moved), 0);
	ck_assert_uint_eq(moved, 13);
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, 3, &moved),
			 LATHE_ERR_ARG);
	mock_done(m);
}
END_TEST

START_TEST(costs_are_those_of_the_orange_book)
{
	struct lathe_mmc_costs c;

	ck_assert_int_eq(lathe_mmc_session_costs(LATHE_MMC_KIND_CD_R, 0, &c),
			 0);
	ck_assert_uint_eq(c.minimum_track, 300);
	ck_assert_uint_eq(c.alignment, 1);
	ck_assert_uint_eq(c.run_out, 2);
	ck_assert_uint_eq(c.read_ahead_pad, 150);
	ck_assert_uint_eq(c.closing_documented, 21 * 512);
	ck_assert_uint_eq(c.closing_physical, 2 + 6750 + 4500 + 150);
	ck_assert_int_eq(lathe_mmc_session_costs(LATHE_MMC_KIND_CD_RW, 1, &c),
			 0);
	ck_assert_uint_eq(c.closing_documented, 11 * 512);
	ck_assert_uint_eq(c.closing_physical, 2 + 2250 + 4500 + 150);
	ck_assert_int_eq(lathe_mmc_session_costs(LATHE_MMC_KIND_OTHER, 0, &c),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_int_eq(lathe_mmc_session_costs(LATHE_MMC_KIND_CD_ROM, 0, &c),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_str_eq(lathe_mmc_kind_name(LATHE_MMC_KIND_CD_RW), "CD-RW");
	ck_assert_str_eq(lathe_mmc_kind_name(LATHE_MMC_KIND_NONE), "none");
	ck_assert_str_eq(lathe_mmc_kind_name((enum lathe_mmc_kind)(
				 LATHE_MMC_KIND_OTHER + 1)),
			 "other");
	ck_assert_str_eq(lathe_mmc_status_name(LATHE_MMC_STATUS_UNFINISHED),
			 "unfinished");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc drive");
	TCase *t = tcase_create("all");

	tcase_add_test(t, the_drive_and_what_it_leaves_out);
	tcase_add_test(t, an_empty_drive_opens_its_tray);
	tcase_add_test(t, the_full_toc_is_asked_for_by_its_own_length);
	tcase_add_test(t, costs_are_those_of_the_orange_book);
	suite_add_tcase(s, t);
	return run_suite(s);
}
