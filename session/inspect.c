/* SPDX-License-Identifier: MIT */
/*
 * inspect.c - what is in the drive, and what can be done with it.
 *
 * A disc is continued by itself when all of this holds: it can take a further
 * session; its last session is complete and begins with a data track; there
 * an ISO 9660 volume with Joliet stands that bears lathe's mark and can be
 * read into a consistent tree; and the smallest session there can be fits.
 */
#include "session/session_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *lathe_session_mode_name(enum lathe_session_mode mode)
{
	switch (mode) {
	case LATHE_SESSION_MODE_SINGLE:
		return "single";
	case LATHE_SESSION_MODE_MULTI:
		return "multi";
	default:
		return "none";
	}
}

void lathep_session_judge(struct lathe_session_disc *disc,
			  enum lathe_session_mode mode,
			  enum lathe_session_why why, const char *format, ...)
{
	va_list args;

	disc->mode = mode;
	disc->why = why;
	va_start(args, format);
	vsnprintf(disc->why_text, sizeof(disc->why_text), format, args);
	va_end(args);
}

static int no_medium(struct lathe_session_disc *disc)
{
	lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
			     LATHE_SESSION_WHY_NO_MEDIUM,
			     "there is no disc in the drive");
	return 0;
}

/* Is this about the disc, so that it is a finding, or about the drive? */
static bool is_finding(const struct lathe_mmc *mmc, int err)
{
	/* Blocks that are unreadable, out of range, or not recorded. */
	if (lathe_mmc_failure(mmc)->err == err)
		return lathe_session_of_the_disc(mmc, err);
	switch (err) {
	case LATHE_ERR_NO_VOLUME:
	case LATHE_ERR_CORRUPT:
	case LATHE_ERR_UNSUPPORTED:
	case LATHE_ERR_NAME:
	case LATHE_ERR_ARG: /* a disc shorter than its volume's head */
		return true;
	default:
		return false;
	}
}

/* The head of the last complete session. 0 also where there is none: then
 * disc->found stays empty and *found_err tells why. */
static int look_at_volume(struct lathe_mmc *mmc,
			  const struct lathe_session_config *config,
			  struct lathe_session_disc *disc,
			  struct lathe_session_identity *identity,
			  int *found_err)
{
	int err;

	*found_err = LATHE_ERR_NO_VOLUME;
	err = lathep_session_find_end(mmc, disc);
	if (!err && identity)
		err = lathep_session_identify(mmc, &disc->medium, NULL,
					      identity);
	if (err || !disc->last_end || !disc->medium.last_session_data)
		return err;
	err = lathep_session_probe(mmc, &disc->medium,
				   disc->medium.last_session_start,
				   &config->joliet, &disc->found);
	*found_err = err;
	if (!err)
		return 0;
	memset(&disc->found, 0, sizeof(disc->found));
	return is_finding(mmc, err) ? 0 : err;
}

/* The same where the drive keeps no account of sessions. */
static int look_at_grown(struct lathe_mmc *mmc,
			 const struct lathe_session_config *config,
			 struct lathe_session_disc *disc,
			 struct lathe_session_identity *identity,
			 int *found_err)
{
	struct lathep_session_grown grown;
	int err = lathep_session_look(mmc, &config->hooks, &disc->medium,
				      &grown);

	if (!err && identity)
		err = lathep_session_identify(mmc, &disc->medium, &grown,
					      identity);
	if (err)
		return err;
	lathep_session_lay_over(&grown, &disc->medium);
	disc->blank = grown.blank;
	disc->head_torn = grown.torn;
	disc->newest = grown.newest;
	disc->place = grown.place;
	disc->boot_records = grown.boot_records;
	disc->last_end = grown.newest.end;
	disc->found = grown.newest.found;
	*found_err = grown.newest.found.descriptors ? 0 : LATHE_ERR_CORRUPT;
	return 0;
}

