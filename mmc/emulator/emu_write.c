/* SPDX-License-Identifier: MIT */
/*
 * emu_write.c - WRITE, SYNCHRONIZE CACHE and RESERVE TRACK: how blocks get
 * onto the disc. MMC-6 6.45, 6.41, 6.31; rules of CD track-at-once.
 *
 * Blocks go into the store when they are acknowledged; 'buffered' says how
 * many of them are not on the medium yet. On media that are written in
 * sequence this is as good as a buffer of our own, and costs no copy.
 */
#include <string.h>

#include "mmc/emulator/emulator_internal.h"

#define BUS_BLOCK_US 62u	/* 33 MB/s */
#define SPIN_UP_US 1500000u	/* hidden calibration before a track */

/* Page 05h as the WRITE sees it. */
static bool test_writing(const struct lathe_emulator *e)
{
	return e->page_05[2] & 0x10;
}

static uint8_t page_mode(const struct lathe_emulator *e)
{
	return (e->page_05[4] & 0x0f) == 10 ? 2 : 1;
}

/* Blocks that a track may hold, from its start on. */
static uint32_t room_from(const struct lathe_emulator *e, uint32_t start,
			  uint32_t reserved)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t limit = disc->limit;

	if (emu_quirk(e, EMU_Q_RUN_OUT_COUNTS))
		limit -= disc->media->run_out;
	if (reserved)
		return reserved;
	return limit > start ? limit - start : 0;
}

/* Where the WRITE goes: a track in use, or a new one (number tracks + 1). */
struct target {
	uint32_t number;
	uint32_t start, blocks, reserved;
};

static void target_of(struct emu_disc *disc, uint32_t number,
		      struct target *out)
{
	const struct emu_track *t = lathep_emu_track(disc, number);

	out->number = number;
	out->start = t->start;
	out->blocks = t->blocks;
	out->reserved = t->reserved;
}

/* A reserved track that waits for 'lba'. */
static bool find_reserved(struct emu_disc *disc, uint32_t lba,
			  struct target *out)
{
	uint32_t i;

	for (i = lathep_emu_complete_tracks(disc) + 1; i <= disc->tracks;
	     i++) {
		if (lathep_emu_track(disc, i)->state != EMU_TRACK_RESERVED)
			continue;
		target_of(disc, i, out);
		if (out->start + out->blocks == lba)
			return true;
	}
	return false;
}

static uint32_t find_target(struct lathe_emulator *e, uint32_t lba,
			    struct target *out)
{
	struct emu_disc *disc = emu_disc(e);

	if (disc->final)
		return EMU_CANNOT_WRITE;
	if (disc->open) {
		target_of(disc, disc->open, out);
		if (lathep_emu_track(disc, disc->open)->damaged &&
		    emu_quirk(e, EMU_Q_NO_RESUME))
			return EMU_BAD_WRITE_ADDRESS;
		return EMU_GOOD;
	}
	if (find_reserved(disc, lba, out))
		return EMU_GOOD;
	out->number = disc->tracks + 1;
	out->start = lathep_emu_next_start(disc);
	out->blocks = 0;
	out->reserved = 0;
	if (e->test_open) {
		out->start = e->test_start;
		out->blocks = e->test_blocks;
	}
	return out->number > disc->media->max_tracks ? EMU_END_OF_AREA
						     : EMU_GOOD;
}

