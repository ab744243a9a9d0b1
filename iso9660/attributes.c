/* SPDX-License-Identifier: MIT */
/*
 * What nodes keep for system use: permissions and owner, further dates, what
 * makes a file a symbolic link or a device, entries of others. Few pairs of
 * permissions and owner are different, so a node has the number of a row;
 * all else is rare.
 */
#include <string.h>

#include "iso9660/system_use_internal.h"

extern inline bool lathep_iso9660_bare(const struct lathep_iso9660_node *node);

static int no_memory(struct lathe_iso9660_tree *tree)
{
	return lathep_iso9660_no_memory(tree, "for attributes");
}

static int keep(struct lathe_iso9660_tree *tree,
		struct lathep_iso9660_node *node,
		enum lathep_iso9660_extra_type type, const void *data,
		uint32_t bytes)
{
	void *p = lathep_iso9660_extra_add(tree, node, type, bytes, bytes);

	if (!p)
		return no_memory(tree);
	memcpy(p, data, bytes);
	return 0;
}

/* ---- permissions and owner ---------------------------------------------- */

static const struct lathe_iso9660_posix *
row_at(const struct lathe_iso9660_tree *tree, uint32_t row)
{
	return lathep_iso9660_at(&tree->posix, row);
}

/* The place that remembers an equal row, or else one to be overwritten: a
 * row that was forgotten is made again, which costs its 16 bytes. */
static uint16_t *recent(struct lathe_iso9660_tree *tree,
			const struct lathe_iso9660_posix *posix)
{
	uint64_t hash = lathep_iso9660_hash(tree->seed, 0, posix,
					    sizeof(*posix));
	uint16_t *set = tree->posix_recent +
			hash % (LATHEP_ISO9660_POSIX_RECENT / 4) * 4;
	uint32_t i;

	for (i = 0; i < 4; i++)
		if (set[i] && set[i] < tree->posix.used &&
		    memcmp(row_at(tree, set[i]), posix, sizeof(*posix)) == 0)
			return set + i;
	memmove(set + 1, set, 3 * sizeof(*set));
	set[0] = 0;
	return set;
}

static int keep_posix(struct lathe_iso9660_tree *tree,
		      struct lathep_iso9660_node *node,
		      const struct lathe_iso9660_posix *posix)
{
	const struct lathe_iso9660_posix want = { posix->mode & 07777,
						  posix->uid, posix->gid };
	uint16_t *row = recent(tree, &want);

	if (*row == 0 && tree->posix.used >= LATHEP_ISO9660_POSIX_EXTRA) {
		node->posix = LATHEP_ISO9660_POSIX_EXTRA;
		return keep(tree, node, LATHEP_ISO9660_EXTRA_POSIX, &want,
			    sizeof(want));
	}
	if (*row == 0) {
		if (lathep_iso9660_store_reserve(&tree->posix, 2))
			return no_memory(tree);
		/* Row 0 is none. */
		tree->posix.used += tree->posix.used == 0;
		*row = (uint16_t)tree->posix.used++;
		memcpy(lathep_iso9660_at(&tree->posix, *row), &want,
		       sizeof(want));
	}
	node->posix = *row;
	return 0;
}

int lathep_iso9660_set_posix(struct lathe_iso9660_tree *tree, uint32_t id,
			     const struct lathe_iso9660_posix *posix)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	node->flags |= LATHEP_ISO9660_RECORDED;
	return keep_posix(tree, node, posix);
}

bool lathep_iso9660_posix(const struct lathe_iso9660_tree *tree,
			  const struct lathep_iso9660_node *node,
			  struct lathe_iso9660_posix *out)
{
	memset(out, 0, sizeof(*out));
	if (node->posix == 0)
		return false;
	*out = node->posix == LATHEP_ISO9660_POSIX_EXTRA
		       ? *(const struct lathe_iso9660_posix *)
				 lathep_iso9660_extra(
					 tree, node,
					 LATHEP_ISO9660_EXTRA_POSIX, NULL)
		       : *row_at(tree, node->posix);
	return true;
}

