/* SPDX-License-Identifier: MIT */
/*
 * mmc_internal.h - what the files of the mmc library share. From below to
 * above: failure.c, sense_action.c, runner.c, queries.c, strategy.c; the rest
 * are the public calls.
 */
#ifndef LATHEP_MMC_INTERNAL_H
#define LATHEP_MMC_INTERNAL_H

#include <string.h>

#include "mmc/lathe_mmc.h"
#include "mmc/lathe_mmc_commands.h"

/* ---- failure.c ---------------------------------------------------------- */

struct lathep_mmc_request;

/* Every public call that sends commands lies between these two. The second
 * returns 'err' and makes the kept failure agree with it. */
void lathep_mmc_enter(struct lathe_mmc *mmc);
int lathep_mmc_leave(struct lathe_mmc *mmc, int err);

/* Keep a failure that no single command explains; returns 'err'. */
int lathep_mmc_fail(struct lathe_mmc *mmc, int err, const char *format, ...);

/* Keep the failure of 'rq': its command, sense and cause, and 'why' in place
 * of the sense's own words if that is not NULL; returns 'err'. */
int lathep_mmc_fail_request(struct lathe_mmc *mmc,
			    const struct lathep_mmc_request *rq, int err,
			    const char *why);

/* Keep a deferred error, against the command that it belongs to. */
int lathep_mmc_fail_deferred(struct lathe_mmc *mmc,
			     const struct lathep_mmc_request *rq);

void lathep_mmc_log(struct lathe_mmc *mmc, enum lathe_log_level level,
		    const char *id, const char *format, ...);
void lathep_mmc_log_request(struct lathe_mmc *mmc, enum lathe_log_level level,
			    const char *id,
			    const struct lathep_mmc_request *rq);

/* ---- sense_action.c ----------------------------------------------------- */

/* What a runner does about sense data; see the table in sense_action.c. */
enum lathep_mmc_action {
	LATHEP_MMC_GO_ON,	/* the command was carried out */
	LATHEP_MMC_FAIL,
	LATHEP_MMC_WAIT,	/* becoming ready, or an operation runs */
	LATHEP_MMC_WAIT_SHORT,	/* not ready for no reason: some seconds */
	LATHEP_MMC_WAIT_BUFFER,	/* the drive's buffer is full */
	LATHEP_MMC_START_UNIT,
	LATHEP_MMC_ALLOW_REMOVAL,
	LATHEP_MMC_ATTEND,	/* unit attention: not carried out */
	LATHEP_MMC_SEND_AGAIN,	/* aborted on the way */
	LATHEP_MMC_EMPTY_DRIVE
};

enum lathep_mmc_action
lathep_mmc_sense_action(const struct lathe_mmc_sense *sense);

/* ---- runner.c ----------------------------------------------------------- */

enum lathep_mmc_flag {
	/* Carried out twice is as good as once. */
	LATHEP_MMC_REPEATABLE = 1,
	/* All of data_len has to move, else the command failed. */
	LATHEP_MMC_EXACT = 2,
	/* The caller cuts it smaller: TOO_LARGE gives LATHEP_MMC_SPLIT. */
	LATHEP_MMC_SPLITTABLE = 4,
	/* Not-ready answers give LATHEP_MMC_NOT_READY, without waiting. */
	LATHEP_MMC_NO_WAIT = 8,
	/* Ask the cancelled hook before each try. */
	LATHEP_MMC_CANCELLABLE = 16
};

/* Positive results of lathep_mmc_run(). */
enum lathep_mmc_result { LATHEP_MMC_SPLIT = 1, LATHEP_MMC_NOT_READY = 2 };

/* Which unit attentions end a call, mmc->guard. */
enum lathep_mmc_guard {
	LATHEP_MMC_GUARD_NONE,
	LATHEP_MMC_GUARD_DISC,	/* another disc */
	LATHEP_MMC_GUARD_RECORDING /* another disc and a reset */
};

/* One command with all that its repetitions need. */
struct lathep_mmc_request {
	struct lathe_cmd cmd;
	unsigned flags;		/* enum lathep_mmc_flag */
	bool has_lba;
	uint32_t lba;
	uint32_t blocks;
	uint32_t patience_ms;	/* for a drive that is not ready */
	bool has_sense;
	struct lathe_mmc_sense sense;	/* of the last try */
};

/* Begin a request: timeout and patience come with the operation code.
 * 'cdb_len' is what an encoder returned for rq->cmd.cdb. */
void lathep_mmc_request(struct lathep_mmc_request *rq, int cdb_len,
			unsigned flags);

/* Carry it out. 0, an error that is kept in mmc->failure, or one of enum
 * lathep_mmc_result. */
int lathep_mmc_run(struct lathe_mmc *mmc, struct lathep_mmc_request *rq);

/* Wait with the configured clock; returns the milliseconds that went by. */
uint32_t lathep_mmc_sleep(struct lathe_mmc *mmc, uint32_t ms);

/* ---- queries.c ---------------------------------------------------------- */

/* TEST UNIT READY until GOOD. */
int lathep_mmc_test_ready(struct lathe_mmc *mmc, uint32_t patience_ms,
			  unsigned flags);
int lathep_mmc_prevent(struct lathe_mmc *mmc, bool locked);
int lathep_mmc_capacity(struct lathe_mmc *mmc, struct lathe_mmc_capacity *out);
int lathep_mmc_disc_info(struct lathe_mmc *mmc, unsigned flags,
			 struct lathe_mmc_disc_info *out);
