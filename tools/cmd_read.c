/* SPDX-License-Identifier: MIT */
/*
 * lathe read: the sessions of a disc into an image file, with a list of what
 * could not be read.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/json.h"
#include "tools/options.h"
#include "tools/read.h"

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
	{ 'o', "output", OPTION_WRITE, offsetof(struct read_args, output),
	  "FILE|-", "the image; block N of the disc at byte 2048 N" },
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
	struct read_ranges ranges;
	struct read_output output;
	FILE *report;		/* what is told goes here */
	uint32_t unit;		/* blocks of an ECC block */
	uint32_t at;		/* LBA behind what was copied */
	uint64_t done;		/* blocks */
	uint64_t bad;		/* of these */
	uint32_t bad_from, bad_to; /* a range that is not told yet */
	uint8_t *buffer;
	bool between;		/* no known session holds what is read */
	bool cut;		/* by the drive, or on request */
	bool keep;		/* what is in the file is worth something */
};

/* ---- what is told ------------------------------------------------------- */

static bool as_json(const struct reading *reading)
{
	return reading->args->progress == PROGRESS_JSON;
}

static void tell_bad(struct reading *reading)
{
	struct json json = { .out = reading->report };
	uint32_t blocks = reading->bad_to - reading->bad_from;

	if (blocks == 0)
		return;
	progress_break(&reading->tool->progress);
	if (as_json(reading)) {
		json_object(&json, NULL);
		json_text(&json, "event", "bad");
		json_number(&json, "lba", reading->bad_from);
		json_number(&json, "blocks", blocks);
		json_object_end(&json);
		json_line(&json);
	} else {
		fprintf(reading->report, "bad %" PRIu32 " %" PRIu32 "\n",
			reading->bad_from, blocks);
	}
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

static void tell_end(struct reading *reading)
{
	struct json json = { .out = reading->report };

	tell_bad(reading);
	if (as_json(reading)) {
		json_object(&json, NULL);
		json_text(&json, "event", "end");
		json_number(&json, "blocks", reading->done);
		json_number(&json, "bad_blocks", reading->bad);
		json_bool(&json, "whole",
			  reading->done == reading->ranges.blocks);
		json_object_end(&json);
		json_line(&json);
	} else if (reading->report == stdout && !reading->bad &&
		   reading->done == reading->ranges.blocks) {
		put_printable(stdout, reading->output.file.name);
		printf(": %s read\n",
		       counted(reading->done, "block", "blocks").text);
	}
}

static void show_progress(struct reading *reading)
{
	struct lathe_progress now = { .phase = LATHE_PHASE_WRITING,
				      .done = reading->done,
				      .total = reading->ranges.blocks };

	progress_hook(&reading->tool->progress, &now);
}

/* ---- one piece ---------------------------------------------------------- */

static int put(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	if (reading->between &&
	    all_zero(reading->buffer, (size_t)blocks * LATHE_BLOCK_BYTES))
		return STATUS_OK;
	return read_output_put(&reading->output, reading->buffer,
			       (size_t)blocks * LATHE_BLOCK_BYTES,
			       (uint64_t)(lba - reading->ranges.offset) *
				       LATHE_BLOCK_BYTES);
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

static int complain_drive(struct reading *reading, int err)
{
	reading->cut = true;
	return drive_complain(reading->tool, &reading->volume.drive, err);
}

/* MMC-6: not recorded, out of range, not of a track. No session is known that
 * would miss it. */
static bool is_nothing(const struct reading *reading)
{
	const struct lathe_failure *failure =
		lathe_mmc_failure(&reading->volume.drive.mmc);

	return reading->between && (failure->key == 0x8 ||
				    failure->asc == 0x21 ||
				    failure->asc == 0x64);
}

static int copy_unit(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	uint32_t tries = reading->args->retries ? reading->args->retries : 3;
	bool whole;
	int err = fetch(reading, lba, blocks, tries, &whole);

	if (err)
		return complain_drive(reading, err);
	if (whole)
		return put(reading, lba, blocks);
	/* It stays a hole in the file. */
	if (!is_nothing(reading))
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
		return complain_drive(reading, err);
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

static int copy_range(struct reading *reading, uint32_t lba, uint32_t blocks)
{
	uint32_t n;
	int status = STATUS_OK;

	while (blocks > 0 && status == STATUS_OK) {
		if (stop_asked()) {
			reading->cut = true;
			return complain(reading->tool, LATHE_ERR_CANCELLED,
					NULL, "%s", reading->output.file.name);
		}
		n = CHUNK - lba % CHUNK;
		if (n > blocks)
			n = blocks;
		status = copy_piece(reading, lba, n);
		if (status)
			break;
		lba += n;
		blocks -= n;
		reading->at = lba;
		reading->done += n;
		show_progress(reading);
	}
	return status;
}

/* ---- all of it ---------------------------------------------------------- */

/* What could not be read at the end counts in the length. */
static int set_length(struct reading *reading)
{
	uint32_t blocks = reading->at > reading->ranges.offset
				  ? reading->at - reading->ranges.offset
				  : 0;

	return read_output_end(&reading->output,
			       (uint64_t)blocks * LATHE_BLOCK_BYTES);
}

static int copy_all(struct reading *reading)
{
	const struct read_ranges *ranges = &reading->ranges;
	int status = STATUS_OK;
	size_t i;

	reading->buffer = must_realloc(NULL, (size_t)CHUNK *
						     LATHE_BLOCK_BYTES);
	reading->unit = reading->volume.disc.medium.ecc_blocks;
	if (!reading->unit)
		reading->unit = 1;
	for (i = 0; i < ranges->count && status == STATUS_OK; i++) {
		reading->between = ranges->range[i].between;
		status = copy_range(reading, ranges->range[i].lba,
				    ranges->range[i].blocks);
	}
	free(reading->buffer);
	progress_break(&reading->tool->progress);
	return status;
}

/* A disc or drive that fails may not give as much a second time: what it
 * gave stays, and is not taken for the whole. */
static void tell_cut(struct reading *reading)
{
	if (reading->done == 0 || set_length(reading) != STATUS_OK)
		return;
	reading->keep = true;
	note(reading->tool, "%s is cut short: %s of %s are in it",
	     reading->output.file.name, grouped(reading->done).text,
	     counted(reading->ranges.blocks, "block", "blocks").text);
}

static int copy(struct reading *reading)
{
	int status = copy_all(reading);

	if (status == STATUS_OK)
		status = set_length(reading);
	if (status && !reading->cut)
		return status;
	tell_end(reading);
	if (status)
		tell_cut(reading);
	if (status || !reading->bad)
		return status;
	reading->keep = true;
	return complain_why(reading->tool, LATHE_ERR_CORRUPT,
			    "clean the disc, or try another drive",
			    "%s: %s can not be read: zeros in the image",
			    reading->volume.name,
			    counted(reading->bad, "block", "blocks").text);
}

static int check_room(struct reading *reading)
{
	const struct read_ranges *ranges = &reading->ranges;
	const struct read_range *last = &ranges->range[ranges->count - 1];
	uint64_t blocks = (uint64_t)last->lba + last->blocks - ranges->offset;

	return output_holds(reading->tool, reading->output.file.name,
			    reading->output.file.room,
			    blocks * LATHE_BLOCK_BYTES);
}

static int read_disc(struct reading *reading)
{
	const struct read_args *args = reading->args;
	struct read_output *output = &reading->output;
	int status, ended;

	status = read_choose(&reading->volume, args->volume.session,
			     &reading->ranges);
	if (status)
		return status;
	status = read_output_open(output, reading->tool, args->output,
				  args->overwrite, &reading->volume.drive);
	if (status == STATUS_OK)
		status = check_room(reading);
	if (status == STATUS_OK)
		status = copy(reading);
	/* All that the disc has is a copy, whatever is missing. */
	ended = output_end(&output->file,
			   reading->keep && !reading->cut ? STATUS_OK : status,
			   reading->keep);
	free(reading->ranges.range);
	return status ? status : ended;
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
	reading.report = output_is_standard(args.output) ? stderr : stdout;
	progress_init(&tool->progress, (enum progress_style)args.progress,
		      reading.report);
	tool->progress.label = "reading";
	status = volume_open(&reading.volume, tool, &args.volume, false);
	if (status)
		return status;
	status = read_disc(&reading);
	status = volume_close(&reading.volume, status);
	return finish_output(tool, status);
}

const struct command command_read = {
	.name = "read",
	.arguments = "-d DEV -o FILE|- [--session N]",
	.summary = "Copy the sessions of a disc to an image file",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
