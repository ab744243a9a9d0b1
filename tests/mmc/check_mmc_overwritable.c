/* SPDX-License-Identifier: MIT */
/*
 * Media that can be overwritten, command by command.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define STOP_FORMAT "5b 01 00 00 00 00 00 00 00 00"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

/* ---- media that can be overwritten -------------------------------------- */

/* A DVD+RW before a track; its track written and ended. */
static void looked_at(struct mock_drive *m, unsigned state)
{
	mock_good(m, TUR);
	mock_background(m, state);
	mock_speed(m);
}

static void write_first(struct mock_drive *m)
{
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
}

static void end_flushed_track(struct mock_drive *m, unsigned state)
{
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_background(m, state);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

START_TEST(a_dvd_plus_rw_is_formatted_in_the_background)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(_i ? LATHE_MMC_STATUS_OVERWRITABLE
			       : LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { .overwrite_start = 32 };

	looked_at(m, _i < 3 ? (unsigned)_i : 2);
	if (_i == 0) {
		/* Unformatted. */
		mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 01000800");
		mock_sense(m, CAPACITY, 2, 0x30, 0x00);
		mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 00");
	} else if (_i == 1) {
		/* Begun and stopped: bit 0 of the parameter restarts it. */
		mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 01");
	}
	if (_i < 2) {
		mock_good(m, TUR);
		mock_background(m, (unsigned)_i);
		mock_background(m, (unsigned)_i);
		mock_background(m, 2);
	}
	mock_begin_on(m, &medium, &how, 32);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 32, 16, blocks));
	end_flushed_track(m, 2);

	/* The head, with the same medium: nothing is formatted any more. */
	how.overwrite_start = 0;
	looked_at(m, 2);
	mock_begin_on(m, &medium, &how, 0);
	write_first(m);
	end_flushed_track(m, 2);

	mock_good(m, TUR);
	mock_background(m, 2);
	if (_i >= 2) /* a drive that stops it by the other function */
		mock_sense(m, CLOSE, 5, 0x24, 0x00);
	if (_i == 3) /* by neither: nothing is lost, it just goes on */
		mock_sense(m, STOP_FORMAT, 5, 0x24, 0x00);
	else
		mock_good(m, _i == 2 ? STOP_FORMAT : CLOSE);
	if (_i < 3) {
		mock_good(m, TUR);
		mock_background(m, 1);
	}
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(a_formatted_dvd_plus_rw_is_not_formatted_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	/* Complete; or the drive does not say so, but calls it formatted. */
	looked_at(m, _i ? 0 : 3);
	if (_i)
		mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 02000800");
	mock_begin_on(m, &medium, &appendable, 0);
	write_first(m);
	end_flushed_track(m, _i ? 0 : 3);
	mock_good(m, TUR);
	mock_background(m, _i ? 0 : 3);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(unformatted_dvd_ram_and_bd_re_are_formatted_the_quick_way)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		_i == 0 || _i >= 3 ?
			mock_medium(0x12, LATHE_MMC_KIND_DVD_RAM,
				  LATHE_MMC_STATUS_UNFORMATTED) :
			mock_medium(0x43, LATHE_MMC_KIND_BD_RE,
				  LATHE_MMC_STATUS_UNFORMATTED);
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	if (_i == 2) {
		/* Another engine has formatted it meanwhile, and may have
		 * recorded something. */
		mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
		ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium,
						       &appendable, &start),
				 LATHE_ERR_WRONG_DISC);
		mock_done(m);
		return;
	}
	if (_i == 1) {
		for (int i = 0; i < 2; i++) {
			mock_reply(m, CAPACITIES_HEAD,
				   "00000010 00ba7400 01000800");
			mock_reply(m, "23 00 00 00 00 00 00 00 14 00",
				   "00000010 00ba7400 01000800 "
				   "00b47400 00003000");
			if (i == 0)
				mock_sense(m, CAPACITY, 2, 0x30, 0x00);
		}
		mock_sent(m, FORMAT, "00 82 00 08 00 b4 74 00 00 00 30 00");
	} else {
		for (int i = 0; i < 2; i++) {
			mock_reply(m, CAPACITIES_HEAD,
				   "00000010 00222120 01000800");
			mock_reply(m, "23 00 00 00 00 00 00 00 14 00",
				   "00000010 00222120 01000800 "
				   "00222120 00000800");
			if (i == 0)
				mock_sense(m, CAPACITY, 2, 0x30, 0x00);
		}
		/* Without certification, then without CmpList, and with it
		 * where neither is known: it takes the longest. */
		if (_i >= 3)
			mock_sense(m, FORMAT_KEEPING, 5, 0x26, 0x00);
		if (_i == 4)
			mock_sense(m, FORMAT, 5, 0x26, 0x00);
		mock_sent(m, _i >= 3 ? FORMAT : FORMAT_KEEPING,
			  _i == 4 ? "00 82 00 08 00 22 21 20 00 00 08 00"
				  : "00 a2 00 08 00 22 21 20 00 00 08 00");
	}
	mock_busy(m, TUR, 0x8000);
	mock_polled(m, 3, 3);
	mock_begin_on(m, &medium, &appendable, 0);
	ck_assert_uint_eq(m->last_progress, 0x8000);

	/* The head, with the same medium: this format is ours. */
	lathe_mmc_abandon_track(&m->mmc);
	mock_good(m, TUR);
	mock_disc_info(m, 3, 3, 1, 1);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
	mock_begin_on(m, &medium, &appendable, 0);
	mock_done(m);
}
END_TEST

