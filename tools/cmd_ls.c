/* SPDX-License-Identifier: MIT */
/*
 * lathe ls
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/json.h"
#include "tools/options.h"
#include "tools/volume.h"
#include "tools/when.h"

struct ls {
	struct volume_options volume;
	bool json, null, details, sessions, verbose;
};

static const struct option options[] = {
	OPTIONS_VOLUME(struct ls, volume),
	{ 'l', "long", OPTION_FLAG, offsetof(struct ls, details), NULL,
	  "session, address, mode, owner, size and date as well" },
	OPTION_SWITCH(struct ls, "sessions", sessions,
		      "the sessions that there are, not what is in one"),
	OPTION_SWITCH(struct ls, "json", json, "one JSON object a line"),
	{ '0', "null", OPTION_FLAG, offsetof(struct ls, null), NULL,
	  "names as they are, NUL behind each" },
	OPTION_VERBOSE(struct ls),
	OPTION_END
};

struct listing {
	const struct volume *volume;
	const struct ls *ls;
	struct lathe_iso9660_tree *tree;
	char *path; /* of the entry, grown as needed */
	size_t path_room, path_len;
	/* The directory that is being listed and the length of its path. */
	uint32_t folder;
	size_t folder_len;
};

#define OUTPUT_BYTES 65536u /* at once to a pipe */

static void need_room(struct listing *listing, size_t room)
{
	if (room <= listing->path_room)
		return;
	listing->path_room = room * 2;
	listing->path = must_realloc(listing->path, listing->path_room);
}

/* The path of 'folder' to the front of listing->path. */
static void set_folder(struct listing *listing, uint32_t folder)
{
	size_t len = lathe_iso9660_path(listing->tree, folder, listing->path,
					listing->path_room);

	if (len >= listing->path_room) {
		need_room(listing, len + 1);
		lathe_iso9660_path(listing->tree, folder, listing->path,
				   listing->path_room);
	}
	/* The root's own path is "/". */
	listing->folder_len = folder == LATHE_ISO9660_ROOT ? 0 : len;
	listing->folder = folder;
}

/* Entries of one directory often follow each other: its path stays. */
static void set_path(struct listing *listing,
		     const struct lathe_iso9660_entry *entry)
{
	size_t at;

	if (entry->parent != listing->folder)
		set_folder(listing, entry->parent);
	at = listing->folder_len;
	/* With a slash in front, and one or a line's end behind. */
	need_room(listing, at + entry->name_len + 3);
	listing->path[at++] = '/';
	memcpy(listing->path + at, entry->name, entry->name_len);
	listing->path_len = at + entry->name_len;
}

/* Are there bytes on the disc, so that an address means something? */
static bool has_address(const struct lathe_iso9660_entry *entry)
{
	return entry->kind == LATHE_ISO9660_FILE && entry->sections > 0 &&
	       entry->size > 0;
}

/* "file", "directory", ...: what the JSON calls it; its letter. */
static const char *kind_of(const struct lathe_iso9660_entry *entry,
			   char *letter)
{
	static const struct {
		uint32_t type;
		char letter;
		const char *word;
	} special[] = {
		{ 0020000, 'c', "character-device" },
		{ 0060000, 'b', "block-device" },
		{ 0010000, 'p', "pipe" },
		{ 0140000, 's', "socket" },
	};
	size_t i;

	switch (entry->kind) {
	case LATHE_ISO9660_DIRECTORY:
		*letter = 'd';
		return "directory";
	case LATHE_ISO9660_SYMLINK:
		*letter = 'l';
		return "symlink";
	case LATHE_ISO9660_SPECIAL:
		for (i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
			if (special[i].type == entry->type) {
				*letter = special[i].letter;
				return special[i].word;
			}
		}
		*letter = '?';
		return "special";
	default:
		*letter = '-';
		return "file";
	}
}

