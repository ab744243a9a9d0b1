/* SPDX-License-Identifier: MIT */
/*
 * emulator_internal.h - what the files of the software recorder share.
 * Nothing here is for users; lathe_emulator.h is.
 */
#ifndef LATHEP_EMULATOR_INTERNAL_H
#define LATHEP_EMULATOR_INTERNAL_H

#include "mmc/emulator/lathe_emulator.h"

/* ---- media: a row of data for each kind of disc ------------------------- */

/* How a disc takes data: whose rules of WRITE, SYNC and CLOSE hold. */
enum emu_way {
	EMU_WAY_CD,
	EMU_WAY_DVD_R,		/* DVD-R, DVD-RW in sequence */
	EMU_WAY_DVD_PLUS_R,
	EMU_WAY_BD_R,
	EMU_WAY_RANDOM,		/* DVD+RW, DVD-RAM, BD-RE */
	EMU_WAY_RESTRICTED	/* DVD-RW, restricted overwrite */
};

struct emu_media {
	const char *name;
	uint16_t profile;	/* as sold; see lathep_emu_profile() */
	uint8_t way;		/* enum emu_way, as sold */
	uint8_t layers;
	bool erasable;
	uint32_t limit;		/* blocks of an empty disc; CD: last possible
				   start of the lead-out */
	uint32_t formatted;	/* blocks, when it is sold formatted */
	uint32_t spares;	/* blocks that a default format takes */
	uint32_t ecc_blocks;	/* what a torn write damages, in blocks */
	uint32_t min_track;	/* shorter tracks are padded */
	uint32_t run_out;	/* unreadable blocks that end a TAO track */
	uint32_t pre_gap;
	uint32_t lead_in;
	uint32_t lead_out_first, lead_out_next;
	uint32_t max_tracks;
	uint32_t max_sessions;
	uint32_t max_reserved;	/* tracks that an open session may have */
	uint16_t write_types;	/* bit n: write type n of page 05h */
	uint16_t block_types;	/* bit n: data block type n of page 05h */
	uint8_t lead_in_msf[3];	/* from the ATIP */
	uint32_t speed_1x;	/* bytes a second */
	uint32_t max_write_kb;	/* kB/s of 1000 bytes */
};

const struct emu_media *lathep_emu_media(enum lathe_emulator_media media);

/* Profiles of CDs, MMC-6 table 96. */
static inline bool emu_is_cd(const struct emu_media *media)
{
	return media->profile <= 0x000a;
}

/* ---- the disc ----------------------------------------------------------- */

#define EMU_TRACKS_MAX 512u
#define EMU_DAMAGE_MAX 64u
#define EMU_RECORDED_MAX 128u

enum emu_track_state {
	EMU_TRACK_COMPLETE,	/* in the PMA, at its final size */
	EMU_TRACK_RESERVED,	/* in the PMA, empty or written in part */
	EMU_TRACK_OPEN		/* being written, or cut while it was */
};

/* How a track is written, and so what ends it. */
enum emu_track_type {
	EMU_TRACK_AT_ONCE,	/* CD TAO: SYNCHRONIZE CACHE */
	EMU_TRACK_SESSION,	/* SAO, DAO: its last block, then SYNC */
	EMU_TRACK_PACKET	/* CLOSE TRACK only */
};

struct emu_track {
	uint32_t start;
	uint32_t blocks;	/* recorded ones, padding included */
	uint32_t reserved;	/* reserved size, or 0 */
	uint16_t session;
	uint8_t state;		/* enum emu_track_state */
	uint8_t type;		/* enum emu_track_type */
	uint8_t mode;		/* data mode, 1 or 2 */
	uint8_t format;		/* session format, page 05h byte 8 */
	bool damaged;		/* a write to it failed */
	bool lost;		/* and it can not go on */
};

struct emu_session {
	uint16_t first, last;	/* track numbers */
	uint8_t multi;		/* multi-session bits it was closed with */
	uint8_t format;
	uint32_t start, lead_out;
};

struct emu_range {
	uint32_t start, count;
};

/* READ DISC INFORMATION byte 7, background format of DVD+RW. */
enum emu_format_state {
	EMU_FORMAT_NONE,
	EMU_FORMAT_STARTED,	/* and not running */
	EMU_FORMAT_RUNNING,
	EMU_FORMAT_COMPLETE
};

