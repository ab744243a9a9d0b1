/* SPDX-License-Identifier: MIT */
/*
 * What the engine does about every kind of answer, seen from the wire: a mock
 * drive expects the very commands that have to follow.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define READ_0_4 "28 00 00 00 00 00 00 00 04 00"
#define WRITE_16_16 "2a 00 00 00 00 10 00 00 10 00"
#define EJECT "1b 00 00 00 02 00"
#define START "1b 00 00 00 01 00"
#define REQUEST_SENSE "03 00 00 00 12 00"

static uint8_t blocks[64 * 2048];

static const struct lathe_failure *failure(struct mock_drive *m)
{
	return lathe_mmc_failure(&m->mmc);
}

/* ---- not ready ---------------------------------------------------------- */

START_TEST(becoming_ready_is_waited_for)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x3e, 0x00);
	/* The code counts, not the key. */
	mock_sense(m, TUR, 5, 0x04, 0x01);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	ck_assert_uint_gt(m->slept_ms, 300);
	ck_assert_int_eq(failure(m)->err, 0);
	mock_done(m);
}
END_TEST

START_TEST(patience_has_an_end)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 0), LATHE_ERR_TIMEOUT);
	ck_assert_uint_eq(m->slept_ms, 0);
	for (int i = 0; i < 4; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	/* 100 + 200 + 200 ms, then no more. */
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 500), LATHE_ERR_TIMEOUT);
	ck_assert_uint_eq(m->slept_ms, 500);
	ck_assert_uint_eq(failure(m)->asc, 0x04);
	ck_assert_uint_eq(failure(m)->opcode, 0x00);
	mock_done(m);
}
END_TEST

START_TEST(not_ready_for_no_reason_is_waited_for_five_seconds)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 13; i++)
		mock_sense(m, TUR, 2, 0x04, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_TIMEOUT);
	ck_assert_uint_ge(m->slept_ms, 5000);
	ck_assert_uint_le(m->slept_ms, 6000);
	free(m);
}
END_TEST

START_TEST(a_stopped_unit_is_started_once)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x02);
	mock_good(m, START);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	mock_sense(m, TUR, 2, 0x04, 0x03);
	mock_good(m, START);
	mock_sense(m, TUR, 2, 0x04, 0x03);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(an_empty_drive_is_told_at_once)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x3a, 0x02);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_NO_MEDIUM);
	ck_assert_uint_eq(m->slept_ms, 0);
	ck_assert_uint_eq(failure(m)->ascq, 0x02);
	ck_assert_ptr_nonnull(strstr(failure(m)->text, "tray open"));
	mock_done(m);
}
END_TEST

START_TEST(an_illegal_request_with_another_key_starts_no_wait)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_track track;

	mock_sense(m, "52 01 00 00 00 05 00 00 24 00", 2, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_read_track(&m->mmc, 5, &track),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(m->slept_ms, 0);
	mock_done(m);
}
END_TEST

START_TEST(busy_and_full_task_sets_are_tried_again)
{
	struct mock_drive *m = mock_new();

	mock_status(m, TUR, 0x08);
	mock_status(m, TUR, 0x28);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	ck_assert_uint_ge(m->slept_ms, 300);
	mock_status(m, TUR, 0x18);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), LATHE_ERR_BUSY);
	mock_status(m, TUR, 0x40);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), LATHE_ERR_SENSE);
	ck_assert_uint_eq(failure(m)->status, 0x40);
	mock_done(m);
}
END_TEST

START_TEST(cancel_is_heard_while_waiting)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	m->cancel_at = 2;
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_CANCELLED);
	mock_done(m);
}
END_TEST

/* ---- unit attentions ---------------------------------------------------- */

