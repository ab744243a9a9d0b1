/* SPDX-License-Identifier: MIT */
/*
 * The SG_IO transport against a kernel that this program plays itself: its own
 * ioctl() takes the place of libc's, and /dev/null is the character device. Or
 * its own open(), stat(), opendir() and fopen() find a drive, sr0 and sg0, in a
 * folder that stands for / then.
 */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#define _FILE_OFFSET_BITS 64 /* so that these are the transport's calls */
#define _TIME_BITS 64

#include <check.h>
#include <stdlib.h>

#include "mmc/lathe_mmc.h"
#include "tests/suite.h"

#if defined(__linux__)

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#if defined(__GLIBC__)
#include <sys/ioctl.h> /* where its name depends on the width of time */
#endif
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* What the kernel shall do, and what it was asked. */
static struct {
	bool no_sg;
	int error; /* of SG_IO, 0: none */
	unsigned char status, sense_len;
	unsigned short host, driver;
	int resid;
	int version; /* 0: 30536 */
	struct sg_io_hdr asked;
} kernel;

int ioctl(int fd, unsigned long request, ...)
{
	struct sg_io_hdr *hdr;
	void *arg;
	va_list args;

	(void)fd;
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (request == SG_GET_VERSION_NUM && !kernel.no_sg) {
		*(int *)arg = kernel.version ? kernel.version : 30536;
		return 0;
	}
	if (request != SG_IO) {
		errno = ENOTTY;
		return -1;
	}
	hdr = arg;
	kernel.asked = *hdr;
	if (kernel.error) {
		errno = kernel.error;
		return -1;
	}
	hdr->status = kernel.status;
	hdr->host_status = kernel.host;
	hdr->driver_status = kernel.driver;
	hdr->resid = kernel.resid;
	hdr->sb_len_wr = kernel.sense_len;
	memset(hdr->sbp, 0x70, kernel.sense_len);
	return 0;
}

/* ---- a drive in a folder ------------------------------------------------ */

/* What happens when node sr0 [0] or sg0 [1] is opened. */
static struct {
	char root[400]; /* stands for /; empty: the real one is seen */
	int error[2];
	int times[2]; /* so often; 0: always */
	int opened[2];
	int flags[2]; /* of the last time */
} tree;

static const char *place(const char *path, char *out, size_t room)
{
	if (!tree.root[0] || (strncmp(path, "/sys/", 5) != 0 &&
			      strncmp(path, "/dev/s", 6) != 0))
		return path;
	snprintf(out, room, "%s%s", tree.root, path);
	return out;
}

int open(const char *path, int flags, ...)
{
	char moved[800];
	const char *real = place(path, moved, sizeof(moved));
	unsigned mode = 0;
	va_list args;
	int node;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, unsigned);
	va_end(args);
	if (real != path && strncmp(path, "/dev/", 5) == 0) {
		node = path[6] == 'g';
		tree.flags[node] = flags;
		tree.opened[node]++;
		if (tree.error[node] && (!tree.times[node] ||
					 tree.opened[node] <=
						 tree.times[node])) {
			errno = tree.error[node];
			return -1;
		}
		flags &= ~O_EXCL;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, real, flags, mode);
}

int stat(const char *restrict path, struct stat *restrict st)
{
	char moved[800];
	const char *real = place(path, moved, sizeof(moved));
	int err = fstatat(AT_FDCWD, real, st, 0);

	if (err || real == path || strncmp(path, "/dev/", 5) != 0)
		return err;
	st->st_mode = (mode_t)((path[6] == 'r' ? S_IFBLK : S_IFCHR) | 0660);
	st->st_rdev = path[6] == 'r' ? makedev(11, 0) : makedev(21, 0);
	return 0;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	bool reads = mode[0] == 'r';
	int fd = open(path, reads ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC,
		      0600);

	return fd < 0 ? NULL : fdopen(fd, mode);
}

/* What a drive looks like from user space, in Documentation/ABI's words:
 * /sys/dev/block/11:0 and /sys/dev/char/21:0 are links to its two faces. */
static const char *const folders[] = {
	"/dev",
	"/sys",
	"/sys/dev",
	"/sys/dev/block",
	"/sys/dev/block/11:0",
	"/sys/dev/block/11:0/queue",
	"/sys/dev/block/11:0/device",
	"/sys/dev/block/11:0/device/scsi_generic",
	"/sys/dev/block/11:0/device/scsi_generic/sg0",
	"/sys/dev/char",
	"/sys/dev/char/21:0",
	"/sys/dev/char/21:0/device",
	"/sys/dev/char/21:0/device/block",
	"/sys/dev/char/21:0/device/block/sr0",
};

