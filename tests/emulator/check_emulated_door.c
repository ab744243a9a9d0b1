/* SPDX-License-Identifier: MIT */
/* The socket door: requests and replies written out by hand. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tests/emulator/lib_files.h"
#include "tests/emulator/lib_rules.h"
#include "tests/suite.h"

static struct bench b;
static char folder[200], socket_path[256];
static atomic_int stopping, listening;
static struct lathe_emulator_door door;
static pthread_t server;
static int server_result;

static bool stop(void *ctx)
{
	(void)ctx;
	return atomic_load(&stopping);
}

static void ready(void *ctx)
{
	(void)ctx;
	atomic_store(&listening, 1);
}

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void *serve(void *ctx)
{
	(void)ctx;
	server_result = lathe_emulator_serve(b.drive, &door);
	atomic_store(&listening, 2);
	return NULL;
}

static void start(void)
{
	int i;

	atomic_store(&stopping, 0);
	atomic_store(&listening, 0);
	ck_assert_int_eq(pthread_create(&server, NULL, serve, NULL), 0);
	for (i = 0; i < 5000 && !atomic_load(&listening); i++)
		nap(1);
	ck_assert_int_eq(atomic_load(&listening), 1);
}

static void setup(void)
{
	make_folder(folder, sizeof(folder));
	snprintf(socket_path, sizeof(socket_path), "%s/s", folder);
	memset(&door, 0, sizeof(door));
	door.socket_path = socket_path;
	door.stop = stop;
	door.ready = ready;
	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
}

static void teardown(void)
{
	atomic_store(&stopping, 1);
	ck_assert_int_eq(pthread_join(server, NULL), 0);
	ck_assert_int_eq(server_result, 0);
	ck_assert_int_eq(access(socket_path, F_OK), -1);
	ck_assert_int_eq(rmdir(folder), 0);
	bench_close(&b);
}

static int dial(void)
{
	struct timeval limit = { 10, 0 };
	struct sockaddr_un a;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	memcpy(a.sun_path, socket_path, strlen(socket_path) + 1);
	ck_assert_int_ge(fd, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void say(int fd, const void *p, size_t n)
{
	ck_assert_int_eq(write(fd, p, n), (ssize_t)n);
}

static void hear(int fd, void *p, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t k = read(fd, (char *)p + have, n - have);

		ck_assert_int_gt(k, 0);
		have += (size_t)k;
	}
}

/* A request for a command of 6 or 10 bytes. */
static void make_request(uint8_t q[48], const uint8_t *cdb, uint8_t cdb_len,
			 uint8_t direction, uint32_t len, uint8_t node)
{
	memset(q, 0, 48);
	memcpy(q, "LATQ\1\1", 6);
	q[6] = cdb_len;
	q[7] = direction;
	memcpy(q + 8, "\xde\xad\xbe\xef", 4);
	lathe_put_le32(q + 12, len);
	lathe_put_le32(q + 16, 30000);
	q[20] = node;
	memcpy(q + 24, cdb, cdb_len);
}

static const uint8_t cdb_ready[6] = { 0 };
static const uint8_t cdb_information[10] = { 0x51, 0, 0, 0, 0, 0, 0, 0, 34 };
static const uint8_t cdb_write[10] = { 0x2a, 0, 0, 0, 0, 0, 0, 0, 2 };
static const uint8_t cdb_read[10] = { 0x28, 0, 0, 0, 0, 0, 0, 0, 3 };
static const uint8_t cdb_sync[10] = { 0x35, 2 };

