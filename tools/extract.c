/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/extract.h"
#include "tools/lock.h"

#define ENDING_MOST 16u

/* "name~number.ending"; the number is one of all that is in the volume. */
static void cut_name(const struct lathe_iso9660_entry *entry, char *out)
{
	const char *name = entry->name, *ending = name + entry->name_len;
	size_t least = entry->name_len - ENDING_MOST, cut, len;
	char number[16];

	for (cut = entry->name_len; cut-- > least;)
		if (name[cut] == '.')
			ending = name + cut;
	len = (size_t)(name + entry->name_len - ending);
	snprintf(number, sizeof(number), "~%" PRIu32, entry->node);
	cut = EXTRACT_NAME_MOST - strlen(number) - len;
	/* Not within a character of UTF-8. */
	while (cut > 0 && ((unsigned char)name[cut] & 0xC0) == 0x80)
		cut--;
	snprintf(out, EXTRACT_NAME_MOST + 1, "%.*s%s%.*s", (int)cut, name,
		 number, (int)len, ending);
}

bool extract_name(const struct lathe_iso9660_entry *entry, char *out)
{
	const char *name = entry->name;
	size_t len = entry->name_len;

	if (len == 0 || len > LATHE_ISO9660_NAME_MAX ||
	    memchr(name, '/', len) || memchr(name, '\0', len) ||
	    (len <= 2 && memcmp(name, "..", len) == 0))
		return false;
	if (len > EXTRACT_NAME_MOST) {
		cut_name(entry, out);
		return true;
	}
	memcpy(out, name, len);
	out[len] = '\0';
	return true;
}

void extract_tell(struct extract *extract,
		  const struct lathe_iso9660_entry *entry, const char *text)
{
	char path[2048];

	lathe_iso9660_path(extract->tree, entry->node, path, sizeof(path));
	note(extract->tool, "%s: %s: %s", extract->volume->name, path, text);
}

int extract_complain(struct extract *extract,
		     const struct lathe_iso9660_entry *entry, int err,
		     const char *why)
{
	int status = status_of(err);

	extract_tell(extract, entry, why);
	if (extract->status == STATUS_OK)
		extract->status = status;
	extract->failed++;
	return status;
}

int extract_complain_errno(struct extract *extract,
			   const struct lathe_iso9660_entry *entry)
{
	int sys_errno = errno;

	if (sys_errno == EEXIST)
		return extract_complain(extract, entry, LATHE_ERR_EXISTS,
					"exists already; --overwrite replaces "
					"it");
	if (sys_errno == EALREADY)
		return extract_complain(extract, entry, LATHE_ERR_EXISTS,
					"another file of the disc has this "
					"name here");
	if (sys_errno == EADDRINUSE)
		return extract_complain(extract, entry, LATHE_ERR_EXISTS,
					"exists already under another form of "
					"its name");
	if (sys_errno == ETXTBSY)
		return extract_complain(extract, entry, LATHE_ERR_EXISTS,
					"what is read is in its place, and "
					"stays");
	if (sys_errno == EWOULDBLOCK)
		return extract_complain(extract, entry, LATHE_ERR_BUSY,
					"another program is writing it");
	if (sys_errno == EISDIR)
		return extract_complain(extract, entry, LATHE_ERR_EXISTS,
					"a directory is in its place");
	return extract_complain(extract, entry, error_of_errno(sys_errno),
				strerror(sys_errno));
}

int extract_complain_made(struct extract *extract,
			  const struct lathe_iso9660_entry *entry)
{
	char text[128];

	if (errno != EINVAL && errno != EILSEQ)
		return extract_complain_errno(extract, entry);
	snprintf(text, sizeof(text), "this name can not be here: %s",
		 strerror(errno));
	return extract_complain(extract, entry, LATHE_ERR_IO, text);
}

