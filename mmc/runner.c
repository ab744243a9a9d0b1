/* SPDX-License-Identifier: MIT */
/*
 * runner.c - carries one command out: sends it, judges status, sense data and
 * the bytes that moved, and waits, asks or sends again as the answer wants. A
 * pure function of the configuration's execute, now_ms and sleep_ms.
 */
#include "mmc/mmc_strategy.h"

enum {
	STATUS_GOOD = 0x00,
	STATUS_CHECK_CONDITION = 0x02,
	STATUS_BUSY = 0x08,
	STATUS_RESERVATION_CONFLICT = 0x18,
	STATUS_TASK_SET_FULL = 0x28,

	/* Bounds on everything that is repeated. */
	ATTENTIONS_MAX = 8,
	ABORTS_MAX = 3,
	DEFERRED_MAX = 3,
	UNREADY_MAX_MS = 5000,

	PAUSE_MIN_MS = 100,
	PAUSE_MAX_MS = 500,
	BUFFER_PAUSE_STEP_MS = 2,
	BUFFER_PAUSE_MAX_MS = 25,

	SECOND_MS = 1000,
	DAY_MS = 86400000
};

/* Beside errors and enum lathep_mmc_result: what one try came to. */
enum { DONE = 0x100, AGAIN };

struct tries {
	uint32_t attentions, aborts, deferred;
	uint32_t waited_ms, unready_ms, pause_ms;
	bool started, allowed, flushed;
};

static uint32_t timeout_ms(uint8_t opcode)
{
	switch (opcode) {
	case LATHE_MMC_READ_10:
		return 60 * SECOND_MS;
	case LATHE_MMC_WRITE_10: /* the first one may calibrate */
	case LATHE_MMC_WRITE_12:
	case LATHE_MMC_FORMAT_UNIT:
	case LATHE_MMC_SEND_CUE_SHEET:
	case LATHE_MMC_RESERVE_TRACK:
	case LATHE_MMC_SEND_OPC:
	case LATHE_MMC_CLOSE_TRACK_SESSION:
	case LATHE_MMC_BLANK_COMMAND:
		return 200 * SECOND_MS;
	case LATHE_MMC_START_STOP_UNIT:
		return 300 * SECOND_MS;
	case LATHE_MMC_SYNCHRONIZE_CACHE:
		return 3600 * SECOND_MS;
	default:
		return 30 * SECOND_MS;
	}
}

void lathep_mmc_request(struct lathep_mmc_request *rq, int cdb_len,
			unsigned flags)
{
	struct lathep_mmc_request begun = { .flags = flags };

	if (cdb_len > 0)
		memcpy(begun.cmd.cdb, rq->cmd.cdb, (size_t)cdb_len);
	begun.cmd.cdb_len = (uint8_t)cdb_len;
	begun.cmd.timeout_ms = timeout_ms(begun.cmd.cdb[0]);
	begun.patience_ms = begun.cmd.timeout_ms;
	/* Old Pioneers say "in progress" to it for a long time. */
	if (begun.cmd.cdb[0] == LATHE_MMC_CLOSE_TRACK_SESSION)
		begun.patience_ms = 3600 * SECOND_MS;
	*rq = begun;
}

uint32_t lathep_mmc_sleep(struct lathe_mmc *mmc, uint32_t ms)
{
	const struct lathe_mmc_config *c = &mmc->config;
	uint64_t start = c->now_ms(c->ctx), end;

	c->sleep_ms(c->ctx, ms);
	end = c->now_ms(c->ctx);
	/* A clock that stands still must not make a wait endless, one that
	 * was set back must not end it. */
	if (end < start || end - start < ms)
		return ms;
	return end - start > DAY_MS ? DAY_MS : (uint32_t)(end - start);
}

static bool cancelled(struct lathe_mmc *mmc)
{
	const struct lathe_hooks *hooks = &mmc->config.hooks;

	return !mmc->uncancelled && hooks->cancelled &&
	       hooks->cancelled(hooks->ctx);
}

static bool is_write(const struct lathep_mmc_request *rq)
{
	return rq->cmd.cdb[0] == LATHE_MMC_WRITE_10 ||
	       rq->cmd.cdb[0] == LATHE_MMC_WRITE_12;
}

