/* SPDX-License-Identifier: MIT */
/*
 * The pieces of a session, from its descriptors, path tables and tree.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tools/map.h"
#include "tools/tree_path.h"

#define SYSTEM_AREA 16u
#define DESCRIPTORS_MOST 64u
#define TABLE_MOST (64u << 20) /* bytes of a path table: no disc has more */

static struct map_piece *add(struct map *map, const char *kind, uint32_t lba,
			     uint64_t bytes)
{
	struct map_piece *piece;

	if (map->count == map->room) {
		map->room = map->room ? map->room * 2 : 256;
		map->piece = must_realloc(map->piece,
					  map->room * sizeof(*map->piece));
	}
	piece = &map->piece[map->count++];
	*piece = (struct map_piece){ .lba = lba, .placed = true,
				     .bytes = bytes, .kind = kind };
	return piece;
}

/* Where it is, of what is recorded as 'lba'. */
static uint32_t moved(const struct map *map, uint32_t lba)
{
	return (uint32_t)(lba + map->shift);
}

static int read_at(const struct map *map, uint32_t lba, uint8_t *block)
{
	if (lba >= map->blocks->end)
		return LATHE_ERR_CORRUPT;
	return map->blocks->read(map->blocks->ctx, lba, 1, block);
}

/* ---- directories, by the path table (ECMA-119 9.4) ---------------------- */

struct table {
	uint8_t *bytes;
	uint32_t len;
	uint32_t *record;	/* where each one begins, from number 1 */
	uint32_t count;
	const struct lathe_iso9660_hierarchy *hierarchy;
};

static int read_table(const struct map *map, uint32_t lba, struct table *table)
{
	uint32_t blocks = table->len / LATHE_BLOCK_BYTES +
			  (table->len % LATHE_BLOCK_BYTES != 0), i;
	int err = 0;

	if (table->len > TABLE_MOST)
		return LATHE_ERR_LIMIT;
	table->bytes = must_realloc(NULL, (size_t)(blocks + 1) *
						  LATHE_BLOCK_BYTES);
	for (i = 0; i < blocks && !err; i++)
		err = read_at(map, lba + i, table->bytes +
						    (size_t)i *
							    LATHE_BLOCK_BYTES);
	return err;
}

/* Each parent stands in front of its children. */
static int index_table(struct table *table)
{
	uint32_t at = 0, room = table->len / 10 + 1, parent;
	const uint8_t *p;

	table->record = must_realloc(NULL, (size_t)(room + 1) *
						   sizeof(*table->record));
	while (at + 8 < table->len) {
		p = table->bytes + at;
		parent = lathe_get_le16(p + 6);
		if (p[0] == 0 || at + 8u + p[0] > table->len || parent == 0 ||
		    parent > table->count + 1)
			return LATHE_ERR_CORRUPT;
		table->record[++table->count] = at;
		at += 8u + p[0] + (p[0] & 1);
	}
	return table->count ? 0 : LATHE_ERR_CORRUPT;
}

static char *path_of(const struct table *table, uint32_t number)
{
	char name[LATHE_ISO9660_NAME_MAX + 1];
	const uint8_t *p = table->bytes + table->record[number];
	uint32_t parent = lathe_get_le16(p + 6);
	char *path = NULL;
	size_t used = 0;
	int len;

	/* From the end to the front: each name goes in front of the path. */
	while (number != 1) {
		len = table->hierarchy->decode(p + 8, p[0], true, name);
		if (len < 1) {
			name[0] = '?';
			len = 1;
		}
		path = must_realloc(path, used + (size_t)len + 2);
		memmove(path + len + 1, path, used);
		path[0] = '/';
		memcpy(path + 1, name, (size_t)len);
		used += (size_t)len + 1;
		if (parent >= number)
			break;
		number = parent;
		p = table->bytes + table->record[number];
		parent = lathe_get_le16(p + 6);
	}
	path = must_realloc(path, used + 2);
	if (used == 0)
		path[used++] = '/';
	path[used] = '\0';
	return path;
}

static int add_directories(struct map *map, const struct table *table)
{
	uint8_t block[LATHE_BLOCK_BYTES];
	struct map_piece *piece;
	const uint8_t *record;
	uint32_t i, lba;
	int err;

	for (i = 1; i <= table->count; i++) {
		record = table->bytes + table->record[i];
		/* 9.4.2: an attribute record stands in front of it. */
		lba = moved(map, lathe_get_le32(record + 2) + record[1]);
		/* Its first record is its own, and tells its length. */
		err = read_at(map, lba, block);
		if (err)
			return err;
		piece = add(map, "directory", lba, lathe_get_le32(block + 10));
		piece->hierarchy = table->hierarchy->name;
		piece->path = path_of(table, i);
	}
	return 0;
}

