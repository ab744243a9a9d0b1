/* SPDX-License-Identifier: MIT */
/*
 * Places on the disc of what was named here and can not be looked at: --mirror
 * does not take them for gone.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/content.h"

struct kept {
	struct kept *next;
	char *target;		/* as content_tidy() has it */
};

void content_keep(struct content *content, const char *target)
{
	struct kept *kept = must_realloc(NULL, sizeof(*kept));

	*kept = (struct kept){ content->kept, content_tidy(target) };
	content->kept = kept;
}

bool content_keeps(const struct content *content, const char *path)
{
	const struct kept *kept = content->finishing ? content->kept : NULL;
	size_t len;

	for (; kept; kept = kept->next) {
		len = strlen(kept->target);
		if (len == 0 || (strncmp(path + 1, kept->target, len) == 0 &&
				 (path[1 + len] == '/' || !path[1 + len])))
			return true;
	}
	return false;
}

void content_forget_kept(struct content *content)
{
	struct kept *kept;

	while ((kept = content->kept) != NULL) {
		content->kept = kept->next;
		free(kept->target);
		free(kept);
	}
}
