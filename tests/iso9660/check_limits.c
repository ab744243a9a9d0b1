/* SPDX-License-Identifier: MIT */
/* Limits of the format: what just fits is recorded, what does not is refused
 * before the first block, with the path that is one too many. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_plan *plan;

static void setup(void)
{
	tree = make_tree(NULL, 1);
	plan = NULL;
}

static void teardown(void)
{
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}

static const char *text(void)
{
	return lathe_iso9660_tree_failure(tree)->text;
}

static void refused(const struct lathe_iso9660_plan_options *options,
		    const char *want)
{
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, options, &plan),
			 LATHE_ERR_LIMIT);
	ck_assert_ptr_null(plan);
	ck_assert_str_eq(text(), want);
}

/* Directories named by numbers of five digits, first to last. */
static uint32_t add_dirs(uint32_t parent, uint32_t first, uint32_t last)
{
	uint32_t node = 0;
	char name[8];

	for (; first <= last; first++) {
		snprintf(name, sizeof(name), "%05u", (unsigned)first);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, parent, name, 5, NULL, &node),
				 0);
	}
	return node;
}

/* ECMA-119 9.4: the last record of a path table of type L at 'block'. */
static const uint8_t *last_path_record(const uint8_t *image, uint32_t block,
				       uint32_t bytes)
{
	const uint8_t *table = image + (size_t)block * 2048;
	uint32_t at = 0, last = 0;

	while (at < bytes) {
		last = at;
		at += 8u + table[at] + table[at] % 2;
	}
	ck_assert_uint_eq(at, bytes);
	return table + last;
}

/* 9.4.4: the number of the parent has 16 bits; FFFFh is the last. */
START_TEST(directory_65535_holds_a_directory)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	uint32_t blocks, d, last = add_dirs(LATHE_ISO9660_ROOT, 2, 65535);
	uint8_t *image;

	add_dirs(last, 1, 1);
	image = make_image(tree, &options, 0, &blocks);
	/* 8.4.13, 8.4.14, 8.5.7, 8.5.8: size and place of the type L table
	 * of the primary and of the Joliet descriptor. */
	for (d = 16; d < 18; d++) {
		const uint8_t *descriptor = image + (size_t)d * 2048;
		const uint8_t *record = last_path_record(
			image, lathe_get_le32(descriptor + 140),
			lathe_get_le32(descriptor + 132));

		ck_assert_uint_eq(lathe_get_le16(record + 6), 65535);
	}
	free(image);
}
END_TEST

START_TEST(directory_65536_can_not_hold_one)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	uint32_t last = add_dirs(LATHE_ISO9660_ROOT, 2, 65536);
	char name[8] = "65535";
	uint32_t node;

	/* It may be there itself. */
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
	lathe_iso9660_plan_destroy(plan);
	plan = NULL;

	add_dirs(last, 1, 1);
	refused(&options, "\"/65536/00001\" lies in directory 65536 of "
			  "ISO 9660; only the first 65535 can hold "
			  "directories");
	/* One less before it, and it fits. */
	ck_assert_int_eq(lathe_iso9660_find(tree, name, &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
}
END_TEST

START_TEST(directories_256_deep)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	uint32_t at = LATHE_ISO9660_ROOT, i;
	char want[256] = "in \"...";

	/* The root is one of them. */
	for (i = 0; i < 255; i++)
		ck_assert_int_eq(lathe_iso9660_add_directory(tree, at, "d", 1,
							     NULL, &at), 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, at, "e", 1, NULL,
						     &at), LATHE_ERR_LIMIT);
	for (i = 0; i < 78; i++)
		strcat(want, "/d");
	strcat(want, "\": more than 256 directories inside each other");
	ck_assert_str_eq(text(), want);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan), 0);
}
END_TEST

/* A long path is cut in front, between characters. */
START_TEST(long_names_in_messages)
{
	char name[301], want[400];
	uint32_t node, i;

	/* U+00E4; 79 of them and "..." are 161 bytes. */
	for (i = 0; i < 300; i += 2)
		memcpy(name + i, "\xc3\xa4", 2);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, 1, name, 300, NULL,
						     &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_file(
				 tree, node, "f", 1, NULL, &endless, 0,
				 UINT64_MAX, 0, &node), LATHE_ERR_LIMIT);
	snprintf(want, sizeof(want), "in \"...%.156s\": \"f\" would need more "
		 "than 1024 sections", name);
	ck_assert_str_eq(text(), want);
}
END_TEST

#define SECTION ((uint64_t)0xfffff800)
#define MOST_BYTES (1024 * SECTION)

START_TEST(files_of_1024_sections)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t node, first;
	uint64_t bytes;

	ck_assert_int_eq(lathe_iso9660_add_file(
				 tree, 1, "larger", 6, NULL, &endless, 0,
				 MOST_BYTES + 1, 0, &node), LATHE_ERR_LIMIT);
	ck_assert_str_eq(text(), "in \"/\": \"larger\" would need more than "
				 "1024 sections");
	node = add_endless(tree, "largest", 0, MOST_BYTES);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, node, &first, &bytes),
			 0);
	ck_assert_uint_eq(bytes, MOST_BYTES);
	ck_assert_uint_eq(lathe_iso9660_plan_blocks(plan) - first,
			  MOST_BYTES / 2048);
}
END_TEST

