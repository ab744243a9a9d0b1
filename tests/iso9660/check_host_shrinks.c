/* SPDX-License-Identifier: MIT */
/* A file of the host that becomes shorter while it is written. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

#define LARGE "in/large"

/* Somebody is faster than the question where there is data; then there is
 * none behind any place. C libraries begin to list a folder with it. */
off_t lseek(int fd, off_t offset, int whence)
{
	(void)fd;
	if (whence == SEEK_SET)
		return offset;
	ck_assert_int_eq(truncate(LARGE, 0), 0);
	errno = ENXIO;
	return -1;
}

static int note_failed(void *ctx, uint32_t node, uint64_t offset, int err,
		       const char *what)
{
	(void)node;
	(void)what;
	*(uint32_t *)ctx += 1;
	ck_assert_uint_eq(offset, 0);
	ck_assert_int_eq(err, LATHE_ERR_CHANGED);
	return 0;
}

START_TEST(a_file_that_shrinks_is_no_hole)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t failed = 0;
	struct lathe_iso9660_on_source_error on_error = { &failed,
							  note_failed };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	int fd;

	put(LARGE, "");
	ck_assert_int_eq(truncate(LARGE, 1048576), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	fd = open("out", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, NULL, NULL,
						   &on_error), 0);
	close(fd);
	ck_assert_uint_eq(failed, 1);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("files of the host that shrink");
	TCase *tc = tcase_create("files of the host that shrink");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, a_file_that_shrinks_is_no_hole);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
