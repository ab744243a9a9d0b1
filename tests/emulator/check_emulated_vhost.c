/* SPDX-License-Identifier: MIT */
/*
 * check_emulated_vhost.c - the recorder as a vhost-user-scsi device, spoken to
 * by a small guest of our own: messages as the vhost-user protocol has them,
 * rings as virtio 1.2, 2.7, requests as 5.6. A guest that breaks the rules
 * loses its connection and nothing else.
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "mmc/emulator/lathe_emulator.h"
#include "tests/emulator/lib_files.h"
#include "tests/suite.h"

/* ---- a guest ------------------------------------------------------------ */

#define MEMORY 0x40000u		/* bytes of the guest */
#define GUEST_BASE 0x100000u	/* its own addresses begin here */
#define USER_BASE 0x7000000u	/* those of the process that runs it */
#define QUEUE 16u
#define REQUEST_AT 0x8000u	/* in its memory: header, response, data */
#define RESPONSE_AT 0x8100u
#define DATA_AT 0x9000u

static struct {
	char dir[100], path[108]; /* of a socket */
	struct lathe_emulator *drive;
	struct lathe_emulator_store *disc;
	pthread_t thread;
	_Atomic bool is_ready, stop;
	int result;
	int socket, memory_fd, kick, call;
	uint8_t *memory;
	uint16_t sent;
} g;

static bool stop_asked(void *ctx)
{
	(void)ctx;
	return g.stop;
}

static void ready(void *ctx)
{
	(void)ctx;
	g.is_ready = true;
}

static void *serve(void *ctx)
{
	struct lathe_emulator_vhost door = { .socket_path = g.path,
					     .max_sectors = 128,
					     .stop = stop_asked,
					     .ready = ready };

	(void)ctx;
	g.result = lathe_emulator_serve_vhost(g.drive, &door);
	return NULL;
}

static void post(uint32_t request, uint32_t flags, const void *payload,
		 uint32_t bytes, int fd)
{
	uint32_t header[3] = { request, flags | 1, bytes };
	struct iovec piece[2] = { { header, sizeof(header) },
				  { (void *)(uintptr_t)payload, bytes } };
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	struct msghdr msg = { .msg_iov = piece, .msg_iovlen = 2 };

	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		CMSG_FIRSTHDR(&msg)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&msg)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&msg)->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&msg)), &fd, sizeof(fd));
	}
	ck_assert_int_eq(sendmsg(g.socket, &msg, MSG_NOSIGNAL),
			 (int)(sizeof(header) + bytes));
}

/* The reply to the last message, of exactly 'bytes'. */
static void answer(uint32_t request, void *payload, uint32_t bytes)
{
	uint32_t header[3];

	ck_assert_int_eq(recv(g.socket, header, sizeof(header), MSG_WAITALL),
			 sizeof(header));
	ck_assert_uint_eq(header[0], request);
	ck_assert_uint_eq(header[1], 1 | 4); /* version 1, reply */
	ck_assert_uint_eq(header[2], bytes);
	ck_assert_int_eq(recv(g.socket, payload, bytes, MSG_WAITALL),
			 (int)bytes);
}

/* The guest's memory, from 'offset' of its file on. */
static void set_memory(uint64_t offset)
{
	struct {
		uint32_t count, padding;
		uint64_t guest, bytes, user, offset;
	} table = { 1, 0, GUEST_BASE, MEMORY - offset, USER_BASE, offset };
	uint64_t done = 1;

	post(5, 8, &table, sizeof(table), g.memory_fd);
	answer(5, &done, sizeof(done));
	ck_assert_uint_eq(done, 0);
}

static uint32_t ring_at(uint32_t queue)
{
	return queue * 0x1000u;
}

static void set_queue(uint32_t queue)
{
	uint32_t number[2] = { queue, QUEUE }, base[2] = { queue, 0 };
	uint32_t enable[2] = { queue, 1 };
	uint64_t at = USER_BASE + ring_at(queue), index = queue, features;
	struct {
		uint32_t index, flags;
		uint64_t desc, used, avail, log;
	} address = { queue, 0, at, at + 0x400, at + 0x200, 0 };

	post(8, 0, number, sizeof(number), -1);
	post(10, 0, base, sizeof(base), -1);
	post(9, 0, &address, sizeof(address), -1);
	post(12, 0, &index, sizeof(index), g.kick);
	post(13, 0, &index, sizeof(index), g.call);
	post(18, 0, enable, sizeof(enable), -1);
	/* All of this is done when the next question is answered. */
	post(1, 0, NULL, 0, -1);
	answer(1, &features, sizeof(features));
	ck_assert_uint_eq(features & 1ull << 32, 1ull << 32); /* VERSION_1 */
}

