/* SPDX-License-Identifier: MIT */
/* Threads of one object: made, stopped, waited for. */
#define _POSIX_C_SOURCE 200809L

#if defined(__unix__) || defined(__APPLE__)

#include "iso9660/crew_posix.h"

bool lathep_iso9660_crew_init(struct lathep_iso9660_crew *crew)
{
	if (pthread_mutex_init(&crew->lock, NULL) != 0)
		return false;
	if (pthread_cond_init(&crew->changed, NULL) == 0)
		return true;
	pthread_mutex_destroy(&crew->lock);
	return false;
}

void lathep_iso9660_crew_start(struct lathep_iso9660_crew *crew,
			       uint32_t wanted, void *(*work)(void *),
			       void *arg)
{
	if (wanted > LATHEP_ISO9660_CREW_MAX)
		wanted = LATHEP_ISO9660_CREW_MAX;
	while (crew->threads < wanted &&
	       pthread_create(&crew->thread[crew->threads], NULL, work,
			      arg) == 0)
		crew->threads++;
}

void lathep_iso9660_crew_end(struct lathep_iso9660_crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	crew->stop = true;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
	while (crew->threads)
		pthread_join(crew->thread[--crew->threads], NULL);
	pthread_cond_destroy(&crew->changed);
	pthread_mutex_destroy(&crew->lock);
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_crew;
#endif
