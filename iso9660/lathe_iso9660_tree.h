/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_tree.h - the tree of files: made, changed, looked at.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_TREE_H
#define LATHE_ISO9660_TREE_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lathe_iso9660_tree;

#define LATHE_ISO9660_SECTION_BYTES 0xFFFFF800u /* most in one section */

/* ---- bounds ------------------------------------------------------------- */

/* Stated limits; 0 means the default in brackets. Going past one is
 * LATHE_ERR_LIMIT, noticed before memory is spent. */
struct lathe_iso9660_limits {
	uint32_t nodes;		/* [16,777,216] */
	uint32_t depth;		/* directories in each other, the root too
				 * [256] */
	uint64_t name_bytes;	/* and what is kept with names [2^31] */
	uint32_t sections;	/* of one file [1024] */
	uint64_t directory_bytes; /* of all directories read [2^32] */
};

/* ---- the tree ----------------------------------------------------------- */

struct lathe_iso9660_tree_config {
	size_t size;		/* sizeof(struct lathe_iso9660_tree_config) */
	struct lathe_hooks hooks;
	struct lathe_iso9660_limits limits;
	uint64_t seed;		/* of the look-up table; any value */
};

int lathe_iso9660_tree_create(const struct lathe_iso9660_tree_config *config,
			      struct lathe_iso9660_tree **out);
void lathe_iso9660_tree_destroy(struct lathe_iso9660_tree *tree);
const struct lathe_failure *
lathe_iso9660_tree_failure(const struct lathe_iso9660_tree *tree);

/* Nodes are named by numbers; they stay valid as long as the tree, also
 * after a removal, but not after a rollback behind them: then others get their
 * numbers. 0 is no node. */
#define LATHE_ISO9660_ROOT 1u

/*
 * Where the bytes of new files come from. All callbacks may be called from
 * several threads at once, for one file as well; a handle is used by one at a
 * time. 'file' is the caller's own number for a file. 'check' and 'describe'
 * are called on the caller's thread.
 */
struct lathe_iso9660_source {
	void *ctx;
	/* 'name' is the name under which the file was added, not terminated.
	 * Returns 0 and *handle, which may be NULL; or an error and no handle;
	 * or LATHE_ERR_CHANGED and a handle (not NULL): the file is not what
	 * was added, this is reported, and its bytes are read as far as they
	 * go. A file may be opened and closed any number of times. */
	int (*open)(void *ctx, uint64_t file, const char *name,
		    size_t name_len, void **handle);
	/* Read up to 'bytes' (1 to 2^30) at 'offset', never beyond the size
	 * that was given; *got 1 to 'bytes', and the rest is asked for again.
	 * 0, the end of the file, or more than 'bytes' is LATHE_ERR_CHANGED. */
	int (*read_at)(void *ctx, void *handle, uint64_t offset,
		       uint32_t bytes, uint8_t *out, uint32_t *got);
	void (*close)(void *ctx, void *handle);
	/* NULL, or: compare with what was noted when the file was added.
	 * LATHE_ERR_CHANGED, LATHE_ERR_IO. */
	int (*check)(void *ctx, uint64_t file, const char *name,
		     size_t name_len);
	/* NULL, or: as 'check', of a file that is open. Asked behind each part
	 * of one that is not read at once: its parts may else be of different
	 * times. What was read stays, and the next part is read. */
	int (*still)(void *ctx, uint64_t file, void *handle);
	/* NULL, or: the descriptor behind a handle, for copies made by the
	 * system; -1 if there is none. */
	int (*descriptor)(void *ctx, void *handle);
	/* NULL, or: a text for messages, such as the path; 'out' has room for
	 * 'room' bytes with a final NUL. */
	void (*describe)(void *ctx, uint64_t file, const char *name,
			 size_t name_len, char *out, size_t room);
};

/* What POSIX knows of a file and Rock Ridge records, RRIP 4.1.1. */
struct lathe_iso9660_posix {
	uint32_t mode;		/* permissions, 07777; the type is the node's */
	uint32_t uid, gid;
};

/*
 * Dates, 9.1.5: years since 1900, month, day from 1, hour, minute, second, and
 * quarters of an hour east of GMT, with a sign. From seconds since 1970, in
 * GMT, zeros for years that it can not hold; and back: false, and *seconds
 * stays, if there is none, or month, day or time are out of their ranges. With
 * an offset out of -48 to 52 the time counts as GMT. Pure.
 */
void lathe_iso9660_date_put(int64_t seconds, uint8_t date[7]);
bool lathe_iso9660_date_get(const uint8_t date[7], int64_t *seconds);

struct lathe_iso9660_attributes {
	uint8_t date[7];	/* as above; all zero: not given */
	bool hidden;
	bool posix_given;	/* else as lathe_iso9660_rock_ridge_options
				 * say where nothing is known */
	struct lathe_iso9660_posix posix;
	/* RRIP 4.1.6, as 'date'; recorded with 'all_times' alone. */
	uint8_t accessed[7], changed[7];
};

