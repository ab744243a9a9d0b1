/* SPDX-License-Identifier: MIT */
/*
 * transport_log.c - writes down what goes over the wire, one line a command.
 * The format is described in lathe_mmc_transports.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "mmc/mmc_internal.h"

/* A line in the making. What does not fit is left out; it always fits. */
struct line {
	char *text;
	size_t len, room;
};

static void put(struct line *line, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->len, line->room - line->len, format,
		      args);
	va_end(args);
	if (n > 0 && (size_t)n < line->room - line->len)
		line->len += (size_t)n;
}

static void put_hex(struct line *line, const char *name, const uint8_t *bytes,
		    size_t len)
{
	static const char digits[] = "0123456789abcdef";

	put(line, "%s%s=", line->len ? " " : "", name);
	for (size_t i = 0; i < len && line->room - line->len > 2; i++) {
		line->text[line->len++] = digits[bytes[i] >> 4];
		line->text[line->len++] = digits[bytes[i] & 0x0f];
	}
	line->text[line->len] = '\0';
}

/* Blocks of user data: too many to keep, and nobody else's business. */
static bool is_user_data(uint8_t opcode)
{
	switch (opcode) {
	case 0x28: /* READ(10) */
	case 0x2a: /* WRITE(10) */
	case 0x2e: /* WRITE AND VERIFY(10) */
	case 0xa8: /* READ(12) */
	case 0xaa: /* WRITE(12) */
	case 0xbe: /* READ CD */
		return true;
	default:
		return false;
	}
}

const char *lathep_mmc_cause_name(uint8_t cause)
{
	switch (cause) {
	case LATHE_CAUSE_REFUSED:
		return "refused";
	case LATHE_CAUSE_TOO_LARGE:
		return "too-large";
	case LATHE_CAUSE_TIMED_OUT:
		return "timed-out";
	case LATHE_CAUSE_GONE:
		return "gone";
	case LATHE_CAUSE_RESET:
		return "reset";
	default:
		return "ok";
	}
}

static void put_data(struct line *line, const struct lathe_cmd *cmd)
{
	size_t len = cmd->data_len;

	/* Nobody has checked yet what the transport says. */
	if (!cmd->to_drive && cmd->moved < len)
		len = cmd->moved;
	if (cmd->data_len == 0)
		return;
	put(line, " %s=%" PRIu32, cmd->to_drive ? "out" : "in", cmd->data_len);
	if (len == 0)
		return;
	if (is_user_data(cmd->cdb[0]) || len > LATHE_MMC_LOG_DATA_MAX)
		put(line, " crc=%08" PRIx32, lathep_mmc_crc32c(cmd->data, len));
	else
		put_hex(line, "data", cmd->data, len);
}

static void put_result(struct line *line, const struct lathe_cmd *cmd, int err)
{
	if (err != 0) {
		put(line, " cause=%s host=%04x driver=%04x errno=%d",
		    lathep_mmc_cause_name(cmd->cause), cmd->host_status,
		    cmd->driver_status, cmd->sys_errno);
		return;
	}
	put(line, " status=%02x", cmd->status);
	if (cmd->data_len)
		put(line, " moved=%" PRIu32, cmd->moved);
	if (cmd->sense_len)
		put_hex(line, "sense", cmd->sense,
			cmd->sense_len < LATHE_SENSE_MAX ? cmd->sense_len
							 : LATHE_SENSE_MAX);
}

int lathe_mmc_scsi_log_execute(void *ctx, struct lathe_cmd *cmd)
{
	struct lathe_mmc_scsi_log *log = ctx;
	struct line line = { log->text, 0, sizeof(log->text) };
	uint64_t start = log->now_ms ? log->now_ms(log->now_ctx) : 0;
	int err = log->execute(log->execute_ctx, cmd);

	put_hex(&line, "cdb", cmd->cdb, cmd->cdb_len);
	put_data(&line, cmd);
	put_result(&line, cmd, err);
	if (log->now_ms)
		put(&line, " time=%" PRIu64 "+%" PRIu64, start,
		    log->now_ms(log->now_ctx) - start);
	log->line(log->line_ctx, line.text, line.len);
	return err;
}
