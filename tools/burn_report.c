/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "tools/burn.h"
#include "tools/json.h"

static const char *const end_words[] = {
	[LATHE_SESSION_END_UNTOUCHED] = "untouched",
	[LATHE_SESSION_END_APPENDABLE] = "appendable",
	[LATHE_SESSION_END_FINAL] = "final",
	[LATHE_SESSION_END_OPEN] = "open",
	[LATHE_SESSION_END_UNKNOWN] = "unknown",
	[LATHE_SESSION_END_TORN] = "torn",
};

static bool as_json(const struct burn *burn)
{
	return burn->options->progress == PROGRESS_JSON;
}

/* Will the disc take another session behind this one? */
static bool becomes_final(const struct burn *burn)
{
	return !burn->nothing && !burn->overwritable &&
	       (burn->final || burn->at_once ||
		burn->totals.space.fit == LATHE_SESSION_FITS_FINAL);
}

static void plan_json(const struct burn *burn,
		      const struct lathe_session_disc *disc,
		      const struct lathe_iso9660_counts *count)
{
	const struct burn_place place = burn_place(burn);
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "event", "plan");
	json_number(&json, "session", place.session);
	json_number(&json, "start", place.start);
	json_number(&json, "directories", count->directories);
	json_number(&json, "files", count->files);
	json_number(&json, "new_files", count->new_files);
	json_number(&json, "new_bytes", count->new_bytes);
	json_number(&json, "volume_blocks", burn->totals.volume_blocks);
	json_number(&json, "metadata_blocks", burn->totals.metadata_blocks);
	json_number(&json, "track_blocks", burn->totals.space.track);
	json_number(&json, "need_blocks", burn->totals.space.need);
	json_number(&json, "free_blocks", place.free);
	json_number(&json, "closing_blocks",
		    burn_costs(burn, disc).closing_documented);
	json_bool(&json, "final", becomes_final(burn));
	json_object_end(&json);
	json_line(&json);
	fflush(stdout);
}

static void plan_text(const struct burn *burn,
		      const struct lathe_session_disc *disc,
		      const struct lathe_iso9660_counts *count)
{
	const struct lathe_session_sizes *totals = &burn->totals;
	const struct lathe_mmc_costs costs = burn_costs(burn, disc);
	const struct burn_place place = burn_place(burn);

	printf("disc      %s\n", disc->why_text);
	printf("session   %u, from block %s\n", place.session,
	       grouped(place.start).text);
	content_show_count(count);
	printf("volume    %s blocks (%s), %s of them directories\n",
	       grouped(totals->volume_blocks).text,
	       sized(totals->volume_blocks).text,
	       grouped(totals->metadata_blocks).text);
	printf("need      %s blocks; %s in the track, with padding\n",
	       grouped(totals->space.need).text,
	       grouped(totals->space.track).text);
	printf("free      %s blocks, closing %s by the book, %s on the disc\n",
	       grouped(place.free).text,
	       grouped(costs.closing_documented).text,
	       grouped(costs.closing_physical).text);
	printf("then      %s\n", becomes_final(burn)
					 ? "final: no further session"
					 : "appendable");
}

void burn_show_plan(struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	struct lathe_iso9660_counts count;

	progress_break(&burn->tool->progress);
	lathe_iso9660_count(lathe_session_tree(burn->master), &count);
	if (as_json(burn))
		plan_json(burn, disc, &count);
	else
		plan_text(burn, disc, &count);
}

/* They have the size and date of the whole ones. */
static void tell_not_whole(const struct burn *burn,
			   const struct lathe_session_report *report)
{
	if (report->files_not_whole > 0)
		note(burn->tool,
		     "--update and --mirror take what is not whole for "
		     "recorded: name it without them to record it again");
}

