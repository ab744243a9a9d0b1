/* SPDX-License-Identifier: MIT */
/*
 * transport_iscsi.c - commands to a recorder on another machine, by libiscsi
 * (RFC 7143). Compiled in where LATHE_ISCSI is defined, and linked with
 * -liscsi then.
 */
#define _POSIX_C_SOURCE 200809L

#include "mmc/lathe_mmc.h"

#include <stdio.h>
#include <string.h>

#if defined(LATHE_ISCSI)

#include <errno.h>
#include <poll.h>

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

#define INITIATOR "iqn.2026-01.invalid.lathe:initiator"

enum { SAFE_TRANSFER = 65536, LOOK_AGAIN_MS = 1000, LOGOUT_S = 5 };

/* ---- waiting ------------------------------------------------------------ */

/*
 * libiscsi's own calls that wait give up where a signal comes, and what they
 * have waited for is answered when the context is destroyed, into variables
 * that are gone by then. So the answer is waited for here, and lies in what
 * lives as long as the context.
 */
static void take_answer(struct iscsi_context *context, int status, void *data,
			void *ctx)
{
	struct lathe_mmc_iscsi *iscsi = ctx;

	(void)context;
	(void)data;
	iscsi->answered = true;
	iscsi->status = status;
}

/* 'err': what the call returned that asked. */
static bool wait_for_answer(struct lathe_mmc_iscsi *iscsi, int err)
{
	struct pollfd socket;

	while (!err && !iscsi->answered) {
		socket.fd = iscsi_get_fd(iscsi->context);
		socket.events = (short)iscsi_which_events(iscsi->context);
		socket.revents = 0;
		if (socket.fd < 0 ||
		    (poll(&socket, 1, LOOK_AGAIN_MS) < 0 && errno != EINTR))
			return false;
		err = iscsi_service(iscsi->context, socket.revents) < 0;
	}
	return iscsi->answered;
}

/* ---- opening ------------------------------------------------------------ */

static int fail(struct lathe_mmc_iscsi *iscsi, int err, const char *text)
{
	snprintf(iscsi->text, sizeof(iscsi->text), "%s", text);
	lathe_mmc_iscsi_close(iscsi);
	return err;
}

static int log_in(struct lathe_mmc_iscsi *iscsi, const struct iscsi_url *url,
		  uint32_t wait_ms)
{
	struct iscsi_context *context = iscsi->context;

	if (url->user[0] && iscsi_set_initiator_username_pwd(
				    context, url->user, url->passwd))
		return LATHE_ERR_ARG;
	if (iscsi_set_targetname(context, url->target) ||
	    iscsi_set_session_type(context, ISCSI_SESSION_NORMAL) ||
	    iscsi_set_header_digest(context,
				    ISCSI_HEADER_DIGEST_NONE_CRC32C))
		return LATHE_ERR_ARG;
	/* A session that comes back by itself would hide that the drive was
	 * reset in between. */
	iscsi_set_noautoreconnect(context, 1);
	iscsi_set_timeout(context, (int)((wait_ms + 999) / 1000));
	if (!wait_for_answer(iscsi, iscsi_full_connect_async(
					    context, url->portal, url->lun,
					    take_answer, iscsi)) ||
	    iscsi->status)
		return LATHE_ERR_NO_DEVICE;
	iscsi->lun = url->lun;
	return 0;
}

int lathe_mmc_iscsi_open(struct lathe_mmc_iscsi *iscsi, const char *url,
			 uint32_t wait_ms)
{
	struct iscsi_url *parsed;
	int err;

	memset(iscsi, 0, sizeof(*iscsi));
	iscsi->context = iscsi_create_context(INITIATOR);
	if (!iscsi->context)
		return LATHE_ERR_MEMORY;
	parsed = iscsi_parse_full_url(iscsi->context, url);
	if (!parsed)
		return fail(iscsi, LATHE_ERR_ARG,
			    iscsi_get_error(iscsi->context));
	err = log_in(iscsi, parsed, wait_ms);
	iscsi_destroy_url(parsed);
	if (err)
		return fail(iscsi, err, iscsi_get_error(iscsi->context));
	iscsi->max_transfer = SAFE_TRANSFER;
	return 0;
}

void lathe_mmc_iscsi_close(struct lathe_mmc_iscsi *iscsi)
{
	if (!iscsi->context)
		return;
	iscsi->answered = false;
	/* Not as long as the last command might have taken. */
	iscsi_set_timeout(iscsi->context, LOGOUT_S);
	if (iscsi_is_logged_in(iscsi->context))
		wait_for_answer(iscsi, iscsi_logout_async(iscsi->context,
							  take_answer, iscsi));
	iscsi_destroy_context(iscsi->context);
	iscsi->context = NULL;
}

