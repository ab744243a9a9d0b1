/* SPDX-License-Identifier: MIT */
/* The fault script: its grammar, each condition, each effect. */
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

static void faults(const char *script)
{
	ck_assert_int_eq(lathe_emulator_set_faults(b.drive, script), 0);
}

/* ---- grammar ------------------------------------------------------------ */

static const char *const bad_scripts[] = {
	"op=2a", "sense=3/0c/00 busy", "op=2 a busy", "op=123 busy",
	"op=xx busy", "lba=abc busy", "count=0 busy", "times= busy",
	"sense=3/0c", "sense=3-0c-00", "sense", "sense=g/00/00", "busy=1",
	"short", "short=x", "residue", "stall", "nonsense", "op=2a nonsense",
	"cdb=01 busy",
	"cdb16=01 busy", "cdb4=100 busy", "cdb4 busy", "time busy",
	"lba=99999999999 busy", "busy\nop=", "= busy"
};

START_TEST(bad_script_is_refused_and_changes_nothing)
{
	faults("op=00 busy");
	ck_assert_int_eq(lathe_emulator_set_faults(b.drive, bad_scripts[_i]),
			 LATHE_ERR_ARG);
	IS(send_cdb(&b, READY), STATUS_BUSY);
	ck_assert_uint_eq(lathe_emulator_faults_fired(b.drive), 1);
}
END_TEST

START_TEST(comments_and_empty_lines_are_nothing)
{
	faults("# nothing\n\n  ;;\t\nop=00 busy # once; and not twice");
	IS(send_cdb(&b, READY), STATUS_BUSY);
	IS(send_cdb(&b, READY), GOOD);
}
END_TEST

START_TEST(create_refuses_bad_texts)
{
	struct lathe_emulator_config config;
	struct lathe_emulator *drive = NULL;

	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.faults = "op=2a";
	ck_assert_int_eq(lathe_emulator_create(&config, &drive),
			 LATHE_ERR_ARG);
	config.faults = NULL;
	config.personality = "no-opc,unheard-of";
	ck_assert_int_eq(lathe_emulator_create(&config, &drive),
			 LATHE_ERR_ARG);
	config.personality = NULL;
	config.size = 1;
	ck_assert_int_eq(lathe_emulator_create(&config, &drive),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(drive);
}
END_TEST

/* ---- conditions --------------------------------------------------------- */

START_TEST(by_opcode_count_and_times)
{
	faults("op=00 count=2 times=2 busy");
	IS(send_cdb(&b, READY), GOOD);
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	IS(send_cdb(&b, READY), STATUS_BUSY);
	IS(send_cdb(&b, READY), STATUS_BUSY);
	IS(send_cdb(&b, READY), GOOD);
	ck_assert_uint_eq(lathe_emulator_faults_fired(b.drive), 2);
	faults("op=00 count=3 times=0 busy");
	IS(send_cdb(&b, READY), GOOD);
	IS(send_cdb(&b, READY), GOOD);
	IS(send_cdb(&b, READY), STATUS_BUSY);
	IS(send_cdb(&b, READY), STATUS_BUSY);
}
END_TEST

START_TEST(by_byte_of_the_cdb)
{
	faults("op=5b cdb2=02 sense=5/72/03");
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), SENSE(5, 0x72, 3));
}
END_TEST

START_TEST(by_address)
{
	faults("op=2A lba=40 sense=2/04/08");
	IS(write_blocks(&b, 0, 32, 1), GOOD);
	IS(write_blocks(&b, 32, 8, 1), GOOD);
	IS(write_blocks(&b, 40, 8, 1), SENSE(2, 4, 8));
	IS(write_blocks(&b, 40, 8, 1), GOOD);
	faults("lba=47 sense=3/11/05");
	IS(read_blocks(&b, 0, 32), GOOD);
	IS(read_blocks(&b, 32, 16), SENSE(3, 0x11, 5));
}
END_TEST

