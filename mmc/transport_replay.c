/* SPDX-License-Identifier: MIT */
/*
 * transport_replay.c - plays a log back as if it were a drive: a burn on
 * somebody's real drive becomes a test. The format is described in
 * lathe_mmc_transports.h.
 */
#include "mmc/mmc_internal.h"

/* A piece of the log: a line, a token or a value. */
struct span {
	const char *at;
	size_t len;
};

static bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

/* The line at *offset, which is moved behind it. False at the end. */
static bool next_line(const struct lathe_mmc_replay *r, size_t *offset,
		      struct span *line)
{
	const char *end;

	if (*offset >= r->len)
		return false;
	line->at = r->text + *offset;
	end = memchr(line->at, '\n', r->len - *offset);
	line->len = end ? (size_t)(end - line->at) : r->len - *offset;
	*offset += line->len + (end ? 1 : 0);
	if (line->len > 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* The value of "name=value" in a line. */
static bool value_of(struct span line, const char *name, struct span *out)
{
	size_t at = 0, name_len = strlen(name);

	while (at < line.len) {
		size_t start = at, len;

		while (at < line.len && line.at[at] != ' ')
			at++;
		len = at - start;
		if (len > name_len && line.at[start + name_len] == '=' &&
		    memcmp(line.at + start, name, name_len) == 0) {
			out->at = line.at + start + name_len + 1;
			out->len = len - name_len - 1;
			return true;
		}
		at++;
	}
	return false;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* A number of at most 32 bits in 'base'; absent ones are 0. */
static bool number_of(struct span line, const char *name, uint32_t base,
		      uint32_t *out)
{
	struct span v;
	uint64_t n = 0;

	*out = 0;
	if (!value_of(line, name, &v))
		return true;
	if (v.len == 0 || v.len > 10)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		int d = digit(v.at[i]);

		if (d < 0 || (uint32_t)d >= base)
			return false;
		n = n * base + (uint32_t)d;
	}
	*out = (uint32_t)n;
	return n <= UINT32_MAX;
}

/* Bytes in hexadecimal; false when they are none or too many. */
static bool bytes_of(struct span v, uint8_t *out, size_t room, size_t *len)
{
	if (v.len % 2 != 0 || v.len / 2 > room)
		return false;
	for (size_t i = 0; i < v.len / 2; i++) {
		int high = digit(v.at[2 * i]), low = digit(v.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	*len = v.len / 2;
	return true;
}

/* Whether hexadecimal 'v' is exactly these bytes. */
static bool same_bytes(struct span v, const uint8_t *bytes, size_t len)
{
	if (v.len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = digit(v.at[2 * i]), low = digit(v.at[2 * i + 1]);

		if (high < 0 || low < 0 || (high << 4 | low) != bytes[i])
			return false;
	}
	return true;
}

static bool same_command(struct span line, const struct lathe_cmd *cmd)
{
	struct span v;
	uint32_t in, out;

	if (!value_of(line, "cdb", &v) ||
	    !same_bytes(v, cmd->cdb, cmd->cdb_len) ||
	    !number_of(line, "in", 10, &in) ||
	    !number_of(line, "out", 10, &out))
		return false;
	if (in != (cmd->to_drive ? 0 : cmd->data_len) ||
	    out != (cmd->to_drive ? cmd->data_len : 0))
		return false;
	/* Parameter lists have to agree; of user data only the size. */
	if (out && value_of(line, "data", &v))
		return same_bytes(v, cmd->data, out);
	return true;
}

static bool fill_cause(struct span line, struct span name,
		       struct lathe_cmd *cmd)
{
	uint32_t host, driver, error;

	for (uint8_t c = LATHE_CAUSE_REFUSED; c <= LATHE_CAUSE_RESET; c++)
		if (span_is(name, lathep_mmc_cause_name(c)))
			cmd->cause = c;
	if (cmd->cause == LATHE_CAUSE_OK ||
	    !number_of(line, "host", 16, &host) ||
	    !number_of(line, "driver", 16, &driver) ||
	    !number_of(line, "errno", 10, &error) || error > INT32_MAX)
		return false;
	cmd->host_status = (uint16_t)host;
	cmd->driver_status = (uint16_t)driver;
	cmd->sys_errno = (int)error;
	return true;
}

static bool fill_answer(struct span line, struct lathe_cmd *cmd)
{
	struct span v;
	uint32_t status;
	size_t len = 0;

	if (!value_of(line, "status", &v) ||
	    !number_of(line, "status", 16, &status) || status > 0xff ||
	    !number_of(line, "moved", 10, &cmd->moved) ||
	    cmd->moved > cmd->data_len)
		return false;
	cmd->status = (uint8_t)status;
	if (value_of(line, "sense", &v)) {
		if (!bytes_of(v, cmd->sense, sizeof(cmd->sense), &len))
			return false;
		cmd->sense_len = (uint8_t)len;
	}
	if (cmd->to_drive || cmd->moved == 0)
		return true;
	if (value_of(line, "data", &v))
		return bytes_of(v, cmd->data, cmd->moved, &len) &&
		       len == cmd->moved;
	memset(cmd->data, 0, cmd->moved);
	return true;
}

static int mismatch(struct lathe_mmc_replay *r, struct lathe_cmd *cmd)
{
	r->mismatch = true;
	cmd->moved = 0;
	cmd->sense_len = 0;
	cmd->status = 0;
	/* Gone: nobody shall try this again. */
	cmd->cause = LATHE_CAUSE_GONE;
	return LATHE_ERR_TRANSPORT;
}

int lathe_mmc_replay_execute(void *ctx, struct lathe_cmd *cmd)
{
	struct lathe_mmc_replay *r = ctx;
	size_t offset = r->at;
	struct span line, cause;

	cmd->status = 0;
	cmd->sense_len = 0;
	cmd->moved = 0;
	cmd->cause = LATHE_CAUSE_OK;
	cmd->host_status = 0;
	cmd->driver_status = 0;
	cmd->sys_errno = 0;
	if (r->mismatch)
		return mismatch(r, cmd);
	do {
		r->at = offset;
		if (!next_line(r, &offset, &line))
			return mismatch(r, cmd);
		r->line++;
	} while (line.len == 0 || line.at[0] == '#');

	if (!same_command(line, cmd))
		return mismatch(r, cmd);
	r->at = offset;
	if (value_of(line, "cause", &cause)) {
		if (!fill_cause(line, cause, cmd))
			return mismatch(r, cmd);
		return LATHE_ERR_TRANSPORT;
	}
	return fill_answer(line, cmd) ? 0 : mismatch(r, cmd);
}

uint64_t lathe_mmc_replay_now_ms(void *ctx)
{
	return ((struct lathe_mmc_replay *)ctx)->clock_ms;
}

void lathe_mmc_replay_sleep_ms(void *ctx, uint32_t ms)
{
	((struct lathe_mmc_replay *)ctx)->clock_ms += ms;
}
