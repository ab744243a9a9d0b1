/* SPDX-License-Identifier: MIT */
/* The emulator's rules about CD sessions written at once. */
#include <string.h>

#include "tests/emulator/lib_media.h"

#define CD_R LATHE_EMULATOR_CD_R_80

/* Control and ADR, track, index, form, SCMS, M, S, F: one track from 00:02:00
 * to 00:08:00, 450 blocks. */
static const uint8_t one_track[32] = {
	0x41, 0x00, 0, 0x14, 0, 0, 0, 0,
	0x41, 0x01, 0, 0x10, 0, 0, 0, 0,
	0x41, 0x01, 1, 0x10, 0, 0, 2, 0,
	0x41, 0xaa, 1, 0x14, 0, 0, 8, 0
};

static uint32_t send_sheet(struct bench *b, const uint8_t *sheet, uint8_t len)
{
	char cdb[] = "5d 00 00 00 00 00 00 00 20 00";

	cdb[24] = "0123456789abcdef"[len >> 4];
	cdb[25] = "0123456789abcdef"[len & 15];
	return send_out(b, cdb, sheet, len);
}

static void start(struct bench *b, uint8_t multi)
{
	IS(select_write(b, 0x42, (uint8_t)(multi << 6 | 4), 8, 0), GOOD);
	IS(send_sheet(b, one_track, 32), GOOD);
	write_run(b, 0xffffff6a, 150, 9);
}

static uint32_t sheet_with(struct bench *b, uint32_t at, uint8_t value)
{
	uint8_t sheet[32];

	memcpy(sheet, one_track, 32);
	sheet[at] = value;
	return send_sheet(b, sheet, 32);
}

static void cue(struct bench *b)
{
	IS(send_sheet(b, one_track, 32), SENSE(5, 0x2c, 0)); /* TAO page */
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(write_blocks(b, 0xffffff6a, 1, 1), SENSE(5, 0x2c, 0));
	IS(write_blocks(b, 0, 1, 1), SENSE(5, 0x2c, 0));
	IS(send_sheet(b, one_track, 31), SENSE(5, 0x24, 0));
	IS(send_sheet(b, one_track, 24), SENSE(5, 0x26, 0));
	IS(sheet_with(b, 30, 5), SENSE(5, 0x26, 0));	/* 225 blocks */
	IS(sheet_with(b, 30, 60), SENSE(5, 0x26, 0));	/* no such second */
	IS(sheet_with(b, 29, 81), SENSE(5, 0x63, 0));	/* too long */
	IS(sheet_with(b, 22, 3), SENSE(5, 0x26, 0));	/* LBA 75 */
	IS(sheet_with(b, 16, 0x01), SENSE(5, 0x26, 0));	/* audio */
	IS(sheet_with(b, 19, 0x20), SENSE(5, 0x26, 0));	/* mode 2 */
	IS(sheet_with(b, 17, 0x02), SENSE(5, 0x26, 0));	/* track 2 */
	IS(sheet_with(b, 10, 1), SENSE(5, 0x26, 0));	/* no pause */
	IS(send_sheet(b, one_track, 32), GOOD);
	ck_assert(state_of(b).blank);
	IS(write_blocks(b, 0xffffff6a, 32, 1), GOOD);
	IS(send_sheet(b, one_track, 32), SENSE(5, 0x2c, 0));
	/* A sheet goes with its write type, and with its disc. */
	reopen(b, CD_R, NULL);
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(send_sheet(b, one_track, 32), GOOD);
	IS(select_write(b, 0x41, 0x04, 8, 0), GOOD);
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(write_blocks(b, 0xffffff6a, 1, 1), SENSE(5, 0x2c, 0));
	IS(send_sheet(b, one_track, 32), GOOD);
	IS(send_cdb(b, "1b 00 00 00 02 00"), GOOD);
	IS(send_cdb(b, "1b 00 00 00 03 00"), GOOD);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	IS(write_blocks(b, 0xffffff6a, 1, 1), SENSE(5, 0x2c, 0));
	reopen(b, LATHE_EMULATOR_DVD_R, NULL);
	IS(send_sheet(b, one_track, 32), SENSE(5, 0x30, 0));
}