static const char *const files[] = {
	"/dev/sr0",
	"/dev/sg0",
	"/sys/dev/block/11:0/queue/max_sectors_kb",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void plant_file(const char *name, const char *text)
{
	char path[600];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", tree.root, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void plant(const char *max_sectors_kb)
{
	const char *base = getenv("TMPDIR");
	char path[600], root[400];

	snprintf(root, sizeof(root), "%s/lathe-sgio-XXXXXX",
		 base && *base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(root));
	memset(&tree, 0, sizeof(tree));
	memcpy(tree.root, root, sizeof(root));
	for (size_t i = 0; i < COUNT(folders); i++) {
		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		ck_assert_int_eq(mkdir(path, 0700), 0);
	}
	plant_file(files[0], "");
	plant_file(files[1], "");
	plant_file(files[2], max_sectors_kb);
}

static void uproot(void)
{
	char path[600];

	for (size_t i = COUNT(files); i-- > 0;) {
		snprintf(path, sizeof(path), "%s%s", tree.root, files[i]);
		unlink(path);
	}
	for (size_t i = COUNT(folders); i-- > 0;) {
		snprintf(path, sizeof(path), "%s%s", tree.root, folders[i]);
		rmdir(path);
	}
	ck_assert_int_eq(rmdir(tree.root), 0);
	tree.root[0] = '\0';
}

START_TEST(both_nodes_of_a_drive_are_held)
{
	static const char *const nodes[2] = { "/dev/sr0", "/dev/sg0" };
	int exclusive = O_RDWR | O_EXCL | O_NONBLOCK | O_CLOEXEC;
	struct lathe_mmc_sgio sgio;

	plant("512\n");
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, nodes[_i], false, 0), 0);
	ck_assert_int_ge(sgio.fd, 0);
	ck_assert_int_ge(sgio.sibling_fd, 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(tree.opened[i], 1);
		ck_assert_int_eq(tree.flags[i] & (exclusive | O_ACCMODE),
				 exclusive);
	}
	/* Whichever node it is, the queue is that of the block node. */
	ck_assert_uint_eq(sgio.max_transfer, 65536);
	lathe_mmc_sgio_close(&sgio);
	ck_assert_int_eq(sgio.fd, -1);
	ck_assert_int_eq(sgio.sibling_fd, -1);

	/* Looking keeps nobody out. */
	memset(tree.opened, 0, sizeof(tree.opened));
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, nodes[_i], true, 0), 0);
	ck_assert_int_eq(tree.flags[_i] & (exclusive | O_ACCMODE),
			 O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_eq(tree.opened[!_i], 0);
	ck_assert_int_eq(sgio.sibling_fd, -1);
	ck_assert_uint_eq(sgio.max_transfer, 65536);
	lathe_mmc_sgio_close(&sgio);
	uproot();
}
END_TEST

START_TEST(a_drive_whose_sibling_is_in_use_is_in_use)
{
	static const char *const nodes[2] = { "/dev/sr0", "/dev/sg0" };
	struct lathe_mmc_sgio sgio;

	plant("64\n");
	/* The other one is mounted, or another burner has it. */
	tree.error[!_i] = EBUSY;
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, nodes[_i], false, 0),
			 LATHE_ERR_BUSY);
	ck_assert_int_eq(sgio.sys_errno, EBUSY);
	ck_assert_str_eq(sgio.busy_sibling, nodes[!_i]);
	ck_assert_int_eq(sgio.fd, -1);
	ck_assert_int_eq(sgio.sibling_fd, -1);
	/* For a moment only. */
	memset(tree.opened, 0, sizeof(tree.opened));
	tree.times[!_i] = 2;
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, nodes[_i], false, 10000),
			 0);
	ck_assert_int_eq(tree.opened[!_i], 3);
	ck_assert_int_ge(sgio.sibling_fd, 0);
	lathe_mmc_sgio_close(&sgio);
	/* One that is not ours to open does not matter. */
	tree.error[!_i] = EACCES;
	tree.times[!_i] = 0;
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, nodes[_i], false, 0), 0);
	ck_assert_int_eq(sgio.sibling_fd, -1);
	lathe_mmc_sgio_close(&sgio);
	uproot();
}
END_TEST