static void report_json(const struct burn *burn,
			const struct lathe_session_report *report)
{
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "event", "end");
	json_text(&json, "disc", end_words[report->end]);
	json_number(&json, "session", report->session);
	json_number(&json, "start", report->start);
	json_number(&json, "track_blocks", report->track_blocks);
	json_number(&json, "volume_blocks", report->volume_blocks);
	if (report->next_writable > 0 && !burn->options->simulate)
		json_number(&json, "next_writable", report->next_writable);
	else
		json_null(&json, "next_writable");
	json_number(&json, "files_not_whole", report->files_not_whole);
	json_bool(&json, "simulated", burn->options->simulate);
	json_bool(&json, "verified", report->verified);
	json_number(&json, "blocks_verified", report->blocks_verified);
	json_number(&json, "speed_kb_per_s",
		    lathe_mmc_write_speed(&burn->drive.mmc));
	json_object_end(&json);
	json_line(&json);
	fflush(stdout);
}

/* Drives choose the nearest they have. */
static void report_speed(const struct burn *burn)
{
	uint32_t granted = lathe_mmc_write_speed(&burn->drive.mmc);

	if (!granted)
		return;
	printf("speed     %s kB/s", grouped(granted).text);
	if (burn->options->speed)
		printf(", asked for %s", grouped(burn_speed(burn)).text);
	puts("");
}

static void report_text(const struct burn *burn,
			const struct lathe_session_report *report)
{
	if (burn->options->simulate) {
		printf("simulated session %u: %s blocks from block %s; "
		       "nothing was written\n",
		       report->session, grouped(report->track_blocks).text,
		       grouped(report->start).text);
		return;
	}
	printf("session %u recorded: %s blocks (%s) from block %s\n",
	       report->session, grouped(report->track_blocks).text,
	       sized(report->track_blocks).text, grouped(report->start).text);
	report_speed(burn);
	if (report->end == LATHE_SESSION_END_APPENDABLE &&
	    report->next_writable == 0)
		puts("the disc is full: no further session fits");
	else if (report->end == LATHE_SESSION_END_APPENDABLE)
		printf("the disc stays appendable, the next session begins "
		       "at block %s\n",
		       grouped(report->next_writable).text);
	else if (report->end == LATHE_SESSION_END_FINAL)
		puts("the disc is final");
	if (report->verified && report->blocks_verified > 0)
		printf("read back: %s blocks agree\n",
		       grouped(report->blocks_verified).text);
	else if (burn->options->verify == LATHE_SESSION_VERIFY_NONE)
		puts("not read back");
	else if (report->verified)
		puts("read back: the drive says the same");
}

void burn_show_report(struct burn *burn,
		      const struct lathe_session_report *report)
{
	if (as_json(burn))
		report_json(burn, report);
	else
		report_text(burn, report);
}

void burn_show_end(struct burn *burn, const struct lathe_session_report *report)
{
	struct tool *tool = burn->tool;

	if (as_json(burn))
		report_json(burn, report);
	switch (report->end) {
	case LATHE_SESSION_END_UNTOUCHED:
		note(tool, "nothing was written to the disc");
		break;
	case LATHE_SESSION_END_APPENDABLE:
	case LATHE_SESSION_END_FINAL:
		note(tool,
		     "session %u is closed, the disc %s; %s in it not whole",
		     report->session,
		     report->end == LATHE_SESSION_END_FINAL
			     ? "is final"
			     : "stays appendable",
		     counted(report->files_not_whole, "file", "files").text);
		tell_not_whole(burn, report);
		break;
	case LATHE_SESSION_END_OPEN:
		note(tool,
		     "session %u was cut short%s; all sessions before it read "
		     "as before",
		     report->session,
		     burn->overwritable ? ": nothing leads to it"
					: " and left open");
		break;
	case LATHE_SESSION_END_TORN:
		note(tool,
		     "session %u is on the disc, but other systems do not "
		     "see it until lathe repair has mended the descriptors "
		     "at block 16",
		     report->session);
		break;
	case LATHE_SESSION_END_UNKNOWN:
		note(tool, "the drive does not answer, or has another disc: "
			   "how the one that was written to was left is not "
			   "known; see lathe info");
		break;
	}
}

void burn_show_nothing(struct burn *burn)
{
	const struct lathe_session_report untouched = {
		.end = LATHE_SESSION_END_UNTOUCHED
	};

	if (as_json(burn))
		report_json(burn, &untouched);
	else
		puts("nothing to record: the disc holds all of it as it is");
}
