/* SPDX-License-Identifier: MIT */
/*
 * lathe info: drive, medium, sessions, what can be recorded, what closing
 * costs.
 */
#include <inttypes.h>

#include "tools/json.h"
#include "tools/options.h"
#include "tools/volume.h"

struct info {
	struct volume_options volume;
	bool json, verbose;
};

static const struct option options[] = {
	OPTIONS_DRIVE(struct info, volume.drive),
	{ 'i', "image", OPTION_TEXT, offsetof(struct info, volume.image),
	  "IMAGE", "an image file in place of a drive" },
	OPTION_SWITCH(struct info, "json", json, "one JSON object"),
	OPTION_VERBOSE(struct info),
	OPTION_END
};

/* What info shows; 'disc' NULL for an image file. */
struct facts {
	const struct volume *volume;
	const struct lathe_session_disc *disc;
	struct lathe_mmc_drive drive;
};

/* Stable words, for programs. */
static const char *why_word(enum lathe_session_why why)
{
	static const char *const words[] = {
		[LATHE_SESSION_WHY_BLANK] = "blank",
		[LATHE_SESSION_WHY_OWN] = "own",
		[LATHE_SESSION_WHY_IMPORTED] = "imported",
		[LATHE_SESSION_WHY_CLEARED] = "cleared",
		[LATHE_SESSION_WHY_NO_MEDIUM] = "no-medium",
		[LATHE_SESSION_WHY_NO_STRATEGY] = "no-strategy",
		[LATHE_SESSION_WHY_FINAL] = "final",
		[LATHE_SESSION_WHY_UNFINISHED] = "unfinished",
		[LATHE_SESSION_WHY_AUDIO] = "audio",
		[LATHE_SESSION_WHY_NO_VOLUME] = "no-volume",
		[LATHE_SESSION_WHY_NO_JOLIET] = "no-joliet",
		[LATHE_SESSION_WHY_FOREIGN] = "foreign",
		[LATHE_SESSION_WHY_CORRUPT] = "corrupt",
		[LATHE_SESSION_WHY_NO_ROOM] = "no-room",
	};

	return (size_t)why < sizeof(words) / sizeof(words[0]) && words[why]
		       ? words[why]
		       : "unknown";
}

/* Does the medium have costs, that is, can a session be recorded on it? */
static bool has_costs(const struct lathe_session_disc *disc)
{
	return disc && disc->costs.minimum_track > 0;
}

/* ---- JSON --------------------------------------------------------------- */

static void json_drive(struct json *json, const struct facts *facts)
{
	if (!facts->disc) {
		json_null(json, "drive");
		return;
	}
	json_object(json, "drive");
	json_text(json, "vendor", facts->drive.vendor);
	json_text(json, "product", facts->drive.product);
	json_text(json, "revision", facts->drive.revision);
	json_object_end(json);
}

static void json_medium(struct json *json,
			const struct lathe_session_disc *disc)
{
	const struct lathe_mmc_medium *medium;

	if (!disc || disc->medium.kind == LATHE_MMC_KIND_NONE) {
		json_null(json, "medium");
		return;
	}
	medium = &disc->medium;
	json_object(json, "medium");
	json_number(json, "profile", medium->profile);
	json_text(json, "kind", lathe_mmc_kind_name(medium->kind));
	json_text(json, "status", lathe_mmc_status_name(medium->status));
	json_bool(json, "erasable", medium->erasable);
	json_bool(json, "blank", disc->blank);
	json_bool(json, "overwritable", medium->overwritable);
	json_bool(json, "head_torn", disc->head_torn);
	json_bool(json, "background_format", medium->background_format);
	json_bool(json, "single_session", medium->single_session);
	json_bool(json, "can_at_once", medium->can_at_once);
	json_bool(json, "can_simulate", medium->can_simulate);
	json_bool(json, "can_stream", medium->can_stream);
	json_number(json, "capacity_blocks", medium->capacity_blocks);
	json_number(json, "free_blocks", medium->free_blocks);
	if (medium->has_next_writable)
		json_number(json, "next_writable", medium->next_writable);
	else
		json_null(json, "next_writable");
	json_object_end(json);
}

