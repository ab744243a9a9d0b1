/* SPDX-License-Identifier: MIT */
/* The names in a folder of this host, in their order. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#define _DARWIN_C_SOURCE

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/host_posix.h"

static int by_bytes(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathep_iso9660_store *names = ctx;

	return strcmp(lathep_iso9660_at(names, x), lathep_iso9660_at(names, y));
}

static int add_name(struct lathep_iso9660_listing *l, const char *name)
{
	void *p = lathep_iso9660_grow(l->names.hooks, l->name, &l->room,
				      l->count + 1, 2 * sizeof(*l->name));
	uint32_t at;

	if (!p)
		return ENOMEM;
	l->name = p;
	at = lathep_iso9660_arena_copy(&l->names, name,
				       (uint32_t)strlen(name) + 1);
	if (!at)
		return ENOMEM;
	l->name[l->count++] = at;
	return 0;
}

static int list_names(struct lathep_iso9660_listing *l, DIR *dir)
{
	const struct dirent *entry;
	int err = 0;

	l->names.used = l->count = 0;
	while (!err) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return errno;
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			err = add_name(l, entry->d_name);
	}
	return err;
}

/* Who may list a folder need not be allowed to open "." in it. */
int lathep_iso9660_list(struct lathe_iso9660_host *host,
			struct lathep_iso9660_listing *l, int fd)
{
	int own, err;
	DIR *dir;

	do
		own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	while (own < 0 && lathep_iso9660_make_room(host));
	dir = own < 0 ? NULL : fdopendir(own);
	if (!dir) {
		err = errno;
		if (own >= 0)
			close(own);
		return err;
	}
	/* It may have been listed before. */
	rewinddir(dir);
	err = list_names(l, dir);
	closedir(dir);
	if (!err && l->count)
		lathep_iso9660_sort(l->name, l->count, l->name + l->count,
				    by_bytes, &l->names);
	return err;
}

void lathep_iso9660_list_free(struct lathep_iso9660_listing *l)
{
	lathep_iso9660_give(l->names.hooks, l->name,
			    (size_t)l->room * 2 * sizeof(*l->name));
	lathep_iso9660_store_free(&l->names);
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_lists;
#endif
