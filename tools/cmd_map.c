/* SPDX-License-Identifier: MIT */
/*
 * lathe map
 */
#define _POSIX_C_SOURCE 200809L

#include "tools/map.h"
#include "tools/options.h"
#include "tools/volume.h"

struct map_args {
	struct volume_options volume;
	bool json, null, verbose;
};

static const struct option options[] = {
	OPTIONS_VOLUME(struct map_args, volume),
	OPTION_SWITCH(struct map_args, "json", json, "one JSON object a line"),
	{ '0', "null", OPTION_FLAG, offsetof(struct map_args, null), NULL,
	  "tabs between fields, NUL behind each record" },
	OPTION_VERBOSE(struct map_args),
	OPTION_END
};

static int show(struct volume *volume, const struct map_args *args)
{
	const struct lathe_session_info *session;
	struct map map = { .tool = volume->tool, .name = volume->name };
	int status = volume_pick(volume, args->volume.session, &session);

	if (status == STATUS_OK)
		status = volume_import_cut(volume, session, &map.tree);
	if (status)
		return status;
	map.blocks = &volume->blocks;
	map.start = session->start;
	map.shift = volume->shift;
	status = map_write(&map,
			   args->json	? MAP_JSON
			   : args->null ? MAP_NULL
					: MAP_TEXT,
			   stdout);
	lathe_iso9660_tree_destroy(map.tree);
	status = status ? status : volume_rest(volume);
	return finish_output(volume->tool, status);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct map_args args = { .json = false };
	struct volume volume;
	int status;

	if (!options_parse(tool, &command_map, argc, argv, &args, NO_OPERANDS,
			   &status))
		return status;
	tool->verbose = args.verbose;
	if (args.json && args.null)
		status = complain_usage(tool, "--json and -0 are two forms");
	if (status == STATUS_OK)
		status = volume_open(&volume, tool, &args.volume, false);
	if (status == STATUS_OK)
		status = volume_close(&volume, show(&volume, &args));
	options_free(&command_map, &args, NO_OPERANDS);
	return status;
}

const struct command command_map = {
	.name = "map",
	.arguments = "(-d DEV | -i IMAGE) [--session N] [--json | -0]",
	.summary = "List where everything of a session is",
	.options = options,
	.run = run,
};
