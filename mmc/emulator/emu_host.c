/* SPDX-License-Identifier: MIT */
/*
 * emu_host.c - what stands between a program and its drive: the kernel's
 * command filter and size limit, its polling, junk behind a reply; and the
 * faults, which strike on this way too.
 */
#include <stdio.h>
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define POLL_US 2000000u
#define JUNK 0xa5

/* Numbers that Linux gives, whatever this system's errno.h says. */
enum { LINUX_EPERM = 1, LINUX_EIO = 5, LINUX_ENODEV = 19 };
enum { HOST_NO_CONNECT = 1, HOST_TIME_OUT = 3, HOST_RESET = 8 };

/* ---- the command filter of Linux for unprivileged users ----------------- */

static bool passes_filter(uint8_t op, uint8_t node)
{
	/* As measured on /dev/sr0 of a kernel 6.1, 04h and 1Bh added. */
	static const uint8_t reading[] = {
		0x00, 0x03, 0x08, 0x12, 0x1a, 0x1c, 0x23, 0x25, 0x28, 0x2b,
		0x2f, 0x37, 0x3c, 0x3e, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
		0x48, 0x4a, 0x4b, 0x4d, 0x4e, 0x51, 0x52, 0x5a, 0x5c, 0x88,
		0x8f, 0x95, 0x9e, 0xa0, 0xa3, 0xa4, 0xa8, 0xac, 0xad, 0xb9,
		0xba, 0xbc, 0xbe
	};
	static const uint8_t writing[] = {
		0x04, 0x0a, 0x0d, 0x15, 0x19, 0x1b, 0x1e, 0x2a, 0x2e, 0x35,
		0x3f, 0x41, 0x4c, 0x53, 0x54, 0x55, 0x58, 0x5b, 0x5d, 0x8a,
		0x93, 0x94, 0xa1, 0xa2, 0xa6, 0xa7, 0xaa, 0xae, 0xb6, 0xbb,
		0xbf, 0xea
	};

	if (memchr(reading, op, sizeof(reading)))
		return true;
	return node == 1 && memchr(writing, op, sizeof(writing));
}

/* ---- outcomes without a status ------------------------------------------ */

static int fail(struct lathe_cmd *c, enum lathe_cause cause, int sys_errno,
		uint16_t host_status)
{
	c->status = 0;
	c->sense_len = 0;
	c->moved = 0;
	c->driver_status = 0;
	c->cause = (uint8_t)cause;
	c->sys_errno = sys_errno;
	c->host_status = host_status;
	return LATHE_ERR_TRANSPORT;
}

/* The host waited in vain, and reset the drive. */
static int time_out(struct lathe_emulator *e, struct lathe_cmd *c)
{
	lathep_emu_reset(e, false);
	return fail(c, LATHE_CAUSE_TIMED_OUT, 0, HOST_TIME_OUT);
}

/* ---- faults ------------------------------------------------------------- */

void lathep_emu_happen(struct lathe_emulator *e, enum emu_fault_what what)
{
	struct lathe_emulator_store *swap = e->swap;

	switch (what) {
	case EMU_FAULT_POWER_CUT:
		lathep_emu_reset(e, true);
		break;
	case EMU_FAULT_SWAP:
		e->swap = NULL;
		lathe_emulator_insert(e, swap);
		break;
	case EMU_FAULT_EJECT:
		/* By hand: locks do not help, the disc lies on the tray. */
		if (emu_has_disc(e)) {
			swap = e->store;
			lathep_emu_take_out(e);
			e->store = swap;
			e->media_event = 3;
		}
		e->tray_open = true;
		break;
	case EMU_FAULT_UNDERRUN:
		e->underrun = emu_has_disc(e) && emu_disc(e)->open;
		break;
	default:
		break;
	}
}

static void sense_fault(struct lathe_emulator *e, struct lathe_cmd *c,
			const struct emu_fault *f)
{
	uint32_t lba, count;

	if (f->what == EMU_FAULT_SENSE && f->value >> 16 == 1) {
		lathep_emu_command(e, c);
		e->has_info = false;
		if (!c->status)
			lathep_emu_check(e, c, f->value);
		return;
	}
	e->deferred = f->what == EMU_FAULT_DEFERRED;
	e->has_info = lathep_emu_cdb_range(c->cdb, &lba, &count);
	e->info = lba;
	if ((f->value & 0xfff00u) == 0x30c00u && emu_has_disc(e))
		lathep_emu_write_error(e, c, e->deferred);
	if (e->deferred)
		e->has_info = false;
	lathep_emu_check(e, c, f->value);
}

