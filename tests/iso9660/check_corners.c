/* SPDX-License-Identifier: MIT */
/* What calls do that are wrong, unlucky or unusual: each says so, and what it
 * was called on can go on being used. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/iso9660_internal.h"
#include "tests/iso9660/lib_image.h"
#include "tests/source.h"
#include "tests/suite.h"

static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_plan *plan;
static struct lathe_iso9660_cursor *cursor;
static struct lathe_iso9660_image image;
static struct heap heap;	/* the tree gives back to it in the end */

static void setup(void)
{
	memset(&heap, 0, sizeof(heap));
	tree = make_tree(NULL, 1);
	plan = NULL;
	cursor = NULL;
}

static void teardown(void)
{
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}

static void open_image(const struct lathe_iso9660_plan_options *options,
		       uint32_t start)
{
	plan = make_plan(tree, options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, start), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
}

static const char *text(void)
{
	return lathe_iso9660_tree_failure(tree)->text;
}

/* ---- arguments ---------------------------------------------------------- */

START_TEST(trees_need_a_config)
{
	struct lathe_iso9660_tree_config config = { .size = 1 };
	struct lathe_iso9660_tree *none = NULL;

	ck_assert_int_eq(lathe_iso9660_tree_create(NULL, &none),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &none),
			 LATHE_ERR_ARG);
	config.size = sizeof(config);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, NULL),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(none);
	lathe_iso9660_tree_destroy(NULL);
}
END_TEST

START_TEST(plans_need_valid_options)
{
	static const struct lathe_iso9660_use nothing = { NULL, NULL };
	struct lathe_iso9660_plan_options options = plain_options();

	ck_assert_int_eq(lathe_iso9660_plan_create(NULL, &options, &plan),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, NULL, &plan),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, NULL),
			 LATHE_ERR_ARG);
	options.uses = &nothing;
	options.use_count = 1;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	options.use_count = LATHE_ISO9660_HIERARCHIES;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	options = plain_options();
	options.size--;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &plan),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(plan);
	lathe_iso9660_plan_destroy(NULL);
}
END_TEST

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	(void)ctx;
	return (int)entry->node;
}

START_TEST(nodes_that_are_not_there)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t file = add_text(tree, "file", "x"), gone, i, node = 77, lba;
	struct lathe_iso9660_entry entry;
	uint64_t bytes;

	gone = add_text(tree, "gone", "x");
	ck_assert_int_eq(lathe_iso9660_remove(tree, gone), 0);
	for (i = 0; i < 3; i++) {
		uint32_t id = i == 0 ? 0 : i == 1 ? gone : 4711;

		ck_assert_int_eq(lathe_iso9660_get(tree, id, &entry),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_section(tree, id, 0, &lba,
						       &bytes),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_find_child(tree, id, "file", 4,
							  &node),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_walk(tree, id, visit, NULL),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_eq(lathe_iso9660_set_attributes(tree, id,
							      &new_year),
				 LATHE_ERR_NOT_FOUND);
		ck_assert_int_ne(lathe_iso9660_rename(tree, id, 1, "x", 1), 0);
		ck_assert_int_ne(lathe_iso9660_remove(tree, id), 0);
		ck_assert_int_ne(lathe_iso9660_add_memory(tree, id, "x", 1,
							  NULL, "", 0, 0,
							  &node), 0);
	}
	/* A file is no directory; a new file has no sections on a disc. */
	ck_assert_int_eq(lathe_iso9660_find_child(tree, file, "x", 1, &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_section(tree, file, 0, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_section(tree, 1, 0, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_uint_eq(node, 77);

	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, gone, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, 1, &lba, &bytes),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, file, &lba, &bytes),
			 0);
	/* Frozen. */
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, file, &new_year),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_rename(tree, file, 1, "x", 1),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_remove(tree, file), LATHE_ERR_STATE);
}
END_TEST

