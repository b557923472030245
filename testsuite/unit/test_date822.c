/* mail/date822.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "mail/date822.h"

#include "t.h"

static const struct {
	const char	*in;
	const char	*out;		/* INTERNALDATE form, or NULL */
	long		epoch;
} dates[] = {
	{ "Mon, 02 Jan 2023 05:00:02 -0500", "02-Jan-2023 05:00:02 -0500",
	  1672653602L },
	{ "1 Jan 1970 00:00 GMT", "01-Jan-1970 00:00:00 +0000", 0 },
	{ "Thu, 1 Jan 70 00:00:00 (comment) +0100",
	  "01-Jan-1970 00:00:00 +0100", -3600 },
	{ "29 Feb 2000 23:59:60 +0000", "29-Feb-2000 23:59:60 +0000",
	  951868800L },
	{ "Tue, 15 Nov 94 12:45:26 EST", "15-Nov-1994 12:45:26 -0500",
	  784921526L },
	{ "Tue,15 Nov 2094 12:45:26 Z", "15-Nov-2094 12:45:26 +0000",
	  0 },
	{ "15-Nov-1994 12:45:26 +0000 (UTC)", "15-Nov-1994 12:45:26 +0000",
	  784903526L },
	{ "1 (a) Sept (b) 2001 (c) 1:2:3 XYZ", "01-Sep-2001 01:02:03 +0000",
	  999306123L },
	{ "5 May 103 10:00:00 +0000", "05-May-2003 10:00:00 +0000",
	  1052128800L },
	{ "30 Feb 2020 00:00:00 +0000", NULL, 0 },
	{ "32 Jan 2020 00:00:00 +0000", NULL, 0 },
	{ "1 Foo 2020 00:00:00 +0000", NULL, 0 },
	{ "1 Jan 2020 25:00:00 +0500", "01-Jan-2020 00:00:00 +0000",
	  1577836800L },
	{ "1 Jan 2020 noon", "01-Jan-2020 00:00:00 +0000", 1577836800L },
	{ "1 Jan 2020 10:61 -0100", "01-Jan-2020 00:00:00 +0000",
	  1577836800L },
	{ "1 Jan 2020", "01-Jan-2020 00:00:00 +0000", 1577836800L },
	{ "1 Jan 2020 10:00 +9900", "01-Jan-2020 10:00:00 +0000",
	  1577872800L },
	{ "1 Jan 2020 10:00 +0199", "01-Jan-2020 10:00:00 +0000",
	  1577872800L },
	{ "1 Jan 2020 10:00 -1", "01-Jan-2020 10:00:00 +0000", 1577872800L },
	{ "1 Jan 12345 10:00 +0000", NULL, 0 },
	{ "1 Jan", NULL, 0 },
	{ "yesterday", NULL, 0 },
	{ "", NULL, 0 }
};

static const char *const bad_internal[] = {
	"1-Jan-2020", "01-Jan-2020 00:00:00", "01-Jan-2020 00:00:00 +0000 ",
	"31-Feb-2020 00:00:00 +0000", "01-Jan-20 00:00:00 +0000",
	"01-Jan-2020 24:00:00 +0000", "01-Jan-2020 00:00:00 0000", ""
};

static int internal(const char *, struct date822 *);
static int search(const char *, struct date822 *);

static int
internal(const char *s, struct date822 *d)
{
	return date822_parse_internal(s, strlen(s), d);
}

static int
search(const char *s, struct date822 *d)
{
	return date822_parse_search(s, strlen(s), d);
}

int
main(void)
{
	struct date822 d, e;
	char buf[DATE822_BUF];
	size_t i;
	long day;

	for (i = 0; i < NITEMS(dates); i++) {
		if (dates[i].out == NULL) {
			T_INT(date822_parse(dates[i].in,
			    strlen(dates[i].in), &d), E_SYNTAX);
			continue;
		}
		T_INT(date822_parse(dates[i].in, strlen(dates[i].in), &d),
		    E_OK);
		date822_format_internal(buf, &d);
		T_STR(buf, dates[i].out);
		if (dates[i].epoch != 0)
			T_INT(date822_epoch(&d), dates[i].epoch);
		T_INT(internal(buf, &e), E_OK);
		T_OK(memcmp(&d, &e, sizeof(d)) == 0);
		if (d.sec == 60)
			continue;
		date822_from_epoch(date822_epoch(&d), d.zone, &e);
		T_OK(memcmp(&d, &e, sizeof(d)) == 0);
	}
	for (i = 0; i < NITEMS(bad_internal); i++)
		T_INT(internal(bad_internal[i], &d), E_SYNTAX);
	T_INT(internal(" 1-jan-2020 00:00:00 +0530", &d), E_OK);
	T_INT(d.zone, 330);
	T_INT(search("1-JAN-2020", &d), E_OK);
	T_INT(search("29-Feb-2021", &e), E_SYNTAX);
	T_INT(search("1-Jan-2020 ", &e), E_SYNTAX);
	T_INT(search("x", &e), E_SYNTAX);
	T_INT(date822_day(&d), 18262);
	T_INT(date822_format(buf, &d), 31);
	T_STR(buf, "Wed, 01 Jan 2020 00:00:00 +0000");
	for (day = -20000; day < 60000; day += 997) {
		date822_from_epoch((i64)day * 86400, 0, &d);
		if (date822_day(&d) != day)
			break;
	}
	T_OK(day >= 60000);
	setenv("TZ", "XXX5", 1);
	date822_local((i64)1672653602L, &d);
	date822_format_internal(buf, &d);
	T_STR(buf, "02-Jan-2023 05:00:02 -0500");
	return t_done();
}
