/* SPDX-License-Identifier: MIT */
/* Memory that runs out: every call that needs some fails cleanly, and gives
 * back all that it took. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

#define TRY(call)                                                              \
	do {                                                                   \
		int tried = (call);                                            \
		if (tried)                                                     \
			return tried;                                          \
	} while (0)

static int add_files(struct lathe_iso9660_tree *tree)
{
	char name[64];
	uint32_t i, folder = 1, node, target = 0;

	for (i = 0; i < 90; i++) {
		int len = snprintf(name, sizeof(name),
				   "Some file with clashing names, number %u",
				   i);

		if (i % 30 == 10)
			TRY(lathe_iso9660_add_directory(tree, 1, name,
							(size_t)len,
							&new_year, &folder));
		else if (i % 30 == 20)
			TRY(lathe_iso9660_add_link(tree, folder, name,
						   (size_t)len, &new_year,
						   target, 0, &node));
		else
			TRY(lathe_iso9660_add_memory(tree, folder, name,
						     (size_t)len, &new_year,
						     "content", 7, 0,
						     &target));
	}
	TRY(lathe_iso9660_rename(tree, target, 1, "renamed", 7));
	return lathe_iso9660_remove(tree, folder);
}

/* What takes memory with Rock Ridge: attributes, links, devices, directories
 * that move. */
static int add_posix_files(struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_attributes attr = new_year;
	uint32_t node, folder = 1, i;
	char text[600];

	attr.posix_given = true;
	attr.accessed[0] = 126;
	memset(text, 'x', sizeof(text));
	TRY(lathe_iso9660_set_attributes(tree, 1, &attr));
	for (i = 0; i < 12; i++) {
		attr.posix.uid = i;
		TRY(lathe_iso9660_add_directory(tree, folder, "deep", 4, &attr,
						&folder));
		TRY(lathe_iso9660_add_symlink(tree, folder, "l", 1, &attr,
					      text, sizeof(text), 0, 0,
					      &node));
	}
	return lathe_iso9660_add_special(tree, 1, "p", 1, &attr, 0010000, 0, 0,
					 0, &node);
}

static int read_all(const struct lathe_iso9660_plan *plan,
		    const struct lathe_hooks *hooks)
{
	struct lathe_iso9660_feed_options options = { .threads = 2,
						      .chunk_blocks = 4 };
	struct lathe_iso9660_image image;
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;
	uint32_t lba, blocks;
	int err;

	TRY(lathe_iso9660_image_init(&image, plan, 0));
	TRY(lathe_iso9660_feed_create(&image, 0,
				      lathe_iso9660_plan_blocks(plan),
				      &options, hooks, NULL, &feed));
	do
		err = lathe_iso9660_feed_next(feed, &data, &lba, &blocks);
	while (!err && blocks);
	lathe_iso9660_feed_destroy(feed);
	return err;
}

/* The whole way from an empty tree to the last block. */
static int make_everything(struct heap *heap)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = heap_hooks(heap)
	};
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	static const struct lathe_iso9660_rock_ridge_options relocate = {
		.relocate = true
	};
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan;
	int err;

	options.primary = &level_1;
	options.system_use = &lathe_iso9660_rock_ridge;
	options.system_use_options = &relocate;
	TRY(lathe_iso9660_tree_create(&config, &tree));
	err = add_files(tree);
	if (!err)
		err = add_posix_files(tree);
	if (!err)
		err = lathe_iso9660_plan_create(tree, &options, &plan);
	if (!err) {
		err = read_all(plan, &config.hooks);
		lathe_iso9660_plan_destroy(plan);
	}
	lathe_iso9660_tree_destroy(tree);
	return err;
}

START_TEST(every_allocation_fails_once)
{
	struct heap heap = { 0 };
	uint64_t calls, at;
	int on;

	ck_assert_int_eq(make_everything(&heap), 0);
	ck_assert_uint_eq(heap.blocks, 0);
	ck_assert_uint_eq(heap.bytes, 0);
	calls = heap.calls;
	ck_assert_uint_gt(calls, 30);
	for (on = 0; on < 2; on++) {
		for (at = 1; at <= calls; at++) {
			int err;

			memset(&heap, 0, sizeof(heap));
			heap.fail_at = at;
			heap.fail_on = on;
			err = make_everything(&heap);
			/* An index that can not grow is done without. */
			ck_assert(err == LATHE_ERR_MEMORY || err == 0);
			ck_assert_uint_eq(heap.blocks, 0);
			ck_assert_uint_eq(heap.bytes, 0);
		}
	}
}
END_TEST

static int add_text_to(void *ctx, const struct lathe_iso9660_entry *entry)
{
	*(uint64_t *)ctx = *(uint64_t *)ctx * 31 + entry->node + entry->size +
			   entry->name_len;
	return 0;
}

