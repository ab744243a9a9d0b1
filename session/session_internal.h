/* SPDX-License-Identifier: MIT */
/*
 * session_internal.h - what the files of this library share.
 */
#ifndef LATHE_SESSION_INTERNAL_H
#define LATHE_SESSION_INTERNAL_H

#include "session/lathe_session.h"

#if defined(__GNUC__)
#define LATHEP_SESSION_FORMAT(a, b) __attribute__((format(printf, a, b)))
#else
#define LATHEP_SESSION_FORMAT(a, b)
#endif

/* How long a disc may take to become ready. */
#define LATHEP_SESSION_READY_MS 300000u

/* Blocks behind one checksum of what was sent. */
#define LATHEP_SESSION_GROUP 32u

/* Blocks in front of the first session of an overwritable medium: what
 * readers look at there is replaced as a whole. */
#define LATHEP_SESSION_HEAD 32u
#define LATHEP_SESSION_HEAD_BYTES ((size_t)LATHEP_SESSION_HEAD * \
				   LATHE_BLOCK_BYTES)

/* Blocks in front of a session's descriptors, ECMA-119 6.2.1. */
#define LATHEP_SESSION_SYSTEM_AREA 16u

/* The hierarchy behind ISO 9660: bit 1 and use 0 of every plan. */
#define LATHEP_SESSION_JOLIET_BIT 2u

/* Behind "session" or "file" that so many are told of. */
#define LATHEP_SESSION_S(number) ((number) == 1 ? "" : "s")

/* ---- session_failure.c: saying what went wrong -------------------------- */

/* Fill in 'failure' (may be NULL) and return 'err'. */
int lathep_session_fail(struct lathe_failure *failure, int err,
			const char *format, ...) LATHEP_SESSION_FORMAT(3, 4);

/* "what: what the error means"; 'what' may be NULL. */
int lathep_session_fail_plain(struct lathe_failure *failure, int err,
			      const char *what);

/* The same, with the details and the text of 'cause' behind the own text. */
int lathep_session_fail_from(struct lathe_failure *failure,
			     const struct lathe_failure *cause, int err,
			     const char *format, ...)
	LATHEP_SESSION_FORMAT(4, 5);

/* ... of the drive's last failure: command, address and sense are named. */
int lathep_session_fail_mmc(struct lathe_failure *failure,
			    const struct lathe_mmc *mmc, int err,
			    const char *what);

/* ---- support.c: memory, log, progress ----------------------------------- */

/* The caller's, or none at all where that is NULL. */
const struct lathe_hooks *lathep_session_hooks(const struct lathe_hooks *hooks);

/* The descriptors among the first blocks of a session or a medium. */
uint8_t *lathep_session_set(uint8_t *blocks);

void *lathep_session_alloc(const struct lathe_hooks *hooks, size_t bytes);
void lathep_session_free(const struct lathe_hooks *hooks, void *p,
			 size_t bytes);
void lathep_session_log(const struct lathe_hooks *hooks,
			enum lathe_log_level level, const char *id,
			const char *format, ...) LATHEP_SESSION_FORMAT(4, 5);
void lathep_session_progress(const struct lathe_hooks *hooks,
			     enum lathe_phase phase, uint64_t done,
			     uint64_t total);

/* ---- disc_reader.c ------------------------------------------------------ */

/* As lathe_session_reader_init(), for those who look at drive_err in the end:
 * after such an error nothing more is read, so that the drive's failure is
 * that error's. */
void lathep_session_strict_reader(struct lathe_session_reader *reader,
				  struct lathe_mmc *mmc,
				  const struct lathe_mmc_medium *medium,
				  bool past_cache);

/* Blocks that count up to 'end' although 'inner' has less of them: what is
 * missing reads as zeros, or with 'strict' not at all. For volumes whose
 * session was closed short. */
struct lathep_session_longer {
	struct lathe_blocks blocks;
	const struct lathe_blocks *inner;
	bool strict;
};
void lathep_session_lengthen(struct lathep_session_longer *longer,
			     const struct lathe_blocks *inner, uint32_t end);

/* ---- tracks.c ----------------------------------------------------------- */

/* Run-out behind the tracks of such a medium. */
uint32_t lathep_session_run_out(enum lathe_mmc_kind kind);

/* Of a session that was not written track at once the last blocks are data,
 * not run-out. A foreign volume at 'start' that ends there says so. */
