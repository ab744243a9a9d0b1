/* SPDX-License-Identifier: MIT */
/* Files of this host once they are added: their bytes in images, image files
 * and pipes, and changes that are noticed. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

static void setup(void)
{
	update_setup();
	/* The heap of the tests is for one thread. */
	memset(&config.hooks, 0, sizeof(config.hooks));
	new_host();
}

/* Bytes of content(file, ...). */
static void put_large(const char *path, uint64_t file, uint32_t bytes)
{
	uint8_t *p = malloc(bytes);
	uint32_t i;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	for (i = 0; i < bytes; i++)
		p[i] = content(file, i);
	ck_assert_int_eq(write(fd, p, bytes), (ssize_t)bytes);
	close(fd);
	free(p);
}

/* More folders than are kept open. */
START_TEST(many_folders)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	char path[64];
	uint32_t i, blocks, node, first, n = 0;
	uint64_t bytes;
	uint8_t *image;

	for (i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "in/d%03u", i);
		mkdir(path, 0755);
		snprintf(path, sizeof(path), "in/d%03u/s", i);
		mkdir(path, 0755);
		snprintf(path, sizeof(path), "in/d%03u/s/f", i);
		put_large(path, i, 3000);
	}
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	image = read_image(plan, 0, &blocks);
	for (; lathe_iso9660_plan_nth_extent(plan, n, &node, &first, &bytes);
	     n++)
		for (i = 0; i < 3000; i++)
			ck_assert_uint_eq(image[first * 2048 + i],
					  content(n, i));
	ck_assert_uint_eq(n, 300);
	free(image);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* ---- changes ------------------------------------------------------------ */

static void note(void *ctx, uint32_t node, int err, const char *what)
{
	(void)ctx;
	(void)node;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s:%s ",
		 lathe_err_name(err), what);
}

static int note_failed(void *ctx, uint32_t node, uint64_t offset, int err,
		       const char *what)
{
	const char *colon = strchr(what, ':');

	(void)ctx;
	(void)node;
	snprintf(told + strlen(told), sizeof(told) - strlen(told),
		 "%s:%.*s@%u ", lathe_err_name(err), (int)(colon - what),
		 what, (unsigned)offset);
	return 0;
}

static void nap(void)
{
	struct timespec t = { 0, 20000000 };

	nanosleep(&t, NULL);	/* so that a change has another time */
}

/* The descriptor that comes next. */
static int next_fd(void)
{
	int fd = open("/dev/null", O_RDONLY);

	close(fd);
	return fd;
}

/* Another thing in the place of the folder, which is no more among those that
 * stay open. */
START_TEST(folders_of_sources_that_are_replaced)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_on_source_error on_error = { NULL, note_failed };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t data[2048];
	uint32_t blocks;
	char path[32];
	int i;

	mkdir("in/sub", 0755);
	put("in/sub/f", "1234");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	mkdir("many", 0755);
	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "many/%d", i);
		mkdir(path, 0755);
	}
	ck_assert_int_eq(add("many", "many", 0), 0);
	ck_assert_int_eq(rename("in/sub", "away"), 0);
	if (_i == 0)
		put("in/sub", "a file");
	else if (_i == 1)
		ck_assert_int_eq(symlink("../away", "in/sub"), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_str_eq(told, "CHANGED:in/sub/f ");
	told[0] = 0;
	plan = make_plan(tree, &options);
	blocks = lathe_iso9660_plan_blocks(plan);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, &on_error,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, blocks - 1, 1,
						   data), 0);
	ck_assert_mem_eq(data, "\0\0\0\0", 4);
	ck_assert_str_eq(told, "CHANGED:in/sub/f@0 ");
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

