/* SPDX-License-Identifier: MIT */
/* emu_reserve.c - RESERVE TRACK, MMC-6 6.31: the size of the next track, or
 * the address at which the room that is left is split. */
#include "mmc/emulator/emu_recording.h"

#define DVD_R_OPEN_TRACKS 3u	/* two reserved ones and the invisible one */

/* May the session have one more track? MMC-6 4.3.5, 4.3.6, 4.5.3.5. */
static bool has_room_for_one(const struct emu_disc *disc)
{
	uint32_t first = lathep_emu_complete_tracks(disc) + 1, i, open = 0;
	uint32_t all = disc->tracks + 1 - first;

	for (i = first; i <= disc->tracks; i++)
		open += disc->track[i - 1].state != EMU_TRACK_COMPLETE;
	switch (lathep_emu_way(disc)) {
	case EMU_WAY_CD:
		return true;
	case EMU_WAY_DVD_R:
		return open + 1 < DVD_R_OPEN_TRACKS;
	case EMU_WAY_DVD_PLUS_R:
		/* Fragments: the last one takes what is left. */
		return all + 1 < disc->media->max_reserved;
	default:
		return open + 1 < disc->media->max_reserved;
	}
}

static uint32_t check_state(const struct lathe_emulator *e)
{
	const struct emu_disc *disc = emu_disc(e);

	if (disc->final)
		return EMU_CANNOT_WRITE;
	if (lathep_emu_random(disc) || disc->pow)
		return EMU_BAD_FIELD;
	if (disc->tracks >= disc->media->max_tracks ||
	    disc->sessions >= disc->media->max_sessions)
		return EMU_END_OF_AREA;
	return has_room_for_one(disc) ? EMU_GOOD : EMU_NO_RESERVATION;
}

/* DVD-R: page 05h says for which way of writing; at once there is one track,
 * on a blank disc, of exactly that size. */
static uint32_t check_dvd_r(const struct lathe_emulator *e)
{
	const struct emu_disc *disc = emu_disc(e);

	switch (e->page_05[2] & 0x0f) {
	case 0:
		return disc->minimal ? EMU_ILLEGAL_MODE : EMU_GOOD;
	case 2:
		return disc->tracks ? EMU_SEQUENCE : EMU_GOOD;
	default:
		return EMU_ILLEGAL_MODE;
	}
}

static uint32_t finish(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);

	if (lathep_emu_way(disc) == EMU_WAY_BD_R && !disc->formatted)
		disc->formatted = disc->limit;
	lathep_emu_advance(e, 500000u);
	return lathep_emu_save(e->store) ? EMU_INTERNAL : EMU_GOOD;
}

static uint32_t reserve_size(struct lathe_emulator *e, uint32_t size)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t start = lathep_emu_next_start(disc);

	if (size < disc->media->min_track || !size)
		return EMU_BAD_FIELD;
	if (disc->open && lathep_emu_way(disc) == EMU_WAY_CD)
		return EMU_SEQUENCE;
	if (e->test_open || lathep_emu_invisible(disc))
		return EMU_SEQUENCE;
	if (start >= disc->limit || size > disc->limit - start)
		return EMU_END_OF_AREA;
	if (lathep_emu_page_track(e) == EMU_TRACK_PACKET)
		size = lathep_emu_align(disc, size);
	if (lathep_emu_test_writing(e)) {
		e->test_reserved = size;
		return EMU_GOOD;
	}
	lathep_emu_new_track(e, start, size);
	return finish(e);
}

/* The room behind all tracks is split at 'lba': what lies before it becomes
 * a reserved track, whether or not it has blocks already. */
static uint32_t reserve_before(struct lathe_emulator *e, uint32_t lba)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t number = lathep_emu_invisible(disc);
	uint32_t start = lathep_emu_next_start(disc), used = 0;

	if (lathep_emu_way(disc) != EMU_WAY_DVD_PLUS_R &&
	    lathep_emu_way(disc) != EMU_WAY_BD_R)
		return EMU_BAD_FIELD;
	if (number) {
		start = lathep_emu_track(disc, number)->start;
		used = lathep_emu_track(disc, number)->blocks;
	}
	if (lba != lathep_emu_align(disc, lba))
		return EMU_BAD_FIELD;
	if (used && emu_quirk(e, EMU_Q_SPLIT_EMPTY))
		return EMU_SEQUENCE;
	if (lba >= disc->limit || lba <= start || lba - start < used)
		return EMU_BAD_ADDRESS;
	if (number)
		lathep_emu_track(disc, number)->reserved = lba - start;
	else
		lathep_emu_new_track(e, start, lba - start);
	return finish(e);
}

uint32_t lathep_emu_reserve(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t sense;

	if (c->cdb[1] & 2)
		return EMU_BAD_FIELD;	/* RMZ */
	sense = check_state(e);
	if (!sense && lathep_emu_way(emu_disc(e)) == EMU_WAY_DVD_R)
		sense = check_dvd_r(e);
	if (sense)
		return sense;
	if (c->cdb[1] & 1)
		return reserve_before(e, lathe_get_be32(c->cdb + 2));
	return reserve_size(e, lathe_get_be32(c->cdb + 5));
}
