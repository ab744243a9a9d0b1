/* SPDX-License-Identifier: MIT */
/*
 * SipHash-1-3 (Aumasson, Bernstein 2012): keyed, so that nobody can choose
 * names that all fall on one place of a table.
 */
#include "iso9660/iso9660_internal.h"

struct state {
	uint64_t a, b, c, d;
};

static uint64_t rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void round_once(struct state *s)
{
	s->a += s->b;
	s->b = rotate(s->b, 13) ^ s->a;
	s->a = rotate(s->a, 32);
	s->c += s->d;
	s->d = rotate(s->d, 16) ^ s->c;
	s->a += s->d;
	s->d = rotate(s->d, 21) ^ s->a;
	s->c += s->b;
	s->b = rotate(s->b, 17) ^ s->c;
	s->c = rotate(s->c, 32);
}

static void absorb(struct state *s, uint64_t m)
{
	s->d ^= m;
	round_once(s);
	s->a ^= m;
}

uint64_t lathep_iso9660_hash(uint64_t seed, uint64_t salt, const void *data,
			     size_t len)
{
	struct state s = {
		seed ^ 0x736f6d6570736575u, salt ^ 0x646f72616e646f6du,
		seed ^ 0x6c7967656e657261u, salt ^ 0x7465646279746573u
	};
	const uint8_t *p = data;
	uint64_t last = (uint64_t)len << 56;
	unsigned i;

	for (; len >= 8; len -= 8, p += 8)
		absorb(&s, lathe_get_le64(p));
	for (i = 0; i < len; i++)
		last |= (uint64_t)p[i] << (8 * i);
	absorb(&s, last);
	s.c ^= 0xff;
	round_once(&s);
	round_once(&s);
	round_once(&s);
	return s.a ^ s.b ^ s.c ^ s.d;
}
