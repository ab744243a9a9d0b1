/* SPDX-License-Identifier: MIT */
/* GET CONFIGURATION, MMC-6 6.6 and 5.3: which features are current with which
 * disc, in which state. Byte 2 of a descriptor: version in bits 5-2,
 * persistent, current. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_media.h"
#include "tests/suite.h"

static struct bench b;

static void teardown(void)
{
	bench_close(&b);
}

/* RT 1, from feature 0010h to 00FFh: what the disc makes current. */
static void current_is(const char *profile, const char *features)
{
	char want[1024];
	uint32_t len = (uint32_t)(strlen(features) + 1) / 3, left, at;

	IS(send_in(&b, "46 01 00 10 00 00 00 10 00 00", 4096), GOOD);
	/* Behind them: power management, timeout, streaming, serial number,
	 * of 4, 8, 8 and 12 bytes. */
	left = b.cmd.moved - 32;
	ck_assert_uint_eq(lathe_get_be32(b.data), b.cmd.moved - 4);
	ck_assert_uint_eq(left, 8 + len);
	at = left;
	ck_assert_mem_eq(b.data + at, "\x01\x00\x03\x00\x01\x05\x07\x04", 8);
	ck_assert_mem_eq(b.data + at + 12, "\x01\x07\x11\x04", 4);
	snprintf(want, sizeof(want), "%02x %02x %02x %02x %s %s %s",
		 b.data[0], b.data[1], b.data[2], b.data[3], "00 00", profile,
		 features);
	b.cmd.moved = left;
	reply_is(&b, want);
}

static uint8_t streaming_flags(void)
{
	IS(send_in(&b, "46 02 01 07 00 00 00 00 10 00", 16), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 16);
	return b.data[12];
}

/* Blocking 16 and 32: 10h and 20h. */
#define READABLE_DVD "00 10 01 08 00 00 08 00 00 10 01 00 "
#define READABLE_BD "00 10 01 08 00 00 08 00 00 20 01 00 "
#define DVD_READ "00 1f 05 04 01 00 01 00"
#define INCREMENTAL " 00 21 0d 08 01 00 01 01 10 00 00 00"
#define FORMATTABLE "00 23 05 08 0f 00 00 00 00 00 00 00"
#define DEFECTS " 00 24 05 04 00 00 00 00"
#define MINUS_WRITE " 00 2f 09 04 4e 00 00 00"
#define BD_READ_WRITE " 00 40 01 1c 00 00 00 00 00 00 00 1e 00 00 00 00"     \
	" 00 00 00 1e 00 00 00 00 00 00 00 1e 00 00 00 00"                     \
	" 00 41 01 14 00 00 00 00 00 00 00 1e 00 00 00 00"                     \
	" 00 00 00 1e 00 00 00 00"
#define CD_READ "00 1d 01 00 00 1e 09 04 00 00 00 00"
#define CD_WRITE " 00 2d 09 04 46 00 05 00 00 2e 01 04 66 00 0c 80"

static const struct {
	enum lathe_emulator_media media;
	const char *profile, *features;
	uint8_t streaming;
} blank[] = {
	{ LATHE_EMULATOR_CD_R_80, "00 09", CD_READ CD_WRITE, 0x1e },
	{ LATHE_EMULATOR_CD_RW, "00 0a",
	  CD_READ CD_WRITE " 00 37 01 04 00 ff 00 00", 0x1e },
	{ LATHE_EMULATOR_DVD_R, "00 11", DVD_READ INCREMENTAL MINUS_WRITE,
	  0x1e },
	{ LATHE_EMULATOR_DVD_R_DL, "00 15", DVD_READ INCREMENTAL MINUS_WRITE,
	  0x1e },
	{ LATHE_EMULATOR_DVD_RW, "00 14",
	  DVD_READ INCREMENTAL " " FORMATTABLE MINUS_WRITE, 0x1e },
	{ LATHE_EMULATOR_DVD_RW_OW, "00 13",
	  READABLE_DVD DVD_READ " " FORMATTABLE
	  " 00 26 01 00 00 2c 01 04 03 00 00 00", 0x1e },
	{ LATHE_EMULATOR_DVD_PLUS_R, "00 1b",
	  DVD_READ " 00 2b 01 04 01 00 00 00", 0x1e },
	{ LATHE_EMULATOR_DVD_PLUS_R_DL, "00 2b",
	  DVD_READ " 00 3b 01 04 01 00 00 00", 0x1e },
	{ LATHE_EMULATOR_DVD_PLUS_RW, "00 1a",
	  DVD_READ " " FORMATTABLE " 00 2a 01 04 01 00 00 00", 0x1e },
	/* Random writable up to 2,236,703 = 22211Fh. */
	{ LATHE_EMULATOR_DVD_RAM, "00 12",
	  READABLE_DVD DVD_READ
	  " 00 20 05 0c 00 22 21 1f 00 00 08 00 00 10 01 00 "
	  FORMATTABLE DEFECTS, 0x1f },
	{ LATHE_EMULATOR_BD_R, "00 41", FORMATTABLE BD_READ_WRITE, 0x1f },
	{ LATHE_EMULATOR_BD_R_QL, "00 41", FORMATTABLE BD_READ_WRITE, 0x1f },
	{ LATHE_EMULATOR_BD_RE, "00 43", FORMATTABLE BD_READ_WRITE, 0x1f }
};

