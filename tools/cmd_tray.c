/* SPDX-License-Identifier: MIT */
/*
 * lathe eject | load
 */
#include "tools/drive.h"
#include "tools/options.h"

struct tray {
	struct drive_options drive;
};

static const struct option options[] = { OPTIONS_DRIVE(struct tray, drive),
					 OPTION_END };

static int run_tray(struct tool *tool, const struct command *command,
		    int (*move)(struct lathe_mmc *mmc), int argc, char **argv)
{
	struct tray tray = { .drive = { .device = NULL } };
	struct drive drive;
	int status, err;

	if (!options_parse(tool, command, argc, argv, &tray, NO_OPERANDS,
			   &status))
		return status;
	status = drive_open(tool, &tray.drive, DRIVE_TRAY, &drive);
	if (status)
		return status;
	err = move(&drive.mmc);
	if (err)
		status = drive_complain(tool, &drive, err);
	return drive_close(&drive, status);
}

static int run_eject(struct tool *tool, int argc, char **argv)
{
	return run_tray(tool, &command_eject, lathe_mmc_eject, argc, argv);
}

static int run_load(struct tool *tool, int argc, char **argv)
{
	return run_tray(tool, &command_load, lathe_mmc_load, argc, argv);
}

const struct command command_eject = {
	.name = "eject",
	.arguments = "-d DEV",
	.summary = "Unlock and open the tray",
	.options = options,
	.run = run_eject,
};

const struct command command_load = {
	.name = "load",
	.arguments = "-d DEV",
	.summary = "Close the tray",
	.options = options,
	.run = run_load,
};