static void set_up(void)
{
	struct lathe_emulator_config config = { .size = sizeof(config) };
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(&g, 0, sizeof(g));
	make_folder(g.dir, sizeof(g.dir));
	snprintf(g.path, sizeof(g.path), "%s/door", g.dir);
	ck_assert_int_eq(lathe_emulator_create(&config, &g.drive), 0);
	ck_assert_int_eq(lathe_emulator_store_memory(&config.hooks,
						     LATHE_EMULATOR_CD_R_80,
						     &g.disc),
			 0);
	lathe_emulator_insert(g.drive, g.disc);
	ck_assert_int_eq(pthread_create(&g.thread, NULL, serve, NULL), 0);
	while (!g.is_ready)
		usleep(1000);
	g.socket = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(address.sun_path, g.path);
	ck_assert_int_eq(connect(g.socket, (struct sockaddr *)&address,
				 sizeof(address)),
			 0);
	g.memory_fd = memfd_create("guest", 0);
	ck_assert_int_eq(ftruncate(g.memory_fd, MEMORY), 0);
	g.memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED,
			g.memory_fd, 0);
	g.kick = eventfd(0, 0);
	g.call = eventfd(0, 0);
	set_memory(0);
	set_queue(2);
}

static void tear_down(void)
{
	close(g.socket);
	g.stop = true;
	ck_assert_int_eq(pthread_join(g.thread, NULL), 0);
	ck_assert_int_eq(g.result, 0);
	lathe_emulator_destroy(g.drive);
	lathe_emulator_store_close(g.disc);
	munmap(g.memory, MEMORY);
	close(g.memory_fd);
	close(g.kick);
	close(g.call);
	rmdir(g.dir);
}

/* ---- requests ----------------------------------------------------------- */

static void descriptor(uint32_t i, uint64_t address, uint32_t bytes,
		       uint16_t flags, uint16_t next)
{
	uint8_t *d = g.memory + ring_at(2) + i * 16;

	lathe_put_le64(d, address);
	lathe_put_le32(d + 8, bytes);
	lathe_put_le16(d + 12, flags);
	lathe_put_le16(d + 14, next);
}

/* Offer the chain that begins with descriptor 0. */
static void offer(void)
{
	uint8_t *avail = g.memory + ring_at(2) + 0x200;
	uint64_t one = 1;

	lathe_put_le16(avail + 4 + 2 * (g.sent % QUEUE), 0);
	atomic_thread_fence(memory_order_seq_cst);
	lathe_put_le16(avail + 2, ++g.sent);
	atomic_thread_fence(memory_order_seq_cst);
	ck_assert_int_eq(write(g.kick, &one, sizeof(one)), sizeof(one));
}

/* The bytes that the device says it wrote. */
static uint32_t wait_used(void)
{
	struct pollfd fd = { g.call, POLLIN, 0 };
	uint8_t *used = g.memory + ring_at(2) + 0x400;
	uint64_t count;

	ck_assert_int_eq(poll(&fd, 1, 5000), 1);
	ck_assert_int_eq(read(g.call, &count, sizeof(count)), sizeof(count));
	ck_assert_uint_eq(lathe_get_le16(used + 2), g.sent);
	used += 4 + 8 * ((g.sent - 1u) % QUEUE);
	ck_assert_uint_eq(lathe_get_le32(used), 0);
	return lathe_get_le32(used + 4);
}

static void header(uint8_t target, const uint8_t *cdb, size_t len)
{
	uint8_t *request = g.memory + REQUEST_AT;

	memset(request, 0, 51);
	request[0] = 1;
	request[1] = target;
	request[2] = 0x40;
	memcpy(request + 19, cdb, len);
	memset(g.memory + RESPONSE_AT, 0xee, 108);
	memset(g.memory + DATA_AT, 0xee, 4096);
}