static int add_hierarchy(struct map *map, const uint8_t *descriptor,
			 const struct lathe_iso9660_hierarchy *hierarchy)
{
	struct table table = { .len = lathe_get_le32(descriptor + 132),
			       .hierarchy = hierarchy };
	uint32_t l = moved(map, lathe_get_le32(descriptor + 140));
	uint32_t m = moved(map, lathe_get_be32(descriptor + 148));
	int err;

	add(map, "path-table-l", l, table.len)->hierarchy = hierarchy->name;
	add(map, "path-table-m", m, table.len)->hierarchy = hierarchy->name;
	err = read_table(map, l, &table);
	if (!err)
		err = index_table(&table);
	if (!err)
		err = add_directories(map, &table);
	free(table.bytes);
	free(table.record);
	return err;
}

/* ---- descriptors -------------------------------------------------------- */

/* SPEC.md 1.6: directories at 955, tables of directories from 959. */
static void add_own_tables(struct map *map, const uint8_t *primary)
{
	uint32_t directories = lathe_get_le32(primary + 955), h, lba;

	if (memcmp(primary + 883, "LATHE\0\0", 8) != 0)
		return;
	for (h = 0; h < 3; h++) {
		lba = lathe_get_le32(primary + 959 + 4 * h);
		if (lba)
			add(map, "directory-table", moved(map, lba),
			    (uint64_t)directories * 4);
	}
}

static int add_descriptors(struct map *map)
{
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t i, first = map->start + SYSTEM_AREA;
	int err = 0;

	add(map, "system-area", map->start,
	    (uint64_t)SYSTEM_AREA * LATHE_BLOCK_BYTES);
	for (i = 0; i < DESCRIPTORS_MOST && !err; i++) {
		err = read_at(map, first + i, block);
		if (err || memcmp(block + 1, "CD001", 5) != 0)
			break;
		add(map,
		    block[0] == 1     ? "primary-descriptor"
		    : block[0] == 2   ? "supplementary-descriptor"
		    : block[0] == 0   ? "boot-record"
		    : block[0] == 255 ? "terminator"
				      : "descriptor",
		    first + i, LATHE_BLOCK_BYTES);
		if (block[0] == 255)
			break;
		if (block[0] == 1) {
			add_own_tables(map, block);
			err = add_hierarchy(map, block,
					    &lathe_iso9660_primary);
		} else if (lathe_joliet_hierarchy.recognise(block)) {
			err = add_hierarchy(map, block,
					    &lathe_joliet_hierarchy);
		}
	}
	return err;
}

/* ---- files -------------------------------------------------------------- */

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct map *map = ctx;
	struct map_piece *piece;
	const char *kind = entry->kind == LATHE_ISO9660_SYMLINK	? "symlink"
			   : entry->kind == LATHE_ISO9660_SPECIAL ? "special"
								  : "file";
	uint64_t bytes;
	uint32_t i, lba;

	if (entry->kind == LATHE_ISO9660_DIRECTORY)
		return 0;
	if (entry->sections == 0 || entry->size == 0) {
		piece = add(map, kind, 0, 0);
		piece->placed = false;
		piece->path = tree_path(map->tree, entry->node);
		return 0;
	}
	for (i = 0; i < entry->sections; i++) {
		if (lathe_iso9660_section(map->tree, entry->node, i, &lba,
					  &bytes))
			break;
		add(map, kind, lba, bytes)->path =
			tree_path(map->tree, entry->node);
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct map_piece *x = a, *y = b;

	if (x->placed != y->placed)
		return x->placed ? -1 : 1;
	if (x->lba != y->lba)
		return x->lba < y->lba ? -1 : 1;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	return strcmp(x->path ? x->path : "", y->path ? y->path : "");
}

int map_write(struct map *map, enum map_format format, FILE *out)
{
	int err = add_descriptors(map);
	size_t i;

	if (!err) {
		lathe_iso9660_walk(map->tree, LATHE_ISO9660_ROOT, visit, map);
		qsort(map->piece, map->count, sizeof(*map->piece), compare);
		map_show(map, format, out);
	}
	for (i = 0; i < map->count; i++)
		free(map->piece[i].path);
	free(map->piece);
	if (err)
		return complain(map->tool, err, NULL, "%s", map->name);
	return STATUS_OK;
}
