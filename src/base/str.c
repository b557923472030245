/* Growable byte string with a maximum.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

static int fmt_one(struct str *, const char **, va_list *);

void
str_init(struct str *s, size_t max)
{
	s->data = NULL;
	s->len = s->size = 0;
	s->max = max == 0 ? STR_MAX_DEFAULT : max;
	s->toobig = FALSE;
}

char *
str_ready(struct str *s, size_t n)
{
	size_t want;

	if (s->toobig || n > s->max || s->len > s->max - n) {
		s->toobig = TRUE;
		return NULL;
	}
	want = s->len + n + 1;
	if (want > s->size) {
		s->size = want + want / 2 + 32;
		s->data = mem_grow(s->data, s->size, 1);
	}
	return s->data + s->len;
}

void
str_commit(struct str *s, size_t n)
{
	s->len += n;
	s->data[s->len] = '\0';
}

int
str_cat(struct str *s, const void *p, size_t n)
{
	char *to;

	to = str_ready(s, n);
	if (to == NULL)
		return E_TOOBIG;
	if (n > 0)
		memcpy(to, p, n);
	str_commit(s, n);
	return E_OK;
}

int
str_cats(struct str *s, const char *text)
{
	return str_cat(s, text, strlen(text));
}

int
str_catc(struct str *s, int c)
{
	char ch;

	if (s->len + 1 < s->size && s->len < s->max && !s->toobig) {
		s->data[s->len++] = (char)c;
		s->data[s->len] = '\0';
		return E_OK;
	}
	ch = (char)c;
	return str_cat(s, &ch, 1);
}

int
str_catu32(struct str *s, u32 v)
{
	char buf[NUM_BUF];

	return str_cat(s, buf, num_u32(buf, v));
}

int
str_catu64(struct str *s, u64 v)
{
	char buf[NUM_BUF];

	return str_cat(s, buf, num_u64(buf, v));
}

int
str_catstr(struct str *s, const struct str *from)
{
	return str_cat(s, from->data, from->len);
}

/* One conversion after the '%'; *f is left behind it. */
static int
fmt_one(struct str *s, const char **f, va_list *ap)
{
	char buf[NUM_BUF];
	const char *text;
	unsigned long u;
	long d;
	int wide;

	wide = **f == 'l';
	if (wide)
		(*f)++;
	switch (*(*f)++) {
	case 's':
		text = va_arg(*ap, const char *);
		return str_cats(s, text == NULL ? "(null)" : text);
	case 'c':
		return str_catc(s, va_arg(*ap, int));
	case 'd':
		d = wide ? va_arg(*ap, long) : va_arg(*ap, int);
		return str_cat(s, buf, num_i64(buf, d));
	case 'u':
		u = wide ? va_arg(*ap, unsigned long) :
		    va_arg(*ap, unsigned int);
		return str_cat(s, buf, num_u64(buf, u));
	case 'x':
		u = wide ? va_arg(*ap, unsigned long) :
		    va_arg(*ap, unsigned int);
		return str_cat(s, buf, num_base(buf, u, 16));
	case 'o':
		u = wide ? va_arg(*ap, unsigned long) :
		    va_arg(*ap, unsigned int);
		return str_cat(s, buf, num_base(buf, u, 8));
	default:
		return str_catc(s, (*f)[-1]);
	}
}

int
str_vcatf(struct str *s, const char *f, va_list *ap)
{
	const char *pct;
	int r;

	r = E_OK;
	while (r == E_OK && (pct = strchr(f, '%')) != NULL) {
		r = str_cat(s, f, (size_t)(pct - f));
		f = pct + 1;
		if (r == E_OK && *f != '\0')
			r = fmt_one(s, &f, ap);
	}
	return r == E_OK ? str_cats(s, f) : r;
}

int
str_catf(struct str *s, const char *f, ...)
{
	struct str_va v;
	int r;

	va_start(v.ap, f);
	r = str_vcatf(s, f, &v.ap);
	va_end(v.ap);
	return r;
}

void
str_trunc(struct str *s, size_t len)
{
	if (len >= s->len)
		return;
	s->len = len;
	s->data[len] = '\0';
}

void
str_drop(struct str *s, size_t n)
{
	if (n == 0)
		return;
	if (n > s->len)
		n = s->len;
	if (s->data == NULL)
		return;
	memmove(s->data, s->data + n, s->len - n + 1);
	s->len -= n;
}

void
str_reset(struct str *s)
{
	s->len = 0;
	s->toobig = FALSE;
	if (s->data != NULL)
		s->data[0] = '\0';
}

char *
str_take(struct str *s)
{
	char *data;

	data = s->data == NULL ? mem_strdup("") : s->data;
	str_init(s, s->max);
	return data;
}

void
str_free(struct str *s)
{
	mem_free(s->data);
	str_init(s, s->max);
}

void
str_wipe_free(struct str *s)
{
	if (s->data != NULL)
		mem_wipe(s->data, s->size);
	str_free(s);
}

const char *
str_c(const struct str *s)
{
	return s->data == NULL ? "" : s->data;
}