START_TEST(attentions_are_dropped_and_remembered)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 6, 0x29, 0x00);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_sense(m, TUR, 6, 0x2a, 0x01);
	mock_sense(m, TUR, 6, 0x5a, 0x01);
	mock_sense(m, TUR, 6, 0x99, 0x00);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert(lathe_mmc_media_changed(&m->mmc));
	ck_assert(!lathe_mmc_media_changed(&m->mmc));
	/* Parameters and buttons say nothing of the medium. */
	mock_sense(m, TUR, 6, 0x2a, 0x01);
	mock_sense(m, TUR, 6, 0x5a, 0x01);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert(!lathe_mmc_media_changed(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(attentions_without_end_are_an_error)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 9; i++)
		mock_sense(m, TUR, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* ---- sense data --------------------------------------------------------- */

START_TEST(sense_that_did_not_come_is_asked_for)
{
	struct mock_drive *m = mock_new();

	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 02 00000000 0a 00000000 3a 01 00 000000");
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_NO_MEDIUM);
	/* None at all: an error, whatever it was. */
	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 00 00000000 0a 00000000 00 00 00 000000");
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	ck_assert_uint_eq(failure(m)->key, 0);
	mock_done(m);
}
END_TEST

START_TEST(recovered_errors_are_success_with_a_warning)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 1, 0x73, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert_uint_eq(m->warnings, 1);
	mock_done(m);
}
END_TEST

START_TEST(a_locked_tray_is_unlocked_once)
{
	struct mock_drive *m = mock_new();

	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 5, 0x53, 0x02);
	mock_good(m, ALLOW);
	mock_good(m, EJECT);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), 0);
	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 2, 0x53, 0x02);
	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 2, 0x53, 0x02);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_late_error_of_somebody_else_costs_a_repetition)
{
	struct mock_drive *m = mock_new();

	mock_deferred(m, TUR, 3, 0x0c, 0x00);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert_uint_eq(m->warnings, 1);
	for (int i = 0; i < 4; i++)
		mock_deferred(m, TUR, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	ck_assert(failure(m)->deferred);
	mock_done(m);
}
END_TEST

/* ---- the way to the drive ----------------------------------------------- */

START_TEST(causes_become_errors)
{
	static const struct {
		uint8_t cause;
		int tries, err;
	} cases[] = {
		{ LATHE_CAUSE_REFUSED, 1, LATHE_ERR_DENIED },
		{ LATHE_CAUSE_TOO_LARGE, 1, LATHE_ERR_UNSUPPORTED },
		{ LATHE_CAUSE_GONE, 1, LATHE_ERR_NO_DEVICE },
		{ LATHE_CAUSE_TIMED_OUT, 2, LATHE_ERR_TRANSPORT },
		{ LATHE_CAUSE_RESET, 2, LATHE_ERR_TRANSPORT },
	};
	struct mock_drive *m = mock_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (int t = 0; t < cases[i].tries; t++)
			mock_cause(m, TUR, cases[i].cause);
		ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
				 cases[i].err);
		ck_assert_uint_eq(failure(m)->cause, cases[i].cause);
	}
	mock_done(m);
}
END_TEST

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
	ck_assert(failure(m)->has_lba);
	ck_assert_uint_eq(failure(m)->lba, 2);
	ck_assert_uint_eq(failure(m)->asc, 0x11);
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

	mock_sense(m, "28 08 00 00 00 00 00 00 04 00", 5, 0x24, 0x00);
	mock_good(m, READ_0_4);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, true, blocks), 0);
	ck_assert_uint_eq(m->warnings, 1);
	/* Where it was not the bit, the error stands. */
	mock_sense(m, "28 08 00 00 00 00 00 00 04 00", 5, 0x24, 0x00);
	mock_sense(m, READ_0_4, 5, 0x24, 0x00);
	mock_sense(m, "28 00 00 00 00 00 00 00 01 00", 5, 0x24, 0x00);
	mock_sense(m, "28 00 00 00 00 00 00 00 01 00", 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, true, blocks),
			 LATHE_ERR_SENSE);
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

/* ---- writing ------------------------------------------------------------ */

