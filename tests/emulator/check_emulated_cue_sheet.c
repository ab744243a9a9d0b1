/* SPDX-License-Identifier: MIT */
/* SEND CUE SHEET, MMC-6 6.33, and sessions at once. Entries: CTL/ADR, track,
 * index, form of the data, SCMS, minute, second, frame. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_rules.h"
#include "tests/suite.h"

static struct bench b;

static void setup(void)
{
	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
}

static void teardown(void)
{
	bench_close(&b);
}

/* Page 05h: session at once, BUFE; then the sheet, entries side by side. */
static uint32_t send_sheet(const char *sheet)
{
	uint8_t list[800];
	char cdb[40];
	uint32_t n = 0;
	unsigned value;

	for (; *sheet; sheet += 3, n++) {
		ck_assert_int_eq(sscanf(sheet, "%2x", &value), 1);
		list[n] = (uint8_t)value;
	}
	IS(select_write(&b, 0x42, 0xc4, 8, 0), GOOD);
	snprintf(cdb, sizeof(cdb), "5d 00 00 00 00 00 00 %02x %02x 00",
		 (unsigned)(n >> 8), (unsigned)(n & 255));
	return send_out(&b, cdb, list, n);
}

#define LEAD_IN "41 00 00 14 00 00 00 00 "
#define PAUSE "41 01 00 10 00 00 00 00 "
#define PAUSE_BY_DRIVE "41 01 00 14 00 00 00 00 "
#define TRACK "41 01 01 10 00 00 02 00 "
/* 300 blocks end at 00:06:00, 600 at 00:10:00. */
#define LEAD_OUT_300 "41 aa 01 14 00 00 06 00 "
#define LEAD_OUT_600 "41 aa 01 14 00 00 0a 00 "

/* The pause comes from the host: -150 is FFFFFF6Ah. */
static void write_pause(void)
{
	uint32_t i, lba = 0xffffff6au;

	for (i = 0; i < 5; i++, lba += 30)
		IS(write_blocks(&b, lba, 30, 9), GOOD);
}

static void data_is(uint32_t lba, uint8_t tag)
{
	uint8_t want[2048];

	IS(read_blocks(&b, lba, 1), GOOD);
	make_block(want, lba, tag);
	ck_assert_mem_eq(b.data, want, 2048);
}

START_TEST(session_with_a_pause_by_the_host)
{
	IS(send_sheet(LEAD_IN PAUSE TRACK LEAD_OUT_300), GOOD);
	IS(write_blocks(&b, 0, 30, 1), SENSE(5, 0x21, 2));
	write_pause();
	write_run(&b, 0, 300, 1);
	IS(write_blocks(&b, 300, 1, 1), SENSE(5, 0x63, 0));
	IS(send_cdb(&b, SYNC), GOOD);
	data_is(0, 1);
	data_is(299, 1);
	/* No run-out: the lead-out begins at 300. */
	IS(send_in(&b, "25 00 00 00 00 00 00 00 00 00", 8), GOOD);
	reply_is(&b, "00 00 01 2b 00 00 08 00");
	ck_assert_uint_eq(next_writable(&b), 300 + 11400);
}
END_TEST

