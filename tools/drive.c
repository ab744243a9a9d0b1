/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/drive.h"
#include "tools/holder.h"

#define READY_MS 300000u   /* a slow drive with a bad disc */
#define OPEN_WAIT_MS 3000u /* udev looks at a new disc */

/* ---- the engine's callbacks --------------------------------------------- */

static int execute(void *ctx, struct lathe_cmd *cmd)
{
	struct drive *drive = ctx;

	return drive->execute(drive->execute_ctx, cmd);
}

static uint64_t now_ms(void *ctx)
{
	struct drive *drive = ctx;

	if (drive->emulated.emulator)
		return lathe_emulator_now_ms(drive->emulated.emulator);
	return lathe_mmc_sgio_now_ms(NULL);
}

static void sleep_ms(void *ctx, uint32_t ms)
{
	struct drive *drive = ctx;

	if (drive->emulated.emulator)
		lathe_emulator_sleep_ms(drive->emulated.emulator, ms);
	else
		lathe_mmc_sgio_sleep_ms(NULL, ms);
}

/* ---- device nodes ------------------------------------------------------- */

/* Where the node is mounted, into 'place'. Linux; elsewhere never found. */
static bool mounted_at(const char *node, char *place, size_t room)
{
	FILE *mounts = fopen("/proc/mounts", "r");
	char line[1024], device[256], where[256];
	bool found = false;

	if (!mounts)
		return false;
	while (!found && fgets(line, sizeof(line), mounts)) {
		if (sscanf(line, "%255s %255s", device, where) != 2)
			continue;
		found = strcmp(device, node) == 0;
	}
	fclose(mounts);
	if (found)
		snprintf(place, room, "%s", where);
	return found;
}

static int complain_denied(struct tool *tool, const char *node)
{
	char remedy[256] = "ask the administrator for access to the drive";
	struct group *group = NULL;
	struct stat st;

	if (stat(node, &st) == 0)
		group = getgrgid(st.st_gid);
	if (group && (st.st_mode & S_IWGRP))
		snprintf(remedy, sizeof(remedy),
			 "join the group '%.60s' (adduser YOU %.60s) and log "
			 "in again",
			 group->gr_name, group->gr_name);
	return complain_why(tool, LATHE_ERR_DENIED, remedy,
			    "%s: no permission to use the drive", node);
}

static int complain_busy(struct tool *tool, const struct drive *drive)
{
	const char *node = drive->sgio.busy_sibling[0]
				   ? drive->sgio.busy_sibling
				   : drive->name;
	char place[256], holder[128];

	if (mounted_at(node, place, sizeof(place)))
		return complain_why(tool, LATHE_ERR_BUSY, "unmount it first",
				    "%s is mounted on %s", node, place);
	if (find_holder(node, holder, sizeof(holder)))
		return complain_why(tool, LATHE_ERR_BUSY,
				    "let that program end, or end it",
				    "%s is in use by %s", node, holder);
	return complain(tool, LATHE_ERR_BUSY, NULL, "%s", node);
}

static int open_node(struct tool *tool, enum drive_use use, struct drive *drive)
{
	int err = lathe_mmc_sgio_open(&drive->sgio, drive->name,
				      use == DRIVE_READ, OPEN_WAIT_MS);

	switch (err) {
	case 0:
		drive->execute = lathe_mmc_sgio_execute;
		drive->execute_ctx = &drive->sgio;
		return STATUS_OK;
	case LATHE_ERR_DENIED:
		return complain_denied(tool, drive->name);
	case LATHE_ERR_BUSY:
		return complain_busy(tool, drive);
	case LATHE_ERR_NO_DEVICE:
		return complain_why(tool, err,
				    "see lathe drives for those that are",
				    "%s: there is no such drive", drive->name);
	case LATHE_ERR_UNSUPPORTED:
		return complain_why(tool, err,
				    "name a CD recorder: /dev/srN, /dev/sgN, "
				    "emu:FILE or iscsi://...",
				    "%s: takes no SCSI commands", drive->name);
	default:
		if (drive->sgio.sys_errno)
			return complain_why(tool, err, NULL, "%s: %s",
					    drive->name,
					    strerror(drive->sgio.sys_errno));
		return complain(tool, err, NULL, "%s", drive->name);
	}
}

/* ---- recorders on other machines ---------------------------------------- */

static bool is_iscsi(const char *device)
{
	return strncmp(device, "iscsi://", 8) == 0;
}

/* USER%PASSWORD@HOST: nobody is to read the password in a log. */
static void hide_password(struct drive *drive)
{
	const char *password = strchr(drive->device, '%');
	const char *host = strrchr(drive->device, '@');

	if (!is_iscsi(drive->device) || !password || !host || host < password)
		return;
	snprintf(drive->shown, sizeof(drive->shown), "%.*s%s",
		 (int)(password - drive->device), drive->device, host);
	drive->name = drive->shown;
}

/* SAM: a number of 14 bits is all that libiscsi sends as such. */
#define LUN_MOST 16383ul

/* .../TARGET/LUN, maybe with ?options of libiscsi behind it, which takes other
 * numbers as well and then asks another unit. */
static bool has_lun(const char *url)
{
	const char *end = url + strcspn(url, "?"), *lun = end;

	while (lun > url && lun[-1] >= '0' && lun[-1] <= '9')
		lun--;
	return lun > url && lun[-1] == '/' && end > lun && end - lun <= 5 &&
	       strtoul(lun, NULL, 10) <= LUN_MOST;
}

/* There may be a "?" in a password, and an "@" in options. */
static bool names_unit(const char *device)
{
	const char *host = strrchr(device, '@');

	return has_lun(device) || (host && has_lun(host));
}

