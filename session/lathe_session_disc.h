/* SPDX-License-Identifier: MIT */
/*
 * lathe_session_disc.h - discs that exist: what is in the drive, which disc
 * it is, reading back, closing, repairing, blanking.
 *
 * Part of lathe_session.h, which says what holds for all of it.
 */
#ifndef LATHE_SESSION_DISC_H
#define LATHE_SESSION_DISC_H

#include "iso9660/lathe_iso9660.h"
#include "joliet/lathe_joliet.h"
#include "mmc/lathe_mmc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading a disc as blocks ------------------------------------------- */

/* Lets the reader of volumes read a disc. Caller-owned; the fields are
 * private but for 'blocks', which lead back to it: it must stay where it is. */
struct lathe_session_reader {
	struct lathe_blocks blocks;
	struct lathe_mmc *mmc;
	bool past_cache;
	int drive_err;		/* the last error that was not the disc's */
};

/*
 * 'end' is medium->readable_end less the run-out that ends a CD track written
 * at once, which READ CAPACITY counts although it can not be read. The drive
 * must stay.
 */
void lathe_session_reader_init(struct lathe_session_reader *reader,
			       struct lathe_mmc *mmc,
			       const struct lathe_mmc_medium *medium,
			       bool past_cache);

/* Is 'err', of the drive's last call, about what is on the disc: damaged, not
 * recorded, out of range? Else it is about the drive. */
bool lathe_session_of_the_disc(const struct lathe_mmc *mmc, int err);

/*
 * The sessions of an overwritable medium, on which only the volumes know of
 * them; lathe_iso9660_chain_destroy(). Looks at some blocks behind each, not
 * at all of the medium. Errors as lathe_iso9660_chain_read(); those of the
 * drive are in reader.drive_err.
 */
int lathe_session_chain(const struct lathe_blocks *blocks,
			const struct lathe_hooks *hooks,
			struct lathe_iso9660_chain **out);

/* ---- what is in the drive ----------------------------------------------- */

enum lathe_session_mode {
	LATHE_SESSION_MODE_NONE,	/* nothing can be recorded */
	LATHE_SESSION_MODE_SINGLE,	/* a blank disc is needed */
	LATHE_SESSION_MODE_MULTI	/* bound to the disc that was read */
};

/* "none", "single", "multi". */
const char *lathe_session_mode_name(enum lathe_session_mode mode);

/* The one reason behind the mode. */
enum lathe_session_why {
	LATHE_SESSION_WHY_BLANK,	/* single: the disc is blank */
	LATHE_SESSION_WHY_OWN,		/* multi: own disc with room */
	LATHE_SESSION_WHY_IMPORTED,	/* multi: foreign, import asked for */
	LATHE_SESSION_WHY_CLEARED,	/* single: the content was cleared */
	LATHE_SESSION_WHY_NO_MEDIUM,
	LATHE_SESSION_WHY_NO_STRATEGY,	/* not recordable here */
	LATHE_SESSION_WHY_FINAL,	/* no further session possible */
	LATHE_SESSION_WHY_UNFINISHED,	/* a cut burn */
	LATHE_SESSION_WHY_AUDIO,	/* last session begins with audio */
	LATHE_SESSION_WHY_NO_VOLUME,	/* no valid ISO 9660 volume */
	LATHE_SESSION_WHY_NO_JOLIET,
	LATHE_SESSION_WHY_FOREIGN,	/* no mark of lathe's: ask for import */
	LATHE_SESSION_WHY_CORRUPT,	/* own, but damaged */
	LATHE_SESSION_WHY_NO_ROOM	/* own, but full */
};

/* One session of a disc. */
struct lathe_session_info {
	uint16_t number, first_track, last_track;
	uint32_t start;		/* of its first track */
	uint32_t blocks;	/* recorded in its tracks, run-out excluded */
	bool data;
	bool own;		/* lathe's mark is there and holds */
	bool has_volume;
	char volume[129];	/* UTF-8, "" without volume */
};

struct lathe_session_disc {
	/* On overwritable media sessions, addresses and free blocks in it are
	 * those that the volumes tell of: the next writable address is where
	 * the next session goes. */
	struct lathe_mmc_medium medium;
	bool blank;		/* takes a first session as it is */
	bool head_torn;		/* overwritable: other readers do not see the
				 * newest session until the next one is
				 * recorded; see lathe_session_repair() */
	enum lathe_session_mode mode;
	enum lathe_session_why why;
	uint32_t last_end;	/* one past the last recorded block of the
				 * last session; 0 if there is none */
	uint32_t smallest_need;	/* blocks of the smallest further session: the
				 * metadata of the tree; 0 if not known */
	uint32_t files_short;	/* of a session that was closed short: files
				 * that end behind it, left out */
	struct lathe_mmc_costs costs;		/* of the next session */
	struct lathe_mmc_costs next_costs;	/* of the one after it */
	struct lathe_iso9660_found found; /* of the last session; start and
					   * descriptors 0 if there is none, or
					   * it can not be read */