/* Status GOOD, but only part of the data came over. */
static void short_transfer(struct lathe_emulator *e, struct lathe_cmd *c,
			   uint32_t bytes)
{
	struct lathe_cmd part = *c;
	uint32_t lba, count;

	if (c->to_drive && lathep_emu_cdb_range(c->cdb, &lba, &count)) {
		count = bytes / LATHE_BLOCK_BYTES < count
			? bytes / LATHE_BLOCK_BYTES : count;
		if (c->cdb[0] == 0xaa)
			lathe_put_be32(part.cdb + 6, count);
		else
			lathe_put_be16(part.cdb + 7, (uint16_t)count);
	}
	lathep_emu_command(e, &part);
	if (!part.status && (part.moved > bytes || c->to_drive))
		part.moved = bytes < c->data_len ? bytes : c->data_len;
	memcpy(part.cdb, c->cdb, sizeof(part.cdb));
	*c = part;
}

/* Returns as lathe_execute_fn. */
static int strike(struct lathe_emulator *e, struct lathe_cmd *c,
		  const struct emu_fault *f)
{
	switch (f->what) {
	case EMU_FAULT_SENSE:
	case EMU_FAULT_DEFERRED:
		sense_fault(e, c, f);
		return 0;
	case EMU_FAULT_BUSY:
		c->status = 0x08;
		return 0;
	case EMU_FAULT_LOST:
		lathep_emu_command(e, c);
		/* fall through */
	case EMU_FAULT_TIMEOUT:
		lathep_emu_advance(e, c->timeout_ms * (uint64_t)1000u);
		return time_out(e, c);
	case EMU_FAULT_RESET:
		lathep_emu_reset(e, false);
		return fail(c, LATHE_CAUSE_RESET, 0, HOST_RESET);
	case EMU_FAULT_POWER_CUT:
		lathep_emu_reset(e, true);
		return fail(c, LATHE_CAUSE_RESET, 0, HOST_RESET);
	case EMU_FAULT_GONE:
		e->gone = true;
		return fail(c, LATHE_CAUSE_GONE, LINUX_ENODEV,
			    HOST_NO_CONNECT);
	case EMU_FAULT_REFUSED:
		return fail(c, LATHE_CAUSE_REFUSED, LINUX_EPERM, 0);
	case EMU_FAULT_TOO_LARGE:
		return fail(c, LATHE_CAUSE_TOO_LARGE, LINUX_EIO, 0);
	case EMU_FAULT_SHORT:
		short_transfer(e, c, f->value);
		return 0;
	case EMU_FAULT_RESIDUE:
		lathep_emu_command(e, c);
		c->moved -= f->value < c->moved ? f->value : c->moved;
		return 0;
	case EMU_FAULT_STALL:
		lathep_emu_advance(e, f->value * (uint64_t)1000u);
		break;
	case EMU_FAULT_CORRUPT:
		e->corrupt = true;
		break;
	default:
		lathep_emu_happen(e, f->what);
		break;
	}
	lathep_emu_command(e, c);
	return 0;
}

/* ---- the way of a command ----------------------------------------------- */

/* A desktop asks every two seconds whether there is a new disc, and eats
 * what the drive had to say. */
static void poll_media(struct lathe_emulator *e)
{
	if (emu_quirk(e, EMU_Q_HOST_SWALLOWS))
		e->attentions = 0;
	if (emu_quirk(e, EMU_Q_HOST_POLLS) &&
	    e->now_us - e->polled_us >= POLL_US) {
		e->polled_us = e->now_us;
		e->media_event = 0;
		e->attentions = 0;
	}
}

static void clear_outcome(struct lathe_cmd *c)
{
	c->status = 0;
	c->sense_len = 0;
	c->moved = 0;
	c->cause = LATHE_CAUSE_OK;
	c->host_status = 0;
	c->driver_status = 0;
	c->sys_errno = 0;
}

/* A WRITE whose data do not fit its CDB confuses the link: such a drive was
 * seen to be reset by the kernel, and the disc to be lost. */
static bool transfer_misfits(const struct lathe_cmd *c)
{
	uint32_t lba, count;

	return (c->cdb[0] == 0x2a || c->cdb[0] == 0x2e || c->cdb[0] == 0xaa) &&
	       lathep_emu_cdb_range(c->cdb, &lba, &count) &&
	       (!c->to_drive || count > UINT32_MAX / LATHE_BLOCK_BYTES ||
		count * LATHE_BLOCK_BYTES != c->data_len) &&
	       (count || c->data_len);
}

