/* SPDX-License-Identifier: MIT */
/*
 * emu_disc_text.c - the state of a disc as text, and back.
 *
 *   lathe-disc 1
 *   medium cd-r-80
 *   limit 359845
 *   status appendable
 *   track 1 session 1 state complete start 0 blocks 300 reserved 0 mode 1
 *     format 0 damaged 0					(one line)
 *   session 1 first 1 last 1 multi 3 format 0 lead-out 302
 *   damage 17 1
 *   recorded 0 64
 *   written 0000000000
 *
 * What is the exception stands only where it is the case: a line 'formatted'
 * or 'layer-break' before the tracks, 'type' and 'lost' behind a track. A
 * track of mode 0 is audio, for which there is no other way than this text.
 * 'status' is for people. 'written' counts the blocks on the medium of the
 * open track or, on discs that are written at random, of the last range
 * recorded; it has a fixed width and is replaced in place.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/emulator/emu_disc.h"

static const char state_names[3][9] = { "complete", "reserved", "open" };
static const char type_names[3][8] = { "at-once", "session", "packet" };

struct sink {
	char *out;
	size_t bytes, len;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void put(struct sink *s, const char *format, ...)
{
	size_t left = s->len < s->bytes ? s->bytes - s->len : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(left ? s->out + s->len : NULL, left, format, args);
	va_end(args);
	if (n > 0)
		s->len += (size_t)n;
}

static const char *status_name(const struct emu_disc *disc)
{
	if (lathep_emu_random(disc))
		return disc->recordings ? "written" : disc->formatted
		       ? "formatted" : "blank";
	if (disc->final)
		return "final";
	if (disc->tracks > lathep_emu_complete_tracks(disc))
		return "incomplete";
	return disc->sessions ? "appendable" : "blank";
}

void lathep_emu_written_print(const struct emu_disc *disc,
			      char out[EMU_WRITTEN_BYTES + 1u])
{
	uint32_t written = 0;

	if (disc->open)
		written = lathep_emu_on_medium(disc);
	else if (disc->recordings)
		written = disc->recorded[disc->recordings - 1].count;
	snprintf(out, EMU_WRITTEN_BYTES + 1u, "written %010lu\n",
		 (unsigned long)written);
}

static void put_format(struct sink *s, const struct emu_disc *disc)
{
	if (disc->formatted != disc->media->formatted || disc->format_type ||
	    disc->format_state || disc->intermediate || disc->minimal ||
	    disc->pow)
		put(s, "formatted %lu up-to %lu spares %lu type %u state %u "
		    "intermediate %u minimal %u pow %u\n",
		    (unsigned long)disc->formatted, (unsigned long)disc->iced,
		    (unsigned long)disc->spares, disc->format_type,
		    disc->format_state, disc->intermediate, disc->minimal,
		    disc->pow);
	if (disc->layer_break)
		put(s, "layer-break %lu\n",
		    (unsigned long)disc->layer_break);
}

static void put_tracks(struct sink *s, const struct emu_disc *disc)
{
	uint32_t i;

	for (i = 0; i < disc->tracks; i++) {
		const struct emu_track *t = &disc->track[i];

		put(s, "track %lu session %u state %s start %lu blocks %lu "
		    "reserved %lu mode %u format %u damaged %u",
		    (unsigned long)i + 1, t->session, state_names[t->state],
		    (unsigned long)t->start, (unsigned long)t->blocks,
		    (unsigned long)t->reserved, t->mode, t->format,
		    t->damaged);
		if (t->type != EMU_TRACK_AT_ONCE)
			put(s, " type %s", type_names[t->type]);
		put(s, "%s\n", t->lost ? " lost" : "");
	}
}

static void put_ranges(struct sink *s, const char *name,
		       const struct emu_range *range, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		put(s, "%s %lu %lu\n", name, (unsigned long)range[i].start,
		    (unsigned long)range[i].count);
}

size_t lathep_emu_disc_print(const struct emu_disc *disc, char *out,
			     size_t bytes)
{
	struct sink s = { out, bytes, 0 };
	char written[EMU_WRITTEN_BYTES + 1u];
	uint32_t i;

	put(&s, "lathe-disc 1\nmedium %s\nlimit %lu\nstatus %s\n",
	    disc->media->name, (unsigned long)disc->limit, status_name(disc));
	put_format(&s, disc);
	put_tracks(&s, disc);
	for (i = 0; i < disc->sessions; i++) {
		const struct emu_session *n = &disc->session[i];

		put(&s, "session %lu first %u last %u multi %u format %u "
		    "lead-out %lu%s\n", (unsigned long)i + 1, n->first,
		    n->last, n->multi, n->format, (unsigned long)n->lead_out,
		    n->other_zones ? " other-zones" : "");
	}
	put_ranges(&s, "damage", disc->damage, disc->damages);
	put_ranges(&s, "recorded", disc->recorded, disc->recordings);
	lathep_emu_written_print(disc, written);
	put(&s, "%s", written);
	return s.len;
}

/* ---- and back ----------------------------------------------------------- */

