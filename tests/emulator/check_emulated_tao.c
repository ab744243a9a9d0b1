/* SPDX-License-Identifier: MIT */
/* Track-at-once on the emulated recorder: addresses, capacity, zones. */
#include <check.h>
#include <stdlib.h>

#include "tests/emulator/lib_wire.h"
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

static void data_is(uint32_t lba, uint8_t tag)
{
	uint8_t want[2048];

	make_block(want, lba, tag);
	ck_assert_uint_eq(read_blocks(&b, lba, 1), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 2048);
	ck_assert_mem_eq(b.data, want, 2048);
}

START_TEST(blank_disc_begins_at_zero_and_is_all_free)
{
	ck_assert_uint_eq(next_writable(&b), 0);
	ck_assert_uint_eq(free_blocks(&b), 359845);
}
END_TEST

/* Measured on a real disc: 300 blocks and run-out, lead-out at 302, next
 * session at 11,702. */
START_TEST(first_session_costs_11402_blocks)
{
	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(next_writable(&b), 11702);
	ck_assert_uint_eq(free_blocks(&b), 359845 - 11702);
	data_is(0, 1);
	data_is(299, 1);
}
END_TEST

/* Measured: data 0-608, next 12,010; data to 17,898, next 24,800, free
 * 335,045. */
START_TEST(later_sessions_cost_6902_blocks)
{
	burn(&b, 0, 608, 3, 1);
	ck_assert_uint_eq(next_writable(&b), 12010);
	burn(&b, 12010, 17898 - 12010, 3, 2);
	ck_assert_uint_eq(next_writable(&b), 24800);
	ck_assert_uint_eq(free_blocks(&b), 335045);
	data_is(607, 1);
	data_is(12010, 2);
	data_is(17897, 2);
}
END_TEST

START_TEST(short_track_is_padded_to_300_blocks)
{
	uint8_t zeros[2048] = { 0 };

	burn(&b, 0, 20, 3, 1);
	ck_assert_uint_eq(next_writable(&b), 11702);
	data_is(19, 1);
	ck_assert_uint_eq(read_blocks(&b, 20, 1), GOOD);
	ck_assert_mem_eq(b.data, zeros, 2048);
	ck_assert_uint_eq(read_blocks(&b, 299, 1), GOOD);
	ck_assert_uint_eq(read_blocks(&b, 300, 1), SENSE(5, 0x64, 0));
	ck_assert_uint_eq(read_blocks(&b, 302, 1), SENSE(5, 0x21, 0));
}
END_TEST

/* End of data, 2 blocks run-out, 150 blocks pre-gap. */
START_TEST(next_track_of_the_session_is_152_blocks_away)
{
	ck_assert_uint_eq(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
	write_run(&b, 0, 500, 1);
	ck_assert_uint_eq(send_cdb(&b, "35 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(next_writable(&b), 652);
	write_run(&b, 652, 300, 2);
	ck_assert_uint_eq(send_cdb(&b, "35 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(send_cdb(&b, "5b 00 02 00 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(next_writable(&b), 952 + 11402);
	data_is(499, 1);
	data_is(652, 2);
}
END_TEST

START_TEST(write_anywhere_else_is_refused)
{
	ck_assert_uint_eq(write_blocks(&b, 1, 1, 1), SENSE(5, 0x21, 0x02));
	ck_assert_uint_eq(write_blocks(&b, 0, 16, 1), GOOD);
	ck_assert_uint_eq(write_blocks(&b, 0, 1, 1), SENSE(5, 0x21, 0x02));
	ck_assert_uint_eq(write_blocks(&b, 17, 1, 1), SENSE(5, 0x21, 0x02));
	ck_assert_uint_eq(write_blocks(&b, 359845, 1, 1), SENSE(5, 0x21, 0));
	ck_assert_uint_eq(next_writable(&b), 16);
	ck_assert_uint_eq(free_blocks(&b), 359829);
	ck_assert_uint_eq(write_blocks(&b, 16, 1, 1), GOOD);
}
END_TEST

/* The disc takes data up to its last possible lead-out, and no further. A
 * reserved track of 355,000 blocks (56AB8h) saves the test from filling it:
 * the next one starts at 355,152. */
START_TEST(disc_can_be_filled_to_the_last_block)
{
	uint32_t lba = 359845 - 32;

	ck_assert_uint_eq(send_cdb(&b, "53 00 00 00 00 00 05 6a b8 00"), GOOD);
	ck_assert_uint_eq(next_writable(&b), 355152);
	write_run(&b, 355152, lba - 355152, 2);
	lathe_emulator_sleep_ms(b.drive, 10000);
	ck_assert_uint_eq(free_blocks(&b), 32);
	ck_assert_uint_eq(write_blocks(&b, lba, 31, 2), GOOD);
	ck_assert_uint_eq(write_blocks(&b, lba + 31, 2, 2),
			  SENSE(5, 0x63, 0));
	ck_assert_uint_eq(write_blocks(&b, lba + 31, 1, 2), GOOD);
	ck_assert_uint_eq(write_blocks(&b, lba + 32, 1, 2),
			  SENSE(5, 0x63, 0));
	ck_assert_uint_eq(send_cdb(&b, "35 00 00 00 00 00 00 00 00 00"), GOOD);
	data_is(359844, 2);
	ck_assert_uint_eq(next_writable(&b), UINT32_MAX);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("emulated TAO");
	TCase *t = tcase_create("addresses");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, blank_disc_begins_at_zero_and_is_all_free);
	tcase_add_test(t, first_session_costs_11402_blocks);
	tcase_add_test(t, later_sessions_cost_6902_blocks);
	tcase_add_test(t, short_track_is_padded_to_300_blocks);
	tcase_add_test(t, next_track_of_the_session_is_152_blocks_away);
	tcase_add_test(t, write_anywhere_else_is_refused);
	tcase_add_test(t, disc_can_be_filled_to_the_last_block);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
