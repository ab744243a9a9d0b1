/* SPDX-License-Identifier: MIT */
/*
 * Compares commands: runs them in turn, so that a slow moment of the machine
 * hits all of them alike; the first round only warms up.
 *
 *	tool_measure ROUNDS NAME COMMAND [NAME COMMAND ...]
 *
 * Each COMMAND is a line for sh. Lines in front of it are run first, and not
 * measured: they take away what the round before made, which is no part of
 * anybody's work, and takes as long for a quick program as for a slow one.
 * Prints for each its wall-clock time, the time relative to the first
 * command's in the same round, both as median and span, and its largest
 * memory. The environment's RUNS names a file that gets a line for each: name,
 * MB, seconds of each round, separated by tabs.
 */
#define _DEFAULT_SOURCE		/* wait4 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_COMMANDS 16
#define MOST_ROUNDS 64

struct command {
	const char *name, *line;
	char *before;		/* lines, or NULL */
	double seconds[MOST_ROUNDS], ratio[MOST_ROUNDS];
	long memory_kib;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run_line(const char *line, struct rusage *usage)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 1);
		dup2(null, 2);
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, usage) != pid || status != 0) {
		fprintf(stderr, "failed: %s\n", line);
		exit(1);
	}
}

static double run(struct command *c)
{
	struct rusage usage;
	double begin;

	if (c->before)
		run_line(c->before, &usage);
	begin = now();
	run_line(c->line, &usage);
	if (usage.ru_maxrss > c->memory_kib)
		c->memory_kib = usage.ru_maxrss;
	return now() - begin;
}

static void set_command(struct command *c, const char *name, char *lines)
{
	char *last = strrchr(lines, '\n');

	c->name = name;
	c->line = last ? last + 1 : lines;
	if (last) {
		*last = '\0';
		c->before = lines;
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double sorted_median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_value);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void write_runs(const struct command *command, int count, int rounds)
{
	const char *path = getenv("RUNS");
	FILE *out = path ? fopen(path, "w") : NULL;
	int i, round;

	if (!out)
		return;
	for (i = 0; i < count; i++) {
		fprintf(out, "%s\t%.1f", command[i].name,
			(double)command[i].memory_kib / 1024);
		for (round = 0; round < rounds; round++)
			fprintf(out, "\t%.6f", command[i].seconds[round]);
		fprintf(out, "\n");
	}
	fclose(out);
}

int main(int argc, char **argv)
{
	static struct command command[MOST_COMMANDS];
	int rounds, count = (argc - 2) / 2, round, i;

	if (argc < 4 || argc % 2 || count > MOST_COMMANDS)
		return 2;
	rounds = atoi(argv[1]);
	if (rounds < 1 || rounds > MOST_ROUNDS)
		return 2;
	for (i = 0; i < count; i++) {
		set_command(&command[i], argv[2 + 2 * i], argv[3 + 2 * i]);
		run(&command[i]);
	}
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < count; i++)
			command[i].seconds[round] = run(&command[i]);
		for (i = 0; i < count; i++)
			command[i].ratio[round] = command[i].seconds[round] /
						  command[0].seconds[round];
	}
	write_runs(command, count, rounds);
	for (i = 0; i < count; i++) {
		struct command *c = &command[i];
		double median = sorted_median(c->seconds, rounds);
		double ratio = sorted_median(c->ratio, rounds);

		printf("  %-22s %8.3f s [%.3f, %.3f]  x %6.2f [%.2f, %.2f]"
		       "  %7.1f MB\n",
		       c->name, median, c->seconds[0], c->seconds[rounds - 1],
		       ratio, c->ratio[0], c->ratio[rounds - 1],
		       (double)c->memory_kib / 1024);
	}
	return 0;
}
