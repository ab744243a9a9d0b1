/* SPDX-License-Identifier: MIT */
/*
 * How long a command may take, how long a drive that is busy is waited for, and
 * that every wait ends, whatever the clock does.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define LOAD "1b 00 00 00 03 00"
#define CLOSE_TRACK_1 "5b 01 01 00 00 01 00 00 00 00"

static uint8_t blocks[64 * 2048];

/* ---- timeouts ----------------------------------------------------------- */

/* In front of the mock drive: the timeout of each command that was sent. */
static uint32_t given_ms[256];
static lathe_execute_fn *behind;

static int note_timeout(void *ctx, struct lathe_cmd *cmd)
{
	given_ms[cmd->cdb[0]] = cmd->timeout_ms;
	return behind(ctx, cmd);
}

static struct mock_drive *watched(void)
{
	struct mock_drive *m = mock_new();

	memset(given_ms, 0, sizeof(given_ms));
	behind = m->mmc.config.execute;
	m->mmc.config.execute = note_timeout;
	return m;
}

/* What makers ask for: a READ tries hard, the first WRITE calibrates, a flush
 * without IMMED writes whole lead-outs. Questions are answered at once. */
static void check_timeout(unsigned opcode, uint32_t seconds)
{
	ck_assert_msg(given_ms[opcode] == seconds * 1000, "%02X: %lu ms",
		      opcode, (unsigned long)given_ms[opcode]);
}

START_TEST(reading_and_the_tray_have_their_time)
{
	struct mock_drive *m = watched();

	mock_good(m, READ_0_4);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	check_timeout(0x28, 60);
	mock_good(m, LOAD);
	mock_ok(m, lathe_mmc_load(&m->mmc));
	check_timeout(0x1b, 300);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	check_timeout(0x00, 30);
	mock_done(m);
}
END_TEST

START_TEST(recording_has_its_time)
{
	struct mock_drive *m = watched();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .reserve = true,
					   .track_blocks = 16 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_good(m, "53 00 00 00 00 00 00 00 10 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &how, 0);
	check_timeout(0x53, 200);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	check_timeout(0x2a, 200);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE_TRACK_1);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	check_timeout(0x35, 3600);
	check_timeout(0x5b, 200);
	check_timeout(0x51, 30);
	mock_done(m);
}
END_TEST

START_TEST(streaming_and_formatting_have_their_time)
{
	struct mock_drive *m = watched();
	struct lathe_mmc_medium medium = mock_medium(
		0x43, LATHE_MMC_KIND_BD_RE, LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { .stream = true };

	medium.can_stream = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	for (int i = 0; i < 2; i++) {
		mock_reply(m, CAPACITIES_HEAD,
			   "00000010 00ba7400 01000800 00b47400 00003000");
		mock_reply(m, "23 00 00 00 00 00 00 00 14 00",
			   "00000010 00ba7400 01000800 00b47400 00003000");
		if (i == 0)
			mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	}
	mock_sent(m, FORMAT, "00 82 00 08 00b47400 00 003000");
	mock_polled(m, 0, 0);
	mock_begin_on(m, &medium, &how, 0);
	check_timeout(0x04, 200);
	mock_good(m, "aa 00 00 00 00 00 00 00 00 20 80 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	check_timeout(0xaa, 200);
	mock_done(m);
}
END_TEST

START_TEST(preparing_a_cd_has_its_time)
{
	struct mock_drive *m = watched();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 300
	};

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_spoil(m, 33, 0); /* never calibrated */
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "42 c4 08 00 00 00 00");
	mock_good(m, OPC);
	mock_good(m, "5d 00 00 00 00 00 00 00 20 00");
	mock_begin_on(m, &medium, &how, 0);
	check_timeout(0x54, 200);
	check_timeout(0x5d, 200);
	lathe_mmc_abandon_track(&m->mmc);

	medium = mock_rewritable();
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
	mock_good(m, ALLOW);
	mock_good(m, BLANK_QUICK);
	mock_polled(m, 0, 0);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_ok(m, lathe_mmc_blank(&m->mmc, &medium, LATHE_MMC_BLANK_USUAL));
	check_timeout(0xa1, 200);
	mock_done(m);
}
END_TEST

/* ---- patience ----------------------------------------------------------- */

/* The clock runs on by this at each wait. */
static uint64_t leap_ms;

static void leap(void *ctx, uint32_t ms)
{
	struct mock_drive *m = ctx;

	m->clock_ms += leap_ms;
	m->slept_ms += ms;
}

static void leap_by(struct mock_drive *m, uint64_t ms)
{
	leap_ms = ms;
	m->mmc.config.sleep_ms = leap;
}