/* A call that fails for memory leaves the tree as it was, and the next one
 * succeeds. */
START_TEST(failed_call_leaves_no_trace)
{
	struct heap heap = { 0 };
	struct lathe_iso9660_tree *tree = make_tree(&heap, 1);
	static char name[1000];
	uint32_t i, node, failures = 0;

	memset(name, 'n', sizeof(name));
	heap.fail_on = true;
	for (i = 0; i < 3000; i++) {
		struct lathe_iso9660_counts before, after;
		uint64_t sum = 0, sum_after = 0;
		int err;

		snprintf(name + 900, 100, "%u", i);
		name[strlen(name)] = 'n';
		lathe_iso9660_count(tree, &before);
		if (i % 100 == 0)
			lathe_iso9660_walk(tree, 1, add_text_to, &sum);
		heap.fail_at = heap.calls + 1;
		err = lathe_iso9660_add_memory(tree, 1, name, 999, NULL, "x",
					       1, LATHE_ISO9660_REPLACE,
					       &node);
		heap.fail_at = 0;
		if (err == 0)
			continue;
		ck_assert_int_eq(err, LATHE_ERR_MEMORY);
		failures++;
		lathe_iso9660_count(tree, &after);
		ck_assert_mem_eq(&before, &after, sizeof(before));
		if (i % 100 == 0) {
			lathe_iso9660_walk(tree, 1, add_text_to, &sum_after);
			ck_assert_uint_eq(sum, sum_after);
		}
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, 1, name, 999, NULL, "x", 1, 0,
					 &node), 0);
	}
	/* 3 MB of names and nodes, in runs of up to 2 MiB. */
	ck_assert_uint_gt(failures, 5);
	lathe_iso9660_tree_destroy(tree);
	ck_assert_uint_eq(heap.blocks, 0);
}
END_TEST

/* 100,000 files in folders of 300, names of 34 bytes: at most 160 bytes each
 * above a fixed sum, both hierarchies planned. */
START_TEST(memory_for_each_file)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct heap heap = { 0 };
	struct lathe_iso9660_tree *tree = make_tree(&heap, 1);
	struct lathe_iso9660_plan *plan;
	uint32_t i;
	char name[64];

	for (i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name),
			 "%u/a name of thirty-four bytes %06u", i / 300, i);
		add_text(tree, name, "x");
	}
	plan = make_plan(tree, &options);
	lathe_iso9660_plan_destroy(plan);
	ck_assert_uint_le(heap.most_bytes, 100000 * 160 + (4u << 20));
	lathe_iso9660_tree_destroy(tree);
	ck_assert_uint_eq(heap.blocks, 0);
}
END_TEST

/* Names that came in no order: either the plan is as ever, or it says that
 * there is no memory for it. */
START_TEST(plan_of_names_out_of_order)
{
	static const char *const names[] = { "m", "a", "z", "c", "y", "b" };
	struct lathe_iso9660_plan_options options = joliet_options();
	struct heap heap = { 0 };
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan = NULL;
	uint8_t *good = NULL, *image;
	uint32_t i, blocks, good_blocks = 0;
	uint64_t at, calls = 0;
	int err;

	for (at = 0; at <= calls; at++) {
		tree = make_tree(&heap, 1);
		for (i = 0; i < 6; i++)
			add_text(tree, names[i], names[i]);
		calls = at ? calls : heap.calls;
		heap.fail_at = at ? heap.calls + at : 0;
		err = lathe_iso9660_plan_create(tree, &options, &plan);
		heap.fail_at = 0;
		calls = at ? calls : heap.calls - calls;
		if (err) {
			ck_assert_int_eq(err, LATHE_ERR_MEMORY);
			ck_assert_int_eq(lathe_iso9660_tree_failure(tree)->err,
					 LATHE_ERR_MEMORY);
			ck_assert_str_ne(
				lathe_iso9660_tree_failure(tree)->text, "");
		} else {
			image = read_image(plan, 0, &blocks);
			if (at == 0) {
				good = image;
				good_blocks = blocks;
			}
			ck_assert_uint_eq(blocks, good_blocks);
			ck_assert_mem_eq(image, good, blocks * 2048ul);
			if (at)
				free(image);
			lathe_iso9660_plan_destroy(plan);
		}
		lathe_iso9660_tree_destroy(tree);
	}
	ck_assert_uint_gt(calls, 5);
	free(good);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("heap");
	TCase *tc = tcase_create("heap");

	tcase_add_test(tc, every_allocation_fails_once);
	tcase_add_test(tc, failed_call_leaves_no_trace);
	tcase_add_test(tc, plan_of_names_out_of_order);
	tcase_add_test(tc, memory_for_each_file);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
