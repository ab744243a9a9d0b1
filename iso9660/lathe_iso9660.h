/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660.h - volumes of ISO 9660: a tree of files, the plan of an
 * image of it, the image as a function of its LBA, and the import of a tree
 * from a volume that exists.
 *
 * Standard: ECMA-119, 4th edition (2019); clause numbers are its.
 * LBAs and sizes are in logical blocks of 2048 bytes unless a name says
 * otherwise. Names are UTF-8; a name that was recorded as UTF-16 with an
 * unpaired surrogate is WTF-8.
 *
 * Memory comes from hooks.realloc. A tree costs about 64 bytes and the name
 * for each node; a plan about 20 bytes a node more. Nothing is allocated per
 * file.
 *
 * Threads: a tree is for one thread at a time. A plan and an image are
 * immutable: any number of threads may read them, each with a cursor of its
 * own. While a plan lives, its tree is frozen: changes fail with
 * LATHE_ERR_STATE.
 *
 * Common errors: LATHE_ERR_MEMORY anywhere; the object is then as before the
 * call and can go on being used.
 */
#ifndef LATHE_ISO9660_H
#define LATHE_ISO9660_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lathe_iso9660_tree;
struct lathe_iso9660_plan;
struct lathe_iso9660_cursor;
struct lathe_iso9660_feed;
struct lathe_iso9660_host;

#define LATHE_ISO9660_NAME_MAX 1020u	/* bytes of a name; 255 units */
#define LATHE_ISO9660_ID_MAX 221u	/* bytes of a recorded identifier */
#define LATHE_ISO9660_HIERARCHIES 4u	/* hierarchy 0 is ISO 9660 itself */
#define LATHE_ISO9660_SECTION_BYTES 0xFFFFF800u /* most in one section */

/* ---- bounds ------------------------------------------------------------- */

/* Stated limits; 0 means the default in brackets. Going past one is
 * LATHE_ERR_LIMIT, noticed before memory is spent. */
struct lathe_iso9660_limits {
	uint32_t nodes;		/* [16,777,216] */
	uint32_t depth;		/* directories in each other [256] */
	uint64_t name_bytes;	/* [2^31] */
	uint32_t sections;	/* of one file [1024] */
	uint64_t directory_bytes; /* of all directories read [2^32] */
};

/* ---- hierarchies -------------------------------------------------------- */

/* Why a recorded identifier differs from the name; bits. */
enum lathe_iso9660_change {
	LATHE_ISO9660_CHANGE_FORBIDDEN = 1,	/* characters were replaced */
	LATHE_ISO9660_CHANGE_CUT = 2,		/* too long */
	LATHE_ISO9660_CHANGE_CLASH = 4,		/* numbered to tell it apart */
	LATHE_ISO9660_CHANGE_CASE = 8		/* upper case only */
};

/* Texts of the descriptors, UTF-8, NULL or "" for none. They are cut and
 * mapped to what the field holds. Borrowed until the call returns. */
struct lathe_iso9660_volume {
	const char *volume_id, *system_id, *volume_set_id;
	const char *publisher, *preparer, *application;
	const char *copyright_file, *abstract_file, *bibliographic_file;

	/* ECMA-119 8.4.26.1, 17 bytes each; all zero bytes: not specified. */
	uint8_t created[17], modified[17], expires[17], effective[17];
};

/*
 * A tree of directory records, as a constant table. ISO 9660 is one, Joliet
 * another; who does not name a table does not link it.
 *
 * An identifier is bytes as recorded, 1 to LATHE_ISO9660_ID_MAX, with its
 * version number where the hierarchy records one.
 */
struct lathe_iso9660_hierarchy {
	const char *name;	/* "ISO 9660", "Joliet" */

	/* Does this volume descriptor head the hierarchy? Pure. */
	bool (*recognise)(const uint8_t descriptor[2048]);

	/*
	 * Fill in what is particular in a descriptor: type, version, flags,
	 * escape sequences, texts. All numbers, tables and the root record
	 * are the caller's. 'options' is the hierarchy's own struct or NULL.
	 */
	void (*describe)(const void *options,
			 const struct lathe_iso9660_volume *volume,
			 uint8_t descriptor[2048]);

	/* The volume identifier of a descriptor as UTF-8 with a final NUL;
	 * 'out' has room for 129 bytes. */
	void (*volume_id)(const uint8_t descriptor[2048], char *out);

	/*
	 * An identifier as a name: version and its separator dropped.
	 * 'name' has room for LATHE_ISO9660_NAME_MAX. Returns the name's
	 * length (at least 1), or LATHE_ERR_CORRUPT.
	 */
	int (*decode)(const uint8_t *id, uint8_t id_len, bool directory,
		      char *name);

