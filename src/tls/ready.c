/* What is the same for all connections, made before they come.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "base/str.h"
#include "conf/conf.h"
#include "tls/certfile.h"
#include "tls/current.h"
#include "tls/pem.h"
#include "tls/ready.h"
#include "tls/session.h"
#include "tls/tls.h"

#define ROUNDS_MAX	16	/* of the handshake with itself */

/* A text that is not kept: there may be a key in it. */
struct mark {
	size_t		n;
	u8		digest[EVP_MAX_MD_SIZE];
};

static struct {
	SSL_CTX		*ctx;
	SSL		*ssl;		/* has seen nothing of its client yet */
	int		verify;
	struct mark	cert, key;	/* of the texts */
	struct str	ocsp, group;
	int		several;	/* certificates to choose from */
	struct pem	*pem;		/* of them; NULL: none */
} ready;

static void mark(struct mark *, const void *, size_t);
static int is_marked(const struct mark *, const void *, size_t);
static int steps(SSL *, SSL *);
static void warm(SSL_CTX *);
static void wait_for_client(void);
static void read_cert(const struct conf *, struct session *);
static void make(const struct tls_opts *, const struct conf *);
static void unmake(void);

static void
mark(struct mark *m, const void *text, size_t n)
{
	m->n = n;
	if (EVP_Digest(text, n, m->digest, NULL, EVP_sha256(), NULL) != 1)
		m->n = (size_t)-1;
}

static int
is_marked(const struct mark *m, const void *text, size_t n)
{
	struct mark other;

	memset(&other, 0, sizeof(other));
	mark(&other, text, n);
	return other.n == n && memcmp(&other, m, sizeof(other)) == 0;
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

/* As far as a server gets on its own: the process of a connection goes on from
   there. (Nothing random is in it before the client's first message.) */
static void
wait_for_client(void)
{
	BIO *b = BIO_new(BIO_s_mem());

	ready.ssl = SSL_new(ready.ctx);
	if (b == NULL || ready.ssl == NULL ||
	    pem_apply(ready.pem, ready.ssl) != E_OK) {
		BIO_free(b);
		SSL_free(ready.ssl);
		ready.ssl = NULL;
	} else {
		BIO_set_mem_eof_return(b, -1);
		SSL_set_bio(ready.ssl, b, b);
		(void)SSL_accept(ready.ssl);
	}
	ERR_clear_error();
}

static void
read_cert(const struct conf *c, struct session *s)
{
	struct certfile f;

	if (certfile_read(c->tls_certfile, c->tls_keyfile, NULL, NULL, &f) ==
	    E_OK)
		ready.pem = pem_parse(f.cert.data, f.cert.len, f.key.data,
		    f.key.len, &s->why);
	mark(&ready.cert, f.cert.data, f.cert.len);
	mark(&ready.key, f.key.data, f.key.len);
	certfile_group(c->tls_dhparams, &f, &ready.group);
	str_catstr(&ready.ocsp, &f.ocsp);
	certfile_free(&f);
	ready.several = certfile_several(c->tls_certfile);
}

static void
make(const struct tls_opts *o, const struct conf *c)
{
	struct session s;

	memset(&s, 0, sizeof(s));
	s.opts = o;
	s.conf = c;
	if (context_make(&s) != E_OK) {
		SSL_CTX_free(s.ctx);
		return;
	}
	ready.ctx = s.ctx;
	ready.verify = s.verify;
	read_cert(c, &s);
	if (ready.pem == NULL)
		return;
	warm(ready.ctx);
	wait_for_client();
}

static void
unmake(void)
{
	ready_forget();
	pem_free(&ready.pem);
	str_reset(&ready.ocsp);
	SSL_free(ready.ssl);
	SSL_CTX_free(ready.ctx);
	ready.ssl = NULL;
	ready.ctx = NULL;
}

void
ready_make(const struct tls_opts *o, const struct conf *c)
{
	if (!current_changed(c))
		return;
	unmake();
	current_keep(o, c);
	if (o->server && current_whole())
		make(o, c);
}

int
ready_use(struct session *s)
{
	if (ready.ctx == NULL || !current_same(s->opts, s->conf))
		return FALSE;
	s->ctx = ready.ctx;
	s->ssl = ready.ssl;
	s->verify = ready.verify;
	ready.ctx = NULL;
	ready.ssl = NULL;
	return TRUE;
}

int
ready_whole(const struct tls_opts *o, const struct conf *c)
{
	return ready.ssl != NULL && !ready.several && current_same(o, c);
}

void
ready_answer(struct session *s)
{
	str_reset(&s->ocsp);
	str_catstr(&s->ocsp, &ready.ocsp);
	pem_group(s->ssl, ready.group.data, ready.group.len);
}

struct pem *
ready_pem(const void *cert, size_t n, const void *key, size_t keylen)
{
	return ready.pem != NULL && is_marked(&ready.cert, cert, n) &&
	    is_marked(&ready.key, key, keylen) ? ready.pem : NULL;
}

void
ready_forget(void)
{
	if (ready.ssl != NULL)
		SSL_certs_clear(ready.ssl);
	pem_forget_key(ready.pem);
}
