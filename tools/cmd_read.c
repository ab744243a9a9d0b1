/* SPDX-License-Identifier: MIT */
/*
 * lathe read: the sessions of a disc into an image file, with a list of what
 * could not be read.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/options.h"
#include "tools/volume.h"

#define CHUNK 32u	/* blocks of one read */

struct read_args {
	struct volume_options volume;
	const char *output;
	uint32_t retries;
	bool overwrite;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct read_args, volume.drive),
	{ 'o', "output", OPTION_TEXT, offsetof(struct read_args, output),
	  "FILE", "the image; block N of the disc at byte 2048 N" },
	{ 0, "session", OPTION_NUMBER,
	  offsetof(struct read_args, volume.session), "N",
	  "this one alone, from the start of FILE" },
	{ 0, "retries", OPTION_NUMBER, offsetof(struct read_args, retries), "N",
	  "tries of what can not be read; 3 if not given" },
	OPTION_SWITCH(struct read_args, "overwrite", overwrite, "replace FILE"),
	OPTION_PROGRESS(struct read_args),
	OPTION_END
};

struct reading {
	struct tool *tool;
	const struct read_args *args;
	struct volume volume;
	uint32_t unit;		/* blocks of an ECC block */
	uint32_t offset;	/* LBA of the first block of the file */
	uint64_t done, total;
	uint64_t bad;		/* blocks */
	uint32_t bad_from, bad_to; /* a range that is not told yet */
	uint8_t *buffer;
	int fd;
};

/* ---- what could not be read --------------------------------------------- */

static void tell_bad(struct reading *reading)
{
	if (reading->bad_from == reading->bad_to)
		return;
	printf("bad %" PRIu32 " %" PRIu32 "\n", reading->bad_from,
	       reading->bad_to - reading->bad_from);
	reading->bad_from = reading->bad_to = 0;
}

static void add_bad(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	if (reading->bad_from == reading->bad_to || lba != reading->bad_to) {
		tell_bad(reading);
		reading->bad_from = lba;
	}
	reading->bad_to = lba + blocks;
	reading->bad += blocks;
}

/* ---- one piece ---------------------------------------------------------- */

static int put(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	size_t bytes = (size_t)blocks * LATHE_BLOCK_BYTES, done = 0;
	off_t at = (off_t)(lba - reading->offset) * LATHE_BLOCK_BYTES;
	ssize_t n;

	while (done < bytes) {
		n = pwrite(reading->fd, reading->buffer + done, bytes - done,
			   at + (off_t)done);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			return complain_errno(reading->tool,
					      reading->args->output);
	}
	return STATUS_OK;
}

/* Returns an enum lathe_err; *whole: the piece is in the buffer. */
static int fetch(struct reading *reading, uint32_t lba, uint32_t blocks,
		 uint32_t tries, bool *whole)
{
	struct lathe_mmc *mmc = &reading->volume.drive.mmc;
	int err = 0;

	*whole = false;
	while (tries-- > 0 && !*whole) {
		err = lathe_mmc_read(mmc, lba, blocks, false, reading->buffer);
		if (err && !lathe_session_of_the_disc(mmc, err))
			return err;
		*whole = err == 0;
	}
	return 0;
}

static int copy_unit(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	uint32_t tries = reading->args->retries ? reading->args->retries : 3;
	bool whole;
	int err = fetch(reading, lba, blocks, tries, &whole);

	if (err)
		return drive_complain(reading->tool, &reading->volume.drive,
				      err);
	if (whole)
		return put(reading, lba, blocks);
	/* It stays a hole in the file. */
	add_bad(reading, lba, blocks);
	return STATUS_OK;
}

static int copy_piece(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	uint32_t end = lba + blocks, n;
	int status = STATUS_OK, err;
	bool whole;

	err = fetch(reading, lba, blocks, 1, &whole);
	if (err)
		return drive_complain(reading->tool, &reading->volume.drive,
				      err);
	if (whole)
		return put(reading, lba, blocks);
	for (; lba < end && status == STATUS_OK; lba += n) {
		n = reading->unit - lba % reading->unit;
		if (n > end - lba)
			n = end - lba;
		status = copy_unit(reading, lba, n);
	}
	return status;
}

static void show_progress(struct reading *reading)
{
	struct lathe_progress now = { .phase = LATHE_PHASE_VERIFYING,
				      .done = reading->done,
				      .total = reading->total };

	progress_hook(&reading->tool->progress, &now);
}

static int copy_range(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	uint32_t n;
	int status = STATUS_OK;

	while (blocks > 0 && status == STATUS_OK) {
		if (stop_asked())
			return complain(reading->tool, LATHE_ERR_CANCELLED,
					NULL, "%s", reading->args->output);
		n = CHUNK - lba % CHUNK;
		if (n > blocks)
			n = blocks;
		status = copy_piece(reading, lba, n);
		lba += n;
		blocks -= n;
		reading->done += n;
		show_progress(reading);
	}
	return status;
}

