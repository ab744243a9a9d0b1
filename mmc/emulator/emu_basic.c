/* SPDX-License-Identifier: MIT */
/* emu_basic.c - who the drive is, its tray, its events. SPC-4 and MMC-6. */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define LOAD_US 3000000u
#define EJECT_US 1500000u

/* SPC-4 6.4.2, standard INQUIRY data. */
uint32_t lathep_emu_inquiry(struct lathe_emulator *e, struct lathe_cmd *c)
{
	static const uint8_t reply[36] = {
		0x05, 0x80, 0x05, 0x32, 31, 0, 0, 0,
		'L', 'A', 'T', 'H', 'E', ' ', ' ', ' ',
		'S', 'O', 'F', 'T', 'W', 'A', 'R', 'E',
		' ', 'R', 'E', 'C', '.', ' ', ' ', ' ',
		'1', '.', '0', '0'
	};

	(void)e;
	if (c->cdb[1] & 1 || c->cdb[2])
		return EMU_BAD_FIELD;	/* no vital product data */
	return lathep_emu_reply(c, reply, sizeof(reply),
				lathe_get_be16(c->cdb + 3));
}

/* SPC-4 6.39: pending conditions as data, with status GOOD. */
uint32_t lathep_emu_request_sense(struct lathe_emulator *e,
				  struct lathe_cmd *c)
{
	uint8_t reply[LATHE_SENSE_MAX];
	uint32_t sense = lathep_emu_take_attention(e);
	uint8_t len;

	if (!sense)
		sense = lathep_emu_job_sense(e);
	len = lathep_emu_sense(e, sense, c->cdb[1] & 1, reply);
	return lathep_emu_reply(c, reply, len, c->cdb[4]);
}

/* ---- the tray ----------------------------------------------------------- */

static uint32_t eject(struct lathe_emulator *e)
{
	if (e->prevented)
		return EMU_REMOVAL_PREVENTED;
	if (e->tray_open)
		return EMU_GOOD;
	lathep_emu_advance(e, EJECT_US);
	e->tray_open = true;
	e->test_open = false;
	e->test_reserved = 0;
	e->cue.valid = false;
	e->underrun = false;
	if (!e->store)
		return EMU_GOOD;
	lathep_emu_come_to_rest(e);
	e->media_event = 3;	/* MediaRemoval */
	return lathep_emu_save(e->store) ? EMU_INTERNAL : EMU_GOOD;
}

static uint32_t load(struct lathe_emulator *e, bool immediate)
{
	struct emu_job job = { .kind = EMU_JOB_LOAD };

	if (!e->tray_open)
		return EMU_GOOD;
	if (!e->store) {
		e->tray_open = false;
		return EMU_GOOD;
	}
	lathep_emu_start_job(e, &job, LOAD_US, immediate);
	return EMU_GOOD;
}

/* MMC-6 6.42. */
uint32_t lathep_emu_start_stop(struct lathe_emulator *e, struct lathe_cmd *c)
{
	if (c->cdb[4] & 0xf0)
		return EMU_GOOD;	/* a power condition */
	switch (c->cdb[4] & 3) {
	case 2:
		return eject(e);
	case 3:
		return load(e, c->cdb[1] & 1);
	case 1:
		if (!emu_has_disc(e))
			return e->tray_open ? EMU_NO_MEDIUM_OPEN
					    : EMU_NO_MEDIUM_CLOSED;
		return EMU_GOOD;
	default:
		return EMU_GOOD;
	}
}

/* MMC-6 6.18. */
uint32_t lathep_emu_prevent(struct lathe_emulator *e, struct lathe_cmd *c)
{
	if (emu_quirk(e, EMU_Q_NO_LOCK) && c->cdb[4] & 1)
		return EMU_BAD_FIELD;
	e->prevented = c->cdb[4] & 1;
	return EMU_GOOD;
}

/* ---- events, MMC-6 6.7 -------------------------------------------------- */

enum { OPERATIONAL = 1, POWER = 2, MEDIA = 4, BUSY = 6 };

static void media_event(struct lathe_emulator *e, uint8_t *p)
{
	p[0] = e->media_event;
	p[1] = (uint8_t)((e->tray_open ? 1 : 0) | (emu_has_disc(e) ? 2 : 0));
	if (!emu_quirk(e, EMU_Q_STUCK_EVENT))
		e->media_event = 0;
}

static void busy_event(const struct lathe_emulator *e, uint8_t *p)
{
	uint64_t left_us;

	if (e->job.kind == EMU_JOB_NONE)
		return;
	left_us = e->job.end_us - e->now_us;
	p[1] = 1;	/* the logical unit is busy; time in 100 ms */
	lathe_put_be16(p + 2, left_us > 6553500000u ? 0xffff
			      : (uint16_t)(left_us / 100000u));
}

/* The class to report: the first one with news, else the first one asked
 * for. */
static uint8_t choose_class(const struct lathe_emulator *e, uint8_t asked)
{
	uint8_t class;

	if (asked & 1u << MEDIA && e->media_event)
		return MEDIA;
	for (class = 1; class < 7; class++)
		if (asked >> class & 1)
			return class;
	return 0;
}

uint32_t lathep_emu_events(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint8_t supported = 1u << OPERATIONAL | 1u << POWER | 1u << MEDIA;
	uint8_t reply[8] = { 0 };
	uint8_t class;

	if (!(c->cdb[1] & 1))
		return EMU_BAD_FIELD;	/* asynchronous mode */
	if (!emu_quirk(e, EMU_Q_FEW_EVENTS))
		supported |= 1u << BUSY;
	class = choose_class(e, c->cdb[4] & supported);
	reply[3] = supported;
	if (!class) {
		reply[1] = 2;
		reply[2] = 0x80;	/* NEA */
		return lathep_emu_reply(c, reply, 4,
					lathe_get_be16(c->cdb + 7));
	}
	reply[1] = 6;
	reply[2] = class;
	if (class == POWER)
		reply[5] = 1;		/* active */
	/* An event counts as reported only when it fits. */
	if (class == MEDIA && lathe_get_be16(c->cdb + 7) >= 8)
		media_event(e, reply + 4);
	if (class == BUSY)
		busy_event(e, reply + 4);
	return lathep_emu_reply(c, reply, 8, lathe_get_be16(c->cdb + 7));
}

/* MMC-6 6.9. */
uint32_t lathep_emu_mechanism_status(struct lathe_emulator *e,
				     struct lathe_cmd *c)
{
	uint8_t reply[8] = { 0 };

	reply[1] = e->tray_open ? 0x10 : 0;
	return lathep_emu_reply(c, reply, sizeof(reply),
				lathe_get_be16(c->cdb + 8));
}
