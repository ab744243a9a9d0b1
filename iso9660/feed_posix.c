/* SPDX-License-Identifier: MIT */
/*
 * Reading ahead. Each thread has a cursor of its own; a job that is done
 * waits in its place of a ring until its turn, with the errors that it met,
 * so that nothing that is told depends on which thread was faster. Without
 * POSIX threads all is read in the caller's.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#include <errno.h>
#include <string.h>

#if defined(__unix__) || defined(__APPLE__)
#include "iso9660/crew_posix.h"
#define THREADS_MAX LATHEP_ISO9660_CREW_MAX
#else
#define THREADS_MAX 0u
#endif

#include "iso9660/feed_internal.h"

struct lathe_iso9660_feed {
	struct lathe_iso9660_image image;
	uint32_t chunk, ring, threads, cursors, started;

	/* What follows changes under the lock. */
	uint32_t next, end;	/* LBA that the next job begins at */
	uint32_t large;		/* extent: no large one before it */
	uint64_t claimed, taken; /* jobs; their difference is at most 'ring' */
	bool putting;		/* a thread is at the outlet */

	bool held;		/* job taken - 1 is in the caller's hands */
	uint32_t told;		/* node of the last error that was told */
	struct lathep_iso9660_job *job;
	uint8_t *data;		/* of all jobs */
	struct lathe_iso9660_cursor **cursor;	/* of threads, or one */
	struct lathep_iso9660_outlet outlet;
	struct lathe_hooks hooks;
	struct lathe_iso9660_on_source_error on_error;
#if THREADS_MAX
	bool locked;		/* the crew was made */
	struct lathep_iso9660_crew crew;	/* told: a job is done, a place
						 * is free */
#endif
	struct lathe_failure failure;
};

/* ---- jobs --------------------------------------------------------------- */

/* The large file that holds 'block' or comes next, in blocks; false if there
 * is none any more. */
static bool next_large(struct lathe_iso9660_feed *feed, uint32_t block,
		       uint32_t *first, uint32_t *end)
{
	const struct lathe_iso9660_plan *plan = feed->image.plan;

	if (feed->outlet.large_blocks == 0)
		return false;
	for (; feed->large < plan->data.used; feed->large++) {
		const struct lathep_iso9660_node *owner =
			lathep_iso9660_extent(plan, feed->large);
		uint64_t blocks = lathep_iso9660_blocks(owner->size);

		*first = owner->u.file.lba;
		*end = *first + (uint32_t)blocks;
		if (blocks >= feed->outlet.large_blocks && *end > block)
			return true;
	}
	return false;
}

/* Take the next job; feed->next is not at the end. */
static struct lathep_iso9660_job *claim(struct lathe_iso9660_feed *feed)
{
	struct lathep_iso9660_job *job =
		&feed->job[feed->claimed % feed->ring];
	uint32_t block = feed->next - feed->image.start;
	uint32_t rest = feed->end - feed->next, most = feed->chunk;
	uint32_t first = 0, end = 0;

	job->large = false;
	if (next_large(feed, block, &first, &end)) {
		job->large = first <= block;
		most = job->large ? feed->outlet.large_job : most;
		if (job->large && end - block < rest)
			rest = end - block;
		if (!job->large && first - block < rest)
			rest = first - block;
	}
	job->lba = feed->next;
	job->run = rest;
	job->blocks = rest < most ? rest : most;
	job->made = job->done = false;
	job->err = job->sys_errno = 0;
	job->error_count = 0;
	feed->next += job->blocks;
	feed->claimed++;
	return job;
}

static void note_errno(struct lathep_iso9660_job *job, int err)
{
	job->err = err;
	if (err)
		job->sys_errno = errno;
}

/* Returns whether the outlet shall have it. Source errors do not end a job:
 * zeros take the place of what is missing, until somebody says otherwise. */
static bool make_job(struct lathe_iso9660_feed *feed,
		     struct lathe_iso9660_cursor *cursor,
		     struct lathep_iso9660_job *job)
{
	const struct lathep_iso9660_outlet *outlet = &feed->outlet;

