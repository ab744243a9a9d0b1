/* SPDX-License-Identifier: MIT */
/*
 * Files of this host as sources (POSIX.1-2008): folders are opened one from
 * another, so that no path is too long, and the last ones stay open.
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

#ifdef __APPLE__
#define MTIME(st) ((st)->st_mtimespec)
#define CTIME(st) ((st)->st_ctimespec)
#else
#define MTIME(st) ((st)->st_mtim)
#define CTIME(st) ((st)->st_ctim)
#endif

uint32_t lathep_iso9660_stamp(const struct stat *st)
{
	uint64_t state[5] = {
		(uint64_t)st->st_size,
		(uint64_t)MTIME(st).tv_sec, (uint64_t)MTIME(st).tv_nsec,
		(uint64_t)CTIME(st).tv_sec, (uint64_t)CTIME(st).tv_nsec
	};
	uint32_t stamp = (uint32_t)lathep_iso9660_hash(0, 0, state,
						       sizeof(state)) << 8 |
			 (uint8_t)st->st_ino;

	/* 0 is that of no file. */
	return stamp ? stamp : 1;
}

/* ---- rows --------------------------------------------------------------- */

static const struct lathep_iso9660_row *
row_at(const struct lathe_iso9660_host *host, uint32_t row)
{
	return lathep_iso9660_at(&host->rows, row);
}

static const char *row_name(const struct lathe_iso9660_host *host,
			    uint32_t row)
{
	return lathep_iso9660_byte_at(&host->arena, row_at(host, row)->name);
}

uint32_t lathep_iso9660_row_add(struct lathe_iso9660_host *host,
				uint32_t parent, const char *name, bool file)
{
	struct lathep_iso9660_row *row;
	uint32_t at;

	if (lathep_iso9660_store_reserve(&host->rows, 2) ||
	    host->rows.used >= 0x7fffffffu)
		return 0;
	at = lathep_iso9660_arena_copy(&host->arena, name,
				       (uint32_t)strlen(name) + 1);
	if (!at)
		return 0;
	if (host->rows.used == 0)
		host->rows.used = 1;	/* row 0 is none */
	row = lathep_iso9660_at(&host->rows, host->rows.used);
	memset(row, 0, sizeof(*row));
	row->parent = parent;
	row->name = at;
	row->file = file;
	return host->rows.used++;
}

void lathep_iso9660_rows_back(struct lathe_iso9660_host *host, uint32_t rows,
			      uint32_t arena)
{
	uint32_t i;

	for (i = 0; i < host->folders; i++) {
		if (host->open[i].row && host->open[i].row >= rows) {
			close(host->open[i].fd);
			host->open[i].row = 0;
		}
	}
	host->rows.used = rows;
	host->arena.used = arena;
}

/* ---- folders that are open ---------------------------------------------- */

/* Who looks for it uses it. 'row' 0: a free place. */
static struct lathep_iso9660_open_folder *
find_open(struct lathe_iso9660_host *host, uint32_t row)
{
	uint32_t i;

	for (i = 0; i < host->folders; i++) {
		if (host->open[i].row == row) {
			host->open[i].last_use = ++host->clock;
			return &host->open[i];
		}
	}
	return NULL;
}

/*
 * Where too many files are open, which errno says, close the folder that
 * nobody uses for longest. False: there is none, or it is another error.
 * Called with the lock held.
 */
static bool close_idle(struct lathe_iso9660_host *host)
{
	struct lathep_iso9660_open_folder *oldest = NULL;
	uint32_t i;

	if (errno != EMFILE && errno != ENFILE)
		return false;
	for (i = 0; i < host->folders; i++) {
		struct lathep_iso9660_open_folder *f = &host->open[i];

		if (f->row && f->users == 0 &&
		    (!oldest || f->last_use < oldest->last_use))
			oldest = f;
	}
	if (!oldest)
		return false;
	close(oldest->fd);
	oldest->row = 0;
	return true;
}

bool lathep_iso9660_make_room(struct lathe_iso9660_host *host)
{
	bool made;

	pthread_mutex_lock(&host->lock);
	made = close_idle(host);
	pthread_mutex_unlock(&host->lock);
	return made;
}

/* Open one folder, whose parent is open, 'above', or which is a path. */
static bool open_one(struct lathe_iso9660_host *host, uint32_t row,
		     struct lathep_iso9660_open_folder *above)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC, at = host->cwd, fd;
	struct lathep_iso9660_open_folder *f;

	if (above) {
		above->users++;
		at = above->fd;
		if (!row_at(host, row)->follow)
			flags |= O_NOFOLLOW;
	}
	do {
		f = find_open(host, 0);
		errno = EMFILE;
		fd = f ? openat(at, row_name(host, row), flags) : -1;
	} while (fd < 0 && close_idle(host));
	if (above)
		above->users--;
	if (fd < 0)
		return false;
	f->row = row;
	f->fd = fd;
	return true;
}

