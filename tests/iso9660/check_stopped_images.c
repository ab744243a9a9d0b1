/* SPDX-License-Identifier: MIT */
/*
 * check_stopped_images.c - an image file is stopped at each question, and each
 * call of a source fails, in each way of writing it: what is told is what
 * happened, everything that was opened is closed, and the same image can be
 * written afterwards.
 */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

/* ---- a source of which one call fails ----------------------------------- */

enum how { FAILS, ENDS, TELLS_TOO_MUCH, OPENS_ANOTHER, HOWS };

/* Other threads call it as well. */
static struct {
	atomic_uint calls, open;
	uint32_t at;		/* the call; 0: none */
	enum how how;
	int err;		/* what it fails with */
	atomic_bool failed;
	uint32_t piece;		/* bytes of a call at most; 0: any */
} source;

static bool is_now(bool opening)
{
	unsigned call = ++source.calls;

	/* What can only happen to the one does not happen to the other. */
	if (call != source.at || (source.how != FAILS &&
				  (source.how == OPENS_ANOTHER) != opening))
		return false;
	source.failed = true;
	return true;
}

static int src_open(void *ctx, uint64_t file, const char *name, size_t len,
		    void **handle)
{
	bool now = is_now(true);

	(void)ctx;
	(void)name;
	(void)len;
	if (now && source.how == FAILS)
		return source.err;
	source.open++;
	*handle = (void *)(uintptr_t)(file + 1);
	return now ? LATHE_ERR_CHANGED : 0;
}

static int src_read(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		    uint8_t *out, uint32_t *got)
{
	uint64_t file = (uintptr_t)handle - 1;
	uint32_t i;

	(void)ctx;
	if (is_now(false)) {
		*got = source.how == ENDS ? 0 : bytes + 1;
		return source.how == FAILS ? source.err : 0;
	}
	if (source.piece && bytes > source.piece)
		bytes = source.piece;
	for (i = 0; i < bytes; i++)
		out[i] = content(file, offset + i);
	*got = bytes;
	return 0;
}

static void src_close(void *ctx, void *handle)
{
	(void)ctx;
	ck_assert_ptr_nonnull(handle);
	source.open--;
}

/* ---- the image ---------------------------------------------------------- */

static struct heap heap;
static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_plan *plan;
static struct lathe_iso9660_image image;
static uint8_t *want;
static uint32_t blocks;
static int fd;

static void setup(void)
{
	static const struct lathe_iso9660_source from = {
		.open = src_open, .read_at = src_read, .close = src_close
	};
	static const uint32_t sizes[] = { 1, 2048, 0, 5000, 70001, 7, 20000 };
	struct lathe_iso9660_plan_options options = joliet_options();
	const char *dir = getenv("TMPDIR");
	char path[4096], name[2] = "a";
	uint32_t i, node;

	memset(&source, 0, sizeof(source));
	memset(&heap, 0, sizeof(heap));
	tree = make_tree(NULL, 1);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++, name[0]++)
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, LATHE_ISO9660_ROOT, name, 1,
					 NULL, &from, i, sizes[i], 0, &node),
				 0);
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	want = read_image(plan, 0, &blocks);
	snprintf(path, sizeof(path), "%s/lathe.XXXXXX", dir ? dir : "/tmp");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	unlink(path);
}

static void teardown(void)
{
	close(fd);
	free(want);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	ck_assert_uint_eq(heap.blocks, 0);
	ck_assert_uint_eq(source.open, 0);
}

/* ---- whoever is asked --------------------------------------------------- */

static struct {
	uint32_t asked, at;	/* at 0: never */
	bool once;
	uint64_t done;
} user;

static bool cancelled(void *ctx)
{
	(void)ctx;
	user.asked++;
	return user.at && (user.once ? user.asked == user.at :
				       user.asked >= user.at);
}

static void progress(void *ctx, const struct lathe_progress *now)
{
	(void)ctx;
	ck_assert_int_eq(now->phase, LATHE_PHASE_WRITING);
	ck_assert_uint_ge(now->done, user.done);
	ck_assert_uint_eq(now->total, blocks);
	user.done = now->done;
}

