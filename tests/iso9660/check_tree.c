/* SPDX-License-Identifier: MIT */
/* The tree: adding, finding, walking, changing, and undoing exactly. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static struct lathe_iso9660_tree *tree;
static char text[1 << 16];

static void setup(void)
{
	tree = make_tree(NULL, 42);
}

static void teardown(void)
{
	lathe_iso9660_tree_destroy(tree);
}

static int append(void *ctx, const struct lathe_iso9660_entry *entry)
{
	size_t used = strlen(text);

	(void)ctx;
	lathe_iso9660_path(tree, entry->node, text + used,
			   sizeof(text) - used);
	used = strlen(text);
	snprintf(text + used, sizeof(text) - used, "%s=%llu%s ",
		 entry->kind == LATHE_ISO9660_DIRECTORY ? "/" : "",
		 (unsigned long long)entry->size, entry->link ? "L" : "");
	return 0;
}

/* All paths, in order, with sizes. */
static const char *dump(void)
{
	text[0] = 0;
	ck_assert_int_eq(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, append,
					    NULL), 0);
	return text;
}

static void expect_count(uint32_t directories, uint32_t files,
			 uint64_t bytes, uint32_t new_files,
			 uint64_t new_bytes)
{
	struct lathe_iso9660_counts count;

	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.directories, directories);
	ck_assert_uint_eq(count.files, files);
	ck_assert_uint_eq(count.bytes, bytes);
	ck_assert_uint_eq(count.new_files, new_files);
	ck_assert_uint_eq(count.new_bytes, new_bytes);
}

static uint32_t find(const char *path)
{
	uint32_t node = 0;

	ck_assert_int_eq(lathe_iso9660_find(tree, path, &node), 0);
	return node;
}

static bool there(const char *path)
{
	uint32_t node;

	return lathe_iso9660_find(tree, path, &node) == 0;
}

START_TEST(walk_is_in_order_of_names)
{
	add_text(tree, "b/z", "12");
	add_text(tree, "b/a", "1");
	add_text(tree, "a.txt", "123");
	add_text(tree, "B", "");
	add_dir(tree, "b/k");
	ck_assert_str_eq(dump(), "//=0 /B=0 /a.txt=3 /b/=0 /b/a=1 /b/k/=0 "
				 "/b/z=2 ");
	expect_count(3, 4, 6, 4, 6);
	ck_assert_uint_eq(find("/b/a"), find("b//a/"));
	ck_assert_uint_eq(find("/"), LATHE_ISO9660_ROOT);
	ck_assert(!there("/b/x") && !there("/b/a/c") && !there("/b/"
							       "aa"));
}
END_TEST

START_TEST(path_is_cut_like_snprintf_does)
{
	uint32_t node = add_text(tree, "folder/file", "x");
	char out[8];

	ck_assert_uint_eq(lathe_iso9660_path(tree, node, NULL, 0), 12);
	ck_assert_uint_eq(lathe_iso9660_path(tree, node, out, 8), 12);
	ck_assert_str_eq(out, "/folder");
	ck_assert_uint_eq(lathe_iso9660_path(tree, 1, out, 8), 1);
	ck_assert_str_eq(out, "/");
}
END_TEST

static int try_name(const char *name, size_t len)
{
	uint32_t node;

	return lathe_iso9660_add_memory(tree, 1, name, len, NULL, "x", 1, 0,
					&node);
}

START_TEST(names_that_are_none)
{
	static char longest[1021];

	memset(longest, 'n', sizeof(longest));
	ck_assert_int_eq(try_name("", 0), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name(".", 1), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("..", 2), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("a/b", 3), LATHE_ERR_NAME);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_tree_failure(tree)->text,
				     "a/b"));
	ck_assert_int_eq(try_name("a\0b", 3), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("\xff", 1), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("\xc0\xaf", 2), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("\xe0\x80\xaf", 3), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("\xed\xa0\x80", 3), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("\xf4\x90\x80\x80", 4), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name("\xe2\x82", 2), LATHE_ERR_NAME);
	ck_assert_int_eq(try_name(longest, 1021), LATHE_ERR_NAME);
	ck_assert_str_eq(dump(), "//=0 ");
	ck_assert_int_eq(try_name(longest, 1020), 0);
	ck_assert_int_eq(try_name("...", 3), 0);
	ck_assert_int_eq(try_name("\xf4\x8f\xbf\xbf", 4), 0);
}
END_TEST