int lathep_mmc_track_info(struct lathe_mmc *mmc,
			  enum lathe_mmc_track_address by, uint32_t number,
			  unsigned flags, struct lathe_mmc_track_info *out);
int lathep_mmc_toc(struct lathe_mmc *mmc, enum lathe_mmc_toc_format format,
		   uint8_t *out, size_t room, size_t *moved);

/* An answer that says "I do not know that": illegal request. */
bool lathep_mmc_unknown(const struct lathe_mmc *mmc, int err);

struct lathep_mmc_features {
	uint16_t profile;
	bool records;		/* a recording feature is current */
	bool can_simulate;
	bool packets;		/* 0026h is current: restricted overwrite */
	bool lists_cd_r, lists_cd_rw;	/* in the profile list */
};

/* 'recording' is the feature that has to be current to record, or 0. */
int lathep_mmc_features(struct lathe_mmc *mmc, struct lathep_mmc_features *out);

#define LATHEP_MMC_MODE_ROOM 320u

int lathep_mmc_mode_sense(struct lathe_mmc *mmc, uint32_t page, uint8_t *data,
			  struct lathe_mmc_mode *out);

/* Make page 05h hold 'want'; sends nothing if it does already. */
int lathep_mmc_set_write_page(struct lathe_mmc *mmc,
			      const struct lathe_mmc_write_parameters *want);

/* Switch a left-over test write off, as far as the drive lets us. */
void lathep_mmc_clear_test_write(struct lathe_mmc *mmc);

/* ---- polling.c ---------------------------------------------------------- */

/*
 * Wait for an operation that runs in the drive: until TEST UNIT READY and
 * READ DISC INFORMATION both answer GOOD. Progress is reported as 'phase'.
 */
int lathep_mmc_poll(struct lathe_mmc *mmc, uint32_t limit_ms,
		    enum lathe_phase phase);

/* ---- medium.c ----------------------------------------------------------- */

/*
 * The track that takes the next WRITE. LATHE_ERR_NOT_FOUND: none of the ways
 * to ask gives a next writable address; *out is then the last answer, or all
 * zero if there was none.
 */
int lathep_mmc_open_track(struct lathe_mmc *mmc,
			  const struct lathe_mmc_disc_info *info,
			  struct lathe_mmc_track_info *out);

/* -150 to -1, the pre-gap of an empty CD, counts as 0. */
uint32_t lathep_mmc_plain_lba(uint32_t lba);

/* ---- same_disc.c -------------------------------------------------------- */

int lathep_mmc_another_disc(struct lathe_mmc *mmc, const char *what);

/*
 * LATHE_ERR_WRONG_DISC where the disc is not in the state that 'medium' tells.
 * The kernel may have eaten the unit attention of a change, so the disc itself
 * is asked again. *info gets what it says now.
 */
int lathep_mmc_same_disc(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium,
			 struct lathe_mmc_disc_info *info);

/* 1 or 2: as asked, else as the disc's last data track, else 1. */
uint8_t lathep_mmc_choose_data_mode(const struct lathe_mmc_medium *medium,
				    uint8_t asked);

/* ---- strategy.c --------------------------------------------------------- */

/* How one recording is made, beside what the caller asked for. */
struct lathep_mmc_job {
	bool simulate;
	bool final;
	uint8_t data_mode;	/* 1 or 2 */
	bool calibrate;		/* the disc knows no power calibration */
};

/* A row of the table: one profile. */
struct lathep_mmc_strategy {
	uint16_t profile;
	enum lathe_mmc_kind kind;
	bool blankable;
	bool ask_invisible;	/* NWA: track FFh first, else the last one */
	uint16_t chunk_blocks;
	struct lathe_mmc_costs first, later;	/* sessions */

	/* Before the first WRITE; NULL: this medium is not recorded. */
	int (*prepare)(struct lathe_mmc *mmc, const struct lathep_mmc_job *job);
	/* Behind the last WRITE. */
	int (*end_track)(struct lathe_mmc *mmc);
	/* Close the last session; 'open_track' 0 if there is none. */
	int (*close)(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		     uint32_t open_track);
};

/* The row of a profile; one without any call where there is none. */
const struct lathep_mmc_strategy *lathep_mmc_strategy(uint16_t profile);

/* ---- strategy_cd_tao.c -------------------------------------------------- */

int lathep_mmc_cd_tao_prepare(struct lathe_mmc *mmc,
			      const struct lathep_mmc_job *job);
int lathep_mmc_cd_tao_end_track(struct lathe_mmc *mmc);
int lathep_mmc_cd_tao_close(struct lathe_mmc *mmc,
			    const struct lathep_mmc_job *job,
			    uint32_t open_track);

/* ---- drive.c ------------------------------------------------------------ */

/* SET CD SPEED and how long a full buffer lasts at it. */
int lathep_mmc_set_speed(struct lathe_mmc *mmc, uint32_t kb_per_s);

/* ---- transport_log.c ---------------------------------------------------- */

/* "timed-out" and so on, as logs have it. */
const char *lathep_mmc_cause_name(uint8_t cause);

/* ---- log_crc.c ---------------------------------------------------------- */

/* CRC-32C (RFC 3720, 12.1) of 'len' bytes. */
uint32_t lathep_mmc_crc32c(const uint8_t *data, size_t len);

#endif
