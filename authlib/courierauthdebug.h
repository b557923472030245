/* Messages of the authentication library.  SPDX-License-Identifier: ISC */

#ifndef COURIERAUTHDEBUG_H
#define COURIERAUTHDEBUG_H

struct authinfo;

#ifdef __cplusplus
extern "C" {
#endif

#define DEBUG_LOGIN_ENV		"DEBUG_LOGIN"
#define DEBUG_AUTH		1	/* levels: what is done */
#define DEBUG_AUTH_PASSWD	2	/* and passwords */

/* Set from DEBUG_LOGIN by the function. */
extern int courier_authdebug_login_level;
void	courier_authdebug_login_init(void);

/*
 * One line on standard error, at most 1023 bytes, what does not print as
 * dots; errno is kept. "DEBUG: LOGIN: ip=[...], " up to that level;
 * "DEBUG: " above level 0; nothing in front; "ERR: ". Three return the
 * number of bytes.
 */
void	courier_authdebug_login(int level, const char *, ...);
int	courier_authdebug_printf(const char *, ...);
int	courier_safe_printf(const char *, ...);
int	courier_auth_err(const char *, ...);

/* The account above level 0, and both passwords above level 1. 0. */
int	courier_authdebug_authinfo(const char *prefix,
	    const struct authinfo *, const char *clearpasswd,
	    const char *passwd);

#ifdef __cplusplus
}
#endif
#endif
