/* Files and the lines of the list that are theirs.
   SPDX-License-Identifier: ISC */

#ifndef POP3_MATCH_H
#define POP3_MATCH_H

struct pop3_msg;

/*
 * Gives each message the size and the unique-id of its line; both become
 * MSG_TAKEN, and those that are it already are passed over. Both arrays are
 * sorted (order.h). TRUE: Courier would not know a message by the name that
 * its line has.
 */
int	match_list(struct pop3_msg *v, size_t n, struct pop3_msg *lines,
	    size_t nlines);

/* How many lines are nobody's. */
size_t	match_missing(const struct pop3_msg *lines, size_t nlines);

#endif
