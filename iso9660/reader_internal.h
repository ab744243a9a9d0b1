/* SPDX-License-Identifier: MIT */
/*
 * reader_internal.h - what the files that read volumes share: descriptors,
 * directory records, and the state of an import.
 *
 * Nothing that was read is trusted: a number is used only after it was
 * compared with what is left of its record, block, directory and disc.
 */
#ifndef LATHE_ISO9660_READER_INTERNAL_H
#define LATHE_ISO9660_READER_INTERNAL_H

#include "iso9660/mark_internal.h"
#include "iso9660/system_use_internal.h"

/* ---- directory records: record_read.c ----------------------------------- */

/* 9.1.6 */
#define LATHEP_ISO9660_FLAG_HIDDEN 0x01u
#define LATHEP_ISO9660_FLAG_DIRECTORY 0x02u
#define LATHEP_ISO9660_FLAG_ASSOCIATED 0x04u
#define LATHEP_ISO9660_FLAG_MORE 0x80u /* not the last section */

struct lathep_iso9660_record {
	const uint8_t *id;	/* in the block that was parsed */
	uint8_t id_len;		/* at least 1 */
	uint8_t record_len;
	uint8_t xar;		/* 9.1.2, blocks */
	uint8_t flags, unit, gap;
	bool halves;		/* little and big endian differed */
	bool plain;		/* one section, no attribute record, no gaps */
	uint8_t date[7];
	uint32_t lba, bytes;	/* 9.1.3, 9.1.4 */
};

/*
 * The record that 'p' begins with, 'left' bytes before its block or field
 * ends. 'end' is the disc's: where the two forms of a number differ, the one
 * that is not 0 and lies on the disc is taken, little endian first. Returns 0,
 * or LATHE_ERR_CORRUPT where lengths do not fit each other (9.1.1, 9.1.10).
 */
int lathep_iso9660_record_parse(const uint8_t *p, size_t left, uint32_t end,
				struct lathep_iso9660_record *out);

/* 9.1.5 */
static inline bool lathep_iso9660_same_date(const uint8_t *a, const uint8_t *b)
{
	return lathe_get_le32(a) == lathe_get_le32(b) &&
	       lathe_get_le32(a + 3) == lathe_get_le32(b + 3);
}

/* A number in both byte orders, 7.3.3: little endian, unless that is 0. */
uint32_t lathep_iso9660_get_both32(const uint8_t *p);

/* Does an extent lie on the disc? Empty ones do, wherever they point. */
bool lathep_iso9660_on_disc(uint32_t lba, uint32_t xar, uint64_t bytes,
			    uint32_t end);

/* An address as recorded, on a disc where all are off by 'shift'; beyond
 * every disc where there is no such block. */
static inline uint32_t lathep_iso9660_shifted(uint32_t lba, int64_t shift)
{
	int64_t to = (int64_t)lba + shift;

	return to < 0 || to > UINT32_MAX ? UINT32_MAX : (uint32_t)to;
}

/* ---- descriptors: probe.c ----------------------------------------------- */

/* The standard identifier, 8.1.2. */
bool lathep_iso9660_is_descriptor(const uint8_t *block);

enum lathep_iso9660_mark_state {
	LATHEP_ISO9660_NOT_MARKED,
	LATHEP_ISO9660_MARK_BROKEN, /* ours, but something in it is not */
	LATHEP_ISO9660_MARKED
};

/* What the descriptors of a session say. What is large is at the end. */
struct lathep_iso9660_heads {
	struct {
		uint32_t lba, bytes; /* of the root directory; 0: none */
		uint32_t ordinal; /* of its descriptor among supplementary
				   * ones, from 1: its place in the mark */
	} root[LATHE_ISO9660_HIERARCHIES];
	bool halves;		/* some number differs from its other half */
	int64_t shift;		/* to be added to addresses as recorded, where
				 * the volume is not where it was made for;
				 * done in 'root' */
	uint32_t boot;		/* block of a boot record, 0: none */
	enum lathep_iso9660_mark_state mark_state;
	struct lathep_iso9660_mark mark;
	struct lathe_iso9660_found found;
};

/*
 * Read the descriptors at 'start'. 'get' delivers one block, good until it
 * is called again. Errors as lathe_iso9660_probe().
 */
