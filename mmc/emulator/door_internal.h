/* SPDX-License-Identifier: MIT */
/* door_internal.h - what the doors for other processes share. POSIX. */
#ifndef LATHEP_EMULATOR_DOOR_INTERNAL_H
#define LATHEP_EMULATOR_DOOR_INTERNAL_H

#include "mmc/emulator/emu_commands.h"

#define EMU_DOOR_STOP_ASKED_MS 100

/* ---- door_listen.c ------------------------------------------------------ */

/* A listening Unix socket of that name, or -1. A socket file that nobody
 * listens on is left over and is replaced. */
int lathep_emu_listen(const char *path);

uint64_t lathep_emu_wall_clock_ms(void);

/* The drive's clock counts 'times' what has passed outside since *last_ms. */
void lathep_emu_count_idle_time(struct lathe_emulator *drive,
				uint64_t *last_ms, uint32_t times);

/* ---- door_virtqueue.c: split virtqueues, virtio 1.2, 2.7 ---------------- */

#define EMU_QUEUE_MAX 1024u	/* descriptors */
#define EMU_REGIONS_MAX 8u

/* A piece of the guest's memory, mapped here. */
struct emu_region {
	uint64_t guest, user;	/* its addresses there */
	uint64_t bytes;
	uint8_t *here;
	void *map;
	size_t map_bytes;
};

struct emu_memory {
	struct emu_region region[EMU_REGIONS_MAX];
	uint32_t regions;
};

/* 'bytes' bytes at a guest address, or at one of the process that runs the
 * guest; NULL where they do not lie in one region. */
uint8_t *lathep_emu_guest(const struct emu_memory *memory, uint64_t address,
			  uint64_t bytes);
uint8_t *lathep_emu_user(const struct emu_memory *memory, uint64_t address,
			 uint64_t bytes);

struct emu_queue {
	uint32_t size;		/* descriptors, a power of two */
	uint64_t desc_at, avail_at, used_at;	/* addresses of the user */
	uint8_t *desc, *avail, *used;	/* mapped, or NULL */
	uint16_t next;		/* of the available ring */
	int kick, call;		/* descriptors of events, -1 if none */
};

/* A chain of buffers: first what the device reads, then what it writes. */
struct emu_chain {
	uint16_t head;
	uint32_t out_pieces, in_pieces;
	uint64_t out_bytes, in_bytes;
	struct {
		uint8_t *p;
		uint32_t bytes;
	} piece[EMU_QUEUE_MAX];
};

/* Map the rings; false where they do not lie in the guest's memory. */
bool lathep_emu_queue_map(struct emu_queue *queue,
			  const struct emu_memory *memory);

/* The next chain. 1, 0 when there is none, -1 when the ring is malformed. */
int lathep_emu_queue_take(struct emu_queue *queue,
			  const struct emu_memory *memory,
			  struct emu_chain *chain);
void lathep_emu_queue_give(struct emu_queue *queue,
			   const struct emu_chain *chain, uint32_t written);

/* Copy from what the guest wrote, into what it reads; the bytes copied. */
uint32_t lathep_emu_chain_read(const struct emu_chain *chain, uint64_t from,
			       uint8_t *out, uint64_t bytes);
uint32_t lathep_emu_chain_write(const struct emu_chain *chain, uint64_t from,
				const uint8_t *data, uint64_t bytes);

/* ---- door_vhost_scsi.c: virtio 1.2, 5.6 --------------------------------- */

enum {
	EMU_VIRTIO_CONTROL,
	EMU_VIRTIO_EVENTS,
	EMU_VIRTIO_REQUESTS,
	EMU_VIRTIO_QUEUES
};

#define EMU_VIRTIO_CONFIG_BYTES 36u

struct emu_virtio_scsi {
	struct lathe_emulator *drive;
	struct emu_memory memory;
	struct emu_queue queue[EMU_VIRTIO_QUEUES];
	uint32_t max_sectors;	/* of 512 bytes, in one command */
	uint32_t hurry;		/* how fast the drive's clock runs */
	uint64_t replied_ms;
	bool removed;		/* the guest was told that the drive is gone */
	struct emu_chain chain;
	uint8_t data[LATHE_EMULATOR_DOOR_DATA_MAX];
};

void lathep_emu_virtio_config(const struct emu_virtio_scsi *v,
			      uint8_t out[EMU_VIRTIO_CONFIG_BYTES]);

/* Serve what stands in a queue. False: the guest broke the protocol. */
bool lathep_emu_virtio_serve(struct emu_virtio_scsi *v, uint32_t queue);

#endif
