/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/volume.h"

const struct lathe_iso9660_use volume_uses[1] = {
	{ .hierarchy = &lathe_joliet_hierarchy, .options = NULL }
};

void volume_add_session(struct volume *volume,
			const struct lathe_session_info *info)
{
	volume->session =
		must_realloc(volume->session,
			     (volume->count + 1) * sizeof(*volume->session));
	volume->session[volume->count++] = *info;
}

static int read_disc(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct volume *volume = ctx;
	int err = volume->reader.blocks.read(volume->reader.blocks.ctx, lba,
					     count, out);

	/* Behind the sessions there may be much that is not recorded. */
	if (err && volume->looking && !volume->unread) {
		volume->unread = true;
		volume->unread_lba = lba;
	}
	return err;
}

/* No drive knows of sessions on an overwritable medium. */
int volume_list_grown(struct volume *volume, struct drive *drive)
{
	int err;

	volume->whole = volume->reader.blocks;
	volume->whole.ctx = volume;
	volume->whole.read = read_disc;
	volume->looking = true;
	err = lathe_session_chain(&volume->whole, &volume->tool->hooks,
				  &volume->chain);
	volume->looking = false;
	if (!err)
		err = volume->reader.drive_err;
	if (err)
		return drive_complain(volume->tool, drive, err);
	volume_list_chain(volume);
	return STATUS_OK;
}

/* What its tracks tell of a session. */
static int read_tracks(struct volume *volume, uint32_t number,
		       struct lathe_session_info *out)
{
	const struct lathe_mmc_medium *medium = &volume->disc.medium;
	struct lathe_mmc_track track;
	uint32_t i;
	int err = 0;

	*out = (struct lathe_session_info){ .number = (uint16_t)number };
	for (i = medium->first_track; i <= medium->last_track && !err; i++) {
		err = lathe_mmc_read_track(&volume->drive.mmc, i, &track);
		if (err || track.session != number)
			continue;
		if (out->first_track == 0) {
			out->first_track = track.number;
			out->start = track.start;
			out->data = track.data;
		}
		out->last_track = track.number;
		out->blocks = volume_track_end(&track) - out->start;
	}
	return err;
}

/* Some drives do not come back from a block that can not be read. Then it is
 * not known what an older session holds; that of the newest one has to be. */
static int get_session(struct volume *volume, uint32_t number,
		       struct lathe_session_info *out)
{
	struct lathe_mmc *mmc = &volume->drive.mmc;
	int err = lathe_session_get(mmc, &volume->disc, number, out);

	if (err != LATHE_ERR_TRANSPORT ||
	    number == volume->disc.medium.sessions)
		return err;
	note(volume->tool, "%s, session %" PRIu32 ": %s", volume->name, number,
	     lathe_mmc_failure(mmc)->text);
	return read_tracks(volume, number, out);
}

static int list_disc(struct volume *volume)
{
	struct lathe_session_info info;
	uint32_t number;
	int err;

	if (volume->disc.medium.overwritable)
		return volume_list_grown(volume, &volume->drive);

	for (number = 1; number <= volume->disc.medium.sessions; number++) {
		err = get_session(volume, number, &info);
		if (err)
			return drive_complain(volume->tool, &volume->drive,
					      err);
		volume_add_session(volume, &info);
		/* Where the last blocks of a CD are no run-out. */
		if (info.start + info.blocks > volume->blocks.end &&
		    info.start + info.blocks <=
			    volume->disc.medium.readable_end)
			volume->blocks.end = volume->reader.blocks.end =
				info.start + info.blocks;
	}
	return STATUS_OK;
}

static int open_disc(struct volume *volume, const struct drive_options *options,
		     bool past_cache)
{
	struct tool *tool = volume->tool;
	int status, err;

	status = drive_open(tool, options, DRIVE_READ, &volume->drive);
	if (status)
		return status;
	volume->is_disc = true;
	volume->name = volume->drive.name;
	err = lathe_session_inspect(&volume->drive.mmc, &tool->hooks,
				    &volume->disc);
	if (err)
		return drive_complain(tool, &volume->drive, err);
	lathe_session_reader_init(&volume->reader, &volume->drive.mmc,
				  &volume->disc.medium, past_cache);
	volume->blocks = volume->reader.blocks;
	return list_disc(volume);
}