enum lathep_iso9660_look {
	LATHEP_ISO9660_NO_LOOK,
	LATHEP_ISO9660_LOOK,	/* see whether the roots are where they should
				 * be, even if they can be */
	LATHEP_ISO9660_LOOK_UNMARKED /* likewise; the mark does not count */
};
int lathep_iso9660_read_heads(
	int (*get)(void *ctx, uint32_t lba, const uint8_t **block), void *ctx,
	uint32_t end, uint32_t start, const struct lathe_iso9660_use *uses,
	uint32_t use_count, enum lathep_iso9660_look look,
	struct lathep_iso9660_heads *out, struct lathe_failure *failure);

/* lathe_iso9660_probe() with a block that is not on the stack. */
int lathep_iso9660_probe(const struct lathe_blocks *blocks, uint32_t start,
			 const struct lathe_iso9660_use *uses,
			 uint32_t use_count, struct lathe_iso9660_found *out,
			 struct lathe_failure *failure,
			 uint8_t block[LATHE_BLOCK_BYTES]);

/* ---- the import --------------------------------------------------------- */

/* Blocks read at once: import_window.c. */
struct lathep_iso9660_window {
	uint8_t *data;
	uint32_t most;		/* blocks it has room for */
	uint32_t first, count;	/* blocks in it */
	uint32_t ahead;		/* blocks worth reading beyond the asked one */
	uint64_t blocks_read;

	/* CRC-32C of an own volume's metadata, taken as it comes by: pieces
	 * in the order of addresses, joined at the end. */
	bool summing;
	uint32_t sum_first, sum_end;
	uint32_t pieces;
	struct {
		uint32_t first, end, crc;
	} piece[16];
};

/* Directories that wait, the lowest address first: import_queue.c. */
struct lathep_iso9660_waiting {
	uint32_t lba, bytes;
	uint32_t node;		/* of the tree; or the pending row */
	uint32_t depth;
};

struct lathep_iso9660_queue {
	struct lathep_iso9660_waiting *heap;
	uint32_t count, room;
	uint8_t **seen;		/* first blocks of directories met, in pages */
};

/* All records of one file, or the one of a directory. */
struct lathep_iso9660_item {
	struct lathep_iso9660_record record; /* the first */
	uint64_t size;		/* of all sections */
	const struct lathep_iso9660_section *sections; /* NULL: one, as the
							* record has it */
	uint32_t section_count;
	bool odd;		/* extents that only a section list can say */
};

/* Of the directory that is being read: import_layout.c. */
struct lathep_iso9660_note {
	bool regular;		/* so far a plan would do it in the same way */
	uint32_t used;		/* bytes of the block */
	uint32_t records, plain; /* of these are of files of one section */
	uint32_t empty;
	uint32_t next;		/* expected node, while joining */
	uint32_t *start, blocks, room; /* the record that begins each block */
};

/* What is used most is in front, what is large at the end: shorter code. */
struct lathep_iso9660_import {
	struct lathe_iso9660_tree *tree;
	const struct lathe_blocks *blocks;
	const struct lathe_iso9660_import_options *options;
	uint32_t recorded_end;	/* of the disc, as addresses are recorded */
	bool own;		/* nothing odd is tolerated */
	bool ours;		/* lathe made it, sound or not: links say where
				 * their content is, SPEC.md 1.9 */

	/* The hierarchy that is being read. */
	uint32_t h;
	const struct lathe_iso9660_hierarchy *table;
	uint64_t directory_bytes; /* may still be read, by the limits */
	uint64_t extent_bytes;	/* likewise in this hierarchy, by the disc */
	uint32_t at;		/* the block being parsed, for messages */
	bool mixed;		/* names may stand twice in a folder */

	uint32_t section_room;
	struct lathep_iso9660_section *sections; /* of the file being read */

	/* System use of hierarchy 0, the base where there is any. */
	struct lathep_iso9660_susp *susp; /* NULL: not asked for */
	uint32_t rename_from;	/* names of this hierarchy are better */

	struct lathep_iso9660_note note;
	struct lathep_iso9660_queue queue;
	struct lathep_iso9660_window window;

