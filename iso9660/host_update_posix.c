/* SPDX-License-Identifier: MIT */
/*
 * Updates: what the tree holds already is compared with the host, and what no
 * source has can be removed. One number for each node says which call came by
 * it, a row what is kept.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>

#include "iso9660/host_posix.h"

/* ---- what came by ------------------------------------------------------- */

static int make_room(struct lathe_iso9660_host *host, uint32_t node)
{
	struct lathep_iso9660_update *u = &host->update;
	uint32_t before = u->room;
	void *p = lathep_iso9660_grow(&host->config.hooks, u->seen, &u->room,
				      node + 1, sizeof(*u->seen));

	if (!p)
		return LATHE_ERR_MEMORY;
	u->seen = p;
	memset(u->seen + before, 0, (u->room - before) * sizeof(*u->seen));
	return 0;
}

static uint32_t seen_in(const struct lathe_iso9660_host *host, uint32_t node)
{
	return node < host->update.room ? host->update.seen[node] : 0;
}

int lathep_iso9660_note_seen(struct lathep_iso9660_adding *a, uint32_t node)
{
	struct lathep_iso9660_update *u = &a->host->update;

	if (!a->notes)
		return 0;
	if (node >= u->room && make_room(a->host, node))
		return lathep_iso9660_adding_no_memory(a);
	if (!u->seen[node])
		u->seen[node] = u->call;
	return 0;
}

/* From 'node' up to one that is noted already. */
static int note_way(struct lathep_iso9660_adding *a, uint32_t node)
{
	int err = 0;

	for (; !err && !seen_in(a->host, node);
	     node = lathep_iso9660_node(a->tree, node)->parent)
		err = lathep_iso9660_note_seen(a, node);
	return err;
}

static int note_all_below(struct lathep_iso9660_adding *a, uint32_t top)
{
	uint32_t id;
	int err = 0;

	for (id = top; id && !err;
	     id = lathep_iso9660_next(a->tree, top, id, true))
		err = lathep_iso9660_note_seen(a, id);
	return err;
}

bool lathep_iso9660_has_child(const struct lathep_iso9660_adding *a,
			      uint32_t parent, const char *name, uint32_t *node)
{
	return lathe_iso9660_find_child(a->tree, parent, name, strlen(name),
					node) == 0;
}

int lathep_iso9660_note_unread(struct lathep_iso9660_adding *a,
			       uint32_t parent, const char *name)
{
	uint32_t node = parent;

	if (!(a->flags & LATHE_ISO9660_MIRROR))
		return 0;
	if (name && !lathep_iso9660_has_child(a, parent, name, &node))
		return 0;
	return note_all_below(a, node);
}

int lathep_iso9660_note_target(struct lathep_iso9660_adding *a, uint32_t node)
{
	if (a->flags & LATHE_ISO9660_MIRROR &&
	    lathep_iso9660_push(&a->host->update.targets, node))
		return lathep_iso9660_adding_no_memory(a);
	return 0;
}

/* ---- the same or not ---------------------------------------------------- */

static int clash(struct lathep_iso9660_adding *a,
		 const struct lathep_iso9660_item *item)
{
	return lathep_iso9660_adding_fail(
		a, LATHE_ERR_EXISTS, item->row, item->name,
		"becomes the same as another name");
}

/* What is in the way of another kind goes. */
static int clear_way(struct lathep_iso9660_adding *a,
		     const struct lathep_iso9660_item *item,
		     enum lathe_iso9660_kind kind,
		     const struct lathe_iso9660_entry *entry)
{
	if (entry->kind == kind)
		return LATHEP_ISO9660_MET_OLD;
	if (lathe_iso9660_remove(a->tree, entry->node))
		return lathep_iso9660_tree_failed(a, item->row, item->name);
	a->host->update.totals.replaced++;
	return LATHEP_ISO9660_MET_NONE;
}

/* Is there anything of an earlier call in it, or is it that itself? */
static bool came_by(const struct lathep_iso9660_adding *a, uint32_t top)
{
	uint32_t id = top;

	while (id && !seen_in(a->host, id))
		id = lathep_iso9660_next(a->tree, top, id, true);
	return id != 0;
}

int lathep_iso9660_meet(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_item *item,
			enum lathe_iso9660_kind kind,
			struct lathe_iso9660_entry *entry)
{
	struct lathep_iso9660_update *u = &a->host->update;
	uint32_t node, call;
	bool other;