START_TEST(by_number_of_commands_and_by_time)
{
	uint32_t before = lathe_emulator_commands(b.drive);
	char script[40];

	ck_assert_uint_eq(before, 1);
	strcpy(script, "after=3 busy");
	faults(script);
	IS(send_cdb(&b, READY), GOOD);
	IS(send_cdb(&b, READY), GOOD);
	IS(send_cdb(&b, READY), STATUS_BUSY);
	faults("time=10000 busy");
	IS(send_cdb(&b, READY), GOOD);
	lathe_emulator_sleep_ms(b.drive, 10000);
	IS(send_cdb(&b, READY), STATUS_BUSY);
}
END_TEST

START_TEST(first_of_several_strikes)
{
	faults("op=00 sense=2/04/00\nop=00 count=2 busy");
	IS(send_cdb(&b, READY), SENSE(2, 4, 0));
	IS(send_cdb(&b, READY), STATUS_BUSY);
	IS(send_cdb(&b, READY), GOOD);
}
END_TEST

/* ---- effects ------------------------------------------------------------ */

START_TEST(sense_stops_the_command)
{
	faults("op=2a sense=2/04/01");
	IS(write_blocks(&b, 0, 16, 1), SENSE(2, 4, 1));
	ck_assert_uint_eq(next_writable(&b), 0);
	ck_assert_uint_eq(b.cmd.moved, 36);
	faults("op=35 deferred=4/44/00");
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	IS(send_cdb(&b, SYNC), SENSE(4, 0x44, 0));
	ck_assert_uint_eq(b.cmd.sense[0], 0x71);
	ck_assert_uint_eq(next_writable(&b), 16);
}
END_TEST

/* SPC-4 4.5.6: with key 1 it was carried out all the same. */
START_TEST(a_recovered_error_stops_nothing)
{
	faults("op=2a sense=1/0C/00\nop=2a count=2 sense=1/0C/00");
	IS(write_blocks(&b, 0, 16, 1), SENSE(1, 0x0c, 0));
	ck_assert_uint_eq(b.cmd.moved, 16 * 2048);
	ck_assert_uint_eq(next_writable(&b), 16);
	/* What goes wrong with it is told, not that. */
	IS(write_blocks(&b, 99, 16, 1), SENSE(5, 0x21, 2));
	faults("op=51 sense=1/17/01");
	IS(send_in(&b, DISC_INFORMATION, 34), SENSE(1, 0x17, 1));
	ck_assert_uint_eq(b.cmd.moved, 34);
	ck_assert_uint_eq(b.data[1], 32);
	ck_assert_uint_eq(b.cmd.sense[0], 0x70);
	/* A late one is of another command, and stops this one. */
	faults("op=2a deferred=1/18/00");
	IS(write_blocks(&b, 16, 16, 1), SENSE(1, 0x18, 0));
	ck_assert_uint_eq(b.cmd.sense[0], 0x71);
	ck_assert_uint_eq(next_writable(&b), 16);
}
END_TEST

START_TEST(timeout_and_lost_answer_reset_the_drive)
{
	uint64_t before_ms;

	burn(&b, 0, 300, 3, 1);
	IS(write_blocks(&b, 11702, 16, 1), GOOD);
	IS(send_cdb(&b, SYNC), GOOD);
	before_ms = lathe_emulator_now_ms(b.drive);
	faults("op=5b timeout");
	IS(send_cdb(&b, CLOSE_SESSION), TRANSPORT(LATHE_CAUSE_TIMED_OUT));
	ck_assert_uint_ge(lathe_emulator_now_ms(b.drive) - before_ms,
			  20000000);
	IS(send_cdb(&b, READY), SENSE(6, 0x29, 0));
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x05);
	/* Page 05h has its default again: the disc would become final. */
	IS(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
	faults("op=5b lost");
	IS(send_cdb(&b, CLOSE_SESSION), TRANSPORT(LATHE_CAUSE_TIMED_OUT));
	IS(send_cdb(&b, READY), SENSE(6, 0x29, 0));
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x01);
}
END_TEST

START_TEST(transport_effects)
{
	faults("refused\ntoolarge\nreset\ngone");
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_REFUSED));
	ck_assert_int_eq(b.cmd.sys_errno, 1);	/* EPERM */
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_TOO_LARGE));
	ck_assert_int_eq(b.cmd.sys_errno, 5);	/* EIO */
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_RESET));
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_GONE));
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_GONE));
	faults(NULL);
	IS(send_cdb(&b, READY), SENSE(6, 0x29, 0));
	IS(send_cdb(&b, READY), GOOD);
}
END_TEST

