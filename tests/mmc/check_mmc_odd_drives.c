/* SPDX-License-Identifier: MIT */
/*
 * Drives and transports that answer what nobody expects: numbers that can not
 * be, answers that are cut or never end.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

/* ---- the tray ----------------------------------------------------------- */

START_TEST(the_tray_stands_still_while_a_track_is_open)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_mmc_load(&m->mmc), LATHE_ERR_STATE);
	mock_done(m);
}
END_TEST

/* The kernel may eat the attention of the disc that comes in next: an eject
 * ends what was known of the last one. */
START_TEST(a_session_is_not_closed_on_the_disc_behind_an_eject)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	mock_begin(m);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 2);
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), 0);
	mock_good(m, ALLOW);
	mock_good(m, "1b 00 00 00 02 00");
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* ---- time --------------------------------------------------------------- */

/* 1 kB/s, as the current speed, can not be: 1x is 176. */
START_TEST(a_senseless_speed_makes_no_long_pauses)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_spoil(m, 8 + 20, 0x00);
	mock_spoil(m, 8 + 21, 0x01);
	ck_assert_int_eq(lathe_mmc_set_write_speed(&m->mmc, 0), 0);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x08);
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	ck_assert_uint_ge(m->slept_ms, 100);
	ck_assert_uint_le(m->slept_ms, 1000);
	mock_done(m);
}
END_TEST

static uint64_t backward_ms;

static uint64_t backward_clock(void *ctx)
{
	(void)ctx;
	return backward_ms -= 1000;
}

/* Somebody sets the clock back: that is no time that has passed. */
START_TEST(a_clock_that_runs_backward_ends_no_wait_early)
{
	struct mock_drive *m = mock_new();

	backward_ms = UINT64_MAX;
	m->config.now_ms = backward_clock;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	for (int i = 0; i < 5; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 10000), 0);
	ck_assert_uint_eq(m->slept_ms, 100 + 200 + 400 + 500 + 500);
	mock_done(m);
}
END_TEST

/* ---- answers ------------------------------------------------------------ */

START_TEST(an_inquiry_that_is_cut_names_no_drive)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_drive drive = { .device_type = 0x77 };

	mock_reply(m, INQUIRY, "05 80 05 32 1f 00 00 00 4c41544845202020");
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive),
			 LATHE_ERR_CORRUPT);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->opcode, 0x12);
	mock_cause(m, INQUIRY, LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive),
			 LATHE_ERR_NO_DEVICE);
	ck_assert_uint_eq(drive.device_type, 0x77);
	mock_done(m);
}
END_TEST

/* FFFFh announced: as much as there is room for is asked for. */
START_TEST(a_toc_without_end_is_cut_at_the_room)
{
	struct mock_drive *m = mock_new();
	uint8_t toc[24] = { 0 };
	size_t moved = 0;

	mock_reply(m, FULL_TOC_HEAD, "ffff 01 01");
	mock_reply(m, "43 02 02 00 00 00 01 00 18 00",
		   "ffff 01 01 01 14 00 a0 00 00 00 00 01 00 00");
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc),
						 &moved),
			 0);
	ck_assert_uint_eq(moved, 15);
	/* One that says it has nothing but its header. */
	mock_reply(m, FULL_TOC_HEAD, "0002 00 00");
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc),
						 &moved),
			 0);
	ck_assert_uint_eq(moved, 4);
	/* And one that shrinks between two questions. */
	mock_reply(m, FULL_TOC_HEAD, "000d 01 01");
	mock_reply(m, "43 02 02 00 00 00 01 00 0f 00",
		   "0002 00 00 01 14 00 a0 00 00 00 00 01 00 00");
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc),
						 &moved),
			 0);
	ck_assert_uint_eq(moved, 4);
	mock_done(m);
}
END_TEST

START_TEST(mode_pages_of_any_length)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	/* Too short to hold the session format. */
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_reply(m, SENSE_05_FIRST, "000c 000000000000 05 04 00000000");
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_UNSUPPORTED);
	/* More than there is room for: the page in it counts. */
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_reply(m, SENSE_05_FIRST, "0fff 000000000000 05 07 41c408000000");
	mock_reply(m, "5a 08 05 00 00 00 00 01 40 00",
		   "0fff 000000000000 05 07 41c40800000000 2a 14");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 0);
	mock_done(m);
}
END_TEST

START_TEST(an_aborted_calibration_is_not_repeated)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_spoil(m, 33, 0); /* OPC entries */
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, "41 c4 08 00 00 00 00", "41 c4 08 00 00 00 00");
	mock_sense(m, OPC, 0xb, 0x00, 0x00);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->opcode, 0x54);
	mock_done(m);
}
END_TEST

/* ---- what a WRITE has done ---------------------------------------------- */

static void aborted_write(struct mock_drive *m)
{
	mock_begin(m);
	mock_sense(m, WRITE_0_16, 0xb, 0x00, 0x00);
}

/* The question what an aborted WRITE has taken may itself go wrong: then
 * nothing is proven, and nothing is sent again. */
