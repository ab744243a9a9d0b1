/* SPDX-License-Identifier: MIT */
/*
 * Makes a tree of files for the benchmarks: the same one for the same seed.
 *
 *	tool_tree DIRECTORY FILES MOST_BYTES SEED
 *
 * 300 files a folder, folders two deep, names of 34 bytes in UTF-8 (32
 * UTF-16 units), sizes from 0 to MOST_BYTES evenly, content that does not
 * repeat.
 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PER_FOLDER 300u

static uint64_t state;

/* splitmix64 */
static uint64_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

static void make_directory(const char *path)
{
	if (mkdir(path, 0755) != 0)
		fail(path);
}

static void make_file(const char *path, uint64_t bytes)
{
	static uint64_t buffer[8192];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	uint64_t done, part, i;

	if (fd < 0)
		fail(path);
	for (done = 0; done < bytes; done += part) {
		part = bytes - done < sizeof(buffer) ? bytes - done
						     : sizeof(buffer);
		for (i = 0; i < (part + 7) / 8; i++)
			buffer[i] = next();
		if (write(fd, buffer, part) != (ssize_t)part)
			fail(path);
	}
	if (close(fd) != 0)
		fail(path);
}

int main(int argc, char **argv)
{
	char path[4096];
	uint64_t files, most, i;

	if (argc != 5)
		return 2;
	files = strtoull(argv[2], NULL, 10);
	most = strtoull(argv[3], NULL, 10);
	state = strtoull(argv[4], NULL, 10);
	make_directory(argv[1]);
	for (i = 0; i < files; i++) {
		uint64_t folder = i / PER_FOLDER;

		if (folder % 30 == 0 && i % PER_FOLDER == 0) {
			snprintf(path, sizeof(path), "%s/part %03" PRIu64,
				 argv[1], folder / 30);
			make_directory(path);
		}
		if (i % PER_FOLDER == 0) {
			snprintf(path, sizeof(path),
				 "%s/part %03" PRIu64 "/folder %05" PRIu64,
				 argv[1], folder / 30, folder);
			make_directory(path);
		}
		snprintf(path, sizeof(path),
			 "%s/part %03" PRIu64 "/folder %05" PRIu64
			 "/F%08" PRIx64 "_%06" PRIu64
			 "-\xc3\xa4rger_\xc3\xb6l-0.data",
			 argv[1], folder / 30, folder, next() & 0xffffffff,
			 i);
		make_file(path, most ? next() % (most + 1) : 0);
	}
	return 0;
}
