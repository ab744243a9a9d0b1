/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc.h - optical recorders: SCSI transports, MMC commands, the model
 * of drive and medium, and the strategies that record on each medium.
 *
 * The library allocates nothing, keeps no global state, prints nothing. A
 * drive object is for one thread at a time; several are independent.
 *
 * Standards: SPC-3, MMC-5 and MMC-6. LBAs and sizes are in blocks of 2048
 * bytes unless a name says otherwise.
 */
#ifndef LATHE_MMC_H
#define LATHE_MMC_H

#include "lathe.h"
#include "mmc/lathe_mmc_transports.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the drive object --------------------------------------------------- */

#define LATHE_MMC_MAX_TRANSFER_DEFAULT 65536u /* bytes in one command */

/* All the engine needs from outside. Zero every field you do not set. */
struct lathe_mmc_config {
	size_t size;		/* sizeof(struct lathe_mmc_config) */
	void *ctx;		/* handed to execute, now_ms and sleep_ms */

	/* Run one command; see lathe_execute_fn. Required. */
	lathe_execute_fn *execute;

	/* Time is a dependency too: with these, a burn that takes an hour on
	 * a drive takes a millisecond in a test. Required. */
	uint64_t (*now_ms)(void *ctx);
	void (*sleep_ms)(void *ctx, uint32_t ms);

	/* Bytes in one command; 0 means LATHE_MMC_MAX_TRANSFER_DEFAULT. When
	 * the transport answers TOO_LARGE, the runner halves it for good. */
	uint32_t max_transfer;

	/* log, progress and cancelled are used; realloc is not. */
	struct lathe_hooks hooks;
};

/*
 * One drive. Caller-owned memory, no destructor; the fields are private.
 */
struct lathe_mmc {
	struct lathe_mmc_config config;
	struct lathe_failure failure;
	uint32_t max_transfer;
	uint32_t buffer_pause_ms;	/* when the drive's buffer is full */
	uint32_t track_start;	/* of the open track */
	uint32_t write_lba;	/* next LBA the open track expects */
	uint32_t last_write_lba;	/* of the last WRITE sent */
	uint16_t open_track;	/* its number */
	uint8_t data_mode;	/* of the recording: 1 or 2 */
	uint8_t writing;	/* between begin_track and end_track */
	uint8_t ended;		/* a track of this session is ended */
	uint8_t simulating;
	uint8_t attention;	/* a unit attention was seen */
	uint8_t changed;	/* 28h or ejected since it was read */
	uint8_t locked;		/* by lathe_mmc_lock_tray() */
	uint8_t reset;		/* 29h or a timeout since the track
				 * was begun */
	uint8_t resynced;	/* a failed write was gone past */
	uint8_t close_sent;	/* for the session just ended */
	uint8_t known;		/* the medium was read */
	uint8_t guard;		/* attentions that end a call */
	uint8_t unsettled;	/* opcode that a deferred error belongs
				 * to, 0 if none may come */
	uint8_t has_last_write;
	uint8_t streaming;	/* WRITE(12) with the streaming bit */
	uint8_t link_size;	/* of feature 0021h, 0: not known */
	uint8_t lead_blocks;	/* zeros before the first block */
	uint8_t reserved;	/* the open track is */
	uint8_t uncancelled;	/* the hook is not asked */
	uint32_t end_lba;	/* last one of the medium, 0: not known */
	uint32_t granted_kb;	/* speed, as the drive tells it */
	const struct lathep_mmc_strategy *strategy;
	const struct lathep_mmc_way *way;	/* of the recording */
};

/*
 * Prepare 'mmc' for use. Sends nothing.
 * Returns 0, or LATHE_ERR_ARG when a required callback is missing or
 * config->size is unknown.
 */
int lathe_mmc_init(struct lathe_mmc *mmc,
		   const struct lathe_mmc_config *config);