struct parser {
	const char *at, *end;
	bool bad;
};

static bool skip_word(struct parser *p, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(p->end - p->at) < len || memcmp(p->at, word, len) != 0)
		return false;
	p->at += len;
	return true;
}

static void expect(struct parser *p, const char *word)
{
	if (!skip_word(p, word))
		p->bad = true;
}

/* A decimal number of at most 'max'. */
static uint32_t number(struct parser *p, uint32_t max)
{
	uint64_t value = 0;
	uint32_t digits = 0;

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9' &&
	       digits < 11) {
		value = value * 10 + (uint64_t)(*p->at++ - '0');
		digits++;
	}
	if (!digits || value > max) {
		p->bad = true;
		return 0;
	}
	return (uint32_t)value;
}

static uint32_t field(struct parser *p, const char *name, uint32_t max)
{
	expect(p, name);
	return number(p, max);
}

static uint8_t state_field(struct parser *p)
{
	uint8_t i;

	expect(p, " state ");
	for (i = 0; i < 3; i++)
		if (skip_word(p, state_names[i]))
			return i;
	p->bad = true;
	return 0;
}

/* What stands behind a track that is not an ordinary one. */
static void track_exceptions(struct parser *p, struct emu_track *t)
{
	if (skip_word(p, " type ")) {
		if (skip_word(p, type_names[EMU_TRACK_SESSION]))
			t->type = EMU_TRACK_SESSION;
		else if (skip_word(p, type_names[EMU_TRACK_PACKET]))
			t->type = EMU_TRACK_PACKET;
		else
			p->bad = true;
	}
	t->lost = skip_word(p, " lost");
}

static void parse_track(struct parser *p, struct emu_disc *disc)
{
	struct emu_track *t = &disc->track[disc->tracks];
	uint32_t max = disc->limit + 1024;

	if (number(p, EMU_TRACKS_MAX) != disc->tracks + 1)
		p->bad = true;
	t->session = (uint16_t)field(p, " session ", EMU_TRACKS_MAX);
	t->state = state_field(p);
	t->start = field(p, " start ", max);
	t->blocks = field(p, " blocks ", max);
	t->reserved = field(p, " reserved ", max);
	t->mode = (uint8_t)field(p, " mode ", 15);
	t->format = (uint8_t)field(p, " format ", 255);
	t->damaged = field(p, " damaged ", 1) != 0;
	track_exceptions(p, t);
	expect(p, "\n");
	if (p->bad)
		return;
	disc->tracks++;
	if (t->state == EMU_TRACK_OPEN) {
		if (disc->open)
			p->bad = true;
		disc->open = disc->tracks;
	}
}

static void parse_format(struct parser *p, struct emu_disc *disc)
{
	disc->formatted = number(p, disc->media->limit);
	disc->iced = field(p, " up-to ", disc->media->limit);
	disc->spares = field(p, " spares ", disc->media->limit);
	disc->format_type = (uint8_t)field(p, " type ", 63);
	disc->format_state = (uint8_t)field(p, " state ", 3);
	disc->intermediate = field(p, " intermediate ", 1) != 0;
	disc->minimal = field(p, " minimal ", 1) != 0;
	disc->pow = field(p, " pow ", 1) != 0;
	expect(p, "\n");
}

static void parse_session(struct parser *p, struct emu_disc *disc)
{
	struct emu_session *n = &disc->session[disc->sessions];

	if (number(p, EMU_TRACKS_MAX) != disc->sessions + 1)
		p->bad = true;
	n->first = (uint16_t)field(p, " first ", EMU_TRACKS_MAX);
	n->last = (uint16_t)field(p, " last ", EMU_TRACKS_MAX);
	n->multi = (uint8_t)field(p, " multi ", 3);
	n->format = (uint8_t)field(p, " format ", 255);
	n->lead_out = field(p, " lead-out ", disc->limit + 2048);
	n->other_zones = skip_word(p, " other-zones");
	expect(p, "\n");
	if (p->bad || n->first != lathep_emu_complete_tracks(disc) + 1 ||
	    n->last < n->first || n->last > disc->tracks) {
		p->bad = true;
		return;
	}
	n->start = disc->track[n->first - 1].start;
	disc->sessions++;
	disc->final = n->multi != 3;
}

