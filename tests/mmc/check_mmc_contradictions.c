/* SPDX-License-Identifier: MIT */
/*
 * What drives say of a disc that contradicts itself, or that they say only in
 * part: which answer counts. Fields as in MMC-6, READ DISC INFORMATION, READ
 * TRACK INFORMATION, READ TOC/PMA/ATIP and GET CONFIGURATION.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define INCREMENTAL "0021 0d 08 0100 01 02 0720 0000 "
#define DVD_R_WRITE "002f 09 04 46 000000 "
#define BD_WRITE "0041 01 14 00000000 00000000 00000000 00000000 00000000 "

/* Fields of a track information: session, mode, packets and data mode. */
enum { SESSION = 3, MODE = 5, PACKET = 6, NWA_V = 7, SIZE = 24 };

static int read_error(struct mock_drive *m)
{
	struct lathe_mmc_medium medium;

	return lathe_mmc_read_medium(&m->mmc, &medium);
}

static void toc_of_one_session(struct mock_drive *m)
{
	mock_reply(m, TOC_HEAD, "000a 01 01");
	mock_reply(m, TOC, "000a 01 01 00 14 01 00 00000000");
}

/* A recorded track of data, by its number. */
static void track(struct mock_drive *m, unsigned number, unsigned session,
		  uint32_t start)
{
	char cdb[40];

	snprintf(cdb, sizeof(cdb), TRACK("%02x"), number);
	mock_track(m, cdb, number, start, 0, 0);
	mock_spoil(m, SESSION, (uint8_t)session);
	mock_spoil(m, PACKET, 0x01);
	mock_spoil(m, NWA_V, 0x00);
}

static void look_at_dvd_r(struct mock_drive *m)
{
	mock_described(m, "0011", INCREMENTAL DVD_R_WRITE);
	mock_write_page(m, NULL, NULL);
}

/* ---- blank or not ------------------------------------------------------- */

/* Before a track that begins further on there is something. */
START_TEST(a_blank_disc_begins_at_its_beginning)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 5000, 5000, 354845);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_DAMAGED);
	mock_done(m);
}
END_TEST

/* No track is told of it at all. */
START_TEST(a_blank_disc_without_any_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	for (int i = 0; i < 3; i++)
		mock_sense(m, i ? TRACK_1 : TRACK_FF, 5, 0x24, 0x00);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(medium.has_next_writable);
	ck_assert_uint_eq(medium.next_writable, 0);
	ck_assert_uint_eq(medium.open_track, 1);
	ck_assert_uint_eq(medium.free_blocks, 0);
	mock_done(m);
}
END_TEST

/* The size of its track is only asked where nothing is said of free blocks. */
START_TEST(free_blocks_come_before_the_size)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	for (int i = 0; i < 3; i++) {
		mock_track(m, i ? TRACK_1 : TRACK_FF, 1, 0, 0,
			   _i ? 0 : 300000);
		mock_spoil(m, NWA_V, 0x00);
		mock_spoil(m, SIZE + 1, 0x05);
		mock_spoil(m, SIZE + 2, 0x7d);
		mock_spoil(m, SIZE + 3, 0xa5);
	}
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert_uint_eq(medium.free_blocks, _i ? 0x57da5 : 300000);
	mock_done(m);
}
END_TEST

/* Bytes 12 to 15, valid with bit 7 of byte 7. */
START_TEST(the_id_of_a_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_spoil(m, 7, 0x80);
	mock_spoil(m, 12, 0x12);
	mock_spoil(m, 13, 0x34);
	mock_spoil(m, 14, 0x56);
	mock_spoil(m, 15, 0x78);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert(medium.has_disc_id);
	ck_assert_uint_eq(medium.disc_id, 0x12345678);
	mock_done(m);
}
END_TEST

/* ---- sessions ----------------------------------------------------------- */

/* An appendable disc with a last session that is complete. */
START_TEST(behind_a_complete_session_no_track_is_open)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 3, 2, 2);
	mock_sense(m, TRACK_FF, 5, 0x24, 0x00);
	track(m, 2, 2, 12000);
	track(m, 2, 2, 12000);
	toc_of_one_session(m);
	track(m, 2, 2, 12000);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(medium.sessions, 2);
	ck_assert_uint_eq(medium.last_track, 2);
	ck_assert_uint_eq(medium.open_track, 0);
	mock_done(m);
}
END_TEST

