/* Sessions that clients take up again, by tickets (RFC 5077, RFC 8446 2.2).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#include <openssl/core_names.h>
#include <openssl/params.h>
#else
#include <openssl/hmac.h>
#endif

#include "base/rand.h"
#include "conf/conf.h"
#include "tls/session.h"

#define ID_CONTEXT	"couriertls"

#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#define MAC		EVP_MAC_CTX
#else
#define MAC		HMAC_CTX
#endif

static int mac_init(MAC *, const struct ticket_key *);
static int ticket_cb(SSL *, unsigned char *, unsigned char *,
	    EVP_CIPHER_CTX *, MAC *, int);
static int seal(struct session *, unsigned char *, unsigned char *,
	    EVP_CIPHER_CTX *, MAC *);

#if OPENSSL_VERSION_NUMBER >= 0x30000000L

static int
mac_init(MAC *mac, const struct ticket_key *k)
{
	OSSL_PARAM p[3];
	u8 key[TICKET_SECRET];
	char digest[7];

	memcpy(key, k->mac, sizeof(key));
	memcpy(digest, "SHA256", sizeof(digest));
	p[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key,
	    sizeof(key));
	p[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    digest, 0);
	p[2] = OSSL_PARAM_construct_end();
	return EVP_MAC_CTX_set_params(mac, p);
}

#else

static int
mac_init(MAC *mac, const struct ticket_key *k)
{
	return HMAC_Init_ex(mac, k->mac, sizeof(k->mac), EVP_sha256(), NULL);
}

#endif

/* With the newest key. */
static int
seal(struct session *s, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, MAC *mac)
{
	const struct ticket_key *k = s->tickets.k;

	if (rand_bytes(iv, 16) != E_OK)
		return -1;
	memcpy(name, k->name, TICKET_NAME);
	return EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, k->cipher,
	    iv) == 1 && mac_init(mac, k) == 1 ? 1 : -1;
}

/* 1: done; 2: and the client should have a new one; 0: no key of ours. */
static int
ticket_cb(SSL *ssl, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, MAC *mac, int sealing)
{
	struct session *s = SSL_get_app_data(ssl);
	const struct ticket_key *k;
	int old;

	if (sealing)
		return seal(s, name, iv, cipher, mac);
	k = ticket_find(&s->tickets, name, &old);
	if (k == NULL)
		return 0;
	if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, k->cipher,
	    iv) != 1 || mac_init(mac, k) != 1)
		return -1;
	/* (in TLS 1.3 a client uses each of them once) */
	return old || SSL_version(ssl) > TLS1_2_VERSION ? 2 : 1;
}

/* Whoever has to show a certificate shows it each time. */
void
tickets_use(struct session *s)
{
	SSL_set_session_id_context(s->ssl, (const unsigned char *)ID_CONTEXT,
	    sizeof(ID_CONTEXT) - 1);
	if (!s->resume || s->verify != VERIFY_NONE) {
		SSL_set_options(s->ssl, SSL_OP_NO_TICKET);
		SSL_set_num_tickets(s->ssl, 0);
		return;
	}
	/* (a client gets a new one with each session) */
	SSL_set_num_tickets(s->ssl, 1);
	SSL_CTX_set_timeout(s->ctx, s->conf->tls_timeout);
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	SSL_CTX_set_tlsext_ticket_key_evp_cb(s->ctx, ticket_cb);
#else
	SSL_CTX_set_tlsext_ticket_key_cb(s->ctx, ticket_cb);
#endif
}
