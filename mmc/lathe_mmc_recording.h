/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_recording.h - recording: a track from its beginning to its end,
 * closing, and what a session costs.
 *
 * Part of lathe_mmc.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_RECORDING_H
#define LATHE_MMC_RECORDING_H

#include "mmc/lathe_mmc_medium.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- recording ---------------------------------------------------------- */

enum lathe_mmc_write_mode {
	/* The one that can be continued: track at once, incremental. */
	LATHE_MMC_WRITE_MODE_AUTO,
	/* CD session at once, DVD disc at once: one track of 'track_blocks'
	 * on a blank disc; the end of the track closes. */
	LATHE_MMC_WRITE_MODE_AT_ONCE
};

struct lathe_mmc_recording {
	bool simulate;		/* test write: LATHE_ERR_UNSUPPORTED where the
				 * drive does not announce it */
	bool final;		/* no further session shall be possible;
				 * ignored on overwritable media */
	uint32_t speed_kb_per_s;	/* 0: the drive's maximum */
	uint8_t data_mode;	/* CD. 0: as the last data track, else mode 1 */
	enum lathe_mmc_write_mode write_mode;
	/* Blocks that the track will have, 0: not known. AT_ONCE needs it, and
	 * so many have to be written. With the others it is reserved where the
	 * medium can (RESERVE TRACK) if 'reserve' is set, rounded up to the
	 * alignment; a drive that refuses is a warning only. On overwritable
	 * media it tells whether a DVD-RW has to grow: always give it there. */
	uint32_t track_blocks;
	bool reserve;
	bool stream;		/* WRITE(12) with the streaming bit: no check by
				 * the drive's defect management. Ignored where
				 * the medium has none; UNSUPPORTED where the
				 * drive does not announce it */
	/* Overwritable media: the LBA of the first block, a multiple of the
	 * medium's alignment. Ignored elsewhere. */
	uint32_t overwrite_start;
	bool resume;		/* UNFINISHED media: go on in the open track,
				 * *start is where. LATHE_ERR_UNSUPPORTED where
				 * that can not be (CD, at once) */
	/* Blank DVD+R DL: blocks of layer 0, a multiple of 16, 0: as the drive
	 * has it. The disc then has twice as many at most. UNSUPPORTED
	 * elsewhere. */
	uint32_t layer_break;
};

/*
 * Write the mode page, calibrate where needed, ask for the next writable
 * address and open a track there. *start gets its LBA. From here until
 * lathe_mmc_end_track() only lathe_mmc_write() may be called.
 *
 * 'medium' is what lathe_mmc_read_medium() said since the disc was inserted.
 *
 * Overwritable media have no tracks: this chooses where the next blocks go. An
 * unformatted one is formatted the quick way, and the background format of a
 * DVD+RW is taken up again. A DVD-RW that has to grow takes no holes: *start is
 * then where it ends, below 'overwrite_start', and the caller writes zeros from
 * there on. Several tracks may follow one another before the session is
 * closed, in any place, with the same 'medium': first the data, then the head
 * at LBA 0.
 *
 *   LATHE_ERR_NOT_APPENDABLE  the disc's status allows no track
 *   LATHE_ERR_NOT_BLANK       AT_ONCE is for blank discs
 *   LATHE_ERR_UNFINISHED      its last session was cut short and is open
 *   LATHE_ERR_WRONG_DISC      it is not in the state that 'medium' tells: the
 *                             disc was changed, or somebody else wrote on it
 *   LATHE_ERR_STATE           a track is open already
 *   LATHE_ERR_MEDIUM_TYPE     no strategy for this medium, or not in this drive
 *   LATHE_ERR_UNSUPPORTED     simulation, streaming or a layer break asked for
 *                             and not to be had; AT_ONCE where that is no way,
 *                             or AUTO where it is the only one (with 'final'
 *                             and 'track_blocks' AUTO takes it by itself); not
 *                             'final' where nothing else is possible;
 *                             commands of less than 32 KiB for DVD-R and
 *                             DVD-RW but at once
 *   LATHE_ERR_ARG             a length, a start or a mode that is not as said
 *                             above
 * After an error no block was written to the disc, but it may be formatted.
 */
int lathe_mmc_begin_track(struct lathe_mmc *mmc,
			  const struct lathe_mmc_medium *medium,
			  const struct lathe_mmc_recording *recording,
			  uint32_t *start);

/*
 * Write the next 'count' blocks, 1 at least, ascending and without a gap: 'lba'
 * must be where the last call ended (else LATHE_ERR_ARG, nothing sent). Waits
 * while the drive's buffer is full. Blocks that were acknowledged before an
 * error may or may not be on the disc: see lathe_mmc_resync(). A deferred error
 * is told with the LBA of the WRITE that it belongs to, as far as the drive
 * says so, and failure.deferred is set. After LATHE_ERR_CANCELLED the track
 * goes on at lathe_mmc_write_position().
 *   LATHE_ERR_STATE       no track is open, or the drive was reset since
 *   LATHE_ERR_WRONG_DISC  the disc was changed since the track was begun
 *   LATHE_ERR_TRANSPORT   also when not all data moved although the drive said
 *                         GOOD, unless its next writable address is that
 *                         behind them
 *   LATHE_ERR_UNSUPPORTED as for lathe_mmc_begin_track(), where the transport
 *                         takes less than it seemed to; nothing was written
 */