static void parse_range(struct parser *p, const struct emu_disc *disc,
			struct emu_range *range, uint32_t *n, uint32_t most)
{
	struct emu_range *r = &range[*n];

	if (*n >= most) {
		p->bad = true;
		return;
	}
	r->start = number(p, disc->limit + 1024);
	r->count = field(p, " ", disc->limit + 1024);
	expect(p, "\n");
	++*n;
}

static void parse_status(struct parser *p)
{
	while (p->at < p->end && *p->at != '\n')
		p->at++;
	expect(p, "\n");
}

static void parse_head(struct parser *p, struct emu_disc *disc)
{
	char name[16] = "";
	size_t n = 0;
	enum lathe_emulator_media kind;

	expect(p, "lathe-disc 1\nmedium ");
	while (p->at < p->end && *p->at != '\n' && n < sizeof(name) - 1)
		name[n++] = *p->at++;
	expect(p, "\n");
	if (lathe_emulator_media_find(name, &kind)) {
		p->bad = true;
		return;
	}
	lathep_emu_disc_blank(disc, kind);
	disc->limit = field(p, "limit ", disc->media->limit);
	expect(p, "\nstatus ");
	parse_status(p);
}

/* Tracks follow one another, inside the disc and inside their sessions. */
static bool plausible(const struct emu_disc *disc)
{
	uint32_t i, end = 0, complete = lathep_emu_complete_tracks(disc);

	for (i = 0; i < disc->tracks; i++) {
		const struct emu_track *t = &disc->track[i];

		if (t->start < end || t->blocks > disc->limit ||
		    t->start > disc->limit ||
		    (t->reserved && t->blocks > t->reserved) ||
		    (i < complete && t->state != EMU_TRACK_COMPLETE))
			return false;
		end = t->start + lathep_emu_track_extent(t);
	}
	for (i = 0; i < disc->sessions; i++) {
		const struct emu_session *n = &disc->session[i];
		const struct emu_track *t = &disc->track[n->last - 1];

		if (n->lead_out != t->start + lathep_emu_track_extent(t) +
				   lathep_emu_run_out(disc, t) ||
		    (n->multi != 3 && i + 1 < disc->sessions))
			return false;
	}
	return !disc->final || disc->tracks == complete;
}

int lathep_emu_disc_parse(struct emu_disc *disc, const char *text, size_t len)
{
	struct parser p = { text, text + len, false };
	uint32_t written;

	parse_head(&p, disc);
	if (!p.bad && skip_word(&p, "formatted "))
		parse_format(&p, disc);
	if (!p.bad && skip_word(&p, "layer-break ")) {
		disc->layer_break = number(&p, disc->media->limit);
		expect(&p, "\n");
	}
	while (!p.bad && disc->tracks < EMU_TRACKS_MAX &&
	       skip_word(&p, "track "))
		parse_track(&p, disc);
	while (!p.bad && disc->sessions < EMU_TRACKS_MAX &&
	       skip_word(&p, "session "))
		parse_session(&p, disc);
	while (!p.bad && skip_word(&p, "damage "))
		parse_range(&p, disc, disc->damage, &disc->damages,
			    EMU_DAMAGE_MAX);
	while (!p.bad && skip_word(&p, "recorded "))
		parse_range(&p, disc, disc->recorded, &disc->recordings,
			    EMU_RECORDED_MAX);
	if (p.bad)
		return LATHE_ERR_CORRUPT;
	written = field(&p, "written ", disc->limit + 1024);
	expect(&p, "\n");
	/* The line in place is newer than what stands above it. */
	if (!p.bad && disc->open)
		disc->track[disc->open - 1].blocks = written;
	else if (!p.bad && disc->recordings)
		disc->recorded[disc->recordings - 1].count = written;
	if (p.bad || p.at != p.end || !plausible(disc))
		return LATHE_ERR_CORRUPT;
	if (disc->open)
		lathep_emu_tear_open_track(disc);
	return 0;
}
