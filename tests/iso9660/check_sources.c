/* SPDX-License-Identifier: MIT */
/* Sources that fail, shrink or change, through a cursor and through a feed
 * with and without threads. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/source.h"
#include "tests/suite.h"

/* ---- a source with faults ----------------------------------------------- */

/* GONE: what is there now is not what was added, and can not be opened. */
enum fault { NONE, NO_OPEN, NO_READ, SHORT, CHANGED, GONE, FAULTS };

/* File n has fault n % FAULTS, which shows from byte 3000 on. */
static int faulty_open(void *ctx, uint64_t file, const char *name,
		       size_t name_len, void **handle)
{
	(void)ctx;
	(void)name;
	(void)name_len;
	if (file % FAULTS == NO_OPEN)
		return LATHE_ERR_IO;
	if (file % FAULTS == GONE)
		return LATHE_ERR_CHANGED;
	*handle = (void *)(uintptr_t)(file + 1);
	return file % FAULTS == CHANGED ? LATHE_ERR_CHANGED : 0;
}

static int faulty_read(void *ctx, void *handle, uint64_t offset,
		       uint32_t bytes, uint8_t *out, uint32_t *got)
{
	uint64_t file = (uintptr_t)handle - 1, i;
	bool faulty = file % FAULTS == NO_READ || file % FAULTS == SHORT;

	(void)ctx;
	if (faulty && offset >= 3000) {
		*got = 0;
		return file % FAULTS == NO_READ ? LATHE_ERR_IO : 0;
	}
	if (faulty && bytes > 3000 - offset)
		bytes = (uint32_t)(3000 - offset);
	for (i = 0; i < bytes; i++)
		out[i] = content(file, offset + i);
	*got = bytes;
	return 0;
}

static void faulty_describe(void *ctx, uint64_t file, const char *name,
			    size_t name_len, char *out, size_t room)
{
	(void)ctx;
	(void)name;
	(void)name_len;
	snprintf(out, room, "source of %u", (unsigned)file);
}

static const struct lathe_iso9660_source faulty = {
	.open = faulty_open,
	.read_at = faulty_read,
	.close = made_close,
	.describe = faulty_describe
};

#define FILES 100u
#define SIZE 70000u

static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_plan *plan;
static struct lathe_iso9660_image image;

static void setup(void)
{
	struct lathe_iso9660_plan_options options = plain_options();
	char name[16];
	uint32_t i, node;

	tree = make_tree(NULL, 1);
	for (i = 0; i < FILES; i++) {
		int len = snprintf(name, sizeof(name), "f%03u", i);

		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, 1, name, (size_t)len, NULL,
					 &faulty, i, SIZE, 0, &node), 0);
	}
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 1000), 0);
}

static void teardown(void)
{
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}

/* ---- what is told ------------------------------------------------------- */

static char told[65536];

struct policy {
	uint32_t stop_after;	/* reports; 0: never */
	uint32_t reports;
};

static int failed(void *ctx, uint32_t node, uint64_t offset, int err,
		  const char *text)
{
	struct policy *policy = ctx;
	struct lathe_iso9660_entry entry;
	size_t used = strlen(told);

	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert_ptr_nonnull(strstr(text, "source of "));
	snprintf(told + used, sizeof(told) - used, "%.*s@%u:%s ",
		 (int)entry.name_len, entry.name, (unsigned)offset,
		 lathe_err_name(err));
	policy->reports++;
	return policy->stop_after && policy->reports >= policy->stop_after
		       ? LATHE_ERR_CANCELLED : 0;
}

/* Each file that fails, once, in the order of addresses. */
static void expect_told_of_all(void)
{
	static char want[65536];
	uint32_t i;
	size_t used = 0;

	want[0] = 0;
	for (i = 0; i < FILES; i++) {
		if (i % FAULTS == NONE)
			continue;
		used += (size_t)snprintf(
			want + used, sizeof(want) - used, "f%03u@%u:%s ", i,
			i % FAULTS == NO_READ || i % FAULTS == SHORT ? 3000
								     : 0,
			i % FAULTS == NO_OPEN || i % FAULTS == NO_READ
				? "IO" : "CHANGED");
	}
	ck_assert_str_eq(told, want);
}