START_TEST(errors_of_opening_have_names)
{
	static const struct {
		int error, err;
	} cases[] = {
		{ ENXIO, LATHE_ERR_NO_DEVICE }, { ENODEV, LATHE_ERR_NO_DEVICE },
		{ EACCES, LATHE_ERR_DENIED },	{ EPERM, LATHE_ERR_DENIED },
		{ EROFS, LATHE_ERR_DENIED },	{ EBUSY, LATHE_ERR_BUSY },
		{ EIO, LATHE_ERR_IO },		{ EAGAIN, LATHE_ERR_BUSY },
	};
	struct lathe_mmc_sgio sgio;

	plant("64\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		tree.error[0] = cases[i].error;
		tree.opened[0] = 0;
		ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, "/dev/sr0", false,
						     50),
				 cases[i].err);
		/* Only one that is in use may be free again later. */
		ck_assert_int_eq(tree.opened[0], 1 + (cases[i].error == EBUSY));
		ck_assert_int_eq(sgio.sys_errno, cases[i].error);
		ck_assert_str_eq(sgio.busy_sibling, "");
		ck_assert_int_eq(sgio.fd, -1);
	}
	/* An SG_IO older than version 3 is none; no call has failed there. */
	tree.error[0] = 0;
	kernel.version = 20000;
	errno = EILSEQ;
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, "/dev/sr0", false, 0),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(sgio.sys_errno, 0);
	ck_assert_int_eq(sgio.fd, -1);
	uproot();
}
END_TEST

START_TEST(the_queue_limits_a_transfer)
{
	static const struct {
		const char *text;
		uint32_t bytes;
	} cases[] = {
		{ "32\n", 32768 },  { "127\n", 65536 },
		{ "4\n", 4096 },    { "99999999999999999999\n", 65536 },
		{ "0\n", 0 },	    { "", 0 },
		{ "strange\n", 0 },
	};
	struct lathe_mmc_sgio sgio;

	plant("");
	for (size_t i = 0; i < COUNT(cases); i++) {
		plant_file(files[2], cases[i].text);
		ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, "/dev/sg0", false,
						     0),
				 0);
		ck_assert_uint_eq(sgio.max_transfer, cases[i].bytes);
		lathe_mmc_sgio_close(&sgio);
	}
	uproot();
}
END_TEST

/* ---- commands ----------------------------------------------------------- */

static int run(struct lathe_cmd *cmd, uint32_t data_len, bool to_drive)
{
	static uint8_t data[65536];
	struct lathe_mmc_sgio sgio = { .fd = -1, .sibling_fd = -1 };

	memset(cmd, 0, sizeof(*cmd));
	cmd->cdb[0] = to_drive ? 0x2a : 0x28;
	cmd->cdb_len = 10;
	cmd->data = data_len ? data : NULL;
	cmd->data_len = data_len;
	cmd->to_drive = to_drive;
	cmd->timeout_ms = 12345;
	return lathe_mmc_sgio_execute(&sgio, cmd);
}

START_TEST(the_kernel_gets_exactly_what_the_command_says)
{
	struct lathe_cmd cmd;

	ck_assert_int_eq(run(&cmd, 7 * 2048, true), 0);
	ck_assert_int_eq(kernel.asked.interface_id, 'S');
	ck_assert_int_eq(kernel.asked.dxfer_direction, SG_DXFER_TO_DEV);
	ck_assert_uint_eq(kernel.asked.dxfer_len, 7 * 2048);
	ck_assert_uint_eq(kernel.asked.cmd_len, 10);
	ck_assert_uint_eq(kernel.asked.mx_sb_len, 64);
	ck_assert_uint_eq(kernel.asked.timeout, 12345);
	ck_assert_uint_eq(cmd.moved, 7 * 2048);
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_int_eq(kernel.asked.dxfer_direction, SG_DXFER_FROM_DEV);
	ck_assert_int_eq(run(&cmd, 0, false), 0);
	ck_assert_int_eq(kernel.asked.dxfer_direction, SG_DXFER_NONE);
	ck_assert_ptr_null(kernel.asked.dxferp);
}
END_TEST

START_TEST(the_residue_is_taken_off)
{
	struct lathe_cmd cmd;

	kernel.resid = 30;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_uint_eq(cmd.moved, 6);
	kernel.resid = 36;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_uint_eq(cmd.moved, 0);
	/* Nonsense of drivers. */
	kernel.resid = 100;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_uint_eq(cmd.moved, 0);
	kernel.resid = -4;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_uint_eq(cmd.moved, 36);
}
END_TEST

START_TEST(a_status_of_the_drive_is_an_answer)
{
	struct lathe_cmd cmd;

	kernel.status = 0x02;
	kernel.driver = 0x08;
	kernel.sense_len = 20;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_uint_eq(cmd.status, 0x02);
	ck_assert_uint_eq(cmd.sense_len, 20);
	ck_assert_uint_eq(cmd.sense[17], 0x70);
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_OK);
	/* Some adapters call that an error of theirs as well. */
	kernel.host = 0x07;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	kernel.host = 0;
	kernel.sense_len = 0;
	kernel.driver = 0x18; /* "sense", and a suggestion above it */
	kernel.status = 0x08;
	ck_assert_int_eq(run(&cmd, 36, false), 0);
	ck_assert_uint_eq(cmd.status, 0x08);
	/* Then it takes both, a status and sense data. */
	kernel.host = 0x07;
	ck_assert_int_eq(run(&cmd, 36, false), LATHE_ERR_TRANSPORT);
	kernel.status = 0;
	kernel.sense_len = 18;
	ck_assert_int_eq(run(&cmd, 36, false), LATHE_ERR_TRANSPORT);
}
END_TEST

