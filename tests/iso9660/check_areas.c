/* SPDX-License-Identifier: MIT */
/* Continuation areas, SUSP 1.12, 5.1: where those of many records lie, and
 * that what they hold is the record's own. */
#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOT 20u	/* system area, PVD, terminator, two path tables */

static struct lathe_iso9660_tree *tree;
static uint8_t *image;
static uint32_t blocks;

static void begin(void)
{
	tree = make_tree(NULL, 1);
	image = NULL;
}

static void done(void)
{
	free(image);
	lathe_iso9660_tree_destroy(tree);
}

static void record(void)
{
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct lathe_iso9660_plan_options options = plain_options();

	options.primary = &level_1;
	options.system_use = &lathe_iso9660_rock_ridge;
	image = make_image(tree, &options, 0, &blocks);
}

/* A file of the root, whose name begins with "nNNN" and has 'len' bytes. */
static const char *name_of(uint32_t number, uint32_t len)
{
	static char name[256];

	memset(name, 'a' + (int)(number % 26), len);
	name[len] = 0;
	name[snprintf(name, 5, "n%03u", number)] = '-';
	return name;
}

/* The entries from 'at' up to 'end': NM go on in *name (RRIP 4.1.4); returns
 * where CE stands, or 0. */
static uint32_t read_entries(uint32_t at, uint32_t end, char *name)
{
	uint32_t ce = 0;
	const uint8_t *p;

	while (end - at >= 4 && image[at]) {
		p = image + at;
		ck_assert_uint_ge(p[2], 4);
		ck_assert_uint_le(at + p[2], end);
		if (memcmp(p, "NM", 2) == 0)
			strncat(name, (const char *)p + 5, p[2] - 5u);
		if (memcmp(p, "CE", 2) == 0)
			ce = at;
		at += p[2];
	}
	return ce;
}

/* The name of the record at 'at', its area followed: no further back than
 * '*free', which gets its end. */
static void read_name(uint32_t at, char *name, uint32_t *first_free)
{
	uint32_t id = image[at + 32], to, len;
	uint32_t use = at + 33 + id + (id % 2 == 0);
	uint32_t ce;

	*name = 0;
	ce = read_entries(use, at + image[at], name);
	if (!ce)
		return;
	len = lathe_get_le32(image + ce + 20);
	to = lathe_get_le32(image + ce + 4) * 2048 +
	     lathe_get_le32(image + ce + 12);
	ck_assert_uint_ge(to, *first_free);
	ck_assert_uint_eq(to / 2048, (to + len - 1) / 2048);
	*first_free = to + len;
	ck_assert_uint_eq(read_entries(to, to + len, name), 0);
}

/* Names of files of the root, in the order of records; their areas follow one
 * another behind it, in as few blocks as there can be. */
static void expect_names(uint32_t count, uint32_t (*len_of)(uint32_t))
{
	uint32_t bytes = lathe_get_le32(image + ROOT * 2048 + 10);
	uint32_t at = ROOT * 2048 + image[ROOT * 2048], i;
	uint32_t end = ROOT * 2048 + bytes, first_free = end + 237;
	char name[600];

	at += image[at];
	for (i = 0; i < count; i++) {
		if (at % 2048 && image[at] == 0)
			at += 2048 - at % 2048;
		ck_assert_uint_lt(at, end);
		read_name(at, name, &first_free);
		ck_assert_str_eq(name, name_of(i, len_of(i)));
		at += image[at];
	}
	/* Behind the last area come the files, a block each. */
	ck_assert_uint_eq(blocks, (first_free + 2047) / 2048 + count);
}

static uint32_t some_are_long(uint32_t i)
{
	return i % 5 ? 20 + i % 30 : 170 + i % 80;
}

/* Most blocks of the directory have records with an area and others. */
START_TEST(many_blocks_of_records)
{
	uint32_t i;

	for (i = 0; i < 300; i++)
		add_text(tree, name_of(i, some_are_long(i)), "x");
	record();
	ck_assert_uint_gt(lathe_get_le32(image + ROOT * 2048 + 10),
			  10 * 2048);
	expect_names(300, some_are_long);
}
END_TEST

static uint32_t all_are_longest(uint32_t i)
{
	(void)i;
	return 255;
}

/* Names of 255 bytes are recorded whole. */
START_TEST(longest_names)
{
	uint32_t i;

	for (i = 0; i < 9; i++)
		add_text(tree, name_of(i, 255), "x");
	record();
	expect_names(9, all_are_longest);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("continuation areas");
	TCase *tc = tcase_create("names");

	tcase_add_checked_fixture(tc, begin, done);
	tcase_add_test(tc, many_blocks_of_records);
	tcase_add_test(tc, longest_names);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