START_TEST(what_exists_stays_unless_replaced)
{
	uint32_t node, old = add_text(tree, "d/f", "old");

	ck_assert_int_eq(lathe_iso9660_add_memory(tree, find("d"), "f", 1,
						  NULL, "new!", 4, 0, &node),
			 LATHE_ERR_EXISTS);
	expect_count(2, 1, 3, 1, 3);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, find("d"), "f", 1, NULL, "new!", 4,
				 LATHE_ISO9660_REPLACE, &node), 0);
	ck_assert_uint_ne(node, old);
	ck_assert_uint_eq(find("d/f"), node);
	expect_count(2, 1, 4, 1, 4);
	/* A folder is never replaced by a file, nor the other way round. */
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, 1, "d", 1, NULL, "x", 1,
				 LATHE_ISO9660_REPLACE, &node),
			 LATHE_ERR_EXISTS);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, find("d"), "f", 1,
						     NULL, &node),
			 LATHE_ERR_EXISTS);
	/* A folder that is there is found. */
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, 1, "d", 1, NULL,
						     &node), 0);
	ck_assert_uint_eq(node, find("d"));
}
END_TEST

START_TEST(removing_takes_all_below)
{
	struct lathe_iso9660_entry entry;
	uint32_t deep = add_text(tree, "a/b/c/deep", "1234");
	uint32_t node;

	add_text(tree, "a/keep", "12");
	ck_assert_int_eq(lathe_iso9660_remove(tree, find("a/b")), 0);
	ck_assert_str_eq(dump(), "//=0 /a/=0 /a/keep=2 ");
	expect_count(2, 1, 2, 1, 2);
	ck_assert_int_eq(lathe_iso9660_get(tree, deep, &entry),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_remove(tree, deep),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_iso9660_remove(tree, 1), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, deep, "x", 1, NULL,
						  "", 0, 0, &node),
			 LATHE_ERR_ARG);
	add_text(tree, "a/b/new", "1");
	ck_assert_str_eq(dump(), "//=0 /a/=0 /a/b/=0 /a/b/new=1 /a/keep=2 ");
}
END_TEST

START_TEST(renaming_and_moving)
{
	uint32_t d, f;

	f = add_text(tree, "a/b/f", "1");
	d = find("a/b");
	add_text(tree, "a/x", "12");
	ck_assert_int_eq(lathe_iso9660_rename(tree, d, 1, "c", 1), 0);
	ck_assert_str_eq(dump(), "//=0 /a/=0 /a/x=2 /c/=0 /c/f=1 ");
	ck_assert_uint_eq(find("c/f"), f);
	ck_assert_int_eq(lathe_iso9660_rename(tree, f, 1, "a", 1),
			 LATHE_ERR_EXISTS);
	ck_assert_int_eq(lathe_iso9660_rename(tree, f, 1, "a/b", 3),
			 LATHE_ERR_NAME);
	ck_assert_int_eq(lathe_iso9660_rename(tree, find("a"), find("a"),
					      "y", 1), LATHE_ERR_ARG);
	add_dir(tree, "a/s/t");
	ck_assert_int_eq(lathe_iso9660_rename(tree, find("a"), find("a/s/t"),
					      "y", 1), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_rename(tree, f, find("c"), "f", 1), 0);
	expect_count(5, 2, 3, 2, 3);
}
END_TEST

