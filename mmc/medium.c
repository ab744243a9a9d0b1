/* SPDX-License-Identifier: MIT */
/*
 * medium.c - the medium's state, put together from what the drive tells in
 * several answers, which differ from drive to drive.
 */
#include "mmc/mmc_strategy.h"

enum {
	READ_AGAIN_MAX = 3, /* while discs are changed under our hands */
	SETTLE_MS = 2000,   /* of a disc that has just come in */
	TRACKS_MAX = 99     /* of a CD; that are looked at for a data track */
};

/* The answers that the model is made of. */
struct answers {
	struct lathep_mmc_features features;
	const struct lathep_mmc_strategy *strategy;
	struct lathe_mmc_disc_info info;
	bool has_info;
	struct lathe_mmc_track_info open; /* takes the next WRITE */
	bool has_open;                    /* it has a next writable address */
};

/* ---- status ------------------------------------------------------------- */

/* A track that was begun but is in no TOC: the trace of a cut burn. */
static bool begun(const struct answers *a)
{
	return a->open.damaged ||
	       (a->has_open && a->open.next_writable != a->open.start);
}

static enum lathe_mmc_status writable_status(const struct answers *a)
{
	if (a->info.session_state == LATHE_MMC_SESSION_DAMAGED)
		return LATHE_MMC_STATUS_DAMAGED;
	if (a->info.session_state == LATHE_MMC_SESSION_INCOMPLETE || begun(a))
		return LATHE_MMC_STATUS_UNFINISHED;
	/* Before a track that begins further on there is something. */
	if (lathep_mmc_is_blank(a->strategy, &a->info))
		return a->open.start ? LATHE_MMC_STATUS_DAMAGED
				     : LATHE_MMC_STATUS_BLANK;
	/* Without address it is full, unless the drive speaks of room: lead-out
	 * and lead-in have taken what was left. */
	return a->has_open || a->open.free_blocks == 0
		       ? LATHE_MMC_STATUS_APPENDABLE
		       : LATHE_MMC_STATUS_DAMAGED;
}

static enum lathe_mmc_status status_of(const struct answers *a)
{
	if (!a->has_info)
		return LATHE_MMC_STATUS_FINAL;
	switch (a->info.disc_status) {
	case LATHE_MMC_DISC_FINAL:
		return LATHE_MMC_STATUS_FINAL;
	case LATHE_MMC_DISC_BLANK:
	case LATHE_MMC_DISC_APPENDABLE:
		return writable_status(a);
	default:
		/* "Others": random writable, or nothing that we know. */
		return a->strategy->usual ? LATHE_MMC_STATUS_DAMAGED
					  : LATHE_MMC_STATUS_FINAL;
	}
}

/* A CD-RW in fixed packets: another world, never written by us. */
static int check_packets(struct lathe_mmc *mmc, const struct answers *a,
			 struct lathe_mmc_medium *m)
{
	struct lathe_mmc_track_info track;
	int err;

	if (!lathep_mmc_is(a->strategy, LATHEP_MMC_MAY_HOLD_PACKETS) ||
	    m->status == LATHE_MMC_STATUS_BLANK)
		return 0;
	if (a->features.current &
	    LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_RESTRICTED_OVERWRITE)) {
		m->status = LATHE_MMC_STATUS_PACKET;
		return 0;
	}
	err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK,
				    m->first_track ? m->first_track : 1,
				    &track);
	if (err)
		return lathep_mmc_unless_unknown(mmc, err);
	if (track.packet && track.fixed_packet)
		m->status = LATHE_MMC_STATUS_PACKET;
	return 0;
}

/* ---- sessions and tracks ------------------------------------------------ */

static void count_sessions(const struct answers *a, struct lathe_mmc_medium *m)
{
	const struct lathe_mmc_disc_info *i = &a->info;

	m->disc_type = i->disc_type;
	m->erasable = i->erasable;
	m->has_disc_id = i->has_disc_id;
	m->disc_id = i->has_disc_id ? i->disc_id : 0;
	m->first_track = i->first_track;
	if (lathep_mmc_is_blank(a->strategy, i)) {
		m->open_track = a->open.track ? a->open.track : 1;
		return;
	}
	m->sessions = lathep_mmc_complete_sessions(i);
	m->last_track = i->last_session_last_track;
	if (i->session_state == LATHE_MMC_SESSION_COMPLETE ||
	    i->disc_status > LATHE_MMC_DISC_APPENDABLE)
		return;
	/* Tracks of a cut session may be closed already. */
	if (i->session_state == LATHE_MMC_SESSION_INCOMPLETE &&
	    i->last_session_first_track > 1 &&
	    m->last_track >= i->last_session_first_track)
		m->last_track = (uint16_t)(i->last_session_first_track - 1);
	/* The last track is the one that nothing is in yet. */
	m->open_track =
		a->open.track ? a->open.track : i->last_session_last_track;
	if (m->last_track > 0 && m->last_track >= m->open_track)
		m->last_track = (uint16_t)(m->open_track - 1);
}

