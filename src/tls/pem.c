/* Certificates and keys from texts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "conf/conf.h"
#include "tls/certfile.h"
#include "tls/session.h"

enum { F_CERT, F_KEY, F_OCSP, F_DH };	/* fields of MSG_CERT */

static BIO *text(const void *, size_t);
static int no_phrase(char *, int, int, void *);
static EVP_PKEY *read_key(const void *, size_t);
static int use_chain(SSL *, EVP_PKEY *, const void *, size_t);
static int use(struct session *, const void *, size_t, const void *, size_t);
static void use_group(SSL *, const void *, size_t);

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
use_chain(SSL *ssl, EVP_PKEY *key, const void *p, size_t n)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	BIO *b = text(p, n);
	X509 *x, *leaf = NULL;
	int ok = b != NULL && chain != NULL;

	while (ok && (x = PEM_read_bio_X509(b, NULL, no_phrase, NULL)) !=
	    NULL) {
		if (leaf == NULL && X509_check_private_key(x, key) == 1)
			leaf = x;
		else
			ok = sk_X509_push(chain, x) > 0;
	}
	/* A chain is one of the certificate that is in use. */
	ok = ok && leaf != NULL && SSL_use_certificate(ssl, leaf) == 1 &&
	    SSL_set1_chain(ssl, chain) == 1;
	X509_free(leaf);
	sk_X509_pop_free(chain, X509_free);
	BIO_free(b);
	return ok ? E_OK : E_INVAL;
}

static int
use(struct session *s, const void *cert, size_t n, const void *key,
    size_t keylen)
{
	EVP_PKEY *k;
	int r;

	k = keylen > 0 ? read_key(key, keylen) : read_key(cert, n);
	if (k == NULL) {
		s->why = "The certificate's key cannot be read.";
		return E_INVAL;
	}
	SSL_certs_clear(s->ssl);
	r = use_chain(s->ssl, k, cert, n);
	if (r == E_OK && SSL_use_PrivateKey(s->ssl, k) != 1)
		r = E_INVAL;
	if (r != E_OK)
		s->why = "The certificate and the key do not match.";
	EVP_PKEY_free(k);
	return r;
}

/* What is no group counts for nothing: there is one built in. */
static void
use_group(SSL *ssl, const void *p, size_t n)
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
	use_group(s->ssl, m->field[F_DH], m->len[F_DH]);
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
}
