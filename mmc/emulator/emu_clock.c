/* SPDX-License-Identifier: MIT */
/*
 * emu_clock.c - time: the buffer drains onto the medium at the writing
 * speed, background work goes on. Nothing here looks at a real clock.
 */
#include "mmc/emulator/emulator_internal.h"

/* A CD block takes 2352 bytes of the rated speed. */
uint64_t lathep_emu_block_us(const struct lathe_emulator *e)
{
	return 2352000u / (e->write_kb ? e->write_kb : 176u);
}

static void drain(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	uint64_t block_us = lathep_emu_block_us(e);
	uint64_t blocks;

	if (!disc->buffered) {
		e->drained_us = e->now_us;
		return;
	}
	if (e->now_us <= e->drained_us)
		return;
	blocks = (e->now_us - e->drained_us) / block_us;
	if (blocks < disc->buffered) {
		disc->buffered -= (uint32_t)blocks;
		e->drained_us += blocks * block_us;
		return;
	}
	disc->buffered = 0;
	e->drained_us = e->now_us;
	/* Without underrun protection the laser now writes nothing. */
	if (emu_quirk(e, EMU_Q_UNDERRUNS) && !(e->page_05[2] & 0x40))
		e->underrun = true;
}

void lathep_emu_advance(struct lathe_emulator *e, uint64_t us)
{
	e->now_us += us;
	if (!e->store)
		return;
	if (e->job.kind != EMU_JOB_NONE && e->now_us >= e->job.end_us)
		lathep_emu_finish_job(e);
	drain(e);
}

void lathep_emu_flush(struct lathe_emulator *e)
{
	if (e->store)
		emu_disc(e)->buffered = 0;
	e->drained_us = e->now_us;
}

uint64_t lathe_emulator_now_ms(void *emulator)
{
	const struct lathe_emulator *e = emulator;

	return e->now_us / 1000u;
}

/* Faults that wait for a time happen at that time, inside the sleep. */
void lathe_emulator_sleep_ms(void *emulator, uint32_t ms)
{
	struct lathe_emulator *e = emulator;
	uint64_t end_us = e->now_us + (uint64_t)ms * 1000u;
	uint64_t due_us;

	for (;;) {
		due_us = lathep_emu_next_timed_fault(e);
		if (due_us > end_us)
			break;
		if (due_us > e->now_us)
			lathep_emu_advance(e, due_us - e->now_us);
		lathep_emu_timed_faults(e);
	}
	if (end_us > e->now_us)
		lathep_emu_advance(e, end_us - e->now_us);
}

void lathep_emu_start_job(struct lathe_emulator *e, const struct emu_job *job,
			  uint64_t us, bool immediate)
{
	e->job = *job;
	e->job.start_us = e->now_us;
	e->job.end_us = e->now_us + us;
	if (!immediate)
		lathep_emu_advance(e, us);
}