/* An empty file points to where the data begin. */
START_TEST(extent_of_an_empty_file)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t empty = add_text(tree, "empty", ""), full, lba, first;
	uint64_t bytes;

	full = add_text(tree, "full", "x");
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, empty, &lba, &bytes),
			 0);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, full, &first, &bytes),
			 0);
	ck_assert_uint_eq(lba, first);
	ck_assert_uint_eq(lba, lathe_iso9660_plan_metadata(plan));
}
END_TEST

START_TEST(blocks_outside_the_image)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_segment segment;
	struct lathe_iso9660_feed *feed = NULL;
	uint8_t block[2048];
	uint32_t end;

	add_text(tree, "file", "x");
	open_image(&options, 1000);
	end = 1000 + lathe_iso9660_plan_blocks(plan);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, 999, &segment),
			 LATHE_ERR_ARG);
	ck_assert_str_eq(lathe_iso9660_cursor_failure(cursor)->text,
			 "a block outside the image");
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, end, &segment),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, end - 1,
						      &segment), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 999, 1, block),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, end - 1, 2, block),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, UINT32_MAX, 2,
						   block), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 999, 1, NULL, NULL,
						   NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, end + 1, 0, NULL,
						   NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, end - 1, 2, NULL,
						   NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(feed);
	lathe_iso9660_feed_destroy(NULL);
}
END_TEST

/* ---- names -------------------------------------------------------------- */

START_TEST(long_names_in_the_way)
{
	char name[251], want[300];
	uint32_t node, one, i;

	memset(name, 'n', 250);
	name[250] = 0;
	one = add_text(tree, "one", "x");
	add_text(tree, name, "x");
	snprintf(want, sizeof(want), "\"%.200s\" exists already", name);
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, name, 250),
			 LATHE_ERR_EXISTS);
	ck_assert_str_eq(text(), want);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, 1, name, 250, NULL, "",
						  0, 0, &node),
			 LATHE_ERR_EXISTS);
	ck_assert_str_eq(text(), want);
	/* To its own name: nothing happens. */
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, "one", 3), 0);
	for (i = 0; i < 4; i++) {
		static const char *const none[] = { "", ".", "..", "a/b" };

		ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, none[i],
						      strlen(none[i])),
				 LATHE_ERR_NAME);
	}
	/* Only two dots are no name. */
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, ".a", 2), 0);
	ck_assert_int_eq(lathe_iso9660_rename(tree, one, 1, "a.", 2), 0);
}
END_TEST

START_TEST(renaming_keeps_the_limit_of_names)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .limits = { .name_bytes = 30 }
	};
	uint32_t node;

	lathe_iso9660_tree_destroy(tree);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	node = add_text(tree, "d/a", "x");
	ck_assert_int_eq(lathe_iso9660_rename(
				 tree, node, 1,
				 "twenty-eight characters long", 28),
			 LATHE_ERR_LIMIT);
	ck_assert_str_eq(text(), "in \"/\": names longer than 30 bytes in all");
}
END_TEST

/* U+00E4 from its second byte on would be no character. */
START_TEST(paths_are_cut_between_characters)
{
	char name[302] = "x", want[400];
	uint32_t node, i;

	for (i = 1; i < 300; i += 2)
		memcpy(name + i, "\xc3\xa4", 2);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, 1, name, 301, NULL,
						     &node), 0);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, node, "f", 1, NULL, &endless, 0,
					 UINT64_MAX, 0, &node),
				 LATHE_ERR_LIMIT);
		snprintf(want, sizeof(want), "in \"...%s%s\": \"f\" would "
			 "need more than 1024 sections",
			 name + 301 - (i ? 152 : 156), i ? "/yy" : "");
		ck_assert_str_eq(text(), want);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, node, "yy", 2, NULL, &node), 0);
	}
}
END_TEST

/* Sixty-five names that all want the same place of a table of 256, and more:
 * the table gets another seed, and every name is found. */
