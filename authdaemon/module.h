/* What a back end of authdaemond is.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_MODULE_H
#define AUTHDAEMON_MODULE_H

#include "authcl/authinfo.h"

struct cram;
struct rcfile;
struct str;

/*
 * How to add a module: a file mod_foo.c with one constant struct auth_module
 * that is named `chapar_auth_module`, the only object that libauthfoo.so
 * exports. One that needs no library has the name AUTH_MODULE(mod_foo) and a
 * row in module_tab.c too: where nothing can be loaded it is a part of
 * authdaemond.
 *
 * Results of pre, login, cram, passwd, auth:
 *	E_OK	accepted; out is filled (it was empty)
 *	E_PERM	not known here, wrong password: the next module is asked
 *	other	trouble that may pass: no other module is asked
 * Calls come one at a time in a worker process.
 */

/* One request for a check; strings belong to the caller. */
struct auth_query {
	const char	*service;	/* "imap", "pop3", ... */
	const char	*userid;
	const char	*password;	/* login only */
	const char	*authtype;	/* of AUTH, as it came, ... */
	const char	*authdata;	/* ... else NULL */
	const char	*remote_ip;	/* or NULL */
};

typedef int auth_entry_fn(void *ctx, const char *name, uid_t, gid_t,
    const char *home, const char *maildir, const char *options);

#define AUTH_MODULE_ABI		4
#define AUTH_MODULE_SYMBOL	"chapar_auth_module"

struct auth_module {
	u32		abi;		/* AUTH_MODULE_ABI */
	const char	*name;		/* "authfoo" */
	int		(*init)(void);	/* E_OK; may be NULL */
	int		(*pre)(const struct auth_query *, struct authinfo *);
	int		(*login)(const struct auth_query *,
			    struct authinfo *);
	int		(*cram)(const struct auth_query *,
			    const struct cram *, struct authinfo *);
	int		(*passwd)(const struct auth_query *,
			    const char *newpass);	/* may be NULL */
	int		(*enumerate)(auth_entry_fn *, void *);	/* or NULL */
	void		(*idle)(void);	/* drop connections; may be NULL */
	void		(*done)(void);	/* may be NULL */
	/* If there: gets every AUTH; login and cram are not called. */
	int		(*auth)(const struct auth_query *,
			    struct authinfo *);
	/* TRUE if this process, which is not root, cannot do what the verb
	   (AUTH_...) asks for: one that is root is asked. NULL: it can. */
	int		(*needs_root)(int verb);
	/* Up to NULL: files of confdir that a process which is root opens for
	   one that is not (relay_open). Or NULL. */
	const char	*const *files;
	/* Reads the settings file if it has changed; what was read before stays
	   if it is no good. The parent does, and workers inherit it. Or NULL. */
	void		(*settings)(void);
	/* Forgets it: a worker is not to know what root alone may read. Or
	   NULL. */
	void		(*forget)(void);
	/* These users, all of whose requests are here, will be asked for; of
	   the queries service and userid are set. n is 0: forget what came of
	   it. May be NULL. */
	void		(*ahead)(const struct auth_query *, size_t n);
};

/* Name of the object of a module that may be a part of authdaemond. */
#ifdef HAVE_DLOPEN
#define AUTH_MODULE(builtin)	chapar_auth_module
#else
#define AUTH_MODULE(builtin)	builtin
#endif

/* The built-in module of that name, or NULL. */
const struct auth_module *module_builtin(const char *name);

/* Shared by modules. */
const char *auth_confdir(void);		/* folder of authdaemonrc */
const char *auth_vardir(void);		/* folder of the socket */
void	auth_path(const char *file, struct str *out);	/* one in confdir */
const char *auth_libexecdir(void);	/* folder of authsystem.passwd */
int	auth_debug_level(void);		/* DEBUG_LOGIN */

/* Keeps settings of a module that is unloaded; *rc is NULL then. */
void	auth_keep(const char *module, struct rcfile **rc);

/* Hands them back, to the module that was loaded again; or NULL. */
struct rcfile *auth_kept(const char *module);
void	auth_kept_drop(void);		/* the others: they are not in use */

/* needs_root of modules that do nothing without. */
int	auth_always_root(int verb);

/* TRUE if the file (one of confdir, or with a path) is there and this process
   may not read it; `writing` asks for that too, and for its folder. */
int	auth_is_locked(const char *file, int writing);

/* The account dump on one line, two at level 2; only when debugging. prefix
   ends in ": ". `as_info` writes it as information, else it is debug text. */
void	auth_dump(const char *prefix, int as_info, const struct authinfo *);

/* Checks the password against the crypted, else the clear one, with debug
   lines; userid (for one of them) may be NULL. E_OK or E_PERM. */
int	auth_check_pair(const char *password, const char *crypted,
	    const char *clear, const char *userid);

#endif
