/* SPDX-License-Identifier: MIT */
/*
 * lathe_emulator.h - a disc recorder made of software: the other side of the
 * same wire. It takes SCSI commands and answers as a drive does, faults
 * included. It shares nothing with the engine but lathe.h.
 *
 * Core, store, door: the core (struct lathe_emulator) takes a command and
 * gives a reply, has a virtual clock and does no I/O of its own; a store
 * keeps blocks and the disc's state; a door lets commands in.
 *
 * Threads: an emulator and its store are for one thread at a time.
 * Memory is taken through hooks.realloc.
 */
#ifndef LATHE_EMULATOR_H
#define LATHE_EMULATOR_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- media -------------------------------------------------------------- */

enum lathe_emulator_media {
	LATHE_EMULATOR_CD_R_74,
	LATHE_EMULATOR_CD_R_80,
	LATHE_EMULATOR_CD_RW,
	LATHE_EMULATOR_DVD_R,
	LATHE_EMULATOR_DVD_R_DL,
	LATHE_EMULATOR_DVD_RW,		/* blank, for writing in sequence */
	LATHE_EMULATOR_DVD_RW_OW,	/* formatted, restricted overwrite */
	LATHE_EMULATOR_DVD_PLUS_R,
	LATHE_EMULATOR_DVD_PLUS_R_DL,
	LATHE_EMULATOR_DVD_PLUS_RW,	/* never formatted */
	LATHE_EMULATOR_DVD_RAM,		/* formatted */
	LATHE_EMULATOR_BD_R,
	LATHE_EMULATOR_BD_R_DL,
	LATHE_EMULATOR_BD_R_TL,
	LATHE_EMULATOR_BD_R_QL,
	LATHE_EMULATOR_BD_RE,		/* never formatted */
	LATHE_EMULATOR_BD_RE_DL,
	LATHE_EMULATOR_MEDIA_COUNT
};

/* "cd-r-74", "cd-r-80", "cd-rw", "dvd-r", "dvd-r-dl", "dvd-rw", "dvd-rw-ow",
 * "dvd+r", "dvd+r-dl", "dvd+rw", "dvd-ram", "bd-r", "bd-r-dl", "bd-r-tl",
 * "bd-r-ql", "bd-re", "bd-re-dl"; NULL beyond the last. */
const char *lathe_emulator_media_name(enum lathe_emulator_media media);

/* 0 and *out, or LATHE_ERR_NOT_FOUND. */
int lathe_emulator_media_find(const char *name, enum lathe_emulator_media *out);

/* ---- stores ------------------------------------------------------------- */

/*
 * Where a disc lives: blocks and a text with its state (medium, sessions,
 * tracks, gaps, damaged ranges). A disc is a store; a drive may get another
 * one at any time (lathe_emulator_insert).
 */
struct lathe_emulator_store;

/*
 * A blank disc in memory: sparse, with copy-on-write snapshots.
 * LATHE_ERR_MEMORY.
 */
int lathe_emulator_store_memory(const struct lathe_hooks *hooks,
				enum lathe_emulator_media media,
				struct lathe_emulator_store **out);

/*
 * A second, independent store with the same content; blocks are shared until
 * one of the two changes. Costs some microseconds, whatever the disc holds.
 * A store and all its snapshots are for one thread at a time. Memory stores
 * only, else LATHE_ERR_UNSUPPORTED; LATHE_ERR_MEMORY.
 */
int lathe_emulator_store_snapshot(struct lathe_emulator_store *store,
				  struct lathe_emulator_store **out);

/*
 * A blank disc in memory of which 8 bytes a block are kept, a digest, so that
 * whole BDs can be filled. A judge asks lathe_emulator_store_holds(). READ
 * gives blocks that hold zeros, blocks that were kept, and blocks that
 * 'source' makes again, if their digest is that of what was written; all
 * others read as damaged.
 */
struct lathe_emulator_digest {
	size_t size;		/* sizeof(struct lathe_emulator_digest) */

	/* Kept as they are: the first blocks of each run of WRITEs without a
	 * gap, at most so many; and kept blocks that are written again. What
	 * begins a session is among them. 0 means 4096. */
	uint32_t keep_blocks;

	/* The 2048 bytes that were written to 'lba', as far as known: 0, or
	 * anything else if they are not. May be NULL. */
	int (*source)(void *ctx, uint32_t lba, uint8_t *out);
	void *ctx;
};

