/* SPDX-License-Identifier: MIT */
/*
 * Options from a table: one row parses the option and writes its help.
 */
#ifndef LATHE_TOOL_OPTIONS_H
#define LATHE_TOOL_OPTIONS_H

#include <stddef.h>

#include "tools/tool.h"

enum option_kind {
	OPTION_FLAG,	/* bool */
	OPTION_TEXT,	/* const char * */
	OPTION_NUMBER,	/* uint32_t, from 1 */
	OPTION_CHOICE,	/* unsigned: place in 'value', words between "|" */
	OPTION_LIST,	/* struct option_list: may be given repeatedly */
	OPTION_READ,	/* as OPTION_TEXT: a file that is read */
	OPTION_READS,	/* as OPTION_LIST: files that are read */
	OPTION_WRITE,	/* as OPTION_TEXT: a file that is written anew */
	OPTION_HEADING	/* no option: 'help' stands above those behind it */
};

struct option_list {
	const char **item;
	size_t count;
};

struct option {
	char letter;		/* 0: none */
	const char *name;
	enum option_kind kind;
	size_t offset;		/* in the command's struct of options */
	const char *value;	/* how the help calls it; NULL for a flag */
	const char *help;
};

/* A row for "--word" alone; 'S' is the command's struct. */
#define OPTION_SWITCH(S, word, member, text)                                  \
	{                                                                     \
		0, word, OPTION_FLAG, offsetof(S, member), NULL, text         \
	}

/* Behind the last row. */
#define OPTION_END                                                            \
	{                                                                     \
		0, NULL, OPTION_FLAG, 0, NULL, NULL                           \
	}

#define OPTION_GROUP(text)                                                    \
	{                                                                     \
		0, "", OPTION_HEADING, 0, NULL, text                          \
	}

void option_list_add(struct option_list *list, const char *item);

/* A member of the command's struct for the operands. */
#define NO_OPERANDS ((struct option_list *)0)

/*
 * Parse argv[0 .. argc - 1] by the command's table into 'into'. Operands go
 * to 'operands', in order; NO_OPERANDS: there must be none. Returns true to
 * go on; else *status is the exit status (help was asked for or a usage
 * error told).
 */
bool options_parse(struct tool *tool, const struct command *command,
		   int argc, char **argv, void *into,
		   struct option_list *operands, int *status);

/* Give back what the lists of 'into' took. */
void options_free(const struct command *command, void *into,
		  struct option_list *operands);

/* Does 'from' have a value of this one, other than its default? */
bool option_given(const struct option *row, const void *from);

void options_help(const struct command *command, FILE *out);

/* options_files.c: is a file to be written that is read as well, or written by
 * another option, or standard input read by two? Returns 0 or, after
 * complaining, the exit status. */
int options_check_files(struct tool *tool, const struct command *command,
			const void *from, const struct option_list *operands);

/* Rows that several commands have. 'S' is the command's struct, 'M' the
 * member of the kind that the row names. */
#define OPTIONS_DRIVE(S, M)                                                   \
	{ 'd', "device", OPTION_TEXT, offsetof(S, M.device), "DEV",           \
	  "the drive: /dev/srN, /dev/sgN, emu:FILE or iscsi://..." },         \
	OPTIONS_DRIVE_EXTRAS(S, M)

#define OPTIONS_DRIVE_EXTRAS(S, M)                                            \
	{ 0, "scsi-log", OPTION_WRITE, offsetof(S, M.scsi_log), "FILE",       \
	  "keep a log of all commands to the drive" },                        \
	{ 0, "emu-personality", OPTION_TEXT, offsetof(S, M.personality),      \
	  "NAMES", "other behaviours of an emulated drive" },                 \
	{ 0, "emu-faults", OPTION_READ, offsetof(S, M.faults), "FILE",        \
	  "a script of faults for an emulated drive" },                       \
	{ 0, "emu-swap", OPTION_READ, offsetof(S, M.swap), "FILE",            \
	  "the disc that the fault 'swap' puts in" }

#define OPTIONS_VOLUME(S, M)                                                  \
	OPTIONS_DRIVE(S, M.drive),                                            \
	{ 'i', "image", OPTION_READ, offsetof(S, M.image), "IMAGE",           \
	  "an image file in place of a drive" },                              \
	{ 0, "session", OPTION_NUMBER, offsetof(S, M.session), "N",           \
	  "session N, not the last one" }

#define OPTION_VERBOSE(S)                                                     \
	{ 'v', "verbose", OPTION_FLAG, offsetof(S, verbose), NULL,            \
	  "say more" }

#define OPTION_PROGRESS(S)                                                    \
	{ 0, "progress", OPTION_CHOICE, offsetof(S, progress),                \
	  "auto|none|json", "auto: a line, on a terminal" }

#endif
