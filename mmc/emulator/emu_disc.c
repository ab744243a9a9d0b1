/* SPDX-License-Identifier: MIT */
/*
 * emu_disc.c - the disc itself: tracks and sessions as they lie on the
 * medium, and what a block is. No time, no commands.
 */
#include <string.h>

#include "mmc/emulator/emu_disc.h"

void lathep_emu_disc_blank(struct emu_disc *disc,
			   enum lathe_emulator_media kind)
{
	memset(disc, 0, sizeof(*disc));
	disc->kind = kind;
	disc->media = lathep_emu_media(kind);
	disc->limit = disc->media->limit;
	disc->formatted = disc->media->formatted;
}

void lathep_emu_disc_erase(struct emu_disc *disc)
{
	uint32_t limit = disc->limit;

	lathep_emu_disc_blank(disc, disc->kind);
	disc->limit = limit;
	disc->formatted = 0;
}

uint16_t lathep_emu_profile(const struct emu_disc *disc)
{
	if (lathep_emu_way(disc) == EMU_WAY_RESTRICTED)
		return 0x0013;
	return disc->media->profile;
}

enum emu_way lathep_emu_way(const struct emu_disc *disc)
{
	if (disc->media->profile == 0x0014 &&
	    (disc->formatted || disc->format_type))
		return EMU_WAY_RESTRICTED;
	return (enum emu_way)disc->media->way;
}

bool lathep_emu_random(const struct emu_disc *disc)
{
	return lathep_emu_way(disc) >= EMU_WAY_RANDOM;
}

struct emu_track *lathep_emu_track(struct emu_disc *disc, uint32_t number)
{
	return &disc->track[number - 1];
}

uint32_t lathep_emu_track_extent(const struct emu_track *track)
{
	return track->reserved ? track->reserved : track->blocks;
}

uint32_t lathep_emu_complete_tracks(const struct emu_disc *disc)
{
	return disc->sessions ? disc->session[disc->sessions - 1].last : 0;
}

/* Pauses of a session at once are in the buffer as well, and in no track. */
uint32_t lathep_emu_on_medium(const struct emu_disc *disc)
{
	uint32_t blocks = disc->track[disc->open - 1].blocks;

	return blocks > disc->buffered ? blocks - disc->buffered : 0;
}

uint32_t lathep_emu_capacity(const struct emu_disc *disc)
{
	if (lathep_emu_random(disc) || (disc->pow && disc->tracks))
		return disc->formatted;
	return disc->sessions ? disc->session[disc->sessions - 1].lead_out : 0;
}

uint32_t lathep_emu_invisible(const struct emu_disc *disc)
{
	const struct emu_track *last;

	if (!disc->tracks)
		return 0;
	last = &disc->track[disc->tracks - 1];
	return last->state != EMU_TRACK_COMPLETE && !last->reserved
	       ? disc->tracks : 0;
}

bool lathep_emu_next_writable(const struct emu_disc *disc, uint32_t *nwa)
{
	const struct emu_track *track;
	uint32_t number = disc->open ? disc->open : lathep_emu_invisible(disc);

	if (disc->final || lathep_emu_random(disc))
		return false;
	if (number) {
		track = &disc->track[number - 1];
		*nwa = track->start + track->blocks;
		return !track->lost && *nwa < disc->limit;
	}
	if (disc->tracks >= disc->media->max_tracks ||
	    disc->sessions >= disc->media->max_sessions)
		return false;
	*nwa = lathep_emu_next_start(disc);
	return *nwa < disc->limit;
}

/* ---- what a block is ---------------------------------------------------- */

/* Behind the recorded blocks of 'track': 'next' starts the track after it. */
static enum emu_area area_behind(const struct emu_disc *disc,
				 const struct emu_track *track, uint32_t lba,
				 uint32_t next, uint32_t *end)
{
	uint32_t recorded = track->start + track->blocks;
	uint32_t extent = track->start + lathep_emu_track_extent(track);
	bool last = next == UINT32_MAX;

	if (track->state != EMU_TRACK_COMPLETE) {
		*end = track->reserved ? extent : disc->limit;
		if (lba < *end)
			return EMU_AREA_OPEN;
	} else {
		*end = recorded + lathep_emu_run_out(disc, track);
		if (lba < *end)
			return EMU_AREA_RUN_OUT;
	}
	*end = last ? lathep_emu_next_start(disc) : next;
	if (lba < *end)
		return EMU_AREA_GAP;
	*end = UINT32_MAX;
	return EMU_AREA_BEYOND;
}

/* Whether 'lba' lies in one of the ranges; *end is cut to where that ends or
 * begins to be the case. */
static bool in_ranges(const struct emu_range *range, uint32_t n, uint32_t lba,
		      uint32_t *end)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		uint32_t from = range[i].start;
		uint32_t to = from + range[i].count;

		if (lba >= from && lba < to) {
			if (to < *end)
				*end = to;
			return true;
		}
		if (from > lba && from < *end)
			*end = from;
	}
	return false;
}

