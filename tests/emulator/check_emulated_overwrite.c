/* SPDX-License-Identifier: MIT */
/* The emulator's rules about media that are written at random, about formats
 * and about torn ECC blocks. */
#include <string.h>

#include "tests/emulator/lib_media.h"

#define PLUS_RW LATHE_EMULATOR_DVD_PLUS_RW
#define RAM LATHE_EMULATOR_DVD_RAM
#define RE LATHE_EMULATOR_BD_RE
#define RW LATHE_EMULATOR_DVD_RW
#define RW_OW LATHE_EMULATOR_DVD_RW_OW

#define BACKGROUND 3u		/* READ DISC INFORMATION byte 7 */

static uint8_t format_state(struct bench *b)
{
	disc_status(b);
	return b->data[7] & BACKGROUND;
}

/* ---- random writing ----------------------------------------------------- */

static void random_answers(struct bench *b)
{
	ck_assert_uint_eq(disc_status(b), 0x1f);	/* DVD-RAM */
	reply_is(b, "00 20 1f 01 01 01 01 20 00 00 00 00 00 00 00 00 "
		    "ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 00 00 00");
	ck_assert_uint_eq(capacity(b), 2236704);
	ck_assert_uint_eq(nwa_of(b, 1), UINT32_MAX);
	ck_assert_uint_eq(lathe_get_be32(b->data + 8), 0);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 2236704);
	IS(read_track(b, 2), SENSE(5, 0x24, 0));
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 01 00 14 01 00 00 00 00 00");
	reopen(b, PLUS_RW, NULL);
	ck_assert_uint_eq(disc_status(b), 0x10);
	ck_assert_uint_eq(capacity(b), 0);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12),
	   SENSE(5, 0x24, 0));
	IS(format(b, 0x26 << 2, 0xffffffff, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x1e);
	ck_assert_uint_eq(capacity(b), 0x23053f + 1);
	reopen(b, RE, NULL);
	ck_assert_uint_eq(disc_status(b), 0x10);
	IS(format(b, 0x00, 11826176, 0x3000), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x1f);
	ck_assert_uint_eq(capacity(b), 11826176);
	reopen(b, RW_OW, NULL);
	ck_assert_uint_eq(disc_status(b), 0x1e);
	ck_assert_uint_eq(capacity(b), 2297888);
}

static void unformatted(struct bench *b)
{
	reopen(b, PLUS_RW, NULL);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x30, 0x05));
	IS(read_blocks(b, 0, 1), SENSE(5, 0x21, 0));
	reopen(b, RE, NULL);
	IS(write_blocks(b, 0, 32, 1), SENSE(5, 0x30, 0x05));
	reopen(b, RE, "unformatted-not-ready");
	IS(write_blocks(b, 0, 32, 1), SENSE(2, 0x30, 0));
}

static void anywhere(struct bench *b)
{
	IS(write_blocks(b, 1000001, 3, 1), GOOD);
	IS(write_blocks(b, 7, 1, 2), GOOD);
	IS(write_blocks(b, 1000002, 1, 3), GOOD);
	IS(write_blocks(b, 2236703, 1, 4), GOOD);
	IS(write_blocks(b, 2236703, 2, 4), SENSE(5, 0x21, 0));
	IS(write_blocks(b, 2236704, 1, 4), SENSE(5, 0x21, 0));
	block_is(b, 1000001, 1);
	block_is(b, 1000002, 3);
	block_is(b, 1000003, 1);
	block_is(b, 7, 2);
	zeros_at(b, 8);
	block_is(b, 2236703, 4);
}

/* More places than the model keeps apart, and all of them can be read. */
static void scattered(struct bench *b)
{
	uint32_t i;

	for (i = 0; i < 300; i++)
		IS(write_blocks(b, (i * 7919 % 300) * 5000, 1, 1), GOOD);
	for (i = 0; i < 300; i++)
		block_is(b, i * 5000, 1);
	ck_assert_int_eq(lathe_emulator_store_peek(b->disc, 0, b->data),
			 LATHE_EMULATOR_BLOCK_DATA);
}

