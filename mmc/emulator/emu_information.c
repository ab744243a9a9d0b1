/* SPDX-License-Identifier: MIT */
/* emu_information.c - READ DISC INFORMATION, READ TRACK INFORMATION and READ
 * CAPACITY; MMC-6 6.21, 6.26, 6.19. */
#include <string.h>

#include "mmc/emulator/emulator_internal.h"

/* ---- disc information --------------------------------------------------- */

static bool session_empty(const struct emu_disc *disc)
{
	return disc->tracks == lathep_emu_complete_tracks(disc);
}

/* The number of the invisible track: one past the tracks in use, or the open
 * track that nobody reserved. */
static uint32_t invisible_number(const struct emu_disc *disc)
{
	if (disc->open && !disc->track[disc->open - 1].reserved)
		return disc->open;
	return disc->tracks < disc->media->max_tracks
	       ? disc->tracks + 1 : disc->media->max_tracks;
}

static uint8_t status_byte(const struct emu_disc *disc)
{
	uint8_t erasable = disc->media->erasable ? 0x10 : 0;

	if (disc->final)
		return erasable | 0x0e;	/* complete, finalised */
	if (!disc->tracks)
		return erasable;	/* empty, blank */
	return (uint8_t)(erasable | 0x01 | (session_empty(disc) ? 0 : 0x04));
}

/* Start of the lead-in that the next session will get. */
static void put_last_lead_in(const struct emu_disc *disc, uint8_t out[4])
{
	const struct emu_media *m = disc->media;

	if (disc->final) {
		memset(out, 0xff, 4);
	} else if (!disc->sessions) {
		out[0] = 0;
		memcpy(out + 1, m->lead_in_msf, 3);
	} else {
		lathep_emu_put_msf(out, lathep_emu_capacity(disc) +
				   (disc->sessions == 1 ? m->lead_out_first
							: m->lead_out_next));
	}
}

static uint8_t disc_type(const struct emu_disc *disc)
{
	return disc->tracks ? disc->track[0].format : 0xff;
}

static void standard_information(const struct emu_disc *disc, uint8_t *p)
{
	uint32_t sessions = disc->sessions + (disc->final ? 0 : 1);
	uint32_t first = disc->final
			 ? disc->session[disc->sessions - 1].first
			 : lathep_emu_complete_tracks(disc) + 1;
	uint32_t last = disc->final ? disc->tracks : invisible_number(disc);

	p[1] = 32;
	p[2] = status_byte(disc);
	p[3] = 1;
	p[4] = (uint8_t)sessions;
	p[5] = (uint8_t)first;
	p[6] = (uint8_t)(last < first ? first : last);
	p[7] = 0x20;		/* unrestricted use */
	p[8] = disc_type(disc);
	put_last_lead_in(disc, p + 16);
	if (disc->final)
		memset(p + 20, 0xff, 4);
	else
		lathep_emu_put_msf(p + 20, disc->limit);
}

uint32_t lathep_emu_disc_information(struct lathe_emulator *e,
				     struct lathe_cmd *c)
{
	const struct emu_disc *disc = emu_disc(e);
	uint8_t reply[34] = { 0 };
	uint32_t len = 34;

	switch (c->cdb[1] & 7) {
	case 0:
		standard_information(disc, reply);
		/* Some drives already see the track of a test write. */
		if (e->test_open && emu_quirk(e, EMU_Q_DUMMY_LIES))
			reply[2] |= 0x05;
		break;
	case 1:			/* track resources */
		reply[1] = 10;
		reply[2] = 0x20;
		lathe_put_be16(reply + 4, (uint16_t)disc->media->max_tracks);
		lathe_put_be16(reply + 6, (uint16_t)disc->tracks);
		lathe_put_be16(reply + 8, 1);
		lathe_put_be16(reply + 10, disc->open ? 1 : 0);
		len = 12;
		break;
	default:
		return EMU_BAD_FIELD;
	}
	return lathep_emu_reply(c, reply, len, lathe_get_be16(c->cdb + 7));
}

/* ---- track information -------------------------------------------------- */

static void put_head(uint8_t *p, uint32_t number, uint32_t session)
{
	p[1] = 34;
	p[2] = (uint8_t)number;
	p[3] = (uint8_t)session;
	p[5] = 4;		/* data, uninterrupted */
}

static void put_writable(uint8_t *p, uint32_t nwa, uint32_t end)
{
	p[7] |= 1;		/* NWA_V */
	lathe_put_be32(p + 12, nwa);
	lathe_put_be32(p + 16, end > nwa ? end - nwa : 0);
}

