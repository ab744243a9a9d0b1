/* SPDX-License-Identifier: MIT */
/*
 * Directories that nothing is the source of: those on the way to a target, and
 * the top of a new disc. Readers show some date or other of what has none, so
 * they get the dates of what was named.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <string.h>
#include <sys/stat.h>

#include "tools/content.h"

static void take_date(struct content *content, const char *source,
		      uint8_t date[7])
{
	struct stat st;

	if (stat(source, &st) != 0)
		return;
	lathe_iso9660_date_put((int64_t)st.st_mtime, date);
	if (content->newest < (int64_t)st.st_mtime)
		content->newest = (int64_t)st.st_mtime;
}

int content_make_parents(struct content *content, char *path, bool all,
			 const char *source, uint32_t *parent, char **name)
{
	struct lathe_iso9660_attributes attr = { .hidden = false };
	char *at = path, *end;
	int err;

	if (source)
		take_date(content, source, attr.date);
	*parent = LATHE_ISO9660_ROOT;
	*name = NULL;
	for (;;) {
		at += strspn(at, "/");
		if (!*at)
			return LATHE_OK;
		end = at + strcspn(at, "/");
		if (!all && end[strspn(end, "/")] == '\0') {
			*end = '\0';
			*name = at;
			return LATHE_OK;
		}
		err = lathe_iso9660_add_directory(content->tree, *parent, at,
						  (size_t)(end - at), &attr,
						  parent);
		if (err)
			return err;
		at = end;
	}
}

void content_begin_dates(struct content *content)
{
	struct lathe_iso9660_entry root;

	content->newest = INT64_MIN;
	content->new_root = lathe_iso9660_get(content->tree, LATHE_ISO9660_ROOT,
					      &root) == 0 && !root.present;
}

void content_date_root(struct content *content)
{
	struct lathe_iso9660_attributes attr = { .hidden = false };
	struct lathe_iso9660_entry root;

	if (!content->new_root || !lathe_iso9660_changed(content->tree) ||
	    lathe_iso9660_get(content->tree, LATHE_ISO9660_ROOT, &root) ||
	    root.date[1] != 0)
		return;
	lathe_iso9660_date_put(content->newest, attr.date);
	/* Without memory for it it has none. */
	(void)lathe_iso9660_set_attributes(content->tree, LATHE_ISO9660_ROOT,
					   &attr);
}
