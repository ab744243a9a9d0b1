/* SPDX-License-Identifier: MIT */
/* failure.c - what went wrong, in numbers and in words; log lines. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "mmc/mmc_internal.h"

void lathep_mmc_enter(struct lathe_mmc *mmc)
{
	memset(&mmc->failure, 0, sizeof(mmc->failure));
}

int lathep_mmc_enter_for(struct lathe_mmc *mmc, bool writing)
{
	lathep_mmc_enter(mmc);
	if (mmc->writing == writing)
		return 0;
	return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
			       writing ? "no track is open"
				       : "a track is open");
}

int lathep_mmc_leave(struct lathe_mmc *mmc, int err)
{
	/* Errors that were looked at and forgiven on the way are none. */
	if (err == 0)
		memset(&mmc->failure, 0, sizeof(mmc->failure));
	else if (mmc->failure.err != err)
		return lathep_mmc_fail(mmc, err, "error %d, without a word",
				       err);
	return err;
}

const struct lathe_failure *lathe_mmc_failure(const struct lathe_mmc *mmc)
{
	return &mmc->failure;
}

int lathep_mmc_fail(struct lathe_mmc *mmc, int err, const char *format, ...)
{
	struct lathe_failure *f = &mmc->failure;
	va_list args;

	memset(f, 0, sizeof(*f));
	f->err = err;
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
	return err;
}

static const char *cause_text(uint8_t cause)
{
	switch (cause) {
	case LATHE_CAUSE_REFUSED:
		return "not allowed";
	case LATHE_CAUSE_TOO_LARGE:
		return "too much data for one command";
	case LATHE_CAUSE_TIMED_OUT:
		return "no answer in time";
	case LATHE_CAUSE_GONE:
		return "no drive answers";
	case LATHE_CAUSE_RESET:
		return "the drive was reset";
	default:
		return "the answer was lost";
	}
}

/* "5/21/02, invalid address for a write" and the like. */
static void describe(const struct lathep_mmc_request *rq, const char *why,
		     char *out, size_t room)
{
	const struct lathe_cmd *cmd = &rq->cmd;

	if (rq->has_sense)
		snprintf(out, room, "%s (sense %X/%02X/%02X)",
			 why ? why
			     : lathe_mmc_sense_text(rq->sense.key,
						    rq->sense.asc,
						    rq->sense.ascq),
			 rq->sense.key, rq->sense.asc, rq->sense.ascq);
	else if (why)
		snprintf(out, room, "%s", why);
	else if (cmd->cause != LATHE_CAUSE_OK)
		snprintf(out, room, "%s (system error %d, host status %04X)",
			 cause_text(cmd->cause), cmd->sys_errno,
			 cmd->host_status);
	else
		snprintf(out, room, "status %02X without sense data",
			 cmd->status);
}

/* The text of a failure that has all else: 'by' brought it late, or "". */
static void tell(struct lathe_failure *f, const struct lathep_mmc_request *rq,
		 const char *why, const char *late, const char *by)
{
	char what[160], where[24] = "";

	describe(rq, why, what, sizeof(what));
	if (f->has_lba)
		snprintf(where, sizeof(where), " at LBA %" PRId32,
			 (int32_t)f->lba); /* below 0 in a CD's pre-gap */
	snprintf(f->text, sizeof(f->text), "%s%s: %s%s%s",
		 lathe_mmc_command_name(f->opcode), where, what, late, by);
}

int lathep_mmc_fail_request(struct lathe_mmc *mmc,
			    const struct lathep_mmc_request *rq, int err,
			    const char *why)
{
	struct lathe_failure *f = &mmc->failure;

	memset(f, 0, sizeof(*f));
	f->err = err;
	f->scsi = true;
	f->opcode = rq->cmd.cdb[0];
	f->status = rq->cmd.status;
	f->cause = rq->cmd.cause;
	f->sys_errno = rq->cmd.sys_errno;
	f->has_lba = rq->has_lba;
	f->lba = rq->lba;
	if (rq->has_sense) {
		f->key = rq->sense.key;
		f->asc = rq->sense.asc;
		f->ascq = rq->sense.ascq;
		f->deferred = rq->sense.deferred;
	}
	tell(f, rq, why, "", "");
	return err;
}

int lathep_mmc_fail_deferred(struct lathe_mmc *mmc,
			     const struct lathep_mmc_request *rq)
{
	struct lathe_failure *f = &mmc->failure;

	lathep_mmc_fail_request(mmc, rq, LATHE_ERR_SENSE, NULL);
	f->opcode = mmc->unsettled;
	f->has_lba = rq->sense.has_information || mmc->has_last_write;
	f->lba = rq->sense.has_information ? (uint32_t)rq->sense.information
					   : mmc->last_write_lba;
	tell(f, rq, NULL, ", reported late, by ",
	     lathe_mmc_command_name(rq->cmd.cdb[0]));
	return LATHE_ERR_SENSE;
}

void lathep_mmc_log(struct lathe_mmc *mmc, enum lathe_log_level level,
		    const char *id, const char *format, ...)
{
	const struct lathe_hooks *hooks = &mmc->config.hooks;
	char text[LATHE_FAILURE_TEXT];
	va_list args;

	if (!hooks->log)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	hooks->log(hooks->ctx, level, id, text);
}

void lathep_mmc_log_request(struct lathe_mmc *mmc, enum lathe_log_level level,
			    const char *id, const struct lathep_mmc_request *rq)
{
	const struct lathe_hooks *hooks = &mmc->config.hooks;
	char text[LATHE_FAILURE_TEXT];
	int n;

	/* Not by way of lathep_mmc_log(): this lies deepest on the stack. */
	if (!hooks->log)
		return;
	n = snprintf(text, sizeof(text), "%s: ",
		     lathe_mmc_command_name(rq->cmd.cdb[0]));
	describe(rq, NULL, text + n, sizeof(text) - (size_t)n);
	hooks->log(hooks->ctx, level, id, text);
}
