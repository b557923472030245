/* The account record.  SPDX-License-Identifier: ISC */

#ifndef AUTHCL_AUTHINFO_H
#define AUTHCL_AUTHINFO_H

struct str;

/*
 * What authdaemond tells about an account. Strings are owned by the record;
 * NULL means "not supplied", which some consumers tell from "". A consumer
 * needs at least address, and one of sysusername and has_uid.
 * If sysusername is there, uid and groups come from the system database and
 * gid is the primary group; else uid and gid are used alone.
 */
struct authinfo {
	char	*sysusername;	/* USERNAME: system login name */
	int	has_uid;	/* TRUE if uid was supplied */
	uid_t	uid;		/* UID */
	gid_t	gid;		/* GID, 0 if not supplied */
	char	*homedir;	/* HOME, never NULL after a decode: "" */
	char	*address;	/* ADDRESS: the identity to show and log */
	char	*fullname;	/* NAME */
	char	*maildir;	/* MAILDIR: absolute or relative to homedir */
	char	*quota;		/* QUOTA */
	char	*passwd;	/* PASSWD: stored, encrypted */
	char	*clearpasswd;	/* PASSWD2: clear text */
	char	*options;	/* OPTIONS: name=value,... */
	char	*scram;		/* SCRAM: part of a message, RFC 5802 */
};

/* All fields empty. The record may then be freed or filled. */
void	authinfo_init(struct authinfo *);

/* Frees the strings (both passwords are wiped first) and empties the record;
   the record itself belongs to the caller. */
void	authinfo_free(struct authinfo *);

/* Deep copy; dst must be empty (authinfo_init). */
void	authinfo_copy(struct authinfo *dst, const struct authinfo *src);

/*
 * Looks for an item of a comma separated option string ("disableimap=1,flag").
 * options may be NULL. E_OK and the value appended to out ("" for a bare
 * name), or E_NOENT.
 */
int	authinfo_option(const char *options, const char *name, struct str *out);

/* The same as a number: absent gives 0; a bare name, an empty value or one
   that begins with t, T, y or Y gives 1. */
long	authinfo_option_int(const char *options, const char *name);

/*
 * Account options merged with the site's default options: account items
 * first, then each default whose name does not yet occur in the result.
 * Appends to out; nothing if both are empty.
 */
void	authinfo_merge_options(const char *account, const char *defaults,
	    struct str *out);

#endif
