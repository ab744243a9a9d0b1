/* SPDX-License-Identifier: MIT */
/*
 * lathe blank
 */
#include "session/lathe_session.h"
#include "tools/drive.h"
#include "tools/options.h"

struct blank {
	struct drive_options drive;
	bool full, minimal;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct blank, drive),
	OPTION_SWITCH(struct blank, "full", full,
		      "erase everything; may take an hour"),
	OPTION_SWITCH(struct blank, "minimal", minimal,
		      "a minute; a DVD-RW then takes one session only"),
	OPTION_PROGRESS(struct blank),
	OPTION_END
};

static int blank_disc(struct tool *tool, struct drive *drive,
		      const struct blank *blank)
{
	enum lathe_mmc_blanking how = LATHE_MMC_BLANK_USUAL;
	struct lathe_failure failure = { .err = 0 };
	int err;

	if (blank->full)
		how = LATHE_MMC_BLANK_FULL;
	else if (blank->minimal)
		how = LATHE_MMC_BLANK_MINIMAL;
	err = lathe_session_blank(&drive->mmc, &tool->hooks, how, &failure);
	progress_break(&tool->progress);
	if (err == LATHE_ERR_MEDIUM_TYPE)
		return complain_why(tool, err, "insert a rewritable disc",
				    "%s: this disc can not be erased",
				    drive->name);
	return err ? complain(tool, err, &failure, "%s", drive->name)
		   : STATUS_OK;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct blank blank = { .full = false };
	struct drive drive;
	int status;

	if (!options_parse(tool, &command_blank, argc, argv, &blank,
			   NO_OPERANDS, &status))
		return status;
	progress_init(&tool->progress, (enum progress_style)blank.progress,
		      stdout);
	if (blank.full && blank.minimal)
		return complain_usage(tool, "--full and --minimal contradict "
					    "each other");
	status = drive_open(tool, &blank.drive, DRIVE_WRITE, &drive);
	if (status)
		return status;
	status = blank_disc(tool, &drive, &blank);
	return drive_close(&drive, status);
}

const struct command command_blank = {
	.name = "blank",
	.arguments = "-d DEV [--full | --minimal]",
	.summary = "Erase a rewritable disc",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