struct emu_disc {
	enum lathe_emulator_media kind;
	const struct emu_media *media;
	uint32_t limit;
	uint32_t tracks;	/* numbers in use, 1 to tracks */
	uint32_t sessions;	/* complete ones */
	uint32_t open;		/* number of the track in state OPEN, or 0 */
	uint32_t buffered;	/* its last blocks, not yet on the medium */
	uint32_t damages;
	uint32_t recordings;	/* ranges in 'recorded' */
	bool final;

	/* Media that are formatted; BD-R may be. */
	uint32_t formatted;	/* blocks that a format has made; 0: none */
	uint32_t iced;		/* DVD+RW: formatted up to here; DVD-RW: start
				   of the border that is intermediate */
	uint32_t spares;	/* blocks for replacements */
	uint8_t format_type;	/* of FORMAT UNIT, 00h to 32h */
	uint8_t format_state;	/* DVD+RW: enum emu_format_state */
	bool intermediate;	/* DVD-RW: its last border is open */
	bool minimal;		/* DVD-RW: blanked minimally, DAO only */
	bool pow;		/* BD-R: formatted for pseudo-overwrite */
	uint32_t layer_break;	/* DVD+R DL: blocks of layer 0, when set */

	struct emu_track track[EMU_TRACKS_MAX];
	struct emu_session session[EMU_TRACKS_MAX];
	struct emu_range damage[EMU_DAMAGE_MAX];
	/* Random writing: what was written; the last one is growing. */
	struct emu_range recorded[EMU_RECORDED_MAX];
};

/* What the disc is now: formats change it (DVD-RW). */
uint16_t lathep_emu_profile(const struct emu_disc *disc);
enum emu_way lathep_emu_way(const struct emu_disc *disc);
/* Written at random, restricted or not: no tracks, no sessions. */
bool lathep_emu_random(const struct emu_disc *disc);

void lathep_emu_disc_blank(struct emu_disc *disc,
			   enum lathe_emulator_media kind);

/* Track 'number', which is in use. */
struct emu_track *lathep_emu_track(struct emu_disc *disc, uint32_t number);

/* Blocks the track holds or may hold, without run-out. */
uint32_t lathep_emu_track_extent(const struct emu_track *track);

/* The incomplete track that nobody reserved, behind all others, or 0. */
uint32_t lathep_emu_invisible(const struct emu_disc *disc);

/* The last track in use or the invisible one, as the drive numbers them. */
uint32_t lathep_emu_last_track(const struct emu_disc *disc);

/* Where the next track would start; 'limit' or more when there is no room. */
uint32_t lathep_emu_next_start(const struct emu_disc *disc);

/* The address that the next WRITE must have, in the open track or the
 * invisible one, and false if there is none. */
bool lathep_emu_next_writable(const struct emu_disc *disc, uint32_t *nwa);

/* What READ CAPACITY tells of: up to the lead-out of the last complete
 * session, or what is formatted; 0 without one. */
uint32_t lathep_emu_capacity(const struct emu_disc *disc);

/* Tracks of complete sessions. */
uint32_t lathep_emu_complete_tracks(const struct emu_disc *disc);

/* 'lba' rounded up to an ECC block. */
uint32_t lathep_emu_align(const struct emu_disc *disc, uint32_t lba);
uint32_t lathep_emu_run_out(const struct emu_disc *disc,
			    const struct emu_track *track);
/* Blocks that a final close writes to reach the minimum radius. */
uint32_t lathep_emu_radius_padding(const struct emu_disc *disc, uint32_t end);
/* Closing a session that ends there makes the disc final by itself. */
bool lathep_emu_ends_disc(const struct emu_disc *disc, uint32_t end);

enum emu_area {
	EMU_AREA_DATA,
	EMU_AREA_DAMAGED,
	EMU_AREA_RUN_OUT,
	EMU_AREA_GAP,		/* lead-out, lead-in, pre-gap */
	EMU_AREA_OPEN,		/* unrecorded, inside an open track or where
				   a format only prepared */
	EMU_AREA_FORMATTED,	/* never written: zeros */
	EMU_AREA_BEYOND		/* unrecorded, outside of all tracks */
};