/* A command that reads 'bytes', in two pieces. */
static uint32_t read_command(const uint8_t *cdb, size_t len, uint32_t bytes)
{
	header(0, cdb, len);
	descriptor(0, GUEST_BASE + REQUEST_AT, 51, 1, 1);
	descriptor(1, GUEST_BASE + RESPONSE_AT, 108, 3, 2);
	descriptor(2, GUEST_BASE + DATA_AT, 5, 3, 3);
	descriptor(3, GUEST_BASE + DATA_AT + 5, bytes - 5, 2, 0);
	offer();
	return wait_used();
}

START_TEST(inquiry_comes_in_pieces)
{
	static const uint8_t inquiry[6] = { 0x12, 0, 0, 0, 36 };
	const uint8_t *response = g.memory + RESPONSE_AT;
	const uint8_t *data = g.memory + DATA_AT;

	ck_assert_uint_eq(read_command(inquiry, 6, 96), 108 + 36);
	ck_assert_uint_eq(lathe_get_le32(response), 0);	     /* sense */
	ck_assert_uint_eq(lathe_get_le32(response + 4), 60); /* residue */
	ck_assert_uint_eq(response[10], 0);		     /* GOOD */
	ck_assert_uint_eq(response[11], 0);		     /* OK */
	ck_assert_uint_eq(data[0], 0x05); /* SPC-3 6.4.2: CD/DVD device */
	ck_assert_uint_eq(data[1] & 0x80, 0x80); /* removable */
	ck_assert_uint_eq(data[36], 0xee); /* nothing behind the answer */
}
END_TEST

/* Queues stay where they are in memory that has moved. */
START_TEST(memory_may_be_told_anew)
{
	static const uint8_t inquiry[6] = { 0x12, 0, 0, 0, 36 };
	const uint32_t offset = 0x10000;

	set_memory(offset);
	g.memory += offset;
	ck_assert_uint_eq(read_command(inquiry, 6, 96), 108 + 36);
	ck_assert_uint_eq(g.memory[DATA_AT], 0x05);
	g.memory -= offset;
}
END_TEST

START_TEST(sense_data_come_with_the_response)
{
	static const uint8_t unknown[6] = { 0x01 };
	static const uint8_t ready_[6] = { 0x00 };
	const uint8_t *response = g.memory + RESPONSE_AT;

	/* The new disc is a unit attention, SPC-3: 6/28/00. */
	read_command(ready_, 6, 8);
	ck_assert_uint_eq(response[10], 2);
	ck_assert_uint_eq(response[12 + 2] & 15, 6);
	ck_assert_uint_eq(response[12 + 12], 0x28);
	read_command(unknown, 6, 8);
	ck_assert_uint_ge(lathe_get_le32(response), 14);
	ck_assert_uint_eq(response[10], 2);
	ck_assert_uint_eq(response[12 + 2] & 15, 5);
	ck_assert_uint_eq(response[12 + 12], 0x20);
}
END_TEST

START_TEST(other_targets_are_not_there)
{
	static const uint8_t inquiry[6] = { 0x12, 0, 0, 0, 36 };

	header(1, inquiry, 6);
	descriptor(0, GUEST_BASE + REQUEST_AT, 51, 1, 1);
	descriptor(1, GUEST_BASE + RESPONSE_AT, 108, 2, 0);
	offer();
	ck_assert_uint_eq(wait_used(), 108);
	ck_assert_uint_eq(g.memory[RESPONSE_AT + 11], 3); /* BAD_TARGET */
}
END_TEST

START_TEST(configuration_tells_the_limits)
{
	struct {
		uint32_t offset, bytes, flags;
		uint8_t data[36];
	} config = { 0, 36, 0, { 0 } };

	post(24, 0, &config, sizeof(config), -1);
	answer(24, &config, sizeof(config));
	/* 5.6.4: num_queues, seg_max, max_sectors, cmd_per_lun,
	 * event_info_size, sense_size, cdb_size */
	ck_assert_uint_eq(lathe_get_le32(config.data), 1);
	ck_assert_uint_eq(lathe_get_le32(config.data + 8), 128);
	ck_assert_uint_eq(lathe_get_le32(config.data + 16), 16);
	ck_assert_uint_eq(lathe_get_le32(config.data + 20), 96);
	ck_assert_uint_eq(lathe_get_le32(config.data + 24), 32);
	ck_assert_uint_eq(lathe_get_le32(config.data + 32), 0);
}
END_TEST

