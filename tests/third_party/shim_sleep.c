/* SPDX-License-Identifier: MIT */
/* shim_sleep.c - sleeps are told to the recorder, and take a moment. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * The recorder's clock is told how long a sleep was to last, and the sleep
 * itself takes a moment. Threads beside the one that speaks to the drive
 * sleep a little longer: they only watch.
 */
static void sleep_short(uint64_t microseconds)
{
	struct timespec moment = { 0, 0 };
	uint64_t most = shim_report_sleep(microseconds) ? 200 : 10000;

	moment.tv_nsec = (long)(microseconds < most ? microseconds : most) *
			 1000;
	(void)syscall(SYS_nanosleep, &moment, NULL);
}

int usleep(useconds_t microseconds)
{
	sleep_short(microseconds);
	return 0;
}

unsigned sleep(unsigned seconds)
{
	sleep_short((uint64_t)seconds * 1000000);
	return 0;
}

static uint64_t in_microseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * 1000000 +
	       (uint64_t)time->tv_nsec / 1000;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	sleep_short(in_microseconds(time));
	if (left)
		memset(left, 0, sizeof(*left));
	return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
		    struct timespec *left)
{
	if (flags & TIMER_ABSTIME)
		return syscall(SYS_clock_nanosleep, clock, flags, time, left) ?
			       errno :
			       0;
	return nanosleep(time, left);
}

int poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
	if (count == 0 && timeout_ms > 0) {
		sleep_short((uint64_t)timeout_ms * 1000);
		return 0;
	}
	return (int)syscall(SYS_poll, files, count, timeout_ms);
}

int select(int count, fd_set *in, fd_set *out, fd_set *exceptional,
	   struct timeval *timeout)
{
	if (count == 0 && timeout) {
		sleep_short((uint64_t)timeout->tv_sec * 1000000 +
			    (uint64_t)timeout->tv_usec);
		return 0;
	}
	return (int)syscall(SYS_select, count, in, out, exceptional, timeout);
}