/* The configured clock and hooks, for those who work with the drive. */
uint64_t lathe_mmc_now_ms(const struct lathe_mmc *mmc);
const struct lathe_hooks *lathe_mmc_hooks(const struct lathe_mmc *mmc);

/* Whether the cancelled hook is asked, as it is at first. Returns whether it
 * was until now. */
bool lathe_mmc_heed_cancel(struct lathe_mmc *mmc, bool heed);

/* The whole cause of the last error; err 0 in it if there was none. */
const struct lathe_failure *lathe_mmc_failure(const struct lathe_mmc *mmc);

/*
 * Common errors of every call below that sends commands:
 *   LATHE_ERR_SENSE      the drive refused or failed; see the failure
 *   LATHE_ERR_NO_MEDIUM  sense 3A/xx
 *   LATHE_ERR_TIMEOUT    it stayed "not ready" or "busy" for too long
 *   LATHE_ERR_TRANSPORT  no status came back
 *   LATHE_ERR_NO_DEVICE  the transport says the drive is gone
 *   LATHE_ERR_CORRUPT    an answer is shorter than its fixed fields or its
 *                        fields contradict each other
 *   LATHE_ERR_CANCELLED  the cancelled hook said so, between two commands
 * On any error output arguments are unchanged.
 *
 * The cancelled hook is asked before each WRITE and READ of lathe_mmc_write()
 * and lathe_mmc_read(), also while the drive's buffer is full, and in
 * lathe_mmc_wait_ready(). All other calls finish what they began: a close or a
 * blanking that runs in the drive can not be called back.
 *
 * Log lines: mmc.wait, mmc.retry, mmc.split (a command was too large),
 * mmc.recovered, mmc.deferred, mmc.short, mmc.read-singly, mmc.test-write,
 * mmc.no-lock, mmc.no-fua, mmc.damaged, mmc.no-reserve, mmc.no-streaming,
 * mmc.flush.
 */

/* ---- drive -------------------------------------------------------------- */

/* INQUIRY, SPC-3 6.4; texts without padding, bytes outside 20h-7Eh as '?'. */
struct lathe_mmc_drive {
	char vendor[9];
	char product[17];
	char revision[5];
	uint8_t device_type;	/* 05h is a CD/DVD/BD drive */
	bool removable;
	/* From GET CONFIGURATION and mode page 2Ah, as far as given. */
	uint32_t buffer_bytes;	/* 0: not known */
	bool can_write_cd_r, can_write_cd_rw;
	uint32_t kinds;		/* it knows: bit 1 << enum lathe_mmc_kind */
};

/* Errors: the common ones; LATHE_ERR_UNSUPPORTED if it is no MMC device. */
int lathe_mmc_read_drive(struct lathe_mmc *mmc, struct lathe_mmc_drive *out);

/*
 * Wait until the drive answers TEST UNIT READY with GOOD: at most
 * 'timeout_ms' while it is becoming ready. Unit attentions are dropped (and
 * remembered: see lathe_mmc_media_changed()).
 */
int lathe_mmc_wait_ready(struct lathe_mmc *mmc, uint32_t timeout_ms);

/* Whether a unit attention 28h or 29h came since the last call of this. */
bool lathe_mmc_media_changed(struct lathe_mmc *mmc);

/* PREVENT ALLOW MEDIUM REMOVAL, MMC-6. A drive without a lock says so in the
 * log (mmc.no-lock) and is no error. */
int lathe_mmc_lock_tray(struct lathe_mmc *mmc, bool locked);

/* START STOP UNIT, MMC-6. Eject sends ALLOW first: a program that was killed
 * leaves its lock behind. A session that is not closed by then counts as one
 * of an earlier burn, and what is in the drive has to be read anew by
 * lathe_mmc_read_medium(). Load returns when the tray is in; wait_ready
 * follows.
 * LATHE_ERR_STATE: a track is open. */
int lathe_mmc_eject(struct lathe_mmc *mmc);
int lathe_mmc_load(struct lathe_mmc *mmc);