/* ---- one try ------------------------------------------------------------ */

/* Wait 'pause_ms' within the request's patience. */
static int wait(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		struct tries *tries, uint32_t pause_ms)
{
	uint32_t slept_ms;

	if (rq->flags & LATHEP_MMC_NO_WAIT)
		return LATHEP_MMC_NOT_READY;
	if (tries->waited_ms >= rq->patience_ms)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_TIMEOUT,
					       NULL);
	if (tries->waited_ms == 0)
		lathep_mmc_log_request(mmc, LATHE_LOG_DEBUG, "mmc.wait", rq);
	if (pause_ms > rq->patience_ms - tries->waited_ms)
		pause_ms = rq->patience_ms - tries->waited_ms;
	slept_ms = lathep_mmc_sleep(mmc, pause_ms);
	tries->waited_ms += slept_ms < UINT32_MAX - tries->waited_ms
				    ? slept_ms
				    : UINT32_MAX - tries->waited_ms;
	return AGAIN;
}

static uint32_t next_pause(struct tries *tries)
{
	tries->pause_ms = tries->pause_ms ? tries->pause_ms * 2 : PAUSE_MIN_MS;
	if (tries->pause_ms > PAUSE_MAX_MS)
		tries->pause_ms = PAUSE_MAX_MS;
	return tries->pause_ms;
}

/* The time in which a drive empties a part of its buffer hangs on the speed;
 * asking more often slows some down. */
static uint32_t next_buffer_pause(struct lathe_mmc *mmc, struct tries *tries)
{
	if (mmc->buffer_pause_ms)
		return mmc->buffer_pause_ms;
	if (tries->pause_ms < BUFFER_PAUSE_MAX_MS)
		tries->pause_ms += BUFFER_PAUSE_STEP_MS;
	return tries->pause_ms;
}

/* ---- no status came back ------------------------------------------------ */

/* Of two blocks at least. */
static void halve_transfer(struct lathe_mmc *mmc, uint32_t data_len)
{
	mmc->max_transfer =
		data_len / 2 / LATHE_BLOCK_BYTES * LATHE_BLOCK_BYTES;
	lathep_mmc_log(mmc, LATHE_LOG_INFO, "mmc.split",
		       "%lu bytes are too much for one command, now %lu",
		       (unsigned long)data_len,
		       (unsigned long)mmc->max_transfer);
}

static int no_status(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		     struct tries *tries)
{
	switch (rq->cmd.cause) {
	case LATHE_CAUSE_TOO_LARGE:
		if ((rq->flags & LATHEP_MMC_SPLITTABLE) &&
		    rq->cmd.data_len > LATHE_BLOCK_BYTES) {
			halve_transfer(mmc, rq->cmd.data_len);
			return LATHEP_MMC_SPLIT;
		}
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_UNSUPPORTED,
					       NULL);
	case LATHE_CAUSE_REFUSED:
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_DENIED, NULL);
	case LATHE_CAUSE_GONE:
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_NO_DEVICE,
					       NULL);
	default:
		break;
	}

	if ((rq->flags & LATHEP_MMC_REPEATABLE) && !mmc->unsettled &&
	    mmc->guard != LATHEP_MMC_GUARD_RECORDING && tries->aborts++ == 0)
		return AGAIN;
	return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_TRANSPORT, NULL);
}

/* ---- sense data --------------------------------------------------------- */

/* A WRITE that can be carried out once only. */
static bool is_write_once(const struct lathe_mmc *mmc,
			  const struct lathep_mmc_request *rq)
{
	return is_write(rq) &&
	       !lathep_mmc_is(mmc->strategy, LATHEP_MMC_OVERWRITABLE);
}

/*
 * Send such a WRITE again only if none of it was taken; anything else may. What
 * meets a unit attention was not carried out (MMC-6 4.1.6.1); a CD at once has
 * no next writable address to prove it by.
 */
static int again_if_not_taken(struct lathe_mmc *mmc,
			      struct lathep_mmc_request *rq)
{
	if (rq->sense.key != LATHE_MMC_KEY_UNIT_ATTENTION &&
	    is_write_once(mmc, rq) && !lathep_mmc_expects(mmc, rq->lba))
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	lathep_mmc_log_request(mmc, LATHE_LOG_INFO, "mmc.retry", rq);
	return AGAIN;
}