START_TEST(changes_of_sources_are_found)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_on_source_error on_error = { NULL, note_failed };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t data[8 * 2048];
	int fd = -1;

	put("in/a_same", "same");
	put("in/b_grown", "1234");
	put("in/c_shrunk", "1234");
	put("in/d_gone", "1234");
	put("in/e_replaced", "1234");
	put("in/f_touched", "1234");
	put("in/g_linked", "1234");
	put("in/h_pipe", "1234");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	ck_assert_str_eq(told, "");
	fd = next_fd();
	nap();
	put("in/b_grown", "123456");
	put("in/c_shrunk", "12");
	unlink("in/d_gone");
	put("in/new", "1234");
	rename("in/new", "in/e_replaced");
	chmod("in/f_touched", 0600);
	/* Neither another file nor what will never come is read. */
	unlink("in/g_linked");
	ck_assert_int_eq(symlink("a_same", "in/g_linked"), 0);
	unlink("in/h_pipe");
	ck_assert_int_eq(mkfifo("in/h_pipe", 0644), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_str_eq(told, "CHANGED:in/b_grown CHANGED:in/c_shrunk "
			       "CHANGED:in/d_gone CHANGED:in/e_replaced "
			       "CHANGED:in/f_touched CHANGED:in/g_linked "
			       "CHANGED:in/h_pipe ");
	ck_assert_int_eq(next_fd(), fd);

	/* Read in spite of it: the planned size, what can be had of it. */
	told[0] = 0;
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, &on_error,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 21, 8, data), 0);
	ck_assert_mem_eq(data, "same\0\0", 6);
	ck_assert_mem_eq(data + 2048, "1234\0\0", 6);
	ck_assert_mem_eq(data + 2 * 2048, "12\0\0\0", 5);
	ck_assert_mem_eq(data + 3 * 2048, "\0\0\0\0", 4);
	ck_assert_mem_eq(data + 4 * 2048, "1234", 4);
	ck_assert_mem_eq(data + 5 * 2048, "1234", 4);
	ck_assert_mem_eq(data + 6 * 2048, "\0\0\0\0", 4);
	ck_assert_mem_eq(data + 7 * 2048, "\0\0\0\0", 4);
	ck_assert_str_eq(told, "CHANGED:in/b_grown@0 CHANGED:in/c_shrunk@0 "
			       "CHANGED:in/d_gone@0 CHANGED:in/e_replaced@0 "
			       "CHANGED:in/f_touched@0 CHANGED:in/g_linked@0 "
			       "CHANGED:in/h_pipe@0 ");
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* A node that got another name still finds its file. */
START_TEST(renamed_nodes_find_their_files)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t node, blocks;
	uint8_t *image;

	mkdir("in/sub", 0755);
	put("in/sub/name", "content");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "sub/name", &node), 0);
	ck_assert_int_eq(lathe_iso9660_rename(tree, node, 1, "other", 5), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "sub", &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + 21 * 2048, "content", 7);
	free(image);
}
END_TEST

/* ---- image files -------------------------------------------------------- */

static uint8_t *whole_file(const char *path, size_t *bytes)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	uint8_t *p;

	ck_assert_int_eq(fstat(fd, &st), 0);
	*bytes = (size_t)st.st_size;
	p = malloc(*bytes);
	ck_assert_int_eq(read(fd, p, *bytes), (ssize_t)*bytes);
	close(fd);
	return p;
}

static void large_tree(void)
{
	char path[32];
	uint32_t i;

	for (i = 0; i < 30; i++) {
		snprintf(path, sizeof(path), "in/small%u", i);
		put_large(path, i, 1000 * i + 1);
	}
	put_large("in/large1", 100, 3 * 1048576 + 5);
	put_large("in/large2", 101, 262144);
	put_large("in/large3", 102, 1048576);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
}

static const uint32_t thread_counts[] = { 0, 1, 2, 4 };

/* By the system's copies and by reading: what the cursor says. */
START_TEST(image_into_a_file_at_an_offset)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = {
		.threads = thread_counts[_i], .chunk_blocks = 40
	};
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	uint32_t blocks;
	size_t bytes;
	uint8_t *want, *got;
	int fd;

	large_tree();
	plan = make_plan(tree, &options);
	want = read_image(plan, 64, &blocks);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 64), 0);
	put("out", "an image that is there");
	fd = open("out", O_RDWR);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 64 * 2048,
						   &feed, NULL, NULL), 0);
	close(fd);
	got = whole_file("out", &bytes);
	ck_assert_uint_eq(bytes, (size_t)(64 + blocks) * 2048);
	ck_assert_mem_eq(got, "an image that is there\0", 23);
	ck_assert_mem_eq(got + 64 * 2048, want, (size_t)blocks * 2048);
	free(got);
	free(want);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* Written without having been made first: not a byte differs, and the image
 * is the one that would have been made. */