bool lathep_session_no_run_out(const struct lathe_mmc_medium *medium,
			       const struct lathe_iso9660_found *found,
			       uint32_t start);

/* What a session of 'volume_blocks' costs on this medium. */
int lathep_session_costs(const struct lathe_mmc_medium *medium,
			 uint32_t volume_blocks, struct lathe_mmc_costs *out);

/*
 * Wait until the drive is ready and read the medium's state.
 * LATHE_ERR_NO_MEDIUM: the drive is empty.
 */
int lathep_session_read_medium(struct lathe_mmc *mmc,
			       struct lathe_mmc_medium *medium);

/* disc->last_end, from the last track. */
int lathep_session_find_end(struct lathe_mmc *mmc,
			    struct lathe_session_disc *disc);

/* lathe_iso9660_probe() of a session. */
int lathep_session_probe(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium, uint32_t start,
			 const struct lathe_joliet_options *joliet,
			 struct lathe_iso9660_found *found);

/* ---- search.c ----------------------------------------------------------- */

/* Looks for descriptors in few reads. 'far': to the end of the medium, with
 * growing steps where nothing can be read. */
struct lathep_session_search {
	const struct lathe_blocks *blocks;
	const struct lathe_hooks *hooks;
	uint8_t *window;
	uint32_t from, to;	/* what was looked at last */
	uint32_t found;		/* a bit for each block of it */
	uint32_t nothing;	/* windows in a row that can not be read */
	uint32_t failed;	/* reads */
	int err;		/* that ended it */
	bool far;
};

int lathep_session_search_begin(struct lathep_session_search *search,
				const struct lathe_blocks *blocks,
				const struct lathe_hooks *hooks, bool far);
void lathep_session_search_end(struct lathep_session_search *search);

/* lathe_iso9660_chain_options.next_data. */
uint32_t lathep_session_search_next(void *ctx, uint32_t lba);

/* ---- grown.c, head.c, mend.c: sessions of an overwritable medium -------- */

struct lathep_session_grown {
	uint32_t sessions;
	bool blank;	/* none, and nothing else that somebody may miss */
	bool torn;	/* readers do not see the newest one */
	uint32_t copied;	/* LBA of the copy of a head; without one of the
				 * first session, 0: it has the head */
	uint32_t boot_records;	/* in the head */
	struct lathe_iso9660_append place;	/* of the next one; a copy has
						 * LATHEP_SESSION_HEAD more
						 * blocks in front of it */
	/* Without descriptors: what the head shows was not found. */
	struct lathe_iso9660_link newest;
};

int lathep_session_look(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
			const struct lathe_mmc_medium *medium,
			struct lathep_session_grown *out);

/* The same with a search through all of an OVERWRITABLE one up to the first
 * session, which may take the time of reading it. LATHE_ERR_CORRUPT: too much
 * of it can not be read. */
int lathep_session_look_everywhere(struct lathe_mmc *mmc,
				   const struct lathe_hooks *hooks,
				   const struct lathe_mmc_medium *medium,
				   struct lathep_session_grown *out);

/* lathe_session_get() of such a medium. */
int lathep_session_get_grown(struct lathe_mmc *mmc,
			     const struct lathe_mmc_medium *medium,
			     uint32_t number, struct lathe_session_info *out);

/* As if the drive kept account of these sessions. */
void lathep_session_lay_over(const struct lathep_session_grown *grown,
			     struct lathe_mmc_medium *medium);

/* A place behind all files of the tree, and in front of them. */
void lathep_session_heed_files(struct lathe_iso9660_append *place,
			       struct lathe_iso9660_tree *tree);

/* sessions, newest, copied, place, which is behind 'end' at least.
 * LATHE_ERR_NO_VOLUME, LATHE_ERR_LIMIT. */
int lathep_session_take_links(const struct lathe_iso9660_chain *chain,
			      uint32_t end, struct lathep_session_grown *out);

/* LBA 0 to 31 as they ought to be; *agrees: as they are. */
int lathep_session_head(const struct lathe_blocks *blocks,
			const struct lathe_hooks *hooks,
			const struct lathep_session_grown *grown, uint8_t *head,
			bool *agrees);
int lathep_session_head_agrees(const struct lathe_blocks *blocks,
			       const struct lathe_hooks *hooks,
			       const struct lathep_session_grown *grown,
			       bool *agrees);

