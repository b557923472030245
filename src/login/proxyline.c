/* Lines from and to a back end.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/log.h"
#include "login/proxy.h"
#include "login/proxy_int.h"
#include "login/proxy_talk.h"

#define LINE_MAX_BYTES	((size_t)8192)	/* kept of a line */

static int cut(struct proxy_talk *);

/* The beginning of a line that is too long; the rest is dropped. */
static int
cut(struct proxy_talk *t)
{
	const char *p, *lf;
	size_t n;

	p = io_peek_buf(t->io, &n);
	lf = memchr(p, '\n', n);
	if (lf != NULL)
		n = (size_t)(lf - p);
	if (n > LINE_MAX_BYTES - t->line.len)
		n = LINE_MAX_BYTES - t->line.len;
	str_cat(&t->line, p, n);
	return io_skip_line(t->io);
}

int
proxy_get(struct proxy_talk *t)
{
	int r;

	str_reset(&t->line);
	io_set_deadline(t->io, proxy_deadline(t->p));
	r = io_get_line(t->io, LINE_MAX_BYTES, &t->line);
	if (r == E_TOOBIG)
		r = cut(t);
	if (r == E_OK) {
		proxy_trace(t->p, "Received: %s", str_c(&t->line));
		proxy_trace(t->p, "%s: %s", t->host, str_c(&t->line));
	} else if (r == E_TIMEOUT) {
		log_warn("Timeout/error connecting to %s", t->host);
	} else {
		log_warn("%s: %s", t->host, r == E_EOF ?
		    "Connection closed by remote host" : strerror(errno));
	}
	return r;
}

/* What the trace shows has no passwords. */
int
proxy_put(struct proxy_talk *t, const struct str *text, const char *shown)
{
	proxy_trace(t->p, "Sending: %s", shown);
	io_set_deadline(t->io, proxy_deadline(t->p));
	io_put(t->io, text->data, text->len);
	return io_flush(t->io);
}

int
proxy_say(struct proxy_talk *t, const char *text)
{
	struct str s;
	int r;

	str_init(&s, 0);
	str_catf(&s, "%s\r\n", text);
	r = proxy_put(t, &s, str_c(&s));
	str_free(&s);
	return r;
}

/* The n-th word (from 0), without regard to case. */
int
proxy_nth_is(const struct proxy_talk *t, int n, const char *word)
{
	const char *s = str_c(&t->line);
	size_t len;

	for (s += strspn(s, " \t"); n > 0; n--) {
		s += strcspn(s, " \t");
		s += strspn(s, " \t");
	}
	len = strcspn(s, " \t");
	return len == strlen(word) && ascii_ncasecmp(s, word, len) == 0;
}