/* Address, capacity and mode of a WRITE; MMC-6 6.45, tables of chapter 7.5 */
static uint32_t check_write(struct lathe_emulator *e, uint32_t lba,
			    uint32_t count, const struct target *t)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t room = room_from(e, t->start, t->reserved);

	if (lba >= disc->limit && lba < 0xffff0000u &&
	    lba != t->start + t->blocks)
		return EMU_BAD_ADDRESS;
	if (lba != t->start + t->blocks)
		return EMU_BAD_WRITE_ADDRESS;
	if (count > room || t->blocks > room - count)
		return EMU_END_OF_AREA;
	if (!t->blocks && room < disc->media->min_track)
		return EMU_END_OF_AREA;
	if (e->test_open != test_writing(e) && t->blocks)
		return EMU_ILLEGAL_MODE;
	/* The page may ask for audio, as programs do that only want to close
	 * a session; it is not recorded here. */
	if ((e->page_05[4] & 0x0f) == 0)
		return EMU_ILLEGAL_MODE;
	if (t->number <= disc->tracks && t->blocks &&
	    (lathep_emu_track(disc, t->number)->mode != page_mode(e) ||
	     lathep_emu_track(disc, t->number)->format != e->page_05[8]))
		return EMU_ILLEGAL_MODE;
	return EMU_GOOD;
}

static void begin_track(struct lathe_emulator *e, const struct target *t)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track;

	lathep_emu_advance(e, SPIN_UP_US);
	if (test_writing(e)) {
		e->test_open = true;
		e->test_start = t->start;
		e->test_blocks = 0;
		return;
	}
	if (t->number > disc->tracks)
		disc->tracks = t->number;
	track = lathep_emu_track(disc, t->number);
	track->start = t->start;
	track->blocks = 0;
	track->reserved = t->reserved;
	track->session = (uint16_t)(disc->sessions + 1);
	track->state = EMU_TRACK_OPEN;
	track->mode = page_mode(e);
	track->format = e->page_05[8];
	track->damaged = false;
	disc->open = t->number;
	e->underrun = false;
}

/* Wait for room in the buffer, or say that there is none. */
static uint32_t make_room(struct lathe_emulator *e, uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t over;

	if (disc->buffered + count <= e->buffer_blocks || !disc->buffered)
		return EMU_GOOD;
	if (!emu_quirk(e, EMU_Q_BLOCKING_WRITES))
		return EMU_LONG_WRITE;
	over = disc->buffered + count - e->buffer_blocks;
	lathep_emu_advance(e, over * lathep_emu_block_us(e));
	return EMU_GOOD;
}

static uint32_t put_blocks(struct lathe_emulator *e, struct lathe_cmd *c,
			   uint32_t lba, uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, disc->open);

	if (e->store->ops->write(e->store, lba, count, c->data))
		return EMU_INTERNAL;
	if (e->corrupt) {
		uint8_t block[LATHE_BLOCK_BYTES];

		memcpy(block, c->data, sizeof(block));
		block[LATHE_BLOCK_BYTES / 2] ^= 0x10;
		if (e->store->ops->write(e->store, lba, 1, block))
			return EMU_INTERNAL;
	}
	track->blocks += count;
	disc->buffered += count;
	if (e->store->ops->mark(e->store))
		return EMU_INTERNAL;
	return EMU_GOOD;
}

uint32_t lathep_emu_write(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	struct target t = { 0, 0, 0, 0 };
	uint32_t lba, count, sense;
	bool fresh;

	lathep_emu_cdb_range(c->cdb, &lba, &count);
	if (!count)
		return EMU_GOOD;
	if (!c->to_drive || c->data_len / LATHE_BLOCK_BYTES < count)
		return EMU_BAD_FIELD;
	if (e->underrun && disc->open)
		return EMU_BAD_WRITE_ADDRESS;
	sense = find_target(e, lba, &t);
	if (sense)
		return sense;
	/* A drive that counts from the pre-gap wants the first block there. */
	if (lba == 0xffffff6au && !t.start && emu_quirk(e, EMU_Q_NWA_150))
		lba = 0;
	sense = check_write(e, lba, count, &t);
	if (sense)
		return sense;
	fresh = !disc->open && !e->test_open;
	if (fresh)
		begin_track(e, &t);
	sense = make_room(e, count);
	if (sense)
		return sense;
	lathep_emu_advance(e, (uint64_t)count * BUS_BLOCK_US);
	c->moved = count * LATHE_BLOCK_BYTES;
	if (e->test_open) {
		e->test_blocks += count;
		return EMU_GOOD;
	}
	sense = put_blocks(e, c, lba, count);
	if (!sense && fresh && e->store->ops->save(e->store))
		sense = EMU_INTERNAL;
	return sense;
}