/* SET CD SPEED, and for DVD and BD, as read by lathe_mmc_read_medium(), SET
 * STREAMING, MMC-6, in kB/s of 1000 bytes; 0 asks for the maximum. A drive that
 * refuses keeps its speed: that is not an error. */
int lathe_mmc_set_write_speed(struct lathe_mmc *mmc, uint32_t kb_per_s);

/* The speed that the drive then said it writes at, kB/s; 0: it did not say.
 * lathe_mmc_begin_track() sets the speed, too. */
uint32_t lathe_mmc_write_speed(const struct lathe_mmc *mmc);

/* ---- medium ------------------------------------------------------------- */

enum lathe_mmc_kind {
	LATHE_MMC_KIND_NONE,	/* no medium, or no profile */
	LATHE_MMC_KIND_CD_ROM,
	LATHE_MMC_KIND_CD_R,
	LATHE_MMC_KIND_CD_RW,
	LATHE_MMC_KIND_DVD_ROM,
	LATHE_MMC_KIND_DVD_R,	/* sequential */
	LATHE_MMC_KIND_DVD_R_DL,
	LATHE_MMC_KIND_DVD_RW,	/* sequential */
	LATHE_MMC_KIND_DVD_RW_OVERWRITE, /* formatted: restricted overwrite */
	LATHE_MMC_KIND_DVD_RAM,
	LATHE_MMC_KIND_DVD_PLUS_R,
	LATHE_MMC_KIND_DVD_PLUS_R_DL,
	LATHE_MMC_KIND_DVD_PLUS_RW,
	LATHE_MMC_KIND_BD_ROM,
	LATHE_MMC_KIND_BD_R,	/* sequential */
	LATHE_MMC_KIND_BD_RE,
	LATHE_MMC_KIND_OTHER /* a medium without a row in the table */
};

/* "CD-R", "CD-RW", "CD-ROM", "DVD+R DL", ..., "none", "other". */
const char *lathe_mmc_kind_name(enum lathe_mmc_kind kind);

enum lathe_mmc_status {
	LATHE_MMC_STATUS_NONE,	/* no medium */
	LATHE_MMC_STATUS_BLANK,
	LATHE_MMC_STATUS_APPENDABLE,	/* last session empty; the disc is full
					 * where there is no NWA */
	LATHE_MMC_STATUS_UNFINISHED,	/* cut burn: last session is open */
	LATHE_MMC_STATUS_FINAL,
	LATHE_MMC_STATUS_PACKET,	/* formatted CD-RW: read only */
	LATHE_MMC_STATUS_DAMAGED,
	LATHE_MMC_STATUS_UNFORMATTED,	/* overwritable once formatted */
	LATHE_MMC_STATUS_OVERWRITABLE	/* any block may be written at any
					 * time; sessions, if there are any,
					 * are a matter of the volumes on it */
};

/* "none", "blank", "appendable", "unfinished", "final", ... */
const char *lathe_mmc_status_name(enum lathe_mmc_status status);