	/* Overwritable media: where the next session goes, the newest one;
	 * zeros if what LBA 16 shows can not be found. */
	struct lathe_iso9660_append place;
	struct lathe_iso9660_link newest;
	uint32_t boot_records;	/* at block 16 (ECMA-119 8.2); where it has no
				 * Joliet they come before a new one */

	char why_text[LATHE_FAILURE_TEXT];	/* 'why' in a line for people */
};

/*
 * Find out what is in the drive and what can be done with it. Only reads.
 * An empty drive, a full or foreign disc are results, not errors.
 * An own disc's tree is read, to see whether it holds together and whether
 * the smallest further session, its metadata written anew, would fit.
 * Errors: as lathe_mmc_read_medium(), LATHE_ERR_MEMORY; LATHE_ERR_LIMIT: its
 * tree goes beyond the limits of a master that sets none.
 */
int lathe_session_inspect(struct lathe_mmc *mmc,
			  const struct lathe_hooks *hooks,
			  struct lathe_session_disc *out);

/*
 * Session 'number' from 1 of the disc that was inspected. A volume that the
 * drive can not read counts as none.
 * LATHE_ERR_NOT_FOUND: there is none of that number; errors of the drive.
 */
int lathe_session_get(struct lathe_mmc *mmc,
		      const struct lathe_session_disc *disc, uint32_t number,
		      struct lathe_session_info *out);

/* ---- identity ----------------------------------------------------------- */

#define LATHE_SESSION_COMPONENTS 12u

/* What tells discs apart: they differ when a component that is valid in both
 * differs. Values are numbers or checksums of longer things. */
struct lathe_session_identity {
	struct {
		bool valid;
		bool advisory;	/* noted, never a difference */
		uint32_t value;
	} component[LATHE_SESSION_COMPONENTS];
};

/* "profile", "sessions", "last session start", ...; NULL of one that has no
 * meaning yet and is never valid, and beyond the last. */
const char *lathe_session_component_name(uint32_t i);

/* Errors: as lathe_mmc_read_medium(). An empty drive: LATHE_ERR_NO_MEDIUM. */
int lathe_session_identify(struct lathe_mmc *mmc,
			   struct lathe_session_identity *out);

/* The number of the first component that differs, or -1. Pure. */
int lathe_session_identity_differs(const struct lathe_session_identity *a,
				   const struct lathe_session_identity *b);

/* ---- reading a session back --------------------------------------------- */

enum lathe_session_verify {
	LATHE_SESSION_VERIFY_QUICK,	/* state, metadata, ends of each file;
					 * these as far as 5 % of the time
					 * lasts, evenly spread */
	LATHE_SESSION_VERIFY_NONE,	/* only that the drive counts the
					 * session as complete */
	LATHE_SESSION_VERIFY_STATE,	/* what the drive says of the disc,
					 * its track and its TOC */
	LATHE_SESSION_VERIFY_FULL	/* every block */
};

/*
 * Where the volume that was found at 'start' says that it ends: one past its
 * last block, counted as that of 'start'. Foreign ones count from the disc's
 * or from their own first block (8.4.8). An image that was cut, and a session
 * that was closed short, end before. 0: nothing that can be believed.
 */
uint32_t lathe_session_claimed_end(const struct lathe_iso9660_found *found,
				   uint32_t start);

/*
 * One past the last block of a partition, by the master boot record, the GUID
 * partition table or Apple's map in 'area', which is blocks 0 to 15. Images
 * that computers start from have partitions behind their volume, and a stick
 * with such an image others. 0: there is none. One that goes beyond 'end', the
 * blocks of the disc, does not count.
 */
#define LATHE_SESSION_PARTITION_BYTES (16u * LATHE_BLOCK_BYTES)
uint32_t lathe_session_partitions_end(const uint8_t *area, uint32_t end);

/*
 * Is a file, link or directory lost by what an import of the volume at 'start'
 * told its 'odd'? All that it tells besides costs names, attributes, or
 * nothing.
 */
bool lathe_session_is_loss(enum lathe_iso9660_oddity what, uint32_t lba,
			   uint32_t start, const char *text);

struct lathe_session_check {
	uint32_t blocks_read;	/* of files */
	uint32_t files, files_bad;
	uint32_t entries_lost;	/* directories and files that a damaged foreign
				 * directory leads nowhere with */
	bool metadata_own;	/* checked with its checksum */
};