/* The extent stays as long as one of its names does. */
START_TEST(links_count_their_extent_once)
{
	uint32_t owner = add_text(tree, "owner", "12345"), a, b;

	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "a", 1, NULL, owner,
						0, &a), 0);
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "b", 1, NULL, a, 0,
						&b), 0);
	expect_count(1, 3, 15, 1, 5);
	ck_assert_int_eq(lathe_iso9660_remove(tree, owner), 0);
	expect_count(1, 2, 10, 1, 5);
	ck_assert_str_eq(dump(), "//=0 /a=5L /b=5L ");
	ck_assert_int_eq(lathe_iso9660_remove(tree, a), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, b), 0);
	expect_count(1, 0, 0, 0, 0);
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "c", 1, NULL, owner,
						0, &a), LATHE_ERR_ARG);
}
END_TEST

/* Bytes of a file whose first name is gone are still in the image. */
START_TEST(content_outlives_its_first_name)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t owner = add_text(tree, "owner", "content"), link, blocks;
	uint8_t *image;

	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "link", 4, NULL,
						owner, 0, &link), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, owner), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_uint_eq(blocks, 22);
	ck_assert_mem_eq(image + 21 * 2048, "content", 7);
	free(image);
}
END_TEST

START_TEST(stated_limits)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config),
		.limits = { .nodes = 5, .depth = 4, .name_bytes = 20,
			    .sections = 2 }
	};
	uint32_t at = LATHE_ISO9660_ROOT, node;

	lathe_iso9660_tree_destroy(tree);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, at, "1", 1, NULL,
						     &at), 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, at, "2", 1, NULL,
						     &at), 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, at, "3", 1, NULL,
						     &at), 0);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, at, "4", 1, NULL,
						     &node), LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, at, "a name of 21 bytes...", 21, NULL,
				 "", 0, 0, &node), LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_iso9660_add_file(
				 tree, at, "f", 1, NULL, &endless, 0,
				 (uint64_t)2 * 0xfffff800 + 1, 0, &node),
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, at, "f", 1, NULL, "",
						  0, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, at, "g", 1, NULL, "",
						  0, 0, &node),
			 LATHE_ERR_LIMIT);
	ck_assert_str_eq(lathe_iso9660_tree_failure(tree)->text,
			 "in \"/1/2/3\": more than 5 files and directories");
	ck_assert_str_eq(dump(), "//=0 /1/=0 /1/2/=0 /1/2/3/=0 /1/2/3/f=0 ");
	/* A folder that holds folders counts with all of them. */
	ck_assert_int_eq(lathe_iso9660_rename(tree, node, 1, "x", 1), 0);
}
END_TEST

START_TEST(moving_can_not_exceed_the_depth)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config),
						    .limits = { .depth = 5 } };

	lathe_iso9660_tree_destroy(tree);
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	add_dir(tree, "a/b/c");
	add_text(tree, "a/z/f", "");
	add_dir(tree, "x/y");
	/* x/y/a/b/c would be six with the root */
	ck_assert_int_eq(lathe_iso9660_rename(tree, find("a"), find("x/y"),
					      "a", 1), LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_iso9660_rename(tree, find("a"), find("x"),
					      "a", 1), 0);
	ck_assert(there("x/a/b/c") && there("x/a/z/f"));
}
END_TEST

START_TEST(tree_is_frozen_while_a_plan_lives)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_savepoint save;
	struct lathe_iso9660_plan *plan, *other;
	uint32_t f = add_text(tree, "f", "x"), node;

	lathe_iso9660_save(tree, &save);
	add_text(tree, "g", "x");
	plan = make_plan(tree, &options);
	ck_assert_int_eq(try_name("h", 1), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_remove(tree, f), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_rename(tree, f, 1, "h", 1),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, 1, "d", 1, NULL,
						     &node),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &options, &other),
			 LATHE_ERR_STATE);
	lathe_iso9660_rollback(tree, &save);
	ck_assert(there("g"));
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_rollback(tree, &save);
	ck_assert(!there("g"));
	ck_assert_int_eq(try_name("h", 1), 0);
}
END_TEST

/* ---- undoing ------------------------------------------------------------ */

