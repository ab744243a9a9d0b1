/* SPDX-License-Identifier: MIT */
/*
 * door_vhost.c - the drive as a vhost-user-scsi device: a kernel in a virtual
 * machine, or user-mode Linux, sees it as a SCSI drive of its own. The
 * vhost-user protocol, front-end requests; one front-end at a time.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "mmc/emulator/door_internal.h"

#if defined(__linux__)

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_SECTORS_DEFAULT 256u
#define HEADER_BYTES 12u
#define PAYLOAD_MAX 512u

enum request {
	GET_FEATURES = 1,
	SET_MEM_TABLE = 5,
	SET_VRING_NUM = 8,
	SET_VRING_ADDR = 9,
	SET_VRING_BASE = 10,
	GET_VRING_BASE = 11,
	SET_VRING_KICK = 12,
	SET_VRING_CALL = 13,
	GET_PROTOCOL_FEATURES = 15,
	GET_QUEUE_NUM = 17,
	SET_VRING_ENABLE = 18,
	SET_BACKEND_REQ_FD = 21,
	GET_CONFIG = 24
};

/* Of a message's header. */
enum { VERSION = 1, REPLY = 4, NEED_REPLY = 8 };

#define FEATURE_HOTPLUG (1ull << 1)
#define FEATURE_PROTOCOL (1ull << 30)
#define FEATURE_VERSION_1 (1ull << 32)
#define PROTOCOL_REPLY_ACK (1u << 3)
#define PROTOCOL_BACKEND_REQ (1u << 5)	/* user-mode Linux wants it */
#define PROTOCOL_CONFIG (1u << 9)

/* All numbers of this protocol are in the order of the machine. */
struct message {
	uint32_t request, flags, bytes;
	union {
		uint64_t number;
		struct {
			uint32_t index, value;
		} state;
		struct {
			uint32_t index, flags;
			uint64_t desc, used, avail, log;
		} address;
		struct {
			uint32_t count, padding;
			struct {
				uint64_t guest, bytes, user, offset;
			} region[EMU_REGIONS_MAX];
		} memory;
		struct {
			uint32_t offset, bytes, flags;
			uint8_t data[256];
		} config;
		uint8_t raw[PAYLOAD_MAX];
	} u;
	int fd[EMU_REGIONS_MAX];
	uint32_t fds;
};

struct vhost {
	struct emu_virtio_scsi scsi;
	int socket;
	int backend;		/* where we could ask the front-end; kept */
};

/* ---- messages ----------------------------------------------------------- */

/* A system gives all descriptors of a message in one piece, and no other is
 * asked for. (Some C libraries have a CMSG_NXTHDR that compilers warn of.) */
static void keep_fds(struct message *m, struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	size_t n, i;
	int fd;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return;
	n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (i = 0; i < n; i++) {
		memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
		if (m->fds < EMU_REGIONS_MAX)
			m->fd[m->fds++] = fd;
		else
			close(fd);
	}
}

static bool receive(int socket, void *p, size_t bytes, struct message *m)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(EMU_REGIONS_MAX * sizeof(int))];
	} control;
	uint8_t *at = p;

	while (bytes) {
		struct iovec piece = { at, bytes };
		struct msghdr msg = { .msg_iov = &piece,
				      .msg_iovlen = 1,
				      .msg_control = &control,
				      .msg_controllen = sizeof(control) };
		ssize_t n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		keep_fds(m, &msg);
		at += n;
		bytes -= (size_t)n;
	}
	return true;
}

static bool send_reply(const struct vhost *v, struct message *m,
		       uint32_t bytes)
{
	struct iovec piece[2] = { { m, HEADER_BYTES }, { &m->u, bytes } };
	struct msghdr msg = { .msg_iov = piece, .msg_iovlen = 2 };

	m->flags = VERSION | REPLY;
	m->bytes = bytes;
	return sendmsg(v->socket, &msg, MSG_NOSIGNAL) ==
	       (ssize_t)(HEADER_BYTES + bytes);
}

/* ---- the guest's memory ------------------------------------------------- */

static void forget_memory(struct emu_memory *memory)
{
	for (uint32_t i = 0; i < memory->regions; i++)
		munmap(memory->region[i].map, memory->region[i].map_bytes);
	memory->regions = 0;
}

static bool map_memory(struct emu_memory *memory, const struct message *m)
{
	uint32_t count = m->u.memory.count;

	forget_memory(memory);
	if (count > EMU_REGIONS_MAX || count > m->fds)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct emu_region *r = &memory->region[i];
		uint64_t offset = m->u.memory.region[i].offset;

		r->guest = m->u.memory.region[i].guest;
		r->user = m->u.memory.region[i].user;
		r->bytes = m->u.memory.region[i].bytes;
		if (r->bytes > SIZE_MAX - offset)
			return false;
		r->map_bytes = (size_t)(r->bytes + offset);
		r->map = mmap(NULL, r->map_bytes, PROT_READ | PROT_WRITE,
			      MAP_SHARED, m->fd[i], 0);
		if (r->map == MAP_FAILED)
			return false;
		r->here = (uint8_t *)r->map + offset;
		memory->regions++;
	}
	for (uint32_t i = 0; i < m->fds; i++)
		close(m->fd[i]);
	return true;
}

