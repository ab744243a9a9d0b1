/* SPDX-License-Identifier: MIT */
/* The emulator's rules about DVD+R and BD-R. */
#include <string.h>

#include "tests/emulator/lib_media.h"

#define PLUS_R LATHE_EMULATOR_DVD_PLUS_R
#define PLUS_R_DL LATHE_EMULATOR_DVD_PLUS_R_DL
#define BD_R LATHE_EMULATOR_BD_R

/* A session of one track, 'track', closed with 'function'. */
static void record(struct bench *b, uint32_t lba, uint32_t blocks,
		   uint16_t track, uint8_t function, uint8_t tag)
{
	write_run(b, lba, blocks, tag);
	IS(send_cdb(b, SYNC), GOOD);
	IS(close_function(b, 1, track), GOOD);
	IS(close_function(b, function, 0), GOOD);
}

/* ---- DVD+R -------------------------------------------------------------- */

static void page(struct bench *b)
{
	IS(write_blocks(b, 0, 16, 1), GOOD);	/* the page for CDs */
	IS(select_at_once(b, 0), GOOD);
	IS(write_blocks(b, 16, 16, 1), GOOD);
	IS(select_write(b, 0x51, 0x04, 8, 0), GOOD);	/* test write */
	IS(write_blocks(b, 32, 16, 1), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	block_is(b, 47, 1);

	reopen(b, PLUS_R, "plus-r-heeds-page-05");
	IS(select_at_once(b, 0), GOOD);
	record(b, 0, 16, 1, 2, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

static void alignment(struct bench *b)
{
	IS(write_blocks(b, 0, 5, 1), GOOD);
	ck_assert_uint_eq(nwa_of(b, 0xff), 5);
	IS(write_blocks(b, 5, 16, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(nwa_of(b, 0xff), 32);
	block_is(b, 20, 1);
	zeros_at(b, 21);
	zeros_at(b, 31);
	/* So does taking the disc out. */
	IS(write_blocks(b, 32, 3, 2), GOOD);
	lathe_emulator_insert(b->drive, NULL);
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	ck_assert_uint_eq(nwa_of(b, 0xff), 48);
	block_is(b, 34, 2);
	zeros_at(b, 35);

	reopen(b, PLUS_R, "whole-ecc-writes");
	IS(write_blocks(b, 0, 5, 1), SENSE(5, 0x21, 0x04));
	IS(write_blocks(b, 0, 32, 1), GOOD);
	reopen(b, BD_R, "whole-ecc-writes");
	IS(write_blocks(b, 0, 16, 1), SENSE(5, 0x21, 0x04));
	IS(write_blocks(b, 0, 32, 1), GOOD);
}

static void invisible(struct bench *b)
{
	ck_assert_uint_eq(nwa_of(b, 0xff), 0);
	ck_assert_uint_eq(b->data[2], 1);
	ck_assert_uint_eq(b->data[6], 0x6f);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 2295104);
	IS(write_blocks(b, 0, 16, 1), GOOD);
	ck_assert_uint_eq(nwa_of(b, 0xff), 16);
	ck_assert_uint_eq(b->data[6], 0x21);
	IS(close_function(b, 1, 2), SENSE(5, 0x24, 0));	/* there is none */
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 6, 0), GOOD);
	IS(send_in(b, TRACK_FF, 36), SENSE(5, 0x24, 0));
	IS(read_track(b, 1), GOOD);
}

static void bits(struct bench *b)
{
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x21);
	IS(close_function(b, 1, 1), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0xa1);
	ck_assert_uint_eq(b->data[7], 0x02);
	IS(reserve_size(b, 32), GOOD);
	IS(read_track(b, 2), GOOD);
	ck_assert_uint_eq(b->data[6], 0xef);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0xa1);
	IS(read_track(b, 2), GOOD);
	ck_assert_uint_eq(b->data[6], 0x6f);
}

static void fragments(struct bench *b)
{
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	ck_assert_uint_eq(nwa_of(b, 2), 16);
	IS(write_blocks(b, 16, 32, 2), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(state_of(b).tracks, 1);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 8), 0);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 48);
	ck_assert_uint_eq(b->data[3], 1);
	ck_assert_uint_eq(nwa_of(b, 2), 48 + 2048);
	ck_assert_uint_eq(b->data[3], 2);
	block_is(b, 15, 1);
	block_is(b, 47, 2);
}

