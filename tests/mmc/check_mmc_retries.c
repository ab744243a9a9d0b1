/* SPDX-License-Identifier: MIT */
/*
 * What is sent again and what is not, what helps a drive, and what is asked in
 * between.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define WRITE_16_16 "2a 00 00 00 00 10 00 00 10 00"
#define CLOSE_TRACK_1 "5b 01 01 00 00 01 00 00 00 00"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

static void begin_dvd_plus_r(struct mock_drive *m)
{
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &appendable, 0);
}

static void begin_dvd_plus_rw(struct mock_drive *m)
{
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	mock_good(m, TUR);
	mock_background(m, 2);
	mock_speed(m);
	mock_begin_on(m, &medium, &appendable, 0);
}

static void begin_bd_re(struct mock_drive *m)
{
	struct lathe_mmc_medium medium = mock_medium(
		0x43, LATHE_MMC_KIND_BD_RE, LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .stream = true };

	medium.can_stream = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
	mock_begin_on(m, &medium, &how, 0);
}

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

/* ---- no status ---------------------------------------------------------- */

/* A tray that moved need not move again. */
START_TEST(the_tray_is_not_moved_twice)
{
	struct mock_drive *m = mock_new();

	mock_good(m, ALLOW);
	mock_cause(m, EJECT, LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_TRANSPORT);
	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 0xb, 0x47, 0x00);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 0xb);
	mock_done(m);
}
END_TEST

/* The reset behind a lost answer has cost the drive what it was told, or what
 * it had in its buffer: a GOOD behind it would prove nothing. */
START_TEST(a_lost_answer_is_the_end_where_something_can_be_lost)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	mock_good(m, TUR);
	mock_cause(m, DISC_INFO, LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_TRANSPORT);
	write_and_end(m);
	mock_cause(m, TUR, LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_TRANSPORT);
	mock_done(m);
}
END_TEST

/* What the system can not send in one piece, and nobody cuts. */
START_TEST(an_answer_that_is_too_large_is_an_error)
{
	static uint8_t toc[8192];
	struct mock_drive *m = mock_new();
	size_t moved = 99;

	mock_reply(m, FULL_TOC_HEAD, "1ffe 01 01");
	mock_cause(m, "43 02 02 00 00 00 01 20 00 00", LATHE_CAUSE_TOO_LARGE);
	ck_assert_int_eq(
		lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc), &moved),
		LATHE_ERR_UNSUPPORTED);
	ck_assert_uint_eq(moved, 99);
	/* And no more than the field takes is asked for. */
	mock_reply(m, FULL_TOC_HEAD, "ffff 01 01");
	mock_sense(m, "43 02 02 00 00 00 01 20 00 00", 3, 0x57, 0x00);
	ck_assert_int_eq(
		lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc), &moved),
		LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_toc_is_cut_at_what_its_command_can_say)
{
	struct mock_drive *m = mock_new();
	uint8_t *toc = calloc(2, 0x10000);
	size_t moved = 99;

	mock_reply(m, FULL_TOC_HEAD, "ffff 01 01");
	mock_sense(m, "43 02 02 00 00 00 01 ff fe 00", 3, 0x57, 0x00);
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, 0x20000, &moved),
			 LATHE_ERR_SENSE);
	mock_done(m);
	free(toc);
}
END_TEST

/* ---- what a transport leaves behind ------------------------------------- */

static lathe_execute_fn *behind;
static int calls;

/* Sense data, status and all else as if the command before had left them. */
static int look_at_results(void *ctx, struct lathe_cmd *cmd)
{
	static const uint8_t zeros[LATHE_SENSE_MAX];
	int err;

	calls++;
	ck_assert_uint_eq(cmd->status, 0);
	ck_assert_uint_eq(cmd->sense_len, 0);
	ck_assert_mem_eq(cmd->sense, zeros, sizeof(zeros));
	ck_assert_uint_eq(cmd->moved, 0);
	ck_assert_uint_eq(cmd->cause, LATHE_CAUSE_OK);
	ck_assert_uint_eq(cmd->host_status, 0);
	ck_assert_uint_eq(cmd->driver_status, 0);
	ck_assert_int_eq(cmd->sys_errno, 0);
	err = behind(ctx, cmd);
	cmd->host_status = 3;
	cmd->driver_status = 6;
	cmd->sys_errno = 71;
	return err;
}

