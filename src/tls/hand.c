/* The handshake, and why it fails.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "tls/session.h"
#include "tls/tls.h"

/*
 * The words that Courier's administrators and log parsers know, from GnuTLS.
 * Other reasons are told by their number, since no texts are loaded.
 */
static const struct {
	int		reason;
	const char	*text;
} whys[] = {
	{ SSL_R_WRONG_VERSION_NUMBER, "An unexpected TLS packet was received." },
	{ SSL_R_HTTP_REQUEST, "An unexpected TLS packet was received." },
	{ SSL_R_HTTPS_PROXY_REQUEST,
	    "An unexpected TLS packet was received." },
	{ SSL_R_UNEXPECTED_MESSAGE, "An unexpected TLS packet was received." },
	{ SSL_R_UNKNOWN_PROTOCOL, "An unexpected TLS packet was received." },
	{ SSL_R_RECORD_LENGTH_MISMATCH,
	    "An unexpected TLS packet was received." },
	{ SSL_R_UNSUPPORTED_PROTOCOL,
	    "A packet with illegal or unsupported version was received." },
	{ SSL_R_VERSION_TOO_LOW,
	    "A packet with illegal or unsupported version was received." },
	{ SSL_R_NO_SHARED_CIPHER,
	    "No supported cipher suites have been found." },
	{ SSL_R_NO_SHARED_GROUPS,
	    "No supported cipher suites have been found." },
	{ SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
	    "No supported cipher suites have been found." },
	{ SSL_R_NO_APPLICATION_PROTOCOL,
	    "No common application protocol could be negotiated." },
	{ SSL_R_INAPPROPRIATE_FALLBACK, "Inappropriate fallback" },
	{ 0, NULL }
};

static int failed(struct session *, int, int, struct str *);
static void by_reason(struct session *, struct str *);
static void ask_for(SSL *, const char *);

/* One wait. That the other process has gone ends it too. */
int
hand_wait(struct session *s, int want)
{
	struct pollfd p[2];
	int n;

	p[0].fd = s->remote;
	p[0].events = want == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
	p[1].fd = s->wall.fd >= 0 ? s->wall.fd : s->in;
	p[1].events = 0;
	p[0].revents = p[1].revents = 0;
	n = poll(p, 2, clock_left(s->deadline));
	if (n == 0)
		return E_TIMEOUT;
	if (n < 0)
		return errno == EINTR ? E_OK : E_TEMP;
	return (p[1].revents & (POLLHUP | POLLERR)) != 0 ? E_EOF : E_OK;
}

static void
by_reason(struct session *s, struct str *out)
{
	unsigned long e = ERR_peek_error();
	int reason = ERR_GET_REASON(e);
	size_t i;

	if (ERR_GET_LIB(e) != ERR_LIB_SSL)
		reason = 0;
	if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		str_cats(out, verify_why(s));
		return;
	}
	if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
		str_cats(out, SSL_version(s->ssl) > TLS1_2_VERSION ?
		    "Certificate is required." : "No certificate was found.");
		return;
	}
	if (reason > SSL_AD_REASON_OFFSET) {
		str_catf(out, "A TLS fatal alert has been received: %s",
		    SSL_alert_desc_string_long(reason -
		    SSL_AD_REASON_OFFSET));
		return;
	}
	for (i = 0; whys[i].text != NULL; i++)
		if (whys[i].reason == reason) {
			str_cats(out, whys[i].text);
			return;
		}
	str_catf(out, "couriertls: %s: error:%lx", s->opts->server ?
	    "accept" : "connect", e);
}

/* E_EOF: the other side just went away. */
static int
failed(struct session *s, int r, int no, struct str *out)
{
	const char *verb = s->opts->server ? "accept" : "connect";

	if (s->why != NULL) {
		str_cats(out, s->why);
		return E_INVAL;
	}
	if (r == SSL_ERROR_SSL && ERR_peek_error() != 0) {
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
		if (ERR_GET_REASON(ERR_peek_error()) ==
		    SSL_R_UNEXPECTED_EOF_WHILE_READING)
			no = 0;
		else
#endif
		{
			by_reason(s, out);
			return E_INVAL;
		}
	}
	if (no != 0) {
		str_catf(out, "couriertls: %s: %s", verb, strerror(no));
		return E_TEMP;
	}
	str_cats(out, "Unexpected SSL connection shutdown.");
	return E_EOF;
}

/* The macro for this casts away that a name is constant. */
static void
ask_for(SSL *ssl, const char *name)
{
	char *copy;

	copy = mem_strdup(name);
	(void)SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
	    TLSEXT_NAMETYPE_host_name, copy);
	mem_free(copy);
}

int
hand_shake(struct session *s, struct str *out)
{
	int r, w, no;

	SSL_set_fd(s->ssl, s->remote);
	if (s->opts->verify != NULL && !s->opts->server)
		ask_for(s->ssl, s->opts->verify);
	for (;;) {
		ERR_clear_error();
		errno = 0;
		r = s->opts->server ? SSL_accept(s->ssl) : SSL_connect(s->ssl);
		no = errno;
		if (r == 1)
			return E_OK;
		r = SSL_get_error(s->ssl, r);
		if (r != SSL_ERROR_WANT_READ && r != SSL_ERROR_WANT_WRITE)
			return failed(s, r, no, out);
		w = hand_wait(s, r);
		if (w != E_OK)
			return failed(s, SSL_ERROR_SYSCALL, w == E_TIMEOUT ?
			    ETIMEDOUT : 0, out);
	}
}
