/* SPDX-License-Identifier: MIT */
/*
 * late_close.c - closing what an earlier burn left open.
 */
#include "session/session_internal.h"

#include <string.h>

/* Where the open session begins: the first track behind the complete ones. */
int lathep_session_find_open(struct lathe_mmc *mmc,
			     const struct lathe_mmc_medium *medium,
			     uint32_t *start)
{
	uint32_t number = medium->open_track, last;
	struct lathe_mmc_track track;
	bool found = false;
	int err;

	last = medium->last_track > number ? medium->last_track : number;
	for (number = last; number > 0; number--) {
		err = lathe_mmc_read_track(mmc, number, &track);
		if (err == LATHE_ERR_SENSE && !found)
			continue;
		if (err)
			return err;
		if (track.session <= medium->sessions)
			break;
		*start = track.start;
		found = true;
	}
	return found ? 0 : LATHE_ERR_NOT_FOUND;
}

/* Blocks up to the next address: READ CAPACITY does not count an open session.
 * A track that can not go on has none; the drive refuses what is not there. */
void lathep_session_open_reader(struct lathe_session_reader *reader,
				struct lathe_mmc *mmc,
				const struct lathe_mmc_medium *medium)
{
	lathep_session_strict_reader(reader, mmc, medium, true);
	reader->blocks.end = medium->has_next_writable ?
				     medium->next_writable : UINT32_MAX;
}

static void tell_cut(void *ctx, const char *path, uint32_t lba,
		     const char *text)
{
	const struct lathe_hooks *const *hooks = ctx;

	(void)lba;
	if (strcmp(path, "/") != 0)
		lathep_session_log(*hooks, LATHE_LOG_WARNING,
				   "session.not-whole", "%s: %s", path, text);
}

/* Files that were cut are told: a reserved track is filled up when it is
 * closed, and zeros are read in their place without an error. */
static int check_metadata(struct lathe_mmc *mmc,
			  const struct lathe_mmc_medium *medium,
			  const struct lathe_hooks *hooks)
{
	struct lathe_session_reader reader;
	struct lathe_session_check check;
	uint32_t start;
	int err;

	err = lathep_session_find_open(mmc, medium, &start);
	if (err)
		return err;
	lathep_session_open_reader(&reader, mmc, medium);
	err = lathe_session_verify_volume(&reader.blocks, start,
					  LATHEP_SESSION_VERIFY_ENDS, hooks,
					  tell_cut, &hooks, &check, NULL);
	return err == LATHE_ERR_VERIFY && check.files_bad &&
			       !check.entries_lost ?
		       0 :
		       err;
}

/* No word on the metadata: the drive may know more another time. */
static bool is_trouble(const struct lathe_mmc *mmc, int *err)
{
	int why = lathe_mmc_failure(mmc)->err;

	if (!why || lathe_session_of_the_disc(mmc, why))
		return *err == LATHE_ERR_MEMORY || *err == LATHE_ERR_CANCELLED;
	*err = why;
	return true;
}

static int check_status(const struct lathe_mmc_medium *medium, bool final,
			struct lathe_failure *failure)
{
	if (medium->overwritable)
		return lathep_session_fail(failure, LATHE_ERR_MEDIUM_TYPE,
					   "this %s has no sessions to close, "
					   "and is never final",
					   lathe_mmc_kind_name(medium->kind));
	switch (medium->status) {
	case LATHE_MMC_STATUS_FINAL:
		return lathep_session_fail(failure, LATHE_ERR_NOT_APPENDABLE,
					   "the disc is final already");
	case LATHE_MMC_STATUS_PACKET:
		return lathep_session_fail(failure, LATHE_ERR_MEDIUM_TYPE,
					   "the disc is formatted for packet "
					   "writing");
	case LATHE_MMC_STATUS_BLANK:
		return lathep_session_fail(failure, LATHE_ERR_STATE,
					   "the disc is blank: there is "
					   "nothing to close");
	case LATHE_MMC_STATUS_APPENDABLE:
		if (final)
			return 0;
		return lathep_session_fail(failure, LATHE_ERR_STATE,
					   "no session is open: there is "
					   "nothing to close");
	default:
		break;
	}
	return 0;
}

static bool is_closed(const struct lathe_mmc_medium *before,
		      const struct lathe_mmc_medium *now, bool final)
{
	if (final)
		return now->status == LATHE_MMC_STATUS_FINAL;
	return now->status == LATHE_MMC_STATUS_APPENDABLE &&
	       now->sessions > before->sessions;
}

static int close_and_look(struct lathe_mmc *mmc,
			  const struct lathe_mmc_medium *medium, bool final,
			  struct lathe_failure *failure)
{
	struct lathe_mmc_medium now;
	int err;

	err = lathe_mmc_close_session(mmc, medium, final);
	if (!err)
		err = lathe_mmc_read_medium(mmc, &now);
	if (err)
		return lathep_session_fail_mmc(failure, mmc, err, "closing");
	if (is_closed(medium, &now, final))
		return 0;
	return lathep_session_fail(failure, LATHE_ERR_VERIFY,
				   "closing: the drive calls the disc %s",
				   lathe_mmc_status_name(now.status));
}

static int close_it(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		    bool final, bool force, struct lathe_failure *failure)
{
	struct lathe_mmc_medium medium;
	int err;

	err = lathep_session_read_medium(mmc, &medium);
	if (err)
		return lathep_session_fail_mmc(failure, mmc, err,
					       "reading the disc's state");
	err = check_status(&medium, final, failure);
	if (err)
		return err;
	if (medium.status != LATHE_MMC_STATUS_APPENDABLE)
		err = check_metadata(mmc, &medium, hooks);
	if (force && err != LATHE_ERR_CANCELLED)
		err = 0;
	if (err && is_trouble(mmc, &err))
		return lathep_session_fail_mmc(failure, mmc, err,
					       "reading the disc's state");
	if (err)
		return lathep_session_fail(
			failure, LATHE_ERR_UNFINISHED,
			"the metadata of session %u are not complete on the "
			"disc: closed, %s",
			medium.sessions + 1u,
			medium.sessions ? "it would hide the earlier sessions"
					: "nothing on it could be read");
	lathep_session_progress(hooks, LATHE_PHASE_CLOSING, 0, 0);
	return close_and_look(mmc, &medium, final, failure);
}

int lathe_session_close(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
			bool final, bool force, struct lathe_failure *failure)
{
	int err;

	if (failure)
		memset(failure, 0, sizeof(*failure));
	/* What is closed is what was looked at. */
	lathe_mmc_lock_tray(mmc, true);
	err = close_it(mmc, lathep_session_hooks(hooks), final, force,
		       failure);
	lathep_session_unlock(mmc);
	return err;
}