static void take_open_track(const struct answers *a, struct lathe_mmc_medium *m)
{
	m->has_next_writable = a->has_open;
	m->next_writable = a->has_open ? a->open.next_writable : 0;
	m->free_blocks = a->open.free_blocks;
	if (m->status == LATHE_MMC_STATUS_BLANK && !a->has_open) {
		/* A blank disc starts at 0, whether its drive says so. */
		m->has_next_writable = true;
		m->next_writable = 0;
		if (m->free_blocks == 0)
			m->free_blocks = a->open.size_blocks;
	}
}

/*
 * DVD and BD: drives make their TOC up, so the tracks are asked, from the last
 * one back to the first of its session.
 */
static int read_last_session_of_tracks(struct lathe_mmc *mmc,
				       struct lathe_mmc_medium *m)
{
	struct lathe_mmc_track_info track;
	uint16_t session = 0;
	int err;

	for (uint32_t n = m->last_track, i = 0; n > 0 && i < TRACKS_MAX;
	     n--, i++) {
		err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, n,
					    &track);
		if (err)
			return lathep_mmc_unless_unknown(mmc, err);
		if (i > 0 && track.session != session)
			break;
		session = track.session;
		m->last_session_first_track = track.track;
		m->last_session_start = lathep_mmc_plain_lba(track.start);
		m->last_session_data =
			!lathep_mmc_is(mmc->strategy,
				       LATHEP_MMC_TOC_IS_TRUE) ||
			track.track_mode & 0x04;
	}
	return 0;
}

/* CD: where the last complete session starts; the TOC's own answer first. */
static int read_last_session_of_toc(struct lathe_mmc *mmc,
				    struct lathe_mmc_medium *m)
{
	struct lathe_mmc_toc_track first;
	uint8_t toc[12];
	size_t moved;
	int err;

	err = lathep_mmc_toc(mmc, LATHE_MMC_TOC_SESSIONS, toc, sizeof(toc),
			     &moved);
	if (err == 0 && lathe_mmc_parse_toc_track(toc, moved, 0, &first) == 0) {
		m->last_session_first_track = first.number;
		m->last_session_start = lathep_mmc_plain_lba(first.start);
		m->last_session_data = first.data;
		return 0;
	}
	if (err && err != LATHE_ERR_SENSE && err != LATHE_ERR_CORRUPT)
		return err;
	return read_last_session_of_tracks(mmc, m);
}

static int read_last_session(struct lathe_mmc *mmc, struct lathe_mmc_medium *m)
{
	if (m->sessions == 0)
		return 0;
	return lathep_mmc_is(mmc->strategy, LATHEP_MMC_TOC_IS_TRUE)
		       ? read_last_session_of_toc(mmc, m)
		       : read_last_session_of_tracks(mmc, m);
}

/* The track of a cut burn is the last one, and closed in its own mode. */
static bool take_open_mode(const struct answers *a, struct lathe_mmc_medium *m)
{
	const struct lathe_mmc_track_info *open = &a->open;

	if (m->status != LATHE_MMC_STATUS_UNFINISHED || !begun(a) ||
	    open->blank || !(open->track_mode & 0x04) ||
	    (open->data_mode != 1 && open->data_mode != 2))
		return false;
	m->data_mode = open->data_mode;
	return true;
}

/* An appended session takes over the mode of the last data track. */
static int read_data_mode(struct lathe_mmc *mmc, struct lathe_mmc_medium *m)
{
	struct lathe_mmc_track_info track;
	uint32_t looked = 0;

	for (uint32_t n = m->last_track; n > 0 && looked < TRACKS_MAX;
	     n--, looked++) {
		int err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, n,
						&track);

		if (err)
			return lathep_mmc_unless_unknown(mmc, err);
		if (!(track.track_mode & 0x04))
			continue;
		if (track.data_mode == 1 || track.data_mode == 2)
			m->data_mode = track.data_mode;
		else if (m->disc_type == 0x20)
			m->data_mode = 2;
		return 0;
	}
	return 0;
}

/* ---- all of it ---------------------------------------------------------- */

static bool records(const struct lathep_mmc_features *f,
		    const struct lathep_mmc_way *way)
{
	return way && (f->current & way->any) &&
	       (f->current & way->all) == way->all;
}

