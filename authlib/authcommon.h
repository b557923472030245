/* libcourierauthcommon: passwords for modules.  SPDX-License-Identifier: ISC

   Not installed: who calls it has declarations of its own. */

#ifndef AUTHLIB_AUTHCOMMON_H
#define AUTHLIB_AUTHCOMMON_H

#include "authlib/courierauth.h"

struct hmac_hashinfo;

/* 0: the password belongs to the stored form; else another value. The other
   two know only the forms of MD5, of SHA and of crypt(3)'s MD5. */
int	authcheckpassword(const char *password, const char *encrypted);
int	authcheckpasswordmd5(const char *password, const char *encrypted);
int	authcheckpasswordsha1(const char *password, const char *encrypted);

/* A new stored form like the old one (NULL: none). Static; NULL if there are
   no random bytes. */
char	*authcryptpasswd(const char *password, const char *hint);

/* A CRAM login taken apart; the strings point into authdata. The last two
   belong to the caller. Order and types are the ABI. */
struct cram_callback_info {
	struct hmac_hashinfo	*h;
	char			*user;
	char			*challenge;	/* decoded */
	char			*response;	/* hexadecimal */
	int			(*callback_func)(struct authinfo *, void *);
	void			*callback_arg;
};

/* 0, or -1 if it is none. The second says nothing at any debug level. */
int	auth_get_cram(const char *authtype, char *authdata,
	    struct cram_callback_info *);
int	auth_get_cram_silent(const char *authtype, char *authdata,
	    struct cram_callback_info *);

/* 0 if the response was made with the password of that stored state; -1. */
int	auth_verify_cram(struct hmac_hashinfo *, const char *challenge,
	    const char *response, const char *hexstate);

/* The callback of a module that has clear passwords; the argument is the
   struct above, whose callback is called if the response is right. */
int	auth_cram_callback(struct authinfo *, void *);

/* For modules of the system's accounts. prefunc looks the account up. */
int	auth_sys_common(int (*prefunc)(const char *, const char *,
	    auth_callback_fn *, void *), const char *user, const char *pass,
	    const char *service, auth_callback_fn *, void *);
int	auth_syspasswd(const char *service, const char *user,
	    const char *oldpass, const char *newpass);
void	auth_pwd_enumerate(auth_enumerate_fn *, void *);

/* Malloc-ed copy that may stand in a filter of LDAP. */
char	*courier_auth_ldap_escape(const char *);

#endif
