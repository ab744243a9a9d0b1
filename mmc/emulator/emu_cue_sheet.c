/* SPDX-License-Identifier: MIT */
/*
 * emu_cue_sheet.c - SEND CUE SHEET, MMC-6 6.33: the layout of a CD session
 * that is then written at once (emu_at_once.c).
 *
 * Entries have 8 bytes: control and ADR, track, index, data form, SCMS,
 * minute, second, frame. Tracks of mode 1 blocks only.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define ENTRY_BYTES 8u
#define ENTRIES_MAX 400u	/* as feature 002Eh says it */
#define LEAD_OUT 0xaau
#define DATA_CONTROL 0x41u	/* data track, position */
#define DISTANCE_MAX 0x80000000u	/* more is a step back */

/* Data forms, MMC-6 table 553. */
enum { FORM_MODE_1 = 0x10, FORM_MODE_1_GAP = 0x14 };

struct sheet {
	struct emu_cue cue;
	uint32_t min_track, pre_gap;
	uint32_t base;		/* LBA of 00:02:00 */
	uint32_t pause;		/* index 0 of the track that comes */
	uint32_t mark;		/* the last index */
	uint8_t half;		/* first byte of a text's first half */
	bool has_lead_in;
	bool has_pause, pause_by_host;
	bool done;		/* the lead-out has come */
};

static uint32_t lba_of(const struct sheet *s, const uint8_t *entry)
{
	return s->base + (entry[5] * 60u + entry[6]) * 75u + entry[7] - 150u;
}

static bool is_time(const uint8_t *msf)
{
	return msf[0] < 100 && msf[1] < 60 && msf[2] < 75;
}

/* Catalogue numbers and ISRCs: two entries each, with nothing that matters
 * here. */
static bool is_text(const uint8_t *entry)
{
	return (entry[0] & 0x0f) == 2 || (entry[0] & 0x0f) == 3;
}

static bool add_text(struct sheet *s, const uint8_t *p)
{
	bool fits = !s->half || s->half == p[0];

	s->half = s->half ? 0 : p[0];
	return fits;
}

/* The pause before a track: sent by the host, or made by the drive. */
static bool add_index_0(struct sheet *s, const uint8_t *p)
{
	if (s->has_pause || p[1] != s->cue.tracks + 1)
		return false;
	s->has_pause = true;
	s->pause_by_host = p[3] == FORM_MODE_1;
	s->pause = lba_of(s, p);
	return p[3] == FORM_MODE_1 || p[3] == FORM_MODE_1_GAP;
}

/* 'end' ends the last track that there is. */
static bool end_track(struct sheet *s, uint32_t end)
{
	struct emu_cue_track *track = &s->cue.track[s->cue.tracks - 1];
	uint32_t blocks = end - track->start;

	track->end = end;
	return blocks >= s->min_track && blocks < DISTANCE_MAX;
}

/* Only the first pause may be left to the drive: later ones would be gaps in
 * the middle of what the host sends. */
static bool add_index_1(struct sheet *s, const uint8_t *p)
{
	struct emu_cue_track *track = &s->cue.track[s->cue.tracks];
	uint32_t start = lba_of(s, p);
	uint32_t begin = s->has_pause ? s->pause : start;

	if (s->cue.tracks >= 99 || p[1] != s->cue.tracks + 1 ||
	    p[3] != FORM_MODE_1 || start - begin >= DISTANCE_MAX)
		return false;
	if (!s->cue.tracks && start - begin != s->pre_gap)
		return false;
	if (s->cue.tracks && s->has_pause && !s->pause_by_host)
		return false;
	if (s->cue.tracks && !end_track(s, begin))
		return false;
	if (!s->cue.tracks)
		s->cue.start = s->pause_by_host ? begin : start;
	track->index_0 = begin;
	track->start = start;
	track->mode = 1;
	s->cue.tracks++;
	s->has_pause = false;
	s->mark = start;
	return true;
}

