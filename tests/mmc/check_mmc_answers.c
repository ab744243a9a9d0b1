/* SPDX-License-Identifier: MIT */
/*
 * The model of a medium, field by field: which answer each comes from, and what
 * is made of answers that are missing or senseless.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static uint8_t blocks[16 * 2048];

/* One session, which READ TOC tells. */
static void toc_of_one_session(struct mock_drive *m)
{
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
}

static int read_error(struct mock_drive *m)
{
	struct lathe_mmc_medium medium;

	return lathe_mmc_read_medium(&m->mmc, &medium);
}

/* ---- status ------------------------------------------------------------- */

/* Eight blocks are begun as well. */
START_TEST(a_track_of_a_few_blocks_is_begun)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 8, 359837);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	mock_done(m);
}
END_TEST

START_TEST(a_damaged_session_is_one_though_it_has_an_address)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 2, 2, 2);
	/* It was begun, in mode 2; the last data track is of mode 1. */
	mock_track(m, TRACK_FF, 2, 24800, 24832, 335013);
	mock_spoil(m, 6, 0x02);
	toc_of_one_session(m);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_DAMAGED);
	ck_assert_uint_eq(medium.data_mode, 1);
	mock_done(m);
}
END_TEST

/* The number of the track that is asked, and what makes packets of it. */
START_TEST(fixed_packets_are_looked_for_in_the_first_track)
{
	static const struct {
		unsigned first, mode;
		const char *cdb;
		enum lathe_mmc_status want;
	} cases[] = {
		{ 5, 0xb2, TRACK("05"), LATHE_MMC_STATUS_PACKET },
		{ 0, 0xb2, TRACK_1, LATHE_MMC_STATUS_PACKET },
		{ 5, 0x21, TRACK("05"), LATHE_MMC_STATUS_FINAL },
		{ 5, 0x11, TRACK("05"), LATHE_MMC_STATUS_FINAL },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "000a");
	mock_disc_info(m, 2, 3, 1, 5);
	mock_spoil(m, 3, (uint8_t)cases[_i].first);
	mock_track(m, cases[_i].cdb, 5, 0, 0, 0);
	mock_spoil(m, 6, (uint8_t)cases[_i].mode);
	toc_of_one_session(m);
	mock_track(m, TRACK("05"), 5, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, cases[_i].want);
	mock_done(m);
}
END_TEST

START_TEST(a_blank_disc_holds_no_packets)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_features(m, "000a", true, true);
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_erasable(m);
	mock_track(m, TRACK_FF, 3, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert_uint_eq(medium.open_track, 3);
	mock_done(m);
}
END_TEST

/* ---- sessions and tracks ------------------------------------------------ */

/* Neither an id nor an address counts that is not marked as valid. */
START_TEST(what_is_not_valid_is_not_told)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 2, 2);
	mock_spoil(m, 12, 0x77);
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK_2 : TRACK_FF, 2, 24800, 24800, 0);
		mock_spoil(m, 7, 0x00);
	}
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 ffffff6a");
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert(!medium.has_disc_id && !medium.has_next_writable);
	ck_assert_uint_eq(medium.disc_id, 0);
	ck_assert_uint_eq(medium.next_writable, 0);
	ck_assert_uint_eq(medium.capacity_blocks, 0x45ec);
	/* -150 is where the first track's pre-gap begins. */
	ck_assert_uint_eq(medium.last_session_start, 0);
	mock_done(m);
}
END_TEST

/* No track at all: neither one before the first one. */
START_TEST(a_disc_without_track_numbers_has_none)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 2, 0);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	toc_of_one_session(m);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_track, 0);
	ck_assert_uint_eq(medium.sessions, 1);
	mock_done(m);
}
END_TEST

/* A session that is not counted can not be taken off. */
START_TEST(a_disc_without_sessions_has_none)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 0, 0);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.sessions, 0);
	mock_done(m);
}
END_TEST

/* The empty session of a BD-R: its track counts it, where the drive does not,
 * or calls it by its number. */
START_TEST(the_empty_session_of_a_bd_r_is_seen_by_its_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0041",
		       "0041 01 14 00000000 00000000 00000000 00000000 "
		       "00000000");
	mock_disc_info(m, 1, 0, _i ? 2 : 1, _i ? 3 : 2);
	mock_track(m, _i ? TRACK_3 : TRACK_2, _i ? 3 : 2, 0x3000, 0x3000,
		   12000000);
	mock_spoil(m, 3, _i ? 3 : 1);
	if (_i) {
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
		mock_track(m, TRACK_1, 1, 0, 0, 0);
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
	} else {
		mock_track(m, TRACK_1, 1, 0, 0, 0);
		mock_track(m, TRACK_1, 1, 0, 0, 0);
	}
	mock_reply(m, CAPACITY, "00002fff 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.sessions, _i ? 2 : 1);
	ck_assert_uint_eq(medium.last_session_start, _i ? 0x1000 : 0);
	mock_done(m);
}
END_TEST