/* Queues that were in the memory before are now where it says. */
static bool move_queues(struct emu_virtio_scsi *scsi)
{
	bool done = true;

	for (uint32_t i = 0; i < EMU_VIRTIO_QUEUES && done; i++)
		if (scsi->queue[i].desc)
			done = lathep_emu_queue_map(&scsi->queue[i],
						    &scsi->memory);
	return done;
}

/* ---- requests ----------------------------------------------------------- */

static void replace_fd(int *fd, struct message *m)
{
	if (*fd >= 0)
		close(*fd);
	*fd = m->fds ? m->fd[--m->fds] : -1;
}

static void set_addresses(struct emu_queue *q, const struct message *m)
{
	q->desc_at = m->u.address.desc;
	q->avail_at = m->u.address.avail;
	q->used_at = m->u.address.used;
}

/* The queue that a message names: a number of 64 bits with flags above it
 * beside a descriptor, else the first field. */
static uint32_t queue_of(const struct message *m)
{
	if (m->request == SET_VRING_KICK || m->request == SET_VRING_CALL)
		return m->u.number & 0xff;
	return m->u.state.index;
}

/* One that names a queue. */
static bool handle_queue(struct vhost *v, struct message *m, uint32_t *reply)
{
	uint32_t index = queue_of(m);
	struct emu_queue *q;

	if (index >= EMU_VIRTIO_QUEUES)
		return false;
	q = &v->scsi.queue[index];
	switch (m->request) {
	case SET_VRING_NUM:
		q->size = m->u.state.value;
		return true;
	case SET_VRING_ADDR:
		set_addresses(q, m);
		return lathep_emu_queue_map(q, &v->scsi.memory);
	case SET_VRING_BASE:
		q->next = (uint16_t)m->u.state.value;
		return true;
	case GET_VRING_BASE:
		/* It also stops the queue. */
		m->u.state.value = q->next;
		q->desc = NULL;
		m->fds = 0;
		replace_fd(&q->kick, m);
		*reply = sizeof(m->u.state);
		return true;
	case SET_VRING_KICK:
		replace_fd(&q->kick, m);
		return true;
	case SET_VRING_CALL:
		replace_fd(&q->call, m);
		return true;
	default: /* SET_VRING_ENABLE: what came before is to be served */
		return !m->u.state.value ||
		       lathep_emu_virtio_serve(&v->scsi, index);
	}
}

static bool get_config(struct vhost *v, struct message *m, uint32_t *reply)
{
	uint8_t config[EMU_VIRTIO_CONFIG_BYTES];
	uint32_t from = m->u.config.offset, bytes = m->u.config.bytes;

	lathep_emu_virtio_config(&v->scsi, config);
	if (bytes > sizeof(m->u.config.data))
		return false;
	memset(m->u.config.data, 0, sizeof(m->u.config.data));
	if (from <= sizeof(config) && bytes <= sizeof(config) - from)
		memcpy(m->u.config.data, config + from, bytes);
	*reply = 12 + bytes;
	return true;
}

static bool handle(struct vhost *v, struct message *m, uint32_t *reply)
{
	switch (m->request) {
	case GET_FEATURES:
		m->u.number = FEATURE_HOTPLUG | FEATURE_PROTOCOL |
			      FEATURE_VERSION_1;
		*reply = sizeof(m->u.number);
		return true;
	case GET_PROTOCOL_FEATURES:
		m->u.number = PROTOCOL_REPLY_ACK | PROTOCOL_BACKEND_REQ |
			      PROTOCOL_CONFIG;
		*reply = sizeof(m->u.number);
		return true;
	case GET_QUEUE_NUM:
		m->u.number = EMU_VIRTIO_QUEUES;
		*reply = sizeof(m->u.number);
		return true;
	case SET_MEM_TABLE:
		if (!map_memory(&v->scsi.memory, m))
			return false;
		m->fds = 0;
		return move_queues(&v->scsi);
	case SET_VRING_NUM:
	case SET_VRING_ADDR:
	case SET_VRING_BASE:
	case GET_VRING_BASE:
	case SET_VRING_KICK:
	case SET_VRING_CALL:
	case SET_VRING_ENABLE:
		return handle_queue(v, m, reply);
	case SET_BACKEND_REQ_FD:
		replace_fd(&v->backend, m);
		return true;
	case GET_CONFIG:
		return get_config(v, m, reply);
	default:
		return true;
	}
}