/* What 'lba' is; *end is one past the last block of the same kind. */
enum emu_area lathep_emu_area(const struct emu_disc *disc, uint32_t lba,
			      uint32_t *end);

void lathep_emu_damage(struct emu_disc *disc, uint32_t start, uint32_t count);
/* Written at random: the blocks are data now, and no longer damaged. True if
 * more has changed than the length of the last range. */
bool lathep_emu_record(struct emu_disc *disc, uint32_t lba, uint32_t count);
void lathep_emu_end_track(struct emu_disc *disc, uint32_t number);
void lathep_emu_close_session(struct emu_disc *disc, uint8_t multi);

/* State as text; returns its length or, if 'bytes' is too small, what it
 * would need. */
#define EMU_TEXT_MAX 131072u
size_t lathep_emu_disc_print(const struct emu_disc *disc, char *out,
			     size_t bytes);
/* 0 or LATHE_ERR_CORRUPT. */
int lathep_emu_disc_parse(struct emu_disc *disc, const char *text, size_t len);

/* The last line of the text: "written" and 10 digits, so that it can be
 * replaced in place. Blocks of the open track on the medium. */
#define EMU_WRITTEN_BYTES 19u	/* "written " 10 digits, newline */
void lathep_emu_written_print(const struct emu_disc *disc,
			      char out[EMU_WRITTEN_BYTES + 1u]);

/* ---- stores ------------------------------------------------------------- */

struct emu_store_ops {
	/* All return 0 or a negative enum lathe_err. */
	int (*read)(struct lathe_emulator_store *store, uint32_t lba,
		    uint32_t count, uint8_t *out);
	int (*write)(struct lathe_emulator_store *store, uint32_t lba,
		     uint32_t count, const uint8_t *data);
	/* May be missing: then what read() gives is compared. */
	bool (*holds)(struct lathe_emulator_store *store, uint32_t lba,
		      const uint8_t *data);
	int (*zero)(struct lathe_emulator_store *store, uint32_t lba,
		    uint32_t count);
	int (*discard)(struct lathe_emulator_store *store);
	int (*save)(struct lathe_emulator_store *store);	/* all state */
	int (*mark)(struct lathe_emulator_store *store);	/* NWA only */
	int (*snapshot)(struct lathe_emulator_store *store,
			struct lathe_emulator_store **out);
	void (*close)(struct lathe_emulator_store *store);
};

/* The head of each store; the kinds put their own fields behind it. */
struct lathe_emulator_store {
	const struct emu_store_ops *ops;
	struct lathe_hooks hooks;
	char *text;		/* EMU_TEXT_MAX bytes, when first asked for */
	struct emu_disc disc;
};

void *lathep_emu_realloc(const struct lathe_hooks *hooks, void *p,
			 size_t old_bytes, size_t new_bytes);

/* ---- the drive ---------------------------------------------------------- */

#define EMU_SENSE(key, asc, ascq)                                              \
	((uint32_t)(key) << 16 | (uint32_t)(asc) << 8 | (uint32_t)(ascq))
#define EMU_GOOD 0u