START_TEST(reply_of_a_command_from_the_drive)
{
	uint8_t q[48], r[104], data[40];
	int fd;

	start();
	fd = dial();
	make_request(q, cdb_information, 10, 1, 40, 0);
	say(fd, q, 48);
	hear(fd, r, 104);
	hear(fd, data, 40);
	ck_assert_mem_eq(r, "LATA\1\1\0\0\xde\xad\xbe\xef"
			 "\x28\0\0\0\x22\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
	ck_assert_mem_eq(data, "\0\x20\0\1\1\1\1\x20\xff", 9);
	ck_assert_uint_eq(data[34], 0xa5);
	close(fd);
}
END_TEST

START_TEST(data_go_to_the_drive_and_come_back)
{
	uint8_t q[48], r[104], data[3 * 2048], back[3 * 2048];
	int fd;

	start();
	fd = dial();
	make_block(data, 0, 7);
	make_block(data + 2048, 1, 7);
	make_request(q, cdb_write, 10, 2, 4096, 1);
	say(fd, q, 48);
	say(fd, data, 4096);
	hear(fd, r, 104);
	ck_assert_uint_eq(r[6] | r[7], 0);
	ck_assert_uint_eq(lathe_get_le32(r + 12), 0);
	ck_assert_uint_eq(lathe_get_le32(r + 16), 4096);
	/* The third block is not recorded: two come, and sense data. */
	make_request(q, cdb_read, 10, 1, 3 * 2048, 2);
	say(fd, q, 48);
	hear(fd, r, 104);
	hear(fd, back, sizeof(back));
	ck_assert_uint_eq(r[6], 0);
	ck_assert_uint_eq(r[7], 2);
	ck_assert_uint_eq(lathe_get_le32(r + 12), 3 * 2048);
	ck_assert_uint_eq(lathe_get_le32(r + 16), 4096);
	ck_assert_uint_eq(lathe_get_le16(r + 26), 8);
	ck_assert_uint_eq(r[28], 18);
	ck_assert_mem_eq(r + 32, "\xf0\0\x08\0\0\0\2\x0a\0\0\0\0\0\0", 14);
	ck_assert_mem_eq(back, data, 4096);
	close(fd);
}
END_TEST

START_TEST(filter_depends_on_the_node)
{
	static const uint8_t cdb[12] = { 0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8 };
	static const uint8_t expected[3] = { 0, 1, 1 };
	uint8_t q[48], r[104], data[8], node;
	int fd;

	start();
	fd = dial();
	for (node = 0; node < 3; node++) {
		make_request(q, cdb, 12, 1, 8, node);
		say(fd, q, 48);
		hear(fd, r, 104);
		ck_assert_uint_eq(r[6], expected[node]);
		if (!node)
			hear(fd, data, 8);
		else
			ck_assert_uint_eq(lathe_get_le32(r + 20), 1);
		make_request(q, cdb_sync, 10, 0, 0, node);
		say(fd, q, 48);
		hear(fd, r, 104);
		ck_assert_uint_eq(r[6], node == 2);
	}
	close(fd);
}
END_TEST

START_TEST(sleeps_advance_the_clock)
{
	uint8_t q[48] = "LATQ\1\2", r[104];
	uint64_t before_ms;
	int fd;

	start();
	fd = dial();
	say(fd, q, 48);
	hear(fd, r, 104);
	before_ms = lathe_get_le64(r + 96);
	lathe_put_le32(q + 16, 100000);
	say(fd, q, 48);
	hear(fd, r, 104);
	ck_assert_mem_eq(r, "LATA\1\2\0\0", 8);
	ck_assert_uint_eq(lathe_get_le32(r + 12), 0);
	ck_assert_uint_ge(lathe_get_le64(r + 96) - before_ms, 100000);
	ck_assert_uint_lt(lathe_get_le64(r + 96) - before_ms, 110000);
	close(fd);
}
END_TEST

START_TEST(time_outside_counts)
{
	uint8_t q[48] = "LATQ\1\2", r[104];
	uint64_t before_ms;
	int fd;

	start();
	fd = dial();
	say(fd, q, 48);
	hear(fd, r, 104);
	before_ms = lathe_get_le64(r + 96);
	nap(200);
	say(fd, q, 48);
	hear(fd, r, 104);
	ck_assert_uint_ge(lathe_get_le64(r + 96) - before_ms, 199);
	close(fd);
}
END_TEST

/* One client's disc change is another one's unit attention; each has its own
 * replies. */
START_TEST(several_clients_share_the_drive)
{
	static const uint8_t eject[6] = { 0x1b, 0, 0, 0, 2 };
	static const uint8_t load[6] = { 0x1b, 0, 0, 0, 3 };
	uint8_t q[48], r[104];
	int first, second;

	start();
	first = dial();
	second = dial();
	make_request(q, eject, 6, 0, 0, 1);
	say(first, q, 48);
	hear(first, r, 104);
	ck_assert_uint_eq(r[7], 0);
	make_request(q, cdb_ready, 6, 0, 0, 1);
	q[8] = 1;
	say(second, q, 48);
	hear(second, r, 104);
	ck_assert_uint_eq(r[8], 1);
	ck_assert_mem_eq(r + 32 + 12, "\x3a\x02", 2);
	make_request(q, load, 6, 0, 0, 1);
	say(first, q, 48);
	hear(first, r, 104);
	make_request(q, cdb_ready, 6, 0, 0, 1);
	say(second, q, 48);
	hear(second, r, 104);
	ck_assert_mem_eq(r + 32 + 12, "\x28\x00", 2);
	close(first);
	say(second, q, 48);
	hear(second, r, 104);
	ck_assert_uint_eq(r[7], 0);
	close(second);
}
END_TEST

START_TEST(autoload_takes_the_tray_in)
{
	uint8_t q[48], r[104];
	int fd;

	IS(send_cdb(&b, "1b 00 00 00 02 00"), GOOD);
	door.autoload = true;
	start();
	fd = dial();
	make_request(q, cdb_ready, 6, 0, 0, 0);
	say(fd, q, 48);
	hear(fd, r, 104);
	ck_assert_mem_eq(r + 32 + 12, "\x28\x00", 2);
	close(fd);
}
END_TEST

/* Byte to spoil, and with what. */
static const struct {
	uint8_t at, value;
} spoilt[] = {
	{ 0, 'X' }, { 4, 2 }, { 5, 0 }, { 5, 3 }, { 6, 0 }, { 6, 17 },
	{ 7, 3 }, { 15, 0x7f }, { 20, 3 }, { 7, 0 }
};

START_TEST(malformed_request_ends_its_connection_only)
{
	uint8_t q[48], r[104], data[34];
	int good, bad;

	start();
	good = dial();
	bad = dial();
	make_request(q, cdb_information, 10, 1, 34, 0);
	q[spoilt[_i].at] = spoilt[_i].value;
	say(bad, q, 48);
	ck_assert_int_eq(read(bad, r, 1), 0);
	close(bad);
	make_request(q, cdb_information, 10, 1, 34, 0);
	say(good, q, 48);
	hear(good, r, 104);
	hear(good, data, 34);
	ck_assert_uint_eq(r[7], 0);
	/* A client that goes in the middle of a request. */
	bad = dial();
	say(bad, q, 20);
	close(bad);
	say(good, q, 48);
	hear(good, r, 104);
	hear(good, data, 34);
	close(good);
}
END_TEST

START_TEST(once_ends_with_the_last_client)
{
	int i, fd;

	door.once = true;
	start();
	fd = dial();
	nap(20);
	close(fd);
	for (i = 0; i < 5000 && atomic_load(&listening) != 2; i++)
		nap(1);
	ck_assert_int_eq(atomic_load(&listening), 2);
}
END_TEST

START_TEST(left_over_socket_is_replaced_a_used_one_is_not)
{
	struct sockaddr_un a;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	memcpy(a.sun_path, socket_path, strlen(socket_path) + 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(lathe_emulator_serve(b.drive, &door), LATHE_ERR_IO);
	close(fd);
	start();
	close(dial());
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated door");
	TCase *t = tcase_create("socket");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reply_of_a_command_from_the_drive);
	tcase_add_test(t, data_go_to_the_drive_and_come_back);
	tcase_add_test(t, filter_depends_on_the_node);
	tcase_add_test(t, sleeps_advance_the_clock);
	tcase_add_test(t, time_outside_counts);
	tcase_add_test(t, several_clients_share_the_drive);
	tcase_add_test(t, autoload_takes_the_tray_in);
	tcase_add_loop_test(t, malformed_request_ends_its_connection_only, 0,
			    sizeof(spoilt) / sizeof(spoilt[0]));
	tcase_add_test(t, once_ends_with_the_last_client);
	tcase_add_test(t, left_over_socket_is_replaced_a_used_one_is_not);
	suite_add_tcase(s, t);
	return run_suite(s);
}