/* The open track is not the next one behind what the disc tells. */
START_TEST(tracks_that_are_not_told_are_none)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 0, 2, 1);
	mock_track(m, TRACK_FF, 3, 24800, 24800, 335045);
	toc_of_one_session(m);
	track(m, 1, 1, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_track, 1);
	ck_assert_uint_eq(medium.open_track, 3);
	mock_done(m);
}
END_TEST

/* The last session has three tracks, the one before it one. */
START_TEST(a_session_begins_with_its_first_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	look_at_dvd_r(m);
	mock_disc_info(m, 2, 3, 2, 4);
	track(m, 4, 2, 40000);
	track(m, 3, 2, 30000);
	track(m, 2, 2, 20000);
	track(m, 1, 1, 0);
	track(m, 4, 2, 40000);	/* its data mode */
	mock_reply(m, CAPACITY, "0000c34f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_session_first_track, 2);
	ck_assert_uint_eq(medium.last_session_start, 20000);
	mock_done(m);
}
END_TEST

/* As many tracks are looked at as a CD may have, not as a drive says: for the
 * beginning of the last session, and for a mode. */
START_TEST(tracks_without_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	look_at_dvd_r(m);
	mock_disc_info(m, 2, 3, 1, 150);
	for (unsigned i = 0; i < 2 * 99; i++) {
		track(m, 150 - i % 99, 1, 1000);
		mock_spoil(m, MODE, 0x00);
	}
	mock_reply(m, CAPACITY, "0000c34f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_session_first_track, 52);
	ck_assert_uint_eq(medium.data_mode, 0);
	mock_done(m);
}
END_TEST

/* Only a BD-R has an empty session that may not be counted; not every state
 * is an empty session; and what is counted counts, whatever the track says. */
START_TEST(empty_sessions_are_counted_where_there_are_any)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	uint32_t want = 0;

	switch (_i) {
	case 0:
		mock_look(m, "0009");
		mock_disc_info(m, 1, 0, 1, 1);
		mock_track(m, TRACK_FF, 1, 24800, 24800, 335045);
		break;
	case 1:
		mock_described(m, "0041", BD_WRITE);
		mock_disc_info(m, 1, 1, 1, 2);
		mock_track(m, TRACK_2, 2, 0x3000, 0x3000, 12000000);
		track(m, 1, 1, 0);
		break;
	default:
		mock_described(m, "0041", BD_WRITE);
		mock_disc_info(m, 1, 0, 4, 5);
		mock_track(m, TRACK("05"), 5, 0x3000, 0x3000, 12000000);
		mock_spoil(m, SESSION, 1);
		track(m, 4, 3, 0x2000);
		track(m, 3, 2, 0x1000);
		track(m, 4, 3, 0x2000);
		mock_reply(m, CAPACITY, "00002fff 00000800");
		want = 3;
	}
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.sessions, want);
	mock_done(m);
}
END_TEST

/* Of a disc whose drive knows no disc information nothing is open. */
START_TEST(without_disc_information_no_track_is_looked_for)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0050", "0010 01 08 00000800 0010 01 00");
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	track(m, 1, 1, 0);
	track(m, 1, 1, 0);
	mock_reply(m, CAPACITY, "0000c34f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_OTHER);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.readable_end, 50000);
	mock_done(m);
}
END_TEST

START_TEST(what_the_kind_of_disc_says)
{
	static const struct {
		const char *profile, *features, *track;
		bool single_session, layer_break;
	} cases[] = {
		{ "0011", INCREMENTAL DVD_R_WRITE, TRACK_1, false, false },
		{ "0015", INCREMENTAL DVD_R_WRITE, TRACK_1, true, false },
		{ "001b", "002b 01 04 01000000", TRACK_FF, false, false },
		{ "002b", "003b 01 04 01000000", TRACK_FF, false, true },
	};
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, cases[_i].profile, cases[_i].features);
	if (_i < 2)
		mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, cases[_i].track, 1, 0, 0, 2000000);
	mock_read_medium(m, &medium);
	ck_assert(medium.writable);
	ck_assert_int_eq(medium.single_session, cases[_i].single_session);
	ck_assert_int_eq(medium.has_layer_break, cases[_i].layer_break);
	mock_done(m);
}
END_TEST

