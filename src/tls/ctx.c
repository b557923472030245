/* The library, and the settings that hold for any connection.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <openssl/ssl.h>

#include "conf/conf.h"
#include "tls/ready.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"
#include "tls/version.h"

/* No texts, no openssl.cnf, no engines: a login pays for each. */
#define INIT	(OPENSSL_INIT_NO_LOAD_SSL_STRINGS | \
    OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_LOAD_CONFIG)

/* For TLS 1.2: forward secrecy. Who lets in older versions has clients that
   may know nothing but RSA and SHA-1, which level 0 permits. */
#define MODERN	"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:" \
    "ECDHE+AES:!AESCCM:!aNULL:!eNULL"
#define OLD	"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:" \
    "ECDHE+AES:DHE+AES:AES:!aNULL:!eNULL:!PSK:!SRP"

static const struct {
	int	bit;
	int	number;
	u64	off;
} versions[] = {
	{ TLS_V10, TLS1_VERSION, SSL_OP_NO_TLSv1 },
	{ TLS_V11, TLS1_1_VERSION, SSL_OP_NO_TLSv1_1 },
	{ TLS_V12, TLS1_2_VERSION, SSL_OP_NO_TLSv1_2 },
	{ TLS_V13, TLS1_3_VERSION, SSL_OP_NO_TLSv1_3 }
};

static int set_versions(SSL_CTX *, int);
static void set_ciphers(SSL_CTX *, const char *, int);
static int fill(struct session *);

/* The ends by number, holes one by one. */
static int
set_versions(SSL_CTX *c, int set)
{
	int lowest = 0, highest = 0;
	size_t i;

	for (i = 0; i < NITEMS(versions); i++) {
		if ((set & versions[i].bit) == 0) {
			SSL_CTX_set_options(c, versions[i].off);
			continue;
		}
		highest = versions[i].number;
		if (lowest == 0)
			lowest = highest;
	}
	if (lowest == 0) {
		say_info("couriertls: TLS_PRIORITY leaves no version");
		return E_INVAL;
	}
	return SSL_CTX_set_min_proto_version(c, lowest) == 1 &&
	    SSL_CTX_set_max_proto_version(c, highest) == 1 ? E_OK : E_TEMP;
}

static void
set_ciphers(SSL_CTX *c, const char *list, int set)
{
	int old = (set & (TLS_V10 | TLS_V11)) != 0;

	SSL_CTX_set_security_level(c, old ? 0 : 1);
	if (list != NULL && *list != '\0') {
		if (SSL_CTX_set_cipher_list(c, list) == 1)
			return;
		say_info("couriertls: TLS_CIPHER_LIST: no cipher in %s",
		    list);
	}
	if (SSL_CTX_set_cipher_list(c, old ? OLD : MODERN) != 1)
		say_info("couriertls: no ciphers");
}

static int
fill(struct session *s)
{
	SSL_CTX *c = s->ctx;
	int set, r;

	set = version_set(s->conf->tls_protocol, s->conf->tls_priority);
	r = set_versions(c, set);
	if (r != E_OK)
		return r;
	SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION |
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
	    SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS |
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
	set_ciphers(c, s->conf->tls_cipher_list, set);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	r = verify_use(s);
	if (r == E_OK && s->opts->server)
		server_use(c);
	return r;
}

int
context_make(struct session *s)
{
	OPENSSL_init_ssl(INIT, NULL);
	s->ctx = SSL_CTX_new(s->opts->server ? TLS_server_method() :
	    TLS_client_method());
	if (s->ctx == NULL) {
		say_info("couriertls: the TLS library does not work");
		return E_TEMP;
	}
	return fill(s);
}

int
session_init(struct session *s)
{
	int r;

	if (!ready_use(s) && (r = context_make(s)) != E_OK)
		return r;
	if (s->ssl == NULL && (s->ssl = SSL_new(s->ctx)) == NULL)
		return E_TEMP;
	SSL_set_app_data(s->ssl, s);
	if (!s->opts->server)
		return pem_use_client(s);
	tickets_use(s);
	return E_OK;
}
