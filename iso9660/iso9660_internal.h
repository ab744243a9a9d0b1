/* SPDX-License-Identifier: MIT */
/*
 * iso9660_internal.h - what the files of this library share: nodes, what they
 * keep, the calls that an importer fills a tree with, small tools.
 */
#ifndef LATHE_ISO9660_INTERNAL_H
#define LATHE_ISO9660_INTERNAL_H

#include <string.h>

#include "iso9660/lathe_iso9660.h"
#include "iso9660/memory_internal.h"

/* ---- small tools -------------------------------------------------------- */

/* SipHash-1-3 under a key made of 'seed' and 'salt'. */
uint64_t lathep_iso9660_hash(uint64_t seed, uint64_t salt, const void *data,
			     size_t len);

/* The CRC-32C of two pieces, one behind the other, from theirs; the second has
 * so many bytes. */
uint32_t lathep_iso9660_crc32c_join(uint32_t first, uint32_t second,
				    uint64_t bytes);

/* Is it UTF-8 (RFC 3629)? 'surrogates': unpaired ones may be in it, as
 * WTF-8 has them. */
bool lathep_iso9660_utf8_valid(const char *s, size_t len, bool surrogates);

/* Code points of UTF-8 that is valid, or of WTF-8. */
size_t lathep_iso9660_utf8_count(const char *s, size_t len);

/* Bytes of the code point that begins at s[0]; 1 for a malformed one. */
size_t lathep_iso9660_utf8_length(const char *s, size_t len);

/*
 * Stable merge sort of numbers; 'scratch' has room for as many. Runs that are
 * in order, or in strictly falling order, cost one comparison an element.
 */
void lathep_iso9660_sort(uint32_t *a, uint32_t count, uint32_t *scratch,
			 int (*compare)(const void *ctx, uint32_t x,
					uint32_t y),
			 const void *ctx);

/* ---- nodes -------------------------------------------------------------- */

enum lathep_iso9660_flag {
	LATHEP_ISO9660_IMPORTED = 1,	/* extents are absolute, on a disc */
	LATHEP_ISO9660_LINK = 2,	/* u.link.target owns the extent */
	LATHEP_ISO9660_HIDDEN = 4,	/* 9.1.6 bit 0 */
	LATHEP_ISO9660_ASSOCIATED = 8,	/* 9.1.6 bit 2 */
	LATHEP_ISO9660_GONE = 16,	/* removed or replaced; its place stays
					 * for rollback and for its links */
	LATHEP_ISO9660_SORTED = 32,	/* a folder's list is in name order */
	LATHEP_ISO9660_PLACED = 64,	/* the plan gave a file its address */
	LATHEP_ISO9660_MIXED = 64,	/* a folder's list does not fall in the
					 * order of names: else the newest
					 * child is the last one */
	LATHEP_ISO9660_SYMLINK = 128,	/* its text is an extra */
	LATHEP_ISO9660_SPECIAL = 256,	/* a device, pipe or socket: an extra */
	LATHEP_ISO9660_RECORDED = 512,	/* permissions and owner are those of
					 * an earlier session, and stay */
	LATHEP_ISO9660_MOVED = 1024,	/* a plan records a directory elsewhere:
					 * relocate.c */
	LATHEP_ISO9660_STANDS_IN = 2048, /* a plan's own node, for one of these
					 * or for where they are */
	LATHEP_ISO9660_CLAIMED = 4096,	/* << h: while an import joins */
	LATHEP_ISO9660_AS_READ = 4096	/* later: nothing came into a folder or
					 * left it since; import_layout.c */
};

/*
 * One file or directory: a cache line. Nodes live in chunks of 1024, so that
 * a growing tree is never copied and a pointer to a node stays good until it
 * is rolled back. Children form a list in both directions; its order means
 * nothing until the folder is SORTED.
 */