/* The sense codes that the core uses; SPC-4 annex D, MMC-6 annex F. */
enum emu_sense {
	EMU_BECOMING_READY = EMU_SENSE(2, 0x04, 0x01),
	EMU_FORMATTING = EMU_SENSE(2, 0x04, 0x04),
	EMU_IN_PROGRESS = EMU_SENSE(2, 0x04, 0x07),
	EMU_LONG_WRITE = EMU_SENSE(2, 0x04, 0x08),
	EMU_NOT_FORMATTED = EMU_SENSE(2, 0x30, 0x00),
	EMU_NO_MEDIUM_CLOSED = EMU_SENSE(2, 0x3a, 0x01),
	EMU_NO_MEDIUM_OPEN = EMU_SENSE(2, 0x3a, 0x02),
	EMU_WRITE_ERROR = EMU_SENSE(3, 0x0c, 0x00),
	EMU_UNREADABLE = EMU_SENSE(3, 0x11, 0x05),
	EMU_INTERNAL = EMU_SENSE(4, 0x44, 0x00),
	EMU_LIST_LENGTH = EMU_SENSE(5, 0x1a, 0x00),
	EMU_BAD_OPCODE = EMU_SENSE(5, 0x20, 0x00),
	EMU_BAD_ADDRESS = EMU_SENSE(5, 0x21, 0x00),
	EMU_BAD_WRITE_ADDRESS = EMU_SENSE(5, 0x21, 0x02),
	EMU_UNALIGNED = EMU_SENSE(5, 0x21, 0x04),
	EMU_BAD_FIELD = EMU_SENSE(5, 0x24, 0x00),
	EMU_BAD_PARAMETER = EMU_SENSE(5, 0x26, 0x00),
	EMU_SEQUENCE = EMU_SENSE(5, 0x2c, 0x00),
	EMU_INCOMPATIBLE = EMU_SENSE(5, 0x30, 0x00),
	EMU_CANNOT_READ = EMU_SENSE(5, 0x30, 0x02),
	EMU_CANNOT_WRITE = EMU_SENSE(5, 0x30, 0x05),
	EMU_NOT_SAVABLE = EMU_SENSE(5, 0x39, 0x00),
	EMU_REMOVAL_PREVENTED = EMU_SENSE(5, 0x53, 0x02),
	EMU_NO_RESOURCES = EMU_SENSE(5, 0x55, 0x00),
	EMU_END_OF_AREA = EMU_SENSE(5, 0x63, 0x00),
	EMU_ILLEGAL_MODE = EMU_SENSE(5, 0x64, 0x00),
	EMU_BAD_PACKET = EMU_SENSE(5, 0x64, 0x01),
	EMU_OPEN_TRACK = EMU_SENSE(5, 0x72, 0x03),
	EMU_RESERVED_TRACK = EMU_SENSE(5, 0x72, 0x04),
	EMU_NO_RESERVATION = EMU_SENSE(5, 0x72, 0x05),
	EMU_MEDIUM_CHANGED = EMU_SENSE(6, 0x28, 0x00),
	EMU_RESET = EMU_SENSE(6, 0x29, 0x00),
	EMU_SHORT_OF_TIME = EMU_SENSE(6, 0x2e, 0x00),
	EMU_NOT_RECORDED = EMU_SENSE(8, 0x00, 0x00)
};

/* Other behaviours, each with a name; see emu_personality.c. */
enum emu_quirk {
	EMU_Q_TUR_BUSY,
	EMU_Q_NWA_150,
	EMU_Q_UNRECORDED_ZEROS,
	EMU_Q_GAP_UNRECORDED,
	EMU_Q_RUN_OUT_READABLE,
	EMU_Q_RUN_OUT_COUNTS,
	EMU_Q_BLOCKING_WRITES,
	EMU_Q_UNDERRUNS,
	EMU_Q_NO_RESUME,
	EMU_Q_KEEPS_BUFFER,
	EMU_Q_SIZE_WITH_RUN_OUT,
	EMU_Q_TOC_OF_PMA,
	EMU_Q_BLOCK_DESCRIPTOR,
	EMU_Q_SHORT_PAGE_05,
	EMU_Q_FEW_EVENTS,
	EMU_Q_NO_EVENTS,
	EMU_Q_STUCK_EVENT,
	EMU_Q_SLOW_LOAD,
	EMU_Q_DUMMY_LIES,
	EMU_Q_NO_BUFFER_CAPACITY,
	EMU_Q_NO_OPC,
	EMU_Q_NO_SPEED,
	EMU_Q_CLOSE_TRACK_FAILS,
	EMU_Q_ATIP_ZEROS,
	EMU_Q_NO_LOCK,
	EMU_Q_WHOLE_ECC,
	EMU_Q_SYNC_LINKS,
	EMU_Q_PLUS_R_PAGE_05,
	EMU_Q_TOC_FIXED,
	EMU_Q_STOPPED_FORMAT,
	EMU_Q_SYNC_ENDS,
	EMU_Q_DL_APPENDS,
	EMU_Q_UNFORMATTED_NOT_READY,
	EMU_Q_TORN_REFUSES,
	EMU_Q_FORMAT_SURVIVES,
	EMU_Q_CLEAN_CUT,
	EMU_Q_CUE_RELATIVE,
	EMU_Q_SPLIT_EMPTY,
	EMU_Q_NO_QUICK_CERTIFY,
	EMU_Q_NO_STREAMING,
	EMU_Q_CD_SPEEDS,
	EMU_Q_ZERO_SPEEDS,
	EMU_Q_NO_PERFORMANCE,
	EMU_Q_PERFORMANCE_ONE,
	EMU_Q_STREAMING_END,
	EMU_Q_STREAMING_REFUSED,
	EMU_Q_SPEED_ABOVE,
	EMU_Q_SPEED_FORGOTTEN,
	EMU_Q_NO_ADIP,
	EMU_Q_SHORT_0E,
	EMU_Q_STREAMING_JUNK,
	EMU_Q_FIRST_WRITE_WAITS,
	EMU_Q_CLOSE_REPEATS,
	EMU_Q_CLOSE_EARLY,
	EMU_Q_BUFFER_HANGS,
	EMU_Q_STALE_BUFFER,
	EMU_Q_OPEN_UNREADABLE,
	EMU_Q_NO_FULL_TOC,
	EMU_Q_TOC_NO_LEAD_OUT,
	EMU_Q_OPC_REFUSED,
	EMU_Q_MODE_SENSE_30,
	EMU_Q_ODD_PAGE_05,
	EMU_Q_ATIP_BCD,
	EMU_Q_DATA_MODE_F,
	EMU_Q_FULL_BAD_FIELD,
	EMU_Q_LOAD_NO_MEDIUM,
	EMU_Q_LINK_SIZE,
	EMU_Q_BREAK_KEEPS_SIZE,
	EMU_Q_DESCRIPTOR_SENSE,
	EMU_Q_BARE_SENSE,
	EMU_Q_HOST_FILTER,
	EMU_Q_HOST_FILTER_READ_ONLY,
	EMU_Q_HOST_SWALLOWS,
	EMU_Q_HOST_POLLS,
	EMU_Q_HOST_CLEAN,
	EMU_Q_COUNT
};

