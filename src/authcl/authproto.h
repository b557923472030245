/* The authentication socket's language, both ends.
   SPDX-License-Identifier: ISC */

#ifndef AUTHCL_AUTHPROTO_H
#define AUTHCL_AUTHPROTO_H

#include "authcl/authinfo.h"

/*
 * One connection carries one request and one reply; the server closes after
 * it. A reply of no bytes is a temporary failure.
 *
 *	request   = *( name "=" value LF ) verb [ SP rest ] LF [ payload ]
 *	PRE module SP service SP userid
 *	AUTH length LF service LF authtype LF authdata	(length bytes)
 *	PASSWD service TAB userid TAB old TAB new
 *	ENUMERATE
 *	reply     = *( NAME "=" value LF ) "." LF / "FAIL" LF / "OK" LF
 */

#define AUTHPROTO_LINE_MAX	8190	/* a line before its LF */
#define AUTHPROTO_DATA_MAX	8191	/* payload of AUTH */
#define AUTHPROTO_REPLY_MAX	8191	/* what other clients can read */
#define AUTHPROTO_IP_MAX	39	/* kept of TCPREMOTEIP */

enum { AUTH_PRE, AUTH_AUTH, AUTH_PASSWD, AUTH_ENUMERATE };

/*
 * A request. Strings are owned by it (authreq_free wipes the secrets); those
 * that the verb does not use are NULL.
 */
struct authreq {
	int	verb;
	int	has_metadata;	/* any NAME=value line came first */
	char	*remote_ip;	/* TCPREMOTEIP metadata, or NULL */
	char	*module;	/* PRE: "." for all */
	char	*service;	/* "imap", "pop3", ... */
	char	*userid;	/* PRE, PASSWD */
	char	*authtype;	/* AUTH: "login", "cram-md5", ... */
	char	*authdata;	/* AUTH: as received, may lack the last LF */
	char	*oldpass;	/* PASSWD */
	char	*newpass;	/* PASSWD */
};

/* Makes it empty; frees what it holds, secrets wiped, and makes it empty. */
void	authreq_init(struct authreq *);
void	authreq_free(struct authreq *);

/*
 * Appends the bytes of a request. E_INVAL if a field holds a byte that the
 * language cannot carry there; E_TOOBIG over the limits above.
 */
int	authproto_put_request(const struct authreq *, struct str *out);

/*
 * Reads a request from the n bytes received so far. E_OK: *out is filled;
 * E_BUSY: more bytes are needed; E_PERM: well-formed but must be answered
 * FAIL; E_SYNTAX, E_TOOBIG: close without a word. Bytes behind the request
 * are ignored. out must be empty.
 */
int	authproto_get_request(const char *, size_t n, struct authreq *out);

/* Appends the attribute lines and the final ".". Values are cut at a control
   character; the full name at its first comma. */
void	authproto_put_account(const struct authinfo *, struct str *out);

/*
 * Reads the whole reply to PRE or AUTH. E_OK: *out is filled; E_PERM: FAIL;
 * E_TEMP: no final "." (the caller saw the end of the stream); E_BUSY if
 * `more` is TRUE and the reply is not complete yet.
 */
int	authproto_get_account(const char *, size_t n, int more,
	    struct authinfo *out);

#endif