START_TEST(names_that_collide)
{
	uint32_t found = 0, i, node, folder;
	char name[120][16];

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(&heap, 42);
	folder = add_dir(tree, "folder");
	for (i = 0; found < 120; i++) {
		int len = snprintf(name[found], 16, "%u", (unsigned)i);

		if ((lathep_iso9660_hash(42, folder, name[found],
					 (size_t)len) & 255) == 3)
			found++;
	}
	/* From the last to the first, so that each is looked for. */
	for (i = 120; i-- > 0;)
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, folder, name[i],
					 strlen(name[i]), NULL, "", 0, 0,
					 &node), 0);
	for (i = 0; i < 120; i++)
		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name[i],
					 strlen(name[i]), &node), 0);
	ck_assert_int_eq(lathe_iso9660_find_child(tree, folder, "none", 4,
						  &node), LATHE_ERR_NOT_FOUND);
	for (i = 0; i < 120; i += 2) {
		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name[i],
					 strlen(name[i]), &node), 0);
		ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	}
	for (i = 0; i < 120; i++)
		ck_assert_int_eq(lathe_iso9660_find_child(
					 tree, folder, name[i],
					 strlen(name[i]), &node),
				 i % 2 ? 0 : LATHE_ERR_NOT_FOUND);
}
END_TEST

/* Looking up never fails: without memory for an index it takes longer. */
START_TEST(looking_up_without_memory)
{
	uint32_t i, node;
	char name[16];

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(&heap, 42);
	for (i = 300; i-- > 100;) {
		int len = snprintf(name, sizeof(name), "%u", (unsigned)i);

		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, 1, name, (size_t)len, NULL, "",
					 0, 0, &node), 0);
		if (i == 250) {
			heap.fail_at = heap.calls + 1;
			heap.fail_on = true;
		}
	}
	for (i = 100; i < 300; i++) {
		int len = snprintf(name, sizeof(name), "%u", (unsigned)i);

		ck_assert_int_eq(lathe_iso9660_find_child(tree, 1, name,
							  (size_t)len, &node),
				 0);
	}
	heap.fail_at = 0;
}
END_TEST

/* RFC 3629; WTF-8 for the forms of surrogates. */
START_TEST(what_utf_8_is)
{
	static const struct {
		const char *s;
		size_t len;
		bool strict, wide;
	} cases[] = {
		{ "", 0, true, true },
		{ "eight or more letters", 21, true, true },
		{ "\xc3\xa4", 2, true, true },
		{ "\xe6\x97\xa5", 3, true, true },
		{ "\xf0\x9d\x84\x9e", 4, true, true },
		{ "\xf4\x8f\xbf\xbf", 4, true, true },
		{ "\xed\xa0\x80", 3, false, true },	/* D800 */
		{ "\xed\xbf\xbf", 3, false, true },	/* DFFF */
		{ "\xed\xa0\x80" "a\xed\xb0\x80", 7, false, true },
		{ "\xed\xa0\x80\xc3\xa4\xed\xb0\x80", 8, false, true },
		{ "\xed\xb0\x80\xed\xa0\x80", 6, false, true },
		{ "\xed\xa0\x80\xed\xa0\x80", 6, false, true },
		{ "\xed\xa0\x80\xed\xb0\x80", 6, false, false }, /* a pair */
		{ "\x80", 1, false, false },
		{ "\xc3", 1, false, false },
		{ "\xc3(", 2, false, false },
		{ "\xc0\x80", 2, false, false },
		{ "\xe0\x80\x80", 3, false, false },
		{ "\xe6\x97", 2, false, false },
		{ "\xe6(\xa5", 3, false, false },
		{ "\xf0\x80\x80\x80", 4, false, false },
		{ "\xf0\x9d\x84(", 4, false, false },
		{ "\xf4\x90\x80\x80", 4, false, false },
		{ "\xf5\x80\x80\x80", 4, false, false },
		{ "\xff", 1, false, false }
	};
	uint32_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(lathep_iso9660_utf8_valid(cases[i].s,
							cases[i].len, false)
				      == cases[i].strict, "case %u",
			      (unsigned)i);
		ck_assert_msg(lathep_iso9660_utf8_valid(cases[i].s,
							cases[i].len, true)
				      == cases[i].wide, "WTF-8, case %u",
			      (unsigned)i);
	}
	ck_assert_uint_eq(lathep_iso9660_utf8_length("\xc3\xa4", 2), 2);
	ck_assert_uint_eq(lathep_iso9660_utf8_length("\xc3", 1), 1);
}
END_TEST

