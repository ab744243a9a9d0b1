/* SPDX-License-Identifier: MIT */
/*
 * emu_overwrite.c - WRITE on media that are written at random: DVD+RW,
 * DVD-RAM, BD-RE, DVD-RW in restricted overwrite, and BD-R that was formatted
 * for pseudo-overwrite.
 *
 * What the drive has acknowledged waits in a list of its own until it gets
 * onto the medium, for until then the old content is still there: a power cut
 * in between must find it.
 */
#include <string.h>

#include "mmc/emulator/emu_recording.h"

static size_t pending_bytes(uint32_t blocks)
{
	return sizeof(struct emu_pending) + (size_t)blocks * LATHE_BLOCK_BYTES;
}

static void drop_first(struct lathe_emulator *e)
{
	struct emu_pending *p = e->pending;

	e->pending = p->next;
	lathep_emu_realloc(&e->hooks, p, pending_bytes(p->all), 0);
}

void lathep_emu_drop_pending(struct lathe_emulator *e)
{
	while (e->pending)
		drop_first(e);
	if (e->store && lathep_emu_random(emu_disc(e)))
		emu_disc(e)->buffered = 0;
	e->taken_end = 0;
}

static uint32_t queue(struct lathe_emulator *e, uint32_t lba, uint32_t count,
		      const uint8_t *data)
{
	struct emu_pending *p, **end = &e->pending;

	p = lathep_emu_realloc(&e->hooks, NULL, 0, pending_bytes(count));
	if (!p)
		return EMU_INTERNAL;
	p->next = NULL;
	p->lba = lba;
	p->count = count;
	p->all = count;
	memcpy(p->data, data, (size_t)count * LATHE_BLOCK_BYTES);
	if (e->corrupt)
		p->data[LATHE_BLOCK_BYTES / 2] ^= 0x10;
	while (*end)
		end = &(*end)->next;
	*end = p;
	emu_disc(e)->buffered += count;
	if (!e->taken_end)
		e->taken_start = lba;
	e->taken_end = lba + count;
	return EMU_GOOD;
}

/* The first 'blocks' blocks that wait get onto the medium. */
void lathep_emu_commit(struct lathe_emulator *e, uint32_t blocks)
{
	struct emu_disc *disc = emu_disc(e);

	while (blocks && e->pending) {
		struct emu_pending *p = e->pending;
		uint32_t n = p->count < blocks ? p->count : blocks;
		const uint8_t *data = p->data + (size_t)(p->all - p->count) *
						LATHE_BLOCK_BYTES;
		bool more = lathep_emu_record(disc, p->lba, n);

		if (e->store->ops->write(e->store, p->lba, n, data))
			lathep_emu_damage(disc, p->lba, n);
		p->lba += n;
		p->count -= n;
		blocks -= n;
		disc->buffered -= n;
		if (!p->count)
			drop_first(e);
		if (more)
			lathep_emu_save(e->store);
		else
			lathep_emu_mark(e->store);
	}
}

/* A drive that writes in an order of its own: the second half of what waits
 * gets onto the medium, not the first. Returns where it then was. */
static uint32_t commit_last_half(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t lost = (disc->buffered + 1) / 2, at = e->pending->lba, n;

	while (lost) {
		struct emu_pending *p = e->pending;

		n = p->count < lost ? p->count : lost;
		at = p->lba + n - 1;
		p->lba += n;
		p->count -= n;
		lost -= n;
		disc->buffered -= n;
		if (!p->count)
			drop_first(e);
	}
	lathep_emu_commit(e, disc->buffered);
	return at;
}

/* The power is gone: the ECC block that was being written is torn, the rest
 * keeps what it had. */
void lathep_emu_lose_pending(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	bool any = e->pending;
	uint32_t at = any ? e->pending->lba : 0;

	if (any && emu_quirk(e, EMU_Q_CUT_REORDERS))
		at = commit_last_half(e);
	if (any && !emu_quirk(e, EMU_Q_CLEAN_CUT))
		lathep_emu_damage(disc, at, 1);
	lathep_emu_drop_pending(e);
	if (disc->format_state == EMU_FORMAT_RUNNING)
		disc->format_state = EMU_FORMAT_STARTED;
}

/* ---- where it may ------------------------------------------------------- */

/* The end of what was written in the border that is intermediate. */
static uint32_t border_end(const struct lathe_emulator *e)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_pending *p;
	uint32_t end = disc->iced, i;

	for (i = 0; i < disc->recordings; i++) {
		const struct emu_range *r = &disc->recorded[i];

		if (r->start + r->count > end)
			end = r->start + r->count;
	}
	for (p = e->pending; p; p = p->next)
		if (p->lba + p->count > end)
			end = p->lba + p->count;
	return end;
}