struct lathe_mmc_medium {
	uint16_t profile;	/* GET CONFIGURATION, feature 0000h */
	enum lathe_mmc_kind kind;
	enum lathe_mmc_status status;
	bool erasable;
	bool writable;		/* the table has a strategy for it and the
				 * drive says that it records on this kind of
				 * disc now; 'status' says whether this disc
				 * takes anything */
	bool at_once_only;	/* but only in WRITE_MODE_AT_ONCE: a DVD-RW
				 * after minimal blanking, an old drive */
	bool can_at_once;	/* WRITE_MODE_AT_ONCE is one of the ways */
	bool single_session;	/* no second session can be depended on: record
				 * with 'final' */
	bool pseudo_overwrite;	/* BD-R that was formatted so: not recorded */
	bool can_simulate;	/* test write announced, feature 2Dh, 2Eh or
				 * 2Fh, for the way that AUTO takes */
	bool can_simulate_at_once;
	bool can_stream;	/* feature 0107h with stream writing */
	bool overwritable;	/* the kind is, formatted or not: no next
				 * writable address, the caller chooses where */
	bool background_format;	/* one was begun and is not complete */
	bool has_disc_id;
	bool has_next_writable;
	uint8_t disc_type;	/* READ DISC INFORMATION [8] */
	uint16_t sessions;	/* complete ones */
	uint16_t first_track;	/* of the disc */
	uint16_t last_track;	/* last recorded track, 0 on a blank disc */
	uint16_t open_track;	/* number of the invisible or incomplete track,
				 * 0 if there is none */
	uint32_t disc_id;
	uint32_t next_writable;
	uint32_t free_blocks;	/* as READ TRACK INFORMATION gives them;
				 * overwritable: all of capacity_blocks */
	/* next_writable + free_blocks; overwritable: what it holds, or will
	 * hold once it is formatted; else what READ CAPACITY says. */
	uint32_t capacity_blocks;
	uint32_t readable_end;	/* READ CAPACITY + 1, 0 if nothing readable */
	uint32_t last_session_start; /* of its first track, 0 without session */
	uint16_t last_session_first_track;
	bool last_session_data;	/* that track is a data track */
	uint8_t data_mode;	/* of the last data track: 1, 2 or 0 */
};

/*
 * Read all of the medium's state afresh. An empty drive is not an error: kind
 * NONE, status NONE; nor is a disc that the drive can not read at all: kind
 * OTHER, status DAMAGED. A test write that was left switched on is switched
 * off. LATHE_ERR_STATE: a track is open.
 */
int lathe_mmc_read_medium(struct lathe_mmc *mmc, struct lathe_mmc_medium *out);

struct lathe_mmc_track {
	uint16_t number, session;
	bool data;		/* else audio */
	bool blank, reserved, packet, damaged;
	bool has_next_writable, has_last_recorded;
	uint8_t data_mode;	/* 1, 2 or 0 when not known */
	uint32_t start, next_writable, free_blocks, size_blocks, last_recorded;
};

#define LATHE_MMC_TRACK_MAX 65535u

/*
 * READ TRACK INFORMATION by logical track number, MMC-6.
 * 'next_writable' means something only where 'has_next_writable' is set.
 * LATHE_ERR_ARG: 'track' is 0 or above LATHE_MMC_TRACK_MAX, nothing was sent.
 */
int lathe_mmc_read_track(struct lathe_mmc *mmc, uint32_t track,
			 struct lathe_mmc_track *out);

/*
 * The full TOC, READ TOC format 2 (MMC-6 "Raw TOC"), as the drive sends it:
 * header and 11-byte entries. Used to tell discs apart. *moved gets the
 * bytes really delivered, at most 'room'. After an error 'out' may hold a part
 * of the answer.
 */
int lathe_mmc_read_full_toc(struct lathe_mmc *mmc, uint8_t *out, size_t room,
			    size_t *moved);

/* ---- reading ------------------------------------------------------------ */

/*
 * Read 'count' blocks of 2048 bytes, in as many READ(10) as max_transfer
 * asks for. 'past_cache' sets FUA, so that the medium is read, not the
 * drive's cache (a drive that refuses the bit gives a warning and reads through
 * its cache). Where the drive reports an error, the blocks are read one by
 * one: those before failure.lba are good.
 *   LATHE_ERR_ARG         count is 0 or lba + count wraps; nothing was sent
 *   LATHE_ERR_STATE       a track is open
 *   LATHE_ERR_WRONG_DISC  the disc was changed or ejected since
 *                         lathe_mmc_read_medium(), which has to be called anew
 */
int lathe_mmc_read(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		   bool past_cache, uint8_t *out);

/* ---- recording ---------------------------------------------------------- */

