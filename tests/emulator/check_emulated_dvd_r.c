/* SPDX-License-Identifier: MIT */
/* The emulator's rules about DVD-R and DVD-RW written in sequence. */
#include <string.h>

#include "tests/emulator/lib_media.h"

#define DVD_R LATHE_EMULATOR_DVD_R
#define DVD_RW LATHE_EMULATOR_DVD_RW

/* A session of 'blocks' blocks, whole packets, at 'lba'; its track has number
 * 'track'. */
static void record(struct bench *b, uint32_t lba, uint32_t blocks,
		   uint16_t track, uint8_t multi, uint8_t tag)
{
	IS(select_incremental(b, multi), GOOD);
	write_run(b, lba, blocks, tag);
	IS(send_cdb(b, SYNC), GOOD);
	IS(close_function(b, 1, track), GOOD);
	IS(close_function(b, 2, 0), GOOD);
}

static void page(struct bench *b)
{
	/* The drive's own page is one for CDs. */
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x64, 0));
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(select_at_once(b, 0), GOOD);
	IS(write_blocks(b, 16, 16, 1), SENSE(5, 0x64, 0));
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 16, 16, 1), GOOD);
}

static void packet(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 0, 17, 1), SENSE(5, 0x64, 0x01));
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(write_blocks(b, 32, 8, 1), SENSE(5, 0x64, 0x01));
	IS(write_blocks(b, 48, 16, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 32, 16, 1), GOOD);
	/* Packets of no fixed size: byte 3 without FP. */
	IS(send_cdb(b, SYNC), GOOD);
	IS(select_write(b, 0x40, 0xc5, 8, 0), GOOD);
	IS(write_blocks(b, 48, 8, 1), GOOD);
}

/* LS_V and a link size of 0; feature 0021h lists 16. */
static void link_size(struct bench *b)
{
	IS(select_write(b, 0x60, 0xe5, 8, 0), GOOD);
	IS(send_in(b, "5a 08 05 00 00 00 00 00 3c 00", 60), GOOD);
	ck_assert_uint_eq(b->data[10], 0x60);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x64, 0));
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	reopen(b, LATHE_EMULATOR_DVD_R, "odd-link-size");
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x64, 0));
}

static void numbers(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	IS(send_in(b, TRACK_FF, 36), SENSE(5, 0x24, 0));
	ck_assert_uint_eq(nwa_of(b, 1), 0);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 2298496);
	ck_assert_uint_eq(lathe_get_be32(b->data + 20), 16);
	record(b, 0, 32, 1, 3, 1);
	IS(send_in(b, TRACK_FF, 36), SENSE(5, 0x24, 0));
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(b->data[4], 2);
	ck_assert_uint_eq(b->data[5], 2);
	ck_assert_uint_eq(b->data[6], 2);
	ck_assert_uint_eq(nwa_of(b, 2), 32 + 16 + 28672);
	IS(read_track(b, 3), SENSE(5, 0x24, 0));
	IS(read_track(b, 0), SENSE(5, 0x24, 0));
}

/* RT, blank, packet and FP: byte 6, bits 7-4; the data mode below. */
static void bits(struct bench *b)
{
	IS(select_at_once(b, 0), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x4f);
	IS(select_incremental(b, 3), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x6f);
	IS(reserve_size(b, 64), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0xef);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0xa1);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 64);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 48);
	IS(close_function(b, 1, 1), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x21);
	ck_assert_uint_eq(b->data[7], 0x02);
	ck_assert_uint_eq(lathe_get_be32(b->data + 28), 63);
}

static void sync(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	write_run(b, 0, 32, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 32);
	ck_assert_uint_eq(disc_status(b), 0x05);
	IS(write_blocks(b, 32, 16, 1), GOOD);
	/* Without fixed packets the last one is filled up. */
	IS(select_write(b, 0x40, 0xc5, 8, 0), GOOD);
	IS(write_blocks(b, 48, 5, 1), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 53);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 64);
	block_is(b, 52, 1);
	zeros_at(b, 53);

	reopen(b, DVD_R, "sync-costs-link");
	IS(select_incremental(b, 3), GOOD);
	write_run(b, 0, 32, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 48);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 48);
	IS(write_blocks(b, 32, 16, 1), SENSE(5, 0x21, 0x02));
}

