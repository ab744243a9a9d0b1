/* SPDX-License-Identifier: MIT */
/*
 * read_back.c - what was recorded is read back past the drive's cache and
 * compared with the checksums of what was sent; never with the sources.
 *
 * Checksums are kept for groups of 32 blocks, so whole groups are read: one
 * command, and hardly slower than a single block, since getting there takes
 * the time. The quick level reads all groups with metadata, and those with
 * the first and last block of each file as far as a twentieth of the time
 * that writing took allows: when it does not last, evenly fewer of them, to
 * the end of the disc.
 */
#include "session/burn_internal.h"

struct pass {
	struct lathep_session_burn *burn;
	uint8_t *buffer;	/* one group */
	uint8_t *wanted;	/* a bit each */
	uint32_t groups;	/* written */
	uint32_t total, done, bad;	/* blocks; groups */
};

static uint32_t blocks_of(const struct pass *pass, uint32_t group)
{
	uint32_t left = pass->burn->written - group * LATHEP_SESSION_GROUP;

	return left < LATHEP_SESSION_GROUP ? left : LATHEP_SESSION_GROUP;
}

static bool is_wanted(const struct pass *pass, uint32_t group)
{
	return pass->wanted[group / 8] >> group % 8 & 1;
}

static void want(struct pass *pass, uint32_t group)
{
	if (group >= pass->groups || is_wanted(pass, group))
		return;
	pass->wanted[group / 8] = (uint8_t)(pass->wanted[group / 8] |
					    1u << group % 8);
	pass->total += blocks_of(pass, group);
}

/* An answer about the disc, not about the way to the drive. */
static bool is_of_the_disc(const struct lathe_mmc *mmc, int err)
{
	return err == LATHE_ERR_CORRUPT || lathe_session_of_the_disc(mmc, err);
}

/* The first bad group's cause is kept: it is the one that is reported. */
static void found_bad(struct pass *pass, uint32_t group, int read_err)
{
	struct lathep_session_burn *burn = pass->burn;
	struct lathe_failure *failure = burn->failure;
	unsigned long lba = (unsigned long)burn->image.start +
			    group * LATHEP_SESSION_GROUP;

	lathep_session_burn_mark_bad(burn, group);
	if (pass->bad++ || burn->rescuing)
		return;
	if (read_err)
		lathep_session_fail_from(failure, lathe_mmc_failure(burn->mmc),
					 LATHE_ERR_VERIFY, "verifying");
	else
		lathep_session_fail(failure, LATHE_ERR_VERIFY,
				    "verifying: blocks %lu to %lu differ from "
				    "what was sent", lba,
				    lba + blocks_of(pass, group) - 1);
	if (!failure->has_lba) {
		failure->has_lba = true;
		failure->lba = (uint32_t)lba;
	}
}

static int check_group(struct pass *pass, uint32_t group)
{
	struct lathep_session_burn *burn = pass->burn;
	uint32_t blocks = blocks_of(pass, group);
	int err;

	err = lathe_mmc_read(burn->mmc,
			     burn->image.start + group * LATHEP_SESSION_GROUP,
			     blocks, true, pass->buffer);
	if (err && !is_of_the_disc(burn->mmc, err))
		return err;
	if (err || lathe_iso9660_crc32c(0, pass->buffer,
					 (size_t)blocks * LATHE_BLOCK_BYTES) !=
			   burn->crc[group])
		found_bad(pass, group, err);
	burn->report->blocks_verified += blocks;
	pass->done += blocks;
	lathep_session_progress(burn->hooks, LATHE_PHASE_VERIFYING, pass->done,
				pass->total);
	return 0;
}

/* Groups that hold metadata: all of them at every level. */
static uint32_t metadata_groups(const struct pass *pass)
{
	uint32_t groups = (pass->burn->metadata + LATHEP_SESSION_GROUP - 1) /
			  LATHEP_SESSION_GROUP;

	return groups < pass->groups ? groups : pass->groups;
}

