/* SPDX-License-Identifier: MIT */
/*
 * identity.c - what tells one disc from another.
 *
 * Two identities differ when a component that both have differs. What a drive
 * may answer one way today and another way tomorrow is noted and never counts
 * as a difference.
 */
#include "session/session_internal.h"

#include <string.h>

enum component {
	PROFILE,
	SESSIONS,
	LAST_START,
	DESCRIPTORS,
	DISC_ID,
	FULL_TOC,
	TRACKS,
	NEXT_WRITABLE,
	ADVISORY,	/* noted, never a difference: from here on */
	FREE_BLOCKS = ADVISORY,
	CAPACITY,
	COMPONENTS
};

_Static_assert(COMPONENTS <= LATHE_SESSION_COMPONENTS, "room for all");

static const char names[COMPONENTS][22] = {
	[PROFILE] = "profile",
	[SESSIONS] = "sessions",
	[LAST_START] = "last session start",
	[DESCRIPTORS] = "volume descriptors",
	[DISC_ID] = "disc id",
	[FULL_TOC] = "table of contents",
	[TRACKS] = "tracks",
	[NEXT_WRITABLE] = "next writable address",
	[FREE_BLOCKS] = "free blocks",
	[CAPACITY] = "capacity",
};

const char *lathe_session_component_name(uint32_t i)
{
	return i < COMPONENTS ? names[i] : NULL;
}

int lathe_session_identity_differs(const struct lathe_session_identity *a,
				   const struct lathe_session_identity *b)
{
	uint32_t i;

	for (i = 0; i < LATHE_SESSION_COMPONENTS; i++) {
		if (!a->component[i].valid || !b->component[i].valid ||
		    a->component[i].advisory || b->component[i].advisory)
			continue;
		if (a->component[i].value != b->component[i].value)
			return (int)i;
	}
	return -1;
}

static void set(struct lathe_session_identity *identity, enum component what,
		uint32_t value)
{
	identity->component[what].valid = true;
	identity->component[what].advisory = what >= ADVISORY;
	identity->component[what].value = value;
}

/* ECMA-119 8.1: descriptors bear CD001; type 255 ends the set. What the disc
 * does not give ends it, too, and is a difference to a disc that does: on one
 * that can be overwritten little else tells another one. The drive's own
 * errors count. */
static int add_descriptors(struct lathe_mmc *mmc,
			   const struct lathe_mmc_medium *medium, uint32_t lba,
			   struct lathe_session_identity *out)
{
	struct lathe_session_reader reader;
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t crc = 0, i;
	int err;

	lathe_session_reader_init(&reader, mmc, medium, false);
	for (i = 16; i < 64; i++) {
		err = reader.blocks.read(reader.blocks.ctx, lba + i, 1, block);
		if (reader.drive_err)
			return err;
		if (err || memcmp(block + 1, "CD001", 5) != 0)
			break;
		crc = lathe_iso9660_crc32c(crc, block, sizeof(block));
		if (block[0] == 255)
			break;
	}
	set(out, DESCRIPTORS, crc);
	return 0;
}

/* Left out where the drive has none to give. */
static int add_toc(struct lathe_mmc *mmc, struct lathe_session_identity *out)
{
	uint8_t toc[4 + 11 * 128];
	size_t moved = 0;
	int err;

	err = lathe_mmc_read_full_toc(mmc, toc, sizeof(toc), &moved);
	if (!err)
		set(out, FULL_TOC, lathe_iso9660_crc32c(0, toc, moved));
	return err == LATHE_ERR_SENSE || err == LATHE_ERR_CORRUPT ? 0 : err;
}

static int add_recorded(struct lathe_mmc *mmc,
			const struct lathe_mmc_medium *medium,
			struct lathe_session_identity *out)
{
	int err = 0;

	set(out, SESSIONS, medium->sessions);
	set(out, TRACKS, medium->last_track);
	set(out, FREE_BLOCKS, medium->free_blocks);
	if (medium->has_next_writable)
		set(out, NEXT_WRITABLE, medium->next_writable);
	if (!medium->sessions)
		return 0;
	set(out, LAST_START, medium->last_session_start);
	if (medium->last_session_data)
		err = add_descriptors(mmc, medium, medium->last_session_start,
				      out);
	return err ? err : add_toc(mmc, out);
}

/* The drive keeps no account of these sessions. */
static int add_grown(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium,
		     const struct lathep_session_grown *grown,
		     struct lathe_session_identity *out)
{
	set(out, SESSIONS, grown->sessions);
	if (!grown->sessions)
		return 0;
	set(out, LAST_START, grown->newest.start);
	return add_descriptors(mmc, medium, grown->newest.heads, out);
}

int lathep_session_identify(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium,
			    const struct lathep_session_grown *grown,
			    struct lathe_session_identity *out)
{
	struct lathe_session_identity made;
	int err = 0;

	memset(&made, 0, sizeof(made));
	set(&made, PROFILE, medium->profile);
	set(&made, CAPACITY, medium->capacity_blocks);
	if (medium->has_disc_id)
		set(&made, DISC_ID, medium->disc_id);
	if (grown)
		err = add_grown(mmc, medium, grown, &made);
	else
		err = add_recorded(mmc, medium, &made);
	if (!err)
		*out = made;
	return err;
}

int lathe_session_identify(struct lathe_mmc *mmc,
			   struct lathe_session_identity *out)
{
	struct lathep_session_grown grown;
	struct lathe_mmc_medium medium;
	int err;

	err = lathep_session_read_medium(mmc, &medium);
	if (!err && medium.overwritable)
		err = lathep_session_look(mmc, lathe_mmc_hooks(mmc), &medium,
					  &grown);
	if (!err)
		err = lathep_session_identify(
			mmc, &medium, medium.overwritable ? &grown : NULL, out);
	return err;
}