	/* Own volumes: nodes of the first hierarchy's directories, by number;
	 * for those of the next one, by number, the number there or 0. */
	struct lathep_iso9660_store base_dirs;
	uint32_t *partner, partner_room;

	/* System use again. */
	struct lathep_iso9660_window aside; /* continuation areas */
	uint64_t aside_bytes;	/* that may still be looked at */
	struct lathep_iso9660_store moved; /* directories with RE: struct
					    * relocated */
	struct lathep_iso9660_store links; /* CL: struct child_link */

	struct lathep_iso9660_heads heads;
};

static inline struct lathe_failure *
lathep_iso9660_import_failure(struct lathep_iso9660_import *imp)
{
	return &imp->tree->failure;
}

/* Tell of something odd. Returns 0, or LATHE_ERR_CORRUPT where it may not
 * be. 'format' as printf's. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
int lathep_iso9660_odd(struct lathep_iso9660_import *imp,
		       enum lathe_iso9660_oddity what, uint32_t lba,
		       const char *format, ...);

/* LATHE_ERR_MEMORY, for whatever of the import. */
int lathep_iso9660_import_no_memory(struct lathe_iso9660_tree *tree);

/* import_window.c */
int lathep_iso9660_window_open(struct lathep_iso9660_import *imp);
void lathep_iso9660_window_close(struct lathep_iso9660_import *imp);
/* Block 'lba', which is on the disc, of an extent that goes on for 'more'
 * blocks behind it. */
int lathep_iso9660_window_get(struct lathep_iso9660_import *imp, uint32_t lba,
			      uint32_t more, const uint8_t **block);
/* A single block somewhere else on it; good until the next one. What
 * lathep_iso9660_window_get() delivered stays. */
int lathep_iso9660_window_peek(struct lathep_iso9660_import *imp, uint32_t lba,
			       const uint8_t **block);
/* Sum the metadata that come by from now on; at the end compare. */
void lathep_iso9660_window_sum(struct lathep_iso9660_import *imp);
int lathep_iso9660_window_verify(struct lathep_iso9660_import *imp);

/* import_queue.c */
int lathep_iso9660_queue_push(struct lathep_iso9660_import *imp,
			      struct lathep_iso9660_waiting waiting);
bool lathep_iso9660_queue_pop(struct lathep_iso9660_queue *queue,
			      struct lathep_iso9660_waiting *out);
/* Note that a directory begins at 'lba'; '*met': one did already. */
int lathep_iso9660_queue_meet(struct lathep_iso9660_import *imp, uint32_t lba,
			      bool *met);
void lathep_iso9660_queue_empty(struct lathep_iso9660_import *imp);

/*
 * import_directory.c: read one directory, block by block. 'take' gets each
 * file and each directory in it, but not "." and "..", and returns 0 or an
 * error. 'look': only as far as the window holds it, and tell nothing; it
 * will be read again. A positive result of 'take' then ends it.
 */
int lathep_iso9660_directory_read(
	struct lathep_iso9660_import *imp,
	const struct lathep_iso9660_waiting *dir, bool look,
	int (*take)(void *ctx, struct lathep_iso9660_import *imp,
		    const struct lathep_iso9660_item *item),
	void *ctx);
/* Check and enter the directory that a record in 'parent' tells of: what to
 * queue. The sizes of 'parent' and those above it are their addresses.
 * out->depth 0: leave it out; out->bytes 0: nothing to read in it. */
int lathep_iso9660_directory_enter(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   uint32_t parent, uint32_t depth,
				   struct lathep_iso9660_waiting *out);
/* LATHE_ERR_LIMIT: more directories inside each other than may be. */
int lathep_iso9660_too_deep(struct lathep_iso9660_import *imp);

/* import_layout.c: note how the records of a directory lie in its blocks. */
void lathep_iso9660_note_begin(struct lathep_iso9660_import *imp);
/* A block begins with that record, of so many bytes. */
int lathep_iso9660_note_block(struct lathep_iso9660_import *imp,
			      uint32_t record, uint32_t bytes);
/* The nodes of its files, in the order of records, begin with 'first'. */
int lathep_iso9660_note_keep(struct lathep_iso9660_import *imp,
			     const struct lathep_iso9660_waiting *dir,
			     uint32_t folder, uint32_t first);
