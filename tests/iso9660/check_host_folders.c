/* SPDX-License-Identifier: MIT */
/* Folders and paths of the host: how many are open, where paths begin, what
 * takes a folder's place meanwhile, where another file system begins. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

#define DESCRIPTORS 256

static int open_ones(void)
{
	int fd, count = 0;

	for (fd = 0; fd < DESCRIPTORS; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

static void note(void *ctx, uint32_t node, int err, const char *what)
{
	size_t used = strlen(told);

	(void)ctx;
	(void)node;
	snprintf(told + used, sizeof(told) - used, "%s:%s ",
		 lathe_err_name(err), what);
}

/* ---- descriptors -------------------------------------------------------- */

/* Up to 64 folders stay open, and none when the host is gone. */
START_TEST(folders_that_stay_open)
{
	struct rlimit limit, less;
	char path[64];
	uint32_t i;
	int before;

	for (i = 0; i < 200; i++) {
		snprintf(path, sizeof(path), "in/d%03u", i);
		mkdir(path, 0755);
		snprintf(path, sizeof(path), "in/d%03u/f", i);
		put(path, "x");
	}
	lathe_iso9660_host_destroy(host);
	host = NULL;
	before = open_ones();
	new_host();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	less = limit;
	less.rlim_cur = (rlim_t)before + 64 + 8;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &less), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(told, "");
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	ck_assert_str_eq(told, "");
	/* Neither a call that fails leaves one open. */
	ck_assert_int_eq(add(NULL, "in", 0), LATHE_ERR_EXISTS);
	ck_assert_int_le(open_ones(), before + 1 + 64);
	lathe_iso9660_host_destroy(host);
	host = NULL;
	ck_assert_int_eq(open_ones(), before);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}
END_TEST

/* Descriptors, 'more' than what is open now. */
static void allow(struct rlimit *limit, int more)
{
	struct rlimit less;
	int fd;

	for (fd = 0; more > 0 || fcntl(fd, F_GETFD) != -1; fd++)
		more -= fcntl(fd, F_GETFD) == -1;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, limit), 0);
	less = *limit;
	less.rlim_cur = (rlim_t)fd;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &less), 0);
}

/* 100 folders of a file each, and a file below 80 others. */
static void make_many(void)
{
	char path[256] = "in/deep", number[16];
	uint32_t i;

	for (i = 0; i < 80; i++) {
		mkdir(path, 0755);
		strcat(path, "/d");
	}
	put(path, "bottom");
	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "in/d%03u", i);
		mkdir(path, 0755);
		strcat(path, "/f");
		snprintf(number, sizeof(number), "%u", i);
		put(path, number);
	}
}

static uint8_t *read_by_feed(const struct lathe_iso9660_plan *plan,
			     uint32_t threads)
{
	struct lathe_iso9660_feed_options how = { .threads = threads,
						  .chunk_blocks = 2,
						  .ring_chunks = 8 };
	uint32_t lba, blocks = lathe_iso9660_plan_blocks(plan);
	uint8_t *out = malloc((size_t)blocks * 2048);
	struct lathe_iso9660_image image;
	struct lathe_iso9660_feed *feed;
	const uint8_t *data;

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_feed_create(&image, 0, blocks, &how,
						   NULL, NULL, &feed), 0);
	do {
		ck_assert_int_eq(lathe_iso9660_feed_next(feed, &data, &lba,
							 &blocks), 0);
		if (blocks)
			memcpy(out + (size_t)lba * 2048, data,
			       (size_t)blocks * 2048);
	} while (blocks);
	lathe_iso9660_feed_destroy(feed);
	return out;
}

/* Where descriptors are few, folders that nobody uses make room: adding takes
 * two, and each thread that reads as many. */
START_TEST(few_descriptors)
{
	static const int threads[] = { 0, 1, 4 };
	struct lathe_iso9660_plan_options options = plain_options();
	struct lathe_iso9660_plan *plan;
	struct rlimit limit;
	uint8_t *few, *enough;
	uint32_t blocks;

	make_many();
	new_host();
	allow(&limit, threads[_i] > 1 ? 2 * threads[_i] : 2);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(told, "");
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	ck_assert_str_eq(told, "");
	plan = make_plan(tree, &options);
	few = read_by_feed(plan, (uint32_t)threads[_i]);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	enough = read_image(plan, 0, &blocks);
	ck_assert_mem_eq(few, enough, (size_t)blocks * 2048);
	lathe_iso9660_plan_destroy(plan);
	free(enough);
	free(few);
}
END_TEST

/* Whoever else opens files meanwhile has most of what there is. */
START_TEST(descriptors_for_others)
{
	struct rlimit limit, less;
	int before;

	make_many();
	lathe_iso9660_host_destroy(host);
	host = NULL;
	before = open_ones();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	less = limit;
	less.rlim_cur = 40;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &less), 0);
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	ck_assert_int_le(open_ones(), before + 1 + 2 + 40 / 4);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}
END_TEST

/* None can be had: that is no folder that can not be read. */
START_TEST(no_descriptors)
{
	struct rlimit limit;

	make_many();
	new_host();
	allow(&limit, _i);
	ck_assert_int_eq(add("x", "in", 0), LATHE_ERR_IO);
	ck_assert_str_eq(told, "");
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_host_failure(host)->text,
				     "too many files are open"));
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_str_eq(dump(), "");
	ck_assert_int_eq(add("x", "in", 0), 0);
}
END_TEST

/* ---- paths -------------------------------------------------------------- */

/* Relative ones are from where the host was made; a link that is named is
 * followed, whenever it is opened. */