/*
 * DVD-RW: whole ECC blocks. While the last border is intermediate, it grows
 * at its end, without holes, and is not overwritten; borders before it are.
 */
static uint32_t check_restricted(struct lathe_emulator *e, uint32_t lba,
				 uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);

	if (lba % 16 || count % 16)
		return EMU_BAD_PACKET;
	if (!disc->intermediate || lba < disc->iced)
		return EMU_GOOD;
	if (lba != border_end(e))
		return lba >= disc->limit ? EMU_BAD_ADDRESS
					  : EMU_BAD_WRITE_ADDRESS;
	if (count > disc->limit - lba)
		return EMU_END_OF_AREA;
	if (disc->formatted < lba + count)
		disc->formatted = lba + count;
	return EMU_GOOD;
}

/* Blocks from 'start' to 'end' that a WRITE leaves of an ECC block. */
static bool is_torn(const struct emu_disc *disc, uint32_t start, uint32_t end)
{
	uint32_t next;

	return start < end &&
	       lathep_emu_area(disc, start, &next) == EMU_AREA_DAMAGED;
}

static uint32_t check_overwrite(struct lathe_emulator *e, uint32_t lba,
				uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t ecc = disc->media->ecc_blocks;
	uint32_t sense = EMU_GOOD;

	if (lathep_emu_way(disc) == EMU_WAY_RESTRICTED)
		sense = check_restricted(e, lba, count);
	else if (!disc->formatted)
		return emu_quirk(e, EMU_Q_UNFORMATTED_NOT_READY)
		       ? EMU_NOT_FORMATTED : EMU_CANNOT_WRITE;
	else if (disc->format_state == EMU_FORMAT_STARTED &&
		 emu_quirk(e, EMU_Q_STOPPED_FORMAT))
		return EMU_SEQUENCE;
	if (sense)
		return sense;
	if (lba >= disc->formatted || count > disc->formatted - lba)
		return EMU_BAD_ADDRESS;
	if (emu_quirk(e, EMU_Q_TORN_REFUSES) &&
	    (is_torn(disc, lba / ecc * ecc, lba) ||
	     is_torn(disc, lba + count, lathep_emu_align(disc, lba + count))))
		return EMU_UNREADABLE;
	/* A format that was stopped goes on by itself. */
	if (disc->format_state == EMU_FORMAT_STARTED)
		disc->format_state = EMU_FORMAT_RUNNING;
	return EMU_GOOD;
}

uint32_t lathep_emu_overwrite(struct lathe_emulator *e, struct lathe_cmd *c,
			      uint32_t lba, uint32_t count)
{
	uint32_t sense = check_overwrite(e, lba, count);

	if (!sense)
		sense = lathep_emu_make_room(e, count);
	if (sense)
		return sense;
	lathep_emu_advance(e, (uint64_t)count * EMU_BUS_BLOCK_US);
	sense = queue(e, lba, count, c->data);
	if (!sense)
		c->moved = count * LATHE_BLOCK_BYTES;
	return sense;
}

/* A write error: the ECC block that the command begins with, or the last one
 * that was acknowledged; a drive may also mean the first one. What was
 * synchronized is safe. */
void lathep_emu_overwrite_error(struct lathe_emulator *e, struct lathe_cmd *c,
				bool now)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t lba, count;

	lathep_emu_flush(e);
	lathep_emu_cdb_range(c->cdb, &lba, &count);
	if (now && count && lba < disc->formatted)
		lathep_emu_damage(disc, lba, 1);
	else if (!now && e->taken_end)
		lathep_emu_damage(disc, emu_quirk(e, EMU_Q_LATE_ERROR_FIRST)
					? e->taken_start : e->taken_end - 1,
				  1);
	lathep_emu_save(e->store);
}

/* BD-R with pseudo-overwrite: each cluster that is written again takes one of
 * the spares. */
uint32_t lathep_emu_replace(struct lathe_emulator *e, struct lathe_cmd *c,
			    uint32_t lba, uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t first = lba / 32 * 32;
	uint32_t need = lathep_emu_align(disc, lba + count) - first, end;

	if (lathep_emu_area(disc, lba, &end) > EMU_AREA_DAMAGED ||
	    end - lba < count)
		return EMU_BAD_WRITE_ADDRESS;
	if (need > disc->spares)
		return EMU_NO_RESOURCES;
	disc->spares -= need;
	lathep_emu_advance(e, need * lathep_emu_block_us(e));
	c->moved = count * LATHE_BLOCK_BYTES;
	if (lathep_emu_store_blocks(e, lba, count, c->data) ||
	    lathep_emu_save(e->store))
		return EMU_INTERNAL;
	return EMU_GOOD;
}
