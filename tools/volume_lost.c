/* SPDX-License-Identifier: MIT */
/*
 * Sessions of an image or overwritable medium that are not found: the newest
 * one was cut off with the end of the file, or what leads to one can not be
 * read. The chain is then of those that are left.
 */
#include <inttypes.h>

#include "tools/volume.h"

/* Is one that was found the one that block 16 shows? */
static bool is_shown(const struct volume *volume)
{
	const struct lathe_iso9660_link *link;
	uint32_t i;

	for (i = 0; i < lathe_iso9660_chain_count(volume->chain); i++) {
		link = lathe_iso9660_chain_link(volume->chain, i);
		if (link->head)
			return true;
	}
	return false;
}

static bool is_astray(const struct volume *volume)
{
	return volume->chain && volume->whole.end > 16 && !is_shown(volume);
}

/* The primary descriptor there. */
static bool read_head(const struct volume *volume, uint8_t *block)
{
	return !volume->whole.read(volume->whole.ctx, 16, 1, block) &&
	       lathe_iso9660_primary.recognise(block);
}

/* ECMA-119 8.4.8 counts from block 0 in sessions of an image that grew. */
uint32_t volume_lost_end(const struct volume *volume)
{
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t end;

	if (volume->is_disc || !is_astray(volume) || !read_head(volume, block))
		return 0;
	end = lathe_get_le32(block + 80);
	return end > volume->whole.end ? end : 0;
}

/* Root directories are in the order of sessions; 8.4.18, 9.1.3. Where block 16
 * is torn, nothing tells that what could not be read was no session; of a disc
 * much is not recorded, and can not be read. */
bool volume_lost_unread(const struct volume *volume)
{
	const struct lathe_iso9660_link *last;
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t count;

	if (!volume->unread || !is_astray(volume))
		return false;
	count = lathe_iso9660_chain_count(volume->chain);
	if (count == 0)
		return !volume->is_disc;
	last = lathe_iso9660_chain_link(volume->chain, count - 1);
	return read_head(volume, block)
		       ? last->root < lathe_get_le32(block + 158)
		       : !volume->is_disc && last->end <= volume->unread_lba;
}

void volume_tell_lost(const struct volume *volume)
{
	uint32_t end = volume_lost_end(volume);

	if (end)
		note(volume->tool, "%s is cut short: it ends at block %" PRIu32
				   ", its newest session at block %" PRIu32,
		     volume->name, volume->whole.end, end);
	else if (volume_lost_unread(volume))
		note(volume->tool, "%s: block %" PRIu32 " can not be read: its "
				   "newest session may not be found",
		     volume->name, volume->unread_lba);
}

static int complain_unread(const struct volume *volume)
{
	const char *remedy = "try again, or copy it elsewhere";

	if (volume->is_disc)
		remedy = "clean the disc, try another drive, or name an older "
			 "session";
	else if (volume->count > 0)
		remedy = "try again, copy it elsewhere, or name an older "
			 "session";
	return complain_why(volume->tool,
			    volume->is_disc ? LATHE_ERR_CORRUPT : LATHE_ERR_IO,
			    remedy,
			    "%s: block %" PRIu32 " can not be read: its newest "
			    "session may not be found",
			    volume->name, volume->unread_lba);
}

/* An older session is nobody's newest, unless lathe repair makes it so. */
int volume_refuse_lost(const struct volume *volume)
{
	uint32_t end = volume_lost_end(volume);

	if (!end)
		return volume_lost_unread(volume) ? complain_unread(volume)
						  : STATUS_OK;
	return complain_why(volume->tool, LATHE_ERR_CORRUPT,
			    volume->count > 0
				    ? "get all of it, or name an older "
				      "session; lathe repair makes the newest "
				      "one that is there the one that is shown"
				    : "get all of it",
			    "%s is cut short: it ends at block %" PRIu32
			    ", its newest session at block %" PRIu32,
			    volume->name, volume->whole.end, end);
}

int volume_refuse_hidden(struct tool *tool, struct drive *drive)
{
	struct volume volume = { .tool = tool, .name = drive->name, .fd = -1 };
	struct lathe_mmc_medium *medium = &volume.disc.medium;
	int status, err = lathe_mmc_read_medium(&drive->mmc, medium);

	if (err)
		return drive_complain(tool, drive, err);
	if (!medium->overwritable)
		return STATUS_OK;
	lathe_session_reader_init(&volume.reader, &drive->mmc, medium, false);
	volume.is_disc = true;
	status = volume_list_grown(&volume, drive);
	if (status == STATUS_OK)
		status = volume_refuse_lost(&volume);
	/* The drive is not its own. */
	volume.is_disc = false;
	return volume_close(&volume, status);
}

/* Behind its sessions a disc may not be recorded. */
static bool is_in_front(const struct volume *volume)
{
	const struct lathe_session_info *newest;

	newest = volume->count ? &volume->session[volume->count - 1] : NULL;
	return newest && volume->unread_lba < newest->start;
}

bool volume_tell_gap(const struct volume *volume)
{
	bool gap = volume->chain && lathe_iso9660_chain_gap(volume->chain);
	bool unread = volume->unread &&
		      (!volume->is_disc || is_in_front(volume));

	if (unread)
		note(volume->tool, "%s: block %" PRIu32 " can not be read: not "
				   "all of its sessions may be found",
		     volume->name, volume->unread_lba);
	else if (gap)
		note(volume->tool, "%s: not all of its older sessions are "
				   "found", volume->name);
	return unread || gap;
}
