/* SPDX-License-Identifier: MIT */
/*
 * Hard links and symbolic links, behind all files; then the attributes of
 * directories, which all of this changes.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"

/* Room for one more element. */
static void *grown(void *list, size_t count, size_t *room, size_t bytes)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 256;
	return must_realloc(list, *room * bytes);
}

/* ---- names of one file -------------------------------------------------- */

static bool may_be_twin(const struct lathe_iso9660_entry *entry)
{
	return entry->kind == LATHE_ISO9660_FILE && entry->posix_given &&
	       entry->sections > 0 && entry->size > 0;
}

void extract_note(struct extract *extract,
		  const struct lathe_iso9660_entry *entry)
{
	extract->links = extract->links ||
			 entry->kind == LATHE_ISO9660_SYMLINK;
	if (!may_be_twin(entry))
		return;
	extract->twin = grown(extract->twin, extract->twins,
			      &extract->twins_room, sizeof(*extract->twin));
	extract->twin[extract->twins] = (struct extract_twin){
		.lba = entry->lba,
		.order = (uint32_t)extract->twins,
		.node = entry->node,
		.size = entry->size,
	};
	extract->twins++;
}

static int by_place(const struct extract_twin *a, const struct extract_twin *b)
{
	if (a->lba != b->lba)
		return a->lba < b->lba ? -1 : 1;
	return (a->size > b->size) - (a->size < b->size);
}

static int compare(const void *a, const void *b)
{
	const struct extract_twin *x = a, *y = b;
	int order = by_place(x, y);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Only those with a twin stay. */
void extract_noted(struct extract *extract)
{
	struct extract_twin *t = extract->twin;
	size_t count = extract->twins, kept = 0, i;

	if (count > 0)
		qsort(t, count, sizeof(*t), compare);
	for (i = 0; i < count; i++)
		if ((i + 1 < count && by_place(&t[i], &t[i + 1]) == 0) ||
		    (kept > 0 && by_place(&t[kept - 1], &t[i]) == 0))
			t[kept++] = t[i];
	extract->twins = kept;
	extract->links = extract->links || kept > 0;
}

/* Rock Ridge records the attributes of a file with each of its names. */
static bool alike(const struct extract *extract, uint32_t node,
		  const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_entry other;

	return lathe_iso9660_get(extract->tree, node, &other) == 0 &&
	       other.posix.mode == entry->posix.mode &&
	       other.posix.uid == entry->posix.uid &&
	       other.posix.gid == entry->posix.gid &&
	       memcmp(other.date, entry->date, sizeof(other.date)) == 0;
}

/* The first of those that it is like. */
struct extract_twin *extract_twin(struct extract *extract,
				  const struct lathe_iso9660_entry *entry)
{
	const struct extract_twin key = { .lba = entry->lba,
					  .size = entry->size };
	size_t low = 0, high = extract->twins, i;

	if (!may_be_twin(entry))
		return NULL;
	while (low < high) {
		i = (low + high) / 2;
		if (by_place(&extract->twin[i], &key) < 0)
			low = i + 1;
		else
			high = i;
	}
	for (; low < extract->twins &&
	       by_place(&extract->twin[low], &key) == 0; low++)
		if (extract->twin[low].node == entry->node ||
		    alike(extract, extract->twin[low].node, entry))
			return &extract->twin[low];
	return NULL;
}

/* ---- what is put off ---------------------------------------------------- */

void extract_later(struct extract *extract, uint32_t node,
		   const struct extract_twin *twin)
{
	extract->later = grown(extract->later, extract->laters,
			       &extract->laters_room, sizeof(*extract->later));
	extract->later[extract->laters++] = (struct extract_later){
		.node = node,
		.twin = twin ? (uint32_t)(twin - extract->twin) + 1 : 0,
	};
}

void extract_folder_later(struct extract *extract, uint32_t node)
{
	extract->folder = grown(extract->folder, extract->folders,
				&extract->folders_room,
				sizeof(*extract->folder));
	extract->folder[extract->folders++] = node;
}

/* ---- the way down ------------------------------------------------------- */

/* From the target to directory 'node', step by step, without following what
 * somebody put there meanwhile. -1 and errno. */
static int open_way(struct extract *extract, uint32_t node)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char name[LATHE_ISO9660_NAME_MAX + 1];
	struct lathe_iso9660_entry entry;
	uint32_t chain[EXTRACT_DEPTH];
	uint32_t depth = 0;
	int fd, next;

	for (; node != LATHE_ISO9660_ROOT && depth < EXTRACT_DEPTH;
	     node = entry.parent) {
		if (lathe_iso9660_get(extract->tree, node, &entry) != 0)
			break;
		chain[depth++] = node;
	}
	fd = fcntl(extract->target, F_DUPFD_CLOEXEC, 0);
	while (fd >= 0 && depth > 0) {
		next = -1;
		errno = EINVAL;
		if (lathe_iso9660_get(extract->tree, chain[--depth], &entry) ==
			    0 &&
		    extract_name(&entry, name))
			next = openat(fd, name, flags);
		close(fd);
		fd = next;
	}
	return fd;
}

/* The one of the last call stays open: entries of a directory follow one
 * another. */
static int parent_of(struct extract *extract, uint32_t parent)
{
	if (extract->parent == parent && extract->parent_fd >= 0)
		return extract->parent_fd;
	if (extract->parent_fd >= 0)
		close(extract->parent_fd);
	extract->parent = parent;
	extract->parent_fd = open_way(extract, parent);
	return extract->parent_fd;
}

