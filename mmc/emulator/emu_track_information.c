/* SPDX-License-Identifier: MIT */
/* emu_track_information.c - READ TRACK INFORMATION, MMC-6 6.26. */
#include <string.h>

#include "mmc/emulator/emu_recording.h"

/* Byte 6: the track's state in bits 7-4, its data mode below. */
#define RESERVED 0x80
#define BLANK 0x40
#define INCREMENTAL 0x20
#define FIXED_PACKETS 0x10
#define NO_MODE 0x0f

uint32_t lathep_emu_last_track(const struct emu_disc *disc)
{
	uint32_t most = disc->media->max_tracks;

	if (lathep_emu_random(disc))
		return 1;
	if (disc->final || lathep_emu_invisible(disc) ||
	    disc->tracks >= most)
		return disc->tracks;
	return disc->tracks + 1;
}

static void put_head(uint8_t *p, uint32_t number, uint32_t session)
{
	p[1] = 34;
	p[2] = (uint8_t)number;
	p[3] = (uint8_t)session;
	p[5] = 4;		/* data, uninterrupted */
	p[32] = (uint8_t)(number >> 8);
	p[33] = (uint8_t)(session >> 8);
}

static void put_writable(uint8_t *p, uint32_t nwa, uint32_t end)
{
	p[7] |= 1;		/* NWA_V */
	lathe_put_be32(p + 12, nwa);
	lathe_put_be32(p + 16, end > nwa ? end - nwa : 0);
}

/* Incremental writing comes in packets of an ECC block. */
static void put_type(const struct emu_disc *disc, enum emu_track_type type,
		     uint8_t *p)
{
	if (lathep_emu_way(disc) != EMU_WAY_CD)
		lathe_put_be32(p + 20, disc->media->ecc_blocks);
	if (type == EMU_TRACK_PACKET)
		p[6] |= INCREMENTAL;
}

/* A write failed and the track can not go on. */
static bool is_lost(const struct lathe_emulator *e, const struct emu_track *t)
{
	return t->lost ||
	       (t->state == EMU_TRACK_OPEN &&
		(e->underrun ||
		 (t->damaged && emu_quirk(e, EMU_Q_NO_RESUME))));
}

/* RT, blank, packet and FP bits: those of a complete track 0000, or 0010 when
 * it was written incrementally; partly written and reserved 1010, empty and
 * reserved 11x0. DVD+R has RT set once a track has a size of its own. */
static void put_state(const struct emu_disc *disc, const struct emu_track *t,
		      uint8_t *p)
{
	p[6] = !t->blocks ? BLANK | NO_MODE : t->mode ? t->mode : NO_MODE;
	if (t->state == EMU_TRACK_COMPLETE
	    ? lathep_emu_way(disc) == EMU_WAY_DVD_PLUS_R : t->reserved != 0)
		p[6] |= RESERVED;
	put_type(disc, (enum emu_track_type)t->type, p);
}

/* A track that has blocks, or a reservation. */
static void put_track(const struct lathe_emulator *e, uint32_t number,
		      uint8_t *p)
{
	struct emu_disc *disc = emu_disc(e);
	const struct emu_track *t = lathep_emu_track(disc, number);
	uint32_t size = lathep_emu_track_extent(t);
	uint32_t end = t->reserved ? t->start + t->reserved : disc->limit;
	bool lost = is_lost(e, t);

	put_head(p, number, t->session);
	put_state(disc, t, p);
	if (t->blocks && !t->mode)
		p[5] = 0;	/* audio */
	if (t->damaged || lost)
		p[5] |= 0x20;
	lathe_put_be32(p + 8, t->start);
	if (t->state != EMU_TRACK_COMPLETE) {
		if (!lost && t->start + t->blocks < end)
			put_writable(p, t->start + t->blocks, end);
		size = end > t->start ? end - t->start : 0;
	} else if (emu_quirk(e, EMU_Q_SIZE_WITH_RUN_OUT)) {
		size += lathep_emu_run_out(disc, t);
	}
	lathe_put_be32(p + 24, size);
	if (t->blocks) {
		p[7] |= 2;	/* LRA_V */
		lathe_put_be32(p + 28, t->start + t->blocks - 1);
	}
}

/* The track behind all others: blank, with all the room that is left. */
static void put_invisible(const struct lathe_emulator *e, uint8_t *p)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t start = lathep_emu_next_start(disc), nwa;
	uint32_t left = disc->limit > start ? disc->limit - start : 0;

	put_head(p, lathep_emu_last_track(disc), disc->sessions + 1);
	p[6] = BLANK | NO_MODE;
	put_type(disc, lathep_emu_page_track(e), p);
	lathe_put_be32(p + 8, start);
	lathe_put_be32(p + 24, left);
	if (e->test_open) {
		nwa = e->test_start + e->test_blocks;
		put_writable(p, nwa, disc->limit);
	} else if (lathep_emu_next_writable(disc, &nwa) && left) {
		put_writable(p, start, disc->limit);
		if (!start && emu_quirk(e, EMU_Q_NWA_150))
			lathe_put_be32(p + 12, 0xffffff6au);
	}
}

