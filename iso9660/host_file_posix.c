/* SPDX-License-Identifier: MIT */
/* One regular or special file of this host as a node. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#define _DARWIN_C_SOURCE

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>
#include <sys/types.h>
#ifdef __linux__
#include <sys/sysmacros.h>	/* major, minor */
#endif

#include "iso9660/host_posix.h"

/* A new one, or a further name of one that is known: by another name that it
 * has here, or by a symbolic link that came before it. */
static int new_file(struct lathep_iso9660_adding *a,
		    const struct lathep_iso9660_item *item, uint32_t *node)
{
	const uint32_t flags = a->flags & LATHE_ISO9660_REPLACE;
	const struct stat *st = item->st;
	size_t len = strlen(item->node_name);
	struct lathe_iso9660_attributes attr;
	struct lathep_iso9660_identity is;
	uint32_t target;
	uint64_t file;
	int err;

	lathep_iso9660_host_attributes(a->host, st, &attr);
	lathep_iso9660_identify(st, &is);
	file = item->follow | (uint64_t)item->row << 32 | is.stamp;
	target = lathep_iso9660_known_find(a->host, a->tree, &is);
	if (target)
		err = lathe_iso9660_add_link(a->tree, item->parent,
					     item->node_name, len, &attr,
					     target, flags, node);
	else
		err = lathe_iso9660_add_file(a->tree, item->parent,
					     item->node_name, len, &attr,
					     &a->host->source, file,
					     (uint64_t)st->st_size, flags,
					     node);
	if (err)
		return lathep_iso9660_tree_failed(a, item->row, item->name);
	/* Another source's name may have made way for this one. */
	if (item->shared && !lathep_iso9660_alive(a->tree, target) &&
	    lathep_iso9660_known_add(a->host, &is, *node, 0))
		return lathep_iso9660_adding_no_memory(a);
	return 0;
}

/* The source goes by the host's name. */
static int keep_host_name(struct lathep_iso9660_adding *a,
			  const struct lathep_iso9660_item *item,
			  uint32_t node)
{
	struct lathep_iso9660_node *made = lathep_iso9660_node(a->tree, node);
	size_t len = strlen(item->name);
	void *p;

	if (len == 0 || (made->flags & LATHEP_ISO9660_LINK) ||
	    strcmp(item->name, item->node_name) == 0)
		return 0;
	p = lathep_iso9660_extra_add(a->tree, made,
				     LATHEP_ISO9660_EXTRA_SOURCE_NAME,
				     (uint32_t)len, (uint32_t)len);
	if (!p)
		return lathep_iso9660_adding_no_memory(a);
	memcpy(p, item->name, len);
	return 0;
}

int lathep_iso9660_adding_file(struct lathep_iso9660_adding *a,
			       const struct lathep_iso9660_item *item,
			       uint32_t *node)
{
	struct lathe_iso9660_entry entry;
	int met = lathep_iso9660_meet(a, item, LATHE_ISO9660_FILE, &entry);
	int err;

	if (met < 0)
		return met;
	if (met != LATHEP_ISO9660_MET_NONE)
		*node = entry.node;
	if (met == LATHEP_ISO9660_MET_EARLIER)
		return 0;
	if (met == LATHEP_ISO9660_MET_OLD && entry.imported &&
	    entry.size == (uint64_t)item->st->st_size &&
	    lathep_iso9660_same_time(entry.date, item->st))
		return lathep_iso9660_keep(a, item, &entry);
	if (met == LATHEP_ISO9660_MET_OLD)
		a->host->update.totals.replaced++;
	err = new_file(a, item, node);
	if (!err)
		err = keep_host_name(a, item, *node);
	return err ? err : lathep_iso9660_note_seen(a, *node);
}

/* ---- devices, pipes, sockets -------------------------------------------- */

static uint32_t type_of(const struct stat *st)
{
	if (S_ISCHR(st->st_mode))
		return 0020000;
	if (S_ISBLK(st->st_mode))
		return 0060000;
	return S_ISFIFO(st->st_mode) ? 0010000 : 0140000;
}

/*
 * RRIP 4.1.2 records the halves of a device's number; systems differ in what
 * is in them. Linux has major and minor there, unless the high half is 0:
 * then low is a number of the old kind, which others have as well. So what
 * fits there is recorded as such. An entry of the tree has them apart.
 */
static void join_halves(uint32_t *high, uint32_t *low)
{
	if (*high <= 0xfff && *low <= 0xff) {
		*low |= *high << 8;
		*high = 0;
	}
}

int lathep_iso9660_adding_special(struct lathep_iso9660_adding *a,
				  const struct lathep_iso9660_item *item)
{
	const uint32_t flags = a->flags & LATHE_ISO9660_REPLACE;
	const struct stat *st = item->st;
	uint32_t type = type_of(st), node;
	bool device = S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
	uint32_t high = 0, low = 0;
	struct lathe_iso9660_attributes attr;
	struct lathe_iso9660_entry entry;
	int met;

	if (device) {
		high = (uint32_t)major(st->st_rdev);
		low = (uint32_t)minor(st->st_rdev);
	}
	if (!a->host->config.specials)
		return lathep_iso9660_adding_unread(
			a, LATHE_ISO9660_SKIPPED_SPECIAL, item, 0);
	met = lathep_iso9660_meet(a, item, LATHE_ISO9660_SPECIAL, &entry);
	if (met < 0 || met == LATHEP_ISO9660_MET_EARLIER)
		return met < 0 ? met : 0;
	if (met == LATHEP_ISO9660_MET_OLD && entry.type == type &&
	    entry.dev_high == high && entry.dev_low == low)
		return lathep_iso9660_keep(a, item, &entry);
	join_halves(&high, &low);
	lathep_iso9660_host_attributes(a->host, st, &attr);
	if (lathe_iso9660_add_special(a->tree, item->parent, item->node_name,
				      strlen(item->node_name), &attr, type,
				      high, low, flags, &node))
		return lathep_iso9660_tree_failed(a, item->row, item->name);
	if (met == LATHEP_ISO9660_MET_OLD)
		a->host->update.totals.replaced++;
	return lathep_iso9660_note_seen(a, node);
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_files;
#endif