static struct {
	uint32_t times, node;
	uint64_t offset;
	int err, answer;
} told;

static int failed(void *ctx, uint32_t node, uint64_t offset, int err,
		  const char *text)
{
	(void)ctx;
	ck_assert_ptr_nonnull(text);
	told.times++;
	told.node = node;
	told.offset = offset;
	told.err = err;
	return told.answer;
}

/* ---- ways to write it --------------------------------------------------- */

static int by_image(const struct lathe_iso9660_feed_options *options,
		    const struct lathe_hooks *hooks,
		    const struct lathe_iso9660_on_source_error *on_error)
{
	return lathe_iso9660_image_write(&image, fd, 0, options, hooks,
					 on_error);
}

static int by_plan(const struct lathe_iso9660_feed_options *options,
		   const struct lathe_hooks *hooks,
		   const struct lathe_iso9660_on_source_error *on_error)
{
	return lathe_iso9660_plan_write(plan, 0, fd, 0, options, hooks,
					on_error, NULL);
}

static int by_feed(const struct lathe_iso9660_feed_options *options,
		   const struct lathe_hooks *hooks,
		   const struct lathe_iso9660_on_source_error *on_error)
{
	struct lathe_iso9660_feed *feed;
	uint32_t lba, count = 1;
	const uint8_t *data;
	int err;

	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 0, blocks, options,
						   hooks, on_error, &feed), 0);
	do {
		err = lathe_iso9660_feed_next(feed, &data, &lba, &count);
		ck_assert(!err || !count);
		if (count)
			ck_assert_int_eq(pwrite(fd, data, (size_t)count * 2048,
						(off_t)lba * 2048),
					 (ssize_t)count * 2048);
	} while (count);
	/* There is no going on. */
	ck_assert_int_eq(lathe_iso9660_feed_next(feed, &data, &lba, &count),
			 err);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(lathe_iso9660_feed_failure(feed)->err, err);
	lathe_iso9660_feed_destroy(feed);
	return err;
}

static int (*const ways[])(const struct lathe_iso9660_feed_options *,
			   const struct lathe_hooks *,
			   const struct lathe_iso9660_on_source_error *) = {
	by_image, by_plan, by_feed
};

#define WAYS 3
#define IMAGES 2		/* ways that ask */

static const uint32_t threads[] = { 0, 3 };

#define THREADS 2

static int write_it(int way, uint32_t with_threads, bool asks)
{
	struct lathe_iso9660_feed_options options = {
		.threads = with_threads, .chunk_blocks = 8,
		.ring_chunks = 3
	};
	struct lathe_iso9660_on_source_error on_error = { NULL, failed };
	struct lathe_hooks hooks = heap_hooks(&heap);
	int answer = told.answer, err;

	memset(&told, 0, sizeof(told));
	told.answer = answer;
	user.asked = 0;
	user.done = 0;
	source.calls = 0;
	source.failed = false;
	hooks.cancelled = cancelled;
	hooks.progress = progress;
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	err = ways[way](&options, &hooks, asks ? &on_error : NULL);
	ck_assert_uint_eq(source.open, 0);
	ck_assert_uint_eq(heap.blocks, 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 0);
	return err;
}

static void expect_whole(int way, uint32_t with_threads)
{
	uint8_t *got = malloc((size_t)blocks * 2048);

	ck_assert_ptr_nonnull(got);
	source.at = 0;
	user.at = 0;
	ck_assert_int_eq(write_it(way, with_threads, true), 0);
	ck_assert_uint_eq(told.times, 0);
	ck_assert(way >= IMAGES || user.done == blocks);
	ck_assert_int_eq(pread(fd, got, (size_t)blocks * 2048, 0),
			 (ssize_t)blocks * 2048);
	ck_assert_mem_eq(got, want, (size_t)blocks * 2048);
	free(got);
}

