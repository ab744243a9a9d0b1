/* SPDX-License-Identifier: MIT */
/* begin_track.c - whether and how a track is recorded, to its first block. */
#include <inttypes.h>

#include "mmc/mmc_strategy.h"

/* MMC-6 7.5 and 4.3.6: 16 blocks, on DVD-R and DVD-RW. */
enum { PACKET_KIB = 32 };

/* ---- may it be? --------------------------------------------------------- */

/* Whether the open track of a cut burn can go on: not where it has to be
 * written in one go. */
static int may_resume(struct lathe_mmc *mmc,
		      const struct lathep_mmc_strategy *s,
		      const struct lathe_mmc_medium *medium)
{
	if (medium->at_once_only || !medium->has_next_writable ||
	    !(s->usual->flags & LATHEP_MMC_FLUSHES))
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "an interrupted track can not go on "
				       "here");
	return 0;
}

/* Whether the disc's status lets anything be recorded. */
static int check_status(struct lathe_mmc *mmc,
			const struct lathep_mmc_strategy *s,
			const struct lathe_mmc_medium *medium, bool resume)
{
	enum lathe_mmc_status status = medium->status;

	if (lathep_mmc_is(s, LATHEP_MMC_OVERWRITABLE))
		return status == LATHE_MMC_STATUS_OVERWRITABLE ||
				       status == LATHE_MMC_STATUS_UNFORMATTED
			       ? 0
			       : lathep_mmc_fail(mmc, LATHE_ERR_NOT_APPENDABLE,
						 "the disc is %s",
						 lathe_mmc_status_name(status));
	if (status == LATHE_MMC_STATUS_UNFINISHED && resume)
		return may_resume(mmc, s, medium);
	if (status == LATHE_MMC_STATUS_UNFINISHED)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_UNFINISHED,
			"the last session was cut short and is open");
	if (status != LATHE_MMC_STATUS_BLANK &&
	    status != LATHE_MMC_STATUS_APPENDABLE)
		return lathep_mmc_fail(mmc, LATHE_ERR_NOT_APPENDABLE,
				       "the disc takes no further session");
	if (status == LATHE_MMC_STATUS_APPENDABLE && !medium->has_next_writable)
		return lathep_mmc_fail(mmc, LATHE_ERR_NOT_APPENDABLE,
				       "the disc is full");
	return 0;
}

/* The way to record; NULL where there is none, and *err tells why. */
static const struct lathep_mmc_way *
choose_way(struct lathe_mmc *mmc, const struct lathep_mmc_strategy *s,
	   const struct lathe_mmc_medium *medium,
	   const struct lathe_mmc_recording *how, int *err)
{
	bool blank = medium->status == LATHE_MMC_STATUS_BLANK;
	bool at_once = how->write_mode == LATHE_MMC_WRITE_MODE_AT_ONCE;

	/* Where it is the only way, and all that it needs is there. */
	if (medium->at_once_only && how->final && how->track_blocks && blank)
		at_once = true;
	if (at_once && (!s->at_once || !medium->can_at_once))
		*err = lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "this disc can not be recorded at once "
				       "in this drive");
	else if (at_once && !blank)
		*err = lathep_mmc_fail(mmc, LATHE_ERR_NOT_BLANK,
				       "only a blank disc is recorded at once");
	else if (at_once && how->track_blocks == 0)
		*err = lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "the length of a track at once has to "
				       "be known");
	else if (!at_once && medium->at_once_only)
		*err = lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive records this disc only at "
				       "once and final");
	else
		return at_once ? s->at_once : s->usual;
	return NULL;
}

int lathep_mmc_check_packet(struct lathe_mmc *mmc,
			    const struct lathep_mmc_way *way)
{
	uint32_t kib = mmc->max_transfer / 1024;

	if (!(way->flags & LATHEP_MMC_WHOLE_PACKETS) || kib >= PACKET_KIB)
		return 0;
	return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
			       "this disc takes %u KiB at a time, the way to "
			       "the drive %" PRIu32 " KiB",
			       PACKET_KIB, kib);
}

static int check_wishes(struct lathe_mmc *mmc,
			const struct lathep_mmc_strategy *s,
			const struct lathep_mmc_way *way,
			const struct lathe_mmc_medium *medium,
			const struct lathe_mmc_recording *how)
{
	uint32_t whole = lathep_mmc_is(s, LATHEP_MMC_OVERWRITABLE)
				 ? how->overwrite_start
				 : how->layer_break;

	if (how->data_mode > 2 ||
	    how->write_mode > LATHE_MMC_WRITE_MODE_AT_ONCE)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG, "no such mode");
	if (how->simulate &&
	    !(way == s->at_once ? medium->can_simulate_at_once
				: medium->can_simulate))
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive announces no test write");
	if (!how->final &&
	    (way->flags & LATHEP_MMC_ONLY_FINAL || medium->single_session))
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "no session can follow on this disc: it "
				       "has to be final");
	if (how->stream && lathep_mmc_is(s, LATHEP_MMC_MANAGES_DEFECTS) &&
	    !medium->can_stream)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive announces no streaming");
	if (how->layer_break && (!lathep_mmc_is(s, LATHEP_MMC_LAYER_BREAK) ||
				 medium->status != LATHE_MMC_STATUS_BLANK))
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "a layer break is for blank DVD+R DL");
	if (whole % s->alignment)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "%" PRIu32 " is no multiple of %u",
				       whole, s->alignment);
	return 0;
}