static void take_ways(const struct answers *a, struct lathe_mmc_medium *m)
{
	const struct lathep_mmc_strategy *s = a->strategy;
	const struct lathep_mmc_features *f = &a->features;
	bool usual;

	/* Of another disc, or of one for random recording, it says nothing. */
	m->pseudo_overwrite =
		lathep_mmc_is(s, LATHEP_MMC_EMPTY_IS_BLANK) &&
		(f->current &
		 LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_BD_R_POW)) != 0;
	usual = !m->pseudo_overwrite && records(f, s->usual);
	m->can_at_once = records(f, s->at_once);
	m->writable = usual || m->can_at_once;
	m->at_once_only = m->can_at_once && !usual;
	m->can_simulate = m->writable &&
			  (f->test_write &
			   (usual ? s->usual : s->at_once)->test) != 0;
	m->can_simulate_at_once = m->can_at_once &&
				  (f->test_write & s->at_once->test) != 0;
	m->can_stream = m->writable && f->streams &&
			lathep_mmc_is(s, LATHEP_MMC_MANAGES_DEFECTS);
	m->ecc_blocks = s->alignment;
	m->single_speed = s->single_speed;
	m->has_layer_break = lathep_mmc_is(s, LATHEP_MMC_LAYER_BREAK);
	/* Where a session is complete there is a head in each of them. */
	m->overwritable = (m->pseudo_overwrite &&
			   !lathep_mmc_complete_sessions(&a->info)) ||
			  lathep_mmc_is(s, LATHEP_MMC_OVERWRITABLE);
	m->single_session = lathep_mmc_is(s, LATHEP_MMC_SINGLE_SESSION) ||
			    m->at_once_only;
}

/* Not every drive counts the empty session of a BD-R, which would make one
 * session none: its track tells. */
static void count_empty_session(struct answers *a)
{
	if (!lathep_mmc_is(a->strategy, LATHEP_MMC_EMPTY_IS_BLANK) ||
	    a->info.session_state != LATHE_MMC_SESSION_EMPTY ||
	    a->open.start == 0)
		return;
	if (a->info.sessions < 2)
		a->info.sessions = 2;
	if (a->info.sessions < a->open.session)
		a->info.sessions = a->open.session;
}

static int ask_all(struct lathe_mmc *mmc, struct answers *a)
{
	int err;

	memset(a, 0, sizeof(*a));
	err = lathep_mmc_features(mmc, &a->features);
	if (err)
		return err;
	a->strategy = lathep_mmc_strategy(a->features.profile);
	mmc->strategy = a->strategy;
	mmc->link_size = a->features.link_size;
	if (a->strategy->kind == LATHE_MMC_KIND_NONE)
		return 0;
	/* In a test write some drives tell a state that is not the disc's. */
	if (a->strategy->usual && a->strategy->usual->test && !mmc->simulating)
		lathep_mmc_clear_test_write(mmc);

	err = lathep_mmc_disc_info(mmc, 0, &a->info);
	if (err && ((a->strategy->usual &&
		     !lathep_mmc_is(a->strategy, LATHEP_MMC_OVERWRITABLE)) ||
		    !lathep_mmc_unknown(mmc, err)))
		return err;
	a->has_info = err == 0;
	if (!a->has_info || a->info.disc_status > LATHE_MMC_DISC_APPENDABLE ||
	    lathep_mmc_is(a->strategy, LATHEP_MMC_OVERWRITABLE))
		return 0;
	err = lathep_mmc_open_track(mmc, &a->info, &a->open);
	if (err && err != LATHE_ERR_NOT_FOUND)
		return err;
	a->has_open = err == 0;
	count_empty_session(a);
	return 0;
}

static int read_sequential(struct lathe_mmc *mmc, const struct answers *a,
			   struct lathe_mmc_medium *m)
{
	int err;

	m->status = status_of(a);
	if (a->has_info)
		count_sessions(a, m);
	else
		m->sessions = m->first_track = m->last_track = 1;
	take_open_track(a, m);
	/* IEC 60908: numbers of two digits. Behind the last one is none. */
	if (lathep_mmc_is(a->strategy, LATHEP_MMC_TOC_IS_TRUE) &&
	    m->open_track >= TRACKS_MAX)
		m->single_session = true;

	err = check_packets(mmc, a, m);
	if (!err)
		err = read_last_session(mmc, m);
	if (!err && !take_open_mode(a, m))
		err = read_data_mode(mmc, m);
	if (!err && m->sessions > 0)
		err = lathep_mmc_read_end(mmc, &m->readable_end);
	if (err)
		return err;
	m->capacity_blocks =
		m->has_next_writable &&
				m->free_blocks <= UINT32_MAX - m->next_writable
			? m->next_writable + m->free_blocks
			: m->readable_end;
	return 0;
}