/* Descriptors of a set with room for LATHE_ISO9660_HEAD_BLOCKS. */
uint32_t lathep_session_count_set(const uint8_t *set);

/* LBA 0 to 31 as they are; what can not be read as it was kept in front of
 * the copy of a head at 'copied', or a boot record as it is there; else
 * zeros. */
int lathep_session_read_head(const struct lathe_blocks *blocks,
			     const struct lathe_hooks *hooks, uint32_t copied,
			     uint8_t *head, bool *whole);

/* 'head' is kept in front of that copy of a head. */
void lathep_session_mark_saved(const uint8_t *head, uint8_t *copy);

/* Record LATHEP_SESSION_HEAD blocks there, as a whole; they are on the medium
 * when this returns. lathe_mmc_close_session() comes behind the last. 'how'
 * gets the place. */
int lathep_session_put(struct lathe_mmc *mmc,
		       const struct lathe_mmc_medium *medium,
		       struct lathe_mmc_recording *how, uint32_t lba,
		       const uint8_t *data);

/* The descriptors 'own' of a session at 'start' take the place of those in
 * 'head'. A size of no more than 'blocks' counts from there. */
int lathep_session_make_head(const struct lathe_hooks *hooks,
			     const uint8_t *own, uint32_t own_count,
			     uint32_t start, uint32_t blocks, uint32_t room,
			     uint8_t *head, uint32_t *dropped);

/* ---- inspect.c, session_import.c ---------------------------------------- */

/*
 * lathe_session_inspect() with the tree of an own disc: *tree is NULL, or the
 * caller's. Nothing is kept on an error. 'identity' (may be NULL) is that of
 * the disc before its volume was read: if another one lay there then, it is
 * not the one that is recorded on.
 */
int lathep_session_examine(struct lathe_mmc *mmc,
			   const struct lathe_session_config *config,
			   struct lathe_session_disc *disc,
			   struct lathe_session_identity *identity,
			   struct lathe_iso9660_tree **tree,
			   struct lathe_failure *failure);

/* Mode and why, with a line for people. */
void lathep_session_judge(struct lathe_session_disc *disc,
			  enum lathe_session_mode mode,
			  enum lathe_session_why why, const char *format, ...)
	LATHEP_SESSION_FORMAT(4, 5);

/* An empty tree. */
int lathep_session_new_tree(const struct lathe_hooks *hooks,
			    const struct lathe_iso9660_limits *limits,
			    struct lathe_iso9660_tree **tree);

/*
 * The tree of the disc's last session, files that end behind it left out;
 * fills in found, files_short and smallest_need.
 */
int lathep_session_read_tree(struct lathe_mmc *mmc,
			     const struct lathe_session_config *config,
			     struct lathe_session_disc *disc,
			     struct lathe_iso9660_tree **tree,
			     struct lathe_failure *failure);

/* ---- identity.c --------------------------------------------------------- */

/* Of the medium that was just read; 'grown' NULL unless overwritable. */
int lathep_session_identify(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium,
			    const struct lathep_session_grown *grown,
			    struct lathe_session_identity *out);

/* ---- the master --------------------------------------------------------- */

/* In this and the next struct that comes first which is used most, and what is
 * large comes last: code that reaches for it is shorter so. */
struct lathe_session_master {
	struct lathe_mmc *mmc;		/* NULL: no recorder chosen */
	struct lathe_iso9660_tree *tree;	/* with a format only */

	/* The tree as it stands, laid out; NULL while it is being edited. */
	struct lathe_iso9660_plan *plan;
	uint32_t volume_blocks, metadata_blocks;

	enum lathe_session_format format;
	bool stale;	/* the disc must be read before the next content */
	bool cleared;	/* ... but not after this, until one is chosen */
	bool editing;
	bool staged;	/* there is something to record */
	bool final;
	bool named;
	bool primary_given;
	bool resuming;		/* the disc has an open track, from here on: */
	uint32_t open_start;
	uint32_t layer_break;

	struct lathe_failure failure;
	struct lathe_session_config config;
	struct lathe_session_disc disc;
	struct lathe_session_identity identity;	/* in multi-session mode */
	struct lathe_iso9660_savepoint savepoint;
	uint8_t primary_id[32];	/* of a session that is gone on with */
	uint8_t created[17];
	char volume[129];
};

