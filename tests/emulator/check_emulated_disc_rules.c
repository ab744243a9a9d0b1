/* SPDX-License-Identifier: MIT */
/* The emulator's rules about writing, tracks and sessions; each test shows
 * the behaviour of its personality too. */
#include <string.h>

#include "tests/emulator/lib_media.h"

#define CD_R LATHE_EMULATOR_CD_R_80

/* ---- writing ------------------------------------------------------------ */

static void write_nwa(struct bench *b)
{
	IS(write_blocks(b, 5, 1, 1), SENSE(5, 0x21, 0x02));
	burn(b, 0, 300, 3, 1);
	IS(write_blocks(b, 300, 1, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 11701, 1, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 11703, 1, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 11702, 1, 1), GOOD);
}

/* A reserved track up to 359,392: the next one begins at 359,544, 301 blocks
 * before the limit. */
static void write_capacity(struct bench *b)
{
	IS(send_cdb(b, "53 00 00 00 00 00 05 7b e0 00"), GOOD);
	ck_assert_uint_eq(next_writable(b), 359544);
	write_run(b, 359544, 300, 1);
	IS(write_blocks(b, 359844, 2, 1), SENSE(5, 0x63, 0));
	ck_assert_uint_eq(free_blocks(b), 1);
	IS(write_blocks(b, 359845, 1, 1), SENSE(5, 0x21, 0));
	IS(write_blocks(b, 359844, 1, 1), GOOD);
}

static void write_run_out_limit(struct bench *b)
{
	IS(send_cdb(b, "53 00 00 00 00 00 05 7b e0 00"), GOOD);
	write_run(b, 359544, 301, 1);
	IS(send_cdb(b, SYNC), GOOD);
	reopen(b, CD_R, "run-out-counts");
	IS(send_cdb(b, "53 00 00 00 00 00 05 7a e0 00"), GOOD);
	write_run(b, 359544 - 256, 301 + 254, 1);
	IS(write_blocks(b, 359843, 1, 1), SENSE(5, 0x63, 0));
}