static void reserve(struct bench *b)
{
	uint32_t i;

	IS(reserve_size(b, 100), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 0);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 112);
	ck_assert_uint_eq(nwa_of(b, 0xff), 112);
	ck_assert_uint_eq(b->data[2], 2);
	IS(reserve_split(b, 200), SENSE(5, 0x24, 0));
	IS(reserve_split(b, 112), SENSE(5, 0x21, 0));
	IS(reserve_split(b, 208), GOOD);
	ck_assert_uint_eq(nwa_of(b, 2), 112);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 96);
	ck_assert_uint_eq(nwa_of(b, 0xff), 208);
	for (i = 2; i < 15; i++)
		IS(reserve_size(b, 16), GOOD);
	IS(reserve_size(b, 16), SENSE(5, 0x72, 0x05));
	IS(reserve_split(b, 20000), SENSE(5, 0x72, 0x05));
	/* The last fragment takes what is left. */
	ck_assert_uint_eq(nwa_of(b, 0xff), 208 + 13 * 16);
	ck_assert_uint_eq(b->data[2], 16);
	IS(write_blocks(b, 416, 16, 1), GOOD);
	IS(close_function(b, 1, 16), GOOD);
	IS(read_track(b, 17), GOOD);
	IS(write_blocks(b, 432, 16, 1), SENSE(5, 0x72, 0x05));
}

static void reserved_close(struct bench *b)
{
	IS(reserve_size(b, 64), GOOD);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x04));
	IS(write_blocks(b, 0, 16, 1), GOOD);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x04));
	IS(write_blocks(b, 16, 32, 1), GOOD);
	IS(write_blocks(b, 48, 32, 1), SENSE(5, 0x63, 0));
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(capacity(b), 64);
	block_is(b, 47, 1);
	zeros_at(b, 63);
	/* Behind a full one the next one goes on, whether it is closed. */
	reopen(b, PLUS_R, NULL);
	IS(reserve_size(b, 32), GOOD);
	IS(write_blocks(b, 0, 32, 1), GOOD);
	ck_assert_uint_eq(nwa_of(b, 0xff), 32);
	IS(write_blocks(b, 32, 16, 2), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), UINT32_MAX);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 0);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	block_is(b, 31, 1);
	block_is(b, 32, 2);
}

/* A track with blocks is split off: what was recorded stays in it. */
static void split(struct bench *b)
{
	IS(write_blocks(b, 0, 32, 1), GOOD);
	IS(reserve_split(b, 16), SENSE(5, 0x21, 0));
	IS(reserve_split(b, 96), GOOD);
	ck_assert_uint_eq(nwa_of(b, 1), 32);
	ck_assert_uint_eq(b->data[6], 0xa1);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 64);
	IS(write_blocks(b, 96, 16, 2), GOOD);
	IS(write_blocks(b, 32, 16, 1), GOOD);
	ck_assert_uint_eq(nwa_of(b, 2), 112);
	reopen(b, PLUS_R, "split-empty-only");
	IS(reserve_split(b, 96), GOOD);
	IS(write_blocks(b, 96, 16, 1), GOOD);
	IS(reserve_split(b, 160), SENSE(5, 0x2c, 0));
}

