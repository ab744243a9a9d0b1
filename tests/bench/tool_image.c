/* SPDX-License-Identifier: MIT */
/*
 * Makes, continues and lists images, for the benchmarks.
 *
 *	tool_image make IMAGE THREADS PATH		contents of PATH
 *	tool_image append IMAGE THREADS PATH		a session behind it
 *	tool_image list IMAGE START
 *
 * "rock" in front of these: with Rock Ridge.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "joliet/lathe_joliet.h"
#include "tools/ahead.h"

static const struct lathe_joliet_options joliet_options = {
	.long_names = true
};
static const struct lathe_iso9660_use uses[] = {
	{ &lathe_joliet_hierarchy, &joliet_options }
};

static const struct lathe_iso9660_system_use *system_use;

static void check(int err, const char *what, const char *text)
{
	if (err == 0)
		return;
	fprintf(stderr, "%s: %s: %s\n", what, lathe_err_meaning(err), text);
	exit(1);
}

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	size_t bytes = (size_t)count * LATHE_BLOCK_BYTES;

	return pread(*(int *)ctx, out, bytes,
		     (off_t)lba * LATHE_BLOCK_BYTES) == (ssize_t)bytes
		       ? 0 : LATHE_ERR_IO;
}

/* As the program has them. */
static struct lathe_hooks hooks = { .realloc = lathe_iso9660_host_realloc };

static struct lathe_iso9660_tree *new_tree(void)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = hooks
	};
	struct lathe_iso9660_tree *tree;

	check(lathe_iso9660_tree_create(&config, &tree), "tree", "");
	return tree;
}

static void import(struct lathe_iso9660_tree *tree, int *fd, uint32_t start,
		   uint32_t *end)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = uses, .use_count = 1,
		.system_use = system_use
	};
	struct lathe_iso9660_found found;
	struct lathe_blocks file = { .ctx = fd, .read = read_blocks }, blocks;
	struct ahead *ahead;
	struct stat st;

	check(fstat(*fd, &st) ? LATHE_ERR_IO : 0, "image", "");
	file.end = (uint32_t)(st.st_size / LATHE_BLOCK_BYTES);
	*end = file.end;
	ahead = ahead_create(&file, &blocks);
	check(lathe_iso9660_import(tree, &blocks, start, &options, &found),
	      "import", lathe_iso9660_tree_failure(tree)->text);
	ahead_destroy(ahead);
}

static void write_image(struct lathe_iso9660_tree *tree, int fd,
			uint32_t start, uint32_t threads)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = uses, .use_count = 1,
		.system_use = system_use, .pad_blocks = 150, .volume = { .volume_id = "BENCH" }
	};
	struct lathe_iso9660_feed_options feed = { .threads = threads };
	struct lathe_iso9660_plan *plan;

	check(lathe_iso9660_plan_create(tree, &options, &plan), "plan",
	      lathe_iso9660_tree_failure(tree)->text);
	check(lathe_iso9660_plan_write(plan, start, fd,
				       (uint64_t)start * LATHE_BLOCK_BYTES,
				       &feed, &hooks, NULL, NULL), "write", "");
	lathe_iso9660_plan_destroy(plan);
}

static void record(const char *path, uint32_t threads, const char *from,
		   bool append)
{
	struct lathe_iso9660_host_config config = { .size = sizeof(config),
						    .threads = threads };
	struct lathe_iso9660_tree *tree = new_tree();
	struct lathe_iso9660_host *host;
	uint32_t start = 0;
	int fd = open(path, O_RDWR | O_CREAT | (append ? 0 : O_TRUNC), 0644);

	check(fd < 0 ? LATHE_ERR_IO : 0, path, "");
	check(lathe_iso9660_host_create(&config, &host), "host", "");
	if (append) {
		import(tree, &fd, 0, &start);
		start = (start + 31) / 32 * 32;
	}
	check(lathe_iso9660_host_add(host, tree, LATHE_ISO9660_ROOT, NULL,
				     from, LATHE_ISO9660_REPLACE), "add",
	      lathe_iso9660_host_failure(host)->text);
	write_image(tree, fd, start, threads);
	lathe_iso9660_tree_destroy(tree);
	lathe_iso9660_host_destroy(host);
	close(fd);
}

static int print(void *ctx, const struct lathe_iso9660_entry *entry)
{
	char path[LATHE_ISO9660_NAME_MAX * 4];

	lathe_iso9660_path(ctx, entry->node, path, sizeof(path));
	puts(path);
	return 0;
}

static void list(const char *path, uint32_t start)
{
	struct lathe_iso9660_tree *tree = new_tree();
	int fd = open(path, O_RDONLY);
	uint32_t end;

	check(fd < 0 ? LATHE_ERR_IO : 0, path, "");
	import(tree, &fd, start, &end);
	check(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, print, tree),
	      "walk", "");
	lathe_iso9660_tree_destroy(tree);
	close(fd);
}

int main(int argc, char **argv)
{
	struct lathe_iso9660_host_memory *memory;

	check(lathe_iso9660_host_memory_create(&memory), "memory", "");
	hooks.ctx = memory;
	if (argc > 1 && strcmp(argv[1], "rock") == 0) {
		system_use = &lathe_iso9660_rock_ridge;
		argc--;
		argv++;
	}
	if (argc == 5 && strcmp(argv[1], "make") == 0)
		record(argv[2], (uint32_t)atoi(argv[3]), argv[4], false);
	else if (argc == 5 && strcmp(argv[1], "append") == 0)
		record(argv[2], (uint32_t)atoi(argv[3]), argv[4], true);
	else if (argc == 4 && strcmp(argv[1], "list") == 0)
		list(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
	else
		return 2;
	lathe_iso9660_host_memory_destroy(memory);
	return 0;
}
