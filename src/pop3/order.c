/* The order of messages in a POP3 session.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"

#include "maildir/drop.h"

#include "pop3/order.h"
#include "pop3/snapshot.h"

#define NUMBER_MAX	(((u64)1 << 63) - 1)

static int cmp_msg(const void *, const void *);
static size_t lowest(const struct pop3_msg *, size_t, const char *);
static size_t pick(const struct pop3_msg *, size_t, const char *,
	    const char *, int);
static i64 number(const char *);
static const char *sorted_name(const struct pop3_msg *, struct str *);

/* As atol, and the nearest limit for what is beyond. */
static i64
number(const char *s)
{
	u64 v, digit;
	int minus;

	while (ascii_isspace((unsigned char)*s))
		s++;
	minus = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	for (v = 0; ascii_isdigit((unsigned char)*s); s++) {
		digit = (u64)(*s - '0');
		v = v > (NUMBER_MAX - digit) / 10 ? NUMBER_MAX :
		    v * 10 + digit;
	}
	return minus ? -(i64)v : (i64)v;
}

int
order_cmp(const char *a, const char *b)
{
	i64 x, y;

	x = number(a);
	y = number(b);
	if (x != y)
		return x < y ? -1 : 1;
	for (; *a == *b; a++, b++)
		if (*a == '\0' || *a == ':')
			return 0;
	return (signed char)*a < (signed char)*b ? -1 : 1;
}

static int
cmp_msg(const void *a, const void *b)
{
	const struct pop3_msg *x = a, *y = b;
	int c;

	c = order_cmp(x->name, y->name);
	return c != 0 ? c : strcmp(x->name, y->name);
}

void
order_sort(struct pop3_msg *v, size_t n)
{
	size_t i;

	for (i = 1; i < n && cmp_msg(v + i - 1, v + i) <= 0; i++)
		;
	if (i < n)
		qsort(v, n, sizeof(*v), cmp_msg);
}

/* The name that the message's place comes from: it may have got its ':'
   since. */
static const char *
sorted_name(const struct pop3_msg *m, struct str *scratch)
{
	if ((m->state & MSG_BARE) == 0)
		return m->name;
	str_reset(scratch);
	str_cat(scratch, m->name, drop_id(m->name));
	return str_c(scratch);
}

static size_t
lowest(const struct pop3_msg *v, size_t n, const char *name)
{
	struct str scratch;
	size_t lo, hi, mid;

	str_init(&scratch, 0);
	for (lo = 0, hi = n; lo < hi; ) {
		mid = lo + (hi - lo) / 2;
		if (order_cmp(sorted_name(v + mid, &scratch), name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	str_free(&scratch);
	return lo;
}

/* Of those that are equal to key, the one that has this very name, else the
   first. */
static size_t
pick(const struct pop3_msg *v, size_t n, const char *key, const char *name,
    int without)
{
	struct str scratch;
	size_t i, found;

	found = n;
	str_init(&scratch, 0);
	for (i = lowest(v, n, key); i < n &&
	    order_cmp(sorted_name(v + i, &scratch), key) == 0; i++) {
		if ((v[i].state & without) != 0)
			continue;
		if (found == n || strcmp(v[i].name, name) == 0)
			found = i;
	}
	str_free(&scratch);
	return found;
}

size_t
order_find(const struct pop3_msg *v, size_t n, const char *name, int without)
{
	struct str other;
	size_t i, id;

	i = pick(v, n, name, name, without);
	if (i < n)
		return i;
	id = drop_id(name);
	str_init(&other, 0);
	str_cat(&other, name, id);
	if (name[id] == '\0')
		str_catc(&other, ':');
	i = pick(v, n, str_c(&other), name, without);
	str_free(&other);
	return i;
}