	/*
	 * A name as an identifier. 'digits' 0: the preferred form. Else the
	 * stem is cut so far that 'number' in that many decimal digits fits
	 * behind it. 'id' has room for LATHE_ISO9660_ID_MAX; *changed gets
	 * LATHE_ISO9660_CHANGE_ bits. Returns the length, or LATHE_ERR_NAME
	 * when the name has no form at all. Pure, and the same bytes for the
	 * same arguments for ever.
	 */
	int (*encode)(const void *options, const char *name, size_t len,
		      bool directory, uint8_t digits, uint32_t number,
		      uint8_t *id, uint32_t *changed);

	/* The standard's order of records, 9.3; versions included. */
	int (*compare)(const uint8_t *a, uint8_t a_len, const uint8_t *b,
		       uint8_t b_len);

	/*
	 * NULL, or the same order decided on two names that are both
	 * recorded in their preferred form with 'changed' 0.
	 */
	int (*compare_names)(const char *a, size_t a_len, const char *b,
			     size_t b_len);

	/* Identifiers that no new name may get ("CON"); NULL: none. */
	bool (*reserved)(const uint8_t *id, uint8_t id_len);

	/* How many bytes at the front tell two records of a directory apart
	 * (without the version, say); NULL: all of them. Two that are equal
	 * in these must be equal, but for the version, in 'compare'. */
	uint8_t (*significant)(const uint8_t *id, uint8_t id_len);

	/* NULL: as 'compare'. Else the order of directories in path tables,
	 * 6.9.1, where it is not that of their records. */
	int (*compare_directories)(const uint8_t *a, uint8_t a_len,
				   const uint8_t *b, uint8_t b_len);

	/*
	 * Both or none: what can be said of the preferred identifiers of names
	 * without making them. 'length': that of the identifier, 0 if it may
	 * be reserved or is not known. 'order' of two files or directories:
	 * below 0 or above 0 where their identifiers differ in what is
	 * significant and both 'compare' and 'compare_directories' say so; 0
	 * if that is not known. The same for any two names of which one has
	 * default options.
	 */
	uint8_t (*length)(const void *options, const char *name, size_t len,
			  bool directory);
	int (*order)(const void *options, const char *a, size_t a_len,
		     const char *b, size_t b_len);
};

/* A hierarchy and its options, to be recorded or to be recognised. */
struct lathe_iso9660_use {
	const struct lathe_iso9660_hierarchy *hierarchy;
	const void *options;	/* borrowed as long as the plan lives */
};

enum lathe_iso9660_level {
	LATHE_ISO9660_LEVEL_2,	/* 31 characters; the default */
	LATHE_ISO9660_LEVEL_1,	/* 8.3 */
	LATHE_ISO9660_RELAXED	/* 37 characters, version included; lower case,
				 * any dots, 7 bit */
};

/* Options of lathe_iso9660_primary. */
struct lathe_iso9660_primary_options {
	enum lathe_iso9660_level level;
	bool omit_version;	/* no ";1" */
};

/* ISO 9660 itself; always hierarchy 0 of a plan. */
extern const struct lathe_iso9660_hierarchy lathe_iso9660_primary;

/* ---- system use --------------------------------------------------------- */

/*
 * What stands behind the identifiers of ISO 9660's own records (9.1.13): a
 * constant table, linked by whom it is named. A plan records with it, an
 * import reads with it; entries it does not know are kept and recorded again.
 */
struct lathe_iso9660_system_use;

/* SUSP 1.12 and RRIP 1.12 ("Rock Ridge"). */
extern const struct lathe_iso9660_system_use lathe_iso9660_rock_ridge;

