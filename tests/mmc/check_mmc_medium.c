/* SPDX-License-Identifier: MIT */
/*
 * The medium as it is put together from a drive's answers: how the ordinary
 * ones are asked for, and what firmware makes of them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

/* ---- blank -------------------------------------------------------------- */

START_TEST(a_blank_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.profile, 0x0009);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_CD_R);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(medium.writable && medium.can_simulate && !medium.erasable);
	ck_assert(medium.has_next_writable);
	ck_assert_uint_eq(medium.next_writable, 0);
	ck_assert_uint_eq(medium.free_blocks, 359845);
	ck_assert_uint_eq(medium.capacity_blocks, 359845);
	ck_assert_uint_eq(medium.ecc_blocks, 1);
	/* 75 blocks of 2352 bytes. */
	ck_assert_uint_eq(medium.single_speed, 176400);
	ck_assert_uint_eq(medium.sessions, 0);
	ck_assert_uint_eq(medium.last_track, 0);
	ck_assert_uint_eq(medium.open_track, 1);
	mock_done(m);
}
END_TEST

START_TEST(a_blank_disc_that_begins_in_its_pre_gap)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	/* Pioneer BDR-205, LITE-ON LTR-48125S. */
	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0xffffff6a, 0xffffff6a, 359845);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert_uint_eq(medium.next_writable, 0);
	ck_assert_uint_eq(medium.capacity_blocks, 359845);
	mock_done(m);
}
END_TEST

START_TEST(a_blank_disc_whose_drive_knows_no_invisible_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	mock_track(m, TRACK("01"), 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert_uint_eq(medium.free_blocks, 359845);
	mock_done(m);
}
END_TEST

START_TEST(a_blank_disc_without_valid_address)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK("01") : TRACK_FF, 1, 0, 0, 359845);
		mock_spoil(m, 7, 0); /* NWA_V */
	}
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(medium.has_next_writable);
	ck_assert_uint_eq(medium.next_writable, 0);
	ck_assert_uint_eq(medium.free_blocks, 359845);
	mock_done(m);
}
END_TEST

START_TEST(a_left_over_test_write_is_switched_off_first)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_features(m, "0009", true, false);
	mock_write_page(m, "51 c4 08 00 00 00 20", NULL);
	mock_sent(m, SELECT_05,
		  "0000000000000000 05 32 41 c4 08 00 00 00 20 "
		  "00000000000000000000000000000000000000000000000000000000"
		  "000000000000000000000000000000");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	mock_done(m);
}
END_TEST

/* ---- appendable --------------------------------------------------------- */

static void one_session(struct mock_drive *m)
{
	/* The open session counts: two, with the invisible track 2. */
	mock_disc_info(m, 1, 0, 2, 2);
	mock_track(m, TRACK_FF, 2, 24800, 24800, 335045);
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
}

START_TEST(an_appendable_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	one_session(m);
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_spoil(m, 6, 0x01);
	mock_spoil(m, 7, 0x00);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.first_track, 1);
	ck_assert_uint_eq(medium.last_track, 1);
	ck_assert_uint_eq(medium.open_track, 2);
	ck_assert_uint_eq(medium.next_writable, 24800);
	ck_assert_uint_eq(medium.capacity_blocks, 359845);
	ck_assert_uint_eq(medium.readable_end, 0x45ec);
	ck_assert_uint_eq(medium.last_session_first_track, 1);
	ck_assert(medium.last_session_data);
	ck_assert_uint_eq(medium.data_mode, 1);
	mock_done(m);
}
END_TEST

START_TEST(the_mode_of_the_last_data_track_is_looked_for)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	/* Audio last, mode 2 before it. */
	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 2, 4);
	mock_track(m, TRACK_FF, 4, 30000, 30000, 300000);
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 10 01 00 00000000");
	mock_track(m, TRACK("03"), 3, 20000, 0, 0);
	mock_spoil(m, 5, 0x00);
	mock_track(m, TRACK("02"), 2, 10000, 0, 0);
	mock_spoil(m, 6, 0x02);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.data_mode, 2);
	ck_assert(!medium.last_session_data);
	ck_assert_uint_eq(medium.last_track, 3);
	mock_done(m);
}
END_TEST

START_TEST(an_unknown_mode_is_guessed_from_the_disc_type)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	one_session(m);
	m->steps[m->count - 4].reply[8] = _i ? 0x20 : 0x00; /* XA */
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_spoil(m, 6, 0x0f); /* TSST TS-H542A */
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.data_mode, _i ? 2 : 0);
	mock_done(m);
}
END_TEST

