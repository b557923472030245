/* Settings that are not what they should be.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "wire/imapcapa.h"
#include "login/check.h"
#include "login/mech.h"

#define FILE_MAX	(1024UL * 1024)

static log_sink_fn found;
static u32 line_of(const char *, const char *, size_t);
static void positive(const char *);
static void switch_value(const char *, const char *);
static void mechanisms(const char *, const char *);
static void listener(char **, int);

static struct {
	char	**files;
	int	n, count;
} in;

/* The last line of the text that assigns the variable, 0: none does. */
static u32
line_of(const char *text, const char *name, size_t n)
{
	const char *p, *s;
	u32 line, last;

	last = 0;
	line = 1;
	for (p = text; *p != '\0'; line++) {
		s = p + strspn(p, " \t");
		if (ascii_begins(s, "export "))
			s += strspn(s + 7, " \t") + 7;
		if (strncmp(s, name, n) == 0 && s[n] == '=')
			last = line;
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	return last;
}

/* A warning begins with the variable's name. */
static void
found(void *ctx, int level, const char *text)
{
	struct str file;
	size_t n;
	u32 line;
	int i;

	(void)ctx;
	(void)level;
	in.count++;
	n = strcspn(text, ":");
	for (i = in.n - 1; i >= 0; i--) {
		str_init(&file, 0);
		line = file_slurp(in.files[i], FILE_MAX, &file) == E_OK ?
		    line_of(str_c(&file), text, n) : 0;
		str_free(&file);
		if (line > 0) {
			printf("%s: line %lu: %s\n", in.files[i],
			    (unsigned long)line, text);
			return;
		}
	}
	printf("%s\n", text);
}

static void
positive(const char *name)
{
	const char *v;
	u32 n;

	v = env_or(name, "");
	if (num_parse_u32(v, &n) != E_OK || n == 0)
		log_warn("%s: \"%s\" is not a number above 0", name, v);
}

/* Words that a variable may have. */
static void
switch_value(const char *name, const char *list)
{
	const char *v, *p;
	size_t n;

	v = env_or(name, "");
	for (p = list; *p != '\0'; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		if (strlen(v) == n && ascii_memcasecmp(v, p, n) == 0)
			return;
	}
	if (*v != '\0')
		log_warn("%s: \"%s\" is none of: %s", name, v, list);
}

/* Names of SASL mechanisms. */
static void
mechanisms(const char *name, const char *list)
{
	struct str word;
	size_t n;

	for (; list != NULL && *list != '\0'; list += n) {
		list += strspn(list, " \t");
		n = strcspn(list, " \t");
		str_init(&word, 0);
		str_cat(&word, list, n);
		if (n > 0 && mech_find(str_c(&word)) == NULL)
			log_warn("%s: %s is not implemented", name,
			    str_c(&word));
		str_free(&word);
	}
}

/* What both protocols have. */
static void
listener(char **files, int n)
{
	in.files = files;
	in.n = n;
	in.count = 0;
	log_set_sink(found, NULL);
	positive("MAXDAEMONS");
	positive("MAXPERIP");
	if (*env_or("PORT", "") == '\0')
		log_warn("PORT: no port is set");
}

int
check_imap(char **files, int n)
{
	struct imapcapa capa;
	struct conf conf;
	struct str s;

	listener(files, n);
	switch_value("IMAP_FOLDER_NAMES", "auto utf8 utf7");
	conf_load(&conf, CONF_L | CONF_D);
	memset(&capa, 0, sizeof(capa));
	capa.capability = conf.imap_capability;
	capa.extensions = "none";
	str_init(&s, 0);
	imapcapa_list(&capa, TRUE, &s);
	str_free(&s);
	return in.count;
}

int
check_pop3(char **files, int n)
{
	struct conf conf;

	listener(files, n);
	conf_load(&conf, CONF_O | CONF_P);
	mechanisms("POP3AUTH", conf.pop3auth);
	mechanisms("POP3AUTH_TLS", conf.pop3auth_tls);
	return in.count;
}
