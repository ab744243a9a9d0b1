/* SPDX-License-Identifier: MIT */
/*
 * system_use_internal.h - what stands in the system use field of directory
 * records (ECMA-119 9.1.13, SUSP 1.12): the table behind
 * struct lathe_iso9660_system_use, what nodes keep for it, and the sink that
 * entries are counted or written with.
 */
#ifndef LATHE_ISO9660_SYSTEM_USE_INTERNAL_H
#define LATHE_ISO9660_SYSTEM_USE_INTERNAL_H

#include "iso9660/iso9660_internal.h"

struct lathe_iso9660_plan;

/* ---- what nodes keep: attributes.c -------------------------------------- */

/*
 * Permissions and owner as a volume has them: they are recorded again as they
 * are. Equal ones are kept once. Fails only for want of memory. All of these
 * may be called by an import on a node that was just made, before
 * lathep_iso9660_import_done().
 */
int lathep_iso9660_set_posix(struct lathe_iso9660_tree *tree, uint32_t node,
			     const struct lathe_iso9660_posix *posix);

/* False, and zeros, if they were not given. */
bool lathep_iso9660_posix(const struct lathe_iso9660_tree *tree,
			  const struct lathep_iso9660_node *node,
			  struct lathe_iso9660_posix *out);

/* Access and attribute change; all zero: not given. */
int lathep_iso9660_set_times(struct lathe_iso9660_tree *tree, uint32_t node,
			     const uint8_t accessed[7],
			     const uint8_t changed[7]);
void lathep_iso9660_times(const struct lathe_iso9660_tree *tree,
			  const struct lathep_iso9660_node *node,
			  uint8_t accessed[7], uint8_t changed[7]);
/* Is a date given? */
bool lathep_iso9660_is_date(const uint8_t date[7]);

/* All that a caller gives; NULL: nothing. */
int lathep_iso9660_set_attributes(struct lathe_iso9660_tree *tree,
				  uint32_t node,
				  const struct lathe_iso9660_attributes *attr);

/* Make a file a symbolic link. It keeps what content it has for hierarchies
 * that know no links; without any ('present' has bit 0 alone) it is left out
 * there. */
int lathep_iso9660_set_symlink(struct lathe_iso9660_tree *tree, uint32_t node,
			       const char *text, uint32_t len);

/* Make a file without content a device, pipe or socket. */
int lathep_iso9660_set_special(struct lathe_iso9660_tree *tree, uint32_t node,
			       uint32_t type, uint32_t high, uint32_t low);

/* Has a file nothing to be recorded where no links and devices are known? */
inline bool
lathep_iso9660_bare(const struct lathep_iso9660_node *node)
{
	uint16_t bits = LATHEP_ISO9660_SYMLINK | LATHEP_ISO9660_SPECIAL;

	return (node->flags & bits) &&
	       !((node->flags & LATHEP_ISO9660_IMPORTED) &&
		 node->present > 1) &&
	       !(node->flags & LATHEP_ISO9660_LINK);
}

/*
 * Whole SUSP entries of an imported record that nobody here knows, kept to be
 * recorded again behind ours: neither SP, CE, ST, PD, RR nor what
 * 'system_use' itself records. 'self': those of a directory's own record
 * "." (the root's may hold ER of other extensions); else those of the record
 * in its parent.
 */
int lathep_iso9660_set_foreign(struct lathe_iso9660_tree *tree, uint32_t node,
			       bool self, const uint8_t *entries,
			       uint32_t bytes);
const uint8_t *
lathep_iso9660_foreign(const struct lathe_iso9660_tree *tree,
		       const struct lathep_iso9660_node *node, bool self,
		       uint32_t *bytes);

/* ---- reading: rock_ridge_read.c ----------------------------------------- */

/* What the entries of one record say, and of the volume: one for a whole
 * import. What follows SP is that of the record read last. */
struct lathep_iso9660_susp {
	bool active;		/* SP is in the root's own record, ... */
	uint8_t sp_at;		/* ... there, in its system use field, ... */
	uint8_t skip;		/* ... with this LEN_SKP */
	uint8_t own;		/* number of the ER of Rock Ridge, from 0 */

	bool posix_given;
	bool child_link;	/* CL */
	bool relocated;		/* RE */
	bool device_given;	/* PN */
	uint32_t mode;		/* with its type */
	uint32_t links;
	struct lathe_iso9660_posix posix;
	uint32_t dev_high, dev_low;
	uint32_t child_lba;
	uint8_t modified[7], accessed[7], changed[7]; /* zeros: not there */
	uint32_t name_len;	/* NM, joined; 0: none */
	uint32_t symlink_len;	/* SL, joined; 0: none */
	uint32_t foreign_bytes;	/* entries to keep, whole */
	char name[LATHE_ISO9660_NAME_MAX];
	char symlink[LATHE_ISO9660_SYMLINK_MAX];
	uint8_t foreign[48 * 1024]; /* that many areas can hold */
};

