/* SPDX-License-Identifier: MIT */
/* Files of this host: what is added, what is left out, what is noticed when
 * files change, and image files written from them. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static char dir[4096], told[1 << 16];
static struct lathe_iso9660_tree *tree;
static struct lathe_iso9660_host *host;
static int before_fd;

static void skipped(void *ctx, enum lathe_iso9660_skipped why,
		    const char *path, int sys_errno)
{
	static const char *const names[] = { "special", "directory",
					     "dangling", "unreadable",
					     "name" };
	size_t used = strlen(told);

	(void)ctx;
	(void)sys_errno;
	snprintf(told + used, sizeof(told) - used, "%s:%s ", names[why],
		 strncmp(path, "in/", 3) == 0 ? path + 3 : path);
}

static void setup(void)
{
	struct lathe_iso9660_host_config config = { .size = sizeof(config),
						    .skipped = skipped };
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/host.XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	before_fd = open(".", O_RDONLY);
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(mkdir("in", 0755), 0);
	told[0] = 0;
	tree = make_tree(NULL, 1);
	ck_assert_int_eq(lathe_iso9660_host_create(&config, &host), 0);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void teardown(void)
{
	lathe_iso9660_tree_destroy(tree);
	lathe_iso9660_host_destroy(host);
	ck_assert_int_eq(fchdir(before_fd), 0);
	close(before_fd);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	size_t len = strlen(text);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
}

/* 'blocks' of content(file, ...) and 'more' bytes. */
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

static int add(const char *name, const char *path)
{
	return lathe_iso9660_host_add(host, tree, LATHE_ISO9660_ROOT, name,
				      path, 0);
}

static char text[1 << 16];

static int append(void *ctx, const struct lathe_iso9660_entry *entry)
{
	size_t used = strlen(text);

	(void)ctx;
	lathe_iso9660_path(tree, entry->node, text + used,
			   sizeof(text) - used);
	used = strlen(text);
	snprintf(text + used, sizeof(text) - used, "%s%s ",
		 entry->kind == LATHE_ISO9660_DIRECTORY ? "/" : "",
		 entry->link ? "@" : "");
	return 0;
}

static const char *dump(void)
{
	text[0] = 0;
	ck_assert_int_eq(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, append,
					    NULL), 0);
	return text;
}