/* 'options' may be NULL. LATHE_ERR_ARG, LATHE_ERR_MEMORY. */
int lathe_emulator_store_digest(const struct lathe_hooks *hooks,
				enum lathe_emulator_media media,
				const struct lathe_emulator_digest *options,
				struct lathe_emulator_store **out);

/*
 * Make a blank disc in files: PATH holds LBA n at byte 2048 n (holes for
 * zeros), PATH.disc the state as text. PATH.disc is replaced as a whole (by
 * way of PATH.disc~) when a track begins or ends, at close, blank, format and
 * eject, and when writing at random goes on at another place; in between only
 * its last line is updated in place. So a process may be killed at any moment,
 * and leaves an interrupted track at worst; nothing is flushed to survive a
 * crash of the whole machine.
 * LATHE_ERR_EXISTS: PATH or PATH.disc is there already; LATHE_ERR_NOT_FOUND: no
 * such directory; LATHE_ERR_DENIED, LATHE_ERR_LIMIT (too long a path),
 * LATHE_ERR_IO, LATHE_ERR_MEMORY.
 */
int lathe_emulator_store_create(const struct lathe_hooks *hooks,
				const char *path,
				enum lathe_emulator_media media);

/*
 * Open such a disc, exclusively: LATHE_ERR_BUSY when somebody has it,
 * LATHE_ERR_NOT_FOUND, LATHE_ERR_DENIED, LATHE_ERR_LIMIT, LATHE_ERR_IO,
 * LATHE_ERR_CORRUPT (PATH.disc damaged), LATHE_ERR_MEMORY.
 */
int lathe_emulator_store_open(const struct lathe_hooks *hooks,
			      const char *path,
			      struct lathe_emulator_store **out);

/*
 * Make the disc smaller: its last possible lead-out starts at LBA 'limit', at
 * least 1, at most what its kind has. Real discs differ in this by some
 * blocks; tests of full discs need not write 700 MB. LATHE_ERR_ARG;
 * LATHE_ERR_STATE: it is not blank; LATHE_ERR_IO.
 */
int lathe_emulator_store_set_limit(struct lathe_emulator_store *store,
				   uint32_t limit);

/*
 * A state that could not be saved, on a full disk say, is told by the drive as
 * 4/44/00, and by all commands for the disc until it is saved; each tries that
 * anew, and so does this. 0: nothing is to be saved any more. LATHE_ERR_IO,
 * with errno as the system left it, LATHE_ERR_MEMORY: PATH.disc tells an older
 * state, that of a disc whose last session was cut, or is not begun.
 */
int lathe_emulator_store_save(struct lathe_emulator_store *store);

/* NULL is allowed. Not while it is inserted. */
void lathe_emulator_store_close(struct lathe_emulator_store *store);

/* For judges: what the disc really holds, never through commands. */
enum lathe_emulator_block {
	LATHE_EMULATOR_BLOCK_UNRECORDED,
	LATHE_EMULATOR_BLOCK_DATA,
	LATHE_EMULATOR_BLOCK_DAMAGED,	/* reads as 3/11/05 */
	LATHE_EMULATOR_BLOCK_GAP,	/* run-out, lead-out and -in, pre-gap */
	LATHE_EMULATOR_BLOCK_DIGEST	/* data; only their digest is kept */
};

/* The kind of block 'lba', and its 2048 bytes into 'out' if DATA. */
enum lathe_emulator_block
lathe_emulator_store_peek(struct lathe_emulator_store *store, uint32_t lba,
			  uint8_t *out);

/* True if block 'lba' is recorded and holds these 2048 bytes. */
bool lathe_emulator_store_holds(struct lathe_emulator_store *store,
				uint32_t lba, const uint8_t *data);

/* The state as text, the same as in PATH.disc; valid until the next call. */
const char *lathe_emulator_store_text(struct lathe_emulator_store *store);

/* State in numbers, for judges. */
struct lathe_emulator_disc {
	enum lathe_emulator_media media;
	bool blank, appendable, final;
	bool track_open;	/* recorded in part, in no TOC */
	uint32_t sessions;	/* complete ones */
	uint32_t tracks;	/* complete ones */
	uint32_t next_writable;	/* of the open or the next track; 0 if none */
	uint32_t free_blocks;
	uint32_t lead_out_limit; /* blocks of the empty disc */

