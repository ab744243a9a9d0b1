/* SPDX-License-Identifier: MIT */
/*
 * aside.c - commands of the runner's own, between the tries of another: what
 * went wrong with it, and whether any of it was done.
 */
#include "mmc/mmc_strategy.h"

enum {
	STATUS_GOOD = 0x00,
	ASC_CHANGED = 0x28,
	ASC_RESET = 0x29,

	TRIES = 20,
	PAUSE_MS = 500
};

/* After a timeout the drive counts as reset as well. */
static bool may_have_reset(uint8_t cause)
{
	return cause != LATHE_CAUSE_TOO_LARGE && cause != LATHE_CAUSE_REFUSED &&
	       cause != LATHE_CAUSE_GONE;
}

int lathep_mmc_send_once(struct lathe_mmc *mmc, struct lathep_mmc_request *rq)
{
	struct lathe_cmd *cmd = &rq->cmd;
	int err;

	cmd->status = 0;
	cmd->sense_len = 0;
	memset(cmd->sense, 0, sizeof(cmd->sense));
	cmd->moved = 0;
	cmd->cause = LATHE_CAUSE_OK;
	cmd->host_status = 0;
	cmd->driver_status = 0;
	cmd->sys_errno = 0;
	rq->has_sense = false;

	err = mmc->config.execute(mmc->config.ctx, cmd);
	if (cmd->moved > cmd->data_len)
		cmd->moved = cmd->data_len;
	if (cmd->sense_len > sizeof(cmd->sense))
		cmd->sense_len = sizeof(cmd->sense);
	if (err != 0 && may_have_reset(cmd->cause))
		lathep_mmc_note_attention(mmc, ASC_RESET);
	return err;
}

bool lathep_mmc_note_attention(struct lathe_mmc *mmc, uint8_t asc)
{
	if (asc != ASC_CHANGED && asc != ASC_RESET)
		return false;
	mmc->attention = 1;
	if (asc == ASC_CHANGED)
		mmc->changed = 1;
	else
		mmc->reset = 1;
	return true;
}

bool lathep_mmc_aside(struct lathe_mmc *mmc, struct lathep_mmc_request *rq)
{
	for (int i = 0; i < TRIES; i++) {
		if (lathep_mmc_send_once(mmc, rq) != 0)
			return false;
		if (rq->cmd.status == STATUS_GOOD)
			return true;
		if (lathe_mmc_parse_sense(rq->cmd.sense, rq->cmd.sense_len,
					  &rq->sense) != 0)
			return false;
		rq->has_sense = true;
		if (rq->sense.deferred) {
			lathep_mmc_log_request(mmc, LATHE_LOG_WARNING,
					       "mmc.deferred", rq);
			return false;
		}
		switch (lathep_mmc_sense_action(&rq->sense)) {
		case LATHEP_MMC_GO_ON:
			return true;
		case LATHEP_MMC_WAIT:
		case LATHEP_MMC_WAIT_FORMAT:
		case LATHEP_MMC_WAIT_BUFFER:
			lathep_mmc_sleep(mmc, PAUSE_MS);
			break;
		case LATHEP_MMC_ATTEND:
			/* Others come in bursts. */
			if (lathep_mmc_note_attention(mmc, rq->sense.asc))
				return false;
			break;
		default:
			return false;
		}
	}
	return false;
}

void lathep_mmc_fetch_sense(struct lathe_mmc *mmc,
			    struct lathep_mmc_request *rq)
{
	struct lathep_mmc_request ask;
	uint8_t data[18];
	int len;

	if (lathe_mmc_parse_sense(rq->cmd.sense, rq->cmd.sense_len,
				  &rq->sense) == 0) {
		rq->has_sense = true;
		return;
	}
	len = lathe_mmc_encode_request_sense(ask.cmd.cdb, sizeof(ask.cmd.cdb),
					     false, sizeof(data));
	lathep_mmc_request(&ask, len, 0);
	ask.cmd.data = data;
	ask.cmd.data_len = sizeof(data);
	if (lathep_mmc_send_once(mmc, &ask) != 0 ||
	    ask.cmd.status != STATUS_GOOD)
		return;
	/* "No sense" explains no CHECK CONDITION. */
	if (lathe_mmc_parse_sense(data, ask.cmd.moved, &rq->sense) == 0)
		rq->has_sense = rq->sense.key != LATHE_MMC_KEY_NO_SENSE ||
				rq->sense.asc != 0;
}

static bool track_expects(struct lathe_mmc *mmc, uint32_t number, uint32_t lba)
{
	struct lathep_mmc_request rq;
	struct lathe_mmc_track_info track;
	uint8_t data[LATHE_MMC_TRACK_INFO_BYTES];

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_read_track_info(
				   rq.cmd.cdb, sizeof(rq.cmd.cdb),
				   LATHE_MMC_BY_TRACK, number, sizeof(data)),
			   0);
	rq.cmd.data = data;
	rq.cmd.data_len = sizeof(data);
	return lathep_mmc_aside(mmc, &rq) &&
	       lathe_mmc_parse_track_info(data, rq.cmd.moved, &track) == 0 &&
	       track.has_next_writable &&
	       lathep_mmc_plain_lba(track.next_writable) == lba;
}

bool lathep_mmc_expects(struct lathe_mmc *mmc, uint32_t lba)
{
	bool by_number = mmc->reserved ||
			 !lathep_mmc_is(mmc->strategy,
					LATHEP_MMC_ASK_INVISIBLE);

	return track_expects(
		mmc, by_number ? mmc->open_track : LATHE_MMC_INVISIBLE_TRACK,
		lba);
}
