/* SPDX-License-Identifier: MIT */
/*
 * lathe_session.h - multi-session discs: what is in the drive, whether it can
 * be continued, the content for the next session, recording, verification.
 *
 * The master behaves as Microsoft's Image Mastering API did: choosing a
 * recorder while the Joliet format is active reads the disc in it; a disc
 * that lathe wrote, with room for one more session, switches the master to
 * multi-session mode by itself; clearing the content goes back to
 * single-session mode, which needs a blank disc; in multi-session mode the
 * same disc must be in the drive when recording starts. Where IMAPI's
 * documents leave a question open, DESIGN.md has the answer.
 *
 * Sizes and addresses are in blocks of 2048 bytes, LBAs absolute.
 *
 * Memory comes from hooks.realloc; most of it is the tree's and the plan's.
 * Where a call takes them, 'hooks', 'failure' and 'bad' may be NULL; other
 * pointers only where that is said.
 *
 * Log lines: session.final, session.never-final, session.locked,
 * session.eject, session.no-boot, session.no-full-toc, session.next-writable,
 * session.quick, session.not-whole; those of the drive's own hooks are in
 * lathe_mmc.h.
 *
 * Threads: a master, the drive it was given and its tree are for one thread
 * at a time. Several masters are independent.
 *
 * Hooks and callbacks may make the calls that take the master, or the drive,
 * as const, and 'not_whole' may look at lathe_session_tree(), by
 * lathe_iso9660_get() and _path().
 */
#ifndef LATHE_SESSION_H
#define LATHE_SESSION_H

#include "session/lathe_session_disc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- does it fit: pure arithmetic --------------------------------------- */

enum lathe_session_fits {
	LATHE_SESSION_FITS_APPENDABLE,	/* and the closing reserve as well */
	LATHE_SESSION_FITS_FINAL,	/* but no further session would */
	LATHE_SESSION_FITS_NOT
};

/* A session of 'volume_blocks' on a medium with 'free_blocks'. */
struct lathe_session_space {
	uint32_t need;		/* track: volume, minimum, alignment, run-out */
	uint32_t pad;		/* read-ahead blocks behind the volume, in the
				 * track, as far as there is room */
	uint32_t track;		/* blocks to be written: without run-out */
	enum lathe_session_fits fit;
};
void lathe_session_fit(const struct lathe_mmc_costs *costs,
		       uint32_t free_blocks, uint32_t volume_blocks,
		       struct lathe_session_space *out);

/* ---- the master --------------------------------------------------------- */

struct lathe_session_master;

struct lathe_session_config {
	size_t size;		/* sizeof(struct lathe_session_config) */
	struct lathe_hooks hooks;
	struct lathe_iso9660_limits limits;

	/* Totals leave out the closing reserve, and a session that would
	 * leave no room for another is LATHE_ERR_FULL unless 'final' is asked
	 * for; also where the medium takes one session only. */
	bool strict_totals;

	/* Names that Joliet can not hold are mapped and reported; otherwise
	 * they are LATHE_ERR_NAME. ISO 9660 names are always mapped. */
	bool map_names;

	struct lathe_iso9660_primary_options primary;
	struct lathe_joliet_options joliet;

	/* What ISO 9660 is recorded with besides: &lathe_iso9660_rock_ridge
	 * and its options, or NULL: then a disc that is continued has the
	 * names of Joliet, and its links and devices that Joliet does not
	 * show are left out. Borrowed as long as the master. */
	const struct lathe_iso9660_system_use *system_use;
	const void *system_use_options;

	void (*renamed)(void *ctx, const struct lathe_iso9660_renamed *what);
	void *renamed_ctx;

	/* Odd things met while importing a foreign disc; also files that end
	 * behind a session that was closed short, which are left out. */
	void (*odd)(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		    const char *text);
	void *odd_ctx;
};

/* LATHE_ERR_ARG: 'size' is not known; LATHE_ERR_MEMORY. To destroy NULL does
 * nothing; to destroy a master does not touch its drive. */
