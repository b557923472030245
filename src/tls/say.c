/* Log lines of couriertls.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/str.h"
#include "tls/say.h"

#define SAY_MAX	1024

static const char *address = "";

void
say_init(const char *ip)
{
	address = ip != NULL ? ip : "";
}

void
say_text(const char *text, struct str *out)
{
	if (*address != '\0')
		str_catf(out, "ip=[%s], ", address);
	str_cats(out, text);
}

#define SAY(log) do {				\
	struct str_va v;			\
	struct str text, line;			\
						\
	str_init(&text, SAY_MAX);		\
	str_init(&line, 2 * SAY_MAX);		\
	va_start(v.ap, fmt);			\
	str_vcatf(&text, fmt, &v.ap);		\
	va_end(v.ap);				\
	say_text(str_c(&text), &line);		\
	log("%s", str_c(&line));		\
	str_free(&text);			\
	str_free(&line);			\
} while (0)

void
say_info(const char *fmt, ...)
{
	SAY(log_info);
}

void
say_debug(const char *fmt, ...)
{
	SAY(log_debug);
}

int
say_failure(const char *why)
{
	if (strcmp(why, "Unexpected SSL connection shutdown.") == 0) {
		say_debug("%s", why);
		return E_EOF;
	}
	if (*why != '\0')
		say_info("%s", why);
	return E_TEMP;
}