	/* DVD+RW, DVD-RAM, BD-RE, formatted DVD-RW: no sessions, no tracks;
	 * 'blank' is one on which nothing was written. */
	bool overwritable;
	bool formatted;		/* BD-R as well: by FORMAT UNIT or a WRITE */
	uint32_t capacity;	/* blocks that READ CAPACITY tells of */
};

void lathe_emulator_store_state(struct lathe_emulator_store *store,
				struct lathe_emulator_disc *out);

struct lathe_emulator_track {
	uint32_t session, start, blocks; /* blocks without run-out */
	bool data;
	uint8_t mode;		/* 1, 2 */
};

/* Complete track 'number' from 1; none of overwritable media.
 * LATHE_ERR_NOT_FOUND. */
int lathe_emulator_store_track(struct lathe_emulator_store *store,
			       uint32_t number,
			       struct lathe_emulator_track *out);

/* ---- the drive ---------------------------------------------------------- */

struct lathe_emulator;

/* Zero every field you do not set. */
struct lathe_emulator_config {
	size_t size;		/* sizeof(struct lathe_emulator_config) */
	struct lathe_hooks hooks;	/* realloc is used, the others not */

	/* Names of other behaviours, separated by commas: the personalities
	 * of lathe_emulator_rule(), and "host-max-transfer=BYTES" (more is
	 * TOO_LARGE; default: no limit), "buffer-kib=N" (the drive's buffer;
	 * default 2048), "load-ms=N" (how long a disc takes to become ready;
	 * default: none). NULL or "": none. */
	const char *personality;

	/* Faults; see lathe_emulator_set_faults(). NULL or "": none. */
	const char *faults;

	/* Each command as one line of text, without newline; may be NULL. */
	void (*command)(void *ctx, const char *text, size_t len);
	void *command_ctx;
};

/*
 * A drive without a disc.
 * LATHE_ERR_ARG: unknown personality or a fault script that does not parse;
 * LATHE_ERR_MEMORY.
 */
int lathe_emulator_create(const struct lathe_emulator_config *config,
			  struct lathe_emulator **out);
void lathe_emulator_destroy(struct lathe_emulator *emulator);

/* Put a disc in, with a unit attention and a media event; NULL takes it out.
 * The store stays the caller's, and must outlive its stay. What the drive has
 * in its buffer is written first. The tray's lock does not matter here. */
void lathe_emulator_insert(struct lathe_emulator *emulator,
			   struct lathe_emulator_store *store);
/* The disc in the drive or on its open tray, or NULL. */
struct lathe_emulator_store *
lathe_emulator_disc_in(struct lathe_emulator *emulator);

/*
 * The in-process door. ctx is a struct lathe_emulator. lathe_execute_fn.
 * The host model (size limit, command filter, stale bytes behind the
 * residue) is in front of the core here.
 */
int lathe_emulator_execute(void *emulator, struct lathe_cmd *cmd);

/* The virtual clock, for the engine's now_ms and sleep_ms. */
uint64_t lathe_emulator_now_ms(void *emulator);
void lathe_emulator_sleep_ms(void *emulator, uint32_t ms);

/* Cut the power: the buffer is lost, the ECC block in work is damaged,
 * background work has no effect (but a BLANK: the disc is then blank), each
 * unless the personality has it otherwise. The next command finds the drive
 * reset (6/29/00). */
void lathe_emulator_power_cut(struct lathe_emulator *emulator);