int lathe_session_master_create(const struct lathe_session_config *config,
				struct lathe_session_master **out);
void lathe_session_master_destroy(struct lathe_session_master *master);
const struct lathe_failure *
lathe_session_failure(const struct lathe_session_master *master);

enum lathe_session_format {
	LATHE_SESSION_FORMAT_NONE,
	LATHE_SESSION_FORMAT_JOLIET	/* one data track, ISO 9660 + Joliet */
};

/* Choose the format; clears the content. */
int lathe_session_set_format(struct lathe_session_master *master,
			     enum lathe_session_format format);

/*
 * Choose the drive, which must hold the disc; borrowed until another one is
 * chosen or the master is destroyed. Reads the disc: an own one with room for
 * another session switches to multi-session mode and its tree becomes the
 * content. Must be called anew before each image, even for the same drive.
 *   LATHE_ERR_NO_FORMAT
 *   LATHE_ERR_NO_MEDIUM       recorder and mode stay as they were
 *   LATHE_ERR_MEDIUM_TYPE     not recordable, or not any more in this drive
 *   LATHE_ERR_WRONG_DISC      it was exchanged meanwhile
 *   LATHE_ERR_NOT_APPENDABLE  final, or no room for one more session: with
 *                         strict totals, and unless the disc shall be final,
 *                         one that leaves the closing reserve
 *   LATHE_ERR_UNFINISHED      a cut burn
 *   LATHE_ERR_STATE           content is staged: record or clear it first
 *   errors of the drive and of lathe_iso9660_import()
 * A used disc that is not lathe's is no error: the master is in single-session
 * mode and recording will say LATHE_ERR_NOT_BLANK.
 * A drive that was gone (LATHE_ERR_NO_DEVICE) need not be chosen anew when
 * 'mmc' reaches it again, and what is staged stays.
 */
int lathe_session_set_recorder(struct lathe_session_master *master,
			       struct lathe_mmc *mmc);

/*
 * Go on with a burn that was cut: as lathe_session_set_recorder(), for a disc
 * whose last session is open. Content, volume name and date must then be made
 * as they were; recording compares what is on the disc with the beginning of
 * it, reading both, and goes on behind that. Volume name and date are those
 * on the disc, as far as they are, until a recorder is chosen or the content
 * cleared. On overwritable media nothing stays open: the burn begins anew, and
 * what is there of a first session is given up with 'overwrite' in the options
 * of recording alone (LATHE_ERR_NOT_BLANK).
 *   LATHE_ERR_STATE        nothing on this disc was cut short
 *   LATHE_ERR_UNSUPPORTED  the drive can not go on with an open track there
 *   LATHE_ERR_CHANGED      by lathe_session_record(): what is on the disc is
 *                          not the beginning of this content
 */
int lathe_session_resume(struct lathe_session_master *master,
			 struct lathe_mmc *mmc);

/*
 * Take over the disc in the chosen drive although another program wrote it:
 * any valid ISO 9660 volume in the last session of an appendable disc.
 *   LATHE_ERR_WRONG_DISC  another disc is in the drive meanwhile, or none
 *   LATHE_ERR_NO_FORMAT, LATHE_ERR_NO_RECORDER,
 *   LATHE_ERR_STATE (content is staged, or was cleared),
 *   LATHE_ERR_NO_VOLUME, LATHE_ERR_NOT_APPENDABLE, errors of the import
 */
int lathe_session_import(struct lathe_session_master *master);

/* Drop all content and go back to single-session mode; the disc is not read
 * again until a recorder is chosen, or what is staged next was recorded.
 * LATHE_ERR_NO_FORMAT. */
int lathe_session_clear(struct lathe_session_master *master);

/* What choosing the recorder found. NULL without a recorder. */
const struct lathe_session_disc *
lathe_session_chosen(const struct lathe_session_master *master);
/* NONE without a format or without a recorder. Behind a recording as it was,
 * until the disc is read again. */
enum lathe_session_mode
lathe_session_current_mode(const struct lathe_session_master *master);

