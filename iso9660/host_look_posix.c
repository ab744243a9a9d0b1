/* SPDX-License-Identifier: MIT */
/*
 * What files are, asked ahead of who adds them. Helpers begin with the last
 * name of a folder and come towards the adding thread, which begins with the
 * first and never waits for them in between: what they have not answered yet
 * it asks itself. So the answers are as without helpers, but for the time.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#define _DARWIN_C_SOURCE

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>

#include "iso9660/crew_posix.h"
#include "iso9660/host_posix.h"

#define HELPERS 16u
#define WINDOW 1024u		/* names at a time */
#define BATCH 8u		/* names that a helper takes at once */
#define WORTH_IT 32u		/* names of a folder that wakes helpers */

struct answer {
	struct stat st;
	int sys_errno;		/* 0: st is valid */
	atomic_bool there;
};

struct lathep_iso9660_look {
	/* The window: set by the adding thread while no helper is busy. */
	int fd;
	const struct lathep_iso9660_listing *list;
	uint32_t first;		/* name of the list */

	atomic_uint asked;	/* where the adding thread is in the window */

	/* What follows changes under the lock. */
	uint32_t high;		/* nobody has those below it */
	uint32_t busy;		/* helpers that have some */
	struct lathep_iso9660_crew crew;

	struct answer answer[WINDOW];
};

/* ---- asking ------------------------------------------------------------- */

static int ask(const struct lathep_iso9660_look *look, uint32_t i,
	       struct stat *st)
{
	const struct lathep_iso9660_listing *l = look->list;

	return fstatat(look->fd,
		       lathep_iso9660_byte_at(&l->names,
					      l->name[look->first + i]),
		       st, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

static void answer(struct lathep_iso9660_look *look, uint32_t i)
{
	struct answer *a = &look->answer[i];

	a->sys_errno = ask(look, i, &a->st);
	atomic_store_explicit(&a->there, true, memory_order_release);
}

/* Names [*first, *end), far enough from where the adding thread is. Called
 * with the lock held. */
static bool take_batch(struct lathep_iso9660_look *look, uint32_t *first,
		       uint32_t *end)
{
	if (look->high < atomic_load(&look->asked) + 2 * BATCH)
		return false;
	*end = look->high;
	*first = look->high -= BATCH;
	return true;
}

static void *help(void *arg)
{
	struct lathep_iso9660_look *look = arg;
	uint32_t i, end;

	pthread_mutex_lock(&look->crew.lock);
	while (!look->crew.stop) {
		if (!take_batch(look, &i, &end)) {
			pthread_cond_wait(&look->crew.changed,
					  &look->crew.lock);
			continue;
		}
		look->busy++;
		pthread_mutex_unlock(&look->crew.lock);
		for (; i < end; i++)
			answer(look, i);
		pthread_mutex_lock(&look->crew.lock);
		look->busy--;
		if (look->busy == 0)
			pthread_cond_broadcast(&look->crew.changed);
	}
	pthread_mutex_unlock(&look->crew.lock);
	return NULL;
}

/* ---- windows ------------------------------------------------------------ */

/* Helpers let go of the window. */
static void close_window(struct lathep_iso9660_look *look)
{
	pthread_mutex_lock(&look->crew.lock);
	look->high = 0;
	while (look->busy)
		pthread_cond_wait(&look->crew.changed, &look->crew.lock);
	pthread_mutex_unlock(&look->crew.lock);
}

static void open_window(struct lathep_iso9660_look *look, uint32_t first)
{
	uint32_t rest = look->list->count - first, i;
	uint32_t names = rest < WINDOW ? rest : WINDOW;

	look->first = first;
	for (i = 0; i < names; i++)
		atomic_init(&look->answer[i].there, false);
	if (names < WORTH_IT)
		return;
	pthread_mutex_lock(&look->crew.lock);
	atomic_store(&look->asked, 0);
	look->high = names;
	pthread_cond_broadcast(&look->crew.changed);
	pthread_mutex_unlock(&look->crew.lock);
}

int lathep_iso9660_look_at(struct lathep_iso9660_look *look, uint32_t i,
			   struct stat *st)
{
	const struct answer *a;

	if (i - look->first == WINDOW) {
		close_window(look);
		open_window(look, i);
	}
	i -= look->first;
	a = &look->answer[i];
	atomic_store(&look->asked, i);
	if (!atomic_load_explicit(&a->there, memory_order_acquire))
		return ask(look, i, st);
	*st = a->st;
	return a->sys_errno;
}

/* ---- making ------------------------------------------------------------- */

static struct lathep_iso9660_look *create(const struct lathe_hooks *hooks,
					   uint32_t threads)
{
	struct lathep_iso9660_look *look =
		lathep_iso9660_take_zeros(hooks, sizeof(*look));

	if (!look)
		return NULL;
	if (!lathep_iso9660_crew_init(&look->crew)) {
		lathep_iso9660_give(hooks, look, sizeof(*look));
		return NULL;
	}
	atomic_init(&look->asked, 0);
	lathep_iso9660_crew_start(&look->crew,
				  threads < HELPERS ? threads : HELPERS, help,
				  look);
	return look;
}

struct lathep_iso9660_look *
lathep_iso9660_look_begin(struct lathep_iso9660_adding *a, int fd,
			  const struct lathep_iso9660_listing *l)
{
	const struct lathe_iso9660_host_config *config = &a->host->config;

	if (config->threads == 0 || l->count < WORTH_IT)
		return NULL;
	if (!a->look)
		a->look = create(&config->hooks, config->threads);
	if (!a->look)
		return NULL;
	a->look->fd = fd;
	a->look->list = l;
	open_window(a->look, 0);
	return a->look;
}

void lathep_iso9660_look_end(struct lathep_iso9660_look *look)
{
	if (look)
		close_window(look);
}

void lathep_iso9660_look_destroy(struct lathep_iso9660_look *look,
				 const struct lathe_hooks *hooks)
{
	if (!look)
		return;
	lathep_iso9660_crew_end(&look->crew);
	lathep_iso9660_give(hooks, look, sizeof(*look));
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_looking;
#endif
