/* SPDX-License-Identifier: MIT */
/* READ CD, MMC-6 6.20: whole sectors as ECMA-130 has them. */
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

/* ECMA-130 14.1: 00, ten times FF, 00. */
static const uint8_t sync_pattern[12] = {
	0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00
};

/* The remainder of the bits of 'p', least significant bit of each byte first,
 * divided by (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), ECMA-130 14.3: a
 * plain long division. Of data with their EDC behind them it is 0. */
static uint32_t remainder_of(const uint8_t *p, size_t bytes)
{
	uint64_t r = 0;
	size_t i;

	for (i = 0; i < bytes * 8; i++) {
		r = r << 1 | (p[i / 8] >> i % 8 & 1);
		if (r >> 32)
			r ^= 0x18001801bu;
	}
	return (uint32_t)r;
}

/* Powers of the root, x^8 + x^4 + x^3 + x^2 + 1. */
static uint8_t power(uint8_t a, int n)
{
	while (n--)
		a = (uint8_t)(a << 1 ^ (a >> 7 ? 0x1d : 0));
	return a;
}

/* ECMA-130 annex A: both checks of each P and each Q vector give 0. 'body' is
 * the sector behind its sync. */
static void corrects(const uint8_t *body)
{
	int lane, n, m;

	for (lane = 0; lane < 2; lane++) {
		for (n = 0; n < 43; n++) {
			uint8_t sum = 0, weighted = 0;

			for (m = 0; m < 26; m++) {
				uint8_t v = body[2 * (43 * m + n) + lane];

				sum ^= v;
				weighted ^= power(v, 25 - m);
			}
			ck_assert_uint_eq(sum, 0);
			ck_assert_uint_eq(weighted, 0);
		}
		for (n = 0; n < 26; n++) {
			uint8_t sum = 0, weighted = 0;

			for (m = 0; m < 45; m++) {
				int word = m < 43 ? (44 * m + 43 * n) % 1118
						  : 43 * 26 + 26 * (m - 43) +
						    n;
				uint8_t v = body[2 * word + lane];

				sum ^= v;
				weighted ^= power(v, 44 - m);
			}
			ck_assert_uint_eq(sum, 0);
			ck_assert_uint_eq(weighted, 0);
		}
	}
}

START_TEST(raw_sectors_of_mode_1)
{
	uint8_t want[2048];
	uint32_t i;

	burn(&b, 0, 300, 3, 1);
	/* Three sectors from LBA 74: addresses 00:02:74, 00:03:00, 00:03:01,
	 * in BCD. */
	IS(send_in(&b, "be 00 00 00 00 4a 00 00 03 f8 00 00", 3 * 2352), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 3 * 2352);
	for (i = 0; i < 3; i++) {
		const uint8_t *p = b.data + 2352 * i;
		static const char header[3][5] = {
			"\x00\x02\x74\x01", "\x00\x03\x00\x01",
			"\x00\x03\x01\x01"
		};

		ck_assert_mem_eq(p, sync_pattern, 12);
		ck_assert_mem_eq(p + 12, header[i], 4);
		make_block(want, 74 + i, 1);
		ck_assert_mem_eq(p + 16, want, 2048);
		ck_assert_uint_eq(remainder_of(p, 2068), 0);
		ck_assert_mem_eq(p + 2068, "\0\0\0\0\0\0\0\0", 8);
		corrects(p + 12);
	}
}
END_TEST

START_TEST(raw_sectors_of_mode_2_form_1)
{
	static uint8_t body[2340];
	uint8_t want[2048];

	IS(select_write(&b, 0x41, 0xc4, 10, 0x20), GOOD);
	write_run(&b, 0, 300, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	IS(send_in(&b, "be 10 00 00 00 64 00 00 01 f8 00 00", 2352), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 2352);
	ck_assert_mem_eq(b.data, sync_pattern, 12);
	ck_assert_mem_eq(b.data + 12, "\x00\x03\x25\x02", 4);
	/* ECMA-130 has no sub-header; it is that of CD-ROM XA: data, form 1,
	 * twice. */
	ck_assert_mem_eq(b.data + 16, "\0\0\x08\0\0\0\x08\0", 8);
	make_block(want, 100, 1);
	ck_assert_mem_eq(b.data + 24, want, 2048);
	ck_assert_uint_eq(remainder_of(b.data + 16, 8 + 2048 + 4), 0);
	/* Its header counts as zeros. */
	memcpy(body, b.data + 12, sizeof(body));
	memset(body, 0, 4);
	corrects(body);
	/* It is no mode 1 sector. */
	IS(send_in(&b, "be 08 00 00 00 64 00 00 01 f8 00 00", 2352),
	   SENSE(5, 0x64, 0));
}
END_TEST

START_TEST(parts_of_a_sector)
{
	uint8_t want[2048];

	burn(&b, 0, 300, 3, 1);
	make_block(want, 5, 1);
	/* User data. */
	IS(send_in(&b, "be 08 00 00 00 05 00 00 01 10 00 00", 2048), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 2048);
	ck_assert_mem_eq(b.data, want, 2048);
	/* Header alone. */
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 20 00 00", 4), GOOD);
	reply_is(&b, "00 02 05 01");
	/* Header and user data. */
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 30 00 00", 2052), GOOD);
	ck_assert_mem_eq(b.data, "\x00\x02\x05\x01", 4);
	ck_assert_mem_eq(b.data + 4, want, 2048);
	/* User data with EDC and ECC: 288 bytes behind them. */
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 18 00 00", 2352), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 2336);
	/* Nothing is asked for: nothing comes. */
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 00 00 00", 2352), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 0);
	/* Parts that do not lie side by side; C2 flags; sub-channel. */
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 90 00 00", 2352),
	   SENSE(5, 0x24, 0));
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 12 00 00", 2352),
	   SENSE(5, 0x24, 0));
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 10 01 00", 2352),
	   SENSE(5, 0x24, 0));
	/* Audio is not there. */
	IS(send_in(&b, "be 04 00 00 00 05 00 00 01 10 00 00", 2352),
	   SENSE(5, 0x64, 0));
}
END_TEST

/* The run-out ends it, with its address; what came before is there. */
START_TEST(bad_sectors)
{
	burn(&b, 0, 300, 3, 1);
	IS(send_in(&b, "be 00 00 00 01 2a 00 00 04 f8 00 00", 4 * 2352),
	   SENSE(5, 0x64, 0));
	ck_assert_uint_eq(b.cmd.moved, 2 * 2352);
	ck_assert_uint_eq(lathe_get_be32(b.cmd.sense + 3), 300);
	IS(send_in(&b, "be 00 00 05 7d a5 00 00 01 f8 00 00", 2352),
	   SENSE(5, 0x21, 0));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated READ CD");
	TCase *t = tcase_create("READ CD");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, raw_sectors_of_mode_1);
	tcase_add_test(t, raw_sectors_of_mode_2_form_1);
	tcase_add_test(t, parts_of_a_sector);
	tcase_add_test(t, bad_sectors);
	suite_add_tcase(s, t);
	return run_suite(s);
}
