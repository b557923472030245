/* Inside authcl only.  SPDX-License-Identifier: ISC */

#ifndef AUTHCL_AUTHCL_INT_H
#define AUTHCL_AUTHCL_INT_H

struct authcl;
struct authinfo;
struct str;

/* TRUE if the text holds what no field of a request can carry. */
int	authcl_has_control(const char *);

/* Appends userid and, if the rules ask for it, the default domain. */
void	authcl_add_domain(const struct authcl *, const char *userid, size_t n,
	    struct str *out);

/* Sends an AUTH request of that type and reads the account. data is wiped and
   freed; one over its maximum is E_INVAL. Results as in authcl.h. */
int	authcl_auth(const struct authcl *, const char *service,
	    const char *type, struct str *data, struct authinfo *out);

#endif