/* The volume name; NULL or "": the date as YYYY_MM_DD from 'created' if that
 * is set, else the name of the session before, else "LATHE". Copied; stays
 * until it is set anew. A name that is not the disc's, see below, is content.
 * 'created' is as in struct lathe_iso9660_volume; NULL: not given.
 * LATHE_ERR_STATE within an edit, LATHE_ERR_LIMIT above 128 bytes. */
int lathe_session_set_volume(struct lathe_session_master *master,
			     const char *name, const uint8_t created[17]);

/* Is 'name' that of the volume that was found: as it is shown, or since it
 * becomes what is recorded there, in ISO 9660 (8.4.6: 32 d-characters) and in
 * Joliet (16 characters), if it has that? 'primary' may be NULL. Pure. */
bool lathe_session_is_named(const struct lathe_iso9660_found *found,
			const struct lathe_iso9660_primary_options *primary,
			    const char *name);

/* Whether the disc is to be final after recording: there is then no closing
 * reserve in the totals. The same wish in the options of recording counts
 * there only. */
void lathe_session_set_final(struct lathe_session_master *master, bool final);

/*
 * Where the first layer of the chosen disc, a blank DVD+R DL, is to end: after
 * so many blocks, 0: as the drive has it. The disc then has twice as many at
 * most, in the totals as well; the same wish in the options of recording counts
 * there only. Holds until a recorder is chosen, or the disc is read again after
 * a recording, which this call does first, as an edit does. Whether the drive
 * takes the number is seen when recording.
 *   LATHE_ERR_NO_FORMAT, LATHE_ERR_NO_RECORDER, those of an edit that reads
 *   the disc again
 *   LATHE_ERR_UNSUPPORTED  the disc has no layers to choose, or is not blank
 *   LATHE_ERR_ARG          no multiple of 16: both layers have whole ECC blocks
 */
int lathe_session_set_layer_break(struct lathe_session_master *master,
				  uint32_t blocks);

/*
 * Changing the content, all or nothing: begin, change the tree with the calls
 * of lathe_iso9660.h, commit. Commit plans the whole: on LATHE_ERR_FULL,
 * LATHE_ERR_NAME, LATHE_ERR_LIMIT and every other error the tree is as it was
 * at begin. Abort undoes by itself.
 * The tree is the master's, which destroys it; *tree is of use until the commit
 * or abort, and is not changed at other times. Savepoints of one's own within
 * an edit are fine; a plan of one's own has to be gone before it ends. Sources,
 * and lathe_iso9660_host objects, must outlive the master. After an abort, or a
 * commit that failed: lathe_iso9660_host_finish() with no tree, if files were
 * added with LATHE_ISO9660_UPDATE or _MIRROR.
 * After a recording the disc is read again by the first edit, with the errors
 * of lathe_session_set_recorder(), unless content was kept.
 *   LATHE_ERR_STATE  begin within begin, commit without one
 *   LATHE_ERR_NO_FORMAT, LATHE_ERR_NO_RECORDER
 */
int lathe_session_edit(struct lathe_session_master *master,
		       struct lathe_iso9660_tree **tree);
int lathe_session_commit(struct lathe_session_master *master);
void lathe_session_abort(struct lathe_session_master *master);

/* The content, to look at until the next call that takes the master and is not
 * const. NULL without a format. */
struct lathe_iso9660_tree *
lathe_session_tree(struct lathe_session_master *master);

struct lathe_session_sizes {
	uint32_t total_blocks;	/* next writable + free, less the reserve when
				 * totals are strict */
	uint32_t used_blocks;	/* next writable + need of the content */
	uint32_t volume_blocks;	/* of the image */
	uint32_t metadata_blocks;
	struct lathe_session_space space;
};

/* Cheap: the content is laid out once after each change. The first call after
 * a recording reads the disc again, as an edit does. What can be recorded as
 * the only session alone is LATHE_SESSION_FITS_FINAL in 'space'.
 * LATHE_ERR_NO_FORMAT, LATHE_ERR_NO_RECORDER; LATHE_ERR_STATE within an edit;
 * LATHE_ERR_LIMIT and such from planning. */