/* session_failure.c: the calls that may fail begin with it. */
void lathep_session_enter(struct lathe_session_master *master);

/* master.c: LATHE_ERR_NO_FORMAT, LATHE_ERR_NO_RECORDER or 0. */
int lathep_session_check_chosen(const struct lathe_session_master *master);

/* content.c */
void lathep_session_drop_plan(struct lathe_session_master *master);
int lathep_session_need_plan(struct lathe_session_master *master, bool tell);
bool lathep_session_has_content(const struct lathe_session_master *master);

int lathep_session_empty_tree(struct lathe_session_master *master,
			      struct lathe_iso9660_tree **tree);

/* 'tree' becomes the content; nothing of it is staged. */
void lathep_session_take_tree(struct lathe_session_master *master,
			      struct lathe_iso9660_tree *tree);

/* Read the disc in the chosen drive again, if that is due. */
int lathep_session_refresh(struct lathe_session_master *master);

/* totals.c */

/* Where the next session begins and what is free there. */
struct lathep_session_place {
	uint32_t next, free_blocks;
	struct lathe_mmc_costs costs;
};

/* The content as it is laid out, there. */
void lathep_session_fit_there(const struct lathe_session_master *master,
			      struct lathep_session_place *place,
			      struct lathe_session_space *space);
void lathep_session_add_up(const struct lathe_session_master *master,
			   struct lathe_session_sizes *out);

/* session_plan.c: how every session of ours is laid out. */
struct lathep_session_layout {
	const struct lathe_session_disc *disc;	/* to continue; NULL: none */
	const char *name;
	const uint8_t *primary_id;		/* 32 bytes; NULL: as 'name' */
	const uint8_t *created;			/* 17 bytes; NULL, or zeros: not
						 * given */
	bool tell;				/* about names that differ */
	bool map_names;
};

int lathep_session_make_plan(const struct lathe_session_config *config,
			     struct lathe_iso9660_tree *tree,
			     const struct lathep_session_layout *layout,
			     struct lathe_iso9660_plan **plan);

/* ---- what recording and other calls need -------------------------------- */

/* admission.c */

/* Is the disc that is in the drive now the one that was chosen? 'err' is of
 * identifying it. LATHE_ERR_WRONG_DISC, or what went wrong. */
int lathep_session_same_disc(struct lathe_session_master *master, int err,
			     const struct lathe_session_identity *now);

/* What is free on the disc when its first layer has so many blocks, 0: as it
 * is by itself. */
int lathep_session_heed_layer_break(struct lathe_mmc_medium *medium,
				    uint32_t blocks,
				    struct lathe_failure *failure);

/* LATHE_ERR_FULL: a medium for one session, and another one is counted on. */
int lathep_session_fail_single(struct lathe_failure *failure,
			       const struct lathe_mmc_medium *medium);

/* verify_volume.c: a level of its own, metadata and that no file ends behind
 * what is recorded. */
#define LATHEP_SESSION_VERIFY_ENDS \
	((enum lathe_session_verify)64)

/* late_close.c: where the open session begins, and its blocks. */
int lathep_session_find_open(struct lathe_mmc *mmc,
			     const struct lathe_mmc_medium *medium,
			     uint32_t *start);
void lathep_session_open_reader(struct lathe_session_reader *reader,
				struct lathe_mmc *mmc,
				const struct lathe_mmc_medium *medium);

/* resume.c */

/* The medium as it was before the open track was begun at 'start'; returns
 * the blocks that are in that. */
uint32_t lathep_session_reopen(struct lathe_mmc *mmc,
			       struct lathe_mmc_medium *medium, uint32_t start);

/* Where the open track begins. LATHE_ERR_UNSUPPORTED: it can not go on. */
int lathep_session_find_cut(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium,
			    uint32_t *start, struct lathe_failure *failure);

/* What looking at it takes. Not on the stack: the reader needs that. */
struct lathep_session_looking {
	struct lathe_session_reader reader;
	struct lathe_iso9660_found found;
	uint8_t block[LATHE_BLOCK_BYTES];
};

/* The master goes on with it. */
void lathep_session_take_open(struct lathe_session_master *master,
			      uint32_t start,
			      struct lathep_session_looking *looking);

/* recording.c: the tray is let go, with a second try. */
int lathep_session_unlock(struct lathe_mmc *mmc);

#endif
