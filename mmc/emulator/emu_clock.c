/* SPDX-License-Identifier: MIT */
/*
 * emu_clock.c - time: the buffer drains onto the medium at the writing
 * speed, background work goes on. Nothing here looks at a real clock.
 */
#include "mmc/emulator/emu_recording.h"

/* A CD block takes 2352 bytes of the rated speed. */
static uint64_t block_at(const struct lathe_emulator *e, uint32_t kb)
{
	bool cd = !emu_has_disc(e) || emu_is_cd(emu_disc(e)->media);

	return (cd ? 2352u : LATHE_BLOCK_BYTES) * 1000u / kb;
}

/* Where defects are managed every block is read again, unless the host asks
 * for a stream: half the speed. */
static bool is_checked(const struct lathe_emulator *e)
{
	return emu_has_disc(e) && !e->streaming &&
	       (emu_disc(e)->spares || emu_disc(e)->media->profile == 0x0012);
}

uint64_t lathep_emu_block_us(const struct lathe_emulator *e)
{
	return block_at(e, e->write_kb) << is_checked(e);
}

/* Transfer, at twice what the drive reads at: half of it was read ahead. */
uint64_t lathep_emu_read_us(const struct lathe_emulator *e, uint32_t blocks)
{
	return blocks * block_at(e, e->read_kb) / 2u;
}

/* Lead-in, lead-out and the zones between sessions are written slowly on DVD
 * and BD: at four times their single speed. */
uint64_t lathep_emu_zone_us(const struct lathe_emulator *e, uint64_t blocks)
{
	const struct emu_media *m = emu_disc(e)->media;

	if (m->way == EMU_WAY_CD)
		return blocks * lathep_emu_block_us(e);
	return blocks * (LATHE_BLOCK_BYTES * 250000u / m->speed_1x);
}

/* A DVD+RW is formatted while there is nothing else to do. */
static void format_on(struct lathe_emulator *e, uint64_t blocks)
{
	struct emu_disc *disc = emu_disc(e);

	if (disc->format_state != EMU_FORMAT_RUNNING)
		return;
	if (blocks < disc->formatted - disc->iced) {
		disc->iced += (uint32_t)blocks;
		return;
	}
	disc->iced = disc->formatted;
	disc->format_state = EMU_FORMAT_COMPLETE;
	e->media_event = 5;	/* BGFormatCompleted, MMC-6 6.7.2.5 */
	/* Who is told nothing of it by a text that stays has it done again. */
	e->store->ops->save(e->store);
}

static void leave_buffer(struct lathe_emulator *e, uint32_t blocks)
{
	if (lathep_emu_random(emu_disc(e)))
		lathep_emu_commit(e, blocks);
	else
		emu_disc(e)->buffered -= blocks;
}

static void drain(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	uint64_t block_us, blocks;

	if (!disc->buffered && disc->format_state != EMU_FORMAT_RUNNING) {
		e->drained_us = e->now_us;
		return;
	}
	if (e->now_us <= e->drained_us)
		return;
	block_us = lathep_emu_block_us(e);
	blocks = (e->now_us - e->drained_us) / block_us;
	if (blocks < disc->buffered || !disc->buffered) {
		if (disc->buffered)
			leave_buffer(e, (uint32_t)blocks);
		else
			format_on(e, blocks);
		e->drained_us += blocks * block_us;
		return;
	}
	leave_buffer(e, disc->buffered);
	e->drained_us = e->now_us;
	/* Without underrun protection the laser now writes nothing. What page
	 * 05h does not rule has it always. */
	if (emu_quirk(e, EMU_Q_UNDERRUNS) && !(e->page_05[2] & 0x40) &&
	    lathep_emu_way(disc) <= EMU_WAY_DVD_R)
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
	if (e->store && lathep_emu_random(emu_disc(e)))
		lathep_emu_commit(e, emu_disc(e)->buffered);
	else if (e->store)
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

uint32_t lathep_emu_job_sense(const struct lathe_emulator *e)
{
	switch (e->job.kind) {
	case EMU_JOB_NONE:
		return EMU_GOOD;
	case EMU_JOB_LOAD:
		return EMU_BECOMING_READY;
	case EMU_JOB_FORMAT:
		return EMU_FORMATTING;
	default:
		return EMU_IN_PROGRESS;
	}
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
