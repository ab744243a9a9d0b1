/* SPDX-License-Identifier: MIT */
/* shim_ioctl.c - what a program asks of the device by ioctl. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux has them, <scsi/sg.h> of the C library has not. */
#define IOCTL_GET_IDLUN 0x5382
#define IOCTL_GET_BUS_NUMBER 0x5386

static int fail(int error)
{
	errno = error;
	return -1;
}

static uint8_t direction_of(const sg_io_hdr_t *io)
{
	switch (io->dxfer_direction) {
	case SG_DXFER_TO_DEV:
		return 2;
	case SG_DXFER_FROM_DEV:
	case SG_DXFER_TO_FROM_DEV:
		return 1;
	default:
		return 0;
	}
}

static int generic_io(enum shim_node node, sg_io_hdr_t *io)
{
	struct shim_cmd cmd = { .cdb = io->cmdp,
				.cdb_len = io->cmd_len,
				.direction = direction_of(io),
				.data = io->dxferp,
				.data_len = io->dxfer_len,
				.timeout_ms = io->timeout,
				.node = node };

	/* None of these programs scatters its buffers. */
	if (io->interface_id != 'S' || io->iovec_count)
		return fail(EINVAL);
	shim_execute(&cmd);
	if (cmd.sys_errno)
		return fail(cmd.sys_errno);

	io->status = cmd.status;
	io->masked_status = (cmd.status >> 1) & 0x1f;
	io->msg_status = 0;
	io->host_status = cmd.host_status;
	io->driver_status = cmd.driver_status;
	io->resid = (int)(io->dxfer_len - cmd.moved);
	io->duration = 0;
	io->info = cmd.status || cmd.host_status || cmd.driver_status ?
			   SG_INFO_CHECK :
			   SG_INFO_OK;
	io->sb_len_wr = cmd.sense_len < io->mx_sb_len ? cmd.sense_len :
							io->mx_sb_len;
	if (!io->sbp)
		io->sb_len_wr = 0;
	if (io->sb_len_wr)
		memcpy(io->sbp, cmd.sense, io->sb_len_wr);
	return 0;
}

static int drive_status(enum shim_node node)
{
	static const uint8_t test_unit_ready[6];
	uint8_t sense[64], status;
	int tries = 2;

	do {
		status = shim_simple(node, test_unit_ready, 6, NULL, 0, sense);
	} while (status == 2 && (sense[2] & 15) == 6 && --tries);
	if (status != 2)
		return CDS_DISC_OK;
	if (sense[12] == 0x3a)
		return sense[13] == 2 ? CDS_TRAY_OPEN : CDS_NO_DISC;
	return (sense[2] & 15) == 2 ? CDS_DRIVE_NOT_READY : CDS_DISC_OK;
}

static int simple_command(enum shim_node node, uint8_t opcode, uint8_t byte4)
{
	uint8_t cdb[6] = { opcode, 0, 0, 0, byte4, 0 }, sense[64];

	return shim_simple(node, cdb, 6, NULL, 0, sense) ? fail(EIO) : 0;
}

static int capacity(enum shim_node node, uint64_t *bytes)
{
	static const uint8_t read_capacity[10] = { 0x25 };
	uint8_t reply[8] = { 0 }, sense[64];

	if (shim_simple(node, read_capacity, 10, reply, 8, sense))
		return fail(EIO);
	*bytes = ((uint64_t)reply[0] << 24 | (uint64_t)reply[1] << 16 |
		  (uint64_t)reply[2] << 8 | reply[3]) *
			 2048 +
		 2048;
	return 0;
}

static int block_ioctl(enum shim_node node, unsigned long request,
		       void *argument)
{
	switch (request) {
	case CDROM_DRIVE_STATUS:
		return drive_status(node);
	case CDROM_MEDIA_CHANGED:
	case BLKFLSBUF:
		return 0;
	case CDROM_GET_CAPABILITY:
		return CDC_OPEN_TRAY | CDC_CLOSE_TRAY | CDC_LOCK | CDC_CD_R |
		       CDC_CD_RW | CDC_MULTI_SESSION | CDC_DRIVE_STATUS;
	case CDROMEJECT:
		return simple_command(node, 0x1b, 2);
	case CDROMCLOSETRAY:
		return simple_command(node, 0x1b, 3);
	case CDROM_LOCKDOOR:
		return simple_command(node, 0x1e, argument ? 1 : 0);
	case BLKGETSIZE64:
		return capacity(node, argument);
	default:
		return fail(EINVAL);
	}
}

static int drive_ioctl(enum shim_node node, unsigned long request,
		       void *argument)
{
	switch (request) {
	case SG_IO:
		return generic_io(node, argument);
	case SG_GET_VERSION_NUM:
		*(int *)argument = node == SHIM_NODE_SG ? 30536 : 30527;
		return 0;
	case IOCTL_GET_IDLUN:
		memset(argument, 0, 2 * sizeof(int));
		return 0;
	case IOCTL_GET_BUS_NUMBER:
	case SG_EMULATED_HOST:
		*(int *)argument = 0;
		return 0;
	case SG_GET_SCSI_ID:
		if (node != SHIM_NODE_SG)
			return fail(EINVAL);
		memset(argument, 0, sizeof(struct sg_scsi_id));
		((struct sg_scsi_id *)argument)->scsi_type = 5;
		return 0;
	case SG_SET_TIMEOUT:
	case SG_SET_RESERVED_SIZE:
		return 0;
	case SG_GET_TIMEOUT:
		return 6000;
	case SG_GET_RESERVED_SIZE:
		*(int *)argument = 131072;
		return 0;
	default:
		if (node == SHIM_NODE_SG)
			return fail(EINVAL);
		return block_ioctl(node, request, argument);
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	enum shim_node node;
	void *argument;
	va_list args;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	node = shim_node_of_fd(fd);
	if (node == SHIM_NODE_NONE)
		return (int)syscall(SYS_ioctl, fd, request, argument);
	if (request != SG_IO)
		shim_trace("shim: ioctl %#lx\n", request);
	return drive_ioctl(node, request, argument);
}