static void close(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	IS(close_function(b, 2, 0), GOOD);	/* an empty session */
	ck_assert_uint_eq(disc_status(b), 0x00);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x03));
	IS(close_function(b, 6, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 5, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 1, 1), GOOD);
	IS(reserve_size(b, 32), GOOD);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x04));
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	/* 0-15, link, 32-63. */
	ck_assert_uint_eq(capacity(b), 64);
	ck_assert_uint_eq(nwa_of(b, 3), 64 + 16 + 28672);
	record(b, 64 + 16 + 28672, 16, 3, 0, 2);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	IS(write_blocks(b, 40000, 16, 1), SENSE(5, 0x30, 0x05));
	IS(read_track(b, 4), SENSE(5, 0x24, 0));
}

/* Measured: end 106,848 to 135,536, end 244,080 to 250,240, and 37,888 behind
 * LBA 745,759, which is beyond the first band. */
static void zones(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	IS(reserve_size(b, 106848), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 2), 135536);
	IS(reserve_size(b, 244080 - 135536), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 3), 250240);
	reopen(b, DVD_R, NULL);
	IS(select_incremental(b, 3), GOOD);
	IS(reserve_size(b, 745760), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 2), 745760 + 16 + 37888);
}

static void zones_outside(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	IS(reserve_size(b, 745760), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	record(b, 783664, 16, 2, 3, 1);
	ck_assert_uint_eq(nwa_of(b, 3), 783680 + 16 + 7680);
	IS(reserve_size(b, 2000000 - 791376), GOOD);
	IS(close_function(b, 1, 3), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 4), 2000000 + 16 + 9216);

	/* Or zones of the same length everywhere; they stay where they are on
	 * a disc that moves to another drive. */
	reopen(b, DVD_R, "border-zones-alike");
	IS(select_incremental(b, 3), GOOD);
	IS(reserve_size(b, 745760), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 2), 745760 + 16 + 28672);
	ck_assert_ptr_nonnull(strstr(lathe_emulator_store_text(b->disc),
				     "lead-out 745760 other-zones\n"));
	IS(reserve_size(b, 2000000 - 774448), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 3), 2000000 + 16 + 6144);
}

static void at_once(struct bench *b)
{
	IS(select_at_once(b, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x2c, 0));
	IS(reserve_size(b, 1001), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0xcf);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 1001);
	IS(write_blocks(b, 16, 16, 1), SENSE(5, 0x21, 0x02));
	write_run(b, 0, 992, 1);
	IS(write_blocks(b, 992, 16, 1), SENSE(5, 0x63, 0));
	IS(write_blocks(b, 992, 9, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	ck_assert_uint_eq(capacity(b), 1001);
	block_is(b, 1000, 1);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x01);

	/* Not on a disc that has a session. */
	reopen(b, DVD_R, NULL);
	record(b, 0, 16, 1, 3, 1);
	IS(select_at_once(b, 0), GOOD);
	IS(reserve_size(b, 160), SENSE(5, 0x2c, 0));
}

static void at_once_flush(struct bench *b)
{
	IS(select_at_once(b, 0), GOOD);
	IS(reserve_size(b, 100), GOOD);
	write_run(b, 0, 32, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 32);
	write_run(b, 32, 68, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	reopen(b, DVD_R, "sync-ends-at-once");
	IS(select_at_once(b, 0), GOOD);
	IS(reserve_size(b, 100), GOOD);
	write_run(b, 0, 32, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), UINT32_MAX);
	IS(write_blocks(b, 32, 32, 1), SENSE(5, 0x21, 0x02));
}

/* What was interrupted can not go on: damage, and no next address. */
static void at_once_cut(struct bench *b)
{
	IS(select_at_once(b, 0), GOOD);
	IS(reserve_size(b, 1000), GOOD);
	write_run(b, 0, 320, 1);
	cut_power(b);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[5] & 0x20, 0x20);
	ck_assert_uint_eq(b->data[7] & 1, 0);
	IS(select_at_once(b, 0), GOOD);
	IS(write_blocks(b, 320, 16, 1), SENSE(5, 0x21, 0x02));
}

static void minimal(struct bench *b)
{
	reopen(b, DVD_RW, NULL);
	record(b, 0, 16, 1, 3, 1);
	IS(send_cdb(b, MINIMAL_BLANK), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x10);
	IS(select_incremental(b, 3), GOOD);
	IS(write_blocks(b, 0, 16, 2), SENSE(5, 0x64, 0));
	IS(reserve_size(b, 160), SENSE(5, 0x64, 0));
	IS(select_at_once(b, 0), GOOD);
	IS(reserve_size(b, 20), GOOD);
	write_run(b, 0, 20, 3);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x1e);
	IS(send_cdb(b, FULL_BLANK), GOOD);
	record(b, 0, 16, 1, 3, 4);
	block_is(b, 0, 4);
}

