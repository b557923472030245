/* What is the same for all connections, made before they come.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <time.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/file.h"
#include "base/str.h"
#include "conf/conf.h"
#include "tls/certfile.h"
#include "tls/pem.h"
#include "tls/ready.h"
#include "tls/session.h"
#include "tls/tls.h"

#define SURE_SECS	2	/* what is younger may change once more without
				   another time */
#define ROUNDS_MAX	16	/* of the handshake with itself */

enum { F_CERT, F_KEY, F_TRUST, F_GROUP, F_OCSP, F_FOLDER, N_FILES };

static struct {
	struct str	key;		/* the settings that it is made from */
	SSL_CTX		*ctx;
	int		verify;
	struct stat	files[N_FILES];
	struct certfile	texts;
	struct str	group;
	int		several;	/* certificates to choose from */
	struct pem	*pem;		/* of them; NULL: none */
} ready;

static void describe(const struct tls_opts *, const struct conf *,
	    struct str *);
static void look(const char *, struct stat *);
static int changed(const struct conf *);
static int fits(const struct tls_opts *, const struct conf *);
static int steps(SSL *, SSL *);
static void warm(SSL_CTX *);
static void make(const struct tls_opts *, const struct conf *);

/* All settings that it depends on. */
static void
describe(const struct tls_opts *o, const struct conf *c, struct str *out)
{
	const char *v[9];
	size_t i;

	v[0] = c->tls_protocol;
	v[1] = c->tls_priority;
	v[2] = c->tls_cipher_list;
	v[3] = c->tls_trustcerts;
	v[4] = c->tls_verifypeer;
	v[5] = o->verify;
	v[6] = c->tls_certfile;
	v[7] = c->tls_keyfile;
	v[8] = c->tls_dhparams;
	str_catf(out, "%d", o->server);
	for (i = 0; i < NITEMS(v); i++)
		str_catf(out, "\n%s", v[i] != NULL ? v[i] : "\t");
}

static void
look(const char *path, struct stat *st)
{
	if (path == NULL || *path == '\0' || stat(path, st) < 0)
		memset(st, 0, sizeof(*st));
}

/* TRUE after a change on disk. */
static int
changed(const struct conf *c)
{
	const char *base = c->tls_certfile != NULL ? c->tls_certfile : "";
	const char *path[N_FILES];
	struct str ocsp, folder;
	struct stat st, *old;
	time_t now = time(NULL);
	int i, any = FALSE;

	str_init(&ocsp, 0);
	str_init(&folder, 0);
	str_catf(&ocsp, "%s.ocsp", base);
	str_cat(&folder, base, strlen(base));
	if (strrchr(base, '/') != NULL)
		str_trunc(&folder, (size_t)(strrchr(base, '/') - base) + 1);
	path[F_CERT] = base;
	path[F_KEY] = c->tls_keyfile;
	path[F_TRUST] = c->tls_trustcerts;
	path[F_GROUP] = c->tls_dhparams;
	path[F_OCSP] = str_c(&ocsp);
	path[F_FOLDER] = str_c(&folder);
	for (i = 0; i < N_FILES; i++) {
		look(path[i], &st);
		old = ready.files + i;
		any |= !file_is_same(&st, old) || (st.st_mtime <= now &&
		    st.st_mtime + SURE_SECS > now);
		*old = st;
	}
	str_free(&ocsp);
	str_free(&folder);
	return any;
}

/* Both sides take turns. TRUE: they are through. */
static int
steps(SSL *server, SSL *client)
{
	int i, a = 0, b = 0;

	for (i = 0; i < ROUNDS_MAX && (a != 1 || b != 1); i++) {
		b = SSL_connect(client);
		a = SSL_accept(server);
	}
	return a == 1 && b == 1;
}