static uint64_t random_state;

static uint32_t pick(uint32_t below)
{
	return (uint32_t)(next_random(&random_state) % below);
}

/* Something between 0 and 29, in a folder that there may be. */
static void random_change(void)
{
	static const uint32_t flags[2] = { 0, LATHE_ISO9660_REPLACE };
	char name[16];
	uint32_t node = 2 + pick(40), parent = 1 + pick(30), out;
	int len = snprintf(name, sizeof(name), "n%u", pick(12));
	struct lathe_iso9660_entry entry;

	if (lathe_iso9660_get(tree, parent, &entry) ||
	    entry.kind != LATHE_ISO9660_DIRECTORY)
		parent = LATHE_ISO9660_ROOT;
	switch (pick(6)) {
	case 0:
		lathe_iso9660_add_directory(tree, parent, name, (size_t)len,
					    NULL, &out);
		break;
	case 1:
	case 2:
		lathe_iso9660_add_memory(tree, parent, name, (size_t)len,
					 NULL, text, pick(9), flags[pick(2)],
					 &out);
		break;
	case 3:
		lathe_iso9660_add_link(tree, parent, name, (size_t)len, NULL,
				       node, flags[pick(2)], &out);
		break;
	case 4:
		lathe_iso9660_rename(tree, node, parent, name, (size_t)len);
		break;
	default:
		if (pick(3) == 0)
			lathe_iso9660_remove(tree, node);
	}
}

/* Counts from scratch, to compare with those that are kept. */
static int count_one(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_counts *count = ctx;

	if (entry->kind == LATHE_ISO9660_DIRECTORY) {
		count->directories++;
	} else {
		count->files++;
		count->bytes += entry->size;
	}
	return 0;
}

static void check_counts(void)
{
	struct lathe_iso9660_counts kept, now;
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	uint32_t i, node, first, files = 0;
	uint64_t bytes, new_bytes = 0;

	memset(&now, 0, sizeof(now));
	lathe_iso9660_walk(tree, 1, count_one, &now);
	lathe_iso9660_count(tree, &kept);
	ck_assert_uint_eq(kept.directories, now.directories);
	ck_assert_uint_eq(kept.files, now.files);
	ck_assert_uint_eq(kept.bytes, now.bytes);
	plan = make_plan(tree, &options);
	for (i = 0; lathe_iso9660_plan_nth_extent(plan, i, &node, &first,
						  &bytes); i++) {
		files++;
		new_bytes += bytes;
	}
	lathe_iso9660_plan_destroy(plan);
	ck_assert_uint_eq(kept.new_bytes, new_bytes);
	ck_assert_uint_ge(kept.new_files, files);	/* empty ones */
}

/* Any changes, undone, leave tree, counts and image as they were. */
START_TEST(rollback_is_exact)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_savepoint save;
	struct lathe_iso9660_counts before, after;
	uint32_t i, blocks, blocks_after;
	uint8_t *image, *image_after;
	char *was;

	random_state = (uint64_t)_i;
	for (i = pick(60); i > 0; i--)
		random_change();
	was = strdup(dump());
	lathe_iso9660_count(tree, &before);
	image = make_image(tree, &options, 0, &blocks);
	lathe_iso9660_save(tree, &save);
	for (i = pick(60); i > 0; i--)
		random_change();
	check_counts();
	lathe_iso9660_rollback(tree, &save);
	ck_assert_str_eq(dump(), was);
	lathe_iso9660_count(tree, &after);
	ck_assert_mem_eq(&before, &after, sizeof(before));
	image_after = make_image(tree, &options, 0, &blocks_after);
	ck_assert_uint_eq(blocks, blocks_after);
	ck_assert_mem_eq(image, image_after, (size_t)blocks * 2048);
	for (i = 0; i < 30; i++)
		random_change();
	check_counts();
	free(was);
	free(image);
	free(image_after);
}
END_TEST