void lathep_iso9660_note_free(struct lathep_iso9660_import *imp);
/* Does what was noted of a folder say how many nodes are in it? */
bool lathep_iso9660_is_as_read(const struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *folder);

/* import.c: queue the root of hierarchy imp->h, as 'node'. */
int lathep_iso9660_import_enter_root(struct lathep_iso9660_import *imp,
				     uint32_t node);

/* import_map.c: which directories are one, on own volumes. Read before
 * hierarchy imp->h is joined; imp->partner is NULL where nothing is said. */
int lathep_iso9660_map_read(struct lathep_iso9660_import *imp, uint32_t base);
void lathep_iso9660_map_drop(struct lathep_iso9660_import *imp);
/* The partner of directory 'number', from 0; 0: it has none. */
int lathep_iso9660_map_find(struct lathep_iso9660_import *imp, uint32_t number,
			    uint32_t parent, uint32_t *folder);

/* import_base.c: one hierarchy into nodes. */
int lathep_iso9660_import_base(struct lathep_iso9660_import *imp);
/* Make a node of an item, present in hierarchy imp->h. */
int lathep_iso9660_import_node(struct lathep_iso9660_import *imp,
			       const struct lathep_iso9660_item *item,
			       uint32_t parent, uint32_t *node);

/* import_join.c: a further hierarchy onto them. */
int lathep_iso9660_import_join(struct lathep_iso9660_import *imp);

/* ---- system use --------------------------------------------------------- */

/* A walk over entries: susp_read.c. */
struct lathep_iso9660_susp_walk {
	struct lathep_iso9660_import *imp;
	const uint8_t *p;
	uint32_t left;
	uint32_t areas;		/* entered so far */
	bool pending;		/* area[areas] comes next */
	struct {
		uint32_t lba, offset, bytes;
	} area[32];
};

void lathep_iso9660_susp_begin(struct lathep_iso9660_susp_walk *walk,
			       struct lathep_iso9660_import *imp,
			       const uint8_t *entries, uint32_t bytes);
/* 1 and an entry that is whole, good until the next call; 0 at the end; or an
 * error. CE, ST, PD and SP are not shown. */
int lathep_iso9660_susp_next(struct lathep_iso9660_susp_walk *walk,
			     const uint8_t **entry);
/* Tell of entries that are wrong, of a number with two values: susp_read.c. As
 * lathep_iso9660_odd(). */
int lathep_iso9660_odd_use(struct lathep_iso9660_import *imp,
			   const char *what);
int lathep_iso9660_odd_use_halves(struct lathep_iso9660_import *imp);
/* Is SP in the root's own field, and where, and what does it say? */
void lathep_iso9660_susp_find(const uint8_t *entries, uint32_t bytes,
			      struct lathep_iso9660_susp *out);

/* Is hierarchy imp->h being read with system use? */
static inline bool
lathep_iso9660_with_system_use(const struct lathep_iso9660_import *imp)
{
	return imp->h == 0 && imp->susp && imp->susp->active;
}

/* import_system_use.c: look whether the root has system use. */
int lathep_iso9660_system_use_open(struct lathep_iso9660_import *imp);
/* Read that of a record into imp->susp. */
int lathep_iso9660_system_use_read(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   bool root_self);
/* Give a node what imp->susp holds: of its record in its parent, or ('self')
 * of a directory's own. */
int lathep_iso9660_system_use_apply(struct lathep_iso9660_import *imp,
				    uint32_t node, bool self);

/* import_relocated.c, RRIP 4.1.5: directories with RE and records with CL are
 * noted, and brought together at the end. */
void lathep_iso9660_relocated_init(struct lathep_iso9660_import *imp);
int lathep_iso9660_note_relocated(struct lathep_iso9660_import *imp,
				  uint32_t lba, uint32_t node);
int lathep_iso9660_note_child_link(struct lathep_iso9660_import *imp,
				   uint32_t parent,
				   const struct lathep_iso9660_record *record);
int lathep_iso9660_move_relocated(struct lathep_iso9660_import *imp);
/* The directory in the root that was made for them is no more, if nothing
 * else is in it. */
void lathep_iso9660_drop_relocated(struct lathep_iso9660_import *imp);