/* ---- the hierarchy ISO 9660 --------------------------------------------- */

START_TEST(primary_descriptors_are_recognised)
{
	uint8_t descriptor[2048] = "\1CD001\1";
	uint8_t id[LATHE_ISO9660_ID_MAX];
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t changed;

	ck_assert(lathe_iso9660_primary.recognise(descriptor));
	descriptor[0] = 2;
	ck_assert(!lathe_iso9660_primary.recognise(descriptor));
	ck_assert_int_eq(lathe_iso9660_primary.encode(NULL, "", 0, false, 0, 0,
						      id, &changed),
			 LATHE_ERR_NAME);
	/* 7.6: ".." would be another directory, ".X" is none. */
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)"..", 2, true, name),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)".", 1, true, name),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)".X", 2, true, name), 2);
	ck_assert_int_eq(lathe_iso9660_primary.decode(
				 (const uint8_t *)"A/B", 3, true, name),
			 LATHE_ERR_CORRUPT);
}
END_TEST

/* Sixty stems that are taken twice each, in one directory: each is numbered
 * on its own. */
START_TEST(many_stems_that_clash)
{
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct lathe_iso9660_plan_options options = plain_options();
	char name[32], list[4096], want[4096] = "";
	uint32_t i, blocks;
	uint8_t *bytes;

	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "%02ustem one", (unsigned)i);
		add_text(tree, name, "");
		snprintf(name, sizeof(name), "%02ustem two", (unsigned)i);
		add_text(tree, name, "");
		/* "00STEM_O" and "00STEM_T" do not clash. */
		snprintf(name, sizeof(name), "%02ustem_other", (unsigned)i);
		add_text(tree, name, "");
		snprintf(want + strlen(want), 64,
			 "%s%02uSTE000.;1 %02uSTEM_O.;1 %02uSTEM_T.;1",
			 i ? " " : "", (unsigned)i, (unsigned)i, (unsigned)i);
	}
	options.primary = &level_1;
	bytes = make_image(tree, &options, 0, &blocks);
	list_root(bytes, list, sizeof(list));
	free(bytes);
	ck_assert_msg(strcmp(list, want) == 0, "%.400s", list);
}
END_TEST

/* 8.4.5, 8.4.6: relaxed names stand in the texts as well. */
START_TEST(texts_with_relaxed_names)
{
	static const struct lathe_iso9660_primary_options relaxed = {
		.level = LATHE_ISO9660_RELAXED
	};
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t blocks;
	uint8_t *bytes;

	options.volume.volume_id = "My {disc}\x7f\t\xc3\xa4!";
	bytes = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(bytes + 16 * 2048 + 40,
			 "MY__DISC_____                   ", 32);
	free(bytes);
	options.primary = &relaxed;
	bytes = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(bytes + 16 * 2048 + 40,
			 "My {disc}___!                   ", 32);
	free(bytes);
}
END_TEST

/* ---- gaps --------------------------------------------------------------- */

/* A large file begins at an even block; nothing is there to fill the block
 * before it. */
START_TEST(gaps_before_large_files)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_segment segment;
	uint8_t block[2048];
	uint32_t first, i, node;
	uint64_t bytes;

	options.align_from_bytes = 4096;
	options.pad_blocks = 2;
	/* Files of three blocks: between any two there is a gap. */
	add_endless(tree, "a", 1, 6000);
	node = add_endless(tree, "b", 1, 6000);
	open_image(&options, 100);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, node, &first, &bytes),
			 0);
	ck_assert_uint_eq(first % 2, 0);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, 100 + first - 1,
						      &segment), 0);
	ck_assert_int_eq(segment.kind, LATHE_ISO9660_SEGMENT_ZERO);
	ck_assert_uint_eq(segment.blocks, 1);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 100 + first - 1, 1,
						   block), 0);
	for (i = 0; i < 2048; i++)
		ck_assert_uint_eq(block[i], 0);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, 100 + first + 1,
						      &segment), 0);
	ck_assert_int_eq(segment.kind, LATHE_ISO9660_SEGMENT_SOURCE);
	ck_assert_uint_eq(segment.node, node);
	ck_assert_uint_eq(segment.offset, 2048);
	ck_assert_uint_eq(segment.bytes, 6000 - 2048);
	ck_assert_uint_eq(segment.blocks, 2);
	/* The whole, with everything that lies between. */
	lathe_iso9660_cursor_destroy(cursor);
	cursor = NULL;
	free(read_image(plan, 100, &i));
}
END_TEST

