/* SPDX-License-Identifier: MIT */
/* The emulator's rules about time, reading and damage; each test shows the
 * behaviour of its personality too. */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_media.h"

#define CD_R LATHE_EMULATOR_CD_R_80

/* ---- time --------------------------------------------------------------- */

static void busy_immed(struct bench *b)
{
	uint16_t before = 0, now;
	uint32_t polls = 0;

	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC_IMMED), GOOD);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(2, 0x04, 0x07));
	IS(write_blocks(b, 300, 1, 1), SENSE(2, 0x04, 0x07));
	IS(send_in(b, "12 00 00 00 24 00", 36), GOOD);
	while (send_in(b, DISC_INFORMATION, 34) == SENSE(2, 0x04, 0x07)) {
		now = lathe_get_be16(b->cmd.sense + 16);
		ck_assert_uint_ge(now, before);
		before = now;
		ck_assert_uint_lt(polls++, 100);
		lathe_emulator_sleep_ms(b->drive, 100);
	}
	ck_assert_uint_gt(polls, 3);
	ck_assert_uint_gt(before, 0x8000);
	ck_assert_uint_eq(next_writable(b), 452);
	/* REQUEST SENSE gives the same as data. */
	IS(send_cdb(b, CLOSE_SESSION_IMMED), GOOD);
	IS(send_in(b, "03 00 00 00 12 00", 18), GOOD);
	ck_assert_uint_eq(b->data[2], 2);
	ck_assert_uint_eq(b->data[12], 0x04);
	ck_assert_uint_eq(b->data[13], 0x07);
	ck_assert_uint_eq(state_of(b).sessions, 0);
	lathe_emulator_sleep_ms(b->drive, 60000);
	ck_assert_uint_eq(state_of(b).sessions, 1);
}

static void busy_tur(struct bench *b)
{
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION_IMMED), GOOD);
	IS(send_cdb(b, READY), GOOD);
	IS(send_in(b, DISC_INFORMATION, 34), SENSE(2, 0x04, 0x07));
	reopen(b, CD_R, "busy-while-closing");
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION_IMMED), GOOD);
	IS(send_cdb(b, READY), SENSE(2, 0x04, 0x07));
	lathe_emulator_sleep_ms(b->drive, 60000);
	IS(send_cdb(b, READY), GOOD);
	/* A blanking is never hidden. */
	reopen(b, LATHE_EMULATOR_CD_RW, NULL);
	IS(send_cdb(b, "a1 11 00 00 00 00 00 00 00 00 00 00"), GOOD);
	IS(send_cdb(b, READY), SENSE(2, 0x04, 0x07));
}

static void busy_load(struct bench *b)
{
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	IS(send_cdb(b, READY), GOOD);
	reopen(b, CD_R, "slow-load");
	IS(send_cdb(b, READY), SENSE(2, 0x04, 0x01));
	lathe_emulator_sleep_ms(b->drive, 5000);
	IS(send_cdb(b, READY), GOOD);
	/* As long as is wished for. */
	reopen(b, CD_R, "load-ms=120000");
	lathe_emulator_sleep_ms(b->drive, 119000);
	IS(send_cdb(b, READY), SENSE(2, 0x04, 0x01));
	lathe_emulator_sleep_ms(b->drive, 1000);
	IS(send_cdb(b, READY), GOOD);
	/* Loading with IMMED takes its time in any case. */
	reopen(b, CD_R, NULL);
	IS(send_cdb(b, "1b 00 00 00 02 00"), GOOD);
	IS(send_cdb(b, "1b 01 00 00 03 00"), GOOD);
	IS(send_cdb(b, READY), SENSE(2, 0x04, 0x01));
	lathe_emulator_sleep_ms(b->drive, 5000);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	IS(send_cdb(b, READY), GOOD);
}

/* ---- reading ------------------------------------------------------------ */

static void read_run_out(struct bench *b)
{
	uint8_t zeros[2048] = { 0 };

	burn(b, 0, 300, 3, 1);
	IS(read_blocks(b, 300, 1), SENSE(5, 0x64, 0));
	IS(read_blocks(b, 301, 1), SENSE(5, 0x64, 0));
	reopen(b, CD_R, "run-out-readable");
	burn(b, 0, 300, 3, 1);
	IS(read_blocks(b, 300, 2), GOOD);
	ck_assert_mem_eq(b->data, zeros, 2048);
}

static void read_gap(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	burn(b, 11702, 300, 3, 1);
	IS(read_blocks(b, 302, 1), SENSE(5, 0x64, 0));
	IS(read_blocks(b, 11701, 1), SENSE(5, 0x64, 0));
	IS(read_blocks(b, 11702, 1), GOOD);
	reopen(b, CD_R, "gap-unrecorded");
	burn(b, 0, 300, 3, 1);
	burn(b, 11702, 300, 3, 1);
	IS(read_blocks(b, 5000, 1), SENSE(8, 0, 0));
}

