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
	bool follow;		/* 'name' may be a symbolic link */
	uint64_t dev, ino;	/* of the folder */
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
	uint32_t stamp;		/* of an imported file that is still the same
				 * as the host's; 0: ask the node */
};

/* An imported file that an update found to be the host's. */
struct lathep_iso9660_kept {
	uint32_t node, stamp, row;
};

/* A directory or link whose attributes are set if anything else changes. */
struct lathep_iso9660_later {
	uint32_t node;
	struct lathe_iso9660_attributes attr;
};

_Static_assert(sizeof(struct lathep_iso9660_later) <= 64,
	       "an element of a store");

/* Calls that belong together, up to lathe_iso9660_host_finish(). */
struct lathep_iso9660_update {
	uint64_t tree;		/* its 'hosted'; 0: none yet */
	uint64_t trees;		/* that this host was the first one of */
	uint32_t *seen;		/* by node: number of the call, 0: none */
	uint32_t room, call;
	bool root_filled;
	struct lathe_iso9660_host_totals totals;
	struct lathep_iso9660_store kept, later;
	struct lathep_iso9660_store targets;	/* uint32_t: directories */
};

/* What is used most is in front, what is large at the end: shorter code. */
struct lathe_iso9660_host {
	struct lathep_iso9660_known *known;
	uint32_t known_size, known_used;
	uint64_t clock;
	int cwd;		/* relative paths mean the same for ever */
	uint32_t folders;	/* that stay open, at most */
	struct lathep_iso9660_update update;
	struct lathe_iso9660_host_config config;
	struct lathep_iso9660_store rows, arena;
	struct lathe_failure failure;
	struct lathe_iso9660_source source;

	pthread_mutex_t lock;	/* for 'clock' and 'open' */
	struct lathep_iso9660_open_folder open[LATHEP_ISO9660_OPEN_FOLDERS];

	/* What is at hand: the path of what is left out while it is told, a
	 * name in the tree, where a link leads here and there. Not on the
	 * stack, which may be small. */
	char path[4096];
	char mapped[LATHE_ISO9660_NAME_MAX + 1];
	char link[LATHE_ISO9660_SYMLINK_MAX + 2];
	char mapped_link[LATHE_ISO9660_SYMLINK_MAX + LATHE_ISO9660_NAME_MAX +
			 2];
};

static inline uint32_t lathep_iso9660_row_of(uint64_t file)
{
	return (uint32_t)(file >> 32) & 0x7fffffffu;
}

/* A digest of size and times; its last byte of the inode, which parts those of
 * many files that were made at once. */
uint32_t lathep_iso9660_stamp(const struct stat *st);

uint32_t lathep_iso9660_row_add(struct lathe_iso9660_host *host,
				uint32_t parent, const char *name, bool file);
/* Forget rows from 'rows' on. */
void lathep_iso9660_rows_back(struct lathe_iso9660_host *host, uint32_t rows,
			      uint32_t arena);

/* A descriptor of a folder; give it back. -1 and errno. */
int lathep_iso9660_folder_open(struct lathe_iso9660_host *host, uint32_t row);
void lathep_iso9660_folder_done(struct lathe_iso9660_host *host, uint32_t row);

/* Where errno says that too many files are open: one less of the host's own
 * is. False: there is none to spare, or it is another error. */
bool lathep_iso9660_make_room(struct lathe_iso9660_host *host);

/* "path/name", cut to 'room', at least 1. */
void lathep_iso9660_host_path(struct lathe_iso9660_host *host, uint32_t row,
			      const char *name, size_t len, char *out,
			      size_t room);

/* May the file 'name' in the folder 'fd' be read? Else errno. */
bool lathep_iso9660_readable(int fd, const char *name, const struct stat *st);

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
/* 'stamp': see above. */
int lathep_iso9660_known_add(struct lathe_iso9660_host *host,
			     const struct lathep_iso9660_identity *is,
			     uint32_t node, uint32_t stamp);
/* Imported files may be others from now on. */
void lathep_iso9660_known_forget(struct lathe_iso9660_host *host);
/* Is that file where 'number' and 'name' say? */
bool lathep_iso9660_is_at(struct lathe_iso9660_host *host, uint64_t number,
			  const char *name, size_t len,
			  const struct lathep_iso9660_identity *is);
/* Are the bytes of node those of that file, out of this host? */
bool lathep_iso9660_same_file(struct lathe_iso9660_host *host,
			      const struct lathe_iso9660_tree *tree,
			      uint32_t node,
			      const struct lathep_iso9660_identity *is);

