/* Stored passwords.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_PW_CHECK_H
#define AUTHDAEMON_PW_CHECK_H

struct str;

/*
 * E_OK if the password belongs to the stored form, else E_PERM. An empty
 * stored form, an unknown {scheme} and plain text never match.
 */
int	pw_check(const char *password, const char *stored);

/* E_OK if both are equal and not empty; time does not tell where they differ. */
int	pw_equal(const char *password, const char *clear);

/*
 * Appends a new stored form of the password, in the scheme that `hint` (an
 * old stored form, or only a prefix; may be NULL or "") has, at its cost and
 * with a salt of its own; {SSHA} if that is none that can be made here.
 * E_TEMP without random bytes.
 */
int	pw_make(const char *password, const char *hint, struct str *out);

/* Appends n random characters of ./0-9A-Za-z. */
int	pw_salt(size_t n, struct str *out);

/* One row per scheme. A row whose prefix begins the stored form (braces
   without regard to case) decides. */
struct pw_scheme {
	const char	*prefix;
	/* "md5", ...; of crypt(3): the only form, as new ones begin; NULL */
	const char	*digest;
	int		(*check)(const struct pw_scheme *,
			    const char *password, const char *rest);
	int		(*make)(const struct pw_scheme *,
			    const char *password, const char *hint,
			    struct str *);
};

/* The functions of the rows: see struct pw_scheme. `check` gives E_OK or E_PERM,
   `make` appends the whole stored form and gives E_OK or E_TEMP. */
int	pw_digest_check(const struct pw_scheme *, const char *, const char *);
int	pw_digest_make(const struct pw_scheme *, const char *, const char *,
	    struct str *);
int	pw_hexdigest_make(const struct pw_scheme *, const char *,
	    const char *, struct str *);
int	pw_salted_check(const struct pw_scheme *, const char *, const char *);
int	pw_salted_make(const struct pw_scheme *, const char *, const char *,
	    struct str *);
int	pw_scram_check(const struct pw_scheme *, const char *, const char *);
int	pw_scram_make(const struct pw_scheme *, const char *, const char *,
	    struct str *);
int	pw_crypt_check(const struct pw_scheme *, const char *, const char *);
int	pw_crypt_make(const struct pw_scheme *, const char *, const char *,
	    struct str *);

#endif