/* Of what is written over the id and the type are told as well. */
START_TEST(the_id_of_an_overwritable_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "001a", "002a 01 04 01000000");
	mock_background(m, 2);
	mock_spoil(m, 7, 0x82);
	mock_spoil(m, 8, 0x20);
	mock_spoil(m, 12, 0x12);
	mock_spoil(m, 15, 0x78);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 02000800");
	mock_reply(m, CAPACITY, "0023053f 00000800");
	mock_read_medium(m, &medium);
	ck_assert(medium.has_disc_id);
	ck_assert_uint_eq(medium.disc_id, 0x12000078);
	ck_assert_uint_eq(medium.disc_type, 0x20);
	ck_assert(medium.background_format);
	mock_done(m);
}
END_TEST

/* The size of a disc without a format is asked for again, where a drive did
 * not know the question at first; a drive that fails tells none. */
START_TEST(a_size_that_is_not_told_at_first)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "001a", "002a 01 04 01000000");
	mock_background(m, 0);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x24, 0x00);
	mock_sense(m, CAPACITY, 5, 0x24, 0x00);
	if (_i) {
		mock_sense(m, CAPACITIES_HEAD, 4, 0x44, 0x00);
		ck_assert_int_eq(read_error(m), LATHE_ERR_SENSE);
	} else {
		mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 01000800");
		mock_read_medium(m, &medium);
		ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFORMATTED);
		ck_assert_uint_eq(medium.capacity_blocks, 0x230540);
	}
	mock_done(m);
}
END_TEST

/* ---- modes -------------------------------------------------------------- */

/* The control field of an audio track may say more than 0: pre-emphasis. */
START_TEST(audio_is_no_data)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 1, 1);
	mock_sense(m, TOC_HEAD, 3, 0x57, 0x00);
	for (int i = 0; i < 2; i++) {
		track(m, 1, 1, 0);
		mock_spoil(m, MODE, 0x01);
	}
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_session_first_track, 1);
	ck_assert(!medium.last_session_data);
	ck_assert_uint_eq(medium.data_mode, 0);
	mock_done(m);
}
END_TEST

/* A cut burn in mode 1 behind a session in mode 2 is closed in its own. */
START_TEST(the_mode_of_a_cut_track_is_its_own)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 1, 1, 2, 2);
	mock_track(m, TRACK_FF, 2, 24800, 24832, 335013);
	mock_spoil(m, PACKET, 0x01);
	toc_of_one_session(m);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.data_mode, 1);
	mock_done(m);
}
END_TEST

/* ---- answers that do not come ------------------------------------------- */

/* A TOC without tracks, and one that is cut: the tracks are asked. */
START_TEST(a_toc_that_says_nothing)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 1, 1);
	mock_reply(m, TOC_HEAD, _i ? "000a 01" : "0002 01 01");
	track(m, 1, 1, 0);
	track(m, 1, 1, 0);
	mock_reply(m, CAPACITY, "000045eb 00000800");
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(medium.last_session_first_track, 1);
	ck_assert(medium.last_session_data);
	mock_done(m);
}
END_TEST

/* Who wants all of it is told that it was cut. */
START_TEST(a_full_toc_that_is_cut)
{
	struct mock_drive *m = mock_new();
	uint8_t toc[64];
	size_t moved = 5;

	mock_reply(m, FULL_TOC_HEAD, "000a 01");
	ck_assert_int_eq(lathe_mmc_read_full_toc(&m->mmc, toc, sizeof(toc),
						 &moved),
			 LATHE_ERR_CORRUPT);
	ck_assert_uint_eq(moved, 5);
	mock_done(m);
}
END_TEST

/* The first track is asked for packets, for the last session and for a mode.
 * A drive that does not know the question tells less; one that fails, nothing.
 */
START_TEST(a_track_that_is_not_told)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = { 0 };
	int at = _i / 2, i;
	bool fails = _i % 2;

	mock_look(m, "000a");
	mock_disc_info(m, 2, 3, 1, 1);
	for (i = 0; i < 3; i++) {
		if (i == 1)
			mock_sense(m, TOC_HEAD, 3, 0x57, 0x00);
		if (i != at)
			track(m, 1, 1, 0);
		else if (fails)
			mock_sense(m, TRACK_1, 4, 0x44, 0x00);
		else
			mock_sense(m, TRACK_1, 5, 0x24, 0x00);
		if (i == at && fails)
			break;
	}
	if (fails) {
		ck_assert_int_eq(read_error(m), LATHE_ERR_SENSE);
	} else {
		mock_reply(m, CAPACITY, "000045eb 00000800");
		mock_read_medium(m, &medium);
		ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_FINAL);
		ck_assert_uint_eq(medium.last_session_first_track, at != 1);
		ck_assert_uint_eq(medium.data_mode, at != 2);
	}
	mock_done(m);
}
END_TEST

