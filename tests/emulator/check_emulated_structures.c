/* SPDX-License-Identifier: MIT */
/* READ DISC STRUCTURE and SEND DISC STRUCTURE, MMC-6 6.22 and 6.36. Two bytes
 * of length (without themselves), two reserved, then the structure. */
#include <string.h>

#include "tests/emulator/lib_media.h"
#include "tests/suite.h"

static struct bench b;

static void teardown(void)
{
	bench_close(&b);
}

#define DVD(format) "ad 00 00 00 00 00 00 " format " 08 04 00 00"
#define BD(format) "ad 01 00 00 00 00 00 " format " 10 04 00 00"

/* Physical format: book, 120 mm, layers, first and last physical sector. */
static const struct {
	enum lathe_emulator_media media;
	const char *head;
} physical[] = {
	/* LBA 0 is 030000h; 030000h + 2,298,495 = 26127Fh. */
	{ LATHE_EMULATOR_DVD_R,
	  "08 02 00 00 25 0f 02 00 00 03 00 00 00 26 12 7f 00 00 00 00" },
	/* Two layers, opposite path: 4,171,712 blocks, half in layer 0: last
	 * sectors 42A7BFh and 22D3DFh. */
	{ LATHE_EMULATOR_DVD_R_DL,
	  "08 02 00 00 26 0f 32 00 00 03 00 00 00 42 a7 bf 00 22 d3 df" },
	{ LATHE_EMULATOR_DVD_RW,
	  "08 02 00 00 33 0f 04 00 00 03 00 00 00 26 12 7f 00 00 00 00" },
	/* As a DVD+R's: 26053Fh. */
	{ LATHE_EMULATOR_DVD_PLUS_R,
	  "08 02 00 00 a1 0f 02 00 00 03 00 00 00 26 05 3f 00 00 00 00" },
	{ LATHE_EMULATOR_DVD_PLUS_RW,
	  "08 02 00 00 92 0f 04 00 00 03 00 00 00 26 05 3f 00 00 00 00" },
	/* Two layers, opposite path: 4,173,824 blocks, 2,086,912 in layer 0:
	 * last sectors 42AFFFh and 22D7FFh. */
	{ LATHE_EMULATOR_DVD_PLUS_R_DL,
	  "08 02 00 00 e1 0f 32 00 00 03 00 00 00 42 af ff 00 22 d7 ff" },
	{ LATHE_EMULATOR_DVD_RAM,
	  "08 02 00 00 16 0f 04 00 00 03 00 00 00 25 21 1f 00 00 00 00" }
};

START_TEST(physical_format)
{
	bench_open(&b, physical[_i].media, NULL, NULL);
	IS(send_in(&b, DVD("00"), 2052), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 2052);
	b.cmd.moved = 20;
	reply_is(&b, physical[_i].head);
	/* BD structures of a DVD, a layer it has not. */
	IS(send_in(&b, BD("00"), 4100), SENSE(5, 0x24, 0));
	IS(send_in(&b, "ad 00 00 00 00 00 02 00 08 04 00 00", 2052),
	   SENSE(5, 0x24, 0));
}
END_TEST

START_TEST(lists_of_structures)
{
	bench_open(&b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL, NULL);
	IS(send_in(&b, DVD("ff"), 2052), GOOD);
	reply_is(&b, "00 0e 00 00 00 40 08 00 11 40 01 00 20 c0 00 08");
	reopen(&b, LATHE_EMULATOR_BD_R, NULL);
	IS(send_in(&b, BD("ff"), 2052), GOOD);
	reply_is(&b, "00 0a 00 00 00 40 10 00 0a 40 00 08");
	/* Drives were seen to refuse it with DVD-R. */
	reopen(&b, LATHE_EMULATOR_DVD_R, NULL);
	IS(send_in(&b, DVD("ff"), 2052), SENSE(5, 0x24, 0));
}
END_TEST

START_TEST(maker_of_a_dvd_r)
{
	bench_open(&b, LATHE_EMULATOR_DVD_R, NULL, NULL);
	IS(send_in(&b, DVD("0e"), 2052), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 68);
	ck_assert_mem_eq(b.data, "\0\x42\0\0", 4);
	/* Fields 3 and 4 hold the maker's name. */
	ck_assert_mem_eq(b.data + 4 + 16, "\3LATHE ", 7);
	ck_assert_mem_eq(b.data + 4 + 24, "\4R00001", 7);
	IS(send_in(&b, DVD("11"), 2052), SENSE(5, 0x24, 0));
}
END_TEST

