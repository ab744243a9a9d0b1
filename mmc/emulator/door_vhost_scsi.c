/* SPDX-License-Identifier: MIT */
/*
 * door_vhost_scsi.c - a virtio SCSI host with one target, one logical unit:
 * the drive. Virtio 1.2, 5.6.
 */
#define _POSIX_C_SOURCE 200809L

#include "mmc/emulator/door_internal.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>
#include <unistd.h>

/* Header of a request and of its response, 5.6.6.1. */
enum {
	SENSE_BYTES = 96,
	CDB_BYTES = 32,
	REQUEST_BYTES = 8 + 8 + 3 + CDB_BYTES,
	RESPONSE_BYTES = 12 + SENSE_BYTES
};

enum response {
	RESPONSE_OK = 0,
	RESPONSE_ABORTED = 2,
	RESPONSE_BAD_TARGET = 3,
	RESPONSE_RESET = 4,
	RESPONSE_FAILURE = 9
};

/* 5.6.6.2 and 5.6.6.3 */
enum {
	TASK_MANAGEMENT = 0,
	LOGICAL_UNIT_RESET = 5,
	EVENT_BYTES = 16,
	TRANSPORT_RESET = 1,
	REASON_REMOVED = 2
};

/* 5.6.4 */
void lathep_emu_virtio_config(const struct emu_virtio_scsi *v,
			      uint8_t out[EMU_VIRTIO_CONFIG_BYTES])
{
	memset(out, 0, EMU_VIRTIO_CONFIG_BYTES);
	lathe_put_le32(out, 1);			/* request queues */
	lathe_put_le32(out + 4, 126);		/* pieces of a request */
	lathe_put_le32(out + 8, v->max_sectors);
	lathe_put_le32(out + 12, 1);		/* commands at a time */
	lathe_put_le32(out + 16, EVENT_BYTES);
	lathe_put_le32(out + 20, SENSE_BYTES);
	lathe_put_le32(out + 24, CDB_BYTES);
	/* One channel, one target, one unit: the rest is zeros. */
}

/* The single-level LUN of 5.6.6.1: 1, target, 40h + high, low. */
static bool is_ours(const uint8_t lun[8])
{
	return lun[0] == 1 && lun[1] == 0 && !(lun[2] & 0x3f) && !lun[3];
}

/* SAM: the group of the operation code tells the length. */
static uint8_t cdb_length(uint8_t op)
{
	if (op < 0x20)
		return 6;
	if (op < 0x80)
		return 10;
	return op < 0xa0 ? 16 : 12;
}

static enum response response_of(uint8_t cause)
{
	switch (cause) {
	case LATHE_CAUSE_OK:
		return RESPONSE_OK;
	case LATHE_CAUSE_TIMED_OUT:
		return RESPONSE_ABORTED;
	case LATHE_CAUSE_GONE:
		return RESPONSE_BAD_TARGET;
	case LATHE_CAUSE_RESET:
		return RESPONSE_RESET;
	default:
		return RESPONSE_FAILURE;
	}
}

/* Returns the bytes written for the guest. */
static uint32_t run_command(struct emu_virtio_scsi *v, const uint8_t *cdb,
			    uint8_t *response)
{
	const struct emu_chain *chain = &v->chain;
	uint64_t out = chain->out_bytes - REQUEST_BYTES;
	uint64_t in = chain->in_bytes - RESPONSE_BYTES;
	struct lathe_cmd c = { 0 };
	uint32_t copied = 0;

	if (out > sizeof(v->data) || in > sizeof(v->data) || (out && in)) {
		response[11] = RESPONSE_FAILURE;
		return 0;
	}
	c.cdb_len = cdb_length(cdb[0]);
	memcpy(c.cdb, cdb, c.cdb_len);
	c.to_drive = out > 0;
	c.data = v->data;
	c.data_len = (uint32_t)(out + in);
	if (out)
		lathep_emu_chain_read(chain, REQUEST_BYTES, v->data, out);
	lathep_emu_host(v->drive, &c, 0);
	response[11] = (uint8_t)response_of(c.cause);
	if (c.cause != LATHE_CAUSE_OK)
		return 0;
	if (in)
		copied = lathep_emu_chain_write(chain, RESPONSE_BYTES, v->data,
						c.moved);
	lathe_put_le32(response, c.sense_len);
	lathe_put_le32(response + 4, c.data_len - c.moved);
	response[10] = c.status;
	memcpy(response + 12, c.sense, c.sense_len);
	return copied;
}

