/* SPDX-License-Identifier: MIT */
/*
 * What --exclude and --exclude-from leave out: rules as in a gitignore file.
 * The last one that matches a path decides.
 */
#ifndef LATHE_TOOL_FILTER_H
#define LATHE_TOOL_FILTER_H

#include "tools/options.h"

struct filter_rule {
	char *text;		/* the pattern alone */
	bool include;		/* "!" in front */
	bool anchored;		/* a path from the root, else a name */
	bool directories;	/* "/" behind */
};

/* Rules without "*" and the like are looked up, as lists of many files have
 * them; the others are tried one by one. */
struct filter_word {
	const char *text;	/* of a path without the first "/" */
	size_t rule;
};

struct filter {
	struct filter_rule *rule;
	size_t count;
	struct filter_word *word; /* those of names, then those of paths; by
				   * text, the last rule of each first */
	size_t names, paths;
	size_t *glob, globs;	/* rules */
};

/* Rules of files first, in their order, then those of the command line.
 * Returns 0 or the exit status. */
int filter_init(struct filter *filter, struct tool *tool,
		const struct option_list *files,
		const struct option_list *patterns);
void filter_destroy(struct filter *filter);

/* Is 'path' of the disc left out? */
bool filter_excludes(const struct filter *filter, const char *path,
		     bool directory);

#endif
