/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_drive.h - a drive: what it takes to talk to one, who it is, its
 * tray and its speed.
 *
 * Part of lathe_mmc.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_DRIVE_H
#define LATHE_MMC_DRIVE_H

#include "lathe.h"

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
	const struct lathep_mmc_strategy *strategy;
	const struct lathep_mmc_way *way;	/* of the recording */
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
	uint8_t formatted;	/* by begin_track, since then */
	uint8_t guard;		/* attentions that end a call */
	uint8_t unsettled;	/* opcode that a deferred error belongs
				 * to, 0 if none may come */
	uint8_t has_last_write;
	uint8_t streaming;	/* WRITE(12) with the streaming bit */
	uint8_t link_size;	/* of feature 0021h, 0: not known */
	uint8_t lead_blocks;	/* zeros before the first block */
	uint8_t reserved;	/* the open track is */
	uint8_t uncancelled;	/* the hook is not asked */
	uint8_t no_fua;		/* READ knows no such bit */
	uint32_t end_lba;	/* last one of the medium, 0: not known */
	uint32_t granted_kb;	/* speed, as the drive tells it */
	struct lathe_mmc_config config;
	struct lathe_failure failure;
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

#ifdef __cplusplus
}
#endif

#endif