static void functions(struct bench *b)
{
	IS(close_function(b, 0, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 3, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 4, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 2, 0), GOOD);
	IS(close_function(b, 6, 0), GOOD);	/* nothing to finalise */
	ck_assert(state_of(b).blank);
	write_run(b, 0, 16, 1);
	IS(close_function(b, 5, 0), SENSE(5, 0x72, 0x03));
	record(b, 16, 16, 1, 2, 1);
	ck_assert_uint_eq(disc_status(b), 0x01);
	reopen(b, PLUS_R, NULL);
	record(b, 0, 16, 1, 5, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	reopen(b, PLUS_R, NULL);
	record(b, 0, 16, 1, 6, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	reopen(b, PLUS_R_DL, NULL);
	write_run(b, 0, 16, 1);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 6, 0), SENSE(5, 0x24, 0));
	IS(close_function(b, 4, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

/* An empty session behind one that is closed. */
static void finalised(struct bench *b)
{
	record(b, 0, 16, 1, 2, 1);
	ck_assert_uint_eq(disc_status(b), 0x01);
	IS(close_function(b, 5, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	ck_assert_uint_eq(state_of(b).sessions, 1);
	reopen(b, LATHE_EMULATOR_BD_R, NULL);
	record(b, 0, 32, 1, 2, 1);
	IS(close_function(b, 6, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	reopen(b, PLUS_R, "final-wants-session");
	record(b, 0, 16, 1, 2, 1);
	IS(close_function(b, 5, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
}

/* Measured: 899,648 to 901,696, and 1,337,344 to 1,339,392. */
static void zones(struct bench *b)
{
	IS(reserve_size(b, 899648), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 0xff), 901696);
	IS(reserve_size(b, 1337344 - 901696), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(nwa_of(b, 0xff), 1339392);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 2295104 - 1339392);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 02 00 14 02 00 00 0d c2 40");
}

static void layers(struct bench *b)
{
	reopen(b, PLUS_R_DL, NULL);
	record(b, 0, 1024, 1, 2, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	reopen(b, PLUS_R_DL, NULL);
	IS(reserve_size(b, 262144), GOOD);
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(nwa_of(b, 0xff), 262144 + 2048);
	/* 64 ECC blocks are left. */
	IS(reserve_size(b, 4173824 - 64 * 16 - 264192), GOOD);
	IS(close_function(b, 1, 2), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

static void sessions(struct bench *b)
{
	uint32_t i, lba = 0;

	for (i = 1; i <= 152; i++, lba += 16 + 2048)
		record(b, lba, 16, (uint16_t)i, 2, 1);
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(b->data[4], 153);
	ck_assert_uint_eq(b->data[6], 153);
	record(b, lba, 16, 153, 2, 1);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	ck_assert_uint_eq(state_of(b).sessions, 153);
	IS(send_in(b, "43 00 00 00 00 00 00 08 00 00", 2048), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 4 + 154 * 8);
	ck_assert_uint_eq(b->data[3], 153);
}

static void told(struct bench *b)
{
	record(b, 0, 16, 1, 2, 1);
	record(b, 2064, 16, 2, 2, 1);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 02 00 14 02 00 00 00 08 10");
	IS(send_in(b, "43 00 02 00 00 00 00 00 ff 00", 255), GOOD);
	reply_is(b, "00 5a 01 02 "
		 "01 14 00 a0 00 00 00 00 01 00 00 "
		 "01 14 00 a1 00 00 00 00 01 00 00 "
		 "01 14 00 a2 00 00 00 00 00 02 10 "
		 "01 14 00 01 00 00 00 00 00 02 00 "
		 "02 14 00 a0 00 00 00 00 02 00 00 "
		 "02 14 00 a1 00 00 00 00 02 00 00 "
		 "02 14 00 a2 00 00 00 00 00 1d 37 "
		 "02 14 00 02 00 00 00 00 00 1d 27");
	reopen(b, PLUS_R, "toc-format-1-fixed");
	record(b, 0, 16, 1, 2, 1);
	record(b, 2064, 16, 2, 2, 1);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 01 00 14 01 00 00 00 00 00");
}

/* ---- BD-R --------------------------------------------------------------- */

static void first_write(struct bench *b)
{
	reopen(b, BD_R, NULL);
	ck_assert_uint_eq(disc_status(b), 0x00);
	ck_assert_uint_eq(nwa_of(b, 1), 0);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 12219392);
	ck_assert_uint_eq(lathe_get_be32(b->data + 20), 32);
	IS(send_in(b, TRACK_FF, 36), SENSE(5, 0x24, 0));
	IS(write_blocks(b, 0, 32, 1), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x05);
	ck_assert(state_of(b).formatted);
	ck_assert_uint_eq(nwa_of(b, 1), 32);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 12219360);
	ck_assert_uint_eq(capacity(b), 0);
}

static void bd_zones(struct bench *b)
{
	reopen(b, BD_R, NULL);
	record(b, 0, 40, 1, 2, 1);	/* a cluster and a part of one */
	ck_assert_uint_eq(nwa_of(b, 2), 64);
	ck_assert_uint_eq(capacity(b), 64);
	record(b, 64, 32, 2, 2, 2);
	ck_assert_uint_eq(nwa_of(b, 3), 96);
	block_is(b, 39, 1);
	zeros_at(b, 63);
	block_is(b, 64, 2);
	/* Or two clusters further. */
	reopen(b, BD_R, "bd-r-session-gap");
	record(b, 0, 40, 1, 2, 1);
	ck_assert_uint_eq(nwa_of(b, 2), 64 + 64);
	ck_assert_uint_eq(capacity(b), 64);
	record(b, 128, 32, 2, 2, 2);
	ck_assert_uint_eq(nwa_of(b, 3), 160 + 64);
	IS(read_blocks(b, 64, 1), SENSE(5, 0x64, 0));
	block_is(b, 128, 2);
}

static void bd_functions(struct bench *b)
{
	reopen(b, BD_R, NULL);
	IS(close_function(b, 5, 0), SENSE(5, 0x24, 0));
	write_run(b, 0, 32, 1);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x03));
	IS(close_function(b, 1, 1), GOOD);
	IS(close_function(b, 6, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	IS(write_blocks(b, 32, 32, 1), SENSE(5, 0x30, 0x05));
}

/* 11,826,176 blocks with the default spares: measured. */
static void spares(struct bench *b)
{
	reopen(b, BD_R, NULL);
	IS(format(b, 0x01, 11826176, 0x3000), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(b->data[4], 1);
	ck_assert_uint_eq(capacity(b), 0);
	ck_assert_uint_eq(nwa_of(b, 1), 0);
	ck_assert_uint_eq(lathe_get_be32(b->data + 16), 11826176);
	IS(format(b, 0x01, 11826176, 0x3000), SENSE(5, 0x30, 0x05));
	record(b, 0, 32, 1, 2, 1);
	ck_assert_uint_eq(nwa_of(b, 2), 32);
	reopen(b, BD_R, NULL);
	IS(format(b, 0x01, 11826175, 0x3000), SENSE(5, 0x26, 0));
	IS(format(b, 0x32 << 2 | 1, 12088320, 0x1000), GOOD);
	ck_assert_uint_eq(state_of(b).free_blocks, 12088320);
}

static void overwrite(struct bench *b)
{
	reopen(b, BD_R, NULL);
	IS(format(b, 0x00, 11826176, 0x3000), GOOD);
	write_run(b, 0, 96, 1);
	ck_assert_uint_eq(capacity(b), 11826176);
	IS(send_in(b, "43 00 01 00 00 00 00 00 0c 00", 12), GOOD);
	reply_is(b, "00 0a 01 01 00 14 01 00 00 00 00 00");
	IS(read_blocks(b, 96, 1), SENSE(8, 0, 0));
	IS(close_function(b, 1, 1), SENSE(5, 0x24, 0));
	IS(close_function(b, 2, 0), SENSE(5, 0x24, 0));
	IS(reserve_size(b, 64), SENSE(5, 0x24, 0));
	IS(write_blocks(b, 32, 32, 2), GOOD);
	IS(write_blocks(b, 96, 32, 3), GOOD);
	block_is(b, 31, 1);
	block_is(b, 32, 2);
	block_is(b, 64, 1);
	block_is(b, 96, 3);
	IS(write_blocks(b, 200, 32, 3), SENSE(5, 0x21, 0x02));
	/* A cluster of the spares is used up. */
	IS(send_in(b, "51 02 00 00 00 00 00 00 10 00", 16), GOOD);
	reply_is(b, "00 0e 40 00 00 00 2f ff 00 00 2f ff 00 00 2f ff");
	reopen(b, BD_R, NULL);
	IS(send_in(b, "51 02 00 00 00 00 00 00 10 00", 16),
	   SENSE(5, 0x24, 0));
}

static const struct rule_test tests[] = {
	{ "dvd-plus-r.page", page },
	{ "dvd-plus-r.alignment", alignment },
	{ "dvd-plus-r.invisible", invisible },
	{ "dvd-plus-r.bits", bits },
	{ "dvd-plus-r.fragments", fragments },
	{ "dvd-plus-r.reserve", reserve },
	{ "dvd-plus-r.reserved-close", reserved_close },
	{ "dvd-plus-r.split", split },
	{ "dvd-plus-r.functions", functions },
	{ "dvd-plus-r.finalised", finalised },
	{ "dvd-plus-r.zones", zones },
	{ "dvd-plus-r.layers", layers },
	{ "dvd-plus-r.sessions", sessions },
	{ "dvd-plus-r.told", told },
	{ "bd-r.first-write", first_write },
	{ "bd-r.zones", bd_zones },
	{ "bd-r.functions", bd_functions },
	{ "bd-r.spares", spares },
	{ "bd-r.overwrite", overwrite }
};

int main(void)
{
	static const char *const areas[] = { "dvd-plus-r", "bd-r" };

	return rules_main("emulated DVD+R and BD-R", PLUS_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 2);
}