enum emu_job_kind {
	EMU_JOB_NONE,
	EMU_JOB_FLUSH,		/* what is buffered gets onto the medium */
	EMU_JOB_SYNC,		/* flush, end the track */
	EMU_JOB_CLOSE_TRACK,
	EMU_JOB_CLOSE_SESSION,
	EMU_JOB_END_AT_ONCE,	/* tracks and session, SAO and DAO */
	EMU_JOB_BLANK,
	EMU_JOB_FORMAT,
	EMU_JOB_CLOSE_FORMAT,	/* stop it, or bring it to its end */
	EMU_JOB_LOAD
};

/* What runs in the background; its effect comes when it ends. */
struct emu_job {
	enum emu_job_kind kind;
	uint64_t start_us, end_us;
	uint32_t track;
	uint32_t blocks;	/* formatted size */
	uint8_t detail;		/* multi-session bits; blanking or format
				   type */
	uint8_t subtype;	/* of the format */
};

/*
 * What SEND CUE SHEET laid down, until the session has ended: tracks from
 * index 0 (pause) and 1 on. 'start' is the LBA of the first block that the
 * host sends, FFFFFF6Ah when that is the first track's pause.
 */
struct emu_cue_track {
	uint32_t index_0, start, end;
	uint8_t mode;		/* data mode, 1 or 2 */
};

struct emu_cue {
	bool valid;
	uint8_t format;		/* disc type, as session format of page 05h */
	uint8_t tracks;
	uint32_t start, lead_out;
	struct emu_cue_track track[99];
};

/* Blocks acknowledged and not on the medium yet, where writing is at random:
 * what lies there keeps its old content until they get there. */
struct emu_pending {
	struct emu_pending *next;
	uint32_t lba, count;	/* of those that are left */
	uint32_t all;		/* blocks in 'data' */
	uint8_t data[];
};

enum emu_fault_what {
	EMU_FAULT_SENSE,
	EMU_FAULT_DEFERRED,
	EMU_FAULT_TIMEOUT,
	EMU_FAULT_LOST,
	EMU_FAULT_RESET,
	EMU_FAULT_SHORT,
	EMU_FAULT_GONE,
	EMU_FAULT_REFUSED,
	EMU_FAULT_TOO_LARGE,
	EMU_FAULT_CORRUPT,
	EMU_FAULT_POWER_CUT,
	EMU_FAULT_SWAP,
	EMU_FAULT_EJECT,
	EMU_FAULT_BUSY,
	EMU_FAULT_UNDERRUN,
	EMU_FAULT_STALL
};

