/* SPDX-License-Identifier: MIT */
/* crew_posix.h - threads of one object, and what all of these have. */
#ifndef LATHE_ISO9660_CREW_POSIX_H
#define LATHE_ISO9660_CREW_POSIX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define LATHEP_ISO9660_CREW_MAX 64u

struct lathep_iso9660_crew {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;		/* under the lock; they end then */
	uint32_t threads;
	pthread_t thread[LATHEP_ISO9660_CREW_MAX];
};

/* 'crew' is zeros. False: it can not be made. */
bool lathep_iso9660_crew_init(struct lathep_iso9660_crew *crew);
/* Threads up to 'wanted' in all, or as many as can be had. */
void lathep_iso9660_crew_start(struct lathep_iso9660_crew *crew,
			       uint32_t wanted, void *(*work)(void *),
			       void *arg);
/* Stop them, wait until they have ended, and undo _init(). */
void lathep_iso9660_crew_end(struct lathep_iso9660_crew *crew);

#endif