static void read_unrecorded(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(write_blocks(b, 11702, 16, 1), GOOD);
	IS(read_blocks(b, 11717, 1), GOOD);
	IS(read_blocks(b, 11717, 2), SENSE(8, 0, 0));
	ck_assert_uint_eq(b->cmd.moved, 2048);
	reopen(b, CD_R, "unrecorded-zeros");
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(read_blocks(b, 15, 2), GOOD);
	ck_assert_uint_eq(b->data[2048], 0);
}

static void read_beyond(struct bench *b)
{
	IS(read_blocks(b, 0, 1), SENSE(5, 0x21, 0));
	burn(b, 0, 300, 3, 1);
	IS(read_blocks(b, 302, 1), SENSE(5, 0x21, 0));
	IS(read_blocks(b, 11702, 1), SENSE(5, 0x21, 0));
	IS(read_blocks(b, 0xfffffff0, 32), SENSE(5, 0x21, 0));
}

/* ---- damage ------------------------------------------------------------- */

/* 64 blocks taken, none of them written yet when the power fails but for what
 * drains in the few milliseconds of the commands. */
static void damage_power(struct bench *b)
{
	uint8_t block[2048];
	uint32_t nwa;

	burn(b, 0, 300, 3, 1);
	IS(write_blocks(b, 11702, 32, 1), GOOD);
	IS(write_blocks(b, 11734, 32, 1), GOOD);
	cut_power(b);
	nwa = next_writable(b);
	ck_assert_uint_gt(nwa, 11702);
	ck_assert_uint_lt(nwa, 11702 + 64);
	ck_assert_int_eq(lathe_emulator_store_peek(b->disc, nwa - 1, block),
			 LATHE_EMULATOR_BLOCK_DAMAGED);
	IS(read_blocks(b, nwa - 1, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, nwa, 1), SENSE(8, 0, 0));
	/* What had been written, and all that came before, is safe. */
	IS(read_blocks(b, 299, 1), GOOD);
	if (nwa > 11703)
		IS(read_blocks(b, nwa - 2, 1), GOOD);
	/* The disc counts as new to a drive that wakes up. */
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	ck_assert_uint_eq(b->data[4], 2);
	/* Nothing was in the buffer: nothing is lost. */
	reopen(b, CD_R, NULL);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	lathe_emulator_sleep_ms(b->drive, 1000);
	cut_power(b);
	ck_assert_uint_eq(next_writable(b), 32);
	/* Or all that was taken is written with the last charge. */
	reopen(b, CD_R, "power-cut-flushes");
	burn(b, 0, 300, 3, 1);
	IS(write_blocks(b, 11702, 32, 1), GOOD);
	IS(write_blocks(b, 11734, 32, 1), GOOD);
	cut_power(b);
	ck_assert_uint_eq(next_writable(b), 11702 + 64);
	ck_assert_uint_eq(b->data[5] & 0x20, 0);
	block_is(b, 11702, 1);
	block_is(b, 11702 + 63, 1);
}

static void damage_reset(struct bench *b)
{
	IS(write_blocks(b, 0, 32, 1), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(b->drive, "reset"), 0);
	IS(send_cdb(b, READY), TRANSPORT(LATHE_CAUSE_RESET));
	IS(send_cdb(b, READY), SENSE(6, 0x29, 0));
	ck_assert_uint_lt(next_writable(b), 32);
	reopen(b, CD_R, "reset-keeps-buffer");
	IS(write_blocks(b, 0, 32, 1), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(b->drive, "reset"), 0);
	IS(send_cdb(b, READY), TRANSPORT(LATHE_CAUSE_RESET));
	IS(send_cdb(b, READY), SENSE(6, 0x29, 0));
	ck_assert_uint_eq(next_writable(b), 32);
}

static void damage_resume(struct bench *b)
{
	uint32_t nwa;

	IS(write_blocks(b, 0, 32, 1), GOOD);
	cut_power(b);
	nwa = next_writable(b);
	ck_assert_uint_eq(b->data[5] & 0x20, 0x20);
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, nwa, 16, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(state_of(b).sessions, 1);
	reopen(b, CD_R, "no-resume");
	IS(write_blocks(b, 0, 32, 1), GOOD);
	cut_power(b);
	ck_assert_uint_eq(next_writable(b), UINT32_MAX);
	IS(send_cdb(b, CLOSE_TRACK), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(state_of(b).sessions, 1);
}

static const struct rule_test tests[] = {
	{ "busy.immed", busy_immed },
	{ "busy.tur", busy_tur },
	{ "busy.load", busy_load },
	{ "read.run-out", read_run_out },
	{ "read.gap", read_gap },
	{ "read.unrecorded", read_unrecorded },
	{ "read.beyond", read_beyond },
	{ "damage.power", damage_power },
	{ "damage.reset", damage_reset },
	{ "damage.resume", damage_resume }
};

int main(void)
{
	static const char *const areas[] = { "busy", "read", "damage" };

	return rules_main("emulated time rules", CD_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 3);
}
