/* Challenge-response logins.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_CRAM_H
#define AUTHDAEMON_CRAM_H

struct str;

/* A decoded request. Owned by whoever decoded it. */
struct cram {
	char		*hash;		/* "md5", "sha1", "sha256" */
	char		*userid;
	char		*challenge;
	size_t		challenge_len;
	unsigned char	digest[64];	/* what the client sent */
	size_t		digest_len;	/* 0: it was none */
};

/*
 * Reads authtype "cram-..." and authdata (challenge LF response [LF], both in
 * base64). E_OK; E_PERM if it is no such thing. out need not be initialised.
 */
int	cram_decode(const char *authtype, const char *authdata,
	    struct cram *out);
void	cram_free(struct cram *);

/* E_OK or E_PERM. An empty or missing clear password never matches. */
int	cram_check_clear(const struct cram *, const char *clear);

/* Against the hexadecimal state of userdb's hmac-...pw. */
int	cram_check_state(const struct cram *, const char *hexstate);

/* Appends that state for a password. */
int	cram_make_state(const char *hash, const char *password,
	    struct str *out);

#endif
