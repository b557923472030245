/* Dates of messages and of IMAP.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <time.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/str.h"
#include "mail/date822.h"
#include "mail/tok822.h"

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "ThuFriSatSunMonTueWed";	/* 1970-01-01: Thu */

static const struct zone {
	const char	*name;
	int		hours;
} zones[] = {
	{ "UT", 0 }, { "GMT", 0 }, { "UTC", 0 }, { "Z", 0 },
	{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
	{ "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 }
};

#define FLAT_MAX	1024	/* of a Date field; no more of it is read */

/* What is left of the text being read. */
struct scan {
	const char	*s;
	size_t		n;
};

static int month_of(const char *, size_t);
static int month_days(int, int);
static int valid(const struct date822 *);
static int digits(struct scan *, size_t, size_t, int *);
static int literal(struct scan *, int);
static int scan_month(struct scan *, int *);
static int scan_zone(struct scan *, int *);
static int scan_time(struct scan *, struct date822 *);
static void skip_space(struct scan *);
static void zone_name(struct scan *, int *);
static int full_year(int, size_t);
static void flatten(const char *, size_t, struct str *);
static void skip_word(struct scan *);
static int scan_day(struct scan *, struct date822 *);
static int scan_clock(struct scan *, struct date822 *);
static void put2(struct str *, int);
static void put_tail(struct str *, const struct date822 *);
static long days_from_civil(int, int, int);
static size_t take(struct str *, char *);

static int
month_of(const char *s, size_t n)
{
	int i;

	for (i = 0; n >= 3 && i < 12; i++)
		if (ascii_memcasecmp(s, months + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

static int
month_days(int year, int mon)
{
	if (mon == 2)
		return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ?
		    29 : 28;
	return mon == 4 || mon == 6 || mon == 9 || mon == 11 ? 30 : 31;
}

static int
valid(const struct date822 *d)
{
	return d->year >= 1900 && d->year <= 9999 && d->mon >= 1 &&
	    d->mon <= 12 && d->day >= 1 &&
	    d->day <= month_days(d->year, d->mon) && d->hour <= 23 &&
	    d->min <= 59 && d->sec <= 60 && d->zone > -24 * 60 &&
	    d->zone < 24 * 60;
}

/* min to max digits; returns how many there were, 0 if not that many. */
static int
digits(struct scan *sc, size_t min, size_t max, int *out)
{
	size_t i;
	int v = 0;

	for (i = 0; i < max && i < sc->n && ascii_isdigit((u8)sc->s[i]); i++)
		v = v * 10 + (sc->s[i] - '0');
	if (i < min || (i < sc->n && ascii_isdigit((u8)sc->s[i])))
		return 0;
	sc->s += i;
	sc->n -= i;
	*out = v;
	return (int)i;
}

static int
literal(struct scan *sc, int c)
{
	if (sc->n == 0 || *sc->s != c)
		return FALSE;
	sc->s++;
	sc->n--;
	return TRUE;
}

static int
scan_month(struct scan *sc, int *out)
{
	*out = month_of(sc->s, sc->n);
	if (*out == 0)
		return FALSE;
	sc->s += 3;
	sc->n -= 3;
	return TRUE;
}

/* zone = ("+" / "-") 4DIGIT */
static int
scan_zone(struct scan *sc, int *out)
{
	int neg, v;

	neg = sc->n > 0 && *sc->s == '-';
	if (!literal(sc, '+') && !literal(sc, '-'))
		return FALSE;
	if (!digits(sc, 4, 4, &v) || v % 100 > 59)
		return FALSE;
	v = v / 100 * 60 + v % 100;
	*out = neg ? -v : v;
	return TRUE;
}

static int
scan_time(struct scan *sc, struct date822 *d)
{
	return digits(sc, 2, 2, &d->hour) && literal(sc, ':') &&
	    digits(sc, 2, 2, &d->min) && literal(sc, ':') &&
	    digits(sc, 2, 2, &d->sec);
}

static void
skip_space(struct scan *sc)
{
	while (sc->n > 0 && ascii_isspace((u8)*sc->s)) {
		sc->s++;
		sc->n--;
	}
}

/* RFC 5322 4.3: unknown names, the military ones too, mean -0000. */
static void
zone_name(struct scan *sc, int *out)
{
	size_t i, len;

	for (len = 0; len < sc->n && ascii_isalpha((u8)sc->s[len]); len++)
		;
	for (i = 0; i < NITEMS(zones); i++)
		if (strlen(zones[i].name) == len &&
		    ascii_memcasecmp(sc->s, zones[i].name, len) == 0)
			*out = zones[i].hours * 60;
}

static int
full_year(int year, size_t ndigits)
{
	if (ndigits == 2)
		return year < 50 ? year + 2000 : year + 1900;
	if (ndigits == 3)
		return year + 1900;
	return year;
}

/* Comments go, dashes and commas become spaces: what is left has words. */
static void
flatten(const char *s, size_t n, struct str *flat)
{
	struct str text;
	struct tok822 t;
	enum tok822_type type;

	str_init(&text, 0);
	tok822_init(&t, s, n, ",-", &text);
	while ((type = tok822_next(&t)) != TOK_END) {
		if (type == TOK_COMMENT)
			continue;
		if (type == TOK_SPECIAL && !(t.ch == '-' && t.space))
			str_catc(flat, ' ');
		else if (type == TOK_SPECIAL)
			str_cats(flat, " -");
		else {
			if (t.space)
				str_catc(flat, ' ');
			str_catstr(flat, &text);
		}
	}
	str_free(&text);
}

/* Letters, which may end in a dot. */
static void
skip_word(struct scan *sc)
{
	while (sc->n > 0 && (ascii_isalpha((u8)*sc->s) || *sc->s == '.')) {
		sc->s++;
		sc->n--;
	}
	skip_space(sc);
}

/* [day-name ","] day month year */
static int
scan_day(struct scan *sc, struct date822 *d)
{
	int n;

	skip_space(sc);
	skip_word(sc);
	if (!digits(sc, 1, 2, &d->day))
		return FALSE;
	skip_space(sc);
	if (!scan_month(sc, &d->mon))
		return FALSE;
	skip_word(sc);
	n = digits(sc, 2, 4, &d->year);
	d->year = full_year(d->year, (size_t)n);
	skip_space(sc);
	return n > 0 && valid(d);
}

/* hour ":" minute [":" second] [zone] */
static int
scan_clock(struct scan *sc, struct date822 *d)
{
	if (!digits(sc, 1, 2, &d->hour) || !literal(sc, ':') ||
	    !digits(sc, 1, 2, &d->min) ||
	    (literal(sc, ':') && !digits(sc, 1, 2, &d->sec)) || !valid(d))
		return FALSE;
	skip_space(sc);
	if (!scan_zone(sc, &d->zone))
		zone_name(sc, &d->zone);
	if (!valid(d))
		d->zone = 0;
	return TRUE;
}

int
date822_parse(const char *s, size_t n, struct date822 *d)
{
	struct str flat;
	struct scan sc;
	int r = E_SYNTAX;

	memset(d, 0, sizeof(*d));
	str_init(&flat, FLAT_MAX);
	flatten(s, n, &flat);
	sc.s = str_c(&flat);
	sc.n = flat.len;
	if (scan_day(&sc, d)) {
		r = E_OK;
		if (!scan_clock(&sc, d))
			d->hour = d->min = d->sec = d->zone = 0;
	}
	str_free(&flat);
	return r;
}

int
date822_parse_internal(const char *s, size_t n, struct date822 *d)
{
	struct scan sc;

	memset(d, 0, sizeof(*d));
	sc.s = s;
	sc.n = n;
	literal(&sc, ' ');
	if (!digits(&sc, 1, 2, &d->day) || !literal(&sc, '-') ||
	    !scan_month(&sc, &d->mon) || !literal(&sc, '-') ||
	    !digits(&sc, 4, 4, &d->year) || !literal(&sc, ' ') ||
	    !scan_time(&sc, d) || !literal(&sc, ' ') ||
	    !scan_zone(&sc, &d->zone) || sc.n > 0)
		return E_SYNTAX;
	return valid(d) ? E_OK : E_SYNTAX;
}

int
date822_parse_search(const char *s, size_t n, struct date822 *d)
{
	struct scan sc;

	memset(d, 0, sizeof(*d));
	sc.s = s;
	sc.n = n;
	if (!digits(&sc, 1, 2, &d->day) || !literal(&sc, '-') ||
	    !scan_month(&sc, &d->mon) || !literal(&sc, '-') ||
	    !digits(&sc, 4, 4, &d->year) || sc.n > 0)
		return E_SYNTAX;
	return valid(d) ? E_OK : E_SYNTAX;
}

static void
put2(struct str *s, int v)
{
	str_catc(s, '0' + v / 10 % 10);
	str_catc(s, '0' + v % 10);
}

/* yyyy hh:mm:ss +zzzz */
static void
put_tail(struct str *s, const struct date822 *d)
{
	int zone = d->zone < 0 ? -d->zone : d->zone;

	put2(s, d->year / 100);
	put2(s, d->year % 100);
	str_catc(s, ' ');
	put2(s, d->hour);
	str_catc(s, ':');
	put2(s, d->min);
	str_catc(s, ':');
	put2(s, d->sec);
	str_catc(s, ' ');
	str_catc(s, d->zone < 0 ? '-' : '+');
	put2(s, zone / 60);
	put2(s, zone % 60);
}

static size_t
take(struct str *s, char *buf)
{
	size_t n = s->len;

	memcpy(buf, s->data, n + 1);
	str_free(s);
	return n;
}

size_t
date822_format_internal(char *buf, const struct date822 *d)
{
	struct str s;

	str_init(&s, DATE822_BUF - 1);
	put2(&s, d->day);
	str_catc(&s, '-');
	str_cat(&s, months + 3 * (d->mon - 1), 3);
	str_catc(&s, '-');
	put_tail(&s, d);
	return take(&s, buf);
}

size_t
date822_format(char *buf, const struct date822 *d)
{
	struct str s;
	long wday;

	wday = date822_day(d) % 7;
	if (wday < 0)
		wday += 7;
	str_init(&s, DATE822_BUF - 1);
	str_cat(&s, weekdays + 3 * wday, 3);
	str_cats(&s, ", ");
	str_catc(&s, '0' + d->day / 10);
	str_catc(&s, '0' + d->day % 10);
	str_catc(&s, ' ');
	str_cat(&s, months + 3 * (d->mon - 1), 3);
	str_catc(&s, ' ');
	put_tail(&s, d);
	return take(&s, buf);
}

/* Days since 1970-01-01; years begin in March, so that the leap day is last. */
static long
days_from_civil(int year, int mon, int day)
{
	long y = mon <= 2 ? year - 1 : year;
	long m = mon <= 2 ? mon + 9 : mon - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 +
	    (m * 153 + 2) / 5 + day - 1 - 719468;
}

long
date822_day(const struct date822 *d)
{
	return days_from_civil(d->year, d->mon, d->day);
}

i64
date822_epoch(const struct date822 *d)
{
	return (i64)date822_day(d) * 86400 + (i64)d->hour * 3600 +
	    (i64)(d->min - d->zone) * 60 + d->sec;
}

void
date822_from_epoch(i64 t, int zone, struct date822 *d)
{
	i64 days, rest;
	int max;

	memset(d, 0, sizeof(*d));
	t += (i64)zone * 60;
	days = t / 86400;
	rest = t % 86400;
	if (rest < 0) {
		rest += 86400;
		days--;
	}
	/* No year outside of what the formats can show. */
	if (days < days_from_civil(1900, 1, 1))
		days = days_from_civil(1900, 1, 1);
	if (days > days_from_civil(9999, 12, 31))
		days = days_from_civil(9999, 12, 31);
	d->year = (int)(1970 + days / 366);
	while (days >= days_from_civil(d->year + 1, 1, 1))
		d->year++;
	while (days < days_from_civil(d->year, 1, 1))
		d->year--;
	days -= days_from_civil(d->year, 1, 1);
	d->mon = 1;
	while (days >= (max = month_days(d->year, d->mon))) {
		days -= max;
		d->mon++;
	}
	d->day = (int)days + 1;
	d->hour = (int)(rest / 3600);
	d->min = (int)(rest / 60 % 60);
	d->sec = (int)(rest % 60);
	d->zone = zone;
}

void
date822_local(i64 t, struct date822 *d)
{
	time_t tt = (time_t)t;
	struct tm *tm;
	i64 wall;

	tm = localtime(&tt);
	if (tm == NULL) {
		date822_from_epoch(t, 0, d);
		return;
	}
	wall = ((i64)days_from_civil(tm->tm_year + 1900, tm->tm_mon + 1,
	    tm->tm_mday) * 24 + tm->tm_hour) * 60 + tm->tm_min;
	date822_from_epoch(t, (int)(wall - (t - tm->tm_sec) / 60), d);
}