/* Reasons that lie in the medium alone. False: look further. */
static bool judge_medium(struct lathe_session_disc *disc)
{
	const struct lathe_mmc_medium *medium = &disc->medium;
	const char *kind = lathe_mmc_kind_name(medium->kind);

	switch (medium->status) {
	case LATHE_MMC_STATUS_FINAL:
		lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
				     LATHE_SESSION_WHY_FINAL,
				     "the %s is final after %u session%s",
				     kind, medium->sessions,
				     LATHEP_SESSION_S(medium->sessions));
		return true;
	case LATHE_MMC_STATUS_PACKET:
		lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
				     LATHE_SESSION_WHY_NO_STRATEGY,
				     "the %s is formatted for packet writing: "
				     "it can be read, and be used after "
				     "blanking", kind);
		return true;
	case LATHE_MMC_STATUS_UNFINISHED:
		lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
				     LATHE_SESSION_WHY_UNFINISHED,
				     "session %u was cut short and is still "
				     "open", medium->sessions + 1u);
		return true;
	case LATHE_MMC_STATUS_DAMAGED:
		lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
				     LATHE_SESSION_WHY_UNFINISHED,
				     "the drive calls the last session "
				     "damaged");
		return true;
	default:
		break;
	}
	if (!medium->writable || (medium->at_once_only && !disc->blank)) {
		lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
				     LATHE_SESSION_WHY_NO_STRATEGY,
				     medium->pseudo_overwrite ?
					     "the %s is formatted for "
					     "pseudo-overwrite: it can be "
					     "read, not recorded on" :
					     "this %s can not be recorded in "
					     "this drive", kind);
		return true;
	}
	if (!disc->blank)
		return false;
	lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
			     LATHE_SESSION_WHY_BLANK,
			     "a blank %s, %u blocks free", kind,
			     medium->free_blocks);
	return true;
}

/* A used disc that is not continued by itself. */
static void judge_foreign(struct lathe_session_disc *disc, int found_err)
{
	const struct lathe_mmc_medium *medium = &disc->medium;

	if (medium->overwritable && !medium->sessions)
		lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
				     LATHE_SESSION_WHY_NO_VOLUME,
				     "the %s holds no ISO 9660 volume; "
				     "repairing looks for sessions in all of "
				     "it",
				     lathe_mmc_kind_name(medium->kind));
	else if (!medium->last_session_data)
		lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
				     LATHE_SESSION_WHY_AUDIO,
				     "session %u begins with audio",
				     medium->sessions);
	else if (found_err && found_err != LATHE_ERR_NO_VOLUME)
		/* Whose they were can not be told: not ours by itself. */
		lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
				     LATHE_SESSION_WHY_NO_VOLUME,
				     "the volume descriptors of the last "
				     "session, at %u, are damaged",
				     medium->last_session_start + 16u);
	else if (found_err)
		lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
				     LATHE_SESSION_WHY_NO_VOLUME,
				     "session %u, at %u, holds no ISO 9660 "
				     "volume", medium->sessions,
				     medium->last_session_start);
	else if (!(disc->found.hierarchies & LATHEP_SESSION_JOLIET_BIT))
		lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
				     LATHE_SESSION_WHY_NO_JOLIET,
				     "another program wrote session %u, "
				     "without Joliet: it can be imported on "
				     "request", medium->sessions);
	else
		lathep_session_judge(disc, LATHE_SESSION_MODE_SINGLE,
				     LATHE_SESSION_WHY_FOREIGN,
				     "another program wrote session %u: it "
				     "can be imported on request",
				     medium->sessions);
}

static bool is_own(const struct lathe_session_disc *disc)
{
	return disc->found.own &&
	       disc->found.hierarchies & LATHEP_SESSION_JOLIET_BIT &&
	       disc->found.self.start == disc->medium.last_session_start;
}

