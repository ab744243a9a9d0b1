/* SPDX-License-Identifier: MIT */
/* emu_drive.h - the drive as an object: what it knows, its clock, its work in
 * the background, what happens to it. */
#ifndef LATHEP_EMULATOR_DRIVE_H
#define LATHEP_EMULATOR_DRIVE_H

#include "mmc/emulator/emu_faults.h"
#include "mmc/emulator/emu_personality.h"
#include "mmc/emulator/emu_sense.h"
#include "mmc/emulator/emu_store.h"

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
	uint64_t load_time_us;	/* of each disc that comes in */
	struct emu_job job;

	uint32_t read_kb, write_kb;	/* in force with this disc */
	uint32_t read_asked, write_asked;	/* what a host wanted */
	uint8_t page_01[12], page_05[52], page_08[12], page_0e[16];

	struct emu_cue cue;
	uint32_t cue_at;	/* the LBA it goes on with */
	struct emu_pending *pending;
	uint32_t taken_start;	/* of the first WRITE, and... */
	uint32_t taken_end;	/* of the last one that was acknowledged and
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
/* Unit attentions wait until they are told; 0: there is none. */
void lathep_emu_attend(struct lathe_emulator *e, uint32_t sense);
uint32_t lathep_emu_take_attention(struct lathe_emulator *e);

/* Background work, or at once when not 'immediate'. */
void lathep_emu_start_job(struct lathe_emulator *e, const struct emu_job *job,
			  uint64_t us, bool immediate);
void lathep_emu_finish_job(struct lathe_emulator *e);
/* What a command meets meanwhile; 0: nothing goes on. */
uint32_t lathep_emu_job_sense(const struct lathe_emulator *e);

/* All acknowledged blocks are on the medium now. */
void lathep_emu_flush(struct lathe_emulator *e);
void lathep_emu_come_to_rest(struct lathe_emulator *e);
/* A bus reset; with 'power' all volatile state is lost. */
void lathep_emu_reset(struct lathe_emulator *e, bool power);
void lathep_emu_default_pages(struct lathe_emulator *e);
void lathep_emu_take_out(struct lathe_emulator *e);
void lathep_emu_put_in(struct lathe_emulator *e,
		       struct lathe_emulator_store *store);

/* The speeds in force: those of the disc that is in, as far as asked for. */
void lathep_emu_choose_speeds(struct lathe_emulator *e);

#endif
