/* SPDX-License-Identifier: MIT */
/*
 * lathe burn
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/burn.h"

#define S struct burn_options

static const struct option options[] = {
	OPTIONS_DRIVE(S, drive),
	OPTIONS_CONTENT(S, content),
	OPTION_GROUP("recording"),
	OPTION_SWITCH(S, "simulate", simulate, "with the laser off"),
	OPTION_SWITCH(S, "final", final,
		      "no further session shall be possible"),
	OPTION_SWITCH(S, "keep-appendable", keep_appendable,
		      "refuse rather than make the disc final"),
	OPTION_SWITCH(S, "import", import,
		      "continue a disc that another program wrote"),
	OPTION_SWITCH(S, "single", single,
		      "take nothing over: a blank disc is needed"),
	OPTION_SWITCH(S, "blank", blank, "erase a rewritable disc first"),
	OPTION_SWITCH(S, "overwrite", overwrite,
		      "give up what is on an overwritable disc"),
	{ 0, "image", OPTION_READ, offsetof(S, image), "FILE|-",
	  "record this image in place of files" },
	OPTION_SWITCH(S, "at-once", at_once,
		      "one final session, in one go (SAO, DAO)"),
	OPTION_SWITCH(S, "dvd-compat", dvd_compat,
		      "what most players read: final, DVD-R at once"),
	OPTION_SWITCH(S, "reserve", reserve,
		      "tell the drive the size beforehand"),
	OPTION_SWITCH(S, "stream", stream,
		      "the drive does not check each write (DVD-RAM, BD)"),
	{ 0, "spares", OPTION_CHOICE, offsetof(S, spares),
	  "keep|default|none|most", "format an unused BD with these" },
	{ 0, "layer-break", OPTION_NUMBER, offsetof(S, layer_break), "N",
	  "blocks of the first layer of a DVD+R DL" },
	{ 0, "verify", OPTION_CHOICE, offsetof(S, verify),
	  "quick|none|state|full", "how much is read back" },
	{ 0, "speed", OPTION_NUMBER, offsetof(S, speed), "N",
	  "N times 1x of the medium; the fastest if not given" },
	{ 0, "on-source-error", OPTION_CHOICE, offsetof(S, on_source_error),
	  "zero|stop", "what to record for a file that fails" },
	OPTION_SWITCH(S, "eject", eject, "open the tray after success"),
	OPTION_SWITCH(S, "reload", reload,
		      "open and close it, so that the system looks anew"),
	OPTION_VERBOSE(S),
	OPTION_PROGRESS(S),
	OPTION_END
};

static void not_whole(void *ctx, uint32_t node, uint64_t offset, int err,
		      const char *text)
{
	struct burn *burn = ctx;
	char path[1024];

	(void)offset;
	(void)err;
	lathe_iso9660_path(lathe_session_tree(burn->master), node, path,
			   sizeof(path));
	note(burn->tool, "not whole: %s; on the disc: %s", text, path);
	burn->not_whole++;
}

struct lathe_session_record_options burn_recording(struct burn *burn)
{
	const struct burn_options *from = burn->options;

	return (struct lathe_session_record_options){
		.size = sizeof(struct lathe_session_record_options),
		.simulate = from->simulate,
		.final = burn->final,
		.keep_appendable = from->keep_appendable,
		.eject = from->eject,
		.stop_on_source_error = from->on_source_error == 1,
		.verify = (enum lathe_session_verify)from->verify,
		.speed_kb_per_s = burn_speed(burn),
		.at_once = burn->at_once,
		.reserve = from->reserve,
		.stream = from->stream,
		.overwrite = from->overwrite,
		.layer_break = burn->goes_on ? 0 : from->layer_break,
		.feed = { .threads = 2 },
		.not_whole = not_whole,
		.not_whole_ctx = burn,
	};
}

static int record(struct burn *burn)
{
	struct lathe_session_record_options how = burn_recording(burn);
	struct lathe_session_report report = { .session = 0 };
	int err = lathe_session_record(burn->master, &how, &report);
	int status;

	progress_break(&burn->tool->progress);
	if (err == 0) {
		burn_show_report(burn, &report);
		return finish_output(burn->tool, STATUS_OK);
	}
	status = burn_complain(burn, err);
	burn_show_end(burn, &report);
	return status;
}

static int burn_disc(struct burn *burn)
{
	const struct content_options *content = &burn->options->content;
	int status = burn_choose(burn);

	if (status == STATUS_OK)
		status = burn_stage(burn);
	if (status)
		return status;
	if (content->print_size) {
		content_show_size(burn->totals.space.need,
				  burn->options->progress == PROGRESS_JSON);
		return finish_output(burn->tool, STATUS_OK);
	}
	if (burn->options->progress == PROGRESS_JSON ||
	    (!burn->nothing && (content->plan || burn->options->verbose)))
		burn_show_plan(burn);
	if (burn->nothing)
		burn_show_nothing(burn);
	if (content->plan || burn->nothing)
		return finish_output(burn->tool, STATUS_OK);
	return record(burn);
}

/* Is it one of those that say what becomes of files? */
static bool is_for_files(const struct option *row)
{
	const size_t begin = offsetof(S, content);

	return row->kind != OPTION_HEADING && row->offset >= begin &&
	       row->offset < begin + sizeof(struct content_options);
}

/* A ready image has its files, and would be recorded without what else is
 * asked for. */
