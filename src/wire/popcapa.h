/* What POP3 offers (RFC 2449, pop3-wire.md 4).  SPDX-License-Identifier: ISC */

#ifndef WIRE_POPCAPA_H
#define WIRE_POPCAPA_H

struct io;

struct popcapa {
	const char	*sasl;		/* mechanisms; NULL or "": none */
	int		stls;		/* STLS may be given */
};

/* The whole answer to CAPA. */
void	popcapa_put(struct io *, const struct popcapa *);

#endif
