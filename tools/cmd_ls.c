/* SPDX-License-Identifier: MIT */
/*
 * lathe ls
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/json.h"
#include "tools/options.h"
#include "tools/volume.h"
#include "tools/when.h"

struct ls {
	struct volume_options volume;
	bool json, details, verbose;
};

static const struct option options[] = {
	OPTIONS_VOLUME(struct ls, volume),
	{ 'l', "long", OPTION_FLAG, offsetof(struct ls, details), NULL,
	  "session, address, size and date as well" },
	{ 0, "json", OPTION_FLAG, offsetof(struct ls, json), NULL,
	  "one JSON object a line" },
	OPTION_VERBOSE(struct ls),
	OPTION_END
};

struct listing {
	const struct volume *volume;
	const struct ls *ls;
	struct lathe_iso9660_tree *tree;
	char *path;	/* of the entry, grown as needed */
	size_t path_room, path_len;
	bool to_terminal;
};

static void set_path(struct listing *listing, uint32_t node)
{
	size_t len;

	for (;;) {
		len = lathe_iso9660_path(listing->tree, node, listing->path,
					 listing->path_room);
		if (len < listing->path_room)
			break;
		listing->path_room = len * 2 + 256;
		listing->path = must_realloc(listing->path,
					     listing->path_room);
	}
	listing->path_len = len;
}

/* Are there bytes on the disc, so that an address means something? */
static bool has_address(const struct lathe_iso9660_entry *entry)
{
	return entry->kind == LATHE_ISO9660_FILE && entry->sections > 0 &&
	       entry->size > 0;
}

static void show_json(const struct listing *listing,
		      const struct lathe_iso9660_entry *entry)
{
	struct json json = { .out = stdout };
	int64_t seconds;

	json_object(&json, NULL);
	json_bytes(&json, "path", listing->path, listing->path_len);
	json_text(&json, "type", entry->kind == LATHE_ISO9660_DIRECTORY
					 ? "directory" : "file");
	json_number(&json, "size", entry->size);
	if (has_address(entry)) {
		json_number(&json, "lba", entry->lba);
		json_number(&json, "session",
			    volume_session_of(listing->volume, entry->lba));
	} else {
		json_null(&json, "lba");
		json_null(&json, "session");
	}
	if (when_recorded(entry->date, &seconds))
		json_text(&json, "mtime", when_text(seconds).text);
	else
		json_null(&json, "mtime");
	json_object_end(&json);
	json_line(&json);
}

static void show_details(const struct listing *listing,
			 const struct lathe_iso9660_entry *entry)
{
	int64_t seconds;

	if (has_address(entry))
		printf("%3" PRIu32 " %9" PRIu32,
		       volume_session_of(listing->volume, entry->lba),
		       entry->lba);
	else
		printf("%3s %9s", "-", "-");
	printf(" %12" PRIu64 " %-20s ", entry->size,
	       when_recorded(entry->date, &seconds) ? when_text(seconds).text
						    : "-");
}

/* A name must not steer the terminal; a pipe gets it as it is. */
static void show_path(const struct listing *listing)
{
	size_t i;
	char c;

	if (!listing->to_terminal) {
		fwrite(listing->path, 1, listing->path_len, stdout);
		return;
	}
	for (i = 0; i < listing->path_len; i++) {
		c = listing->path[i];
		putchar((unsigned char)c < 0x20 || c == 0x7f ? '?' : c);
	}
}

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct listing *listing = ctx;

	if (entry->node == LATHE_ISO9660_ROOT)
		return 0;
	set_path(listing, entry->node);
	if (listing->ls->json) {
		show_json(listing, entry);
	} else {
		if (listing->ls->details)
			show_details(listing, entry);
		show_path(listing);
		if (entry->kind == LATHE_ISO9660_DIRECTORY)
			putchar('/');
		putchar('\n');
	}
	return ferror(stdout) ? 1 : 0;
}

static int list_path(struct listing *listing, const char *path)
{
	struct tool *tool = listing->volume->tool;
	uint32_t node;
	int err;

	err = lathe_iso9660_find(listing->tree, path, &node);
	if (err)
		return complain(tool, err, NULL, "%s: %s",
				listing->volume->name, path);
	lathe_iso9660_walk(listing->tree, node, visit, listing);
	return STATUS_OK;
}

static int list(struct volume *volume, const struct ls *ls,
		const struct option_list *paths)
{
	struct listing listing = {
		.volume = volume, .ls = ls, .to_terminal = isatty(1) == 1
	};
	const struct lathe_session_info *session;
	int status, one;
	size_t i;

	status = volume_pick(volume, ls->volume.session, &session);
	if (status == STATUS_OK)
		status = volume_import(volume, session, &listing.tree);
	if (status)
		return status;
	if (paths->count == 0)
		status = list_path(&listing, "/");
	for (i = 0; i < paths->count; i++) {
		one = list_path(&listing, paths->item[i]);
		status = status ? status : one;
	}
	free(listing.path);
	lathe_iso9660_tree_destroy(listing.tree);
	return finish_output(volume->tool, status);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct option_list paths = { NULL, 0 };
	struct ls ls = { .json = false };
	struct volume volume;
	int status;

	if (!options_parse(tool, &command_ls, argc, argv, &ls, &paths,
			   &status))
		return status;
	tool->verbose = ls.verbose;
	status = volume_open(&volume, tool, &ls.volume, false);
	if (status == STATUS_OK) {
		status = list(&volume, &ls, &paths);
		volume_close(&volume);
	}
	options_free(&command_ls, &ls, &paths);
	return status;
}

const struct command command_ls = {
	.name = "ls",
	.arguments = "(-d DEV | -i IMAGE) [--session N] [-l | --json] "
		     "[PATH]...",
	.summary = "List what is on a disc or in an image",
	.options = options,
	.run = run,
};
