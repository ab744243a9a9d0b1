/* SPDX-License-Identifier: MIT */
/*
 * lathe - from a shell to the engine: which command, signals, nothing else.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "iso9660/lathe_iso9660.h"
#include "tools/options.h"
#include "tools/tool.h"

static const struct command *const commands[] = {
	&command_drives,   &command_info,      &command_burn,
	&command_resume,   &command_verify,    &command_read,
	&command_blank,    &command_format,    &command_close,
	&command_repair,
	&command_eject,    &command_load,      &command_image, &command_map,
	&command_ls,       &command_extract,   &command_emu_create,
	&command_emu_list, &command_emu_serve, &command_emu_rules,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static volatile sig_atomic_t stop_signal;
static const char *volatile half_file;

static void on_second_stop(int number)
{
	if (half_file)
		unlink(half_file);
	signal(number, SIG_DFL);
	raise(number);
}

static void on_stop(int number)
{
	struct sigaction action = { .sa_handler = on_second_stop };

	stop_signal = number;
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

bool stop_asked(void)
{
	return stop_signal != 0;
}

void stop_removes(const char *path)
{
	half_file = path;
}

static bool cancelled_hook(void *ctx)
{
	(void)ctx;
	return stop_asked();
}

static void log_hook(void *ctx, enum lathe_log_level level, const char *id,
		     const char *text)
{
	struct tool *tool = ctx;

	if (level >= LATHE_LOG_WARNING)
		note(tool, "%s", text);
	else if (tool->verbose && level >= LATHE_LOG_INFO)
		note(tool, "%s (%s)", text, id);
}

static void hooked_progress(void *ctx, const struct lathe_progress *now)
{
	struct tool *tool = ctx;

	progress_hook(&tool->progress, now);
}

/* As nohup(1) has it. */
static bool outlives_terminal(void)
{
	struct sigaction action;

	return sigaction(SIGHUP, NULL, &action) == 0 &&
	       action.sa_handler == SIG_IGN;
}

/*
 * The first signal asks for an orderly end, a second of its kind ends at once.
 * A reader of our output who goes away must not cut a burn.
 */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_stop };
	size_t count = sizeof(numbers) / sizeof(numbers[0]), i;

	if (outlives_terminal())
		count--;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < count; i++)
		sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/*
 * What is opened where a standard stream was closed takes its number, and
 * messages would go into it. Opened the wrong way round these are as good as
 * closed: who reads or writes there gets an error. A directory is as good.
 */
static void keep_streams(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", modes[fd]) < 0 &&
		    open("/", O_RDONLY) < 0)
			return;
}

static void list_commands(FILE *out)
{
	size_t i;

	fputs("usage: lathe COMMAND [OPTION]... [ARGUMENT]...\n\n", out);
	for (i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s  %s\n", commands[i]->name,
			commands[i]->summary);
	fputs("\nlathe COMMAND --help says more about one; lathe --version.\n",
	      out);
}

/* Commands of two words that begin with this one. How many? */
static size_t list_group(const char *word, FILE *out)
{
	size_t len = strlen(word), i, count = 0;

	for (i = 0; i < COMMANDS; i++) {
		if (strncmp(commands[i]->name, word, len) != 0 ||
		    commands[i]->name[len] != ' ')
			continue;
		fprintf(out, "  %-10s  %s\n", commands[i]->name,
			commands[i]->summary);
		count++;
	}
	return count;
}

/* Does argv, not empty, begin with the command's words? How many; else 0. */
static int words_match(const struct command *command, int argc, char **argv)
{
	const char *space = strchr(command->name, ' ');
	size_t len =
		space ? (size_t)(space - command->name) : strlen(command->name);

	if (strlen(argv[0]) != len || memcmp(argv[0], command->name, len) != 0)
		return 0;
	if (!space)
		return 1;
	return argc > 1 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
}

static void *realloc_hook(void *ctx, void *p, size_t old_bytes,
			  size_t new_bytes)
{
	struct tool *tool = ctx;

	return lathe_iso9660_host_realloc(tool->memory, p, old_bytes,
					  new_bytes);
}

static int run(struct tool *tool, const struct command *command, int argc,
	       char **argv)
{
	int status;

	tool->command = command->name;
	tool->hooks.ctx = tool;
	if (lathe_iso9660_host_memory_create(&tool->memory) == 0)
		tool->hooks.realloc = realloc_hook;
	tool->hooks.log = log_hook;
	tool->hooks.progress = hooked_progress;
	progress_init(&tool->progress, PROGRESS_NONE, stdout);
	if (command->asks_to_stop) {
		tool->hooks.cancelled = cancelled_hook;
		catch_signals();
	}
	status = finish_output(tool, command->run(tool, argc, argv));
	lathe_iso9660_host_memory_destroy(tool->memory);
	return status;
}

/* The command that argv begins with, or NULL after complaining. */
static const struct command *find(struct tool *tool, int argc, char **argv,
				  int *words)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		*words = words_match(commands[i], argc, argv);
		if (*words > 0)
			return commands[i];
	}
	if (strcmp(argv[0], "emu") == 0)
		complain_usage(tool, "emu is followed by create, list, serve "
				     "or rules");
	else
		complain_usage(tool, "there is no command '%s'", argv[0]);
	return NULL;
}

static bool asks_for_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int help(struct tool *tool, int argc, char **argv)
{
	const struct command *command;
	int words;

	if (argc == 0 || asks_for_help(argv[0]) ||
	    strcmp(argv[0], "help") == 0) {
		list_commands(stdout);
		return finish_output(tool, STATUS_OK);
	}
	if (argc == 1 && list_group(argv[0], stdout))
		return finish_output(tool, STATUS_OK);
	command = find(tool, argc, argv, &words);
	if (!command)
		return STATUS_USAGE;
	options_help(command, stdout);
	return finish_output(tool, STATUS_OK);
}

int main(int argc, char **argv)
{
	struct tool tool = { .command = NULL };
	const struct command *command;
	int words;

	keep_streams();
	/* A file that grows too large is an error to be told. */
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2) {
		list_commands(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("lathe " LATHE_VERSION);
		return finish_output(&tool, STATUS_OK);
	}
	if (asks_for_help(argv[1]) || strcmp(argv[1], "help") == 0)
		return help(&tool, argc - 2, argv + 2);
	if (argc == 3 && asks_for_help(argv[2]))
		return help(&tool, 1, argv + 1);
	command = find(&tool, argc - 1, argv + 1, &words);
	if (!command)
		return STATUS_USAGE;
	return run(&tool, command, argc - 1 - words, argv + 1 + words);
}