/* Index 2 and further ones. */
static bool add_mark(struct sheet *s, const uint8_t *p)
{
	uint32_t mark = lba_of(s, p), step = mark - s->mark;

	s->mark = mark;
	return s->cue.tracks && p[1] == s->cue.tracks && !s->has_pause &&
	       step < DISTANCE_MAX;
}

static bool add_lead_out(struct sheet *s, const uint8_t *p)
{
	s->done = true;
	s->cue.lead_out = lba_of(s, p);
	return s->cue.tracks && !s->has_pause && !s->half &&
	       s->cue.lead_out - s->mark < DISTANCE_MAX &&
	       end_track(s, s->cue.lead_out);
}

/* The lead-in is made by the drive: there is no CD-TEXT. */
static bool add_lead_in(struct sheet *s, const uint8_t *p)
{
	bool first = !s->has_lead_in;

	s->has_lead_in = true;
	return first && p[2] == 0 && p[3] == FORM_MODE_1_GAP;
}

static bool add_entry(struct sheet *s, const uint8_t *p)
{
	if (s->done)
		return false;
	if (is_text(p))
		return add_text(s, p);
	if (s->half || p[0] != DATA_CONTROL || !is_time(p + 5))
		return false;
	if (p[1] == 0)
		return add_lead_in(s, p);
	if (!s->has_lead_in)
		return false;
	if (p[1] == LEAD_OUT)
		return add_lead_out(s, p);
	switch (p[2]) {
	case 0:
		return add_index_0(s, p);
	case 1:
		return add_index_1(s, p);
	default:
		return add_mark(s, p);
	}
}

static uint32_t check_state(const struct lathe_emulator *e)
{
	const struct emu_disc *disc = emu_disc(e);

	if (lathep_emu_way(disc) != EMU_WAY_CD)
		return EMU_INCOMPATIBLE;
	if (disc->final)
		return EMU_CANNOT_WRITE;
	if ((e->page_05[2] & 0x0f) != 2 ||
	    disc->tracks > lathep_emu_complete_tracks(disc))
		return EMU_SEQUENCE;
	return EMU_GOOD;
}

/* The sheet must begin where the disc goes on, and end within it. */
static uint32_t check_place(const struct emu_disc *disc,
			    const struct emu_cue *cue)
{
	if (cue->track[0].start != lathep_emu_next_start(disc))
		return EMU_BAD_PARAMETER;
	if (disc->tracks + cue->tracks > disc->media->max_tracks)
		return EMU_BAD_PARAMETER;
	return cue->lead_out > disc->limit ? EMU_END_OF_AREA : EMU_GOOD;
}

uint32_t lathep_emu_cue_sheet(struct lathe_emulator *e, struct lathe_cmd *c)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t len = lathe_get_be24(c->cdb + 6), sense = check_state(e);
	struct sheet s;
	uint32_t at;

	if (sense)
		return sense;
	if (!len || len % ENTRY_BYTES || len > ENTRIES_MAX * ENTRY_BYTES)
		return EMU_BAD_FIELD;
	if (!c->to_drive || c->data_len < len)
		return EMU_LIST_LENGTH;
	c->moved = len;
	memset(&s, 0, sizeof(s));
	s.min_track = disc->media->min_track;
	s.pre_gap = disc->media->pre_gap;
	if (emu_quirk(e, EMU_Q_CUE_RELATIVE))
		s.base = lathep_emu_next_start(disc);
	for (at = 0; at < len; at += ENTRY_BYTES)
		if (!add_entry(&s, c->data + at))
			return EMU_BAD_PARAMETER;
	if (!s.done)
		return EMU_BAD_PARAMETER;
	sense = check_place(disc, &s.cue);
	if (sense)
		return sense;
	s.cue.format = e->page_05[8];
	s.cue.valid = true;
	e->cue = s.cue;
	e->cue_at = s.cue.start;
	return EMU_GOOD;
}
