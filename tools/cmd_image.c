/* SPDX-License-Identifier: MIT */
/*
 * lathe image
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <stdlib.h>
#include <string.h>

#include "tools/image.h"
#include "tools/map.h"
#include "tools/when.h"

#define S struct image_options

static const struct option options[] = {
	{ 'o', "output", OPTION_WRITE, offsetof(S, output), "FILE",
	  "the image; - is standard output" },
	{ 'M', "append-to", OPTION_TEXT, offsetof(S, base), "IMAGE",
	  "add a session to it; with -o to a copy of it" },
	{ 'C', "msinfo", OPTION_TEXT, offsetof(S, msinfo), "LAST,NEXT",
	  "only a session for block NEXT, behind that at LAST of -M" },
	{ 0, "start", OPTION_NUMBER, offsetof(S, start), "LBA",
	  "only a session for that block, behind the newest of -M" },
	OPTION_SWITCH(S, "growable", growable,
		      "room in front for the descriptors of later sessions"),
	{ 0, "map", OPTION_WRITE, offsetof(S, map), "FILE",
	  "list where everything is; - is standard output" },
	{ 0, "map-format", OPTION_CHOICE, offsetof(S, map_format),
	  "text|json|null", "JSON lines; or tabs, NUL behind each name" },
	OPTIONS_CONTENT(S, content),
	{ 0, "on-source-error", OPTION_CHOICE, offsetof(S, on_source_error),
	  "stop|zero", "what to do about a file that fails" },
	OPTION_VERBOSE(S),
	OPTION_PROGRESS(S),
	OPTION_END
};

/* ---- the plan ----------------------------------------------------------- */

/* A volume's date is recorded on request only: same files, same bytes. */
static int describe(struct image_run *run, struct lathe_iso9660_volume *volume)
{
	const char *name = run->options->content.volume;
	int64_t seconds;
	bool given;
	int status = when_asked(run->tool, &given, &seconds);

	if (status)
		return status;
	/* Named as it is called already, it keeps all forms of its name. */
	if (run->found && run->found->volume_id[0] &&
	    !content_renames(&run->options->content, run->found)) {
		name = run->found->volume_id;
		volume->primary_id = run->found->primary_id;
	}
	volume->volume_id = name ? name : "LATHE";
	volume->application = "LATHE";
	if (run->use_count > 0)
		content_tell_volume(&run->content);
	if (given) {
		when_described(seconds, volume->created);
		when_described(seconds, volume->modified);
	}
	return STATUS_OK;
}

static int make_plan(struct image_run *run, struct lathe_iso9660_tree *tree,
		     struct lathe_iso9660_plan **plan)
{
	const struct content_options *content = &run->options->content;
	struct lathe_iso9660_plan_options how = {
		.size = sizeof(how),
		.primary = &run->primary,
		.uses = &run->use,
		.use_count = run->use_count,
		.previous = run->previous,
		.strict = content->joliet_strict ? 2 : 0,
		.system_use = content_system_use(content),
		.system_use_options = &run->content.rock_ridge,
		.renamed = content_renamed,
		.renamed_ctx = &run->content,
	};
	int status, err;

	run->use = (struct lathe_iso9660_use){ &lathe_joliet_hierarchy,
					       &run->joliet };
	status = describe(run, &how.volume);
	if (status)
		return status;
	err = lathe_iso9660_plan_create(tree, &how, plan);
	if (err)
		return complain(run->tool, err,
				lathe_iso9660_tree_failure(tree), "%s",
				image_target(run));
	return STATUS_OK;
}

/* ---- the run ------------------------------------------------------------ */

/* Nothing to record, where there was something before? */
static bool is_unchanged(const struct image_run *run,
			 const struct lathe_iso9660_tree *tree)
{
	return run->has_base && !lathe_iso9660_changed(tree) &&
	       !content_renames(&run->options->content, run->found);
}

/* An update that finds no difference has done what it was asked for; a copy
 * that was asked for is one of what there is. */
static int nothing_to_do(struct image_run *run)
{
	const struct content_options *content = &run->options->content;
	bool writes = run->options->output && !content->plan &&
		      !content->print_size;
	int status = content_unchanged(&run->content)
			     ? content_told(&run->content)
			     : complain(run->tool, LATHE_ERR_EMPTY, NULL, "%s",
					run->options->base);

	if (status)
		return status;
	if (content->print_size)
		content_show_size(0, run->options->progress == PROGRESS_JSON);
	else
		note(run->tool, "nothing to record: %s holds all of it as "
				"it is%s", run->options->base,
		     !writes ? "" : run->appends ? ", and is copied as such"
						 : ": no session is written");
	if (writes && run->appends)
		return image_output(run, NULL);
	if (content->plan && run->options->progress == PROGRESS_JSON)
		content_show_plan(&run->content, NULL, run->start, true);
	return finish_output(run->tool, STATUS_OK);
}

static int write_or_tell(struct image_run *run,
			 const struct lathe_iso9660_plan *plan)
{
	const struct content_options *content = &run->options->content;
	bool as_json = run->options->progress == PROGRESS_JSON;

	if (content->print_size)
		content_show_size(image_growth(run, plan), as_json);
	else if (content->plan)
		content_show_plan(&run->content, plan, run->start,
				  as_json);
	else
		return image_output(run, plan);
	return finish_output(run->tool, STATUS_OK);
}

