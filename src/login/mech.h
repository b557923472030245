/* SASL mechanisms, server side.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_MECH_H
#define LOGIN_MECH_H

struct login;
struct authinfo;
struct str;
struct scram_start;

/*
 * To add one: a function, a row in mech_tab.c, an object in Makefile.in.
 * initial is the client's initial response in base64, NULL if there was none.
 * Returns what authcl says; E_SYNTAX: a malformed or cancelled exchange;
 * E_EOF, E_TIMEOUT: the client has gone.
 */
struct mech {
	const char	*name;
	int		(*run)(struct login *, const struct mech *,
			    const char *initial, struct authinfo *out);
	const char	*arg;		/* CRAM, SCRAM: the digest's name;
					   tokens: status of a refusal */
	int		(*there)(const struct login *);	/* on this connection?
					   NULL: on any */
	const char	*along;		/* offered unasked beside the mechanism
					   of this name; "": beside any */
};

/* Finds a mechanism without regard to case; NULL if there is none.
   mech_here: or if it is not there on this connection. */
const struct mech *mech_find(const char *name);
const struct mech *mech_here(const struct login *, const char *name);

/* POP3: appends those of the names, which blanks separate, that are there on
   this connection, and what is offered along with them. */
void	mech_offer(const struct login *, const char *names, struct str *out);

/* TRUE if the name stands in the list. */
int	mech_listed(const char *list, const char *name);

/* Sends a challenge (text before base64) and reads the answer, still in
   base64, into out. "*" is E_SYNTAX. */
int	mech_ask(struct login *, const char *challenge, size_t n,
	    struct str *out);

/* A piece of the client's text, decoded: initial, or if that is NULL the answer
   to the challenge. Replaces what is in out. E_SYNTAX as well: no base64, or a
   NUL in it. */
int	mech_text(struct login *, const char *initial, const char *challenge,
	    struct str *out);

/* mech_gs2.c: appends a saslname, decoded; E_SYNTAX. Reads a gs2-header at the
   begin of the text and appends the name behind "p=", if there is one, and the
   decoded authzid; returns its length, or 0 if it is none. */
int	mech_saslname(const char *, size_t n, struct str *out);
size_t	mech_gs2(const char *, struct str *cb_name, struct str *authzid);

/*
 * askwall.c: what a mechanism wants of the part that talks to authdaemond and
 * knows the connection. Results as in authcl.h. What the client must not be
 * able to say for itself, the name in its certificate and the channel binding,
 * is no argument of any of these.
 */
int	login_ask_password(struct login *, const char *userid,
	    const char *password, struct authinfo *out);

/* challenge and response are base64. */
int	login_ask_cram(struct login *, const char *hash,
	    const char *challenge, const char *response,
	    struct authinfo *out);

/*
 * SCRAM, RFC 5802: a login is the first and then the final, once each; what
 * was said is kept in between. The texts of the client hold no control
 * character.
 */
struct scram_start {
	const char	*hash;		/* "sha-1", "sha-256" */
	const char	*userid;	/* decoded */
	const char	*bare;		/* client-first-message-bare */
	const char	*nonce;		/* the client's, in it */
};

/* Appends server-first-message, whose nonce is the client's and random text of
   our own. E_PERM: authdaemond knows no SCRAM. */
int	login_ask_scram_first(struct login *, const struct scram_start *,
	    struct str *server_first);

/*
 * gs2: the client's gs2-header. extra: what stood between the nonce and the
 * proof of client-final-message, "" or ",x=..."; proof in base64. E_OK: the
 * account is filled in and server-final-message appended. E_PERM as well:
 * no first before; a channel binding asked for that is not there; "y" where
 * the -PLUS of this mechanism was announced.
 */
int	login_ask_scram_final(struct login *, const char *gs2,
	    const char *extra, const char *proof, struct authinfo *out,
	    struct str *server_final);

/* TRUE if this connection has a channel binding of type tls-exporter. */
int	login_ask_binding(const struct login *);

/* TRUE if the client has shown a certificate with a name (TLS_EXTERNAL). */
int	login_ask_identity(const struct login *);

/* The account of the client's certificate. name: whom the client asks for, ""
   for whoever it is; E_PERM if that is somebody else, or without such a
   certificate. */
int	login_ask_external(struct login *, const char *name,
	    struct authinfo *out);

/* A bearer token, RFC 6750. userid may be "": whose token it is. host and port
   are what the client wants to have connected to, or "". */
int	login_ask_token(struct login *, const char *userid,
	    const char *token, const char *host, const char *port,
	    struct authinfo *out);

/* The functions of the rows: RFC 4616, the older LOGIN, RFC 2195, RFC 5802
   without and with channel binding, RFC 4422, RFC 7628, the older XOAUTH2. */
int	mech_plain(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_login(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_cram(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_scram(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_scram_plus(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_external(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_oauthbearer(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_xoauth2(struct login *, const struct mech *, const char *,
	    struct authinfo *);

#endif
