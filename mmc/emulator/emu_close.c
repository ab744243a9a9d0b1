/* SPDX-License-Identifier: MIT */
/* emu_close.c - CLOSE TRACK/SESSION, MMC-6 6.3: its functions on each medium,
 * and what becomes of the disc when work in the background ends. */
#include "mmc/emulator/emu_recording.h"

#define CLOSE_US 2000000u
#define STOP_FORMAT_US 10000000u

enum {
	CLOSE_STOP_FORMAT,
	CLOSE_TRACK,
	CLOSE_SESSION,
	CLOSE_FINISH_FORMAT,
	CLOSE_FINAL_LEAD_OUT,	/* DVD+R DL */
	CLOSE_FINAL_RADIUS,	/* DVD+R, at least to the minimum radius */
	CLOSE_FINAL		/* DVD+R, BD-R */
};

/* Bit n: function n exists, MMC-6 table 294. */
static uint8_t functions_of(const struct emu_disc *disc)
{
	switch (lathep_emu_way(disc)) {
	case EMU_WAY_CD:
	case EMU_WAY_DVD_R:
		return 1u << CLOSE_TRACK | 1u << CLOSE_SESSION;
	case EMU_WAY_DVD_PLUS_R:
		if (disc->media->layers > 1)
			return 1u << CLOSE_TRACK | 1u << CLOSE_SESSION |
			       1u << CLOSE_FINAL_LEAD_OUT |
			       1u << CLOSE_FINAL_RADIUS;
		return 1u << CLOSE_TRACK | 1u << CLOSE_SESSION |
		       1u << CLOSE_FINAL_RADIUS | 1u << CLOSE_FINAL;
	case EMU_WAY_BD_R:
		if (disc->pow)
			return 0;
		return 1u << CLOSE_TRACK | 1u << CLOSE_SESSION |
		       1u << CLOSE_FINAL;
	case EMU_WAY_RESTRICTED:
		return 1u << CLOSE_SESSION;
	default:
		if (disc->media->profile == 0x001a)
			return 1u << CLOSE_STOP_FORMAT | 1u << CLOSE_SESSION |
			       1u << CLOSE_FINISH_FORMAT;
		return 0;
	}
}

/* ---- tracks ------------------------------------------------------------- */

static uint32_t close_track(struct lathe_emulator *e, uint32_t number,
			    bool immediate)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_CLOSE_TRACK };
	struct emu_track *track;
	uint64_t blocks;

	/* On CD there is nothing to close, elsewhere nothing is closed
	 * without it. */
	if (emu_quirk(e, EMU_Q_CLOSE_TRACK_FAILS) &&
	    lathep_emu_way(disc) == EMU_WAY_CD)
		return EMU_BAD_FIELD;
	if (number == 0xff && lathep_emu_way(disc) == EMU_WAY_CD)
		number = disc->open ? disc->open : disc->tracks + 1;
	if (number == disc->tracks + 1 && !disc->final &&
	    !lathep_emu_invisible(disc))
		return EMU_GOOD;	/* the invisible track: nothing */
	if (number < 1 || number > disc->tracks)
		return EMU_BAD_FIELD;
	track = lathep_emu_track(disc, number);
	if (track->state == EMU_TRACK_COMPLETE)
		return EMU_GOOD;
	if (track->type == EMU_TRACK_SESSION && track->blocks)
		return EMU_SEQUENCE;
	job.track = number;
	blocks = disc->buffered + track->reserved + disc->media->min_track;
	lathep_emu_start_job(e, &job, 1000000u + blocks *
			     lathep_emu_block_us(e), immediate);
	return EMU_GOOD;
}

/* ---- sessions ----------------------------------------------------------- */

/* Multi-session bits that the session gets: 3 leaves the disc appendable. */
static uint8_t multi_of(const struct lathe_emulator *e, uint8_t function)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_track *last = &disc->track[disc->tracks - 1];
	uint8_t page = e->page_05[3] >> 6;

	if (lathep_emu_way(disc) == EMU_WAY_CD)
		return page;
	if (function != CLOSE_SESSION ||
	    lathep_emu_ends_disc(disc, last->start + last->blocks))
		return 0;
	if (lathep_emu_way(disc) == EMU_WAY_DVD_R)
		return disc->media->layers > 1 &&
		       !emu_quirk(e, EMU_Q_DL_APPENDS) ? 0 : page;
	if (lathep_emu_way(disc) == EMU_WAY_DVD_PLUS_R &&
	    emu_quirk(e, EMU_Q_PLUS_R_PAGE_05))
		return page;
	return 3;
}

bool lathep_emu_other_zones(const struct lathe_emulator *e)
{
	switch (lathep_emu_way(emu_disc(e))) {
	case EMU_WAY_DVD_R:
		return emu_quirk(e, EMU_Q_OTHER_BORDERS);
	case EMU_WAY_BD_R:
		return emu_quirk(e, EMU_Q_CLUSTER_GAP);
	default:
		return false;
	}
}

/* Blocks that are written for it. */
static uint64_t zone_blocks(const struct emu_disc *disc, bool final)
{
	const struct emu_media *m = disc->media;
	uint32_t end = disc->track[disc->tracks - 1].start +
		       disc->track[disc->tracks - 1].blocks;

	switch (lathep_emu_way(disc)) {
	case EMU_WAY_CD:
		return m->lead_in + (disc->sessions ? m->lead_out_next
						    : m->lead_out_first);
	case EMU_WAY_DVD_R:
		return (disc->sessions ? 6144u : 28672u) +
		       (final ? lathep_emu_radius_padding(disc, end) : 0);
	case EMU_WAY_DVD_PLUS_R:
		return 2048u +
		       (final ? lathep_emu_radius_padding(disc, end) : 0);
	default:
		return 1024;
	}
}