START_TEST(plan_into_a_file)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_feed_options feed = {
		.threads = thread_counts[_i], .chunk_blocks = 7
	};
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image, made;
	uint32_t blocks, i;
	char name[64];
	size_t bytes;
	uint8_t *want, *got;
	int fd;

	large_tree();
	for (i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "folder %u/an empty file %u",
			 i / 90, i);
		add_text(tree, name, "");
	}
	plan = make_plan(tree, &options);
	want = read_image(plan, 32, &blocks);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 32), 0);
	fd = open("out", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, 32, fd, 4096, &feed,
						  NULL, NULL, &made), 0);
	ck_assert_uint_eq(made.start, 32);
	ck_assert_uint_eq(made.metadata_crc, image.metadata_crc);
	ck_assert_ptr_eq(made.plan, plan);
	got = whole_file("out", &bytes);
	ck_assert_uint_eq(bytes, 4096 + (size_t)blocks * 2048);
	ck_assert_mem_eq(got + 4096, want, (size_t)blocks * 2048);
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, UINT32_MAX - 5, fd, 0,
						  &feed, NULL, NULL, &made),
			 LATHE_ERR_LIMIT);
	ck_assert_uint_eq(made.start, 32);
	/* All but the descriptor, which is known already. */
	feed.hold_descriptor = true;
	memset(&made, 0, sizeof(made));
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, 32, fd, 4096, &feed,
						  NULL, NULL, &made), 0);
	ck_assert_uint_eq(made.metadata_crc, image.metadata_crc);
	memset(want + 16 * 2048, 0, 2048);
	free(got);
	got = whole_file("out", &bytes);
	ck_assert_mem_eq(got + 4096, want, (size_t)blocks * 2048);
	feed.hold_descriptor = false;
	free(want);
	want = read_image(plan, 32, &blocks);
	close(fd);
	free(got);
	/* A file that only grows is as good as a pipe. */
	fd = open("grown", O_WRONLY | O_CREAT | O_APPEND, 0644);
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, 32, fd, 4096, &feed,
						  NULL, NULL, NULL),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_plan_write(plan, 32, fd, 0, &feed,
						  NULL, NULL, NULL), 0);
	close(fd);
	got = whole_file("grown", &bytes);
	ck_assert_uint_eq(bytes, (size_t)blocks * 2048);
	ck_assert_mem_eq(got, want, (size_t)blocks * 2048);
	free(got);
	free(want);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* Bytes that a file takes on its disk. */
static uint64_t stored(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return (uint64_t)st.st_blocks * 512;
}

/* 12 MiB with few bytes in them: at odd places, and none at the end. */
static void put_sparse(const char *path)
{
	static const off_t places[] = { 5, 2 * 1048576 + 1000, 7 * 1048576 };
	int fd = open(path, O_RDWR | O_CREAT, 0644);
	uint32_t i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pwrite(fd, "stored bytes", 12, places[i]),
				 12);
	ck_assert_int_eq(ftruncate(fd, 12 * 1048576), 0);
	close(fd);
}

/* Holes are neither read nor written, and read as zeros; also where the file
 * held something else before. */
START_TEST(sparse_sources)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = {
		.threads = thread_counts[_i], .chunk_blocks = 40
	};
	struct lathe_iso9660_plan *plan;
	uint32_t blocks, i;
	uint8_t *want, *got;
	size_t bytes;
	int fd;

	put_sparse("in/a sparse file");
	put_sparse("in/another");
	put("in/small", "small");
	fd = open("in/z nothing but a hole", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(ftruncate(fd, 3 * 1048576), 0);
	close(fd);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	plan = make_plan(tree, &options);
	want = read_image(plan, 0, &blocks);
	for (i = 0; i < 3; i++) {
		fd = open("out", O_RDWR | O_CREAT, 0644);
		ck_assert_int_eq(lathe_iso9660_plan_write(
			plan, 0, fd, 0, &feed, NULL, NULL, NULL), 0);
		close(fd);
		got = whole_file("out", &bytes);
		ck_assert_uint_eq(bytes, (size_t)blocks * 2048);
		ck_assert_mem_eq(got, want, bytes);
		if (i == 0 && stored("in/another") < 1048576)
			ck_assert_uint_lt(stored("out"), 2 * 1048576);
		/* Once more over what is no zero: almost all of it, or up to
		 * what lies in front of the last hole. */
		memset(got, 0xff, bytes);
		bytes -= i == 0 ? 5000 : 4 * 1048576;
		fd = open("out", O_RDWR | O_TRUNC);
		ck_assert_int_eq(pwrite(fd, got, bytes, 0), (ssize_t)bytes);
		close(fd);
		free(got);
	}
	free(want);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

struct drain {
	int fd;
	uint8_t *data;
	size_t bytes, room;
};

static void *drain(void *arg)
{
	struct drain *d = arg;
	ssize_t n;

	while (d->bytes < d->room &&
	       (n = read(d->fd, d->data + d->bytes, d->room - d->bytes)) > 0)
		d->bytes += (size_t)n;
	return NULL;
}

START_TEST(image_into_a_pipe)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = {
		.threads = thread_counts[_i]
	};
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct drain d = { 0 };
	pthread_t thread;
	uint32_t blocks;
	uint8_t *want;
	int ends[2];

	large_tree();
	plan = make_plan(tree, &options);
	want = read_image(plan, 0, &blocks);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(pipe(ends), 0);
	d.fd = ends[0];
	d.room = (size_t)blocks * 2048 + 1;
	d.data = malloc(d.room);
	pthread_create(&thread, NULL, drain, &d);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, ends[1], 2048,
						   &feed, NULL, NULL),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, ends[1], 0, &feed,
						   NULL, NULL), 0);
	close(ends[1]);
	pthread_join(thread, NULL);
	close(ends[0]);
	ck_assert_uint_eq(d.bytes, (size_t)blocks * 2048);
	ck_assert_mem_eq(d.data, want, d.bytes);
	free(d.data);
	free(want);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* A large file that shrank and one that grew, copied by the system. */
