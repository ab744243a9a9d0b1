/* SPDX-License-Identifier: MIT */
/* door_socket.c - the drive on a Unix socket. The protocol stands in
 * lathe_emulator.h. One thread, one command at a time, like a real bus. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "mmc/emulator/door_internal.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define CLIENTS_MAX 64u
#define STUCK_SECONDS 30	/* in the middle of a request or reply */

enum { KIND_SCSI = 1, KIND_SLEEP = 2 };
enum { FROM_DRIVE = 1, TO_DRIVE = 2 };

struct server {
	struct lathe_emulator *drive;
	const struct lathe_emulator_door *door;
	struct pollfd polled[CLIENTS_MAX + 1];	/* [0] is the listener */
	bool fresh[CLIENTS_MAX + 1];	/* no request yet */
	uint32_t clients;
	bool had_client;
	uint64_t replied_ms;	/* wall clock of the last reply */
	uint8_t *data;
	uint32_t data_bytes;
};

/* ---- bytes over the socket ---------------------------------------------- */

static bool receive(int fd, uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = recv(fd, p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* Without MSG_NOSIGNAL a client that is gone would kill the server. */
static bool deliver(int fd, const uint8_t *p, size_t len)
{
#ifdef MSG_NOSIGNAL
	int flags = MSG_NOSIGNAL;
#else
	int flags = 0;
#endif

	while (len) {
		ssize_t n = send(fd, p, len, flags);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* ---- a request ---------------------------------------------------------- */

static bool well_formed(const uint8_t *q)
{
	uint32_t len = lathe_get_le32(q + 12);

	if (memcmp(q, "LATQ", 4) != 0 ||
	    q[4] != LATHE_EMULATOR_DOOR_VERSION)
		return false;
	if (q[5] == KIND_SLEEP)
		return !len;
	return q[5] == KIND_SCSI && q[6] >= 1 && q[6] <= 16 && q[7] <= 2 &&
	       q[20] <= 2 && len <= LATHE_EMULATOR_DOOR_DATA_MAX &&
	       (q[7] || !len);
}

static bool make_room(struct server *s, uint32_t bytes)
{
	uint8_t *p;

	if (bytes <= s->data_bytes)
		return true;
	p = lathep_emu_realloc(&s->drive->hooks, s->data, s->data_bytes,
			       bytes);
	if (!p)
		return false;
	s->data = p;
	s->data_bytes = bytes;
	return true;
}

static void to_command(const struct server *s, const uint8_t *q,
		       struct lathe_cmd *c)
{
	memset(c, 0, sizeof(*c));
	c->cdb_len = q[6];
	memcpy(c->cdb, q + 24, q[6]);
	c->to_drive = q[7] == TO_DRIVE;
	c->data = s->data;
	c->data_len = lathe_get_le32(q + 12);
	c->timeout_ms = lathe_get_le32(q + 16);
}

static void to_reply(const struct server *s, const uint8_t *q,
		     const struct lathe_cmd *c, uint8_t *r)
{
	uint32_t follows = 0;

	if (q[7] == FROM_DRIVE && c->cause == LATHE_CAUSE_OK)
		follows = c->data_len;
	memset(r, 0, LATHE_EMULATOR_REPLY_BYTES);
	memcpy(r, "LATA", 4);
	r[4] = LATHE_EMULATOR_DOOR_VERSION;
	r[5] = q[5];
	r[6] = c->cause;
	r[7] = c->status;
	memcpy(r + 8, q + 8, 4);
	lathe_put_le32(r + 12, follows);
	lathe_put_le32(r + 16, c->moved);
	lathe_put_le32(r + 20, (uint32_t)c->sys_errno);
	lathe_put_le16(r + 24, c->host_status);
	lathe_put_le16(r + 26, c->driver_status);
	r[28] = c->sense_len;
	memcpy(r + 32, c->sense, c->sense_len);
	lathe_put_le64(r + 96, lathe_emulator_now_ms(s->drive));
}

static void load_tray(struct server *s)
{
	struct lathe_cmd c;

	if (!s->drive->tray_open)
		return;
	memset(&c, 0, sizeof(c));
	c.cdb[0] = 0x1b;	/* START STOP UNIT, LoEj and Start */
	c.cdb[4] = 3;
	c.cdb_len = 6;
	lathep_emu_command(s->drive, &c);
}

/* False: the connection is to be closed. */
static bool serve_request(struct server *s, int fd, bool fresh)
{
	uint8_t q[LATHE_EMULATOR_REQUEST_BYTES];
	uint8_t r[LATHE_EMULATOR_REPLY_BYTES];
	struct lathe_cmd c;
	uint32_t len;

	if (!receive(fd, q, sizeof(q)) || !well_formed(q))
		return false;
	len = lathe_get_le32(q + 12);
	if (!make_room(s, len))
		return false;
	if (q[7] == TO_DRIVE && !receive(fd, s->data, len))
		return false;
	/* What a command does not fill in is zeros, not another's data. */
	if (q[7] == FROM_DRIVE && len)
		memset(s->data, 0, len);
	lathep_emu_count_idle_time(s->drive, &s->replied_ms, 1);
	to_command(s, q, &c);
	if (fresh && s->door->autoload)
		load_tray(s);
	if (q[5] == KIND_SLEEP)
		lathe_emulator_sleep_ms(s->drive, c.timeout_ms);
	else
		lathep_emu_host(s->drive, &c, q[20]);
	to_reply(s, q, &c, r);
	s->replied_ms = lathep_emu_wall_clock_ms();
	return deliver(fd, r, sizeof(r)) &&
	       deliver(fd, s->data, lathe_get_le32(r + 12));
}

/* ---- connections -------------------------------------------------------- */

static void take_client(struct server *s)
{
	struct timeval limit = { STUCK_SECONDS, 0 };
	int fd = accept(s->polled[0].fd, NULL, NULL);

	if (fd < 0)
		return;
	if (s->clients == CLIENTS_MAX) {
		close(fd);
		return;
	}
	/* One client that stands still must not stop the others for ever. */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	s->clients++;
	s->had_client = true;
	s->fresh[s->clients] = true;
	s->polled[s->clients].fd = fd;
	s->polled[s->clients].events = POLLIN;
	s->polled[s->clients].revents = 0;
}

static void drop_client(struct server *s, uint32_t i)
{
	close(s->polled[i].fd);
	s->polled[i] = s->polled[s->clients];
	s->fresh[i] = s->fresh[s->clients];
	s->clients--;
}

static void serve_ready(struct server *s)
{
	uint32_t i = 1;

	while (i <= s->clients) {
		bool fresh = s->fresh[i];

		if (!s->polled[i].revents) {
			i++;
			continue;
		}
		s->polled[i].revents = 0;
		s->fresh[i] = false;
		if (serve_request(s, s->polled[i].fd, fresh))
			i++;
		else
			drop_client(s, i);
	}
	if (s->polled[0].revents)
		take_client(s);
}

static bool stopped(const struct server *s)
{
	if (s->door->once && s->had_client && !s->clients)
		return true;
	return s->door->stop && s->door->stop(s->door->stop_ctx);
}

static int serve(struct server *s)
{
	while (!stopped(s)) {
		int n = poll(s->polled, s->clients + 1, EMU_DOOR_STOP_ASKED_MS);

		if (n < 0 && errno != EINTR)
			return LATHE_ERR_IO;
		if (n > 0)
			serve_ready(s);
	}
	return 0;
}

int lathe_emulator_serve(struct lathe_emulator *drive,
			 const struct lathe_emulator_door *door)
{
	struct server *s;
	int fd, err;

	s = lathep_emu_realloc(&drive->hooks, NULL, 0, sizeof(*s));
	if (!s)
		return LATHE_ERR_MEMORY;
	memset(s, 0, sizeof(*s));
	fd = lathep_emu_listen(door->socket_path);
	err = fd < 0 ? LATHE_ERR_IO : 0;
	if (!err) {
		s->drive = drive;
		s->door = door;
		s->polled[0].fd = fd;
		s->polled[0].events = POLLIN;
		s->replied_ms = lathep_emu_wall_clock_ms();
		if (door->ready)
			door->ready(door->ready_ctx);
		err = serve(s);
		while (s->clients)
			drop_client(s, s->clients);
		close(fd);
		unlink(door->socket_path);
	}
	lathep_emu_realloc(&drive->hooks, s->data, s->data_bytes, 0);
	lathep_emu_realloc(&drive->hooks, s, sizeof(*s), 0);
	return err;
}

#else

int lathe_emulator_serve(struct lathe_emulator *drive,
			 const struct lathe_emulator_door *door)
{
	(void)drive;
	(void)door;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