START_TEST(each_try_begins_without_results)
{
	struct mock_drive *m = mock_new();

	calls = 0;
	behind = m->mmc.config.execute;
	m->mmc.config.execute = look_at_results;
	mock_short(m, READ_0_4, 8000);
	mock_sense(m, READ_0_4, 2, 0x04, 0x01);
	mock_good(m, READ_0_4);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	ck_assert_int_eq(calls, 3);
	mock_cause(m, TUR, LATHE_CAUSE_RESET);
	mock_cause(m, TUR, LATHE_CAUSE_RESET);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_TRANSPORT);
	ck_assert_int_eq(mock_failure(m)->sys_errno, 71);
	mock_done(m);
}
END_TEST

START_TEST(old_sense_data_explain_no_later_failure)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_cause(m, TUR, LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_NO_DEVICE);
	ck_assert_uint_eq(mock_failure(m)->key, 0);
	ck_assert_uint_eq(mock_failure(m)->asc, 0);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	m->cancel_at = (uint32_t)m->count;
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(mock_failure(m)->key, 0);
	ck_assert_uint_eq(mock_failure(m)->asc, 0);
	mock_done(m);
}
END_TEST

START_TEST(more_than_all_is_all)
{
	struct mock_drive *m = mock_new();

	mock_short(m, READ_0_4, 8193);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	mock_done(m);
}
END_TEST

/* ---- sent again --------------------------------------------------------- */

START_TEST(questions_and_settings_are_sent_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_track track;

	mock_sense(m, TRACK_1, 0xb, 0x47, 0x00);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_read_track(&m->mmc, 1, &track));
	mock_sense(m, PREVENT, 0xb, 0x47, 0x00);
	mock_good(m, PREVENT);
	mock_ok(m, lathe_mmc_lock_tray(&m->mmc, true));
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_sense(m, SYNC, 0xb, 0x47, 0x00);
	mock_good(m, SYNC);
	mock_sense(m, TUR, 0xb, 0x47, 0x00);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(a_mode_page_is_sent_again_and_has_to_arrive_whole)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	for (int i = 0; i < 2; i++) {
		mock_good(m, TUR);
		mock_disc_info(m, 0, 0, 1, 1);
		mock_good(m, SPEED_MAX);
		mock_speed_page(m);
		mock_write_page(m, NULL, NULL);
		if (i == 0) {
			mock_short(m, SELECT_05, 59);
			mock_short(m, SELECT_05, 59);
			ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium,
							       &appendable,
							       &start),
					 LATHE_ERR_TRANSPORT);
			continue;
		}
		mock_sense(m, SELECT_05, 0xb, 0x47, 0x00);
		mock_good(m, SELECT_05);
		mock_track(m, TRACK_FF, 1, 0, 0, 359845);
		mock_begin_on(m, &medium, &appendable, 0);
	}
	mock_done(m);
}
END_TEST

START_TEST(aborts_without_end_are_an_error)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 4; i++)
		mock_sense(m, TUR, 0xb, 0x47, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* Any block can be written again, in both forms of WRITE; nobody is asked. */
START_TEST(a_rewritable_block_is_sent_again_at_once)
{
	struct mock_drive *m = mock_new();

	begin_bd_re(m);
	mock_sense(m, "aa 00 00 00 00 00 00 00 00 20 80 00", 0xb, 0x4e, 0x00);
	mock_good(m, "aa 00 00 00 00 00 00 00 00 20 80 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	mock_sense(m, "2a 00 00 00 00 20 00 00 10 00", 0xb, 0x4e, 0x00);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 32, 16, blocks));
	/* Padding in between shifts nothing here. */
	mock_sense(m, "2a 00 00 00 00 30 00 00 10 00", 1, 0x0c, 0x0a);
	m->steps[m->count - 1].has_moved = true;
	m->steps[m->count - 1].moved = 32768;
	mock_ok(m, lathe_mmc_write(&m->mmc, 48, 16, blocks));
	mock_done(m);
}
END_TEST

START_TEST(a_recovered_error_of_earlier_writes_is_none)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_deferred(m, WRITE_16_16, 1, 0x0c, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 16, 359829);
	mock_good(m, WRITE_16_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	mock_done(m);
}
END_TEST

/* A recovered write is one; padding alone shifts what follows. */
START_TEST(a_recovered_write_has_to_be_whole)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 1, 0x0c, 0x00);
	m->steps[m->count - 1].has_moved = true;
	m->steps[m->count - 1].moved = 32768;
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_sense(m, WRITE_16_16, 1, 0x73, 0x01);
	m->steps[m->count - 1].has_moved = true;
	m->steps[m->count - 1].moved = 16384;
	mock_track(m, TRACK_FF, 1, 0, 24, 359821);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_TRANSPORT);
	mock_done(m);
}
END_TEST