/* ---- sources ------------------------------------------------------------ */

static int fail_open(void *ctx, uint64_t file, const char *name,
		     size_t name_len, void **handle)
{
	(void)ctx, (void)file, (void)name, (void)name_len, (void)handle;
	return LATHE_ERR_IO;
}

static int changed(void *ctx, uint64_t file, const char *name, size_t name_len)
{
	(void)ctx, (void)name, (void)name_len;
	return file ? LATHE_ERR_CHANGED : 0;
}

/* More than it was asked for. */
static int too_much(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		    uint8_t *out, uint32_t *got)
{
	(void)ctx, (void)handle, (void)offset;
	memset(out, 0, bytes);
	*got = bytes + 1;
	return 0;
}

static void add_from(const struct lathe_iso9660_source *source,
		     const char *name, uint64_t file, uint32_t *node)
{
	ck_assert_int_eq(lathe_iso9660_add_file(tree, 1, name, strlen(name),
						NULL, source, file, 10, 0,
						node), 0);
}

/* Who describes nothing is named by the path on the volume. */
START_TEST(sources_without_descriptions)
{
	static const struct lathe_iso9660_source bad = {
		.open = fail_open, .read_at = too_much,
		.close = made_close, .check = changed
	};
	static const struct lathe_iso9660_source wrong = {
		.open = made_open, .read_at = too_much,
		.close = made_close
	};
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_segment segment;
	uint8_t block[2048];
	uint32_t node, link, lba;
	uint64_t bytes;

	add_from(&bad, "0", 0, &node);
	add_from(&wrong, "w", 0, &node);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, NULL, NULL), 0);
	add_from(&bad, "1", 1, &node);
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "link", 4, NULL, node,
						0, &link), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, NULL, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_msg(strncmp(text(), "/1: ", 4) == 0, "%s", text());
	/* A further name stands in for one that is gone. */
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, NULL, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_msg(strncmp(text(), "/link: ", 7) == 0, "%s", text());

	open_image(&options, 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "0", &node), 0);
	lathe_iso9660_plan_extent(plan, node, &lba, &bytes);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba, 1, block),
			 LATHE_ERR_IO);
	ck_assert_msg(strncmp(lathe_iso9660_cursor_failure(cursor)->text,
			      "/0", 2) == 0, "%s",
		      lathe_iso9660_cursor_failure(cursor)->text);
	ck_assert_int_eq(lathe_iso9660_find(tree, "w", &node), 0);
	lathe_iso9660_plan_extent(plan, node, &lba, &bytes);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba, 1, block),
			 LATHE_ERR_CHANGED);
	ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, lba, &segment),
			 0);
}
END_TEST

/* ---- feeds and files ---------------------------------------------------- */