/* 299 blocks are left. */
static void write_minimum(struct bench *b)
{
	IS(send_cdb(b, "53 00 00 00 00 00 05 7b e2 00"), GOOD);
	ck_assert_uint_eq(free_blocks(b), 299);
	IS(write_blocks(b, 359546, 1, 1), SENSE(5, 0x63, 0));
	/* Or what there is room for. */
	reopen(b, CD_R, "short-last-track");
	IS(send_cdb(b, "53 00 00 00 00 00 05 7b e2 00"), GOOD);
	IS(write_blocks(b, 359546, 1, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_in(b, "52 01 00 00 00 02 00 00 24 00", 36), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 299);
	IS(read_blocks(b, 359546, 1), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(state_of(b).sessions, 1);
}

static void write_mode(struct bench *b)
{
	IS(select_write(b, 0x41, 0xc0, 0, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x64, 0));
	IS(select_write(b, 0x41, 0xc0, 8, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x64, 0));
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(select_write(b, 0x41, 0xc4, 10, 0x20), GOOD);
	IS(write_blocks(b, 16, 16, 1), SENSE(5, 0x64, 0));
	IS(select_write(b, 0x51, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 16, 16, 1), SENSE(5, 0x64, 0));
	IS(select_write(b, 0x41, 0x04, 8, 0), GOOD);
	IS(write_blocks(b, 16, 16, 1), GOOD);
}

static void write_final(struct bench *b)
{
	burn(b, 0, 300, 0, 1);
	IS(write_blocks(b, 11702, 16, 1), SENSE(5, 0x30, 0x05));
	IS(send_cdb(b, "53 00 00 00 00 00 00 04 00 00"), SENSE(5, 0x30, 0x05));
	reopen(b, CD_R, "final-is-full");
	burn(b, 0, 300, 0, 1);
	IS(write_blocks(b, 11702, 16, 1), SENSE(5, 0x63, 0));
}

/* 7 blocks announced, 16 sent; 16 announced, 7 sent. */
static void write_misfit(struct bench *b)
{
	uint8_t data[16 * 2048] = { 0 };

	IS(send_out(b, "2a 00 00 00 00 00 00 00 07 00", data, 16 * 2048),
	   TRANSPORT(LATHE_CAUSE_TIMED_OUT));
	IS(send_cdb(b, READY), SENSE(6, 0x29, 0));
	IS(send_out(b, "2a 00 00 00 00 00 00 00 10 00", data, 7 * 2048),
	   TRANSPORT(LATHE_CAUSE_TIMED_OUT));
	ck_assert(state_of(b).blank);
}

/* 1,024 blocks of buffer: a full one drains 32 blocks in 9 ms at 48x. */
static void write_buffer(struct bench *b)
{
	uint32_t lba = 0, result;

	while ((result = write_blocks(b, lba, 32, 1)) == GOOD && lba < 32000)
		lba += 32;
	IS(result, SENSE(2, 0x04, 0x08));
	ck_assert_uint_eq(next_writable(b), lba);
	lathe_emulator_sleep_ms(b->drive, 10);
	IS(write_blocks(b, lba, 32, 1), GOOD);
	reopen(b, CD_R, "blocking-writes");
	for (lba = 0; lba < 3200; lba += 32)
		IS(write_blocks(b, lba, 32, 1), GOOD);
	ck_assert_uint_gt(lathe_emulator_now_ms(b->drive), 600);
	/* A smaller buffer is full sooner. */
	reopen(b, CD_R, "buffer-kib=128");
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(write_blocks(b, 32, 32, 1), GOOD);
	IS(write_blocks(b, 64, 32, 1), SENSE(2, 0x04, 0x08));
}

static void write_underrun(struct bench *b)
{
	IS(select_write(b, 0x01, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	lathe_emulator_sleep_ms(b->drive, 5000);
	IS(write_blocks(b, 32, 32, 1), GOOD);
	reopen(b, CD_R, "underruns");
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	lathe_emulator_sleep_ms(b->drive, 5000);
	IS(write_blocks(b, 32, 32, 1), GOOD);
	reopen(b, CD_R, "underruns");
	IS(select_write(b, 0x01, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	lathe_emulator_sleep_ms(b->drive, 5000);
	IS(write_blocks(b, 32, 32, 1), SENSE(5, 0x21, 0x02));
	/* Damage with NWA_V 0, until the track is closed. */
	ck_assert_uint_eq(next_writable(b), UINT32_MAX);
	ck_assert_uint_eq(b->data[5] & 0x20, 0x20);
	IS(send_cdb(b, CLOSE_TRACK), GOOD);
	ck_assert_uint_eq(next_writable(b), 452);
}

static void write_error(struct bench *b)
{
	uint8_t block[2048];

	IS(write_blocks(b, 0, 16, 1), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(b->drive,
						   "op=2a sense=3/0c/00"), 0);
	IS(write_blocks(b, 16, 16, 1), SENSE(3, 0x0c, 0));
	ck_assert_uint_eq(lathe_get_be32(b->cmd.sense + 3), 16);
	ck_assert_uint_eq(next_writable(b), 17);
	ck_assert_uint_eq(b->data[5] & 0x20, 0x20);
	IS(write_blocks(b, 17, 16, 1), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(b->drive,
						   "op=2a deferred=3/0c/00"),
			 0);
	IS(write_blocks(b, 33, 16, 1), SENSE(3, 0x0c, 0));
	ck_assert_uint_eq(b->cmd.sense[0] & 0x7f, 0x71);
	ck_assert_uint_eq(next_writable(b), 33);
	IS(read_blocks(b, 15, 1), GOOD);
	IS(read_blocks(b, 16, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 31, 2), SENSE(3, 0x11, 0x05));
	ck_assert_uint_eq(b->cmd.moved, 2048);
	ck_assert_int_eq(lathe_emulator_store_peek(b->disc, 16, block),
			 LATHE_EMULATOR_BLOCK_DAMAGED);
	reopen(b, CD_R, "no-resume");
	IS(write_blocks(b, 0, 16, 1), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(b->drive,
						   "op=2a sense=3/0c/00"), 0);
	IS(write_blocks(b, 16, 16, 1), SENSE(3, 0x0c, 0));
	ck_assert_uint_eq(next_writable(b), UINT32_MAX);
	IS(write_blocks(b, 17, 16, 1), SENSE(5, 0x21, 0x02));
}

static void write_test(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(select_write(b, 0x51, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 11702, 32, 2), GOOD);
	ck_assert_uint_eq(next_writable(b), 11734);
	IS(write_blocks(b, 11702, 32, 2), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 11734, 32, 2), GOOD);
	IS(read_blocks(b, 11702, 1), SENSE(5, 0x21, 0));
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(next_writable(b), 11702);
	ck_assert_uint_eq(state_of(b).sessions, 1);
	ck_assert(!state_of(b).track_open);
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 11702, 32, 2), GOOD);
}

static void write_test_status(struct bench *b)
{
	IS(select_write(b, 0x51, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 0, 32, 2), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x00);
	reopen(b, CD_R, "dummy-lies");
	IS(select_write(b, 0x51, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, 0, 32, 2), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x05);
}

static void write_blank_nwa(struct bench *b)
{
	uint8_t data[2048] = { 0 };

	ck_assert_uint_eq(next_writable(b), 0);
	IS(send_out(b, "2a 00 ff ff ff 6a 00 00 01 00", data, 2048),
	   SENSE(5, 0x21, 0x02));
	reopen(b, CD_R, "nwa-minus-150");
	ck_assert_uint_eq(next_writable(b), 0xffffff6a);
	ck_assert_uint_eq(free_blocks(b), 359845);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	ck_assert_uint_eq(next_writable(b), 16);
}

/* Blank, incomplete, appendable, final: MMC-6 table 379. */
static void write_status(struct bench *b)
{
	ck_assert_uint_eq(disc_status(b), 0x00);
	IS(write_blocks(b, 0, 1, 1), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x05);
	ck_assert_uint_eq(b->data[4], 1);
	ck_assert_uint_eq(b->data[6], 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x05);
	ck_assert_uint_eq(b->data[6], 2);	/* the invisible one */
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	burn(b, 11702, 300, 0, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

/* ---- tracks and sessions ------------------------------------------------ */

static void track_sync(struct bench *b)
{
	write_run(b, 0, 320, 1);
	ck_assert_uint_eq(next_writable(b), 320);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(next_writable(b), 472);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(next_writable(b), 472);
}

static void track_minimum(struct bench *b)
{
	burn(b, 0, 1, 3, 1);
	IS(send_in(b, TRACK_1, 36), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 300);
	IS(send_in(b, "43 00 00 00 00 00 aa 00 0c 00", 12), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 8), 302);
}

static void track_next(struct bench *b)
{
	write_run(b, 0, 301, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(next_writable(b), 301 + 152);
}

static void track_close_ended(struct bench *b)
{
	IS(send_cdb(b, CLOSE_TRACK), GOOD);
	ck_assert(state_of(b).blank);
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_TRACK), GOOD);
	IS(send_cdb(b, "5b 00 01 00 00 ff 00 00 00 00"), GOOD);
	IS(send_cdb(b, "5b 00 01 00 00 03 00 00 00 00"), SENSE(5, 0x24, 0));
	ck_assert_uint_eq(next_writable(b), 452);
	/* On an open track it does what SYNCHRONIZE CACHE does. */
	write_run(b, 452, 10, 1);
	IS(send_cdb(b, "5b 00 01 00 00 02 00 00 00 00"), GOOD);
	ck_assert_uint_eq(next_writable(b), 904);
	IS(send_cdb(b, "5b 00 06 00 00 00 00 00 00 00"), SENSE(5, 0x24, 0));
	reopen(b, CD_R, "close-track-fails");
	write_run(b, 0, 300, 1);
	IS(send_cdb(b, CLOSE_TRACK), SENSE(5, 0x24, 0));
}

static void track_size(struct bench *b)
{
	burn(b, 0, 400, 3, 1);
	IS(send_in(b, TRACK_1, 36), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 400);
	reopen(b, CD_R, "size-with-run-out");
	burn(b, 0, 400, 3, 1);
	IS(send_in(b, TRACK_1, 36), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 402);
}

/* Track 1 of 1,000 (3E8h) blocks, reserved and written in part. */
static void track_reserve(struct bench *b)
{
	IS(send_cdb(b, "53 00 00 00 00 00 00 00 10 00"), SENSE(5, 0x24, 0));
	IS(send_cdb(b, "53 01 00 00 01 00 00 00 00 00"), SENSE(5, 0x24, 0));
	IS(send_cdb(b, "53 00 00 00 00 00 0f ff ff 00"), SENSE(5, 0x63, 0));
	IS(send_cdb(b, "53 00 00 00 00 00 00 03 e8 00"), GOOD);
	ck_assert_uint_eq(next_writable(b), 1152);
	IS(send_in(b, TRACK_1, 36), GOOD);
	reply_is(b, "00 22 01 01 00 04 cf 01 00 00 00 00"
		 "00 00 00 00 00 00 03 e8 00 00 00 00"
		 "00 00 03 e8 00 00 00 00 00 00 00 00");
	write_run(b, 0, 320, 1);
	IS(write_blocks(b, 1152, 16, 1), SENSE(5, 0x21, 0x02));
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(next_writable(b), 1152);
	IS(read_blocks(b, 999, 1), GOOD);
	IS(read_blocks(b, 1000, 1), SENSE(5, 0x64, 0));
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	IS(send_in(b, "43 00 00 00 00 00 aa 00 0c 00", 12), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 8), 1002);
}

static void session_open_track(struct bench *b)
{
	write_run(b, 0, 320, 1);
	IS(send_cdb(b, CLOSE_SESSION), SENSE(5, 0x72, 0x03));
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, "53 00 00 00 00 00 00 03 e8 00"), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), SENSE(5, 0x72, 0x04));
	ck_assert_uint_eq(state_of(b).sessions, 0);
	IS(send_cdb(b, "5b 00 01 00 00 02 00 00 00 00"), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(state_of(b).tracks, 2);
}

