/* SPDX-License-Identifier: MIT */
/* Rules of the emulator about features, structures, formats on offer, speeds
 * and streams; each test shows the personality's behaviour too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_media.h"
#include "tests/emulator/lib_rules.h"

#define ALL_FEATURES "46 01 00 10 00 00 00 10 00 00"

/* The descriptor of a feature that is current; NULL if it is not. */
static const uint8_t *current(struct bench *b, uint16_t code)
{
	uint8_t *p;

	IS(send_in(b, ALL_FEATURES, 4096), GOOD);
	for (p = b->data + 8; p < b->data + b->cmd.moved; p += 4 + p[3])
		if (lathe_get_be16(p) == code)
			return p;
	return NULL;
}

/* ---- features and structures -------------------------------------------- */

static void feature_current(struct bench *b)
{
	ck_assert_ptr_null(current(b, 0x10));
	ck_assert_ptr_nonnull(current(b, 0x2d));
	burn(b, 0, 300, 0, 1);
	ck_assert_ptr_nonnull(current(b, 0x10));
	ck_assert_ptr_null(current(b, 0x2d));
	reopen(b, LATHE_EMULATOR_BD_RE, NULL);
	ck_assert_ptr_nonnull(current(b, 0x41));
	ck_assert_ptr_null(current(b, 0x2d));
	ck_assert_mem_eq(b->data + 6, "\x00\x43", 2);
}

static void feature_incremental(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_RW, NULL);
	ck_assert_ptr_nonnull(current(b, 0x21));
	IS(send_cdb(b, "a1 01 00 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_ptr_null(current(b, 0x21));
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R, NULL);
	ck_assert_ptr_null(current(b, 0x21));
}

static void feature_link_size(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	ck_assert_mem_eq(current(b, 0x21) + 4, "\1\0\1\1\x10\0\0\0", 8);
	reopen(b, LATHE_EMULATOR_DVD_R, "odd-link-size");
	ck_assert_mem_eq(current(b, 0x21) + 4, "\1\0\1\1\x07\0\0\0", 8);
}

static void feature_streaming(struct bench *b)
{
	ck_assert_uint_eq(current(b, 0x107)[4], 0x1e);
	reopen(b, LATHE_EMULATOR_DVD_RAM, NULL);
	ck_assert_uint_eq(current(b, 0x107)[4], 0x1f);
	reopen(b, LATHE_EMULATOR_DVD_RAM, "no-streaming");
	ck_assert_uint_eq(current(b, 0x107)[4], 0x1e);
}

#define STRUCTURE(format) "ad 00 00 00 00 00 00 " format " 08 04 00 00"

static void structure_list(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R, NULL);
	IS(send_in(b, STRUCTURE("ff"), 2052), GOOD);
	reply_is(b, "00 0a 00 00 00 40 08 00 11 40 01 00");
	reopen(b, LATHE_EMULATOR_DVD_RW, NULL);
	IS(send_in(b, STRUCTURE("ff"), 2052), SENSE(5, 0x24, 0));
}

static void structure_adip(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R, NULL);
	IS(send_in(b, STRUCTURE("11"), 2052), GOOD);
	ck_assert_mem_eq(b->data + 4 + 19, "LATHE", 5);
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R, "no-structure-11");
	IS(send_in(b, STRUCTURE("11"), 2052), SENSE(5, 0x24, 0));
}

static void structure_pre_recorded(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(send_in(b, STRUCTURE("0e"), 2052), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 68);
	reopen(b, LATHE_EMULATOR_DVD_R, "short-structure-0e");
	IS(send_in(b, STRUCTURE("0e"), 2052), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 8);
	ck_assert_mem_eq(b->data, "\0\6\0\0", 4);
}