/* From the nearest folder above that is open down to the one asked for. */
static struct lathep_iso9660_open_folder *
open_chain(struct lathe_iso9660_host *host, uint32_t row)
{
	struct lathep_iso9660_open_folder *above;
	uint32_t up, next;

	do {
		above = NULL;
		for (up = next = row; up && !above;
		     up = row_at(host, up)->parent) {
			above = find_open(host, up);
			if (!above)
				next = up;
			else if (up == row)
				return above;
		}
	} while (open_one(host, next, above));
	return NULL;
}

int lathep_iso9660_folder_open(struct lathe_iso9660_host *host, uint32_t row)
{
	struct lathep_iso9660_open_folder *f;
	int fd = -1;

	pthread_mutex_lock(&host->lock);
	f = open_chain(host, row);
	if (f) {
		f->users++;
		fd = f->fd;
	}
	pthread_mutex_unlock(&host->lock);
	return fd;
}

void lathep_iso9660_folder_done(struct lathe_iso9660_host *host, uint32_t row)
{
	struct lathep_iso9660_open_folder *f;

	pthread_mutex_lock(&host->lock);
	f = find_open(host, row);
	if (f)
		f->users--;
	pthread_mutex_unlock(&host->lock);
}

/* ---- paths, for messages ------------------------------------------------ */

/* A path that was given as "dir/" has its "/" once in what is below it. */
static size_t part_len(const struct lathe_iso9660_host *host, uint32_t row,
		       bool more)
{
	const char *name = row_name(host, row);
	size_t len = strlen(name);

	while (more && len > 0 && name[len - 1] == '/')
		len--;
	return len;
}

void lathep_iso9660_host_path(struct lathe_iso9660_host *host, uint32_t row,
			      const char *name, size_t len, char *out,
			      size_t room)
{
	size_t total = 0, at;
	bool more;
	uint32_t r;

	if (row_at(host, row)->file)
		len = 0;
	more = len > 0;
	for (r = row; r; r = row_at(host, r)->parent)
		total += part_len(host, r, more || r != row) + (r != row);
	if (len)
		total += 1 + len;
	at = total;
	if (len) {
		at -= len;
		lathep_iso9660_put_part(out, room, at, name, len);
		lathep_iso9660_put_part(out, room, --at, "/", 1);
	}
	for (r = row; r; r = row_at(host, r)->parent) {
		len = part_len(host, r, more || r != row);
		at -= len;
		lathep_iso9660_put_part(out, room, at, row_name(host, r), len);
		if (at > 0)
			lathep_iso9660_put_part(out, room, --at, "/", 1);
	}
	out[total < room ? total : room - 1] = 0;
}

/* ---- the source --------------------------------------------------------- */

/* Where a file is found. */
struct reached {
	int dir;
	uint32_t row;		/* of 'dir', to be given back; or 0 */
	bool follow;
	const char *name;
	char z[LATHE_ISO9660_NAME_MAX + 1];
};

