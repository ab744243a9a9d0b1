/* SPDX-License-Identifier: MIT */
/*
 * Symbolic links. Where none are recorded, or for hierarchies that have none,
 * one that leads to a regular file becomes a further name of that file's
 * extent if the tree holds it, else a file with its content. That shows when
 * all else has been added; new hard links of an update wait here as well.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/host_posix.h"

static struct lathep_iso9660_symlink *
link_at(const struct lathep_iso9660_adding *a, uint32_t i)
{
	return lathep_iso9660_at(&a->links, i);
}

static const char *link_text(const struct lathep_iso9660_adding *a, uint32_t at)
{
	return lathep_iso9660_byte_at(&a->link_names, at);
}

/* ---- a link is met ------------------------------------------------------ */

/* The names in a link's text as the tree has them. Where one of them has no
 * such form, or all would be too long, the text stays. */
static void map_text(struct lathep_iso9660_adding *a, char *text)
{
	char *out = a->host->mapped_link;
	size_t used = 0, len, before;
	const char *at = text;

	while (*at) {
		len = strcspn(at, "/");
		before = used;
		if (len <= LATHE_ISO9660_NAME_MAX && len > 0)
			used += (size_t)lathep_iso9660_map_name(
				a->host, at, len, at[len] != 0, out + used);
		if (used == before && len > 0)
			return;
		at += len;
		if (*at)
			out[used++] = *at++;
		if (used > LATHE_ISO9660_SYMLINK_MAX)
			return;
	}
	memcpy(text, out, used);
	text[used] = 0;
}

static uint32_t keep_text(struct lathep_iso9660_adding *a, const char *text)
{
	return lathep_iso9660_arena_copy(&a->link_names, text,
					 (uint32_t)strlen(text) + 1);
}

/* By what stat() said; else nobody knows. */
static bool leads_nowhere(int sys_errno)
{
	return sys_errno == ENOENT || sys_errno == ENOTDIR ||
	       sys_errno == ELOOP || sys_errno == ENAMETOOLONG;
}

/* Is there a file to be read behind it? link->regular. Else why not. */
static enum lathe_iso9660_skipped
look_behind(const struct lathep_iso9660_adding *a,
	    const struct lathep_iso9660_item *item, int fd,
	    struct lathep_iso9660_symlink *link, struct stat *st,
	    int *sys_errno)
{
	if (fstatat(fd, item->name, st, 0) != 0) {
		*sys_errno = errno;
		st->st_mode = 0;
		return leads_nowhere(errno)
			       ? LATHE_ISO9660_SKIPPED_LINK_DANGLING
			       : LATHE_ISO9660_SKIPPED_UNREADABLE;
	}
	if (S_ISDIR(st->st_mode))
		return LATHE_ISO9660_SKIPPED_LINK_DIRECTORY;
	if (!S_ISREG(st->st_mode))
		return LATHE_ISO9660_SKIPPED_SPECIAL;
	if (lathep_iso9660_is_output(a->host, st))
		return LATHE_ISO9660_SKIPPED_OUTPUT;
	link->regular = lathep_iso9660_readable(fd, item->name, st);
	*sys_errno = errno;
	return LATHE_ISO9660_SKIPPED_UNREADABLE;
}

/* What it leads to, into *link: 1. 0: it is left out. Or an error. A link that
 * is recorded needs no content. */
static int find_behind(struct lathep_iso9660_adding *a,
		       const struct lathep_iso9660_item *item, int fd,
		       struct lathep_iso9660_symlink *link)
{
	const bool record =
		a->host->config.symlinks == LATHE_ISO9660_LINKS_RECORD;
	enum lathe_iso9660_skipped why = LATHE_ISO9660_SKIPPED_LINK;
	int sys_errno = 0;
	struct stat st;

