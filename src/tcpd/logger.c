/* Lines to syslog.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <syslog.h>

#include "base/mem.h"
#include "base/str.h"
#include "tcpd/logger.h"

struct logger {
	struct str	line;
};

static void to_syslog(int, const char *);

static const struct {
	const char	*prefix;
	int		priority;
} prefixes[] = {
	{ "ALERT:", LOG_ALERT },
	{ "CRIT:", LOG_CRIT },
	{ "ERR:", LOG_ERR },
	{ "WARN:", LOG_WARNING },
	{ "INFO:", LOG_INFO },
	{ "DEBUG:", LOG_DEBUG }
};

static const struct {
	const char	*name;
	int		facility;
} facilities[] = {
	{ "auth", LOG_AUTH },
#ifdef LOG_AUTHPRIV
	{ "authpriv", LOG_AUTHPRIV },
#endif
	{ "console", LOG_KERN },
	{ "cron", LOG_CRON },
	{ "daemon", LOG_DAEMON },
#ifdef LOG_FTP
	{ "ftp", LOG_FTP },
#endif
	{ "kern", LOG_KERN },
	{ "lpr", LOG_LPR },
	{ "mail", LOG_MAIL },
	{ "news", LOG_NEWS },
	{ "security", LOG_AUTH },
	{ "user", LOG_USER },
	{ "uucp", LOG_UUCP },
	{ "local0", LOG_LOCAL0 },
	{ "local1", LOG_LOCAL1 },
	{ "local2", LOG_LOCAL2 },
	{ "local3", LOG_LOCAL3 },
	{ "local4", LOG_LOCAL4 },
	{ "local5", LOG_LOCAL5 },
	{ "local6", LOG_LOCAL6 },
	{ "local7", LOG_LOCAL7 }
};

static logger_sink_fn *sink = to_syslog;

static void
to_syslog(int priority, const char *text)
{
	syslog(priority, "%s", text);
}

void
logger_set_sink(logger_sink_fn *fn)
{
	sink = fn;
}

int
logger_facility(const char *name, int *out)
{
	size_t i;

	for (i = 0; i < NITEMS(facilities); i++)
		if (strcmp(facilities[i].name, name) == 0) {
			*out = facilities[i].facility;
			return E_OK;
		}
	return E_NOENT;
}

int
logger_priority(const char *line, const char **out_text)
{
	size_t i, n;
	int priority;

	line += strspn(line, " \t");
	priority = LOG_INFO;
	for (i = 0; i < NITEMS(prefixes); i++) {
		n = strlen(prefixes[i].prefix);
		if (strncmp(line, prefixes[i].prefix, n) == 0) {
			priority = prefixes[i].priority;
			line += n;
			break;
		}
	}
	*out_text = line + strspn(line, " \t");
	return priority;
}

struct logger *
logger_new(void)
{
	struct logger *l;

	l = mem_new(sizeof(*l));
	str_init(&l->line, LOGGER_LINE_MAX);
	return l;
}

static void flush_line(struct logger *);

static void
flush_line(struct logger *l)
{
	const char *text;
	int priority;

	priority = logger_priority(str_c(&l->line), &text);
	sink(priority, text);
	str_reset(&l->line);
}

void
logger_feed(struct logger *l, const char *p, size_t n)
{
	for (; n > 0; p++, n--) {
		if (*p == '\n')
			flush_line(l);
		else if (*p != '\0' && str_catc(&l->line, *p) != E_OK) {
			l->line.toobig = FALSE;
			flush_line(l);
			str_catc(&l->line, *p);
		}
	}
}

void
logger_end(struct logger *l)
{
	if (l->line.len > 0)
		flush_line(l);
}

void
logger_free(struct logger **l)
{
	if (*l == NULL)
		return;
	str_free(&(*l)->line);
	*l = mem_free(*l);
}