struct lathep_iso9660_node {
	uint32_t parent;	/* of the root: itself */
	uint32_t prev, next;	/* siblings, 0 at the ends */
	uint32_t name;		/* canonical bytes in the arena */
	uint32_t ids;		/* list of identifiers that can not be derived
				 * from the name, or 0; identifier.c */
	uint32_t extra;		/* list of rare things, or 0; extra.c */
	uint16_t name_len;
	uint16_t posix;		/* row of tree->posix, 0: not given, or
				 * LATHEP_ISO9660_POSIX_EXTRA; attributes.c */
	uint16_t flags;		/* LATHEP_ISO9660_ bits */
	uint8_t present;	/* bit h: in hierarchy h of the imported disc */
	uint8_t pinned;		/* bit h: its identifier there stays */
	uint64_t size;		/* bytes, of all sections; a directory 0 */
	uint8_t date[7];	/* 9.1.5, as on disc */
	uint8_t kind;		/* directory or file, which links and special
				 * files are inside */
	union {
		struct {
			uint32_t lba;	/* imported: absolute, of the first
					 * section, behind its attribute
					 * record; new: from the plan */
			uint32_t source; /* new: row of tree->sources */
			uint64_t cookie; /* new: the source's number for it */
		} file;
		struct {
			uint32_t first;	/* child */
			uint32_t count;	/* children */
			uint32_t dir;	/* row of the plan's folder table */
			uint32_t indexed; /* the look-up's epoch */
		} folder;
		struct {
			uint32_t target; /* a file that is no link itself */
		} link;
	} u;
};

_Static_assert(sizeof(struct lathep_iso9660_node) == 64, "one cache line");

enum lathep_iso9660_event {
	LATHEP_ISO9660_UNDO_REMOVAL,
	LATHEP_ISO9660_UNDO_CHANGE,	/* of all but size, kind and lists */
	LATHEP_ISO9660_UNDO_SHARED	/* a further name: no change yet */
};

/* A change of a node that is not the newest, so that it can be undone. */
struct lathep_iso9660_undo {
	uint32_t node;
	uint32_t nodes;		/* how many there were */
	uint32_t copy;		/* row of tree->copies, unless removed */
	uint32_t what;		/* enum lathep_iso9660_event */
};

struct lathep_iso9660_lookup;

#define LATHEP_ISO9660_POSIX_EXTRA 65535u
#define LATHEP_ISO9660_POSIX_RECENT 4096u

/* What is used most is in front, what is large at the end: shorter code. */
struct lathe_iso9660_tree {
	struct lathe_hooks hooks;
	struct lathep_iso9660_store nodes, arena;
	struct lathep_iso9660_lookup *lookup;
	uint32_t plans;		/* not 0: frozen */
	uint32_t known_count;	/* 0: nothing was imported */
	struct lathe_failure failure;

	struct lathe_iso9660_limits limits;
	uint64_t seed;		/* of all hashes */
	struct lathe_iso9660_counts count;
	struct lathep_iso9660_store journal, copies, sources;

	/* The hierarchies of the imported disc: bit h of 'present' and
	 * 'pinned' speaks of known[h]; known[0] is ISO 9660. */
	const struct lathe_iso9660_hierarchy
		*known[LATHE_ISO9660_HIERARCHIES];
	uint32_t imported_nodes; /* as many came from the disc */
	uint64_t hosted;	/* not 0: which of the trees of hosts it is: one
				 * that has its place in memory later is none */

	struct lathep_iso9660_store posix; /* struct lathe_iso9660_posix, equal
					    * ones mostly once; row 0 is none */
	uint16_t posix_recent[LATHEP_ISO9660_POSIX_RECENT];
};

inline struct lathep_iso9660_node *
lathep_iso9660_node(const struct lathe_iso9660_tree *tree, uint32_t id)
{
	return lathep_iso9660_at64(&tree->nodes, id);
}

inline const char *
lathep_iso9660_name(const struct lathe_iso9660_tree *tree,
		    const struct lathep_iso9660_node *node)
{
	return lathep_iso9660_byte_at(&tree->arena, node->name);
}

/* Exists and is not removed. */
bool lathep_iso9660_alive(const struct lathe_iso9660_tree *tree, uint32_t id);

/* The node that owns a file's extent: itself, or what it is a link to. */
inline struct lathep_iso9660_node *
lathep_iso9660_owner(const struct lathe_iso9660_tree *tree,
		     struct lathep_iso9660_node *node)
{
	if (node->flags & LATHEP_ISO9660_LINK)
		return lathep_iso9660_node(tree, node->u.link.target);
	return node;
}

/* A file whose bytes a source has, under a name of its own. */
bool lathep_iso9660_has_source(const struct lathep_iso9660_node *node);

