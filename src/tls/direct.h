/* TLS without a first process.  SPDX-License-Identifier: ISC */

#ifndef TLS_DIRECT_H
#define TLS_DIRECT_H

struct conf;
struct session;
struct str;
struct tls_opts;

/*
 * A couriertls that was started ahead of need (conf/prestart.h), all of whose
 * connections get the same certificate, has no use for a process that reads
 * files during the handshake: it hands the clear side to the next program at
 * once if that is a login program of ours (PRESTART_TLS, which waits for the
 * text of what was agreed upon), and forks the jailed one. Should the
 * handshake fail, the end comes instead of the text.
 */

/* Serves the connection so. E_OK; E_TEMP: it cannot be. */
int	direct_serve(const struct tls_opts *, const struct conf *, int fd);

/* In the jailed process: sends the text. */
int	direct_tell(struct session *, const struct str *);

#endif