enum lathe_mmc_write_mode {
	/* The one that can be continued: track at once, incremental. */
	LATHE_MMC_WRITE_MODE_AUTO,
	/* CD session at once, DVD disc at once: one track of 'track_blocks'
	 * on a blank disc; the end of the track closes. */
	LATHE_MMC_WRITE_MODE_AT_ONCE
};

struct lathe_mmc_recording {
	bool simulate;		/* test write: LATHE_ERR_UNSUPPORTED where the
				 * drive does not announce it */
	bool final;		/* no further session shall be possible;
				 * ignored on overwritable media */
	uint32_t speed_kb_per_s;	/* 0: the drive's maximum */
	uint8_t data_mode;	/* CD. 0: as the last data track, else mode 1 */
	enum lathe_mmc_write_mode write_mode;
	/* Blocks that the track will have, 0: not known. AT_ONCE needs it, and
	 * so many have to be written. With the others it is reserved where the
	 * medium can (RESERVE TRACK) if 'reserve' is set, rounded up to the
	 * alignment; a drive that refuses is a warning only. On overwritable
	 * media it tells whether a DVD-RW has to grow: always give it there. */
	uint32_t track_blocks;
	bool reserve;
	bool stream;		/* WRITE(12) with the streaming bit: no check by
				 * the drive's defect management. Ignored where
				 * the medium has none; UNSUPPORTED where the
				 * drive does not announce it */
	/* Overwritable media: the LBA of the first block, a multiple of the
	 * medium's alignment. Ignored elsewhere. */
	uint32_t overwrite_start;
	bool resume;		/* UNFINISHED media: go on in the open track,
				 * *start is where. LATHE_ERR_UNSUPPORTED where
				 * that can not be (CD, at once) */
	/* Blank DVD+R DL: blocks of layer 0, 0: as the drive has it.
	 * UNSUPPORTED elsewhere. */
	uint32_t layer_break;
};

/*
 * Write the mode page, calibrate where needed, ask for the next writable
 * address and open a track there. *start gets its LBA. From here until
 * lathe_mmc_end_track() only lathe_mmc_write() may be called.
 *
 * 'medium' is what lathe_mmc_read_medium() said since the disc was inserted.
 *
 * Overwritable media have no tracks: this chooses where the next blocks go. An
 * unformatted one is formatted the quick way, and the background format of a
 * DVD+RW is taken up again. A DVD-RW that has to grow takes no holes: *start is
 * then where it ends, below 'overwrite_start', and the caller writes zeros from
 * there on. Several tracks may follow one another before the session is
 * closed, in any place, with the same 'medium': first the data, then the head
 * at LBA 0.
 *
 *   LATHE_ERR_NOT_APPENDABLE  the disc's status allows no track
 *   LATHE_ERR_NOT_BLANK       AT_ONCE is for blank discs
 *   LATHE_ERR_UNFINISHED      its last session was cut short and is open
 *   LATHE_ERR_WRONG_DISC      it is not in the state that 'medium' tells: the
 *                             disc was changed, or somebody else wrote on it
 *   LATHE_ERR_STATE           a track is open already
 *   LATHE_ERR_MEDIUM_TYPE     no strategy for this medium, or not in this drive
 *   LATHE_ERR_UNSUPPORTED     simulation, streaming or a layer break asked for
 *                             and not to be had; AT_ONCE where that is no way,
 *                             or AUTO where it is the only one (with 'final'
 *                             and 'track_blocks' AUTO takes it by itself); not
 *                             'final' where nothing else is possible
 * After an error no block was written to the disc, but it may be formatted.
 */
int lathe_mmc_begin_track(struct lathe_mmc *mmc,
			  const struct lathe_mmc_medium *medium,
			  const struct lathe_mmc_recording *recording,
			  uint32_t *start);