/* Note a failure, unless it is NULL, and return its 'err'. The text is made as
 * by printf. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
int lathep_iso9660_fail(struct lathe_failure *failure, int err,
			const char *format, ...);

/* Texts are shown on terminals: no controls, whatever they come from. Returns
 * the length. */
size_t lathep_iso9660_make_plain(char *text);

/* LATHE_ERR_MEMORY of a tree: "no memory for names", say. */
int lathep_iso9660_no_memory(struct lathe_iso9660_tree *tree,
			     const char *what);

/* LATHE_ERR_EXISTS: 'node' has that name where 'kind' shall have it. */
int lathep_iso9660_exists(struct lathe_iso9660_tree *tree, const char *name,
			  size_t len, uint32_t node,
			  enum lathe_iso9660_kind kind);

/* The end of a node's path, for a message: at most this many bytes with the
 * final NUL, "..." in front where it is longer. Returns 'out'. */
#define LATHEP_ISO9660_PATH_TEXT 160u
const char *lathep_iso9660_path_text(const struct lathe_iso9660_tree *tree,
				     uint32_t id, char *out);

/* The part of a text, of which 'at' bytes stand in front, that falls below
 * 'room'. */
void lathep_iso9660_put_part(char *out, size_t room, size_t at,
			     const char *text, size_t len);

/* lathe_err_meaning() of what sources and plans meet, with one copy of its
 * texts for the whole library. */
const char *lathep_iso9660_meaning(int err);

/* Clears the failure; LATHE_ERR_STATE while a plan lives. */
int lathep_iso9660_begin_change(struct lathe_iso9660_tree *tree);

/* Note what is about to happen to a node. One fails without a trace. */
int lathep_iso9660_journal(struct lathe_iso9660_tree *tree, uint32_t id,
			   enum lathep_iso9660_event what);

/* Undo everything since 'save', but keep the failure that led to it; returns
 * 'err'. */
int lathep_iso9660_back(struct lathe_iso9660_tree *tree,
			const struct lathe_iso9660_savepoint *save, int err);

/* Take a node with all below it out of lists and counts. */
void lathep_iso9660_detach(struct lathe_iso9660_tree *tree, uint32_t id);

/* A directory in which something new appears is recorded in every hierarchy,
 * and so are those above it. */
int lathep_iso9660_make_present(struct lathe_iso9660_tree *tree, uint32_t id);

/* Is it a name that a new node may have? Notes a failure. */
int lathep_iso9660_check_name(struct lathe_iso9660_tree *tree,
			      const char *name, size_t len);
/* Is there such a node? Notes LATHE_ERR_NOT_FOUND. */
int lathep_iso9660_check_alive(struct lathe_iso9660_tree *tree, uint32_t id);
/* Is it a directory that is there? Notes a failure. */
int lathep_iso9660_check_folder(struct lathe_iso9660_tree *tree, uint32_t id);

/* Has 'parent' room for a name? May a directory lie in it, which makes so many
 * in each other? Notes LATHE_ERR_LIMIT. */
int lathep_iso9660_check_name_bytes(struct lathe_iso9660_tree *tree,
				    uint32_t parent, size_t len);
int lathep_iso9660_check_depth(struct lathe_iso9660_tree *tree,
			       uint32_t parent, uint64_t depth);

/* The byte order of two names. */
int lathep_iso9660_order(const char *a, size_t a_len, const char *b,
			 size_t b_len);

/* Is a name known to come after all that are in a folder? */
bool lathep_iso9660_comes_last(const struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *folder,
			       const char *name, size_t len);

/* The list of a folder: put at its head, take out. Indexes follow, counts
 * do not. */
void lathep_iso9660_link_child(struct lathe_iso9660_tree *tree, uint32_t id);
void lathep_iso9660_unlink_child(struct lathe_iso9660_tree *tree, uint32_t id);

/*
 * Append a node to 'parent', zeroed but for kind, name and links. Nothing is
 * checked but limits (nodes, name bytes, depth): not the name, not whether
 * it is there already. Counts are the caller's: lathep_iso9660_count_node()
 * when all is filled in.
 */
int lathep_iso9660_node_add(struct lathe_iso9660_tree *tree, uint32_t parent,
			    const char *name, size_t len,
			    enum lathe_iso9660_kind kind, uint32_t *out);

/* Enter a node into the tree's count, or take it out again. */
void lathep_iso9660_count_node(struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *node,
			       bool enter);