/* 8.4.8: the number of blocks has 32 bits. */
START_TEST(volumes_of_32_bits)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_image image;
	uint32_t node, blocks;

	add_endless(tree, "folder/1", 0, MOST_BYTES);
	add_endless(tree, "folder/2", 0, MOST_BYTES - 2048 * 4096);
	add_endless(tree, "folder/3", 0, 2048);
	options.align_from_bytes = UINT64_MAX;
	plan = make_plan(tree, &options);
	blocks = UINT32_MAX - lathe_iso9660_plan_blocks(plan);
	lathe_iso9660_plan_destroy(plan);
	plan = NULL;

	/* Just full. */
	ck_assert_int_eq(lathe_iso9660_find(tree, "folder/3", &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	add_endless(tree, "folder/3", 0, (uint64_t)(blocks + 1) * 2048);
	plan = make_plan(tree, &options);
	ck_assert_uint_eq(lathe_iso9660_plan_blocks(plan), UINT32_MAX);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	/* On a disc it would end too far away. */
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 1),
			 LATHE_ERR_LIMIT);
	lathe_iso9660_plan_destroy(plan);
	plan = NULL;

	options.pad_blocks = 1;
	refused(&options, "more than 2^32 - 1 blocks");
	options.pad_blocks = 0;
	add_text(tree, "folder/4", "x");
	refused(&options, "more than 2^32 - 1 blocks: "
			  "\"/folder/4\" does not fit");
}
END_TEST

/* ---- a hierarchy with few identifiers ----------------------------------- */

/* All names become "X" and digits, of which there are 'most_digits'. */
static int few_encode(const void *most_digits, const char *name, size_t len,
		      bool directory, uint8_t digits, uint32_t number,
		      uint8_t *id, uint32_t *changed)
{
	char out[16];

	(void)directory;
	*changed = LATHE_ISO9660_CHANGE_FORBIDDEN;
	if (len == 7 && memcmp(name, "no form", 7) == 0)
		return LATHE_ERR_NAME;
	if (digits > *(const uint8_t *)most_digits)
		return 0;
	memcpy(id, "X", 1);
	if (digits == 0)
		return 1;
	snprintf(out, sizeof(out), "X%0*u", digits, (unsigned)number);
	memcpy(id, out, digits + 1u);
	return digits + 1;
}

static bool few_recognise(const uint8_t descriptor[2048])
{
	(void)descriptor;
	return false;
}

static struct lathe_iso9660_hierarchy few_identifiers(void)
{
	struct lathe_iso9660_hierarchy few = {
		.name = "Few",
		.recognise = few_recognise,
		.describe = lathe_joliet_hierarchy.describe,
		.volume_id = lathe_joliet_hierarchy.volume_id,
		.decode = lathe_joliet_hierarchy.decode,
		.encode = few_encode,
		.compare = lathe_iso9660_primary.compare
	};

	return few;
}

START_TEST(identifiers_that_are_used_up)
{
	static const uint8_t three = 3;
	struct lathe_iso9660_hierarchy few = few_identifiers();
	struct lathe_iso9660_use use = { &few, &three };
	struct lathe_iso9660_plan_options options = plain_options();
	char name[32];
	uint32_t i;

	options.uses = &use;
	options.use_count = 1;
	/* "X", and 000 to 999. */
	for (i = 0; i < 1001; i++) {
		snprintf(name, sizeof(name), "folder/%04u", (unsigned)i);
		add_text(tree, name, "");
	}
	plan = make_plan(tree, &options);
	lathe_iso9660_plan_destroy(plan);
	plan = NULL;
	add_text(tree, "folder/1001", "");
	refused(&options, "\"/folder/1001\" is one name too many that only "
			  "differs in what Few can not record");
}
END_TEST

START_TEST(names_that_have_no_form)
{
	static const uint8_t three = 3;
	struct lathe_iso9660_hierarchy few = few_identifiers();
	struct lathe_iso9660_use use = { &few, &three };
	struct lathe_iso9660_plan_options options = plain_options();

	options.uses = &use;
	options.use_count = 1;
	add_text(tree, "folder/no form", "");
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_NAME);
	ck_assert_str_eq(text(), "\"/folder/no form\" has no form in Few");
	/* The tree is as before: without the hierarchy it is recorded. */
	options.use_count = 0;
	plan = make_plan(tree, &options);
}
END_TEST

START_TEST(strict_names_are_reported_with_their_path)
{
	struct lathe_iso9660_plan_options options = joliet_options();

	options.strict = 2;
	add_text(tree, "a/b/what?", "");
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_NAME);
	ck_assert_str_eq(text(), "Joliet can not record \"/a/b/what?\" "
				 "unchanged");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("limits");
	TCase *tc = tcase_create("limits");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, directory_65535_holds_a_directory);
	tcase_add_test(tc, directory_65536_can_not_hold_one);
	tcase_add_test(tc, directories_256_deep);
	tcase_add_test(tc, long_names_in_messages);
	tcase_add_test(tc, files_of_1024_sections);
	tcase_add_test(tc, volumes_of_32_bits);
	tcase_add_test(tc, identifiers_that_are_used_up);
	tcase_add_test(tc, names_that_have_no_form);
	tcase_add_test(tc, strict_names_are_reported_with_their_path);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