START_TEST(feeds_with_odd_options)
{
	static const struct lathe_iso9660_feed_options odd[] = {
		{ .threads = 100000, .ring_chunks = 3, .chunk_blocks = 1 },
		{ .threads = 1, .chunk_blocks = 1000000, .ring_chunks = 1 },
		{ 0 }
	};
	struct lathe_iso9660_plan_options options = joliet_options();
	uint32_t i, blocks, lba, count, next, full, ring;
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;
	uint8_t *want;

	add_endless(tree, "a", 1, 100000);
	add_endless(tree, "b", 2, 3000000);
	open_image(&options, 7);
	want = read_image(plan, 7, &blocks);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(lathe_iso9660_feed_create(
					 &image, 7, blocks,
					 i < 3 ? &odd[i] : NULL, NULL, NULL,
					 &feed), 0);
		for (next = 7;; next += count) {
			lathe_iso9660_feed_level(feed, &full, &ring);
			ck_assert_uint_le(full, ring);
			ck_assert_int_eq(lathe_iso9660_feed_next(
						 feed, &data, &lba, &count),
					 0);
			if (count == 0)
				break;
			ck_assert_uint_eq(lba, next);
			ck_assert_mem_eq(data, want + (size_t)(lba - 7) * 2048,
					 (size_t)count * 2048);
		}
		ck_assert_uint_eq(next, 7 + blocks);
		lathe_iso9660_feed_destroy(feed);
	}
	free(want);
}
END_TEST

static uint32_t calls;
static uint64_t last_done;

static bool cancel_third(void *ctx)
{
	(void)ctx;
	return ++calls == 3;
}

static void note_progress(void *ctx, const struct lathe_progress *progress)
{
	(void)ctx;
	ck_assert_uint_gt(progress->done, last_done);
	ck_assert_uint_le(progress->done, progress->total);
	last_done = progress->done;
}

START_TEST(image_files_that_can_not_be)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = { .chunk_blocks = 8,
						   .hold_descriptor = true };
	struct lathe_hooks hooks = { .cancelled = cancel_third,
				     .progress = note_progress };
	char path[4096];
	const char *dir = getenv("TMPDIR");
	uint8_t block[2048], zeros[2048] = { 0 };
	int fd;

	add_endless(tree, "a", 1, 1000000);
	open_image(&options, 0);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, -1, 0, NULL, NULL,
						   NULL), LATHE_ERR_IO);
	snprintf(path, sizeof(path), "%s/lathe.XXXXXX", dir ? dir : "/tmp");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);

	calls = 0;
	last_done = 0;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &feed,
						   &hooks, NULL),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(last_done, 16);
	/* Until its descriptor is there it is no volume. */
	last_done = 0;
	hooks.cancelled = NULL;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &feed,
						   &hooks, NULL), 0);
	ck_assert_uint_eq(last_done, lathe_iso9660_plan_blocks(plan));
	ck_assert_int_eq(pread(fd, block, 2048, 16 * 2048), 2048);
	ck_assert_mem_eq(block, zeros, 2048);
	ck_assert_int_eq(pread(fd, block, 2048, 17 * 2048), 2048);
	ck_assert_mem_eq(block, "\xff" "CD001\1", 7);

	/* What only grows at its end takes no offset. */
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 2048, NULL,
						   NULL, NULL),
			 LATHE_ERR_ARG);
	close(fd);
	unlink(path);
	fd = open("/dev/full", O_WRONLY);
	if (fd < 0)
		return;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, NULL, NULL,
						   NULL), LATHE_ERR_IO);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corners");
	TCase *tc = tcase_create("corners");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, trees_need_a_config);
	tcase_add_test(tc, plans_need_valid_options);
	tcase_add_test(tc, nodes_that_are_not_there);
	tcase_add_test(tc, extent_of_an_empty_file);
	tcase_add_test(tc, blocks_outside_the_image);
	tcase_add_test(tc, long_names_in_the_way);
	tcase_add_test(tc, renaming_keeps_the_limit_of_names);
	tcase_add_test(tc, paths_are_cut_between_characters);
	tcase_add_test(tc, names_that_collide);
	tcase_add_test(tc, looking_up_without_memory);
	tcase_add_test(tc, what_utf_8_is);
	tcase_add_test(tc, primary_descriptors_are_recognised);
	tcase_add_test(tc, many_stems_that_clash);
	tcase_add_test(tc, texts_with_relaxed_names);
	tcase_add_test(tc, gaps_before_large_files);
	tcase_add_test(tc, sources_without_descriptions);
	tcase_add_test(tc, feeds_with_odd_options);
	tcase_add_test(tc, image_files_that_can_not_be);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
