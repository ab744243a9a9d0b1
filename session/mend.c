/* SPDX-License-Identifier: MIT */
/*
 * mend.c - overwritable media without a recording: the head anew, or nothing
 * on it any more.
 */
#include "session/session_internal.h"

#include <string.h>

/* File systems begin in the first 64 blocks. Where nothing is in front of it, a
 * session that begins at 64 is found as well, by its descriptors at 80. */
#define CLEARED 96u

int lathep_session_put(struct lathe_mmc *mmc,
		       const struct lathe_mmc_medium *medium,
		       struct lathe_mmc_recording *how, uint32_t lba,
		       const uint8_t *data)
{
	uint32_t start;
	int err;

	how->overwrite_start = lba;
	how->track_blocks = LATHEP_SESSION_HEAD;
	err = lathe_mmc_begin_track(mmc, medium, how, &start);
	if (!err)
		err = lathe_mmc_write(mmc, lba, LATHEP_SESSION_HEAD, data);
	return err ? err : lathe_mmc_end_track(mmc);
}

/* 'room' for LATHEP_SESSION_HEAD blocks. */
static int mend_head(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		     const struct lathe_mmc_medium *medium,
		     const struct lathep_session_grown *grown, uint8_t *room)
{
	struct lathe_mmc_recording how = { .speed_kb_per_s = 0 };
	struct lathe_session_reader reader;
	bool agrees;
	int err;

	lathep_session_strict_reader(&reader, mmc, medium, true);
	err = lathep_session_head(&reader.blocks, hooks, grown, room, &agrees);
	if (reader.drive_err)
		err = reader.drive_err;
	if (!err)
		err = lathep_session_put(mmc, medium, &how, 0, room);
	return err ? err : lathe_mmc_close_session(mmc, medium, false);
}

static int look(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		struct lathe_mmc_medium *medium,
		struct lathep_session_grown *grown)
{
	int err = lathep_session_read_medium(mmc, medium);

	if (!err && !medium->overwritable)
		return LATHE_ERR_MEDIUM_TYPE;
	return err ? err : lathep_session_look(mmc, hooks, medium, grown);
}

static int mend(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		const struct lathe_mmc_medium *medium,
		const struct lathep_session_grown *grown)
{
	uint8_t *room = lathep_session_alloc(hooks, LATHEP_SESSION_HEAD_BYTES);
	int err;

	if (!room)
		return LATHE_ERR_MEMORY;
	err = mend_head(mmc, hooks, medium, grown, room);
	lathep_session_free(hooks, room, LATHEP_SESSION_HEAD_BYTES);
	return err;
}

static int repair(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		  struct lathep_session_grown *grown, bool *needed)
{
	struct lathe_mmc_medium medium;
	int err = look(mmc, hooks, &medium, grown);
	bool torn;

	/* Of a disc that grows some drives read nothing before it is closed. */
	if (!err && !grown->sessions && !grown->blank) {
		err = lathe_mmc_close_session(mmc, &medium, false);
		if (!err)
			err = look(mmc, hooks, &medium, grown);
	}
	/* Behind a first session that began at LBA 0 the next one may be
	 * anywhere. */
	if (!err && !grown->sessions && !grown->blank)
		err = lathep_session_look_everywhere(mmc, hooks, &medium,
						     grown);
	if (err)
		return err;
	if (!grown->sessions)
		return LATHE_ERR_NO_VOLUME;
	if (!grown->newest.found.descriptors)
		return LATHE_ERR_CORRUPT;
	torn = grown->torn;
	if (torn)
		err = mend(mmc, hooks, &medium, grown);
	if (!err && torn)
		err = look(mmc, hooks, &medium, grown);
	if (!err && torn && grown->torn)
		err = LATHE_ERR_VERIFY;
	if (!err)
		*needed = torn;
	return err;
}

int lathe_session_repair(struct lathe_mmc *mmc,
			 const struct lathe_hooks *hooks, bool *needed,
			 struct lathe_failure *failure)
{
	struct lathep_session_grown *grown;
	int err;

	hooks = lathep_session_hooks(hooks);
	if (failure)
		memset(failure, 0, sizeof(*failure));
	grown = lathep_session_alloc(hooks, sizeof(*grown));
	if (!grown)
		return lathep_session_fail_plain(failure, LATHE_ERR_MEMORY,
						 "repairing");
	/* The search may take an hour: what is mended is what was found. */
	lathe_mmc_lock_tray(mmc, true);
	err = repair(mmc, hooks, grown, needed);
	/* Told before the drive is asked anything else. */
	if (err)
		lathep_session_fail_mmc(failure, mmc, err, "repairing");
	/* Still torn: a track of its own may be open. */
	if (grown->torn)
		lathe_mmc_abandon_track(mmc);
	lathep_session_unlock(mmc);
	lathep_session_free(hooks, grown, sizeof(*grown));
	return err;
}

static int clear(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		 const struct lathe_mmc_medium *medium,
		 struct lathe_failure *failure)
{
	struct lathe_mmc_recording how = { .speed_kb_per_s = 0 };
	uint8_t *zeros = lathep_session_alloc(hooks, LATHEP_SESSION_HEAD_BYTES);
	uint32_t lba;
	int err = 0;

	if (!zeros)
		return lathep_session_fail_plain(failure, LATHE_ERR_MEMORY,
						 "blanking");
	for (lba = 0; lba < CLEARED && !err; lba += LATHEP_SESSION_HEAD)
		err = lathep_session_put(mmc, medium, &how, lba, zeros);
	if (!err)
		err = lathe_mmc_close_session(mmc, medium, false);
	if (err)
		lathep_session_fail_mmc(failure, mmc, err, "blanking");
	lathe_mmc_abandon_track(mmc);
	lathep_session_free(hooks, zeros, LATHEP_SESSION_HEAD_BYTES);
	return err;
}

int lathe_session_blank(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
			enum lathe_mmc_blanking how,
			struct lathe_failure *failure)
{
	struct lathe_mmc_medium medium;
	int err = lathep_session_read_medium(mmc, &medium);

	if (failure)
		memset(failure, 0, sizeof(*failure));
	if (!err && medium.status == LATHE_MMC_STATUS_UNFORMATTED)
		return 0;
	if (!err && medium.overwritable && how <= LATHE_MMC_BLANK_USUAL &&
	    (how != LATHE_MMC_BLANK_FULL ||
	     medium.kind != LATHE_MMC_KIND_DVD_RW_OVERWRITE))
		return clear(mmc, lathep_session_hooks(hooks), &medium,
			     failure);
	if (!err)
		err = lathe_mmc_blank(mmc, &medium, how);
	return err ? lathep_session_fail_mmc(failure, mmc, err, "blanking") : 0;
}