START_TEST(a_full_buffer_gets_the_same_write_again)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	m->slept_ms = 0;
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	/* At 4x, 706 kB/s, makers ask for 220 ms. */
	ck_assert_uint_ge(m->slept_ms, 2 * 219);
	ck_assert_uint_le(m->slept_ms, 2 * 230);
	mock_done(m);
}
END_TEST

START_TEST(a_late_write_error_is_the_earlier_writes)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_deferred(m, WRITE_16_16, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	ck_assert(failure(m)->deferred);
	ck_assert_uint_eq(failure(m)->opcode, 0x2a);
	ck_assert(failure(m)->has_lba);
	ck_assert_uint_eq(failure(m)->lba, 0);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 16);
	mock_done(m);
}
END_TEST

START_TEST(a_late_write_error_on_the_flush_or_close_is_told)
{
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	switch (_i) {
	case 0:
		mock_deferred_at(m, SYNC, 3, 0x0c, 0x00, 5);
		break;
	case 1:
		mock_good(m, SYNC);
		mock_deferred_at(m, TUR, 3, 0x0c, 0x00, 5);
		break;
	case 2:
		mock_good(m, SYNC);
		mock_busy(m, TUR, 0);
		mock_good(m, TUR);
		mock_deferred_at(m, DISC_INFO, 3, 0x0c, 0x00, 5);
		break;
	default:
		mock_good(m, SYNC);
		mock_good(m, TUR);
		mock_disc_info(m, 1, 1, 1, 2);
		mock_track(m, "52 01 00 00 00 01 00 00 24 00", 1, 0, 0, 0);
		ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), 0);
		/* The page's audio pause is missing, so it is written. */
		mock_write_page(m, "41 c4 08 00 00 00 00",
				"41 c4 08 00 00 00 00");
		mock_deferred_at(m, CLOSE, 3, 0x0c, 0x00, 5);
		ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium,
							 false),
				 LATHE_ERR_SENSE);
		break;
	}
	if (_i < 3)
		ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_SENSE);
	ck_assert(failure(m)->deferred);
	ck_assert_uint_eq(failure(m)->opcode, 0x2a);
	ck_assert_uint_eq(failure(m)->lba, 5);
	mock_done(m);
}
END_TEST

START_TEST(an_aborted_write_is_repeated_if_nothing_was_taken)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	/* Now some of it was. */
	mock_sense(m, WRITE_16_16, 0xb, 0x4e, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 20, 359825);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(failure(m)->key, 0xb);
	ck_assert_uint_eq(failure(m)->lba, 16);
	/* And now the drive does not say. */
	mock_sense(m, WRITE_16_16, 0xb, 0x4e, 0x00);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(failure(m)->key, 0xb);
	mock_done(m);
}
END_TEST

START_TEST(a_short_write_is_an_error)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_short(m, WRITE_0_16, 16384);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 0);
	mock_done(m);
}
END_TEST

START_TEST(padding_blocks_in_between_shift_the_rest)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 1, 0x0c, 0x0a);
	m->steps[m->count - 1].has_moved = true;
	m->steps[m->count - 1].moved = 32768;
	mock_track(m, TRACK_FF, 1, 0, 16, 359829);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_sense(m, WRITE_16_16, 1, 0x0c, 0x0a);
	mock_track(m, TRACK_FF, 1, 0, 39, 359800);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(attentions_while_recording)
{
	static const struct {
		unsigned asc, ascq;
		bool goes_on;
	} cases[] = {
		{ 0x29, 0x00, false },
		{ 0x28, 0x00, false },
		{ 0x2a, 0x01, true },
		{ 0x5a, 0x01, true },
	};
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, cases[_i].asc, cases[_i].ascq);
	if (cases[_i].goes_on) {
		mock_track(m, TRACK_FF, 1, 0, 0, 359845);
		mock_good(m, WRITE_0_16);
	}
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 cases[_i].goes_on ? 0 : LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(writes_are_never_repeated_blindly)
{
	static const struct {
		unsigned key, asc, ascq;
	} cases[] = {
		{ 5, 0x2c, 0x00 }, { 5, 0x21, 0x02 }, { 5, 0x63, 0x00 },
		{ 5, 0x64, 0x00 }, { 3, 0x0c, 0x00 }, { 3, 0x0c, 0x09 },
		{ 4, 0x09, 0x00 }, { 7, 0x27, 0x00 }, { 5, 0x30, 0x05 },
	};
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, cases[_i].key, cases[_i].asc, cases[_i].ascq);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(failure(m)->key, cases[_i].key);
	ck_assert_uint_eq(failure(m)->asc, cases[_i].asc);
	ck_assert_uint_eq(failure(m)->ascq, cases[_i].ascq);
	ck_assert_uint_eq(m->slept_ms, 0);
	mock_done(m);
}
END_TEST

