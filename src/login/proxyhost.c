/* Where an account lives.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "login/proxy.h"
#include "login/proxy_int.h"

#define OPTION		"mailhost="
#define NAME_MAX_BYTES	256	/* of this machine's name */

static int bare_host(const char *, size_t);

/* An option without a value that can only be one more host: options of that
   kind have no dots and colons. */
static int
bare_host(const char *item, size_t n)
{
	return memchr(item, '=', n) == NULL && (memchr(item, '.', n) != NULL ||
	    memchr(item, ':', n) != NULL);
}

/*
 *   options = option *("," option)
 *   mailhost = "mailhost=" host *("," host)
 * The comma is also what ends an option: hosts that follow the first one are
 * options of their own, or have the option's name again.
 */
int
proxy_hosts(const char *options, struct vec *out)
{
	const char *s, *host;
	size_t n, skip;
	int found, listed;

	found = listed = FALSE;
	for (s = options != NULL ? options : ""; *s != '\0';
	    s += n + (s[n] == ',')) {
		n = strcspn(s, ",");
		skip = 0;
		if (n >= sizeof(OPTION) - 1 && ascii_begins(s, OPTION)) {
			skip = sizeof(OPTION) - 1;
			found = listed = TRUE;
		} else if (!listed || !bare_host(s, n)) {
			listed = FALSE;
			continue;
		}
		host = s + skip;
		if (n > skip)
			vec_push(out, mem_dup(host, n - skip));
	}
	return found;
}

void
proxy_host_split(const char *host, struct str *name, const char **out_port)
{
	const char *colon;
	size_t n;

	colon = strchr(host, ':');
	n = strlen(host);
	*out_port = NULL;
	if (*host == '[' && strchr(host, ']') != NULL) {
		host++;
		n = strcspn(host, "]");
		colon = host + n + 1;
		if (*colon != ':')
			colon = NULL;
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		n = (size_t)(colon - host);
	} else {
		colon = NULL;		/* an address of IP 6, or no port */
	}
	str_cat(name, host, n);
	if (colon != NULL)
		*out_port = colon + 1;
}

int
proxy_host_mine(const struct proxy *p, const char *host)
{
	char name[NAME_MAX_BYTES];

	if (p->conf->proxy_hostname != NULL &&
	    strcmp(host, p->conf->proxy_hostname) == 0)
		return TRUE;
	if (gethostname(name, sizeof(name)) < 0)
		return FALSE;
	name[sizeof(name) - 1] = '\0';
	return strcmp(host, name) == 0;
}