/* Flags of nodes while an import goes on. */
#define LATHEP_ISO9660_WEAK_NAME 1024u /* another hierarchy's is better */
#define LATHEP_ISO9660_SEVERAL_NAMES 2048u /* as its record says */

/* import_links.c: names of one extent find each other. */
int lathep_iso9660_import_links(struct lathep_iso9660_import *imp);

/* ---- joining ------------------------------------------------------------ */

/* A record that waits for its partner. */
struct lathep_iso9660_row {
	struct lathep_iso9660_item item; /* its id and sections are in the
					  * arena too */
	uint32_t parent;	/* folder of the tree it belongs into */
	uint32_t candidate;	/* node whose name fits, 0: none does */
	uint32_t likely, score;	/* the best seen so far; score 0: none yet */
	uint32_t next;		/* row of the same folder */
	uint32_t depth;
	bool sure;		/* 'candidate' has the very name */
};

struct lathep_iso9660_join {
	struct lathep_iso9660_import *imp;
	struct lathep_iso9660_store rows; /* arenas: of directories, */
	struct lathep_iso9660_store files; /* and of one folder's files */

	/* The folder that is being joined. */
	uint32_t folder, depth;
	uint32_t next_file, next_directory; /* expected: the node behind the
					     * one that was joined last */
	uint32_t first_row;	/* what found no partner yet */
	bool exact;		/* nodes have the names that records have */
	bool indexed;
	bool distinct;		/* indexed, and no extent is there twice */
	uint32_t *index, *scratch; /* its files by extent; room for both */
	uint32_t index_count, room;

	/* Identifiers that came in no order may be there twice. */
	bool disorder;
	uint8_t last_len;
	struct lathep_iso9660_store disordered; /* folders */

	/* All files by extent, for folders whose names say nothing; those
	 * that share one are chained through u.file.cookie. */
	uint32_t *extent;
	uint32_t extent_mask;

	uint8_t last_id[LATHE_ISO9660_ID_MAX];	/* see 'disorder' */
};

/* Places of rows: which arena they are in, and where, in units of their
 * alignment; so each address of either arena has a place. */
#define LATHEP_ISO9660_ROW_OF_FILE 0x80000000u
#define LATHEP_ISO9660_ROW_ALIGN                                              \
	((uint32_t)_Alignof(struct lathep_iso9660_row))

static inline struct lathep_iso9660_row *
lathep_iso9660_row_at(const struct lathep_iso9660_join *join, uint32_t at)
{
	const struct lathep_iso9660_store *arena =
		at & LATHEP_ISO9660_ROW_OF_FILE ? &join->files : &join->rows;

	at &= ~LATHEP_ISO9660_ROW_OF_FILE;
	return lathep_iso9660_at(arena, at * LATHEP_ISO9660_ROW_ALIGN);
}

/* import_match.c: files and names within a folder. */
uint32_t lathep_iso9660_first_free(const struct lathep_iso9660_join *join,
				   uint32_t id, uint8_t kind);
/* Neither joined nor claimed as a candidate. */
bool lathep_iso9660_is_free(const struct lathep_iso9660_join *join,
			    uint32_t id);
void lathep_iso9660_claim(struct lathep_iso9660_join *join, uint32_t id);
/* Join what a record tells of and a node: presence, identifier; a link's
 * content. 'derived': what lathep_iso9660_derived() says. */
int lathep_iso9660_join_pair(struct lathep_iso9660_join *join, uint32_t node,
			     const struct lathep_iso9660_item *item,
			     bool derived);
/* Is it a symbolic link of which no content is known so far? */
static inline bool
lathep_iso9660_lacks_content(const struct lathep_iso9660_node *node)
{
	return node->flags & LATHEP_ISO9660_SYMLINK && node->size == 0;
}

/* May the node be what the record tells of, as far as its content goes? That is
 * its extent; a link's in volumes of ours is where its record says, in others
 * any. */
bool lathep_iso9660_fits(const struct lathep_iso9660_join *join,
			 uint32_t node,
			 const struct lathep_iso9660_item *item);
bool lathep_iso9660_same_extent(const struct lathep_iso9660_join *join,
				uint32_t node,
				const struct lathep_iso9660_item *item);
/* Would this identifier be derived from the node's name? */
bool lathep_iso9660_derived(const struct lathep_iso9660_join *join,
			    uint32_t node,
			    const struct lathep_iso9660_record *record);