/* ---- making them -------------------------------------------------------- */

static int put_symlink(struct extract *extract, int directory,
		       const char *name,
		       const struct lathe_iso9660_entry *entry)
{
	char text[LATHE_ISO9660_SYMLINK_MAX + 1];
	struct stat st;

	if (entry->symlink_len == 0 || entry->symlink_len >= sizeof(text) ||
	    memchr(entry->symlink, 0, entry->symlink_len)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(text, entry->symlink, entry->symlink_len);
	text[entry->symlink_len] = '\0';
	if (symlinkat(text, directory, name) != 0)
		return -1;
	extract_link_attributes(extract, directory, name, entry);
	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		extract_made_add(extract, &st);
	return 0;
}

static int put_hard_link(struct extract *extract, int directory,
			 const char *name, const struct extract_twin *twin)
{
	char other[LATHE_ISO9660_NAME_MAX + 1];
	struct lathe_iso9660_entry entry;
	int from, got, sys_errno;

	if (lathe_iso9660_get(extract->tree, twin->node, &entry) != 0 ||
	    !extract_name(&entry, other)) {
		errno = EINVAL;
		return -1;
	}
	from = open_way(extract, entry.parent);
	if (from < 0)
		return -1;
	got = linkat(from, other, directory, name, 0);
	sys_errno = errno;
	close(from);
	if (got == 0)
		extract_progress(extract, extract_blocks(&entry));
	errno = sys_errno;
	return got;
}

static int put(struct extract *extract, int directory, const char *name,
	       const struct lathe_iso9660_entry *entry,
	       const struct extract_twin *twin)
{
	return twin ? put_hard_link(extract, directory, name, twin)
		    : put_symlink(extract, directory, name, entry);
}

/* Over a name that is there by way of another one, so that what was there
 * goes when the new one is complete. */
static int put_over(struct extract *extract, int directory, const char *name,
		    const struct lathe_iso9660_entry *entry,
		    const struct extract_twin *twin)
{
	char temporary[40];
	int got, sys_errno;

	if (extract_must_stay(extract, directory, name))
		return -1;
	snprintf(temporary, sizeof(temporary), ".lathe-%ld", (long)getpid());
	if (put(extract, directory, temporary, entry, twin) != 0)
		return -1;
	got = renameat(directory, temporary, directory, name);
	sys_errno = errno;
	/* Two names of one file: nothing is renamed then. */
	unlinkat(directory, temporary, 0);
	errno = sys_errno;
	return got;
}

/* There is something of that name. */
static int put_again(struct extract *extract, int directory, const char *name,
		     const struct lathe_iso9660_entry *entry,
		     const struct extract_twin *twin)
{
	errno = extract_made_has(extract, directory, name) ? EALREADY : EEXIST;
	return errno == EALREADY || !extract->overwrite
		       ? -1
		       : put_over(extract, directory, name, entry, twin);
}

static void make_one(struct extract *extract, const struct extract_later *later)
{
	const struct extract_twin *twin =
		later->twin ? &extract->twin[later->twin - 1] : NULL;
	char name[LATHE_ISO9660_NAME_MAX + 1];
	struct lathe_iso9660_entry entry;
	int directory, got = -1;

	if (lathe_iso9660_get(extract->tree, later->node, &entry) != 0)
		return;
	directory = parent_of(extract, entry.parent);
	if (directory < 0 || !extract_name(&entry, name)) {
		extract_complain(extract, &entry, LATHE_ERR_IO,
				 directory < 0 ? "its directory is not there"
					       : "its name would leave the "
						 "target");
		return;
	}
	if (!twin || twin->done)
		got = put(extract, directory, name, &entry, twin);
	if (got != 0 && (!twin || twin->done) && errno == EEXIST)
		got = put_again(extract, directory, name, &entry, twin);
	/* Where it can not be a name of the first one it is a copy. */
	if (got != 0 && twin &&
	    (!twin->done || (errno != EEXIST && errno != EALREADY &&
			     errno != ETXTBSY)))
		got = extract_file(extract, directory, &entry) == STATUS_OK
			      ? 0 : 1;
	if (got < 0)
		extract_complain_errno(extract, &entry);
	if (got == 0)
		extract->files++;
}

static void finish_folder(struct extract *extract, uint32_t node)
{
	struct lathe_iso9660_entry entry;
	int fd = parent_of(extract, node);

	if (fd >= 0 && lathe_iso9660_get(extract->tree, node, &entry) == 0)
		extract_attributes(extract, fd, &entry);
}

/* Hard links first: no file is written once there is a symbolic link. */
void extract_links(struct extract *extract)
{
	size_t i;

	for (i = 0; i < extract->laters && !extract_stop(extract); i++)
		if (extract->later[i].twin)
			make_one(extract, &extract->later[i]);
	for (i = 0; i < extract->laters && !extract_stop(extract); i++)
		if (!extract->later[i].twin)
			make_one(extract, &extract->later[i]);
	for (i = 0; i < extract->folders; i++)
		finish_folder(extract, extract->folder[i]);
}

void extract_links_free(struct extract *extract)
{
	if (extract->parent_fd >= 0)
		close(extract->parent_fd);
	free(extract->twin);
	free(extract->later);
	free(extract->folder);
	free(extract->made.hash);
}
