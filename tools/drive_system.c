/* SPDX-License-Identifier: MIT */
/*
 * What the operating system makes of a disc that was just recorded. Linux
 * looks for the last session when a disc comes in; a node that is opened
 * anew after the drive's own report of a change has it look again.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "session/lathe_session.h"
#include "tools/drive.h"

#if defined(__linux__)
#include <linux/cdrom.h>
#include <linux/fs.h>

/* Where the system would mount from. False: it does not say. */
static bool system_start(const char *node, uint32_t *start)
{
	struct cdrom_multisession last = { .addr_format = CDROM_LBA };
	int fd = open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool told;

	if (fd < 0)
		return false;
	(void)ioctl(fd, BLKFLSBUF, 0);
	told = ioctl(fd, CDROMMULTISESSION, &last) == 0;
	close(fd);
	*start = last.xa_flag && last.addr.lba > 0 ? (uint32_t)last.addr.lba
						   : 0;
	return told;
}
#else
static bool system_start(const char *node, uint32_t *start)
{
	(void)node;
	*start = 0;
	return false;
}
#endif

static int reload(struct lathe_mmc *mmc)
{
	int err = lathe_mmc_eject(mmc);

	return err ? err : lathe_mmc_load(mmc);
}

/* Overwritable discs are mounted from block 0. */
static uint32_t disc_start(struct drive *drive)
{
	struct lathe_mmc_medium medium;

	if (lathe_mmc_read_medium(&drive->mmc, &medium) ||
	    medium.overwritable)
		return 0;
	return medium.last_session_start;
}

void drive_show_system(struct tool *tool, struct drive *drive, bool wanted)
{
	uint32_t is, should;
	bool node = drive->sgio.fd >= 0;

	if (wanted && reload(&drive->mmc))
		note(tool, "%s: the tray could not be opened and closed",
		     drive->name);
	if (!node || wanted)
		return;
	should = disc_start(drive);
	/* The node is ours alone as long as it is open. */
	lathe_mmc_sgio_close(&drive->sgio);
	if (!system_start(drive->name, &is) || is == should)
		return;
	note(tool,
	     "%s: the system still mounts the session at block %s: open and "
	     "close the tray, or record with --reload",
	     drive->name, grouped(is).text);
}