static bool serve_request(struct emu_virtio_scsi *v)
{
	uint8_t request[REQUEST_BYTES], response[RESPONSE_BYTES] = { 0 };
	uint32_t written = 0;

	if (v->chain.out_bytes < sizeof(request) ||
	    v->chain.in_bytes < sizeof(response))
		return false;
	lathep_emu_chain_read(&v->chain, 0, request, sizeof(request));
	lathep_emu_count_idle_time(v->drive, &v->replied_ms, v->hurry);
	if (is_ours(request))
		written = run_command(v, request + 19, response);
	else
		response[11] = RESPONSE_BAD_TARGET;
	v->replied_ms = lathep_emu_wall_clock_ms();
	lathep_emu_chain_write(&v->chain, 0, response, sizeof(response));
	lathep_emu_queue_give(&v->queue[EMU_VIRTIO_REQUESTS], &v->chain,
			      (uint32_t)sizeof(response) + written);
	return true;
}

/* Aborts have nothing to do here: a command is over before the next one. */
static bool serve_control(struct emu_virtio_scsi *v)
{
	uint8_t request[24] = { 0 }, response[8] = { 0 };
	uint32_t n;

	lathep_emu_chain_read(&v->chain, 0, request, sizeof(request));
	if (lathe_get_le32(request) == TASK_MANAGEMENT &&
	    lathe_get_le32(request + 4) == LOGICAL_UNIT_RESET)
		lathep_emu_reset(v->drive, false);
	n = lathep_emu_chain_write(&v->chain, 0, response, sizeof(response));
	lathep_emu_queue_give(&v->queue[EMU_VIRTIO_CONTROL], &v->chain, n);
	return true;
}

static void interrupt(const struct emu_queue *queue)
{
	uint64_t one = 1;

	/* A full counter has an interrupt pending already. */
	if (queue->call >= 0 && write(queue->call, &one, sizeof(one)) < 0)
		return;
}

/* A drive that has vanished is told once, as soon as there is a buffer. */
static void tell_removal(struct emu_virtio_scsi *v)
{
	struct emu_queue *events = &v->queue[EMU_VIRTIO_EVENTS];
	uint8_t event[EVENT_BYTES] = { 0 };

	if (!v->drive->gone || v->removed ||
	    lathep_emu_queue_take(events, &v->memory, &v->chain) != 1)
		return;
	lathe_put_le32(event, TRANSPORT_RESET);
	event[4] = 1;	/* target 0, unit 0 */
	lathe_put_le32(event + 12, REASON_REMOVED);
	lathep_emu_queue_give(
		events, &v->chain,
		lathep_emu_chain_write(&v->chain, 0, event, sizeof(event)));
	interrupt(events);
	v->removed = true;
}

bool lathep_emu_virtio_serve(struct emu_virtio_scsi *v, uint32_t queue)
{
	bool sane = true, any = false;

	/* Buffers for events wait until there is one. */
	while (queue != EMU_VIRTIO_EVENTS && sane) {
		int taken = lathep_emu_queue_take(&v->queue[queue], &v->memory,
						  &v->chain);

		if (taken == 0)
			break;
		any = true;
		sane = taken > 0 && (queue == EMU_VIRTIO_CONTROL ?
					     serve_control(v) :
					     serve_request(v));
	}
	if (any)
		interrupt(&v->queue[queue]);
	tell_removal(v);
	return sane;
}

#endif