/*
 * Write the next 'count' blocks, ascending and without a gap: 'lba' must be
 * where the last call ended (else LATHE_ERR_ARG, nothing sent). Waits while
 * the drive's buffer is full. Blocks that were acknowledged before an error
 * may or may not be on the disc: see lathe_mmc_resync(). A deferred error is
 * told with the LBA of the WRITE that it belongs to, as far as the drive says
 * so, and failure.deferred is set. After LATHE_ERR_CANCELLED the track goes on
 * at lathe_mmc_write_position().
 *   LATHE_ERR_STATE       no track is open, or the drive was reset since
 *   LATHE_ERR_WRONG_DISC  the disc was changed since the track was begun
 *   LATHE_ERR_TRANSPORT   also when not all data moved although the drive said
 *                         GOOD
 */
int lathe_mmc_write(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		    const uint8_t *blocks);

/* The LBA that the open track, or the last one, goes on at. */
uint32_t lathe_mmc_write_position(const struct lathe_mmc *mmc);

/* Blocks that one command writes best; feed lathe_mmc_write() multiples. */
uint32_t lathe_mmc_write_chunk(const struct lathe_mmc *mmc);

/*
 * After a failed write: where the open track may be continued, as the drive
 * says. *possible false: it takes no more data, or it was reset in between.
 * Never on the strength of this alone are blocks believed to be on the disc.
 * Where it is possible, lathe_mmc_write() goes on at *next, which may be before
 * or behind the LBA of the failed call. On overwritable media, which have no
 * next writable address, it is the failed WRITE's. LATHE_ERR_STATE: no track is
 * open.
 */
int lathe_mmc_resync(struct lathe_mmc *mmc, bool *possible, uint32_t *next);

/*
 * Flush the drive's buffer and end the track: SYNCHRONIZE CACHE, and CLOSE
 * TRACK where the medium wants it. On CD TAO the SYNC ends the track (MMC-6,
 * SYNCHRONIZE CACHE); at once it closes the session as well. A DVD-RW that has
 * grown leaves its intermediate state. The caller has written the minimum
 * length and the alignment.
 *   LATHE_ERR_STATE       no track is open
 *   LATHE_ERR_WRONG_DISC  the disc was changed since the track was begun
 *   LATHE_ERR_CORRUPT     the drive calls the track damaged, though no failed
 *                         write was gone past by lathe_mmc_resync(): read it
 *                         back
 * After an error call it again, close the session (LATHE_ERR_STATE where the
 * track is still open), or abandon the track.
 */
int lathe_mmc_end_track(struct lathe_mmc *mmc);

/*
 * Forget an open track without touching the drive: after an error, when the
 * track is to be left as it is.
 */
void lathe_mmc_abandon_track(struct lathe_mmc *mmc);

/*
 * Close the last session, appendable or final, and wait until it is done
 * (TEST UNIT READY and READ DISC INFORMATION both say so). In simulation
 * nothing is sent. Uses the recording's mode page; may be called for a
 * session that an earlier, cut burn left open ('medium' then is UNFINISHED),
 * and again after an error. 0 also when the session is closed like this
 * already. With 'final' an APPENDABLE DVD+R or BD-R whose last session is
 * closed becomes final with nothing recorded. Overwritable media: stops a format that runs in the background and
 * leaves intermediate states; there is no session, and 'final' is ignored.
 *   LATHE_ERR_STATE           the track is not ended, or no session is open
 *   LATHE_ERR_MEDIUM_TYPE     no strategy for this medium
 *   LATHE_ERR_WRONG_DISC      as for lathe_mmc_begin_track()
 *   LATHE_ERR_NOT_APPENDABLE  it is closed, but the drive made the disc final
 *   LATHE_ERR_UNFINISHED      the drive still shows it as open
 *   LATHE_ERR_UNSUPPORTED     'final', and the last session is closed: this
 *                             kind of disc, or this drive, takes one more
 */
int lathe_mmc_close_session(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium, bool final);