	if (a->host->config.symlinks == LATHE_ISO9660_LINKS_SKIP)
		return lathep_iso9660_adding_unread(a, why, item, 0);
	why = look_behind(a, item, fd, link, &st, &sys_errno);
	if (link->regular)
		lathep_iso9660_identify(&st, &link->is);
	else if (!record || S_ISREG(st.st_mode))
		lathep_iso9660_adding_skip(a, why, item->row, item->name,
					   sys_errno);
	link->unread = why == LATHE_ISO9660_SKIPPED_UNREADABLE ||
		       why == LATHE_ISO9660_SKIPPED_OUTPUT;
	if (link->regular || record)
		return 1;
	return lathep_iso9660_note_unread(a, item->parent, item->node_name);
}

/* Its text, where links are recorded; 1 or an error. */
static int read_text(struct lathep_iso9660_adding *a,
		     const struct lathep_iso9660_item *item, int fd,
		     uint32_t *out)
{
	char *text = a->host->link;
	ssize_t len;

	if (a->host->config.symlinks != LATHE_ISO9660_LINKS_RECORD)
		return 1;
	len = readlinkat(fd, item->name, text, sizeof(a->host->link) - 1);
	if (len <= 0 || len > (ssize_t)LATHE_ISO9660_SYMLINK_MAX)
		return lathep_iso9660_adding_fail(
			a, LATHE_ERR_IO, item->row, item->name,
			"this link can not be read");
	text[len] = 0;
	if (a->host->config.name)
		map_text(a, text);
	*out = keep_text(a, text);
	return *out ? 1 : lathep_iso9660_adding_no_memory(a);
}

int lathep_iso9660_adding_link(struct lathep_iso9660_adding *a,
			       const struct lathep_iso9660_item *item, int fd)
{
	struct lathep_iso9660_symlink link = { .row = item->row,
					       .parent = item->parent };
	struct lathep_iso9660_symlink *kept;
	int err;

	if (item->shared) {
		link.regular = true;
		lathep_iso9660_identify(item->st, &link.is);
	} else {
		err = find_behind(a, item, fd, &link);
		if (err > 0)
			err = read_text(a, item, fd, &link.text);
		if (err <= 0)
			return err;
	}
	link.name = link.node_name = keep_text(a, item->name);
	if (link.name && item->node_name != item->name)
		link.node_name = keep_text(a, item->node_name);
	kept = lathep_iso9660_store_add(&a->links);
	if (!link.name || !link.node_name || !kept)
		return lathep_iso9660_adding_no_memory(a);
	*kept = link;
	return 0;
}

/* ---- which nodes links lead to ------------------------------------------ */

/* Links by the stamp of what they lead to: chains from a table. */
struct table {
	uint32_t *slot, size;
};

static uint32_t *slot_of(const struct table *table, uint32_t stamp)
{
	return &table->slot[stamp & (table->size - 1)];
}

static void fill_table(const struct lathep_iso9660_adding *a,
		       const struct table *table)
{
	struct lathep_iso9660_symlink *link;
	uint32_t i, *slot;

	for (i = 0; i < a->links.used; i++) {
		link = link_at(a, i);
		slot = slot_of(table, link->is.stamp);
		if (!link->regular)
			continue;
		link->target = lathep_iso9660_known_find(a->host, a->tree,
							 &link->is);
		link->chain = *slot;
		*slot = i + 1;
	}
}

static bool is_kept(const struct lathep_iso9660_adding *a,
		    const struct lathep_iso9660_kept *kept,
		    const struct lathep_iso9660_identity *is)
{
	const struct lathep_iso9660_node *node;

	if (!lathep_iso9660_alive(a->tree, kept->node))
		return false;
	node = lathep_iso9660_node(a->tree, kept->node);
	return lathep_iso9660_is_at(a->host, (uint64_t)kept->row << 32,
				    lathep_iso9660_name(a->tree, node),
				    node->name_len, is);
}

/* A node that has the stamp which a link looks for is looked at itself;
 * 'kept' NULL: one out of this host. Of a file that came in several times the
 * last counts, so that an update, which begins with another source, finds the
 * same one. */