START_TEST(large_sources_that_changed)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = {
		.threads = thread_counts[_i]
	};
	struct lathe_iso9660_on_source_error on_error = { NULL, note_failed };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	uint32_t first, node, i;
	uint64_t size;
	size_t bytes;
	uint8_t *got;
	int fd;

	large_tree();
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	nap();
	ck_assert_int_eq(truncate("in/large1", 1048576 + 7), 0);
	put_large("in/large3", 102, 2 * 1048576);
	fd = open("out", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &feed, NULL,
						   NULL), LATHE_ERR_CHANGED);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0, &feed, NULL,
						   &on_error), 0);
	close(fd);
	ck_assert_str_eq(told, "CHANGED:in/large1@0 CHANGED:in/large3@0 ");
	got = whole_file("out", &bytes);
	ck_assert_uint_eq(bytes, lathe_iso9660_plan_blocks(plan) * 2048ull);
	lathe_iso9660_find(tree, "large1", &node);
	lathe_iso9660_plan_extent(plan, node, &first, &size);
	ck_assert_uint_eq(size, 3 * 1048576 + 5);
	for (i = 0; i < size; i++)
		if (got[first * 2048ull + i] !=
		    (i < 1048576 + 7 ? content(100, i) : 0))
			ck_abort_msg("differs at %u", i);
	lathe_iso9660_find(tree, "large3", &node);
	lathe_iso9660_plan_extent(plan, node, &first, &size);
	for (i = 0; i < size; i++)
		if (got[first * 2048ull + i] != content(102, i))
			ck_abort_msg("differs at %u", i);
	free(got);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* An image into a full device is an error. */
START_TEST(output_that_fails)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = { .threads = 2 };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	int fd = open("/dev/full", O_WRONLY), in;

	large_tree();
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	if (fd >= 0) {
		ck_assert_int_eq(lathe_iso9660_image_write(&image, fd, 0,
							   &feed, NULL, NULL),
				 LATHE_ERR_IO);
		close(fd);
	}
	in = open("in/small1", O_RDONLY);
	ck_assert_int_eq(lathe_iso9660_image_write(&image, in, 0, &feed, NULL,
						   NULL), LATHE_ERR_IO);
	close(in);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

/* What a file system says is known to the caller, whichever thread was told:
 * here that a file may not become so large. */
START_TEST(output_that_is_full)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_feed_options feed = {
		.threads = thread_counts[_i]
	};
	struct rlimit before, limit;
	struct lathe_iso9660_plan *plan;
	int fd, err;

	large_tree();
	plan = make_plan(tree, &options);
	fd = open("out", O_RDWR | O_CREAT, 0644);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 300000;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	errno = 0;
	err = lathe_iso9660_plan_write(plan, 0, fd, 0, &feed, NULL, NULL,
				       NULL);
	ck_assert_int_eq(errno, EFBIG);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_assert_int_eq(err, LATHE_ERR_IO);
	close(fd);
	lathe_iso9660_plan_destroy(plan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("images of host files");
	TCase *tc = tcase_create("images of host files");

	tcase_add_checked_fixture(tc, setup, update_teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, many_folders);
	tcase_add_loop_test(tc, folders_of_sources_that_are_replaced, 0, 3);
	tcase_add_test(tc, changes_of_sources_are_found);
	tcase_add_test(tc, renamed_nodes_find_their_files);
	tcase_add_loop_test(tc, image_into_a_file_at_an_offset, 0, 4);
	tcase_add_loop_test(tc, plan_into_a_file, 0, 4);
	tcase_add_loop_test(tc, sparse_sources, 0, 4);
	tcase_add_loop_test(tc, image_into_a_pipe, 0, 4);
	tcase_add_loop_test(tc, large_sources_that_changed, 0, 4);
	tcase_add_test(tc, output_that_fails);
	tcase_add_loop_test(tc, output_that_is_full, 0, 4);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
