/* What is the same for all connections, made before they come.
   SPDX-License-Identifier: ISC */

#ifndef TLS_READY_H
#define TLS_READY_H

struct conf;
struct pem;
struct session;
struct str;
struct tls_opts;

/*
 * A couriertls that is started ahead of need (conf/prestart.h) sets the library
 * up, reads the certificate that most clients get, and shakes hands with itself
 * once, so that nothing of this is left for the process of a connection. Called
 * before each connection, too, with the same settings: what has changed on disk
 * is read anew.
 */
void	ready_make(const struct tls_opts *, const struct conf *);

/* What there is for this session's settings, in s->ctx, s->ssl (may be NULL; has
   a certificate) and s->verify: TRUE; FALSE: nothing. They are the caller's. */
int	ready_use(struct session *);

/* TRUE if all that a connection with these settings needs is there, and no
   certificate is to be chosen by name. ready_answer then does for ready_use's ssl
   what else pem_use does with an answer of the first process. */
int	ready_whole(const struct tls_opts *, const struct conf *);
void	ready_answer(struct session *);

/* The parsed form of these texts, or NULL. Borrowed. */
struct pem *ready_pem(const void *cert, size_t, const void *key, size_t);

/* In the process of a connection: the key is wiped. */
void	ready_forget(void);

#endif