/* ---- attributes: host_attributes_posix.c -------------------------------- */

void lathep_iso9660_host_attributes(const struct lathe_iso9660_host *host,
				    const struct stat *st,
				    struct lathe_iso9660_attributes *out);
/* Is a recorded date that time, as far as it can hold it? */
bool lathep_iso9660_same_time(const uint8_t date[7], const struct stat *st);

/* ---- names in a folder: host_list_posix.c ------------------------------- */

struct lathep_iso9660_listing {
	struct lathep_iso9660_store names;	/* with a final NUL each */
	uint32_t *name;		/* in 'names'; as many more to sort them */
	uint32_t count, room;
	uint32_t row;		/* whose they are; 0: nobody asks */
};

/* All that is in 'fd', but "." and "..". Returns 0 or an errno, ENOMEM if it
 * is no system call that failed. */
int lathep_iso9660_list(struct lathe_iso9660_host *host,
			struct lathep_iso9660_listing *l, int fd);
void lathep_iso9660_list_free(struct lathep_iso9660_listing *l);

/* ---- adding: host_{add,folder,look,file,symlink}_posix.c ---------------- */

/* A folder that is yet to be read. */
struct lathep_iso9660_waiting {
	uint32_t row, node;
};

/* A symbolic link. What becomes of it shows when all else has been added. */
struct lathep_iso9660_symlink {
	struct lathep_iso9660_identity is;	/* of the file */
	uint32_t row, parent;
	uint32_t name;		/* in 'link_names', with a final NUL */
	uint32_t node_name;	/* likewise */
	uint32_t text;		/* likewise; 0: only the file is wanted */
	uint32_t target;	/* node, or 0 */
	uint32_t chain;		/* next one in the same slot, + 1 */
	bool regular;		/* there is such a file... */
	bool unread;		/* ... or may be, but not for us */
};

_Static_assert(sizeof(struct lathep_iso9660_symlink) <= 64,
	       "an element of a store");

struct lathep_iso9660_adding {
	struct lathe_iso9660_host *host;
	struct lathe_iso9660_tree *tree;
	uint32_t flags;
	bool notes;		/* whether nodes come by is noted */
	dev_t dev;		/* of what was asked for */
	char *path;		/* of the folder at hand, or of what is in it,
				 * in the tree: for 'excluded' */
	size_t path_room, path_len;
	struct lathep_iso9660_look *look;	/* NULL until worth it */
	struct lathep_iso9660_store folders;	/* struct waiting */
	bool at_hand;		/* which listing; the other is ahead */
	struct lathep_iso9660_listing listing[2];
	struct lathep_iso9660_store links;	/* struct symlink */
	struct lathep_iso9660_store link_names;
	struct lathe_iso9660_savepoint save;
	uint32_t rows, arena;	/* of the host, before */
	struct lathe_iso9660_host_totals totals;	/* likewise */
	uint32_t kept, later, targets;			/* likewise */
	bool root_filled;				/* likewise */
};

/* Something of the host that becomes a node. */
struct lathep_iso9660_item {
	uint32_t row;		/* of its folder, or of itself */
	uint32_t parent;	/* node */
	const char *name;	/* the host's; "" where 'row' is itself */
	const char *node_name;
	const struct stat *st;
	uint64_t follow;	/* LATHEP_ISO9660_FOLLOW or 0 */
	bool shared;		/* may be in the tree, or come again */
};

int lathep_iso9660_adding_fail(struct lathep_iso9660_adding *a, int err,
			       uint32_t row, const char *name,
			       const char *what);
/* The same with the tree's failure, and for want of memory. */
int lathep_iso9660_tree_failed(struct lathep_iso9660_adding *a, uint32_t row,
			       const char *name);
int lathep_iso9660_adding_no_memory(struct lathep_iso9660_adding *a);

void lathep_iso9660_adding_skip(struct lathep_iso9660_adding *a,
				enum lathe_iso9660_skipped why, uint32_t row,
				const char *name, int sys_errno);

/* The same of what the host has and can not be read, or is not asked for: what
 * is in the tree stays. */
int lathep_iso9660_adding_unread(struct lathep_iso9660_adding *a,
				 enum lathe_iso9660_skipped why,
				 const struct lathep_iso9660_item *item,
				 int sys_errno);

/* Is it what will be written? */
bool lathep_iso9660_is_output(const struct lathe_iso9660_host *host,
			      const struct stat *st);

