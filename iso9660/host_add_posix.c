/* SPDX-License-Identifier: MIT */
/* Adding a path of this host to a tree: what it is, and all or nothing. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#define _DARWIN_C_SOURCE

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "iso9660/host_posix.h"

#define PATH_LEAST 20u /* less of a path says nothing */

/* What is wrong is said as a whole, of a long path its end. */
int lathep_iso9660_adding_fail(struct lathep_iso9660_adding *a, int err,
			       uint32_t row, const char *name, const char *what)
{
	struct lathe_iso9660_host *host = a->host;
	size_t len = strlen(what), room = LATHE_FAILURE_TEXT - sizeof(": ");
	const char *path = host->path;

	room = len < room ? room - len : 0;
	if (!row || room < PATH_LEAST)
		return lathep_iso9660_fail(&host->failure, err, "%s", what);
	lathep_iso9660_host_path(host, row, name, strlen(name), host->path,
				 sizeof(host->path));
	len = strlen(path);
	if (len <= room)
		return lathep_iso9660_fail(&host->failure, err, "%s: %s", path,
					   what);
	for (path += len - (room - 3); (*path & 0xC0) == 0x80; path++)
		;
	return lathep_iso9660_fail(&host->failure, err, "...%s: %s", path,
				   what);
}

int lathep_iso9660_adding_no_memory(struct lathep_iso9660_adding *a)
{
	return lathep_iso9660_adding_fail(a, LATHE_ERR_MEMORY, 0, "",
					  "no memory for files");
}

int lathep_iso9660_tree_failed(struct lathep_iso9660_adding *a, uint32_t row,
			       const char *name)
{
	return lathep_iso9660_adding_fail(a, a->tree->failure.err, row, name,
					  a->tree->failure.text);
}

void lathep_iso9660_adding_skip(struct lathep_iso9660_adding *a,
				enum lathe_iso9660_skipped why, uint32_t row,
				const char *name, int sys_errno)
{
	struct lathe_iso9660_host *host = a->host;

	if (!host->config.skipped)
		return;
	lathep_iso9660_host_path(host, row, name, strlen(name), host->path,
				 sizeof(host->path));
	host->config.skipped(host->config.skipped_ctx, why, host->path,
			     sys_errno);
}

int lathep_iso9660_adding_unread(struct lathep_iso9660_adding *a,
				 enum lathe_iso9660_skipped why,
				 const struct lathep_iso9660_item *item,
				 int sys_errno)
{
	lathep_iso9660_adding_skip(a, why, item->row, item->name, sys_errno);
	return lathep_iso9660_note_unread(a, item->parent, item->node_name);
}

bool lathep_iso9660_is_output(const struct lathe_iso9660_host *host,
			      const struct stat *st)
{
	const struct lathe_iso9660_host_config *config = &host->config;

	return config->output &&
	       config->output(config->output_ctx, (uint64_t)st->st_dev,
			      (uint64_t)st->st_ino);
}

/* ---- what was asked for ------------------------------------------------- */

/* The root is as the last folder that fills it; an update begins with that. A
 * disc's root stays. */
static int fill_root(struct lathep_iso9660_adding *a,
		     const struct lathep_iso9660_item *item)
{
	struct lathep_iso9660_update *u = &a->host->update;
	struct lathe_iso9660_attributes attr;
	struct lathe_iso9660_entry entry;

	if (u->root_filled ||
	    lathe_iso9660_get(a->tree, LATHE_ISO9660_ROOT, &entry))
		return 0;
	u->root_filled = (a->flags & LATHE_ISO9660_UPDATE) != 0;
	lathep_iso9660_host_attributes(a->host, item->st, &attr);
	/* There are dates that can not be recorded: none is as good. */
	if (a->flags & LATHE_ISO9660_UPDATE &&
	    (entry.date[1] != 0 || attr.date[1] == 0))
		return lathep_iso9660_keep(a, item, &entry);
	if (entry.date[1] != 0 && (a->tree->imported_nodes ||
				   !(a->flags & LATHE_ISO9660_REPLACE)))
		return 0;
	if (lathe_iso9660_set_attributes(a->tree, LATHE_ISO9660_ROOT, &attr))
		return lathep_iso9660_tree_failed(a, item->row, "");
	return 0;
}

/* A directory that was named, or what is in it. */
static int add_named_folder(struct lathep_iso9660_adding *a,
			    const struct lathep_iso9660_item *item)
{
	uint32_t node = item->parent;
	int err = 0;

	if (item->node_name)
		err = lathep_iso9660_folder_node(a, item, &node);
	else if (node == LATHE_ISO9660_ROOT)
		err = fill_root(a, item);
	if (!err)
		err = lathep_iso9660_note_target(a, node);
	return err ? err : lathep_iso9660_push_folder(a, item->row, node);
}

static int add_named_file(struct lathep_iso9660_adding *a,
			  const struct lathep_iso9660_item *item,
			  const char *path)
{
	uint32_t node;

	if (lathep_iso9660_readable(a->host->cwd, path, item->st))
		return lathep_iso9660_adding_file(a, item, &node);
	return lathep_iso9660_adding_unread(
		a, LATHE_ISO9660_SKIPPED_UNREADABLE, item, errno);
}

