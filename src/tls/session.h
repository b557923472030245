/* One TLS connection, seen from the jailed side.
   SPDX-License-Identifier: ISC */

#ifndef TLS_SESSION_H
#define TLS_SESSION_H

#include "base/str.h"
#include "base/wall.h"
#include "tls/alpn.h"
#include "tls/ticket.h"

struct conf;
struct tls_opts;
struct ssl_st;
struct ssl_ctx_st;

/* What is said over the wall, with the number of fields. */
enum {
	MSG_ASK = 'a',		/* up, 1: the name that the client asks for */
	MSG_CERT = 'c',		/* down, 4: certificate, key, OCSP response,
				   DH group */
	MSG_ENV = 'e',		/* up, 2: a variable for the program */
	MSG_X509 = 'x',		/* up, 1: the text for -printx509 */
	MSG_FAILED = 'f',	/* up, 1: why */
	MSG_DONE = 'd'		/* up, 0: TLS is there */
};

enum { VERIFY_NONE, VERIFY_PEER, VERIFY_REQUIRE };

struct session {
	const struct tls_opts	*opts;
	const struct conf	*conf;
	struct wall		wall;		/* fd -1: there is no first process
						   (direct.h) */
	int			remote;		/* non-blocking */
	int			in, out;	/* the clear side */
	u64			deadline;	/* of the handshake */
	int			verify;		/* VERIFY_* */
	int			resume;		/* there are ticket keys */
	struct alpn		alpn;
	struct ticket_keys	tickets;
	struct str		ocsp;		/* response to staple */
	const char		*why;		/* a callback's reason to fail,
						   or NULL */
	struct ssl_ctx_st	*ctx;
	struct ssl_st		*ssl;
};

/* ctx.c: library and settings, read as root. E_OK; else it is said. context_make
   is the part that is the same for all connections: ctx and verify; whose
   settings they are SSL_get_app_data tells. */
int	session_init(struct session *);
int	context_make(struct session *);

/* server.c, verify.c: parts of that; tickets.c: for this session. */
void	server_use(struct ssl_ctx_st *);
int	verify_use(struct session *);
void	tickets_use(struct session *);

/* What is wrong with the other side's certificate, in the words of GnuTLS. */
const char *verify_why(const struct session *);

/* pem.c: certificate, key and group from texts, for this connection. E_OK, or
   E_INVAL (why is set). */
int	pem_use(struct session *, const struct wall_msg *);

/* pem.c: a client's own, from TLS_CERTFILE. */
int	pem_use_client(struct session *);

/* pem.c: after the handshake keys are of no more use. */
void	pem_forget(struct session *);

/* hand.c: shakes hands. E_OK; else the reason is in out. */
int	hand_shake(struct session *, struct str *out);

/* hand.c: waits for the other side. E_OK, E_TIMEOUT, E_EOF: nobody is behind
   the wall. want is an SSL_ERROR_WANT_*. */
int	hand_wait(struct session *, int want);

/* report.c: tells the first process what was agreed upon. */
int	report(struct session *);

/* relay.c: moves bytes until both sides have ended. */
void	relay(struct session *);

#endif
