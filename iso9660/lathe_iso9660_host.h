/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_host.h - files of this computer in a tree (POSIX).
 *
 * On systems without POSIX all calls return LATHE_ERR_UNSUPPORTED.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_HOST_H
#define LATHE_ISO9660_HOST_H

#include "iso9660/lathe_iso9660_tree.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lathe_iso9660_host;

enum lathe_iso9660_skipped {
	LATHE_ISO9660_SKIPPED_SPECIAL,	/* device, socket, pipe */
	LATHE_ISO9660_SKIPPED_LINK_DIRECTORY, /* symbolic link to a directory */
	LATHE_ISO9660_SKIPPED_LINK_DANGLING,
	LATHE_ISO9660_SKIPPED_UNREADABLE,
	LATHE_ISO9660_SKIPPED_NAME,	/* no UTF-8, or 'name' refused it */
	LATHE_ISO9660_SKIPPED_LINK,	/* symbolic link, as was asked for */
	LATHE_ISO9660_SKIPPED_LOOP,	/* link to a directory that it is in */
	LATHE_ISO9660_SKIPPED_OUTPUT	/* 'output' knows it */
};

/* What becomes of symbolic links below a path that is added. */
enum lathe_iso9660_host_links {
	/* One to a regular file becomes a further name of that file's extent
	 * where the tree holds it, else a file with its content; others are
	 * left out. */
	LATHE_ISO9660_LINKS_CONTENT,
	/* All are recorded as such; what they lead to, if it is a regular
	 * file that can be read, is their content for hierarchies without
	 * links. */
	LATHE_ISO9660_LINKS_RECORD,
	/* As if what they lead to stood in their place. One to a directory
	 * that it lies in is left out. */
	LATHE_ISO9660_LINKS_FOLLOW,
	LATHE_ISO9660_LINKS_SKIP
};

struct lathe_iso9660_host_config {
	size_t size;		/* sizeof(struct lathe_iso9660_host_config) */
	struct lathe_hooks hooks;
	bool one_file_system;	/* of what is mounted below nothing is added */
	bool posix;		/* note modes and owners */
	bool all_times;		/* and times of access and attribute change */
	bool specials;		/* add devices, pipes, sockets (Rock Ridge) */
	/* Threads that look at the files of a folder ahead of who adds them,
	 * for the time of lathe_iso9660_host_add(): at most 16, 0 for none.
	 * Nothing else depends on it. */
	uint32_t threads;
	/* With LATHE_ISO9660_UPDATE other permissions or another owner than
	 * in the tree count as a difference. */
	bool compare_modes, compare_owner;
	enum lathe_iso9660_host_links symlinks;
	/* Told about what is left out; 'path' is the host's. May be NULL. */
	void (*skipped)(void *ctx, enum lathe_iso9660_skipped why,
			const char *path, int sys_errno);
	void *skipped_ctx;

	/* NULL, or: shall it be left out, with all below it? 'path' is where
	 * it would be in the tree, with a leading "/"; the last name is the
	 * host's where it can have none there. Asked twice, as file and as
	 * directory, about what can not be looked at: it has to be both. Not
	 * asked about paths that are named themselves. */
	bool (*excluded)(void *ctx, const char *path, bool directory);
	void *excluded_ctx;

	/* NULL, or: the name in the tree for the host's 'name'. 'out' has room
	 * for LATHE_ISO9660_NAME_MAX. Returns the length, or an error: then
	 * the file is left out, as with 0, more than there is room for, or no
	 * UTF-8. Other names that none can have ("..", with "/") fail the whole
	 * call with LATHE_ERR_NAME. Two names of one directory that become
	 * the same are LATHE_ERR_EXISTS. */
	int (*name)(void *ctx, const char *name, size_t len, bool directory,
		    char *out);
	void *name_ctx;

	/* NULL, or: is it a file that will be written while the tree is used,
	 * as the image itself? It is left out, and a link that is recorded
	 * has no content. Named itself it is LATHE_ERR_ARG. */
	bool (*output)(void *ctx, uint64_t dev, uint64_t ino);
	void *output_ctx;
};

/* A source of host files, of any number of trees; must outlive them, and is
 * for one thread at a time. Images of these trees may be read by any threads,
 * but not while files are added, to whichever of them. Relative paths are from
 * what the working directory is now. It takes some 16 KiB of memory, and more
 * for folders (32 bytes and the name), files with several names (up to 100
 * bytes) and, with LATHE_ISO9660_UPDATE or _MIRROR, nodes (up to 24 bytes);
 * nothing for other files. Up to 64 folders stay open, but no more than two and
 * a quarter of the descriptors that could be open when it was made, and fewer
 * where there are no others: adding needs two, and so does each thread that
 * reads. */