static bool is_locked(int directory, const char *name)
{
	int fd = openat(directory, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool locked = fd >= 0 && !lock_take(fd, false);

	if (fd >= 0)
		close(fd);
	return locked;
}

bool extract_must_stay(const struct extract *extract, int directory,
		       const char *name)
{
	const struct volume *volume = extract->volume;
	struct stat st, image;
	bool is;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	is = emulated_is(&volume->drive.emulated, (uint64_t)st.st_dev,
			 (uint64_t)st.st_ino);
	if (!is && volume->fd >= 0 && fstat(volume->fd, &image) == 0)
		is = st.st_dev == image.st_dev && st.st_ino == image.st_ino;
	if (is)
		errno = ETXTBSY;
	else if (S_ISREG(st.st_mode) && (is = is_locked(directory, name)))
		errno = EWOULDBLOCK;
	return is;
}

bool extract_stop(struct extract *extract)
{
	extract->stopped = extract->stopped || stop_asked();
	return extract->stopped || extract->over;
}

/* ---- what is wanted ----------------------------------------------------- */

bool extract_wanted(const struct extract *extract, uint32_t node)
{
	return !extract->wanted ||
	       (node / 8 < extract->wanted_bytes &&
		(extract->wanted[node / 8] >> (node % 8) & 1) != 0);
}

static void want(struct extract *extract, uint32_t node)
{
	size_t had = extract->wanted_bytes;

	if (node / 8 >= had) {
		extract->wanted_bytes = (size_t)node / 4 + 64;
		extract->wanted = must_realloc(extract->wanted,
					       extract->wanted_bytes);
		memset(extract->wanted + had, 0, extract->wanted_bytes - had);
	}
	extract->wanted[node / 8] |= (uint8_t)(1u << (node % 8));
}

static int want_entry(void *ctx, const struct lathe_iso9660_entry *entry)
{
	want(ctx, entry->node);
	return 0;
}

void extract_want(struct extract *extract, uint32_t node)
{
	struct lathe_iso9660_entry entry;

	lathe_iso9660_walk(extract->tree, node, want_entry, extract);
	while (node != LATHE_ISO9660_ROOT &&
	       lathe_iso9660_get(extract->tree, node, &entry) == 0) {
		node = entry.parent;
		want(extract, node);
	}
}

/* ---- making it ---------------------------------------------------------- */

static void complain_entered(struct extract *extract,
			     const struct lathe_iso9660_entry *entry)
{
	/* It could not be made as it is there. */
	if (errno == ENOENT)
		errno = EADDRINUSE;
	if (errno == ELOOP || errno == ENOTDIR)
		extract_complain(extract, entry, LATHE_ERR_EXISTS,
				 "something that is no directory is in its "
				 "place");
	else
		extract_complain_errno(extract, entry);
}

/*
 * The directory 'entry' in 'parent', made when it is not there. A symbolic
 * link of that name is not followed: O_NOFOLLOW refuses it.
 */
static int enter(struct extract *extract, int parent,
		 const struct lathe_iso9660_entry *entry)
{
	char name[LATHE_ISO9660_NAME_MAX + 1];
	struct stat st;
	int fd;

	if (!extract_name(entry, name)) {
		extract_complain(extract, entry, LATHE_ERR_CORRUPT,
				 "its name would leave the target");
		return -1;
	}
	/* Ours alone until it gets the permissions that are recorded. */
	if (mkdirat(parent, name, entry->posix_given ? 0700 : 0777) != 0) {
		if (errno != EEXIST) {
			extract_complain_made(extract, entry);
			return -1;
		}
		if (extract_made_has(extract, parent, name))
			extract_tell(extract, entry,
				     "is one with another directory of the "
				     "disc here");
	}
	fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		complain_entered(extract, entry);
	else if (fstat(fd, &st) == 0)
		extract_made_add(extract, &st);
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
	else if (lathe_iso9660_get(extract->tree, level->node, &entry) == 0)
		extract_attributes(extract, level->fd, &entry);
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

/* ZF: a file of zisofs, which kernels unpack when it is read. */
static bool is_packed(const struct extract *extract,
		      const struct lathe_iso9660_entry *entry)
{
	uint32_t bytes, at;
	const uint8_t *use = lathe_iso9660_foreign_use(extract->tree,
						       entry->node, &bytes);

	for (at = 0; at + 4 <= bytes && use[at + 2] >= 4; at += use[at + 2])
		if (memcmp(use + at, "ZF", 2) == 0)
			return true;
	return false;
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
	if (is_packed(extract, entry))
		extract_tell(extract, entry,
			     "compressed by zisofs: extracted as it is stored; "
			     "mkzftree -u unpacks it");
}

static void tell_cut(struct extract *extract,
		     const struct lathe_iso9660_entry *entry)
{
	char name[LATHE_ISO9660_NAME_MAX + 1];
	char text[sizeof(name) + sizeof("extracted as ")];

	if (entry->name_len <= EXTRACT_NAME_MOST || !extract_name(entry, name))
		return;
	extract->cut++;
	snprintf(text, sizeof(text), "extracted as %s", name);
	if (extract->tool->verbose)
		extract_tell(extract, entry, text);
}

static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct extract *extract = ctx;
	int parent;

	if (extract_stop(extract))
		return LATHE_ERR_CANCELLED;
	if (entry->node == LATHE_ISO9660_ROOT ||
	    !extract_wanted(extract, entry->node))
		return 0;
	tell_cut(extract, entry);
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
	else
		extract->failed++;
	return 0;
}

void extract_all(struct extract *extract)
{
	struct lathe_iso9660_entry root = { .node = LATHE_ISO9660_ROOT };

	push(extract, &root, extract->target, false);
	lathe_iso9660_walk(extract->tree, LATHE_ISO9660_ROOT, visit, extract);
	while (extract->depth > 0)
		pop(extract);
}
