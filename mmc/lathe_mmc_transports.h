/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_transports.h - ways to a drive, for lathe_mmc_config.execute: a
 * device node of Linux, a recorder on another machine, the log of a drive, and
 * such a log played back.
 *
 * Part of lathe_mmc.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_TRANSPORTS_H
#define LATHE_MMC_TRANSPORTS_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Linux SG_IO. Present only where <scsi/sg.h> is; elsewhere these return
 * LATHE_ERR_UNSUPPORTED.
 */
struct lathe_mmc_sgio {
	int fd;			/* -1 when closed */
	int sibling_fd;	/* the sg node of an sr node or the reverse, -1 */
	uint32_t max_transfer;	/* bytes, for config.max_transfer: the queue's
				 * limit, at most 64 KiB; 0 unknown */
	int sys_errno;		/* of the last failure, 0 if none */
	char busy_sibling[72];	/* with LATHE_ERR_BUSY: the sibling's path, if
				 * that is what is in use; else "" */
};

/*
 * Open a device node (/dev/srN or /dev/sgN) for exclusive use, and its
 * sibling node with it where it can be found; waits out short holders (udev)
 * for up to 'wait_ms'. 'read_only' opens without exclusive use.
 *   LATHE_ERR_NO_DEVICE, LATHE_ERR_DENIED, LATHE_ERR_BUSY, LATHE_ERR_IO
 *   LATHE_ERR_UNSUPPORTED  no SCSI device, or no SG_IO on this system
 * The object keeps errno. On an error nothing stays open.
 */
int lathe_mmc_sgio_open(struct lathe_mmc_sgio *sgio, const char *path,
			bool read_only, uint32_t wait_ms);
void lathe_mmc_sgio_close(struct lathe_mmc_sgio *sgio);

/* ctx is a struct lathe_mmc_sgio. lathe_execute_fn. Signals to the calling
 * thread wait until the command is done. */
int lathe_mmc_sgio_execute(void *sgio, struct lathe_cmd *cmd);

/* Monotonic clock and sleep for lathe_mmc_config; ctx is not used. */
uint64_t lathe_mmc_sgio_now_ms(void *ctx);
void lathe_mmc_sgio_sleep_ms(void *ctx, uint32_t ms);

/*
 * A recorder on another machine, by libiscsi. Only where the library was
 * compiled with LATHE_ISCSI defined (and linked with -liscsi); elsewhere
 * LATHE_ERR_UNSUPPORTED. Time comes from the caller, or from
 * lathe_mmc_sgio_now_ms() on Linux.
 */
struct lathe_mmc_iscsi {
	void *context;		/* NULL when closed */
	int lun;
	uint32_t max_transfer;	/* bytes, for config.max_transfer */
	char text[192];		/* why the last open failed */

	/* Private. */
	bool answered;
	int status;
};

/*
 * 'url' is iscsi://[user%password@]host[:port]/target/lun. Waits 'wait_ms' at
 * most for each step of the login. On an error nothing stays open.
 *   LATHE_ERR_ARG          the URL can not be understood
 *   LATHE_ERR_NO_DEVICE    nobody there, no such target, or not let in
 *   LATHE_ERR_MEMORY, LATHE_ERR_UNSUPPORTED
 */
int lathe_mmc_iscsi_open(struct lathe_mmc_iscsi *iscsi, const char *url,
			 uint32_t wait_ms);
void lathe_mmc_iscsi_close(struct lathe_mmc_iscsi *iscsi);

/* ctx is a struct lathe_mmc_iscsi. lathe_execute_fn. A connection that is lost
 * counts as closed: LATHE_CAUSE_GONE from then on. Signals wait until the
 * command is done. */
int lathe_mmc_iscsi_execute(void *iscsi, struct lathe_cmd *cmd);

/*
 * The log of a drive: a transport in front of another one. Each command
 * becomes one line of text, given to 'line' without its newline.
 *
 * The format: ASCII lines; empty ones and those that begin with '#' mean
 * nothing. A line is one command and its answer, as "name=value" separated by
 * single spaces, in this order; HEX is two lower-case digits a byte, numbers
 * are decimal unless said otherwise:
 *   cdb=HEX          the whole CDB
 *   in=N or out=N    bytes that it announces; none without data phase
 *   data=HEX         what came (of 'in', 'moved' bytes) or was sent (of 'out',
 *                    all of it), if it is at most LATHE_MMC_LOG_DATA_MAX
 *   crc=HEX          in its place for larger data and always for user data
 *                    (28h, 2Ah, 2Eh, A8h, AAh, BEh): CRC-32C, 8 digits
 *   status=HEX       SAM status
 *   moved=N          bytes really moved; none without data phase
 *   sense=HEX        sense data, if any came
 *   cause=NAME host=HEX4 driver=HEX4 errno=N
 *                    in place of status to sense when no status came: refused,
 *                    too-large, timed-out, gone or reset
 *   time=START+TOOK  milliseconds, if there is a clock
 * Readers skip names that they do not know.
 */
#define LATHE_MMC_LOG_DATA_MAX 4096u
#define LATHE_MMC_LOG_LINE_MAX (2 * LATHE_MMC_LOG_DATA_MAX + 512)

struct lathe_mmc_scsi_log {
	lathe_execute_fn *execute;	/* the transport behind */
	void *execute_ctx;
	void (*line)(void *ctx, const char *text, size_t len);
	void *line_ctx;
	uint64_t (*now_ms)(void *ctx);	/* may be NULL: no times */
	void *now_ctx;
	char text[LATHE_MMC_LOG_LINE_MAX];	/* private */
};

/* ctx is a struct lathe_mmc_scsi_log. lathe_execute_fn. */
int lathe_mmc_scsi_log_execute(void *log, struct lathe_cmd *cmd);

/*
 * Plays a log back: each command must be the next line's command (CDB, size,
 * and the parameter list where the log has it), else LATHE_ERR_TRANSPORT with
 * LATHE_CAUSE_GONE, 'mismatch' is set and 'line' tells where. What the log
 * keeps as a CRC comes back as zeros. 'text' is the whole log, not copied.
 */
struct lathe_mmc_replay {
	const char *text;
	size_t len;
	size_t at;		/* start with 0; 'len' when all was played */
	uint32_t line;		/* of the last command; start with 0 */
	bool mismatch;
	uint64_t clock_ms;	/* of lathe_mmc_replay_now_ms() */
};

/* ctx is a struct lathe_mmc_replay. lathe_execute_fn. */
int lathe_mmc_replay_execute(void *replay, struct lathe_cmd *cmd);

/* A clock that only sleeping moves; ctx is a struct lathe_mmc_replay. */
uint64_t lathe_mmc_replay_now_ms(void *replay);
void lathe_mmc_replay_sleep_ms(void *replay, uint32_t ms);

#ifdef __cplusplus
}
#endif

#endif