static int read_once(struct lathe_mmc *mmc, struct lathe_mmc_medium *m)
{
	struct answers a;
	int err;

	memset(m, 0, sizeof(*m));
	err = ask_all(mmc, &a);
	if (err)
		return err;
	m->profile = a.features.profile;
	m->kind = a.strategy->kind;
	if (m->kind == LATHE_MMC_KIND_NONE)
		return 0;
	take_ways(&a, m);
	err = m->overwritable ? lathep_mmc_read_overwritable(
					mmc, a.has_info ? &a.info : NULL, m)
			      : read_sequential(mmc, &a, m);
	/* Of pseudo-overwrite, whose session is never complete, READ CAPACITY
	 * may tell nothing. */
	if (m->overwritable && a.has_open &&
	    m->readable_end < a.open.next_writable)
		m->readable_end = a.open.next_writable;
	mmc->end_lba = m->capacity_blocks ? m->capacity_blocks - 1 : 0;
	return err;
}

/* Blank, or blank and not blank at the same time. */
static bool is_empty(const struct lathe_mmc_medium *m)
{
	return m->status == LATHE_MMC_STATUS_BLANK ||
	       m->status == LATHE_MMC_STATUS_UNFORMATTED ||
	       m->status == LATHE_MMC_STATUS_DAMAGED;
}

static int read_medium(struct lathe_mmc *mmc, struct lathe_mmc_medium *m)
{
	bool fresh;
	int err;

	mmc->known = 0;
	mmc->formatted = 0;
	for (int i = 1; i <= READ_AGAIN_MAX; i++) {
		err = lathep_mmc_test_ready(mmc, LATHEP_MMC_READY_MS, 0);
		fresh = mmc->changed && i < READ_AGAIN_MAX;
		mmc->changed = 0;
		if (err == 0)
			err = read_once(mmc, m);
		if (err == LATHE_ERR_NO_MEDIUM) {
			memset(m, 0, sizeof(*m));
			err = 0;
		} else if (err == LATHE_ERR_SENSE && mmc->failure.asc == 0x30) {
			/* A disc that this drive can not even read. */
			memset(m, 0, sizeof(*m));
			m->kind = LATHE_MMC_KIND_OTHER;
			m->status = LATHE_MMC_STATUS_DAMAGED;
			err = 0;
		}
		if (err)
			return err;
		/* Before a drive has looked at a disc it may call it blank. */
		if (fresh && is_empty(m))
			lathep_mmc_sleep(mmc, SETTLE_MS);
		else if (!mmc->changed) {
			mmc->known = 1;
			return 0;
		}
	}
	return lathep_mmc_fail(mmc, LATHE_ERR_TIMEOUT,
			       "the medium changes again and again");
}

int lathe_mmc_read_medium(struct lathe_mmc *mmc, struct lathe_mmc_medium *out)
{
	struct lathe_mmc_medium m;
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	err = read_medium(mmc, &m);
	if (err == 0)
		*out = m;
	return lathep_mmc_leave(mmc, err);
}

int lathe_mmc_read_track(struct lathe_mmc *mmc, uint32_t track,
			 struct lathe_mmc_track *out)
{
	struct lathe_mmc_track_info info;
	int err;

	lathep_mmc_enter(mmc);
	if (track == 0 || track > LATHE_MMC_TRACK_MAX)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "there is no track %lu",
				       (unsigned long)track);
	err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, track, &info);
	if (err)
		return lathep_mmc_leave(mmc, err);

	memset(out, 0, sizeof(*out));
	out->number = info.track;
	out->session = info.session;
	out->data = (info.track_mode & 0x04) != 0;
	out->blank = info.blank;
	out->reserved = info.reserved;
	out->packet = info.packet;
	out->damaged = info.damaged;
	out->has_next_writable = info.has_next_writable;
	out->has_last_recorded = info.has_last_recorded;
	if (info.data_mode == 1 || info.data_mode == 2)
		out->data_mode = info.data_mode;
	out->start = lathep_mmc_plain_lba(info.start);
	out->next_writable = lathep_mmc_plain_lba(info.next_writable);
	out->free_blocks = info.free_blocks;
	out->size_blocks = info.size_blocks;
	out->last_recorded = info.last_recorded;
	return lathep_mmc_leave(mmc, 0);
}

int lathe_mmc_read_full_toc(struct lathe_mmc *mmc, uint8_t *out, size_t room,
			    size_t *moved)
{
	size_t got;
	int err;

	lathep_mmc_enter(mmc);
	if (room < 4)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "room for the header is needed");
	err = lathep_mmc_toc(mmc, LATHE_MMC_TOC_FULL, out, room, &got);
	if (err == 0)
		*moved = got;
	return lathep_mmc_leave(mmc, err);
}