/* Flags of the adding calls. */
#define LATHE_ISO9660_REPLACE 1u /* a file of that name is replaced */

/*
 * All that change a tree: LATHE_ERR_STATE while a plan of it lives. All that
 * add: 'attr' NULL: none are given; LATHE_ERR_ARG: 'parent' is no directory.
 * After an error the tree is as before, and *node.
 *
 * Add a directory; one that is there already is found (and its attributes
 * stay). *node gets it. LATHE_ERR_EXISTS: a file has that name;
 * LATHE_ERR_NAME: empty, ".", "..", with "/" or NUL, above
 * LATHE_ISO9660_NAME_MAX bytes, or no UTF-8; LATHE_ERR_LIMIT.
 */
int lathe_iso9660_add_directory(struct lathe_iso9660_tree *tree,
				uint32_t parent, const char *name, size_t len,
				const struct lathe_iso9660_attributes *attr,
				uint32_t *node);

/*
 * Add a file of 'size' bytes. 'source' is borrowed as long as the tree.
 * LATHE_ERR_EXISTS: the name is there and LATHE_ISO9660_REPLACE is not given,
 * or it is a directory; LATHE_ERR_NAME, LATHE_ERR_LIMIT as above.
 */
int lathe_iso9660_add_file(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, size_t len,
			   const struct lathe_iso9660_attributes *attr,
			   const struct lathe_iso9660_source *source,
			   uint64_t file, uint64_t size, uint32_t flags,
			   uint32_t *node);

/* The same from memory: 'data' is borrowed as long as the tree; NULL for a
 * 'size' of 0. */
int lathe_iso9660_add_memory(struct lathe_iso9660_tree *tree, uint32_t parent,
			     const char *name, size_t len,
			     const struct lathe_iso9660_attributes *attr,
			     const void *data, size_t size, uint32_t flags,
			     uint32_t *node);

/*
 * A further name of the extent of 'target', a file, which is written as long
 * as one of its names is there. Plans, cursors and their reports call such an
 * extent by the node that was there first, also when that was removed.
 * LATHE_ERR_ARG: 'target' is none, or a link without content; else as
 * lathe_iso9660_add_file().
 */
int lathe_iso9660_add_link(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, size_t len,
			   const struct lathe_iso9660_attributes *attr,
			   uint32_t target, uint32_t flags, uint32_t *node);

/*
 * A symbolic link, as hierarchies with Rock Ridge record it. 'text' is where
 * it leads, 1 to LATHE_ISO9660_SYMLINK_MAX bytes without NUL. Hierarchies that
 * know no symbolic links record it as a further name of 'content', a file;
 * with 0 they leave it out.
 * LATHE_ERR_ARG: 'text', 'content'; else as lathe_iso9660_add_file().
 */
#define LATHE_ISO9660_SYMLINK_MAX 4095u
int lathe_iso9660_add_symlink(struct lathe_iso9660_tree *tree, uint32_t parent,
			      const char *name, size_t len,
			      const struct lathe_iso9660_attributes *attr,
			      const char *text, size_t text_len,
			      uint32_t content, uint32_t flags,
			      uint32_t *node);

/* A device, pipe or socket, which hierarchies without Rock Ridge leave out.
 * 'type' is one of S_IFCHR 0020000, S_IFBLK 0060000, S_IFIFO 0010000 and
 * S_IFSOCK 0140000 (LATHE_ERR_ARG); 'high', 'low': RRIP 4.1.2. */
int lathe_iso9660_add_special(struct lathe_iso9660_tree *tree, uint32_t parent,
			      const char *name, size_t len,
			      const struct lathe_iso9660_attributes *attr,
			      uint32_t type, uint32_t high, uint32_t low,
			      uint32_t flags, uint32_t *node);

/* Take a node, with all below it, out of the tree. LATHE_ERR_NOT_FOUND;
 * LATHE_ERR_ARG: the root. */
int lathe_iso9660_remove(struct lathe_iso9660_tree *tree, uint32_t node);

/* Move and rename; LATHE_ERR_NOT_FOUND, LATHE_ERR_EXISTS, LATHE_ERR_NAME,
 * LATHE_ERR_LIMIT; LATHE_ERR_ARG: the root, into itself, or 'parent' is no
 * directory. A renamed node loses its pinned identifiers. */
int lathe_iso9660_rename(struct lathe_iso9660_tree *tree, uint32_t node,
			 uint32_t parent, const char *name, size_t len);

/* Change date and flags of a node; the root has no other way to get any.
 * LATHE_ERR_NOT_FOUND. */
int lathe_iso9660_set_attributes(struct lathe_iso9660_tree *tree,
				 uint32_t node,
				 const struct lathe_iso9660_attributes *attr);

/* Everything done after a savepoint can be undone, exactly, but for an import.
 * One can be gone back to any number of times; a rollback makes those void that
 * were taken after its own. A rollback while a plan lives does nothing but
 * note LATHE_ERR_STATE. lathe_iso9660_save() returns 0. */
struct lathe_iso9660_savepoint {
	uint64_t opaque[4];
};
int lathe_iso9660_save(struct lathe_iso9660_tree *tree,
		       struct lathe_iso9660_savepoint *out);