int volume_open(struct volume *volume, struct tool *tool,
		const struct volume_options *options, bool past_cache)
{
	int status;

	*volume = (struct volume){ .tool = tool, .fd = -1 };
	if (!options->drive.device == !options->image)
		return complain_usage(tool, "either -d DEV or -i IMAGE says "
					    "what to look at");
	if (options->image) {
		volume->name = options->image;
		status = volume_open_image(volume);
	} else {
		status = open_disc(volume, &options->drive, past_cache);
	}
	return status ? volume_close(volume, status) : STATUS_OK;
}

int volume_close(struct volume *volume, int status)
{
	if (volume->is_disc)
		status = drive_close(&volume->drive, status);
	if (volume->fd >= 0)
		close(volume->fd);
	lathe_iso9660_chain_destroy(volume->chain);
	volume->chain = NULL;
	free(volume->session);
	volume->session = NULL;
	volume->count = 0;
	volume->fd = -1;
	volume->is_disc = false;
	return status;
}

int volume_complain_none(struct volume *volume)
{
	const char *remedy, *kind = NULL;
	int status = volume_refuse_lost(volume);

	if (status)
		return status;
	if (!volume->is_disc)
		kind = volume_image_kind(volume, &remedy);
	if (kind)
		return complain_why(volume->tool, LATHE_ERR_NO_VOLUME, remedy,
				    "%s: %s", volume->name, kind);
	if (volume->is_disc && volume->disc.medium.kind == LATHE_MMC_KIND_NONE)
		return complain(volume->tool, LATHE_ERR_NO_MEDIUM, NULL, "%s",
				volume->name);
	if (volume->is_disc && volume->disc.blank)
		return complain_why(volume->tool, LATHE_ERR_NO_VOLUME,
				    "record something on it first",
				    "%s: the disc is blank", volume->name);
	return complain(volume->tool, LATHE_ERR_NO_VOLUME, NULL, "%s",
			volume->name);
}

int volume_complain_session(struct volume *volume, uint32_t number)
{
	return complain_why(volume->tool, LATHE_ERR_NOT_FOUND,
			    "name one of those that lathe info shows",
			    "%s: no session %" PRIu32 ", it has %s",
			    volume->name, number,
			    counted(volume->count, "session", "sessions")
				    .text);
}

int volume_pick(struct volume *volume, uint32_t number,
		const struct lathe_session_info **out)
{
	const bool asked = number > 0;
	uint32_t i;
	int status;

	if (number > volume->count)
		return volume_complain_session(volume, number);
	status = asked ? STATUS_OK : volume_refuse_lost(volume);
	if (status)
		return status;
	for (i = volume->count; number == 0 && i > 0; i--)
		if (volume->session[i - 1].has_volume)
			number = i;
	if (number == 0)
		return volume_complain_none(volume);
	*out = &volume->session[number - 1];
	if (asked && volume_tell_gap(volume))
		note(volume->tool, "%s: this is number %" PRIu32 " of those "
				   "that are found", volume->name, number);
	if (volume->chain)
		volume_view_image(volume, number);
	if (!(*out)->has_volume)
		return complain(volume->tool, LATHE_ERR_NO_VOLUME, NULL,
				"%s, session %" PRIu32, volume->name, number);
	return STATUS_OK;
}

uint32_t volume_track_end(const struct lathe_mmc_track *track)
{
	uint32_t end = track->start + track->size_blocks;

	if (track->has_last_recorded && track->last_recorded >= track->start &&
	    track->last_recorded < end)
		end = track->last_recorded + 1;
	return end;
}

uint32_t volume_session_of(const struct volume *volume, uint32_t lba)
{
	uint32_t i, number = 0;

	for (i = 0; i < volume->count; i++)
		if (volume->session[i].start <= lba)
			number = volume->session[i].number;
	return number;
}