/* 02FE10h and 02FFA0h: the same as on a blank disc, and it stays. */
static void structure_lead_in(struct bench *b)
{
	uint8_t blank[2052];

	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(select_incremental(b, 3), GOOD);
	IS(send_in(b, STRUCTURE("00"), 2052), GOOD);
	memcpy(blank, b->data, sizeof(blank));
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	IS(send_cdb(b, CLOSE_TRACK), GOOD);
	IS(send_cdb(b, CLOSE_SESSION), GOOD);
	IS(send_in(b, STRUCTURE("00"), 2052), GOOD);
	ck_assert_mem_ne(b->data, blank, sizeof(blank));
	IS(send_in(b, STRUCTURE("10"), 2052), GOOD);
	ck_assert_mem_eq(b->data, blank, sizeof(blank));
	ck_assert_mem_eq(b->data + 4 + 32, "\0\2\xfe\x10\0\2\xff\xa0", 8);
}

/* 16 blocks end at 3000Fh; 16 of linking are before the border-out, and the
 * next border-in is the last 96 blocks of 28,672: 30020h and 36FC0h. */
static void structure_border(struct bench *b)
{
	static const uint8_t multi[] = { 3, 0 };
	size_t i;

	for (i = 0; i < 2; i++) {
		reopen(b, LATHE_EMULATOR_DVD_R, NULL);
		IS(select_incremental(b, multi[i]), GOOD);
		IS(write_blocks(b, 0, 16, 1), GOOD);
		IS(send_cdb(b, SYNC), GOOD);
		IS(send_cdb(b, CLOSE_TRACK), GOOD);
		IS(send_cdb(b, CLOSE_SESSION), GOOD);
		IS(send_in(b, STRUCTURE("00"), 2052), GOOD);
		ck_assert_uint_eq(lathe_get_be32(b->data + 4 + 8), 0x3000f);
		ck_assert_uint_eq(lathe_get_be32(b->data + 4 + 32), 0x30020);
		ck_assert_uint_eq(lathe_get_be32(b->data + 4 + 36), 0x36fc0);
	}
}

/* Layer 0 of 1,048,576 blocks. */
static uint32_t set_layer_break(struct bench *b)
{
	static const uint8_t list[12] = { 0, 10, 0, 0, 0, 0, 0, 0, 0, 0x10 };

	return send_out(b, "bf 00 00 00 00 00 00 20 00 0c 00 00", list, 12);
}

static void structure_layer_break(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL);
	IS(set_layer_break(b), GOOD);
	IS(set_layer_break(b), SENSE(5, 0x2c, 0));
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(set_layer_break(b), SENSE(5, 0x2c, 0));
}

static void structure_layer_size(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R_DL, NULL);
	IS(set_layer_break(b), GOOD);
	ck_assert_uint_eq(free_blocks(b), 2097152);
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R_DL, "break-keeps-size");
	IS(set_layer_break(b), GOOD);
	ck_assert_uint_eq(free_blocks(b), 4173824);
}

/* ---- formats ------------------------------------------------------------ */

static void capacity_formats(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_BD_RE, NULL);
	/* Spares between the fewest and the most; beyond both; no whole
	 * clusters; a type that BD-RE has not. */
	IS(format(b, 0x30 << 2, 11700000 / 32 * 32, 0), GOOD);
	IS(format(b, 0x30 << 2, 12088352, 0), SENSE(5, 0x26, 0));
	IS(format(b, 0x30 << 2, 11564000, 0), SENSE(5, 0x26, 0));
	IS(format(b, 0x30 << 2, 11826177, 0), SENSE(5, 0x26, 0));
	IS(format(b, 0x26 << 2, 11826176, 0), SENSE(5, 0x26, 0));
	IS(format(b, 0x31 << 2, 12219392, 0), GOOD);
	reopen(b, LATHE_EMULATOR_CD_R_80, NULL);
	ck_assert_uint_ne(format(b, 0, 359845, 0), GOOD);
}

static void capacity_quick_certify(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_BD_RE, NULL);
	ck_assert_uint_eq(current(b, 0x23)[4], 0x0f);
	IS(format(b, 0x30 << 2 | 3, 11826176, 0x3000), GOOD);
	reopen(b, LATHE_EMULATOR_BD_RE, "no-quick-certify");
	ck_assert_uint_eq(current(b, 0x23)[4], 0x0d);
	IS(format(b, 0x30 << 2 | 3, 11826176, 0x3000),
	   SENSE(5, 0x26, 0));
	IS(format(b, 0x30 << 2, 11826176, 0x3000), GOOD);
}

