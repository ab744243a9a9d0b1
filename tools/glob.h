/* SPDX-License-Identifier: MIT */
/*
 * Patterns of paths on the disc: "*" any characters but "/", "?" one, "[a-z]"
 * and "[!a-z]" one of some, "**" as a whole component any number of
 * components, "\" takes the next character as it is. Characters are code
 * points of UTF-8, whatever the locale.
 */
#ifndef LATHE_TOOL_GLOB_H
#define LATHE_TOOL_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Is 'path' matched as a whole? Neither needs a leading "/". */
bool glob_path(const char *pattern, const char *path);

/* One component. */
bool glob_name(const char *pattern, size_t pattern_len, const char *name,
	       size_t name_len);

/* Does it hold anything that is no plain character? */
bool glob_is_pattern(const char *pattern);

#endif