/* A row of a folder, 0: no memory. */
uint32_t lathep_iso9660_folder_row(struct lathep_iso9660_adding *a,
				   uint32_t parent, const char *name,
				   const struct stat *st, bool follow);
/* A folder's node: found, or made with its attributes. */
int lathep_iso9660_folder_node(struct lathep_iso9660_adding *a,
			       const struct lathep_iso9660_item *item,
			       uint32_t *node);
/* What is in a folder shall be added to a node; 'row' 0: no memory. */
int lathep_iso9660_push_folder(struct lathep_iso9660_adding *a, uint32_t row,
			       uint32_t node);
/* All that was pushed, and what is below it. */
int lathep_iso9660_adding_folders(struct lathep_iso9660_adding *a);
/* Fill in a->path; for the root it is empty, as what is put behind it begins
 * with "/". */
int lathep_iso9660_adding_path(struct lathep_iso9660_adding *a, uint32_t node);

/*
 * What the names listed of the folder 'fd' are, asked ahead. NULL: there is
 * nothing to gain, or no memory for it. Give it back before another folder's
 * turn.
 */
struct lathep_iso9660_look *
lathep_iso9660_look_begin(struct lathep_iso9660_adding *a, int fd,
			  const struct lathep_iso9660_listing *l);
void lathep_iso9660_look_end(struct lathep_iso9660_look *look);
/* As lstat of name i, in ascending order; 0 or its errno. */
int lathep_iso9660_look_at(struct lathep_iso9660_look *look, uint32_t i,
			   struct stat *st);
void lathep_iso9660_look_destroy(struct lathep_iso9660_look *look,
				 const struct lathe_hooks *hooks);

/* What config.name makes of a name: its length in 'out'; 0: it has none in the
 * tree. */
int lathep_iso9660_map_name(const struct lathe_iso9660_host *host,
			    const char *name, size_t len, bool directory,
			    char *out);

/* Add a regular file; *node gets it, or what was there. */
int lathep_iso9660_adding_file(struct lathep_iso9660_adding *a,
			       const struct lathep_iso9660_item *item,
			       uint32_t *node);

/* A device, pipe or socket. */
int lathep_iso9660_adding_special(struct lathep_iso9660_adding *a,
				  const struct lathep_iso9660_item *item);

/* A symbolic link, read from the folder 'fd'; or a shared file, for which it is
 * too early: 'fd' is of no use then. */
int lathep_iso9660_adding_link(struct lathep_iso9660_adding *a,
			       const struct lathep_iso9660_item *item, int fd);
/* The links and shared files that were met, behind all else. */
int lathep_iso9660_adding_symlinks(struct lathep_iso9660_adding *a);

/* ---- what is there already: host_update_posix.c ------------------------- */

enum lathep_iso9660_met {
	LATHEP_ISO9660_MET_NONE,	/* add it */
	LATHEP_ISO9660_MET_OLD,		/* entry: compare with it */
	LATHEP_ISO9660_MET_EARLIER	/* entry: an earlier call added or
					 * found that, which stays */
};

bool lathep_iso9660_has_child(const struct lathep_iso9660_adding *a,
			      uint32_t parent, const char *name,
			      uint32_t *node);

/*
 * What has the item's name. What is in the way of 'kind' is removed. Returns
 * an enum lathep_iso9660_met or an error.
 */
int lathep_iso9660_meet(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_item *item,
			enum lathe_iso9660_kind kind,
			struct lathe_iso9660_entry *entry);

/* It came by and stays as it is, but for attributes that are wanted. */
int lathep_iso9660_keep(struct lathep_iso9660_adding *a,
			const struct lathep_iso9660_item *item,
			const struct lathe_iso9660_entry *entry);
/* A node came by. */
int lathep_iso9660_note_seen(struct lathep_iso9660_adding *a, uint32_t node);
/* The host has something of that name, and can not read it: what is in the
 * tree stays. 'name' NULL: 'parent' itself. */
int lathep_iso9660_note_unread(struct lathep_iso9660_adding *a,
			       uint32_t parent, const char *name);
/* A directory that is filled. */
int lathep_iso9660_note_target(struct lathep_iso9660_adding *a, uint32_t node);

void lathep_iso9660_update_init(struct lathe_iso9660_host *host);
void lathep_iso9660_update_free(struct lathe_iso9660_host *host);
void lathep_iso9660_update_begin(struct lathep_iso9660_adding *a);
/* After a call that failed. */
void lathep_iso9660_update_back(struct lathep_iso9660_adding *a);

#endif
