/* SPDX-License-Identifier: MIT */
/*
 * What all commands of the program share: the run, messages, exit statuses.
 */
#ifndef LATHE_TOOL_H
#define LATHE_TOOL_H

#include <stdio.h>

#include "lathe.h"
#include "tools/progress.h"

struct lathe_iso9660_host_memory;
struct option;

/* Of found.hierarchies: the only one that is looked for besides ISO 9660. */
#define FOUND_JOLIET 2u

/* One run of the program. */
struct tool {
	const char *command;	/* "burn", "emu create" */
	bool verbose;
	bool output_failed;	/* stdout, which was told */
	struct progress progress;
	struct lathe_hooks hooks; /* for every object of this run */
	struct lathe_iso9660_host_memory *memory; /* behind 'realloc' */
};

struct command {
	const char *name;	/* two words for those of a family */
	const char *arguments;	/* as shown behind the name */
	const char *summary;
	const struct option *options;
	bool asks_to_stop;	/* SIGINT ends it orderly, not at once */
	bool takes_files;	/* operands are [/TARGET=]PATH */
	int (*run)(struct tool *tool, int argc, char **argv);
};

extern const struct command command_drives, command_info, command_burn,
	command_image, command_map, command_ls, command_extract, command_verify,
	command_blank, command_format, command_close, command_resume,
	command_repair, command_read, command_eject, command_load,
	command_emu_create, command_emu_list, command_emu_serve,
	command_emu_rules;

/* Was an orderly end asked for (SIGINT, SIGTERM, SIGHUP)? */
bool stop_asked(void);

/* Half a file that goes when a second signal ends the program at once; NULL:
 * none, any more. 'path' must stay until then. */
void stop_removes(const char *path);

/* ---- exit statuses ------------------------------------------------------ */

#define STATUS_OK 0
#define STATUS_FAILED 1
#define STATUS_USAGE 2

/* The exit status for an enum lathe_err; 0 for 0. */
int status_of(int err);

/* ---- messages, to stderr ------------------------------------------------ */

#if defined(__GNUC__)
#define LIKE_PRINTF(text, first) \
	__attribute__((format(printf, text, first)))
#else
#define LIKE_PRINTF(text, first)
#endif

/* A line worth knowing that is no failure. */
void note(struct tool *tool, const char *format, ...) LIKE_PRINTF(2, 3);

/*
 * What failed, where and why, and what to do about it. 'format' and what
 * follows names the thing ("emu:d.img", a path); the why comes from
 * 'failure' if there is one with a text, else from 'err'. Returns the exit
 * status.
 */
int complain(struct tool *tool, int err, const struct lathe_failure *failure,
	     const char *format, ...) LIKE_PRINTF(4, 5);

/* The same with a reason and a remedy of our own; remedy NULL: that of err. */
int complain_why(struct tool *tool, int err, const char *remedy,
		 const char *format, ...) LIKE_PRINTF(4, 5);

/* A failed system call on 'what'; uses errno. */
int complain_errno(struct tool *tool, const char *what);

/* Text from a disc or a path, which must not steer the terminal: a '?' in
 * place of each control character. */
void put_printable(FILE *out, const char *text);

/* The same in its place. Returns the length that is left. */
size_t make_printable(char *text, size_t len);

/* The command line is wrong. */
int complain_usage(struct tool *tool, const char *format, ...)
	LIKE_PRINTF(2, 3);

/* Standard output is to get an image: 0, or the exit status after complaining
 * that it is a terminal. */
int refuse_terminal(struct tool *tool);

/* The error that fits an errno value. */
int error_of_errno(int sys_errno);

/* Flush stdout; a failure is complained about, once. Returns 'status' or
 * that. */
int finish_output(struct tool *tool, int status);

/* ---- small things ------------------------------------------------------- */

/* 1234567 as "1,234,567". */
struct grouped {
	char text[28];
};
struct grouped grouped(uint64_t number);

/* "1 file", "2,000 files"; of the words 27 characters. */
struct counted {
	char text[56];
};
struct counted counted(uint64_t number, const char *one, const char *many);

/* Blocks as "12.3 MB", of 1,048,576 bytes as printed on discs. */
struct sized {
	char text[28];
};
struct sized sized(uint64_t blocks);

/* Memory or the end: the program has nothing to lose that early. */
void *must_realloc(void *p, size_t bytes);

#endif
