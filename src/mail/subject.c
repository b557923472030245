/* Base subjects, RFC 5256 2.1.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "mail/rfc2047.h"
#include "mail/subject.h"

/*
 *   subject = *subj-leader [subj-middle] *subj-trailer
 *   subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
 *   subj-blob = "[" *BLOBCHAR "]" *WSP
 *   subj-fwd = subj-fwd-hdr subject subj-fwd-trl
 *   subj-fwd-hdr = "[fwd:"
 *   subj-fwd-trl = "]"
 *   subj-leader = (*subj-blob subj-refwd) / WSP
 *   subj-middle = *subj-blob (subj-base / subj-fwd)
 *   subj-trailer = "(fwd)" / WSP
 *   subj-base = NONWSP *(*WSP NONWSP)
 *   BLOBCHAR = %x01-5a / %x5c / %x5e-ff
 *   NONWSP = %x01-08 / %x0a-1f / %x21-ff
 *
 * White space has become single spaces before any of this is looked for.
 */

/* What has not been taken away yet. */
struct rest {
	const char	*s;
	const char	*end;
	int		reply;
};

static void spaces(const struct str *, struct str *);
static int begins(const char *, const char *, const char *);
static const char *skip_space(const char *, const char *);
static const char *blob(const char *, const char *);
static const char *refwd(const char *, const char *);
static void trailers(struct rest *);
static int leader(struct rest *);
static int forward(struct rest *);

/* Step 1: each run of white space is one space, none at both ends. */
static void
spaces(const struct str *from, struct str *to)
{
	size_t i;
	int space = FALSE;

	for (i = 0; i < from->len; i++) {
		if (ascii_isspace((u8)from->data[i])) {
			space = to->len > 0;
			continue;
		}
		if (space)
			str_catc(to, ' ');
		space = FALSE;
		str_catc(to, from->data[i]);
	}
}

static int
begins(const char *s, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - s) >= n && ascii_memcasecmp(s, word, n) == 0;
}

static const char *
skip_space(const char *s, const char *end)
{
	while (s < end && *s == ' ')
		s++;
	return s;
}

/* Behind the blob and its white space, or NULL. */
static const char *
blob(const char *s, const char *end)
{
	if (s == end || *s != '[')
		return NULL;
	for (s++; s < end && *s != '[' && *s != ']'; s++)
		;
	return s < end && *s == ']' ? skip_space(s + 1, end) : NULL;
}

static const char *
refwd(const char *s, const char *end)
{
	const char *b;

	if (begins(s, end, "fwd"))
		s += 3;
	else if (begins(s, end, "re") || begins(s, end, "fw"))
		s += 2;
	else
		return NULL;
	s = skip_space(s, end);
	b = blob(s, end);
	if (b != NULL)
		s = b;
	return s < end && *s == ':' ? s + 1 : NULL;
}

/* Step 2. */
static void
trailers(struct rest *r)
{
	for (;;) {
		if (r->s < r->end && r->end[-1] == ' ')
			r->end--;
		else if (r->end - r->s >= 5 &&
		    begins(r->end - 5, r->end, "(fwd)")) {
			r->end -= 5;
			r->reply = TRUE;
		} else
			return;
	}
}

/*
 * Steps 3 and 4, once: blobs with "re:" behind them, or else the blobs, but for
 * the last one if nothing is behind it. All of a run are looked at together:
 * one by one, "[][][]..." would be gone over for each of them.
 */
static int
leader(struct rest *r)
{
	const char *at, *next, *last;

	r->s = skip_space(r->s, r->end);
	last = at = r->s;
	while ((next = blob(at, r->end)) != NULL) {
		last = at;
		at = next;
	}
	next = refwd(at, r->end);
	if (next != NULL) {
		r->reply = TRUE;
		r->s = next;
		return TRUE;
	}
	if (at == r->end)
		at = last;
	if (at == r->s)
		return FALSE;
	r->s = at;
	return TRUE;
}

/* Step 6. */
static int
forward(struct rest *r)
{
	if (r->end - r->s < 6 || !begins(r->s, r->end, "[fwd:") ||
	    r->end[-1] != ']')
		return FALSE;
	r->s += 5;
	r->end--;
	r->reply = TRUE;
	return TRUE;
}

int
subject_base(const char *value, size_t n, struct str *out)
{
	struct str decoded, text;
	struct rest r;

	str_init(&decoded, 0);
	str_init(&text, 0);
	rfc2047_decode(value, n, &decoded);
	spaces(&decoded, &text);
	r.s = str_c(&text);
	r.end = r.s + text.len;
	r.reply = FALSE;
	do {
		trailers(&r);
		while (leader(&r))
			;
	} while (forward(&r));
	str_cat(out, r.s, (size_t)(r.end - r.s));
	str_free(&decoded);
	str_free(&text);
	return r.reply;
}