/* A WRITE that the system cut is no loss; one that nobody got neither. */
START_TEST(what_was_not_sent_has_reset_nothing)
{
	static const uint8_t causes[] = { LATHE_CAUSE_TOO_LARGE,
					  LATHE_CAUSE_REFUSED,
					  LATHE_CAUSE_GONE };
	static const int errs[] = { 0, LATHE_ERR_DENIED, LATHE_ERR_NO_DEVICE };
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_cause(m, WRITE_0_16, causes[_i]);
	if (_i == 0) {
		mock_good(m, "2a 00 00 00 00 00 00 00 08 00");
		mock_good(m, "2a 00 00 00 00 08 00 00 08 00");
	}
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), errs[_i]);
	if (_i == 0)
		mock_good(m, "2a 00 00 00 00 10 00 00 08 00");
	else
		mock_good(m, "2a 00 00 00 00 00 00 00 08 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, _i ? 0 : 16, 8, blocks));
	mock_done(m);
}
END_TEST

/* ---- help --------------------------------------------------------------- */

START_TEST(while_a_track_is_open_no_unit_is_started)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x02);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_sense(m, WRITE_0_16, 5, 0x53, 0x02);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* "Command sequence error": the buffer is flushed, once, for a WRITE; and
 * where a block can be written only once, the drive is asked first. */