/* ---- one command -------------------------------------------------------- */

/* Behind CHECK CONDITION: two bytes of length, then the sense data. */
static void take_sense(const struct scsi_task *task, struct lathe_cmd *cmd)
{
	const uint8_t *data = task->datain.data;
	size_t have = task->datain.size > 2 ? (size_t)task->datain.size - 2 : 0;
	size_t len;

	if (!data || have == 0)
		return;
	len = lathe_get_be16(data);
	if (len > have)
		len = have;
	if (len > sizeof(cmd->sense))
		len = sizeof(cmd->sense);
	memcpy(cmd->sense, data + 2, len);
	cmd->sense_len = (uint8_t)len;
}

static int fail_command(struct lathe_cmd *cmd, enum lathe_cause cause)
{
	cmd->cause = (uint8_t)cause;
	return LATHE_ERR_TRANSPORT;
}

static int finish(const struct scsi_task *task, struct lathe_cmd *cmd)
{
	/* Beyond the statuses of SAM: what became of the command on its way. */
	if (task->status == (int)SCSI_STATUS_TIMEOUT)
		return fail_command(cmd, LATHE_CAUSE_TIMED_OUT);
	if (task->status < 0 || task->status > 0xff)
		return fail_command(cmd, LATHE_CAUSE_GONE);
	cmd->status = (uint8_t)task->status;
	cmd->moved = cmd->data_len;
	if (task->residual_status == SCSI_RESIDUAL_UNDERFLOW)
		cmd->moved = task->residual < cmd->data_len
				     ? cmd->data_len - (uint32_t)task->residual
				     : 0;
	if (task->status == SCSI_STATUS_CHECK_CONDITION)
		take_sense(task, cmd);
	cmd->cause = LATHE_CAUSE_OK;
	return 0;
}

int lathe_mmc_iscsi_execute(void *ctx, struct lathe_cmd *cmd)
{
	struct lathe_mmc_iscsi *iscsi = ctx;
	struct iscsi_data out = { 0 };
	struct scsi_task *task;
	int direction = SCSI_XFER_NONE, err;

	cmd->status = cmd->sense_len = 0;
	cmd->moved = 0;
	cmd->host_status = cmd->driver_status = 0;
	cmd->sys_errno = 0;
	if (!iscsi->context)
		return fail_command(cmd, LATHE_CAUSE_GONE);
	if (cmd->data_len)
		direction = cmd->to_drive ? SCSI_XFER_WRITE : SCSI_XFER_READ;
	task = scsi_create_task(cmd->cdb_len, cmd->cdb, direction,
				(int)cmd->data_len);
	if (!task)
		return fail_command(cmd, LATHE_CAUSE_REFUSED);
	out.data = cmd->data;
	out.size = cmd->data_len;
	if (direction == SCSI_XFER_READ)
		scsi_task_add_data_in_buffer(task, (int)cmd->data_len,
					     cmd->data);
	iscsi_set_timeout(iscsi->context, (int)(cmd->timeout_ms / 1000 + 1));
	iscsi->answered = false;
	if (wait_for_answer(iscsi,
			    iscsi_scsi_command_async(
				    iscsi->context, iscsi->lun, task,
				    take_answer,
				    direction == SCSI_XFER_WRITE ? &out : NULL,
				    iscsi))) {
		task->status = iscsi->status;
		err = finish(task, cmd);
	} else {
		/* While there still is what it answers to. */
		iscsi_destroy_context(iscsi->context);
		iscsi->context = NULL;
		err = fail_command(cmd, LATHE_CAUSE_GONE);
	}
	scsi_free_scsi_task(task);
	return err;
}

#else

int lathe_mmc_iscsi_open(struct lathe_mmc_iscsi *iscsi, const char *url,
			 uint32_t wait_ms)
{
	(void)url;
	(void)wait_ms;
	memset(iscsi, 0, sizeof(*iscsi));
	snprintf(iscsi->text, sizeof(iscsi->text),
		 "made without libiscsi");
	return LATHE_ERR_UNSUPPORTED;
}

void lathe_mmc_iscsi_close(struct lathe_mmc_iscsi *iscsi)
{
	(void)iscsi;
}

int lathe_mmc_iscsi_execute(void *iscsi, struct lathe_cmd *cmd)
{
	(void)iscsi;
	cmd->cause = LATHE_CAUSE_GONE;
	return LATHE_ERR_TRANSPORT;
}

#endif