/* What can be had of file i, and zeros. */
static void expect_content(uint32_t i, const uint8_t *p)
{
	uint32_t good = SIZE, at;

	if (i % FAULTS == NO_OPEN || i % FAULTS == GONE)
		good = 0;
	else if (i % FAULTS == NO_READ || i % FAULTS == SHORT)
		good = 3000;
	for (at = 0; at < 35 * 2048; at++)
		if (p[at] != (at < good ? content(i, at) : 0))
			ck_abort_msg("file %u differs at %u", i, at);
}

static void expect_all_content(const uint8_t *bytes)
{
	uint32_t i, node, first;
	uint64_t size;

	for (i = 0; lathe_iso9660_plan_nth_extent(plan, i, &node, &first,
						  &size); i++)
		expect_content(i, bytes + (size_t)first * 2048);
	ck_assert_uint_eq(i, FILES);
}

START_TEST(cursor_goes_on_with_zeros)
{
	struct policy policy = { 0, 0 };
	struct lathe_iso9660_on_source_error on_error = { &policy, failed };
	uint32_t blocks = lathe_iso9660_plan_blocks(plan), at;
	uint8_t *bytes = malloc((size_t)blocks * 2048);
	struct lathe_iso9660_cursor *cursor;

	told[0] = 0;
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, &on_error,
						     &cursor), 0);
	for (at = 0; at < blocks; at += 13)
		ck_assert_int_eq(lathe_iso9660_cursor_read(
					 cursor, 1000 + at,
					 blocks - at < 13 ? blocks - at : 13,
					 bytes + (size_t)at * 2048), 0);
	expect_told_of_all();
	expect_all_content(bytes);
	lathe_iso9660_cursor_destroy(cursor);
	free(bytes);
}
END_TEST

/* Nobody to ask: the first failure ends the call, and says which file. */
START_TEST(cursor_stops_where_nobody_is_asked)
{
	struct lathe_iso9660_cursor *cursor;
	uint8_t block[2048];
	uint32_t i, node, first;
	uint64_t size;

	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	for (i = 0; i < FAULTS; i++) {
		int err;

		lathe_iso9660_plan_nth_extent(plan, i, &node, &first, &size);
		err = lathe_iso9660_cursor_read(cursor, 1000 + first + 2, 1,
						block);
		if (i == NONE) {
			ck_assert_int_eq(err, 0);
			continue;
		}
		ck_assert_int_eq(err, i == NO_OPEN || i == NO_READ
					      ? LATHE_ERR_IO
					      : LATHE_ERR_CHANGED);
		ck_assert_int_eq(lathe_iso9660_cursor_failure(cursor)->err,
				 err);
		ck_assert_ptr_nonnull(strstr(
			lathe_iso9660_cursor_failure(cursor)->text,
			"source of"));
	}
	lathe_iso9660_cursor_destroy(cursor);
}
END_TEST

/* ---- the feed ----------------------------------------------------------- */

static const struct lathe_iso9660_feed_options ways[] = {
	{ .threads = 0 },
	{ .threads = 0, .chunk_blocks = 7 },
	{ .threads = 1 },
	{ .threads = 2, .chunk_blocks = 16, .ring_chunks = 2 },
	{ .threads = 2, .chunk_blocks = 64, .ring_chunks = 8 },
	{ .threads = 5, .chunk_blocks = 3, .ring_chunks = 3 },
	{ .threads = 3, .chunk_blocks = 1, .ring_chunks = 1 }
};
#define WAYS (int)(sizeof(ways) / sizeof(ways[0]))

