/* The order of messages in a POP3 session.  SPDX-License-Identifier: ISC */

#ifndef POP3_ORDER_H
#define POP3_ORDER_H

struct pop3_msg;

/*
 * Compares two file names as Courier does (maildir.md 8.3): by the number at
 * the start, then by bytes, signed, up to a ':' that both have at the same
 * place. 0: one message, perhaps with other flags.
 */
int	order_cmp(const char *, const char *);

/* Sorts by that; those that it finds equal, by all of their names. */
void	order_sort(struct pop3_msg *, size_t n);

/*
 * Finds the name's message, whether or not one of the two names lacks the ':'
 * that the other has. v is sorted. The index, or n: none without a bit of
 * `without` in its state; an equal name before all others.
 */
size_t	order_find(const struct pop3_msg *v, size_t n, const char *name,
	    int without);

#endif
