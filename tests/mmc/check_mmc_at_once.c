/* SPDX-License-Identifier: MIT */
/*
 * Discs and sessions at once, command by command.
 */
#include <check.h>
#include <stdio.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };
static const struct lathe_mmc_recording final = { .final = true };

/* ---- DVD-R, DVD-RW ------------------------------------------------------ */

START_TEST(dvd_r_at_once_is_reserved_and_written_to_the_block)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x14, LATHE_MMC_KIND_DVD_RW);
	struct lathe_mmc_recording how = {
		.final = true,
		.track_blocks = 23,
		.write_mode = _i ? LATHE_MMC_WRITE_MODE_AUTO
				 : LATHE_MMC_WRITE_MODE_AT_ONCE,
	};

	/* By itself where a minimally blanked disc knows no other way. */
	medium.can_at_once = true;
	medium.at_once_only = medium.single_session = _i == 1;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_write_page(m, NULL, "42 05 08 00 00 00 00");
	mock_good(m, "53 00 00 00 00 00 00 00 17 00");
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 07 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 23, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 2, 3);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	/* The drive closes by itself; its word is asked for. */
	mock_disc_info(m, 2, 3, 1, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(at_once_has_its_conditions)
{
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 100,
		.final = true,
	};
	struct lathe_mmc_medium medium = mock_blank(0x11, LATHE_MMC_KIND_DVD_R);

	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_at_once = true;
	how.final = false;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.final = true;
	how.track_blocks = 0;
	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.write_mode = (enum lathe_mmc_write_mode)2;
	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	how.track_blocks = 100;
	how.simulate = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.simulate = false;
	medium.status = LATHE_MMC_STATUS_APPENDABLE;
	medium.has_next_writable = true;
	mock_refused(&medium, &how, LATHE_ERR_NOT_BLANK);
	/* And where it is the only way, the usual one is refused. */
	medium = mock_blank(0x14, LATHE_MMC_KIND_DVD_RW);
	medium.can_at_once = medium.at_once_only = true;
	medium.single_session = true;
	mock_refused(&medium, &appendable, LATHE_ERR_UNSUPPORTED);
	mock_refused(&medium, &final, LATHE_ERR_UNSUPPORTED);
	/* Two layers take one session only. */
	medium = mock_blank(0x15, LATHE_MMC_KIND_DVD_R_DL);
	medium.single_session = true;
	mock_refused(&medium, &appendable, LATHE_ERR_UNSUPPORTED);
	/* DVD+R has no such way. */
	medium = mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

/* ---- CD, session at once ------------------------------------------------ */

START_TEST(cd_session_at_once)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 300,
		.final = _i == 1,
	};

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, "bb 00 ff ff ff ff 00 00 00 00 00 00");
	mock_speed_page(m);
	mock_write_page(m, NULL, _i ? "42 04 08 00 00 00 00"
				    : "42 c4 08 00 00 00 00");
	/* Lead-in, pre-gap and track from the host, lead-out at 00:06:00. */
	if (_i == 0)
		mock_sent(m, "5d 00 00 00 00 00 00 00 20 00",
			  "41 00 00 14 00 000000 41 01 00 10 00 000000 "
			  "41 01 01 10 00 000200 41 aa 01 14 00 000600");
	else
		mock_sense(m, "5d 00 00 00 00 00 00 00 20 00", 5, 0x26, 0x00);
	/* Another drive makes the pre-gap by itself. */
	if (_i == 1)
		mock_sent(m, "5d 00 00 00 00 00 00 00 20 00",
			  "41 00 00 14 00 000000 41 01 00 14 00 000000 "
			  "41 01 01 10 00 000200 41 aa 01 14 00 000600");
	mock_begin_on(m, &medium, &how, 0);
	for (uint32_t i = 0; _i == 0 && i < 150; i++) {
		char cdb[40];

		snprintf(cdb, sizeof(cdb), "2a 00 %08x 00 00 01 00",
			 (unsigned)(0u - 150u + i));
		mock_good(m, cdb);
	}
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 16, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, _i ? 2 : 1, _i ? 3 : 0);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_disc_info(m, _i ? 2 : 1, _i ? 3 : 0, _i ? 1 : 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, how.final));
	mock_done(m);
}
END_TEST

START_TEST(cd_session_at_once_is_for_mode_1_and_90_minutes)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		/* A lead-out from 90:00:00 on has no place in a cue sheet:
		 * such times are those before the first block. */
		.track_blocks = _i ? 404850 : 300,
		.data_mode = _i ? 1 : 2,
	};
	uint32_t start;

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, "bb 00 ff ff ff ff 00 00 00 00 00 00");
	mock_speed_page(m);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc at once");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(
		t, dvd_r_at_once_is_reserved_and_written_to_the_block,
		0, 2);
	tcase_add_test(t, at_once_has_its_conditions);
	tcase_add_loop_test(t, cd_session_at_once, 0, 2);
	tcase_add_loop_test(
		t, cd_session_at_once_is_for_mode_1_and_90_minutes, 0, 2);
	suite_add_tcase(s, t);
	return run_suite(s);
}
