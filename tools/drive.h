/* SPDX-License-Identifier: MIT */
/*
 * Opening a drive: a device node or an emulated recorder.
 */
#ifndef LATHE_TOOL_DRIVE_H
#define LATHE_TOOL_DRIVE_H

#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"
#include "tools/log_file.h"
#include "tools/tool.h"

/* Part of the options of each command with -d. */
struct drive_options {
	const char *device;
	const char *personality, *faults, *swap, *scsi_log;
};

enum drive_use {
	DRIVE_READ,	/* others may use it as well */
	DRIVE_WRITE,	/* for us alone */
	DRIVE_TRAY	/* for us alone, whatever state the disc is in */
};

struct drive {
	struct lathe_mmc mmc;
	const char *name;	/* as the user called it, without a password */

	/* Private. */
	const char *device;	/* the name as a whole */
	char shown[256];
	struct tool *tool;
	enum drive_use use;
	lathe_execute_fn *execute;
	void *execute_ctx;
	struct lathe_mmc_sgio sgio;
	struct lathe_mmc_iscsi iscsi;
	struct emulated {
		char *path, *personality, *faults, *swap;
		struct lathe_emulator *emulator;
		struct lathe_emulator_store *store, *swap_store;
	} emulated;
	struct lathe_mmc_scsi_log log;
	struct log_file log_file;
};

/*
 * Open the drive and, but for the tray, wait until it is ready or known to be
 * empty. Returns 0 or, after complaining, the exit status; then nothing stays
 * open.
 */
int drive_open(struct tool *tool, const struct drive_options *options,
	       enum drive_use use, struct drive *drive);
/* Returns 'status' or, where that is 0 and lines of the log are missing, or the
 * state of an emulated disc that was to be changed could not be saved, that
 * one. */
int drive_close(struct drive *drive, int status);

/* Is this open file the disc in it, as its node or as a file of an emulated
 * one? */
bool drive_is(const struct drive *drive, int fd);

/* Complain about the drive's last failure. Returns the exit status. */
int drive_complain(struct tool *tool, struct drive *drive, int err);

/* Does the drive call the last session damaged? Then none is open that could
 * be gone on with or be closed, by force neither. */
bool drive_says_damaged(struct drive *drive);

/*
 * After a recording: does the system know of it? If not, that is said; 'reload'
 * opens and closes the tray. May close the drive's node; drive_close() follows.
 */
void drive_show_system(struct tool *tool, struct drive *drive, bool reload);

/*
 * An emulated drive without the engine: "FILE[,personality=P][,faults=FILE]
 * [,swap=FILE]" and options; for 'emu serve' as well.
 */
int emulated_open(struct tool *tool, const char *spec,
		  const struct drive_options *options,
		  void (*command)(void *ctx, const char *text, size_t len),
		  void *command_ctx, struct emulated *out);
/* 'tool' NULL: nothing is told. */
int emulated_close(struct tool *tool, struct emulated *emulated, int status);

/* Is 'path' the disc of such a drive, or what is kept of its state? Then it is
 * not to be written by anybody else: complains and returns the exit status. */
int emulated_refuse(struct tool *tool, const char *path);

/* The same of the discs in this drive, of a file by its device and number. */
bool emulated_is(const struct emulated *emulated, uint64_t dev, uint64_t ino);

#endif