	if (!a->notes)
		return LATHEP_ISO9660_MET_NONE;
	if (!lathep_iso9660_has_child(a, item->parent, item->node_name,
				      &node) ||
	    lathe_iso9660_get(a->tree, node, entry)) {
		u->totals.added++;
		return LATHEP_ISO9660_MET_NONE;
	}
	call = seen_in(a->host, node);
	if (call == u->call)
		return clash(a, item);
	if (!(a->flags & LATHE_ISO9660_UPDATE)) {
		u->totals.replaced += kind != LATHE_ISO9660_DIRECTORY;
		return LATHEP_ISO9660_MET_NONE;
	}
	/* A folder in one source, maybe on its way, a file in another one. */
	other = (entry->kind == LATHE_ISO9660_DIRECTORY) !=
		(kind == LATHE_ISO9660_DIRECTORY);
	if (other && came_by(a, node))
		return lathep_iso9660_adding_fail(
			a, LATHE_ERR_EXISTS, item->row, item->name,
			"is a directory in one source alone");
	return call ? LATHEP_ISO9660_MET_EARLIER
		    : clear_way(a, item, kind, entry);
}

/* What is to be recorded of an entry's attributes; false: as it is. */
static bool wanted(const struct lathep_iso9660_adding *a,
		   const struct lathe_iso9660_entry *entry,
		   const struct stat *st, struct lathe_iso9660_attributes *attr)
{
	const struct lathe_iso9660_host_config *config = &a->host->config;
	const struct lathe_iso9660_posix *old = &entry->posix;
	bool modes = config->compare_modes &&
		     (!entry->posix_given ||
		      (old->mode & 07777) != ((uint32_t)st->st_mode & 07777));
	bool owner = config->compare_owner &&
		     (!entry->posix_given || old->uid != (uint32_t)st->st_uid ||
		      old->gid != (uint32_t)st->st_gid);

	lathep_iso9660_host_attributes(a->host, st, attr);
	attr->hidden = entry->hidden;
	if (!config->all_times) {
		memcpy(attr->accessed, entry->accessed, 7);
		memcpy(attr->changed, entry->changed, 7);
	}
	if (entry->posix_given && !config->compare_modes)
		attr->posix.mode = old->mode;
	if (entry->posix_given && !config->compare_owner) {
		attr->posix.uid = old->uid;
		attr->posix.gid = old->gid;
	}
	attr->posix_given = config->posix || entry->posix_given;
	return modes || owner;
}

static int set_now(struct lathep_iso9660_adding *a,
		   const struct lathep_iso9660_item *item, uint32_t node,
		   const struct lathe_iso9660_attributes *attr)
{
	if (lathe_iso9660_set_attributes(a->tree, node, attr))
		return lathep_iso9660_tree_failed(a, item->row, item->name);
	a->host->update.totals.attributes++;
	return lathep_iso9660_note_seen(a, node);
}

/* Attributes that are of no weight of their own. */
static int set_later(struct lathep_iso9660_adding *a,
		     const struct lathe_iso9660_entry *entry,
		     const struct stat *st)
{
	struct lathep_iso9660_later *row;

	if (lathep_iso9660_same_time(entry->date, st))
		return 0;
	row = lathep_iso9660_store_add(&a->host->update.later);
	if (!row)
		return lathep_iso9660_adding_no_memory(a);
	row->node = entry->node;
	wanted(a, entry, st, &row->attr);
	return 0;
}

/* Symbolic links and further names that come later find it. */
static int remember(struct lathep_iso9660_adding *a,
		    const struct lathep_iso9660_item *item, uint32_t node)
{
	struct lathep_iso9660_identity is;
	struct lathep_iso9660_kept *kept;

	lathep_iso9660_identify(item->st, &is);
	if ((item->shared || a->host->config.name) &&
	    lathep_iso9660_known_add(a->host, &is, node, is.stamp))
		return lathep_iso9660_adding_no_memory(a);
	if (a->host->config.symlinks == LATHE_ISO9660_LINKS_SKIP)
		return 0;
	kept = lathep_iso9660_store_add(&a->host->update.kept);
	if (!kept)
		return lathep_iso9660_adding_no_memory(a);
	kept->node = node;
	kept->stamp = is.stamp;
	kept->row = item->row;
	return 0;
}

int lathep_iso9660_keep(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_item *item,
			const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_attributes attr;
	int err = 0;

	if (entry->kind == LATHE_ISO9660_FILE)
		err = remember(a, item, entry->node);
	if (!err && wanted(a, entry, item->st, &attr))
		return set_now(a, item, entry->node, &attr);
	if (!err && entry->kind != LATHE_ISO9660_FILE)
		err = set_later(a, entry, item->st);
	a->host->update.totals.kept++;
	return err ? err : lathep_iso9660_note_seen(a, entry->node);
}

