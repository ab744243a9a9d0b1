/* SPDX-License-Identifier: MIT */
/*
 * host_posix.h - files of this host as sources. No path is kept for a
 * file: its 64-bit number names the folder it was found in and a digest of
 * its state; its name is that of its node.
 */
#ifndef LATHE_ISO9660_HOST_POSIX_H
#define LATHE_ISO9660_HOST_POSIX_H

#include <pthread.h>
#include <sys/stat.h>

#include "iso9660/iso9660_internal.h"

/* A folder of the host: its name in another one, or a path that was given. */
struct lathep_iso9660_row {
	uint32_t parent;	/* 0: 'name' is a path */
	uint32_t name;		/* in the arena, with a final NUL */
	bool file;		/* 'name' is the path of a file itself */
};

/* The number of a file: bit 63 "follow the link", row, 32 bits of stamp. */
#define LATHEP_ISO9660_FOLLOW ((uint64_t)1 << 63)

#define LATHEP_ISO9660_OPEN_FOLDERS 64u

struct lathep_iso9660_open_folder {
	uint32_t row;		/* 0: free */
	uint32_t users;		/* is not closed as long as there are any */
	uint64_t last_use;
	int fd;
};

/* A file with several names, or that symbolic links lead to. */
struct lathep_iso9660_known {
	uint64_t dev, ino;
	uint32_t node;		/* 0: free slot */
};

struct lathe_iso9660_host {
	struct lathe_iso9660_host_config config;
	struct lathe_iso9660_source source;
	struct lathe_failure failure;
	struct lathep_iso9660_store rows, arena;
	int cwd;		/* relative paths mean the same for ever */
	char path[4096];	/* of what is left out, while it is told */

	pthread_mutex_t lock;	/* for what follows */
	struct lathep_iso9660_open_folder open[LATHEP_ISO9660_OPEN_FOLDERS];
	uint64_t clock;

	struct lathep_iso9660_known *known;
	uint32_t known_size, known_used;
};

static inline uint32_t lathep_iso9660_row_of(uint64_t file)
{
	return (uint32_t)(file >> 32) & 0x7fffffffu;
}

/* A digest of device, inode, size and times. */
uint32_t lathep_iso9660_stamp(const struct stat *st);

uint32_t lathep_iso9660_row_add(struct lathe_iso9660_host *host,
				uint32_t parent, const char *name, bool file);
/* Forget rows from 'rows' on. */
void lathep_iso9660_rows_back(struct lathe_iso9660_host *host, uint32_t rows,
			      uint32_t arena);

/* A descriptor of a folder; give it back. -1 and errno. */
int lathep_iso9660_folder_open(struct lathe_iso9660_host *host, uint32_t row);
void lathep_iso9660_folder_done(struct lathe_iso9660_host *host, uint32_t row);

/* "path/name", cut to 'room'. */
void lathep_iso9660_host_path(struct lathe_iso9660_host *host, uint32_t row,
			      const char *name, size_t len, char *out,
			      size_t room);

/* The state of a file as lstat or stat gives it. Returns 0 or -1 and errno. */
int lathep_iso9660_file_stat(struct lathe_iso9660_host *host, uint64_t file,
			     const char *name, size_t len, struct stat *st);

/* ---- files the tree holds already: host_known_posix.c ------------------- */

/* A file by which it is, and the digest of its state. */
struct lathep_iso9660_identity {
	uint64_t dev, ino;
	uint32_t stamp;
};

void lathep_iso9660_identify(const struct stat *st,
			     struct lathep_iso9660_identity *out);
/* The node that holds it, 0. */
uint32_t lathep_iso9660_known_find(struct lathe_iso9660_host *host,
				   const struct lathe_iso9660_tree *tree,
				   const struct lathep_iso9660_identity *is);
int lathep_iso9660_known_add(struct lathe_iso9660_host *host,
			     const struct lathep_iso9660_identity *is,
			     uint32_t node);
/* Is node that file, out of this host? */
bool lathep_iso9660_same_file(struct lathe_iso9660_host *host,
			      const struct lathe_iso9660_tree *tree,
			      uint32_t node,
			      const struct lathep_iso9660_identity *is);

/* ---- adding: host_add_posix.c, host_symlink_posix.c --------------------- */

/* A folder that is yet to be read. */
struct lathep_iso9660_waiting {
	uint32_t row, node;
};

/* A symbolic link to a regular file. Whether that file is in the tree shows
 * when all else has been added. */
struct lathep_iso9660_symlink {
	struct lathep_iso9660_identity is;	/* of the file */
	uint32_t row, parent;
	uint32_t name;		/* in 'link_names', with a final NUL */
	uint32_t target;	/* node, or 0 */
	uint32_t chain;		/* next one in the same slot, + 1 */
};

_Static_assert(sizeof(struct lathep_iso9660_symlink) <= 64,
	       "an element of a store");

struct lathep_iso9660_adding {
	struct lathe_iso9660_host *host;
	struct lathe_iso9660_tree *tree;
	uint32_t flags;
	dev_t dev;		/* of what was asked for */
	struct lathep_iso9660_store folders;	/* struct waiting */
	struct lathep_iso9660_store links;	/* struct symlink */
	struct lathep_iso9660_store link_names;
	struct lathep_iso9660_store names;	/* of the folder at hand */
	struct lathep_iso9660_store places;	/* uint32_t: in 'names' */
	struct lathe_iso9660_savepoint save;
	uint32_t rows, arena;	/* of the host, before */
};

int lathep_iso9660_adding_fail(struct lathep_iso9660_adding *a, int err,
			       uint32_t row, const char *name,
			       const char *what);

/* Add a regular file; 'shared': it may be in the tree already, or may come
 * again. */
int lathep_iso9660_adding_file(struct lathep_iso9660_adding *a, uint32_t row,
			       uint64_t follow, uint32_t parent,
			       const char *name, const char *node_name,
			       const struct stat *st, bool shared);

/* The links that were met: further names of files, or their content. */
int lathep_iso9660_adding_symlinks(struct lathep_iso9660_adding *a);

#endif