/* A new image of nothing is a mistake. */
static int refuse_nothing(struct image_run *run)
{
	if (content_is_lost(&run->content))
		return complain_why(run->tool, LATHE_ERR_EMPTY, NULL,
				    "all that was named is left out: there is "
				    "nothing to record");
	if (run->content.sources.count == 0)
		return complain_why(run->tool, LATHE_ERR_EMPTY,
				    "see why what makes the list names nothing",
				    "the path list is empty: there is nothing "
				    "to record");
	return STATUS_OK;
}

static int plan_and_write(struct image_run *run,
			  struct lathe_iso9660_tree *tree,
			  const struct option_list *operands)
{
	struct lathe_iso9660_plan *plan = NULL;
	int status;

	run->content.tree = tree;
	run->content.in_image = true;
	status = content_add(&run->content, operands);
	if (status == STATUS_OK && !run->options->base)
		status = refuse_nothing(run);
	if (status == STATUS_OK && is_unchanged(run, tree))
		return nothing_to_do(run);
	if (status == STATUS_OK)
		status = make_plan(run, tree, &plan);
	if (status)
		return status;
	image_tell_names(run);
	status = content_told(&run->content);
	if (status == STATUS_OK)
		status = write_or_tell(run, plan);
	lathe_iso9660_plan_destroy(plan);
	return status;
}

static int new_tree(struct image_run *run, struct lathe_iso9660_tree **tree)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = run->tool->hooks
	};
	int err;

	if (run->options->base)
		return image_open_base(run, tree);
	err = lathe_iso9660_tree_create(&config, tree);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	return STATUS_OK;
}

/* What is copied does not change; "-" is known as such. */
static void leave_out_output(struct image_run *run)
{
	const struct image_options *o = run->options;
	const char *written[] = { o->output ? o->output : o->base, o->map };
	size_t i;

	for (i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (written[i] && strcmp(written[i], "-") != 0)
			content_writes(&run->content, written[i]);
}

static int make_image(struct image_run *run,
		      const struct option_list *operands)
{
	struct lathe_iso9660_tree *tree = NULL;
	int status = content_init(&run->content, run->tool,
				  &run->options->content);

	if (status)
		return status;
	leave_out_output(run);
	status = new_tree(run, &tree);
	if (status == STATUS_OK)
		status = plan_and_write(run, tree, operands);
	if (tree)
		lathe_iso9660_tree_destroy(tree);
	progress_break(&run->tool->progress);
	image_close_base(run);
	content_destroy(&run->content);
	return status;
}

/* Where the session begins if nothing is taken over. */
static int start_without_base(struct image_run *run)
{
	uint32_t last;

	if (run->options->growable)
		run->start = IMAGE_GROWABLE;
	if (run->options->start)
		run->start = run->options->start;
	if (run->options->msinfo)
		return image_parse_msinfo(run, &last);
	return STATUS_OK;
}

static int check_options(struct tool *tool, const struct image_options *from,
			 const struct option_list *operands)
{
	const struct content_options *content = &from->content;
	bool elsewhere = from->msinfo || from->start;
	bool writes = !content->plan && !content->print_size;

	if (!from->output && !from->base && writes)
		return complain_usage(tool, "-o FILE says where to");
	if (!from->output && elsewhere && writes)
		return complain_usage(tool, "-o FILE says where to: -C and "
					    "--start make a session alone");
	if (from->msinfo && from->start)
		return complain_usage(tool, "-C and --start both say where "
					    "the session begins");
	if (from->growable && (from->base || elsewhere))
		return complain_usage(tool, "--growable is for the first "
					    "session of a new image");
	if (operands->count == 0 && content->path_list.count == 0 &&
	    !from->base)
		return complain_usage(tool, "no PATH is given");
	return STATUS_OK;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct image_options from = { .output = NULL };
	struct option_list operands = { NULL, 0 };
	struct image_run *image;
	bool piped;
	int status;

	if (!options_parse(tool, &command_image, argc, argv, &from, &operands,
			   &status))
		return status;
	tool->verbose = from.verbose;
	if (from.output && output_is_standard(from.output))
		from.output = "-";
	if (from.map && output_is_standard(from.map))
		from.map = "-";
	piped = (from.output && strcmp(from.output, "-") == 0) ||
		(from.map && strcmp(from.map, "-") == 0);
	progress_init(&tool->progress, (enum progress_style)from.progress,
		      piped ? stderr : stdout);
	image = must_realloc(NULL, sizeof(*image));
	*image = (struct image_run){
		.tool = tool,
		.options = &from,
		.joliet = { .long_names = from.content.joliet_long },
		.primary = { .level = content_level(&from.content) },
		.use_count = 1,
		.fd = -1,
		.base = { .fd = -1 },
	};
	status = check_options(tool, &from, &operands);
	if (status == STATUS_OK)
		status = start_without_base(image);
	if (status == STATUS_OK)
		status = make_image(image, &operands);
	free(image);
	options_free(&command_image, &from, &operands);
	return status;
}

const struct command command_image = {
	.name = "image",
	.arguments = "(-o FILE|- | -M IMAGE) [OPTION]... "
		     "[/TARGET=]PATH...",
	.summary = "Write an image to a file or a pipe, or add a session to "
		   "one",
	.options = options,
	.asks_to_stop = true,
	.takes_files = true,
	.run = run,
};