static void judge_own(struct lathe_session_disc *disc)
{
	const struct lathe_mmc_medium *medium = &disc->medium;

	if (disc->smallest_need > medium->free_blocks)
		lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
				     LATHE_SESSION_WHY_NO_ROOM,
				     "the smallest further session needs %u "
				     "blocks, there is room for %u",
				     disc->smallest_need, medium->free_blocks);
	else
		lathep_session_judge(disc, LATHE_SESSION_MODE_MULTI,
				     LATHE_SESSION_WHY_OWN,
				     "own disc with %u session%s, %u blocks "
				     "free%s", medium->sessions,
				     LATHEP_SESSION_S(medium->sessions),
				     medium->free_blocks,
				     disc->head_torn ?
					     "; its descriptors at 16 are cut: "
					     "the next session mends them" :
					     "");
}

/* The tree of an own disc, and what follows from it. */
static int examine_own(struct lathe_mmc *mmc,
		       const struct lathe_session_config *config,
		       struct lathe_session_disc *disc,
		       struct lathe_iso9660_tree **tree,
		       struct lathe_failure *failure)
{
	int err;

	err = lathep_session_read_tree(mmc, config, disc, tree, failure);
	if (!err) {
		judge_own(disc);
		return 0;
	}
	if (!is_finding(mmc, err))
		return err;
	lathep_session_judge(disc, LATHE_SESSION_MODE_NONE,
			     LATHE_SESSION_WHY_CORRUPT,
			     "own disc, damaged: %s",
			     failure->text);
	return 0;
}

int lathep_session_examine(struct lathe_mmc *mmc,
			   const struct lathe_session_config *config,
			   struct lathe_session_disc *disc,
			   struct lathe_session_identity *identity,
			   struct lathe_iso9660_tree **tree,
			   struct lathe_failure *failure)
{
	int err, found_err;

	memset(disc, 0, sizeof(*disc));
	*tree = NULL;
	lathep_session_progress(&config->hooks, LATHE_PHASE_INSPECTING, 0, 0);
	err = lathep_session_read_medium(mmc, &disc->medium);
	if (err == LATHE_ERR_NO_MEDIUM)
		return no_medium(disc);
	disc->blank = disc->medium.status == LATHE_MMC_STATUS_BLANK;
	if (!err)
		err = disc->medium.overwritable ?
			      look_at_grown(mmc, config, disc, identity,
					    &found_err) :
			      look_at_volume(mmc, config, disc, identity,
					     &found_err);
	if (err)
		return lathep_session_fail_mmc(failure, mmc, err,
					       "inspecting the disc");
	lathep_session_costs(&disc->medium, 0, &disc->costs);
	lathe_mmc_session_costs(disc->medium.kind, disc->medium.sessions + 1u,
				&disc->next_costs);
	if (disc->medium.overwritable)
		disc->next_costs = disc->costs;
	if (judge_medium(disc))
		return 0;
	if (found_err || !is_own(disc)) {
		judge_foreign(disc, found_err);
		return 0;
	}
	return examine_own(mmc, config, disc, tree, failure);
}

int lathe_session_inspect(struct lathe_mmc *mmc,
			  const struct lathe_hooks *hooks,
			  struct lathe_session_disc *out)
{
	struct {
		struct lathe_session_config config;
		struct lathe_session_disc disc;
		struct lathe_failure failure;
	} *room;
	struct lathe_iso9660_tree *tree;
	int err;

	hooks = lathep_session_hooks(hooks);
	room = lathep_session_alloc(hooks, sizeof(*room));
	if (!room)
		return LATHE_ERR_MEMORY;
	room->config.size = sizeof(room->config);
	room->config.map_names = true;
	/* What the next session may take: rather too much than too little. */
	room->config.system_use = &lathe_iso9660_rock_ridge;
	room->config.hooks = *hooks;
	err = lathep_session_examine(mmc, &room->config, &room->disc, NULL,
				     &tree, &room->failure);
	if (!err) {
		lathe_iso9660_tree_destroy(tree);
		*out = room->disc;
	}
	lathep_session_free(hooks, room, sizeof(*room));
	return err;
}