static void address(struct bench *b)
{
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(send_sheet(b, one_track, 32), GOOD);
	IS(write_blocks(b, 0, 1, 1), SENSE(5, 0x21, 0x02));
	IS(write_blocks(b, 0xffffff6a, 32, 9), GOOD);
	IS(write_blocks(b, 0xffffff6a, 32, 9), SENSE(5, 0x21, 0x02));
	write_run(b, 0xffffff8a, 118, 9);
	IS(write_blocks(b, 1, 1, 1), SENSE(5, 0x21, 0x02));
	write_run(b, 0, 440, 1);
	IS(write_blocks(b, 440, 11, 1), SENSE(5, 0x63, 0));
	IS(write_blocks(b, 440, 10, 1), GOOD);
	IS(send_cdb(b, SYNC), GOOD);
	block_is(b, 0, 1);
	block_is(b, 449, 1);

	/* One WRITE over the border of the pause; and a pause by the drive. */
	reopen(b, CD_R, NULL);
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(send_sheet(b, one_track, 32), GOOD);
	write_run(b, 0xffffff6a, 128, 9);
	IS(write_blocks(b, 0xffffffea, 32, 9), GOOD);
	IS(write_blocks(b, 10, 32, 1), GOOD);
	block_is(b, 9, 9);
	block_is(b, 10, 1);
	reopen(b, CD_R, NULL);
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(sheet_with(b, 11, 0x14), GOOD);
	IS(write_blocks(b, 0xffffff6a, 1, 1), SENSE(5, 0x21, 0x02));
	write_run(b, 0, 450, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

static void end(struct bench *b)
{
	start(b, 3);
	write_run(b, 0, 450, 1);
	ck_assert_uint_eq(disc_status(b), 0x05);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(capacity(b), 450);
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[6], 0x01);
	ck_assert_uint_eq(lathe_get_be32(b->data + 24), 450);
	ck_assert_uint_eq(next_writable(b), 450 + 11400);
	block_is(b, 449, 1);
	IS(read_blocks(b, 450, 1), SENSE(5, 0x21, 0));
	/* 300 blocks at once and the run-out follow: 11,850 to 12,152. */
	burn(b, 11850, 300, 3, 2);
	ck_assert_uint_eq(next_writable(b), 12152 + 6900);
	reopen(b, CD_R, NULL);
	start(b, 0);
	write_run(b, 0, 450, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

/* Tracks 00:02:00, 00:08:00 with a pause before it, and 00:14:00 without. */
static void tracks(struct bench *b)
{
	static const uint8_t sheet[56] = {
		0x41, 0x00, 0, 0x14, 0, 0, 0, 0,
		0x41, 0x01, 0, 0x10, 0, 0, 0, 0,
		0x41, 0x01, 1, 0x10, 0, 0, 2, 0,
		0x41, 0x02, 0, 0x10, 0, 0, 6, 0,
		0x41, 0x02, 1, 0x10, 0, 0, 8, 0,
		0x41, 0x03, 1, 0x10, 0, 0, 14, 0,
		0x41, 0xaa, 1, 0x14, 0, 0, 20, 0
	};
	struct lathe_emulator_track track;

	IS(select_write(b, 0x42, 0xc4, 8, 0), GOOD);
	IS(send_sheet(b, sheet, 56), GOOD);
	write_run(b, 0xffffff6a, 150 + 1350, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(state_of(b).tracks, 3);
	ck_assert_int_eq(lathe_emulator_store_track(b->disc, 1, &track), 0);
	ck_assert_uint_eq(track.blocks, 300);
	ck_assert_int_eq(lathe_emulator_store_track(b->disc, 2, &track), 0);
	ck_assert_uint_eq(track.start, 450);
	ck_assert_uint_eq(track.blocks, 450);
	ck_assert_int_eq(lathe_emulator_store_track(b->disc, 3, &track), 0);
	ck_assert_uint_eq(track.start, 900);
	block_is(b, 299, 1);
	IS(read_blocks(b, 300, 1), SENSE(5, 0x64, 0));
	IS(read_blocks(b, 449, 1), SENSE(5, 0x64, 0));
	block_is(b, 450, 1);
	block_is(b, 900, 1);
	block_is(b, 1349, 1);
}

static void is_lost(struct bench *b, uint32_t nwa)
{
	IS(read_track(b, 1), GOOD);
	ck_assert_uint_eq(b->data[5] & 0x20, 0x20);
	ck_assert_uint_eq(b->data[7] & 1, 0);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x03));
	IS(close_function(b, 1, 1), SENSE(5, 0x2c, 0));
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(write_blocks(b, nwa, 16, 1), SENSE(5, 0x21, 0x02));
}

static void early(struct bench *b)
{
	start(b, 3);
	write_run(b, 0, 320, 1);
	IS(send_cdb(b, SYNC), GOOD);
	is_lost(b, 320);
	block_is(b, 319, 1);
}

static void cut(struct bench *b)
{
	start(b, 3);
	write_run(b, 0, 320, 1);
	cut_power(b);
	is_lost(b, 320);
	/* Or when the disc is taken out. */
	reopen(b, CD_R, NULL);
	start(b, 3);
	write_run(b, 0, 320, 1);
	lathe_emulator_insert(b->drive, NULL);
	lathe_emulator_insert(b->drive, b->disc);
	IS(send_cdb(b, READY), SENSE(6, 0x28, 0));
	is_lost(b, 320);
	block_is(b, 319, 1);
	/* Or what was written can be closed. */
	reopen(b, CD_R, "at-once-cut-closes");
	start(b, 3);
	write_run(b, 0, 320, 1);
	IS(close_function(b, 2, 0), SENSE(5, 0x72, 0x03));
	lathe_emulator_sleep_ms(b->drive, 5000);
	cut_power(b);
	ck_assert_uint_eq(next_writable(b), UINT32_MAX);
	IS(select_write(b, 0x41, 0xc4, 8, 0), GOOD);
	IS(close_function(b, 2, 0), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x01);
	ck_assert_uint_eq(capacity(b), 320);
	ck_assert_uint_eq(next_writable(b), 320 + 11400);
	block_is(b, 319, 1);
}

static void appended(struct bench *b)
{
	uint8_t sheet[32];

	burn(b, 0, 300, 3, 1);
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(send_sheet(b, one_track, 32), SENSE(5, 0x26, 0));
	/* 11,702 + 150 frames are 02:38:02. */
	memcpy(sheet, one_track, 32);
	sheet[13] = sheet[21] = sheet[29] = 2;
	sheet[14] = 36;
	sheet[22] = 38;
	sheet[30] = 44;
	sheet[15] = sheet[23] = sheet[31] = 2;
	IS(send_sheet(b, sheet, 32), GOOD);
	write_run(b, 11702 - 150, 150 + 450, 2);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	block_is(b, 11702, 2);
	block_is(b, 12151, 2);
	block_is(b, 0, 1);

	reopen(b, CD_R, "cue-sheet-relative");
	burn(b, 0, 300, 3, 1);
	IS(select_write(b, 0x42, 0x04, 8, 0), GOOD);
	IS(send_sheet(b, sheet, 32), SENSE(5, 0x26, 0));
	IS(send_sheet(b, one_track, 32), GOOD);
	write_run(b, 11702 - 150, 150 + 450, 2);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
	block_is(b, 12151, 2);
}

static void test_write(struct bench *b)
{
	IS(select_write(b, 0x52, 0x04, 8, 0), GOOD);
	IS(send_sheet(b, one_track, 32), GOOD);
	write_run(b, 0xffffff6a, 600, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert(state_of(b).blank);
	ck_assert_uint_eq(disc_status(b), 0x00);
	start(b, 0);
	write_run(b, 0, 450, 1);
	IS(send_cdb(b, SYNC), GOOD);
	ck_assert_uint_eq(disc_status(b), 0x0e);
}

static const struct rule_test tests[] = {
	{ "at-once.cue", cue },
	{ "at-once.address", address },
	{ "at-once.end", end },
	{ "at-once.tracks", tracks },
	{ "at-once.early", early },
	{ "at-once.cut", cut },
	{ "at-once.appended", appended },
	{ "at-once.test", test_write }
};

int main(void)
{
	static const char *const areas[] = { "at-once" };

	return rules_main("emulated sessions at once", CD_R, tests,
			  sizeof(tests) / sizeof(tests[0]), areas, 1);
}
