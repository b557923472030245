/* Chosen fields of a header.  SPDX-License-Identifier: ISC

   A header may be longer than memory: only the name of the field at hand is
   kept, and only as far as a client can name it. */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "mail/crlf.h"

#include "session/msgread_int.h"

#define FIELD_NAME	8192	/* no command holds a longer name */

struct filter {
	const struct msg_fields *want;
	msg_sink_fn	*fn;
	void		*ctx;
	struct str	out;		/* converted bytes on their way */
	int		last;		/* for line ends */
	int		bol;		/* a line begins */
	int		in_name;	/* `line` is its beginning, undecided */
	int		keep;		/* the field at hand is wanted */
	size_t		n;
	char		line[FIELD_NAME + 2];
};

static int	is_wanted(const struct msg_fields *, const char *, size_t);
static int	emit(struct filter *, const char *, size_t);
static void	decide(struct filter *);
static int	take_name(struct filter *, const char **, size_t *);
static int	filter_sink(void *, const char *, size_t);

static int
is_wanted(const struct msg_fields *want, const char *name, size_t n)
{
	size_t i;

	if (want->mime && ((n == 12 &&
	    ascii_memcasecmp(name, "MIME-Version", 12) == 0) ||
	    (n >= 8 && ascii_memcasecmp(name, "Content-", 8) == 0)))
		return TRUE;
	for (i = 0; i < want->n; i++)
		if (strlen(want->names[i]) == n &&
		    ascii_memcasecmp(name, want->names[i], n) == 0)
			return !want->not;
	return want->not;
}

static int
emit(struct filter *f, const char *s, size_t n)
{
	int e;

	if (!f->keep || n == 0)
		return E_OK;
	str_reset(&f->out);
	e = crlf_cat(&f->last, s, n, &f->out);
	return e == E_OK ? f->fn(f->ctx, f->out.data, f->out.len) : e;
}

/* A line without a name, or with control characters in it, is no field. */
static void
decide(struct filter *f)
{
	size_t i, n = f->n;

	f->in_name = FALSE;
	if (n == 0 || f->line[n - 1] != ':')
		n = 0;
	else
		n--;
	for (i = 0; i < n; i++)
		if ((u8)f->line[i] < 0x20)
			n = 0;
	f->keep = n > 0 ? is_wanted(f->want, f->line, n) : f->want->not;
}

/* Reads on up to the colon. MSG_STOP: it is the blank line. */
static int
take_name(struct filter *f, const char **s, size_t *n)
{
	int c = 0;

	while (*n > 0 && f->n < FIELD_NAME + 1 && c != ':' && c != '\n') {
		c = *(*s)++;
		--*n;
		f->line[f->n++] = (char)c;
	}
	if (c == '\n' && (f->n == 1 || (f->n == 2 && f->line[0] == '\r'))) {
		f->n = 0;
		f->in_name = FALSE;
		return MSG_STOP;
	}
	if (c != ':' && c != '\n' && f->n < FIELD_NAME + 1)
		return E_OK;
	decide(f);
	f->bol = c == '\n';
	return emit(f, f->line, f->n);
}

static int
filter_sink(void *ctx, const char *s, size_t n)
{
	struct filter *f = ctx;
	const char *lf;
	size_t len;
	int e = E_OK;

	while (e == E_OK && n > 0) {
		if (f->bol) {
			f->bol = FALSE;
			f->in_name = *s != ' ' && *s != '\t';
			f->n = 0;
		}
		if (f->in_name) {
			e = take_name(f, &s, &n);
			continue;
		}
		lf = memchr(s, '\n', n);
		len = lf == NULL ? n : (size_t)(lf - s) + 1;
		e = emit(f, s, len);
		f->bol = lf != NULL;
		s += len;
		n -= len;
	}
	return e;
}

int
msgread_fields(struct msg *m, const struct mime_span *span,
    const struct msg_fields *want, msg_sink_fn *fn, void *ctx)
{
	struct filter *f;
	int e;

	f = mem_new(sizeof(*f));
	f->want = want;
	f->fn = fn;
	f->ctx = ctx;
	f->bol = TRUE;
	f->keep = want->not;
	f->last = '\n';
	str_init(&f->out, 0);
	e = msgread_raw(m, span->start, span->end, filter_sink, f);
	if (e == MSG_STOP)
		e = E_OK;
	if (e == E_OK && f->in_name) {
		decide(f);
		e = emit(f, f->line, f->n);
	}
	f->keep = TRUE;
	if (e == E_OK && f->last != '\n') {
		f->last = '\n';
		e = emit(f, "\n", 1);
	}
	if (e == E_OK)
		e = emit(f, "\n", 1);
	str_free(&f->out);
	mem_free(f);
	return e;
}