/* ---- calls that belong together ----------------------------------------- */

void lathep_iso9660_update_init(struct lathe_iso9660_host *host)
{
	struct lathep_iso9660_update *u = &host->update;

	lathep_iso9660_store_init(&u->kept, &host->config.hooks,
				  sizeof(struct lathep_iso9660_kept));
	lathep_iso9660_store_init(&u->later, &host->config.hooks,
				  sizeof(struct lathep_iso9660_later));
	lathep_iso9660_store_init(&u->targets, &host->config.hooks,
				  sizeof(uint32_t));
}

static void forget(struct lathe_iso9660_host *host)
{
	struct lathep_iso9660_update *u = &host->update;

	u->tree = 0;
	u->call = 0;
	u->root_filled = false;
	u->kept.used = u->later.used = u->targets.used = 0;
	memset(&u->totals, 0, sizeof(u->totals));
	if (u->seen)
		memset(u->seen, 0, u->room * sizeof(*u->seen));
	lathep_iso9660_known_forget(host);
}

void lathep_iso9660_update_free(struct lathe_iso9660_host *host)
{
	struct lathep_iso9660_update *u = &host->update;

	lathep_iso9660_store_free(&u->kept);
	lathep_iso9660_store_free(&u->later);
	lathep_iso9660_store_free(&u->targets);
	lathep_iso9660_give(&host->config.hooks, u->seen,
			    u->room * sizeof(*u->seen));
}

void lathep_iso9660_update_begin(struct lathep_iso9660_adding *a)
{
	struct lathep_iso9660_update *u = &a->host->update;

	a->notes = (a->flags & (LATHE_ISO9660_UPDATE | LATHE_ISO9660_MIRROR)) ||
		   a->host->config.name;
	/* By who added to it first; hosts follow each other in memory, too. */
	if (!a->tree->hosted)
		a->tree->hosted = (++u->trees << 48) + (uintptr_t)u * 3 +
				  (uintptr_t)a->tree;
	if (u->tree != a->tree->hosted)
		forget(a->host);
	u->tree = a->tree->hosted;
	u->call++;
	a->totals = u->totals;
	a->kept = u->kept.used;
	a->later = u->later.used;
	a->targets = u->targets.used;
	a->root_filled = u->root_filled;
	if (a->flags & LATHE_ISO9660_UPDATE)
		a->flags |= LATHE_ISO9660_REPLACE;
}

void lathep_iso9660_update_back(struct lathep_iso9660_adding *a)
{
	struct lathep_iso9660_update *u = &a->host->update;
	uint32_t id;

	u->totals = a->totals;
	u->kept.used = a->kept;
	u->later.used = a->later;
	u->targets.used = a->targets;
	u->root_filled = a->root_filled;
	for (id = 0; id < u->room; id++)
		if (u->seen[id] == u->call || id >= a->tree->nodes.used)
			u->seen[id] = 0;
	/* Nodes of that number may be others soon. */
	lathep_iso9660_known_forget(a->host);
}

/* ---- the end ------------------------------------------------------------ */

/* What lies above something that came by stays as well, whichever call that
 * was. */
static int note_ways(struct lathep_iso9660_adding *a)
{
	const struct lathep_iso9660_update *u = &a->host->update;
	uint32_t i;
	int err = 0;

	for (i = 0; i < u->room && !err; i++)
		if (u->seen[i] && lathep_iso9660_alive(a->tree, i))
			err = note_way(a, lathep_iso9660_node(a->tree, i)
						  ->parent);
	return err;
}

/* What is excluded stays, with all below it but for what came by: that may be
 * a target. */
static int protect(struct lathep_iso9660_adding *a, uint32_t top)
{
	uint32_t id;
	bool seen = false;
	int err = 0;

	for (id = top; id && !err;
	     id = lathep_iso9660_next(a->tree, top, id, !seen)) {
		seen = seen_in(a->host, id) != 0;
		err = lathep_iso9660_note_seen(a, id);
	}
	return err;
}

static int excluded(struct lathep_iso9660_adding *a, uint32_t node, bool *out)
{
	const struct lathe_iso9660_host_config *config = &a->host->config;
	int err = lathep_iso9660_adding_path(a, node);

	if (!err)
		*out = config->excluded(
			config->excluded_ctx, a->path,
			lathep_iso9660_node(a->tree, node)->kind ==
				LATHE_ISO9660_DIRECTORY);
	return err;
}