static void json_sessions(struct json *json, const struct volume *volume)
{
	const struct lathe_session_info *info;
	uint32_t i;

	json_array(json, "sessions");
	for (i = 0; i < volume->count; i++) {
		info = &volume->session[i];
		json_object(json, NULL);
		json_number(json, "number", info->number);
		json_number(json, "first_track", info->first_track);
		json_number(json, "last_track", info->last_track);
		json_number(json, "start", info->start);
		json_number(json, "blocks", info->blocks);
		if (info->has_volume)
			json_text(json, "volume", info->volume);
		else
			json_null(json, "volume");
		json_bool(json, "own", info->own);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_closing(struct json *json,
			 const struct lathe_session_disc *disc)
{
	if (!has_costs(disc)) {
		json_null(json, "closing");
		return;
	}
	json_object(json, "closing");
	json_number(json, "documented_blocks", disc->costs.closing_documented);
	json_number(json, "physical_blocks", disc->costs.closing_physical);
	json_number(json, "next_documented_blocks",
		    disc->next_costs.closing_documented);
	json_number(json, "next_physical_blocks",
		    disc->next_costs.closing_physical);
	json_object_end(json);
}

static void show_json(const struct facts *facts)
{
	const struct lathe_session_disc *disc = facts->disc;
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_drive(&json, facts);
	json_medium(&json, disc);
	json_sessions(&json, facts->volume);
	json_text(&json, "mode",
		  lathe_session_mode_name(disc ? disc->mode
					       : LATHE_SESSION_MODE_NONE));
	json_text(&json, "why", disc ? why_word(disc->why) : "image");
	json_text(&json, "why_text",
		  disc ? disc->why_text : "an image file, not a disc");
	json_closing(&json, disc);
	json_object_end(&json);
	json_line(&json);
}

/* ---- text --------------------------------------------------------------- */

static void show_medium(const struct lathe_mmc_medium *medium)
{
	if (medium->kind == LATHE_MMC_KIND_NONE) {
		puts("medium    none");
		return;
	}
	printf("medium    %s, %s%s%s%s\n", lathe_mmc_kind_name(medium->kind),
	       lathe_mmc_status_name(medium->status),
	       medium->erasable ? ", erasable" : "",
	       medium->single_session &&
			       medium->status != LATHE_MMC_STATUS_FINAL
		       ? ", for one session more" : "",
	       medium->background_format ? ", not all of it formatted" : "");
	printf("capacity  %s blocks (%s)\n",
	       grouped(medium->capacity_blocks).text,
	       sized(medium->capacity_blocks).text);
	if (!medium->has_next_writable)
		return;
	printf("free      %s blocks (%s) from block %s\n",
	       grouped(medium->free_blocks).text,
	       sized(medium->free_blocks).text,
	       grouped(medium->next_writable).text);
}

static void show_sessions(const struct volume *volume)
{
	const struct lathe_session_info *info;
	uint32_t i;

	if (volume->count == 0)
		return;
	puts("session   tracks    start     blocks  volume");
	for (i = 0; i < volume->count; i++) {
		info = &volume->session[i];
		printf("%7u  %3u-%-3u %9s %10s  ", info->number,
		       info->first_track, info->last_track,
		       grouped(info->start).text, grouped(info->blocks).text);
		put_printable(stdout, info->has_volume ? info->volume
				      : info->data     ? "(no volume)"
						       : "(audio)");
		puts(info->has_volume && !info->own ? "  (not lathe's)" : "");
	}
}

static void show_closing(const struct lathe_session_disc *disc)
{
	if (!has_costs(disc) || disc->mode == LATHE_SESSION_MODE_NONE)
		return;
	printf("closing   this session %s blocks by the book, %s on the disc\n",
	       grouped(disc->costs.closing_documented).text,
	       grouped(disc->costs.closing_physical).text);
	printf("          the next one %s blocks by the book, %s on the disc\n",
	       grouped(disc->next_costs.closing_documented).text,
	       grouped(disc->next_costs.closing_physical).text);
}

static void show_image(const struct volume *volume)
{
	const char *remedy, *kind;

	fputs("image     ", stdout);
	put_printable(stdout, volume->name);
	printf(", %s blocks (%s)\n", grouped(volume->blocks.end).text,
	       sized(volume->blocks.end).text);
	kind = volume_image_kind(volume, &remedy);
	if (volume->count == 0)
		printf("          %s\n",
		       kind ? kind : "there is no ISO 9660 volume in it");
	show_sessions(volume);
}

static void show_text(const struct facts *facts)
{
	const struct lathe_session_disc *disc = facts->disc;

	if (!disc) {
		show_image(facts->volume);
		return;
	}
	printf("drive     %s %s %s (", facts->drive.vendor,
	       facts->drive.product, facts->drive.revision);
	put_printable(stdout, facts->volume->name);
	puts(")");
	show_medium(&disc->medium);
	if (disc->head_torn)
		puts("          the descriptors at block 16 are cut: lathe "
		     "repair, or the next session, mends them");
	show_sessions(facts->volume);
	printf("mode      %s: %s\n", lathe_session_mode_name(disc->mode),
	       disc->why_text);
	show_closing(disc);
}

static int show(struct volume *volume, bool as_json)
{
	struct facts facts = { .volume = volume };
	int err;

	if (volume->is_disc) {
		facts.disc = &volume->disc;
		err = lathe_mmc_read_drive(&volume->drive.mmc, &facts.drive);
		if (err)
			return drive_complain(volume->tool, &volume->drive,
					      err);
	}
	if (as_json)
		show_json(&facts);
	else
		show_text(&facts);
	volume_tell_lost(volume);
	return finish_output(volume->tool, STATUS_OK);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct info info = { .json = false };
	struct volume volume;
	int status;

	if (!options_parse(tool, &command_info, argc, argv, &info, NO_OPERANDS,
			   &status))
		return status;
	tool->verbose = info.verbose;
	status = volume_open(&volume, tool, &info.volume, false);
	if (status)
		return status;
	status = show(&volume, info.json);
	return volume_close(&volume, status);
}

const struct command command_info = {
	.name = "info",
	.arguments = "(-d DEV | -i IMAGE) [--json]",
	.summary = "Show drive, medium, sessions, and what can be recorded",
	.options = options,
	.run = run,
};