START_TEST(a_write_that_comes_too_early_gets_a_flush)
{
	struct mock_drive *m = mock_new();

	begin_dvd_plus_r(m);
	mock_sense(m, WRITE_0_16, 5, 0x2c, 0x00);
	mock_good(m, SYNC);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_sense(m, WRITE_16_16, 5, 0x2c, 0x00);
	mock_good(m, SYNC);
	mock_track(m, TRACK_FF, 1, 0, 16, 2295088);
	mock_sense(m, WRITE_16_16, 5, 0x2c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* SPC-3 4.5.7, MMC-6: what a flush that the runner sends by itself tells of data
 * that were taken before is no answer to the WRITE that it helps. */
static const struct told {
	unsigned key, asc;
	bool deferred, lost;
} told[] = {
	{ 3, 0x0c, true, true },   { 0xb, 0x4b, true, true },
	{ 3, 0x0c, false, true },  { 4, 0x44, false, true },
	{ 1, 0x18, true, false },  { 5, 0x24, false, false },
};

#define TOLD ((int)(sizeof(told) / sizeof(told[0])))

static void tell(struct mock_drive *m, const char *cdb, const struct told *what)
{
	if (what->deferred)
		mock_deferred(m, cdb, what->key, what->asc, 0);
	else
		mock_sense(m, cdb, what->key, what->asc, 0);
}

START_TEST(a_flush_that_tells_of_lost_data)
{
	const struct told *what = &told[_i % TOLD];
	struct mock_drive *m = mock_new();

	begin_dvd_plus_rw(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_sense(m, WRITE_16_16, _i < TOLD ? 5 : 2, _i < TOLD ? 0x2c : 0x04,
		   _i < TOLD ? 0x00 : 0x04);
	tell(m, SYNC, what);
	if (!what->lost) {
		mock_good(m, WRITE_16_16);
		mock_ok(m, lathe_mmc_write(&m->mmc, 16, 16, blocks));
	} else {
		ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
				 LATHE_ERR_SENSE);
		ck_assert_uint_eq(mock_failure(m)->opcode, 0x2a);
		ck_assert_uint_eq(mock_failure(m)->key, what->key);
		ck_assert(mock_failure(m)->has_lba && !mock_failure(m)->lba);
		ck_assert_ptr_nonnull(strstr(mock_failure(m)->text,
					     "SYNCHRONIZE CACHE"));
	}
	mock_done(m);
}
END_TEST

/* Nothing was written yet. */
START_TEST(a_flush_in_front_of_all_data)
{
	struct mock_drive *m = mock_new();

	begin_dvd_plus_rw(m);
	mock_sense(m, WRITE_0_16, 5, 0x2c, 0x00);
	tell(m, SYNC, &told[_i]);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_done(m);
}
END_TEST

/* The same with what starts a unit, while the drive closes. */
START_TEST(a_start_that_tells_of_lost_data)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_good(m, CLOSE);
	mock_sense(m, TUR, 2, 0x04, 0x02);
	mock_deferred(m, "1b 00 00 00 01 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 3);
	mock_done(m);
}
END_TEST

START_TEST(other_sequence_errors_get_no_flush)
{
	struct mock_drive *m = mock_new();

	/* The programme area is empty: another state than was thought. */
	begin_dvd_plus_r(m);
	mock_sense(m, WRITE_0_16, 5, 0x2c, 0x04);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_sense(m, CLOSE_TRACK_1, 4, 0x2c, 0x00);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(the_flush_waits_for_the_format_as_well)
{
	struct mock_drive *m = mock_new();

	begin_dvd_plus_rw(m);
	m->slept_ms = 0;
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	mock_sense(m, SYNC, 2, 0x04, 0x04);
	mock_sense(m, SYNC, 2, 0x04, 0x07);
	mock_good(m, SYNC);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	ck_assert_uint_ge(m->slept_ms, 1000);
	mock_done(m);
}
END_TEST

/* ---- asked in between --------------------------------------------------- */

/* Attentions come in bursts, and meet the question as well. */
START_TEST(a_question_in_between_may_meet_attentions)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	mock_sense(m, TRACK_FF, 6, 0x5a, 0x01);
	mock_sense(m, TRACK_FF, 6, 0x3f, 0x01);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_done(m);
}
END_TEST

START_TEST(attentions_of_a_question_have_an_end)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	for (int i = 0; i < 20; i++)
		mock_sense(m, TRACK_FF, 6, 0x2a, 0x01);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* A change that shows in a question is one; a reset is, too. */
START_TEST(a_question_in_between_may_tell_of_another_disc)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	mock_sense(m, TRACK_FF, 6, _i ? 0x29 : 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 _i ? LATHE_ERR_STATE : LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* A reserved track is not the invisible one. */
START_TEST(a_reserved_track_is_asked_by_its_number)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_medium(
		0x1b, LATHE_MMC_KIND_DVD_PLUS_R, LATHE_MMC_STATUS_APPENDABLE);

	medium.sessions = 1;
	medium.has_next_writable = true;
	medium.next_writable = 0x1000;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_speed(m);
	mock_track(m, TRACK_FF, 3, 0x9000, 0x9000, 2000000);
	mock_track(m, TRACK_2, 2, 0x1000, 0x1000, 0x8000);
	mock_spoil(m, 6, 0x81);
	mock_begin_on(m, &medium, &appendable, 0x1000);
	mock_sense(m, "2a 00 00 00 10 00 00 00 10 00", 0xb, 0x4e, 0x00);
	mock_track(m, TRACK_2, 2, 0x1000, 0x1000, 0x8000);
	mock_good(m, "2a 00 00 00 10 00 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0x1000, 16, blocks));
	mock_done(m);
}
END_TEST

/* So is that of a DVD-R, of which the invisible one is not asked. */
START_TEST(the_track_of_a_dvd_r_is_asked_by_its_number)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_medium(
		0x11, LATHE_MMC_KIND_DVD_R, LATHE_MMC_STATUS_APPENDABLE);

	medium.sessions = 1;
	medium.has_next_writable = true;
	medium.next_writable = 0x10000;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_speed(m);
	mock_write_page(m, NULL, "60 e5 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_track(m, TRACK_2, 2, 0x10000, 0x10000, 2000000);
	mock_begin_on(m, &medium, &appendable, 0x10000);
	mock_sense(m, "2a 00 00 01 00 00 00 00 10 00", 0xb, 0x4e, 0x00);
	mock_track(m, TRACK_2, 2, 0x10000, 0x10000, 2000000);
	mock_good(m, "2a 00 00 01 00 00 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0x10000, 16, blocks));
	mock_done(m);
}
END_TEST

/* Fetched sense data count as if they had come; those of a REQUEST SENSE that
 * failed are none. */
START_TEST(fetched_sense_data_are_judged_as_well)
{
	struct mock_drive *m = mock_new();

	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 00 00000000 0a 00000000 04 01 00 000000");
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 02 00000000 0a 00000000 04 01 00 000000");
	m->steps[m->count - 1].status = 0x08;
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->asc, 0);
	/* A key alone is something. */
	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 04 00000000 0a 00000000 00 00 00 000000");
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 4);
	mock_done(m);
}
END_TEST

/* ---- the hook ----------------------------------------------------------- */

START_TEST(cancel_can_be_left_unheard)
{
	struct mock_drive *m = mock_new();

	m->cancel_at = 1;
	ck_assert(lathe_mmc_heed_cancel(&m->mmc, false));
	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 60000));
	ck_assert(!lathe_mmc_heed_cancel(&m->mmc, true));
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_CANCELLED);
	mock_done(m);
}
END_TEST

