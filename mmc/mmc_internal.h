/* SPDX-License-Identifier: MIT */
/*
 * mmc_internal.h - what the files of the mmc library share to talk to a drive
 * and to find out about its disc. From below to above: failure.c,
 * sense_action.c, runner.c, queries.c; above them what mmc_strategy.h has, and
 * the public calls.
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

/* In place of the first, for calls that are made while a track is open, or
 * while none is: LATHE_ERR_STATE otherwise. */
int lathep_mmc_enter_for(struct lathe_mmc *mmc, bool writing);

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
	LATHEP_MMC_WAIT_FORMAT,	/* that of the background */
	LATHEP_MMC_FLUSH,	/* comes too early: the drive's buffer first */
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

/* Begin a request: timeout and patience come with the operation code, all else
 * becomes zero. 'cdb_len' is what an encoder returned for rq->cmd.cdb. */
void lathep_mmc_request(struct lathep_mmc_request *rq, int cdb_len,
			unsigned flags);

/* Carry it out. 0, an error that is kept in mmc->failure, or one of enum
 * lathep_mmc_result. */
int lathep_mmc_run(struct lathe_mmc *mmc, struct lathep_mmc_request *rq);

/* Wait with the configured clock; returns the milliseconds that went by. */
uint32_t lathep_mmc_sleep(struct lathe_mmc *mmc, uint32_t ms);

/* ---- aside.c ------------------------------------------------------------ */

/* One try of 'rq'; what the transport returned. */
int lathep_mmc_send_once(struct lathe_mmc *mmc, struct lathep_mmc_request *rq);

/* Waits a little for a busy drive, and otherwise GOOD or not at all. */
bool lathep_mmc_aside(struct lathe_mmc *mmc, struct lathep_mmc_request *rq);

/* Sense that did not come with the status is asked for, once. */
void lathep_mmc_fetch_sense(struct lathe_mmc *mmc,
			    struct lathep_mmc_request *rq);

/* Unit attention 'asc' came. True: of a change or a reset. */
bool lathep_mmc_note_attention(struct lathe_mmc *mmc, uint8_t asc);

/* Whether the drive says that it expects the next block at 'lba': on
 * write-once media the only proof of what an unclear WRITE did. */
bool lathep_mmc_expects(struct lathe_mmc *mmc, uint32_t lba);

/* ---- queries.c ---------------------------------------------------------- */

/* Carry a command without data phase out; 'len' as for lathep_mmc_request().
 */
int lathep_mmc_command(struct lathe_mmc *mmc, const uint8_t *cdb, int len,
		       unsigned flags);

/* Carry a command with a parameter list out, all of which has to move. */
int lathep_mmc_send_list(struct lathe_mmc *mmc, const uint8_t *cdb, int len,
			 unsigned flags, uint8_t *list, size_t list_len);

/* Carry 'rq' out with data for the drive. */
int lathep_mmc_send(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		    uint8_t *data, size_t len);

/* Carry 'rq' out with room for an answer; *moved gets what came. */
int lathep_mmc_ask(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		   int cdb_len, unsigned flags, uint8_t *data, size_t len,
		   size_t *moved);

/* The failure of an answer that its parser refuses. */
int lathep_mmc_cut_answer(struct lathe_mmc *mmc,
			  const struct lathep_mmc_request *rq);

/* TEST UNIT READY until GOOD; what a disc takes to be recognised, a scratched
 * one or a BD of many layers at worst. */
#define LATHEP_MMC_READY_MS 300000u
int lathep_mmc_test_ready(struct lathe_mmc *mmc, uint32_t patience_ms,
			  unsigned flags);
int lathep_mmc_prevent(struct lathe_mmc *mmc, bool locked);
int lathep_mmc_capacity(struct lathe_mmc *mmc, struct lathe_mmc_capacity *out);
int lathep_mmc_disc_info(struct lathe_mmc *mmc, unsigned flags,
			 struct lathe_mmc_disc_info *out);
int lathep_mmc_track_info(struct lathe_mmc *mmc,
			  enum lathe_mmc_track_address by, uint32_t number,
			  struct lathe_mmc_track_info *out);
