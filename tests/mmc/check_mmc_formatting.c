/* SPDX-License-Identifier: MIT */
/*
 * Formatting and blanking, command by command.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

/* ---- formatting --------------------------------------------------------- */

#define DVD_RW_LIST                                                \
	"00000020 00230fc0 01000800 00230fc0 40000010 00230fc0 "   \
	"54000010 00230fc0 4c000010"
#define BD_RE_LIST                                                 \
	"00000028 00b47400 02000800 00b47400 00003000 00b07400 "   \
	"c0005000 00b87400 c0001000 00ba7400 c4000800"
#define BD_R_LIST                                                  \
	"00000020 00ba7400 01000800 00b47400 00003000 00b47400 "   \
	"c8003000 00a00000 c8008000"
#define DVD_RAM_LIST "00000010 00222120 02000800 00222120 00000800"
#define DVD_PLUS_RW_LIST "00000010 00230540 02000800 00230540 98000000"

static const struct {
	int line;
	unsigned profile;
	enum lathe_mmc_status status;
	struct lathe_mmc_formatting how;
	const char *list;
	const char *cdb, *sent;
	int err;
} formats[] = {
	/* DVD-RW: quick (15h, nothing ahead) and full (10h). */
	{ __LINE__, 0x14, LATHE_MMC_STATUS_FINAL, { false, false, 0 },
	  DVD_RW_LIST, FORMAT, "0082 0008 00000000 54000010", 0 },
	{ __LINE__, 0x13, LATHE_MMC_STATUS_OVERWRITABLE, { true, false, 0 },
	  DVD_RW_LIST, FORMAT, "0082 0008 00230fc0 40000010", 0 },
	{ __LINE__, 0x14, LATHE_MMC_STATUS_BLANK,
	  { false, false, LATHE_MMC_SPARES_MOST }, NULL, NULL, NULL,
	  LATHE_ERR_UNSUPPORTED },
	/* DVD-RAM: without certification, and with. */
	{ __LINE__, 0x12, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  DVD_RAM_LIST, FORMAT_KEEPING, "00a2 0008 00222120 00000800", 0 },
	{ __LINE__, 0x12, LATHE_MMC_STATUS_OVERWRITABLE, { false, true, 0 },
	  DVD_RAM_LIST, FORMAT, "0082 0008 00222120 00000800", 0 },
	{ __LINE__, 0x1a, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  DVD_PLUS_RW_LIST, FORMAT, "0082 0008 00230540 98000000", 0 },
	/* BD-RE: default, certified, most spares, none. */
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  BD_RE_LIST, FORMAT, "0082 0008 00b47400 00003000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE, { true, false, 0 },
	  BD_RE_LIST, FORMAT, "0082 0008 00b47400 c2005000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE,
	  { false, false, LATHE_MMC_SPARES_MOST }, BD_RE_LIST, FORMAT,
	  "0082 0008 00b07400 c0005000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE,
	  { false, true, LATHE_MMC_SPARES_MOST }, BD_RE_LIST, FORMAT,
	  "0082 0008 00b07400 c2005000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE,
	  { false, false, LATHE_MMC_SPARES_NONE }, BD_RE_LIST, FORMAT,
	  "0082 0008 00ba7400 c5000800", 0 },
	/* BD-R: sequential with spares, never to pseudo-overwrite. */
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK, { false, false, 0 },
	  BD_R_LIST, FORMAT, "0082 0008 00b47400 01003000", 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK,
	  { false, false, LATHE_MMC_SPARES_MOST }, BD_R_LIST, FORMAT,
	  "0082 0008 00a00000 c9008000", 0 },
	/* There is nothing to certify in what is written once. */
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK, { false, true, 0 },
	  BD_R_LIST, FORMAT, "0082 0008 00b47400 01003000", 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK,
	  { false, true, LATHE_MMC_SPARES_MOST }, BD_R_LIST, FORMAT,
	  "0082 0008 00a00000 c9008000", 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK,
	  { false, false, LATHE_MMC_SPARES_NONE }, NULL, NULL, NULL, 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_APPENDABLE, { false, false, 0 },
	  NULL, NULL, NULL, LATHE_ERR_MEDIUM_TYPE },
	/* No formats at all. */
	{ __LINE__, 0x11, LATHE_MMC_STATUS_BLANK, { false, false, 0 }, NULL,
	  NULL, NULL, LATHE_ERR_MEDIUM_TYPE },
	{ __LINE__, 0x0a, LATHE_MMC_STATUS_BLANK, { false, false, 0 }, NULL,
	  NULL, NULL, LATHE_ERR_MEDIUM_TYPE },
	/* The drive lists no format that fits. */
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  DVD_PLUS_RW_LIST, NULL, NULL, LATHE_ERR_UNSUPPORTED },
};

