/* SPDX-License-Identifier: MIT */
/*
 * A disc or an image file, its sessions, and the tree in one of them.
 */
#ifndef LATHE_TOOL_VOLUME_H
#define LATHE_TOOL_VOLUME_H

#include "session/lathe_session.h"
#include "tools/drive.h"

/* Part of the options of each command that reads volumes. */
struct volume_options {
	struct drive_options drive;
	const char *image;
	uint32_t session;	/* 0: the last one with a volume */
};

struct volume {
	struct tool *tool;
	const char *name;	/* as the user called it */
	struct lathe_blocks blocks; /* with a chain: as the session that was
				     * picked left them */
	struct lathe_session_info *session; /* in order */
	uint32_t count;
	struct lathe_iso9660_chain *chain; /* of an image or an overwritable
					    * medium: a link for each */

	bool is_disc;		/* the following are filled in */
	struct drive drive;
	struct lathe_session_disc disc;

	bool joliet_names;	/* import these, not those of Rock Ridge */
	bool quiet;		/* tell of nothing that is odd */
	/* Of what was imported last: */
	int64_t shift;		/* of its addresses */
	uint32_t oddities;
	uint32_t left_out;	/* of these, by which files were lost */
	bool damaged;		/* it is what is left of it */
	bool continued;		/* what is lost will not be in a new session */

	/* Private. */
	struct lathe_session_reader reader;
	struct lathe_blocks whole;
	struct lathe_iso9660_view view;
	int fd;
	uint32_t start;		/* of what was imported last */
	bool looking;		/* for the sessions of an image */
	bool unread;		/* a block could not be read meanwhile; */
	uint32_t unread_lba;	/* of an image the last one, of a disc the
				 * first one */
};

/* The hierarchies that are looked for besides ISO 9660. */
extern const struct lathe_iso9660_use volume_uses[1];

/*
 * Open the disc or image and list its sessions. 'past_cache': read the
 * medium, not the drive's cache. Returns 0 or, after complaining, the exit
 * status; then nothing stays open. Sessions of an image have one track each.
 */
int volume_open(struct volume *volume, struct tool *tool,
		const struct volume_options *options, bool past_cache);
/* Returns 'status' or, as drive_close() does, another one. */
int volume_close(struct volume *volume, int status);

/* The session that is asked for. Returns 0 or the exit status. */
int volume_pick(struct volume *volume, uint32_t number,
		const struct lathe_session_info **out);

/* ---- sessions that are not found: volume_lost.c ------------------------- */

/* For who lists sessions: a note, if the newest one of an image is not there
 * any more, or can not be read. volume_pick() refuses to take another one for
 * it. */
void volume_tell_lost(const struct volume *volume);

/* Where the session ends, beyond the end of the file, that the descriptors at
 * block 16 lead to and that is not there; else 0. */
uint32_t volume_lost_end(const struct volume *volume);

/* May it be one of which a block can not be read? What block 16 leads to is
 * not to be changed then. */
bool volume_lost_unread(const struct volume *volume);

/* 0, or after complaining of either the exit status. */
int volume_refuse_lost(const struct volume *volume);

/* The same of the disc in a drive that somebody is about to record on; 0 of
 * one that can not be overwritten. */
int volume_refuse_hidden(struct tool *tool, struct drive *drive);

/* A note, and true, if older ones may be missing. */
bool volume_tell_gap(const struct volume *volume);

/* There is none, which is complained about. Returns the exit status. */
int volume_complain_none(struct volume *volume);
int volume_complain_session(struct volume *volume, uint32_t number);

/* Its tree, for lathe_iso9660_tree_destroy(). Returns 0 or the exit status. */
int volume_import(struct volume *volume,
		  const struct lathe_session_info *session,
		  struct lathe_iso9660_tree **out);

/* The same tree with the names of Joliet in place of those of Rock Ridge, or
 * the reverse. NULL: it can not be read so; nothing is told. */
struct lathe_iso9660_tree *
volume_import_other(const struct volume *volume,
		    const struct lathe_session_info *session);

/* One past the last block of the newest session of an image or overwritable
 * medium. Volumes of other programs may tell an end that their files go
 * beyond: of these it is that of the files; 0: they can not be read. */
uint32_t volume_files_end(struct volume *volume);

/* As volume_import() for who reads files one by one: those that go on behind
 * the end of what is there are in the tree as well, and their number is told.
 * Of damaged directories what is left is there, which is told; volume_rest() is
 * then the status for who has done all the rest. */
int volume_import_cut(struct volume *volume,
		      const struct lathe_session_info *session,
		      struct lathe_iso9660_tree **out);
int volume_rest(const struct volume *volume);

/* Is that error of a read about the disc or image, not the drive? */
bool volume_is_damage(struct volume *volume, int err);

/* Where a track ends behind which there are others. */
uint32_t volume_track_end(const struct lathe_mmc_track *track);

/* The number of the session that holds block 'lba'; 0: before the first. */
uint32_t volume_session_of(const struct volume *volume, uint32_t lba);

/* ---- image files -------------------------------------------------------- */

/* Fill in blocks and sessions from the file volume->name. */
int volume_open_image(struct volume *volume);

/* The parts of it: open the file as volume->fd; go on from there. It stays the
 * caller's to be closed. */
int volume_open_file(struct volume *volume, int flags);
int volume_read_image(struct volume *volume);

/* What else the file is, and what to do then; NULL if that is not known. */
const char *volume_image_kind(const struct volume *volume,
			      const char **remedy);

/* Of at least one byte. */
bool all_zero(const uint8_t *p, size_t bytes);

/* Blocks of the file volume->fd. lathe_blocks.read. */
int volume_read_blocks(void *volume, uint32_t lba, uint32_t count,
		       uint8_t *out);

/* Blocks 0 to 31 as they ought to be; *agrees: they are. Returns 0 or the exit
 * status. */
#define VOLUME_HEAD_BLOCKS 32u
#define VOLUME_HEAD_BYTES (VOLUME_HEAD_BLOCKS * LATHE_BLOCK_BYTES)
int volume_newest_head(struct volume *volume, uint8_t *head, bool *agrees);

/* In the copy of a disc the first session's descriptors may stand at block 16
 * alone: then what is to be kept of them in blocks from *at on, which is behind
 * 'end', LATHE_ISO9660_COPY_BLOCKS of them, and true. */
bool volume_keep_first(const struct volume *volume, uint32_t end,
		       uint32_t *at, uint8_t *copy);

/* Sessions from volume->chain. */
void volume_list_chain(struct volume *volume);

/* ... that is read here, of an overwritable disc in a drive, by way of
 * volume->reader. */
int volume_list_grown(struct volume *volume, struct drive *drive);

/* See 'blocks'; 'number' from 1. */
void volume_view_image(struct volume *volume, uint32_t number);

void volume_add_session(struct volume *volume,
			const struct lathe_session_info *info);

#endif