/* ---- dates -------------------------------------------------------------- */

bool lathep_iso9660_is_date(const uint8_t date[7])
{
	static const uint8_t none[7];

	return memcmp(date, none, sizeof(none)) != 0;
}

int lathep_iso9660_set_times(struct lathe_iso9660_tree *tree, uint32_t id,
			     const uint8_t accessed[7],
			     const uint8_t changed[7])
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	uint8_t both[14];

	memcpy(both, accessed, 7);
	memcpy(both + 7, changed, 7);
	if (!lathep_iso9660_is_date(accessed) &&
	    !lathep_iso9660_is_date(changed) &&
	    !lathep_iso9660_extra(tree, node, LATHEP_ISO9660_EXTRA_TIMES,
				  NULL))
		return 0;
	return keep(tree, node, LATHEP_ISO9660_EXTRA_TIMES, both, sizeof(both));
}

void lathep_iso9660_times(const struct lathe_iso9660_tree *tree,
			  const struct lathep_iso9660_node *node,
			  uint8_t accessed[7], uint8_t changed[7])
{
	const uint8_t *both = lathep_iso9660_extra(
		tree, node, LATHEP_ISO9660_EXTRA_TIMES, NULL);

	memset(accessed, 0, 7);
	memset(changed, 0, 7);
	if (both) {
		memcpy(accessed, both, 7);
		memcpy(changed, both + 7, 7);
	}
}

int lathep_iso9660_set_attributes(struct lathe_iso9660_tree *tree,
				  uint32_t id,
				  const struct lathe_iso9660_attributes *attr)
{
	static const struct lathe_iso9660_attributes none;
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	int err;

	if (!attr)
		attr = &none;
	memcpy(node->date, attr->date, sizeof(node->date));
	node->flags &= (uint16_t)~LATHEP_ISO9660_HIDDEN;
	if (attr->hidden)
		node->flags |= LATHEP_ISO9660_HIDDEN;
	node->posix = 0;
	node->flags &= (uint16_t)~LATHEP_ISO9660_RECORDED;
	err = lathep_iso9660_set_times(tree, id, attr->accessed,
				       attr->changed);
	if (!err && attr->posix_given)
		err = keep_posix(tree, node, &attr->posix);
	return err;
}

/* ---- links and devices -------------------------------------------------- */

int lathep_iso9660_set_symlink(struct lathe_iso9660_tree *tree, uint32_t id,
			       const char *text, uint32_t len)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	node->flags |= LATHEP_ISO9660_SYMLINK;
	return keep(tree, node, LATHEP_ISO9660_EXTRA_SYMLINK, text, len);
}

int lathep_iso9660_set_special(struct lathe_iso9660_tree *tree, uint32_t id,
			       uint32_t type, uint32_t high, uint32_t low)
{
	const struct lathep_iso9660_special special = { type, high, low };
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	node->flags |= LATHEP_ISO9660_SPECIAL;
	return keep(tree, node, LATHEP_ISO9660_EXTRA_SPECIAL, &special,
		    sizeof(special));
}

/* ---- entries of others -------------------------------------------------- */

static enum lathep_iso9660_extra_type foreign_type(bool self)
{
	return self ? LATHEP_ISO9660_EXTRA_FOREIGN_SELF
		    : LATHEP_ISO9660_EXTRA_FOREIGN;
}

int lathep_iso9660_set_foreign(struct lathe_iso9660_tree *tree, uint32_t id,
			       bool self, const uint8_t *entries,
			       uint32_t bytes)
{
	return keep(tree, lathep_iso9660_node(tree, id), foreign_type(self),
		    entries, bytes);
}

const uint8_t *
lathep_iso9660_foreign(const struct lathe_iso9660_tree *tree,
		       const struct lathep_iso9660_node *node, bool self,
		       uint32_t *bytes)
{
	*bytes = 0;
	return lathep_iso9660_extra(tree, node, foreign_type(self), bytes);
}
