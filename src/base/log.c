/* Log lines.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/str.h"

/* What courierlogger takes for the priority, by level. */
static const char *const prefixes[] = {
	"DEBUG: ", "", "WARN: ", "ERR: ", "CRIT: "
};

static void emit(int, const char *, va_list *, int);
static void to_stderr(int, const char *);

static const char *log_tag;
static int log_prefixes, log_level;
static int status = 1;		/* of those who die */
static log_sink_fn *log_sink;
static void *log_sink_ctx;

void
log_init(const char *tag, int with_prefixes)
{
	log_tag = tag;
	log_prefixes = with_prefixes;
}

void
log_set_sink(log_sink_fn *sink, void *ctx)
{
	log_sink = sink;
	log_sink_ctx = ctx;
}

void
log_set_debug(int level)
{
	log_level = level;
}

/* The line leaves in one write, so that lines of many processes on one pipe
   do not mix. */
static void
to_stderr(int level, const char *line)
{
	struct str out;
	size_t done;
	ssize_t n;

	str_init(&out, 2 * LOG_LINE_MAX);
	if (log_tag != NULL)
		str_catf(&out, "%s: ", log_tag);
	if (log_prefixes)
		str_cats(&out, prefixes[level]);
	str_cats(&out, line);
	str_catc(&out, '\n');
	for (done = 0; done < out.len; done += (size_t)n) {
		n = write(STDERR_FILENO, out.data + done, out.len - done);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			break;
	}
	str_free(&out);
}

static void
emit(int level, const char *fmt, va_list *ap, int no)
{
	struct str line;
	size_t i;
	int saved;

	saved = errno;
	str_init(&line, 0);
	str_vcatf(&line, fmt, ap);
	if (no != 0)
		str_catf(&line, ": %s", strerror(no));
	str_trunc(&line, LOG_LINE_MAX);
	for (i = 0; i < line.len; i++)
		if ((u8)line.data[i] < ' ' || line.data[i] == 0x7f)
			line.data[i] = '.';
	if (log_sink != NULL)
		log_sink(log_sink_ctx, level, str_c(&line));
	else
		to_stderr(level, str_c(&line));
	str_free(&line);
	errno = saved;
}

#define EMIT(level, no) do {			\
	struct str_va v;			\
						\
	va_start(v.ap, fmt);			\
	emit(level, fmt, &v.ap, no);		\
	va_end(v.ap);				\
} while (0)

void
log_debug(const char *fmt, ...)
{
	if (log_level > 0)
		EMIT(LOG_LVL_DEBUG, 0);
}

void
log_info(const char *fmt, ...)
{
	EMIT(LOG_LVL_INFO, 0);
}

void
log_warn(const char *fmt, ...)
{
	EMIT(LOG_LVL_WARN, 0);
}

void
log_err(const char *fmt, ...)
{
	EMIT(LOG_LVL_ERR, 0);
}

void
log_syserr(const char *fmt, ...)
{
	EMIT(LOG_LVL_ERR, errno);
}

void
log_panic(const char *fmt, ...)
{
	EMIT(LOG_LVL_CRIT, 0);
	abort();
}

void
log_set_status(int n)
{
	status = n;
}

void
die(const char *fmt, ...)
{
	EMIT(LOG_LVL_ERR, 0);
	exit(status);
}

void
die_sys(const char *fmt, ...)
{
	EMIT(LOG_LVL_ERR, errno);
	exit(status);
}