/* By their numbers: not every drive knows tracks by their session. */
START_TEST(without_toc_the_tracks_are_asked_for)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 3, 3);
	mock_track(m, TRACK_FF, 3, 50000, 50000, 300000);
	mock_sense(m, TOC_HEAD, 3, 0x57, 0x00);
	mock_track(m, TRACK("02"), 2, 12010, 0, 0);
	mock_spoil(m, 3, 2);
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_spoil(m, 3, 1);
	mock_track(m, TRACK("02"), 2, 12010, 0, 0);
	mock_sense(m, CAPACITY, 3, 0x57, 0x00);
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.sessions, 2);
	ck_assert_uint_eq(medium.last_session_first_track, 2);
	ck_assert_uint_eq(medium.last_session_start, 12010);
	ck_assert(medium.last_session_data);
	ck_assert_uint_eq(medium.readable_end, 0);
	mock_done(m);
}
END_TEST

START_TEST(free_blocks_that_wrap_are_no_capacity)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	one_session(m);
	lathe_put_be32(m->steps[m->count - 3].reply + 16, 0xffffffff);
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "ffffffff 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.capacity_blocks, 0);
	ck_assert_uint_eq(medium.readable_end, 0);
	mock_done(m);
}
END_TEST

/* ---- cut burns ---------------------------------------------------------- */

START_TEST(cut_burns_are_seen)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	switch (_i) {
	case 0: /* the drive says so */
		mock_disc_info(m, 1, 1, 1, 1);
		mock_track(m, TRACK_FF, 1, 0, 320, 359525);
		break;
	case 1: /* a blank disc, but its first track has begun */
		mock_disc_info(m, 0, 0, 1, 1);
		mock_track(m, TRACK_FF, 1, 0, 320, 359525);
		break;
	case 2: /* the write failed and the track is not closed */
		mock_disc_info(m, 0, 0, 1, 1);
		for (int i = 0; i < 3; i++) {
			mock_track(m, i ? TRACK("01") : TRACK_FF, 1, 0, 0, 0);
			mock_spoil(m, 5, 0x24);
			mock_spoil(m, 7, 0x00);
		}
		break;
	default: /* the write failed, recording may go on */
		mock_disc_info(m, 1, 1, 1, 1);
		mock_track(m, TRACK_FF, 1, 0, 320, 359525);
		mock_spoil(m, 5, 0x24);
		break;
	}
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.sessions, 0);
	ck_assert_uint_eq(medium.last_track, 0);
	ck_assert_uint_eq(medium.open_track, 1);
	mock_done(m);
}
END_TEST

START_TEST(a_cut_second_session_leaves_the_first_one)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 1, 2, 2);
	mock_track(m, TRACK_FF, 2, 24800, 24832, 335013);
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.last_track, 1);
	ck_assert_uint_eq(medium.open_track, 2);
	ck_assert_uint_eq(medium.next_writable, 24832);
	mock_done(m);
}
END_TEST

START_TEST(an_appendable_disc_without_address_is_damaged)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, _i ? 2 : 0, 2, 2);
	for (int i = 0; i < 3; i++) {
		/* It has room, but says not where. */
		mock_track(m, i ? TRACK("02") : TRACK_FF, 2, 0, 0, 335013);
		mock_spoil(m, 7, 0x00);
	}
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_DAMAGED);
	mock_done(m);
}
END_TEST

/* ---- other discs -------------------------------------------------------- */

START_TEST(a_final_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 2, 2);
	mock_reply(m, TOC_HEAD, "000a 01 02");
	mock_reply(m, TOC, "000a 01 02 00 14 02 00 00002eea");
	mock_track(m, TRACK("02"), 2, 12010, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert_uint_eq(medium.sessions, 2);
	ck_assert_uint_eq(medium.last_track, 2);
	ck_assert_uint_eq(medium.open_track, 0);
	ck_assert(!medium.has_next_writable);
	ck_assert_uint_eq(medium.capacity_blocks, 0x45ec);
	ck_assert_uint_eq(medium.last_session_start, 12010);
	mock_done(m);
}
END_TEST

START_TEST(a_cd_rw_in_packets_is_for_reading_only)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_features(m, "000a", true, _i == 1);
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_spoil(m, 2, 0x1e); /* erasable */
	if (_i == 0)
		mock_reply(m, TRACK("01"),
			   "0022 01 01 00 07 b2 00 00000000 00000000 00000000 "
			   "00000020 00048160 00000000 00 00 0000");
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_reply(m, TRACK("01"),
		   "0022 01 01 00 07 b2 00 00000000 00000000 00000000 "
		   "00000020 00048160 00000000 00 00 0000");
	mock_reply(m, CAPACITY, "0004815f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_PACKET);
	ck_assert(medium.erasable);
	ck_assert_uint_eq(medium.readable_end, 0x48160);
	mock_done(m);
}
END_TEST

START_TEST(a_pressed_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_features(m, "0008", false, false);
	/* A reader that knows no READ DISC INFORMATION. */
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
	mock_sense(m, TRACK("01"), 5, 0x20, 0x00);
	mock_reply(m, CAPACITY, "00050000 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_CD_ROM);
	ck_assert_uint_eq(medium.ecc_blocks, 1);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert(!medium.writable);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.readable_end, 0x50001);
	mock_done(m);
}
END_TEST

