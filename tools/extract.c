/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"

bool extract_name(const struct lathe_iso9660_entry *entry, char *out)
{
	const char *name = entry->name;
	size_t len = entry->name_len;

	if (len == 0 || len > LATHE_ISO9660_NAME_MAX ||
	    memchr(name, '/', len) || memchr(name, '\0', len) ||
	    (len <= 2 && memcmp(name, "..", len) == 0))
		return false;
	memcpy(out, name, len);
	out[len] = '\0';
	return true;
}

int extract_complain(struct extract *extract,
		     const struct lathe_iso9660_entry *entry, int err,
		     const char *why)
{
	char path[2048];
	int status;

	lathe_iso9660_path(extract->tree, entry->node, path, sizeof(path));
	progress_break(&extract->tool->progress);
	note(extract->tool, "%s: %s: %s", extract->volume->name, path, why);
	status = status_of(err);
	if (extract->status == STATUS_OK)
		extract->status = status;
	extract->failed++;
	return status;
}

/*
 * The directory 'entry' in 'parent', made when it is not there. A symbolic
 * link of that name is not followed: O_NOFOLLOW refuses it.
 */
static int enter(struct extract *extract, int parent,
		 const struct lathe_iso9660_entry *entry)
{
	char name[LATHE_ISO9660_NAME_MAX + 1];
	int fd;

	if (!extract_name(entry, name)) {
		extract_complain(extract, entry, LATHE_ERR_CORRUPT,
				 "its name would leave the target");
		return -1;
	}
	if (mkdirat(parent, name, 0777) != 0 && errno != EEXIST) {
		extract_complain(extract, entry, LATHE_ERR_IO, strerror(errno));
		return -1;
	}
	fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		extract_complain(extract, entry,
				 errno == ELOOP || errno == ENOTDIR
					 ? LATHE_ERR_EXISTS
					 : LATHE_ERR_IO,
				 errno == ELOOP || errno == ENOTDIR
					 ? "something that is no directory "
					   "is in its place"
					 : strerror(errno));
	return fd;
}

static void push(struct extract *extract,
		 const struct lathe_iso9660_entry *entry, int fd, bool owned)
{
	struct extract_level *level = &extract->level[extract->depth++];

	level->node = entry->node;
	level->fd = fd;
	level->owned = owned;
}

/* A directory is left: its date and mode come last, since filling it changes
 * the one and needs another. */
static void pop(struct extract *extract)
{
	struct extract_level *level = &extract->level[--extract->depth];
	struct lathe_iso9660_entry entry;

	if (level->fd < 0 || !level->owned)
		return;
	if (extract->links)
		extract_folder_later(extract, level->node);
	else if (lathe_iso9660_get(extract->tree, level->node, &entry) == 0 &&
		 extract_attributes(extract, level->fd, &entry) != 0)
		extract_complain(extract, &entry, LATHE_ERR_IO,
				 strerror(errno));
	close(level->fd);
}

static void push_directory(struct extract *extract,
			   const struct lathe_iso9660_entry *entry)
{
	int parent = extract->level[extract->depth - 1].fd;
	int fd = -1;

	if (extract->depth == EXTRACT_DEPTH) {
		extract_complain(extract, entry, LATHE_ERR_LIMIT,
				 "too many directories in each other");
		return;
	}
	if (parent >= 0)
		fd = enter(extract, parent, entry);
	push(extract, entry, fd, true);
}

/* What is no directory, in the one at hand. */
static void extract_entry(struct extract *extract, int parent,
			  const struct lathe_iso9660_entry *entry)
{
	struct extract_twin *twin = extract_twin(extract, entry);

	if (entry->kind == LATHE_ISO9660_SPECIAL) {
		extract->specials++;
		return;
	}
	if (entry->kind == LATHE_ISO9660_SYMLINK) {
		extract_later(extract, entry->node, NULL);
		return;
	}
	if (twin && twin->node != entry->node) {
		extract_later(extract, entry->node, twin);
		return;
	}
	if (extract_file(extract, parent, entry) != STATUS_OK)
		return;
	extract->files++;
	if (twin)
		twin->done = true;
}

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct extract *extract = ctx;
	int parent;

	if (stop_asked())
		return LATHE_ERR_CANCELLED;
	if (entry->node == LATHE_ISO9660_ROOT)
		return 0;
	while (extract->depth > 1 &&
	       extract->level[extract->depth - 1].node != entry->parent)
		pop(extract);
	/* Its directory was too deep to be entered, and said so. */
	if (extract->level[extract->depth - 1].node != entry->parent)
		return 0;
	if (entry->kind == LATHE_ISO9660_DIRECTORY) {
		push_directory(extract, entry);
		return 0;
	}
	parent = extract->level[extract->depth - 1].fd;
	if (parent >= 0)
		extract_entry(extract, parent, entry);
	return 0;
}

/* The directories above 'node', from the root down. */
static void push_parents(struct extract *extract, uint32_t node)
{
	uint32_t chain[EXTRACT_DEPTH];
	struct lathe_iso9660_entry entry;
	uint32_t count = 0;

	while (node != LATHE_ISO9660_ROOT && count < EXTRACT_DEPTH - 1 &&
	       lathe_iso9660_get(extract->tree, node, &entry) == 0) {
		node = entry.parent;
		if (node != LATHE_ISO9660_ROOT)
			chain[count++] = node;
	}
	while (count > 0)
		if (lathe_iso9660_get(extract->tree, chain[--count], &entry) ==
		    0)
			push_directory(extract, &entry);
}

void extract_node(struct extract *extract, uint32_t node)
{
	struct lathe_iso9660_entry root = { .node = LATHE_ISO9660_ROOT };

	push(extract, &root, extract->target, false);
	push_parents(extract, node);
	if (lathe_iso9660_walk(extract->tree, node, visit, extract) &&
	    extract->status == STATUS_OK)
		extract->status = status_of(LATHE_ERR_CANCELLED);
	while (extract->depth > 0)
		pop(extract);
}