static void session_empty(struct bench *b)
{
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert(state_of(b).blank);
	burn(b, 0, 300, 3, 1);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(state_of(b).sessions, 1);
	ck_assert_uint_eq(next_writable(b), 11702);
}

static void session_multi(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	ck_assert(state_of(b).appendable && !state_of(b).final);
	burn(b, 11702, 300, 1, 1);
	ck_assert(state_of(b).final);
	reopen(b, CD_R, NULL);
	burn(b, 0, 300, 0, 1);
	ck_assert(state_of(b).final && !state_of(b).appendable);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

/* Lead-outs 302, 12,004, 19,206. */
static void session_zones(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	ck_assert_uint_eq(next_writable(b), 302 + 11400);
	burn(b, 11702, 300, 3, 1);
	ck_assert_uint_eq(next_writable(b), 12004 + 6900);
	burn(b, 18904, 300, 3, 1);
	ck_assert_uint_eq(next_writable(b), 19206 + 6900);
}

static void session_listed(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(send_in(b, DISC_INFORMATION, 34), GOOD);
	ck_assert_mem_eq(b->data + 2, "\x01\x01\x02\x02\x02", 5);
	IS(send_in(b, "52 02 00 00 00 02 00 00 24 00", 36), GOOD);
	ck_assert_uint_eq(b->data[2], 2);
	ck_assert_uint_eq(b->data[6] & 0x40, 0x40);
}

static void blank_types(struct bench *b)
{
	burn(b, 0, 300, 3, 1);
	IS(send_cdb(b, FULL_BLANK),
	   SENSE(5, 0x30, 0));
	reopen(b, LATHE_EMULATOR_CD_RW, NULL);
	burn(b, 0, 300, 3, 1);
	IS(send_cdb(b, "a1 02 00 00 00 00 00 00 00 00 00 00"),
	   SENSE(5, 0x24, 0));
	IS(send_cdb(b, "a1 06 00 00 00 00 00 00 00 00 00 00"),
	   SENSE(5, 0x24, 0));
	IS(send_cdb(b, MINIMAL_BLANK), GOOD);
	ck_assert(state_of(b).blank);
	ck_assert_uint_eq(next_writable(b), 0);
	IS(read_blocks(b, 0, 1), SENSE(5, 0x21, 0));
	burn(b, 0, 300, 0, 2);
	IS(send_cdb(b, FULL_BLANK), GOOD);
	ck_assert(state_of(b).blank);
}

static void blank_cut(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_CD_RW, NULL);
	burn(b, 0, 300, 3, 1);
	IS(send_cdb(b, "a1 10 00 00 00 00 00 00 00 00 00 00"), GOOD);
	lathe_emulator_sleep_ms(b->drive, 1000);
	lathe_emulator_power_cut(b->drive);
	ck_assert(state_of(b).blank);

	/* Or a session that can not be read, until it is blanked again. */
	reopen(b, LATHE_EMULATOR_CD_RW, "blank-cut-spoils");
	burn(b, 0, 300, 3, 1);
	IS(send_cdb(b, "a1 10 00 00 00 00 00 00 00 00 00 00"), GOOD);
	lathe_emulator_sleep_ms(b->drive, 1000);
	cut_power(b);
	ck_assert_uint_eq(disc_status(b), 0x11);
	ck_assert_uint_eq(next_writable(b), 11702);
	IS(read_blocks(b, 0, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 299, 1), SENSE(3, 0x11, 0x05));
	IS(send_cdb(b, MINIMAL_BLANK), GOOD);
	burn(b, 0, 300, 3, 2);
	block_is(b, 299, 2);
	/* A blank disc has nothing to lose. */
	reopen(b, LATHE_EMULATOR_CD_RW, "blank-cut-spoils");
	IS(send_cdb(b, "a1 11 00 00 00 00 00 00 00 00 00 00"), GOOD);
	lathe_emulator_power_cut(b->drive);
	ck_assert(state_of(b).blank);
	/* What was formatted: a WRITE heals it. */
	reopen(b, LATHE_EMULATOR_DVD_RW_OW, "blank-cut-spoils");
	IS(write_blocks(b, 160, 32, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, "a1 11 00 00 00 00 00 00 00 00 00 00"), GOOD);
	cut_power(b);
	ck_assert_uint_eq(disc_status(b), 0x1e);
	IS(read_blocks(b, 160, 1), SENSE(3, 0x11, 0x05));
	IS(write_blocks(b, 160, 16, 2), GOOD);
	block_is(b, 160, 2);
	IS(read_blocks(b, 176, 1), SENSE(3, 0x11, 0x05));
}

