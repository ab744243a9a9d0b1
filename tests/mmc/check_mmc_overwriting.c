/* SPDX-License-Identifier: MIT */
/*
 * Formatting, and beginning on what is formatted or is not: the less common
 * answers.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

/* READ FORMAT CAPACITIES: the current one and those that can be had. */
static void capacities(struct mock_drive *m, const char *current,
		       const char *list)
{
	uint8_t bytes[256];
	size_t len = 8 + mock_hex(list, bytes, sizeof(bytes));
	char text[512], cdb[40];

	snprintf(text, sizeof(text), "000000%02x %s %s", (unsigned)len,
		 current, list);
	mock_reply(m, CAPACITIES_HEAD, text);
	snprintf(cdb, sizeof(cdb), "23 00 00 00 00 00 00 00 %02x 00",
		 (unsigned)len + 4);
	if (len > 8)
		mock_reply(m, cdb, text);
}

static struct lathe_mmc_medium bd_re(enum lathe_mmc_status status)
{
	return mock_medium(0x43, LATHE_MMC_KIND_BD_RE, status);
}

/* Up to the list of what can be had. */
static void begin_format(struct mock_drive *m, const char *current,
			 const char *list)
{
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, current, list);
}

static void end_format(struct mock_drive *m)
{
	mock_polled(m, 0, 0);
	capacities(m, "00b47400 02000800", "");
}

/* ---- which format ------------------------------------------------------- */

/* The first of a type, in a list as long as there may be; where the default
 * size is not listed, that which is. */
START_TEST(formats_are_taken_from_the_list)
{
	static const struct {
		const char *list, *want;
		bool full;
	} cases[] = {
		{ "00b47400 00 003000 00a00000 00 003000",
		  "00 82 00 08 00b47400 00 003000", false },
		{ "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00100000 04 000800 "
		  "00100000 04 000800 00b47400 00 003000",
		  "00 82 00 08 00b47400 00 003000", false },
		{ "00b07400 c0 005000", "00 82 00 08 00b07400 c2 005000",
		  true },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = bd_re(LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_formatting how = { .full = cases[_i].full };

	begin_format(m, "00ba7400 01000800", cases[_i].list);
	mock_sent(m, FORMAT, cases[_i].want);
	end_format(m);
	mock_ok(m, lathe_mmc_format(&m->mmc, &medium, &how));
	mock_done(m);
}
END_TEST

/* BD-R has no certification: full is the same as quick, without
 * pseudo-overwrite. */
START_TEST(a_bd_r_is_formatted_in_one_way)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank(0x41, LATHE_MMC_KIND_BD_R);
	struct lathe_mmc_formatting how = { .full = true };

	begin_format(m, "00ba7400 01000800", "00b47400 00 003000");
	mock_sent(m, FORMAT, "00 82 00 08 00b47400 01 003000");
	end_format(m);
	mock_ok(m, lathe_mmc_format(&m->mmc, &medium, &how));
	mock_done(m);
}
END_TEST

/* A refusal of what is listed is one; an aborted format is not begun again. */
START_TEST(a_format_is_not_tried_twice)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = bd_re(LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_formatting how = { 0 };

	begin_format(m, "00ba7400 01000800", "00b47400 00 003000");
	mock_sense(m, FORMAT, _i ? 0xb : 5, _i ? 0x47 : 0x26, 0x00);
	ck_assert_int_eq(lathe_mmc_format(&m->mmc, &medium, &how),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* ---- DVD+RW ------------------------------------------------------------- */

static uint64_t leap_ms;

static void leap(void *ctx, uint32_t ms)
{
	struct mock_drive *m = ctx;

	m->clock_ms += leap_ms;
	m->slept_ms += ms;
}

static void begin_plus(struct mock_drive *m, unsigned background)
{
	mock_good(m, TUR);
	mock_background(m, background);
	mock_speed(m);
}

/* The format that was stopped goes on; it may be complete at once, or never
 * begin. */
START_TEST(a_stopped_format_goes_on)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 64 };
	uint32_t start;

	begin_plus(m, 1);
	mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 01");
	mock_polled(m, 2, 3);
	if (_i == 0) {
		mock_background(m, 3);
		mock_begin_on(m, &medium, &how, 64);
	} else {
		leap_ms = 100000;
		m->mmc.config.sleep_ms = leap;
		for (int i = 0; i < 4; i++)
			mock_background(m, 1);
		ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how,
						       &start),
				 LATHE_ERR_TIMEOUT);
		/* Nobody knows how far it is, but that it goes on. */
		ck_assert_uint_eq(m->progress_calls, 3);
	}
	mock_done(m);
}
END_TEST

/* It is formatted by the drive's word, or has a size, or is being formatted:
 * what may be on it stays. */
START_TEST(a_dvd_plus_rw_that_was_formatted_since_is_left_alone)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { .overwrite_start = 64 };
	uint32_t start;

	begin_plus(m, _i < 2 ? 0 : (unsigned)_i - 1);
	if (_i == 0) {
		capacities(m, "00230540 02000800", "");
	} else if (_i == 1) {
		capacities(m, "00230540 01000800", "");
		mock_reply(m, CAPACITY, "0023053f 00000800");
	}
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_WRONG_DISC);
	ck_assert_uint_eq(m->slept_ms, _i < 2 ? 2000 : 0);
	mock_done(m);
}
END_TEST

/* A late error of the format has no address; one of what was written before it
 * has its own. */