/* Bring a folder's list into the byte order of names. */
int lathep_iso9660_sort_folder(struct lathe_iso9660_tree *tree,
			       struct lathep_iso9660_node *folder);

/* Depth-first successor of 'id' below 'top', 0 at the end. With 'deeper'
 * false what is below 'id' is passed by. */
uint32_t lathep_iso9660_next(const struct lathe_iso9660_tree *tree,
			     uint32_t top, uint32_t id, bool deeper);

/* ---- for the importer --------------------------------------------------- */

/*
 * Say which hierarchies the bits of 'present' and 'pinned' mean: bit 0 is
 * ISO 9660, bit 1 uses[0] and so on. Before the first pin.
 */
void lathep_iso9660_import_begin(struct lathe_iso9660_tree *tree,
				 const struct lathe_iso9660_use *uses,
				 uint32_t use_count);

/*
 * Keep 'id' as the identifier of a node in hierarchy 'h'; sets the bits in
 * 'present' and 'pinned'. Costs memory only where it differs from what the
 * hierarchy derives from the node's name by default.
 */
int lathep_iso9660_pin(struct lathe_iso9660_tree *tree, uint32_t node,
		       uint32_t h, const uint8_t *id, uint8_t id_len);

/* One section of an imported file, as its record has it. */
struct lathep_iso9660_section {
	uint32_t lba;		/* of the extent, attribute record included */
	uint32_t bytes;		/* data length, 9.1.4 */
	uint8_t xar;		/* 9.1.2: blocks of attribute record */
	uint8_t flags;		/* 9.1.6 bits 3 and 4 alone */
	uint16_t zero;		/* they are compared as bytes */
};

/*
 * Record that an imported file has these sections. Needed where there is
 * more than one, or one with an attribute record; sets size and lba. A plain
 * file needs only node->size and node->u.file.lba.
 */
int lathep_iso9660_set_sections(struct lathe_iso9660_tree *tree,
				uint32_t node,
				const struct lathep_iso9660_section *sections,
				uint32_t count);

/* From now on what is there, and was counted, is what the disc held. */
void lathep_iso9660_import_done(struct lathe_iso9660_tree *tree);

/* Forget all but an empty root (after an import that failed). The failure
 * stays. */
void lathep_iso9660_tree_clear(struct lathe_iso9660_tree *tree);

/* ---- rare things of a node: extra.c ------------------------------------- */

enum lathep_iso9660_extra_type {
	LATHEP_ISO9660_EXTRA_SECTIONS = 1, /* struct section [] */
	LATHEP_ISO9660_EXTRA_LINKS,	/* struct names */
	LATHEP_ISO9660_EXTRA_SOURCE_NAME, /* the name that its source knows */
	LATHEP_ISO9660_EXTRA_POSIX,	/* struct lathe_iso9660_posix */
	LATHEP_ISO9660_EXTRA_TIMES,	/* accessed, changed: 7 bytes each */
	LATHEP_ISO9660_EXTRA_SYMLINK,	/* where it leads */
	LATHEP_ISO9660_EXTRA_SPECIAL,	/* struct special */
	LATHEP_ISO9660_EXTRA_FOREIGN,	/* system use entries to keep */
	LATHEP_ISO9660_EXTRA_FOREIGN_SELF, /* those of a directory's "." */
	LATHEP_ISO9660_EXTRA_LAYOUT	/* + h of the imported disc: struct
					 * layout */
};

/* How the records of a folder were spread over blocks. */
struct lathep_iso9660_layout {
	uint32_t first, count;	/* nodes, one behind the other */
	uint32_t empty;		/* files among them */
	/* For each block, as many as the extra counts: the record that begins
	 * it; 0 ".", 1 "..", 2 the first node's. */
};

static inline enum lathep_iso9660_extra_type
lathep_iso9660_extra_layout(uint32_t h)
{
	return (enum lathep_iso9660_extra_type)(LATHEP_ISO9660_EXTRA_LAYOUT +
						h);
}

/* Live names of an extent, and how many of them are symbolic links. */
struct lathep_iso9660_names {
	uint32_t all, symlinks;
};

struct lathep_iso9660_special {
	uint32_t type, high, low;
};

struct lathep_iso9660_extra {
	uint32_t next;
	uint16_t type;
	uint16_t count;		/* sections, bytes of a name */
	/* the data follow */
};