/* What Rock Ridge knows; null without. */
static void posix_json(struct json *json,
		       const struct lathe_iso9660_entry *entry)
{
	char mode[8];

	if (entry->posix_given) {
		snprintf(mode, sizeof(mode), "%04o",
			 (unsigned)(entry->posix.mode & 07777));
		json_text(json, "mode", mode);
		json_number(json, "uid", entry->posix.uid);
		json_number(json, "gid", entry->posix.gid);
	} else {
		json_null(json, "mode");
		json_null(json, "uid");
		json_null(json, "gid");
	}
	if (entry->kind == LATHE_ISO9660_SYMLINK)
		json_bytes(json, "target", entry->symlink, entry->symlink_len);
	if (entry->kind == LATHE_ISO9660_SPECIAL) {
		json_number(json, "major", entry->dev_high);
		json_number(json, "minor", entry->dev_low);
	}
}

static void show_json(const struct listing *listing,
		      const struct lathe_iso9660_entry *entry)
{
	struct json json = { .out = stdout };
	int64_t seconds;
	char letter;

	json_object(&json, NULL);
	json_bytes(&json, "path", listing->path, listing->path_len);
	json_text(&json, "type", kind_of(entry, &letter));
	json_number(&json, "size", entry->size);
	if (has_address(entry)) {
		json_number(&json, "lba", entry->lba);
		json_number(&json, "session",
			    volume_session_of(listing->volume, entry->lba));
	} else {
		json_null(&json, "lba");
		json_null(&json, "session");
	}
	if (lathe_iso9660_date_get(entry->date, &seconds))
		json_text(&json, "mtime", when_text(seconds).text);
	else
		json_null(&json, "mtime");
	posix_json(&json, entry);
	json_object_end(&json);
	json_line(&json);
}

/* "-rwsr-xr-t     0     0"; "-" where it is not known. */
static void show_posix(const struct lathe_iso9660_entry *entry)
{
	static const char bits[] = "rwxrwxrwx";
	uint32_t mode = entry->posix.mode;
	char text[11] = "?---------";
	unsigned i;

	kind_of(entry, &text[0]);
	if (!entry->posix_given) {
		printf(" %c%-9s %5s %5s", text[0], "", "-", "-");
		return;
	}
	for (i = 0; i < 9; i++)
		if (mode & (0400u >> i))
			text[1 + i] = bits[i];
	/* POSIX, ls: s and S, t and T. */
	if (mode & 04000)
		text[3] = mode & 0100 ? 's' : 'S';
	if (mode & 02000)
		text[6] = mode & 010 ? 's' : 'S';
	if (mode & 01000)
		text[9] = mode & 01 ? 't' : 'T';
	printf(" %s %5" PRIu32 " %5" PRIu32, text, entry->posix.uid,
	       entry->posix.gid);
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
	show_posix(entry);
	printf(" %12" PRIu64 " %-20s ", entry->size,
	       lathe_iso9660_date_get(entry->date, &seconds) ?
		       when_text(seconds).text :
		       "-");
}

/* With -l behind the path where a link leads. */
static size_t put_target(struct listing *listing, size_t len,
			 const struct lathe_iso9660_entry *entry)
{
	if (!listing->ls->details || entry->kind != LATHE_ISO9660_SYMLINK)
		return len;
	need_room(listing, len + 4 + entry->symlink_len + 1);
	memcpy(listing->path + len, " -> ", 4);
	memcpy(listing->path + len + 4, entry->symlink, entry->symlink_len);
	return len + 4 + entry->symlink_len;
}

