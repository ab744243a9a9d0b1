/* SPDX-License-Identifier: MIT */
/*
 * check_image_start.c - the address that an image was made for: what its first
 * blocks say, written out from ECMA-119 (4th edition), and SPEC 6.
 */
#include "session/lathe_session.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

#define LOOK LATHE_SESSION_IMAGE_LOOK
#define START 12000u
#define TABLE 19u	/* the path table of type L, from the image's start */
#define ROOT 22u	/* and the root directory */

static uint8_t image[LOOK * 2048];

static uint8_t *at(uint32_t block)
{
	return image + block * 2048;
}

/* 8.4: type 1, CD001, version 1. 8.4.15: the path table of type L, byte
 * positions 141 to 144. 8.4.18 and 9.1.3: the root's extent, the first half of
 * byte positions 159 to 166. */
static void put_primary(uint32_t table, uint32_t root)
{
	memset(image, 0, sizeof(image));
	memcpy(at(16), "\1CD001\1", 7);
	lathe_put_le32(at(16) + 140, table);
	lathe_put_le32(at(16) + 158, root);
	memcpy(at(17), "\377CD001\1", 7);
}

/* 9.1: length of the record, extent at byte position 3, length of the
 * identifier at 33, the identifier behind it; 00h is the directory itself. */
static void put_directory(uint32_t block, uint8_t length, uint32_t extent,
			  uint8_t id_length, uint8_t id)
{
	at(block)[0] = length;
	lathe_put_le32(at(block) + 2, extent);
	at(block)[32] = id_length;
	at(block)[33] = id;
}

/* 9.4: length of the identifier, extent at byte position 3, number of the
 * parent at 7, identifier at 9; the root has length 1, parent 1 and 00h. */
static void put_table(uint32_t block, uint8_t length, uint32_t extent,
		      uint16_t parent, uint8_t id)
{
	at(block)[0] = length;
	lathe_put_le32(at(block) + 2, extent);
	lathe_put_le16(at(block) + 6, parent);
	at(block)[8] = id;
}

static void expect(uint32_t count, uint32_t start)
{
	ck_assert_uint_eq(lathe_session_image_start(image, count), start);
}

START_TEST(the_root_directory_says_it)
{
	/* 34 bytes are all of a record without system use (9.1.13). */
	static const uint8_t lengths[] = { 34, 36, 110, 254 };
	size_t i;

	for (i = 0; i < sizeof(lengths); i++) {
		put_primary(0, START + ROOT);
		put_directory(ROOT, lengths[i], START + ROOT, 1, 0);
		expect(LOOK, START);
	}
	put_primary(0, START + LOOK - 1);
	put_directory(LOOK - 1, 34, START + LOOK - 1, 1, 0);
	expect(LOOK, START);
	put_primary(0, UINT32_MAX);
	put_directory(ROOT, 34, UINT32_MAX, 1, 0);
	expect(LOOK, UINT32_MAX - ROOT);
}
END_TEST

START_TEST(the_path_table_says_it)
{
	/* The root directory is behind what is looked at. */
	put_primary(START + TABLE, START + 500);
	put_table(TABLE, 1, START + 500, 1, 0);
	expect(LOOK, START);
	/* Or no record of that directory stands there. */
	put_primary(START + TABLE, START + ROOT);
	put_table(TABLE, 1, START + ROOT, 1, 0);
	expect(LOOK, START);
}
END_TEST

START_TEST(an_image_for_the_start_of_a_disc)
{
	put_primary(TABLE, ROOT);
	put_table(TABLE, 1, ROOT, 1, 0);
	put_directory(ROOT, 34, ROOT, 1, 0);
	expect(LOOK, 0);
}
END_TEST

