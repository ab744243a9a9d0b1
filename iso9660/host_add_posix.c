/* SPDX-License-Identifier: MIT */
/*
 * Adding files of this host to a tree. Folders wait on a list, so that no
 * depth costs stack; what is in one is added in the order of names, so that
 * the order in which a file system lists it does not matter.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#define _DARWIN_C_SOURCE

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/host_posix.h"

int lathep_iso9660_adding_fail(struct lathep_iso9660_adding *a, int err,
			       uint32_t row, const char *name, const char *what)
{
	char path[160] = "";

	if (row)
		lathep_iso9660_host_path(a->host, row, name, strlen(name), path,
					 sizeof(path));
	return lathep_iso9660_fail(&a->host->failure, err, "%s%s%s", path,
				   row ? ": " : "", what);
}

static int no_memory(struct lathep_iso9660_adding *a)
{
	return lathep_iso9660_adding_fail(a, LATHE_ERR_MEMORY, 0, "",
					  "no memory to add files");
}

/* A failure of the tree becomes the host's. */
static int tree_failed(struct lathep_iso9660_adding *a, uint32_t row,
		       const char *name)
{
	return lathep_iso9660_adding_fail(a, a->tree->failure.err, row, name,
					  a->tree->failure.text);
}

static void skip(struct lathep_iso9660_adding *a,
		 enum lathe_iso9660_skipped why, uint32_t row, const char *name,
		 int sys_errno)
{
	struct lathe_iso9660_host *host = a->host;

	if (!host->config.skipped)
		return;
	lathep_iso9660_host_path(host, row, name, strlen(name), host->path,
				 sizeof(host->path));
	host->config.skipped(host->config.skipped_ctx, why, host->path,
			     sys_errno);
}

/* ---- dates -------------------------------------------------------------- */

/* 9.1.5, in GMT. Days are counted from 1 March of year 0, so that a leap day
 * is the last of its year. Years that one byte can not hold: no date. */
static void put_date(const struct stat *st, uint8_t out[7])
{
	int64_t days = (int64_t)st->st_mtime / 86400;
	int64_t seconds = (int64_t)st->st_mtime % 86400;
	int64_t era, day, year, month;

	memset(out, 0, 7);
	if (seconds < 0) {
		seconds += 86400;
		days--;
	}
	/* 1900-01-01 to 2155-12-31 */
	if (days < -25567 || days > 67934)
		return;
	days += 719468;
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += era * 400 + (month >= 10);
	out[0] = (uint8_t)(year - 1900);
	out[1] = (uint8_t)(month < 10 ? month + 3 : month - 9);
	out[2] = (uint8_t)(day + 1);
	out[3] = (uint8_t)(seconds / 3600);
	out[4] = (uint8_t)(seconds / 60 % 60);
	out[5] = (uint8_t)(seconds % 60);
}

static void attributes(const struct stat *st,
		       struct lathe_iso9660_attributes *out)
{
	memset(out, 0, sizeof(*out));
	put_date(st, out->date);
}

/* ---- one entry ---------------------------------------------------------- */

/* What comes from one folder has its row in common. */
struct place {
	uint32_t row, parent;
	int fd;
};

int lathep_iso9660_adding_file(struct lathep_iso9660_adding *a, uint32_t row,
			       uint64_t follow, uint32_t parent,
			       const char *name, const char *node_name,
			       const struct stat *st, bool shared)
{
	struct lathe_iso9660_attributes attr;
	struct lathep_iso9660_identity is;
	uint32_t node, target;
	size_t len = strlen(node_name);
	uint64_t file;
	int err;

	attributes(st, &attr);
	lathep_iso9660_identify(st, &is);
	file = follow | (uint64_t)row << 32 | is.stamp;
	target = shared ? lathep_iso9660_known_find(a->host, a->tree, &is) : 0;
	if (target)
		err = lathe_iso9660_add_link(a->tree, parent, node_name, len,
					     &attr, target, a->flags, &node);
	else
		err = lathe_iso9660_add_file(a->tree, parent, node_name, len,
					     &attr, &a->host->source, file,
					     (uint64_t)st->st_size, a->flags,
					     &node);
	if (err)
		return tree_failed(a, row, name);
	if (shared && !target && lathep_iso9660_known_add(a->host, &is, node))
		return no_memory(a);
	return 0;
}

static int push_folder(struct lathep_iso9660_adding *a, uint32_t row,
		       uint32_t node)
{
	struct lathep_iso9660_waiting *folder;

	if (!row || lathep_iso9660_store_reserve(&a->folders, 1))
		return no_memory(a);
	folder = lathep_iso9660_at(&a->folders, a->folders.used++);
	folder->row = row;
	folder->node = node;
	return 0;
}