/* For what is new; what an earlier session recorded stays as it was. */
struct lathe_iso9660_rock_ridge_options {
	bool keep_modes;	/* else 0444, directories 0555, and 0111 more
				 * for files that somebody may execute */
	bool keep_owner;	/* else user 0, group 0 */
	bool all_times;		/* access and attribute change as well */
	bool relocate;		/* directories below level 8 move to RR_MOVED,
				 * RRIP 4.1.5; else they stay where they are */
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
 * after a removal, but not after a rollback behind them. 0 is no node. */
#define LATHE_ISO9660_ROOT 1u

/*
 * Where the bytes of new files come from. All callbacks may be called from
 * several threads at once. 'file' is the caller's own number for a file.
 */
struct lathe_iso9660_source {
	void *ctx;
	/* 'name' is the name under which the file was added. Returns 0 and
	 * *handle, or an error and no handle; or LATHE_ERR_CHANGED and a
	 * handle (not NULL): the file is not what was added, this is
	 * reported, and its bytes are read as far as they go. */
	int (*open)(void *ctx, uint64_t file, const char *name,
		    size_t name_len, void **handle);
	/* Read up to 'bytes' at 'offset'; *got 0 is the end of the file. */
	int (*read_at)(void *ctx, void *handle, uint64_t offset,
		       uint32_t bytes, uint8_t *out, uint32_t *got);
	void (*close)(void *ctx, void *handle);
	/* NULL, or: compare with what was noted when the file was added.
	 * LATHE_ERR_CHANGED, LATHE_ERR_IO. */
	int (*check)(void *ctx, uint64_t file, const char *name,
		     size_t name_len);
	/* NULL, or: the descriptor behind a handle, for copies made by the
	 * system; -1 if there is none. */
	int (*descriptor)(void *ctx, void *handle);
	/* NULL, or: a text for messages, such as the path. */
	void (*describe)(void *ctx, uint64_t file, const char *name,
			 size_t name_len, char *out, size_t room);
};

/* What POSIX knows of a file and Rock Ridge records, RRIP 4.1.1. */
struct lathe_iso9660_posix {
	uint32_t mode;		/* permissions, 07777; the type is the node's */
	uint32_t uid, gid;
};

struct lathe_iso9660_attributes {
	uint8_t date[7];	/* 9.1.5; all zero: not given */
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
 * Add a directory; one that is there already is found (and its attributes
 * stay). *node gets it. LATHE_ERR_EXISTS: a file has that name;
 * LATHE_ERR_NAME: empty, ".", "..", with "/" or NUL, or no UTF-8;
 * LATHE_ERR_LIMIT.
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

/* The same from memory: 'data' is borrowed as long as the tree. */
int lathe_iso9660_add_memory(struct lathe_iso9660_tree *tree, uint32_t parent,
			     const char *name, size_t len,
			     const struct lathe_iso9660_attributes *attr,
			     const void *data, size_t size, uint32_t flags,
			     uint32_t *node);

/* A further name of the extent of 'target', a file. */
int lathe_iso9660_add_link(struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, size_t len,
			   const struct lathe_iso9660_attributes *attr,
			   uint32_t target, uint32_t flags, uint32_t *node);

/*
 * A symbolic link, as hierarchies with Rock Ridge record it. 'text' is where
 * it leads, 1 to LATHE_ISO9660_SYMLINK_MAX bytes without NUL. Hierarchies that
 * know no symbolic links record it as a further name of 'content', a file;
 * with 0 they leave it out.
 * LATHE_ERR_ARG: 'text'; else as lathe_iso9660_add_file().
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

/* Take a node, with all below it, out of the tree. */
int lathe_iso9660_remove(struct lathe_iso9660_tree *tree, uint32_t node);

/* Move and rename; LATHE_ERR_EXISTS, LATHE_ERR_NAME; LATHE_ERR_ARG: into
 * itself. A renamed node loses its pinned identifiers. */
int lathe_iso9660_rename(struct lathe_iso9660_tree *tree, uint32_t node,
			 uint32_t parent, const char *name, size_t len);

/* Change date and flags of a node; the root has no other way to get any.
 * LATHE_ERR_NOT_FOUND. */
int lathe_iso9660_set_attributes(struct lathe_iso9660_tree *tree,
				 uint32_t node,
				 const struct lathe_iso9660_attributes *attr);

/* Everything done after a savepoint can be undone, exactly. A rollback while
 * a plan lives does nothing but note LATHE_ERR_STATE. */
struct lathe_iso9660_savepoint {
	uint64_t opaque[4];
};
int lathe_iso9660_save(struct lathe_iso9660_tree *tree,
		       struct lathe_iso9660_savepoint *out);
void lathe_iso9660_rollback(struct lathe_iso9660_tree *tree,
			    const struct lathe_iso9660_savepoint *to);

/* Has anything been added, removed, renamed since the import (or since the
 * tree was made)? */
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
	const char *name;	/* not terminated; valid until a change */
	size_t name_len;
	uint64_t size;		/* bytes; a directory 0 */
	uint8_t date[7];
	bool imported;		/* its bytes are on a disc already */
	bool hidden;
	bool link;		/* shares its extent with another node */
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

/* Section 'i' of an imported file. LATHE_ERR_NOT_FOUND. */
int lathe_iso9660_section(const struct lathe_iso9660_tree *tree, uint32_t node,
			  uint32_t i, uint32_t *lba, uint64_t *bytes);

/* By a path of names, "/" between them; a leading "/" is allowed. */
int lathe_iso9660_find(const struct lathe_iso9660_tree *tree,
		       const char *path, uint32_t *node);
int lathe_iso9660_find_child(const struct lathe_iso9660_tree *tree,
			     uint32_t parent, const char *name, size_t len,
			     uint32_t *node);

/* The path of a node, from the root, with a leading "/" and a final NUL.
 * Returns its length without the NUL; like snprintf if 'room' is short. */
size_t lathe_iso9660_path(const struct lathe_iso9660_tree *tree, uint32_t node,
			  char *out, size_t room);

/*
 * Visit 'node' and all below it, a directory before what is in it, names in
 * byte order. A visitor that returns not 0 ends the walk with that value.
 */
int lathe_iso9660_walk(struct lathe_iso9660_tree *tree, uint32_t node,
		       int (*visit)(void *ctx,
				    const struct lathe_iso9660_entry *entry),
		       void *ctx);

struct lathe_iso9660_count {
	uint32_t directories, files;
	uint32_t new_files;	/* whose bytes are yet to be written */
	uint64_t bytes;		/* of all files */
	uint64_t new_bytes;
};
void lathe_iso9660_count(const struct lathe_iso9660_tree *tree,
			 struct lathe_iso9660_count *out);

/* Compare all new files with their sources (source->check). Reports each
 * difference; returns 0, LATHE_ERR_CHANGED or LATHE_ERR_IO. */
int lathe_iso9660_check_sources(struct lathe_iso9660_tree *tree,
				void (*differs)(void *ctx, uint32_t node,
						int err, const char *text),
				void *ctx);

/* ---- the plan ----------------------------------------------------------- */

/* Told about each name that is recorded differently in some hierarchy. */
struct lathe_iso9660_renamed {
	uint32_t node;
	uint32_t hierarchy;	/* its place in 'uses' */
	uint32_t changes;	/* LATHE_ISO9660_CHANGE_ bits */
	const uint8_t *id;	/* as recorded */
	uint8_t id_len;
	bool system_use;	/* 'id' is the name in the system use field of
				 * hierarchy 0: the tree's is too long even
				 * for it (255 bytes in Rock Ridge) */
};

/* The mark of an own volume: where it is, what was before it. */
struct lathe_iso9660_session {
	uint32_t start;		/* LBA of its system area */
	uint32_t blocks;	/* of the volume, pad not included */
};

struct lathe_iso9660_plan_options {
	size_t size;		/* sizeof(struct lathe_iso9660_plan_options) */

