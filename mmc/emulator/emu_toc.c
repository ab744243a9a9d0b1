/* SPDX-License-Identifier: MIT */
/* emu_toc.c - READ TOC/PMA/ATIP, MMC-6 6.25. */
#include <string.h>

#include "mmc/emulator/emulator_internal.h"

/* ADR 1 in the high nibble, CONTROL 4 (data track, copy prohibited) below. */
#define ADR_DATA 0x14
#define ADR_5_DATA 0x54

static void put_address(uint8_t *p, uint32_t lba, bool msf)
{
	if (msf)
		lathep_emu_put_msf(p, lba);
	else
		lathe_put_be32(p, lba);
}

static uint8_t *toc_entry(uint8_t *p, uint8_t track, uint32_t lba, bool msf)
{
	memset(p, 0, 4);
	p[1] = ADR_DATA;
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

/* ---- formats 0 and 1 ---------------------------------------------------- */

static uint32_t format_0(struct lathe_emulator *e, struct lathe_cmd *c,
			 bool msf)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t last = lathep_emu_complete_tracks(disc), i;
	uint32_t lead_out = lathep_emu_capacity(disc);
	uint8_t *p = e->scratch + 4, first = c->cdb[6];

	if (emu_quirk(e, EMU_Q_TOC_OF_PMA) && disc->tracks > last) {
		last = disc->tracks;
		lead_out = lathep_emu_next_start(disc);
	}
	if (!last || (first > last && first != 0xaa))
		return EMU_BAD_FIELD;
	e->scratch[2] = 1;
	e->scratch[3] = (uint8_t)last;
	for (i = first ? first : 1; i <= last; i++)
		p = toc_entry(p, (uint8_t)i, lathep_emu_track(disc, i)->start,
			      msf);
	p = toc_entry(p, 0xaa, lead_out, msf);
	return finish(e, c, (uint32_t)(p - e->scratch));
}

/* Names the last complete session: what makes a system mount it. */
static uint32_t format_1(struct lathe_emulator *e, struct lathe_cmd *c,
			 bool msf)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_session *last;
	uint8_t *p = e->scratch + 4;

	if (!disc->sessions)
		return EMU_BAD_FIELD;
	last = &disc->session[disc->sessions - 1];
	e->scratch[2] = 1;
	e->scratch[3] = (uint8_t)disc->sessions;
	memset(p, 0, 8);
	p[1] = ADR_DATA;
	p[2] = (uint8_t)last->first;
	put_address(p + 4, last->start, msf);
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
	const struct emu_session *s = &disc->session[n - 1];
	uint8_t msf[4];
	uint32_t i;

	p = raw_entry(p, n, ADR_DATA, 0xa0);
	p[-3] = (uint8_t)s->first;
	p[-2] = s->format;
	p = raw_entry(p, n, ADR_DATA, 0xa1);
	p[-3] = (uint8_t)s->last;
	p = raw_entry(p, n, ADR_DATA, 0xa2);
	lathep_emu_put_msf(msf, s->lead_out);
	memcpy(p - 3, msf + 1, 3);
	for (i = s->first; i <= s->last; i++) {
		p = raw_entry(p, n, ADR_DATA, (uint8_t)i);
		lathep_emu_put_msf(msf, lathep_emu_track(disc, i)->start);
		memcpy(p - 3, msf + 1, 3);
	}
	return mode_5_entries(disc, n, p);
}

static uint32_t format_2(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	uint8_t *p = e->scratch + 4;
	uint32_t i;

	if (!disc->sessions || c->cdb[6] > disc->sessions)
		return EMU_BAD_FIELD;
	e->scratch[2] = 1;
	e->scratch[3] = (uint8_t)disc->sessions;
	for (i = c->cdb[6] ? c->cdb[6] : 1; i <= disc->sessions; i++)
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
		p = raw_entry(p, 0, ADR_DATA, (uint8_t)i);
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
		return format_3(e, c);
	case 4:
		return format_4(e, c);
	default:
		return EMU_BAD_FIELD;
	}
}