	lathep_iso9660_cursor_collect(cursor, job->errors, job->error_room,
				      &job->error_count);
	if (job->large) {
		note_errno(job, outlet->copy(outlet->ctx, cursor, job,
					     feed->chunk));
		return false;
	}
	job->err = lathe_iso9660_cursor_read(cursor, job->lba, job->blocks,
					     job->data);
	if (!job->err && outlet->made)
		outlet->made(outlet->ctx, job);
	return !job->err && outlet->put;
}

static void put_job(struct lathe_iso9660_feed *feed,
		    struct lathep_iso9660_job *job)
{
	note_errno(job, feed->outlet.put(feed->outlet.ctx, job));
}

/* ---- threads ------------------------------------------------------------ */

#if THREADS_MAX

/* Wait for a place in the ring and take a job; NULL: there is nothing more
 * to do. Called and left with the lock held. */
static struct lathep_iso9660_job *wait_for_job(struct lathe_iso9660_feed *feed)
{
	while (!feed->crew.stop && feed->next < feed->end &&
	       feed->claimed - feed->taken >= feed->ring)
		pthread_cond_wait(&feed->crew.changed, &feed->crew.lock);
	if (feed->crew.stop || feed->next >= feed->end)
		return NULL;
	return claim(feed);
}

static void is_done(struct lathe_iso9660_feed *feed,
		    struct lathep_iso9660_job *job)
{
	job->done = true;
	pthread_cond_broadcast(&feed->crew.changed);
}

/* The first job that waits for the outlet. */
static struct lathep_iso9660_job *waiting_job(struct lathe_iso9660_feed *feed)
{
	uint64_t i;

	for (i = feed->taken + feed->held; i < feed->claimed; i++)
		if (feed->job[i % feed->ring].made)
			return &feed->job[i % feed->ring];
	return NULL;
}

/*
 * One thread at a time is at the outlet, as a file system would have it
 * anyway. The others do not wait for that: they read on, and it takes theirs
 * as well. Called and left with the lock held.
 */
static void put_waiting(struct lathe_iso9660_feed *feed)
{
	struct lathep_iso9660_job *job;

	if (feed->putting)
		return;
	feed->putting = true;
	while ((job = waiting_job(feed)) != NULL) {
		job->made = false;
		pthread_mutex_unlock(&feed->crew.lock);
		put_job(feed, job);
		pthread_mutex_lock(&feed->crew.lock);
		is_done(feed, job);
	}
	feed->putting = false;
}

static void *work(void *arg)
{
	struct lathe_iso9660_feed *feed = arg;
	struct lathe_iso9660_cursor *cursor;
	struct lathep_iso9660_job *job;
	bool made;

	pthread_mutex_lock(&feed->crew.lock);
	cursor = feed->cursor[feed->started++];
	while ((job = wait_for_job(feed)) != NULL) {
		pthread_mutex_unlock(&feed->crew.lock);
		made = make_job(feed, cursor, job);
		pthread_mutex_lock(&feed->crew.lock);
		job->made = made;
		if (made)
			put_waiting(feed);
		else
			is_done(feed, job);
	}
	pthread_mutex_unlock(&feed->crew.lock);
	return NULL;
}

/* As many as can be had; with none all is read in the caller's thread. */
static void start_threads(struct lathe_iso9660_feed *feed)
{
	feed->locked = feed->threads && lathep_iso9660_crew_init(&feed->crew);
	if (feed->locked)
		lathep_iso9660_crew_start(&feed->crew, feed->threads, work,
					  feed);
	feed->threads = feed->crew.threads;
}

static void stop_threads(struct lathe_iso9660_feed *feed)
{
	if (feed->locked)
		lathep_iso9660_crew_end(&feed->crew);
}

/* Give back the job at hand, if any, and wait until the next is done. */
static struct lathep_iso9660_job *take_job(struct lathe_iso9660_feed *feed)
{
	struct lathep_iso9660_job *job =
		&feed->job[feed->taken % feed->ring];

	pthread_mutex_lock(&feed->crew.lock);
	if (feed->held) {
		feed->taken++;
		pthread_cond_broadcast(&feed->crew.changed);
		job = &feed->job[feed->taken % feed->ring];
	}
	feed->held = false;
	while (feed->taken == feed->claimed ? feed->next < feed->end
					    : !job->done)
		pthread_cond_wait(&feed->crew.changed, &feed->crew.lock);
	if (feed->taken == feed->claimed)
		job = NULL;
	else
		feed->held = true;
	pthread_mutex_unlock(&feed->crew.lock);
	return job;
}