static void match(struct lathep_iso9660_adding *a, const struct table *table,
		  uint32_t stamp, uint32_t node,
		  const struct lathep_iso9660_kept *kept)
{
	struct lathep_iso9660_symlink *link;
	uint32_t i;

	for (i = *slot_of(table, stamp); i; i = link->chain) {
		link = link_at(a, i - 1);
		if (link->is.stamp != stamp)
			continue;
		if (kept ? is_kept(a, kept, &link->is)
			 : lathep_iso9660_same_file(a->host, a->tree, node,
						    &link->is))
			link->target = node;
	}
}

/* Among the nodes, and among imported files that an update found unchanged. */
static void match_all(struct lathep_iso9660_adding *a,
		      const struct table *table)
{
	const struct lathep_iso9660_store *rows = &a->host->update.kept;
	const struct lathep_iso9660_node *node;
	const struct lathep_iso9660_kept *kept;
	uint32_t i;

	for (i = LATHE_ISO9660_ROOT + 1; i < a->tree->nodes.used; i++) {
		node = lathep_iso9660_node(a->tree, i);
		if (lathep_iso9660_has_source(node))
			match(a, table, (uint32_t)node->u.file.cookie, i,
			      NULL);
	}
	for (i = 0; i < rows->used; i++) {
		kept = lathep_iso9660_at(rows, i);
		match(a, table, kept->stamp, kept->node, kept);
	}
}

static int find_targets(struct lathep_iso9660_adding *a)
{
	const struct lathe_hooks *hooks = &a->host->config.hooks;
	struct table table = { NULL, 16 };

	while (table.size < a->links.used && table.size < (1u << 30))
		table.size *= 2;
	table.slot = lathep_iso9660_take_zeros(
		hooks, table.size * sizeof(*table.slot));
	if (!table.slot)
		return lathep_iso9660_adding_no_memory(a);
	fill_table(a, &table);
	match_all(a, &table);
	lathep_iso9660_give(hooks, table.slot,
			    table.size * sizeof(*table.slot));
	return 0;
}

/* ---- into the tree ------------------------------------------------------ */

static int changed(struct lathep_iso9660_adding *a,
		   const struct lathep_iso9660_item *item)
{
	return lathep_iso9660_adding_fail(
		a, LATHE_ERR_CHANGED, item->row, item->name,
		"changed while files were added");
}

/* What it is by now; 'follow': what it leads to. */
static bool look_again(const struct lathep_iso9660_adding *a,
		       const struct lathep_iso9660_item *item,
		       uint64_t follow, struct stat *st)
{
	return lathep_iso9660_file_stat(
		       a->host, follow | (uint64_t)item->row << 32, item->name,
		       strlen(item->name), st) == 0;
}

/* The file that a link leads to, as a file under the link's name. */
static int add_file(struct lathep_iso9660_adding *a,
		    struct lathep_iso9660_item *item, uint32_t target,
		    const struct lathep_iso9660_identity *is, uint32_t *node)
{
	struct stat st;

	if (!look_again(a, item, LATHEP_ISO9660_FOLLOW, &st))
		return changed(a, item);
	if (target &&
	    lathep_iso9660_known_add(
		    a->host, is, target,
		    lathep_iso9660_node(a->tree, target)->flags &
				    LATHEP_ISO9660_IMPORTED ? is->stamp : 0))
		return lathep_iso9660_adding_no_memory(a);
	item->st = &st;
	item->follow = LATHEP_ISO9660_FOLLOW;
	item->shared = true;
	return lathep_iso9660_adding_file(a, item, node);
}

/*
 * Does the link that is there already show the same file to those who know no
 * links? One that was recorded anew has other blocks. What can not be read
 * stays what it was.
 */
static bool same_content(struct lathep_iso9660_adding *a,
			 const struct lathep_iso9660_symlink *link,
			 const struct lathep_iso9660_item *item,
			 const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_entry target;
	struct stat st;

	if (!link->regular)
		return link->unread || entry->size == 0;
	if (!link->target)
		return look_again(a, item, LATHEP_ISO9660_FOLLOW, &st) &&
		       entry->size == (uint64_t)st.st_size;
	return lathe_iso9660_get(a->tree, link->target, &target) == 0 &&
	       target.imported && target.size == entry->size &&
	       target.lba == entry->lba;
}

