/* Client of authdaemond.  SPDX-License-Identifier: ISC */

#ifndef AUTHCL_AUTHCL_H
#define AUTHCL_AUTHCL_H

#include "authcl/authinfo.h"

struct str;

/*
 * Where and how to ask. Strings belong to the caller and must outlive it.
 * No environment is read here: programs fill the members that they have
 * (authcl_init has set the defaults).
 */
struct authcl {
	const char	*path;		/* socket */
	const char	*remote_ip;	/* TCPREMOTEIP metadata, NULL: none */
	const char	*default_domain; /* DEFDOMAIN ("@example.com"), NULL */
	const char	*domain_sep;	/* DOMAINSEP, NULL: unset */
	u32		connect_secs;	/* TIMEOUT_SOCK, default 10 */
	u32		write_secs;	/* TIMEOUT_WRITE, default 10 */
	u32		read_secs;	/* TIMEOUT_READ, default 30, whole reply */
	int		(*stop)(void);	/* TRUE after a signal that sig.h
					   caught: wait no longer for a reply
					   (E_TEMP, EINTR); NULL: none */
};

/* path NULL: the compiled-in socket. */
void	authcl_init(struct authcl *, const char *path);

/*
 * All of these open a connection of their own. Results:
 *	E_OK	 accepted, *out is filled (empty before; authinfo_free it)
 *	E_PERM	 refused: unknown user, wrong password
 *	E_INVAL	 a control byte in a field; nothing was sent; to be treated
 *		 as a refusal
 *	E_TEMP	 daemon or database away, time limit passed: try again later;
 *		 errno says what it was, if not 0
 */

/* User and password. */
int	authcl_login(const struct authcl *, const char *service,
	    const char *userid, const char *password, struct authinfo *out);

/*
 * CRAM: mech is "md5", "sha1" or "sha256"; challenge and response are base64
 * text in one line, as they went over the wire to and from the client.
 */
int	authcl_cram(const struct authcl *, const char *service,
	    const char *mech, const char *challenge, const char *response,
	    struct authinfo *out);

/*
 * SCRAM, RFC 5802: hash is "sha-1" or "sha-256". The first request appends
 * what server-first-message says behind its nonce, "s=...,i=..."; a daemon that
 * knows no SCRAM says E_PERM. The second one brings AuthMessage and the proof
 * (base64); out->scram is then the server-final-message.
 */
int	authcl_scram_first(const struct authcl *, const char *service,
	    const char *hash, const char *userid, struct str *out);
int	authcl_scram_final(const struct authcl *, const char *service,
	    const char *hash, const char *userid, const struct str *message,
	    const char *proof, struct authinfo *out);

/* A bearer token, for authpipe's program; userid, host and port may be "". */
int	authcl_token(const struct authcl *, const char *service,
	    const char *userid, const char *token, const char *host,
	    const char *port, struct authinfo *out);

/* Looks up an account without a password (SASL EXTERNAL, delivery). */
int	authcl_pre(const struct authcl *, const char *service,
	    const char *userid, struct authinfo *out);

/* Changes a password. E_OK or E_PERM; E_TEMP only if the daemon could not be
   reached. */
int	authcl_passwd(const struct authcl *, const char *service,
	    const char *userid, const char *oldpass, const char *newpass);

/*
 * Lists accounts. E_OK only if the list was complete; else E_TEMP. maildir
 * and options are NULL if the line lacked them. Entries of uid 0 or gid 0 are
 * left out.
 */
typedef void authcl_entry_fn(void *ctx, const char *name, uid_t, gid_t,
    const char *home, const char *maildir, const char *options);
int	authcl_enumerate(const struct authcl *, authcl_entry_fn *, void *ctx);

#endif