START_TEST(size_limit_of_the_host)
{
	reopen(&b, LATHE_EMULATOR_CD_R_80, "host-max-transfer=32768");
	IS(write_blocks(&b, 0, 17, 1), TRANSPORT(LATHE_CAUSE_TOO_LARGE));
	IS(write_blocks(&b, 0, 16, 1), GOOD);
}
END_TEST

START_TEST(time_limit_of_the_command)
{
	faults("op=00 stall=7000");
	IS(send_cdb(&b, READY), GOOD);
	ck_assert_uint_ge(lathe_emulator_now_ms(b.drive), 7000);
	faults("op=00 stall=30000000");
	IS(send_cdb(&b, READY), TRANSPORT(LATHE_CAUSE_TIMED_OUT));
}
END_TEST

START_TEST(short_transfers_are_good)
{
	faults("op=51 short=7");
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 7);
	ck_assert_uint_eq(b.data[7], 0xa5);
	faults("op=2a short=6000");
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 6000);
	ck_assert_uint_eq(next_writable(&b), 2);
	faults("op=28 short=3000");
	IS(read_blocks(&b, 0, 2), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 3000);
}
END_TEST

/* As a bridge tells it: all of the data came over. */
START_TEST(a_residue_may_be_none)
{
	faults("op=2a residue=6000\nop=51 residue=99");
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 16 * 2048 - 6000);
	ck_assert_uint_eq(next_writable(&b), 16);
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	faults("op=51 residue=99");
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.cmd.moved, 0);
	ck_assert_uint_eq(b.data[1], 32);
}
END_TEST

static uint32_t bits_changed(uint32_t lba, uint8_t tag)
{
	uint8_t want[2048], got[2048];
	uint32_t i, k, n = 0;

	make_block(want, lba, tag);
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, lba, got),
			 LATHE_EMULATOR_BLOCK_DATA);
	for (i = 0; i < 2048; i++)
		for (k = 0; k < 8; k++)
			n += (uint32_t)(want[i] ^ got[i]) >> k & 1u;
	return n;
}

START_TEST(corruption_is_silent)
{
	uint8_t want[2048];

	faults("op=2a count=2 corrupt");
	write_run(&b, 0, 96, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	ck_assert_uint_eq(bits_changed(31, 1), 0);
	ck_assert_uint_eq(bits_changed(32, 1), 1);
	ck_assert_uint_eq(bits_changed(33, 1), 0);
	faults("op=28 corrupt");
	make_block(want, 5, 1);
	IS(read_blocks(&b, 5, 1), GOOD);
	ck_assert(memcmp(b.data, want, 2048) != 0);
	IS(read_blocks(&b, 5, 1), GOOD);
	ck_assert_mem_eq(b.data, want, 2048);
}
END_TEST

START_TEST(disc_is_swapped_before_the_command)
{
	struct lathe_emulator_store *other;

	burn(&b, 0, 300, 3, 1);
	ck_assert_int_eq(lathe_emulator_store_memory(
				 NULL, LATHE_EMULATOR_CD_RW, &other), 0);
	lathe_emulator_set_swap(b.drive, other);
	faults("op=51 swap");
	IS(send_in(&b, DISC_INFORMATION, 34), SENSE(6, 0x28, 0));
	ck_assert_ptr_eq(lathe_emulator_disc_in(b.drive), other);
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x10);
	lathe_emulator_insert(b.drive, b.disc);
	lathe_emulator_store_close(other);
}
END_TEST

START_TEST(tray_opens_by_hand_although_locked)
{
	IS(send_cdb(&b, "1e 00 00 00 01 00"), GOOD);
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	faults("time=60000 eject");
	lathe_emulator_sleep_ms(b.drive, 60000);
	ck_assert_uint_eq(lathe_emulator_faults_fired(b.drive), 1);
	IS(write_blocks(&b, 16, 16, 1), SENSE(2, 0x3a, 2));
	IS(send_cdb(&b, "1b 00 00 00 03 00"), GOOD);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	ck_assert_uint_eq(next_writable(&b), 16);
}
END_TEST

