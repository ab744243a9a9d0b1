/* SPDX-License-Identifier: MIT */
/*
 * shim.h - a library to preload: /dev/sr0 and /dev/sg0 of an unmodified
 * program become the recorder behind a socket (mmc/emulator/lathe_emulator.h
 * describes the protocol).
 *
 *	LATHE_SHIM_DISC    the disc's image file; its descriptor stands in for
 *	                   the device, so that read, lseek, dup, fork work
 *	LATHE_SHIM_SOCKET  where the recorder listens
 *	LATHE_SHIM_TRACE   if set, what was asked goes to standard error
 *
 * Never as root: a program that takes the stand-in for a real device may do
 * harm with it. The shim ends a process that has the rights of root.
 */
#ifndef LATHE_SHIM_H
#define LATHE_SHIM_H

#include <stdbool.h>
#include <stdint.h>

/* The protocol's name for how the device was opened. */
enum shim_node {
	SHIM_NODE_SG = 0,
	SHIM_NODE_SR = 1,
	SHIM_NODE_SR_READ_ONLY = 2,
	SHIM_NODE_NONE = 255
};

struct shim_cmd {
	const uint8_t *cdb;
	uint8_t cdb_len;
	uint8_t direction;	/* 0 no data, 1 from the drive, 2 to it */
	uint8_t *data;
	uint32_t data_len;
	uint32_t timeout_ms;
	enum shim_node node;

	/* The reply. */
	int sys_errno;		/* 0: the ioctl succeeds */
	uint8_t status;
	uint8_t sense_len;
	uint8_t sense[64];
	uint16_t host_status, driver_status;
	uint32_t moved;
};

/* The device that a descriptor leads to, SHIM_NODE_NONE if to none. */
enum shim_node shim_node_of_fd(int fd);

/* Send the command and wait for its end. A recorder that cannot be reached
 * is a reply too: ENODEV. */
void shim_execute(struct shim_cmd *cmd);

/* A command without or with a short reply, for ioctls that mean one. */
uint8_t shim_simple(enum shim_node node, const uint8_t *cdb, uint8_t cdb_len,
		    uint8_t *data, uint32_t data_len, uint8_t sense[64]);

/* Tell the recorder's clock that the thread which speaks to it sleeps; false
 * for any other thread, whose sleep goes on beside the recorder's work. */
bool shim_report_sleep(uint64_t microseconds);

void shim_trace(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
