/* Conversion of text to UTF-8.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_ICONV
#include <iconv.h>
#endif

#include "base/ascii.h"
#include "base/mem.h"
#include "base/str.h"
#include "charset/alias.h"
#include "charset/charset.h"
#include "charset/utf8.h"

/*
 * Character sets known here need no library: mail is full of them. All others
 * are iconv's. To add one: a row, and a case in `take` if it is a new kind.
 */
enum kind {
	KIND_ASCII,
	KIND_LATIN1,
	KIND_UTF8,
	KIND_GUESS,			/* UTF-8, what is not read as Latin 1 */
	KIND_ICONV
};

struct row {
	const char	*name;		/* lower case */
	enum kind	kind;
};

static const struct row rows[] = {
	{ "utf-8", KIND_UTF8 },
	{ "utf8", KIND_UTF8 },
	{ "us-ascii", KIND_ASCII },
	{ "ascii", KIND_ASCII },
	{ "ansi_x3.4-1968", KIND_ASCII },
	{ "iso-8859-1", KIND_LATIN1 },
	{ "iso8859-1", KIND_LATIN1 },
	{ "iso_8859-1", KIND_LATIN1 },
	{ "latin1", KIND_LATIN1 }
};

#define PART_MAX	16	/* longest sequence cut by a piece's end */

struct charset_conv {
	enum kind	kind;
#ifdef HAVE_ICONV
	iconv_t		cd;
#endif
	char		part[PART_MAX];
	size_t		npart;
	int		invalid;	/* something was replaced */
};

static enum kind find(const char *);
static int open_named(const char *, struct charset_conv **);
static size_t take_own(struct charset_conv *, const char *, size_t, int,
    struct str *);
static size_t take(struct charset_conv *, const char *, size_t, int,
    struct str *);
static void bad_byte(struct charset_conv *, struct str *);
static void convert(struct charset_conv *, const char *, size_t,
    struct str *);

static enum kind
find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(rows); i++)
		if (ascii_casecmp(rows[i].name, name) == 0)
			return rows[i].kind;
	return KIND_ICONV;
}

static void
bad_byte(struct charset_conv *cv, struct str *out)
{
	cv->invalid = TRUE;
	utf8_cat(out, UTF8_REPLACEMENT);
}

#ifdef HAVE_ICONV

static int open_iconv(struct charset_conv *, const char *);
static size_t take_iconv(struct charset_conv *, const char *, size_t, int,
    struct str *);

/* Names come from mail: only letters, digits and a few marks reach iconv
   (a suffix such as //TRANSLIT must not). */
static int
open_iconv(struct charset_conv *cv, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if (!ascii_isalnum(name[i]) &&
		    strchr("-_.:+()", name[i]) == NULL)
			return E_CHARSET;
	if (i == 0 || i > CHARSET_NAME_MAX)
		return E_CHARSET;
	cv->cd = iconv_open("UTF-8", name);
	return cv->cd == (iconv_t)-1 ? E_CHARSET : E_OK;
}

/* Converts what it can; returns the bytes used, less than n only if the rest
   is an unfinished sequence (and more may come). */
static size_t
take_iconv(struct charset_conv *cv, const char *s, size_t n, int last,
    struct str *out)
{
	char buf[1024], *in, *to;
	size_t left = n, room, r;
	int err;

	memcpy(&in, &s, sizeof(in));	/* iconv does not write there */
	while (left > 0) {
		to = buf;
		room = sizeof(buf);
		r = iconv(cv->cd, &in, &left, &to, &room);
		err = errno;
		str_cat(out, buf, (size_t)(to - buf));
		if (r != (size_t)-1)
			break;
		if (err == E2BIG)
			continue;
		if (err == EINVAL && !last && left < PART_MAX)
			break;
		bad_byte(cv, out);
		in++;
		left--;
	}
	/* Some sets keep a character back that the next may combine with. */
	if (last) {
		to = buf;
		room = sizeof(buf);
		(void)iconv(cv->cd, NULL, NULL, &to, &room);
		str_cat(out, buf, (size_t)(to - buf));
	}
	return n - left;
}

#endif

static int
open_named(const char *name, struct charset_conv **out_conv)
{
	struct charset_conv *cv;
	int r = E_OK;

	cv = mem_new(sizeof(*cv));
	cv->kind = find(name);
	if (cv->kind == KIND_ICONV)
#ifdef HAVE_ICONV
		r = open_iconv(cv, name);
#else
		r = E_CHARSET;
#endif
	if (r != E_OK)
		cv = mem_free(cv);
	*out_conv = cv;
	return r;
}

