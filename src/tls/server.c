/* What a server decides when it has read what the client wants.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "conf/conf.h"
#include "tls/ready.h"
#include "tls/session.h"
#include "tls/tls.h"

static int name_cb(SSL *, int *, void *);
static int cert_cb(SSL *, void *);
static int alpn_cb(SSL *, const unsigned char **, unsigned char *,
	    const unsigned char *, unsigned int, void *);
static int staple_cb(SSL *, void *);

/* The name counts when the certificate is chosen; here it is only confirmed
   (RFC 6066 3). */
static int
name_cb(SSL *ssl, int *alert, void *ctx)
{
	(void)ssl;
	(void)alert;
	(void)ctx;
	return SSL_TLSEXT_ERR_OK;
}

/* Asked for in whole handshakes only: who takes up a session costs no key. */
static int
cert_cb(SSL *ssl, void *ctx)
{
	struct session *s = SSL_get_app_data(ssl);
	struct wall_msg m;
	struct str buf;
	int r;

	(void)ctx;
	if (s->wall.fd < 0) {
		ready_answer(s);
		return TRUE;
	}
	wall_begin(&m, MSG_ASK);
	wall_adds(&m, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
	str_init(&buf, 0);
	r = wall_send(&s->wall, &m, s->deadline);
	if (r == E_OK)
		r = wall_recv(&s->wall, &m, &buf, s->deadline);
	if (r == E_OK)
		r = m.type == MSG_CERT && m.n == 4 ? pem_use(s, &m) : E_INVAL;
	str_wipe_free(&buf);
	/* The end of a text is an error to who reads PEM; left in the queue it
	   would be taken for one of the handshake. */
	ERR_clear_error();
	return r == E_OK;
}

static int
alpn_cb(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned int n, void *ctx)
{
	struct session *s = SSL_get_app_data(ssl);
	const u8 *name;
	size_t len;

	(void)ctx;
	if (s == NULL || s->alpn.names.len == 0)
		return SSL_TLSEXT_ERR_NOACK;
	if (alpn_choose(&s->alpn, in, n, &name, &len) == E_OK) {
		*out = name;
		*out_len = (unsigned char)len;
		return SSL_TLSEXT_ERR_OK;
	}
	return s->alpn.optional ? SSL_TLSEXT_ERR_NOACK :
	    SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* The library frees the copy. */
static int
staple_cb(SSL *ssl, void *ctx)
{
	struct session *s = SSL_get_app_data(ssl);
	unsigned char *copy;

	(void)ctx;
	if (s == NULL || s->ocsp.len == 0 || (copy = OPENSSL_malloc(s->ocsp.len)) == NULL)
		return SSL_TLSEXT_ERR_NOACK;
	memcpy(copy, s->ocsp.data, s->ocsp.len);
	SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)s->ocsp.len);
	return SSL_TLSEXT_ERR_OK;
}

void
server_use(SSL_CTX *c)
{
	SSL_CTX_set_tlsext_servername_callback(c, name_cb);
	SSL_CTX_set_cert_cb(c, cert_cb, NULL);
	SSL_CTX_set_tlsext_status_cb(c, staple_cb);
	SSL_CTX_set_dh_auto(c, 1);
	SSL_CTX_set_alpn_select_cb(c, alpn_cb, NULL);
}
