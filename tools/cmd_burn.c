/* SPDX-License-Identifier: MIT */
/*
 * lathe burn
 */
#include <inttypes.h>

#include "tools/burn.h"

#define S struct burn_options

static const struct option options[] = {
	OPTIONS_DRIVE(S, drive),
	OPTIONS_CONTENT(S, content),
	OPTION_GROUP("recording"),
	{ 0, "simulate", OPTION_FLAG, offsetof(S, simulate), NULL,
	  "with the laser off" },
	{ 0, "final", OPTION_FLAG, offsetof(S, final), NULL,
	  "no further session shall be possible" },
	{ 0, "keep-appendable", OPTION_FLAG, offsetof(S, keep_appendable), NULL,
	  "refuse rather than make the disc final" },
	{ 0, "import", OPTION_FLAG, offsetof(S, import), NULL,
	  "continue a disc that another program wrote" },
	{ 0, "single", OPTION_FLAG, offsetof(S, single), NULL,
	  "take nothing over: a blank disc is needed" },
	{ 0, "blank", OPTION_FLAG, offsetof(S, blank), NULL,
	  "erase a rewritable disc first" },
	{ 0, "verify", OPTION_CHOICE, offsetof(S, verify),
	  "quick|none|state|full", "how much is read back" },
	{ 0, "speed", OPTION_NUMBER, offsetof(S, speed), "N",
	  "N times the speed of a CD; the fastest if not given" },
	{ 0, "on-source-error", OPTION_CHOICE, offsetof(S, on_source_error),
	  "zero|stop", "what to record for a file that fails" },
	{ 0, "eject", OPTION_FLAG, offsetof(S, eject), NULL,
	  "open the tray after success" },
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

/* 1x of a CD is 75 blocks of 2352 bytes a second: 176.4 kB. */
static uint32_t kb_per_s(uint32_t speed)
{
	return speed > 1000 ? 0 : (speed * 1764u + 9u) / 10u;
}

static int record(struct burn *burn)
{
	const struct burn_options *from = burn->options;
	struct lathe_session_record_options to = {
		.size = sizeof(to),
		.simulate = from->simulate,
		.final = from->final,
		.keep_appendable = from->keep_appendable,
		.eject = from->eject,
		.stop_on_source_error = from->on_source_error == 1,
		.verify = (enum lathe_session_verify)from->verify,
		.speed_kb_per_s = kb_per_s(from->speed),
		.feed = { .threads = 2 },
		.not_whole = not_whole,
		.not_whole_ctx = burn,
	};
	struct lathe_session_report report = { .session = 0 };
	int err = lathe_session_record(burn->master, &to, &report);
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
		printf("%" PRIu32 "\n",
		       burn->nothing ? 0 : burn->totals.space.need);
		return finish_output(burn->tool, STATUS_OK);
	}
	if (content->plan || burn->options->verbose ||
	    burn->options->progress == PROGRESS_JSON)
		burn_show_plan(burn);
	if (burn->nothing)
		burn_show_nothing(burn);
	if (content->plan || burn->nothing)
		return finish_output(burn->tool, STATUS_OK);
	return record(burn);
}

static int check_options(struct tool *tool, const struct burn_options *o)
{
	if (o->final && o->keep_appendable)
		return complain_usage(tool, "--final and --keep-appendable "
					    "contradict each other");
	if (o->import && o->single)
		return complain_usage(tool, "--import and --single contradict "
					    "each other");
	return STATUS_OK;
}

static int run_burn(struct tool *tool, const struct burn_options *from,
		    const struct option_list *operands)
{
	struct burn burn = { .tool = tool,
			     .options = from,
			     .operands = operands };
	int status;

	status = check_options(tool, from);
	if (status == STATUS_OK)
		status = drive_open(tool, &from->drive, DRIVE_WRITE,
				    &burn.drive);
	if (status)
		return status;
	status = content_init(&burn.content, tool, &from->content);
	if (status == STATUS_OK) {
		status = burn_disc(&burn);
		progress_break(&tool->progress);
		lathe_session_master_destroy(burn.master);
		content_destroy(&burn.content);
	}
	drive_close(&burn.drive);
	return status;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct option_list operands = { NULL, 0 };
	struct burn_options from = { .verify = 0 };
	int status;

	if (!options_parse(tool, &command_burn, argc, argv, &from, &operands,
			   &status))
		return status;
	tool->verbose = from.verbose;
	progress_init(&tool->progress, (enum progress_style)from.progress,
		      stdout);
	status = run_burn(tool, &from, &operands);
	options_free(&command_burn, &from, &operands);
	return status;
}

const struct command command_burn = {
	.name = "burn",
	.arguments = "-d DEV [OPTION]... [/TARGET=]PATH...",
	.summary = "Record a session: the first or the next, as the disc says",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