/* A track that has blocks, or a reservation. */
static void put_track(const struct lathe_emulator *e, uint32_t number,
		      uint8_t *p)
{
	struct emu_disc *disc = emu_disc(e);
	const struct emu_track *t = lathep_emu_track(disc, number);
	uint32_t size = lathep_emu_track_extent(t);
	uint32_t end = t->reserved ? t->start + t->reserved : disc->limit;
	bool lost = t->state == EMU_TRACK_OPEN &&
		    (e->underrun ||
		     (t->damaged && emu_quirk(e, EMU_Q_NO_RESUME)));

	put_head(p, number, t->session);
	p[6] = t->blocks ? t->mode : 0x4f;
	if (t->damaged || lost)
		p[5] |= 0x20;
	if (t->reserved && t->state != EMU_TRACK_COMPLETE)
		p[6] |= 0x80;	/* RT */
	lathe_put_be32(p + 8, t->start);
	if (t->state != EMU_TRACK_COMPLETE) {
		if (!lost)
			put_writable(p, t->start + t->blocks, end);
		size = end > t->start ? end - t->start : 0;
	} else if (emu_quirk(e, EMU_Q_SIZE_WITH_RUN_OUT)) {
		size += disc->media->run_out;
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

	put_head(p, invisible_number(disc), disc->sessions + 1);
	p[6] = 0x4f;		/* blank, data mode not known */
	lathe_put_be32(p + 8, start);
	lathe_put_be32(p + 24, left);
	if (e->test_open) {
		nwa = e->test_start + e->test_blocks;
		put_writable(p, nwa, disc->limit);
	} else if (lathep_emu_next_writable(disc, &nwa)) {
		put_writable(p, nwa, disc->limit);
		if (!nwa && emu_quirk(e, EMU_Q_NWA_150))
			lathe_put_be32(p + 12, 0xffffff6au);
	}
}

/* The lead-in, track 0; addresses of lead-ins are negative, MMC-6 4.2.3. */
static void put_lead_in(const struct emu_disc *disc, uint8_t *p)
{
	const uint8_t *msf = disc->media->lead_in_msf;
	uint32_t frames = (msf[0] * 60u + msf[1]) * 75u + msf[2];

	put_head(p, 0, 1);
	p[6] = disc->sessions ? 0x0f : 0x4f;
	lathe_put_be32(p + 8, frames - 450150u);
	lathe_put_be32(p + 24, 450000u - frames);
}

static bool put_number(const struct lathe_emulator *e, uint32_t number,
		       uint8_t *p)
{
	const struct emu_disc *disc = emu_disc(e);
	bool open = disc->open && !disc->track[disc->open - 1].reserved;

	if (number == 0) {
		put_lead_in(disc, p);
		return true;
	}
	if (number == 0xff) {
		if (disc->final)
			return false;
		number = open ? disc->open : disc->tracks + 1;
	}
	if (number <= disc->tracks) {
		put_track(e, number, p);
		return true;
	}
	if (disc->final || number != disc->tracks + 1 || open ||
	    number > disc->media->max_tracks)
		return false;
	put_invisible(e, p);
	return true;
}

/* The track an LBA lies in; the gap behind a track counts as its own. */
static uint32_t track_at(const struct emu_disc *disc, uint32_t lba)
{
	bool open = disc->open && !disc->track[disc->open - 1].reserved;
	uint32_t i;

	if (!disc->final && !open && lba >= lathep_emu_next_start(disc))
		return disc->tracks + 1;
	for (i = disc->tracks; i > 1; i--)
		if (lba >= disc->track[i - 1].start)
			break;
	return i ? i : 1;
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
		if (number >= 1 && number <= disc->sessions)
			return put_number(e, disc->session[number - 1].first,
					  p);
		if (disc->final || number != disc->sessions + 1)
			return false;
		return put_number(e, lathep_emu_complete_tracks(disc) + 1, p);
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

/* ---- capacities --------------------------------------------------------- */

/* The last block before the last complete session's lead-out, run-out
 * included; 0 on a disc without one. */
uint32_t lathep_emu_capacity_reply(struct lathe_emulator *e,
				   struct lathe_cmd *c)
{
	uint32_t blocks = lathep_emu_capacity(emu_disc(e));
	uint8_t reply[8];

	lathe_put_be32(reply, blocks ? blocks - 1 : 0);
	lathe_put_be32(reply + 4, LATHE_BLOCK_BYTES);
	return lathep_emu_reply(c, reply, sizeof(reply), sizeof(reply));
}
