/* SPDX-License-Identifier: MIT */
/* READ FORMAT CAPACITIES, MMC-6 6.23: what each medium offers when new. Sizes
 * and parameters are those that were seen with such discs. */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_rules.h"
#include "tests/suite.h"

static const struct {
	enum lathe_emulator_media media;
	const char *reply;
} blank[] = {
	/* No formats: 359,845 blocks, unformatted. */
	{ LATHE_EMULATOR_CD_R_80, "00 00 00 08 00 05 7d a5 01 00 08 00" },
	{ LATHE_EMULATOR_DVD_R, "00 00 00 08 00 23 12 80 01 00 08 00" },
	{ LATHE_EMULATOR_DVD_PLUS_R, "00 00 00 08 00 23 05 40 01 00 08 00" },
	/* 2,298,496 blocks; 00h, 10h and 15h make 2,297,888 of it, parameter
	 * 16. Types stand in bits 7-2. */
	{ LATHE_EMULATOR_DVD_RW, "00 00 00 20 00 23 12 80 01 00 08 00"
	  "00 23 10 20 00 00 00 10 00 23 10 20 40 00 00 10"
	  "00 23 10 20 54 00 00 10" },
	/* As a drive with a new DVD+RW says: 2,295,104 and 26h. */
	{ LATHE_EMULATOR_DVD_PLUS_RW, "00 00 00 10 00 23 05 40 01 00 08 00"
	  "00 23 05 40 98 00 00 00" },
	/* Sold formatted: 2,236,704, and 00h, 01h with parameter 800h. */
	{ LATHE_EMULATOR_DVD_RAM, "00 00 00 18 00 22 21 20 02 00 08 00"
	  "00 22 21 20 00 00 08 00 00 22 21 20 04 00 08 00" },
	/* 12,219,392; 00h and 32h with 12,288 clusters of spares, 32h with
	 * 20,480 and 4,096: 11,826,176, 11,564,032 and 12,088,320 blocks. */
	{ LATHE_EMULATOR_BD_R, "00 00 00 28 00 ba 74 00 01 00 08 00"
	  "00 b4 74 00 00 00 30 00 00 b4 74 00 c8 00 30 00"
	  "00 b0 74 00 c8 00 50 00 00 b8 74 00 c8 00 10 00" },
	/* The same sizes as 00h and 30h; 31h without spares. */
	{ LATHE_EMULATOR_BD_RE, "00 00 00 30 00 ba 74 00 01 00 08 00"
	  "00 b4 74 00 00 00 30 00 00 b4 74 00 c0 00 30 00"
	  "00 b0 74 00 c0 00 50 00 00 b8 74 00 c0 00 10 00"
	  "00 ba 74 00 c4 00 00 00" },
	/* Two layers: 24,438,784, 23,652,352 with default spares. */
	{ LATHE_EMULATOR_BD_R_DL, "00 00 00 28 01 74 e8 00 01 00 08 00"
	  "01 68 e8 00 00 00 60 00 01 68 e8 00 c8 00 60 00"
	  "01 60 e8 00 c8 00 a0 00 01 70 e8 00 c8 00 20 00" }
};

START_TEST(new_discs)
{
	static struct bench b;

	bench_open(&b, blank[_i].media, NULL, NULL);
	IS(send_in(&b, "23 00 00 00 00 00 00 00 fc 00", 252), GOOD);
	reply_is(&b, blank[_i].reply);
	/* Cut short, the length still tells of all. */
	IS(send_in(&b, "23 00 00 00 00 00 00 00 04 00", 4), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 4);
	bench_close(&b);
}
END_TEST

START_TEST(no_disc)
{
	static struct bench b;

	bench_open(&b, LATHE_EMULATOR_BD_RE, NULL, NULL);
	lathe_emulator_insert(b.drive, NULL);
	IS(send_in(&b, "23 00 00 00 00 00 00 00 fc 00", 252), GOOD);
	reply_is(&b, "00 00 00 08 00 00 00 00 03 00 08 00");
	bench_close(&b);
}
END_TEST

/* Restricted overwrite: 2,297,888 blocks are formatted, nothing to grow by. */
START_TEST(formatted_dvd_rw)
{
	static struct bench b;

	bench_open(&b, LATHE_EMULATOR_DVD_RW_OW, NULL, NULL);
	IS(send_in(&b, "23 00 00 00 00 00 00 00 fc 00", 252), GOOD);
	reply_is(&b, "00 00 00 20 00 23 10 20 02 00 08 00"
		 "00 23 10 20 00 00 00 10 00 23 10 20 40 00 00 10"
		 "00 23 10 20 54 00 00 10");
	bench_close(&b);
}
END_TEST

/* Discs that a test makes small keep their spares in proportion. */
START_TEST(small_discs)
{
	static struct bench b;

	bench_open(&b, LATHE_EMULATOR_BD_R, NULL, NULL);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 65536), 0);
	IS(send_in(&b, "23 00 00 00 00 00 00 00 fc 00", 252), GOOD);
	/* A sixteenth is 4,096 blocks or 128 clusters. */
	reply_is(&b, "00 00 00 28 00 01 00 00 01 00 08 00"
		 "00 00 d0 00 00 00 01 80 00 00 d0 00 c8 00 01 80"
		 "00 00 b0 00 c8 00 02 80 00 00 f0 00 c8 00 00 80");
	bench_close(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated capacities");
	TCase *t = tcase_create("READ FORMAT CAPACITIES");

	tcase_add_loop_test(t, new_discs, 0,
			    (int)(sizeof(blank) / sizeof(blank[0])));
	tcase_add_test(t, no_disc);
	tcase_add_test(t, formatted_dvd_rw);
	tcase_add_test(t, small_discs);
	suite_add_tcase(s, t);
	return run_suite(s);
}
