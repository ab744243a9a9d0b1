/* SPDX-License-Identifier: MIT */
/* emu_drive.c - the drive as an object: its life, its discs, its resets. */
#include <string.h>

#include "mmc/emulator/emu_recording.h"

#define BUFFER_BLOCKS 1024u	/* 2 MiB */
#define LOAD_US 3000000u

int lathe_emulator_create(const struct lathe_emulator_config *config,
			  struct lathe_emulator **out)
{
	struct lathe_emulator *e;
	int err;

	if (!config || config->size != sizeof(*config) || !out)
		return LATHE_ERR_ARG;
	e = lathep_emu_realloc(&config->hooks, NULL, 0, sizeof(*e));
	if (!e)
		return LATHE_ERR_MEMORY;
	memset(e, 0, sizeof(*e));
	e->hooks = config->hooks;
	e->command = config->command;
	e->command_ctx = config->command_ctx;
	e->buffer_blocks = BUFFER_BLOCKS;
	e->read_asked = UINT32_MAX;
	e->write_asked = UINT32_MAX;
	err = lathep_emu_parse_personality(e, config->personality);
	lathep_emu_default_pages(e);
	lathep_emu_choose_speeds(e);
	if (!err)
		err = lathe_emulator_set_faults(e, config->faults);
	if (err) {
		lathe_emulator_destroy(e);
		return err;
	}
	*out = e;
	return 0;
}

void lathe_emulator_destroy(struct lathe_emulator *e)
{
	struct lathe_hooks hooks;

	if (!e)
		return;
	hooks = e->hooks;
	lathep_emu_take_out(e);
	lathep_emu_realloc(&hooks, e->fault, e->faults * sizeof(*e->fault), 0);
	lathep_emu_realloc(&hooks, e, sizeof(*e), 0);
}

/* ---- discs -------------------------------------------------------------- */

/* What was taken is written; a format in the background stops, a session that
 * was being written at once is broken off. */
void lathep_emu_come_to_rest(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);

	if (disc->open)
		lathep_emu_flush_track(e, disc->open);
	else
		lathep_emu_flush(e);
	lathep_emu_break_session(disc);
	if (disc->format_state == EMU_FORMAT_RUNNING)
		disc->format_state = EMU_FORMAT_STARTED;
}

/* The disc leaves: a drive first writes what it has taken. */
void lathep_emu_take_out(struct lathe_emulator *e)
{
	if (!e->store)
		return;
	if (e->job.kind != EMU_JOB_NONE) {
		e->now_us = e->job.end_us;
		lathep_emu_finish_job(e);
	}
	lathep_emu_come_to_rest(e);
	lathep_emu_save(e->store);
	e->store = NULL;
	e->cue.valid = false;
	e->test_open = false;
	e->test_reserved = 0;
	e->underrun = false;
	e->taken_end = 0;
}

void lathep_emu_put_in(struct lathe_emulator *e,
		       struct lathe_emulator_store *store)
{
	e->store = store;
	e->put_off = 0;
	e->tray_open = false;
	/* A copy of a disc that was being written has no buffer with it. */
	if (lathep_emu_random(emu_disc(e)))
		emu_disc(e)->buffered = 0;
	e->media_event = 2;	/* MMC-6 6.7.2.5, NewMedia */
	if (emu_quirk(e, EMU_Q_SPEED_FORGOTTEN)) {
		e->read_asked = UINT32_MAX;
		e->write_asked = UINT32_MAX;
	}
	lathep_emu_choose_speeds(e);
	lathep_emu_attend(e, EMU_MEDIUM_CHANGED);
	if (e->load_time_us)
		e->load_us = e->now_us + e->load_time_us;
	else if (emu_quirk(e, EMU_Q_SLOW_LOAD))
		e->load_us = e->now_us + LOAD_US;
}

void lathe_emulator_insert(struct lathe_emulator *e,
			   struct lathe_emulator_store *store)
{
	bool had = emu_has_disc(e);

	lathep_emu_take_out(e);
	if (store)
		lathep_emu_put_in(e, store);
	else if (had)
		e->media_event = 3;	/* MediaRemoval */
}

struct lathe_emulator_store *
lathe_emulator_disc_in(struct lathe_emulator *e)
{
	return e->store;
}

void lathe_emulator_set_swap(struct lathe_emulator *e,
			     struct lathe_emulator_store *store)
{
	e->swap = store;
}

/* ---- resets ------------------------------------------------------------- */

/* Background work stops, and has no effect but a blanking's. */
static void cut_job(struct lathe_emulator *e)
{
	if (e->job.kind == EMU_JOB_BLANK)
		lathep_emu_cut_blank(e, e->job.detail);
	else if (e->job.kind == EMU_JOB_FORMAT &&
		 emu_quirk(e, EMU_Q_FORMAT_SURVIVES))
		lathep_emu_finish_job(e);
}

static void lose_or_keep_buffer(struct lathe_emulator *e, bool power)
{
	if (power && emu_quirk(e, EMU_Q_CUT_FLUSHES))
		lathep_emu_come_to_rest(e);
	else if (!power && emu_quirk(e, EMU_Q_KEEPS_BUFFER))
		lathep_emu_flush(e);
	else
		lathep_emu_lose_buffer(e);
}

void lathep_emu_reset(struct lathe_emulator *e, bool power)
{
	/* The clock is up to date: what has drained is safe. */
	if (e->store) {
		cut_job(e);
		lose_or_keep_buffer(e, power);
		lathep_emu_save(e->store);
	}
	e->job.kind = EMU_JOB_NONE;
	e->cue.valid = false;
	e->test_open = false;
	e->test_reserved = 0;
	e->prevented = false;
	e->underrun = false;
	e->attentions = 0;
	lathep_emu_default_pages(e);
	lathep_emu_attend(e, EMU_RESET);
	if (power && emu_has_disc(e))
		e->media_event = 2;
}

void lathe_emulator_power_cut(struct lathe_emulator *e)
{
	lathep_emu_reset(e, true);
}

void lathep_emu_attend(struct lathe_emulator *e, uint32_t sense)
{
	uint32_t i;

	for (i = 0; i < e->attentions; i++)
		if (e->attention[i] == sense)
			return;
	if (e->attentions < 4)
		e->attention[e->attentions++] = sense;
}

uint32_t lathep_emu_take_attention(struct lathe_emulator *e)
{
	uint32_t first = e->attention[0];

	if (!e->attentions)
		return EMU_GOOD;
	e->attentions--;
	memmove(e->attention, e->attention + 1,
		e->attentions * sizeof(e->attention[0]));
	return first;
}

uint32_t lathe_emulator_commands(const struct lathe_emulator *e)
{
	return e->commands;
}

uint32_t lathe_emulator_faults_fired(const struct lathe_emulator *e)
{
	return e->faults_fired;
}