/*
 * Faults, as a text. Lines end with a newline or ';'; '#' begins a comment, up
 * to the newline; words are separated by spaces, in any order. Each line is
 * one fault: any number of conditions, all of which must hold, and exactly
 * one effect.
 *
 * Conditions on a command:
 *   op=HH       its opcode is HH (hexadecimal)
 *   cdbN=HH     byte N of its CDB (N decimal, 0 to 15) is HH (hexadecimal)
 *   lba=N       its range of blocks (READ, WRITE, READ CD, VERIFY) holds N
 *   after=N     at least N commands came before it
 *   time=MS     the clock shows MS or more when it comes
 *   count=N     it is the N-th command that meets all other conditions; 1 if
 *               not given
 *   times=N     how many commands are hit, from the count-th on; 1 if not
 *               given, 0: all of them
 * Without any condition the next command is hit. If several faults fit, the
 * first one strikes; the others count the command all the same.
 *
 * Effects that stop the command, so that the drive does not carry it out:
 *   sense=K/AA/QQ     CHECK CONDITION with this key, ASC and ASCQ (hexadecimal,
 *                     1, 2 and 2 digits). 3/0C/QQ on a WRITE damages the block
 *                     it begins with (DVD, BD: its whole ECC block), which
 *                     counts as used; recording may go on behind it. On
 *                     another command it damages the last block of the open
 *                     track. With K 1, a recovered error, the command is
 *                     carried out, and this is its answer if it was good.
 *   deferred=K/AA/QQ  the same as a deferred error: 3/0C/QQ damages the last
 *                     block that was acknowledged before
 *   busy              status BUSY, no sense data
 *   timeout           no answer until the command's time is over: TIMED_OUT,
 *                     and the drive is reset
 *   reset             the drive is reset: RESET
 *   powercut          as lathe_emulator_power_cut(): RESET
 *   refused           the host does not allow it: REFUSED
 *   toolarge          the host can not transfer so much: TOO_LARGE
 *   gone              the drive is gone from now on: GONE
 * Effects on a command that is carried out:
 *   lost              its answer never comes: TIMED_OUT, and a reset
 *   short=N           status GOOD, but only N bytes are moved; a WRITE takes
 *                     only whole blocks of them
 *   residue=N         N bytes less are told to have moved than did
 *   corrupt           one bit of the first block written, or in the middle of
 *                     what is read, is flipped
 *   stall=MS          it takes MS longer
 *   underrun          the open track has lost its stream: WRITE is refused
 *                     until it has ended
 *   swap              the disc is replaced by that of lathe_emulator_set_swap
 *   eject             the tray opens by hand, whatever locks it
 *
 * powercut, swap, eject and underrun with time=MS as their only condition
 * need no command: they happen at that time, also within a sleep.
 *
 * A new script replaces the old one, sets all counts to 0 and brings a drive
 * back that was 'gone'. NULL or "": none.
 * LATHE_ERR_ARG: does not parse; LATHE_ERR_MEMORY. The old script then stays
 * in force.
 */
int lathe_emulator_set_faults(struct lathe_emulator *emulator,
			      const char *script);

/* Used by the fault 'swap': the disc that is put in. NULL: none. */
void lathe_emulator_set_swap(struct lathe_emulator *emulator,
			     struct lathe_emulator_store *store);

/* Commands executed so far, and faults that fired. */
uint32_t lathe_emulator_commands(const struct lathe_emulator *emulator);
uint32_t lathe_emulator_faults_fired(const struct lathe_emulator *emulator);

/* ---- rules and personalities -------------------------------------------- */

/* Row 'i' of the table of rules; false beyond the last. 'source' says where
 * it comes from: a clause, a manual, a trace, or "assumed". */
struct lathe_emulator_rule_row {
	const char *id;
	const char *text;
	const char *source;
	const char *personality; /* the name of the other behaviour, or NULL */
};

bool lathe_emulator_rule(uint32_t i, struct lathe_emulator_rule_row *out);

/* ---- the door for other processes --------------------------------------- */