/* ---- all of it ---------------------------------------------------------- */

/* On overwritable media the first blocks belong to no session alone. */
static uint32_t first_block(const struct reading *reading,
			    const struct lathe_session_info *info)
{
	if (reading->args->volume.session == 0 && info->number == 1 &&
	    reading->volume.disc.medium.overwritable)
		return 0;
	return info->start;
}

static int copy_session(struct reading *reading,
			const struct lathe_session_info *info)
{
	uint32_t first = first_block(reading, info);

	if (!info->data) {
		note(reading->tool, "session %u is audio: left out",
		     info->number);
		return STATUS_OK;
	}
	return copy_range(reading, first, info->start + info->blocks - first);
}

static int copy_all(struct reading *reading)
{
	const struct volume *volume = &reading->volume;
	uint32_t wanted = reading->args->volume.session, i, end = 0;
	int status = STATUS_OK;

	for (i = 0; i < volume->count; i++)
		if (!wanted || volume->session[i].number == wanted)
			reading->total += volume->session[i].blocks;
	for (i = 0; i < volume->count && status == STATUS_OK; i++) {
		if (wanted && volume->session[i].number != wanted)
			continue;
		if (wanted)
			reading->offset = volume->session[i].start;
		status = copy_session(reading, &volume->session[i]);
		end = volume->session[i].start + volume->session[i].blocks;
	}
	/* What could not be read at the end counts in the length. */
	if (status == STATUS_OK &&
	    ftruncate(reading->fd, (off_t)(end - reading->offset) *
					   LATHE_BLOCK_BYTES) != 0)
		status = complain_errno(reading->tool, reading->args->output);
	return status;
}

static int copy(struct reading *reading)
{
	struct tool *tool = reading->tool;
	int status;

	reading->buffer = must_realloc(NULL, (size_t)CHUNK *
						     LATHE_BLOCK_BYTES);
	reading->unit = reading->volume.disc.medium.ecc_blocks;
	if (!reading->unit)
		reading->unit = 1;
	status = copy_all(reading);
	progress_break(&tool->progress);
	tell_bad(reading);
	free(reading->buffer);
	if (status)
		return status;
	if (reading->bad)
		return complain_why(tool, LATHE_ERR_CORRUPT,
				    "clean the disc, or try another drive",
				    "%s: %s can not be read: zeros in the "
				    "image",
				    reading->volume.name,
				    counted(reading->bad, "block", "blocks")
					    .text);
	printf("%s: %s read\n", reading->args->output,
	       counted(reading->done, "block", "blocks").text);
	return STATUS_OK;
}

static int open_output(struct reading *reading)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC;

	flags |= reading->args->overwrite ? O_TRUNC : O_EXCL;
	reading->fd = open(reading->args->output, flags, 0666);
	return reading->fd < 0
		       ? complain_errno(reading->tool, reading->args->output)
		       : STATUS_OK;
}

static int read_disc(struct reading *reading)
{
	const struct read_args *args = reading->args;
	const struct volume *volume = &reading->volume;
	int status;

	if (volume->count == 0)
		return complain(reading->tool,
				volume->disc.medium.kind ==
						LATHE_MMC_KIND_NONE
					? LATHE_ERR_NO_MEDIUM
					: LATHE_ERR_NO_VOLUME,
				NULL, "%s", volume->name);
	if (args->volume.session > volume->count)
		return complain(reading->tool, LATHE_ERR_NOT_FOUND, NULL,
				"%s, session %" PRIu32, volume->name,
				args->volume.session);
	status = open_output(reading);
	if (status)
		return status;
	status = copy(reading);
	if (close(reading->fd) != 0 && status == STATUS_OK)
		status = complain_errno(reading->tool, args->output);
	return status;
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct read_args args = { .output = NULL };
	struct reading reading = { .tool = tool, .args = &args };
	int status;

	if (!options_parse(tool, &command_read, argc, argv, &args, NO_OPERANDS,
			   &status))
		return status;
	if (!args.output)
		return complain_usage(tool, "-o FILE says where it goes");
	progress_init(&tool->progress, (enum progress_style)args.progress,
		      stdout);
	status = volume_open(&reading.volume, tool, &args.volume, false);
	if (status)
		return status;
	status = read_disc(&reading);
	volume_close(&reading.volume);
	return finish_output(tool, status);
}

const struct command command_read = {
	.name = "read",
	.arguments = "-d DEV -o FILE [--session N]",
	.summary = "Copy the sessions of a disc to an image file",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