struct emu_fault {
	bool has_op, has_lba, has_after, has_time;
	uint8_t op;
	uint16_t byte_mask;	/* bit n: byte[n] must be equal to CDB[n] */
	uint8_t byte[16];
	uint32_t lba, after;
	uint64_t time_us;
	uint32_t count;		/* fires at the count-th match... */
	uint32_t times;		/* ...and as often; 0: from then on always */
	enum emu_fault_what what;
	uint32_t value;		/* sense, bytes, ms */
	uint32_t seen, fired;
};

struct lathe_emulator {
	struct lathe_hooks hooks;
	void (*command)(void *ctx, const char *text, size_t len);
	void *command_ctx;
	uint64_t quirks[2];	/* bit n: enum emu_quirk n */
	uint32_t max_transfer;	/* of the host; 0: no limit */
	uint32_t buffer_blocks;

	struct lathe_emulator_store *store;	/* also while on the tray */
	struct lathe_emulator_store *swap;
	bool tray_open, prevented, gone;
	uint8_t media_event;	/* GET EVENT STATUS, class 4 */
	uint32_t attention[4];
	uint32_t attentions;

	uint64_t now_us;
	uint64_t drained_us;	/* the buffer is accounted for until here */
	uint64_t polled_us;	/* the host looked for a medium */
	uint64_t load_us;	/* becoming ready until here */
	struct emu_job job;

	uint32_t read_kb, write_kb;	/* in force with this disc */
	uint32_t read_asked, write_asked;	/* what a host wanted */
	uint8_t page_01[12], page_05[52], page_08[12], page_0e[16];

	struct emu_cue cue;
	uint32_t cue_at;	/* the LBA it goes on with */
	struct emu_pending *pending;
	uint32_t taken_end;	/* of the WRITE that was acknowledged last and
				 * was not synchronized; 0: none */

	/* Test writing: a track that never gets onto the disc. */
	bool test_open;
	uint32_t test_start, test_blocks, test_reserved;
	bool underrun;		/* the open track lost its stream */
	bool unsynced;		/* something was written since the last flush */

	struct emu_fault *fault;
	uint32_t faults, faults_fired, commands;

	/* Beside the sense data of the command in work. */
	uint32_t info;
	bool has_info, deferred;
	bool corrupt;		/* flip a bit of this command's data */
	uint32_t put_off;	/* commands that were, by an odd drive */
	bool made_immediate;	/* it has set IMMED in this CDB */
	bool streaming;		/* blocks are not checked as they are written */

	uint8_t scratch[8192];	/* replies are built here */
};

static inline bool emu_quirk(const struct lathe_emulator *e, enum emu_quirk q)
{
	return e->quirks[q / 64] >> q % 64 & 1u;
}

static inline struct emu_disc *emu_disc(const struct lathe_emulator *e)
{
	return &e->store->disc;
}

static inline bool emu_has_disc(const struct lathe_emulator *e)
{
	return e->store && !e->tray_open;
}

/* Time passes: the buffer drains, background work ends. */
void lathep_emu_advance(struct lathe_emulator *e, uint64_t us);
uint64_t lathep_emu_block_us(const struct lathe_emulator *e);
uint64_t lathep_emu_zone_us(const struct lathe_emulator *e, uint64_t blocks);
uint64_t lathep_emu_read_us(const struct lathe_emulator *e, uint32_t blocks);
void lathep_emu_attend(struct lathe_emulator *e, uint32_t sense);

/* Background work, or at once when not 'immediate'. */
void lathep_emu_start_job(struct lathe_emulator *e, const struct emu_job *job,
			  uint64_t us, bool immediate);
void lathep_emu_finish_job(struct lathe_emulator *e);

/* All acknowledged blocks are on the medium now. */
void lathep_emu_flush(struct lathe_emulator *e);
void lathep_emu_come_to_rest(struct lathe_emulator *e);
/* A bus reset; with 'power' all volatile state is lost. */
void lathep_emu_reset(struct lathe_emulator *e, bool power);
void lathep_emu_default_pages(struct lathe_emulator *e);
void lathep_emu_take_out(struct lathe_emulator *e);
void lathep_emu_put_in(struct lathe_emulator *e,
		       struct lathe_emulator_store *store);