START_TEST(a_write_without_answer_is_not_repeated)
{
	static const uint8_t causes[] = { LATHE_CAUSE_TIMED_OUT,
					  LATHE_CAUSE_RESET, LATHE_CAUSE_GONE };
	struct mock_drive *m = mock_new();
	bool possible = true;
	uint32_t next;

	mock_begin(m);
	mock_cause(m, WRITE_0_16, causes[_i]);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 causes[_i] == LATHE_CAUSE_GONE ? LATHE_ERR_NO_DEVICE
							: LATHE_ERR_TRANSPORT);
	if (causes[_i] != LATHE_CAUSE_GONE) {
		/* The drive counts as reset: its answer is "no". */
		mock_sense(m, TUR, 6, 0x29, 0x00);
		mock_good(m, TUR);
		mock_disc_info(m, 1, 1, 1, 1);
		mock_track(m, TRACK_FF, 1, 0, 16, 359829);
		ck_assert_int_eq(lathe_mmc_resync(&m->mmc, &possible, &next),
				 0);
		ck_assert(!possible);
	}
	mock_done(m);
}
END_TEST

START_TEST(cancel_leaves_a_position_to_go_on_from)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	m->cancel_at = (uint32_t)m->count;
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 64, blocks),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(lathe_mmc_write_position(&m->mmc), 16);
	m->cancel_at = 0;
	mock_good(m, WRITE_16_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks), 0);
	mock_done(m);
}
END_TEST

START_TEST(writes_have_to_follow_each_other)
{
	struct mock_drive *m = mock_new();

	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_STATE);
	mock_begin(m);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 1, 16, blocks),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 0, blocks), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 1, false, blocks),
			 LATHE_ERR_STATE);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_ARG);
	lathe_mmc_abandon_track(&m->mmc);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

START_TEST(too_large_writes_are_halved_and_sent_from_the_same_place)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_cause(m, WRITE_0_16, LATHE_CAUSE_TOO_LARGE);
	mock_good(m, "2a 00 00 00 00 00 00 00 08 00");
	mock_good(m, "2a 00 00 00 00 08 00 00 08 00");
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&m->mmc), 8);
	mock_done(m);
}
END_TEST

START_TEST(a_busy_drive_is_asked_again_what_it_took)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x4e, 0x00);
	mock_sense(m, TRACK_FF, 2, 0x04, 0x08);
	mock_sense(m, TRACK_FF, 2, 0x04, 0x07);
	mock_track(m, TRACK_FF, 1, 0, 0xffffff6a, 359845);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	/* A late error in between is the end of it, and is not lost. */
	mock_sense(m, WRITE_16_16, 0xb, 0x4e, 0x00);
	m->warnings = 0;
	mock_deferred(m, TRACK_FF, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(m->warnings, 1);
	mock_done(m);
}
END_TEST

START_TEST(nothing_is_written_after_a_reset_or_a_change)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x29, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_STATE);
	lathe_mmc_abandon_track(&m->mmc);

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_WRONG_DISC);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

