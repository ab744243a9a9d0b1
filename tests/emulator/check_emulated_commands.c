/* SPDX-License-Identifier: MIT */
/* Commands of the emulated recorder that no rule of its table is about. */
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

static void data_is(uint32_t lba, uint8_t tag)
{
	uint8_t want[2048];

	make_block(want, lba, tag);
	ck_assert_uint_eq(b.cmd.moved, 2048);
	ck_assert_mem_eq(b.data, want, 2048);
}

/* Without a disc: 2/3A/01 behind a closed tray, 2/3A/02 on an open one. */
START_TEST(drive_without_a_disc)
{
	lathe_emulator_insert(b.drive, NULL);
	ck_assert_ptr_null(lathe_emulator_disc_in(b.drive));
	IS(send_cdb(&b, READY), SENSE(2, 0x3a, 1));
	IS(send_cdb(&b, "1b 00 00 00 01 00"), SENSE(2, 0x3a, 1));
	IS(send_in(&b, "25 00 00 00 00 00 00 00 00 00", 8),
	   SENSE(2, 0x3a, 1));
	IS(write_blocks(&b, 0, 1, 1), SENSE(2, 0x3a, 1));
	IS(send_in(&b, "46 00 00 00 00 00 00 00 08 00", 8), GOOD);
	reply_is(&b, "00 00 01 68 00 00 00 00");
	IS(send_in(&b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	reply_is(&b, "00 06 04 56 03 00 00 00");
	IS(send_cdb(&b, "1b 00 00 00 02 00"), GOOD);
	IS(send_cdb(&b, READY), SENSE(2, 0x3a, 2));
	IS(send_cdb(&b, "1b 00 00 00 03 00"), GOOD);
	IS(send_cdb(&b, READY), SENSE(2, 0x3a, 1));
	IS(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
}
END_TEST

START_TEST(starting_and_stopping_is_good)
{
	IS(send_cdb(&b, "1b 00 00 00 01 00"), GOOD);
	IS(send_cdb(&b, "1b 01 00 00 00 00"), GOOD);
	IS(send_cdb(&b, "1b 00 00 00 30 00"), GOOD);
	IS(send_cdb(&b, "1b 00 00 00 03 00"), GOOD);	/* already in */
	IS(send_cdb(&b, READY), GOOD);
}
END_TEST

/* MMC-6 6.9; byte 1 bit 4 is the door. */
START_TEST(mechanism_status)
{
	IS(send_in(&b, "bd 00 00 00 00 00 00 00 00 08 00 00", 8), GOOD);
	reply_is(&b, "00 00 00 00 00 00 00 00");
	IS(send_cdb(&b, "1b 00 00 00 02 00"), GOOD);
	IS(send_in(&b, "bd 00 00 00 00 00 00 00 00 04 00 00", 8), GOOD);
	reply_is(&b, "00 10 00 00");
}
END_TEST

/* MMC-6 6.23: 1 unformatted or blank, 2 formatted, 3 no medium. */
START_TEST(format_capacities)
{
	IS(send_in(&b, "23 00 00 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(&b, "00 00 00 08 00 05 7d a5 01 00 08 00");
	burn(&b, 0, 300, 3, 1);
	IS(send_in(&b, "23 00 00 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(&b, "00 00 00 08 00 00 01 2e 02 00 08 00");
	lathe_emulator_insert(b.drive, NULL);
	IS(send_in(&b, "23 00 00 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(&b, "00 00 00 08 00 00 00 00 03 00 08 00");
}
END_TEST

START_TEST(long_forms_of_read_and_write)
{
	uint8_t block[2048];

	make_block(block, 0, 9);
	IS(send_out(&b, "aa 00 00 00 00 00 00 00 00 01 00 00", block, 2048),
	   GOOD);
	IS(send_in(&b, "a8 00 00 00 00 00 00 00 00 01 00 00", 2048), GOOD);
	data_is(0, 9);
	/* FUA and DPO change nothing. */
	IS(send_in(&b, "28 18 00 00 00 00 00 00 01 00", 2048), GOOD);
	data_is(0, 9);
}
END_TEST

START_TEST(transfers_of_nothing)
{
	IS(send_cdb(&b, "2a 00 00 00 00 00 00 00 00 00"), GOOD);
	IS(next_writable(&b), 0);
	burn(&b, 0, 300, 3, 1);
	IS(send_cdb(&b, "28 00 00 00 00 00 00 00 00 00"), GOOD);
	IS(send_out(&b, "28 00 00 00 00 00 00 00 01 00", "", 0),
	   SENSE(5, 0x24, 0));
}
END_TEST

/* A host that has room for less than it asks for gets what fits. */
START_TEST(read_into_a_smaller_buffer)
{
	burn(&b, 0, 300, 3, 1);
	IS(send_in(&b, "28 00 00 00 00 00 00 00 04 00", 2048 + 100), GOOD);
	data_is(0, 1);
	ck_assert_uint_eq(b.data[2048], 0xa5);
}
END_TEST

/* MMC-6 6.20: user data; mode 1 tracks are not form 1. */
START_TEST(read_cd)
{
	burn(&b, 0, 300, 3, 1);
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 10 00 00", 2048), GOOD);
	data_is(5, 1);
	IS(send_in(&b, "be 08 00 00 00 05 00 00 01 10 00 00", 2048), GOOD);
	data_is(5, 1);
	IS(send_in(&b, "be 10 00 00 00 05 00 00 01 10 00 00", 2048),
	   SENSE(5, 0x64, 0));
	IS(send_in(&b, "be 00 00 00 01 2c 00 00 01 10 00 00", 2048),
	   SENSE(5, 0x64, 0));
	IS(send_in(&b, "be 00 00 00 00 05 00 00 01 10 01 00", 2064),
	   SENSE(5, 0x24, 0));
	IS(send_cdb(&b, "be 00 00 00 00 05 00 00 01 00 00 00"), GOOD);
}
END_TEST

/* Block type 10 with session format 20h: mode 2 form 1, disc type 20h. */
START_TEST(mode_2_tracks)
{
	IS(select_write(&b, 0x41, 0xc4, 10, 0x20), GOOD);
	write_run(&b, 0, 300, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	IS(send_in(&b, "52 01 00 00 00 01 00 00 08 00", 8), GOOD);
	reply_is(&b, "00 22 01 01 00 04 02 02");
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[8], 0x20);
	IS(send_in(&b, "43 00 02 00 00 00 01 10 00 00", 4096), GOOD);
	ck_assert_mem_eq(b.data + 4, "\1\x14\0\xa0\0\0\0\0\1\x20\0", 11);
	IS(send_in(&b, "be 10 00 00 00 05 00 00 01 10 00 00", 2048), GOOD);
	data_is(5, 1);
	IS(send_in(&b, "be 08 00 00 00 05 00 00 01 10 00 00", 2048),
	   SENSE(5, 0x64, 0));
	/* The second session may be of another kind. */
	burn(&b, 11702, 300, 3, 2);
	IS(send_in(&b, "be 08 00 00 2d b6 00 00 01 10 00 00", 2048), GOOD);
	data_is(11702, 2);
}
END_TEST

START_TEST(verify)
{
	burn(&b, 0, 300, 3, 1);
	IS(send_cdb(&b, "2f 00 00 00 00 00 00 01 2c 00"), GOOD);
	IS(send_cdb(&b, "2f 00 00 00 00 00 00 01 2d 00"), SENSE(5, 0x64, 0));
	ck_assert_uint_eq(lathe_get_be32(b.cmd.sense + 3), 300);
	IS(send_cdb(&b, "2f 02 00 00 00 00 00 00 01 00"), SENSE(5, 0x24, 0));
}
END_TEST

/* MMC-6 6.39: 2,900 kB in 1,000 ms is rounded down to 16x. */
START_TEST(set_streaming)
{
	uint8_t list[28] = { 0 };

	lathe_put_be32(list + 8, 359844);
	lathe_put_be32(list + 12, 8467);
	lathe_put_be32(list + 16, 1000);
	lathe_put_be32(list + 20, 2900);
	lathe_put_be32(list + 24, 1000);
	IS(send_out(&b, "b6 00 00 00 00 00 00 00 00 00 1c 00", list, 28),
	   GOOD);
	/* Type 0, write: MMC-6 6.8. */
	IS(send_in(&b, "ac 04 00 00 00 00 00 00 00 01 00 00", 24), GOOD);
	reply_is(&b, "00 00 00 14 02 00 00 00"
		 "00 00 00 00 00 00 0b 06 00 05 7d a4 00 00 0b 06");
	IS(send_in(&b, "ac 10 00 00 00 00 00 00 00 01 00 00", 24), GOOD);
	reply_is(&b, "00 00 00 14 00 00 00 00"
		 "00 00 00 00 00 00 21 13 00 05 7d a4 00 00 21 13");
	IS(send_in(&b, "ac 00 00 00 00 00 00 00 00 01 04 00", 24),
	   SENSE(5, 0x24, 0));
	list[0] = 4;
	IS(send_out(&b, "b6 00 00 00 00 00 00 00 00 00 1c 00", list, 28),
	   GOOD);
	IS(send_in(&b, "ac 04 00 00 00 00 00 00 00 01 00 00", 24), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b.data + 20), 8467);
	list[0] = 0;
	lathe_put_be32(list + 24, 0);
	IS(send_out(&b, "b6 00 00 00 00 00 00 00 00 00 1c 00", list, 28),
	   SENSE(5, 0x26, 0));
	IS(send_out(&b, "b6 00 00 00 00 00 00 00 00 00 10 00", list, 16),
	   SENSE(5, 0x1a, 0));
	IS(send_out(&b, "b6 00 00 00 00 00 00 00 05 00 1c 00", list, 28),
	   SENSE(5, 0x24, 0));
}
END_TEST

/* The speed decides how long things take: 300 blocks at 4x need 1 s, at 48x
 * 83 ms, and SYNCHRONIZE CACHE waits for them. */
START_TEST(speed_is_time)
{
	uint64_t start_ms, slow_ms, fast_ms;

	IS(send_cdb(&b, "bb 00 ff ff 02 c2 00 00 00 00 00 00"), GOOD);
	write_run(&b, 0, 300, 1);
	start_ms = lathe_emulator_now_ms(b.drive);
	IS(send_cdb(&b, SYNC), GOOD);
	slow_ms = lathe_emulator_now_ms(b.drive) - start_ms;
	IS(send_cdb(&b, "bb 00 ff ff ff ff 00 00 00 00 00 00"), GOOD);
	write_run(&b, 452, 300, 1);
	start_ms = lathe_emulator_now_ms(b.drive);
	IS(send_cdb(&b, SYNC), GOOD);
	fast_ms = lathe_emulator_now_ms(b.drive) - start_ms;
	ck_assert_uint_gt(slow_ms, fast_ms + 700);
	ck_assert_uint_lt(slow_ms, fast_ms + 1100);
}
END_TEST

START_TEST(block_descriptor_alone_may_be_selected)
{
	uint8_t list[16] = { 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 8, 0 };

	IS(send_out(&b, "55 10 00 00 00 00 00 00 10 00", list, 16), GOOD);
	list[14] = 9;
	IS(send_out(&b, "55 10 00 00 00 00 00 00 10 00", list, 16),
	   SENSE(5, 0x26, 0));
	list[7] = 7;
	IS(send_out(&b, "55 10 00 00 00 00 00 00 10 00", list, 16),
	   SENSE(5, 0x1a, 0));
	IS(send_out(&b, "55 10 00 00 00 00 00 00 0f 00", list, 15),
	   SENSE(5, 0x1a, 0));
	IS(send_out(&b, "55 10 00 00 00 00 00 00 10 00", list, 8),
	   SENSE(5, 0x1a, 0));
	IS(send_out(&b, "55 00 00 00 00 00 00 00 10 00", list, 16),
	   SENSE(5, 0x24, 0));
	IS(send_out(&b, "55 11 00 00 00 00 00 00 10 00", list, 16),
	   SENSE(5, 0x24, 0));
	IS(send_cdb(&b, "55 10 00 00 00 00 00 00 00 00"), GOOD);
}
END_TEST

START_TEST(structures_of_dvds_do_not_exist)
{
	IS(send_in(&b, "ad 00 00 00 00 00 00 00 00 20 00 00", 32),
	   SENSE(5, 0x24, 0));
	IS(send_in(&b, "43 00 05 00 00 00 00 00 20 00", 32),
	   SENSE(5, 0x24, 0));
	IS(send_in(&b, "51 02 00 00 00 00 00 00 20 00", 32),
	   SENSE(5, 0x24, 0));
}
END_TEST

/* SPC-4 6.39: nothing to report; the descriptor form on request. */
START_TEST(request_sense)
{
	IS(send_in(&b, "03 00 00 00 12 00", 18), GOOD);
	reply_is(&b, "70 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 00 00 00");
	lathe_emulator_insert(b.drive, b.disc);
	IS(send_in(&b, "03 01 00 00 fc 00", 252), GOOD);
	reply_is(&b, "72 06 28 00 00 00 00 00");
	IS(send_in(&b, "03 01 00 00 04 00", 252), GOOD);
	reply_is(&b, "72 00 00 00");
}
END_TEST

/* Two conditions wait; each comes once, in their order. */
START_TEST(attentions_queue)
{
	lathe_emulator_insert(b.drive, b.disc);
	ck_assert_int_eq(lathe_emulator_set_faults(b.drive, "reset"), 0);
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_RESET));
	IS(send_cdb(&b, READY), SENSE(6, 0x29, 0));
	lathe_emulator_insert(b.drive, b.disc);
	lathe_emulator_insert(b.drive, b.disc);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	IS(send_cdb(&b, READY), GOOD);
}
END_TEST

START_TEST(ninety_nine_tracks_are_all)
{
	uint32_t i, nwa = 0;

	for (i = 0; i < 99; i++) {
		nwa = next_writable(&b);
		ck_assert_uint_ne(nwa, UINT32_MAX);
		IS(write_blocks(&b, nwa, 1, 1), GOOD);
		IS(send_cdb(&b, SYNC), GOOD);
	}
	ck_assert_uint_eq(nwa, 98 * 452);
	ck_assert_uint_eq(next_writable(&b), UINT32_MAX);
	IS(write_blocks(&b, 99 * 452, 1, 1), SENSE(5, 0x63, 0));
	IS(send_cdb(&b, "53 00 00 00 00 00 00 04 00 00"), SENSE(5, 0x63, 0));
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[6], 99);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	IS(send_in(&b, "43 00 00 00 00 00 00 10 00 00", 4096), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 4 + 100 * 8);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated commands");
	TCase *t = tcase_create("commands");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, drive_without_a_disc);
	tcase_add_test(t, starting_and_stopping_is_good);
	tcase_add_test(t, mechanism_status);
	tcase_add_test(t, format_capacities);
	tcase_add_test(t, long_forms_of_read_and_write);
	tcase_add_test(t, transfers_of_nothing);
	tcase_add_test(t, read_into_a_smaller_buffer);
	tcase_add_test(t, read_cd);
	tcase_add_test(t, mode_2_tracks);
	tcase_add_test(t, verify);
	tcase_add_test(t, set_streaming);
	tcase_add_test(t, speed_is_time);
	tcase_add_test(t, block_descriptor_alone_may_be_selected);
	tcase_add_test(t, structures_of_dvds_do_not_exist);
	tcase_add_test(t, request_sense);
	tcase_add_test(t, attentions_queue);
	tcase_add_test(t, ninety_nine_tracks_are_all);
	suite_add_tcase(s, t);
	return run_suite(s);
}