/* What looks like either, but for one field, says nothing. */
START_TEST(it_does_not_show)
{
	static const struct {
		uint8_t length, id_length, id;
		uint32_t extent;
	} directories[] = {
		{ 33, 1, 0, START + ROOT },	/* too short for it */
		{ 34, 0, 0, START + ROOT },
		{ 34, 2, 0, START + ROOT },
		{ 34, 1, 1, START + ROOT },	/* the parent, 6.8.2.2 */
		{ 34, 1, 0, START + ROOT + 1 },	/* another directory */
		{ 34, 1, 0, START + ROOT - 1 },
	};
	static const struct {
		uint8_t length, id;
		uint16_t parent;
		uint32_t extent;
	} tables[] = {
		{ 0, 0, 1, START + ROOT },
		{ 2, 0, 1, START + ROOT },
		{ 1, 1, 1, START + ROOT },
		{ 1, 0, 0, START + ROOT },
		{ 1, 0, 2, START + ROOT },
		{ 1, 0, 257, START + ROOT },	/* 16 bits of it */
		{ 1, 0, 1, START + ROOT + 256 },
	};
	size_t i;

	put_primary(START + TABLE, START + ROOT);
	expect(LOOK, 0);
	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		put_primary(START + TABLE, START + ROOT);
		put_directory(ROOT, directories[i].length,
			      directories[i].extent, directories[i].id_length,
			      directories[i].id);
		ck_assert_msg(!lathe_session_image_start(image, LOOK), "%zu",
			      i);
	}
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		put_primary(START + TABLE, START + ROOT);
		put_table(TABLE, tables[i].length, tables[i].extent,
			  tables[i].parent, tables[i].id);
		ck_assert_msg(!lathe_session_image_start(image, LOOK), "%zu",
			      i);
	}
}
END_TEST

/* No address is below 0: what stands behind its own address is a copy of it,
 * or a file's. The right one behind it counts. */
START_TEST(what_would_begin_in_front_of_the_disc_says_nothing)
{
	put_primary(0, ROOT);
	put_directory(ROOT + 1, 34, ROOT, 1, 0);
	expect(LOOK, 0);
	put_primary(TABLE - 1, START + ROOT);
	put_table(TABLE, 1, START + ROOT, 1, 0);
	expect(LOOK, 0);
	put_directory(ROOT, 34, START + ROOT, 1, 0);
	expect(LOOK, START);
}
END_TEST

/* Only blocks that are there are looked at. */
START_TEST(short_images)
{
	put_primary(0, START + ROOT);
	put_directory(ROOT, 34, START + ROOT, 1, 0);
	expect(0, 0);
	expect(16, 0);
	expect(17, 0);
	expect(ROOT, 0);
	expect(ROOT + 1, START);
	ck_assert_uint_eq(lathe_session_image_start(NULL, 0), 0);
}
END_TEST

/* SPEC 5: a first session at 32 has its descriptors at 48 as well as at 16,
 * and what they lead to is where they say, from LBA 0. */
START_TEST(an_image_that_grows_begins_at_0)
{
	put_primary(0, START + ROOT);
	put_directory(ROOT, 34, START + ROOT, 1, 0);
	memcpy(at(48), at(16), 2048);
	expect(LOOK, 0);
	expect(49, 0);
	/* That one is not there. */
	expect(48, START);
	/* One of Joliet's is no primary one (8.5.1). */
	at(48)[0] = 2;
	expect(LOOK, START);
}
END_TEST

START_TEST(no_volume)
{
	put_primary(START + TABLE, START + ROOT);
	put_table(TABLE, 1, START + ROOT, 1, 0);
	put_directory(ROOT, 34, START + ROOT, 1, 0);
	at(16)[0] = 2;
	expect(LOOK, 0);
	at(16)[0] = 1;
	at(16)[5] = '2';
	expect(LOOK, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: where an image belongs");
	TCase *tc = tcase_create("image start");

	tcase_add_test(tc, the_root_directory_says_it);
	tcase_add_test(tc, the_path_table_says_it);
	tcase_add_test(tc, an_image_for_the_start_of_a_disc);
	tcase_add_test(tc, it_does_not_show);
	tcase_add_test(tc, what_would_begin_in_front_of_the_disc_says_nothing);
	tcase_add_test(tc, short_images);
	tcase_add_test(tc, an_image_that_grows_begins_at_0);
	tcase_add_test(tc, no_volume);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
