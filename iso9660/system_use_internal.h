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

/* ---- what nodes keep: attributes.c -------------------------------------- */

/*
 * Permissions and owner; equal ones are kept once. Fails only for want of
 * memory. All of these may be called by an import on a node that was just
 * made, before lathep_iso9660_import_done().
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
static inline bool
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

/* What the entries of one record say. */
struct lathep_iso9660_susp {
	bool posix_given;
	uint32_t mode;		/* with its type */
	struct lathe_iso9660_posix posix;
	bool device_given;
	uint32_t dev_high, dev_low;
	uint8_t modified[7], accessed[7], changed[7]; /* zeros: not there */
	uint32_t name_len;	/* NM, joined; 0: none */
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t symlink_len;	/* SL, joined; 0: none */
	char symlink[LATHE_ISO9660_SYMLINK_MAX];
	bool child_link;	/* CL */
	bool parent_link;	/* PL */
	bool relocated;		/* RE */
	uint32_t child_lba, parent_lba;
	uint32_t foreign_bytes;	/* entries to keep, whole */
	uint8_t foreign[4096];
};

/* ---- the table ---------------------------------------------------------- */

struct lathep_iso9660_import;
struct lathe_iso9660_plan;
struct lathep_iso9660_sink;

/* Which record entries are made for. */
enum lathep_iso9660_place {
	LATHEP_ISO9660_PLACE_CHILD,	/* in its parent */
	LATHEP_ISO9660_PLACE_SELF,	/* "." */
	LATHEP_ISO9660_PLACE_PARENT	/* ".." */
};

struct lathe_iso9660_system_use {
	const char *name;

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
