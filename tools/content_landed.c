/* SPDX-License-Identifier: MIT */
/*
 * Files of one name in different places: a list of paths has both, a disc
 * only the last of them.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/content.h"

struct landed {
	char *target;		/* as content_tidy() has it */
	const char *path;
	size_t place;
};

char *content_tidy(const char *target)
{
	char *out = must_realloc(NULL, strlen(target) + 1), *to = out;

	for (target += strspn(target, "/"); *target; target++)
		if (target[0] != '/' || (target[1] != '/' && target[1]))
			*to++ = *target;
	*to = '\0';
	return out;
}

void content_land(struct content *content, const char *target,
		  const char *path, size_t place)
{
	size_t room = content->landed_room;

	if (content->landed_count == room) {
		room = room ? room * 2 : 64;
		content->landed = must_realloc(content->landed,
					       room * sizeof(struct landed));
		content->landed_room = room;
	}
	content->landed[content->landed_count++] =
		(struct landed){ content_tidy(target), path, place };
}

static int compare(const void *a, const void *b)
{
	const struct landed *one = a, *other = b;
	int order = strcmp(one->target, other->target);

	if (order)
		return order;
	return one->place < other->place ? -1 : one->place > other->place;
}

void content_tell_landed(struct content *content)
{
	const struct landed *row = content->landed, *next;
	size_t count = content->landed_count, lost = 0, i;

	if (count < 2)
		return;
	qsort(content->landed, count, sizeof(*row), compare);
	for (i = 0; i + 1 < count; i++) {
		next = &row[i + 1];
		if (strcmp(row[i].target, next->target) != 0 ||
		    strcmp(row[i].path, next->path) == 0)
			continue;
		lost++;
		if (content->tool->verbose)
			note(content->tool,
			     "left out: %s: /%s is what was named later, %s",
			     row[i].path, row[i].target, next->path);
	}
	if (lost > 0)
		note(content->tool,
		     "%s not recorded, as others that were named later have "
		     "the same path on the disc%s",
		     counted(lost, "file is", "files are").text,
		     content->tool->verbose ? "" : "; -v lists them");
}

void content_forget_landed(struct content *content)
{
	size_t i;

	for (i = 0; i < content->landed_count; i++)
		free(content->landed[i].target);
	free(content->landed);
	content->landed = NULL;
	content->landed_count = content->landed_room = 0;
}
