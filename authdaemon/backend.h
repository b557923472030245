/* The settings file and the connection of a module.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_BACKEND_H
#define AUTHDAEMON_BACKEND_H

#include <sys/stat.h>

struct rcfile;

/*
 * A module has one, fills the first six members, and leaves the others 0. The
 * parent has the settings, workers the connection too.
 */
struct auth_backend {
	const char	*name;		/* "authfoo" */
	const char	*file;		/* "authfoorc" */
	/* E_SYNTAX, logged: a setting is missing or wrong. */
	int		(*check)(const struct rcfile *);
	/* E_OK at once if there is a connection; E_TEMP, logged. */
	int		(*connect)(const struct rcfile *);
	void		(*disconnect)(void);
	int		(*connected)(void);

	struct rcfile	*rc;		/* the settings in use, or NULL */
	int		is_bad;		/* what is there now, as ... */
	struct stat	bad;		/* ... it was then; 0: nothing is */
};

/*
 * Reads the settings, again if the file has changed (a bad one is logged once,
 * and the old ones stay, those of the module before a reload as well), and
 * connects. E_OK: `rc` is there; E_TEMP, logged.
 * After an attempt that failed no worker makes another one for a moment, or,
 * if it took long, for some seconds; then one does while the others still
 * fail at once. Requests are not to wait for a server that says nothing.
 */
int	auth_backend_reach(struct auth_backend *);
int	auth_backend_settings(struct auth_backend *);	/* the first half */

/* The server that auth_backend_reach found does not answer. */
void	auth_backend_failed(struct auth_backend *);

/* Forgets the settings, but not that they are bad. */
void	auth_backend_forget(struct auth_backend *);

/* Disconnects, and leaves the settings to the module's next load. */
void	auth_backend_done(struct auth_backend *);

/* A setting's number; *out stays if it is absent. E_SYNTAX, logged, if it is
   none. module is for the log. */
int	auth_setting_u32(const char *module, const struct rcfile *,
	    const char *name, u32 *out);

#endif