START_TEST(streaming_is_for_whole_clusters)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x43, LATHE_MMC_KIND_BD_RE,
			  LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .stream = true,
					   .overwrite_start = 64 };

	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_stream = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	mock_begin_on(m, &medium, &how, 64);
	mock_good(m, "aa 00 00 00 00 40 00 00 00 20 80 00");
	mock_good(m, "2a 00 00 00 00 60 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 64, 48, blocks));
	mock_done(m);

	/* A bridge that takes half a cluster only: no streaming at all. */
	m = mock_new();
	m->config.max_transfer = 32768;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	mock_begin_on(m, &medium, &how, 64);
	ck_assert_uint_eq(m->warnings, 1);
	mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
	mock_done(m);

	/* Media without defect management take the wish for nothing. */
	medium = mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	m = mock_new();
	looked_at(m, 3);
	mock_begin_on(m, &medium, &how, 64);
	mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
	mock_done(m);
}
END_TEST

START_TEST(overwriting_starts_at_whole_blocks)
{
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 8 };

	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.overwrite_start = 16;
	how.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.profile = 0x43;
	how.write_mode = LATHE_MMC_WRITE_MODE_AUTO;
	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.overwrite_start = 0;
	how.simulate = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.simulate = false;
	medium.status = LATHE_MMC_STATUS_DAMAGED;
	mock_refused(&medium, &how, LATHE_ERR_NOT_APPENDABLE);
}
END_TEST

/* ---- DVD-RW, restricted overwrite --------------------------------------- */

/* Formats 13h and 10h are listed; the current one as given. */
static void overwrite_formats(struct mock_drive *m, const char *current)
{
	char all[80];

	snprintf(all, sizeof(all), "00000018 %s", current);
	mock_reply(m, CAPACITIES_HEAD, all);
	snprintf(all, sizeof(all), "00000018 %s 00000000 4c000010 "
				   "00230fc0 40000010", current);
	mock_reply(m, "23 00 00 00 00 00 00 00 1c 00", all);
}

/* Before a track: the states of disc and session, the format, the end. */
static void dvd_rw_looked_at(struct mock_drive *m, unsigned status,
			     unsigned state, const char *format,
			     const char *capacity)
{
	mock_good(m, TUR);
	mock_disc_info(m, status, state, 1, 1);
	mock_speed(m);
	overwrite_formats(m, format);
	mock_reply(m, CAPACITY, capacity);
}

START_TEST(a_quickly_formatted_dvd_rw_grows_from_its_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_dvd_rw_overwrite();
	struct lathe_mmc_recording how = { .overwrite_start = 32,
					   .track_blocks = 16 };

	/* In the intermediate state, and empty: from LBA 0 on. */
	dvd_rw_looked_at(m, 1, 1, "00000000 03000800",
			 "00000000 00000800");
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 48, blocks));
	/* Behind the flush the intermediate state is left. */
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_disc_info(m, 1, 1, 1, 1);
	overwrite_formats(m, "00000030 03000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	mock_track(m, TRACK_1, 1, 0, 48, 2298448);
	mock_good(m, CLOSE);
	mock_polled(m, 2, 3);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));

	/* Its head can be overwritten as it is. */
	how.overwrite_start = 0;
	how.track_blocks = 32;
	dvd_rw_looked_at(m, 2, 3, "00000030 02000800",
			 "0000002f 00000800");
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(a_dvd_rw_is_made_to_grow)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_dvd_rw_overwrite();
	struct lathe_mmc_recording how = { .overwrite_start = 64,
					   .track_blocks = 32 };

	dvd_rw_looked_at(m, 2, 3, "00000030 02000800",
			 "0000002f 00000800");
	/* 13h, nothing formatted ahead; or as listed, where that is refused. */
	mock_sent(m, FORMAT, "00 82 00 08 00 00 00 00 4c 00 00 10");
	mock_polled(m, 1, 1);
	/* The hole from 48 to 63 is the caller's. */
	mock_begin_on(m, &medium, &how, 48);
	mock_done(m);

	/* A drive that can not: told, and nothing is written. */
	m = mock_new();
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how,
					       &(uint32_t){ 0 }),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

START_TEST(any_block_that_failed_can_be_written_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	bool possible = false;
	uint32_t next = 0;

	looked_at(m, 3);
	mock_begin_on(m, &medium, &appendable, 0);
	/* Aborted on the way: sent again without asking what was taken. */
	mock_sense(m, WRITE_0_16, 0xb, 0x47, 0x00);
	mock_good(m, WRITE_0_16);
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
	ck_assert(possible);
	ck_assert_uint_eq(next, 16);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_busy_with_its_format_gets_a_flush)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	looked_at(m, 2);
	mock_begin_on(m, &medium, &appendable, 0);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	mock_good(m, SYNC);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	write_first(m);
	/* A WRITE that comes too early: once. */
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 5, 0x2c, 0x00);
	mock_good(m, SYNC);
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 5, 0x2c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_track_at_once_is_never_flushed_on_the_way)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 5, 0x2c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc overwritable media");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, a_dvd_plus_rw_is_formatted_in_the_background,
			    0, 4);
	tcase_add_loop_test(t, a_formatted_dvd_plus_rw_is_not_formatted_again,
			    0, 2);
	tcase_add_loop_test(
		t, unformatted_dvd_ram_and_bd_re_are_formatted_the_quick_way,
		0, 5);
	tcase_add_test(t, streaming_is_for_whole_clusters);
	tcase_add_test(t, overwriting_starts_at_whole_blocks);
	tcase_add_test(t, a_quickly_formatted_dvd_rw_grows_from_its_end);
	tcase_add_test(t, a_dvd_rw_is_made_to_grow);
	tcase_add_test(t, any_block_that_failed_can_be_written_again);
	tcase_add_test(t, a_drive_busy_with_its_format_gets_a_flush);
	tcase_add_test(t, a_track_at_once_is_never_flushed_on_the_way);
	suite_add_tcase(s, t);
	return run_suite(s);
}
