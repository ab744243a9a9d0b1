/* SPDX-License-Identifier: MIT */
/*
 * CRC-32C: polynomial 1EDC6F41h, reflected, as iSCSI has it (RFC 3720, B.4).
 * By the processor's own instruction where it has one, eight bytes at a time;
 * the rest, or all, by a small table for each half of four bytes.
 */
#include "iso9660/iso9660_internal.h"

/* Polynomials over GF(2) modulo that of CRC-32C, the highest power in bit 0:
 * a times b. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (; a; a <<= 1) {
		if (a & 0x80000000u)
			product ^= b;
		b = b & 1 ? b >> 1 ^ 0x82F63B78u : b >> 1;
	}
	return product;
}

/* The first is shifted by the length of the second: x to the 8 * bytes. */
uint32_t lathep_iso9660_crc32c_join(uint32_t first, uint32_t second,
				    uint64_t bytes)
{
	uint32_t power = 0x00800000u; /* x to the 8 */
	uint32_t shift = 0x80000000u; /* 1 */

	for (; bytes; bytes >>= 1) {
		if (bytes & 1)
			shift = multiply(shift, power);
		power = multiply(power, power);
	}
	return multiply(shift, first) ^ second;
}

#if defined(__x86_64__) && defined(__GNUC__)

#define HAVE_INSTRUCTION __builtin_cpu_supports("sse4.2")

#define STREAM 4096u
#define SHIFT_STREAM 0x35d73a62u /* x to the 8 * STREAM */

/* One result comes in three clocks, and one can be begun in each: three
 * streams side by side, joined afterwards. */
__attribute__((target("sse4.2")))
static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t a = crc, b, c;
	size_t i;

	for (; len >= 3 * STREAM; len -= 3 * STREAM, p += 3 * STREAM) {
		b = c = 0;
		for (i = 0; i < STREAM; i += 8) {
			a = __builtin_ia32_crc32di(a, lathe_get_le64(p + i));
			b = __builtin_ia32_crc32di(
				b, lathe_get_le64(p + STREAM + i));
			c = __builtin_ia32_crc32di(
				c, lathe_get_le64(p + 2 * STREAM + i));
		}
		a = multiply(SHIFT_STREAM, (uint32_t)a) ^ b;
		a = multiply(SHIFT_STREAM, (uint32_t)a) ^ c;
	}
	for (; len >= 8; len -= 8, p += 8)
		a = __builtin_ia32_crc32di(a, lathe_get_le64(p));
	return (uint32_t)a;
}

#elif defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

#define HAVE_INSTRUCTION true

static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t len)
{
	for (; len >= 8; len -= 8, p += 8)
		crc = __crc32cd(crc, lathe_get_le64(p));
	return crc;
}

#else

#define HAVE_INSTRUCTION false

static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t len)
{
	(void)p;
	(void)len;
	return crc;
}

#endif

/* What 32 more bits make of half a byte that stands at bit 4 * i; the last
 * one is also what 4 bits make of it at bit 0. */
static const uint32_t table[8][16] = {
	{ 0x00000000, 0xdd45aab8, 0xbf672381, 0x62228939,
	  0x7b2231f3, 0xa6679b4b, 0xc4451272, 0x1900b8ca,
	  0xf64463e6, 0x2b01c95e, 0x49234067, 0x9466eadf,
	  0x8d665215, 0x5023f8ad, 0x32017194, 0xef44db2c },
	{ 0x00000000, 0xe964b13d, 0xd725148b, 0x3e41a5b6,
	  0xaba65fe7, 0x42c2eeda, 0x7c834b6c, 0x95e7fa51,
	  0x52a0c93f, 0xbbc47802, 0x8585ddb4, 0x6ce16c89,
	  0xf90696d8, 0x106227e5, 0x2e238253, 0xc747336e },
	{ 0x00000000, 0xa541927e, 0x4f6f520d, 0xea2ec073,
	  0x9edea41a, 0x3b9f3664, 0xd1b1f617, 0x74f06469,
	  0x38513ec5, 0x9d10acbb, 0x773e6cc8, 0xd27ffeb6,
	  0xa68f9adf, 0x03ce08a1, 0xe9e0c8d2, 0x4ca15aac },
	{ 0x00000000, 0x70a27d8a, 0xe144fb14, 0x91e6869e,
	  0xc76580d9, 0xb7c7fd53, 0x26217bcd, 0x56830647,
	  0x8b277743, 0xfb850ac9, 0x6a638c57, 0x1ac1f1dd,
	  0x4c42f79a, 0x3ce08a10, 0xad060c8e, 0xdda47104 },
	{ 0x00000000, 0x13a29877, 0x274530ee, 0x34e7a899,
	  0x4e8a61dc, 0x5d28f9ab, 0x69cf5132, 0x7a6dc945,
	  0x9d14c3b8, 0x8eb65bcf, 0xba51f356, 0xa9f36b21,
	  0xd39ea264, 0xc03c3a13, 0xf4db928a, 0xe7790afd },
	{ 0x00000000, 0x3fc5f181, 0x7f8be302, 0x404e1283,
	  0xff17c604, 0xc0d23785, 0x809c2506, 0xbf59d487,
	  0xfbc3faf9, 0xc4060b78, 0x844819fb, 0xbb8de87a,
	  0x04d43cfd, 0x3b11cd7c, 0x7b5fdfff, 0x449a2e7e },
	{ 0x00000000, 0xf26b8303, 0xe13b70f7, 0x1350f3f4,
	  0xc79a971f, 0x35f1141c, 0x26a1e7e8, 0xd4ca64eb,
	  0x8ad958cf, 0x78b2dbcc, 0x6be22838, 0x9989ab3b,
	  0x4d43cfd0, 0xbf284cd3, 0xac78bf27, 0x5e133c24 },
	{ 0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
	  0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
	  0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	  0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75 },
};

static uint32_t by_table(uint32_t crc, const uint8_t *p, size_t len)
{
	uint32_t next;
	unsigned i;

	for (; len >= 4; len -= 4, p += 4) {
		crc ^= lathe_get_le32(p);
		next = 0;
		for (i = 0; i < 8; i++)
			next ^= table[i][crc >> 4 * i & 15];
		crc = next;
	}
	for (; len; len--, p++) {
		crc ^= *p;
		crc = crc >> 4 ^ table[7][crc & 15];
		crc = crc >> 4 ^ table[7][crc & 15];
	}
	return crc;
}

uint32_t lathe_iso9660_crc32c(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t by_eight = HAVE_INSTRUCTION ? len - len % 8 : 0;

	crc = by_instruction(~crc, p, by_eight);
	return ~by_table(crc, p + by_eight, len - by_eight);
}
