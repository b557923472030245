/* Bytes both ways.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_RELAY_H
#define LOGIN_RELAY_H

/* One side: what it is read from and written to (may be the same), and bytes
   that go to it before all others. */
struct relay_side {
	int		rfd, wfd;
	const char	*first;
	size_t		nfirst;
};

#define RELAY_END_SECS	60	/* for the rest, once one side has ended */

/*
 * Makes a side's descriptors ready: they do not block, and a peer that is
 * gone without a word is noticed. To be done before rights are given up.
 */
void	relay_prepare(const struct relay_side *);

/*
 * Moves bytes until the back end has ended and its last ones are with the
 * client, or nothing moves any more for RELAY_END_SECS after one of the two
 * has ended. What a side does not take is not read from the other.
 */
void	relay_run(const struct relay_side *client,
	    const struct relay_side *backend);

#endif