/* The node of the same extent, 0 if there is none. After
 * lathep_iso9660_join_reserve(). */
uint32_t lathep_iso9660_find_by_extent(struct lathep_iso9660_join *join,
				       const struct lathep_iso9660_item *item);
/* A node of the same extent that was joined with another record, though its
 * name leads to the identifier of this one; 0: none. '*len': of what it got
 * there. After lathep_iso9660_find_by_extent() of the same. */
uint32_t lathep_iso9660_find_wrong(const struct lathep_iso9660_join *join,
				   const struct lathep_iso9660_item *item,
				   uint8_t *len);
/* Room for all of the folder in index and in scratch. */
int lathep_iso9660_join_reserve(struct lathep_iso9660_join *join);

/* The identifier in hierarchy h will be made from the name. */
void lathep_iso9660_unpin(const struct lathe_iso9660_tree *tree,
			  struct lathep_iso9660_node *node, uint32_t h);
/* An identifier that several nodes of a folder have in hierarchy h stays
 * pinned for one of them. */
int lathep_iso9660_unpin_doubles(struct lathe_iso9660_tree *tree,
				 uint32_t folder, uint32_t h);

/* import_rows.c: partners by name for what has no extent. Directories get a
 * candidate; empty files are joined, or made nodes of. */
int lathep_iso9660_join_rows(struct lathep_iso9660_join *join);

/* import_votes.c: the folder that a directory's files are in; 0: unknown. */
int lathep_iso9660_pair_folder(struct lathep_iso9660_join *join,
			       const struct lathep_iso9660_waiting *dir,
			       const struct lathep_iso9660_row *row,
			       uint32_t *folder);

/* ---- names: import_name.c ----------------------------------------------- */

/* A record's name, fit for a tree. '*keep': its identifier may be recorded
 * again. Returns the length. */
int lathep_iso9660_import_name(struct lathep_iso9660_import *imp,
			       const struct lathep_iso9660_record *record,
			       char name[LATHE_ISO9660_NAME_MAX], bool *keep);

/* The same where the name says all that its identifier does, so that it need
 * not be compared with what would be recorded; else 0. */
int lathep_iso9660_plain_name(const struct lathep_iso9660_import *imp,
			      const struct lathep_iso9660_record *record,
			      char name[LATHE_ISO9660_NAME_MAX]);

/* The name that Rock Ridge gives, in place of the one in 'name' of 'len'
 * bytes. '*weak': it gives none, or one that is no UTF-8. '*odd': something
 * in it was replaced. Returns the length. */
int lathep_iso9660_rock_ridge_name(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   char name[LATHE_ISO9660_NAME_MAX], int len,
				   bool *weak, bool *odd);
/* Give a node another name; identifiers stay. */
int lathep_iso9660_import_rename(struct lathep_iso9660_import *imp,
				 uint32_t node, const char *name, size_t len);

/* A name as part of a message: cut, controls replaced. */
#define LATHEP_ISO9660_SHOWN 80u
void lathep_iso9660_show_name(const char *name, size_t len,
			      char out[LATHEP_ISO9660_SHOWN]);

/*
 * How alike two names are that may have been made from one: letters in any
 * case and digits count, runs of all else count as one character. ALL: they
 * agree; CUT + n: one stem ended after n that agree; else how many agree.
 */
#define LATHEP_ISO9660_ALIKE_CUT 0x8000u
#define LATHEP_ISO9660_ALIKE_ALL 0xFFFFu
uint32_t lathep_iso9660_alike(const char *a, size_t a_len, const char *b,
			      size_t b_len);
/* An order in which names that are alike are near each other. */
int lathep_iso9660_plain_order(const char *a, size_t a_len, const char *b,
			       size_t b_len);

/* What is recorded for a node in hierarchy h; 0: not pinned there. */
int lathep_iso9660_pinned_id(const struct lathe_iso9660_tree *tree,
			     const struct lathep_iso9660_node *node, uint32_t h,
			     uint8_t id[LATHE_ISO9660_ID_MAX]);

/* Names are unique in each folder from here on. */
int lathep_iso9660_import_unique(struct lathep_iso9660_import *imp);

#endif