static int add_named(struct lathep_iso9660_adding *a,
		     const struct lathep_iso9660_item *item, const char *path)
{
	if (S_ISDIR(item->st->st_mode))
		return add_named_folder(a, item);
	if (!item->node_name)
		return lathep_iso9660_adding_fail(a, LATHE_ERR_ARG, item->row,
						  "", "not a directory");
	if (lathep_iso9660_is_output(a->host, item->st))
		return lathep_iso9660_adding_fail(a, LATHE_ERR_ARG, item->row,
						  "", "is to be written");
	if (S_ISREG(item->st->st_mode))
		return add_named_file(a, item, path);
	if (a->host->config.specials)
		return lathep_iso9660_adding_special(a, item);
	return lathep_iso9660_adding_fail(a, LATHE_ERR_ARG, item->row, "",
					  "neither a file nor a directory");
}

/* The path itself: a link that was named is followed. */
static int add_path(struct lathep_iso9660_adding *a, uint32_t parent,
		    const char *name, const char *path)
{
	struct lathep_iso9660_item item = { .parent = parent, .name = "",
					    .node_name = name };
	struct stat st;
	bool none;

	if (fstatat(a->host->cwd, path, &st, 0) != 0) {
		none = errno == ENOENT || errno == ENOTDIR;
		return lathep_iso9660_fail(
			&a->host->failure,
			none ? LATHE_ERR_NOT_FOUND : LATHE_ERR_IO, "%.200s: %s",
			path, none ? "no such file" : "can not be looked at");
	}
	a->dev = st.st_dev;
	item.st = &st;
	item.shared = st.st_nlink > 1;
	item.row = S_ISDIR(st.st_mode)
			   ? lathep_iso9660_folder_row(a, 0, path, &st, false)
			   : lathep_iso9660_row_add(a->host, 0, path, true);
	if (!item.row)
		return lathep_iso9660_adding_no_memory(a);
	return add_named(a, &item, path);
}

static int add_all(struct lathep_iso9660_adding *a, uint32_t parent,
		   const char *name, const char *path)
{
	int err = add_path(a, parent, name, path);

	if (!err)
		err = lathep_iso9660_adding_folders(a);
	return err ? err : lathep_iso9660_adding_symlinks(a);
}

static void begin(struct lathep_iso9660_adding *a,
		  struct lathe_iso9660_host *host,
		  struct lathe_iso9660_tree *tree, uint32_t flags)
{
	const struct lathe_hooks *hooks = &host->config.hooks;

	memset(a, 0, sizeof(*a));
	memset(&host->failure, 0, sizeof(host->failure));
	a->host = host;
	a->tree = tree;
	a->flags = flags;
	a->rows = host->rows.used;
	a->arena = host->arena.used;
	lathep_iso9660_store_init(&a->folders, hooks,
				  sizeof(struct lathep_iso9660_waiting));
	lathep_iso9660_store_init(&a->links, hooks,
				  sizeof(struct lathep_iso9660_symlink));
	lathep_iso9660_store_init(&a->link_names, hooks, 1);
	lathep_iso9660_store_init(&a->listing[0].names, hooks, 1);
	lathep_iso9660_store_init(&a->listing[1].names, hooks, 1);
	lathe_iso9660_save(tree, &a->save);
	lathep_iso9660_update_begin(a);
}

static void end(struct lathep_iso9660_adding *a)
{
	lathep_iso9660_look_destroy(a->look, &a->host->config.hooks);
	lathep_iso9660_store_free(&a->folders);
	lathep_iso9660_store_free(&a->links);
	lathep_iso9660_store_free(&a->link_names);
	lathep_iso9660_list_free(&a->listing[0]);
	lathep_iso9660_list_free(&a->listing[1]);
	lathep_iso9660_give(&a->host->config.hooks, a->path, a->path_room);
}

int lathe_iso9660_host_add(struct lathe_iso9660_host *host,
			   struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, const char *path, uint32_t flags)
{
	struct lathep_iso9660_adding a;
	int err;

	if (!host || !tree || !path)
		return LATHE_ERR_ARG;
	begin(&a, host, tree, flags);
	if (strlen(path) >= 65536)
		err = lathep_iso9660_adding_fail(&a, LATHE_ERR_ARG, 0, "",
						 "too long a path");
	else if (lathep_iso9660_begin_change(tree) ||
		 lathep_iso9660_check_folder(tree, parent))
		err = lathep_iso9660_tree_failed(&a, 0, "");
	else
		err = add_all(&a, parent, name, path);
	if (err && !tree->plans) {
		lathe_iso9660_rollback(tree, &a.save);
		lathep_iso9660_rows_back(host, a.rows, a.arena);
		lathep_iso9660_update_back(&a);
	}
	end(&a);
	return err;
}

#else

int lathe_iso9660_host_add(struct lathe_iso9660_host *host,
			   struct lathe_iso9660_tree *tree, uint32_t parent,
			   const char *name, const char *path, uint32_t flags)
{
	(void)host;
	(void)tree;
	(void)parent;
	(void)name;
	(void)path;
	(void)flags;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