static int complain_iscsi(struct tool *tool, struct drive *drive, int err)
{
	const char *remedy = "see that the host can be reached, and lets you "
			     "use this target and LUN";
	char *text = drive->iscsi.text;
	size_t len = strlen(text);

	if (err == LATHE_ERR_UNSUPPORTED)
		remedy = "make it with libiscsi";
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return complain_why(tool, err, remedy, "%s: %s", drive->name,
			    len > 0 ? text : lathe_err_meaning(err));
}

static int open_iscsi(struct tool *tool, struct drive *drive)
{
	int err = LATHE_ERR_ARG;

	if (names_unit(drive->device))
		err = lathe_mmc_iscsi_open(&drive->iscsi, drive->device,
					   OPEN_WAIT_MS);
	/* libiscsi says all of a name that it can not read, password too. */
	if (err == LATHE_ERR_ARG)
		return complain_usage(tool,
				      "%s: name it as iscsi://[USER%%PASSWORD@]"
				      "HOST[:PORT]/TARGET/LUN", drive->name);
	if (err)
		return complain_iscsi(tool, drive, err);
	drive->execute = lathe_mmc_iscsi_execute;
	drive->execute_ctx = &drive->iscsi;
	return STATUS_OK;
}

/* ---- opening ------------------------------------------------------------ */

static int open_log(struct tool *tool, const char *path, struct drive *drive)
{
	int status = log_file_open(&drive->log_file, tool, path);

	if (status)
		return status;
	drive->log = (struct lathe_mmc_scsi_log){
		.execute = drive->execute,
		.execute_ctx = drive->execute_ctx,
		.line = log_file_line,
		.line_ctx = &drive->log_file,
		.now_ms = now_ms,
		.now_ctx = drive,
	};
	drive->execute = lathe_mmc_scsi_log_execute;
	drive->execute_ctx = &drive->log;
	return STATUS_OK;
}

static int open_transport(struct tool *tool,
			  const struct drive_options *options,
			  enum drive_use use, struct drive *drive)
{
	int status;

	if (is_iscsi(drive->name))
		return open_iscsi(tool, drive);
	if (strncmp(drive->name, "emu:", 4) != 0)
		return open_node(tool, use, drive);
	status = emulated_open(tool, drive->name + 4, options, NULL, NULL,
			       &drive->emulated);
	if (status)
		return status;
	drive->execute = lathe_emulator_execute;
	drive->execute_ctx = drive->emulated.emulator;
	return STATUS_OK;
}

static int start(struct tool *tool, enum drive_use use, struct drive *drive)
{
	struct lathe_mmc_config config = {
		.size = sizeof(config),
		.ctx = drive,
		.execute = execute,
		.now_ms = now_ms,
		.sleep_ms = sleep_ms,
		.hooks = tool->hooks,
	};
	int err;

	if (drive->sgio.max_transfer > 0 &&
	    drive->sgio.max_transfer < LATHE_MMC_MAX_TRANSFER_DEFAULT)
		config.max_transfer = drive->sgio.max_transfer;
	err = lathe_mmc_init(&drive->mmc, &config);
	if (err == 0 && use != DRIVE_TRAY)
		err = lathe_mmc_wait_ready(&drive->mmc, READY_MS);
	/* An empty drive can be loaded, ejected, asked. */
	if (err && err != LATHE_ERR_NO_MEDIUM)
		return drive_complain(tool, drive, err);
	return STATUS_OK;
}

int drive_open(struct tool *tool, const struct drive_options *options,
	       enum drive_use use, struct drive *drive)
{
	int status;

	*drive = (struct drive){ .name = options->device,
				 .device = options->device,
				 .tool = tool,
				 .use = use };
	drive->sgio.fd = -1;
	drive->sgio.sibling_fd = -1;
	if (!drive->name)
		return complain_usage(tool, "-d DEV says which drive");
	hide_password(drive);
	status = open_transport(tool, options, use, drive);
	if (status == STATUS_OK && options->scsi_log)
		status = open_log(tool, options->scsi_log, drive);
	if (status == STATUS_OK)
		status = start(tool, use, drive);
	return status ? drive_close(drive, status) : STATUS_OK;
}

int drive_close(struct drive *drive, int status)
{
	if (drive->sgio.fd >= 0)
		lathe_mmc_sgio_close(&drive->sgio);
	lathe_mmc_iscsi_close(&drive->iscsi);
	/* A disc that is only looked at may be formatted meanwhile. */
	status = emulated_close(drive->use == DRIVE_READ ? NULL : drive->tool,
				&drive->emulated, status);
	return log_file_close(&drive->log_file, drive->tool, status);
}

bool drive_is(const struct drive *drive, int fd)
{
	struct stat st, node;

	if (fstat(fd, &st) != 0)
		return false;
	if (drive->sgio.fd >= 0 && !S_ISREG(st.st_mode))
		return fstat(drive->sgio.fd, &node) == 0 &&
		       node.st_rdev == st.st_rdev;
	return emulated_is(&drive->emulated, (uint64_t)st.st_dev,
			   (uint64_t)st.st_ino);
}

int drive_complain(struct tool *tool, struct drive *drive, int err)
{
	return complain(tool, err, lathe_mmc_failure(&drive->mmc), "%s",
			drive->name);
}

bool drive_says_damaged(struct drive *drive)
{
	struct lathe_mmc_medium medium;

	return lathe_mmc_read_medium(&drive->mmc, &medium) == 0 &&
	       medium.status == LATHE_MMC_STATUS_DAMAGED;
}
