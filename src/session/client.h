/* The connection of a logged-in user, whatever it speaks.
   SPDX-License-Identifier: ISC */

#ifndef SESSION_CLIENT_H
#define SESSION_CLIENT_H

struct io;
struct sess;

/* Time limits in seconds (imap-wire.md 1.5). */
#define CLIENT_IDLE_MAX	1800	/* waiting for a command, or idling */
#define CLIENT_STALL_MAX 60	/* output not taken, input amid a command */
#define CLIENT_RATE	1000	/* octets that an upload must bring a second,
				   after CLIENT_STALL_MAX */

/* Why a session ended. */
enum client_end {
	CLIENT_RUNNING,
	CLIENT_LOGOUT,
	CLIENT_DISCONNECTED,
	CLIENT_TIMEOUT,
	CLIENT_SIGNAL,
	CLIENT_FATAL		/* BYE has been said */
};

/* What the last log line counts. */
struct client_sums {
	u64		started;	/* clock_msec */
	u64		headers;	/* octets fetched */
	u64		body;
};

enum { WAIT_INPUT, WAIT_EXTRA, WAIT_SIGNAL, WAIT_TIMEOUT };

/* Waits for input on the stream of the descriptor, for extra_fd (unless -1) or
   a signal, at most ms. */
int	client_wait(struct io *, int rfd, int extra_fd, int ms);

/* Looks at the folder and tells; FALSE: the session is over. */
typedef int client_look_fn(void *ctx);

/*
 * Idling: flushes, and calls look whenever the selected mailbox may have
 * changed, until input comes. WAIT_INPUT, WAIT_SIGNAL, WAIT_TIMEOUT
 * (CLIENT_IDLE_MAX is over), or WAIT_EXTRA: the stream broke or look said so.
 */
int	client_idle(struct sess *, int rfd, client_look_fn *, void *ctx);

/* The last log line (imap-wire.md 1.6). */
void	client_log_end(const struct sess *, enum client_end,
	    const struct client_sums *);

#endif
