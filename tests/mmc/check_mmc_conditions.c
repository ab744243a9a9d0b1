/* SPDX-License-Identifier: MIT */
/*
 * Under which conditions a track is begun, goes on and is written: what the
 * disc has to be, what may be asked for, and which bytes are refused.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

static int begin(struct mock_drive *m, const struct lathe_mmc_medium *medium)
{
	uint32_t start;

	return lathe_mmc_begin_track(&m->mmc, medium, &appendable, &start);
}

/* ---- the same disc ------------------------------------------------------ */

/* An id counts where both have one. */
START_TEST(ids_are_compared_where_both_have_one)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	medium.has_disc_id = _i != 0;
	medium.disc_id = _i == 3 ? 0x99 : 0x1234;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	if (_i != 1)
		mock_spoil(m, 7, 0x80);
	mock_spoil(m, 15, 0x99);
	if (_i != 2) {
		mock_sense(m, SPEED_MAX, 4, 0x44, 0x00);
		ck_assert_int_eq(begin(m, &medium), LATHE_ERR_SENSE);
	} else {
		ck_assert_int_eq(begin(m, &medium), LATHE_ERR_WRONG_DISC);
	}
	mock_done(m);
}
END_TEST

/* Somebody has begun a session on what was blank; it counts as none yet. Only
 * a BD-R calls itself appendable before that, and none final. */
START_TEST(a_blank_disc_is_blank_still)
{
	static const struct {
		bool bd;
		unsigned status, state;
	} cases[] = { { false, 1, 1 }, { true, 1, 1 }, { false, 1, 0 },
		      { true, 2, 0 } };
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium cd = mock_blank_medium();
	struct lathe_mmc_medium bd = mock_blank(0x41, LATHE_MMC_KIND_BD_R);

	mock_good(m, TUR);
	mock_disc_info(m, cases[_i].status, cases[_i].state, 1, 1);
	ck_assert_int_eq(begin(m, cases[_i].bd ? &bd : &cd),
			 LATHE_ERR_WRONG_DISC);
	mock_done(m);
}
END_TEST

/* A BD-R whose empty session is not counted is the same one; one on which
 * somebody has begun a session, or that has more, is not. */
START_TEST(a_begun_session_is_another_state)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_medium(
		0x41, LATHE_MMC_KIND_BD_R, LATHE_MMC_STATUS_APPENDABLE);

	medium.sessions = 1;
	medium.has_next_writable = true;
	mock_good(m, TUR);
	mock_disc_info(m, 1, _i == 1, _i == 2 ? 3 : 1, 1);
	if (_i == 0)
		mock_sense(m, STREAMING, 4, 0x44, 0x00);
	ck_assert_int_eq(begin(m, &medium),
			 _i ? LATHE_ERR_WRONG_DISC : LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* The last session counts where it is complete. */
START_TEST(complete_sessions_are_counted)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	medium.sessions = 2;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 3, 2, 2);
	mock_sense(m, SPEED_MAX, 4, 0x44, 0x00);
	ck_assert_int_eq(begin(m, &medium), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* A track in which nothing was written may be closed by being blank. */
START_TEST(a_track_without_blocks_is_ended)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &appendable, 0);
	mock_good(m, SYNC);
	mock_polled(m, 0, 0);
	mock_sense(m, "5b 01 01 00 00 01 00 00 00 00", 5, 0x24, 0x00);
	mock_track(m, TRACK_1, 1, 0, 0, 2295104);
	mock_track(m, TRACK_1, 1, 0, 0, 2295104);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

