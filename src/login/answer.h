/* What the monitor does for a mechanism.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_ANSWER_H
#define LOGIN_ANSWER_H

struct authinfo;
struct login;
struct scram_start;
struct str;

/* Those of mech.h of the same name, on the other side of the wall: E_OK with
   the account. */
int	answer_password(struct login *, const char *userid,
	    const char *password, struct authinfo *out);
int	answer_cram(struct login *, const char *hash, const char *challenge,
	    const char *response, struct authinfo *out);
int	answer_scram_first(struct login *, const struct scram_start *,
	    struct str *server_first);
int	answer_scram_final(struct login *, const char *gs2,
	    const char *extra, const char *proof, struct authinfo *out,
	    struct str *server_final);
int	answer_external(struct login *, const char *name,
	    struct authinfo *out);
int	answer_token(struct login *, const char *userid, const char *token,
	    const char *host, const char *port, struct authinfo *out);

#endif
