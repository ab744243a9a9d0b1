/* SPDX-License-Identifier: MIT */
/* emu_toc.c - READ TOC/PMA/ATIP, MMC-6 6.25. */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

/* ADR 1 in the high nibble, CONTROL 4 (data track, copy prohibited) below. */
#define ADR_DATA 0x14
#define ADR_5_DATA 0x54
#define ADR_AUDIO 0x10

static void put_address(uint8_t *p, uint32_t lba, bool msf)
{
	if (msf)
		lathep_emu_put_msf(p, lba);
	else
		lathe_put_be32(p, lba);
}

static uint8_t *toc_entry(uint8_t *p, uint8_t adr, uint8_t track, uint32_t lba,
			  bool msf)
{
	memset(p, 0, 4);
	p[1] = adr;
	p[2] = track;
	put_address(p + 4, lba, msf);
	return p + 8;
}

static uint32_t finish(struct lathe_emulator *e, struct lathe_cmd *c,
		       uint32_t len)
{
	lathe_put_be16(e->scratch, (uint16_t)(len - 2));
	return lathep_emu_reply(c, e->scratch, len,
				lathe_get_be16(c->cdb + 7));
}

/* ---- what there is to tell ---------------------------------------------- */

#define NUMBER_MAX 0xa9u	/* AAh is the lead-out */

/*
 * A disc that is not a CD has no table of contents: drives make one up. One
 * session for what can be written again; of DVD-R borders the first and the
 * last, as two tracks; tracks of other discs as they are.
 */
static uint32_t told_sessions(const struct emu_disc *disc)
{
	switch (lathep_emu_way(disc)) {
	case EMU_WAY_RANDOM:
	case EMU_WAY_RESTRICTED:
		return disc->formatted ? 1 : 0;
	case EMU_WAY_DVD_R:
		return disc->sessions < 2 ? disc->sessions : 2;
	default:
		return disc->pow && disc->tracks ? 1 : disc->sessions;
	}
}

/* Session 'n' from 1, as it is told. */
static void told_session(const struct emu_disc *disc, uint32_t n,
			 struct emu_session *out)
{
	memset(out, 0, sizeof(*out));
	switch (lathep_emu_way(disc)) {
	case EMU_WAY_RANDOM:
	case EMU_WAY_RESTRICTED:
		out->lead_out = disc->formatted;
		break;
	case EMU_WAY_DVD_R:
		*out = disc->session[n == 1 ? 0 : disc->sessions - 1];
		break;
	default:
		*out = disc->session[n - 1];
		if (disc->sessions)
			return;
		out->lead_out = disc->formatted;
		break;
	}
	out->first = (uint16_t)n;
	out->last = (uint16_t)n;
}

static uint32_t told_tracks(const struct emu_disc *disc)
{
	struct emu_session last;

	if (!told_sessions(disc))
		return 0;
	told_session(disc, told_sessions(disc), &last);
	return last.last < NUMBER_MAX ? last.last : NUMBER_MAX;
}

static uint32_t told_start(const struct emu_disc *disc, uint32_t number)
{
	struct emu_session session;

	if (lathep_emu_random(disc))
		return 0;
	if (lathep_emu_way(disc) != EMU_WAY_DVD_R)
		return disc->track[number - 1].start;
	told_session(disc, number, &session);
	return session.start;
}

static uint8_t told_adr(const struct emu_disc *disc, uint32_t number)
{
	const struct emu_track *t = &disc->track[number - 1];

	return number <= disc->tracks && t->blocks && !t->mode ? ADR_AUDIO
							       : ADR_DATA;
}

/* ---- formats 0 and 1 ---------------------------------------------------- */

static uint32_t format_0(struct lathe_emulator *e, struct lathe_cmd *c,
			 bool msf)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t last = told_tracks(disc), i;
	uint32_t lead_out = lathep_emu_capacity(disc);
	uint8_t *p = e->scratch + 4, first = c->cdb[6];

	if (emu_quirk(e, EMU_Q_TOC_OF_PMA) &&
	    lathep_emu_way(disc) == EMU_WAY_CD && disc->tracks > last) {
		last = disc->tracks;
		lead_out = lathep_emu_next_start(disc);
	}
	if (!last || (first > last && first != 0xaa))
		return EMU_BAD_FIELD;
	e->scratch[2] = 1;
	e->scratch[3] = (uint8_t)last;
	for (i = first ? first : 1; i <= last; i++)
		p = toc_entry(p, told_adr(disc, i), (uint8_t)i,
			      told_start(disc, i), msf);
	p = toc_entry(p, ADR_DATA, 0xaa, lead_out, msf);
	return finish(e, c, (uint32_t)(p - e->scratch));
}

/* Names the last complete session: what makes a system mount it. MMC-5 has
 * an answer for DVD and BD that is always the same, and of no use. */
static uint32_t format_1(struct lathe_emulator *e, struct lathe_cmd *c,
			 bool msf)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t sessions = told_sessions(disc);
	struct emu_session last;
	uint8_t *p = e->scratch + 4;

	if (!sessions)
		return EMU_BAD_FIELD;
	if (lathep_emu_way(disc) != EMU_WAY_CD &&
	    emu_quirk(e, EMU_Q_TOC_FIXED))
		sessions = 1;
	told_session(disc, sessions, &last);
	e->scratch[2] = 1;
	e->scratch[3] = (uint8_t)sessions;
	memset(p, 0, 8);
	p[1] = told_adr(disc, last.first);
	p[2] = (uint8_t)last.first;
	put_address(p + 4, last.start, msf);
	return finish(e, c, 12);
}

/* ---- formats 2 and 3: raw lead-in and PMA entries ----------------------- */

