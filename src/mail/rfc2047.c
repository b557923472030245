/* Encoded words.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/str.h"
#include "charset/charset.h"
#include "charset/utf8.h"
#include "mail/decode.h"
#include "mail/rfc2047.h"

#define WORD_BYTES	45	/* of text in one word: 75 characters at most */
#define LONE_MARK	500	/* how far into a word a lone ? may be */

/* encoded-word = "=?" charset ["*" language] "?" encoding "?" text "?=" */
struct word {
	char		charset[CHARSET_NAME_MAX + 1];
	int		encoding;	/* 'q' or 'b' */
	const char	*text;
	size_t		textlen;
	size_t		len;		/* of the whole word */
};

/* Adjacent words of one charset are joined before conversion: a character
   may have been cut in two. */
struct state {
	struct str	*out;
	struct str	bytes;
	char		charset[CHARSET_NAME_MAX + 1];
};

static int read_word(const char *, size_t, struct word *);
static void flush(struct state *);
static void put_word(struct state *, const struct word *);
static int all_blank(const char *, size_t);
static void raw_text(const char *, size_t, struct str *);
static void encode_words(const char *, size_t, struct str *);
static void encode_run(const char *, size_t, struct str *);
static size_t word_len(const char *, size_t);

static int
read_word(const char *s, size_t n, struct word *w)
{
	size_t i, start;

	if (n < 8 || s[0] != '=' || s[1] != '?')
		return FALSE;
	for (i = 2; i < n && s[i] != '?' && s[i] != '*'; i++) {
		if (i - 2 == CHARSET_NAME_MAX || (u8)s[i] <= ' ')
			return FALSE;
		w->charset[i - 2] = s[i];
	}
	w->charset[i - 2] = '\0';
	while (i < n && s[i] != '?' && (u8)s[i] > ' ')
		i++;
	if (i + 3 >= n || s[i] != '?' || s[i + 2] != '?' || i == 2)
		return FALSE;
	w->encoding = ascii_tolower((u8)s[i + 1]);
	if (w->encoding != 'q' && w->encoding != 'b')
		return FALSE;
	start = i + 3;
	for (i = start; i < n; i++) {
		if (s[i] != '?')
			continue;
		if (i + 1 < n && s[i + 1] == '=')
			break;
		/* A question mark that some forget to encode. */
		if (w->encoding != 'q' || s[i - 1] == '=' ||
		    i - start > LONE_MARK)
			return FALSE;
	}
	if (i + 1 >= n)
		return FALSE;
	w->text = s + start;
	w->textlen = i - start;
	w->len = i + 2;
	return TRUE;
}

static void
flush(struct state *st)
{
	if (st->bytes.len > 0)
		charset_to_utf8_lax(st->charset, str_c(&st->bytes),
		    st->bytes.len, st->out);
	str_reset(&st->bytes);
	st->charset[0] = '\0';
}

static void
put_word(struct state *st, const struct word *w)
{
	struct decode d;
	const char *s = w->text;
	size_t i;
	int hi, lo;

	if (ascii_casecmp(st->charset, w->charset) != 0)
		flush(st);
	memcpy(st->charset, w->charset, strlen(w->charset) + 1);
	if (w->encoding == 'b') {
		decode_init(&d, "base64");
		decode_feed(&d, w->text, w->textlen, &st->bytes);
		return;
	}
	for (i = 0; i < w->textlen; i++) {
		if (s[i] == '=' && i + 2 < w->textlen &&
		    (hi = hex_value((u8)s[i + 1])) >= 0 &&
		    (lo = hex_value((u8)s[i + 2])) >= 0) {
			str_catc(&st->bytes, hi << 4 | lo);
			i += 2;
		} else
			str_catc(&st->bytes, s[i] == '_' ? ' ' : s[i]);
	}
}

static int
all_blank(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!ascii_isspace((u8)s[i]))
			return FALSE;
	return TRUE;
}

/* Text outside of words: ASCII by the rules, UTF-8 or Latin 1 in practice. */
static void
raw_text(const char *s, size_t n, struct str *out)
{
	charset_to_utf8_lax("us-ascii", s, n, out);
}

void
rfc2047_decode(const char *s, size_t n, struct str *out)
{
	struct state st;
	struct word w;
	size_t i, start = 0;
	int after_word = FALSE;

	st.out = out;
	st.charset[0] = '\0';
	str_init(&st.bytes, 0);
	for (i = 0; i + 1 < n; ) {
		if (s[i] != '=' || s[i + 1] != '?' ||
		    !read_word(s + i, n - i, &w)) {
			i++;
			continue;
		}
		if (!after_word || !all_blank(s + start, i - start)) {
			flush(&st);
			raw_text(s + start, i - start, out);
		}
		put_word(&st, &w);
		after_word = TRUE;
		i += w.len;
		start = i;
	}
	flush(&st);
	raw_text(s + start, n - start, out);
	str_free(&st.bytes);
}

/* Length of the next word, or of the white space before it. */
static size_t
word_len(const char *s, size_t n)
{
	size_t i;
	int blank;

	if (n == 0)
		return 0;
	blank = s[0] == ' ' || s[0] == '\t';
	for (i = 1; i < n && (s[i] == ' ' || s[i] == '\t') == blank; i++)
		;
	return i;
}

/* Words of at most WORD_BYTES bytes of valid UTF-8 each. */
static void
encode_words(const char *s, size_t n, struct str *out)
{
	size_t used, len;
	u32 cp;

	for (; n > 0; s += len, n -= len) {
		len = 0;
		while (len < n && (used = utf8_decode(s + len, n - len,
		    &cp)) > 0 && len + used <= WORD_BYTES)
			len += used;
		str_cats(out, "=?utf-8?B?");
		base64_encode(s, len, out);
		str_cats(out, len < n ? "?= " : "?=");
	}
}

/* The valid characters of a run; they may be all ASCII. */
static void
encode_run(const char *s, size_t n, struct str *out)
{
	struct str clean;
	size_t used;
	u32 cp;

	str_init(&clean, 0);
	for (; n > 0; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used > 0)
			str_cat(&clean, s, used);
		else
			used = 1;
	}
	if (utf8_is_ascii(str_c(&clean), clean.len))
		str_catstr(out, &clean);
	else
		encode_words(str_c(&clean), clean.len, out);
	str_free(&clean);
}

void
rfc2047_encode_8bit(const char *s, size_t n, struct str *out)
{
	size_t len, run, blank, next;

	while (n > 0) {
		len = word_len(s, n);
		if (utf8_is_ascii(s, len)) {
			str_cat(out, s, len);
			s += len;
			n -= len;
			continue;
		}
		/* 8-bit words side by side go together, else the space
		   between them would be lost to RFC 2047 6.2. */
		run = len;
		for (;;) {
			blank = word_len(s + run, n - run);
			next = word_len(s + run + blank, n - run - blank);
			if (next == 0 ||
			    utf8_is_ascii(s + run + blank, next))
				break;
			run += blank + next;
		}
		encode_run(s, run, out);
		s += run;
		n -= run;
	}
}

void
rfc2047_utf8(const char *s, size_t n, struct str *out)
{
	raw_text(s, n, out);
}
