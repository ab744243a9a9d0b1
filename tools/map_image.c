/* SPDX-License-Identifier: MIT */
/*
 * The map of an image that is a plan at an address: its metadata is encoded
 * once more and read as from a disc, so that the map can not differ from it.
 */
#define _POSIX_C_SOURCE 200809L

#include <string.h>

#include "tools/map.h"
#include "tools/volume.h"

struct encoded {
	struct lathe_blocks blocks;
	struct lathe_iso9660_cursor *cursor;
	uint32_t start;
};

static int read_encoded(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct encoded *encoded = ctx;

	/* Older sessions are not looked at. */
	if (lba < encoded->start)
		return LATHE_ERR_IO;
	return lathe_iso9660_cursor_read(encoded->cursor, lba, count, out);
}

static int import(struct map *map)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options), .uses = volume_uses, .use_count = 1,
		.system_use = &lathe_iso9660_rock_ridge
	};
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = map->tool->hooks
	};
	struct lathe_iso9660_found found;
	int err;

	config.hooks.progress = NULL;
	err = lathe_iso9660_tree_create(&config, &map->tree);
	if (err)
		return complain(map->tool, err, NULL, "%s", map->name);
	err = lathe_iso9660_import(map->tree, map->blocks, map->start,
				   &options, &found);
	if (err)
		return complain(map->tool, err,
				lathe_iso9660_tree_failure(map->tree), "%s",
				map->name);
	return STATUS_OK;
}

int map_image(struct tool *tool, const struct lathe_iso9660_image *image,
	      uint32_t origin, const char *path, enum map_format format,
	      FILE *out)
{
	struct encoded encoded = { .start = image->start };
	struct map map = { .tool = tool, .name = path,
			   .blocks = &encoded.blocks, .start = image->start,
			   .origin = origin };
	int status, err;

	err = lathe_iso9660_cursor_create(image, &tool->hooks, NULL,
					  &encoded.cursor);
	if (err)
		return complain(tool, err, NULL, "%s", path);
	encoded.blocks.ctx = &encoded;
	encoded.blocks.read = read_encoded;
	encoded.blocks.end =
		image->start + lathe_iso9660_plan_blocks(image->plan);
	status = import(&map);
	if (status == STATUS_OK)
		status = map_write(&map, format, out);
	if (map.tree)
		lathe_iso9660_tree_destroy(map.tree);
	lathe_iso9660_cursor_destroy(encoded.cursor);
	return status;
}