START_TEST(power_is_cut_by_the_clock)
{
	burn(&b, 0, 300, 3, 1);
	IS(write_blocks(&b, 11702, 32, 1), GOOD);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION_IMMED), GOOD);
	faults("time=1 powercut");
	/* In the middle of the close: the session stays open. */
	lathe_emulator_sleep_ms(b.drive, 60000);
	IS(send_cdb(&b, READY), SENSE(6, 0x29, 0));
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x05);
	ck_assert_uint_eq(b.data[4], 2);
	IS(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(next_writable(&b), 12002 + 6902);
}
END_TEST

START_TEST(underrun_ends_the_stream)
{
	faults("op=2a count=2 underrun");
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	IS(write_blocks(&b, 16, 16, 1), SENSE(5, 0x21, 2));
	IS(write_blocks(&b, 16, 16, 1), SENSE(5, 0x21, 2));
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(write_blocks(&b, 452, 16, 1), GOOD);
}
END_TEST

/* ---- the log ------------------------------------------------------------ */

static char logged[256];

static void keep(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	ck_assert_uint_lt(len, sizeof(logged));
	memcpy(logged, text, len);
	logged[len] = '\0';
}

START_TEST(each_command_is_a_line)
{
	struct lathe_emulator_config config;

	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.command = keep;
	config.faults = "op=2a deferred=3/0c/00;op=35 timeout";
	lathe_emulator_destroy(b.drive);
	ck_assert_int_eq(lathe_emulator_create(&config, &b.drive), 0);
	lathe_emulator_insert(b.drive, b.disc);
	send_cdb(&b, READY);
	ck_assert_str_eq(logged, "00 00 00 00 00 00 | dir=0 req=0 got=0 st=2 "
			 "sense 6/28/00");
	send_in(&b, DISC_INFORMATION, 40);
	ck_assert_str_eq(logged, "51 00 00 00 00 00 00 00 22 00 | dir=1 "
			 "req=40 got=34 st=0");
	write_blocks(&b, 0, 1, 1);
	ck_assert_str_eq(logged, "2a 00 00 00 00 00 00 00 01 00 | dir=2 "
			 "req=2048 got=0 st=2 sense 3/0c/00 deferred");
	send_cdb(&b, SYNC);
	ck_assert_str_eq(logged, "35 00 00 00 00 00 00 00 00 00 | dir=0 "
			 "req=0 got=0 st=0 cause=TIMED_OUT");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated faults");
	TCase *t = tcase_create("script and effects");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, bad_script_is_refused_and_changes_nothing, 0,
			    sizeof(bad_scripts) / sizeof(bad_scripts[0]));
	tcase_add_test(t, comments_and_empty_lines_are_nothing);
	tcase_add_test(t, create_refuses_bad_texts);
	tcase_add_test(t, by_opcode_count_and_times);
	tcase_add_test(t, by_byte_of_the_cdb);
	tcase_add_test(t, by_address);
	tcase_add_test(t, by_number_of_commands_and_by_time);
	tcase_add_test(t, first_of_several_strikes);
	tcase_add_test(t, sense_stops_the_command);
	tcase_add_test(t, a_recovered_error_stops_nothing);
	tcase_add_test(t, timeout_and_lost_answer_reset_the_drive);
	tcase_add_test(t, transport_effects);
	tcase_add_test(t, size_limit_of_the_host);
	tcase_add_test(t, time_limit_of_the_command);
	tcase_add_test(t, short_transfers_are_good);
	tcase_add_test(t, a_residue_may_be_none);
	tcase_add_test(t, corruption_is_silent);
	tcase_add_test(t, disc_is_swapped_before_the_command);
	tcase_add_test(t, tray_opens_by_hand_although_locked);
	tcase_add_test(t, power_is_cut_by_the_clock);
	tcase_add_test(t, underrun_ends_the_stream);
	tcase_add_test(t, each_command_is_a_line);
	suite_add_tcase(s, t);
	return run_suite(s);
}
