/* SPDX-License-Identifier: MIT */
/*
 * What is in folders of this host. Folders wait on a list, so that no depth
 * costs stack; what is in one is added in the order of names, so that the
 * order in which a file system lists it does not matter.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#define _DARWIN_C_SOURCE

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/host_posix.h"

/* ---- folders ------------------------------------------------------------ */

/* What comes from one folder has its row in common. */
struct place {
	uint32_t row, parent;
	int fd;
};

int lathep_iso9660_push_folder(struct lathep_iso9660_adding *a, uint32_t row,
			       uint32_t node)
{
	struct lathep_iso9660_waiting *folder =
		row ? lathep_iso9660_store_add(&a->folders) : NULL;

	if (!folder)
		return lathep_iso9660_adding_no_memory(a);
	folder->row = row;
	folder->node = node;
	return 0;
}

/* One that was there: only on the way to something else, and without a date;
 * or out of another source. Of these the last one wins, as of files. */
static int describe_folder(struct lathep_iso9660_adding *a,
			   const struct lathep_iso9660_item *item,
			   const struct lathe_iso9660_attributes *attr,
			   uint32_t node)
{
	const struct lathep_iso9660_node *is =
		lathep_iso9660_node(a->tree, node);

	if (is->flags & LATHEP_ISO9660_IMPORTED ||
	    (is->date[1] != 0 && !(a->flags & LATHE_ISO9660_REPLACE)) ||
	    lathe_iso9660_set_attributes(a->tree, node, attr) == 0)
		return 0;
	return lathep_iso9660_tree_failed(a, item->row, item->name);
}

int lathep_iso9660_folder_node(struct lathep_iso9660_adding *a,
			       const struct lathep_iso9660_item *item,
			       uint32_t *node)
{
	struct lathe_iso9660_attributes attr;
	struct lathe_iso9660_entry entry;
	uint32_t used = a->tree->nodes.used;
	int met = lathep_iso9660_meet(a, item, LATHE_ISO9660_DIRECTORY,
				      &entry), err = 0;

	if (met < 0)
		return met;
	if (met != LATHEP_ISO9660_MET_NONE)
		*node = entry.node;
	if (met == LATHEP_ISO9660_MET_OLD)
		return lathep_iso9660_keep(a, item, &entry);
	if (met == LATHEP_ISO9660_MET_EARLIER)
		return 0;
	lathep_iso9660_host_attributes(a->host, item->st, &attr);
	if (lathe_iso9660_add_directory(a->tree, item->parent, item->node_name,
					strlen(item->node_name), &attr, node))
		return lathep_iso9660_tree_failed(a, item->row, item->name);
	if (*node < used)
		err = describe_folder(a, item, &attr, *node);
	return err ? err : lathep_iso9660_note_seen(a, *node);
}

uint32_t lathep_iso9660_folder_row(struct lathep_iso9660_adding *a,
				   uint32_t parent, const char *name,
				   const struct stat *st, bool follow)
{
	uint32_t at = lathep_iso9660_row_add(a->host, parent, name, false);
	struct lathep_iso9660_row *row;

	if (!at)
		return 0;
	row = lathep_iso9660_at(&a->host->rows, at);
	row->follow = follow;
	row->dev = (uint64_t)st->st_dev;
	row->ino = (uint64_t)st->st_ino;
	return at;
}

/* Is it one of those that 'row' lies in, or 'row' itself? */
static bool is_above(const struct lathe_iso9660_host *host, uint32_t at,
		     const struct stat *st)
{
	const struct lathep_iso9660_row *row;

	for (; at; at = row->parent) {
		row = lathep_iso9660_at(&host->rows, at);
		if (row->dev == (uint64_t)st->st_dev &&
		    row->ino == (uint64_t)st->st_ino)
			return true;
	}
	return false;
}

static int add_folder(struct lathep_iso9660_adding *a,
		      const struct lathep_iso9660_item *item)
{
	uint32_t node;
	int err;

	if (item->follow && is_above(a->host, item->row, item->st))
		return lathep_iso9660_adding_unread(
			a, LATHE_ISO9660_SKIPPED_LOOP, item, 0);
	err = lathep_iso9660_folder_node(a, item, &node);
	if (err)
		return err;
	/* What is mounted there stays empty, or what the disc has of it. */
	if (a->host->config.one_file_system && item->st->st_dev != a->dev)
		return lathep_iso9660_note_unread(a, node, NULL);
	return lathep_iso9660_push_folder(
		a,
		lathep_iso9660_folder_row(a, item->row, item->name, item->st,
					  item->follow != 0),
		node);
}

/* ---- one entry ---------------------------------------------------------- */

/* Asked only where the mode does not say it already. */
bool lathep_iso9660_readable(int fd, const char *name, const struct stat *st)
{
	return (st->st_mode & 0444) == 0444 ||
	       faccessat(fd, name, R_OK, AT_EACCESS) == 0;
}

/* A new name of a file that the tree may hold under one which comes behind
 * it. */