START_TEST(no_sense_means_done)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 0, 0x00, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	mock_done(m);
}
END_TEST

static uint64_t stopped(void *ctx)
{
	(void)ctx;
	return 7;
}

START_TEST(a_clock_that_stands_still_ends_no_wait_later)
{
	struct mock_drive *m = mock_new();

	m->mmc.config.now_ms = stopped;
	for (int i = 0; i < 4; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 500), LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

START_TEST(a_broken_configuration_is_refused)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_config c = m->config;
	struct lathe_mmc mmc;

	c.size--;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.execute = NULL;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.now_ms = NULL;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.sleep_ms = NULL;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.max_transfer = 1;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), 0);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&mmc), 1);
	free(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc runner");
	TCase *t = tcase_create("all");

	tcase_add_test(t, becoming_ready_is_waited_for);
	tcase_add_test(t, patience_has_an_end);
	tcase_add_test(t, not_ready_for_no_reason_is_waited_for_five_seconds);
	tcase_add_test(t, a_stopped_unit_is_started_once);
	tcase_add_test(t, an_empty_drive_is_told_at_once);
	tcase_add_test(t, an_illegal_request_with_another_key_starts_no_wait);
	tcase_add_test(t, busy_and_full_task_sets_are_tried_again);
	tcase_add_test(t, cancel_is_heard_while_waiting);
	tcase_add_test(t, attentions_are_dropped_and_remembered);
	tcase_add_test(t, attentions_without_end_are_an_error);
	tcase_add_test(t, sense_that_did_not_come_is_asked_for);
	tcase_add_test(t, recovered_errors_are_success_with_a_warning);
	tcase_add_test(t, a_locked_tray_is_unlocked_once);
	tcase_add_test(t, a_late_error_of_somebody_else_costs_a_repetition);
	tcase_add_test(t, causes_become_errors);
	tcase_add_test(t, too_large_reads_are_halved_for_good);
	tcase_add_test(t, one_block_is_never_too_large_to_be_tried);
	tcase_add_test(t, a_lost_block_is_named);
	tcase_add_test(t, a_short_read_is_read_again_and_then_an_error);
	tcase_add_test(t, aborted_reads_are_repeated);
	tcase_add_test(t, a_drive_without_fua_is_read_through_its_cache);
	tcase_add_test(t, whoever_knows_the_disc_gets_no_other_ones_blocks);
	tcase_add_test(t, reads_are_checked_before_anything_is_sent);
	tcase_add_test(t, a_busy_drive_is_asked_again_what_it_took);
	tcase_add_test(t, nothing_is_written_after_a_reset_or_a_change);
	tcase_add_test(t, no_sense_means_done);
	tcase_add_test(t, a_clock_that_stands_still_ends_no_wait_later);
	tcase_add_test(t, answers_are_believed_as_far_as_they_came);
	tcase_add_test(t, a_full_buffer_gets_the_same_write_again);
	tcase_add_test(t, a_late_write_error_is_the_earlier_writes);
	tcase_add_loop_test(t, a_late_write_error_on_the_flush_or_close_is_told,
			    0, 4);
	tcase_add_test(t, an_aborted_write_is_repeated_if_nothing_was_taken);
	tcase_add_test(t, a_short_write_is_an_error);
	tcase_add_test(t, padding_blocks_in_between_shift_the_rest);
	tcase_add_loop_test(t, attentions_while_recording, 0, 4);
	tcase_add_loop_test(t, writes_are_never_repeated_blindly, 0, 9);
	tcase_add_loop_test(t, a_write_without_answer_is_not_repeated, 0, 3);
	tcase_add_test(t, cancel_leaves_a_position_to_go_on_from);
	tcase_add_test(t, writes_have_to_follow_each_other);
	tcase_add_test(
		t, too_large_writes_are_halved_and_sent_from_the_same_place);
	tcase_add_test(t, a_broken_configuration_is_refused);
	suite_add_tcase(s, t);
	return run_suite(s);
}