int lathe_mmc_write(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		    const uint8_t *blocks);

/* The LBA that the open track, or the last one, goes on at. */
uint32_t lathe_mmc_write_position(const struct lathe_mmc *mmc);

/* Blocks that one command writes best; feed lathe_mmc_write() multiples. */
uint32_t lathe_mmc_write_chunk(const struct lathe_mmc *mmc);

/*
 * After a failed write: where the open track may be continued, as the drive
 * says. *possible false: it takes no more data, or it was reset in between.
 * Never on the strength of this alone are blocks believed to be on the disc.
 * Where it is possible, lathe_mmc_write() goes on at *next, which may be before
 * or behind the LBA of the failed call. On overwritable media, which have no
 * next writable address, it is the failed WRITE's. LATHE_ERR_STATE: no track is
 * open.
 */
int lathe_mmc_resync(struct lathe_mmc *mmc, bool *possible, uint32_t *next);

/*
 * Flush the drive's buffer and end the track: SYNCHRONIZE CACHE, and CLOSE
 * TRACK where the medium wants it. On CD TAO the SYNC ends the track (MMC-6,
 * SYNCHRONIZE CACHE); at once it closes the session as well. A DVD-RW that has
 * grown leaves its intermediate state. The caller has written the minimum
 * length and the alignment.
 *   LATHE_ERR_STATE       no track is open
 *   LATHE_ERR_WRONG_DISC  the disc was changed since the track was begun
 *   LATHE_ERR_CORRUPT     the drive calls the track damaged, though no failed
 *                         write was gone past by lathe_mmc_resync(): read it
 *                         back
 * After an error call it again, close the session (LATHE_ERR_STATE where the
 * track is still open), or abandon the track.
 */
int lathe_mmc_end_track(struct lathe_mmc *mmc);

/*
 * Forget an open track without touching the drive: after an error, when the
 * track is to be left as it is.
 */
void lathe_mmc_abandon_track(struct lathe_mmc *mmc);

/*
 * Close the last session, appendable or final, and wait until it is done
 * (TEST UNIT READY and READ DISC INFORMATION both say so). In simulation
 * nothing is sent. Uses the recording's mode page; may be called for a
 * session that an earlier, cut burn left open ('medium' then is UNFINISHED),
 * and again after an error. 0 also when the session is closed like this
 * already. With 'final' an APPENDABLE DVD+R or BD-R whose last session is
 * closed becomes final with nothing recorded. Overwritable media: stops a
 * format that runs in the background and leaves intermediate states; there is
 * no session, and 'final' is ignored.
 *   LATHE_ERR_STATE           the track is not ended, or no session is open
 *   LATHE_ERR_MEDIUM_TYPE     no strategy for this medium
 *   LATHE_ERR_WRONG_DISC      as for lathe_mmc_begin_track()
 *   LATHE_ERR_NOT_APPENDABLE  it is closed, but the drive made the disc final
 *   LATHE_ERR_UNFINISHED      the drive still shows it as open
 *   LATHE_ERR_UNSUPPORTED     'final', and the last session is closed: this
 *                             kind of disc, or this drive, takes one more
 */
int lathe_mmc_close_session(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium, bool final);

/* ---- what a session costs ----------------------------------------------- */

struct lathe_mmc_costs {
	uint32_t minimum_track;	/* blocks; CD 300, else the alignment */
	uint32_t alignment;	/* blocks; the track is a multiple of it: CD 1,
				 * DVD 16, BD 32. Disc at once needs none */
	uint32_t run_out;	/* blocks behind the track; CD TAO 2 */
	uint32_t read_ahead_pad;	/* wanted, never needed; CD 150 */
	/* The reserve for closing: CD first session 10752, later 5632, DVD and
	 * BD the same as the physical figure. */
	uint32_t closing_documented;
	/* End of the data, pad included, to the next NWA: CD 11402, 6902;
	 * DVD-R 28688 to 47120, later 6160 to 9232; DVD+R 2048; BD-R 0. */
	uint32_t closing_physical;
};

/*
 * What one more session on this medium costs when 'sessions' are complete, if
 * it ends near the start of the disc. Pure. LATHE_ERR_MEDIUM_TYPE: no strategy
 * for the kind.
 */
int lathe_mmc_session_costs(enum lathe_mmc_kind kind, uint32_t sessions,
			    struct lathe_mmc_costs *out);

/*
 * The same for a session that ends at LBA 'end', the first one behind it: on
 * DVD-R and DVD-RW the zones behind a session grow with the radius.
 */
int lathe_mmc_session_costs_at(enum lathe_mmc_kind kind, uint32_t sessions,
			       uint32_t end, struct lathe_mmc_costs *out);

#ifdef __cplusplus
}
#endif

#endif