int
charset_open(const char *name, struct charset_conv **out_conv)
{
	const char *better = alias_of(name);

	if (better != NULL && open_named(better, out_conv) == E_OK)
		return E_OK;
	return open_named(name, out_conv);
}

void
charset_open_lax(const char *name, struct charset_conv **out_conv)
{
	/* Plain ASCII labels often hide 8-bit text: treat it as unknown. */
	if (find(name) != KIND_ASCII && charset_open(name, out_conv) == E_OK)
		return;
	*out_conv = mem_new(sizeof(**out_conv));
	(*out_conv)->kind = KIND_GUESS;
}

void
charset_close(struct charset_conv **cvp)
{
	if (*cvp == NULL)
		return;
#ifdef HAVE_ICONV
	if ((*cvp)->kind == KIND_ICONV)
		iconv_close((*cvp)->cd);
#endif
	*cvp = mem_free(*cvp);
}

int
charset_known(const char *name)
{
	struct charset_conv *cv;
	int r;

	r = charset_open(name, &cv);
	charset_close(&cv);
	return r == E_OK;
}

static size_t
take_own(struct charset_conv *cv, const char *s, size_t n, int last,
    struct str *out)
{
	size_t i, used, want;
	u32 cp;

	for (i = 0; i < n; i += used) {
		used = 1;
		if ((u8)s[i] < 0x80)
			str_catc(out, s[i]);
		else if (cv->kind == KIND_LATIN1)
			utf8_cat(out, (u8)s[i]);
		else if (cv->kind == KIND_ASCII)
			bad_byte(cv, out);
		else if ((used = utf8_decode(s + i, n - i, &cp)) > 0)
			str_cat(out, s + i, used);
		else {
			want = (u8)s[i] < 0xe0 ? 2 : (u8)s[i] < 0xf0 ? 3 : 4;
			if (!last && n - i < want && (u8)s[i] >= 0xc2)
				break;
			used = 1;
			if (cv->kind == KIND_GUESS)
				utf8_cat(out, (u8)s[i]);
			else
				bad_byte(cv, out);
		}
	}
	return i;
}

static size_t
take(struct charset_conv *cv, const char *s, size_t n, int last,
    struct str *out)
{
#ifdef HAVE_ICONV
	if (cv->kind == KIND_ICONV)
		return take_iconv(cv, s, n, last, out);
#endif
	return take_own(cv, s, n, last, out);
}

void
charset_feed(struct charset_conv *cv, const char *s, size_t n,
    struct str *out)
{
	char buf[2 * PART_MAX];
	size_t used, more, had;

	while (cv->npart > 0 && n > 0) {
		had = cv->npart;
		more = n < PART_MAX ? n : PART_MAX;
		memcpy(buf, cv->part, had);
		memcpy(buf + had, s, more);
		used = take(cv, buf, had + more, FALSE, out);
		if (used < had) {	/* still unfinished: all of s is in */
			cv->npart = had + more - used;
			memcpy(cv->part, buf + used, cv->npart);
			return;
		}
		cv->npart = 0;
		s += used - had;
		n -= used - had;
	}
	if (n == 0)
		return;		/* what may be in cv->part stays there */
	used = take(cv, s, n, FALSE, out);
	cv->npart = n - used;
	memcpy(cv->part, s + used, cv->npart);
}

void
charset_end(struct charset_conv *cv, struct str *out)
{
	take(cv, cv->part, cv->npart, TRUE, out);
	cv->npart = 0;
}

static void
convert(struct charset_conv *cv, const char *s, size_t n, struct str *out)
{
	take(cv, s, n, TRUE, out);
}

int
charset_to_utf8(const char *name, const char *s, size_t n, struct str *out)
{
	struct charset_conv *cv;
	size_t start = out->len;
	int r;

	r = charset_open(name, &cv);
	if (r != E_OK)
		return r;
	convert(cv, s, n, out);
	if (cv->invalid) {
		str_trunc(out, start);
		r = E_SYNTAX;
	} else if (out->toobig)
		r = E_TOOBIG;
	charset_close(&cv);
	return r;
}

void
charset_to_utf8_lax(const char *name, const char *s, size_t n,
    struct str *out)
{
	struct charset_conv *cv;

	/* Plain ASCII labels often hide 8-bit text: treat it as unknown. */
	if (find(name) == KIND_ASCII || charset_open(name, &cv) != E_OK)
		charset_open(utf8_valid(s, n) ? "utf-8" : "iso-8859-1", &cv);
	convert(cv, s, n, out);
	charset_close(&cv);
}
