/* SPDX-License-Identifier: MIT */
/*
 * emu_at_once.c - sessions written in one go: CD by a cue sheet, pauses and
 * all, from the address that the sheet begins with; DVD-R into a track of
 * exactly the reserved size. MMC-6 4.2.3, 6.33.
 */
#include <string.h>

#include "mmc/emulator/emu_recording.h"

/* Every track of the sheet is known from the first WRITE on. */
static void begin_session(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t i;

	for (i = 0; i < e->cue.tracks; i++) {
		const struct emu_cue_track *from = &e->cue.track[i];
		struct emu_track *track;

		lathep_emu_new_track(e, from->start, from->end - from->start);
		track = lathep_emu_track(disc, disc->tracks);
		track->type = EMU_TRACK_SESSION;
		track->mode = from->mode;
		track->format = e->cue.format;
		if (!i) {
			track->state = EMU_TRACK_OPEN;
			disc->open = disc->tracks;
		}
	}
	e->underrun = false;
}

/* The session's track that holds 'lba' or begins behind it. */
static struct emu_track *track_for(struct lathe_emulator *e, uint32_t lba)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, disc->open);

	while (lba - track->start < UINT32_MAX / 2 &&
	       lba >= track->start + track->reserved &&
	       disc->open < disc->tracks) {
		track->state = EMU_TRACK_COMPLETE;
		track = lathep_emu_track(disc, ++disc->open);
		track->state = EMU_TRACK_OPEN;
	}
	return track;
}

/* Blocks of pauses are written, too, and can not be read. */
static uint32_t put_run(struct lathe_emulator *e, uint32_t lba,
			uint32_t count, const uint8_t *data, uint32_t *n)
{
	struct emu_track *track = track_for(e, lba);
	uint32_t before = track->start - lba;

	if (before && before < UINT32_MAX / 2) {
		*n = before < count ? before : count;
		return EMU_GOOD;
	}
	*n = track->start + track->reserved - lba;
	if (*n > count)
		*n = count;
	track->blocks += *n;
	return lathep_emu_store_blocks(e, lba, *n, data);
}

static uint32_t put_session(struct lathe_emulator *e, uint32_t lba,
			    uint32_t count, const uint8_t *data)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t n, sense;

	disc->buffered += count;
	for (; count; count -= n, lba += n,
	     data += (size_t)n * LATHE_BLOCK_BYTES) {
		sense = put_run(e, lba, count, data, &n);
		if (sense)
			return sense;
	}
	return lathep_emu_mark(e->store) ? EMU_INTERNAL : EMU_GOOD;
}

static uint32_t check_session(const struct lathe_emulator *e, uint32_t lba,
			      uint32_t count)
{
	const struct emu_disc *disc = emu_disc(e);

	if (disc->final)
		return lathep_emu_final_sense(e);
	if (!e->cue.valid)
		return EMU_SEQUENCE;
	if (lba != e->cue_at)
		return EMU_BAD_WRITE_ADDRESS;
	if (disc->open && disc->track[disc->open - 1].lost)
		return EMU_BAD_WRITE_ADDRESS;
	if (count > e->cue.lead_out - lba || e->cue.lead_out > disc->limit)
		return EMU_END_OF_AREA;
	return EMU_GOOD;
}

uint32_t lathep_emu_write_session(struct lathe_emulator *e,
				  struct lathe_cmd *c, uint32_t lba,
				  uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t sense = check_session(e, lba, count);
	bool first = !disc->open && !e->test_open;

	if (!sense)
		sense = lathep_emu_make_room(e, count);
	if (sense)
		return sense;
	if (first && lathep_emu_test_writing(e))
		e->test_open = true;
	else if (first)
		begin_session(e);
	lathep_emu_advance(e, (uint64_t)count * EMU_BUS_BLOCK_US);
	c->moved = count * LATHE_BLOCK_BYTES;
	e->cue_at += count;
	if (e->test_open)
		return EMU_GOOD;
	sense = put_session(e, lba, count, c->data);
	if (!sense && first && lathep_emu_save(e->store))
		sense = EMU_INTERNAL;
	return sense;
}

/* ---- the end ------------------------------------------------------------ */

/* All blocks that were laid down have been sent. */
static bool is_whole(const struct lathe_emulator *e)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_track *track = &disc->track[disc->open - 1];

	if (e->cue.valid)
		return e->cue_at == e->cue.lead_out;
	return track->blocks == track->reserved;
}

static uint8_t multi_of(const struct lathe_emulator *e)
{
	/* A DVD-R that was written in one go is closed for good. */
	return lathep_emu_way(emu_disc(e)) == EMU_WAY_CD ? e->page_05[3] >> 6
							 : 0;
}

/* The lead-out follows the last block. In the middle of a CD's session the
 * laser has stopped all the same, and nothing can be done any more; a DVD-R
 * is only flushed. */
uint32_t lathep_emu_sync_session(struct lathe_emulator *e, bool immediate)
{
	struct emu_disc *disc = emu_disc(e);
	const struct emu_media *m = disc->media;
	struct emu_job job = { .kind = EMU_JOB_END_AT_ONCE };
	uint64_t blocks;

	if (!disc->open) {
		e->cue.valid = false;	/* a test, or nothing yet */
		return EMU_GOOD;
	}
	if (!is_whole(e)) {
		lathep_emu_flush(e);
		if (e->cue.valid || emu_quirk(e, EMU_Q_SYNC_ENDS)) {
			disc->track[disc->open - 1].lost = true;
			disc->track[disc->open - 1].damaged = true;
			e->cue.valid = false;
		}
		return lathep_emu_save(e->store) ? EMU_INTERNAL : EMU_GOOD;
	}
	job.detail = multi_of(e);
	blocks = m->lead_in + (disc->sessions ? m->lead_out_next
					      : m->lead_out_first);
	blocks += lathep_emu_radius_padding(
		disc, disc->track[disc->open - 1].start +
		      disc->track[disc->open - 1].blocks);
	lathep_emu_start_job(e, &job, 2000000u + disc->buffered *
			     lathep_emu_block_us(e) +
			     lathep_emu_zone_us(e, blocks), immediate);
	return EMU_GOOD;
}

/* Some drives close what was cut: the track in work ends where it is, those
 * behind it were never begun. */
void lathep_emu_end_cut_session(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track;

	if (!disc->open || lathep_emu_way(disc) != EMU_WAY_CD)
		return;
	track = lathep_emu_track(disc, disc->open);
	if (track->type != EMU_TRACK_SESSION || !track->lost ||
	    !track->blocks)
		return;
	disc->tracks = disc->open;
	track->reserved = 0;
	lathep_emu_finish_track(e, disc->open);
}

void lathep_emu_finish_session(struct lathe_emulator *e, uint8_t multi)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t i = lathep_emu_complete_tracks(disc) + 1;

	lathep_emu_flush(e);
	for (; i <= disc->tracks; i++)
		lathep_emu_end_track(disc, i);
	lathep_emu_close_session(disc, multi, lathep_emu_other_zones(e));
	e->cue.valid = false;
	e->underrun = false;
	e->unsynced = false;
	lathep_emu_save(e->store);
}
