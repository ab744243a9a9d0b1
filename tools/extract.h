/* SPDX-License-Identifier: MIT */
/*
 * Writing a tree of names that nobody vouches for below one directory of the
 * host. Nothing is ever made or changed outside of it: each name is a single
 * component, every step goes through the directory above, and no symbolic
 * link is followed. Symbolic links are made when all files are there, so that
 * nothing is written while one of them exists.
 */
#ifndef LATHE_TOOL_EXTRACT_H
#define LATHE_TOOL_EXTRACT_H

#include "tools/volume.h"

#define EXTRACT_DEPTH 512u

/* A directory that is being filled. */
struct extract_level {
	uint32_t node;
	int fd;			/* -1: could not be made; skip what is in it */
	bool owned;		/* close it, set its date and mode */
};

/* Files whose bytes are at one place, names of one file where Rock Ridge
 * says nothing else of them: sorted by what they have in common, then in the
 * order of the walk. */
struct extract_twin {
	uint32_t lba, order, node;
	uint64_t size;
	bool done;		/* is there, as a file of ours */
};

/* What is made when all files are there. */
struct extract_later {
	uint32_t node;
	uint32_t twin;		/* place of the file it is a name of, + 1; 0: a
				 * symbolic link */
};

struct extract {
	struct tool *tool;
	const struct volume *volume;
	struct lathe_iso9660_tree *tree;
	bool overwrite, keep_modes, keep_owner;
	uint32_t mask;		/* permissions that are not given */
	int target;		/* the directory everything lands in */
	struct extract_level level[EXTRACT_DEPTH];
	uint32_t depth;
	uint8_t *buffer;	/* EXTRACT_CHUNK blocks */
	uint64_t blocks_done, blocks_all;
	uint32_t files, failed, specials;
	int status;		/* of the first failure */

	struct extract_twin *twin;
	size_t twins, twins_room;
	bool links;		/* some come later, and so does what */
	struct extract_later *later; /* filling a directory would change */
	size_t laters, laters_room;
	uint32_t *folder;	/* those within come first */
	size_t folders, folders_room;
	int parent_fd;		/* of extract_parent(); -1: none */
	uint32_t parent;
};

#define EXTRACT_CHUNK 128u	/* blocks of one read */

/* Extract 'node' and all below it, in its place below the target; what fails
 * is told, counted and skipped. */
void extract_node(struct extract *extract, uint32_t node);

/* ---- parts of it -------------------------------------------------------- */

/* One file into 'directory'. Returns 0 or, after complaining, the exit
 * status; then nothing of it is left there. */
int extract_file(struct extract *extract, int directory,
		 const struct lathe_iso9660_entry *entry);

/* A name that is a single component of a path, as a string. */
bool extract_name(const struct lathe_iso9660_entry *entry, char *out);

/* Complain about 'entry', by its path on the disc. Returns the status. */
int extract_complain(struct extract *extract,
		     const struct lathe_iso9660_entry *entry, int err,
		     const char *why);

/* extract_attributes.c: owner, mode and date, as far as they are recorded.
 * Return 0, or -1 and errno. */
int extract_attributes(const struct extract *extract, int fd,
		       const struct lathe_iso9660_entry *entry);
int extract_link_attributes(const struct extract *extract, int directory,
			    const char *name,
			    const struct lathe_iso9660_entry *entry);

/* extract_links.c: note what will be extracted, in the order of the walk;
 * when all is noted find the twins. */
void extract_note(struct extract *extract,
		  const struct lathe_iso9660_entry *entry);
void extract_noted(struct extract *extract);
/* The twin of a file that is to be written, as such or by a link; NULL: it
 * has none. */
struct extract_twin *extract_twin(struct extract *extract,
				  const struct lathe_iso9660_entry *entry);
void extract_later(struct extract *extract, uint32_t node,
		   const struct extract_twin *twin);
void extract_folder_later(struct extract *extract, uint32_t node);
/* Make all that was put off. */
void extract_links(struct extract *extract);
void extract_links_free(struct extract *extract);

#endif
