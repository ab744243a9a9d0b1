/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without libFuzzer: the files that are named, and those in
 * the folders that are named, one after the other; built by AFL++ and started
 * by it, inputs as it makes them. Says on standard output how many there
 * were, and fails where one takes longer than a second of the processor.
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define MOST_BYTES (1u << 20)

static unsigned long inputs;
static const char *current;

/* With sanitizers the work is several times what it is without. */
static double seconds_allowed(void)
{
	const char *text = getenv("FUZZ_SLOW");

	return text ? strtod(text, NULL) : 1.0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run_bytes(const uint8_t *data, size_t size)
{
	/* Exactly as long as it is. */
	uint8_t *copy = malloc(size ? size : 1);

	FUZZ_CHECK(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static int run_file(const char *path)
{
	static uint8_t buffer[MOST_BYTES];
	FILE *file = fopen(path, "rb");
	double begin = now(), took;
	size_t size;

	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(buffer, 1, sizeof(buffer), file);
	fclose(file);
	current = path;
	run_bytes(buffer, size);
	current = NULL;
	inputs++;
	took = now() - begin;
	if (took > seconds_allowed()) {
		printf("%s: %.1f s\n", path, took);
		return 1;
	}
	return 0;
}

static int run_path(const char *path)
{
	char inner[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	int failed = 0;
	DIR *dir;

	if (stat(path, &st) != 0) {
		perror(path);
		return 1;
	}
	if (!S_ISDIR(st.st_mode))
		return run_file(path);
	dir = opendir(path);
	if (!dir) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		failed |= run_path(inner);
	}
	closedir(dir);
	return failed;
}

/* A finding names its input. */
static void tell_current(void)
{
	if (current)
		fprintf(stderr, "input: %s\n", current);
}

#ifdef __AFL_FUZZ_TESTCASE_LEN
__AFL_FUZZ_INIT();

/* Persistent mode: thousands of inputs in one process. */
static void run_for_afl(void)
{
	const uint8_t *data;

	__AFL_INIT();
	data = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(10000))
		run_bytes(data, (size_t)__AFL_FUZZ_TESTCASE_LEN);
}
#else
static void run_for_afl(void)
{
	static uint8_t buffer[MOST_BYTES];

	run_bytes(buffer, fread(buffer, 1, sizeof(buffer), stdin));
	inputs++;
}
#endif

int main(int argc, char **argv)
{
	int failed = 0, i;

	atexit(tell_current);
	if (argc < 2) {
		run_for_afl();
		return 0;
	}
	for (i = 1; i < argc; i++)
		failed |= run_path(argv[i]);
	printf("%lu inputs\n", inputs);
	return failed;
}
