/* SPDX-License-Identifier: MIT */
/*
 * Import a volume of an image file, for scripts:
 *
 *	tool_import [-s START] [-n NAMES_FROM] [-j] [-r] [-l] [-a] [-v]
 *		    [-x DIR] IMAGE
 *
 * -j leaves Joliet unrecognised, -r reads Rock Ridge, -l lists "type size lba
 * present path", -a "type mode uid gid date path" with what links lead to
 * and the numbers of devices, -x extracts, -v tells what it cost. Oddities
 * go to standard output as "odd KIND text". Exit status: 0, or 1 with the
 * failure.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "iso9660/lathe_iso9660.h"
#include "joliet/lathe_joliet.h"

static const char *const oddities[] = {
	"halves", "record", "extent", "name", "duplicate", "loop", "single",
	"system use", "boot"
};

struct image {
	FILE *file;
	unsigned long reads;
	uint64_t blocks;
};

struct memory {
	size_t now, peak;
	unsigned long calls;
};

static void *counting(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	struct memory *m = ctx;

	m->calls++;
	m->now += new_bytes - old_bytes;
	if (m->now > m->peak)
		m->peak = m->now;
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct image *image = ctx;

	image->reads++;
	image->blocks += count;
	if (fseeko(image->file, (off_t)lba * 2048, SEEK_SET) != 0 ||
	    fread(out, 2048, count, image->file) != count)
		return LATHE_ERR_IO;
	return 0;
}

static void odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		const char *text)
{
	(void)ctx;
	(void)lba;
	printf("odd %s %s\n", oddities[what], text);
}

struct extraction {
	struct lathe_iso9660_tree *tree;
	struct lathe_blocks *blocks;
	const char *dir;
	bool list, attributes;
};

static int copy_section(FILE *out, struct lathe_blocks *blocks, uint32_t lba,
			uint64_t bytes)
{
	uint8_t block[2048];
	size_t part;

	for (; bytes; bytes -= part) {
		part = bytes < 2048 ? (size_t)bytes : 2048;
		if (blocks->read(blocks->ctx, lba++, 1, block) ||
		    fwrite(block, 1, part, out) != part)
			return -1;
	}
	return 0;
}

static int extract(struct extraction *x, const struct lathe_iso9660_entry *e,
		   const char *path)
{
	FILE *out;
	char *target;
	uint64_t bytes;
	uint32_t lba, i;
	int err = 0;

	if (e->kind == LATHE_ISO9660_SPECIAL)
		return 0;
	if (e->kind == LATHE_ISO9660_SYMLINK) {
		target = strndup(e->symlink, e->symlink_len);
		err = !target || symlink(target, path) != 0;
		free(target);
		return err;
	}
	if (e->kind == LATHE_ISO9660_DIRECTORY)
		return mkdir(path, 0777) != 0 && errno != EEXIST;
	out = fopen(path, "wbx");
	if (!out)
		return -1;
	for (i = 0; !err && e->size && i < e->sections; i++) {
		err = lathe_iso9660_section(x->tree, e->node, i, &lba, &bytes);
		if (!err)
			err = copy_section(out, x->blocks, lba, bytes);
	}
	return fclose(out) != 0 || err;
}

/* In the order of enum lathe_iso9660_kind. */
static const char kinds[] = "dfls";

static void print_attributes(const struct lathe_iso9660_entry *e,
			     const char *path)
{
	const uint8_t *d = e->date;

	printf("%c ", kinds[e->kind]);
	if (e->posix_given)
		printf("%04" PRIo32 " %" PRIu32 " %" PRIu32, e->posix.mode,
		       e->posix.uid, e->posix.gid);
	else
		printf("- - -");
	printf(" %u-%02u-%02uT%02u:%02u:%02u%+d %s", 1900 + d[0], d[1], d[2],
	       d[3], d[4], d[5], (int)(int8_t)d[6], path);
	if (e->kind == LATHE_ISO9660_SYMLINK)
		printf(" -> %.*s", (int)e->symlink_len, e->symlink);
	if (e->kind == LATHE_ISO9660_SPECIAL)
		printf(" %06" PRIo32 " %" PRIu32 ":%" PRIu32, e->type,
		       e->dev_high, e->dev_low);
	putchar('\n');
}

static int visit(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct extraction *x = ctx;
	static char path[1 << 20];
	size_t dir = x->dir ? strlen(x->dir) : 0;

	if (x->dir)
		memcpy(path, x->dir, dir);
	lathe_iso9660_path(x->tree, e->node, path + dir, sizeof(path) - dir);
	if (x->list)
		printf("%c %" PRIu64 " %" PRIu32 " %" PRIu32 " %s\n",
		       kinds[e->kind], e->size, e->lba, e->present,
		       path + dir);
	if (x->attributes)
		print_attributes(e, path + dir);
	if (x->dir && extract(x, e, path)) {
		fprintf(stderr, "%s: can not be extracted\n", path);
		return 1;
	}
	return 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	struct image image = { 0 };
	struct memory memory = { 0 };
	struct lathe_blocks blocks = { &image, read_blocks, 0 };
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config),
		.hooks = { .ctx = &memory, .realloc = counting },
	};
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = &use, .use_count = 1,
		.odd = odd,
	};
	struct extraction x = { 0 };
	struct lathe_iso9660_found found;
	struct lathe_iso9660_counts count;
	uint32_t start = 0;
	bool verbose = false;
	double began, took, walked;
	int c, err;

	while ((c = getopt(argc, argv, "s:n:jrlavx:")) != -1) {
		switch (c) {
		case 's':
			start = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'n':
			options.names_from = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'j':
			options.use_count = 0;
			break;
		case 'r':
			options.system_use = &lathe_iso9660_rock_ridge;
			break;
		case 'l':
			x.list = true;
			break;
		case 'a':
			x.attributes = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 'x':
			x.dir = optarg;
			break;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc)
		return 2;
	image.file = fopen(argv[optind], "rb");
	if (!image.file || fseeko(image.file, 0, SEEK_END) != 0) {
		perror(argv[optind]);
		return 2;
	}
	setvbuf(image.file, NULL, _IONBF, 0);
	blocks.end = (uint32_t)(ftello(image.file) / 2048);
	if (lathe_iso9660_tree_create(&config, &x.tree))
		return 2;
	began = now();
	err = lathe_iso9660_import(x.tree, &blocks, start, &options, &found);
	took = now() - began;
	if (err) {
		printf("failed %s: %s\n", lathe_err_name(err),
		       lathe_iso9660_tree_failure(x.tree)->text);
	} else {
		lathe_iso9660_count(x.tree, &count);
		if (verbose)
			printf("import %.3f s, %lu reads, %" PRIu64 " blocks, "
			       "%zu bytes at most, %zu in the end, %lu calls\n",
			       took, image.reads, image.blocks, memory.peak,
			       memory.now, memory.calls);
		printf("volume '%s' own %d hierarchies %" PRIu32
		       " directories %" PRIu32 " files %" PRIu32 "\n",
		       found.volume_id, found.own, found.hierarchies,
		       count.directories, count.files);
		x.blocks = &blocks;
		began = now();
		err = lathe_iso9660_walk(x.tree, LATHE_ISO9660_ROOT, visit, &x);
		walked = now() - began;
		if (verbose)
			printf("walk %.3f s\n", walked);
	}
	lathe_iso9660_tree_destroy(x.tree);
	if (memory.now) {
		fprintf(stderr, "%zu bytes are lost\n", memory.now);
		err = 1;
	}
	fclose(image.file);
	return err != 0;
}