/* Whatever a blank disc's last session is called. */
START_TEST(the_sessions_of_a_blank_disc_do_not_count)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	mock_good(m, TUR);
	mock_disc_info(m, 0, 3, 1, 1);
	mock_sense(m, SPEED_MAX, 4, 0x44, 0x00);
	ck_assert_int_eq(begin(m, &medium), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* A cut disc may call itself blank, and is closed all the same. */
START_TEST(a_cut_disc_may_call_itself_blank)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	medium.status = LATHE_MMC_STATUS_UNFINISHED;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, SYNC, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* A CD is not recorded without its disc information. */
START_TEST(only_overwritable_media_do_without_disc_information)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	mock_good(m, TUR);
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	ck_assert_int_eq(begin(m, &medium), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* ---- what may be asked for ---------------------------------------------- */

START_TEST(a_track_goes_on_where_it_can)
{
	struct lathe_mmc_recording how = { .resume = true };
	struct lathe_mmc_medium medium = mock_medium(
		0x1b, LATHE_MMC_KIND_DVD_PLUS_R, LATHE_MMC_STATUS_UNFINISHED);
	struct mock_drive *m;

	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED); /* no address */
	medium.has_next_writable = true;
	medium.at_once_only = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.profile = 0x14; /* at once, which begins anew */
	medium.can_at_once = true;
	how.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	how.track_blocks = 32;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.write_mode = LATHE_MMC_WRITE_MODE_AUTO;
	/* Where nothing was cut there is nothing to go on with. */
	m = mock_new();
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	medium = mock_blank_medium();
	mock_begin_on(m, &medium, &how, 0);
	mock_done(m);
}
END_TEST

START_TEST(at_once_is_for_media_that_know_it)
{
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 32,
		.final = true,
	};
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	medium.can_at_once = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	/* A simulation has to be announced for this way. */
	medium = mock_blank_medium();
	medium.can_at_once = true;
	how.simulate = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	/* As the only way, it is for a blank disc. */
	medium = mock_one_session();
	medium.at_once_only = medium.can_at_once = true;
	how.simulate = false;
	how.write_mode = LATHE_MMC_WRITE_MODE_AUTO;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(the_start_is_for_overwritable_media)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .overwrite_start = 5 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &how, 0);
	mock_done(m);
}
END_TEST

START_TEST(a_reservation_is_for_a_known_length)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank(0x11, LATHE_MMC_KIND_DVD_R);
	struct lathe_mmc_recording how = { .reserve = true };

	if (_i)
		how.track_blocks = 33;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_write_page(m, NULL, "60 e5 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	if (_i)
		mock_good(m, "53 00 00 00 00 00 00 00 30 00");
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_begin_on(m, &medium, &how, 0);
	mock_done(m);
}
END_TEST

/* A calibration that a drive forbids is none; a late error is not its own. */
START_TEST(a_calibration_may_be_forbidden)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_spoil(m, 33, 0);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "41 c4 08 00 00 00 00");
	if (_i == 0) {
		mock_sense(m, OPC, 7, 0x27, 0x00);
		mock_track(m, TRACK_FF, 1, 0, 0, 359845);
		mock_begin_on(m, &medium, &appendable, 0);
	} else {
		for (int i = 0; i < 4; i++)
			mock_deferred(m, OPC, 5, 0x24, 0x00);
		ck_assert_int_eq(begin(m, &medium), LATHE_ERR_SENSE);
	}
	mock_done(m);
}
END_TEST

/* At once: the longest lead-out stands at 89:59:74; and it calibrates. */
START_TEST(the_longest_session_at_once)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 404849,
		.final = true,
	};

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "42 04 08 00 00 00 00");
	mock_sent(m, "5d 00 00 00 00 00 00 00 20 00",
		  "41 00 00 14 00 00 00 00 41 01 00 10 00 00 00 00 "
		  "41 01 01 10 00 00 02 00 41 aa 01 14 00 59 3b 4a");
	mock_begin_on(m, &medium, &how, 0);
	/* Its pre-gap is written as any block. */
	mock_good(m, "2a 00 ff ff ff 6a 00 00 01 00");
	mock_deferred(m, "2a 00 ff ff ff 6b 00 00 01 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x2a);
	mock_done(m);
}
END_TEST

/* ---- writing ------------------------------------------------------------ */

static void begin_bd_re(struct mock_drive *m, uint32_t lba)
{
	struct lathe_mmc_medium medium = mock_medium(
		0x43, LATHE_MMC_KIND_BD_RE, LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .stream = true,
					   .overwrite_start = lba };

	medium.can_stream = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
	mock_begin_on(m, &medium, &how, lba);
}

START_TEST(the_last_address_is_not_passed)
{
	struct mock_drive *m = mock_new();

	begin_bd_re(m, 0xffffffe0);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0xffffffe0, 32, blocks),
			 LATHE_ERR_ARG);
	mock_done(m);
}
END_TEST