/*
 * The protocol of the socket door, version 1. A Unix socket (AF_UNIX,
 * SOCK_STREAM); any number of clients at a time, each with any number of
 * connections; the drive and its disc belong to the server. On a connection
 * the client sends a request and reads its reply, then sends the next one.
 * Commands of all clients are executed one after the other, as they arrive.
 * The server says nothing first. A malformed header makes it close the
 * connection. Numbers are little-endian; "-" is sent as zeros.
 *
 * Request, LATHE_EMULATOR_REQUEST_BYTES = 48, then data_len bytes of data if
 * the direction is 2 (to the drive):
 *
 *   offset size
 *    0     4   4Ch 41h 54h 51h ("LATQ")
 *    4     1   version, 1
 *    5     1   kind: 1 SCSI command, 2 sleep
 *    6     1   SCSI: CDB length, 1 to 16
 *    7     1   SCSI: direction: 0 no data, 1 from the drive, 2 to the drive
 *    8     4   tag, handed back in the reply
 *   12     4   SCSI: data_len, bytes of the data buffer (dxfer_len of SG_IO),
 *              at most LATHE_EMULATOR_DOOR_DATA_MAX; 0 with direction 0
 *   16     4   SCSI: timeout in ms; sleep: how many ms are slept
 *   20     1   SCSI: node it came through: 0 sg (no filter), 1 sr opened for
 *              writing, 2 sr opened read-only. With 1 and 2 the command
 *              filter of Linux for unprivileged users applies: cause REFUSED.
 *   21     3   -
 *   24    16   SCSI: CDB, zeros behind its length
 *   40     8   -
 *
 * Reply, LATHE_EMULATOR_REPLY_BYTES = 104, then data_len bytes of data:
 *
 *   offset size
 *    0     4   4Ch 41h 54h 41h ("LATA")
 *    4     1   version, 1
 *    5     1   kind, as asked
 *    6     1   cause, enum lathe_cause: 0 OK (a SCSI status came back),
 *              1 REFUSED, 2 TOO_LARGE, 3 TIMED_OUT, 4 GONE, 5 RESET
 *    7     1   SCSI status: 00h GOOD, 02h CHECK CONDITION, 08h BUSY
 *    8     4   tag of the request
 *   12     4   data_len, bytes that follow: with direction 1 and cause OK the
 *              data_len of the request, else 0. What lies behind 'moved' is
 *              junk that a host leaves there; hand it over with the rest.
 *   16     4   moved: bytes really transferred, either direction. The residue
 *              of SG_IO is data_len of the request minus this.
 *   20     4   errno for a failed SG_IO, in Linux' numbers (1 EPERM, 5 EIO,
 *              22 EINVAL, 19 ENODEV); 0: the ioctl succeeds
 *   24     2   host_status of SG_IO (3 for TIMED_OUT, 8 for RESET, ...)
 *   26     2   driver_status of SG_IO (8: sense data are valid)
 *   28     1   length of the sense data, 0 to 64
 *   29     3   -
 *   32    64   sense data, zeros behind their length
 *   96     8   the virtual clock behind the command, in ms
 *
 * A sleep is answered at once, with an empty reply (cause 0, no data).
 *
 * Time. The drive's clock is virtual. It advances (1) by each command's
 * service time, (2) by the ms of each sleep request: a client that shortens
 * or skips its sleeps reports how long they should have been, and (3), before
 * a request is executed, by the wall-clock ms that have passed since the
 * server's last reply to anybody, so that clients that really sleep between
 * polls see progress. (2) and (3) add up; counting a sleep twice only makes
 * background work end earlier.
 *
 * After an eject the disc lies on the open tray; START STOP UNIT with LoEj
 * and Start takes it in again, as does a connection's first request when the
 * server was started with 'autoload'.
 */
#define LATHE_EMULATOR_DOOR_VERSION 1u
#define LATHE_EMULATOR_REQUEST_BYTES 48u
#define LATHE_EMULATOR_REPLY_BYTES 104u
#define LATHE_EMULATOR_DOOR_DATA_MAX 4194304u

/*
 * Serve the drive on a Unix socket until 'stop' says true (asked after each
 * command and every 100 ms) or the last client of a 'once' server leaves.
 * A stale socket file of that name is replaced. POSIX only, else
 * LATHE_ERR_UNSUPPORTED; LATHE_ERR_IO.
 */
struct lathe_emulator_door {
	const char *socket_path;
	bool once;
	bool autoload;	/* see above */
	bool (*stop)(void *ctx);
	void *stop_ctx;
	void (*ready)(void *ctx);	/* the socket can be connected to */
	void *ready_ctx;
};

int lathe_emulator_serve(struct lathe_emulator *emulator,
			 const struct lathe_emulator_door *door);

/*
 * The drive as a vhost-user-scsi device (virtio 1.2, 5.6): the kernel of a
 * virtual machine or of user-mode Linux has it as a SCSI drive of its own, with
 * /dev/srN and /dev/sgN. Serves one front-end until it hangs up or 'stop' says
 * true. A drive that is 'gone' by a fault is told as removed. Linux only, else
 * LATHE_ERR_UNSUPPORTED; LATHE_ERR_IO, LATHE_ERR_MEMORY.
 */
struct lathe_emulator_vhost {
	const char *socket_path;
	uint32_t max_sectors;	/* of 512 bytes in one command; 0: 256 */
	uint32_t hurry;		/* how many times faster than outside the
				 * drive's clock runs between commands; 0: 1 */
	bool (*stop)(void *ctx);
	void *stop_ctx;
	void (*ready)(void *ctx);	/* the socket can be connected to */
	void *ready_ctx;
};

int lathe_emulator_serve_vhost(struct lathe_emulator *emulator,
			       const struct lathe_emulator_vhost *door);

#ifdef __cplusplus
}
#endif

#endif
