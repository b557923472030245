/* The list of modules and the rule "ask the next one".
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_CHAIN_H
#define AUTHDAEMON_CHAIN_H

struct authreq;
struct io;

#define CHAIN_MAX	16	/* modules in authmodulelist */

/*
 * Loads the modules named in a list separated by blanks: built in, or from
 * libNAME.so in the module folder. One that cannot be loaded is logged and
 * left out. E_OK if at least one is there.
 */
int	chain_load(const char *names);
void	chain_unload(void);

/* Once, in the parent: what all workers must have alike. E_TEMP without
   random bytes. */
int	chain_scram_init(void);

/* Lets the modules drop their connections: nobody asked for a while. */
void	chain_idle(void);

/*
 * Answers a request: the reply goes to the stream, whose deadline is set
 * anew for each piece of a long list; the caller flushes. Errors: the
 * connection is to be closed with what was written so far, which may be
 * nothing and is then a temporary failure to the client. peer is the
 * connected socket; see peer_is_trusted.
 */
int	chain_answer(const struct authreq *, struct io *, int peer);

#endif
