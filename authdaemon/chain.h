/* The list of modules and the rule "ask the next one".
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_CHAIN_H
#define AUTHDAEMON_CHAIN_H

#include "authdaemon/module.h"

struct authreq;
struct io;

#define CHAIN_MAX	16	/* modules in authmodulelist */
#define CHAIN_AHEAD_MAX	16	/* requests at a time */

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

/* Lets the modules look after their settings; drop those that root has read. */
void	chain_settings(void);
void	chain_forget(void);

/* Lets the modules drop their connections: nobody asked for a while. */
void	chain_idle(void);

/* The modules have places from 0 on. A name that is not there gets some place
   of the chain. */
size_t	chain_count(void);
size_t	chain_place(const char *name);
const struct auth_module *chain_module(size_t place);	/* or NULL */

/* One module's part in a request: its result, here or through the relay. The
   entries of a list come one by one; a module without a hook has none. */
int	chain_ask(size_t place, const struct authreq *, struct authinfo *out);
int	chain_change(size_t place, const struct authreq *);
int	chain_list(size_t place, auth_entry_fn *, void *ctx);

/*
 * Answers a request: the reply goes to the stream, whose deadline is set
 * anew for each piece of a long list; the caller flushes. Errors: the
 * connection is to be closed with what was written so far, which may be
 * nothing and is then a temporary failure to the client. peer is the
 * connected socket; see peer_is_trusted.
 */
int	chain_answer(const struct authreq *, struct io *, int peer);

/*
 * Tells the first module which requests chain_answer gets next (at most
 * CHAIN_AHEAD_MAX count), so that it can ask its server once for all;
 * chain_answered ends what it knows from that.
 */
void	chain_ahead(const struct authreq *const *, size_t n);
void	chain_answered(void);
int	chain_takes_many(void);		/* TRUE: it can */

#endif