/* A cluster's worth of blocks that is no cluster is not streamed. */
START_TEST(a_cluster_begins_at_its_own_address)
{
	struct mock_drive *m = mock_new();

	begin_bd_re(m, 0);
	mock_good(m, "2a 00 00 00 00 00 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_sense(m, "2a 00 00 00 00 10 00 00 20 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 32, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* Any block can be written anew, unless the drive was reset, or another disc is
 * in it. */
START_TEST(a_stretch_goes_on_unless_something_happened)
{
	struct mock_drive *m = mock_new();
	bool possible = _i != 0;
	uint32_t next = 99;

	begin_bd_re(m, 0);
	mock_sense(m, "aa 00 00 00 00 00 00 00 00 20 80 00",
		   _i == 2 ? 6 : 3, _i == 2 ? 0x28 : 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	if (_i == 1)
		mock_sense(m, TUR, 6, 0x29, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
	ck_assert_int_eq(possible, _i == 0);
	ck_assert_uint_eq(next, 0);
	mock_done(m);
}
END_TEST

START_TEST(a_track_without_address_does_not_go_on)
{
	struct mock_drive *m = mock_new();
	bool possible = true;
	uint32_t next = 99;

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK_1 : TRACK_FF, 1, 0, 0, 0);
		mock_spoil(m, 5, 0x24);
		mock_spoil(m, 7, 0x00);
	}
	mock_ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
	ck_assert(!possible);
	ck_assert_uint_eq(next, 0);
	mock_done(m);
}
END_TEST

/* ---- one track ---------------------------------------------------------- */

START_TEST(what_is_told_of_a_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_track track;

	/* Session 3, reserved, blank, of a mode that is not known; its number
	 * is in two bytes. */
	mock_reply(m, TRACK("ff"),
		   "0022 02 03 00 04 cf 03 ffffff69 ffffff6a 00001000 00000010 "
		   "00002000 00000fff 01 00 0000");
	mock_ok(m, lathe_mmc_read_track(&m->mmc, 255, &track));
	ck_assert_uint_eq(track.number, 258);
	ck_assert_uint_eq(track.session, 3);
	ck_assert(track.data && track.blank && track.reserved);
	ck_assert(!track.packet && !track.damaged);
	ck_assert(track.has_next_writable && track.has_last_recorded);
	ck_assert_uint_eq(track.data_mode, 0);
	/* -151 is before the pre-gap of a CD. */
	ck_assert_uint_eq(track.start, 0xffffff69);
	ck_assert_uint_eq(track.next_writable, 0);
	ck_assert_uint_eq(track.free_blocks, 0x1000);
	ck_assert_uint_eq(track.size_blocks, 0x2000);
	ck_assert_uint_eq(track.last_recorded, 0xfff);
	/* Audio, packets, damaged. */
	mock_reply(m, TRACK_1,
		   "0022 01 01 00 20 22 00 ffffff6a 00000000 00000000 00000010 "
		   "00002000 00000000 00 00 0000");
	mock_ok(m, lathe_mmc_read_track(&m->mmc, 1, &track));
	ck_assert(!track.data && !track.blank && !track.reserved);
	ck_assert(track.packet && track.damaged);
	ck_assert(!track.has_next_writable && !track.has_last_recorded);
	ck_assert_uint_eq(track.data_mode, 2);
	ck_assert_uint_eq(track.start, 0);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc conditions");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, ids_are_compared_where_both_have_one, 0, 4);
	tcase_add_loop_test(t, a_blank_disc_is_blank_still, 0, 4);
	tcase_add_loop_test(t, a_begun_session_is_another_state, 0, 3);
	tcase_add_test(t, complete_sessions_are_counted);
	tcase_add_test(t, a_track_without_blocks_is_ended);
	tcase_add_test(t, the_sessions_of_a_blank_disc_do_not_count);
	tcase_add_test(t, a_cut_disc_may_call_itself_blank);
	tcase_add_test(t, only_overwritable_media_do_without_disc_information);
	tcase_add_test(t, a_track_goes_on_where_it_can);
	tcase_add_test(t, at_once_is_for_media_that_know_it);
	tcase_add_test(t, the_start_is_for_overwritable_media);
	tcase_add_loop_test(t, a_reservation_is_for_a_known_length, 0, 2);
	tcase_add_loop_test(t, a_calibration_may_be_forbidden, 0, 2);
	tcase_add_test(t, the_longest_session_at_once);
	tcase_add_test(t, the_last_address_is_not_passed);
	tcase_add_test(t, a_cluster_begins_at_its_own_address);
	tcase_add_loop_test(t, a_stretch_goes_on_unless_something_happened, 0,
			    3);
	tcase_add_test(t, a_track_without_address_does_not_go_on);
	tcase_add_test(t, what_is_told_of_a_track);
	suite_add_tcase(s, t);
	return run_suite(s);
}