static void capacities(struct mock_drive *m, const char *list)
{
	uint8_t bytes[64];
	char cdb[40];

	mock_hex(list, bytes, sizeof(bytes));
	mock_reply(m, CAPACITIES_HEAD, list);
	snprintf(cdb, sizeof(cdb), "23 00 00 00 00 00 00 00 %02x 00",
		 bytes[3] + 4u);
	mock_reply(m, cdb, list);
}

START_TEST(formats_of_all_media)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_medium(
		formats[_i].profile, 0, formats[_i].status);
	int err;

	if (formats[_i].list) {
		mock_good(m, TUR);
		mock_disc_info(m, medium.status == LATHE_MMC_STATUS_BLANK ? 0
								          : 2,
			       3, 0, 1);
		mock_good(m, ALLOW);
		capacities(m, formats[_i].list);
	}
	if (formats[_i].cdb) {
		mock_sent(m, formats[_i].cdb, formats[_i].sent);
		mock_busy(m, TUR, 0x4000);
		mock_polled(m, 2, 3);
		mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
	}
	err = lathe_mmc_format(&m->mmc, &medium, &formats[_i].how);
	ck_assert_msg(err == formats[_i].err, "line %d: %s: %s",
		      formats[_i].line, lathe_err_name(err),
		      lathe_mmc_failure(&m->mmc)->text);
	mock_done(m);
}
END_TEST

START_TEST(a_size_that_is_refused_is_asked_for_as_listed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x14, LATHE_MMC_KIND_DVD_RW);
	static const struct lathe_mmc_formatting quick = { 0 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, DVD_RW_LIST);
	mock_sense(m, FORMAT, 5, 0x26, 0x00);
	mock_sent(m, FORMAT, "0082 0008 00230fc0 54000010");
	mock_polled(m, 1, 1);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00000000 03000800");
	mock_ok(m, lathe_mmc_format(&m->mmc, &medium, &quick));
	mock_done(m);
}
END_TEST

START_TEST(a_format_without_effect_is_an_error)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x12, LATHE_MMC_KIND_DVD_RAM,
			  LATHE_MMC_STATUS_UNFORMATTED);
	static const struct lathe_mmc_formatting full = { .full = true };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, DVD_RAM_LIST);
	mock_good(m, FORMAT);
	mock_polled(m, 0, 0);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222120 01000800");
	ck_assert_int_eq(lathe_mmc_format(&m->mmc, &medium, &full),
			 LATHE_ERR_CORRUPT);
	mock_done(m);
}
END_TEST

START_TEST(a_full_format_of_a_dvd_plus_rw_is_waited_for)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	static const struct lathe_mmc_formatting full = { .full = true };

	mock_good(m, TUR);
	mock_background(m, 3);
	mock_good(m, ALLOW);
	capacities(m, DVD_PLUS_RW_LIST);
	mock_good(m, FORMAT);
	mock_good(m, TUR);
	mock_background(m, 2);
	mock_background(m, 2);
	mock_background(m, 2);
	mock_background(m, 3);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 02000800");
	mock_ok(m, lathe_mmc_format(&m->mmc, &medium, &full));
	mock_done(m);
}
END_TEST

/* What fails is neither waited for, nor taken for done by what the drive says
 * of the format that is on the disc already. */
