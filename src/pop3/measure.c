/* What a message will be on the wire.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/pool.h"

#include "mail/crlf.h"
#include "mail/mime.h"

#include "pop3/snapshot.h"

#define READ_SIZE	65536

/* A header on its way past. Only whole lines count, as with Courier. */
struct head {
	enum { LINE_BEGINS, CR_FIRST, IN_LINE, HEAD_OVER } at;
	int		pending;	/* 8-bit in this line */
	int		high;		/* in one that is complete */
};

static int has_high(const char *, size_t);
static int parts_high(int);
static int span_high(int, u64, u64);
static void head_scan(struct head *, const char *, size_t);

static void
head_scan(struct head *h, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && h->at != HEAD_OVER; i++) {
		if (s[i] == '\n') {
			h->at = h->at == IN_LINE ? LINE_BEGINS : HEAD_OVER;
			h->high |= h->pending;
			h->pending = FALSE;
		} else if (s[i] == '\r' && h->at == LINE_BEGINS) {
			h->at = CR_FIRST;
		} else {
			h->at = IN_LINE;
		}
		if (s[i] & 0x80)
			h->pending = TRUE;
	}
}

static int
has_high(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i] & 0x80)
			return TRUE;
	return FALSE;
}

/* In a header that begins and ends there; what follows it does not matter. */
static int
span_high(int fd, u64 start, u64 end)
{
	struct head h;
	char buf[4096];
	size_t want;
	long n;

	memset(&h, 0, sizeof(h));
	for (; start < end && h.at != HEAD_OVER; start += (u64)n) {
		want = end - start < sizeof(buf) ? (size_t)(end - start) :
		    sizeof(buf);
		n = (long)pread(fd, buf, want, (off_t)start);
		if (n <= 0)
			break;
		head_scan(&h, buf, (size_t)n);
	}
	return h.high;
}

/* In the header of any part, embedded messages included. */
static int
parts_high(int fd)
{
	struct mime_part *part;
	struct pool *pool;
	int high;

	pool = pool_new();
	if (mime_parse_fd(pool, fd, &part) != E_OK)
		part = NULL;
	for (high = FALSE; part != NULL && !high; part = mime_walk(part)) {
		high = span_high(fd, part->header.start, part->header.end);
		if (part->kind == MIME_LEAF &&
		    strcmp(part->ct.type, "message") == 0 &&
		    strcmp(part->ct.subtype, "global") == 0)
			high |= span_high(fd, part->body.start,
			    part->body.end);
	}
	pool_free(&pool);
	return high;
}

int
inbox_measure(int fd, u64 *out_size, int *out_8bit)
{
	struct head head;
	char *buf;
	long n;
	int last, high;

	buf = mem_array(1, READ_SIZE);
	memset(&head, 0, sizeof(head));
	last = 0;
	high = FALSE;
	*out_size = 0;
	while ((n = (long)read(fd, buf, READ_SIZE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		*out_size += crlf_size(&last, buf, (size_t)n);
		if (out_8bit == NULL)
			continue;
		head_scan(&head, buf, (size_t)n);
		high = high || has_high(buf, (size_t)n);
	}
	mem_free(buf);
	if (n < 0)
		return E_TEMP;
	if (*out_size > 0 && last != '\n')
		*out_size += 2;
	if (out_8bit != NULL)
		*out_8bit = head.high || (high && parts_high(fd));
	return E_OK;
}