/* Odd drives: what comes instead of a command, and what becomes of its
 * outcome. */
uint32_t lathep_emu_odd_before(struct lathe_emulator *e, struct lathe_cmd *c);
uint32_t lathep_emu_odd_behind(struct lathe_emulator *e, struct lathe_cmd *c,
			       uint32_t sense);

/* Parts of the table of rules; false beyond their last row. */
bool lathep_emu_drive_rule(uint32_t i, struct lathe_emulator_rule *out);

/* The core: one command, in the drive. Fills in status, sense and moved. */
void lathep_emu_command(struct lathe_emulator *e, struct lathe_cmd *c);

/* Hand 'len' bytes over, as far as asked for. Always GOOD. */
uint32_t lathep_emu_reply(struct lathe_cmd *c, const uint8_t *from,
			  uint32_t len, uint32_t allocation);
/* Sense data in the form the drive uses. Returns the length. */
uint8_t lathep_emu_sense(const struct lathe_emulator *e, uint32_t sense,
			 bool descriptor, uint8_t out[LATHE_SENSE_MAX]);
void lathep_emu_check(struct lathe_emulator *e, struct lathe_cmd *c,
		      uint32_t sense);

/* LBA to 00, M, S, F as READ TOC and READ DISC INFORMATION give it. */
void lathep_emu_put_msf(uint8_t out[4], uint32_t lba);

/* Handlers: sense code, 0 for GOOD. One file each family. */
#define EMU_HANDLER(name)                                                      \
	uint32_t lathep_emu_##name(struct lathe_emulator *e,                   \
				   struct lathe_cmd *c)
EMU_HANDLER(inquiry);
EMU_HANDLER(request_sense);
EMU_HANDLER(start_stop);
EMU_HANDLER(prevent);
EMU_HANDLER(events);
EMU_HANDLER(mechanism_status);
EMU_HANDLER(configuration);
EMU_HANDLER(mode_sense);
EMU_HANDLER(mode_select);
EMU_HANDLER(disc_information);
EMU_HANDLER(track_information);
EMU_HANDLER(toc);
EMU_HANDLER(format_capacities);
EMU_HANDLER(capacity_reply);
EMU_HANDLER(disc_structure);
EMU_HANDLER(send_structure);
EMU_HANDLER(read);
EMU_HANDLER(read_cd);
EMU_HANDLER(verify);
EMU_HANDLER(write);
EMU_HANDLER(write_verify);
EMU_HANDLER(sync_cache);
EMU_HANDLER(close);
EMU_HANDLER(blank);
EMU_HANDLER(format);
EMU_HANDLER(reserve);
EMU_HANDLER(cue_sheet);
EMU_HANDLER(opc);
EMU_HANDLER(buffer_capacity);
EMU_HANDLER(set_speed);
EMU_HANDLER(set_streaming);
EMU_HANDLER(performance);

#define EMU_BUS_BLOCK_US 14u	/* 150 MB/s */

/* WRITE: page 05h as it sees it, and its parts beside emu_write.c. */
bool lathep_emu_test_writing(const struct lathe_emulator *e);
uint8_t lathep_emu_page_mode(const struct lathe_emulator *e);
enum emu_track_type lathep_emu_page_track(const struct lathe_emulator *e);
uint32_t lathep_emu_make_room(struct lathe_emulator *e, uint32_t count);
uint32_t lathep_emu_store_blocks(struct lathe_emulator *e, uint32_t lba,
				 uint32_t count, const uint8_t *data);
uint32_t lathep_emu_write_session(struct lathe_emulator *e,
				  struct lathe_cmd *c, uint32_t lba,
				  uint32_t count);
uint32_t lathep_emu_overwrite(struct lathe_emulator *e, struct lathe_cmd *c,
			      uint32_t lba, uint32_t count);
uint32_t lathep_emu_replace(struct lathe_emulator *e, struct lathe_cmd *c,
			    uint32_t lba, uint32_t count);
/* A reserved track behind all others, without blocks. */
void lathep_emu_new_track(struct lathe_emulator *e, uint32_t start,
			  uint32_t reserved);