/* The first WRITE may calibrate for minutes, and says "buffer full". */
START_TEST(a_full_buffer_is_waited_for_as_long_as_a_write_may_take)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	leap_by(m, 19000);
	for (int i = 0; i < 10; i++)
		mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	/* But no longer. */
	for (int i = 0; i < 12; i++)
		mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 2, 0x04, 0x08);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

/* Up to the end of a track that is ended. */
static void write_and_end(struct mock_drive *m)
{
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

/* Old Pioneers answer the CLOSE itself with "in progress" all the time. */
START_TEST(a_close_is_waited_for_an_hour)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	leap_by(m, 600000);
	for (int i = 0; i < 5; i++)
		mock_busy(m, CLOSE, 0);
	mock_good(m, CLOSE);
	/* And so is what it began. */
	for (int i = 0; i < 5; i++)
		mock_busy(m, TUR, 1);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(a_close_without_end_is_given_up)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	leap_by(m, 600000);
	for (int i = 0; i < 6; i++)
		mock_busy(m, TUR, 1);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

/* What a drive holds in its buffer may take a quarter of an hour. */
START_TEST(a_flush_is_waited_for)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	leap_by(m, 300000);
	mock_busy(m, TUR, 1);
	mock_busy(m, TUR, 1);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

/* A full blanking takes hours, a quick one does not. */
START_TEST(a_full_blanking_is_waited_for_longer)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
	mock_good(m, ALLOW);
	mock_good(m, _i ? "a1 10 00 00 00 00 00 00 00 00 00 00" : BLANK_QUICK);
	leap_by(m, 3600000);
	mock_busy(m, TUR, 1);
	if (_i) {
		mock_busy(m, TUR, 1);
		mock_polled(m, 0, 0);
		mock_disc_info(m, 0, 0, 1, 1);
	}
	ck_assert_int_eq(lathe_mmc_blank(&m->mmc, &medium,
					 _i ? LATHE_MMC_BLANK_FULL
					    : LATHE_MMC_BLANK_USUAL),
			 _i ? 0 : LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

/* Without a speed the pauses begin short and grow, but not for ever. */
START_TEST(pauses_for_a_full_buffer_stay_short)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	static const struct lathe_mmc_recording how = { 0 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, SPEED_MAX, 5, 0x24, 0x00);
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_begin_on(m, &medium, &how, 0);
	m->slept_ms = 0;
	for (int i = 0; i < 30; i++)
		mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	/* 2, 4 and so on up to 26 ms. */
	ck_assert_uint_eq(m->slept_ms, 182 + 17 * 26);
	mock_done(m);
}
END_TEST

/* ---- clocks ------------------------------------------------------------- */

/* A whole turn of 32 bits looks like no time at all. */
START_TEST(a_clock_that_leaps_ends_the_wait)
{
	struct mock_drive *m = mock_new();

	leap_by(m, UINT64_C(1) << 32);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

START_TEST(the_longest_wait_ends_as_well)
{
	struct mock_drive *m = mock_new();

	/* A leap counts as a day: 49 of them are less than 32 bits, 50 are
	 * more. */
	leap_by(m, UINT64_C(1) << 40);
	for (int i = 0; i <= 50; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, UINT32_MAX),
			 LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

static uint32_t waits_told;

static void count_waits(void *ctx, enum lathe_log_level level, const char *id,
			const char *text)
{
	(void)ctx;
	(void)level;
	(void)text;
	waits_told += !strcmp(id, "mmc.wait");
}

START_TEST(a_wait_is_told_once)
{
	struct mock_drive *m = mock_new();

	waits_told = 0;
	m->mmc.config.hooks.log = count_waits;
	for (int i = 0; i < 4; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 60000));
	ck_assert_uint_eq(waits_told, 1);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc patience");
	TCase *t = tcase_create("all");

	tcase_add_test(t, reading_and_the_tray_have_their_time);
	tcase_add_test(t, recording_has_its_time);
	tcase_add_test(t, streaming_and_formatting_have_their_time);
	tcase_add_test(t, preparing_a_cd_has_its_time);
	tcase_add_test(t,
		       a_full_buffer_is_waited_for_as_long_as_a_write_may_take);
	tcase_add_test(t, a_close_is_waited_for_an_hour);
	tcase_add_test(t, a_close_without_end_is_given_up);
	tcase_add_test(t, a_flush_is_waited_for);
	tcase_add_loop_test(t, a_full_blanking_is_waited_for_longer, 0, 2);
	tcase_add_test(t, pauses_for_a_full_buffer_stay_short);
	tcase_add_test(t, a_clock_that_leaps_ends_the_wait);
	tcase_add_test(t, the_longest_wait_ends_as_well);
	tcase_add_test(t, a_wait_is_told_once);
	suite_add_tcase(s, t);
	return run_suite(s);
}
