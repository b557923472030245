/* Inside the chain only.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_CHAIN_INT_H
#define AUTHDAEMON_CHAIN_INT_H

struct auth_query;
struct authinfo;
struct authreq;
struct io;

/* Writes the account, with the site's options, and the end of the reply. */
int	chain_reply(struct authinfo *, struct io *);

/* TRUE for "scram-sha-1", "scram-sha-256"; answers such a request. */
int	chain_is_scram(const struct authreq *);
int	chain_scram(struct auth_query *, struct io *);

#endif