/* Without TOC: the tracks. */
START_TEST(a_session_in_the_pre_gap_starts_at_0)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 1, 1);
	mock_sense(m, TOC_HEAD, 3, 0x57, 0x00);
	mock_track(m, TRACK_1, 1, 0xffffff6a, 0, 0);
	mock_track(m, TRACK_1, 1, 0xffffff6a, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_session_start, 0);
	ck_assert(medium.last_session_data);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_is_lost_is_no_disc_without_toc)
{
	struct mock_drive *m = mock_new();

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 1, 1);
	mock_cause(m, TOC_HEAD, LATHE_CAUSE_GONE);
	ck_assert_int_eq(read_error(m), LATHE_ERR_NO_DEVICE);
	mock_done(m);
}
END_TEST

/* The track of a cut burn has its own mode only where it was begun, is data,
 * and tells a mode. */
START_TEST(the_mode_of_an_open_track_may_say_nothing)
{
	static const struct {
		uint32_t next;
		uint8_t control, mode;
	} cases[] = {
		{ 24800, 0x04, 0x02 }, /* not begun */
		{ 24832, 0x00, 0x02 }, /* audio */
		{ 24832, 0x01, 0x02 }, /* with pre-emphasis */
		{ 24832, 0x04, 0x0f }, /* not told */
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 1, 2, 2);
	mock_track(m, TRACK_FF, 2, 24800, cases[_i].next, 335013);
	mock_spoil(m, 5, cases[_i].control);
	mock_spoil(m, 6, cases[_i].mode);
	toc_of_one_session(m);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.data_mode, 1);
	mock_done(m);
}
END_TEST

/* ---- the open track ----------------------------------------------------- */

static void look_at_dvd_plus_r(struct mock_drive *m)
{
	mock_described(m, "001b", "002b 01 04 01000000");
	mock_disc_info(m, 1, 0, 2, 3);
	mock_spoil(m, 5, 2);
}

/* A track that was begun is the one; so is one behind a track that is closed
 * or that the drive does not tell. */
START_TEST(the_track_before_may_be_the_open_one)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	look_at_dvd_plus_r(m);
	mock_track(m, TRACK_FF, 3, 0x9000, _i ? 0x9000 : 0x9020, 2000000);
	if (_i == 1) {
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
		mock_spoil(m, 7, 0x00);
	} else if (_i == 2) {
		mock_sense(m, TRACK_2, 5, 0x24, 0x00);
	} else if (_i == 3) {
		mock_track(m, TRACK_2, 2, 0x1000, 0x1000, 0x8000);
		mock_spoil(m, 6, 0x81);
	}
	if (_i < 3) {
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
		mock_spoil(m, 3, 1);
	}
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	if (_i < 3) {
		mock_spoil(m, 5, 0x00);
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
	} else {
		mock_track(m, TRACK_1, 1, 0, 0, 0);
	}
	mock_reply(m, CAPACITY, "00000fff 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.open_track, _i < 3 ? 3 : 2);
	ck_assert_uint_eq(medium.last_track, _i < 3 ? 2 : 1);
	ck_assert(medium.last_session_data);
	mock_done(m);
}
END_TEST

/* READ DISC INFORMATION: the last session is incomplete, its first track is
 * closed; a drive that names none of a second session can not be believed. */
START_TEST(a_closed_track_of_a_cut_session)
{
	static const uint8_t first[] = { 2, 1, 0 };
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "001b", "002b 01 04 01000000");
	mock_disc_info(m, 1, 1, 2, 3);
	mock_spoil(m, 5, first[_i]);
	mock_track(m, TRACK_FF, 3, 0x9000, 0x9000, 2000000);
	mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
	mock_spoil(m, 7, 0x00);
	if (_i) {
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
		mock_track(m, TRACK_1, 1, 0, 0, 0);
		mock_track(m, TRACK_2, 2, 0x1000, 0, 0);
	} else {
		mock_track(m, TRACK_1, 1, 0, 0, 0);
		mock_track(m, TRACK_1, 1, 0, 0, 0);
	}
	mock_reply(m, CAPACITY, "00000fff 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.open_track, 3);
	ck_assert_uint_eq(medium.last_track, _i ? 2 : 1);
	ck_assert_uint_eq(medium.last_session_start, _i ? 0x1000 : 0);
	mock_done(m);
}
END_TEST