static const struct rule_test tests[] = {
	{ "write.nwa", write_nwa },
	{ "write.capacity", write_capacity },
	{ "write.run-out-limit", write_run_out_limit },
	{ "write.minimum", write_minimum },
	{ "write.mode", write_mode },
	{ "write.final", write_final },
	{ "write.misfit", write_misfit },
	{ "write.buffer", write_buffer },
	{ "write.underrun", write_underrun },
	{ "write.error", write_error },
	{ "write.test", write_test },
	{ "write.test-status", write_test_status },
	{ "write.blank-nwa", write_blank_nwa },
	{ "write.status", write_status },
	{ "track.sync", track_sync },
	{ "track.minimum", track_minimum },
	{ "track.next", track_next },
	{ "track.close-ended", track_close_ended },
	{ "track.size", track_size },
	{ "track.reserve", track_reserve },
	{ "session.open-track", session_open_track },
	{ "session.empty", session_empty },
	{ "session.multi", session_multi },
	{ "session.zones", session_zones },
	{ "session.listed", session_listed },
	{ "blank.types", blank_types },
	{ "blank.cut", blank_cut }
};

int main(void)
{
	static const char *const areas[] = { "write", "track", "session",
					     "blank" };

	return rules_main("emulated disc rules", CD_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 4);
}
