/* Certificates of the other side.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/ascii.h"
#include "base/dirscan.h"
#include "base/str.h"
#include "conf/conf.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"

#define NAMES_MAX	64	/* of authorities, told to clients: with more
				   a client may try what it has */

/* What the library finds, in the words that log parsers know. */
static const struct {
	int		error;
	const char	*text;
} whys[] = {
	{ X509_V_ERR_CERT_HAS_EXPIRED, "Expired certificate" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, "Certificate not activated" },
	{ X509_V_ERR_CERT_REVOKED, "Peer's certificate is revoked" },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	    "Peer's certificate not signed by a trusted authority" },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
	    "Peer's certificate not signed by a trusted authority" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
	    "Peer's certificate not signed by a trusted authority" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	    "Peer's certificate not signed by a trusted authority" },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	    "Peer's certificate not signed by a trusted authority" },
	{ X509_V_ERR_CERT_UNTRUSTED,
	    "Peer's certificate not signed by a trusted authority" },
	{ X509_V_ERR_INVALID_CA, "Invalid peer certificate authority" },
	{ X509_V_ERR_CA_MD_TOO_WEAK,
	    "Peer's certificate does not use a secure checksum" },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, "Invalid peer certificate" },
	{ X509_V_ERR_INVALID_PURPOSE, "Invalid peer certificate" },
	{ X509_V_ERR_HOSTNAME_MISMATCH, "Certificate owner mismatch" },
	{ X509_V_OK, NULL }
};

static int mode(const struct session *);
static int trust_file(SSL_CTX *, const char *, int);
static int trust_folder(SSL_CTX *, const char *, int);
static int trust(const struct session *);
static int expect(SSL_CTX *, const char *);

static int
mode(const struct session *s)
{
	const char *word = s->conf->tls_verifypeer;

	if (s->opts->verify != NULL)
		return VERIFY_REQUIRE;
	switch (word == NULL ? 'P' : ascii_toupper((u8)*word)) {
	case '\0':
	case 'P':
		return VERIFY_PEER;
	case 'R':
		return VERIFY_REQUIRE;
	case 'N':
		return VERIFY_NONE;
	}
	say_info("couriertls: TLS_VERIFYPEER: %s is not known", word);
	return VERIFY_NONE;
}

/* All certificates of a file; clients may be told their names. */
static int
trust_file(SSL_CTX *c, const char *path, int names)
{
	X509_STORE *store = SSL_CTX_get_cert_store(c);
	BIO *b;
	X509 *x;
	int n = 0;

	b = BIO_new_file(path, "r");
	if (b == NULL) {
		say_info("couriertls: %s: %s", path, strerror(errno));
		return E_NOENT;
	}
	while ((x = PEM_read_bio_X509(b, NULL, NULL, NULL)) != NULL) {
		X509_STORE_add_cert(store, x);
		if (names && n++ < NAMES_MAX)
			SSL_CTX_add_client_CA(c, x);
		X509_free(x);
	}
	BIO_free(b);
	if (n > NAMES_MAX)
		SSL_CTX_set_client_CA_list(c, sk_X509_NAME_new_null());
	return E_OK;
}

static int
trust_folder(SSL_CTX *c, const char *path, int names)
{
	struct dirscan *d;
	struct stat st;
	struct str file;
	const char *name;

	if (dirscan_open(path, &d) != E_OK) {
		say_info("couriertls: %s: %s", path, strerror(errno));
		return E_NOENT;
	}
	str_init(&file, 0);
	while (dirscan_next(d, &name) == 1) {
		str_reset(&file);
		str_catf(&file, "%s/%s", path, name);
		if (*name != '.' && stat(str_c(&file), &st) == 0 &&
		    S_ISREG(st.st_mode))
			(void)trust_file(c, str_c(&file), names);
	}
	str_free(&file);
	dirscan_close(&d);
	return E_OK;
}

static int
trust(const struct session *s)
{
	const char *path = s->conf->tls_trustcerts;
	struct stat st;

	if (path == NULL || *path == '\0') {
		if (s->opts->verify == NULL)
			return E_OK;
		say_info("TLS_TRUSTCERTS not set");
		return E_INVAL;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return trust_folder(s->ctx, path, s->opts->server);
	return trust_file(s->ctx, path, s->opts->server);
}

/* Whose certificate it has to be. */
static int
expect(SSL_CTX *c, const char *name)
{
	X509_VERIFY_PARAM *p = SSL_CTX_get0_param(c);

	X509_VERIFY_PARAM_set_hostflags(p,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(p, name, 0) == 1 ? E_OK : E_TEMP;
}

int
verify_use(struct session *s)
{
	int r;

	s->verify = mode(s);
	if (s->verify == VERIFY_NONE) {
		SSL_CTX_set_verify(s->ctx, SSL_VERIFY_NONE, NULL);
		return E_OK;
	}
	SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER |
	    (s->verify == VERIFY_REQUIRE ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT :
	    0), NULL);
	r = trust(s);
	if (r == E_OK && s->opts->verify != NULL)
		r = expect(s->ctx, s->opts->verify);
	return r;
}

const char *
verify_why(const struct session *s)
{
	long error = SSL_get_verify_result(s->ssl);
	size_t i;

	for (i = 0; whys[i].text != NULL; i++)
		if (whys[i].error == error)
			return whys[i].text;
	return "Peer certificate verification failed";
}
