/* SPDX-License-Identifier: MIT */
/*
 * How time and memory grow with the number of files: a tree of files that no
 * disk holds, its plan, its metadata encoded, and imported again from the
 * image itself, which is read as a function of its address.
 *
 *	tool_grow FILES
 *
 * 300 files a folder, names of 34 bytes. One line: files, seconds of
 * processor time to add, plan, encode and import them, bytes of memory for a
 * file of the tree with its plan, and of the tree that was imported.
 */
#include "joliet/lathe_joliet.h"
#include "tests/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PER_FOLDER 300u
#define FOLDERS 100u		/* in each part */

struct heap {
	uint64_t bytes, most;
};

static void *take(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	struct heap *heap = ctx;

	heap->bytes += new_bytes - old_bytes;
	if (heap->bytes > heap->most)
		heap->most = heap->bytes;
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

static void check(int err, const char *what)
{
	if (err == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, lathe_err_meaning(err));
	exit(1);
}

static double lap(void)
{
	static clock_t last;
	clock_t now = clock();
	double seconds = (double)(now - last) / CLOCKS_PER_SEC;

	last = now;
	return seconds;
}

/* ---- files that no disk holds ------------------------------------------- */

static const struct lathe_iso9660_source source = {
	.open = made_open, .read_at = made_zeros, .close = made_close
};

static const struct lathe_joliet_options long_names = { .long_names = true };
static const struct lathe_iso9660_use uses[] = {
	{ &lathe_joliet_hierarchy, &long_names }
};

static struct lathe_iso9660_tree *new_tree(struct heap *heap)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = { .ctx = heap, .realloc = take }
	};
	struct lathe_iso9660_tree *tree;

	check(lathe_iso9660_tree_create(&config, &tree), "tree");
	return tree;
}

static uint32_t add_folder(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *format, uint32_t number)
{
	char name[64];
	int len = snprintf(name, sizeof(name), format, number);
	uint32_t node;

	check(lathe_iso9660_add_directory(tree, parent, name, (size_t)len,
					  NULL, &node), "folder");
	return node;
}

static void fill(struct lathe_iso9660_tree *tree, uint32_t files)
{
	uint32_t part = 0, folder = 0, node, i;
	char name[64];
	int len;

	for (i = 0; i < files; i++) {
		uint32_t number = i / PER_FOLDER;

		if (i % (PER_FOLDER * FOLDERS) == 0)
			part = add_folder(tree, LATHE_ISO9660_ROOT,
					  "part %05" PRIu32, number / FOLDERS);
		if (i % PER_FOLDER == 0)
			folder = add_folder(tree, part,
					    "folder %05" PRIu32, number);
		len = snprintf(name, sizeof(name), "F%08" PRIx32 "_%08" PRIu32
			       "-\xc3\xa4rger-\xc3\xb6l.data",
			       i * 2654435761u, i);
		check(lathe_iso9660_add_file(tree, folder, name, (size_t)len,
					     NULL, &source, i, 1 + i % 2048, 0,
					     &node), "file");
	}
}

/* ---- the image as a disc ------------------------------------------------ */

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	return lathe_iso9660_cursor_read(ctx, lba, count, out);
}

static void import(const struct lathe_iso9660_image *image, struct heap *heap,
		   uint32_t files)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = uses, .use_count = 1
	};
	struct lathe_iso9660_tree *tree = new_tree(heap);
	struct lathe_blocks blocks = {
		.read = read_blocks,
		.end = lathe_iso9660_plan_blocks(image->plan)
	};
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_counts count;
	struct lathe_iso9660_found found;

	check(lathe_iso9660_cursor_create(image, NULL, NULL, &cursor),
	      "cursor");
	blocks.ctx = cursor;
	check(lathe_iso9660_import(tree, &blocks, 0, &options, &found),
	      "import");
	lathe_iso9660_count(tree, &count);
	if (count.files != files) {
		fprintf(stderr, "files were lost\n");
		exit(1);
	}
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_tree_destroy(tree);
}

int main(int argc, char **argv)
{
	uint32_t files = argc == 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = uses, .use_count = 1
	};
	struct heap made = { 0 }, imported = { 0 };
	struct lathe_iso9660_tree *tree = new_tree(&made);
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	double add, planning, encode;

	if (files == 0)
		return 2;
	lap();
	fill(tree, files);
	add = lap();
	check(lathe_iso9660_plan_create(tree, &options, &plan), "plan");
	planning = lap();
	check(lathe_iso9660_image_init(&image, plan, 0), "image");
	encode = lap();
	import(&image, &imported, files);
	printf("%" PRIu32 " %.3f %.3f %.3f %.3f %.0f %.0f\n", files, add,
	       planning, encode, lap(), (double)made.most / files,
	       (double)imported.most / files);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	return 0;
}
