/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"

char told[4096], text[1 << 16];
struct lathe_iso9660_host_config config;
struct lathe_iso9660_host_totals totals;
struct lathe_iso9660_tree *tree;
struct lathe_iso9660_host *host;
struct heap heap;
static char dir[4096];
static uint8_t *volume;
static uint32_t volume_start, volume_blocks;
static int before_fd;

static void skipped(void *ctx, enum lathe_iso9660_skipped why,
		    const char *path, int sys_errno)
{
	static const char *const names[] = { "special", "directory",
					     "dangling", "unreadable", "name",
					     "link", "loop", "output" };
	size_t used = strlen(told);

	(void)ctx;
	(void)sys_errno;
	snprintf(told + used, sizeof(told) - used, "%s:%s ", names[why],
		 path);
}

void new_host(void)
{
	lathe_iso9660_host_destroy(host);
	ck_assert_int_eq(lathe_iso9660_host_create(&config, &host), 0);
}

void update_setup(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/update.XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	before_fd = open(".", O_RDONLY);
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(mkdir("in", 0755), 0);
	told[0] = 0;
	memset(&heap, 0, sizeof(heap));
	config = (struct lathe_iso9660_host_config){
		.size = sizeof(config),
		.hooks = heap_hooks(&heap),
		.posix = true,
		.symlinks = LATHE_ISO9660_LINKS_RECORD,
		.skipped = skipped,
	};
	tree = make_tree(NULL, 1);
	host = NULL;
	new_host();
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void update_teardown(void)
{
	lathe_iso9660_tree_destroy(tree);
	lathe_iso9660_host_destroy(host);
	ck_assert_uint_eq(heap.blocks, 0);
	free(volume);
	volume = NULL;
	volume_blocks = 0;
	ck_assert_int_eq(fchdir(before_fd), 0);
	close(before_fd);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* All files are of one second, but for those that a test touches. */
void age(const char *path, time_t seconds)
{
	struct timespec times[2] = { { .tv_sec = seconds },
				     { .tv_sec = seconds } };

	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW),
			 0);
}

static int age_one(const char *path, const struct stat *st, int type,
		   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	age(path, 1000000000);
	return 0;
}

void age_all(const char *path)
{
	nftw(path, age_one, 16, FTW_DEPTH | FTW_PHYS);
}

void put(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	size_t len = strlen(content);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, len), (ssize_t)len);
	close(fd);
}

int add(const char *name, const char *path, uint32_t flags)
{
	return lathe_iso9660_host_add(host, tree, LATHE_ISO9660_ROOT, name,
				      path, flags);
}

int finish(void)
{
	memset(&totals, 0xff, sizeof(totals));
	return lathe_iso9660_host_finish(host, tree, &totals);
}

/* The contents of "in", as an update. */
void update(uint32_t flags)
{
	ck_assert_int_eq(add(NULL, "in", flags | UPDATE), 0);
	ck_assert_int_eq(finish(), 0);
}

static int append(void *ctx, const struct lathe_iso9660_entry *e)
{
	size_t used = strlen(text);

	(void)ctx;
	if (e->node == LATHE_ISO9660_ROOT)
		return 0;
	lathe_iso9660_path(tree, e->node, text + used, sizeof(text) - used);
	used = strlen(text);
	if (e->kind == LATHE_ISO9660_DIRECTORY)
		snprintf(text + used, sizeof(text) - used, "/ ");
	else if (e->kind == LATHE_ISO9660_SYMLINK)
		snprintf(text + used, sizeof(text) - used, ">%.*s%s%u ",
			 (int)e->symlink_len, e->symlink,
			 e->imported ? "=" : "+", (unsigned)e->size);
	else if (e->kind == LATHE_ISO9660_SPECIAL)
		snprintf(text + used, sizeof(text) - used, "!%o ",
			 (unsigned)e->type);
	else
		snprintf(text + used, sizeof(text) - used, "%s%s%u ",
			 e->imported ? "=" : "+", e->link ? "@" : "",
			 (unsigned)e->size);
	return 0;
}

const char *dump(void)
{
	text[0] = 0;
	ck_assert_int_eq(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, append,
					    NULL), 0);
	return text;
}

static int read_volume(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	(void)ctx;
	memcpy(out, volume + (size_t)lba * 2048, (size_t)count * 2048);
	return 0;
}

/* A session behind what is there already. */
static void grow_volume(const struct lathe_iso9660_rock_ridge_options *rock)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	uint32_t blocks;
	uint8_t *made;

	options.system_use = &lathe_iso9660_rock_ridge;
	options.system_use_options = rock;
	made = make_image(tree, &options, volume_blocks, &blocks);
	volume = realloc(volume, (size_t)(volume_blocks + blocks) * 2048);
	ck_assert_ptr_nonnull(volume);
	memcpy(volume + (size_t)volume_blocks * 2048, made,
	       (size_t)blocks * 2048);
	volume_start = volume_blocks;
	volume_blocks += blocks;
	free(made);
}

void record_with(const struct lathe_iso9660_rock_ridge_options *rock)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	struct lathe_blocks blocks = { .read = read_volume };
	struct lathe_iso9660_import_options how = {
		.size = sizeof(how), .uses = &use, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge
	};
	struct lathe_iso9660_found found;

	grow_volume(rock);
	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(NULL, 1);
	blocks.end = volume_blocks;
	ck_assert_int_eq(lathe_iso9660_import(tree, &blocks, volume_start,
					      &how, &found), 0);
	new_host();
	told[0] = 0;
}

void record(void)
{
	static const struct lathe_iso9660_rock_ridge_options keep = {
		.keep_modes = true, .keep_owner = true
	};

	record_with(&keep);
}

/* in/: a, sub/b, sub/c; all recorded. */
void record_three(void)
{
	mkdir("in/sub", 0755);
	put("in/a", "1");
	put("in/sub/b", "22");
	put("in/sub/c", "333");
	age_all("in");
	update(0);
	ck_assert_uint_eq(totals.added, 4);
	record();
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 ");
}

void expect(uint32_t added, uint32_t replaced, uint32_t removed,
		   uint32_t attributes)
{
	ck_assert_uint_eq(totals.added, added);
	ck_assert_uint_eq(totals.replaced, replaced);
	ck_assert_uint_eq(totals.removed, removed);
	ck_assert_uint_eq(totals.attributes, attributes);
}