/* ---- speeds ------------------------------------------------------------- */

#define SPEEDS "ac 00 00 00 00 00 00 00 00 10 03 00"
#define PAGE_2A "5a 08 2a 00 00 00 00 00 ff 00"

/* A DVD+RW of 8x: 11,080, 8,310, 5,540 and 3,324 kB/s. */
static void speed_medium(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_PLUS_RW, NULL);
	IS(send_in(b, SPEEDS, 264), GOOD);
	reply_is(b, "00 00 00 44 00 00 00 00"
		 "00 00 00 00 00 23 05 3f 00 00 56 90 00 00 2b 48"
		 "00 00 00 00 00 23 05 3f 00 00 56 90 00 00 20 76"
		 "00 00 00 00 00 23 05 3f 00 00 56 90 00 00 15 a4"
		 "00 00 00 00 00 23 05 3f 00 00 56 90 00 00 0c fc");
	IS(send_in(b, PAGE_2A, 255), GOOD);
	ck_assert_mem_eq(b->data + 8 + 28, "\x2b\x48\0\4\0\0\x2b\x48"
			 "\0\0\x20\x76\0\0\x15\xa4\0\0\x0c\xfc", 20);
	reopen(b, LATHE_EMULATOR_DVD_PLUS_RW, "cd-speeds");
	IS(send_in(b, SPEEDS, 264), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data), 4 + 6 * 16);
	ck_assert_uint_eq(lathe_get_be32(b->data + 20), 8467);
}

static void speed_values(struct bench *b)
{
	IS(send_in(b, SPEEDS, 264), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 20), 8467);
	reopen(b, LATHE_EMULATOR_CD_R_80, "zero-speeds");
	IS(send_in(b, SPEEDS, 264), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 20), 0);
	IS(send_in(b, PAGE_2A, 255), GOOD);
	ck_assert_uint_eq(lathe_get_be16(b->data + 8 + 34), 0);
}

static void speed_performance(struct bench *b)
{
	IS(send_in(b, "ac 14 00 00 00 00 00 00 00 01 00 00", 24), GOOD);
	reply_is(b, "00 00 00 14 02 00 00 00"
		 "00 00 00 00 00 00 21 13 00 05 7d a4 00 00 21 13");
	/* Exceptions: none. */
	IS(send_in(b, "ac 16 00 00 00 00 00 00 00 01 00 00", 24), GOOD);
	reply_is(b, "00 00 00 04 03 00 00 00");
	reopen(b, LATHE_EMULATOR_CD_R_80, "performance-empty");
	IS(send_in(b, "ac 14 00 00 00 00 00 00 00 01 00 00", 24), GOOD);
	reply_is(b, "00 00 00 04 02 00 00 00");
	IS(send_in(b, SPEEDS, 264), GOOD);
	reply_is(b, "00 00 00 04 00 00 00 00");
}

static void speed_length(struct bench *b)
{
	IS(send_in(b, "ac 00 00 00 00 00 00 00 00 00 03 00", 8), GOOD);
	reply_is(b, "00 00 00 64 00 00 00 00");
	reopen(b, LATHE_EMULATOR_CD_R_80, "performance-one");
	IS(send_in(b, "ac 00 00 00 00 00 00 00 00 00 03 00", 8), GOOD);
	reply_is(b, "00 00 00 14 00 00 00 00");
	IS(send_in(b, "ac 00 00 00 00 00 00 00 00 01 03 00", 24), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data), 0x64);
}

/* SET STREAMING of 'kb' each way, from 0 to 'end'. */
static uint32_t stream_at(struct bench *b, uint32_t end, uint32_t kb)
{
	uint8_t list[28] = { 0 };

	lathe_put_be32(list + 8, end);
	lathe_put_be32(list + 12, kb);
	lathe_put_be32(list + 16, 1000);
	lathe_put_be32(list + 20, kb);
	lathe_put_be32(list + 24, 1000);
	return send_out(b, "b6 00 00 00 00 00 00 00 00 00 1c 00", list, 28);
}