/* False and errno. */
static bool reach(struct lathe_iso9660_host *host, uint64_t file,
		  const char *name, size_t len, struct reached *to)
{
	uint32_t row = lathep_iso9660_row_of(file);

	if (row_at(host, row)->file) {
		to->dir = host->cwd;
		to->row = 0;
		to->follow = true;
		to->name = row_name(host, row);
		return true;
	}
	if (len > LATHE_ISO9660_NAME_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(to->z, name, len);
	to->z[len] = 0;
	to->name = to->z;
	to->row = row;
	to->follow = (file & LATHEP_ISO9660_FOLLOW) != 0;
	to->dir = lathep_iso9660_folder_open(host, row);
	return to->dir >= 0;
}

static void leave(struct lathe_iso9660_host *host, const struct reached *to)
{
	if (to->row)
		lathep_iso9660_folder_done(host, to->row);
}

int lathep_iso9660_file_stat(struct lathe_iso9660_host *host, uint64_t file,
			     const char *name, size_t len, struct stat *st)
{
	struct reached to;
	int got;

	if (!reach(host, file, name, len, &to))
		return -1;
	got = fstatat(to.dir, to.name, st,
		      to.follow ? 0 : AT_SYMLINK_NOFOLLOW);
	leave(host, &to);
	return got;
}

static int open_fd(struct lathe_iso9660_host *host, uint64_t file,
		   const char *name, size_t len)
{
	/* A pipe that took the file's place must not stop us. */
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct reached to;
	int fd;

	if (!reach(host, file, name, len, &to))
		return -1;
	do
		fd = openat(to.dir, to.name,
			    to.follow ? flags : flags | O_NOFOLLOW);
	while (fd < 0 && lathep_iso9660_make_room(host));
	leave(host, &to);
	return fd;
}

static int handle_fd(void *handle)
{
	return (int)((intptr_t)handle - 1);
}

static void source_close(void *ctx, void *handle)
{
	(void)ctx;
	close(handle_fd(handle));
}

/* LATHE_ERR_IO: it is no regular file, if it ever was one. */
static int source_still(void *ctx, uint64_t file, void *handle)
{
	struct stat st;

	(void)ctx;
	if (fstat(handle_fd(handle), &st) != 0 || !S_ISREG(st.st_mode))
		return LATHE_ERR_IO;
	/* Not by its inode: FAT makes another up each time it is asked. */
	return (lathep_iso9660_stamp(&st) ^ (uint32_t)file) >> 8
		       ? LATHE_ERR_CHANGED : 0;
}

static int source_open(void *ctx, uint64_t file, const char *name,
		       size_t name_len, void **handle)
{
	int fd = open_fd(ctx, file, name, name_len), err;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
			       ? LATHE_ERR_CHANGED : LATHE_ERR_IO;
	*handle = (void *)((intptr_t)fd + 1);
	err = source_still(ctx, file, *handle);
	if (err == LATHE_ERR_IO) {
		source_close(ctx, *handle);
		*handle = NULL;
		err = LATHE_ERR_CHANGED;
	}
	return err;
}

static int source_read(void *ctx, void *handle, uint64_t offset,
		       uint32_t bytes, uint8_t *out, uint32_t *got)
{
	ssize_t n;

	(void)ctx;
	do
		n = pread(handle_fd(handle), out, bytes, (off_t)offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return LATHE_ERR_IO;
	*got = (uint32_t)n;
	return 0;
}

static int source_check(void *ctx, uint64_t file, const char *name,
			size_t name_len)
{
	void *handle = NULL;
	int err = source_open(ctx, file, name, name_len, &handle);

	if (handle)
		source_close(ctx, handle);
	return err;
}

static int source_descriptor(void *ctx, void *handle)
{
	(void)ctx;
	return handle_fd(handle);
}

static void source_describe(void *ctx, uint64_t file, const char *name,
			    size_t name_len, char *out, size_t room)
{
	lathep_iso9660_host_path(ctx, lathep_iso9660_row_of(file), name,
				 name_len, out, room);
}

static const struct lathe_iso9660_source files = {
	.ctx = NULL, .open = source_open, .read_at = source_read,
	.close = source_close, .check = source_check, .still = source_still,
	.descriptor = source_descriptor, .describe = source_describe
};

/* ---- making ------------------------------------------------------------- */

/* Where few files can be open, most of these are for others; two folders are
 * needed. -1 is no limit. */
static uint32_t most_open(void)
{
	unsigned long most = (unsigned long)sysconf(_SC_OPEN_MAX) / 4 + 2;

	return most < LATHEP_ISO9660_OPEN_FOLDERS
		       ? (uint32_t)most : LATHEP_ISO9660_OPEN_FOLDERS;
}

int lathe_iso9660_host_create(const struct lathe_iso9660_host_config *config,
			      struct lathe_iso9660_host **out)
{
	struct lathe_iso9660_host *host;

	if (!config || !out || config->size != sizeof(*config))
		return LATHE_ERR_ARG;
	host = lathep_iso9660_take_zeros(&config->hooks, sizeof(*host));
	if (!host)
		return LATHE_ERR_MEMORY;
	host->config = *config;
	host->folders = most_open();
	host->source = files;
	host->source.ctx = host;
	lathep_iso9660_store_init(&host->rows, &host->config.hooks,
				  sizeof(struct lathep_iso9660_row));
	lathep_iso9660_store_init(&host->arena, &host->config.hooks, 1);
	lathep_iso9660_update_init(host);
	host->cwd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (host->cwd < 0)
		host->cwd = AT_FDCWD;	/* absolute paths still work */
	if (pthread_mutex_init(&host->lock, NULL) != 0) {
		if (host->cwd != AT_FDCWD)
			close(host->cwd);
		lathep_iso9660_give(&config->hooks, host, sizeof(*host));
		return LATHE_ERR_MEMORY;
	}
	*out = host;
	return 0;
}

void lathe_iso9660_host_destroy(struct lathe_iso9660_host *host)
{
	if (!host)
		return;
	lathep_iso9660_rows_back(host, 0, 0);
	lathep_iso9660_store_free(&host->rows);
	lathep_iso9660_store_free(&host->arena);
	lathep_iso9660_update_free(host);
	lathep_iso9660_give(&host->config.hooks, host->known,
			    host->known_size * sizeof(*host->known));
	if (host->cwd != AT_FDCWD)
		close(host->cwd);
	pthread_mutex_destroy(&host->lock);
	lathep_iso9660_give(&host->config.hooks, host, sizeof(*host));
}

const struct lathe_failure *
lathe_iso9660_host_failure(const struct lathe_iso9660_host *host)
{
	return &host->failure;
}

#else

int lathe_iso9660_host_create(const struct lathe_iso9660_host_config *config,
			      struct lathe_iso9660_host **out)
{
	(void)config;
	(void)out;
	return LATHE_ERR_UNSUPPORTED;
}

void lathe_iso9660_host_destroy(struct lathe_iso9660_host *host)
{
	(void)host;
}

const struct lathe_failure *
lathe_iso9660_host_failure(const struct lathe_iso9660_host *host)
{
	(void)host;
	return NULL;
}

#endif