START_TEST(new_discs)
{
	bench_open(&b, blank[_i].media, NULL, NULL);
	current_is(blank[_i].profile, blank[_i].features);
	ck_assert_uint_eq(streaming_flags(), blank[_i].streaming);
}
END_TEST

/* The list of profiles marks the current one, whatever the disc is. */
START_TEST(one_profile_is_current)
{
	uint32_t i, marked = 0;

	bench_open(&b, blank[_i].media, NULL, NULL);
	IS(send_in(&b, "46 02 00 00 00 00 00 00 ff 00", 255), GOOD);
	ck_assert_uint_eq(b.data[11], 4 * 15);
	ck_assert_uint_eq(b.cmd.moved, 8 + 4 + 4 * 15);
	for (i = 12; i < b.cmd.moved; i += 4) {
		if (!b.data[i + 2])
			continue;
		ck_assert_mem_eq(b.data + i, b.data + 6, 2);
		marked++;
	}
	ck_assert_uint_eq(marked, 1);
}
END_TEST

START_TEST(no_disc_no_profile)
{
	bench_open(&b, LATHE_EMULATOR_BD_RE, NULL, NULL);
	lathe_emulator_insert(b.drive, NULL);
	IS(send_in(&b, "46 01 00 00 00 00 00 10 00 00", 4096), GOOD);
	/* Profile list, core, morphing, removable, power, timeout, serial. */
	ck_assert_uint_eq(b.cmd.moved, 8 + 64 + 12 + 8 + 8 + 4 + 8 + 12);
	ck_assert_mem_eq(b.data, "\0\0\0\x78\0\0\0\0", 8);
}
END_TEST

/* Blanked minimally, a DVD-RW takes one DAO session only; blanked in full it
 * is as new. */
START_TEST(dvd_rw_by_blanking)
{
	bench_open(&b, LATHE_EMULATOR_DVD_RW, NULL, NULL);
	IS(send_cdb(&b, "a1 01 00 00 00 00 00 00 00 00 00 00"), GOOD);
	current_is("00 14", DVD_READ " " FORMATTABLE MINUS_WRITE);
	IS(send_cdb(&b, "a1 00 00 00 00 00 00 00 00 00 00 00"), GOOD);
	current_is("00 14", DVD_READ INCREMENTAL " " FORMATTABLE MINUS_WRITE);
}
END_TEST

/* FORMAT UNIT of 11,826,176 blocks, 30h: defects are managed; 31h of all:
 * they are not. Last LBAs B473FFh and BA73FFh. */
START_TEST(bd_re_by_format)
{
	bench_open(&b, LATHE_EMULATOR_BD_RE, NULL, NULL);
	IS(format(&b, 0xc0, 0xb47400, 0x3000), GOOD);
	current_is("00 43", READABLE_BD
		   "00 20 05 0c 00 b4 73 ff 00 00 08 00 00 20 01 00 "
		   FORMATTABLE DEFECTS BD_READ_WRITE);
	IS(format(&b, 0xc4, 0xba7400, 0), GOOD);
	current_is("00 43", READABLE_BD
		   "00 20 05 0c 00 ba 73 ff 00 00 08 00 00 20 01 00 "
		   FORMATTABLE BD_READ_WRITE);
}
END_TEST

/* 00h with sub-type 0 is pseudo-overwrite, 1 is not. */
START_TEST(bd_r_by_format)
{
	bench_open(&b, LATHE_EMULATOR_BD_R, NULL, NULL);
	IS(format(&b, 0x01, 0xb47400, 0x3000), GOOD);
	current_is("00 41", "00 24 05 04 00 00 00 00" BD_READ_WRITE);
	reopen(&b, LATHE_EMULATOR_BD_R, NULL);
	IS(format(&b, 0x00, 0xb47400, 0x3000), GOOD);
	current_is("00 41", "00 24 05 04 00 00 00 00 00 38 01 04 00 00 00 00"
		   BD_READ_WRITE);
}
END_TEST

START_TEST(dvd_plus_rw_by_format)
{
	bench_open(&b, LATHE_EMULATOR_DVD_PLUS_RW, NULL, NULL);
	IS(format(&b, 0x98, 0xffffffff, 0), GOOD);
	lathe_emulator_sleep_ms(b.drive, 60000);
	current_is("00 1a", READABLE_DVD DVD_READ
		   " 00 20 05 0c 00 23 05 3f 00 00 08 00 00 10 01 00 "
		   FORMATTABLE " 00 2a 01 04 01 00 00 00");
}
END_TEST

/* A final DVD-R can be read, and that is all. */
START_TEST(final_dvd_r)
{
	bench_open(&b, LATHE_EMULATOR_DVD_R, NULL, NULL);
	IS(select_incremental(&b, 0), GOOD);
	write_run(&b, 0, 64, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	current_is("00 11", READABLE_DVD DVD_READ);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated features");
	TCase *t = tcase_create("GET CONFIGURATION");
	int n = (int)(sizeof(blank) / sizeof(blank[0]));

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, new_discs, 0, n);
	tcase_add_loop_test(t, one_profile_is_current, 0, n);
	tcase_add_test(t, no_disc_no_profile);
	tcase_add_test(t, dvd_rw_by_blanking);
	tcase_add_test(t, bd_re_by_format);
	tcase_add_test(t, bd_r_by_format);
	tcase_add_test(t, dvd_plus_rw_by_format);
	tcase_add_test(t, final_dvd_r);
	suite_add_tcase(s, t);
	return run_suite(s);
}