START_TEST(late_errors_of_a_format_and_of_what_was_before)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 64 };
	uint32_t start;

	m->mmc.has_last_write = 1;
	m->mmc.last_write_lba = 12345;
	if (_i) {
		begin_plus(m, 2);
		mock_begin_on(m, &medium, &how, 64);
		mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
		mock_ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
		mock_good(m, SYNC);
		mock_polled(m, 2, 3);
		mock_ok(m, lathe_mmc_end_track(&m->mmc));
	}
	begin_plus(m, 1);
	mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 01");
	mock_deferred(m, TUR, 3, 0x31, 0x01);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, _i ? 0x2a : 0x04);
	ck_assert_int_eq(mock_failure(m)->has_lba, _i);
	if (_i)
		ck_assert_uint_eq(mock_failure(m)->lba, 64);
	mock_done(m);
}
END_TEST

/* ---- DVD-RAM, BD-RE ----------------------------------------------------- */

/* What was formatted and is not any more, or the other way round, is another
 * disc; "unknown" is neither. */
START_TEST(a_format_that_is_another_is_another_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		bd_re(_i == 0 ? LATHE_MMC_STATUS_OVERWRITABLE
			      : LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { 0 };
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	capacities(m, _i == 0 ? "00b47400 01000800" : "00b47400 03000800", "");
	if (_i)
		mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* The buffer of a BD-RE may be flushed at any time. */
START_TEST(a_bd_re_gets_a_flush)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = bd_re(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { 0 };

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	capacities(m, "00b47400 02000800", "");
	mock_begin_on(m, &medium, &how, 0);
	mock_sense(m, "2a 00 00 00 00 00 00 00 20 00", 5, 0x2c, 0x00);
	mock_good(m, SYNC);
	mock_good(m, "2a 00 00 00 00 00 00 00 20 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	mock_done(m);
}
END_TEST

/* ---- DVD-RW, restricted overwrite --------------------------------------- */

#define GROW "00000100 4c 000010"
#define FORMAT_GROW "00 82 00 08 00000000 4c 000010"

static void begin_minus(struct mock_drive *m, unsigned state,
			const char *current)
{
	mock_good(m, TUR);
	mock_disc_info(m, state == 1 ? 1 : 2, state, 1, 1);
	mock_speed(m);
	capacities(m, current, GROW);
	mock_reply(m, CAPACITY, "00000fff 00000800");
}

static void play_close(struct mock_drive *m)
{
	mock_good(m, CLOSE);
	mock_polled(m, 2, 3);
	capacities(m, "00001000 02000800", GROW);
}

/* It is growing by either answer; then its own address counts. What lies before
 * it is overwritten in another state, and what passes it lets it grow. */
START_TEST(a_dvd_rw_grows_or_is_overwritten)
{
	static const struct {
		unsigned state;		/* of the last session */
		const char *current;
		uint32_t at, length;
		bool growing, grows;
	} cases[] = {
		{ 1, "00001000 02000800", 4096, 32, true, false },
		{ 3, "00001000 03000800", 4096, 32, true, false },
		{ 3, "00001000 02000800", 4080, 16, false, false },
		{ 3, "00001000 02000800", 4080, 32, false, true },
		{ 3, "00001000 02000800", 4096, 16, false, true },
		{ 1, "00001000 03000800", 4080, 16, true, false },
		{ 1, "00001000 03000800", 4080, 32, true, true },
		{ 1, "00001000 03000800", 0, 0, true, false },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_dvd_rw_overwrite();
	struct lathe_mmc_recording how = {
		.overwrite_start = cases[_i].at,
		.track_blocks = cases[_i].length,
	};

	begin_minus(m, cases[_i].state, cases[_i].current);
	if (cases[_i].growing)
		mock_track(m, TRACK_1, 1, 0, 4096, 2294496);
	if (cases[_i].growing && cases[_i].at < 4096)
		play_close(m);
	if (cases[_i].grows) {
		mock_sent(m, FORMAT, FORMAT_GROW);
		leap_ms = 60000;
		m->mmc.config.sleep_ms = leap;
		mock_busy(m, TUR, 1);
		mock_polled(m, 1, 1);
	}
	mock_begin_on(m, &medium, &how, cases[_i].at);
	mock_done(m);
}
END_TEST

/* A session that an earlier program left growing is ended. */
START_TEST(a_dvd_rw_does_not_stay_growing)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_dvd_rw_overwrite();

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_disc_info(m, 1, 1, 1, 1);
	capacities(m, "00001000 03000800", "");
	mock_reply(m, CAPACITY, "00000fff 00000800");
	mock_track(m, TRACK_1, 1, 0, 4096, 2294496);
	mock_good(m, CLOSE);
	mock_polled(m, 2, 3);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc overwriting");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, formats_are_taken_from_the_list, 0, 3);
	tcase_add_test(t, a_bd_r_is_formatted_in_one_way);
	tcase_add_loop_test(t, a_format_is_not_tried_twice, 0, 2);
	tcase_add_loop_test(t, a_stopped_format_goes_on, 0, 2);
	tcase_add_loop_test(
		t, a_dvd_plus_rw_that_was_formatted_since_is_left_alone, 0, 5);
	tcase_add_loop_test(t, late_errors_of_a_format_and_of_what_was_before,
			    0, 2);
	tcase_add_loop_test(t, a_format_that_is_another_is_another_disc, 0, 2);
	tcase_add_test(t, a_bd_re_gets_a_flush);
	tcase_add_loop_test(t, a_dvd_rw_grows_or_is_overwritten, 0, 8);
	tcase_add_test(t, a_dvd_rw_does_not_stay_growing);
	suite_add_tcase(s, t);
	return run_suite(s);
}
