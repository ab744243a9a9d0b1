/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "tools/json.h"
#include "tools/progress.h"

#define INTERVAL_MS 200u     /* between two lines of one phase */
#define SPEED_AFTER_MS 1000u /* no speed is shown before */

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

const char *progress_phase_name(enum lathe_phase phase)
{
	switch (phase) {
	case LATHE_PHASE_INSPECTING:
		return "inspecting";
	case LATHE_PHASE_IMPORTING:
		return "importing";
	case LATHE_PHASE_PLANNING:
		return "planning";
	case LATHE_PHASE_PREPARING:
		return "preparing";
	case LATHE_PHASE_WRITING:
		return "writing";
	case LATHE_PHASE_CLOSING:
		return "closing";
	case LATHE_PHASE_VERIFYING:
		return "verifying";
	case LATHE_PHASE_BLANKING:
		return "blanking";
	}
	return "working";
}

void progress_init(struct progress *progress, enum progress_style style,
		   FILE *json_out)
{
	*progress = (struct progress){ .style = style, .out = json_out };
	if (style == PROGRESS_AUTO && !isatty(STDERR_FILENO))
		progress->style = PROGRESS_NONE;
}

static const char *name_of(const struct progress *progress)
{
	return progress->label && progress->phase == LATHE_PHASE_WRITING
		       ? progress->label
		       : progress_phase_name(progress->phase);
}

/* Blocks a second in this phase; 0: too early to tell. */
static double speed(const struct progress *progress, uint64_t done,
		    uint64_t now)
{
	uint64_t took = now - progress->phase_ms;

	if (took < SPEED_AFTER_MS || done <= progress->first_done)
		return 0;
	return (double)(done - progress->first_done) * 1000.0 / (double)took;
}

static double megabytes(double blocks)
{
	return blocks * LATHE_BLOCK_BYTES / 1048576.0;
}

static void show_blocks(const struct progress *progress,
			const struct lathe_progress *now, uint64_t at)
{
	double rate = speed(progress, now->done, at);
	uint64_t left;

	fprintf(stderr, "  %.1f", megabytes((double)now->done));
	if (now->total > 0)
		fprintf(stderr, " of %.1f MB  %u %%",
			megabytes((double)now->total),
			(unsigned)(now->done * 100 / now->total));
	else
		fputs(" MB", stderr);
	if (rate <= 0)
		return;
	fprintf(stderr, "  %.1f MB/s", megabytes(rate));
	if (now->buffer_room > 0)
		fprintf(stderr, "  buffer %u %%",
			(unsigned)((uint64_t)now->buffer_full * 100 /
				   now->buffer_room));
	if (now->total <= now->done)
		return;
	left = (uint64_t)((double)(now->total - now->done) / rate + 0.5);
	fprintf(stderr, "  %" PRIu64 ":%02" PRIu64 " left", left / 60,
		left % 60);
}

static void show_line(struct progress *progress,
		      const struct lathe_progress *now, uint64_t at)
{
	fprintf(stderr, "\r\033[K%s", name_of(progress));
	if (now->phase == LATHE_PHASE_BLANKING && now->total > 0)
		fprintf(stderr, "  %u %%",
			(unsigned)(now->done * 100 / now->total));
	else if (now->phase == LATHE_PHASE_WRITING ||
		 now->phase == LATHE_PHASE_VERIFYING)
		show_blocks(progress, now, at);
	fflush(stderr);
	progress->shown = true;
}

static void show_json(struct progress *progress,
		      const struct lathe_progress *now, uint64_t at)
{
	struct json json = { .out = progress->out };

	json_object(&json, NULL);
	json_text(&json, "event", "progress");
	json_text(&json, "phase", name_of(progress));
	json_number(&json, "done", now->done);
	if (now->total > 0)
		json_number(&json, "total", now->total);
	else
		json_null(&json, "total");
	json_number(&json, "phase_ms", at - progress->phase_ms);
	if (now->buffer_room > 0) {
		json_number(&json, "buffer_full", now->buffer_full);
		json_number(&json, "buffer_room", now->buffer_room);
	}
	json_object_end(&json);
	json_line(&json);
	if (fflush(progress->out) != 0)
		progress->out_errno = errno;
}

void progress_hook(void *ctx, const struct lathe_progress *now)
{
	struct progress *progress = ctx;
	bool fresh = !progress->begun || now->phase != progress->phase;
	bool last = now->total > 0 && now->done >= now->total;
	uint64_t at;

	if (progress->style == PROGRESS_NONE)
		return;
	at = now_ms();
	if (fresh) {
		progress->begun = true;
		progress->phase = now->phase;
		progress->phase_ms = at;
		progress->first_done = now->done;
	} else if (!last && at - progress->last_ms < INTERVAL_MS) {
		return;
	}
	progress->last_ms = at;
	if (progress->style == PROGRESS_JSON)
		show_json(progress, now, at);
	else
		show_line(progress, now, at);
}

void progress_break(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	progress->shown = false;
}
