/* SASL mechanisms, server side.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_MECH_H
#define LOGIN_MECH_H

struct login;
struct authinfo;
struct str;

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
	const char	*arg;		/* CRAM: the digest's name */
};

/* Finds a mechanism without regard to case; NULL if there is none. */
const struct mech *mech_find(const char *name);

/* Sends a challenge (text before base64) and reads the answer, still in
   base64, into out. "*" is E_SYNTAX. */
int	mech_ask(struct login *, const char *challenge, size_t n,
	    struct str *out);

/* The functions of the rows: RFC 4616, the older LOGIN, RFC 2195. */
int	mech_plain(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_login(struct login *, const struct mech *, const char *,
	    struct authinfo *);
int	mech_cram(struct login *, const struct mech *, const char *,
	    struct authinfo *);

#endif