/* What stands in the way of a close, MMC-6 6.3.3: a track that nobody
 * reserved, or that only SYNCHRONIZE CACHE ends, is an open one. */
static uint32_t check_tracks(const struct emu_disc *disc)
{
	uint32_t i;

	for (i = lathep_emu_complete_tracks(disc) + 1; i <= disc->tracks;
	     i++) {
		const struct emu_track *t = &disc->track[i - 1];

		if (t->state == EMU_TRACK_COMPLETE)
			continue;
		if (t->reserved && (t->state == EMU_TRACK_RESERVED ||
				    t->type == EMU_TRACK_PACKET))
			return EMU_RESERVED_TRACK;
		return EMU_OPEN_TRACK;
	}
	return EMU_GOOD;
}

/* An empty session: nothing to do, but a disc can still be made final. */
static uint32_t close_empty(struct lathe_emulator *e, uint8_t function)
{
	struct emu_disc *disc = emu_disc(e);

	if (function == CLOSE_SESSION || !disc->sessions || disc->final ||
	    emu_quirk(e, EMU_Q_FINAL_WANTS_SESSION))
		return EMU_GOOD;
	disc->session[disc->sessions - 1].multi = 0;
	disc->final = true;
	lathep_emu_advance(e, CLOSE_US);
	return lathep_emu_save(e->store) ? EMU_INTERNAL : EMU_GOOD;
}

static uint32_t close_session(struct lathe_emulator *e, uint8_t function,
			      bool immediate)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_CLOSE_SESSION };
	uint32_t sense;

	if (disc->final && emu_quirk(e, EMU_Q_FINAL_CLOSED))
		return EMU_CANNOT_WRITE;
	if (emu_quirk(e, EMU_Q_CUT_CLOSES))
		lathep_emu_end_cut_session(e);
	sense = check_tracks(disc);
	if (sense)
		return sense;
	if (disc->tracks == lathep_emu_complete_tracks(disc))
		return close_empty(e, function);
	job.detail = multi_of(e, function);
	lathep_emu_start_job(e, &job, CLOSE_US + lathep_emu_zone_us(
				     e, zone_blocks(disc, job.detail != 3)),
			     immediate);
	return EMU_GOOD;
}

/* ---- formats that can be stopped ---------------------------------------- */

/* The format stops where it is, or goes on to the end at once. On DVD-RW the
 * border that was intermediate becomes complete. */
static uint32_t close_format(struct lathe_emulator *e, uint8_t function,
			     bool immediate)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_CLOSE_FORMAT };
	uint64_t us = STOP_FORMAT_US + disc->buffered *
		      lathep_emu_block_us(e);

	if (disc->format_state != EMU_FORMAT_RUNNING && !disc->intermediate)
		return EMU_GOOD;
	job.detail = function;
	if (function == CLOSE_FINISH_FORMAT)
		us += (disc->limit - disc->iced) * lathep_emu_block_us(e);
	lathep_emu_start_job(e, &job, us, immediate);
	return EMU_GOOD;
}

static void finish_format(struct lathe_emulator *e, uint8_t function)
{
	struct emu_disc *disc = emu_disc(e);

	lathep_emu_flush(e);
	disc->intermediate = false;
	if (disc->media->profile == 0x001a) {
		disc->format_state = EMU_FORMAT_STARTED;
		if (function == CLOSE_FINISH_FORMAT) {
			disc->format_state = EMU_FORMAT_COMPLETE;
			disc->iced = disc->formatted;
		}
	}
	lathep_emu_save(e->store);
}

uint32_t lathep_emu_close(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint8_t function = c->cdb[2] & 7;
	bool immediate = c->cdb[1] & 1;

	if (!(functions_of(emu_disc(e)) >> function & 1))
		return EMU_BAD_FIELD;
	if (lathep_emu_random(emu_disc(e)))
		return close_format(e, function, immediate);
	if (function == CLOSE_TRACK)
		return close_track(e, lathe_get_be16(c->cdb + 4), immediate);
	return close_session(e, function, immediate);
}

/* ---- the end of work in the background ---------------------------------- */

void lathep_emu_finish_job(struct lathe_emulator *e)
{
	struct emu_job job = e->job;

	e->job.kind = EMU_JOB_NONE;
	switch (job.kind) {
	case EMU_JOB_FLUSH:
		lathep_emu_finish_flush(e);
		break;
	case EMU_JOB_SYNC:
	case EMU_JOB_CLOSE_TRACK:
		lathep_emu_finish_track(e, job.track);
		break;
	case EMU_JOB_CLOSE_SESSION:
		lathep_emu_close_session(emu_disc(e), job.detail,
					 lathep_emu_other_zones(e));
		lathep_emu_save(e->store);
		break;
	case EMU_JOB_END_AT_ONCE:
		lathep_emu_finish_session(e, job.detail);
		break;
	case EMU_JOB_CLOSE_FORMAT:
		finish_format(e, job.detail);
		break;
	case EMU_JOB_BLANK:
		lathep_emu_finish_blank(e, job.detail);
		break;
	case EMU_JOB_FORMAT:
		lathep_emu_finish_format(e, &job);
		break;
	case EMU_JOB_LOAD:
		e->tray_open = false;
		e->media_event = 2;	/* NewMedia */
		lathep_emu_attend(e, EMU_MEDIUM_CHANGED);
		break;
	default:
		break;
	}
}