static int add_folder(struct lathep_iso9660_adding *a, const struct place *at,
		      const char *name, const struct stat *st)
{
	struct lathe_iso9660_attributes attr;
	uint32_t node;

	attributes(st, &attr);
	if (lathe_iso9660_add_directory(a->tree, at->parent, name, strlen(name),
					&attr, &node))
		return tree_failed(a, at->row, name);
	/* What is mounted there stays empty. */
	if (a->host->config.one_file_system && st->st_dev != a->dev)
		return 0;
	return push_folder(
		a, lathep_iso9660_row_add(a->host, at->row, name, false), node);
}

static int add_symlink(struct lathep_iso9660_adding *a, const struct place *at,
		       const char *name)
{
	struct lathep_iso9660_symlink *link;
	struct stat st;

	if (fstatat(at->fd, name, &st, 0) != 0) {
		skip(a, LATHE_ISO9660_SKIPPED_LINK_DANGLING, at->row, name,
		     errno);
		return 0;
	}
	if (!S_ISREG(st.st_mode)) {
		skip(a,
		     S_ISDIR(st.st_mode) ? LATHE_ISO9660_SKIPPED_LINK_DIRECTORY
					 : LATHE_ISO9660_SKIPPED_SPECIAL,
		     at->row, name, 0);
		return 0;
	}
	if (lathep_iso9660_store_reserve(&a->links, 1))
		return no_memory(a);
	link = lathep_iso9660_at(&a->links, a->links.used);
	memset(link, 0, sizeof(*link));
	lathep_iso9660_identify(&st, &link->is);
	link->row = at->row;
	link->parent = at->parent;
	link->name = lathep_iso9660_arena_copy(&a->link_names, name,
					       (uint32_t)strlen(name) + 1);
	if (!link->name)
		return no_memory(a);
	a->links.used++;
	return 0;
}

/* Asked only where the mode does not say it already. */
static bool readable(const struct place *at, const char *name,
		     const struct stat *st)
{
	return (st->st_mode & 0444) == 0444 ||
	       faccessat(at->fd, name, R_OK, AT_EACCESS) == 0;
}

