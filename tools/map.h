/* SPDX-License-Identifier: MIT */
/*
 * Where everything of a session is: descriptors, path tables, directories of
 * each hierarchy, files.
 */
#ifndef LATHE_TOOL_MAP_H
#define LATHE_TOOL_MAP_H

#include "tools/tool.h"
#include "iso9660/lathe_iso9660.h"

/* In the order of the options' words. */
enum map_format {
	MAP_TEXT,
	MAP_JSON,
	MAP_NULL	/* tabs between fields, NUL behind each record */
};

/* A piece of a session. */
struct map_piece {
	uint32_t lba;
	bool placed;		/* 'lba' means something */
	uint64_t bytes;
	const char *kind;
	const char *hierarchy;	/* or NULL */
	char *path;		/* or NULL; by its identifiers for a directory
				 * of a hierarchy */
};

struct map {
	struct tool *tool;
	const char *name;	/* of what is looked at, for messages */
	const struct lathe_blocks *blocks;
	struct lathe_iso9660_tree *tree;
	uint32_t start;
	int64_t shift;		/* to be added to addresses as recorded */
	uint32_t origin;	/* LBA of the first byte of the file */
	struct map_piece *piece;
	size_t count, room;
};

/* Collect and write. What stands before 'piece' is given.
 * Returns 0 or the exit status. */
int map_write(struct map *map, enum map_format format, FILE *out);

/* What was written: the map to 'out', which is called 'path'. */
int map_image(struct tool *tool, const struct lathe_iso9660_image *image,
	      uint32_t origin, const char *path, enum map_format format,
	      FILE *out);

/* map_show.c */
void map_show(const struct map *map, enum map_format format, FILE *out);

#endif