/*
 * The error belongs to an earlier command, and the one that brought it was
 * not carried out. While written data are not known to be on the disc, it is
 * theirs.
 */
static int deferred(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		    struct tries *tries)
{
	bool recovered = rq->sense.key == LATHE_MMC_KEY_RECOVERED;

	lathep_mmc_log_request(mmc, LATHE_LOG_WARNING, "mmc.deferred", rq);
	if (mmc->unsettled && !recovered)
		return lathep_mmc_fail_deferred(mmc, rq);
	if (tries->deferred++ >= DEFERRED_MAX)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	return again_if_not_taken(mmc, rq);
}

static int attend(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		  struct tries *tries)
{
	uint8_t asc = rq->sense.asc;
	bool changed = asc == 0x28, reset = asc == 0x29;
	bool recording = mmc->guard == LATHEP_MMC_GUARD_RECORDING;

	lathep_mmc_note_attention(mmc, asc);
	if (reset && (recording || mmc->unsettled))
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	if (changed && mmc->writing)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	if (changed && mmc->guard != LATHEP_MMC_GUARD_NONE)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_WRONG_DISC,
					       NULL);
	if (tries->attentions++ >= ATTENTIONS_MAX)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	return again_if_not_taken(mmc, rq);
}

/*
 * A command of the runner's own. Whether it helped is told by the one that it
 * is sent for; that data which were taken are lost, by its answer alone.
 */
static int go_aside(struct lathe_mmc *mmc, struct lathep_mmc_request *aid,
		    int len)
{
	const struct lathe_mmc_sense *sense = &aid->sense;

	lathep_mmc_request(aid, len, 0);
	if (lathep_mmc_aside(mmc, aid) || !aid->has_sense || !mmc->unsettled ||
	    (sense->deferred ? sense->key == LATHE_MMC_KEY_RECOVERED
			     : sense->key != LATHE_MMC_KEY_MEDIUM &&
				       sense->key != LATHE_MMC_KEY_HARDWARE))
		return AGAIN;
	return lathep_mmc_fail_deferred(mmc, aid);
}

/* START UNIT or ALLOW, once; then the command again. */
static int help(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		bool *done, bool start)
{
	struct lathep_mmc_request aid;
	int len;

	if (*done || mmc->writing)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	*done = true;
	if (start)
		len = lathe_mmc_encode_start_stop(aid.cmd.cdb,
						  sizeof(aid.cmd.cdb), false,
						  LATHE_MMC_START);
	else
		len = lathe_mmc_encode_prevent_allow(
			aid.cmd.cdb, sizeof(aid.cmd.cdb), false);
	return go_aside(mmc, &aid, len);
}

/*
 * The command was carried out; so it counts if all data moved. There are USB
 * bridges that tell a residue where there is none: then the drive has taken all
 * of a WRITE.
 */
static int good(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		struct tries *tries)
{
	if (!(rq->flags & LATHEP_MMC_EXACT) ||
	    rq->cmd.moved == rq->cmd.data_len)
		return DONE;
	if (is_write_once(mmc, rq) &&
	    lathep_mmc_expects(mmc, rq->lba + rq->blocks))
		return DONE;
	if ((rq->flags & LATHEP_MMC_REPEATABLE) && tries->aborts++ == 0) {
		lathep_mmc_log_request(mmc, LATHE_LOG_WARNING, "mmc.short", rq);
		return AGAIN;
	}
	return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_TRANSPORT,
				       "not all data were moved");
}

static int recovered(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		     struct tries *tries)
{
	lathep_mmc_log_request(mmc, LATHE_LOG_WARNING, "mmc.recovered", rq);
	/* 0C/0A: padding blocks went in between, addresses have shifted. */
	if (is_write_once(mmc, rq) && rq->sense.asc == 0x0c &&
	    rq->sense.ascq == 0x0a &&
	    !lathep_mmc_expects(mmc, rq->lba + rq->blocks))
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	return good(mmc, rq, tries);
}

/*
 * Some drives take no WRITE while they are busy with a format in the
 * background, or when it comes too early for them, until their buffer was
 * flushed; once. Never where that would end the track.
 */
