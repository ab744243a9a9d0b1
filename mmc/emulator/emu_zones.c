/* SPDX-License-Identifier: MIT */
/*
 * emu_zones.c - where the next track and the next session begin, on each
 * medium that is written in sequence.
 */
#include "mmc/emulator/emu_disc.h"

#define PLUS_R_ZONES 2048u	/* closure zone, intro of the next session */
#define BD_R_GAP 64u		/* two clusters that some drives leave out */
#define RADIUS_30_MM 262144u	/* LBA there */

uint32_t lathep_emu_align(const struct emu_disc *disc, uint32_t lba)
{
	uint32_t ecc = disc->media->ecc_blocks;

	return (lba + ecc - 1) / ecc * ecc;
}

/*
 * Border-out of a session that ends at 'end', and border-in of the next: they
 * have the same length in millimetres, and so more blocks further outside.
 * Measured: 28,672, 6,144 and 37,888; the others are assumed, and 'alike' are
 * the same number of blocks everywhere.
 */
static uint32_t border_zones(uint32_t end, bool first, bool alike)
{
	uint32_t psn = end + EMU_FIRST_PSN;

	if (psn < 0x0b2600 || alike)
		return first ? 28672 : 6144;
	if (psn < 0x165700)
		return first ? 37888 : 7680;
	return first ? 47104 : 9216;
}

/* End of complete session 'number' to the next address for data. */
static uint32_t zone_behind(const struct emu_disc *disc, uint32_t number)
{
	const struct emu_media *m = disc->media;
	const struct emu_session *session = &disc->session[number - 1];

	switch (lathep_emu_way(disc)) {
	case EMU_WAY_DVD_R:
		return EMU_DVD_R_LINK + border_zones(session->lead_out,
						     number == 1,
						     session->other_zones);
	case EMU_WAY_DVD_PLUS_R:
		return PLUS_R_ZONES;
	case EMU_WAY_CD:
		return (number == 1 ? m->lead_out_first : m->lead_out_next) +
		       m->lead_in + m->pre_gap;
	default:
		/* BD-R: the next cluster */
		return session->other_zones ? BD_R_GAP : 0;
	}
}

/* End of a track's blocks to the next track of the same session. */
static uint32_t track_gap(const struct emu_disc *disc)
{
	switch (lathep_emu_way(disc)) {
	case EMU_WAY_CD:
		return disc->media->run_out + disc->media->pre_gap;
	case EMU_WAY_DVD_R:
		return EMU_DVD_R_LINK;
	default:
		return 0;
	}
}

uint32_t lathep_emu_run_out(const struct emu_disc *disc,
			    const struct emu_track *track)
{
	return track->type == EMU_TRACK_AT_ONCE ? disc->media->run_out : 0;
}

uint32_t lathep_emu_next_start(const struct emu_disc *disc)
{
	const struct emu_track *last;

	if (disc->tracks > lathep_emu_complete_tracks(disc)) {
		last = &disc->track[disc->tracks - 1];
		return lathep_emu_align(disc, last->start +
					lathep_emu_track_extent(last)) +
		       track_gap(disc);
	}
	if (disc->sessions)
		return lathep_emu_align(disc, lathep_emu_capacity(disc)) +
		       zone_behind(disc, disc->sessions);
	return 0;
}

/* Blocks written in a final close so that the outermost ones reach the
 * minimum radius that readers need; they cost time, no address. */
uint32_t lathep_emu_radius_padding(const struct emu_disc *disc, uint32_t end)
{
	const uint32_t least = 380000;

	return lathep_emu_way(disc) != EMU_WAY_CD && end < least ? least - end
								 : 0;
}

/* DVD+R DL: a session so short, or the last one possible, ends the disc. */
bool lathep_emu_ends_disc(const struct emu_disc *disc, uint32_t end)
{
	const uint32_t least = 65u * 16u;

	if (disc->sessions + 1 >= disc->media->max_sessions)
		return lathep_emu_way(disc) != EMU_WAY_CD;
	if (disc->media->profile != 0x002b)
		return false;
	return disc->limit < end + least ||
	       (!disc->sessions && end < RADIUS_30_MM);
}