static uint8_t *raw_entry(uint8_t *p, uint32_t session, uint8_t adr,
			  uint8_t point)
{
	memset(p, 0, 11);
	p[0] = (uint8_t)session;
	p[1] = adr;
	p[3] = point;
	return p + 11;
}

/* The zones behind session 'n' (from 1) say where the next programme area
 * may begin: 150 blocks before its first address. */
static uint8_t *mode_5_entries(const struct emu_disc *disc, uint32_t n,
			       uint8_t *p)
{
	const struct emu_session *s = &disc->session[n - 1];
	const struct emu_media *m = disc->media;
	uint8_t msf[4], *b0 = p;

	if (s->multi == 0)
		return p;
	p = raw_entry(p, n, ADR_5_DATA, 0xb0);
	b0[7] = n == 1 ? 2 : 1;
	if (s->multi == 3) {
		lathep_emu_put_msf(msf, s->lead_out + m->lead_in +
				   (n == 1 ? m->lead_out_first
					   : m->lead_out_next));
		memcpy(b0 + 4, msf + 1, 3);
		lathep_emu_put_msf(msf, disc->limit);
		memcpy(b0 + 8, msf + 1, 3);
	} else {
		memset(b0 + 4, 0xff, 3);
	}
	if (n == 1) {
		p = raw_entry(p, n, ADR_5_DATA, 0xc0);
		memcpy(p - 3, m->lead_in_msf, 3);
	}
	return p;
}

static uint8_t *session_entries(struct emu_disc *disc, uint32_t n, uint8_t *p)
{
	struct emu_session s;
	uint8_t msf[4];
	uint32_t i;

	told_session(disc, n, &s);
	p = raw_entry(p, n, ADR_DATA, 0xa0);
	p[-3] = (uint8_t)s.first;
	p[-2] = s.format;
	p = raw_entry(p, n, ADR_DATA, 0xa1);
	p[-3] = (uint8_t)s.last;
	p = raw_entry(p, n, ADR_DATA, 0xa2);
	lathep_emu_put_msf(msf, s.lead_out);
	memcpy(p - 3, msf + 1, 3);
	for (i = s.first; i <= s.last; i++) {
		p = raw_entry(p, n, told_adr(disc, i), (uint8_t)i);
		lathep_emu_put_msf(msf, told_start(disc, i));
		memcpy(p - 3, msf + 1, 3);
	}
	return lathep_emu_way(disc) == EMU_WAY_CD ? mode_5_entries(disc, n, p)
						  : p;
}

static uint32_t format_2(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t sessions = told_sessions(disc), i;
	uint8_t *p = e->scratch + 4;
	/* What a session takes at most, not counting its second track. */
	const uint8_t *end = e->scratch + sizeof(e->scratch) - 11 * 105;

	if (!sessions || c->cdb[6] > sessions)
		return EMU_BAD_FIELD;
	e->scratch[2] = 1;
	e->scratch[3] = (uint8_t)sessions;
	for (i = c->cdb[6] ? c->cdb[6] : 1; i <= sessions && p < end; i++)
		p = session_entries(disc, i, p);
	return finish(e, c, (uint32_t)(p - e->scratch));
}

/* PMA: where each ended or reserved track begins and stops. */
static uint32_t format_3(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	uint8_t *p = e->scratch + 4, msf[4];
	uint32_t i;

	lathe_put_be16(e->scratch + 2, 0);
	for (i = 1; i <= disc->tracks; i++) {
		const struct emu_track *t = lathep_emu_track(disc, i);

		if (t->state == EMU_TRACK_OPEN && !t->reserved)
			continue;
		p = raw_entry(p, 0, told_adr(disc, i), (uint8_t)i);
		lathep_emu_put_msf(msf, t->start + lathep_emu_track_extent(t));
		memcpy(p - 7, msf + 1, 3);
		lathep_emu_put_msf(msf, t->start);
		memcpy(p - 3, msf + 1, 3);
	}
	return finish(e, c, (uint32_t)(p - e->scratch));
}

/* ---- format 4: ATIP ----------------------------------------------------- */

static uint32_t format_4(struct lathe_emulator *e, struct lathe_cmd *c)
{
	const struct emu_disc *disc = emu_disc(e);
	uint8_t *p = e->scratch, msf[4];

	memset(p, 0, 28);
	if (!emu_quirk(e, EMU_Q_ATIP_ZEROS)) {
		p[4] = 0xd0;		/* writing power */
		p[5] = 0x40;		/* unrestricted use */
		p[6] = 0x88;		/* CD-R, sub-type 1 */
		if (disc->media->erasable) {
			p[4] |= 0x02;	/* reference speed */
			p[6] = 0xcc;	/* CD-RW, high speed, A1 valid */
			p[16] = 0x24;	/* A1: 4x to 10x, powers */
			p[17] = 0x1a;
			p[18] = 0xd8;
		}
		memcpy(p + 8, disc->media->lead_in_msf, 3);
		lathep_emu_put_msf(msf, disc->limit);
		memcpy(p + 12, msf + 1, 3);
	}
	return finish(e, c, 28);
}

uint32_t lathep_emu_toc(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint8_t format = c->cdb[2] & 0x0f;
	bool msf = c->cdb[1] & 2;
	bool cd = lathep_emu_way(emu_disc(e)) == EMU_WAY_CD;

	memset(e->scratch, 0, 4);
	if (!format)		/* the place of SFF-8020i */
		format = c->cdb[9] >> 6;
	switch (format) {
	case 0:
		return format_0(e, c, msf);
	case 1:
		return format_1(e, c, msf);
	case 2:
		return format_2(e, c);
	case 3:
		return cd ? format_3(e, c) : EMU_BAD_FIELD;
	case 4:
		return cd ? format_4(e, c) : EMU_BAD_FIELD;
	default:
		return EMU_BAD_FIELD;
	}
}