START_TEST(what_is_no_answer_has_a_cause)
{
	static const struct {
		int error;
		unsigned short host, driver;
		uint32_t data_len;
		uint8_t cause;
	} cases[] = {
		{ EPERM, 0, 0, 36, LATHE_CAUSE_REFUSED },
		{ EACCES, 0, 0, 36, LATHE_CAUSE_REFUSED },
		{ EIO, 0, 0, 65536, LATHE_CAUSE_TOO_LARGE },
		{ EINVAL, 0, 0, 65536, LATHE_CAUSE_TOO_LARGE },
		{ ENOMEM, 0, 0, 4096, LATHE_CAUSE_TOO_LARGE },
		{ EIO, 0, 0, 2048, LATHE_CAUSE_RESET },
		{ ENODEV, 0, 0, 36, LATHE_CAUSE_GONE },
		{ ENXIO, 0, 0, 36, LATHE_CAUSE_GONE },
		{ EINTR, 0, 0, 36, LATHE_CAUSE_RESET },
		{ 0, 0x01, 0, 36, LATHE_CAUSE_GONE },
		{ 0, 0x04, 0, 36, LATHE_CAUSE_GONE },
		{ 0, 0x03, 0, 36, LATHE_CAUSE_TIMED_OUT },
		{ 0, 0x05, 0, 36, LATHE_CAUSE_TIMED_OUT },
		{ 0, 0x08, 0, 36, LATHE_CAUSE_RESET },
		{ 0, 0x07, 0, 36, LATHE_CAUSE_RESET },
		{ 0, 0, 0x06, 36, LATHE_CAUSE_TIMED_OUT },
		{ 0, 0, 0x04, 36, LATHE_CAUSE_RESET },
	};
	struct lathe_cmd cmd;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		kernel.error = cases[i].error;
		kernel.host = cases[i].host;
		kernel.driver = cases[i].driver;
		ck_assert_msg(run(&cmd, cases[i].data_len, false) ==
				      LATHE_ERR_TRANSPORT,
			      "case %zu", i);
		ck_assert_msg(cmd.cause == cases[i].cause, "case %zu: %u", i,
			      cmd.cause);
		ck_assert_int_eq(cmd.sys_errno, cases[i].error);
		ck_assert_uint_eq(cmd.host_status, cases[i].host);
	}
}
END_TEST

START_TEST(what_is_no_drive_is_refused)
{
	struct lathe_mmc_sgio sgio;
	char dir[] = "/tmp/lathe-sgio-XXXXXX";
	const char *base = getenv("TMPDIR");
	char path[512], file[540];
	int fd;

	snprintf(path, sizeof(path), "%s%s", base ? base : "/tmp", dir + 4);
	ck_assert_ptr_nonnull(mkdtemp(path));
	snprintf(file, sizeof(file), "%s/file", path);
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, file, false, 0),
			 LATHE_ERR_NO_DEVICE);
	ck_assert_int_eq(sgio.sys_errno, ENOENT);
	fd = open(file, O_CREAT | O_WRONLY, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, file, false, 0),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(sgio.fd, -1);
	unlink(file);
	rmdir(path);
	kernel.no_sg = true;
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, "/dev/null", true, 0),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(sgio.fd, -1);
	ck_assert_int_eq(sgio.sys_errno, ENOTTY);
	lathe_mmc_sgio_close(&sgio);
}
END_TEST

#endif

#if defined(__linux__)

/* Tests may run in one process. */
static void another_kernel(void)
{
	memset(&kernel, 0, sizeof(kernel));
	memset(&tree, 0, sizeof(tree));
}

#endif

int main(void)
{
#if defined(__linux__)
	Suite *s = suite_create("mmc sgio");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, another_kernel, NULL);
	tcase_add_test(t, the_kernel_gets_exactly_what_the_command_says);
	tcase_add_test(t, the_residue_is_taken_off);
	tcase_add_test(t, a_status_of_the_drive_is_an_answer);
	tcase_add_test(t, what_is_no_answer_has_a_cause);
	tcase_add_test(t, what_is_no_drive_is_refused);
	tcase_add_loop_test(t, both_nodes_of_a_drive_are_held, 0, 2);
	tcase_add_loop_test(t, a_drive_whose_sibling_is_in_use_is_in_use, 0,
			    2);
	tcase_add_test(t, errors_of_opening_have_names);
	tcase_add_test(t, the_queue_limits_a_transfer);
	suite_add_tcase(s, t);
	return run_suite(s);
#else
	return 0;
#endif
}