/* A name must not steer the terminal, nor be taken for several. */
static void show_path(struct listing *listing,
		      const struct lathe_iso9660_entry *entry)
{
	size_t len = put_target(listing, listing->path_len, entry);
	char *path = listing->path;

	if (entry->kind == LATHE_ISO9660_DIRECTORY)
		path[len++] = '/';
	if (!listing->ls->null)
		len = make_printable(path, len);
	path[len++] = listing->ls->null ? '\0' : '\n';
	fwrite(path, 1, len, stdout);
}

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct listing *listing = ctx;

	if (entry->node == LATHE_ISO9660_ROOT)
		return 0;
	set_path(listing, entry);
	if (listing->ls->json) {
		show_json(listing, entry);
	} else {
		if (listing->ls->details)
			show_details(listing, entry);
		show_path(listing, entry);
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
	struct listing listing = { .volume = volume, .ls = ls };
	const struct lathe_session_info *session;
	int status, one;
	size_t i;

	status = volume_pick(volume, ls->volume.session, &session);
	if (status == STATUS_OK)
		status = volume_import_cut(volume, session, &listing.tree);
	if (status)
		return status;
	setvbuf(stdout, NULL, _IOFBF, OUTPUT_BYTES);
	if (paths->count == 0)
		status = list_path(&listing, "/");
	for (i = 0; i < paths->count; i++) {
		one = list_path(&listing, paths->item[i]);
		status = status ? status : one;
	}
	free(listing.path);
	lathe_iso9660_tree_destroy(listing.tree);
	status = status ? status : volume_rest(volume);
	return finish_output(volume->tool, status);
}

/* ---- the sessions ------------------------------------------------------- */

static void show_session_json(const struct volume *volume, uint32_t i)
{
	const struct lathe_session_info *info = &volume->session[i];
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_number(&json, "session", info->number);
	json_number(&json, "start", info->start);
	json_number(&json, "blocks", info->blocks);
	if (volume->chain)
		json_number(&json, "descriptors",
			    lathe_iso9660_chain_link(volume->chain, i)->heads +
				    16);
	else
		json_number(&json, "descriptors", info->start + 16);
	json_bool(&json, "own", info->own);
	if (info->has_volume)
		json_text(&json, "volume", info->volume);
	else
		json_null(&json, "volume");
	json_object_end(&json);
	json_line(&json);
}

static void show_session(const struct lathe_session_info *info)
{
	printf("%7u %10" PRIu32 " %10" PRIu32 "  ", info->number, info->start,
	       info->blocks);
	put_printable(stdout, info->has_volume ? info->volume : "no volume");
	puts(info->own || !info->has_volume ? "" : " (another program's)");
}

static int list_sessions(struct volume *volume, bool as_json)
{
	uint32_t i;

	if (volume->count == 0)
		return volume_complain_none(volume);
	if (!as_json)
		puts("session      start     blocks  volume");
	for (i = 0; i < volume->count; i++) {
		if (as_json)
			show_session_json(volume, i);
		else
			show_session(&volume->session[i]);
	}
	volume_tell_gap(volume);
	volume_tell_lost(volume);
	return finish_output(volume->tool, STATUS_OK);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct option_list paths = { NULL, 0 };
	struct ls ls = { .json = false };
	struct volume volume;
	int status;

	if (!options_parse(tool, &command_ls, argc, argv, &ls, &paths, &status))
		return status;
	tool->verbose = ls.verbose;
	if (ls.json && ls.null)
		status = complain_usage(tool, "--json and -0 are two forms");
	else if (ls.sessions && ls.null)
		status = complain_usage(tool, "--sessions takes no -0");
	else if (ls.sessions && (paths.count > 0 || ls.volume.session))
		status = complain_usage(tool, "--sessions takes no %s",
					paths.count ? "PATH" : "--session");
	if (status == STATUS_OK)
		status = volume_open(&volume, tool, &ls.volume, false);
	if (status == STATUS_OK && ls.sessions) {
		status = volume_close(&volume,
				      list_sessions(&volume, ls.json));
	} else if (status == STATUS_OK) {
		status = volume_close(&volume, list(&volume, &ls, &paths));
	}
	options_free(&command_ls, &ls, &paths);
	return status;
}

const struct command command_ls = {
	.name = "ls",
	.arguments = "(-d DEV | -i IMAGE) [--session N] [--json | [-l] [-0]] "
		     "[--sessions | PATH...]",
	.summary = "List what is on a disc or in an image",
	.options = options,
	.run = run,
};
