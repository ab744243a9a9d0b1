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

#include <sys/stat.h>

#include "tools/volume.h"

#define EXTRACT_DEPTH 512u
#define EXTRACT_NAME_MOST 255u	/* bytes that file systems take */

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

/* A set of hashes, of which 0 is none. */
struct extract_made {
	uint64_t *hash;
	size_t count, room;	/* 'room' is a power of 2 */
};

struct extract {
	struct tool *tool;
	struct volume *volume;
	struct lathe_iso9660_tree *tree;
	bool overwrite, keep_modes, keep_owner;
	uint32_t mask;		/* permissions that are not given */
	uint8_t *wanted;	/* a bit for each node; NULL: all are */
	size_t wanted_bytes;
	int target;		/* the directory everything lands in */
	struct extract_level level[EXTRACT_DEPTH];
	uint32_t depth;
	uint8_t *buffer;	/* EXTRACT_CHUNK blocks */
	uint64_t blocks_done, blocks_all;
	uint32_t files, failed, specials;
	uint32_t cut;		/* whose names are too long here */
	uint32_t unset;		/* whose owner, mode or date stayed another */
	int unset_errno;	/* why the first one did */
	bool stopped;		/* on request, before all was done */
	bool over;		/* nothing more can be read */
	int status;		/* of the first failure */
	struct extract_made made; /* in this run */

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

/* 'node', all below it and the directories above it are wanted; without a
 * call everything is. */
void extract_want(struct extract *extract, uint32_t node);
bool extract_wanted(const struct extract *extract, uint32_t node);

/* Extract what is wanted, each in its place below the target; what fails is
 * told, counted and skipped. */
void extract_all(struct extract *extract);

/* Is it to stop here? Then not all is done. */
bool extract_stop(struct extract *extract);

/* ---- parts of it -------------------------------------------------------- */

/* One file into 'directory'. Returns 0 or, after complaining, the exit
 * status; then nothing of it is left there. */
int extract_file(struct extract *extract, int directory,
		 const struct lathe_iso9660_entry *entry);

/* Must what has that name there stay? As a file that is read, errno is ETXTBSY
 * then; or that somebody else writes, EWOULDBLOCK. */
bool extract_must_stay(const struct extract *extract, int directory,
		       const char *name);

/* extract_made.c: note what was made; is what has that name there made in this
 * run? */
void extract_made_add(struct extract *extract, const struct stat *st);
bool extract_made_has(const struct extract *extract, int directory,
		      const char *name);
/* The same of paths of the disc, whatever their case. */
void extract_made_name(struct extract *extract,
		       const struct lathe_iso9660_entry *entry);
bool extract_made_named(const struct extract *extract,
			const struct lathe_iso9660_entry *entry);

/* A name that is a single component of a path, as a string; one that no file
 * system takes is cut. */
bool extract_name(const struct lathe_iso9660_entry *entry, char *out);

/* A line about 'entry', by its path on the disc. */
void extract_tell(struct extract *extract,
		  const struct lathe_iso9660_entry *entry, const char *text);

/* The same of a failure, which is counted. Returns the status. */
int extract_complain(struct extract *extract,
		     const struct lathe_iso9660_entry *entry, int err,
		     const char *why);

/* The same, of what errno says. */
int extract_complain_errno(struct extract *extract,
			   const struct lathe_iso9660_entry *entry);

/* The same, where 'entry' was to be made under its name. */
int extract_complain_made(struct extract *extract,
			  const struct lathe_iso9660_entry *entry);

/* As many blocks more are done, as far as the user is concerned. */
void extract_progress(struct extract *extract, uint64_t blocks);
uint64_t extract_blocks(const struct lathe_iso9660_entry *entry);

/* extract_attributes.c: owner, mode and date, as far as they are recorded.
 * What can not be set is counted: the file is none the worse for it. */
void extract_attributes(struct extract *extract, int fd,
			const struct lathe_iso9660_entry *entry);
void extract_link_attributes(struct extract *extract, int directory,
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