static bool comes_later(const struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_item *item)
{
	uint32_t node;

	return item->shared && a->flags & LATHE_ISO9660_UPDATE &&
	       !lathep_iso9660_has_child(a, item->parent, item->node_name,
					 &node);
}

static int add_regular(struct lathep_iso9660_adding *a, const struct place *at,
		       const struct lathep_iso9660_item *item)
{
	enum lathe_iso9660_skipped why = LATHE_ISO9660_SKIPPED_OUTPUT;
	int sys_errno = 0;
	uint32_t node;

	if (!lathep_iso9660_is_output(a->host, item->st)) {
		why = LATHE_ISO9660_SKIPPED_UNREADABLE;
		if (lathep_iso9660_readable(at->fd, item->name, item->st))
			return comes_later(a, item)
				       ? lathep_iso9660_adding_link(a, item, 0)
				       : lathep_iso9660_adding_file(a, item,
								    &node);
		sys_errno = errno;
	}
	return lathep_iso9660_adding_unread(a, why, item, sys_errno);
}

int lathep_iso9660_map_name(const struct lathe_iso9660_host *host,
			    const char *name, size_t len, bool directory,
			    char *out)
{
	int n = host->config.name(host->config.name_ctx, name, len, directory,
				  out);

	return n > 0 && n <= (int)LATHE_ISO9660_NAME_MAX &&
			       lathep_iso9660_utf8_valid(out, (size_t)n, false)
		       ? n : 0;
}

/* The name in the tree; NULL: it has none there. */
static const char *tree_name(struct lathep_iso9660_adding *a, const char *name,
			     bool directory)
{
	char *mapped = a->host->mapped;
	size_t len = strlen(name);
	int n;

	if (!a->host->config.name)
		return lathep_iso9660_utf8_valid(name, len, false) ? name
								   : NULL;
	n = lathep_iso9660_map_name(a->host, name, len, directory, mapped);
	mapped[n] = 0;
	if (n == 0)
		return NULL;
	return strcmp(mapped, name) == 0 ? name : mapped;
}

static int make_path(struct lathep_iso9660_adding *a, size_t room)
{
	void *p;

	if (room <= a->path_room)
		return 0;
	p = lathep_iso9660_realloc(&a->host->config.hooks, a->path,
				   a->path_room, room * 2);
	if (!p)
		return lathep_iso9660_adding_no_memory(a);
	a->path = p;
	a->path_room = room * 2;
	return 0;
}

/* Returns 1 for what is left out, 0, or an error. 'mode' 0: nobody knows what
 * it is, so it has to be left out as a file and as a directory. */
static int excluded(struct lathep_iso9660_adding *a, const char *name,
		    mode_t mode)
{
	const struct lathe_iso9660_host_config *config = &a->host->config;
	size_t len = strlen(name);
	int err;

	if (!config->excluded)
		return 0;
	err = make_path(a, a->path_len + len + 2);
	if (err)
		return err;
	a->path[a->path_len] = '/';
	memcpy(a->path + a->path_len + 1, name, len + 1);
	return config->excluded(config->excluded_ctx, a->path, S_ISDIR(mode)) &&
	       (mode || config->excluded(config->excluded_ctx, a->path, true));
}

int lathep_iso9660_adding_path(struct lathep_iso9660_adding *a, uint32_t node)
{
	int err;

	a->path_len = node == LATHE_ISO9660_ROOT
			      ? 0 : lathe_iso9660_path(a->tree, node, NULL, 0);
	err = make_path(a, a->path_len + 1);
	if (!err && a->path_len)
		lathe_iso9660_path(a->tree, node, a->path, a->path_room);
	return err;
}

/* What a link leads to, where it shall stand in its place. A regular file
 * may be in the tree: that shows later. */
static void follow_link(struct lathep_iso9660_adding *a, const struct place *at,
			struct lathep_iso9660_item *item, struct stat *st)
{
	struct stat behind;

	if (a->host->config.symlinks != LATHE_ISO9660_LINKS_FOLLOW ||
	    fstatat(at->fd, item->name, &behind, 0) != 0 ||
	    S_ISREG(behind.st_mode))
		return;
	*st = behind;
	item->follow = LATHEP_ISO9660_FOLLOW;
}

/* What has no name in the tree, or can not be looked at. */
static int skip(struct lathep_iso9660_adding *a,
		const struct lathep_iso9660_item *item, int sys_errno)
{
	lathep_iso9660_adding_skip(a,
				   sys_errno ? LATHE_ISO9660_SKIPPED_UNREADABLE
					     : LATHE_ISO9660_SKIPPED_NAME,
				   item->row, item->name, sys_errno);
	if (!item->node_name)
		return 0;
	return lathep_iso9660_note_unread(a, item->parent, item->node_name);
}