/* The lead-in, track 0; addresses of lead-ins are negative, MMC-6 4.2.3. */
static void put_lead_in(const struct emu_disc *disc, uint8_t *p)
{
	const uint8_t *msf = disc->media->lead_in_msf;
	uint32_t frames = (msf[0] * 60u + msf[1]) * 75u + msf[2];

	put_head(p, 0, 1);
	p[6] = disc->sessions ? NO_MODE : BLANK | NO_MODE;
	lathe_put_be32(p + 8, frames - 450150u);
	lathe_put_be32(p + 24, 450000u - frames);
}

/* Media that are written at random have one track, which has no next
 * writable address. */
static bool put_whole_disc(const struct emu_disc *disc, uint32_t number,
			   uint8_t *p)
{
	if (number != 1)
		return false;
	put_head(p, 1, 1);
	p[6] = disc->formatted ? 1 : BLANK | NO_MODE;
	if (lathep_emu_way(disc) == EMU_WAY_RESTRICTED)
		p[6] |= INCREMENTAL | FIXED_PACKETS;
	lathe_put_be32(p + 20, disc->media->ecc_blocks);
	lathe_put_be32(p + 24, disc->formatted ? disc->formatted
					       : disc->limit);
	return true;
}

/* On CD and DVD+R the number FFh means the invisible track; elsewhere it is a
 * number like others. */
static uint32_t number_of_invisible(const struct emu_disc *disc)
{
	uint32_t number = lathep_emu_invisible(disc);

	if (lathep_emu_way(disc) != EMU_WAY_CD &&
	    lathep_emu_way(disc) != EMU_WAY_DVD_PLUS_R)
		return 0xff;
	if (disc->final)
		return 0;
	return number ? number : disc->tracks + 1;
}

static bool put_number(const struct lathe_emulator *e, uint32_t number,
		       uint8_t *p)
{
	const struct emu_disc *disc = emu_disc(e);

	if (lathep_emu_random(disc))
		return put_whole_disc(disc, number, p);
	if (number == 0 && lathep_emu_way(disc) == EMU_WAY_CD) {
		put_lead_in(disc, p);
		return true;
	}
	if (number == 0xff)
		number = number_of_invisible(disc);
	if (number == 0)
		return false;
	if (number <= disc->tracks) {
		put_track(e, number, p);
		return true;
	}
	if (disc->final || number != disc->tracks + 1 ||
	    lathep_emu_invisible(disc) || number > disc->media->max_tracks)
		return false;
	put_invisible(e, p);
	return true;
}

/* The track an LBA lies in; the gap behind a track counts as its own. */
static uint32_t track_at(const struct emu_disc *disc, uint32_t lba)
{
	uint32_t i;

	if (lathep_emu_random(disc))
		return 1;
	if (!disc->final && !lathep_emu_invisible(disc) &&
	    lba >= lathep_emu_next_start(disc))
		return disc->tracks + 1;
	for (i = disc->tracks; i > 1; i--)
		if (lba >= disc->track[i - 1].start)
			break;
	return i ? i : 1;
}

/* The first track of a session. */
static uint32_t track_of_session(const struct emu_disc *disc, uint32_t number)
{
	if (lathep_emu_random(disc))
		return number == 1 ? 1 : UINT32_MAX;
	if (number >= 1 && number <= disc->sessions)
		return disc->session[number - 1].first;
	if (disc->final || number != disc->sessions + 1)
		return UINT32_MAX;
	return lathep_emu_complete_tracks(disc) + 1;
}

static bool put_by_address(const struct lathe_emulator *e, const uint8_t *cdb,
			   uint8_t *p, uint32_t *sense)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t number = lathe_get_be32(cdb + 2);

	*sense = EMU_BAD_FIELD;
	switch (cdb[1] & 3) {
	case 0:
		if (number >= (disc->final ? lathep_emu_capacity(disc)
					   : disc->limit)) {
			*sense = EMU_BAD_ADDRESS;
			return false;
		}
		return put_number(e, track_at(disc, number), p);
	case 1:
		return put_number(e, number, p);
	case 2:
		number = track_of_session(disc, number);
		return number != UINT32_MAX && put_number(e, number, p);
	default:
		return false;
	}
}

uint32_t lathep_emu_track_information(struct lathe_emulator *e,
				      struct lathe_cmd *c)
{
	uint8_t reply[36] = { 0 };
	uint32_t sense;

	if (!put_by_address(e, c->cdb, reply, &sense))
		return sense;
	return lathep_emu_reply(c, reply, sizeof(reply),
				lathe_get_be16(c->cdb + 7));
}
