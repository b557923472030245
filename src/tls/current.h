/* Whether what was made before a connection came still holds.
   SPDX-License-Identifier: ISC */

#ifndef TLS_CURRENT_H
#define TLS_CURRENT_H

struct conf;
struct tls_opts;

/* TRUE if a file of these settings has changed since this was asked last, or may
   have: the first time, and while it is so young that its time says nothing. */
int	current_changed(const struct conf *);

/* TRUE if, after that, there is something to make, and a change of it would be
   seen: of a folder of authorities nobody tells what has changed. */
int	current_whole(void);

/* The settings that count from now on; whether these are the same. */
void	current_keep(const struct tls_opts *, const struct conf *);
int	current_same(const struct tls_opts *, const struct conf *);

#endif