/*
 * A write error, for the host model's faults. Reported at once, it damages
 * the block that the command begins with, which then counts as used; reported
 * late, the last one that was acknowledged. What came before is safe.
 */
void lathep_emu_write_error(struct lathe_emulator *e, struct lathe_cmd *c,
			    bool late)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track;
	struct target t;
	uint32_t lba, count;
	bool writing = c->cdb[0] == 0x2a || c->cdb[0] == 0xaa;

	if (writing && !late && !test_writing(e)) {
		lathep_emu_cdb_range(c->cdb, &lba, &count);
		if (!count || find_target(e, lba, &t) ||
		    check_write(e, lba, count, &t))
			return;
		if (!disc->open)
			begin_track(e, &t);
		disc->track[disc->open - 1].blocks++;
	}
	if (!disc->open)
		return;
	lathep_emu_flush(e);
	track = lathep_emu_track(disc, disc->open);
	track->damaged = true;
	if (track->blocks)
		lathep_emu_damage(disc, track->start + track->blocks - 1, 1);
	e->store->ops->save(e->store);
}

/* ---- the end of a track ------------------------------------------------- */

/* Pad to the minimum or to the reserved size; two run-out blocks follow. */
static uint32_t padding(const struct emu_disc *disc,
			const struct emu_track *track)
{
	uint32_t least = track->reserved ? track->reserved
					 : disc->media->min_track;

	return track->blocks < least ? least - track->blocks : 0;
}

void lathep_emu_finish_track(struct lathe_emulator *e, uint32_t number)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, number);
	uint32_t pad = padding(disc, track);

	lathep_emu_flush(e);
	if (pad && e->store->ops->zero(e->store, track->start + track->blocks,
				       pad))
		lathep_emu_damage(disc, track->start + track->blocks, pad);
	track->blocks += pad;
	lathep_emu_end_track(disc, number);
	e->underrun = false;
	e->store->ops->save(e->store);
}

/* In track-at-once this ends the track: whatever is flushed is followed by
 * padding, run-out and an entry in the PMA. */
uint32_t lathep_emu_sync_cache(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_SYNC };
	uint64_t blocks;

	if (e->test_open) {
		e->test_open = false;
		e->test_blocks = 0;
	}
	if (!disc->open)
		return EMU_GOOD;
	job.track = disc->open;
	blocks = disc->buffered + disc->media->run_out +
		 padding(disc, lathep_emu_track(disc, disc->open));
	lathep_emu_start_job(e, &job, 1000000u + blocks *
			     lathep_emu_block_us(e), c->cdb[1] & 2);
	return EMU_GOOD;
}

/* MMC-6 6.31, size form only: the split by address is for DVD+R and BD-R. */
uint32_t lathep_emu_reserve(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t size = lathe_get_be32(c->cdb + 5);
	struct emu_track *track;
	uint32_t start;

	if (c->cdb[1] & 3 || size < disc->media->min_track)
		return EMU_BAD_FIELD;
	if (disc->final)
		return EMU_CANNOT_WRITE;
	if (disc->open || e->test_open)
		return EMU_SEQUENCE;
	start = lathep_emu_next_start(disc);
	if (disc->tracks >= disc->media->max_tracks || start >= disc->limit ||
	    size > disc->limit - start)
		return EMU_END_OF_AREA;
	track = lathep_emu_track(disc, ++disc->tracks);
	track->start = start;
	track->blocks = 0;
	track->reserved = size;
	track->session = (uint16_t)(disc->sessions + 1);
	track->state = EMU_TRACK_RESERVED;
	track->mode = page_mode(e);
	track->format = e->page_05[8];
	track->damaged = false;
	lathep_emu_advance(e, 500000u);
	return e->store->ops->save(e->store) ? EMU_INTERNAL : EMU_GOOD;
}