void lathe_iso9660_feed_level(struct lathe_iso9660_feed *feed, uint32_t *full,
			      uint32_t *ring)
{
	uint64_t i;

	*full = 0;
	*ring = feed->ring;
	if (feed->threads == 0)
		return;
	pthread_mutex_lock(&feed->crew.lock);
	for (i = feed->taken + feed->held; i < feed->claimed; i++)
		*full += feed->job[i % feed->ring].done;
	pthread_mutex_unlock(&feed->crew.lock);
}

#else

static void start_threads(struct lathe_iso9660_feed *feed)
{
	feed->threads = 0;
}

static void stop_threads(struct lathe_iso9660_feed *feed)
{
	(void)feed;
}

static struct lathep_iso9660_job *take_job(struct lathe_iso9660_feed *feed)
{
	(void)feed;
	return NULL;
}

void lathe_iso9660_feed_level(struct lathe_iso9660_feed *feed, uint32_t *full,
			      uint32_t *ring)
{
	*full = 0;
	*ring = feed->ring;
}

#endif

/* ---- making ------------------------------------------------------------- */

/* Every block of a job can be of a file that fails, and one file more. */
static size_t errors_bytes(const struct lathe_iso9660_feed *feed)
{
	return ((size_t)feed->chunk + 1) *
	       sizeof(struct lathep_iso9660_source_error);
}

static int make_parts(struct lathe_iso9660_feed *feed)
{
	const struct lathe_hooks *hooks = &feed->hooks;
	const size_t each = (size_t)feed->chunk * LATHE_BLOCK_BYTES;
	uint32_t i;
	int err = 0;

	if (feed->ring > SIZE_MAX / each)
		return LATHE_ERR_MEMORY;
	feed->job = lathep_iso9660_take_zeros(hooks, feed->ring *
						     sizeof(*feed->job));
	feed->cursor = lathep_iso9660_take_zeros(
		hooks, feed->cursors * sizeof(*feed->cursor));
	/* Not cleared: what is never read is never touched. */
	feed->data = lathep_iso9660_take(hooks, feed->ring * each);
	if (!feed->job || !feed->cursor || !feed->data)
		return LATHE_ERR_MEMORY;
	for (i = 0; i < feed->ring; i++) {
		struct lathep_iso9660_job *job = &feed->job[i];

		job->data = feed->data + i * each;
		job->errors = lathep_iso9660_take(hooks, errors_bytes(feed));
		job->error_room = feed->chunk + 1;
		if (!job->errors)
			return LATHE_ERR_MEMORY;
	}
	for (i = 0; i < feed->cursors && !err; i++)
		err = lathe_iso9660_cursor_create(&feed->image, hooks, NULL,
						  &feed->cursor[i]);
	return err;
}

void lathe_iso9660_feed_destroy(struct lathe_iso9660_feed *feed)
{
	uint32_t i;

	if (!feed)
		return;
	stop_threads(feed);
	for (i = 0; feed->cursor && i < feed->cursors; i++)
		lathe_iso9660_cursor_destroy(feed->cursor[i]);
	for (i = 0; feed->job && i < feed->ring; i++)
		lathep_iso9660_give(&feed->hooks, feed->job[i].errors,
				    errors_bytes(feed));
	lathep_iso9660_give(&feed->hooks, feed->data,
			    (size_t)feed->ring * feed->chunk *
				    LATHE_BLOCK_BYTES);
	lathep_iso9660_give(&feed->hooks, feed->cursor,
			    feed->cursors * sizeof(*feed->cursor));
	lathep_iso9660_give(&feed->hooks, feed->job,
			    feed->ring * sizeof(*feed->job));
	lathep_iso9660_give(&feed->hooks, feed, sizeof(*feed));
}