static int may_record(struct lathe_mmc *mmc,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_recording *how)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);
	const struct lathep_mmc_way *way;
	int err;

	if (!s->usual)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_MEDIUM_TYPE, "%s",
			s->refusal ? s->refusal
				   : "no way is known to record on this "
				     "medium");
	if (medium->pseudo_overwrite)
		return lathep_mmc_fail(mmc, LATHE_ERR_MEDIUM_TYPE,
				       "this BD-R is formatted for "
				       "pseudo-overwrite");
	err = check_status(mmc, s, medium, how->resume);
	if (err)
		return err;
	if (!medium->writable)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_MEDIUM_TYPE,
			"this drive can not record on this medium");
	way = choose_way(mmc, s, medium, how, &err);
	if (!way)
		return err;
	err = check_wishes(mmc, s, way, medium, how);
	if (!err)
		err = lathep_mmc_check_packet(mmc, way);
	if (err)
		return err;
	mmc->strategy = s;
	mmc->way = way;
	return 0;
}

/* ---- beginning ---------------------------------------------------------- */

/* Where the drive takes the first block; the plan was made for it. */
static int find_start(struct lathe_mmc *mmc,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_disc_info *info,
		      struct lathe_mmc_track_info *track)
{
	int err = lathep_mmc_open_track(mmc, info, track);

	if (err == LATHE_ERR_NOT_FOUND &&
	    medium->status == LATHE_MMC_STATUS_BLANK) {
		/* A blank disc starts at 0, whatever stands there. */
		track->next_writable = 0;
		return 0;
	}
	if (err == LATHE_ERR_NOT_FOUND)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_NOT_APPENDABLE,
			"the drive gives no next writable address");
	if (err)
		return err;
	if (track->next_writable != medium->next_writable)
		return lathep_mmc_another_disc(mmc,
					       "the next writable address");
	return 0;
}

/* The streaming bit: for whole ECC blocks only, and a drive that gets smaller
 * ones writes rubbish. */
static bool may_stream(struct lathe_mmc *mmc,
		       const struct lathe_mmc_medium *medium,
		       const struct lathe_mmc_recording *how)
{
	uint32_t chunk = mmc->strategy->chunk_blocks;

	if (!how->stream || !medium->can_stream)
		return false;
	if (mmc->max_transfer / LATHE_BLOCK_BYTES >= chunk)
		return true;
	lathep_mmc_log(mmc, LATHE_LOG_WARNING, "mmc.no-streaming",
		       "commands are too small for streaming");
	return false;
}

static int begin_track(struct lathe_mmc *mmc,
		       const struct lathe_mmc_medium *medium,
		       const struct lathe_mmc_recording *how,
		       struct lathe_mmc_track_info *track)
{
	struct lathe_mmc_disc_info info;
	struct lathep_mmc_job job = {
		.medium = mmc->strategy,
		.disc = medium,
		.how = how,
		.info = &info,
		.simulate = how->simulate,
		.final = how->final,
		.data_mode = lathep_mmc_choose_data_mode(medium,
							 how->data_mode),
	};
	int err;

	if (lathep_mmc_is(mmc->strategy, LATHEP_MMC_OVERWRITABLE))
		job.start = how->overwrite_start;
	if (medium->capacity_blocks)
		mmc->end_lba = medium->capacity_blocks - 1;
	err = lathep_mmc_same_disc(mmc, medium, &info);
	if (!err)
		err = lathep_mmc_set_speed(mmc, how->speed_kb_per_s);
	job.calibrate = !err && info.opc_entries == 0;
	if (!err)
		err = mmc->way->prepare(mmc, &job);
	track->next_writable = job.start;
	if (!err && mmc->way->flags & LATHEP_MMC_ASKS_NEXT)
		err = find_start(mmc, medium, &info, track);
	mmc->data_mode = job.data_mode;
	mmc->lead_blocks = (uint8_t)job.lead_blocks;
	mmc->streaming = may_stream(mmc, medium, how);
	return err;
}

int lathe_mmc_begin_track(struct lathe_mmc *mmc,
			  const struct lathe_mmc_medium *medium,
			  const struct lathe_mmc_recording *recording,
			  uint32_t *start)
{
	struct lathe_mmc_track_info track = { 0 };
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	err = may_record(mmc, medium, recording);
	if (err)
		return err;

	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->reset = 0;
	mmc->simulating = recording->simulate;
	err = begin_track(mmc, medium, recording, &track);
	if (mmc->unsettled == LATHE_MMC_FORMAT_UNIT)
		mmc->unsettled = 0;
	if (err) {
		mmc->guard = LATHEP_MMC_GUARD_NONE;
		mmc->simulating = 0;
		return lathep_mmc_leave(mmc, err);
	}
	mmc->writing = 1;
	mmc->close_sent = 0;
	/* Of a cut burn it is known that it may be damaged. */
	mmc->resynced = recording->resume;
	/* Of several runs of writes one may tell of the run before it. */
	if (!mmc->unsettled)
		mmc->has_last_write = 0;
	mmc->open_track = track.track ? track.track : 1;
	mmc->reserved = track.reserved;
	mmc->track_start = track.next_writable;
	mmc->write_lba = track.next_writable;
	*start = track.next_writable;
	return lathep_mmc_leave(mmc, 0);
}