static int check_alone(struct tool *tool, const struct burn_options *o,
		       const struct option_list *operands)
{
	const struct option *row;

	if (o->resume)
		return complain_usage(tool, "an image can not be gone on with: "
					    "begin anew on another disc");
	if (operands->count)
		return complain_usage(tool, "--image FILE is all that is "
					    "recorded, and as it is");
	for (row = options; row->name; row++)
		if ((is_for_files(row) || strcmp(row->name, "import") == 0) &&
		    option_given(row, o))
			return complain_usage(tool,
					      "--image FILE is all that is "
					      "recorded, and as it is: --%s "
					      "has no place with it",
					      row->name);
	return STATUS_OK;
}

static int check_options(struct tool *tool, const struct burn_options *o,
			 const struct option_list *operands)
{
	if (o->final && o->keep_appendable)
		return complain_usage(tool, "--final and --keep-appendable "
					    "contradict each other");
	if (o->import && (o->single || o->overwrite))
		return complain_usage(tool, "--import and %s contradict each "
					    "other",
				      o->single ? "--single" : "--overwrite");
	if (o->dvd_compat && o->keep_appendable)
		return complain_usage(tool, "--dvd-compat and "
					    "--keep-appendable contradict "
					    "each other");
	if (o->at_once && o->keep_appendable)
		return complain_usage(tool, "--at-once and --keep-appendable "
					    "contradict each other: such a "
					    "disc is final");
	if (o->layer_break % 16)
		return complain_usage(tool, "--layer-break takes a multiple of "
					    "16");
	return o->image ? check_alone(tool, o, operands) : STATUS_OK;
}

/* An emulated disc may lie among the files that go on it. */
static void leave_out_disc(struct burn *burn)
{
	static const char *const parts[] = { "", ".disc" };
	const char *path = burn->drive.emulated.path;
	char name[4096];
	size_t i;

	for (i = 0; path && i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, parts[i]);
		content_writes(&burn->content, name);
	}
	if (burn->options->drive.scsi_log)
		content_writes(&burn->content, burn->options->drive.scsi_log);
}

/* A disc is changed when nothing that can be known speaks against it. */
static int prepare_and_burn(struct burn *burn)
{
	int status = STATUS_OK;

	if (burn->options->image)
		status = burn_open_image(burn);
	if (status == STATUS_OK)
		status = burn_prepare(burn);
	if (status == STATUS_OK)
		status = burn->options->image ? burn_image(burn)
					      : burn_disc(burn);
	if (burn->options->image && burn->image.fd > STDIN_FILENO)
		close(burn->image.fd);
	free(burn->image.head);
	free(burn->image.head_anew);
	return status;
}

/* After success; where something was recorded it was ejected by that. */
static int move_tray(struct burn *burn)
{
	const struct burn_options *from = burn->options;
	int err = from->eject && burn->nothing
			  ? lathe_mmc_eject(&burn->drive.mmc) : 0;

	if (err)
		return drive_complain(burn->tool, &burn->drive, err);
	if (!from->simulate && !from->eject)
		drive_show_system(burn->tool, &burn->drive, from->reload);
	return STATUS_OK;
}

static int run_burn(struct tool *tool, const struct burn_options *from,
		    const struct option_list *operands)
{
	struct burn burn = { .tool = tool,
			     .options = from,
			     .operands = operands };
	int status;

	status = check_options(tool, from, operands);
	if (status == STATUS_OK)
		status = drive_open(tool, &from->drive, DRIVE_WRITE,
				    &burn.drive);
	if (status)
		return status;
	status = content_init(&burn.content, tool, &from->content);
	if (status == STATUS_OK) {
		leave_out_disc(&burn);
		status = prepare_and_burn(&burn);
		progress_break(&tool->progress);
		lathe_session_master_destroy(burn.master);
		content_destroy(&burn.content);
	}
	if (status == STATUS_OK && !from->content.plan &&
	    !from->content.print_size)
		status = move_tray(&burn);
	return drive_close(&burn.drive, status);
}

static int run(struct tool *tool, const struct command *command, bool resume,
	       int argc, char **argv)
{
	struct option_list operands = { NULL, 0 };
	struct burn_options from = { .resume = resume };
	int status;

	if (!options_parse(tool, command, argc, argv, &from, &operands,
			   &status))
		return status;
	tool->verbose = from.verbose;
	/* No name is none that a disc could get: what it has stays. */
	if (from.content.volume && !*from.content.volume)
		from.content.volume = NULL;
	progress_init(&tool->progress, (enum progress_style)from.progress,
		      stdout);
	status = run_burn(tool, &from, &operands);
	options_free(command, &from, &operands);
	return status;
}

static int run_record(struct tool *tool, int argc, char **argv)
{
	return run(tool, &command_burn, false, argc, argv);
}

static int run_resume(struct tool *tool, int argc, char **argv)
{
	return run(tool, &command_resume, true, argc, argv);
}

const struct command command_burn = {
	.name = "burn",
	.arguments = "-d DEV [OPTION]... [/TARGET=]PATH...",
	.summary = "Record a session: the first or the next, as the disc says",
	.options = options,
	.asks_to_stop = true,
	.takes_files = true,
	.run = run_record,
};

const struct command command_resume = {
	.name = "resume",
	.arguments = "-d DEV [OPTION]... [/TARGET=]PATH...",
	.summary = "Go on with a session that was cut, from the same files",
	.options = options,
	.asks_to_stop = true,
	.takes_files = true,
	.run = run_resume,
};