/*
 * Read a recorded session back: all its metadata, and with FULL every block
 * of every file, with QUICK the ends of each.
 * 'bad' is told each file that can not be read, once, and the volume itself
 * as "/". A block on the disc has no checksum of its own here: data that read
 * without an error count as good. *out is filled in after an error as well.
 *   LATHE_ERR_ARG        no such level
 *   LATHE_ERR_VERIFY     unreadable or inconsistent; 'bad' told where
 *   LATHE_ERR_NO_VOLUME  nothing there
 *   LATHE_ERR_CANCELLED, LATHE_ERR_MEMORY, errors of the drive
 */
int lathe_session_verify_volume(const struct lathe_blocks *blocks,
				uint32_t start, enum lathe_session_verify level,
				const struct lathe_hooks *hooks,
				void (*bad)(void *ctx, const char *path,
					    uint32_t lba, const char *text),
				void *bad_ctx,
				struct lathe_session_check *out,
				struct lathe_failure *failure);

/* ---- closing, repairing, blanking --------------------------------------- */

/*
 * Close what an earlier, cut burn left open, or make an appendable disc
 * final. A session without complete metadata is closed only with 'force':
 * systems would then mount nothing by default. Files that end behind what was
 * recorded are told as session.not-whole: a drive fills what was reserved with
 * zeros, which read without an error.
 *   LATHE_ERR_STATE        nothing to close
 *   LATHE_ERR_NOT_APPENDABLE  the disc is final already; or it was closed, and
 *                          the drive made it final: the text says which
 *   LATHE_ERR_UNFINISHED   metadata incomplete and not 'force'
 *   LATHE_ERR_UNSUPPORTED  the last session is closed, and this disc becomes
 *                          final only with one more: record one as final. Not
 *                          so DVD+R and BD-R, in drives that do it
 *   LATHE_ERR_MEDIUM_TYPE  overwritable, or formatted for packet writing
 *   LATHE_ERR_CANCELLED    by the hook, before it is closed
 *   LATHE_ERR_VERIFY       the drive says that it closed it, but calls the disc
 *                          something else
 *   LATHE_ERR_NO_MEDIUM, LATHE_ERR_MEMORY, errors of the drive
 * The tray is locked before the disc is looked at, and unlocked in the end.
 */
int lathe_session_close(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
			bool final, bool force, struct lathe_failure *failure);

/*
 * Blocks 0 to 31 of an overwritable medium or an image file as they ought to
 * be, 32 * 2048 bytes: the descriptors of the newest session at 16, what is
 * there otherwise. *agrees: they are like that.
 *   LATHE_ERR_NO_VOLUME  the chain is empty
 *   LATHE_ERR_LIMIT      descriptors without end, or no room for them
 *   LATHE_ERR_MEMORY, errors of blocks->read
 */
int lathe_session_head(const struct lathe_blocks *blocks,
		       const struct lathe_hooks *hooks,
		       const struct lathe_iso9660_chain *chain, uint8_t *head,
		       bool *agrees);

/*
 * Overwritable media: have readers see the newest session again, when the
 * descriptors at LBA 16 were cut or damaged. *needed: they were. Nothing else
 * is written. Where no session begins near the start, the first one is looked
 * for up to the end of the medium: progress is INSPECTING then, in blocks. That
 * takes the time of reading what can be read; stretches that can not, or were
 * never recorded, are crossed in growing steps. Before, what keeps drives from
 * reading is ended: the open border of a DVD-RW that grows, a format in the
 * background.
 *   LATHE_ERR_MEDIUM_TYPE  not overwritable
 *   LATHE_ERR_NO_VOLUME    no session is there
 *   LATHE_ERR_CORRUPT      after a thousand failed reads it was given up; or
 *                          what stands at LBA 16 is of a newer session than
 *                          each that is found: none takes its place
 *   LATHE_ERR_CANCELLED    by the hook, within the search
 *   LATHE_ERR_VERIFY       what was written is not found again
 *   LATHE_ERR_NO_MEDIUM, LATHE_ERR_MEMORY, errors of the drive
 * The tray is locked before the disc is looked at, and unlocked in the end.
 */
int lathe_session_repair(struct lathe_mmc *mmc,
			 const struct lathe_hooks *hooks, bool *needed,
			 struct lathe_failure *failure);

/*
 * Make the disc blank: lathe_mmc_blank() where the drive erases; on
 * overwritable media zeros take the place of LBA 0 to 95. A DVD-RW that is
 * formatted for overwriting becomes sequential again with BLANK_FULL.
 * Errors as lathe_mmc_blank().
 */
int lathe_session_blank(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
			enum lathe_mmc_blanking how,
			struct lathe_failure *failure);

#ifdef __cplusplus
}
#endif

#endif
