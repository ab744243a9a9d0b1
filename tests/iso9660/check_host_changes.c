/* SPDX-License-Identifier: MIT */
/* A file of the host that changes, and keeps its size, while it is read. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

#define LARGE "in/large"

static uint32_t failed;
static void (*to_do)(void);

static int note_failed(void *ctx, uint32_t node, uint64_t offset, int err,
		       const char *what)
{
	(void)ctx;
	(void)node;
	(void)offset;
	failed++;
	ck_assert_int_eq(err, LATHE_ERR_CHANGED);
	ck_assert(strstr(what, "large"));
	return 0;
}

static void write_into(void)
{
	int fd = open(LARGE, O_WRONLY);

	ck_assert_int_eq(pwrite(fd, "new", 3, 0), 3);
	ck_assert_int_eq(close(fd), 0);
	age(LARGE, 5);
}

static void cut(void)
{
	ck_assert_int_eq(truncate(LARGE, 1000), 0);
}

/* With one half in the image, the rest is another one. */
static void at_half(void *ctx, const struct lathe_progress *progress)
{
	void (*now)(void) = to_do;

	(void)ctx;
	if (!now || progress->done * 2 < progress->total)
		return;
	to_do = NULL;
	now();
}

/* The file is read in chunks into what is as good as a pipe, or copied by the
 * system in pieces of 64 MiB. */
static const struct {
	void (*change)(void);
	off_t bytes;
	int flags;
	uint32_t threads, failed;
} cases[] = {
	{ NULL, 200000, O_APPEND, 0, 0 },
	{ NULL, 200000, O_APPEND, 2, 0 },
	{ NULL, 100 << 20, 0, 0, 0 },
	{ write_into, 200000, O_APPEND, 0, 1 },
	{ write_into, 200000, O_APPEND, 2, 1 },
	{ write_into, 100 << 20, 0, 0, 1 },
	{ write_into, (100 << 20) + 1, 0, 0, 1 },
	{ cut, 200000, O_APPEND, 0, 1 },
	{ cut, 100 << 20, 0, 0, 1 },
};

START_TEST(a_file_that_changes_between_its_parts)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options how = { .chunk_blocks = 16,
						  .ring_chunks = 2 };
	struct lathe_iso9660_on_source_error on_error = { NULL,
							  note_failed };
	struct lathe_hooks hooks = { .progress = at_half };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	int fd;

	put(LARGE, "");
	ck_assert_int_eq(truncate(LARGE, cases[_i].bytes), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	fd = open("out", O_RDWR | O_CREAT | cases[_i].flags, 0644);
	failed = 0;
	to_do = cases[_i].change;
	how.threads = cases[_i].threads;
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &how,
						   &hooks, &on_error), 0);
	close(fd);
	ck_assert(!to_do);
	ck_assert_uint_eq(failed, cases[_i].failed);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* A source that is asked, and answers at the n-th time. */
static uint32_t asked, answers_at;

static int open_any(void *ctx, uint64_t file, const char *name, size_t len,
		    void **handle)
{
	(void)name;
	(void)len;
	ck_assert_uint_eq(file, 7);
	*handle = ctx;
	return 0;
}

static int read_any(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		    uint8_t *out, uint32_t *got)
{
	ck_assert_ptr_eq(ctx, handle);
	(void)offset;
	memset(out, 'x', bytes);
	*got = bytes;
	return 0;
}

static void close_any(void *ctx, void *handle)
{
	ck_assert_ptr_eq(ctx, handle);
}

static int still_any(void *ctx, uint64_t file, void *handle)
{
	ck_assert_ptr_eq(ctx, handle);
	ck_assert_uint_eq(file, 7);
	return ++asked == answers_at ? LATHE_ERR_CHANGED : 0;
}

/* Each part is followed by the question, a file that is read at once by none;
 * what was read stays as it is. */
START_TEST(a_source_is_asked_behind_each_part)
{
	struct lathe_iso9660_source source = {
		.ctx = &asked, .open = open_any, .read_at = read_any,
		.close = close_any, .still = still_any
	};
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_on_source_error on_error = { NULL,
							  note_failed };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_segment segment = { .blocks = 0 };
	static uint8_t out[3 * LATHE_BLOCK_BYTES];
	uint32_t node, lba = 0;

	ck_assert_int_eq(lathe_iso9660_add_file(
		tree, LATHE_ISO9660_ROOT, "large", 5, NULL, &source, 7,
		3 * LATHE_BLOCK_BYTES, 0, &node), 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, &on_error,
						     &cursor), 0);
	while (segment.node != node) {
		lba += segment.blocks;
		ck_assert_int_eq(lathe_iso9660_cursor_segment(cursor, lba,
							      &segment), 0);
	}
	failed = 0;
	asked = 0;
	answers_at = _i ? 2 : 9;
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba, 3, out), 0);
	ck_assert_uint_eq(asked, 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba, 1, out), 0);
	ck_assert_uint_eq(asked, 1);
	ck_assert_uint_eq(failed, 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, lba + 1, 2, out),
			 0);
	ck_assert_uint_eq(asked, 2);
	ck_assert_uint_eq(failed, (uint32_t)_i);
	ck_assert_uint_eq(out[0], 'x');
	ck_assert_uint_eq(out[2 * LATHE_BLOCK_BYTES - 1], 'x');
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("files of the host that change");
	TCase *tc = tcase_create("files of the host that change");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_loop_test(tc, a_file_that_changes_between_its_parts, 0,
			    sizeof(cases) / sizeof(*cases));
	tcase_add_loop_test(tc, a_source_is_asked_behind_each_part, 0, 2);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
