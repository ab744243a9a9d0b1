/* SPDX-License-Identifier: MIT */
/*
 * lathe burn, from the command line to the report.
 */
#ifndef LATHE_TOOL_BURN_H
#define LATHE_TOOL_BURN_H

#include "session/lathe_session.h"
#include "tools/content.h"
#include "tools/drive.h"
#include "tools/options.h"

struct burn_options {
	struct drive_options drive;
	struct content_options content;
	const char *image;
	bool blank, import, single, simulate, final, keep_appendable,
		eject, verbose;
	bool at_once, dvd_compat, reserve, stream, overwrite, reload;
	bool resume;		/* lathe resume */
	unsigned spares;	/* 0: as they are, else 1 + enum */
	uint32_t layer_break;
	unsigned verify;	/* enum lathe_session_verify */
	unsigned on_source_error; /* place in "zero|stop" */
	unsigned progress;
	uint32_t speed;		/* multiples of 1x; 0: the fastest */
};

struct burn_image {
	int fd;
	uint32_t blocks;	/* 0: not known */
	uint8_t *head;		/* NULL; of a pipe: what was read of it */
	size_t head_bytes;
	uint32_t file_blocks;	/* of a file: what is in it... */
	uint32_t at;		/* ... and what was handed over */
	uint32_t claimed;	/* where its volume says that it ends; 0: not
				 * known, or told already that it does not */
	bool told_short;
	uint8_t *head_anew;	/* NULL, or what takes the place of its first
				 * blocks, and what is added at 'copy_at' */
	uint32_t copy_at;	/* 0: nothing */
};

struct burn {
	struct tool *tool;
	const struct burn_options *options;
	const struct option_list *operands;
	struct drive drive;
	struct content content;
	struct lathe_session_master *master;
	struct lathe_session_sizes totals;
	uint32_t not_whole;	/* files told about */
	uint32_t oddities;	/* of a disc that is taken over */
	bool nothing;		/* an update that found no difference */
	uint32_t single_speed;	/* of the medium: 1x, bytes/s */
	bool overwritable;	/* it is */
	bool goes_on;		/* with a cut session: what is done to a disc
				 * before the first block has been done */
	uint32_t room;		/* blocks that the disc has, or has free */
	bool final, at_once;	/* as asked for, or as --dvd-compat wants */
	struct burn_image image; /* --image */
};

/* Where the session goes: what is on a disc that is overwritten counts no
 * more. */
struct burn_place {
	uint32_t session, start, free;
};

/* Each step returns 0 or, after complaining, the exit status. */

/* Blank or format the disc where that is asked for; what --dvd-compat means
 * for it. */
int burn_prepare(struct burn *burn);

/* Can what is asked for be recorded, once the disc is erased? Nothing is told
 * but why not. */
int burn_rehearse(struct burn *burn, const struct lathe_mmc_medium *medium);

/* Open a ready image; record it. */
int burn_open_image(struct burn *burn);
int burn_image(struct burn *burn);

/* burn_copy.c: the image of several sessions that shows its first one only.
 * See what is to be done, and whether it belongs behind other sessions; once
 * the disc's room is known add what is added, and lay it over 'count' blocks
 * that are handed over. */
int burn_look_at_image(struct burn *burn);
bool burn_image_is_later(const struct burn *burn);
void burn_keep_first(struct burn *burn);
void burn_lay_over(const struct burn_image *image, uint8_t *out,
		   uint32_t count);

/* Options of one recording. */
struct lathe_session_record_options burn_recording(struct burn *burn);

/* Choose the recorder, refuse what can not be. */
int burn_choose(struct burn *burn);

/* Bring the content together and see whether it fits. */
int burn_stage(struct burn *burn);

/* burn_place.c: once the totals are known. */
struct burn_place burn_place(const struct burn *burn);

/* burn_place.c: what the drive would refuse, that a plan is of what can be
 * done. */
int burn_check_wishes(struct burn *burn);

/* The same of a disc that is to be erased or formatted first. */
int burn_check_erased(struct burn *burn, const struct lathe_mmc_medium *medium);

/* What closing behind this content costs: on DVD-R that grows with the place
 * at which it ends. */
struct lathe_mmc_costs burn_costs(const struct burn *burn,
				  const struct lathe_session_disc *disc);

/* The speed that is asked for, in kB/s on the medium in the drive. */
uint32_t burn_speed(const struct burn *burn);

/* Complain about the master's last failure. */
int burn_complain(struct burn *burn, int err);

/* What is going to happen, to stdout. */
void burn_show_plan(struct burn *burn);

/* Nothing is to be recorded, which is a success: to stdout. */
void burn_show_nothing(struct burn *burn);

/* What did happen, to stdout. */
void burn_show_report(struct burn *burn,
		      const struct lathe_session_report *report);

/* The end after an error, to stderr: how the disc was left. */
void burn_show_end(struct burn *burn,
		   const struct lathe_session_report *report);

#endif
