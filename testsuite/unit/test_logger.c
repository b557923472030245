/* tcpd/logger: lines and priorities (daemons.md 4.2).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <syslog.h>

#include "base/str.h"
#include "base/vec.h"
#include "conf/env.h"
#include "tcpd/access.h"
#include "tcpd/logger.h"

#include "t.h"

static void record(int, const char *);

static struct str seen;

static void
record(int priority, const char *text)
{
	str_catf(&seen, "%d<%s>", priority, text);
}

static void lines(void);
static void values(void);

static void
lines(void)
{
	static const char text[] = "INFO: LOGIN, user=x\n  ERR:  bad\nplain\n"
	    "\nNOTICE: kept\nWARN: w\nDEBUG: d\nCRIT:c\nALERT: a\nlast";
	struct logger *l;
	struct str want;
	size_t i;

	/* "NOTICE:" stays in the text: 12.2 #20. */
	logger_set_sink(record);
	str_init(&seen, 0);
	l = logger_new();
	for (i = 0; i < sizeof(text) - 1; i++)
		logger_feed(l, text + i, 1);
	logger_end(l);
	str_init(&want, 0);
	str_catf(&want, "%d<LOGIN, user=x>%d<bad>%d<plain>%d<>%d<NOTICE: kept>"
	    "%d<w>%d<d>%d<c>%d<a>%d<last>", LOG_INFO, LOG_ERR, LOG_INFO,
	    LOG_INFO, LOG_INFO, LOG_WARNING, LOG_DEBUG, LOG_CRIT, LOG_ALERT,
	    LOG_INFO);
	T_STR(str_c(&seen), str_c(&want));

	/* 12.2 #1, 10.2 #24: no byte of a long line is lost, nor the line
	   behind it. */
	str_reset(&seen);
	for (i = 0; i < LOGGER_LINE_MAX + 10; i++)
		logger_feed(l, "x", 1);
	logger_feed(l, "\nnext\n", 6);
	T_OK(strstr(str_c(&seen), ">6<xxxxxxxxxx>6<next>") != NULL);
	logger_free(&l);
	str_free(&seen);
	str_free(&want);
}

static void
values(void)
{
	struct vec v;

	vec_init(&v);
	T_INT(access_vars("deny", &v), E_PERM);
	T_INT(access_vars("denyXYZ,FOO=x", &v), E_PERM);
	T_INT(access_vars("allow", &v), E_OK);
	T_INT(access_vars("allow,FOO=x, BAR=\"a,b\" ,EMPTY", &v), E_OK);
	env_apply(&v);
	T_STR(env_get("FOO"), "x");
	T_STR(env_get("BAR"), "a,b");
	T_STR(env_get("EMPTY"), "");
	T_INT(access_vars("allowed,FOO=q", &v), E_OK);
	T_INT(v.n, 4);
	env_apply(&v);
	T_STR(env_get("FOO"), "q");
	T_STR(env_get("ed"), "");
	T_INT(access_vars("FOO='z'", &v), E_OK);
	env_apply(&v);
	T_STR(env_get("FOO"), "z");
	vec_free_all(&v);
}

int
main(void)
{
	lines();
	values();
	return t_done();
}
