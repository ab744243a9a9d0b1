/* SPDX-License-Identifier: MIT */
/* emu_information.c - READ DISC INFORMATION and READ CAPACITY; MMC-6 6.21,
 * 6.19. */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

static bool session_empty(const struct emu_disc *disc)
{
	return disc->tracks == lathep_emu_complete_tracks(disc);
}

/* Disc status in bits 1-0, state of the last session in bits 3-2. */
enum { EMPTY, INCOMPLETE, DAMAGED, COMPLETE };
enum { BLANK, APPENDABLE, FINAL, OTHER };

static uint8_t status_bits(uint8_t session, uint8_t disc)
{
	return (uint8_t)(session << 2 | disc);
}

/* Measured: DVD+RW and DVD-RW call themselves finalised once formatted, and
 * DVD-RAM something else. */
static uint8_t random_status(const struct emu_disc *disc)
{
	if (!disc->formatted && !disc->format_type)
		return status_bits(EMPTY, BLANK);
	if (disc->intermediate)
		return status_bits(INCOMPLETE, FINAL);
	if (disc->media->profile == 0x0012 || disc->media->profile == 0x0043)
		return status_bits(COMPLETE, OTHER);
	return status_bits(COMPLETE, FINAL);
}

static uint8_t status_byte(const struct emu_disc *disc)
{
	uint8_t erasable = disc->media->erasable ? 0x10 : 0;
	uint8_t bits;

	if (lathep_emu_random(disc))
		bits = random_status(disc);
	else if (disc->final)
		bits = status_bits(COMPLETE, FINAL);
	else if (!disc->tracks && !disc->formatted)
		bits = status_bits(EMPTY, BLANK);
	else
		bits = status_bits(session_empty(disc) ? EMPTY : INCOMPLETE,
				   APPENDABLE);
	return erasable | bits;
}

/* Start of the lead-in that the next session will get. */
static void put_last_lead_in(const struct emu_disc *disc, uint8_t out[4])
{
	const struct emu_media *m = disc->media;

	if (disc->final || lathep_emu_way(disc) != EMU_WAY_CD) {
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
	if (lathep_emu_way(disc) != EMU_WAY_CD)
		return 0x00;
	return disc->tracks ? disc->track[0].format : 0xff;
}

/* Sessions and tracks, the empty or open session and the invisible track
 * among them. */
static void put_numbers(const struct emu_disc *disc, uint8_t *p)
{
	uint32_t sessions = disc->sessions + (disc->final ? 0 : 1);
	uint32_t first = lathep_emu_complete_tracks(disc) + 1;
	uint32_t last = lathep_emu_last_track(disc);

	if (disc->final)
		first = disc->session[disc->sessions - 1].first;
	if (last < first)
		last = first;
	p[3] = 1;
	p[4] = (uint8_t)sessions;
	p[5] = (uint8_t)first;
	p[6] = (uint8_t)last;
	p[9] = (uint8_t)(sessions >> 8);
	p[10] = (uint8_t)(first >> 8);
	p[11] = (uint8_t)(last >> 8);
}

static void standard_information(const struct emu_disc *disc, uint8_t *p)
{
	p[1] = 32;
	p[2] = status_byte(disc);
	put_numbers(disc, p);
	p[7] = (uint8_t)(0x20 | disc->format_state); /* unrestricted use */
	p[8] = disc_type(disc);
	put_last_lead_in(disc, p + 16);
	if (disc->final || lathep_emu_way(disc) != EMU_WAY_CD)
		memset(p + 20, 0xff, 4);
	else
		lathep_emu_put_msf(p + 20, disc->limit);
}

/* MMC-6 table 378. */
static uint32_t track_resources(const struct emu_disc *disc, uint8_t *p)
{
	p[1] = 10;
	p[2] = 0x20;
	lathe_put_be16(p + 4, (uint16_t)disc->media->max_tracks);
	lathe_put_be16(p + 6, (uint16_t)disc->tracks);
	lathe_put_be16(p + 8, 1);
	lathe_put_be16(p + 10, disc->open ? 1 : 0);
	return 12;
}

/* MMC-6 table 379: BD-R that can be overwritten. */
static uint32_t overwrite_resources(const struct emu_disc *disc, uint8_t *p)
{
	p[1] = 14;
	p[2] = 0x40;
	lathe_put_be32(p + 4, disc->spares / 32);
	lathe_put_be32(p + 8, disc->spares / 32);
	lathe_put_be32(p + 12, disc->spares / 32);
	return 16;
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
	case 1:
		if (lathep_emu_random(disc))
			return EMU_BAD_FIELD;
		len = track_resources(disc, reply);
		break;
	case 2:
		if (!disc->pow)
			return EMU_BAD_FIELD;
		len = overwrite_resources(disc, reply);
		break;
	default:
		return EMU_BAD_FIELD;
	}
	return lathep_emu_reply(c, reply, len, lathe_get_be16(c->cdb + 7));
}

/* The last block before the last complete session's lead-out, run-out
 * included, or of what is formatted; 0 on a disc without one. */
uint32_t lathep_emu_capacity_reply(struct lathe_emulator *e,
				   struct lathe_cmd *c)
{
	uint32_t blocks = lathep_emu_capacity(emu_disc(e));
	uint8_t reply[8];

	lathe_put_be32(reply, blocks ? blocks - 1 : 0);
	lathe_put_be32(reply + 4, LATHE_BLOCK_BYTES);
	return lathep_emu_reply(c, reply, sizeof(reply), sizeof(reply));
}
