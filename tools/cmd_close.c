/* SPDX-License-Identifier: MIT */
/*
 * lathe close
 */
#include "session/lathe_session.h"
#include "tools/drive.h"
#include "tools/options.h"

struct close_args {
	struct drive_options drive;
	bool final, force;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct close_args, drive),
	OPTION_SWITCH(struct close_args, "final", final,
		      "no further session shall be possible"),
	OPTION_SWITCH(struct close_args, "force", force,
		      "close a session that lacks its directories"),
	OPTION_PROGRESS(struct close_args),
	OPTION_END
};

static int complain_close(struct tool *tool, struct drive *drive, int err,
			  bool final, const struct lathe_failure *failure)
{
	if ((err == LATHE_ERR_STATE || err == LATHE_ERR_UNFINISHED) &&
	    drive_says_damaged(drive))
		return complain_why(tool, LATHE_ERR_UNFINISHED,
				    "use another disc",
				    "%s: the drive calls the last session "
				    "damaged",
				    drive->name);
	if (err == LATHE_ERR_UNSUPPORTED)
		return complain_why(tool, err,
				    "record one more session with lathe burn "
				    "--final, if only --volume NAME",
				    "%s: %s", drive->name, failure->text);
	if (err == LATHE_ERR_STATE || err == LATHE_ERR_MEDIUM_TYPE)
		return complain_why(tool, err,
				    final && err == LATHE_ERR_STATE
					    ? "record something on it first"
					    : "nothing: all is well",
				    "%s: %s", drive->name, failure->text);
	if (err == LATHE_ERR_UNFINISHED)
		return complain_why(tool, err,
				    "leave it open; or --force: systems will "
				    "then mount nothing by themselves, older "
				    "sessions by their number only",
				    "%s: the session that was cut short has "
				    "no complete directories",
				    drive->name);
	return complain(tool, err, failure, "%s", drive->name);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct close_args args = { .final = false };
	struct lathe_failure failure = { .err = 0 };
	struct drive drive;
	int status, err;

	if (!options_parse(tool, &command_close, argc, argv, &args, NO_OPERANDS,
			   &status))
		return status;
	progress_init(&tool->progress, (enum progress_style)args.progress,
		      stdout);
	status = drive_open(tool, &args.drive, DRIVE_WRITE, &drive);
	if (status)
		return status;
	err = lathe_session_close(&drive.mmc, &tool->hooks, args.final,
				  args.force, &failure);
	progress_break(&tool->progress);
	if (err)
		status =
			complain_close(tool, &drive, err, args.final, &failure);
	return drive_close(&drive, status);
}

const struct command command_close = {
	.name = "close",
	.arguments = "-d DEV [--final] [--force]",
	.summary = "Close a session that was cut short, or make a disc final",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
