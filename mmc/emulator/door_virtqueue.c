/* SPDX-License-Identifier: MIT */
/*
 * door_virtqueue.c - split virtqueues in a guest's memory, virtio 1.2, 2.7.
 * What the guest writes there is checked like bytes from a disc: no address
 * outside its memory, no chain longer than its ring.
 */
#define _POSIX_C_SOURCE 200809L

#include "mmc/emulator/door_internal.h"

#if defined(__unix__) || defined(__APPLE__)

#include <stdatomic.h>
#include <string.h>

enum {
	DESC_BYTES = 16,
	DESC_NEXT = 1,
	DESC_WRITE = 2,
	AVAIL_NO_INTERRUPT = 1,
	USED_BYTES = 8
};

/* 'address' is one of the guest's, or of the process that runs it. */
static uint8_t *find(const struct emu_memory *memory, bool guest,
		     uint64_t address, uint64_t bytes)
{
	for (uint32_t i = 0; i < memory->regions; i++) {
		const struct emu_region *r = &memory->region[i];
		uint64_t base = guest ? r->guest : r->user;

		if (address >= base && address - base <= r->bytes &&
		    bytes <= r->bytes - (address - base))
			return r->here + (address - base);
	}
	return NULL;
}

uint8_t *lathep_emu_guest(const struct emu_memory *memory, uint64_t address,
			  uint64_t bytes)
{
	return find(memory, true, address, bytes);
}

uint8_t *lathep_emu_user(const struct emu_memory *memory, uint64_t address,
			 uint64_t bytes)
{
	return find(memory, false, address, bytes);
}

bool lathep_emu_queue_map(struct emu_queue *q, const struct emu_memory *memory)
{
	q->desc = q->avail = q->used = NULL;
	if (!q->size || q->size > EMU_QUEUE_MAX || q->size & (q->size - 1) ||
	    q->desc_at & 15 || q->avail_at & 1 || q->used_at & 3)
		return false;
	q->desc = lathep_emu_user(memory, q->desc_at, q->size * DESC_BYTES);
	q->avail = lathep_emu_user(memory, q->avail_at, 6 + q->size * 2);
	q->used = lathep_emu_user(memory, q->used_at,
				  6 + q->size * USED_BYTES);
	return q->desc && q->avail && q->used;
}

/* The rings are shared with the guest's processor: order matters. */
static uint16_t load16(uint8_t *p)
{
	uint16_t whole = atomic_load_explicit((_Atomic uint16_t *)(void *)p,
					      memory_order_acquire);
	uint8_t raw[2];

	memcpy(raw, &whole, sizeof(raw));
	return lathe_get_le16(raw);
}

static void store16(uint8_t *p, uint16_t value)
{
	uint8_t raw[2];
	uint16_t whole;

	lathe_put_le16(raw, value);
	memcpy(&whole, raw, sizeof(whole));
	atomic_store_explicit((_Atomic uint16_t *)(void *)p, whole,
			      memory_order_release);
}

static bool add_piece(struct emu_chain *chain, uint8_t *p, uint32_t bytes,
		      bool in)
{
	uint32_t n = chain->out_pieces + chain->in_pieces;

	/* What the device reads comes first, 2.7.4.2. */
	if (!p || n == EMU_QUEUE_MAX || (!in && chain->in_pieces))
		return false;
	chain->piece[n].p = p;
	chain->piece[n].bytes = bytes;
	if (in) {
		chain->in_pieces++;
		chain->in_bytes += bytes;
	} else {
		chain->out_pieces++;
		chain->out_bytes += bytes;
	}
	return true;
}

int lathep_emu_queue_take(struct emu_queue *q, const struct emu_memory *memory,
			  struct emu_chain *chain)
{
	uint32_t at, left = q->size;

	if (!q->desc || load16(q->avail + 2) == q->next)
		return 0;
	chain->out_pieces = chain->in_pieces = 0;
	chain->out_bytes = chain->in_bytes = 0;
	at = lathe_get_le16(q->avail + 4 + 2 * (q->next & (q->size - 1)));
	chain->head = (uint16_t)at;
	q->next++;
	for (;;) {
		uint8_t desc[DESC_BYTES];
		uint32_t bytes;
		uint16_t flags;

		if (at >= q->size || !left--)
			return -1;
		memcpy(desc, q->desc + (size_t)at * DESC_BYTES, sizeof(desc));
		bytes = lathe_get_le32(desc + 8);
		flags = lathe_get_le16(desc + 12);
		if (flags & ~(DESC_NEXT | DESC_WRITE) ||
		    !add_piece(chain,
			       lathep_emu_guest(memory, lathe_get_le64(desc),
						bytes),
			       bytes, flags & DESC_WRITE))
			return -1;
		if (!(flags & DESC_NEXT))
			return 1;
		at = lathe_get_le16(desc + 14);
	}
}

void lathep_emu_queue_give(struct emu_queue *q, const struct emu_chain *chain,
			   uint32_t written)
{
	uint16_t n = lathe_get_le16(q->used + 2);
	uint8_t *element = q->used + 4 +
			   (size_t)(n & (q->size - 1)) * USED_BYTES;

	lathe_put_le32(element, chain->head);
	lathe_put_le32(element + 4, written);
	store16(q->used + 2, (uint16_t)(n + 1));
}

/* Pieces 'i' to 'end', from byte 'from' of them on: their bytes to 'out', or
 * those of 'data' to them. Returns how many there was room for. */
static uint32_t copy_pieces(const struct emu_chain *chain, uint32_t i,
			    uint32_t end, uint64_t from, uint8_t *out,
			    const uint8_t *data, uint64_t bytes)
{
	uint32_t done = 0;

	for (; i < end && bytes; i++) {
		uint64_t n = chain->piece[i].bytes;

		if (from >= n) {
			from -= n;
			continue;
		}
		n -= from;
		if (n > bytes)
			n = bytes;
		if (out)
			memcpy(out + done, chain->piece[i].p + from, (size_t)n);
		else
			memcpy(chain->piece[i].p + from, data + done,
			       (size_t)n);
		done += (uint32_t)n;
		bytes -= n;
		from = 0;
	}
	return done;
}

uint32_t lathep_emu_chain_read(const struct emu_chain *chain, uint64_t from,
			       uint8_t *out, uint64_t bytes)
{
	return copy_pieces(chain, 0, chain->out_pieces, from, out, NULL,
			   bytes);
}

uint32_t lathep_emu_chain_write(const struct emu_chain *chain, uint64_t from,
				const uint8_t *data, uint64_t bytes)
{
	return copy_pieces(chain, chain->out_pieces,
			   chain->out_pieces + chain->in_pieces, from, NULL,
			   data, bytes);
}

#endif