/* The first answer counts, where none has an address. */
START_TEST(the_room_that_the_first_answer_tells_counts)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 2, 2);
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK_2 : TRACK_FF, 2, 0, 0, i ? 0 : 500);
		mock_spoil(m, 7, 0x00);
	}
	toc_of_one_session(m);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_DAMAGED);
	mock_done(m);
}
END_TEST

/* ---- errors that are none, and others ----------------------------------- */

START_TEST(a_drive_that_fails_tells_no_state)
{
	struct mock_drive *m = mock_new();

	switch (_i) {
	case 0: /* a recordable disc has to be known */
		mock_look(m, "0009");
		mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
		break;
	case 1: /* this is no "unknown command" */
		mock_good(m, TUR);
		mock_features(m, "0008", false, false);
		mock_sense(m, DISC_INFO, 4, 0x44, 0x00);
		break;
	case 2:
		mock_look(m, "0009");
		mock_disc_info(m, 0, 0, 1, 1);
		mock_sense(m, TRACK_FF, 4, 0x44, 0x00);
		break;
	default:
		mock_described(m, "0012",
			       "0020 01 0c 0022211f 00000800 0010 01 00");
		mock_disc_info(m, 2, 3, 1, 1);
		mock_sense(m, CAPACITIES_HEAD, 4, 0x44, 0x00);
		break;
	}
	ck_assert_int_eq(read_error(m), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* What the answer to READ CAPACITY means, where there is none. */
START_TEST(a_capacity_is_missing_or_not_to_be_had)
{
	static const struct {
		unsigned key, asc, times;
		bool deferred;
		int want;
	} cases[] = {
		{ 3, 0x00, 1, false, 0 },
		{ 5, 0x24, 1, false, 0 },
		{ 6, 0x2a, 9, false, LATHE_ERR_SENSE },
		{ 0xb, 0x47, 4, false, LATHE_ERR_SENSE },
		{ 5, 0x24, 4, true, LATHE_ERR_SENSE },
	};
	struct mock_drive *m = mock_new();

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 1, 1);
	toc_of_one_session(m);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	for (unsigned i = 0; i < cases[_i].times; i++)
		if (cases[_i].deferred)
			mock_deferred(m, CAPACITY, cases[_i].key,
				      cases[_i].asc, 0);
		else
			mock_sense(m, CAPACITY, cases[_i].key, cases[_i].asc,
				   0);
	ck_assert_int_eq(read_error(m), cases[_i].want);
	mock_done(m);
}
END_TEST

/* What is known of a disc ends when it is read anew, and begins when that is
 * done. */
START_TEST(a_medium_is_known_once_it_was_read)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	mock_sense(m, READ_0_4, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_read(&m->mmc, 0, 4, false, blocks),
			 LATHE_ERR_WRONG_DISC);
	mock_sense(m, TUR, 4, 0x44, 0x00);
	ck_assert_int_eq(read_error(m), LATHE_ERR_SENSE);
	mock_sense(m, READ_0_4, 6, 0x28, 0x00);
	mock_good(m, READ_0_4);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	mock_done(m);
}
END_TEST

/* ---- ways to record ----------------------------------------------------- */

