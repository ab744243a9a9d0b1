/* SPDX-License-Identifier: MIT */
/*
 * tool_tree_image IMAGE START [joliet] [rock] [modes] [owner] [times]
 *	[relocate] < TREE
 *
 * An image of a tree that no host file system need have, with Rock Ridge. A
 * line of TREE is tab-separated, numbers octal in modes; the file IMAGE gets
 * the volume at block START:
 *
 *	d	PATH	MODE UID GID
 *	f	PATH	MODE UID GID	BYTES
 *	h	PATH	MODE UID GID	PATH OF THE FILE
 *	l	PATH	MODE UID GID	TEXT	[PATH OF THE CONTENT]
 *	c b p s	PATH	MODE UID GID	HIGH LOW
 *
 * Byte i of a file is (i * 7 + BYTES) % 251.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tests/source.h"

static void die(const char *what, const struct lathe_failure *failure)
{
	fprintf(stderr, "tool_tree_image: %s: %s\n", what,
		failure ? failure->text : "");
	exit(1);
}

/* ---- content ------------------------------------------------------------ */

static int content_read(void *ctx, void *handle, uint64_t offset,
			uint32_t bytes, uint8_t *out, uint32_t *got)
{
	uint32_t i;

	(void)ctx;
	for (i = 0; i < bytes; i++)
		out[i] = (uint8_t)(((offset + i) * 7 + (uintptr_t)handle) %
				   251);
	*got = bytes;
	return 0;
}

static const struct lathe_iso9660_source source = {
	.open = made_open, .read_at = content_read, .close = made_close
};

/* ---- the tree ----------------------------------------------------------- */

static uint32_t find(struct lathe_iso9660_tree *tree, const char *path)
{
	uint32_t node;

	if (lathe_iso9660_find(tree, path, &node))
		die(path, NULL);
	return node;
}

static uint32_t type_of(char letter)
{
	switch (letter) {
	case 'c': return 0020000;
	case 'b': return 0060000;
	case 'p': return 0010000;
	default: return 0140000;
	}
}

/* Fields of a line: letter, path, "mode uid gid", and what follows. */
static void add(struct lathe_iso9660_tree *tree, char **field, int fields)
{
	struct lathe_iso9660_attributes attr = {
		.date = { 126, 1, 2, 3, 4, 5, 0 },
		.accessed = { 126, 2, 3, 4, 5, 6, 0 },
		.changed = { 126, 3, 4, 5, 6, 7, 0 },
		.posix_given = true
	};
	char *slash = strrchr(field[1], '/'), *name = slash ? slash + 1
							    : field[1];
	unsigned mode = 0, uid = 0, gid = 0, high = 0, low = 0;
	uint32_t parent = LATHE_ISO9660_ROOT, node;
	size_t len = strlen(name);
	int err;

	sscanf(field[2], "%o %u %u", &mode, &uid, &gid);
	attr.posix.mode = mode;
	attr.posix.uid = uid;
	attr.posix.gid = gid;
	if (slash) {
		*slash = 0;
		parent = find(tree, field[1]);
	}
	switch (field[0][0]) {
	case 'd':
		err = len ? lathe_iso9660_add_directory(tree, parent, name,
							len, &attr, &node)
			  : lathe_iso9660_set_attributes(tree, parent, &attr);
		break;
	case 'f':
		err = lathe_iso9660_add_file(tree, parent, name, len, &attr,
					     &source,
					     strtoull(field[3], NULL, 10),
					     strtoull(field[3], NULL, 10), 0,
					     &node);
		break;
	case 'h':
		err = lathe_iso9660_add_link(tree, parent, name, len, &attr,
					     find(tree, field[3]), 0, &node);
		break;
	case 'l':
		err = lathe_iso9660_add_symlink(
			tree, parent, name, len, &attr, field[3],
			strlen(field[3]),
			fields > 4 ? find(tree, field[4]) : 0, 0, &node);
		break;
	default:
		sscanf(field[3], "%u %u", &high, &low);
		err = lathe_iso9660_add_special(tree, parent, name, len, &attr,
						type_of(field[0][0]), high,
						low, 0, &node);
	}
	if (err)
		die(name, lathe_iso9660_tree_failure(tree));
}

static void read_tree(struct lathe_iso9660_tree *tree)
{
	static char line[16384];
	char *field[8], *p;
	int fields;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		fields = 0;
		for (p = line; p && fields < 8; fields++) {
			field[fields] = p;
			p = strchr(p, '\t');
			if (p)
				*p++ = 0;
		}
		if (fields >= 3)
			add(tree, field, fields);
	}
}

/* ---- the image ---------------------------------------------------------- */

static void renamed(void *ctx, const struct lathe_iso9660_renamed *what)
{
	(void)ctx;
	if (what->hierarchy == 0 && what->system_use)
		fprintf(stderr, "renamed %.*s\n", what->id_len,
			(const char *)what->id);
}

static void write_image(const struct lathe_iso9660_plan *plan, uint32_t start,
			const char *path)
{
	static uint8_t block[2048];
	uint32_t blocks = lathe_iso9660_plan_blocks(plan), i;
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_image image;
	FILE *out = fopen(path, "r+b");

	if (!out)
		out = fopen(path, "wb");
	if (!out || lathe_iso9660_image_init(&image, plan, start) ||
	    lathe_iso9660_cursor_create(&image, NULL, NULL, &cursor) ||
	    fseek(out, (long)start * 2048, SEEK_SET))
		die(path, NULL);
	for (i = 0; i < blocks; i++)
		if (lathe_iso9660_cursor_read(cursor, start + i, 1, block) ||
		    fwrite(block, 2048, 1, out) != 1)
			die(path, NULL);
	lathe_iso9660_cursor_destroy(cursor);
	if (fclose(out))
		die(path, NULL);
}

int main(int argc, char **argv)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_rock_ridge_options rock = { .keep_modes = false };
	const struct lathe_iso9660_use joliet = { &lathe_joliet_hierarchy,
						  NULL };
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .renamed = renamed,
		.volume.volume_id = "TREE", .system_use_options = &rock,
		.pad_blocks = 8 /* libarchive takes less for no volume */
	};
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_plan *plan;
	int i;

	if (argc < 3)
		die("arguments", NULL);
	for (i = 3; i < argc; i++) {
		if (strcmp(argv[i], "joliet") == 0) {
			options.uses = &joliet;
			options.use_count = 1;
		}
		if (strcmp(argv[i], "rock") == 0)
			options.system_use = &lathe_iso9660_rock_ridge;
		rock.keep_modes |= strcmp(argv[i], "modes") == 0;
		rock.keep_owner |= strcmp(argv[i], "owner") == 0;
		rock.all_times |= strcmp(argv[i], "times") == 0;
		rock.relocate |= strcmp(argv[i], "relocate") == 0;
	}
	if (lathe_iso9660_tree_create(&config, &tree))
		die("memory", NULL);
	read_tree(tree);
	if (lathe_iso9660_plan_create(tree, &options, &plan))
		die("plan", lathe_iso9660_tree_failure(tree));
	write_image(plan, (uint32_t)strtoul(argv[2], NULL, 10), argv[1]);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	return 0;
}
