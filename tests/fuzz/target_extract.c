/* SPDX-License-Identifier: MIT */
/*
 * The program extracts a hostile image: an option byte, a disc. Whatever is
 * in it, nothing outside of the folder that was named is made or changed;
 * also where links lead out of it that somebody else put there.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tools/tool.h"

#define MOST_BLOCKS 200u	/* files may overlap: keep the sum small */

#define OVERWRITE 1u
#define PLANTED 2u		/* links are there before */

static char base[200];
static int base_fd = -1;

/* What the program's main.c has. */
bool stop_asked(void)
{
	return false;
}

void stop_removes(const char *path)
{
	(void)path;
}

/* ---- the place ---------------------------------------------------------- */

static int remove_all(int dir, const char *name);

static int remove_content(int fd)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int err = 0;

	FUZZ_CHECK(dir != NULL);
	while (!err && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			err = remove_all(dirfd(dir), entry->d_name);
	closedir(dir);
	return err;
}

static int remove_all(int dir, const char *name)
{
	int fd;

	if (unlinkat(dir, name, 0) == 0)
		return 0;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	/* An own directory that was made without permissions. */
	if (fd < 0 && fchmodat(dir, name, 0700, 0) == 0)
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (fd >= 0) {
		(void)fchmod(fd, 0700);
		if (remove_content(fd))
			return -1;
	}
	return unlinkat(dir, name, AT_REMOVEDIR);
}

static void leave(void)
{
	if (base_fd < 0)
		return;
	(void)remove_content(dup(base_fd));
	rmdir(base);
}

static void write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void enter(void)
{
	const char *tmp = getenv("TMPDIR");
	FILE *quiet;
	int fd;

	if (base_fd >= 0)
		return;
	snprintf(base, sizeof(base), "%.150s/lathe-fuzz.XXXXXX",
		 tmp ? tmp : "/tmp");
	FUZZ_CHECK(mkdtemp(base) != NULL);
	base_fd = open(base, O_RDONLY | O_DIRECTORY);
	FUZZ_CHECK(base_fd >= 0);
	FUZZ_CHECK(mkdirat(base_fd, "outside", 0700) == 0);
	fd = openat(base_fd, "outside", O_RDONLY | O_DIRECTORY);
	write_file(fd, "secret", "secret");
	close(fd);
	atexit(leave);
#ifdef __GLIBC__
	/* The program's complaints; those of sanitizers go to the descriptor. */
	quiet = fopen("/dev/null", "w");
	if (quiet)
		stderr = quiet;
#else
	(void)quiet;
#endif
}

/* ---- what must hold ----------------------------------------------------- */

static uint32_t count_entries(int fd)
{
	DIR *dir = fdopendir(fd);
	uint32_t count = 0;

	FUZZ_CHECK(dir != NULL);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void check_outside(const struct timespec *before)
{
	int outside = openat(base_fd, "outside", O_RDONLY | O_DIRECTORY);
	char text[16] = "";
	struct stat st;
	int fd;

	FUZZ_CHECK(outside >= 0);
	FUZZ_CHECK(fstat(outside, &st) == 0);
	FUZZ_CHECK((st.st_mode & 07777) == 0700);
	FUZZ_CHECK(st.st_mtim.tv_sec == before->tv_sec &&
		   st.st_mtim.tv_nsec == before->tv_nsec);
	fd = openat(outside, "secret", O_RDONLY);
	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(fstat(fd, &st) == 0);
	FUZZ_CHECK(st.st_nlink == 1 && (st.st_mode & 07777) == 0600);
	FUZZ_CHECK(read(fd, text, sizeof(text)) == 6);
	FUZZ_CHECK(memcmp(text, "secret", 6) == 0);
	close(fd);
	/* "." and ".." as well */
	FUZZ_CHECK(count_entries(outside) == 3);
	FUZZ_CHECK(count_entries(openat(base_fd, ".",
					O_RDONLY | O_DIRECTORY)) == 5);
}

static struct timespec time_outside(void)
{
	struct stat st;

	FUZZ_CHECK(fstatat(base_fd, "outside", &st, 0) == 0);
	return st.st_mtim;
}

/* ---- one run ------------------------------------------------------------ */

static void write_image(const struct fuzz_disc *disc)
{
	int fd = openat(base_fd, "image", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	uint32_t i;

	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(ftruncate(fd, (off_t)disc->blocks * LATHE_BLOCK_BYTES) ==
		   0);
	for (i = 0; i < disc->blocks; i++)
		if (disc->block[i])
			FUZZ_CHECK(pwrite(fd, disc->block[i],
					  LATHE_BLOCK_BYTES,
					  (off_t)i * LATHE_BLOCK_BYTES) ==
				   (ssize_t)LATHE_BLOCK_BYTES);
	close(fd);
}

static void plant(void)
{
	static const char *const files[] = { "readme.txt", "README.TXT;1",
					     "empty", "link", "README.TXT" };
	static const char *const folders[] = { "directory", "DIRECTORY",
					       "Empty one" };
	int target = openat(base_fd, "target", O_RDONLY | O_DIRECTORY);
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		FUZZ_CHECK(symlinkat("../outside/secret", target, files[i]) ==
			   0);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		FUZZ_CHECK(symlinkat("../outside", target, folders[i]) == 0);
	close(target);
}

static void extract(bool overwrite)
{
	char image[260], target[260], flag[] = "--overwrite";
	char from[] = "-i", into[] = "-C";
	char *argv[] = { from, image, into, target, flag, NULL };
	struct tool tool = { .command = command_extract.name };

	snprintf(image, sizeof(image), "%s/image", base);
	snprintf(target, sizeof(target), "%s/target", base);
	if (!overwrite)
		argv[4] = NULL;
	progress_init(&tool.progress, PROGRESS_NONE, stdout);
	(void)command_extract.run(&tool, overwrite ? 5 : 4, argv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	struct fuzz_disc *disc = fuzz_disc_open(&in, false);
	struct timespec before;

	enter();
	if (disc->blocks <= MOST_BLOCKS) {
		write_image(disc);
		FUZZ_CHECK(mkdirat(base_fd, "target", 0700) == 0);
		if (options & PLANTED)
			plant();
		before = time_outside();
		extract(options & OVERWRITE);
		check_outside(&before);
		FUZZ_CHECK(remove_all(base_fd, "target") == 0);
	}
	fuzz_disc_close(disc);
	return 0;
}
