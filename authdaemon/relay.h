/* From workers without rights to those that are root.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_RELAY_H
#define AUTHDAEMON_RELAY_H

/*
 * A worker that is the mail user has, behind a socketpair, a helper that is
 * root: what a module cannot do without (needs_root) is done there, one module
 * of one request at a time, so that the order of the modules stays what it is.
 * The helper never sees a byte as a client sent it: a request reaches it
 * taken apart, each field with its length, and is checked again.
 */

struct authinfo;
struct authreq;

/* ---- the worker's end ---- */

/* The descriptor of a worker that has a helper; -1: there is none. */
void	relay_init(int fd);

/* TRUE: there was one, and it is no help any more. */
int	relay_is_broken(void);

/* Readable means that the helper has gone; -1 without one. */
int	relay_fd(void);

/* TRUE if this module of the chain is to be asked through the relay. */
int	relay_wanted(size_t place, int verb);

/* As the module's own functions; E_TEMP, logged, if the helper is no help. */
int	relay_ask(size_t place, const struct authreq *, struct authinfo *out);
int	relay_change(size_t place, const struct authreq *);
int	relay_list(size_t place, auth_entry_fn *, void *ctx);

/* Opens the n-th of the module's `files` for reading. E_PERM: the helper may
   not either; E_NOENT; E_TEMP. */
int	relay_open(const char *module, u32 n, int *out_fd);

/* ---- the helper's ---- */

/* Until the worker has gone. */
void	relay_serve(int fd);

#endif
