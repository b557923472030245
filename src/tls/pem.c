/* Certificates and keys from texts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/mem.h"
#include "conf/conf.h"
#include "tls/certfile.h"
#include "tls/pem.h"
#include "tls/ready.h"
#include "tls/session.h"

#define NO_MATCH	"The certificate and the key do not match."

struct pem {
	EVP_PKEY	*key;
	X509		*leaf;
	STACK_OF(X509)	*chain;
};

enum { F_CERT, F_KEY, F_OCSP, F_DH };	/* fields of MSG_CERT */

static BIO *text(const void *, size_t);
static int no_phrase(char *, int, int, void *);
static EVP_PKEY *read_key(const void *, size_t);
static int read_chain(struct pem *, const void *, size_t);
static int use(struct session *, const void *, size_t, const void *, size_t);

static BIO *
text(const void *p, size_t n)
{
	return BIO_new_mem_buf(p, (int)n);
}

/* Nobody is there to be asked. */
static int
no_phrase(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static EVP_PKEY *
read_key(const void *p, size_t n)
{
	EVP_PKEY *key;
	BIO *b = text(p, n);

	if (b == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(b, NULL, no_phrase, NULL);
	BIO_free(b);
	return key;
}

/* The certificate that belongs to the key; the others behind it, in the order
   of the file. */
static int
read_chain(struct pem *p, const void *certs, size_t n)
{
	BIO *b = text(certs, n);
	X509 *x;
	int ok = b != NULL && p->chain != NULL;

	while (ok && (x = PEM_read_bio_X509(b, NULL, no_phrase, NULL)) !=
	    NULL) {
		if (p->leaf == NULL && X509_check_private_key(x, p->key) == 1)
			p->leaf = x;
		else
			ok = sk_X509_push(p->chain, x) > 0;
	}
	BIO_free(b);
	return ok && p->leaf != NULL;
}

struct pem *
pem_parse(const void *certs, size_t n, const void *key, size_t keylen,
    const char **why)
{
	struct pem *p = mem_new(sizeof(*p));

	p->key = keylen > 0 ? read_key(key, keylen) : read_key(certs, n);
	p->chain = sk_X509_new_null();
	if (p->key != NULL && read_chain(p, certs, n))
		return p;
	*why = p->key != NULL ? NO_MATCH :
	    "The certificate's key cannot be read.";
	pem_free(&p);
	return NULL;
}

/* (A chain is one of the certificate that is in use.) */
int
pem_apply(const struct pem *p, SSL *ssl)
{
	SSL_certs_clear(ssl);
	return SSL_use_certificate(ssl, p->leaf) == 1 &&
	    SSL_set1_chain(ssl, p->chain) == 1 &&
	    SSL_use_PrivateKey(ssl, p->key) == 1 ? E_OK : E_INVAL;
}

void
pem_forget_key(struct pem *p)
{
	if (p == NULL)
		return;
	EVP_PKEY_free(p->key);
	p->key = NULL;
}

void
pem_free(struct pem **pp)
{
	struct pem *p = *pp;

	if (p == NULL)
		return;
	pem_forget_key(p);
	X509_free(p->leaf);
	sk_X509_pop_free(p->chain, X509_free);
	*pp = mem_free(p);
}

static int
use(struct session *s, const void *cert, size_t n, const void *key,
    size_t keylen)
{
	struct pem *p, *made = NULL;
	int r;

	p = ready_pem(cert, n, key, keylen);
	if (p == NULL)
		p = made = pem_parse(cert, n, key, keylen, &s->why);
	if (p == NULL)
		return E_INVAL;
	r = pem_apply(p, s->ssl);
	if (r != E_OK)
		s->why = NO_MATCH;
	pem_free(&made);
	return r;
}

/* What is no group counts for nothing: there is one built in. */
void
pem_group(SSL *ssl, const void *p, size_t n)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	EVP_PKEY *group;
#else
	DH *group;
#endif
	BIO *b;

	if (n == 0 || SSL_version(ssl) > TLS1_2_VERSION ||
	    (b = text(p, n)) == NULL)
		return;
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	group = PEM_read_bio_Parameters(b, NULL);
	if (group != NULL && EVP_PKEY_base_id(group) == EVP_PKEY_DH &&
	    SSL_set0_tmp_dh_pkey(ssl, group) == 1)
		SSL_set_dh_auto(ssl, 0);
	else
		EVP_PKEY_free(group);
#else
	group = PEM_read_bio_DHparams(b, NULL, no_phrase, NULL);
	if (group != NULL && SSL_set_tmp_dh(ssl, group) == 1)
		SSL_set_dh_auto(ssl, 0);
	DH_free(group);
#endif
	BIO_free(b);
}

int
pem_use(struct session *s, const struct wall_msg *m)
{
	int r;

	if (m->len[F_CERT] == 0) {
		s->why = "No supported cipher suites have been found.";
		return E_NOENT;
	}
	r = use(s, m->field[F_CERT], m->len[F_CERT], m->field[F_KEY],
	    m->len[F_KEY]);
	if (r != E_OK)
		return r;
	pem_group(s->ssl, m->field[F_DH], m->len[F_DH]);
	str_reset(&s->ocsp);
	return str_cat(&s->ocsp, m->field[F_OCSP], m->len[F_OCSP]);
}

/* A client without one is nothing unusual. */
int
pem_use_client(struct session *s)
{
	const char *file = s->conf->tls_certfile;
	struct certfile f;
	int r;

	if (file == NULL || *file == '\0')
		return E_OK;
	r = certfile_read(file, s->conf->tls_keyfile, NULL, NULL, &f);
	if (r == E_OK)
		r = use(s, str_c(&f.cert), f.cert.len, str_c(&f.key),
		    f.key.len);
	certfile_free(&f);
	return r;
}

void
pem_forget(struct session *s)
{
	SSL_certs_clear(s->ssl);
	ready_forget();
}
