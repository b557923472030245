/* A certificate and its key, from texts.  SPDX-License-Identifier: ISC */

#ifndef TLS_PEM_H
#define TLS_PEM_H

struct pem;
struct ssl_st;

/* Certificates and, in the second text or else behind them, the key of one of
   them. NULL: there is no key, or it is not theirs; why is set then. */
struct pem *pem_parse(const void *certs, size_t, const void *key, size_t,
	    const char **why);

/* For this connection: E_OK, or E_INVAL. */
int	pem_apply(const struct pem *, struct ssl_st *);

/* The same with the text of a group for DH (may be empty). */
void	pem_group(struct ssl_st *, const void *, size_t);

/* What no connection uses any more is wiped: the key alone, or all. */
void	pem_forget_key(struct pem *);
void	pem_free(struct pem **);

#endif