/* Bytes of two letters as one number. */
#define LATHEP_ISO9660_SUSP(a, b) ((a) << 8 | (b))

struct lathep_iso9660_import;
/* 'read' of the table below. */
int lathep_iso9660_rock_ridge_read(struct lathep_iso9660_import *imp,
				   const uint8_t *entries, uint32_t bytes,
				   bool root_self,
				   struct lathep_iso9660_susp *out);

/* ---- recording: system_use.c -------------------------------------------- */

/* Which record entries are made for. */
enum lathep_iso9660_place {
	LATHEP_ISO9660_PLACE_CHILD,	/* in its parent */
	LATHEP_ISO9660_PLACE_SELF,	/* "." */
	LATHEP_ISO9660_PLACE_PARENT	/* ".." */
};

/* Where the continuation areas of records are that are measured or made, one
 * after the other: in blocks behind the directory. */
struct lathep_iso9660_areas {
	uint64_t next;		/* the byte of them that is free */
	uint32_t lba;		/* of the first block */
	uint32_t block;		/* counted from there, which is made in */
	uint8_t *out;		/* this; NULL: none */
};

/* Takes the entries of one record. */
struct lathep_iso9660_sink {
	uint32_t start;		/* of the image */
	uint8_t *to;		/* for the next entry; NULL: it is counted */
	uint32_t left, used;	/* bytes of the record or the area */
	bool spilled;		/* not all has room in the record */
	uint32_t in_record;	/* bytes, CE included, once it is so */
	struct lathep_iso9660_areas *areas; /* NULL: one without end */
	bool chained;		/* more than a block of areas */
	uint64_t at;		/* of the area */
	uint8_t *link;		/* the CE that leads to it; NULL: not made */
};

/*
 * Room for an entry of 'bytes', 4 to 255, that is not split. Signature,
 * length and version are put in; returns what follows them, or NULL when it
 * is only counted.
 */
uint8_t *lathep_iso9660_entry(struct lathep_iso9660_sink *sink,
			      const char *signature, uint32_t bytes);

/* How long an entry may be here, at least 'least': for what can be split. */
uint32_t lathep_iso9660_entry_room(struct lathep_iso9660_sink *sink,
				   uint32_t least);

/*
 * The system use of a record that has 'room' for it: counted, or with 'out'
 * written. What does not fit goes to 'areas'. Returns its bytes; the image
 * begins at 'start'.
 */
uint32_t lathep_iso9660_emit_system_use(
	const struct lathe_iso9660_plan *plan, uint32_t start,
	const struct lathep_iso9660_node *node,
	enum lathep_iso9660_place place, uint32_t room,
	struct lathep_iso9660_areas *areas, uint8_t *out);

/* ---- the table ---------------------------------------------------------- */

#define LATHEP_ISO9660_SYSTEM_USE_NAME 255u

struct lathe_iso9660_system_use {
	const char *name;

	/* What is recorded of a name. Returns the length. */
	uint32_t (*name_of)(const char *name, uint32_t len,
			    char out[LATHEP_ISO9660_SYSTEM_USE_NAME]);

	/* Move directories that lie too deep, if the plan's options say so;
	 * forget it when the plan goes. */
	int (*relocate)(struct lathe_iso9660_plan *plan);
	void (*forget_relocated)(struct lathe_iso9660_plan *plan);

	/* lathep_iso9660_emit_system_use(), which only those link who record
	 * something there. */
	uint32_t (*record)(const struct lathe_iso9660_plan *plan,
			   uint32_t start,
			   const struct lathep_iso9660_node *node,
			   enum lathep_iso9660_place place, uint32_t room,
			   struct lathep_iso9660_areas *areas, uint8_t *out);

	/* All entries of a record of 'node', in order, into a sink that
	 * counts or writes. Sections of a file but the last have none of
	 * their own beyond what readers want. Pure. */
	void (*emit)(const struct lathe_iso9660_plan *plan,
		     const struct lathep_iso9660_node *node,
		     enum lathep_iso9660_place place,
		     struct lathep_iso9660_sink *sink);

	/*
	 * Read the entries of a record's system use field, and of the
	 * continuation areas they lead to, through the import's window.
	 * Bounded: areas a record, bytes in all. Returns 0, or an error of
	 * the disc; what is odd is told and left out.
	 */
	int (*read)(struct lathep_iso9660_import *imp, const uint8_t *entries,
		    uint32_t bytes, bool root_self,
		    struct lathep_iso9660_susp *out);
};

#endif
