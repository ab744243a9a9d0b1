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

struct filter {
	struct filter_rule *rule;
	size_t count;
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