static int add_entry(struct lathep_iso9660_adding *a, const struct place *at,
		     const char *name, struct stat *st, int sys_errno)
{
	struct lathep_iso9660_item item = {
		.row = at->row, .parent = at->parent, .name = name, .st = st
	};
	int err;

	if (sys_errno)
		st->st_mode = 0;
	if (S_ISLNK(st->st_mode))
		follow_link(a, at, &item, st);
	item.node_name = tree_name(a, name, S_ISDIR(st->st_mode));
	err = excluded(a, item.node_name ? item.node_name : name, st->st_mode);
	if (err)
		return err < 0 ? err : 0;
	if (sys_errno || !item.node_name)
		return skip(a, &item, sys_errno);
	if (S_ISDIR(st->st_mode))
		return add_folder(a, &item);
	if (S_ISLNK(st->st_mode))
		return lathep_iso9660_adding_link(a, &item, at->fd);
	if (!S_ISREG(st->st_mode))
		return lathep_iso9660_adding_special(a, &item);
	item.shared = st->st_nlink > 1;
	return add_regular(a, at, &item);
}

/* ---- one folder --------------------------------------------------------- */

static int look_at(const struct place *at, const char *name, struct stat *st)
{
	return fstatat(at->fd, name, st, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

/*
 * While others look at the files, the folder is listed whose turn is next as
 * far as is known: if this one has folders in it, these come first, and the
 * list is made again. That it fails is told when its turn comes.
 */
static void list_ahead(struct lathep_iso9660_adding *a)
{
	const struct lathep_iso9660_waiting *next;
	int fd;

	if (a->folders.used == 0)
		return;
	next = lathep_iso9660_at(&a->folders, a->folders.used - 1);
	fd = lathep_iso9660_folder_open(a->host, next->row);
	if (fd < 0)
		return;
	if (lathep_iso9660_list(a->host, &a->listing[!a->at_hand], fd) == 0)
		a->listing[!a->at_hand].row = next->row;
	lathep_iso9660_folder_done(a->host, next->row);
}

static int add_names(struct lathep_iso9660_adding *a, const struct place *at)
{
	const struct lathe_hooks *hooks = &a->host->config.hooks;
	const struct lathep_iso9660_listing *l = &a->listing[a->at_hand];
	struct lathep_iso9660_look *ahead =
		lathep_iso9660_look_begin(a, at->fd, l);
	struct stat st;
	uint32_t i;
	int err = 0, sys_errno;

	if (ahead)
		list_ahead(a);
	for (i = 0; i < l->count && !err; i++) {
		const char *name = lathep_iso9660_byte_at(&l->names,
							  l->name[i]);

		sys_errno = ahead ? lathep_iso9660_look_at(ahead, i, &st)
				  : look_at(at, name, &st);
		err = add_entry(a, at, name, &st, sys_errno);
		if (!err && i % 64 == 0 && hooks->cancelled &&
		    hooks->cancelled(hooks->ctx))
			err = lathep_iso9660_adding_fail(a, LATHE_ERR_CANCELLED,
							 0, "", "cancelled");
	}
	lathep_iso9660_look_end(ahead);
	return err;
}

/* That too many files are open is not the folder's fault. */
static int skip_folder(struct lathep_iso9660_adding *a, const struct place *at,
		       int sys_errno)
{
	if (sys_errno == ENOMEM)
		return lathep_iso9660_adding_no_memory(a);
	if (sys_errno == EMFILE || sys_errno == ENFILE)
		return lathep_iso9660_adding_fail(
			a, LATHE_ERR_IO, at->row, "",
			"too many files are open");
	lathep_iso9660_adding_skip(a, LATHE_ISO9660_SKIPPED_UNREADABLE,
				   at->row, "", sys_errno);
	return lathep_iso9660_note_unread(a, at->parent, NULL);
}

static int read_folder(struct lathep_iso9660_adding *a, const struct place *at)
{
	int sys_errno = 0;

	a->at_hand = !a->at_hand;
	if (a->listing[a->at_hand].row != at->row)
		sys_errno = lathep_iso9660_list(
			a->host, &a->listing[a->at_hand], at->fd);
	a->listing[a->at_hand].row = 0;
	return sys_errno ? skip_folder(a, at, sys_errno) : add_names(a, at);
}

static int enter_folder(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_waiting *folder)
{
	struct place at = { folder->row, folder->node, -1 };
	int err = 0;

	if (a->host->config.excluded)
		err = lathep_iso9660_adding_path(a, folder->node);
	if (err)
		return err;
	at.fd = lathep_iso9660_folder_open(a->host, folder->row);
	if (at.fd < 0)
		return skip_folder(a, &at, errno);
	err = read_folder(a, &at);
	lathep_iso9660_folder_done(a->host, folder->row);
	return err;
}

int lathep_iso9660_adding_folders(struct lathep_iso9660_adding *a)
{
	struct lathep_iso9660_waiting folder;
	int err = 0;

	while (!err && a->folders.used) {
		folder = *(const struct lathep_iso9660_waiting *)
			lathep_iso9660_at(&a->folders, --a->folders.used);
		err = enter_folder(a, &folder);
	}
	return err;
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_folders;
#endif
