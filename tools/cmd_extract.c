/* SPDX-License-Identifier: MIT */
/*
 * lathe extract
 */
#ifndef __linux__
#define _POSIX_C_SOURCE 200809L
#elif !defined(_GNU_SOURCE)
#define _GNU_SOURCE		/* O_PATH */
#endif

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"
#include "tools/options.h"

struct extract_args {
	struct volume_options volume;
	const char *into;
	bool overwrite, keep_modes, keep_owner, verbose;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_VOLUME(struct extract_args, volume),
	{ 'C', "into", OPTION_TEXT, offsetof(struct extract_args, into), "DIR",
	  "where to; made when it is not there" },
	OPTION_SWITCH(struct extract_args, "overwrite", overwrite,
		      "replace files that are there"),
	OPTION_SWITCH(struct extract_args, "keep-modes", keep_modes,
		      "permissions as recorded, set-user-ID as well"),
	OPTION_SWITCH(struct extract_args, "keep-owner", keep_owner,
		      "owner and group as recorded"),
	OPTION_VERBOSE(struct extract_args),
	OPTION_PROGRESS(struct extract_args),
	OPTION_END
};

static int add_up(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct extract *extract = ctx;

	if (!extract_wanted(extract, entry->node))
		return 0;
	if (entry->kind == LATHE_ISO9660_FILE)
		extract->blocks_all += extract_blocks(entry);
	extract_note(extract, entry);
	return 0;
}

/* All paths are looked up before anything is made. */
static int choose(struct extract *extract, const struct option_list *paths)
{
	uint32_t node;
	size_t i;
	int err;

	for (i = 0; i < paths->count; i++) {
		err = lathe_iso9660_find(extract->tree, paths->item[i], &node);
		if (err)
			return complain(extract->tool, err, NULL, "%s: %s",
					extract->volume->name, paths->item[i]);
		extract_want(extract, node);
	}
	return STATUS_OK;
}

/* What the user ought to know in the end. Returns the exit status. */
static int conclude(struct extract *extract, const char *into)
{
	struct tool *tool = extract->tool;

	if (extract->specials > 0)
		note(tool, "%s left out",
		     counted(extract->specials, "device, pipe or socket",
			     "devices, pipes or sockets")
			     .text);
	if (extract->cut > 0)
		note(tool, "names of %s are too long here, and cut%s",
		     counted(extract->cut, "entry", "entries").text,
		     tool->verbose ? "" : "; -v lists them");
	if (extract->unset > 0)
		note(tool, "owner, permissions or date of %s could not be "
			   "set: %s%s",
		     counted(extract->unset, "entry", "entries").text,
		     strerror(extract->unset_errno),
		     tool->verbose ? "" : "; -v lists them");
	/* Of a part of it that would not be fair: it is not known where. */
	if (extract->volume->left_out > 0 && !extract->wanted) {
		note(tool, "what is lost in damaged directories is not there");
		if (!extract->status)
			extract->status = status_of(LATHE_ERR_CORRUPT);
	}
	if (extract->failed > 0)
		note(tool, "%" PRIu32 " of %" PRIu32 " could not be extracted",
		     extract->failed, extract->failed + extract->files);
	if (extract->stopped)
		return complain_why(tool, LATHE_ERR_CANCELLED, NULL,
				    "%s: stopped on request: not all of it is "
				    "there", into);
	if (extract->over)
		note(tool, "%s: not all of it is there", into);
	/* Who asked for them wants to know. */
	if (extract->unset > 0 && (extract->keep_modes || extract->keep_owner))
		return extract->status ? extract->status
				       : status_of(LATHE_ERR_IO);
	return extract->status;
}

static int extract_chosen(struct extract *extract, const char *into)
{
	extract->buffer = must_realloc(NULL, (size_t)EXTRACT_CHUNK *
						     LATHE_BLOCK_BYTES);
	lathe_iso9660_walk(extract->tree, LATHE_ISO9660_ROOT, add_up, extract);
	extract_noted(extract);
	extract_all(extract);
	extract_links(extract);
	free(extract->buffer);
	progress_break(&extract->tool->progress);
	return conclude(extract, into);
}

static int open_target(struct extract *extract, const char *path)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return complain_errno(extract->tool, path);
	extract->target = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
#ifdef O_PATH
	/* It need not be listed. */
	if (extract->target < 0 && errno == EACCES)
		extract->target = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
#endif
	if (extract->target < 0)
		return complain_errno(extract->tool, path);
	return STATUS_OK;
}

static int extract_session(struct volume *volume,
			   const struct extract_args *args,
			   const struct option_list *paths)
{
	const struct lathe_session_info *session;
	struct extract *extract = must_realloc(NULL, sizeof(*extract));
	mode_t mask = umask(077);
	int status;

	*extract = (struct extract){ .tool = volume->tool,
				     .volume = volume,
				     .overwrite = args->overwrite,
				     .keep_modes = args->keep_modes,
				     .keep_owner = args->keep_owner,
				     .mask = (uint32_t)mask,
				     .parent_fd = -1,
				     .target = -1 };
	umask(mask);
	status = volume_pick(volume, args->volume.session, &session);
	if (status == STATUS_OK)
		status = volume_import_cut(volume, session, &extract->tree);
	if (status == STATUS_OK)
		status = choose(extract, paths);
	if (status == STATUS_OK)
		status = open_target(extract, args->into);
	if (status == STATUS_OK)
		status = extract_chosen(extract, args->into);
	status = status ? status : volume_rest(volume);
	extract_links_free(extract);
	free(extract->wanted);
	if (extract->target >= 0)
		close(extract->target);
	if (extract->tree)
		lathe_iso9660_tree_destroy(extract->tree);
	free(extract);
	return status;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct extract_args args = { .into = NULL };
	struct option_list paths = { NULL, 0 };
	struct volume volume;
	int status;

	if (!options_parse(tool, &command_extract, argc, argv, &args, &paths,
			   &status))
		return status;
	tool->verbose = args.verbose;
	progress_init(&tool->progress, (enum progress_style)args.progress,
		      stdout);
	tool->progress.label = "extracting";
	if (!args.into)
		status = complain_usage(tool, "-C DIR says where to");
	if (status == STATUS_OK)
		status = volume_open(&volume, tool, &args.volume, false);
	if (status == STATUS_OK) {
		status = extract_session(&volume, &args, &paths);
		status = volume_close(&volume, status);
	}
	options_free(&command_extract, &args, &paths);
	return status;
}

const struct command command_extract = {
	.name = "extract",
	.arguments = "(-d DEV | -i IMAGE) [--session N] -C DIR [PATH]...",
	.summary = "Copy files from a disc or an image",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