static int protect_excluded(struct lathep_iso9660_adding *a, uint32_t top)
{
	uint32_t id;
	bool out = false;
	int err = 0;

	for (id = lathep_iso9660_next(a->tree, top, top, true); id && !err;
	     id = lathep_iso9660_next(a->tree, top, id, true)) {
		if (seen_in(a->host, id))
			continue;
		err = excluded(a, id, &out);
		if (!err && out)
			err = protect(a, id);
	}
	return err;
}

/* What is below a directory that goes is gone, too. */
static uint32_t nodes_of(const struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_counts count;

	lathe_iso9660_count(tree, &count);
	return count.directories + count.files;
}

static int sweep(struct lathep_iso9660_adding *a, uint32_t top)
{
	uint32_t id = lathep_iso9660_next(a->tree, top, top, true), next;
	uint32_t before = nodes_of(a->tree);
	bool seen;

	for (; id; id = next) {
		seen = seen_in(a->host, id) != 0;
		next = lathep_iso9660_next(a->tree, top, id, seen);
		if (seen)
			continue;
		if (lathe_iso9660_remove(a->tree, id))
			return lathep_iso9660_tree_failed(a, 0, "");
	}
	a->host->update.totals.removed += before - nodes_of(a->tree);
	return 0;
}

static int set_attributes(struct lathep_iso9660_adding *a)
{
	const struct lathep_iso9660_store *later = &a->host->update.later;
	const struct lathep_iso9660_later *row;
	uint32_t i;

	for (i = 0; i < later->used; i++) {
		row = lathep_iso9660_at(later, i);
		if (lathep_iso9660_alive(a->tree, row->node) &&
		    lathe_iso9660_set_attributes(a->tree, row->node,
						 &row->attr))
			return lathep_iso9660_tree_failed(a, 0, "");
	}
	return 0;
}

/* Of all targets, one step behind the other. */
enum step { NOTE, PROTECT, SWEEP, STEPS };

/* What was filled came by, with nothing perhaps; the way to it may be
 * excluded. */
static int finish_target(struct lathep_iso9660_adding *a, enum step step,
			 uint32_t node)
{
	/* One that nothing was put into may have made way. */
	if (!lathep_iso9660_alive(a->tree, node))
		return 0;
	if (step == NOTE)
		return lathep_iso9660_note_seen(a, node);
	if (step == SWEEP)
		return sweep(a, node);
	return a->host->config.excluded ? protect_excluded(a, node) : 0;
}

static int finish(struct lathep_iso9660_adding *a)
{
	const struct lathep_iso9660_update *u = &a->host->update;
	enum step step;
	uint32_t i;
	int err = 0;

	for (step = NOTE; step < STEPS; step++) {
		if (!err && step == SWEEP && u->targets.used)
			err = note_ways(a);
		for (i = 0; i < u->targets.used && !err; i++)
			err = finish_target(
				a, step, lathep_iso9660_u32(&u->targets, i));
	}
	if (!err && lathe_iso9660_changed(a->tree))
		err = set_attributes(a);
	return err;
}

int lathe_iso9660_host_finish(struct lathe_iso9660_host *host,
			      struct lathe_iso9660_tree *tree,
			      struct lathe_iso9660_host_totals *out)
{
	struct lathep_iso9660_adding a;
	struct lathe_iso9660_host_totals totals;
	int err = 0;

	if (!host)
		return LATHE_ERR_ARG;
	memset(&totals, 0, sizeof(totals));
	memset(&host->failure, 0, sizeof(host->failure));
	if (tree && tree->hosted && host->update.tree == tree->hosted) {
		memset(&a, 0, sizeof(a));
		a.host = host;
		a.tree = tree;
		a.notes = true;
		lathe_iso9660_save(tree, &a.save);
		host->update.call++;
		err = finish(&a);
		totals = host->update.totals;
		if (err && !tree->plans)
			lathe_iso9660_rollback(tree, &a.save);
		lathep_iso9660_give(&host->config.hooks, a.path, a.path_room);
	}
	forget(host);
	if (out && !err)
		*out = totals;
	return err;
}

#else

int lathe_iso9660_host_finish(struct lathe_iso9660_host *host,
			      struct lathe_iso9660_tree *tree,
			      struct lathe_iso9660_host_totals *out)
{
	(void)host;
	(void)tree;
	(void)out;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