START_TEST(feed_delivers_in_order)
{
	struct policy policy = { 0, 0 };
	struct lathe_iso9660_on_source_error on_error = { &policy, failed };
	uint32_t blocks = lathe_iso9660_plan_blocks(plan), at = 0, lba, count;
	uint32_t full, ring;
	uint8_t *bytes = malloc((size_t)blocks * 2048);
	struct heap heap = { 0 };
	struct lathe_hooks hooks = heap_hooks(&heap);
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;

	told[0] = 0;
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 1000, blocks,
						   &ways[_i], &hooks,
						   &on_error, &feed), 0);
	for (;;) {
		ck_assert_int_eq(lathe_iso9660_feed_next(feed, &data, &lba,
							 &count), 0);
		if (count == 0)
			break;
		ck_assert_uint_eq(lba, 1000 + at);
		memcpy(bytes + (size_t)at * 2048, data, (size_t)count * 2048);
		at += count;
		lathe_iso9660_feed_level(feed, &full, &ring);
		ck_assert_uint_le(full, ring);
	}
	ck_assert_uint_eq(at, blocks);
	ck_assert_int_eq(lathe_iso9660_feed_next(feed, &data, &lba, &count),
			 0);
	ck_assert_uint_eq(count, 0);
	lathe_iso9660_feed_destroy(feed);
	ck_assert_uint_eq(heap.blocks, 0);
	expect_told_of_all();
	expect_all_content(bytes);
	free(bytes);
}
END_TEST

/* Stopped at the third report: the same one with any number of threads, and
 * nothing of its chunk is delivered. */
START_TEST(feed_stops_when_told_so)
{
	struct policy policy = { 3, 0 };
	struct lathe_iso9660_on_source_error on_error = { &policy, failed };
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;
	uint32_t lba, count, node, first;
	uint64_t size;
	int err;

	told[0] = 0;
	ck_assert_int_eq(lathe_iso9660_feed_create(
				 &image, 1000, lathe_iso9660_plan_blocks(plan),
				 &ways[_i], NULL, &on_error, &feed), 0);
	lathe_iso9660_plan_nth_extent(plan, SHORT, &node, &first, &size);
	do {
		err = lathe_iso9660_feed_next(feed, &data, &lba, &count);
		/* Its third byte-block is where it fails. */
		ck_assert(err || lba + count <= 1000 + first + 2);
	} while (!err && count);
	ck_assert_int_eq(err, LATHE_ERR_CANCELLED);
	ck_assert_str_eq(told, "f001@0:IO f002@3000:IO f003@3000:CHANGED ");
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_feed_failure(feed)->text,
				     "source of 3"));
	ck_assert_int_eq(lathe_iso9660_feed_next(feed, &data, &lba, &count),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(policy.reports, 3);
	lathe_iso9660_feed_destroy(feed);
}
END_TEST

/* Destroyed while its threads are at work. */
START_TEST(feed_is_left_in_the_middle)
{
	struct policy policy = { 0, 0 };
	struct lathe_iso9660_on_source_error on_error = { &policy, failed };
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;
	uint32_t lba, count, i, rounds;

	for (rounds = 0; rounds < 20; rounds++) {
		ck_assert_int_eq(lathe_iso9660_feed_create(
					 &image, 1010, 500, &ways[_i], NULL,
					 &on_error, &feed), 0);
		for (i = 0; i < rounds; i++)
			ck_assert_int_eq(lathe_iso9660_feed_next(
						 feed, &data, &lba, &count),
					 0);
		lathe_iso9660_feed_destroy(feed);
	}
}
END_TEST

START_TEST(feed_outside_of_the_image)
{
	struct lathe_iso9660_feed *feed;
	uint32_t blocks = lathe_iso9660_plan_blocks(plan);

	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 999, 1, NULL, NULL,
						   NULL, &feed),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 1000, blocks + 1,
						   NULL, NULL, NULL, &feed),
			 LATHE_ERR_ARG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sources");
	TCase *tc = tcase_create("sources");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, cursor_goes_on_with_zeros);
	tcase_add_test(tc, cursor_stops_where_nobody_is_asked);
	tcase_add_loop_test(tc, feed_delivers_in_order, 0, WAYS);
	tcase_add_loop_test(tc, feed_stops_when_told_so, 0, WAYS);
	tcase_add_loop_test(tc, feed_is_left_in_the_middle, 0, WAYS);
	tcase_add_test(tc, feed_outside_of_the_image);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