/* The library looks for each of its methods when it is used first. */
static void
warm(SSL_CTX *ctx)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());
	SSL *server = SSL_new(ctx), *client = c != NULL ? SSL_new(c) : NULL;
	BIO *a = NULL, *b = NULL;

	if (server != NULL && client != NULL &&
	    pem_apply(ready.pem, server) == E_OK &&
	    BIO_new_bio_pair(&a, 0, &b, 0) == 1) {
		SSL_set_cert_cb(server, NULL, NULL);
		SSL_set_verify(server, SSL_VERIFY_NONE, NULL);
		SSL_set_options(server, SSL_OP_NO_TICKET);
		SSL_set_num_tickets(server, 0);
		SSL_set_verify(client, SSL_VERIFY_NONE, NULL);
		SSL_set_bio(server, a, a);
		SSL_set_bio(client, b, b);
		(void)steps(server, client);
	}
	SSL_free(server);
	SSL_free(client);
	SSL_CTX_free(c);
	ERR_clear_error();
}

static void
make(const struct tls_opts *o, const struct conf *c)
{
	struct session s;
	int r;

	memset(&s, 0, sizeof(s));
	s.opts = o;
	s.conf = c;
	if (context_make(&s) != E_OK) {
		SSL_CTX_free(s.ctx);
		return;
	}
	r = certfile_read(c->tls_certfile, c->tls_keyfile, NULL, NULL,
	    &ready.texts);
	if (r == E_OK)
		ready.pem = pem_parse(ready.texts.cert.data,
		    ready.texts.cert.len, ready.texts.key.data,
		    ready.texts.key.len, &s.why);
	certfile_group(c->tls_dhparams, &ready.texts, &ready.group);
	ready.several = certfile_several(c->tls_certfile);
	ready.ctx = s.ctx;
	ready.verify = s.verify;
	if (ready.pem != NULL)
		warm(ready.ctx);
}

void
ready_make(const struct tls_opts *o, const struct conf *c)
{
	if (!changed(c))
		return;
	ready_forget();
	SSL_CTX_free(ready.ctx);
	ready.ctx = NULL;
	str_free(&ready.key);
	describe(o, c, &ready.key);
	/* (of a folder of authorities nobody tells what has changed) */
	if (o->server && !S_ISDIR(ready.files[F_TRUST].st_mode) &&
	    ready.files[F_CERT].st_size > 0)
		make(o, c);
}

static int
fits(const struct tls_opts *o, const struct conf *c)
{
	struct str key;
	int same;

	if (ready.ctx == NULL)
		return FALSE;
	str_init(&key, 0);
	describe(o, c, &key);
	same = strcmp(str_c(&key), str_c(&ready.key)) == 0;
	str_free(&key);
	return same;
}

int
ready_use(struct session *s)
{
	if (!fits(s->opts, s->conf))
		return FALSE;
	s->ctx = ready.ctx;
	s->verify = ready.verify;
	ready.ctx = NULL;
	return TRUE;
}

int
ready_whole(const struct tls_opts *o, const struct conf *c)
{
	return fits(o, c) && ready.pem != NULL && !ready.several;
}

int
ready_answer(struct session *s)
{
	if (ready.pem == NULL)
		return E_INVAL;
	str_reset(&s->ocsp);
	str_catstr(&s->ocsp, &ready.texts.ocsp);
	pem_group(s->ssl, ready.group.data, ready.group.len);
	return pem_apply(ready.pem, s->ssl);
}

struct pem *
ready_pem(const void *cert, size_t n, const void *key, size_t keylen)
{
	const struct certfile *t = &ready.texts;

	return ready.pem != NULL && t->cert.len == n && t->key.len == keylen &&
	    memcmp(t->cert.data, cert, n) == 0 &&
	    (keylen == 0 || memcmp(t->key.data, key, keylen) == 0) ?
	    ready.pem : NULL;
}

void
ready_forget(void)
{
	pem_free(&ready.pem);
	certfile_free(&ready.texts);
	str_wipe_free(&ready.group);
}
