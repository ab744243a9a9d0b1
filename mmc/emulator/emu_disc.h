/* SPDX-License-Identifier: MIT */
/* emu_disc.h - kinds of media, and a disc as it lies there: its tracks, its
 * sessions, what each block is. No time, no commands. */
#ifndef LATHEP_EMULATOR_DISC_H
#define LATHEP_EMULATOR_DISC_H

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

#define EMU_FIRST_PSN 0x30000u	/* DVD: the physical sector of LBA 0 */
#define EMU_DVD_R_LINK 16u	/* linking blocks behind a track */

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
	uint8_t mode;		/* data mode, 1 or 2; 0: audio */
	uint8_t format;		/* session format, page 05h byte 8 */
	bool damaged;		/* a write to it failed */
	bool lost;		/* and it can not go on */
};

struct emu_session {
	uint16_t first, last;	/* track numbers */
	uint8_t multi;		/* multi-session bits it was closed with */
	uint8_t format;
	uint32_t start, lead_out;
	bool other_zones;	/* behind it, by a drive that differs */
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
/* Nothing is left but its size; what was formatted is no more. */
void lathep_emu_disc_erase(struct emu_disc *disc);

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

/* Blocks of the open track that are on the medium. */
uint32_t lathep_emu_on_medium(const struct emu_disc *disc);

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
void lathep_emu_close_session(struct emu_disc *disc, uint8_t multi,
			      bool other_zones);
/* What is written in one go can not be taken up again. */
void lathep_emu_break_session(struct emu_disc *disc);
/* Who is killed leaves what was in work torn. */
void lathep_emu_tear_open_track(struct emu_disc *disc);

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

#endif