static uint32_t write_speed(struct bench *b)
{
	IS(send_in(b, PAGE_2A, 255), GOOD);
	return lathe_get_be16(b->data + 8 + 28);
}

static void speed_end(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(stream_at(b, 0xffffffff, 5600), GOOD);
	ck_assert_uint_eq(write_speed(b), 5540);
	reopen(b, LATHE_EMULATOR_DVD_R, "streaming-real-end");
	IS(stream_at(b, 0xffffffff, 5600), SENSE(5, 0x26, 0));
	ck_assert_uint_eq(write_speed(b), 22160);
	IS(stream_at(b, 2298495, 5600), GOOD);
	ck_assert_uint_eq(write_speed(b), 5540);
}

static void speed_plus_rw(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_PLUS_RW, NULL);
	IS(stream_at(b, 2295103, 3324), GOOD);
	ck_assert_uint_eq(write_speed(b), 3324);
	reopen(b, LATHE_EMULATOR_DVD_PLUS_RW, "streaming-refused");
	IS(stream_at(b, 2295103, 3324), SENSE(5, 0x21, 0));
	ck_assert_uint_eq(write_speed(b), 11080);
}

/* 2,822 = B06h kB/s is one of the speeds; 177 more is not. */
static void speed_nominal(struct bench *b)
{
	IS(send_cdb(b, "bb 00 ff ff 0b 06 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(write_speed(b), 2822);
	reopen(b, LATHE_EMULATOR_CD_R_80, "speed-above-nominal");
	IS(send_cdb(b, "bb 00 ff ff 0b 06 00 00 00 00 00 00"),
	   SENSE(5, 0x24, 0));
	IS(send_cdb(b, "bb 00 ff ff 0b b7 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(write_speed(b), 2822);
}

static void change_disc(struct bench *b)
{
	lathe_emulator_insert(b->drive, NULL);
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
}

static void speed_outlives(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(stream_at(b, 2298495, 5540), GOOD);
	change_disc(b);
	ck_assert_uint_eq(write_speed(b), 5540);
	reopen(b, LATHE_EMULATOR_DVD_R, "speed-forgotten");
	IS(stream_at(b, 2298495, 5540), GOOD);
	change_disc(b);
	ck_assert_uint_eq(write_speed(b), 22160);
}

/* ---- streams ------------------------------------------------------------ */

/* WRITE(12) with the streaming bit, of 32 blocks or fewer. */
static uint32_t stream_blocks(struct bench *b, uint32_t lba, uint32_t count)
{
	char hex[40];
	uint8_t blocks[32 * 2048];
	uint32_t i;

	snprintf(hex, sizeof(hex), "aa 00 %02x %02x %02x %02x 00 00 00 %02x"
		 " 80 00", lba >> 24 & 255, lba >> 16 & 255, lba >> 8 & 255,
		 lba & 255, count);
	for (i = 0; i < count; i++)
		make_block(blocks + 2048 * i, lba + i, 1);
	return send_out(b, hex, blocks, count * 2048);
}

/* How long 3,200 blocks take until they are on a DVD-RAM. */
static uint64_t time_of(struct bench *b, bool stream)
{
	uint64_t began = lathe_emulator_now_ms(b->drive);
	uint32_t i;

	for (i = 0; i < 100; i++) {
		if (stream)
			IS(stream_blocks(b, 32 * i, 32), GOOD);
		else
			IS(write_blocks(b, 32 * i, 32, 1), GOOD);
	}
	IS(send_cdb(b, SYNC), GOOD);
	return lathe_emulator_now_ms(b->drive) - began;
}

/* 5x is 6,925 kB/s: 3,200 blocks in 0.95 s, or 1.9 s. */
static void stream_checked(struct bench *b)
{
	uint64_t slow, fast;

	reopen(b, LATHE_EMULATOR_DVD_RAM, NULL);
	slow = time_of(b, false);
	fast = time_of(b, true);
	ck_assert_uint_ge(slow, 1890);
	ck_assert_uint_le(fast, slow - 900);
	ck_assert_uint_ge(fast, 940);
}

static void stream_announced(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_BD_R, NULL);
	IS(stream_blocks(b, 0, 32), GOOD);
	reopen(b, LATHE_EMULATOR_BD_R, "no-streaming");
	IS(stream_blocks(b, 0, 32), SENSE(5, 0x24, 0));
	reopen(b, LATHE_EMULATOR_DVD_PLUS_R, NULL);
	IS(stream_blocks(b, 0, 32), SENSE(5, 0x24, 0));
}

static void stream_pieces(struct bench *b)
{
	uint8_t block[2048];

	reopen(b, LATHE_EMULATOR_DVD_RAM, NULL);
	IS(stream_blocks(b, 4, 4), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	make_block(block, 4, 1);
	ck_assert(lathe_emulator_store_holds(b->disc, 4, block));
	reopen(b, LATHE_EMULATOR_DVD_RAM, "streaming-junk");
	IS(stream_blocks(b, 4, 4), GOOD);
	IS(stream_blocks(b, 16, 32), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert(!lathe_emulator_store_holds(b->disc, 4, block));
	make_block(block, 16, 1);
	ck_assert(lathe_emulator_store_holds(b->disc, 16, block));
}

static void stream_verify(struct bench *b)
{
	uint8_t blocks[16 * 2048];
	uint32_t i;

	for (i = 0; i < 16; i++)
		make_block(blocks + 2048 * i, i, 1);
	IS(send_out(b, "2e 00 00 00 00 00 00 00 10 00", blocks,
		    sizeof(blocks)), SENSE(5, 0x30, 0));
	reopen(b, LATHE_EMULATOR_DVD_RAM, NULL);
	IS(send_out(b, "2e 00 00 00 00 00 00 00 10 00", blocks,
		    sizeof(blocks)), GOOD);
	/* On the medium, without a SYNC. */
	for (i = 0; i < 16; i++)
		ck_assert(lathe_emulator_store_holds(b->disc, i,
						     blocks + 2048 * i));
	reopen(b, LATHE_EMULATOR_BD_R, NULL);
	IS(send_out(b, "2e 00 00 00 00 00 00 00 10 00", blocks,
		    sizeof(blocks)), GOOD);
	/* Or the drive does not have it. */
	reopen(b, LATHE_EMULATOR_DVD_RAM, "no-write-verify");
	IS(send_out(b, "2e 00 00 00 00 00 00 00 10 00", blocks,
		    sizeof(blocks)), SENSE(5, 0x20, 0));
}

static const struct rule_test tests[] = {
	{ "feature.current", feature_current },
	{ "feature.incremental", feature_incremental },
	{ "feature.link-size", feature_link_size },
	{ "feature.streaming", feature_streaming },
	{ "structure.list", structure_list },
	{ "structure.adip", structure_adip },
	{ "structure.lead-in", structure_lead_in },
	{ "structure.border", structure_border },
	{ "structure.pre-recorded", structure_pre_recorded },
	{ "structure.layer-break", structure_layer_break },
	{ "structure.layer-size", structure_layer_size },
	{ "capacity.formats", capacity_formats },
	{ "capacity.quick-certify", capacity_quick_certify },
	{ "speed.medium", speed_medium },
	{ "speed.values", speed_values },
	{ "speed.performance", speed_performance },
	{ "speed.length", speed_length },
	{ "speed.end", speed_end },
	{ "speed.plus-rw", speed_plus_rw },
	{ "speed.nominal", speed_nominal },
	{ "speed.outlives", speed_outlives },
	{ "stream.checked", stream_checked },
	{ "stream.announced", stream_announced },
	{ "stream.pieces", stream_pieces },
	{ "stream.verify", stream_verify }
};

int main(void)
{
	static const char *const areas[] = { "feature", "structure",
					     "capacity", "speed", "stream" };

	return rules_main("emulated drive rules", LATHE_EMULATOR_CD_R_80,
			  tests, sizeof(tests) / sizeof(tests[0]), areas, 5);
}