START_TEST(discs_without_a_row_are_told_as_other)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	/* An HD DVD-R, blank. */
	mock_good(m, TUR);
	mock_features(m, "0051", false, false);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_OTHER);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(!medium.writable);
	ck_assert_uint_eq(medium.free_blocks, 2295104);
	mock_done(m);
}
END_TEST

START_TEST(a_disc_that_the_drive_can_not_read_is_no_error)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_sense(m, TUR, 2, 0x30, 0x00);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_OTHER);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_DAMAGED);
	ck_assert(!medium.writable);
	mock_sense(m, TUR, 2, 0x3a, 0x01);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_NONE);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_NONE);
	mock_done(m);
}
END_TEST

/* ---- change and loss ---------------------------------------------------- */

START_TEST(a_disc_that_changes_while_it_is_read_is_read_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, TRACK_FF, 6, 0x28, 0x00);
	mock_track(m, TRACK_FF, 2, 24800, 24800, 335045);
	mock_look(m, "0009");
	one_session(m);
	mock_track(m, TRACK("01"), 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(medium.next_writable, 24800);
	ck_assert(lathe_mmc_media_changed(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(an_error_leaves_the_result_alone)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium, before;

	memset(&medium, 0x5c, sizeof(medium));
	before = medium;
	mock_look(m, "0009");
	mock_reply(m, DISC_INFO, "0020 00 01 01 01");
	ck_assert_int_eq(lathe_mmc_read_medium(&m->mmc, &medium),
			 LATHE_ERR_CORRUPT);
	ck_assert_mem_eq(&medium, &before, sizeof(medium));
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->opcode, 0x51);
	mock_done(m);
}
END_TEST

START_TEST(long_feature_lists_come_in_several_answers)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	struct mock_step *s;

	mock_good(m, TUR);
	/* More is announced than fits: what came is used, and the rest asked
	 * for from the next feature on. */
	mock_reply(m, CONFIG_HEAD, "00000800 0000 0009");
	mock_reply(m, "46 00 00 00 00 00 00 04 00 00",
		   "00000800 0000 0009 0000 03 00 0001 03 00");
	mock_reply(m, "46 00 00 02 00 00 00 00 08 00",
		   "0000000c 0000 0009 002d 09 04");
	mock_reply(m, "46 00 00 02 00 00 00 00 10 00",
		   "0000000c 0000 0009 002d 09 04 47 00 0102");
	s = &m->steps[m->count - 1];
	ck_assert_uint_eq(s->reply_len, 16);
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert(medium.writable);
	mock_done(m);
}
END_TEST

START_TEST(a_feature_list_that_leads_nowhere_ends)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	/* Claims all memory and sends nothing. */
	mock_reply(m, CONFIG_HEAD, "ffffffff 0000 0009");
	mock_reply(m, "46 00 00 00 00 00 00 04 00 00", "ffffffff 0000 0009");
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert(!medium.writable);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc medium");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_blank_disc);
	tcase_add_test(t, a_blank_disc_that_begins_in_its_pre_gap);
	tcase_add_test(t, a_blank_disc_whose_drive_knows_no_invisible_track);
	tcase_add_test(t, a_blank_disc_without_valid_address);
	tcase_add_test(t, a_left_over_test_write_is_switched_off_first);
	tcase_add_test(t, an_appendable_disc);
	tcase_add_test(t, the_mode_of_the_last_data_track_is_looked_for);
	tcase_add_loop_test(t, an_unknown_mode_is_guessed_from_the_disc_type,
			    0, 2);
	tcase_add_test(t, without_toc_the_tracks_are_asked_for);
	tcase_add_test(t, free_blocks_that_wrap_are_no_capacity);
	tcase_add_loop_test(t, cut_burns_are_seen, 0, 4);
	tcase_add_test(t, a_cut_second_session_leaves_the_first_one);
	tcase_add_loop_test(t, an_appendable_disc_without_address_is_damaged,
			    0, 2);
	tcase_add_test(t, a_final_disc);
	tcase_add_loop_test(t, a_cd_rw_in_packets_is_for_reading_only, 0, 2);
	tcase_add_test(t, a_pressed_disc);
	tcase_add_test(t, discs_without_a_row_are_told_as_other);
	tcase_add_test(t, a_disc_that_the_drive_can_not_read_is_no_error);
	tcase_add_test(t, a_disc_that_changes_while_it_is_read_is_read_again);
	tcase_add_test(t, an_error_leaves_the_result_alone);
	tcase_add_test(t, long_feature_lists_come_in_several_answers);
	tcase_add_test(t, a_feature_list_that_leads_nowhere_ends);
	suite_add_tcase(s, t);
	return run_suite(s);
}