	/* Hierarchy 0 is lathe_iso9660_primary with these options, NULL for
	 * the defaults; the others follow. */
	const struct lathe_iso9660_primary_options *primary;
	const struct lathe_iso9660_use *uses;
	uint32_t use_count;	/* at most LATHE_ISO9660_HIERARCHIES - 1 */

	struct lathe_iso9660_volume volume;

	/* For hierarchy 0; NULL: no system use. Its own struct of options,
	 * borrowed as long as the plan lives, or NULL. */
	const struct lathe_iso9660_system_use *system_use;
	const void *system_use_options;

	/* The session before this one, if it was lathe's: goes to the mark,
	 * so that the sessions can be found without a TOC. blocks 0: none. */
	struct lathe_iso9660_session previous;

	/* Files of at least this many bytes begin at an even block, so that
	 * a file system can share their blocks; 0: 1 MiB. UINT64_MAX: none. */
	uint64_t align_from_bytes;

	/* Zero blocks at the end that belong to the volume. */
	uint32_t pad_blocks;

	/* Names must be recorded unchanged in the hierarchies whose bit is
	 * set (bit 1: the first of 'uses'): LATHE_ERR_NAME names the first
	 * that is not. Imported names are exempt. */
	uint32_t strict;

	void (*renamed)(void *ctx, const struct lathe_iso9660_renamed *what);
	void *renamed_ctx;
};

/*
 * Lay the tree out. Addresses are relative to the volume's first block but
 * for imported extents. The tree is frozen until the plan is destroyed; it
 * has one plan at a time. lathe_iso9660_tree_failure() tells of errors.
 *   LATHE_ERR_STATE  the tree has a plan
 *   LATHE_ERR_NAME   see 'strict'
 *   LATHE_ERR_LIMIT  more than 65,535 directories that hold directories, a
 *                    volume above 2^32 - 1 blocks, ...; the failure names it
 * Same tree content and options, same bytes: the order of adding, addresses
 * in memory, locale, clock and hash seed do not matter.
 */
int lathe_iso9660_plan_create(struct lathe_iso9660_tree *tree,
			      const struct lathe_iso9660_plan_options *options,
			      struct lathe_iso9660_plan **out);
void lathe_iso9660_plan_destroy(struct lathe_iso9660_plan *plan);

/* Blocks of the volume, pad_blocks included. */
uint32_t lathe_iso9660_plan_blocks(const struct lathe_iso9660_plan *plan);

/* Blocks from the first one to the end of the last directory, of all
 * hierarchies, or of the continuation areas behind it: what must be on a disc
 * for the volume to be found whole. */
uint32_t lathe_iso9660_plan_metadata(const struct lathe_iso9660_plan *plan);

/* Where new file 'node' lies, relative to the volume's first block; its
 * sections follow one another. LATHE_ERR_NOT_FOUND: not a new file. */
int lathe_iso9660_plan_extent(const struct lathe_iso9660_plan *plan,
			      uint32_t node, uint32_t *first, uint64_t *bytes);

/* The same in the order of addresses: extent 'i' from 0, each extent once,
 * empty files not at all; false beyond the last. */
bool lathe_iso9660_plan_nth_extent(const struct lathe_iso9660_plan *plan,
				   uint32_t i, uint32_t *node, uint32_t *first,
				   uint64_t *bytes);

/* ---- the image ---------------------------------------------------------- */

/* A plan at a place. Small, copied freely, immutable. */
struct lathe_iso9660_image {
	const struct lathe_iso9660_plan *plan;
	uint32_t start;		/* LBA of its first block */
	uint32_t metadata_crc;	/* CRC-32C that its mark holds */
};

/* Encodes the metadata once, for the checksum in the mark.
 * LATHE_ERR_LIMIT: its end would be above 2^32 - 1. */
int lathe_iso9660_image_init(struct lathe_iso9660_image *image,
			     const struct lathe_iso9660_plan *plan,
			     uint32_t start);

/* What to do when a source can not deliver what was planned. */
struct lathe_iso9660_on_source_error {
	void *ctx;
	/* Called once for each file that fails, in the order of LBAs as far
	 * as the cursor is read in it. Return 0 to go on with zeros in place
	 * of what is missing, or an error to stop with it. */
	int (*failed)(void *ctx, uint32_t node, uint64_t offset, int err,
		      const char *text);
};

/* A reader of an image, for one thread. 'on_error' NULL: stop. */
int lathe_iso9660_cursor_create(const struct lathe_iso9660_image *image,
				const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
				struct lathe_iso9660_cursor **out);
void lathe_iso9660_cursor_destroy(struct lathe_iso9660_cursor *cursor);

/* What the last error was, with the name of the source. */
const struct lathe_failure *
lathe_iso9660_cursor_failure(const struct lathe_iso9660_cursor *cursor);

/*
 * Blocks lba .. lba + count - 1, absolute, all inside the image
 * (LATHE_ERR_ARG). Any order; ascending is fastest.
 * LATHE_ERR_CHANGED or LATHE_ERR_IO: a source failed and 'on_error' stopped.
 */
int lathe_iso9660_cursor_read(struct lathe_iso9660_cursor *cursor,
			      uint32_t lba, uint32_t count, uint8_t *out);

enum lathe_iso9660_segment_kind {
	LATHE_ISO9660_SEGMENT_METADATA,	/* read it through the cursor */
	LATHE_ISO9660_SEGMENT_SOURCE,	/* bytes of a host file */
	LATHE_ISO9660_SEGMENT_ZERO
};

/* A run of whole blocks of one kind. */
struct lathe_iso9660_segment {
	enum lathe_iso9660_segment_kind kind;
	uint32_t lba, blocks;
	uint32_t node;		/* SOURCE */
	uint64_t offset;	/* in the file, of the first byte */
	uint64_t bytes;		/* SOURCE: the rest up to 'blocks' is zeros */
};

/* The segment that 'lba' begins or lies in, cut at 'lba'. */
int lathe_iso9660_cursor_segment(struct lathe_iso9660_cursor *cursor,
				 uint32_t lba,
				 struct lathe_iso9660_segment *out);

/* ---- reading ahead ------------------------------------------------------ */

struct lathe_iso9660_feed_options {
	uint32_t threads;	/* 0: read in the caller's thread; also where
				 * the system has no threads */
	uint32_t chunk_blocks;	/* of one delivery; 0: 512 */
	uint32_t ring_chunks;	/* read ahead at most; 0: 4. Writing an image
				 * with both 0: 128 and 16 */
	/* For calls that write an image to a regular file: leave zeros in
	 * place of its first descriptor, so that the caller can synchronize
	 * the rest before there is a volume. */
	bool hold_descriptor;
};

/*
 * Deliver blocks [first, first + count) of an image in order, read ahead by
 * threads of its own. Source errors are reported in order of LBA, in the
 * caller's thread, during lathe_iso9660_feed_next().
 */
int lathe_iso9660_feed_create(const struct lathe_iso9660_image *image,
			      uint32_t first, uint32_t count,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			      struct lathe_iso9660_feed **out);
void lathe_iso9660_feed_destroy(struct lathe_iso9660_feed *feed);

/* The next chunk; valid until the next call. *blocks 0 at the end. Errors as
 * lathe_iso9660_cursor_read(). */
int lathe_iso9660_feed_next(struct lathe_iso9660_feed *feed,
			    const uint8_t **data, uint32_t *lba,
			    uint32_t *blocks);

const struct lathe_failure *
lathe_iso9660_feed_failure(const struct lathe_iso9660_feed *feed);

/* Chunks that are read and wait, of how many. */
void lathe_iso9660_feed_level(struct lathe_iso9660_feed *feed, uint32_t *full,
			      uint32_t *ring);

/* ---- host files (POSIX) ------------------------------------------------- */

/* Nothing below this line exists on systems without POSIX: the calls return
 * LATHE_ERR_UNSUPPORTED there. */

enum lathe_iso9660_skipped {
	LATHE_ISO9660_SKIPPED_SPECIAL,	/* device, socket, pipe */
	LATHE_ISO9660_SKIPPED_LINK_DIRECTORY, /* symbolic link to a directory */
	LATHE_ISO9660_SKIPPED_LINK_DANGLING,
	LATHE_ISO9660_SKIPPED_UNREADABLE,
	LATHE_ISO9660_SKIPPED_NAME,	/* no UTF-8, or 'name' refused it */
	LATHE_ISO9660_SKIPPED_LINK,	/* symbolic link, as was asked for */
	LATHE_ISO9660_SKIPPED_LOOP	/* link to a directory that it is in */
};

/* What becomes of symbolic links below a path that is added. */
enum lathe_iso9660_host_links {
	/* One to a regular file becomes a further name of that file's extent
	 * where the tree holds it, else a file with its content; others are
	 * left out. */
	LATHE_ISO9660_LINKS_CONTENT,
	/* All are recorded as such; what they lead to, if it is a regular
	 * file, is their content for hierarchies without links. */
	LATHE_ISO9660_LINKS_RECORD,
	/* As if what they lead to stood in their place. One to a directory
	 * that it lies in is left out. */
	LATHE_ISO9660_LINKS_FOLLOW,
	LATHE_ISO9660_LINKS_SKIP
};

struct lathe_iso9660_host_config {
	size_t size;		/* sizeof(struct lathe_iso9660_host_config) */
	struct lathe_hooks hooks;
	bool one_file_system;	/* what is mounted below stays empty */
	bool posix;		/* note modes and owners */
	bool all_times;		/* and times of access and attribute change */
	bool specials;		/* add devices, pipes, sockets (Rock Ridge) */
	/* With LATHE_ISO9660_UPDATE other permissions or another owner than
	 * in the tree count as a difference. */
	bool compare_modes, compare_owner;
	enum lathe_iso9660_host_links symlinks;
	/* Told about what is left out; 'path' is the host's. May be NULL. */
	void (*skipped)(void *ctx, enum lathe_iso9660_skipped why,
			const char *path, int sys_errno);
	void *skipped_ctx;