START_TEST(paths_mean_the_same_for_ever)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t blocks;
	uint8_t *image;

	mkdir("elsewhere", 0755);
	put("in/a", "content");
	ck_assert_int_eq(symlink("in/a", "link"), 0);
	ck_assert_int_eq(chdir("elsewhere"), 0);
	ck_assert_int_eq(add("file", "link", 0), 0);
	ck_assert_int_eq(add("folder", "in", 0), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048, "content", 7);
	free(image);
	/* Told of by the path that was given. */
	ck_assert_int_eq(unlink("../link"), 0);
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, note, NULL),
			 LATHE_ERR_CHANGED);
	ck_assert_str_eq(told, "CHANGED:link ");
	ck_assert_int_eq(chdir(".."), 0);
}
END_TEST

/* A slash behind a path is part of it where nothing follows. */
START_TEST(paths_that_end_with_a_slash)
{
	if (geteuid() != 0)
		return;
	mkdir("in/locked", 0);
	chmod(".", 0755);
	if (seteuid(65534) != 0)
		return;
	ck_assert_int_eq(add("x", "in//", 0), 0);
	ck_assert_int_eq(add("y", "in/locked/", 0), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_str_eq(told, "unreadable:in/locked unreadable:in/locked/ ");
}
END_TEST

/* ---- what changes meanwhile --------------------------------------------- */

/* Asked about "z", which comes after "a" was seen and before it is read, puts
 * a link in the place of "a". */
static bool swap(void *ctx, const char *path, bool directory)
{
	(void)ctx;
	(void)directory;
	if (strcmp(path, "/z") == 0) {
		ck_assert_int_eq(rename("in/a", "away"), 0);
		ck_assert_int_eq(symlink("../outside", "in/a"), 0);
	}
	return false;
}

START_TEST(a_link_in_the_place_of_a_folder)
{
	mkdir("in/a", 0755);
	put("in/a/inside", "x");
	mkdir("outside", 0755);
	put("outside/secret", "x");
	put("in/z", "x");
	config.excluded = swap;
	config.symlinks = _i ? LATHE_ISO9660_LINKS_FOLLOW
			     : LATHE_ISO9660_LINKS_RECORD;
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/a/ /z+1 ");
	ck_assert_str_eq(told, "unreadable:in/a ");
}
END_TEST

/* ---- other file systems ------------------------------------------------- */

static const char *other_place;	/* in the tree */

static bool is_aside(void *ctx, const char *path, bool directory)
{
	size_t len = strlen(other_place), least = strlen(path);

	(void)ctx;
	(void)directory;
	return strncmp(path, other_place, least < len ? least : len) != 0;
}

/* What is mounted below stays empty, where that is asked for. */
START_TEST(what_is_mounted_below)
{
	char path[] = "/dev/shm/lathe.XXXXXX", file[64], inner[64], deep[64];
	struct stat above, below;
	uint32_t node;

	if (stat("/dev", &above) != 0 || stat("/dev/shm", &below) != 0 ||
	    above.st_dev == below.st_dev || !mkdtemp(path))
		return;
	snprintf(file, sizeof(file), "%s/f", path);
	put(file, "x");
	snprintf(inner, sizeof(inner), "%s/sub", path);
	ck_assert_int_eq(mkdir(inner, 0755), 0);
	snprintf(deep, sizeof(deep), "%s/sub/g", path);
	put(deep, "x");
	other_place = path;	/* "/dev" is "/dev" */
	config.excluded = is_aside;
	config.one_file_system = _i;
	new_host();
	ck_assert_int_eq(add("dev", "/dev", 0), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "dev/shm", &node), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, file + 1, &node) == 0, !_i);
	/* Named itself it is no other one. */
	other_place = "/named";
	ck_assert_int_eq(add("named", path, 0), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "named/sub/g", &node), 0);
	ck_assert_int_eq(remove(deep) + remove(inner) + remove(file) +
				 remove(path), 0);
}
END_TEST

/* What the disc has of it is left out as well: it stays. */
START_TEST(mirror_keeps_what_is_mounted_below)
{
	char path[] = "/dev/shm/lathe.XXXXXX", file[64];
	struct stat here, there;

	if (stat(".", &here) != 0 || stat("/dev/shm", &there) != 0 ||
	    here.st_dev == there.st_dev || !mkdtemp(path))
		return;
	snprintf(file, sizeof(file), "%s/f", path);
	put(file, "x");
	ck_assert_int_eq(symlink(path, "in/m"), 0);
	config.symlinks = LATHE_ISO9660_LINKS_FOLLOW;
	new_host();
	update(0);
	record();
	config.one_file_system = true;
	new_host();
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_str_eq(dump(), "/m/ /m/f=1 ");
	unlink("in/m");
	update(MIRROR);
	ck_assert_str_eq(dump(), "");
	ck_assert_int_eq(remove(file) + remove(path), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("folders of the host");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, folders_that_stay_open);
	tcase_add_loop_test(tc, few_descriptors, 0, 3);
	tcase_add_test(tc, descriptors_for_others);
	tcase_add_loop_test(tc, no_descriptors, 0, 2);
	tcase_add_test(tc, paths_mean_the_same_for_ever);
	tcase_add_test(tc, paths_that_end_with_a_slash);
	tcase_add_loop_test(tc, a_link_in_the_place_of_a_folder, 0, 2);
	tcase_add_loop_test(tc, what_is_mounted_below, 0, 2);
	tcase_add_test(tc, mirror_keeps_what_is_mounted_below);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