START_TEST(folder_with_all_below)
{
	struct timespec times[2] = { { 0, 0 }, { 951782399, 0 } };
	struct lathe_iso9660_entry entry;
	uint32_t node;

	/* 2000-02-28 23:59:59 GMT, a day before a leap day */
	static const uint8_t date[7] = { 100, 2, 28, 23, 59, 59, 0 };

	mkdir("in/sub", 0755);
	mkdir("in/empty", 0755);
	put("in/sub/b", "bb");
	put("in/a", "hello");
	ck_assert_int_eq(utimensat(AT_FDCWD, "in/a", times, 0), 0);
	ck_assert_int_eq(add("x", "in"), 0);
	ck_assert_int_eq(add(NULL, "in/sub"), 0);
	ck_assert_int_eq(add("one", "in/a"), 0);
	ck_assert_str_eq(dump(), "// /b /one /x/ /x/a /x/empty/ /x/sub/ "
				 "/x/sub/b ");
	ck_assert_int_eq(lathe_iso9660_find(tree, "x/a", &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert_uint_eq(entry.size, 5);
	ck_assert_mem_eq(entry.date, date, 7);
	ck_assert_str_eq(told, "");
}
END_TEST

/* The days around leap days, and the years that a record can hold. */
START_TEST(dates_of_files)
{
	static const struct {
		time_t time;
		uint8_t date[7];
	} cases[] = {
		{ 0, { 70, 1, 1, 0, 0, 0, 0 } },
		{ -1, { 69, 12, 31, 23, 59, 59, 0 } },
		{ 951868800, { 100, 3, 1, 0, 0, 0, 0 } },
		{ 951782400, { 100, 2, 29, 0, 0, 0, 0 } },
		{ 1709251199, { 124, 2, 29, 23, 59, 59, 0 } },
		{ 4107542399, { 200, 2, 28, 23, 59, 59, 0 } },
		{ 4107542400, { 200, 3, 1, 0, 0, 0, 0 } },
		{ 5869583999, { 255, 12, 31, 23, 59, 59, 0 } },
		{ 5869584000, { 0, 0, 0, 0, 0, 0, 0 } },
		{ -2208988801, { 0, 0, 0, 0, 0, 0, 0 } }
	};
	struct lathe_iso9660_entry entry;
	uint32_t i, node;
	char name[8];

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct timespec times[2] = { { 0, 0 },
					     { cases[i].time, 0 } };
		struct stat st;

		put("in/f", "x");
		utimensat(AT_FDCWD, "in/f", times, 0);
		stat("in/f", &st);
		if (st.st_mtime != cases[i].time)
			continue;	/* not every file system can */
		snprintf(name, sizeof(name), "f%u", i);
		ck_assert_int_eq(add(name, "in/f"), 0);
		lathe_iso9660_find(tree, name, &node);
		lathe_iso9660_get(tree, node, &entry);
		ck_assert_mem_eq(entry.date, cases[i].date, 7);
	}
}
END_TEST

START_TEST(what_plain_volumes_can_not_hold)
{
	mkdir("in/folder", 0755);
	put("in/folder/file", "in the tree");
	put("outside", "not in the tree");
	ck_assert_int_eq(mkfifo("in/pipe", 0644), 0);
	put("in/bad\xff", "x");
	ck_assert_int_eq(symlink("folder/file", "in/to_file"), 0);
	ck_assert_int_eq(symlink("to_file", "in/to_link"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out1"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out2"), 0);
	ck_assert_int_eq(symlink("folder", "in/to_folder"), 0);
	ck_assert_int_eq(symlink("nothing", "in/to_nothing"), 0);
	ck_assert_int_eq(symlink("loop", "in/loop"), 0);
	ck_assert_int_eq(symlink("pipe", "in/to_pipe"), 0);
	ck_assert_int_eq(symlink(".", "in/folder/self"), 0);
	ck_assert_int_eq(add(NULL, "in"), 0);
	ck_assert_str_eq(dump(), "// /folder/ /folder/file /out1 /out2@ "
				 "/to_file@ /to_link@ ");
	ck_assert_str_eq(told, "name:bad\xff dangling:loop special:pipe "
			       "directory:to_folder dangling:to_nothing "
			       "special:to_pipe directory:folder/self ");
}
END_TEST

START_TEST(hard_links_share_an_extent)
{
	struct lathe_iso9660_count count;

	put("in/a", "12345");
	mkdir("in/sub", 0755);
	ck_assert_int_eq(link("in/a", "in/b"), 0);
	ck_assert_int_eq(link("in/a", "in/sub/c"), 0);
	put("in/d", "12345");
	ck_assert_int_eq(add("one", "in"), 0);
	/* Added again they are still the same file. */
	ck_assert_int_eq(add("two", "in/b"), 0);
	ck_assert_str_eq(dump(), "// /one/ /one/a /one/b@ /one/d /one/sub/ "
				 "/one/sub/c@ /two@ ");
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.new_files, 2);
	ck_assert_uint_eq(count.new_bytes, 10);
}
END_TEST

START_TEST(failed_adding_leaves_no_trace)
{
	put("in/a", "x");
	put("in/b", "x");
	mkdir("in/sub", 0755);
	put("in/sub/c", "x");
	ck_assert_int_eq(add("b", "in/b"), 0);
	ck_assert_int_eq(add(NULL, "in"), LATHE_ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_host_failure(host)->text,
				     "in/b"));
	ck_assert_str_eq(dump(), "// /b ");
	ck_assert_int_eq(add(NULL, "nowhere"), LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(add(NULL, "in/a"), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, 1, NULL, "in",
						LATHE_ISO9660_REPLACE), 0);
	ck_assert_str_eq(dump(), "// /a /b /sub/ /sub/c ");
}
END_TEST

/* Longer than PATH_MAX; files are found again from folder to folder. */
START_TEST(paths_longer_than_the_system_takes)
{
	static char name[201];
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t depth, blocks;
	uint8_t *image;
	int fd = open("in", O_RDONLY), next;

	memset(name, 'n', 200);
	for (depth = 0; depth < 60; depth++) {
		ck_assert_int_eq(mkdirat(fd, name, 0755), 0);
		next = openat(fd, name, O_RDONLY);
		ck_assert_int_ge(next, 0);
		close(fd);
		fd = next;
	}
	next = openat(fd, "file", O_WRONLY | O_CREAT, 0644);
	ck_assert_int_eq(write(next, "deep down", 9), 9);
	close(next);
	close(fd);
	ck_assert_int_eq(add(NULL, "in"), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048, "deep down",
			 9);
	free(image);

	/* nftw can not remove it. */
	for (depth = 60; depth > 0; depth--) {
		uint32_t i;

		fd = open("in", O_RDONLY);
		for (i = 1; i < depth; i++) {
			next = openat(fd, name, O_RDONLY);
			close(fd);
			fd = next;
		}
		if (depth == 60) {
			next = openat(fd, name, O_RDONLY);
			unlinkat(next, "file", 0);
			close(next);
		}
		unlinkat(fd, name, AT_REMOVEDIR);
		close(fd);
	}
}
END_TEST

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
	ck_assert_int_eq(add(NULL, "in"), 0);
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