/* False: the connection is to be closed. */
static bool serve_message(struct vhost *v)
{
	struct message m = { .fds = 0 };
	uint32_t reply = 0;
	bool wanted, done;

	if (!receive(v->socket, &m, HEADER_BYTES, &m) ||
	    m.bytes > sizeof(m.u) || !receive(v->socket, &m.u, m.bytes, &m))
		return false;
	wanted = m.flags & NEED_REPLY;
	done = handle(v, &m, &reply);
	while (m.fds)
		close(m.fd[--m.fds]);
	if (!done)
		return false;
	if (reply)
		return send_reply(v, &m, reply);
	if (!wanted)
		return true;
	m.u.number = 0;
	return send_reply(v, &m, sizeof(m.u.number));
}

/* ---- the front-end ------------------------------------------------------ */

static bool serve_kick(struct vhost *v, uint32_t queue)
{
	uint64_t count;

	if (read(v->scsi.queue[queue].kick, &count, sizeof(count)) < 0)
		return errno == EINTR || errno == EAGAIN;
	return lathep_emu_virtio_serve(&v->scsi, queue);
}

static bool serve_some(struct vhost *v)
{
	struct pollfd fds[EMU_VIRTIO_QUEUES + 1];
	bool go_on = true;

	for (uint32_t i = 0; i < EMU_VIRTIO_QUEUES; i++)
		fds[i] = (struct pollfd){ v->scsi.queue[i].kick, POLLIN, 0 };
	fds[EMU_VIRTIO_QUEUES] = (struct pollfd){ v->socket, POLLIN, 0 };
	if (poll(fds, EMU_VIRTIO_QUEUES + 1, EMU_DOOR_STOP_ASKED_MS) <= 0)
		return true;
	for (uint32_t i = 0; i < EMU_VIRTIO_QUEUES && go_on; i++)
		if (fds[i].revents & POLLIN)
			go_on = serve_kick(v, i);
	if (go_on && fds[EMU_VIRTIO_QUEUES].revents)
		go_on = serve_message(v);
	return go_on;
}

static void begin(struct vhost *v, struct lathe_emulator *drive,
		  const struct lathe_emulator_vhost *door)
{
	memset(v, 0, sizeof(*v));
	v->scsi.drive = drive;
	v->scsi.max_sectors = door->max_sectors ? door->max_sectors
						: MAX_SECTORS_DEFAULT;
	v->scsi.hurry = door->hurry ? door->hurry : 1;
	v->scsi.replied_ms = lathep_emu_wall_clock_ms();
	v->backend = v->socket = -1;
	for (uint32_t i = 0; i < EMU_VIRTIO_QUEUES; i++)
		v->scsi.queue[i].kick = v->scsi.queue[i].call = -1;
}

static void end(struct vhost *v)
{
	struct message none = { .fds = 0 };

	for (uint32_t i = 0; i < EMU_VIRTIO_QUEUES; i++) {
		replace_fd(&v->scsi.queue[i].kick, &none);
		replace_fd(&v->scsi.queue[i].call, &none);
	}
	replace_fd(&v->backend, &none);
	forget_memory(&v->scsi.memory);
	if (v->socket >= 0)
		close(v->socket);
}

static bool stopped(const struct lathe_emulator_vhost *door)
{
	return door->stop && door->stop(door->stop_ctx);
}

/* Wait for a front-end; -1: asked to stop. */
static int wait_for_one(int listener, const struct lathe_emulator_vhost *door)
{
	while (!stopped(door)) {
		struct pollfd fd = { listener, POLLIN, 0 };

		if (poll(&fd, 1, EMU_DOOR_STOP_ASKED_MS) > 0)
			return accept(listener, NULL, NULL);
	}
	return -1;
}

int lathe_emulator_serve_vhost(struct lathe_emulator *drive,
			       const struct lathe_emulator_vhost *door)
{
	struct vhost *v;
	int listener;

	v = lathep_emu_realloc(&drive->hooks, NULL, 0, sizeof(*v));
	if (!v)
		return LATHE_ERR_MEMORY;
	listener = lathep_emu_listen(door->socket_path);
	if (listener >= 0) {
		begin(v, drive, door);
		if (door->ready)
			door->ready(door->ready_ctx);
		v->socket = wait_for_one(listener, door);
		while (v->socket >= 0 && !stopped(door) && serve_some(v))
			;
		end(v);
		close(listener);
		unlink(door->socket_path);
	}
	lathep_emu_realloc(&drive->hooks, v, sizeof(*v), 0);
	return listener < 0 ? LATHE_ERR_IO : 0;
}

#else

int lathe_emulator_serve_vhost(struct lathe_emulator *drive,
			       const struct lathe_emulator_vhost *door)
{
	(void)drive;
	(void)door;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
