/* SPDX-License-Identifier: MIT */
/*
 * lathe format
 */
#include "tools/drive.h"
#include "tools/options.h"

struct format {
	struct drive_options drive;
	bool full, certify;
	unsigned spares, progress;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct format, drive),
	OPTION_SWITCH(struct format, "full", full,
		      "all of the disc, which may take hours"),
	OPTION_SWITCH(struct format, "certify", certify,
		      "and read all of it (DVD-RAM, BD-RE)"),
	{ 0, "spares", OPTION_CHOICE, offsetof(struct format, spares),
	  "default|none|most", "room for bad blocks of a BD" },
	OPTION_PROGRESS(struct format),
	OPTION_END
};

static int format_disc(struct drive *drive, const struct format *format)
{
	struct lathe_mmc_formatting how = {
		.full = format->full,
		.certify = format->certify,
		.spares = (enum lathe_mmc_spares)format->spares,
	};
	struct lathe_mmc_medium medium;
	int err = lathe_mmc_read_medium(&drive->mmc, &medium);

	if (err)
		return err;
	if (medium.kind == LATHE_MMC_KIND_NONE)
		return LATHE_ERR_NO_MEDIUM;
	return lathe_mmc_format(&drive->mmc, &medium, &how);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct format format = { .full = false };
	struct drive drive;
	int status, err;

	if (!options_parse(tool, &command_format, argc, argv, &format,
			   NO_OPERANDS, &status))
		return status;
	progress_init(&tool->progress, (enum progress_style)format.progress,
		      stdout);
	status = drive_open(tool, &format.drive, DRIVE_WRITE, &drive);
	if (status)
		return status;
	err = format_disc(&drive, &format);
	progress_break(&tool->progress);
	if (err == LATHE_ERR_NO_MEDIUM)
		status = complain(tool, err, NULL, "%s", drive.name);
	else if (err)
		status = drive_complain(tool, &drive, err);
	return drive_close(&drive, status);
}

const struct command command_format = {
	.name = "format",
	.arguments = "-d DEV [--full] [--certify] [--spares=default|none|most]",
	.summary = "Format a disc, so that any block of it may be written",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