START_TEST(maker_of_a_dvd_plus_rw)
{
	bench_open(&b, LATHE_EMULATOR_DVD_PLUS_RW, NULL, NULL);
	IS(send_in(&b, DVD("11"), 2052), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 260);
	ck_assert_mem_eq(b.data, "\1\2\0\0", 4);
	ck_assert_mem_eq(b.data + 4 + 19, "LATHE\0\0\0W01", 11);
	IS(send_in(&b, DVD("0e"), 2052), SENSE(5, 0x24, 0));
}
END_TEST

START_TEST(information_of_a_bd)
{
	bench_open(&b, LATHE_EMULATOR_BD_RE_DL, NULL, NULL);
	IS(send_in(&b, BD("00"), 4100), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 4100);
	ck_assert_mem_eq(b.data, "\x10\x02\0\0DI", 6);
	ck_assert_mem_eq(b.data + 4 + 8, "BDW", 3);
	ck_assert_mem_eq(b.data + 4 + 100, "LATHE\0W01", 9);
	IS(send_in(&b, DVD("00"), 2052), SENSE(5, 0x24, 0));
	IS(send_in(&b, "ad 01 00 00 00 00 01 00 00 04 00 00", 4), GOOD);
	reply_is(&b, "10 02 00 00");
	IS(send_in(&b, "ad 01 00 00 00 00 02 00 00 04 00 00", 4),
	   SENSE(5, 0x24, 0));
	reopen(&b, LATHE_EMULATOR_BD_R, NULL);
	IS(send_in(&b, BD("00"), 4100), GOOD);
	ck_assert_mem_eq(b.data + 4 + 8, "BDR", 3);
}
END_TEST

/* None before a format; 393,216 = 60000h blocks after the default one. */
START_TEST(spares_of_a_bd)
{
	bench_open(&b, LATHE_EMULATOR_BD_RE, NULL, NULL);
	IS(send_in(&b, BD("0a"), 12), GOOD);
	reply_is(&b, "00 0a 00 00 00 00 00 00 00 00 00 00");
	IS(format(&b, 0, 0xb47400, 0x3000), GOOD);
	IS(send_in(&b, BD("0a"), 12), GOOD);
	reply_is(&b, "00 0a 00 00 00 06 00 00 00 06 00 00");
}
END_TEST

/* The host chooses where layer 0 ends, once, before it writes. */
START_TEST(layer_break)
{
	uint8_t list[12] = { 0, 10 };

	bench_open(&b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL, NULL);
	/* 2,086,912 = 1FD800h blocks, not by the host. */
	IS(send_in(&b, DVD("20"), 12), GOOD);
	reply_is(&b, "00 0a 00 00 00 00 00 00 00 1f d8 00");
	/* More than there is; not a whole ECC block; nothing. */
	lathe_put_be32(list + 8, 0x1fd810);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   SENSE(5, 0x26, 0));
	lathe_put_be32(list + 8, 0x100008);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   SENSE(5, 0x26, 0));
	lathe_put_be32(list + 8, 0);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   SENSE(5, 0x26, 0));
	lathe_put_be32(list + 8, 0x100000);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 08 00 00", list, 8),
	   SENSE(5, 0x1a, 0));
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   GOOD);
	IS(send_in(&b, DVD("20"), 12), GOOD);
	reply_is(&b, "00 0a 00 00 80 00 00 00 00 10 00 00");
	/* Layer 1 is as long: 2,097,152 blocks in all. */
	ck_assert_uint_eq(free_blocks(&b), 0x200000);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   SENSE(5, 0x2c, 0));
	/* Not of other discs. */
	reopen(&b, LATHE_EMULATOR_DVD_PLUS_R, NULL);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   SENSE(5, 0x24, 0));
	reopen(&b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL);
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	IS(send_out(&b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12),
	   SENSE(5, 0x2c, 0));
}
END_TEST

/* In the lead-in it is that of DVD-R and -RW, alike before there is a border.
 */
START_TEST(physical_format_of_the_lead_in)
{
	static uint8_t newest[2052];

	bench_open(&b, physical[_i].media, NULL, NULL);
	IS(send_in(&b, DVD("00"), 2052), GOOD);
	memcpy(newest, b.data, sizeof(newest));
	if (physical[_i].media != LATHE_EMULATOR_DVD_R &&
	    physical[_i].media != LATHE_EMULATOR_DVD_R_DL &&
	    physical[_i].media != LATHE_EMULATOR_DVD_RW) {
		IS(send_in(&b, DVD("10"), 2052), SENSE(5, 0x24, 0));
		return;
	}
	IS(send_in(&b, DVD("10"), 2052), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 2052);
	ck_assert_mem_eq(b.data, newest, sizeof(newest));
}
END_TEST

static void borders_are(const char *format, uint32_t end,
			const char borders[8])
{
	IS(send_in(&b, format, 2052), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b.data + 4 + 8), end);
	ck_assert_mem_eq(b.data + 4 + 32, borders, 8);
}