	/* NULL, or: shall it be left out, with all below it? 'path' is where
	 * it would be in the tree, with a leading "/". Not asked about paths
	 * that are named themselves. */
	bool (*excluded)(void *ctx, const char *path, bool directory);
	void *excluded_ctx;

	/* NULL, or: the name in the tree for the host's 'name'. 'out' has room
	 * for LATHE_ISO9660_NAME_MAX. Returns the length, or an error: then
	 * the file is left out. Two names of one directory that become the
	 * same are LATHE_ERR_EXISTS. */
	int (*name)(void *ctx, const char *name, size_t len, char *out);
	void *name_ctx;
};

/* A source of host files; must outlive the trees it was used for. Images of
 * these may be read by any threads, but not while files are added. */
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
 * stamp (device, inode, mtime, ctime) are noted. Hard links share one extent.
 * 'path' itself is followed where it is a link; the root gets the date of the
 * first directory whose content is put into it.
 * LATHE_ERR_NOT_FOUND, LATHE_ERR_IO, LATHE_ERR_EXISTS, LATHE_ERR_LIMIT; after
 * an error the tree is as before.
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
 * stays, and so does what the host has but can not read. 'out' may be NULL.
 * 'tree' NULL: only forget these calls, as after a rollback of theirs.
 * After an error the tree is as before, and the calls are forgotten.
 */
int lathe_iso9660_host_finish(struct lathe_iso9660_host *host,
			      struct lathe_iso9660_tree *tree,
			      struct lathe_iso9660_host_totals *out);

/*
 * Write a whole image to 'fd' at byte 'offset' (a regular file, or a pipe if
 * offset is 0), with copies made by the system where it can. 'options' NULL
 * or without threads: all in the caller's thread. The position of a regular
 * file does not move; it is not synchronized.
 *   LATHE_ERR_IO         'fd' could not be written, or a source not read
 *   LATHE_ERR_CHANGED    a source is not what was added
 *   LATHE_ERR_CANCELLED  hooks->cancelled said so, between chunks
 */
int lathe_iso9660_image_write(const struct lathe_iso9660_image *image, int fd,
			      uint64_t offset,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error);

/*
 * The same for a plan that has no image yet: the image at 'start' is made and
 * written. Where 'fd' is no pipe, this encodes the metadata once instead of
 * twice: their checksum is taken while they are written, and the block with
 * the mark is written again when all else is there. *image gets the image
 * unless it is NULL.
 *   LATHE_ERR_LIMIT      as lathe_iso9660_image_init()
 */
int lathe_iso9660_plan_write(const struct lathe_iso9660_plan *plan,
			     uint32_t start, int fd, uint64_t offset,
			     const struct lathe_iso9660_feed_options *options,
			     const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			     struct lathe_iso9660_image *image);

/* ---- volumes that exist ------------------------------------------------- */

/* What stands at a session's start. */
struct lathe_iso9660_found {
	uint32_t start;
	uint32_t volume_blocks;	/* Volume Space Size, 8.4.8, as recorded */
	uint32_t descriptors;	/* blocks from start + 16 to the terminator,
				 * which is included */
	char volume_id[129];	/* of the best hierarchy, UTF-8 */
	char application[129];
	uint32_t hierarchies;	/* bit h: recognised; bit 0 the PVD */
	bool system_use;	/* hierarchy 0 has what was asked for; set by
				 * an import */
	bool own;		/* lathe's mark is there and agrees with the
				 * descriptors; its checksum over all
				 * metadata is compared by an import */
	struct lathe_iso9660_session self, previous;	/* from the mark */
};

/*
 * Look for a volume at session start 'start'. 'uses' are the hierarchies to
 * recognise besides ISO 9660.
 *   LATHE_ERR_NO_VOLUME  no primary volume descriptor
 *   LATHE_ERR_CORRUPT    descriptors that contradict themselves
 *   errors of blocks->read
 */
int lathe_iso9660_probe(const struct lathe_blocks *blocks, uint32_t start,
			const struct lathe_iso9660_use *uses,
			uint32_t use_count, struct lathe_iso9660_found *out,
			struct lathe_failure *failure);

/*
 * What a volume may be odd in, and what becomes of it. All but DUPLICATE and
 * SINGLE, which a session of ours may take over from a foreign one, are
 * LATHE_ERR_CORRUPT on an own volume.
 */
enum lathe_iso9660_oddity {
	LATHE_ISO9660_ODD_HALVES,	/* little and big endian differ: the one
					 * that lies on the disc is taken */
	LATHE_ISO9660_ODD_RECORD,	/* a record does not parse: the rest of
					 * its block is left out; sections
					 * without an end: the file is */
	LATHE_ISO9660_ODD_EXTENT,	/* not on the disc: left out; a root
					 * that says it is elsewhere: kept; a
					 * volume made for another address: its
					 * addresses are translated; no primary
					 * root: another hierarchy is all */
	LATHE_ISO9660_ODD_NAME,		/* no name, or one with "/": kept under
					 * another, not pinned */
	LATHE_ISO9660_ODD_DUPLICATE,	/* two of one name: one is renamed */
	LATHE_ISO9660_ODD_LOOP,		/* a directory met before, a link to a
					 * relocated one that is not: left
					 * out */
	LATHE_ISO9660_ODD_SINGLE,	/* not in all hierarchies: kept */
	LATHE_ISO9660_ODD_SYSTEM_USE,	/* entries that are wrong: left out */
	LATHE_ISO9660_ODD_BOOT		/* a boot record (8.2): its catalog and
					 * images stay where they are, but no
					 * later session leads to them */
};

struct lathe_iso9660_import_options {
	size_t size;	/* sizeof(struct lathe_iso9660_import_options) */
	const struct lathe_iso9660_use *uses;
	uint32_t use_count;