/*
 * Content from outside of the tree is added as a file of that name first,
 * whose place the link takes.
 */
static int find_content(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_symlink *link,
			const struct lathep_iso9660_item *item, uint32_t *node,
			uint32_t *flags)
{
	struct lathep_iso9660_item file = *item;
	bool notes = a->notes;
	int err;

	*flags = a->flags & LATHE_ISO9660_REPLACE;
	*node = link->target;
	/* It may be a link that another one has replaced. */
	if (lathep_iso9660_alive(a->tree, *node) || !link->regular)
		return 0;
	*node = lathep_iso9660_known_find(a->host, a->tree, &link->is);
	if (*node)
		return 0;
	/* The file does not come by itself. */
	a->notes = false;
	err = add_file(a, &file, 0, &link->is, node);
	a->notes = notes;
	*flags = LATHE_ISO9660_REPLACE;
	return err;
}

static int add_symlink(struct lathep_iso9660_adding *a,
		       const struct lathep_iso9660_symlink *link,
		       const struct lathep_iso9660_item *item)
{
	const char *text = link_text(a, link->text);
	struct lathe_iso9660_attributes attr;
	uint32_t content, node, flags;
	int err = find_content(a, link, item, &content, &flags);

	if (err)
		return err;
	lathep_iso9660_host_attributes(a->host, item->st, &attr);
	if (lathe_iso9660_add_symlink(a->tree, item->parent, item->node_name,
				      strlen(item->node_name), &attr, text,
				      strlen(text), content, flags, &node))
		return lathep_iso9660_tree_failed(a, item->row, item->name);
	/* A further link to the same file shares its extent, also if that has
	 * no other name any more. */
	if (content && !lathep_iso9660_alive(a->tree, content) &&
	    lathep_iso9660_known_add(a->host, &link->is, node, 0))
		return lathep_iso9660_adding_no_memory(a);
	return lathep_iso9660_note_seen(a, node);
}

static int record_link(struct lathep_iso9660_adding *a,
		       const struct lathep_iso9660_symlink *link,
		       struct lathep_iso9660_item *item)
{
	const char *text = link_text(a, link->text);
	struct lathe_iso9660_entry entry;
	struct stat st;
	int met;

	if (!look_again(a, item, 0, &st))
		return changed(a, item);
	item->st = &st;
	met = lathep_iso9660_meet(a, item, LATHE_ISO9660_SYMLINK, &entry);
	if (met < 0 || met == LATHEP_ISO9660_MET_EARLIER)
		return met < 0 ? met : 0;
	if (met == LATHEP_ISO9660_MET_OLD) {
		if (entry.symlink_len == strlen(text) &&
		    memcmp(entry.symlink, text, entry.symlink_len) == 0 &&
		    same_content(a, link, item, &entry))
			return lathep_iso9660_keep(a, item, &entry);
		/* It is replaced: it may be all that holds the content. */
		a->host->update.totals.replaced++;
	}
	return add_symlink(a, link, item);
}

int lathep_iso9660_adding_symlinks(struct lathep_iso9660_adding *a)
{
	uint32_t i, node;
	int err;

	if (a->links.used == 0)
		return 0;
	err = find_targets(a);
	for (i = 0; i < a->links.used && !err; i++) {
		const struct lathep_iso9660_symlink *link = link_at(a, i);
		struct lathep_iso9660_item item = {
			.row = link->row,
			.parent = link->parent,
			.name = link_text(a, link->name),
			.node_name = link_text(a, link->node_name)
		};

		if (link->text)
			err = record_link(a, link, &item);
		else
			err = add_file(a, &item, link->target, &link->is,
				       &node);
	}
	return err;
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_symlinks;
#endif