/* Recorded blocks from 'lba' on, cut where damage begins or ends. */
static enum emu_area recorded_area(const struct emu_disc *disc, uint32_t lba,
				   uint32_t *end)
{
	return in_ranges(disc->damage, disc->damages, lba, end)
	       ? EMU_AREA_DAMAGED : EMU_AREA_DATA;
}

/* Where a format records blocks as it goes: the others only prepare. */
static bool format_records(const struct emu_disc *disc, uint32_t lba)
{
	switch (disc->media->profile) {
	case 0x001a:
		return disc->format_state == EMU_FORMAT_COMPLETE ||
		       lba < disc->iced;
	case 0x0043:
		return false;
	default:
		return true;
	}
}

static enum emu_area random_area(const struct emu_disc *disc, uint32_t lba,
				 uint32_t *end)
{
	*end = disc->formatted;
	if (lba >= *end) {
		*end = UINT32_MAX;
		return EMU_AREA_BEYOND;
	}
	if (in_ranges(disc->damage, disc->damages, lba, end))
		return EMU_AREA_DAMAGED;
	if (in_ranges(disc->recorded, disc->recordings, lba, end))
		return EMU_AREA_DATA;
	if (lba < disc->iced && *end > disc->iced)
		*end = disc->iced;
	return format_records(disc, lba) ? EMU_AREA_FORMATTED : EMU_AREA_OPEN;
}

enum emu_area lathep_emu_area(const struct emu_disc *disc, uint32_t lba,
			      uint32_t *end)
{
	uint32_t i, next = UINT32_MAX;

	if (lathep_emu_random(disc))
		return random_area(disc, lba, end);
	for (i = disc->tracks; i > 0; i--) {
		const struct emu_track *track = &disc->track[i - 1];

		if (lba < track->start) {
			next = track->start;
			continue;
		}
		*end = track->start + track->blocks;
		if (lba < *end)
			return recorded_area(disc, lba, end);
		return area_behind(disc, track, lba, next, end);
	}
	*end = next;
	return next == UINT32_MAX ? EMU_AREA_BEYOND : EMU_AREA_GAP;
}

/* ---- damage ------------------------------------------------------------- */

/* Damage comes in whole ECC blocks. A full list widens its last entry: that
 * errs towards more damage, never towards less. */
void lathep_emu_damage(struct emu_disc *disc, uint32_t start, uint32_t count)
{
	uint32_t ecc = disc->media->ecc_blocks;
	uint32_t end = (start + count + ecc - 1) / ecc * ecc;
	struct emu_range *last;

	start = start / ecc * ecc;
	if (disc->damages < EMU_DAMAGE_MAX) {
		last = &disc->damage[disc->damages++];
		last->start = start;
		last->count = end - start;
		return;
	}
	last = &disc->damage[EMU_DAMAGE_MAX - 1];
	if (end < last->start + last->count)
		end = last->start + last->count;
	if (start > last->start)
		start = last->start;
	last->start = start;
	last->count = end - start;
}

/* ---- the end of tracks and sessions ------------------------------------- */

/* The track gets its final size; the caller has padded it. */
void lathep_emu_end_track(struct emu_disc *disc, uint32_t number)
{
	struct emu_track *track = lathep_emu_track(disc, number);

	track->state = EMU_TRACK_COMPLETE;
	if (disc->open == number) {
		disc->open = 0;
		disc->buffered = 0;
	}
}

/* DVD+R: the fragments of a session become one track. */
static void merge_fragments(struct emu_disc *disc, uint32_t first)
{
	struct emu_track *track = lathep_emu_track(disc, first);
	const struct emu_track *last = lathep_emu_track(disc, disc->tracks);

	track->blocks = last->start + lathep_emu_track_extent(last) -
			track->start;
	track->reserved = 0;
	for (; disc->tracks > first; disc->tracks--)
		track->damaged |= lathep_emu_track(disc,
						   disc->tracks)->damaged;
}

void lathep_emu_close_session(struct emu_disc *disc, uint8_t multi,
			      bool other_zones)
{
	struct emu_session *session = &disc->session[disc->sessions];
	uint32_t first = lathep_emu_complete_tracks(disc) + 1;
	struct emu_track *last;

	if (lathep_emu_way(disc) == EMU_WAY_DVD_PLUS_R)
		merge_fragments(disc, first);
	last = lathep_emu_track(disc, disc->tracks);
	session->first = (uint16_t)first;
	session->last = (uint16_t)disc->tracks;
	session->multi = multi;
	session->other_zones = other_zones;
	session->format = lathep_emu_track(disc, first)->format;
	session->start = lathep_emu_track(disc, first)->start;
	session->lead_out = last->start + lathep_emu_track_extent(last) +
			    lathep_emu_run_out(disc, last);
	disc->sessions++;
	disc->final = multi != 3;
}
