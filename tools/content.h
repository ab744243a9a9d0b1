/* SPDX-License-Identifier: MIT */
/*
 * What the user wants on the disc: "[/TARGET=]PATH" into a tree, and what
 * became of the names.
 */
#ifndef LATHE_TOOL_CONTENT_H
#define LATHE_TOOL_CONTENT_H

#include "iso9660/lathe_iso9660.h"
#include "joliet/lathe_joliet.h"
#include "tools/options.h"

/* Part of the options of 'burn' and 'image'. */
struct content_options {
	const char *volume;
	unsigned level;		/* place in "2|1|relaxed" */
	bool joliet_long, joliet_strict, strict_case;
	bool no_replace, one_file_system, skip_unreadable;
};

#define OPTIONS_CONTENT(S, M)                                                 \
	{ 0, "volume", OPTION_TEXT, offsetof(S, M.volume), "NAME",            \
	  "the volume's name" },                                              \
	{ 0, "joliet-long", OPTION_FLAG, offsetof(S, M.joliet_long), NULL,    \
	  "names of up to 103 characters, not 64" },                          \
	{ 0, "joliet-strict", OPTION_FLAG, offsetof(S, M.joliet_strict),      \
	  NULL, "refuse names that would have to be changed" },               \
	{ 0, "strict-case", OPTION_FLAG, offsetof(S, M.strict_case), NULL,    \
	  "refuse names that differ in case alone" },                         \
	{ 0, "iso-level", OPTION_CHOICE, offsetof(S, M.level),                \
	  "2|1|relaxed", "ISO 9660 names: 31 characters, 8.3, or 37" },       \
	{ 0, "no-replace", OPTION_FLAG, offsetof(S, M.no_replace), NULL,      \
	  "refuse names that are there already" },                            \
	{ 0, "one-file-system", OPTION_FLAG, offsetof(S, M.one_file_system),  \
	  NULL, "stay on the file system of each PATH" },                     \
	{ 0, "skip-unreadable", OPTION_FLAG, offsetof(S, M.skip_unreadable),  \
	  NULL, "leave out what can not be read, do not refuse" }

struct content {
	struct tool *tool;
	const struct content_options *options;
	struct lathe_iso9660_host *host;
	struct lathe_iso9660_tree *tree; /* borrowed; set it before adding */
	uint32_t left_out;	/* links and special files */
	uint32_t unreadable;
	uint32_t bad_names;	/* no UTF-8 */
	uint32_t renamed;	/* other than in ISO 9660's own hierarchy */
	bool names_told;	/* later plans rename the same again */
};

/* Returns 0 or the exit status. */
int content_init(struct content *content, struct tool *tool,
		 const struct content_options *options);
void content_destroy(struct content *content);

/* Add the operands to content->tree. Returns 0 or the exit status. */
int content_add(struct content *content, const struct option_list *operands);

/* The callbacks of plan and master; ctx is the struct content. */
void content_renamed(void *ctx, const struct lathe_iso9660_renamed *what);

/*
 * After planning: tell how many names were changed or left out, and about
 * names that differ in case alone. Returns 0 or the exit status.
 */
int content_told(struct content *content);

/* Names of one directory that differ in case alone: how many have such a
 * twin before them. */
uint32_t content_case_twins(struct lathe_iso9660_tree *tree);

enum lathe_iso9660_level content_level(const struct content_options *options);

#endif