/* ---- guests that break the rules ---------------------------------------- */

static void hung_up(void)
{
	uint8_t byte;
	ssize_t n = recv(g.socket, &byte, 1, 0);

	ck_assert(n == 0 || (n < 0 && errno == ECONNRESET));
}

static const uint8_t test_ready[6] = { 0 };

START_TEST(a_chain_that_never_ends)
{
	header(0, test_ready, 6);
	descriptor(0, GUEST_BASE + REQUEST_AT, 51, 1, 0);
	offer();
	hung_up();
}
END_TEST

START_TEST(a_chain_that_leaves_its_ring)
{
	header(0, test_ready, 6);
	descriptor(0, GUEST_BASE + REQUEST_AT, 51, 1, QUEUE);
	offer();
	hung_up();
}
END_TEST

START_TEST(a_buffer_outside_of_the_memory)
{
	static const uint64_t address[] = {
		GUEST_BASE - 1, GUEST_BASE + MEMORY - 107, 0,
		UINT64_MAX - 50, USER_BASE
	};

	header(0, test_ready, 6);
	descriptor(0, GUEST_BASE + REQUEST_AT, 51, 1, 1);
	descriptor(1, address[_i], 108, 2, 0);
	offer();
	hung_up();
}
END_TEST

START_TEST(a_response_that_is_too_short)
{
	header(0, test_ready, 6);
	descriptor(0, GUEST_BASE + REQUEST_AT, 51, 1, 1);
	descriptor(1, GUEST_BASE + RESPONSE_AT, 107, 2, 0);
	offer();
	hung_up();
}
END_TEST

START_TEST(what_is_read_behind_what_is_written)
{
	header(0, test_ready, 6);
	descriptor(0, GUEST_BASE + RESPONSE_AT, 108, 3, 1);
	descriptor(1, GUEST_BASE + REQUEST_AT, 51, 0, 0);
	offer();
	hung_up();
}
END_TEST

START_TEST(a_ring_outside_of_the_memory)
{
	struct {
		uint32_t index, flags;
		uint64_t desc, used, avail, log;
	} address = { 2, 0, USER_BASE + MEMORY - 16, USER_BASE, USER_BASE, 0 };

	post(9, 0, &address, sizeof(address), -1);
	hung_up();
}
END_TEST

START_TEST(a_message_that_is_too_long)
{
	uint32_t header_of_it[3] = { 1, 1, 100000 };

	ck_assert_int_eq(send(g.socket, header_of_it, sizeof(header_of_it),
			      MSG_NOSIGNAL),
			 sizeof(header_of_it));
	hung_up();
}
END_TEST

START_TEST(a_queue_that_is_not_there)
{
	uint32_t number[2] = { 3, QUEUE };

	post(8, 0, number, sizeof(number), -1);
	hung_up();
}
END_TEST

START_TEST(a_region_larger_than_all_addresses)
{
	struct {
		uint32_t count, padding;
		uint64_t guest, bytes, user, offset;
	} table = { 1, 0, GUEST_BASE, UINT64_MAX, USER_BASE, 4096 };

	post(5, 0, &table, sizeof(table), g.memory_fd);
	hung_up();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("recorder as a vhost-user-scsi device");
	TCase *tcase = tcase_create("guest");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, inquiry_comes_in_pieces);
	tcase_add_test(tcase, memory_may_be_told_anew);
	tcase_add_test(tcase, sense_data_come_with_the_response);
	tcase_add_test(tcase, other_targets_are_not_there);
	tcase_add_test(tcase, configuration_tells_the_limits);
	tcase_add_test(tcase, a_chain_that_never_ends);
	tcase_add_test(tcase, a_chain_that_leaves_its_ring);
	tcase_add_loop_test(tcase, a_buffer_outside_of_the_memory, 0, 5);
	tcase_add_test(tcase, a_response_that_is_too_short);
	tcase_add_test(tcase, what_is_read_behind_what_is_written);
	tcase_add_test(tcase, a_ring_outside_of_the_memory);
	tcase_add_test(tcase, a_message_that_is_too_long);
	tcase_add_test(tcase, a_queue_that_is_not_there);
	tcase_add_test(tcase, a_region_larger_than_all_addresses);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
