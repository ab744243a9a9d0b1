/* SPDX-License-Identifier: MIT */
/* shim_wire.c - the client's end of the recorder's socket. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_BYTES 48
#define REPLY_BYTES 104
#define DATA_MAX 4194304u
#define KIND_COMMAND 1
#define KIND_SLEEP 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int wire = -1;
static pid_t wire_owner;	/* a child must not talk into its parent's */
static pid_t last_speaker;	/* thread that sent the latest command */
static uint32_t last_tag;
static uint64_t unreported_us;

void shim_trace(const char *format, ...)
{
	char text[256];
	va_list args;
	int length;

	if (!getenv("LATHE_SHIM_TRACE"))
		return;
	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length > 0 && (size_t)length < sizeof(text))
		(void)!write(STDERR_FILENO, text, (size_t)length);
}

static void put_le32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static uint16_t get_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get_le32(const uint8_t *p)
{
	return (uint32_t)get_le16(p) | (uint32_t)get_le16(p + 2) << 16;
}

static bool send_all(const uint8_t *data, size_t length)
{
	while (length > 0) {
		ssize_t n = send(wire, data, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		length -= (size_t)n;
	}
	return true;
}

static bool receive_all(uint8_t *data, size_t length)
{
	while (length > 0) {
		ssize_t n = recv(wire, data, length, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		length -= (size_t)n;
	}
	return true;
}

static void hang_up(void)
{
	if (wire >= 0)
		(void)syscall(SYS_close, wire);
	wire = -1;
}

static bool connect_wire(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("LATHE_SHIM_SOCKET");

	if (wire >= 0 && wire_owner == getpid())
		return true;
	hang_up();
	if (!path || strlen(path) >= sizeof(address.sun_path))
		return false;
	strcpy(address.sun_path, path);
	wire = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (wire < 0)
		return false;
	if (connect(wire, (struct sockaddr *)&address, sizeof(address)) != 0) {
		hang_up();
		return false;
	}
	wire_owner = getpid();
	return true;
}

static void start_request(uint8_t *request, uint8_t kind)
{
	memset(request, 0, REQUEST_BYTES);
	memcpy(request, "LATQ", 4);
	request[4] = 1;
	request[5] = kind;
	put_le32(request + 8, ++last_tag);
}

static bool receive_reply(uint8_t *reply, uint8_t kind)
{
	return receive_all(reply, REPLY_BYTES) &&
	       memcmp(reply, "LATA", 4) == 0 && reply[4] == 1 &&
	       reply[5] == kind && get_le32(reply + 8) == last_tag;
}

static void take_reply(struct shim_cmd *cmd, const uint8_t *reply)
{
	cmd->status = reply[7];
	cmd->moved = get_le32(reply + 16);
	cmd->sys_errno = (int)get_le32(reply + 20);
	cmd->host_status = get_le16(reply + 24);
	cmd->driver_status = get_le16(reply + 26);
	cmd->sense_len = reply[28] <= 64 ? reply[28] : 64;
	memcpy(cmd->sense, reply + 32, 64);
}

static bool exchange(struct shim_cmd *cmd)
{
	uint8_t request[REQUEST_BYTES], reply[REPLY_BYTES];
	uint32_t length;

	start_request(request, KIND_COMMAND);
	request[6] = cmd->cdb_len;
	request[7] = cmd->direction;
	put_le32(request + 12, cmd->data_len);
	put_le32(request + 16, cmd->timeout_ms);
	request[20] = (uint8_t)cmd->node;
	memcpy(request + 24, cmd->cdb, cmd->cdb_len);
	if (!send_all(request, sizeof(request)) ||
	    (cmd->direction == 2 && !send_all(cmd->data, cmd->data_len)) ||
	    !receive_reply(reply, KIND_COMMAND))
		return false;

	length = get_le32(reply + 12);
	if (length > cmd->data_len || !receive_all(cmd->data, length))
		return false;
	take_reply(cmd, reply);
	return cmd->moved <= cmd->data_len;
}

void shim_execute(struct shim_cmd *cmd)
{
	cmd->sys_errno = 0;
	if (cmd->direction == 0)
		cmd->data_len = 0;
	if (cmd->cdb_len < 1 || cmd->cdb_len > 16) {
		cmd->sys_errno = EINVAL;
		return;
	}
	if (cmd->data_len > DATA_MAX) {
		/* The block layer's answer to what no queue could take. */
		cmd->sys_errno = cmd->node == SHIM_NODE_SG ? ENOMEM : EIO;
		return;
	}
	pthread_mutex_lock(&lock);
	last_speaker = (pid_t)syscall(SYS_gettid);
	if (!connect_wire() || !exchange(cmd)) {
		hang_up();
		cmd->sys_errno = ENODEV;
	}
	pthread_mutex_unlock(&lock);
	shim_trace("shim: %02x %u bytes -> errno %d status %02x %x/%02x/%02x\n",
		   cmd->cdb[0], cmd->data_len, cmd->sys_errno, cmd->status,
		   cmd->sense[2] & 15u, cmd->sense[12], cmd->sense[13]);
}

uint8_t shim_simple(enum shim_node node, const uint8_t *cdb, uint8_t cdb_len,
		    uint8_t *data, uint32_t data_len, uint8_t sense[64])
{
	struct shim_cmd cmd = { .cdb = cdb,
				.cdb_len = cdb_len,
				.direction = data_len ? 1 : 0,
				.data = data,
				.data_len = data_len,
				.timeout_ms = 30000,
				.node = node };

	shim_execute(&cmd);
	memcpy(sense, cmd.sense, 64);
	return cmd.sys_errno ? 0xff : cmd.status;
}

bool shim_report_sleep(uint64_t microseconds)
{
	uint8_t request[REQUEST_BYTES], reply[REPLY_BYTES];
	bool speaker;

	pthread_mutex_lock(&lock);
	speaker = wire >= 0 && wire_owner == getpid() &&
		  last_speaker == (pid_t)syscall(SYS_gettid);
	if (speaker)
		unreported_us += microseconds;
	if (speaker && unreported_us >= 1000) {
		start_request(request, KIND_SLEEP);
		put_le32(request + 16, (uint32_t)(unreported_us / 1000));
		unreported_us %= 1000;
		if (!send_all(request, sizeof(request)) ||
		    !receive_reply(reply, KIND_SLEEP))
			hang_up();
	}
	pthread_mutex_unlock(&lock);
	return speaker;
}
