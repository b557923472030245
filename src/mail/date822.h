/* Dates of messages and of IMAP.  SPDX-License-Identifier: ISC */

#ifndef MAIL_DATE822_H
#define MAIL_DATE822_H

struct date822 {
	int	year;			/* 1900 to 9999 */
	int	mon;			/* 1 to 12 */
	int	day;
	int	hour, min, sec;		/* sec up to 60 */
	int	zone;			/* minutes east of Greenwich */
};

#define DATE822_BUF	48

/* RFC 5322 date-time with the obsolete forms (two-digit years, zone names,
   comments, no seconds or zone). E_SYNTAX if there is no date; a zone that is
   none is taken for +0000, a time that is none for 00:00:00 +0000 (RFC 5256
   2.2). */
int	date822_parse(const char *, size_t n, struct date822 *out);

/* `dd-Mon-yyyy hh:mm:ss +zzzz`, the day with a space or a zero in front:
   RFC 3501 date-time. E_SYNTAX also for impossible dates. */
int	date822_parse_internal(const char *, size_t n, struct date822 *out);

/* RFC 3501 date: d-Mon-yyyy, month in any case. Time and zone are 0. */
int	date822_parse_search(const char *, size_t n, struct date822 *out);

/* Both write to buf (DATE822_BUF bytes) and return its length: the
   INTERNALDATE form without quotes; RFC 5322 with the week day. */
size_t	date822_format_internal(char *buf, const struct date822 *);
size_t	date822_format(char *buf, const struct date822 *);

/* Seconds since 1970 and back. date822_local uses the process's zone. */
i64	date822_epoch(const struct date822 *);
void	date822_from_epoch(i64 t, int zone, struct date822 *out);
void	date822_local(i64 t, struct date822 *out);

/* Days since 1970-01-01 of the calendar day written, the zone ignored (RFC
   3501 SENTON and friends); compare two of them for search. */
long	date822_day(const struct date822 *);

#endif