/* What was begun is ended, whoever has lost patience. */
START_TEST(a_track_is_ended_in_spite_of_cancel)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	m->cancel_at = 1;
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc retries");
	TCase *t = tcase_create("all");

	tcase_add_test(t, the_tray_is_not_moved_twice);
	tcase_add_test(t, a_lost_answer_is_the_end_where_something_can_be_lost);
	tcase_add_test(t, an_answer_that_is_too_large_is_an_error);
	tcase_add_test(t, a_toc_is_cut_at_what_its_command_can_say);
	tcase_add_test(t, each_try_begins_without_results);
	tcase_add_test(t, old_sense_data_explain_no_later_failure);
	tcase_add_test(t, more_than_all_is_all);
	tcase_add_test(t, questions_and_settings_are_sent_again);
	tcase_add_test(t, a_mode_page_is_sent_again_and_has_to_arrive_whole);
	tcase_add_test(t, aborts_without_end_are_an_error);
	tcase_add_test(t, a_rewritable_block_is_sent_again_at_once);
	tcase_add_test(t, a_recovered_error_of_earlier_writes_is_none);
	tcase_add_test(t, a_recovered_write_has_to_be_whole);
	tcase_add_loop_test(t, what_was_not_sent_has_reset_nothing, 0, 3);
	tcase_add_test(t, while_a_track_is_open_no_unit_is_started);
	tcase_add_test(t, a_write_that_comes_too_early_gets_a_flush);
	tcase_add_loop_test(t, a_flush_that_tells_of_lost_data, 0, 2 * TOLD);
	tcase_add_loop_test(t, a_flush_in_front_of_all_data, 0, TOLD);
	tcase_add_test(t, a_start_that_tells_of_lost_data);
	tcase_add_test(t, other_sequence_errors_get_no_flush);
	tcase_add_test(t, the_flush_waits_for_the_format_as_well);
	tcase_add_test(t, a_question_in_between_may_meet_attentions);
	tcase_add_test(t, attentions_of_a_question_have_an_end);
	tcase_add_loop_test(t, a_question_in_between_may_tell_of_another_disc,
			    0, 2);
	tcase_add_test(t, a_reserved_track_is_asked_by_its_number);
	tcase_add_test(t, the_track_of_a_dvd_r_is_asked_by_its_number);
	tcase_add_test(t, fetched_sense_data_are_judged_as_well);
	tcase_add_test(t, cancel_can_be_left_unheard);
	tcase_add_test(t, a_track_is_ended_in_spite_of_cancel);
	suite_add_tcase(s, t);
	return run_suite(s);
}