/* Eight bytes make a capacity. */
START_TEST(a_capacity_that_is_cut)
{
	struct mock_drive *m = mock_new();

	mock_look(m, "0009");
	mock_disc_info(m, 2, 3, 1, 1);
	toc_of_one_session(m);
	track(m, 1, 1, 0);
	mock_reply(m, CAPACITY, "000045eb 000008");
	ck_assert_int_eq(read_error(m), LATHE_ERR_CORRUPT);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x25);
	mock_done(m);
}
END_TEST

/* ---- features ----------------------------------------------------------- */

/* Neither the header nor the list is done without. */
START_TEST(features_that_are_not_told)
{
	struct mock_drive *m = mock_new();

	mock_good(m, TUR);
	if (_i)
		mock_reply(m, CONFIG_HEAD, "0000000c 0000 0009");
	mock_sense(m, _i ? "46 00 00 00 00 00 00 00 10 00" : CONFIG_HEAD, 4,
		   0x44, 0x00);
	ck_assert_int_eq(read_error(m), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* One answer, from feature 'start' on, that holds 'code' and announces more. */
static void one_feature(struct mock_drive *m, unsigned start, unsigned code)
{
	char cdb[64], reply[64];

	snprintf(cdb, sizeof(cdb), "46 00 %02x %02x 00 00 00 00 08 00",
		 start >> 8, start & 0xff);
	mock_reply(m, cdb, "00000800 0000 0009");
	snprintf(cdb, sizeof(cdb), "46 00 %02x %02x 00 00 00 04 00 00",
		 start >> 8, start & 0xff);
	snprintf(reply, sizeof(reply), "00000800 0000 0009 %04x 01 00", code);
	mock_reply(m, cdb, reply);
}

/* A drive that sends one feature at a time and always has one more. */
START_TEST(features_without_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	for (unsigned i = 0; i < 32; i++)
		one_feature(m, i, i);
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert(!medium.writable);
	mock_done(m);
}
END_TEST

/* FFFFh is a vendor's feature as well, and no other one is behind it. */
START_TEST(features_up_to_the_last)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	one_feature(m, 0, 0xfffe);
	one_feature(m, 0xffff, 0xffff);
	mock_write_page(m, NULL, NULL);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	mock_done(m);
}
END_TEST

/* 60h is no feature that records: not that of 40h less. */
START_TEST(features_of_higher_codes_do_not_record)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0012", "0060 01 00 0010 01 00");
	mock_background(m, 3);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222120 02000800");
	mock_reply(m, CAPACITY, "0022211f 00000800");
	mock_read_medium(m, &medium);
	ck_assert(!medium.writable);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc contradictions");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_blank_disc_begins_at_its_beginning);
	tcase_add_test(t, a_blank_disc_without_any_track);
	tcase_add_loop_test(t, free_blocks_come_before_the_size, 0, 2);
	tcase_add_test(t, the_id_of_a_disc);
	tcase_add_test(t, behind_a_complete_session_no_track_is_open);
	tcase_add_test(t, tracks_that_are_not_told_are_none);
	tcase_add_test(t, a_session_begins_with_its_first_track);
	tcase_add_test(t, tracks_without_end);
	tcase_add_loop_test(t, empty_sessions_are_counted_where_there_are_any,
			    0, 3);
	tcase_add_test(t, without_disc_information_no_track_is_looked_for);
	tcase_add_loop_test(t, what_the_kind_of_disc_says, 0, 4);
	tcase_add_test(t, the_id_of_an_overwritable_disc);
	tcase_add_loop_test(t, a_size_that_is_not_told_at_first, 0, 2);
	tcase_add_test(t, audio_is_no_data);
	tcase_add_test(t, the_mode_of_a_cut_track_is_its_own);
	tcase_add_loop_test(t, a_toc_that_says_nothing, 0, 2);
	tcase_add_test(t, a_full_toc_that_is_cut);
	tcase_add_loop_test(t, a_track_that_is_not_told, 0, 6);
	tcase_add_test(t, a_capacity_that_is_cut);
	tcase_add_loop_test(t, features_that_are_not_told, 0, 2);
	tcase_add_test(t, features_without_end);
	tcase_add_test(t, features_up_to_the_last);
	tcase_add_test(t, features_of_higher_codes_do_not_record);
	suite_add_tcase(s, t);
	return run_suite(s);
}