int lathe_session_totals(struct lathe_session_master *master,
			 struct lathe_session_sizes *out);

/* ---- recording ---------------------------------------------------------- */

struct lathe_session_record_options {
	size_t size;	/* sizeof(struct lathe_session_record_options) */
	bool simulate;
	bool final;		/* no further session shall be possible */
	bool keep_appendable;	/* LATHE_ERR_FULL rather than a final disc;
				 * not with 'final' or 'at_once' */
	bool eject;		/* after success, or a cancel before the first
				 * WRITE */
	bool keep_content;	/* of the master, after success: it stays
				 * staged, and choosing a recorder is
				 * LATHE_ERR_STATE until it is cleared or
				 * recorded without this. In multi-session mode
				 * it is for copies of the disc as it was */
	bool stop_on_source_error;
	enum lathe_session_verify verify;
	uint32_t speed_kb_per_s;
	bool at_once;		/* CD session at once, DVD disc at once: on a
				 * blank disc, which is final then. Done by
				 * itself where the drive has no other way */
	uint32_t layer_break;	/* blank DVD+R DL: blocks of layer 0, a multiple
				 * of 16; 0: as the drive has it. The disc then
				 * has twice as many at most */
	bool reserve;		/* tell the drive the size beforehand, where
				 * the medium has such a thing */
	bool stream;		/* no check of each write by the drive */
	bool overwrite;		/* single-session mode, overwritable media:
				 * what is on it, if anything, is given up */
	struct lathe_iso9660_feed_options feed;

	/* Told about each file that is not whole on the disc; and, before the
	 * first WRITE, about each one whose source differs. */
	void (*not_whole)(void *ctx, uint32_t node, uint64_t offset, int err,
			  const char *text);
	void *not_whole_ctx;
};

/* How the disc was left. */
enum lathe_session_end {
	LATHE_SESSION_END_UNTOUCHED,	/* nothing was written */
	LATHE_SESSION_END_APPENDABLE,	/* session closed, another may follow */
	LATHE_SESSION_END_FINAL,
	LATHE_SESSION_END_OPEN,		/* cut: earlier sessions are as before,
					 * this one's track is open; on
					 * overwritable media nothing leads to
					 * what there is of it */
	LATHE_SESSION_END_UNKNOWN,	/* the drive does not answer, or memory
					 * ran out looking */
	LATHE_SESSION_END_TORN		/* overwritable: all sessions are there,
					 * readers do not see the newest one:
					 * lathe_session_repair() */
};

struct lathe_session_report {
	enum lathe_session_end end;
	enum lathe_phase phase;	/* that was reached, or in which it failed */
	uint16_t session;	/* its number */
	bool final_for_room;	/* final because no further session fits */
	bool final_by_drive;	/* final because the drive closed it so, which
				 * was not asked for */
	uint32_t start, track_blocks, volume_blocks;
	uint32_t predicted_next;	/* address, from the costs */
	uint32_t next_writable;		/* as the drive says; 0: none */
	uint32_t files_not_whole;
	bool verified;		/* at the level asked for */
	uint32_t blocks_verified;
};