static void layers(struct bench *b)
{
	reopen(b, LATHE_EMULATOR_DVD_R_DL, NULL);
	record(b, 0, 16, 1, 3, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	reopen(b, LATHE_EMULATOR_DVD_R_DL, "dual-layer-appends");
	record(b, 0, 16, 1, 3, 1);
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(nwa_of(b, 2), 16 + 16 + 28672);
}

/* At most two sessions are told, the first and the last. */
static void told(struct bench *b)
{
	record(b, 0, 16, 1, 3, 1);
	record(b, 28704, 16, 2, 3, 2);
	record(b, 34880, 16, 3, 3, 3);
	ck_assert_uint_eq(nwa_of(b, 4), 34896 + 16 + 6144);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 02 00 14 02 00 00 00 88 40");
	IS(send_in(b, "43 00 00 00 00 00 00 00 1c 00", 28), GOOD);
	reply_is(b, "00 1a 01 02 00 14 01 00 00 00 00 00 "
		    "00 14 02 00 00 00 88 40 00 14 aa 00 00 00 88 50");
	IS(send_in(b, "43 00 04 00 00 00 00 00 1c 00", 28), SENSE(5, 0x24, 0));
}

static uint64_t ms_of_close(struct bench *b, uint8_t multi)
{
	uint64_t start;

	IS(select_incremental(b, multi), GOOD);
	write_run(b, 0, 16, 1);
	IS(close_function(b, 1, 1), GOOD);
	start = lathe_emulator_now_ms(b->drive);
	IS(close_function(b, 2, 0), GOOD);
	return lathe_emulator_now_ms(b->drive) - start;
}

/* 380,000 blocks at 4 x 1,385 kB/s last more than two minutes. */
static void radius(struct bench *b)
{
	uint64_t appendable = ms_of_close(b, 3);

	reopen(b, DVD_R, NULL);
	ck_assert_uint_gt(ms_of_close(b, 0), appendable + 120000);
}

static void reserve(struct bench *b)
{
	IS(select_incremental(b, 3), GOOD);
	IS(reserve_size(b, 100), GOOD);	/* whole ECC blocks: 112 */
	IS(reserve_size(b, 160), GOOD);
	IS(reserve_size(b, 160), SENSE(5, 0x72, 0x05));
	ck_assert_uint_eq(nwa_of(b, 2), 112 + 16);
	ck_assert_uint_eq(nwa_of(b, 3), 112 + 16 + 160 + 16);
	IS(write_blocks(b, 304, 16, 3), GOOD);
	IS(write_blocks(b, 128, 16, 2), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(write_blocks(b, 320, 16, 3), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 16);
	ck_assert_uint_eq(nwa_of(b, 2), 144);
	ck_assert_uint_eq(nwa_of(b, 3), 336);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x04));
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x03));
	IS(close_function(b, 1, 3), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(state_of(b).tracks, 3);
	zeros_at(b, 111);
	block_is(b, 335, 3);
	IS(reserve_split(b, 100000), SENSE(5, 0x24, 0));
}

static void test_write(struct bench *b)
{
	IS(select_write(b, 0x50, 0xc5, 8, 0), GOOD);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(write_blocks(b, 16, 16, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert(state_of(b).blank);
	IS(select_write(b, 0x52, 0x05, 8, 0), GOOD);
	IS(reserve_size(b, 40), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(write_blocks(b, 32, 16, 1), SENSE(5, 0x63, 0));
	IS(write_blocks(b, 32, 8, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert(state_of(b).blank);
	ck_assert_uint_eq(disc_status(b), 0x00);
}

static const struct rule_test tests[] = {
	{ "dvd-r.page", page },
	{ "dvd-r.packet", packet },
	{ "dvd-r.link-size", link_size },
	{ "dvd-r.numbers", numbers },
	{ "dvd-r.bits", bits },
	{ "dvd-r.sync", sync },
	{ "dvd-r.close", close },
	{ "dvd-r.zones", zones },
	{ "dvd-r.zones-outside", zones_outside },
	{ "dvd-r.at-once", at_once },
	{ "dvd-r.at-once-flush", at_once_flush },
	{ "dvd-r.at-once-cut", at_once_cut },
	{ "dvd-r.minimal", minimal },
	{ "dvd-r.layers", layers },
	{ "dvd-r.told", told },
	{ "dvd-r.radius", radius },
	{ "dvd-r.reserve", reserve },
	{ "dvd-r.test", test_write }
};

int main(void)
{
	static const char *const areas[] = { "dvd-r" };

	return rules_main("emulated DVD-R", DVD_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 1);
}
