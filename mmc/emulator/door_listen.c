/* SPDX-License-Identifier: MIT */
/* door_listen.c - sockets to listen on, and the time that passes outside. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "mmc/emulator/door_internal.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

uint64_t lathep_emu_wall_clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

void lathep_emu_count_idle_time(struct lathe_emulator *drive,
				uint64_t *last_ms, uint32_t times)
{
	uint64_t now_ms = lathep_emu_wall_clock_ms();
	uint64_t idle_ms = (now_ms - *last_ms) * times;

	if (idle_ms > UINT32_MAX)
		idle_ms = UINT32_MAX;
	if (idle_ms)
		lathe_emulator_sleep_ms(drive, (uint32_t)idle_ms);
	*last_ms = now_ms;
}

static bool somebody_listens(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool yes;

	if (fd < 0)
		return true;
	yes = !connect(fd, (const struct sockaddr *)address, sizeof(*address));
	close(fd);
	return yes;
}

int lathep_emu_listen(const char *path)
{
	struct sockaddr_un address;
	struct stat st;
	int fd;

	memset(&address, 0, sizeof(address));
	address.sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (!stat(path, &st) && S_ISSOCK(st.st_mode)) {
		if (somebody_listens(&address))
			return -1;
		unlink(path);
	}
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 16)) {
		close(fd);
		return -1;
	}
	return fd;
}

#endif
