/* Content transfer decoding of streams.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/str.h"
#include "mail/decode.h"

enum qp_state {
	QP_TEXT,
	QP_EQUAL,		/* after = */
	QP_HEX,			/* after = and one digit */
	QP_SOFT			/* after = and white space: a soft line end */
};

static const struct {
	const char	*name;
	enum decode_kind kind;
} kinds[] = {
	{ "7bit", DECODE_PLAIN },
	{ "8bit", DECODE_PLAIN },
	{ "binary", DECODE_PLAIN },
	{ "base64", DECODE_BASE64 },
	{ "quoted-printable", DECODE_QP }
};

static void base64_feed(struct decode *, const char *, size_t,
    struct str *);
static void qp_feed(struct decode *, const char *, size_t, struct str *);
static void qp_text(struct decode *, int, struct str *);
static void flush_held(struct decode *, struct str *);

void
decode_init(struct decode *d, const char *encoding)
{
	size_t i;

	memset(d, 0, sizeof(*d));
	for (i = 0; i < NITEMS(kinds); i++)
		if (ascii_casecmp(kinds[i].name, encoding) == 0)
			d->kind = kinds[i].kind;
}

int
decode_known(const char *encoding)
{
	size_t i;

	for (i = 0; i < NITEMS(kinds); i++)
		if (ascii_casecmp(kinds[i].name, encoding) == 0)
			return TRUE;
	return FALSE;
}

/* Data after padding is a new run: some mailers join encoded pieces. */
static void
base64_feed(struct decode *d, const char *s, size_t n, struct str *out)
{
	size_t i;
	int v;

	for (i = 0; i < n; i++) {
		if (s[i] == '=') {
			d->bits = 0;
			d->nbits = 0;
			continue;
		}
		v = base64_value((u8)s[i]);
		if (v < 0)
			continue;
		d->bits = (d->bits << 6 | (u32)v) & 0xffffff;
		d->nbits += 6;
		if (d->nbits >= 8) {
			d->nbits -= 8;
			str_catc(out, (int)(d->bits >> d->nbits & 0xff));
		}
	}
}

static void
flush_held(struct decode *d, struct str *out)
{
	str_cat(out, d->held, d->blanks);
	d->blanks = 0;
}

/* White space at the end of a line was added in transport (rule 3). */
static void
qp_text(struct decode *d, int c, struct str *out)
{
	if (c == '=') {
		flush_held(d, out);
		d->state = QP_EQUAL;
	} else if (c == ' ' || c == '\t' || c == '\r') {
		if (d->blanks == sizeof(d->held))
			flush_held(d, out);
		d->held[d->blanks++] = (char)c;
	} else if (c == '\n') {
		if (d->blanks > 0 && d->held[d->blanks - 1] == '\r')
			str_catc(out, '\r');
		d->blanks = 0;
		str_catc(out, c);
	} else {
		flush_held(d, out);
		str_catc(out, c);
	}
}

static void
qp_feed(struct decode *d, const char *s, size_t n, struct str *out)
{
	size_t i = 0;
	int c;

	while (i < n) {
		c = s[i];
		if (d->state == QP_TEXT) {
			qp_text(d, c, out);
			i++;
		} else if (d->state == QP_EQUAL && hex_value((u8)c) >= 0) {
			d->hi = c;
			d->state = QP_HEX;
			i++;
		} else if (d->state == QP_HEX) {
			if (hex_value((u8)c) >= 0) {
				str_catc(out, hex_value((u8)d->hi) << 4 |
				    hex_value((u8)c));
				i++;
			} else {
				str_catc(out, '=');
				str_catc(out, d->hi);
			}
			d->state = QP_TEXT;
		} else if (c == '\n') {
			d->state = QP_TEXT;
			i++;
		} else if (c == ' ' || c == '\t' || c == '\r') {
			d->state = QP_SOFT;
			i++;
		} else {
			if (d->state == QP_EQUAL)
				str_catc(out, '=');
			d->state = QP_TEXT;
		}
	}
}

int
decode_feed(struct decode *d, const char *s, size_t n, struct str *out)
{
	if (d->kind == DECODE_BASE64)
		base64_feed(d, s, n, out);
	else if (d->kind == DECODE_QP)
		qp_feed(d, s, n, out);
	else
		str_cat(out, s, n);
	return out->toobig ? E_TOOBIG : E_OK;
}

int
decode_end(struct decode *d, struct str *out)
{
	if (d->kind == DECODE_QP) {
		if (d->state == QP_HEX) {
			str_catc(out, '=');
			str_catc(out, d->hi);
		}
		d->blanks = 0;
		d->state = QP_TEXT;
	}
	return out->toobig ? E_TOOBIG : E_OK;
}