START_TEST(session_with_a_pause_by_the_drive)
{
	IS(send_sheet(LEAD_IN PAUSE_BY_DRIVE TRACK LEAD_OUT_300), GOOD);
	write_run(&b, 0, 300, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	data_is(299, 1);
}
END_TEST

/* Catalogue number, ISRC, a mark inside the track, a second track with a
 * pause of two seconds from 00:08:00 on, and one without. */
START_TEST(several_tracks)
{
	IS(send_sheet("02 31 32 33 34 35 36 37 02 38 39 30 31 32 33 00 "
		      LEAD_IN
		      "43 01 41 42 43 44 45 46 43 01 30 31 32 33 34 35 "
		      PAUSE_BY_DRIVE TRACK "41 01 02 10 00 00 03 00 "
		      "41 02 00 10 00 00 08 00 41 02 01 10 00 00 0a 00 "
		      "41 03 01 10 00 00 0e 00 41 aa 01 14 00 00 12 00 "),
	   GOOD);
	/* Tracks at 0, 600 (its pause at 450) and 900; lead-out at 1,200. */
	write_run(&b, 0, 1200, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_in(&b, "43 00 00 00 00 00 00 00 24 00", 36), GOOD);
	reply_is(&b, "00 22 01 03 00 14 01 00 00 00 00 00"
		 "00 14 02 00 00 00 02 58 00 14 03 00 00 00 03 84"
		 "00 14 aa 00 00 00 04 b0");
	data_is(449, 1);
	data_is(600, 1);
	data_is(1199, 1);
}
END_TEST

START_TEST(sheets_that_are_refused)
{
	static const char *const bad[] = {
		/* No lead-in, no track, no lead-out, something behind it. */
		PAUSE TRACK LEAD_OUT_300,
		LEAD_IN LEAD_OUT_300,
		LEAD_IN PAUSE TRACK,
		LEAD_IN PAUSE TRACK LEAD_OUT_300 LEAD_OUT_300,
		/* No pause; one that begins late; tracks out of order. */
		LEAD_IN TRACK LEAD_OUT_300,
		LEAD_IN "41 01 00 10 00 00 00 01 " TRACK LEAD_OUT_300,
		LEAD_IN "41 02 00 10 00 00 00 00 " TRACK LEAD_OUT_300,
		/* The track not at LBA 0, of audio, of mode 2. */
		LEAD_IN PAUSE "41 01 01 10 00 00 02 01 " LEAD_OUT_600,
		LEAD_IN PAUSE "01 01 01 00 00 00 02 00 " LEAD_OUT_300,
		LEAD_IN PAUSE "41 01 01 20 00 00 02 00 " LEAD_OUT_300,
		/* CD-TEXT by the host. */
		"41 00 00 54 00 00 00 00 " PAUSE TRACK LEAD_OUT_300,
		/* 299 blocks; ends before it begins; no such time. */
		LEAD_IN PAUSE TRACK "41 aa 01 14 00 00 05 4a ",
		LEAD_IN PAUSE TRACK "41 aa 01 14 00 00 01 00 ",
		LEAD_IN PAUSE TRACK "41 aa 01 14 00 00 3c 00 ",
		LEAD_IN PAUSE TRACK "41 aa 01 14 00 00 06 4b ",
		/* Half an ISRC; a mark that goes back. */
		LEAD_IN "43 01 41 42 43 44 45 46 " PAUSE TRACK LEAD_OUT_300,
		LEAD_IN PAUSE TRACK "41 01 02 10 00 00 01 00 " LEAD_OUT_300
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		IS(send_sheet(bad[i]), SENSE(5, 0x26, 0));
		IS(write_blocks(&b, 0, 30, 1), SENSE(5, 0x2c, 0));
	}
	/* 80 minutes: lead-out at 360,000, the disc ends at 359,845. */
	IS(send_sheet(LEAD_IN PAUSE TRACK "41 aa 01 14 00 50 02 00 "),
	   SENSE(5, 0x63, 0));
}
END_TEST

START_TEST(sheets_out_of_place)
{
	static const uint8_t sheet[32];

	/* No whole entries, too many, fewer than announced, none. */
	IS(select_write(&b, 0x42, 0xc4, 8, 0), GOOD);
	IS(send_out(&b, "5d 00 00 00 00 00 00 00 1f 00", sheet, 31),
	   SENSE(5, 0x24, 0));
	IS(send_out(&b, "5d 00 00 00 00 00 00 0c 88 00", sheet, 32),
	   SENSE(5, 0x24, 0));
	IS(send_out(&b, "5d 00 00 00 00 00 00 00 20 00", sheet, 24),
	   SENSE(5, 0x1a, 0));
	IS(send_cdb(&b, "5d 00 00 00 00 00 00 00 00 00"), SENSE(5, 0x24, 0));
	/* Under another write type. */
	IS(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
	IS(send_out(&b, "5d 00 00 00 00 00 00 00 20 00", sheet, 32),
	   SENSE(5, 0x2c, 0));
	/* At the start of a disc that has a session; on a final one. */
	burn(&b, 0, 300, 3, 1);
	IS(send_sheet(LEAD_IN PAUSE TRACK LEAD_OUT_300), SENSE(5, 0x26, 0));
	burn(&b, 11702, 300, 0, 1);
	IS(send_sheet(LEAD_IN PAUSE TRACK LEAD_OUT_300), SENSE(5, 0x30, 5));
	/* On a disc that is no CD. */
	reopen(&b, LATHE_EMULATOR_DVD_R, NULL);
	IS(send_sheet(LEAD_IN PAUSE TRACK LEAD_OUT_300), SENSE(5, 0x30, 0));
}
END_TEST

/* Multi-session bits 00: the disc is final. */
START_TEST(final_session)
{
	IS(send_sheet(LEAD_IN PAUSE_BY_DRIVE TRACK LEAD_OUT_300), GOOD);
	IS(select_write(&b, 0x42, 0x04, 8, 0), GOOD);
	write_run(&b, 0, 300, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x0e);
}
END_TEST

/* A test leaves no trace, and needs a sheet of its own next time. */
START_TEST(test_session)
{
	IS(send_sheet(LEAD_IN PAUSE_BY_DRIVE TRACK LEAD_OUT_300), GOOD);
	IS(select_write(&b, 0x52, 0xc4, 8, 0), GOOD);
	write_run(&b, 0, 300, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x00);
	IS(write_blocks(&b, 0, 30, 1), SENSE(5, 0x2c, 0));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated cue sheets");
	TCase *t = tcase_create("cue sheets");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, session_with_a_pause_by_the_host);
	tcase_add_test(t, session_with_a_pause_by_the_drive);
	tcase_add_test(t, several_tracks);
	tcase_add_test(t, sheets_that_are_refused);
	tcase_add_test(t, sheets_out_of_place);
	tcase_add_test(t, final_session);
	tcase_add_test(t, test_session);
	suite_add_tcase(s, t);
	return run_suite(s);
}