static void unwritten(struct bench *b)
{
	zeros_at(b, 5);
	reopen(b, RW_OW, NULL);
	zeros_at(b, 5);
	reopen(b, PLUS_RW, NULL);
	IS(format(b, 0x26 << 2, 0xffffffff, 0), GOOD);
	IS(read_blocks(b, 2295103, 1), SENSE(8, 0, 0));
	lathe_emulator_sleep_ms(b->drive, 3600000);
	zeros_at(b, 2295103);
	reopen(b, RE, NULL);
	IS(format(b, 0x00, 11826176, 0x3000), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(read_blocks(b, 32, 1), SENSE(8, 0, 0));
	reopen(b, RE, "unrecorded-zeros");
	IS(format(b, 0x00, 11826176, 0x3000), GOOD);
	zeros_at(b, 32);
}

/* Until it is synchronised, the old content is still there. */
static void buffer(struct bench *b)
{
	uint8_t block[2048], old[2048];

	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	IS(write_blocks(b, 0, 32, 2), GOOD);
	cut_power(b);
	/* The drive was at the first ECC block. */
	IS(read_blocks(b, 0, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 15, 1), SENSE(3, 0x11, 0x05));
	block_is(b, 16, 1);
	IS(write_blocks(b, 0, 16, 3), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	block_is(b, 0, 3);
	block_is(b, 15, 3);
	make_block(old, 31, 1);
	ck_assert_int_eq(lathe_emulator_store_peek(b->disc, 31, block),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(block, old, 2048);

	/* Or what was taken last was written first: of 64 blocks the second 32
	 * are there, the drive was at the ECC block before them. */
	reopen(b, RAM, "power-cut-reorders");
	write_run(b, 0, 64, 1);
	IS(send_cdb(b, SYNC), GOOD);
	IS(write_blocks(b, 0, 32, 2), GOOD);
	IS(write_blocks(b, 32, 32, 2), GOOD);
	cut_power(b);
	block_is(b, 15, 1);
	IS(read_blocks(b, 16, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 31, 1), SENSE(3, 0x11, 0x05));
	block_is(b, 32, 2);
	block_is(b, 63, 2);
}

/* Blocks that are written again heal, the others of the ECC block do not. */
static void heal(struct bench *b)
{
	IS(write_blocks(b, 32, 16, 1), GOOD);
	cut_power(b);
	IS(write_blocks(b, 36, 4, 2), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	block_is(b, 36, 2);
	block_is(b, 39, 2);
	IS(read_blocks(b, 35, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 40, 1), SENSE(3, 0x11, 0x05));
	IS(write_blocks(b, 32, 16, 3), GOOD);
	block_is(b, 32, 3);
	block_is(b, 47, 3);

	reopen(b, RAM, "torn-block-refuses");
	IS(write_blocks(b, 32, 16, 1), GOOD);
	cut_power(b);
	IS(write_blocks(b, 36, 12, 2), SENSE(3, 0x11, 0x05));
	IS(write_blocks(b, 16, 20, 2), SENSE(3, 0x11, 0x05));
	IS(write_blocks(b, 16, 32, 2), GOOD);
	block_is(b, 47, 2);
}

static void waits(struct bench *b)
{
	uint32_t i;

	for (i = 0; i < 200; i++)
		IS(write_blocks(b, i * 32, 32, 1), GOOD);
	block_is(b, 0, 1);
	block_is(b, 6399, 1);
}

static void no_close(struct bench *b)
{
	uint8_t i;

	for (i = 0; i < 8; i++)
		IS(close_function(b, i, 0), SENSE(5, 0x24, 0));
	IS(send_cdb(b, SYNC), GOOD);
	IS(reserve_size(b, 16), SENSE(5, 0x24, 0));
	IS(send_cdb(b, FULL_BLANK), SENSE(5, 0x30, 0));
	reopen(b, RE, NULL);
	IS(close_function(b, 2, 0), SENSE(5, 0x24, 0));
}

/* ---- formats ------------------------------------------------------------ */

static void background(struct bench *b)
{
	reopen(b, PLUS_RW, NULL);
	ck_assert_uint_eq(format_state(b), 0);
	IS(format(b, 0x26 << 2, 0xffffffff, 0), GOOD);
	ck_assert_uint_eq(format_state(b), 2);
	/* It goes on while the disc is used. */
	IS(write_blocks(b, 2000000, 1, 1), GOOD);
	block_is(b, 2000000, 1);
	lathe_emulator_sleep_ms(b->drive, 3600000);
	ck_assert_uint_eq(format_state(b), 3);
	IS(send_in(b, "4a 01 00 00 10 00 00 00 08 00", 8), GOOD);
	ck_assert_uint_eq(b->data[4] & 15, 5);	/* background format ended */
	block_is(b, 2000000, 1);
}

static void stop(struct bench *b)
{
	reopen(b, PLUS_RW, NULL);
	IS(close_function(b, 0, 0), GOOD);	/* none runs */
	IS(format(b, 0x26 << 2, 0xffffffff, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(close_function(b, 0, 0), GOOD);
	ck_assert_uint_eq(format_state(b), 1);
	lathe_emulator_sleep_ms(b->drive, 3600000);
	ck_assert_uint_eq(format_state(b), 1);
	IS(write_blocks(b, 16, 16, 1), GOOD);
	ck_assert_uint_eq(format_state(b), 2);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(format_state(b), 1);
	/* Restart: nothing is lost. */
	IS(format(b, 0x26 << 2, 0xffffffff, 1), GOOD);
	ck_assert_uint_eq(format_state(b), 2);
	block_is(b, 0, 1);
	IS(close_function(b, 3, 0), GOOD);
	ck_assert_uint_eq(format_state(b), 3);
	zeros_at(b, 2295103);

	reopen(b, PLUS_RW, "stopped-format-refuses");
	IS(format(b, 0x26 << 2, 0xffffffff, 0), GOOD);
	IS(close_function(b, 0, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x2c, 0));
	IS(format(b, 0x26 << 2, 0xffffffff, 1), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
}

static void busy(struct bench *b)
{
	static const uint8_t list[12] = {
		0, 0x82, 0, 8, 0, 0xb4, 0x74, 0, 0, 0, 0x30, 0
	};
	uint32_t before;

	reopen(b, RE, NULL);
	IS(send_out(b, "04 11 00 00 00 00", list, 12), GOOD);
	IS(send_cdb(b, READY), SENSE(2, 0x04, 0x04));
	ck_assert_uint_eq(b->cmd.sense[15] & 0x80, 0x80);
	before = lathe_get_be16(b->cmd.sense + 16);
	lathe_emulator_sleep_ms(b->drive, 3000);
	IS(write_blocks(b, 0, 32, 1), SENSE(2, 0x04, 0x04));
	ck_assert_uint_gt(lathe_get_be16(b->cmd.sense + 16), before);
	lathe_emulator_sleep_ms(b->drive, 60000);
	IS(send_cdb(b, READY), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	ck_assert_uint_eq(capacity(b), 11826176);
}

static void types(struct bench *b)
{
	uint8_t list[12] = { 0, 0x80, 0, 8, 0, 0x22, 0x21, 0x20 };

	IS(format(b, 0x26 << 2, 2236704, 0), SENSE(5, 0x26, 0));
	IS(send_out(b, "04 11 00 00 00 00", list, 8), SENSE(5, 0x1a, 0));
	IS(send_out(b, "04 10 00 00 00 00", list, 12), SENSE(5, 0x24, 0));
	IS(format(b, 0x00, 2236704, 0x800), GOOD);
	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(format(b, 0x00, 2298496, 0x10), SENSE(5, 0x26, 0));
	reopen(b, RE, NULL);
	IS(format(b, 0x30 << 2 | 2, 12088320, 0x1000), GOOD);
	ck_assert_uint_eq(capacity(b), 12088320);
	IS(format(b, 0x31 << 2 | 1, 12219392, 0), GOOD);
	ck_assert_uint_eq(capacity(b), 12219392);
	IS(format(b, 0x31 << 2 | 1, 12219392 - 32, 0), SENSE(5, 0x26, 0));
	ck_assert_uint_eq(capacity(b), 12219392);
}

static void forgets(struct bench *b)
{
	IS(write_blocks(b, 64, 16, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	IS(format(b, 0x00, 2236704, 0x800), GOOD);
	zeros_at(b, 64);
	ck_assert(state_of(b).blank);
}

static void format_cut(struct bench *b)
{
	static const uint8_t list[12] = {
		0, 0x82, 0, 8, 0, 0xb4, 0x74, 0, 0, 0, 0x30, 0
	};

	reopen(b, RE, NULL);
	IS(format(b, 0x00, 11826176, 0x3000), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(send_out(b, "04 11 00 00 00 00", list, 12), GOOD);
	cut_power(b);
	ck_assert(!state_of(b).formatted);
	IS(write_blocks(b, 0, 32, 1), SENSE(5, 0x30, 0x05));
	reopen(b, RE, "format-survives-cut");
	IS(send_out(b, "04 11 00 00 00 00", list, 12), GOOD);
	cut_power(b);
	ck_assert_uint_eq(capacity(b), 11826176);
	/* In the background it only stops. */
	reopen(b, PLUS_RW, NULL);
	IS(format(b, 0x26 << 2, 0xffffffff, 0), GOOD);
	cut_power(b);
	ck_assert_uint_eq(format_state(b), 1);
}

/* ---- restricted overwrite ----------------------------------------------- */

static void packets(struct bench *b)
{
	reopen(b, RW_OW, NULL);
	IS(write_blocks(b, 1, 16, 1), SENSE(5, 0x64, 0x01));
	IS(write_blocks(b, 0, 17, 1), SENSE(5, 0x64, 0x01));
	IS(write_blocks(b, 160, 16, 1), GOOD);
	IS(write_blocks(b, 160, 16, 2), GOOD);
	block_is(b, 175, 2);
	IS(write_blocks(b, 2297888, 16, 1), SENSE(5, 0x21, 0));
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x31);
	ck_assert_uint_eq(lathe_get_be32(b->data + 20), 16);
}

static void grow(struct bench *b)
{
	reopen(b, RW, NULL);
	IS(format(b, 0x15 << 2, 0, 0x10), GOOD);
	ck_assert_uint_eq(capacity(b), 0);
	IS(write_blocks(b, 32, 16, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(write_blocks(b, 48, 16, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 0, 16, 2), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 32, 16, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(capacity(b), 48);
	ck_assert_uint_eq(disc_status(b), 0x16);
	block_is(b, 47, 1);
}

static void end(struct bench *b)
{
	grow(b);
	IS(close_function(b, 0, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x1e);
	IS(write_blocks(b, 0, 16, 2), GOOD);
	IS(write_blocks(b, 48, 16, 1), SENSE(5, 0x21, 0));
	block_is(b, 0, 2);
	block_is(b, 16, 1);
	IS(close_function(b, 2, 0), GOOD);	/* nothing to do */
}

static void growing_read(struct bench *b)
{
	grow(b);
	IS(read_blocks(b, 0, 16), GOOD);
	reopen(b, RW, "growing-unreadable");
	IS(format(b, 0x15 << 2, 0, 0x10), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(read_blocks(b, 0, 16), SENSE(5, 0x64, 0));
	IS(close_function(b, 2, 0), GOOD);
	IS(read_blocks(b, 0, 16), GOOD);
	/* Grown anew, nothing of it can be read once more. */
	IS(format(b, 0x13 << 2, 0, 0x10), GOOD);
	IS(read_blocks(b, 0, 16), SENSE(5, 0x64, 0));
	IS(close_function(b, 2, 0), GOOD);
	block_is(b, 31, 1);
}

static void again(struct bench *b)
{
	end(b);
	IS(format(b, 0x13 << 2, 0, 0x10), GOOD);
	block_is(b, 0, 2);
	IS(write_blocks(b, 16, 16, 3), GOOD);	/* the border before */
	IS(write_blocks(b, 64, 16, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 48, 32, 4), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(capacity(b), 80);
	block_is(b, 16, 3);
	block_is(b, 79, 4);
}

static void full(struct bench *b)
{
	reopen(b, RW, NULL);
	IS(format(b, 0x10 << 2, 2297888, 0x10), GOOD);
	ck_assert_uint_eq(capacity(b), 2297888);
	ck_assert_uint_eq(disc_status(b), 0x1e);
	IS(write_blocks(b, 1600000, 16, 1), GOOD);
	block_is(b, 1600000, 1);
	zeros_at(b, 1599999);
}

static void blank(struct bench *b)
{
	reopen(b, RW_OW, NULL);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(send_cdb(b, FULL_BLANK), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x10);
	ck_assert_uint_eq(capacity(b), 0);
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 0, 16, 2), GOOD);
	block_is(b, 0, 2);
}

/* ---- torn ECC blocks ---------------------------------------------------- */

/* The buffer is lost, the ECC block in work unreadable for ever, and counts
 * as used. */
static void torn_in(struct bench *b, uint32_t ecc)
{
	uint32_t nwa, i;

	write_run(b, 0, 640, 1);
	cut_power(b);
	nwa = nwa_of(b, 1);
	ck_assert_uint_gt(nwa, 0);
	ck_assert_uint_le(nwa, 640);
	ck_assert_uint_eq(nwa % ecc, 0);
	ck_assert_uint_eq(b->data[5] & 0x20, 0x20);
	for (i = nwa - ecc; i < nwa; i++)
		IS(read_blocks(b, i, 1), SENSE(3, 0x11, 0x05));
	if (nwa > ecc)
		block_is(b, nwa - ecc - 1, 1);
}

static void torn_power(struct bench *b)
{
	uint32_t lba;

	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(select_incremental(b, 3), GOOD);
	torn_in(b, 16);
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R, NULL);
	torn_in(b, 16);
	IS(write_blocks(b, nwa_of(b, 0xff), 16, 2), GOOD);
	reopen(b, LATHE_EMULATOR_BD_R, NULL);
	torn_in(b, 32);

	reopen(b, LATHE_EMULATOR_BD_R, "power-cut-clean");
	write_run(b, 0, 640, 1);
	cut_power(b);
	lba = nwa_of(b, 1);
	ck_assert_uint_eq(lba % 32, 0);
	ck_assert_uint_eq(b->data[5] & 0x20, 0);
	if (lba)
		block_is(b, lba - 1, 1);
	IS(write_blocks(b, lba, 32, 2), GOOD);
	reopen(b, RAM, "power-cut-clean");
	IS(write_blocks(b, 32, 16, 1), GOOD);
	cut_power(b);
	zeros_at(b, 32);
}

static void torn_error(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_BD_R, NULL);
	write_run(b, 0, 64, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "op=2a sense=3/0c/00"), 0);
	IS(write_blocks(b, 64, 32, 1), SENSE(3, 0x0c, 0));
	ck_assert_uint_eq(nwa_of(b, 1), 96);
	IS(read_blocks(b, 64, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 95, 1), SENSE(3, 0x11, 0x05));
	block_is(b, 63, 1);
	IS(write_blocks(b, 96, 32, 1), GOOD);

	reopen(b, RAM, NULL);
	write_run(b, 0, 64, 1);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "op=2a lba=40 sense=3/0c/00"), 0);
	IS(write_blocks(b, 40, 2, 2), SENSE(3, 0x0c, 0));
	IS(read_blocks(b, 32, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 47, 1), SENSE(3, 0x11, 0x05));
	block_is(b, 31, 1);
	block_is(b, 48, 1);

	/* Or the drive had not begun. */
	reopen(b, LATHE_EMULATOR_BD_R, "write-error-clean");
	write_run(b, 0, 64, 1);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "op=2a sense=3/0c/00"), 0);
	IS(write_blocks(b, 64, 32, 1), SENSE(3, 0x0c, 0));
	ck_assert_uint_eq(nwa_of(b, 1), 64);
	ck_assert_uint_eq(b->data[5] & 0x20, 0);
	IS(write_blocks(b, 64, 32, 1), GOOD);
	block_is(b, 95, 1);
	reopen(b, RAM, "write-error-clean");
	write_run(b, 0, 64, 1);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "op=2a lba=40 sense=3/0c/00"), 0);
	IS(write_blocks(b, 40, 2, 2), SENSE(3, 0x0c, 0));
	block_is(b, 40, 1);
	block_is(b, 47, 1);
}

/* A write error that is told late is one of what was taken last, and of
 * nothing that SYNCHRONIZE CACHE said is on the medium. */
static void late_error(struct bench *b)
{
	reopen(b, RAM, NULL);
	write_run(b, 0, 96, 1);
	write_run(b, 32, 16, 2);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "deferred=3/0c/00"), 0);
	IS(send_cdb(b, SYNC), SENSE(3, 0x0c, 0));
	IS(read_blocks(b, 47, 1), SENSE(3, 0x11, 0x05));
	block_is(b, 95, 1);

	write_run(b, 32, 16, 2);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "deferred=3/0c/00"), 0);
	IS(send_cdb(b, SYNC), SENSE(3, 0x0c, 0));
	block_is(b, 47, 2);
	block_is(b, 95, 1);

	/* Or one of what was taken first since then. */
	reopen(b, RAM, "late-error-of-first");
	write_run(b, 0, 96, 1);
	IS(send_cdb(b, SYNC), GOOD);
	write_run(b, 32, 16, 2);
	write_run(b, 64, 16, 2);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 b->drive, "deferred=3/0c/00"), 0);
	IS(send_cdb(b, SYNC), SENSE(3, 0x0c, 0));
	IS(read_blocks(b, 32, 1), SENSE(3, 0x11, 0x05));
	IS(read_blocks(b, 47, 1), SENSE(3, 0x11, 0x05));
	block_is(b, 31, 1);
	block_is(b, 48, 1);
	block_is(b, 64, 2);
	block_is(b, 79, 2);
}

static const struct rule_test tests[] = {
	{ "random.answers", random_answers },
	{ "random.unformatted", unformatted },
	{ "random.anywhere", anywhere },
	{ "random.scattered", scattered },
	{ "random.unwritten", unwritten },
	{ "random.buffer", buffer },
	{ "random.heal", heal },
	{ "random.waits", waits },
	{ "random.late-error", late_error },
	{ "random.no-close", no_close },
	{ "format.background", background },
	{ "format.stop", stop },
	{ "format.busy", busy },
	{ "format.types", types },
	{ "format.forgets", forgets },
	{ "format.cut", format_cut },
	{ "restricted.packets", packets },
	{ "restricted.grow", grow },
	{ "restricted.end", end },
	{ "restricted.read", growing_read },
	{ "restricted.again", again },
	{ "restricted.full", full },
	{ "restricted.blank", blank },
	{ "torn.power", torn_power },
	{ "torn.error", torn_error }
};

int main(void)
{
	static const char *const areas[] = {
		"random", "format", "restricted", "torn"
	};

	return rules_main("emulated overwritable media", RAM, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 4);
}