/* TAO and mastering, each current or not, each with a test write or not. */
START_TEST(test_writes_are_those_of_the_way)
{
	static const struct {
		const char *features;
		bool at_once_only, simulate, simulate_at_once;
	} cases[] = {
		{ "002d 09 04 43000102 002e 01 04 63000000", false, false,
		  false },
		{ "002d 09 04 47000102 002e 01 04 63000000", false, true,
		  false },
		{ "002d 09 04 43000102 002e 01 04 67000000", false, false,
		  true },
		{ "002d 08 04 43000102 002e 01 04 67000000", true, true,
		  true },
		{ "002d 09 04 47000102 002e 01 04 67000000", false, true,
		  true },
		{ "002d 08 04 47000102 002e 01 04 63000000", true, false,
		  false },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0009", cases[_i].features);
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert(medium.writable && medium.can_at_once);
	ck_assert_int_eq(medium.at_once_only, cases[_i].at_once_only);
	ck_assert_int_eq(medium.single_session, cases[_i].at_once_only);
	ck_assert_int_eq(medium.can_simulate, cases[_i].simulate);
	ck_assert_int_eq(medium.can_simulate_at_once,
			 cases[_i].simulate_at_once);
	mock_done(m);
}
END_TEST

/* Stream writing is bit 0 of 0107h; for media that manage defects; and for a
 * drive that writes them. */
START_TEST(streaming_is_announced)
{
	static const struct {
		const char *profile, *features;
		bool want;
	} cases[] = {
		{ "0012",
		  "0020 01 0c 0022211f 00000800 0010 01 00 "
		  "0107 01 04 01000000",
		  true },
		{ "0012",
		  "0020 01 0c 0022211f 00000800 0010 01 00 "
		  "0107 01 04 1e000000",
		  false },
		{ "0012",
		  "0020 00 0c 0022211f 00000800 0010 01 00 "
		  "0107 01 04 01000000",
		  false },
		{ "001a", "002a 01 04 01000000 0107 01 04 01000000", false },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, cases[_i].profile, cases[_i].features);
	mock_background(m, 3);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222120 02000800");
	mock_reply(m, CAPACITY, "0022211f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.can_stream, cases[_i].want);
	ck_assert_uint_eq(medium.data_mode, 1);
	mock_done(m);
}
END_TEST

/* Other features are taken for none of those that record. */
START_TEST(other_features_do_not_record)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	/* Core and random readable; 64 above BD write, and pseudo-overwrite. */
	mock_described(m, "0041",
		       "0001 03 08 00000007 01000000 0010 01 08 00000800 "
		       "0020 01 00 0081 01 00 0078 01 00");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 12219392);
	mock_read_medium(m, &medium);
	ck_assert(!medium.writable && !medium.pseudo_overwrite);
	mock_done(m);
}
END_TEST

/* Lists in any number of answers, up to the last feature that there can be. */
START_TEST(feature_lists_in_three_answers)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_reply(m, CONFIG_HEAD, "00000800 0000 0009");
	mock_reply(m, "46 00 00 00 00 00 00 04 00 00",
		   "00000800 0000 0009 0003 03 00 0001 03 00");
	mock_reply(m, "46 00 00 04 00 00 00 00 08 00", "00000800 0000 0009");
	mock_reply(m, "46 00 00 04 00 00 00 04 00 00",
		   "00000800 0000 0009 0010 03 00");
	mock_reply(m, "46 00 00 11 00 00 00 00 08 00", "00000800 0000 0009");
	mock_reply(m, "46 00 00 11 00 00 00 04 00 00",
		   "00000800 0000 0009 002d 09 04 47 00 0102 ffff 01 00");
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert(medium.writable);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc answers");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_track_of_a_few_blocks_is_begun);
	tcase_add_test(t, a_damaged_session_is_one_though_it_has_an_address);
	tcase_add_loop_test(t, fixed_packets_are_looked_for_in_the_first_track,
			    0, 4);
	tcase_add_test(t, a_blank_disc_holds_no_packets);
	tcase_add_test(t, what_is_not_valid_is_not_told);
	tcase_add_test(t, a_disc_without_track_numbers_has_none);
	tcase_add_test(t, a_disc_without_sessions_has_none);
	tcase_add_loop_test(
		t, the_empty_session_of_a_bd_r_is_seen_by_its_track, 0, 2);
	tcase_add_test(t, a_session_in_the_pre_gap_starts_at_0);
	tcase_add_test(t, a_drive_that_is_lost_is_no_disc_without_toc);
	tcase_add_loop_test(t, the_mode_of_an_open_track_may_say_nothing, 0,
			    4);
	tcase_add_loop_test(t, the_track_before_may_be_the_open_one, 0, 4);
	tcase_add_loop_test(t, a_closed_track_of_a_cut_session, 0, 3);
	tcase_add_test(t, the_room_that_the_first_answer_tells_counts);
	tcase_add_loop_test(t, a_drive_that_fails_tells_no_state, 0, 4);
	tcase_add_loop_test(t, a_capacity_is_missing_or_not_to_be_had, 0, 5);
	tcase_add_test(t, a_medium_is_known_once_it_was_read);
	tcase_add_loop_test(t, test_writes_are_those_of_the_way, 0, 6);
	tcase_add_loop_test(t, streaming_is_announced, 0, 4);
	tcase_add_test(t, other_features_do_not_record);
	tcase_add_test(t, feature_lists_in_three_answers);
	suite_add_tcase(s, t);
	return run_suite(s);
}