enum lathe_mmc_blanking {
	LATHE_MMC_BLANK_MINIMAL,	/* PMA, TOC, pre-gap: a minute. A DVD-RW
					 * then takes no second session */
	LATHE_MMC_BLANK_FULL,
	LATHE_MMC_BLANK_USUAL		/* keeps all abilities of the medium:
					 * CD-RW minimal, DVD-RW full */
};

/*
 * BLANK, MMC-6, with progress; returns when the drive shows a blank disc. A
 * DVD-RW in restricted overwrite becomes a sequential one again. The tray is
 * unlocked first, since some drives refuse otherwise, and locked again behind
 * it, failed or not, if lathe_mmc_lock_tray() had locked it.
 *   LATHE_ERR_MEDIUM_TYPE  not erasable
 *   LATHE_ERR_WRONG_DISC   not the disc that 'medium' describes; nothing erased
 *   LATHE_ERR_STATE        a track is open
 */
int lathe_mmc_blank(struct lathe_mmc *mmc,
		    const struct lathe_mmc_medium *medium,
		    enum lathe_mmc_blanking how);

/*
 * FORMAT UNIT, MMC-6, with progress. Makes UNFORMATTED media OVERWRITABLE, a
 * sequential DVD-RW a DVD_RW_OVERWRITE, and chooses the spare areas of BD. What
 * is recorded is lost. begin_track() on an unformatted DVD+RW, DVD-RAM or BD-RE
 * formats it by itself the quick way. A quickly formatted DVD-RW grows as it is
 * written; a DVD+RW is formatted in the background, with 'full' this waits for
 * the end of that. Locking of the tray as in lathe_mmc_blank().
 *   LATHE_ERR_MEDIUM_TYPE  not formattable; also a BD-R that is not blank
 *   LATHE_ERR_UNSUPPORTED  the drive offers no format of this type
 *   LATHE_ERR_WRONG_DISC, LATHE_ERR_STATE  as for lathe_mmc_blank()
 */
struct lathe_mmc_formatting {
	bool full;		/* all of it, else as little as possible */
	bool certify;		/* BD-RE, DVD-RAM: read all of it as well */
	enum lathe_mmc_spares {
		LATHE_MMC_SPARES_DEFAULT,
		LATHE_MMC_SPARES_NONE,	/* no defect management */
		LATHE_MMC_SPARES_MOST
	} spares;		/* BD */
};

int lathe_mmc_format(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium,
		     const struct lathe_mmc_formatting *how);

/* ---- what a session costs ----------------------------------------------- */

struct lathe_mmc_costs {
	uint32_t minimum_track;	/* blocks; CD 300, else the alignment */
	uint32_t alignment;	/* blocks; the track is a multiple of it: CD 1,
				 * DVD 16, BD 32. Disc at once needs none */
	uint32_t run_out;	/* blocks behind the track; CD TAO 2 */
	uint32_t read_ahead_pad;	/* wanted, never needed; CD 150 */
	/* The reserve for closing: CD first session 10752, later 5632, DVD and
	 * BD the same as the physical figure. */
	uint32_t closing_documented;
	/* End of the data, pad included, to the next NWA: CD 11402, 6902;
	 * DVD-R 28688 to 47120, later 6160 to 9232; DVD+R 2048; BD-R 0. */
	uint32_t closing_physical;
};

/*
 * What one more session on this medium costs when 'sessions' are complete, if
 * it ends near the start of the disc. Pure. LATHE_ERR_MEDIUM_TYPE: no strategy
 * for the kind.
 */
int lathe_mmc_session_costs(enum lathe_mmc_kind kind, uint32_t sessions,
			    struct lathe_mmc_costs *out);

/*
 * The same for a session that ends at LBA 'end', the first one behind it: on
 * DVD-R and DVD-RW the zones behind a session grow with the radius.
 */
int lathe_mmc_session_costs_at(enum lathe_mmc_kind kind, uint32_t sessions,
			       uint32_t end, struct lathe_mmc_costs *out);

#ifdef __cplusplus
}
#endif

#endif