/* In the lead-in: the extra border zone, and format information in it. */
static const char extra[] = "\x00\x02\xfe\x10\x00\x02\xff\xa0";

/* Border-out and the next border-in of an appendable DVD-R: data end at
 * 131,072 (LBA 20000h, PSN 50000h); 16 blocks of linking, border-out; the next
 * data at 131,072 + 16 + 28,672 = 159,760 (27010h), their border-in 96 blocks
 * before. Those end at 163,856 (28010h), the next ones would begin at 163,856
 * + 16 + 6,144 = 170,016 (29820h). The lead-in stays as it was made. */
START_TEST(borders_of_a_dvd_r)
{
	static const char first[] = "\x00\x05\x00\x10\x00\x05\x6f\xb0";

	bench_open(&b, LATHE_EMULATOR_DVD_R, NULL, NULL);
	IS(select_incremental(&b, 3), GOOD);
	borders_are(DVD("00"), 0x26127f, extra);
	borders_are(DVD("10"), 0x26127f, extra);
	IS(send_cdb(&b, "53 00 00 00 00 00 02 00 00 00"), GOOD);
	write_run(&b, 0, 64, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	borders_are(DVD("00"), 0x4ffff, first);
	borders_are(DVD("10"), 0x26127f, extra);
	/* A track of the next session, open, then closed: no new border. */
	IS(send_cdb(&b, "53 00 00 00 00 00 00 10 00 00"), GOOD);
	write_run(&b, 159760, 64, 1);
	borders_are(DVD("00"), 0x4ffff, first);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, "5b 00 01 00 00 02 00 00 00 00"), GOOD);
	borders_are(DVD("00"), 0x4ffff, first);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	borders_are(DVD("00"), 0x5800f,
		    "\x00\x05\x80\x20\x00\x05\x97\xc0");
	borders_are(DVD("10"), 0x26127f, extra);
}
END_TEST

/* A final one: the addresses of a real disc of 745,760 (B6120h) blocks. */
START_TEST(borders_of_a_final_dvd_r)
{
	bench_open(&b, LATHE_EMULATOR_DVD_R, NULL, NULL);
	IS(select_incremental(&b, 0), GOOD);
	IS(reserve_size(&b, 745760), GOOD);
	write_run(&b, 0, 64, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(disc_status(&b), 0x0e);
	borders_are(DVD("00"), 0xe611f, "\x00\x0e\x61\x30\x00\x0e\xf4\xd0");
	borders_are(DVD("10"), 0x26127f, extra);
}
END_TEST

/* One written at once has a lead-out there, and no border. */
START_TEST(borders_of_a_dvd_r_at_once)
{
	bench_open(&b, LATHE_EMULATOR_DVD_R, NULL, NULL);
	IS(select_at_once(&b, 0), GOOD);
	IS(reserve_size(&b, 41), GOOD);
	IS(write_blocks(&b, 0, 32, 1), GOOD);
	IS(write_blocks(&b, 32, 9, 1), GOOD);
	IS(send_cdb(&b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(&b), 0x0e);
	borders_are(DVD("00"), 0x30028, "\0\0\0\0\0\0\0");
}
END_TEST

/* The first session of two layers ends the disc, which has no border then. */
START_TEST(borders_of_a_dvd_r_dl)
{
	bench_open(&b, LATHE_EMULATOR_DVD_R_DL, NULL, NULL);
	IS(select_incremental(&b, 3), GOOD);
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(disc_status(&b), 0x0e);
	borders_are(DVD("00"), 0x42a7bf, "\0\0\0\0\0\0\0");
}
END_TEST

START_TEST(none_of_a_cd)
{
	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	IS(send_in(&b, DVD("00"), 2052), SENSE(5, 0x24, 0));
	IS(send_in(&b, DVD("ff"), 2052), SENSE(5, 0x24, 0));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated structures");
	TCase *t = tcase_create("structures");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, physical_format, 0,
			    (int)(sizeof(physical) / sizeof(physical[0])));
	tcase_add_loop_test(t, physical_format_of_the_lead_in, 0,
			    (int)(sizeof(physical) / sizeof(physical[0])));
	tcase_add_test(t, lists_of_structures);
	tcase_add_test(t, maker_of_a_dvd_r);
	tcase_add_test(t, maker_of_a_dvd_plus_rw);
	tcase_add_test(t, information_of_a_bd);
	tcase_add_test(t, spares_of_a_bd);
	tcase_add_test(t, layer_break);
	tcase_add_test(t, borders_of_a_dvd_r);
	tcase_add_test(t, borders_of_a_final_dvd_r);
	tcase_add_test(t, borders_of_a_dvd_r_at_once);
	tcase_add_test(t, borders_of_a_dvd_r_dl);
	tcase_add_test(t, none_of_a_cd);
	suite_add_tcase(s, t);
	return run_suite(s);
}