START_TEST(without_proof_no_write_is_repeated)
{
	struct mock_drive *m = mock_new();

	aborted_write(m);
	switch (_i) {
	case 0:
		mock_cause(m, TRACK_FF, LATHE_CAUSE_TIMED_OUT);
		break;
	case 1:
		mock_deferred(m, TRACK_FF, 3, 0x0c, 0x00);
		break;
	case 2:
		mock_sense(m, TRACK_FF, 6, 0x28, 0x00);
		break;
	case 3:
		mock_sense(m, TRACK_FF, 6, 0x29, 0x00);
		break;
	case 4:
		mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
		break;
	case 5:
		mock_status(m, TRACK_FF, 0x08);
		break;
	case 6: /* cut short */
		mock_reply(m, TRACK_FF, "0022 01 01 0004 41 01 00000000");
		break;
	case 7: /* no valid address */
		mock_track(m, TRACK_FF, 1, 0, 0, 359845);
		mock_spoil(m, 7, 0x00);
		break;
	case 8: /* half of it was taken */
		mock_track(m, TRACK_FF, 1, 0, 8, 359837);
		break;
	default: /* busy for ever */
		for (int i = 0; i < 20; i++)
			mock_sense(m, TRACK_FF, 2, 0x04, 0x07);
		break;
	}
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->opcode, 0x2a);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->key, 0xb);
	mock_done(m);
}
END_TEST

START_TEST(a_recovered_question_is_an_answer)
{
	struct mock_drive *m = mock_new();
	struct mock_step *s;

	aborted_write(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	s = &m->steps[m->count - 1];
	s->status = 0x02;
	s->sense_len = 18;
	s->sense[0] = 0x70;
	s->sense[2] = 0x1;
	s->sense[7] = 10;
	s->has_moved = true;
	s->moved = 36;
	mock_good(m, WRITE_0_16);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks), 0);
	mock_done(m);
}
END_TEST

/* ---- transports that lie ------------------------------------------------ */

static int boastful_execute(void *ctx, struct lathe_cmd *cmd)
{
	(void)ctx;
	if (cmd->data_len)
		memset(cmd->data, 0xff, cmd->data_len);
	cmd->moved = UINT32_MAX;
	cmd->sense_len = 255;
	memset(cmd->sense, 0xff, sizeof(cmd->sense));
	cmd->sense[0] = 0x72;
	cmd->sense[1] = 0x05;
	cmd->status = cmd->cdb[0] == 0x12 ? 0x00 : 0x02;
	return 0;
}

/* More data and more sense than there is room for: neither is looked at. */
START_TEST(a_transport_can_not_make_us_read_past_our_room)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_drive drive;
	struct lathe_mmc_medium medium;
	uint8_t toc[8];
	size_t moved = 5;

	m->config.execute = boastful_execute;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	/* 1Fh: no device. */
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(lathe_mmc_read_medium(&m->mmc, &medium),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc),
						 &moved),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(moved, 5);
	mock_done(m);
}
END_TEST

static void keep_line(void *ctx, const char *text, size_t len)
{
	char *out = ctx;

	ck_assert_uint_lt(len, 2000);
	memcpy(out, text, len);
	out[len] = '\0';
}

START_TEST(a_log_writes_no_more_than_there_is_room_for)
{
	static struct lathe_mmc_scsi_log log;
	uint8_t data[4] = { 0 };
	char line[2000] = "", *sense;
	struct lathe_cmd cmd = { .cdb = { 0x12, 0, 0, 0, 4 },
				 .cdb_len = 6,
				 .data = data,
				 .data_len = 4,
				 .timeout_ms = 1000 };

	log.execute = boastful_execute;
	log.line = keep_line;
	log.line_ctx = line;
	ck_assert_int_eq(lathe_mmc_scsi_log_execute(&log, &cmd), 0);
	ck_assert_ptr_nonnull(strstr(line, " in=4 data=ffffffff status=00 "));
	sense = strstr(line, " sense=7205ff");
	ck_assert_ptr_nonnull(sense);
	ck_assert_uint_eq(strlen(sense), strlen(" sense=") + 2 * 64);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc odd drives");
	TCase *t = tcase_create("all");

	tcase_add_test(t, the_tray_stands_still_while_a_track_is_open);
	tcase_add_test(t, a_session_is_not_closed_on_the_disc_behind_an_eject);
	tcase_add_test(t, a_senseless_speed_makes_no_long_pauses);
	tcase_add_test(t, a_clock_that_runs_backward_ends_no_wait_early);
	tcase_add_test(t, an_inquiry_that_is_cut_names_no_drive);
	tcase_add_test(t, a_toc_without_end_is_cut_at_the_room);
	tcase_add_test(t, mode_pages_of_any_length);
	tcase_add_test(t, an_aborted_calibration_is_not_repeated);
	tcase_add_loop_test(t, without_proof_no_write_is_repeated, 0, 10);
	tcase_add_test(t, a_recovered_question_is_an_answer);
	tcase_add_test(t, a_transport_can_not_make_us_read_past_our_room);
	tcase_add_test(t, a_log_writes_no_more_than_there_is_room_for);
	suite_add_tcase(s, t);
	return run_suite(s);
}