START_TEST(a_full_format_that_fails)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	static const struct lathe_mmc_formatting full = { .full = true };

	mock_good(m, TUR);
	mock_background(m, 3);
	mock_good(m, ALLOW);
	capacities(m, DVD_PLUS_RW_LIST);
	mock_sense(m, FORMAT, 3, 0x31, 0x01);
	ck_assert_int_eq(lathe_mmc_format(&m->mmc, &medium, &full),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* ---- blanking ----------------------------------------------------------- */

START_TEST(a_disc_is_blanked_with_progress)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	mock_good(m, PREVENT);
	ck_assert_int_eq(lathe_mmc_lock_tray(&m->mmc, true), 0);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
	mock_good(m, ALLOW);
	mock_good(m, BLANK_QUICK);
	mock_busy(m, TUR, 0x8000);
	/* A drive that tells progress only when asked. */
	mock_sense(m, TUR, 2, 0x04, 0x07);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 00 00000000 0a 00000000 04 07 00 80 c000");
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_disc_info(m, 0, 0, 1, 1);
	/* The lock that was ours is set again. */
	mock_good(m, PREVENT);
	ck_assert_int_eq(
		lathe_mmc_blank(&m->mmc, &medium, LATHE_MMC_BLANK_MINIMAL), 0);
	ck_assert_uint_eq(m->progress_calls, 2);
	ck_assert_uint_eq(m->last_progress, 0xc000);
	mock_done(m);
}
END_TEST

START_TEST(a_blanking_that_fails_late_fails)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
	mock_good(m, ALLOW);
	mock_good(m, "a1 10 00 00 00 00 00 00 00 00 00 00");
	if (_i == 0) {
		mock_deferred(m, TUR, 3, 0x51, 0x00);
	} else {
		mock_sense(m, TUR, 2, 0x04, 0x07);
		mock_reply(m, REQUEST_SENSE,
			   "71 00 03 00000000 0a 00000000 51 00 00 000000");
	}
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_FULL),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->opcode, 0xa1);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, 0x51);
	ck_assert(lathe_mmc_failure(&m->mmc)->deferred);
	mock_done(m);
}
END_TEST

START_TEST(a_blanking_without_effect_is_no_success)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
	mock_sense(m, ALLOW, 5, 0x20, 0x00); /* no lock at all */
	mock_good(m, BLANK_QUICK);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_disc_info(m, 2, 3, 1, 1);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 (enum lathe_mmc_blanking)3),
			 LATHE_ERR_ARG);
	mock_begin(m);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_mmc_read_medium(&m->mmc, &medium),
			 LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

START_TEST(only_the_right_erasable_disc_is_blanked)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_MEDIUM_TYPE);
	medium = mock_rewritable();
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 2, 2);
	mock_erasable(m);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_WRONG_DISC);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 LATHE_MMC_BLANK_MINIMAL),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

START_TEST(a_dvd_rw_is_blanked_fully_unless_told_otherwise)
{
	static const enum lathe_mmc_blanking how[] = {
		LATHE_MMC_BLANK_USUAL, LATHE_MMC_BLANK_FULL,
		LATHE_MMC_BLANK_MINIMAL
	};
	struct mock_drive *m = mock_new();
	/* Sequential, and back from restricted overwrite. */
	struct lathe_mmc_medium medium =
		_i % 2 ? mock_medium(0x14, LATHE_MMC_KIND_DVD_RW,
				   LATHE_MMC_STATUS_FINAL)
		       : mock_dvd_rw_overwrite();

	medium.erasable = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 0, 1);
	mock_erasable(m);
	mock_good(m, ALLOW);
	mock_good(m, _i / 2 == 2 ? "a1 11 00 00 00 00 00 00 00 00 00 00"
				 : "a1 10 00 00 00 00 00 00 00 00 00 00");
	mock_polled(m, 0, 0);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_ok(m, lathe_mmc_blank(&m->mmc, &medium, how[_i / 2]));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc formatting and blanking");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, formats_of_all_media,
			    0, (int)(sizeof(formats) / sizeof(*formats)));
	tcase_add_test(t, a_size_that_is_refused_is_asked_for_as_listed);
	tcase_add_test(t, a_format_without_effect_is_an_error);
	tcase_add_test(t, a_full_format_that_fails);
	tcase_add_test(t, a_full_format_of_a_dvd_plus_rw_is_waited_for);
	tcase_add_test(t, a_disc_is_blanked_with_progress);
	tcase_add_loop_test(t, a_blanking_that_fails_late_fails, 0, 2);
	tcase_add_test(t, a_blanking_without_effect_is_no_success);
	tcase_add_test(t, only_the_right_erasable_disc_is_blanked);
	tcase_add_loop_test(t, a_dvd_rw_is_blanked_fully_unless_told_otherwise,
			    0, 6);
	suite_add_tcase(s, t);
	return run_suite(s);
}
