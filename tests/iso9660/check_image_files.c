/* SPDX-License-Identifier: MIT */
/* Image files: written over other ones, of files that are copied in several
 * pieces, and parts of them that are none. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

#define MEBIBYTE 1048576

static void setup(void)
{
	update_setup();
	/* The heap of the tests is for one thread. */
	memset(&config.hooks, 0, sizeof(config.hooks));
	new_host();
}

static void put_bytes(const char *path, uint8_t value, size_t bytes)
{
	uint8_t *p = malloc(bytes);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_ptr_nonnull(p);
	memset(p, value, bytes);
	ck_assert_int_eq(write(fd, p, bytes), (ssize_t)bytes);
	close(fd);
	free(p);
}

/* What was there before shows nowhere: not behind the end of a file, which
 * seldom is that of a block (ECMA-119 6.4.2), either. */
START_TEST(an_image_over_another_one)
{
	static const uint32_t threads[] = { 0, 1, 3 };
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = { .threads = threads[_i] };
	struct lathe_iso9660_plan *plan;
	uint32_t blocks;
	uint8_t *want, *got;
	int fd;

	/* small, copied by the system, and copied in several parts */
	put_bytes("in/a", 'a', 5);
	put_bytes("in/b", 'b', 300001);
	put_bytes("in/c", 'c', 3 * MEBIBYTE + 2047);
	put_bytes("in/d", 'd', 262144);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	want = read_image(plan, 0, &blocks);
	put_bytes("out", 0xff, (size_t)blocks * 2048);
	fd = open("out", O_RDWR);
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, 0, fd, 0, &feed, NULL,
						  NULL, NULL), 0);
	got = malloc((size_t)blocks * 2048);
	ck_assert_int_eq(pread(fd, got, (size_t)blocks * 2048, 0),
			 (ssize_t)blocks * 2048);
	ck_assert_mem_eq(got, want, (size_t)blocks * 2048);
	close(fd);
	free(got);
	free(want);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* A file over 64 MiB, most of it a hole: each of its bytes where it belongs,
 * around the places where one piece ends and the next one begins as well. */
START_TEST(a_file_of_several_pieces)
{
	static const off_t places[] = {
		0, 64 * MEBIBYTE - 6, 65 * MEBIBYTE + 77, 128 * MEBIBYTE - 12,
		128 * MEBIBYTE + 5000
	};
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = { .threads = _i ? 3 : 0 };
	struct lathe_iso9660_plan *plan;
	uint32_t first, node, i;
	uint64_t bytes;
	char piece[16], got[16];
	int fd = open("in/long", O_RDWR | O_CREAT, 0644), out;

	ck_assert_int_eq(ftruncate(fd, 128 * MEBIBYTE + 10001), 0);
	for (i = 0; i < 5; i++) {
		snprintf(piece, sizeof(piece), "%u stored here", i);
		ck_assert_int_eq(pwrite(fd, piece, 13, places[i]), 13);
	}
	close(fd);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	ck_assert(lathe_iso9660_plan_nth_extent(plan, 0, &node, &first,
						&bytes));
	out = open("out", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, 0, out, 0, &feed, NULL,
						  NULL, NULL), 0);
	for (i = 0; i < 5; i++) {
		snprintf(piece, sizeof(piece), "%u stored here", i);
		ck_assert_int_eq(pread(out, got, 13,
				       (off_t)first * 2048 + places[i]), 13);
		ck_assert_mem_eq(got, piece, 13);
	}
	/* Nor is anything where nothing is. */
	ck_assert_int_eq(pread(out, got, 16, (off_t)first * 2048 +
						     64 * MEBIBYTE + 7), 16);
	ck_assert_mem_eq(got, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	close(out);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* Blocks that are not of the image. */
START_TEST(parts_that_are_none)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_feed *feed = NULL;
	uint32_t blocks;

	put("in/a", "x");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 100), 0);
	free(read_image(plan, 100, &blocks));
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 99, 1, NULL, NULL,
						   NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 100, blocks + 1,
						   NULL, NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 101, blocks, NULL,
						   NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 100 + blocks + 1, 1,
						   NULL, NULL, NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_ptr_null(feed);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 101, blocks - 1,
						   NULL, NULL, NULL, &feed), 0);
	lathe_iso9660_feed_destroy(feed);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("image files");
	TCase *tc = tcase_create("image files");

	tcase_add_checked_fixture(tc, setup, update_teardown);
	tcase_add_loop_test(tc, an_image_over_another_one, 0, 3);
	tcase_add_loop_test(tc, a_file_of_several_pieces, 0, 2);
	tcase_add_test(tc, parts_that_are_none);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