void lathep_emu_suspend_track(struct lathe_emulator *e);
void lathep_emu_flush_track(struct lathe_emulator *e, uint32_t number);
void lathep_emu_break_session(struct emu_disc *disc);
void lathep_emu_tear_open_track(struct emu_disc *disc);
void lathep_emu_spoil_track(struct lathe_emulator *e);
void lathep_emu_overwrite_error(struct lathe_emulator *e, struct lathe_cmd *c,
				bool now);
void lathep_emu_lose_buffer(struct lathe_emulator *e);
void lathep_emu_lose_pending(struct lathe_emulator *e);
void lathep_emu_drop_pending(struct lathe_emulator *e);
void lathep_emu_commit(struct lathe_emulator *e, uint32_t blocks);
uint32_t lathep_emu_sync_session(struct lathe_emulator *e, bool immediate);

/* Ends of what the handlers above start. */
void lathep_emu_finish_flush(struct lathe_emulator *e);
void lathep_emu_finish_track(struct lathe_emulator *e, uint32_t number);
uint64_t lathep_emu_finish_track_us(const struct lathe_emulator *e,
				    uint32_t number);
void lathep_emu_finish_session(struct lathe_emulator *e, uint8_t multi);
void lathep_emu_finish_blank(struct lathe_emulator *e, uint8_t type);
void lathep_emu_finish_format(struct lathe_emulator *e,
			      const struct emu_job *job);

/* Blocks as READ gives them, into 'out' unless that is NULL; *done is how many
 * were good before the one that sense and information tell of. */
uint32_t lathep_emu_read_blocks(struct lathe_emulator *e, uint32_t lba,
				uint32_t count, uint8_t *out, uint32_t *done);
/* The speeds in force: those of the disc that is in, as far as asked for. */
void lathep_emu_choose_speeds(struct lathe_emulator *e);
/* Speeds at which the disc can be written, fastest first, at most
 * EMU_SPEEDS_MAX; returns how many. */
#define EMU_SPEEDS_MAX 8u
uint32_t lathep_emu_write_speeds(const struct lathe_emulator *e,
				 uint32_t out[EMU_SPEEDS_MAX]);
uint32_t lathep_emu_read_kb_max(const struct lathe_emulator *e);
/* The time that reading takes. */
void lathep_emu_read_time(struct lathe_emulator *e, uint32_t count);

/* READ FORMAT CAPACITIES has formats to offer. */
bool lathep_emu_formattable(const struct emu_disc *disc);
/* Whether FORMAT UNIT can make this format of the disc, among those that READ
 * FORMAT CAPACITIES offers; *blocks FFFFFFFFh becomes what it stands for. */
bool lathep_emu_format_fits(const struct lathe_emulator *e, uint8_t type,
			    uint8_t subtype, uint32_t *blocks);

/* The range of a READ, WRITE or VERIFY; false for other commands. */
bool lathep_emu_cdb_range(const uint8_t *cdb, uint32_t *lba, uint32_t *count);

/* Personalities and faults: 0 or LATHE_ERR_ARG (and LATHE_ERR_MEMORY). */
int lathep_emu_parse_personality(struct lathe_emulator *e, const char *names);
const char *lathep_emu_quirk_name(enum emu_quirk q);
/* The second part of the table of rules. */
bool lathep_emu_media_rule(uint32_t i, struct lathe_emulator_rule *out);

/* What a fault does to drive and disc, beside a command's own outcome. */
void lathep_emu_happen(struct lathe_emulator *e, enum emu_fault_what what);
void lathep_emu_write_error(struct lathe_emulator *e, struct lathe_cmd *c,
			    bool late);

/* The fault that 'c' meets, or NULL. */
struct emu_fault *lathep_emu_match_fault(struct lathe_emulator *e,
					 const struct lathe_cmd *c);
/* Let faults happen that are due by the clock and need no command. */
void lathep_emu_timed_faults(struct lathe_emulator *e);
uint64_t lathep_emu_next_timed_fault(const struct lathe_emulator *e);

/* The host's view: filter, size limit, junk, faults; node as in the door's
 * protocol, 0 sg, 1 sr, 2 sr read-only. */
int lathep_emu_host(struct lathe_emulator *e, struct lathe_cmd *c,
		    uint8_t node);
void lathep_emu_log(struct lathe_emulator *e, const struct lathe_cmd *c);

#endif
