/* Numbers and text.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/num.h"
#include "authlib/helpers.h"

#define MB	(1024 * 1024UL)

static char *dec(u64, char *);
static char *sdec(i64, char *);
static char *hex(u64, size_t, char *);
static u64 digits(const char **);

static char *
dec(u64 v, char *buf)
{
	num_u64(buf, v);
	return buf;
}

static char *
sdec(i64 v, char *buf)
{
	num_i64(buf, v);
	return buf;
}

static char *
hex(u64 v, size_t bytes, char *buf)
{
	size_t i = 2 * bytes;

	buf[i] = '\0';
	while (i-- > 0) {
		buf[i] = "0123456789ABCDEF"[v & 15];
		v >>= 4;
	}
	return buf;
}

/* Overflow wraps. */
static u64
digits(const char **p)
{
	u64 v = 0;

	for (; **p >= '0' && **p <= '9'; ++*p)
		v = v * 10 + (u64)(**p - '0');
	return v;
}

char *
libmail_str_dev_t(dev_t v, char *buf)
{
	return dec((u64)v, buf);
}

char *
libmail_str_gid_t(gid_t v, char *buf)
{
	return dec((u64)v, buf);
}

char *
libmail_str_ino_t(ino_t v, char *buf)
{
	return dec((u64)v, buf);
}

char *
libmail_str_int64_t(i64 v, char *buf)
{
	return sdec(v, buf);
}

char *
libmail_str_off_t(off_t v, char *buf)
{
	return sdec((i64)v, buf);
}

char *
libmail_str_pid_t(pid_t v, char *buf)
{
	return sdec((i64)v, buf);
}

char *
libmail_str_size_t(size_t v, char *buf)
{
	return dec((u64)v, buf);
}

char *
libmail_str_time_t(time_t v, char *buf)
{
	return sdec((i64)v, buf);
}

char *
libmail_str_uid_t(uid_t v, char *buf)
{
	return dec((u64)v, buf);
}

char *
libmail_str_sizekb(unsigned long v, char *buf)
{
	if (v < 1024)
		snprintf(buf, LIBMAIL_NUMBUF, "0.%luK", v * 10 / 1024);
	else if (v < MB)
		snprintf(buf, LIBMAIL_NUMBUF, "%luK", (v + 512) / 1024);
	else
		snprintf(buf, LIBMAIL_NUMBUF, "%lu.%luM", v / MB,
		    v % MB * 10 / MB);
	return buf;
}

char *
libmail_strh_dev_t(dev_t v, char *buf)
{
	return hex((u64)v, sizeof(v), buf);
}

char *
libmail_strh_ino_t(ino_t v, char *buf)
{
	return hex((u64)v, sizeof(v), buf);
}

char *
libmail_strh_pid_t(pid_t v, char *buf)
{
	return hex((u64)v, sizeof(v), buf);
}

char *
libmail_strh_time_t(time_t v, char *buf)
{
	return hex((u64)v, sizeof(v), buf);
}

gid_t
libmail_strtogid_t(const char **p)
{
	return (gid_t)digits(p);
}

time_t
libmail_strtotime_t(const char **p)
{
	return (time_t)digits(p);
}

uid_t
libmail_strtouid_t(const char **p)
{
	return (uid_t)digits(p);
}

gid_t
libmail_atogid_t(const char *s)
{
	return (gid_t)digits(&s);
}

time_t
libmail_atotime_t(const char *s)
{
	return (time_t)digits(&s);
}

uid_t
libmail_atouid_t(const char *s)
{
	return (uid_t)digits(&s);
}
