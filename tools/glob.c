/* SPDX-License-Identifier: MIT */
/*
 * Matching without recursion but for "**", and in time of pattern times name:
 * after a "*" that did not lead on only the last one is tried again.
 */
#include <stdint.h>
#include <string.h>

#include "tools/glob.h"

/* One code point; a byte that begins none stands for itself. */
static uint32_t next_point(const char **at, const char *end)
{
	const unsigned char *p = (const unsigned char *)*at;
	size_t more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0, i;
	uint32_t c = *p;

	if (more >= (size_t)(end - *at))
		more = 0;
	for (i = 1; i <= more; i++)
		if ((p[i] & 0xc0) != 0x80)
			more = 0;
	if (more > 0)
		c &= 0x3fu >> more;
	for (i = 1; i <= more; i++)
		c = c << 6 | (p[i] & 0x3fu);
	*at += 1 + more;
	return c;
}

/* A point of a pattern, with "\" in front of it taken away. */
static uint32_t literal(const char **at, const char *end)
{
	if (**at == '\\' && end - *at > 1)
		++*at;
	return next_point(at, end);
}

/* Behind the "[" at 'at'; NULL: it is never closed and means itself. */
static const char *set_end(const char *at, const char *end)
{
	if (at < end && (*at == '!' || *at == '^'))
		at++;
	if (at < end && *at == ']')
		at++;
	for (; at < end && *at != ']'; at++)
		if (*at == '\\' && end - at > 1)
			at++;
	return at < end ? at : NULL;
}

static bool in_set(const char *at, const char *end, uint32_t c)
{
	bool negated = *at == '!' || *at == '^', found = false;
	uint32_t low, high;

	at += negated;
	while (at < end) {
		low = high = literal(&at, end);
		if (end - at > 1 && *at == '-') {
			at++;
			high = literal(&at, end);
		}
		if (c >= low && c <= high)
			found = true;
	}
	return found != negated;
}

/* Does what stands at *pattern, no "*", match the next point of *name? Both
 * move on if so. */
static bool match_one(const char **pattern, const char *pattern_end,
		      const char **name, const char *name_end)
{
	const char *p = *pattern, *n = *name, *close;
	uint32_t c = next_point(&n, name_end);
	bool same;

	if (*p == '?') {
		p++;
		same = true;
	} else if (*p == '[' && (close = set_end(p + 1, pattern_end)) != NULL) {
		same = in_set(p + 1, close, c);
		p = close + 1;
	} else {
		same = literal(&p, pattern_end) == c;
	}
	if (same) {
		*pattern = p;
		*name = n;
	}
	return same;
}

bool glob_name(const char *pattern, size_t pattern_len, const char *name,
	       size_t name_len)
{
	const char *p_end = pattern + pattern_len, *n_end = name + name_len;
	const char *star = NULL, *again = NULL;

	while (name < n_end) {
		if (pattern < p_end && *pattern == '*') {
			star = ++pattern;
			again = name;
		} else if (pattern < p_end &&
			   match_one(&pattern, p_end, &name, n_end)) {
			continue;
		} else if (star) {
			next_point(&again, n_end);
			pattern = star;
			name = again;
		} else {
			return false;
		}
	}
	while (pattern < p_end && *pattern == '*')
		pattern++;
	return pattern == p_end;
}

/* ---- paths -------------------------------------------------------------- */

static bool is_any_depth(const char *pattern, size_t len)
{
	return len == 2 && pattern[0] == '*' && pattern[1] == '*';
}

/* Components again: the last "**" that was met takes one more. */
bool glob_path(const char *pattern, const char *path)
{
	const char *star = NULL, *again = NULL;
	size_t p_len, n_len;

	for (;;) {
		pattern += strspn(pattern, "/");
		path += strspn(path, "/");
		p_len = strcspn(pattern, "/");
		n_len = strcspn(path, "/");
		if (is_any_depth(pattern, p_len)) {
			pattern += p_len;
			star = pattern;
			again = path;
			/* At the end it wants at least one component. */
			if (pattern[strspn(pattern, "/")] == '\0')
				return n_len > 0;
		} else if (n_len > 0 && p_len > 0 &&
			   glob_name(pattern, p_len, path, n_len)) {
			pattern += p_len;
			path += n_len;
		} else if (n_len == 0 && p_len == 0) {
			return true;
		} else if (star && *again) {
			again += strcspn(again, "/");
			again += strspn(again, "/");
			pattern = star;
			path = again;
		} else {
			return false;
		}
	}
}

bool glob_is_pattern(const char *pattern)
{
	return pattern[strcspn(pattern, "*?[\\")] != '\0';
}
