/* SPDX-License-Identifier: MIT */
/*
 * lathe repair: have other systems see the newest session of an overwritable
 * disc or an image again.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/json.h"
#include "tools/lock.h"
#include "tools/options.h"
#include "tools/volume.h"

struct repair {
	struct volume_options volume;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct repair, volume.drive),
	{ 'i', "image", OPTION_TEXT, offsetof(struct repair, volume.image),
	  "IMAGE", "an image file in place of a drive" },
	OPTION_PROGRESS(struct repair),
	OPTION_END
};

static void tell_json(bool needed)
{
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "event", "end");
	json_bool(&json, "repaired", needed);
	json_object_end(&json);
	json_line(&json);
}

static void tell(const struct repair *repair, const char *name, bool needed)
{
	if (repair->progress == PROGRESS_JSON) {
		tell_json(needed);
		return;
	}
	put_printable(stdout, name);
	puts(needed ? ": the descriptors at block 16 were made anew"
		    : ": nothing was to be repaired");
}

/* Of pseudo-overwrite nothing is recorded on, and nothing can be closed. */
static int complain_medium(struct tool *tool, struct drive *drive, int err)
{
	struct lathe_mmc_medium medium;

	if (lathe_mmc_read_medium(&drive->mmc, &medium) == 0 &&
	    medium.pseudo_overwrite)
		return complain_why(tool, err,
				    "copy its files to another disc",
				    "%s: the %s is formatted for "
				    "pseudo-overwrite: it can be read, not "
				    "repaired",
				    drive->name,
				    lathe_mmc_kind_name(medium.kind));
	return complain_why(tool, err,
			    "lathe close ends a session that was cut on such "
			    "a disc",
			    "%s: only overwritable discs are repaired",
			    drive->name);
}

static int repair_disc(struct tool *tool, const struct repair *repair)
{
	struct lathe_failure failure = { .err = 0 };
	struct drive drive;
	bool needed;
	int status, err;

	status = drive_open(tool, &repair->volume.drive, DRIVE_WRITE, &drive);
	if (status)
		return status;
	/* What is at block 16 leads to it all the same. */
	status = volume_refuse_hidden(tool, &drive);
	if (status)
		return drive_close(&drive, status);
	err = lathe_session_repair(&drive.mmc, &tool->hooks, &needed,
				   &failure);
	progress_break(&tool->progress);
	if (err == LATHE_ERR_MEDIUM_TYPE)
		status = complain_medium(tool, &drive, err);
	else if (err)
		status = complain(tool, err, &failure, "%s", drive.name);
	else
		tell(repair, drive.name, needed);
	return drive_close(&drive, status);
}

static int put(struct volume *volume, int fd, const uint8_t *data, off_t at)
{
	size_t done = 0;
	ssize_t n;

	while (done < VOLUME_HEAD_BYTES) {
		n = pwrite(fd, data + done, VOLUME_HEAD_BYTES - done,
			   at + (off_t)done);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			return complain_errno(volume->tool, volume->name);
	}
	if (fsync(fd) != 0 && errno != EINVAL)
		return complain_errno(volume->tool, volume->name);
	return STATUS_OK;
}

/* Behind all else, as the next session would do. */
static int keep_first(struct volume *volume, int fd)
{
	int status = STATUS_OK;
	struct stat st;
	uint8_t *copy;
	uint32_t at;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return STATUS_OK;
	copy = must_realloc(NULL, (size_t)LATHE_ISO9660_COPY_BLOCKS *
					  LATHE_BLOCK_BYTES);
	if (volume_keep_first(volume, (uint32_t)((st.st_size + 2047) / 2048),
			      &at, copy))
		status = put(volume, fd, copy, (off_t)at * LATHE_BLOCK_BYTES);
	free(copy);
	return status;
}

/* The head that the image should have, if 'fd' is -1; else, that nobody writes
 * any more, it gets it. *agrees: it has it. */
static int look(struct tool *tool, const struct repair *repair, int fd,
		bool *agrees)
{
	static uint8_t head[VOLUME_HEAD_BYTES];
	struct volume volume;
	int status = volume_open(&volume, tool, &repair->volume, false);

	if (status)
		return status;
	status = volume_newest_head(&volume, head, agrees);
	if (status == STATUS_OK && !*agrees && fd >= 0)
		status = keep_first(&volume, fd);
	if (status == STATUS_OK && !*agrees && fd >= 0)
		status = put(&volume, fd, head, 0);
	return volume_close(&volume, status);
}

static int write_head(struct tool *tool, const struct repair *repair,
		      bool *agrees)
{
	const char *name = repair->volume.image;
	int status = emulated_refuse(tool, name), fd;

	if (status)
		return status;
	fd = open(name, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return complain_errno(tool, name);
	status = lock_take(fd, true) ? look(tool, repair, fd, agrees)
				     : lock_complain(tool, name);
	if (close(fd) != 0 && status == STATUS_OK)
		status = complain_errno(tool, name);
	return status;
}

/* Who only looks needs no right to write. */
static int repair_image(struct tool *tool, const struct repair *repair)
{
	bool agrees = true;
	int status = look(tool, repair, -1, &agrees);

	if (status == STATUS_OK && !agrees)
		status = write_head(tool, repair, &agrees);
	if (status == STATUS_OK)
		tell(repair, repair->volume.image, !agrees);
	return status;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct repair repair = { .volume = { .image = NULL } };
	int status;

	if (!options_parse(tool, &command_repair, argc, argv, &repair,
			   NO_OPERANDS, &status))
		return status;
	progress_init(&tool->progress, (enum progress_style)repair.progress,
		      stdout);
	if (!repair.volume.drive.device == !repair.volume.image)
		return complain_usage(tool, "either -d DEV or -i IMAGE says "
					    "what to repair");
	status = repair.volume.image ? repair_image(tool, &repair)
				     : repair_disc(tool, &repair);
	return finish_output(tool, status);
}

const struct command command_repair = {
	.name = "repair",
	.arguments = "-d DEV | -i IMAGE",
	.summary = "Have systems see the newest session of an overwritable "
		   "disc again",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