/* The data of a node's extra of 'type', or NULL; *count if asked for. */
void *lathep_iso9660_extra(const struct lathe_iso9660_tree *tree,
			   const struct lathep_iso9660_node *node,
			   enum lathep_iso9660_extra_type type,
			   uint32_t *count);

/* Make one with room for 'bytes'; NULL if there is no memory. */
void *lathep_iso9660_extra_add(struct lathe_iso9660_tree *tree,
			       struct lathep_iso9660_node *node,
			       enum lathep_iso9660_extra_type type,
			       uint32_t count, uint32_t bytes);

/* Sections of a file (not a link), new or imported, at least 1. */
uint32_t
lathep_iso9660_section_count(const struct lathe_iso9660_tree *tree,
			     const struct lathep_iso9660_node *owner);
void lathep_iso9660_section_at(const struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *owner,
			       uint32_t i, struct lathep_iso9660_section *out);

/* The source of a new file. */
const struct lathe_iso9660_source *
lathep_iso9660_source(const struct lathe_iso9660_tree *tree,
		      const struct lathep_iso9660_node *owner);
/* What people know its bytes by, which the file 'id' has: as the source says,
 * or the path in the tree. */
void lathep_iso9660_describe(const struct lathe_iso9660_tree *tree,
			     const struct lathep_iso9660_node *owner,
			     uint32_t id, char *out, size_t room);
/* The name under which a file's source knows it. */
const char *lathep_iso9660_source_name(const struct lathe_iso9660_tree *tree,
				       const struct lathep_iso9660_node *owner,
				       size_t *len);

/* ---- identifiers that can not be derived: identifier.c ----------------- */

/* Made by a plan, in its hierarchy h: LATHEP_ISO9660_MADE | h. */
#define LATHEP_ISO9660_MADE 0x80u

struct lathep_iso9660_id {
	uint32_t next;
	uint32_t chain;		/* made ones: the one made before */
	uint32_t node;		/* likewise: whose it is */
	uint8_t h;		/* of the imported disc, or MADE */
	uint8_t len;
	/* the bytes follow */
};

/* Its bytes, or NULL. */
const uint8_t *lathep_iso9660_kept_id(const struct lathe_iso9660_tree *tree,
				      const struct lathep_iso9660_node *node,
				      uint8_t h, uint8_t *len);
/* Put one at the head of a node's list. Returns its place, 0: no memory. */
uint32_t lathep_iso9660_keep_id(struct lathe_iso9660_tree *tree, uint32_t node,
				uint8_t h, const uint8_t *id, uint8_t len);

/* Is it what a hierarchy derives from a node's name by default? Asked of each
 * record that is read: in place. */
static inline bool
lathep_iso9660_is_derived(const struct lathe_iso9660_tree *tree,
			  const struct lathe_iso9660_hierarchy *hierarchy,
			  const struct lathep_iso9660_node *node,
			  const uint8_t *id, uint8_t len)
{
	uint8_t derived[LATHE_ISO9660_ID_MAX];
	uint32_t changed;

	return hierarchy->encode(NULL, lathep_iso9660_name(tree, node),
				 node->name_len,
				 node->kind == LATHE_ISO9660_DIRECTORY, 0, 0,
				 derived, &changed) == len &&
	       memcmp(derived, id, len) == 0;
}

/* ---- look-up by name: lookup.c ------------------------------------------ */

struct lathep_iso9660_lookup *
lathep_iso9660_lookup_create(const struct lathe_hooks *hooks, uint64_t seed);
void lathep_iso9660_lookup_free(struct lathep_iso9660_lookup *lookup);

/* Forget all; memory is given back. Folders are indexed anew when asked. */
void lathep_iso9660_lookup_drop(struct lathep_iso9660_lookup *lookup);

/* The child of that name, 0 if there is none. Never fails: where memory is
 * short it walks the list. */
uint32_t lathep_iso9660_lookup_find(const struct lathe_iso9660_tree *tree,
				    uint32_t parent, const char *name,
				    size_t len);
/* A node came to, or goes from, its folder's list. */
void lathep_iso9660_lookup_enter(const struct lathe_iso9660_tree *tree,
				 uint32_t id);
void lathep_iso9660_lookup_leave(const struct lathe_iso9660_tree *tree,
				 uint32_t id);

#endif