START_TEST(an_image_is_stopped_at_each_question)
{
	int way = _i % IMAGES;
	uint32_t with_threads = threads[_i / IMAGES % THREADS];
	int err = 1;

	user.once = _i >= IMAGES * THREADS;
	for (user.at = 1; err; user.at++) {
		uint32_t at = user.at;

		err = write_it(way, with_threads, true);
		ck_assert_int_eq(err, user.asked >= at ? LATHE_ERR_CANCELLED :
							 0);
	}
	ck_assert_uint_gt(user.at, 5);
	expect_whole(way, with_threads);
}
END_TEST

/* Behind what could be read, zeros in place of what is missing: all else is as
 * it should be. */
static void expect_told_rest(int want_err)
{
	uint8_t *got = malloc((size_t)blocks * 2048);
	uint32_t first, at, end;
	uint64_t bytes;

	ck_assert_ptr_nonnull(got);
	ck_assert_uint_eq(told.times, 1);
	ck_assert_int_eq(told.err, want_err);
	ck_assert_int_eq(lathe_iso9660_plan_extent(plan, told.node, &first,
						   &bytes), 0);
	ck_assert_uint_lt(told.offset, bytes);
	ck_assert_int_eq(pread(fd, got, (size_t)blocks * 2048, 0),
			 (ssize_t)blocks * 2048);
	at = first * 2048 + (uint32_t)told.offset;
	end = first * 2048 + (uint32_t)bytes;
	ck_assert_mem_eq(got, want, at);
	ck_assert_mem_eq(got + end, want + end, (size_t)blocks * 2048 - end);
	while (at < end && (got[at] == 0 || got[at] == want[at]))
		at++;
	ck_assert_uint_eq(at, end);
	free(got);
}

/* What it says is handed on as it is; what it does wrong is a change. */
static int should(void)
{
	return source.how == FAILS ? source.err : LATHE_ERR_CHANGED;
}

static void fail_each(int way, uint32_t with_threads, enum how how, int err)
{
	bool was = true;
	uint32_t at;

	source.how = how;
	source.err = err;
	for (at = 1; was; at++) {
		int got;

		source.at = at;
		/* Nobody to ask; whoever stops, with a word of his own; whoever
		 * goes on. */
		got = write_it(way, with_threads, false);
		was = at <= source.calls;
		ck_assert_int_eq(got, source.failed ? should() : 0);
		told.answer = LATHE_ERR_BUSY;
		got = write_it(way, with_threads, true);
		ck_assert_int_eq(got, source.failed ? LATHE_ERR_BUSY : 0);
		ck_assert_uint_eq(told.times, source.failed);
		told.answer = 0;
		ck_assert_int_eq(write_it(way, with_threads, true), 0);
		if (source.failed)
			expect_told_rest(should());
	}
	ck_assert_uint_gt(at, 8);
	expect_whole(way, with_threads);
}

START_TEST(each_call_of_a_source_fails)
{
	static const int errors[] = { LATHE_ERR_IO, LATHE_ERR_NO_DEVICE };
	int way = _i % WAYS, how;
	uint32_t with_threads = threads[_i / WAYS], i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		fail_each(way, with_threads, FAILS, errors[i]);
	for (how = ENDS; how < HOWS; how++)
		fail_each(way, with_threads, (enum how)how, 0);
}
END_TEST

/* 1 to 'bytes' is what a call may give. */
START_TEST(sources_come_in_pieces)
{
	static const uint32_t pieces[] = { 100, 2047, 2048, 2049, 30000 };
	uint32_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		source.piece = pieces[i];
		expect_whole(_i % WAYS, threads[_i / WAYS]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("images that are stopped");
	TCase *tc = tcase_create("stopped");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, an_image_is_stopped_at_each_question, 0,
			    2 * IMAGES * THREADS);
	tcase_add_loop_test(tc, each_call_of_a_source_fails, 0,
			    WAYS * THREADS);
	tcase_add_loop_test(tc, sources_come_in_pieces, 0, WAYS * THREADS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