static void set_options(struct lathe_iso9660_feed *feed,
			const struct lathe_iso9660_feed_options *options)
{
	static const struct lathe_iso9660_feed_options defaults;

	if (!options)
		options = &defaults;
	feed->threads = options->threads;
	if (feed->threads > THREADS_MAX)
		feed->threads = THREADS_MAX;
	feed->chunk = options->chunk_blocks ? options->chunk_blocks : 512;
	feed->ring = options->ring_chunks ? options->ring_chunks : 4;
	if (feed->chunk > 65536)
		feed->chunk = 65536;
	if (feed->threads == 0)
		feed->ring = 1;
	else if (feed->ring < 2)
		feed->ring = 2;
	feed->cursors = feed->threads ? feed->threads : 1;
}

int lathep_iso9660_feed_create(
	const struct lathe_iso9660_image *image, uint32_t first,
	uint32_t count, const struct lathe_iso9660_feed_options *options,
	const struct lathe_hooks *hooks,
	const struct lathe_iso9660_on_source_error *on_error,
	const struct lathep_iso9660_outlet *outlet,
	struct lathe_iso9660_feed **out)
{
	struct lathe_hooks none;
	struct lathe_iso9660_feed *feed;
	int err;

	if (first < image->start ||
	    first - image->start > image->plan->blocks ||
	    count > image->plan->blocks - (first - image->start))
		return LATHE_ERR_ARG;
	memset(&none, 0, sizeof(none));
	feed = lathep_iso9660_take_zeros(hooks ? hooks : &none, sizeof(*feed));
	if (!feed)
		return LATHE_ERR_MEMORY;
	feed->image = *image;
	feed->hooks = hooks ? *hooks : none;
	if (on_error)
		feed->on_error = *on_error;
	if (outlet)
		feed->outlet = *outlet;
	feed->next = first;
	feed->end = first + count;
	set_options(feed, options);
	err = make_parts(feed);
	if (err) {
		feed->threads = 0;
		lathe_iso9660_feed_destroy(feed);
		return err;
	}
	start_threads(feed);
	*out = feed;
	return 0;
}

int lathe_iso9660_feed_create(const struct lathe_iso9660_image *image,
			      uint32_t first, uint32_t count,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			      struct lathe_iso9660_feed **out)
{
	return lathep_iso9660_feed_create(image, first, count, options, hooks,
					  on_error, NULL, out);
}

const struct lathe_failure *
lathe_iso9660_feed_failure(const struct lathe_iso9660_feed *feed)
{
	return &feed->failure;
}

/* ---- taking ------------------------------------------------------------- */

static struct lathep_iso9660_job *next_job(struct lathe_iso9660_feed *feed)
{
	struct lathep_iso9660_job *job;

	if (feed->threads)
		return take_job(feed);
	if (feed->next >= feed->end)
		return NULL;
	job = claim(feed);
	feed->taken = feed->claimed;
	if (make_job(feed, feed->cursor[0], job))
		put_job(feed, job);
	return job;
}

/* Tell what a job met. A file that reaches over several jobs is told of
 * once. */
static int tell(struct lathe_iso9660_feed *feed,
		const struct lathep_iso9660_job *job)
{
	uint32_t i;
	int err;

	for (i = 0; i < job->error_count; i++) {
		if (job->errors[i].node == feed->told)
			continue;
		feed->told = job->errors[i].node;
		err = lathep_iso9660_report_source(feed->image.plan,
						   &feed->on_error,
						   &job->errors[i],
						   &feed->failure);
		if (err)
			return err;
	}
	if (!job->err)
		return 0;
	lathep_iso9660_fail(&feed->failure, job->err, "blocks from %lu on: %s",
			    (unsigned long)job->lba,
			    lathep_iso9660_meaning(job->err));
	errno = job->sys_errno;
	return job->err;
}

int lathep_iso9660_feed_next(struct lathe_iso9660_feed *feed,
			     const struct lathep_iso9660_job **job)
{
	*job = NULL;
	if (feed->failure.err)
		return feed->failure.err;
	*job = next_job(feed);
	return *job ? tell(feed, *job) : 0;
}

int lathe_iso9660_feed_next(struct lathe_iso9660_feed *feed,
			    const uint8_t **data, uint32_t *lba,
			    uint32_t *blocks)
{
	const struct lathep_iso9660_job *job;
	int err = lathep_iso9660_feed_next(feed, &job);

	*blocks = 0;
	if (err || !job)
		return err;
	*data = job->data;
	*lba = job->lba;
	*blocks = job->blocks;
	return 0;
}
