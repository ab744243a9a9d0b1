/* SPDX-License-Identifier: MIT */
/*
 * The list of pieces as text, JSON lines, or fields between tabs.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tools/json.h"
#include "tools/map.h"

/* Is it in the file at all? A session alone has none of the older ones. */
static bool has_offset(const struct map *map, const struct map_piece *piece)
{
	return piece->placed && piece->lba >= map->origin;
}

static uint64_t offset_of(const struct map *map, const struct map_piece *piece)
{
	return (uint64_t)(piece->lba - map->origin) * LATHE_BLOCK_BYTES;
}

static void show_json(const struct map *map, const struct map_piece *piece,
		      FILE *out)
{
	struct json json = { .out = out };

	json_object(&json, NULL);
	if (piece->placed)
		json_number(&json, "lba", piece->lba);
	else
		json_null(&json, "lba");
	if (has_offset(map, piece))
		json_number(&json, "offset", offset_of(map, piece));
	else
		json_null(&json, "offset");
	json_number(&json, "bytes", piece->bytes);
	json_text(&json, "kind", piece->kind);
	if (piece->hierarchy)
		json_text(&json, "hierarchy", piece->hierarchy);
	else
		json_null(&json, "hierarchy");
	if (piece->path)
		json_text(&json, "path", piece->path);
	else
		json_null(&json, "path");
	json_object_end(&json);
	json_line(&json);
}

static void show_null(const struct map *map, const struct map_piece *piece,
		      FILE *out)
{
	if (piece->placed)
		fprintf(out, "%" PRIu32, piece->lba);
	fputc('\t', out);
	if (has_offset(map, piece))
		fprintf(out, "%" PRIu64, offset_of(map, piece));
	fprintf(out, "\t%" PRIu64 "\t%s\t%s\t%s", piece->bytes, piece->kind,
		piece->hierarchy ? piece->hierarchy : "",
		piece->path ? piece->path : "");
	fputc('\0', out);
}

static void show_text(const struct map *map, const struct map_piece *piece,
		      FILE *out)
{
	if (piece->placed)
		fprintf(out, "%10" PRIu32, piece->lba);
	else
		fprintf(out, "%10s", "-");
	if (has_offset(map, piece))
		fprintf(out, " %14" PRIu64, offset_of(map, piece));
	else
		fprintf(out, " %14s", "-");
	fprintf(out, " %14" PRIu64 " %s", piece->bytes, piece->kind);
	if (piece->hierarchy)
		fprintf(out, ", %s", piece->hierarchy);
	if (piece->path) {
		fputs("  ", out);
		put_printable(out, piece->path);
	}
	fputc('\n', out);
}

void map_show(const struct map *map, enum map_format format, FILE *out)
{
	size_t i;

	if (format == MAP_TEXT)
		fprintf(out, "%10s %14s %14s what\n", "block", "offset",
			"bytes");
	for (i = 0; i < map->count; i++) {
		if (format == MAP_JSON)
			show_json(map, &map->piece[i], out);
		else if (format == MAP_NULL)
			show_null(map, &map->piece[i], out);
		else
			show_text(map, &map->piece[i], out);
	}
}
