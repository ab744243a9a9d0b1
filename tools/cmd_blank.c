/* SPDX-License-Identifier: MIT */
/*
 * lathe blank
 */
#include "tools/drive.h"
#include "tools/options.h"

struct blank {
	struct drive_options drive;
	bool full;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct blank, drive),
	{ 0, "full", OPTION_FLAG, offsetof(struct blank, full), NULL,
	  "erase everything; may take an hour" },
	OPTION_PROGRESS(struct blank),
	OPTION_END
};

static int blank_disc(struct drive *drive, bool full)
{
	struct lathe_mmc_medium medium;
	int err = lathe_mmc_read_medium(&drive->mmc, &medium);

	if (err)
		return err;
	if (medium.kind == LATHE_MMC_KIND_NONE)
		return LATHE_ERR_NO_MEDIUM;
	return lathe_mmc_blank(&drive->mmc, &medium,
			       full ? LATHE_MMC_BLANK_FULL
				    : LATHE_MMC_BLANK_MINIMAL);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct blank blank = { .full = false };
	struct drive drive;
	int status, err;

	if (!options_parse(tool, &command_blank, argc, argv, &blank,
			   NO_OPERANDS, &status))
		return status;
	progress_init(&tool->progress, (enum progress_style)blank.progress,
		      stdout);
	status = drive_open(tool, &blank.drive, DRIVE_WRITE, &drive);
	if (status)
		return status;
	err = blank_disc(&drive, blank.full);
	if (err == LATHE_ERR_NO_MEDIUM)
		status = complain(tool, err, NULL, "%s", drive.name);
	else if (err == LATHE_ERR_MEDIUM_TYPE)
		status = complain_why(tool, err, "insert a rewritable disc",
				      "%s: this disc can not be erased",
				      drive.name);
	else if (err)
		status = drive_complain(tool, &drive, err);
	progress_break(&tool->progress);
	drive_close(&drive);
	return status;
}

const struct command command_blank = {
	.name = "blank",
	.arguments = "-d DEV [--full]",
	.summary = "Erase a rewritable disc",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