static int add_entry(struct lathep_iso9660_adding *a, const struct place *at,
		     const char *name)
{
	struct stat st;

	if (!lathep_iso9660_utf8_valid(name, strlen(name), false)) {
		skip(a, LATHE_ISO9660_SKIPPED_NAME, at->row, name, 0);
		return 0;
	}
	if (fstatat(at->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		skip(a, LATHE_ISO9660_SKIPPED_UNREADABLE, at->row, name, errno);
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return add_folder(a, at, name, &st);
	if (S_ISLNK(st.st_mode))
		return add_symlink(a, at, name);
	if (!S_ISREG(st.st_mode)) {
		skip(a, LATHE_ISO9660_SKIPPED_SPECIAL, at->row, name, 0);
		return 0;
	}
	if (!readable(at, name, &st)) {
		skip(a, LATHE_ISO9660_SKIPPED_UNREADABLE, at->row, name, errno);
		return 0;
	}
	return lathep_iso9660_adding_file(a, at->row, 0, at->parent, name, name,
					  &st, st.st_nlink > 1);
}

/* ---- one folder --------------------------------------------------------- */

static int by_bytes(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathep_iso9660_store *names = ctx;

	return strcmp(lathep_iso9660_at(names, x), lathep_iso9660_at(names, y));
}

static int list_names(struct lathep_iso9660_adding *a, DIR *dir)
{
	struct dirent *entry;
	uint32_t at;

	a->names.used = a->places.used = 0;
	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return errno ? LATHE_ERR_IO : 0;
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		at = lathep_iso9660_arena_copy(&a->names, entry->d_name,
					       (uint32_t)strlen(entry->d_name) +
						       1);
		if (!at || lathep_iso9660_push(&a->places, at))
			return LATHE_ERR_MEMORY;
	}
}

static int add_names(struct lathep_iso9660_adding *a, const struct place *at,
		     uint32_t *sorted, uint32_t count)
{
	const struct lathe_hooks *hooks = &a->host->config.hooks;
	uint32_t i;
	int err = 0;

	for (i = 0; i < count; i++)
		sorted[i] = lathep_iso9660_u32(&a->places, i);
	lathep_iso9660_sort(sorted, count, sorted + count, by_bytes, &a->names);
	for (i = 0; i < count && !err; i++) {
		err = add_entry(a, at,
				lathep_iso9660_byte_at(&a->names, sorted[i]));
		if (!err && i % 64 == 0 && hooks->cancelled &&
		    hooks->cancelled(hooks->ctx))
			err = lathep_iso9660_adding_fail(a, LATHE_ERR_CANCELLED,
							 0, "", "cancelled");
	}
	return err;
}

static int add_listed(struct lathep_iso9660_adding *a, const struct place *at)
{
	uint32_t count = a->places.used, *sorted;
	size_t bytes = (size_t)count * 2 * sizeof(*sorted);
	int err;

	if (count == 0)
		return 0;
	sorted = lathep_iso9660_realloc(&a->host->config.hooks, NULL, 0, bytes);
	if (!sorted)
		return no_memory(a);
	err = add_names(a, at, sorted, count);
	lathep_iso9660_realloc(&a->host->config.hooks, sorted, bytes, 0);
	return err;
}

static int read_folder(struct lathep_iso9660_adding *a, const struct place *at)
{
	int fd = openat(at->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return no_memory(a);
	}
	err = list_names(a, dir);
	closedir(dir);
	if (err == LATHE_ERR_MEMORY)
		return no_memory(a);
	if (err)
		return lathep_iso9660_adding_fail(a, err, at->row, "",
						  "can not be listed");
	return add_listed(a, at);
}

static int enter_folder(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_waiting *folder)
{
	struct place at = { folder->row, folder->node, -1 };
	int err;

	at.fd = lathep_iso9660_folder_open(a->host, folder->row);
	if (at.fd < 0) {
		skip(a, LATHE_ISO9660_SKIPPED_UNREADABLE, folder->row, "",
		     errno);
		return 0;
	}
	err = read_folder(a, &at);
	lathep_iso9660_folder_done(a->host, folder->row);
	return err;
}

/* ---- what was asked for ------------------------------------------------- */

/* The path itself: a link that was named is followed. */
static int add_path(struct lathep_iso9660_adding *a, uint32_t parent,
		    const char *name, const char *path)
{
	struct lathe_iso9660_attributes attr;
	uint32_t row, node = parent;
	struct stat st;

	if (fstatat(a->host->cwd, path, &st, 0) != 0)
		return lathep_iso9660_fail(&a->host->failure,
					   errno == ENOENT || errno == ENOTDIR
						   ? LATHE_ERR_NOT_FOUND
						   : LATHE_ERR_IO,
					   "%.200s: %s", path,
					   errno == ENOENT || errno == ENOTDIR
						   ? "there is no such file"
						   : "can not be looked at");
	a->dev = st.st_dev;
	row = lathep_iso9660_row_add(a->host, 0, path, !S_ISDIR(st.st_mode));
	if (!row)
		return no_memory(a);
	attributes(&st, &attr);
	if (S_ISREG(st.st_mode) && name)
		return lathep_iso9660_adding_file(a, row, 0, parent, "", name,
						  &st, st.st_nlink > 1);
	if (!S_ISDIR(st.st_mode))
		return lathep_iso9660_adding_fail(
			a, LATHE_ERR_ARG, row, "",
			name ? "neither a file nor a directory"
			     : "not a directory");
	if (name) {
		if (lathe_iso9660_add_directory(a->tree, parent, name,
						strlen(name), &attr, &node))
			return tree_failed(a, row, "");
	} else if (parent == LATHE_ISO9660_ROOT &&
		   lathep_iso9660_node(a->tree, parent)->date[1] == 0) {
		/* The root has its date from the first folder that fills it. */
		if (lathe_iso9660_set_attributes(a->tree, parent, &attr))
			return tree_failed(a, row, "");
	}
	return push_folder(a, row, node);
}

static int add_all(struct lathep_iso9660_adding *a, uint32_t parent,
		   const char *name, const char *path)
{
	int err = add_path(a, parent, name, path);

	while (!err && a->folders.used) {
		struct lathep_iso9660_waiting folder =
			*(const struct lathep_iso9660_waiting *)
				lathep_iso9660_at(&a->folders,
						  --a->folders.used);

		err = enter_folder(a, &folder);
	}
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
	lathep_iso9660_store_init(&a->names, hooks, 1);
	lathep_iso9660_store_init(&a->places, hooks, sizeof(uint32_t));
	lathe_iso9660_save(tree, &a->save);
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
						 "a path of 64 KiB or more");
	else if (lathep_iso9660_begin_change(tree) ||
		 lathep_iso9660_check_folder(tree, parent))
		err = tree_failed(&a, 0, "");
	else
		err = add_all(&a, parent, name, path);
	if (err && !tree->plans) {
		lathe_iso9660_rollback(tree, &a.save);
		lathep_iso9660_rows_back(host, a.rows, a.arena);
	}
	lathep_iso9660_store_free(&a.folders);
	lathep_iso9660_store_free(&a.links);
	lathep_iso9660_store_free(&a.link_names);
	lathep_iso9660_store_free(&a.names);
	lathep_iso9660_store_free(&a.places);
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