static void want_ends_of_files(struct pass *pass)
{
	const struct lathe_iso9660_plan *plan = pass->burn->plan;
	uint32_t i, node, first;
	uint64_t bytes;

	for (i = 0; lathe_iso9660_plan_nth_extent(plan, i, &node, &first,
						  &bytes); i++) {
		if (!bytes)
			continue;
		want(pass, first / LATHEP_SESSION_GROUP);
		want(pass, (first + (uint32_t)((bytes - 1) /
					       LATHE_BLOCK_BYTES)) /
				   LATHEP_SESSION_GROUP);
	}
}

static void want_all(struct pass *pass)
{
	uint32_t group;

	for (group = 0; group < pass->groups; group++)
		want(pass, group);
}

/* How many of the wanted groups to leave out after each one that is read, so
 * that 'left' more groups take what remains of the budget. */
static uint32_t to_skip(uint64_t spent_ms, uint64_t budget_ms, uint32_t read,
			uint32_t left)
{
	uint64_t needed = spent_ms * left / (read ? read : 1);

	if (spent_ms >= budget_ms)
		return left;
	return (uint32_t)(needed / (budget_ms - spent_ms));
}

static int check_wanted(struct pass *pass, bool limited)
{
	struct lathep_session_burn *burn = pass->burn;
	uint64_t began = lathe_mmc_now_ms(burn->mmc);
	uint64_t budget = (burn->wrote_ms - burn->began_ms) / 20;
	uint32_t left = 0, read = 0, skip = 0, left_out = 0, group;
	uint32_t metadata = metadata_groups(pass);
	int err;

	for (group = metadata; group < pass->groups; group++)
		left += is_wanted(pass, group);
	for (group = 0; group < pass->groups; group++) {
		if (!is_wanted(pass, group))
			continue;
		if (group >= metadata)
			left--;
		/* The last one is always read: errors gather outside. */
		if (group >= metadata && skip && left) {
			skip--;
			left_out++;
			continue;
		}
		err = check_group(pass, group);
		if (err)
			return err;
		read++;
		if (limited && group >= metadata)
			skip = to_skip(lathe_mmc_now_ms(burn->mmc) - began,
				       budget, read, left);
	}
	if (left_out)
		lathep_session_log(burn->hooks, LATHE_LOG_DEBUG,
				   "session.quick",
				   "%lu of %lu groups with ends of files were "
				   "left out for time",
				   (unsigned long)left_out,
				   (unsigned long)left_out + read);
	return 0;
}

static int run_pass(struct pass *pass, enum lathe_session_verify level)
{
	struct lathep_session_burn *burn = pass->burn;
	uint32_t group;
	int err;

	for (group = 0; group < metadata_groups(pass); group++)
		want(pass, group);
	if (level == LATHE_SESSION_VERIFY_FULL || !burn->plan)
		want_all(pass);
	else
		want_ends_of_files(pass);
	lathep_session_progress(burn->hooks, LATHE_PHASE_VERIFYING, 0,
				pass->total);
	err = check_wanted(pass, level != LATHE_SESSION_VERIFY_FULL);
	if (err)
		return burn->rescuing
			       ? err
			       : lathep_session_burn_fail_mmc(burn, err,
							      "verifying");
	if (pass->done < pass->total)
		lathep_session_progress(burn->hooks, LATHE_PHASE_VERIFYING,
					pass->total, pass->total);
	return pass->bad ? LATHE_ERR_VERIFY : 0;
}

int lathep_session_burn_verify(struct lathep_session_burn *burn,
			       enum lathe_session_verify level)
{
	const struct lathe_hooks *hooks = burn->hooks;
	size_t room = (size_t)LATHEP_SESSION_GROUP * LATHE_BLOCK_BYTES;
	struct pass pass = { .burn = burn };
	int err = LATHE_ERR_MEMORY;

	pass.groups = burn->written / LATHEP_SESSION_GROUP +
		      (burn->written % LATHEP_SESSION_GROUP ? 1 : 0);
	pass.buffer = lathep_session_alloc(hooks, room);
	pass.wanted = lathep_session_alloc(hooks, pass.groups / 8u + 1u);
	if (pass.buffer && pass.wanted)
		err = run_pass(&pass, level);
	else if (!burn->rescuing)
		lathep_session_fail_plain(burn->failure, err, "verifying");
	lathep_session_free(hooks, pass.wanted, pass.groups / 8u + 1u);
	lathep_session_free(hooks, pass.buffer, room);
	return err;
}
