/* SPDX-License-Identifier: MIT */
/* A plan leaves no trace in its tree: what is planned once more has the same
 * blocks, and what is planned otherwise those of a tree that is new. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static const struct lathe_iso9660_rock_ridge_options relocate = {
	.relocate = true
};

/* Names that clash in one hierarchy or both, directories too deep, gaps before
 * a large file, a further name, links. */
static struct lathe_iso9660_tree *full_tree(struct heap *heap)
{
	struct lathe_iso9660_tree *tree = make_tree(heap, 3);
	uint32_t i, node, file;
	char name[120];

	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "%s%070u%u",
			 i % 2 ? "d/" : "", 0u, i);
		add_text(tree, name, "text");
	}
	add_text(tree, "document one.text", "1");
	add_text(tree, "document two.text", "2");
	add_endless(tree, "large", 1, 2 << 20);
	add_endless(tree, "large too", 2, (2 << 20) + 1);
	add_text(tree, "1/2/3/4/5/6/7/8/9/a", "a");
	add_text(tree, "1/2/3/4/5/6/7/8/b", "b");
	file = add_text(tree, "z", "z");
	ck_assert_int_eq(lathe_iso9660_add_link(tree, LATHE_ISO9660_ROOT,
						"further", 7, &new_year, file,
						0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(tree, LATHE_ISO9660_ROOT,
						   "link", 4, &new_year, "z",
						   1, file, 0, &node), 0);
	return tree;
}

/* Level 2; level 1 with Joliet and all of Rock Ridge; Joliet beside it; Rock
 * Ridge beside it, where nothing moves. */
static struct lathe_iso9660_plan_options way(int i)
{
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct lathe_iso9660_plan_options options =
		i % 3 ? joliet_options() : plain_options();

	if (i == 1) {
		options.primary = &level_1;
		options.system_use = &lathe_iso9660_rock_ridge;
		options.system_use_options = &relocate;
	}
	if (i == 3)
		options.system_use = &lathe_iso9660_rock_ridge;
	return options;
}
#define WAYS 4

static void give_back(struct lathe_iso9660_tree *tree,
		      struct lathe_iso9660_tree *new_tree, uint8_t *image,
		      uint8_t *want)
{
	free(image);
	free(want);
	lathe_iso9660_tree_destroy(tree);
	lathe_iso9660_tree_destroy(new_tree);
}

START_TEST(same_blocks_again)
{
	struct lathe_iso9660_plan_options first = way(_i / WAYS);
	struct lathe_iso9660_plan_options then = way(_i % WAYS);
	struct lathe_iso9660_tree *tree = full_tree(NULL);
	struct lathe_iso9660_tree *new_tree = full_tree(NULL);
	uint32_t blocks, want_blocks, metadata;
	struct lathe_iso9660_plan *plan;
	uint8_t *image, *want;

	lathe_iso9660_plan_destroy(make_plan(tree, &first));
	plan = make_plan(tree, &then);
	metadata = lathe_iso9660_plan_metadata(plan);
	image = read_image(plan, 0, &blocks);
	lathe_iso9660_plan_destroy(plan);
	want = make_image(new_tree, &then, 0, &want_blocks);
	/* There are data: at least those of the large files. */
	ck_assert_uint_gt(want_blocks, metadata + 2048);
	ck_assert_uint_eq(blocks, want_blocks);
	ck_assert_mem_eq(image, want, (size_t)blocks * 2048);
	give_back(tree, new_tree, image, want);
}
END_TEST

/* Nor does one that fails: here every name that is not recorded unchanged is
 * refused, once some have their numbers. */
START_TEST(same_blocks_after_a_failure)
{
	struct lathe_iso9660_plan_options strict = way(_i), then = way(_i);
	struct lathe_iso9660_tree *tree = full_tree(NULL);
	struct lathe_iso9660_tree *new_tree = full_tree(NULL);
	struct lathe_iso9660_plan *plan = NULL;
	uint32_t blocks, want_blocks;
	uint8_t *image, *want;

	strict.strict = 1u << strict.use_count;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &strict, &plan),
			 LATHE_ERR_NAME);
	ck_assert_ptr_null(plan);
	image = make_image(tree, &then, 0, &blocks);
	want = make_image(new_tree, &then, 0, &want_blocks);
	ck_assert_uint_eq(blocks, want_blocks);
	ck_assert_mem_eq(image, want, (size_t)blocks * 2048);
	give_back(tree, new_tree, image, want);
}
END_TEST

/* Nor does it cost memory, however many there are. */
START_TEST(no_memory_is_kept)
{
	struct lathe_iso9660_plan_options options = way(1);
	struct heap heap = { .fail_at = 0 };
	struct lathe_iso9660_tree *tree = full_tree(&heap);
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < 400; i++) {
		lathe_iso9660_plan_destroy(make_plan(tree, &options));
		if (i == 0)
			bytes = heap.bytes;
		ck_assert_uint_eq(heap.bytes, bytes);
	}
	lathe_iso9660_tree_destroy(tree);
	ck_assert_uint_eq(heap.bytes, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("one plan after another");
	TCase *tc = tcase_create("plans");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, same_blocks_again, 0, WAYS * WAYS);
	tcase_add_loop_test(tc, same_blocks_after_a_failure, 0, WAYS);
	tcase_add_test(tc, no_memory_is_kept);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