	/* Read the system use of hierarchy 0 with this; NULL: not at all. */
	const struct lathe_iso9660_system_use *system_use;

	/*
	 * The names come from this hierarchy where it is present: bit number
	 * + 1; 0: hierarchy 0 where 'system_use' is there, then the last of
	 * 'uses' that is there, then ISO 9660.
	 * System use that gives no name, or one that is no UTF-8: the name of
	 * another hierarchy, if the file is in one; else the identifier, or
	 * the name with each malformed byte as the code point of its number
	 * (told as ODD_NAME).
	 */
	uint32_t names_from;

	/* Told of odd things; 'lba' is the block they stand in, or 0. May be
	 * NULL. */
	void (*odd)(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		    const char *text);
	void *odd_ctx;
};

/*
 * Read the tree of the volume at 'start' into 'tree', which must be fresh.
 * Every hierarchy is read and joined; recorded identifiers are kept for the
 * next session. Limits of the tree's config bound memory and time; on a
 * damaged volume the tree stays empty.
 *   LATHE_ERR_NO_VOLUME, LATHE_ERR_CORRUPT, LATHE_ERR_LIMIT,
 *   LATHE_ERR_UNSUPPORTED (logical block size other than 2048, ...),
 *   errors of blocks->read
 */
int lathe_iso9660_import(struct lathe_iso9660_tree *tree,
			 const struct lathe_blocks *blocks, uint32_t start,
			 const struct lathe_iso9660_import_options *options,
			 struct lathe_iso9660_found *found);

/* ---- sessions without a table of contents ------------------------------- */

/*
 * Image files, and overwritable media, have no table of contents. There the
 * descriptors of the newest session stand at LBA 16 (the "head"), and the
 * marks lead from it to those before; SPEC.md, "Images that grow".
 */
struct lathe_iso9660_chain;

struct lathe_iso9660_link {
	struct lathe_iso9660_found found;
	uint32_t start;		/* LBA of the session's system area */
	uint32_t heads;		/* its descriptors stand 16 blocks behind this:
				 * 'start', or a copy made when a later session
				 * took their place */
	uint32_t moved;		/* descriptors in that copy; 0: not moved */
	uint32_t root;		/* LBA of its root directory */
	uint32_t end;		/* one past its last block */
	bool head;		/* readers of a plain file see this one */
};

struct lathe_iso9660_chain_options {
	size_t size;		/* sizeof(struct lathe_iso9660_chain_options) */
	struct lathe_hooks hooks;
	const struct lathe_iso9660_use *uses; /* to recognise */
	uint32_t use_count;