static int flush_for_write(struct lathe_mmc *mmc,
			   const struct lathep_mmc_request *rq,
			   struct tries *tries)
{
	struct lathep_mmc_request sync;

	if (tries->flushed || !is_write(rq) ||
	    !(mmc->way->flags & LATHEP_MMC_FLUSHES))
		return AGAIN;
	tries->flushed = true;
	lathep_mmc_log_request(mmc, LATHE_LOG_INFO, "mmc.flush", rq);
	return go_aside(mmc, &sync,
			lathe_mmc_encode_synchronize_cache(
				sync.cmd.cdb, sizeof(sync.cmd.cdb), false));
}

static int check_condition(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
			   struct tries *tries)
{
	int result;

	lathep_mmc_fetch_sense(mmc, rq);
	if (!rq->has_sense)
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	if (rq->sense.deferred)
		return deferred(mmc, rq, tries);

	switch (lathep_mmc_sense_action(&rq->sense)) {
	case LATHEP_MMC_GO_ON:
		return recovered(mmc, rq, tries);
	case LATHEP_MMC_WAIT_FORMAT:
		result = flush_for_write(mmc, rq, tries);
		return result != AGAIN ? result :
			wait(mmc, rq, tries, next_pause(tries));
	case LATHEP_MMC_FLUSH:
		if (tries->flushed)
			break;
		result = flush_for_write(mmc, rq, tries);
		if (!tries->flushed)
			break;
		return result != AGAIN ? result : again_if_not_taken(mmc, rq);
	case LATHEP_MMC_WAIT:
		return wait(mmc, rq, tries, next_pause(tries));
	case LATHEP_MMC_WAIT_SHORT:
		if (tries->unready_ms >= UNREADY_MAX_MS)
			return lathep_mmc_fail_request(mmc, rq,
						       LATHE_ERR_TIMEOUT, NULL);
		tries->unready_ms += next_pause(tries);
		return wait(mmc, rq, tries, tries->pause_ms);
	case LATHEP_MMC_WAIT_BUFFER:
		/* Other commands wait for all of it. */
		return wait(mmc, rq, tries,
			    is_write(rq) ? next_buffer_pause(mmc, tries)
					 : next_pause(tries));
	case LATHEP_MMC_START_UNIT:
		return help(mmc, rq, &tries->started, true);
	case LATHEP_MMC_ALLOW_REMOVAL:
		return help(mmc, rq, &tries->allowed, false);
	case LATHEP_MMC_ATTEND:
		return attend(mmc, rq, tries);
	case LATHEP_MMC_SEND_AGAIN:
		if (!(rq->flags & LATHEP_MMC_REPEATABLE) && !is_write(rq))
			break;
		if (tries->aborts++ >= ABORTS_MAX)
			break;
		return again_if_not_taken(mmc, rq);
	case LATHEP_MMC_EMPTY_DRIVE:
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_NO_MEDIUM,
					       NULL);
	case LATHEP_MMC_FAIL:
		break;
	}
	return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
}

static int try_once(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		    struct tries *tries)
{
	if ((rq->flags & LATHEP_MMC_CANCELLABLE) && cancelled(mmc)) {
		rq->has_sense = false;
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_CANCELLED,
					       "cancelled before it was sent");
	}
	if (lathep_mmc_send_once(mmc, rq) != 0)
		return no_status(mmc, rq, tries);

	switch (rq->cmd.status) {
	case STATUS_GOOD:
		return good(mmc, rq, tries);
	case STATUS_CHECK_CONDITION:
		return check_condition(mmc, rq, tries);
	case STATUS_BUSY:
	case STATUS_TASK_SET_FULL:
		return wait(mmc, rq, tries, next_pause(tries));
	case STATUS_RESERVATION_CONFLICT:
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_BUSY,
					       "reservation conflict");
	default:
		return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	}
}

int lathep_mmc_run(struct lathe_mmc *mmc, struct lathep_mmc_request *rq)
{
	struct tries tries = { 0 };
	int result;

	do
		result = try_once(mmc, rq, &tries);
	while (result == AGAIN);
	return result == DONE ? 0 : result;
}
