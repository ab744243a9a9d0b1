/* SPDX-License-Identifier: MIT */
/* What a user is shown while a volume is read. */
#include "tests/iso9660/lib_image.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

static uint8_t *image;
static uint32_t blocks, calls;
static uint64_t done;

static int read_image_blocks(void *ctx, uint32_t lba, uint32_t count,
			     uint8_t *out)
{
	(void)ctx;
	memcpy(out, image + (size_t)lba * 2048, (size_t)count * 2048);
	return 0;
}

static void progress(void *ctx, const struct lathe_progress *now)
{
	(void)ctx;
	ck_assert_int_eq(now->phase, LATHE_PHASE_IMPORTING);
	ck_assert_uint_ge(now->done, done);
	if (now->total)
		ck_assert_uint_le(now->done, now->total);
	done = now->done;
	calls++;
}

static void make_volume(void)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	char path[64];
	uint32_t i;

	for (i = 0; i < 3000; i++) {
		snprintf(path, sizeof(path), "folder %u/a file named %u",
			 i / 50, i * 7);
		add_text(tree, path, "x");
	}
	options.system_use = &lathe_iso9660_rock_ridge;
	image = make_image(tree, &options, 0, &blocks);
	lathe_iso9660_tree_destroy(tree);
}

/* Of an own volume the end is known: nothing is read ahead of it for show. */
START_TEST(import_never_goes_beyond_its_total)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = { .progress = progress }
	};
	struct lathe_iso9660_use joliet = { &lathe_joliet_hierarchy, NULL };
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &joliet, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge
	};
	struct lathe_blocks from = { .read = read_image_blocks };
	struct lathe_iso9660_tree *tree;

	make_volume();
	from.end = blocks;
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_import(tree, &from, 0, &options, NULL),
			 0);
	ck_assert_uint_gt(calls, 1);
	lathe_iso9660_tree_destroy(tree);
	free(image);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("progress of imports");
	TCase *tc = tcase_create("imports");

	tcase_add_test(tc, import_never_goes_beyond_its_total);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
