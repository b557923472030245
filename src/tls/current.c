/* Whether what was made before a connection came still holds.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/conf.h"
#include "tls/current.h"
#include "tls/tls.h"

#define SURE_SECS	2	/* what is younger may change once more without
				   another time */
#define SETTINGS	9

enum { F_CERT, F_KEY, F_TRUST, F_GROUP, F_OCSP, F_FOLDER, N_FILES };

static struct {
	int		server;
	char		*setting[SETTINGS];
	struct stat	files[N_FILES];
} current;

static void settings(const struct tls_opts *, const struct conf *,
	    const char **);
static int equal(const char *, const char *);
static void look(const char *, struct stat *);
static int file_changed(int, const char *);

/* All that it depends on. */
static void
settings(const struct tls_opts *o, const struct conf *c, const char **v)
{
	v[0] = c->tls_protocol;
	v[1] = c->tls_priority;
	v[2] = c->tls_cipher_list;
	v[3] = c->tls_trustcerts;
	v[4] = c->tls_verifypeer;
	v[5] = o->verify;
	v[6] = c->tls_certfile;
	v[7] = c->tls_keyfile;
	v[8] = c->tls_dhparams;
}

static int
equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

void
current_keep(const struct tls_opts *o, const struct conf *c)
{
	const char *v[SETTINGS];
	int i;

	settings(o, c, v);
	current.server = o->server;
	for (i = 0; i < SETTINGS; i++) {
		mem_free(current.setting[i]);
		current.setting[i] = v[i] != NULL ? mem_strdup(v[i]) : NULL;
	}
}

int
current_same(const struct tls_opts *o, const struct conf *c)
{
	const char *v[SETTINGS];
	int i;

	settings(o, c, v);
	for (i = 0; i < SETTINGS && equal(v[i], current.setting[i]); i++)
		;
	return i == SETTINGS && o->server == current.server;
}

static void
look(const char *path, struct stat *st)
{
	if (path == NULL || *path == '\0' || stat(path, st) < 0)
		memset(st, 0, sizeof(*st));
}

static int
file_changed(int i, const char *path)
{
	struct stat st, *old = current.files + i;
	time_t now = time(NULL);
	int r;

	look(path, &st);
	r = !file_is_same(&st, old) || (st.st_mtime <= now &&
	    st.st_mtime + SURE_SECS > now);
	*old = st;
	return r;
}

int
current_changed(const struct conf *c)
{
	const char *base = c->tls_certfile != NULL ? c->tls_certfile : "";
	const char *slash = strrchr(base, '/');
	struct str s;
	int r;

	r = file_changed(F_CERT, base);
	r |= file_changed(F_KEY, c->tls_keyfile);
	r |= file_changed(F_TRUST, c->tls_trustcerts);
	r |= file_changed(F_GROUP, c->tls_dhparams);
	str_init(&s, 0);
	str_catf(&s, "%s.ocsp", base);
	r |= file_changed(F_OCSP, str_c(&s));
	str_trunc(&s, slash != NULL ? (size_t)(slash - base) + 1 :
	    strlen(base));
	r |= file_changed(F_FOLDER, str_c(&s));
	str_free(&s);
	return r;
}

int
current_whole(void)
{
	return !S_ISDIR(current.files[F_TRUST].st_mode) &&
	    current.files[F_CERT].st_size > 0;
}
