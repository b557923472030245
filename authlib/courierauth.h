/* The authentication library.  SPDX-License-Identifier: ISC */

#ifndef COURIERAUTH_H
#define COURIERAUTH_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What the daemon tells about an account. Order and types are the ABI of
 * libcourierauth.so.0. NULL: not supplied. All of it belongs to the library
 * and lives until the callback returns.
 */
struct authinfo {
	const char	*sysusername;	/* whose uid and groups to take; or: */
	const uid_t	*sysuserid;	/* uid, without sysusername */
	gid_t		sysgroupid;	/* primary group, 0 if not supplied */
	const char	*homedir;	/* "" if not supplied */
	const char	*address;	/* the identity to show and log */
	const char	*fullname;
	const char	*maildir;	/* absolute or relative to homedir */
	const char	*quota;
	const char	*passwd;	/* stored, encrypted */
	const char	*clearpasswd;	/* clear text */
	const char	*options;	/* "name=value,name,..." */
};

/* What goes in front of a request: NAME=VALUE strings, NULL at the end;
   or NULL for none. */
struct auth_meta {
	char	**envvars;
};

/* Gets the account; the last argument is the one given to the request, whose
   result its own result is, 0 if all is well. */
typedef int auth_callback_fn(struct authinfo *, void *);

/* Gets one account of the list, then, after a complete list, one with a NULL
   name. maildir and options are NULL if they are not told. */
typedef void auth_enumerate_fn(const char *name, uid_t, gid_t,
    const char *homedir, const char *maildir, const char *options, void *);

/*
 * Each request is one connection to authdaemond. Environment: TIMEOUT_SOCK,
 * TIMEOUT_WRITE (seconds, 10), TIMEOUT_READ (30). Result: what the callback
 * gave; without a call -1, refused for good (errno EPERM; EINVAL: a control
 * character in userid or password), or 1, no answer: try later (errno: of
 * the connection, ETIMEDOUT, or EIO for an incomplete reply).
 * meta NULL: the remote address that TCPREMOTEIP names. The functions without
 * meta send none.
 */
int	auth_login_meta(struct auth_meta *, const char *service,
	    const char *userid, const char *passwd, auth_callback_fn *,
	    void *);
int	auth_login(const char *service, const char *userid,
	    const char *passwd, auth_callback_fn *, void *);

/* authtype and authdata as auth_sasl made them. "EXTERNAL": authdata is a
   userid, which is looked up. */
int	auth_generic_meta(struct auth_meta *, const char *service,
	    const char *authtype, char *authdata, auth_callback_fn *, void *);
int	auth_generic(const char *service, const char *authtype,
	    char *authdata, auth_callback_fn *, void *);

/* Looks the account up, no password. */
int	auth_getuserinfo_meta(struct auth_meta *, const char *service,
	    const char *userid, auth_callback_fn *, void *);
int	auth_getuserinfo(const char *service, const char *userid,
	    auth_callback_fn *, void *);

/* 0, or -1 and errno. */
int	auth_passwd(const char *service, const char *userid,
	    const char *oldpasswd, const char *newpasswd);

/* All accounts. */
void	auth_enumerate(auth_enumerate_fn *, void *);

/* The metadata of the environment, malloc-ed. NULL without memory. */
struct auth_meta *auth_meta_init_default(void);
void	auth_meta_destroy_default(struct auth_meta *);

/*
 * One item of an option string (may be NULL). The value, malloc-ed, "" for a
 * bare name; NULL and errno ENOENT if it is not there. The other two look
 * into the variable OPTIONS; a number is 1 for a bare name, an empty value
 * and what begins with t, T, y, Y, and 0 if there is none.
 */
char	*auth_getoption(const char *options, const char *keyword);
char	*auth_getoptionenv(const char *keyword);
int	auth_getoptionenvint(const char *keyword);

/*
 * Becomes the account: groups, uid, home. 0; -1: no address or no ids; 1: no
 * home. Faults are told on standard error. The process ends with 1 if the ids
 * cannot be had.
 */
int	auth_callback_default(struct authinfo *);
int	auth_callback_default_autocreate(struct authinfo *);

/* Makes the home from the folder AUTH_MKHOMEDIR_SKEL unless it is there. */
int	auth_mkhomedir(struct authinfo *);

/* The request as it goes over the wire, on a new connection. */
int	authdaemondo_meta(struct auth_meta *, const char *request,
	    auth_callback_fn *, void *);

/* The buffer of that many bytes holds a PASSWD request, then the reply.
   0; -1 refused; 1 no connection. */
int	authdaemondopasswd(char *buffer, int size);

/* The same on descriptors that stay open. */
int	_authdaemondo(int wrfd, int rdfd, const char *request,
	    auth_callback_fn *, void *);
int	_authdaemondopasswd(int wrfd, int rdfd, char *buffer, int size);
int	_auth_enumerate(int wrfd, int rdfd, auth_enumerate_fn *, void *);

/* Does nothing. */
void	auth_daemon_cleanup(void);

/* userid, DEFDOMAIN if DOMAINSEP asks for it, and three strings; malloc-ed. */
char	*strdupdefdomain(const char *userid, const char *, const char *,
	    const char *);

#ifdef __cplusplus
}
#endif
#endif