START_TEST(changes_are_noticed_and_forgotten)
{
	struct lathe_iso9660_savepoint save;
	uint32_t f;

	ck_assert(!lathe_iso9660_changed(tree));
	lathe_iso9660_save(tree, &save);
	f = add_text(tree, "f", "x");
	ck_assert(lathe_iso9660_changed(tree));
	ck_assert_int_eq(lathe_iso9660_remove(tree, f), 0);
	lathe_iso9660_rollback(tree, &save);
	ck_assert(!lathe_iso9660_changed(tree));
}
END_TEST

/* Large folders: each name is found, none that is not there, whatever was
 * removed in between. */
START_TEST(finding_in_large_folders)
{
	struct lathe_iso9660_savepoint save;
	char name[32];
	uint32_t i, node;

	lathe_iso9660_save(tree, &save);
	for (i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "%s/file %u", i % 2 ? "a" : "b",
			 i);
		add_text(tree, name, "");
	}
	for (i = 0; i < 20000; i += 3) {
		snprintf(name, sizeof(name), "%s/file %u", i % 2 ? "a" : "b",
			 i);
		ck_assert_int_eq(lathe_iso9660_remove(tree, find(name)), 0);
	}
	for (i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "%s/file %u", i % 2 ? "a" : "b",
			 i);
		ck_assert_int_eq(there(name), i % 3 != 0);
		name[0] ^= 3;
		ck_assert(!there(name));
	}
	lathe_iso9660_rollback(tree, &save);
	ck_assert_int_eq(lathe_iso9660_find(tree, "/a", &node),
			 LATHE_ERR_NOT_FOUND);
	expect_count(1, 0, 0, 0, 0);
}
END_TEST

/* One line of UTF-8, however long a name is and whatever is in it. */
START_TEST(names_in_messages_do_not_steer_terminals)
{
	static const char odd_name[] = "a\nb\33[2J";
	char long_name[1000];
	const char *line = lathe_iso9660_tree_failure(tree)->text;
	uint32_t node, i;

	ck_assert_int_eq(lathe_iso9660_add_memory(tree, 1, odd_name, 7, NULL,
						  "", 0, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_memory(tree, 1, odd_name, 7, NULL,
						  "", 0, 0, &node),
			 LATHE_ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(line, "a?b?[2J"));
	ck_assert_ptr_null(strpbrk(line, "\n\33"));
	/* U+65E5, three bytes each: cut between two of them. */
	for (i = 0; i < 999; i += 3)
		memcpy(long_name + i, "\xE6\x97\xA5", 3);
	for (i = 0; i < 2; i++)
		lathe_iso9660_add_memory(tree, 1, long_name, 999, NULL, "", 0,
					 0, &node);
	i = (uint32_t)strlen(line);
	ck_assert(i < LATHE_FAILURE_TEXT - 1 || (uint8_t)line[i - 1] == 0xA5);
	ck_assert(i < 3 || (uint8_t)line[i - 1] < 0x80 ||
		  memcmp(line + i - 3, "\xE6\x97\xA5", 3) == 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tree");
	TCase *tc = tcase_create("tree");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, names_in_messages_do_not_steer_terminals);
	tcase_add_test(tc, walk_is_in_order_of_names);
	tcase_add_test(tc, path_is_cut_like_snprintf_does);
	tcase_add_test(tc, names_that_are_none);
	tcase_add_test(tc, what_exists_stays_unless_replaced);
	tcase_add_test(tc, removing_takes_all_below);
	tcase_add_test(tc, renaming_and_moving);
	tcase_add_test(tc, links_count_their_extent_once);
	tcase_add_test(tc, content_outlives_its_first_name);
	tcase_add_test(tc, stated_limits);
	tcase_add_test(tc, moving_can_not_exceed_the_depth);
	tcase_add_test(tc, tree_is_frozen_while_a_plan_lives);
	tcase_add_loop_test(tc, rollback_is_exact, 0, 200);
	tcase_add_test(tc, changes_are_noticed_and_forgotten);
	tcase_add_test(tc, finding_in_large_folders);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