int lathep_mmc_toc(struct lathe_mmc *mmc, enum lathe_mmc_toc_format format,
		   uint8_t *out, size_t room, size_t *moved);

/* An answer that says "I do not know that": illegal request. */
bool lathep_mmc_unknown(const struct lathe_mmc *mmc, int err);

/* 'err', but 0 where it is such an answer. */
int lathep_mmc_unless_unknown(const struct lathe_mmc *mmc, int err);

/* What a drive does not tell is not held against it; a lost drive is. */
bool lathep_mmc_optional(const struct lathe_mmc *mmc, int err);

/* A bit for each feature from 0020h to 005Fh. */
#define LATHEP_MMC_FEATURE_BIT(code) (UINT64_C(1) << ((code)-0x20))

struct lathep_mmc_features {
	uint16_t profile;
	uint64_t current;	/* and able to write, where it says so */
	uint64_t test_write;	/* announced by these */
	uint8_t link_size;	/* of 0021h, 0: not known */
	bool streams;		/* 0107h is current, with stream writing */
	uint32_t kinds;		/* bit 1 << kind: in the profile list */
};

int lathep_mmc_features(struct lathe_mmc *mmc, struct lathep_mmc_features *out);

/* ---- mode_queries.c ----------------------------------------------------- */

int lathep_mmc_capabilities(struct lathe_mmc *mmc,
			    struct lathe_mmc_capabilities *out);

/* Make page 05h hold 'want'; sends nothing if it does already. */
int lathep_mmc_set_write_page(struct lathe_mmc *mmc,
			      const struct lathe_mmc_write_parameters *want);

/* Switch a left-over test write off, as far as the drive lets us. */
void lathep_mmc_clear_test_write(struct lathe_mmc *mmc);

/* Set the multi-session bits alone, as far as the drive lets us. */
int lathep_mmc_allow_sessions(struct lathe_mmc *mmc, bool final);

/* ---- polling.c ---------------------------------------------------------- */

/*
 * Wait for an operation that runs in the drive: until TEST UNIT READY and
 * READ DISC INFORMATION both answer GOOD. Progress is reported as 'phase'.
 */
int lathep_mmc_poll(struct lathe_mmc *mmc, uint32_t limit_ms,
		    enum lathe_phase phase);

/* Report progress as 'sense' tells it; NULL: how far is not known. */
void lathep_mmc_progress(struct lathe_mmc *mmc, enum lathe_phase phase,
			 const struct lathe_mmc_sense *sense);

/* ---- open_track.c ------------------------------------------------------- */

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

/* One behind what READ CAPACITY tells; 0 where it tells nothing. */
int lathep_mmc_read_end(struct lathe_mmc *mmc, uint32_t *end);

/* ---- overwritable_medium.c ---------------------------------------------- */

/* Fills in status, sizes and what 'info' says; NULL: the drive has none. */
int lathep_mmc_read_overwritable(struct lathe_mmc *mmc,
				 const struct lathe_mmc_disc_info *info,
				 struct lathe_mmc_medium *m);

/* ---- same_disc.c -------------------------------------------------------- */

int lathep_mmc_another_disc(struct lathe_mmc *mmc, const char *what);
int lathep_mmc_another_medium(struct lathe_mmc *mmc);

/* Nothing is recorded, whatever words the drive has for that. */
bool lathep_mmc_is_blank(const struct lathep_mmc_strategy *medium,
			 const struct lathe_mmc_disc_info *info);

/* Sessions but for the last one, where that is empty or open. */
uint16_t lathep_mmc_complete_sessions(const struct lathe_mmc_disc_info *info);

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

/* ---- write_speed.c ------------------------------------------------------ */

/* SET CD SPEED or SET STREAMING, and how long a full buffer lasts then. */
int lathep_mmc_set_speed(struct lathe_mmc *mmc, uint32_t kb_per_s);

/* ---- transport_log.c ---------------------------------------------------- */

/* "timed-out" and so on, as logs have it. */
const char *lathep_mmc_cause_name(uint8_t cause);

/* ---- log_crc.c ---------------------------------------------------------- */

/* CRC-32C (RFC 3720, 12.1) of 'len' bytes. */
uint32_t lathep_mmc_crc32c(const uint8_t *data, size_t len);

#endif