int lathe_iso9660_host_create(const struct lathe_iso9660_host_config *config,
			      struct lathe_iso9660_host **out);
void lathe_iso9660_host_destroy(struct lathe_iso9660_host *host);
const struct lathe_failure *
lathe_iso9660_host_failure(const struct lathe_iso9660_host *host);

/* Further flags of lathe_iso9660_host_add(). */

/*
 * Only what differs from the tree is changed: an imported file of the same
 * size and time of modification (at the resolution of the volume), a symbolic
 * link of the same text, a directory stays as it is; other attributes are
 * set without new content. A file takes the place of a directory and the
 * reverse. A name that came by in an earlier call since the last
 * lathe_iso9660_host_finish() stays: of several sources that are merged the
 * one that shall win is added first. The date of a directory or link alone is
 * no difference; it is set at the end if there is one.
 */
#define LATHE_ISO9660_UPDATE 2u

/* What is added is noted, so that lathe_iso9660_host_finish() can remove the
 * rest of the directory that is filled. */
#define LATHE_ISO9660_MIRROR 4u

/*
 * Add 'path', a file or a directory with all below it, as 'name' in 'parent';
 * 'name' NULL adds what is in the directory. Size, date (mtime, GMT) and a
 * stamp (size, mtime, ctime) are noted. Hard links share one extent.
 * 'path' itself is followed where it is a link; a directory that was added
 * before gets the attributes with LATHE_ISO9660_REPLACE, and so does the root
 * from a directory whose content is put into it; those of a disc stay.
 * lathe_iso9660_host_failure() tells of errors; the tree is then as before.
 *   LATHE_ERR_NOT_FOUND  'path'
 *   LATHE_ERR_IO         it could not be looked at, or too many files are
 *                        open; a folder that can not be opened or listed for
 *                        another reason is skipped
 *   LATHE_ERR_CHANGED    a symbolic link became something else meanwhile
 *   LATHE_ERR_EXISTS     a name is there, and no flag lets it be replaced; or
 *                        it is a directory, and an earlier call came by it or
 *                        by something in it
 *   LATHE_ERR_NAME       'name', as for lathe_iso9660_add_directory()
 *   LATHE_ERR_ARG        'parent' is no directory; 'path' is no directory and
 *                        'name' NULL, or neither a file nor a directory and no
 *                        'specials' are asked for, or has 64 KiB, or 'output'
 *                        knows it
 *   LATHE_ERR_LIMIT, LATHE_ERR_STATE (a plan lives)
 *   LATHE_ERR_CANCELLED  by the hook, asked for every 64 files
 */
int lathe_iso9660_host_add(struct lathe_iso9660_host *host,
			   struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, const char *path, uint32_t flags);

/* What calls with LATHE_ISO9660_UPDATE or _MIRROR came to. */
struct lathe_iso9660_host_totals {
	uint32_t added, replaced, removed;
	uint32_t attributes;	/* changed alone, the content stays */
	uint32_t kept;		/* as they were */
};

/*
 * The end of calls with LATHE_ISO9660_UPDATE or _MIRROR: below each directory
 * that one of the latter filled, remove what none came by. What is excluded
 * stays, and so does what the host has but can not read, or what was left out:
 * links, special files and file systems that were not asked for, and links that
 * lead nowhere where what they lead to was. 'out' may be NULL.
 * 'tree' NULL: only forget these calls, as after a rollback of theirs, which
 * has to be followed by that before the host is used with the tree again.
 * Calls with another tree forget them as well.
 * After an error the tree is as before, and the calls are forgotten.
 */
int lathe_iso9660_host_finish(struct lathe_iso9660_host *host,
			      struct lathe_iso9660_tree *tree,
			      struct lathe_iso9660_host_totals *out);

/*
 * Memory of libc's for trees of many files, where the system has a thread make
 * it ready in front of who fills it. The thread is started when the first large
 * piece is asked for; where there is none, all is as without. Before the end
 * all that was taken has to be given back. A child that fork() makes meanwhile
 * must neither destroy it nor give memory back to it: it has no such thread,
 * and may wait for it for ever. Returns 0 or LATHE_ERR_MEMORY.
 */
struct lathe_iso9660_host_memory;

int lathe_iso9660_host_memory_create(struct lathe_iso9660_host_memory **out);
void lathe_iso9660_host_memory_destroy(
	struct lathe_iso9660_host_memory *memory);

/* As 'realloc' of lathe_hooks; 'memory' is such an object, for any number of
 * threads and trees. */
void *lathe_iso9660_host_realloc(void *memory, void *p, size_t old_bytes,
				 size_t new_bytes);

#ifdef __cplusplus
}
#endif

#endif
