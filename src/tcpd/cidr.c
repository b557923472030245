/* Networks and ranges as keys of the access database.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include "base/hex.h"
#include "base/num.h"
#include "base/str.h"
#include "tcpd/cidr.h"

#define TEXT_MAX	100

struct range {
	u8	lo[16], hi[16];
	size_t	bytes;		/* of an address */
	size_t	step;		/* bytes of one part of a key */
	cidr_fn	*fn;
	void	*ctx;
};

static int address(const char *, u8 *, size_t *);
static int network(u8 *, u8 *, size_t, const char *);
static int emit(const struct range *, const u8 *, size_t);
static int block(const struct range *, u8 *, size_t);

static int
address(const char *text, u8 *out, size_t *out_bytes)
{
	*out_bytes = 4;
	if (inet_pton(AF_INET, text, out) == 1)
		return E_OK;
	*out_bytes = 16;
	if (text[0] == ':' && text[1] != ':')
		text++;
	return inet_pton(AF_INET6, text, out) == 1 ? E_OK : E_SYNTAX;
}

/* The first and the last address that have these bits of lo. */
static int
network(u8 *lo, u8 *hi, size_t bytes, const char *bits)
{
	size_t i;
	u32 n, mask;

	if (num_parse_u32(bits, &n) != E_OK || n > 8 * bytes)
		return E_SYNTAX;
	for (i = 0; i < bytes; i++) {
		mask = n >= 8 * (i + 1) ? 0 : n <= 8 * i ? 255 :
		    255U >> (n - 8 * i);
		lo[i] = (u8)(lo[i] & ~mask);
		hi[i] = (u8)(lo[i] | mask);
	}
	return E_OK;
}

static int
emit(const struct range *r, const u8 *addr, size_t n)
{
	struct str key;
	size_t i;
	int e;

	str_init(&key, 0);
	for (i = 0; i < n; i++) {
		if (r->step == 1 ? i > 0 : i % 2 == 0)
			str_catc(&key, r->step == 1 ? '.' : ':');
		if (r->step == 1)
			str_catu32(&key, addr[i]);
		else
			hex_encode(addr + i, 1, &key);
	}
	e = r->fn(r->ctx, str_c(&key), key.len);
	str_free(&key);
	return e;
}

/* The addresses that begin with the n bytes: none, all or some are in it. */
static int
block(const struct range *r, u8 *addr, size_t n)
{
	u32 v, end;
	int e;

	memset(addr + n, 0xff, r->bytes - n);
	if (memcmp(addr, r->lo, r->bytes) < 0)
		return E_OK;
	end = (u32)(memcmp(addr, r->hi, r->bytes) <= 0);
	memset(addr + n, 0, r->bytes - n);
	if (memcmp(addr, r->hi, r->bytes) > 0)
		return E_OK;
	if (n > 0 && end && memcmp(addr, r->lo, r->bytes) >= 0)
		return emit(r, addr, n);
	e = E_OK;
	end = r->step == 1 ? 0x100 : 0x10000;
	for (v = 0; v < end && e == E_OK; v++) {
		addr[n] = (u8)(r->step == 1 ? v : v >> 8);
		if (r->step == 2)
			addr[n + 1] = (u8)v;
		e = block(r, addr, n + r->step);
	}
	return e;
}

int
cidr_expand(const char *s, size_t len, cidr_fn *fn, void *ctx)
{
	struct range r;
	char text[TEXT_MAX], *mark;
	u8 addr[16];
	size_t n;

	if (len >= sizeof(text))
		return E_NOENT;
	memcpy(text, s, len);
	text[len] = '\0';
	mark = strpbrk(text, "/-");
	if (mark == NULL || mark == text)
		return E_NOENT;
	r.fn = fn;
	r.ctx = ctx;
	if (*mark == '/') {
		*mark = '\0';
		if (address(text, r.lo, &r.bytes) != E_OK ||
		    network(r.lo, r.hi, r.bytes, mark + 1) != E_OK)
			return E_SYNTAX;
	} else {
		*mark = '\0';
		if (address(text, r.lo, &r.bytes) != E_OK ||
		    address(mark + 1, r.hi, &n) != E_OK || n != r.bytes ||
		    memcmp(r.lo, r.hi, n) > 0)
			return E_SYNTAX;
	}
	r.step = r.bytes == 4 ? 1 : 2;
	return block(&r, addr, 0);
}