void lathe_iso9660_rollback(struct lathe_iso9660_tree *tree,
			    const struct lathe_iso9660_savepoint *to);

/* Has anything been added, removed, renamed or given attributes since the
 * import (or since the tree was made)? What was added and is removed again does
 * not count. */
bool lathe_iso9660_changed(const struct lathe_iso9660_tree *tree);

/* ---- looking at a tree -------------------------------------------------- */

enum lathe_iso9660_kind {
	LATHE_ISO9660_DIRECTORY,
	LATHE_ISO9660_FILE,
	LATHE_ISO9660_SYMLINK,
	LATHE_ISO9660_SPECIAL
};

struct lathe_iso9660_entry {
	uint32_t node, parent;
	enum lathe_iso9660_kind kind;
	const char *name;	/* not terminated; valid until a change. Never
				 * "", but of the root, "." or "..", nor with
				 * "/" or NUL: also what was imported */
	size_t name_len;
	uint64_t size;		/* bytes; a directory 0 */
	uint8_t date[7];
	bool imported;		/* its bytes are on a disc already */
	bool hidden;
	bool link;		/* a further name of another node's extent */
	uint32_t sections;	/* extents of an imported file; else 0 */
	uint32_t lba;		/* of the first one */
	uint32_t present;	/* bit h: recorded in hierarchy h (imported) */
	bool posix_given;
	struct lathe_iso9660_posix posix;
	uint8_t accessed[7], changed[7]; /* all zero: not given */
	const char *symlink;	/* SYMLINK: where it leads, not terminated; its
				 * size is that of the content it has where
				 * there are no links, 0 without one */
	size_t symlink_len;
	uint32_t type, dev_high, dev_low; /* SPECIAL */
};

/* LATHE_ERR_NOT_FOUND: no such node, or removed. */
int lathe_iso9660_get(const struct lathe_iso9660_tree *tree, uint32_t node,
		      struct lathe_iso9660_entry *out);

/*
 * Where the content of imported files lies, links' content and attribute
 * records (9.5) included: from block *first up to, not with, *end. Nobody may
 * record there. Without any *first is UINT32_MAX and *end 0.
 */
void lathe_iso9660_imported_blocks(const struct lathe_iso9660_tree *tree,
				   uint32_t *first, uint32_t *end);

/* Section 'i' of an imported file. LATHE_ERR_NOT_FOUND. */
int lathe_iso9660_section(const struct lathe_iso9660_tree *tree, uint32_t node,
			  uint32_t i, uint32_t *lba, uint64_t *bytes);

/*
 * Whole entries (SUSP 1.12, 4.1) of an imported node's record that nobody here
 * knows, one behind the other, each with its length as third byte; they are
 * recorded again as they are. *bytes 0: there are none. Valid until a change.
 */
const uint8_t *
lathe_iso9660_foreign_use(const struct lathe_iso9660_tree *tree, uint32_t node,
			  uint32_t *bytes);

/* By a path of names, "/" between them, with a final NUL; more of these, in
 * front and at the end as well, are allowed, and "" is the root. "." and ".."
 * are no names. LATHE_ERR_NOT_FOUND. */
int lathe_iso9660_find(const struct lathe_iso9660_tree *tree,
		       const char *path, uint32_t *node);
int lathe_iso9660_find_child(const struct lathe_iso9660_tree *tree,
			     uint32_t parent, const char *name, size_t len,
			     uint32_t *node);

/* The path of a node, from the root, with a leading "/" and a final NUL.
 * Returns its length without the NUL; like snprintf if 'room' is short. Of a
 * node that was removed, the path it had; of what never was one, "" and 0. */
size_t lathe_iso9660_path(const struct lathe_iso9660_tree *tree, uint32_t node,
			  char *out, size_t room);

/*
 * Visit 'node' and all below it, a directory before what is in it, names in
 * byte order. A visitor that returns not 0 ends the walk with that value.
 * LATHE_ERR_NOT_FOUND: no such node.
 */
int lathe_iso9660_walk(struct lathe_iso9660_tree *tree, uint32_t node,
		       int (*visit)(void *ctx,
				    const struct lathe_iso9660_entry *entry),
		       void *ctx);

struct lathe_iso9660_counts {
	uint32_t directories, files;	/* the root, links, special files too */
	uint32_t new_files;	/* whose bytes are yet to be written */
	uint64_t bytes;		/* of all files */
	uint64_t new_bytes;
};
void lathe_iso9660_count(const struct lathe_iso9660_tree *tree,
			 struct lathe_iso9660_counts *out);

/* Compare all new files with their sources (source->check). Reports each
 * difference, unless 'differs' is NULL; returns 0 or the first one's error:
 * LATHE_ERR_CHANGED, LATHE_ERR_IO. */
int lathe_iso9660_check_sources(struct lathe_iso9660_tree *tree,
				void (*differs)(void *ctx, uint32_t node,
						int err, const char *text),
				void *ctx);

#ifdef __cplusplus
}
#endif

#endif
