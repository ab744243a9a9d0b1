/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc.h - optical recorders: SCSI transports, MMC commands, the model
 * of drive and medium, and the strategies that record on each medium.
 *
 * The library allocates nothing, keeps no global state, prints nothing. A
 * drive object is for one thread at a time; several are independent.
 *
 * Standards: SPC-3, MMC-5 and MMC-6. LBAs and sizes are in blocks of 2048
 * bytes unless a name says otherwise.
 *
 * Common errors of every call that sends commands:
 *   LATHE_ERR_SENSE      the drive refused or failed; see the failure
 *   LATHE_ERR_NO_MEDIUM  sense 3A/xx
 *   LATHE_ERR_TIMEOUT    it stayed "not ready" or "busy" for too long
 *   LATHE_ERR_TRANSPORT  no status came back
 *   LATHE_ERR_NO_DEVICE  the transport says the drive is gone
 *   LATHE_ERR_DENIED     the system does not let this user send the command
 *   LATHE_ERR_BUSY       another host has reserved the drive
 *   LATHE_ERR_UNSUPPORTED  the transport takes not even one block at a time
 *   LATHE_ERR_CORRUPT    an answer is shorter than its fixed fields or its
 *                        fields contradict each other
 *   LATHE_ERR_CANCELLED  the cancelled hook said so, between two commands
 * On any error output arguments are unchanged.
 *
 * The cancelled hook is asked before each WRITE and READ of lathe_mmc_write()
 * and lathe_mmc_read(), also while the drive's buffer is full, and in
 * lathe_mmc_wait_ready(). All other calls finish what they began: a close or a
 * blanking that runs in the drive can not be called back.
 *
 * Log lines: mmc.wait, mmc.retry, mmc.split (a command was too large),
 * mmc.recovered, mmc.deferred, mmc.short, mmc.read-singly, mmc.test-write,
 * mmc.no-lock, mmc.no-fua, mmc.damaged, mmc.no-reserve, mmc.no-streaming,
 * mmc.flush.
 *
 * Commands as bytes, for who sends their own: lathe_mmc_commands.h.
 */
#ifndef LATHE_MMC_H
#define LATHE_MMC_H

#include "mmc/lathe_mmc_drive.h"
#include "mmc/lathe_mmc_medium.h"
#include "mmc/lathe_mmc_recording.h"
#include "mmc/lathe_mmc_erasing.h"
#include "mmc/lathe_mmc_transports.h"

#endif