START_TEST(changes_of_sources_are_found)
{
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_on_source_error on_error = { NULL, note_failed };
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t data[6 * 2048];

	put("in/a_same", "same");
	put("in/b_grown", "1234");
	put("in/c_shrunk", "1234");
	put("in/d_gone", "1234");
	put("in/e_replaced", "1234");
	put("in/f_touched", "1234");
	ck_assert_int_eq(add(NULL, "in"), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	ck_assert_str_eq(told, "");
	nap();
	put("in/b_grown", "123456");
	put("in/c_shrunk", "12");
	unlink("in/d_gone");
	put("in/new", "1234");
	rename("in/new", "in/e_replaced");
	chmod("in/f_touched", 0600);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_str_eq(told, "CHANGED:in/b_grown CHANGED:in/c_shrunk "
			       "CHANGED:in/d_gone CHANGED:in/e_replaced "
			       "CHANGED:in/f_touched ");

	/* Read in spite of it: the planned size, what can be had of it. */
	told[0] = 0;
	plan = make_plan(tree, &options);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, &on_error,
						     &cursor), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, 21, 6, data), 0);
	ck_assert_mem_eq(data, "same\0\0", 6);
	ck_assert_mem_eq(data + 2048, "1234\0\0", 6);
	ck_assert_mem_eq(data + 2 * 2048, "12\0\0\0", 5);
	ck_assert_mem_eq(data + 3 * 2048, "\0\0\0\0", 4);
	ck_assert_mem_eq(data + 4 * 2048, "1234", 4);
	ck_assert_str_eq(told, "CHANGED:in/b_grown@0 CHANGED:in/c_shrunk@0 "
			       "CHANGED:in/d_gone@0 CHANGED:in/e_replaced@0 "
			       "CHANGED:in/f_touched@0 ");
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
	ck_assert_int_eq(add(NULL, "in"), 0);
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
	ck_assert_int_eq(add(NULL, "in"), 0);
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
						  &feed, NULL, NULL, NULL),
			 LATHE_ERR_LIMIT);
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
	fd = open("in/nothing but a hole", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(ftruncate(fd, 3 * 1048576 + 2), 0);
	close(fd);
	ck_assert_int_eq(add(NULL, "in"), 0);
	plan = make_plan(tree, &options);
	want = read_image(plan, 0, &blocks);
	for (i = 0; i < 2; i++) {
		fd = open("out", O_RDWR | O_CREAT, 0644);
		ck_assert_int_eq(lathe_iso9660_plan_write(
			plan, 0, fd, 0, &feed, NULL, NULL, NULL), 0);
		close(fd);
		got = whole_file("out", &bytes);
		ck_assert_uint_eq(bytes, (size_t)blocks * 2048);
		ck_assert_mem_eq(got, want, bytes);
		if (i == 0 && stored("in/another") < 1048576)
			ck_assert_uint_lt(stored("out"), 2 * 1048576);
		/* Once more over what is no zero. */
		memset(got, 0xff, bytes);
		fd = open("out", O_RDWR);
		ck_assert_int_eq(pwrite(fd, got, bytes - 5000, 0),
				 (ssize_t)bytes - 5000);
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

int main(void)
{
	Suite *suite = suite_create("host files");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, folder_with_all_below);
	tcase_add_test(tc, dates_of_files);
	tcase_add_test(tc, what_plain_volumes_can_not_hold);
	tcase_add_test(tc, hard_links_share_an_extent);
	tcase_add_test(tc, failed_adding_leaves_no_trace);
	tcase_add_test(tc, paths_longer_than_the_system_takes);
	tcase_add_test(tc, many_folders);
	tcase_add_test(tc, changes_of_sources_are_found);
	tcase_add_test(tc, renamed_nodes_find_their_files);
	tcase_add_loop_test(tc, image_into_a_file_at_an_offset, 0, 4);
	tcase_add_loop_test(tc, plan_into_a_file, 0, 4);
	tcase_add_loop_test(tc, sparse_sources, 0, 4);
	tcase_add_loop_test(tc, image_into_a_pipe, 0, 4);
	tcase_add_loop_test(tc, large_sources_that_changed, 0, 4);
	tcase_add_test(tc, output_that_fails);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