/*
 * Record the content. Order: prevent removal, identity, capacity, sources,
 * and only then the first WRITE; close; read back.
 *
 * Before the first WRITE, with nothing changed:
 *   LATHE_ERR_NO_FORMAT, LATHE_ERR_NO_RECORDER, LATHE_ERR_EMPTY
 *   LATHE_ERR_STATE       within an edit
 *   LATHE_ERR_ARG         no such level to verify at, or layer break; to be
 *                         kept appendable, and final or at once
 *   LATHE_ERR_WRONG_DISC  multi-session mode and another disc, or none; the
 *                         failure names the first component that differs
 *   LATHE_ERR_NO_MEDIUM, LATHE_ERR_NOT_BLANK, LATHE_ERR_MEDIUM_TYPE
 *                         single-session mode
 *   LATHE_ERR_FULL        with the numbers
 *   LATHE_ERR_CHANGED     a source differs from what was added
 *   LATHE_ERR_UNSUPPORTED simulation, where the drive has none
 * Later:
 *   LATHE_ERR_CHANGED     the session is closed, some files are not whole; or
 *                         would not be, in a simulation
 *   LATHE_ERR_CANCELLED, LATHE_ERR_SENSE, LATHE_ERR_TRANSPORT, ...
 *   LATHE_ERR_VERIFY      what was read back differs
 *   LATHE_ERR_NOT_APPENDABLE  it is recorded, but the drive made the disc
 *                         final, against keep_appendable or strict totals;
 *                         not read back
 * After an error the content stays, as long as it is not cleared: for another
 * try with the same disc, where nothing was written, or with another like it.
 * *report is always filled in; report->end says how the disc is. A session
 * whose metadata are not on the disc is never closed.
 *
 * The cancel hook of the master is asked before the disc is prepared, before
 * each WRITE, and never once closing has begun. The drive's own hook is not
 * heeded meanwhile.
 * Progress: PREPARING (and BLANKING, where the disc is formatted first),
 * WRITING from 0, or from what was there, to all blocks of the track, CLOSING,
 * VERIFYING; counts never go backwards.
 * The tray is unlocked at the end, in every case where the drive answers.
 */
int lathe_session_record(struct lathe_session_master *master,
			 const struct lathe_session_record_options *options,
			 struct lathe_session_report *report);

/* ---- images that are ready ---------------------------------------------- */

/* An image, from its first block on. */
struct lathe_session_stream {
	void *ctx;

	/* The next blocks, at most 'count', at least one unless it ends here;
	 * a last part of a block is filled up with zeros. Returns 0 or a
	 * negative enum lathe_err, which the recording returns; more than
	 * 'count' is LATHE_ERR_CORRUPT. */
	int (*read)(void *ctx, uint8_t *out, uint32_t count, uint32_t *got);

	uint32_t blocks;	/* in all; 0: not known */
};

/* Blocks of an image that are looked at to see where it belongs. */
#define LATHE_SESSION_IMAGE_LOOK 64u

/* The address that an image was made for, by its first 'count' blocks, as its
 * root directory and path table say (ECMA-119 9.1, 9.4). 0: the start of a
 * disc, or it does not show. Pure. */
uint32_t lathe_session_image_start(const uint8_t *blocks, uint32_t count);

/*
 * Record an image as a session: on a blank disc one that begins at block 0,
 * behind others one that was made for that place, as its addresses show. On
 * overwritable media its first descriptor is recorded last, and those of
 * sessions that begin near it.
 * Options, report, order and errors as lathe_session_record(); besides:
 *   LATHE_ERR_WRONG_DISC  the image was made for another address
 *   LATHE_ERR_ARG         at_once, and the length is not known
 *   LATHE_ERR_FULL        also later, when one of unknown length goes on and
 *                         on: the track is then left open; or when all of it
 *                         fits and, against keep_appendable, nothing behind
 *                         it: then its session is closed, not final, and not
 *                         read back
 *   LATHE_ERR_CHANGED     it ended before its length: filled with zeros
 * A session that was cut short is left open. QUICK reads back what a
 * twentieth of the time allows, evenly spread.
 */
int lathe_session_record_stream(struct lathe_mmc *mmc,
				const struct lathe_hooks *hooks,
				const struct lathe_session_stream *stream,
			const struct lathe_session_record_options *options,
				struct lathe_session_report *report,
				struct lathe_failure *failure);

/* ---- IMAPI's codes ------------------------------------------------------ */

/*
 * The IMAPI v1 result code (0x8004xxxx) that fits an error of this library,
 * 0 for success, IMAPI_E_GENERIC where none fits. Pure.
 */
uint32_t lathe_session_imapi_code(int err);

#ifdef __cplusplus
}
#endif

#endif