	/* NULL, or: the first block at or behind 'lba' that may hold anything
	 * but zeros; the end if there is none. */
	uint32_t (*next_data)(void *ctx, uint32_t lba);
	void *ctx;
};

/*
 * Find the sessions, oldest first. None is no error. Own ones are found by
 * their marks, those of other programs by a search of what no known volume
 * covers; what is inside of a volume is never taken for a session. A block
 * that can not be read holds none. 'blocks' is borrowed as long as the chain.
 * About 450 bytes of memory for each session, 9999 of them at most.
 * LATHE_ERR_ARG, LATHE_ERR_MEMORY.
 */
int lathe_iso9660_chain_read(const struct lathe_blocks *blocks,
			const struct lathe_iso9660_chain_options *options,
			     struct lathe_iso9660_chain **out);
void lathe_iso9660_chain_destroy(struct lathe_iso9660_chain *chain);
uint32_t lathe_iso9660_chain_count(const struct lathe_iso9660_chain *chain);

/* From 0, oldest first; NULL beyond the last. */
const struct lathe_iso9660_link *
lathe_iso9660_chain_link(const struct lathe_iso9660_chain *chain, uint32_t i);

/* A mark leads to a session that is not there. */
bool lathe_iso9660_chain_gap(const struct lathe_iso9660_chain *chain);

/* A medium as it was when a session was the newest: its descriptors in their
 * place. Caller-owned; the fields are private but for 'blocks'. */
struct lathe_iso9660_view {
	struct lathe_blocks blocks;
	struct lathe_blocks under;
	uint32_t start, heads, moved;
};
void lathe_iso9660_view_init(struct lathe_iso9660_view *view,
			     const struct lathe_blocks *blocks,
			     const struct lathe_iso9660_link *link);

/* Where one more session goes. */
struct lathe_iso9660_append {
	uint32_t copy;		/* LBA of the copy of the head that is to be
				 * made first, 0: none is needed */
	uint32_t start;		/* of the session */
	uint32_t room;		/* descriptors that fit at LBA 16 without
				 * touching what older sessions recorded */
	struct lathe_iso9660_session previous; /* for the plan */
};

/*
 * The place of a session behind block 'end' (one past everything that has to
 * stay) and behind all sessions. Order of writing, so that a cut at any point
 * leaves the older sessions readable: the copy of the head, the session but
 * for its descriptors, those, and last the head; each synchronized before the
 * next.
 *   LATHE_ERR_NO_VOLUME  the chain is empty
 *   LATHE_ERR_LIMIT      beyond 2^32 - 1 blocks
 */
int lathe_iso9660_chain_append(const struct lathe_iso9660_chain *chain,
			       uint32_t end, struct lathe_iso9660_append *out);

/* Blocks that a copy of a head takes, and the most that a head has. */
#define LATHE_ISO9660_COPY_BLOCKS 32u
#define LATHE_ISO9660_HEAD_BLOCKS 16u

/* The copy, for LBA 'at', of 'count' descriptors, 1 to
 * LATHE_ISO9660_HEAD_BLOCKS (LATHE_ERR_ARG); 'out' has room for
 * LATHE_ISO9660_COPY_BLOCKS blocks. Pure. */
int lathe_iso9660_head_copy(const uint8_t *descriptors, uint32_t count,
			    uint32_t at, uint8_t *out);

/*
 * The head that takes the place of 'old': the descriptors 'own' of a session,
 * and behind the first of them the boot records (8.2) of 'old', since their
 * catalogs stay where they are, as far as 'room' permits. 'out' has room for
 * LATHE_ISO9660_HEAD_BLOCKS. Returns the number of blocks, or LATHE_ERR_LIMIT
 * if even 'own' is too long. *dropped: boot records left out. Pure.
 */
int lathe_iso9660_head_make(const uint8_t *own, uint32_t own_count,
			    const uint8_t *old, uint32_t old_count,
			    uint32_t room, uint8_t *out, uint32_t *dropped);

/* ---- checksum ----------------------------------------------------------- */

/*
 * CRC-32C (RFC 3720, B.4) of 'len' more bytes, as the mark of own volumes has
 * it: 'crc' is 0 at the start, the result is complete after each call. Pure.
 */
uint32_t lathe_iso9660_crc32c(uint32_t crc, const void *data, size_t len);

#ifdef __cplusplus
}
#endif

#endif