static int run(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_fault *fault = lathep_emu_match_fault(e, c);
	uint64_t start_us = e->now_us;
	int err = 0;

	if (fault)
		err = strike(e, c, fault);
	else
		lathep_emu_command(e, c);
	if (!err && c->timeout_ms &&
	    e->now_us - start_us > (uint64_t)c->timeout_ms * 1000u)
		err = time_out(e, c);
	if (!err && !c->to_drive && c->moved < c->data_len &&
	    !emu_quirk(e, EMU_Q_HOST_CLEAN) &&
	    !(fault && fault->what == EMU_FAULT_RESIDUE))
		memset(c->data + c->moved, JUNK, c->data_len - c->moved);
	return err;
}

int lathep_emu_host(struct lathe_emulator *e, struct lathe_cmd *c,
		    uint8_t node)
{
	int err;

	clear_outcome(c);
	e->commands++;
	lathep_emu_timed_faults(e);
	poll_media(e);
	if (e->gone)
		err = fail(c, LATHE_CAUSE_GONE, LINUX_ENODEV, HOST_NO_CONNECT);
	else if (node && !passes_filter(c->cdb[0], node))
		err = fail(c, LATHE_CAUSE_REFUSED, LINUX_EPERM, 0);
	else if (e->max_transfer && c->data_len > e->max_transfer)
		err = fail(c, LATHE_CAUSE_TOO_LARGE, LINUX_EIO, 0);
	else if (transfer_misfits(c))
		err = time_out(e, c);
	else
		err = run(e, c);
	if (e->command)
		lathep_emu_log(e, c);
	return err;
}

int lathe_emulator_execute(void *emulator, struct lathe_cmd *cmd)
{
	struct lathe_emulator *e = emulator;
	uint8_t node = 0;

	if (emu_quirk(e, EMU_Q_HOST_FILTER))
		node = 1;
	if (emu_quirk(e, EMU_Q_HOST_FILTER_READ_ONLY))
		node = 2;
	return lathep_emu_host(e, cmd, node);
}

/* ---- the command log ---------------------------------------------------- */

static int log_cdb(const struct lathe_cmd *c, char *out, size_t bytes)
{
	int n = 0;
	uint32_t i, len = c->cdb_len < 16 ? c->cdb_len : 16;

	for (i = 0; i < len; i++)
		n += snprintf(out + n, bytes - (size_t)n, "%02x ", c->cdb[i]);
	return n;
}

static const char *cause_name(uint8_t cause)
{
	static const char names[][10] = {
		"OK", "REFUSED", "TOO_LARGE", "TIMED_OUT", "GONE", "RESET"
	};

	return cause < 6 ? names[cause] : "?";
}

/* "2a 00 .. | dir=2 req=65536 got=65536 st=0", then "sense K/AA/QQ" or
 * "cause=NAME"; dir is 0 none, 1 from the drive, 2 to the drive. */
void lathep_emu_log(struct lathe_emulator *e, const struct lathe_cmd *c)
{
	char line[192];
	uint8_t response = c->sense[0] & 0x7f;
	int dir = !c->data_len ? 0 : c->to_drive ? 2 : 1;
	int n = log_cdb(c, line, sizeof(line));

	n += snprintf(line + n, sizeof(line) - (size_t)n,
		      "| dir=%d req=%lu got=%lu st=%u", dir,
		      (unsigned long)c->data_len, (unsigned long)c->moved,
		      c->status);
	if (c->cause)
		n += snprintf(line + n, sizeof(line) - (size_t)n,
			      " cause=%s", cause_name(c->cause));
	if (c->sense_len && response >= 0x72)
		n += snprintf(line + n, sizeof(line) - (size_t)n,
			      " sense %x/%02x/%02x", c->sense[1], c->sense[2],
			      c->sense[3]);
	else if (c->sense_len)
		n += snprintf(line + n, sizeof(line) - (size_t)n,
			      " sense %x/%02x/%02x", c->sense[2] & 15,
			      c->sense[12], c->sense[13]);
	if (c->sense_len && (response & 1))
		n += snprintf(line + n, sizeof(line) - (size_t)n, " deferred");
	e->command(e->command_ctx, line, (size_t)n);
}
