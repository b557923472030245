/* What a worker of authdaemond does.  SPDX-License-Identifier: ISC */

/*
 * Requests are answered one at a time, but they are received side by side: a
 * client that sends nothing, or a byte now and then, costs a descriptor until
 * its deadline and holds nobody up. No byte of a client is trusted.
 *
 * All workers that wait for the listening socket wake up for each client, and
 * one gets it. So most are in the reserve, which does not listen; the parent
 * calls one when clients wait because those who do are busy. Who came too late
 * several times goes back there.
 *
 * Where clients queue, a worker takes several of them and tells the modules
 * before it answers the first one (chain_ahead). Nobody shall wait here for
 * somebody else while another worker is free: a request that is slow by its
 * kind, or was when the last one of its kind was answered, is the last one that
 * is taken.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "authdaemon/board.h"
#include "authdaemon/chain.h"
#include "authdaemon/client.h"
#include "authdaemon/relay.h"
#include "authdaemon/worker.h"

#define IDLE_SECS	300	/* until the modules drop their connections */
#define EXTRA_SECS	10	/* until one more than `daemons` ends */
#define CLIENTS_MAX	200	/* whose requests are not complete */
#define LATE_MAX	3	/* clients that others got, one after another */
#define SPREE_MS	20	/* before others are looked at again */
#define SLOW_MS		5	/* for one request */
#define LONELY		3	/* rounds with one client until two are tried ... */
#define GUESSES		8	/* ... in every eighth only */
#define WINDOW		16	/* rounds */
#define ACCEPT_PAUSE_MS	200	/* when descriptors are short */

#if defined(HAVE_ACCEPT4) && defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
#define USE_ACCEPT4
#endif

enum { SERVED = 1, END = 2 };
enum { P_LIFELINE, P_NEW, P_HELPER, P_CLIENTS };	/* places in the poll */

static void drop(size_t);
static int next_client(void);
static int admit(void);
static int is_fast(const struct client *);
static size_t gather(void);
static void answer(struct client *);
static void serve(void);
static int next_timeout(u64);
static void come_late(void);
static int is_spare(size_t);
static void wake_up(void);
static int newcomers(void);
static int poll_once(u64);

static const struct worker_env *env;
static struct client clients[CLIENTS_MAX];	/* the oldest comes first */
static size_t nclients;
static int ending;
static int in_reserve;
static int late;
static int fast[AUTH_ENUMERATE + 1];	/* by verb: the last one was */
static int alone;			/* rounds with one client */

static struct {
	size_t	rounds, clients;
	u64	since;
} window;				/* what is_spare looks at */

static void
drop(size_t i)
{
	client_end(clients + i);
	nclients--;
	memmove(clients + i, clients + i + 1, (nclients - i) *
	    sizeof(*clients));
}

#ifdef USE_ACCEPT4

/* (the header shows it to GNU sources only) */
extern int accept4(int, struct sockaddr *, socklen_t *, int);

static int
next_client(void)
{
	return accept4(env->listener, NULL, NULL, SOCK_CLOEXEC |
	    SOCK_NONBLOCK);
}

#else

static int
next_client(void)
{
	int fd;

	fd = accept(env->listener, NULL, NULL);
	if (fd >= 0) {
		file_cloexec(fd, TRUE);
		file_nonblock(fd, TRUE);
	}
	return fd;
}

#endif

/* TRUE if somebody was there. Most have sent the request already. */
static int
admit(void)
{
	int fd, r;

	fd = next_client();
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			log_syserr("accept");
			if (nclients > 0)
				drop(0);
			else
				clock_sleep_ms(ACCEPT_PAUSE_MS);
		}
		return FALSE;
	}
	if (nclients == CLIENTS_MAX) {
		log_debug("too many clients that say nothing");
		drop(0);
	}
	if (board_parent_sleeps())
		wake_up();
	client_init(clients + nclients++, fd);
	r = client_receive(clients + nclients - 1);
	if (r != E_OK && r != E_BUSY)
		drop(nclients - 1);
	board_did();
	return TRUE;
}

/* The parent looks after those who wait while this one is busy. */
static void
wake_up(void)
{
	ssize_t n;

	n = write(env->alarm, "", 1);
	(void)n;
}

/* ---- rounds ------------------------------------------------------------- */

static int
is_fast(const struct client *c)
{
	return c->req.verb <= AUTH_AUTH && fast[c->req.verb];
}

/* Takes clients that wait; how many. A look in vain costs as much as a client,
   so it is a guess by the rounds before. */
static size_t
gather(void)
{
	size_t n, most;

	most = alone > LONELY && alone % GUESSES != 0 ? 1 : CHAIN_AHEAD_MAX;
	for (n = 0; n < most && admit(); n++)
		if (nclients > 0 && clients[nclients - 1].complete &&
		    !is_fast(clients + nclients - 1))
			return n + 1;
	if (n > 0)
		alone = n == 1 ? alone + 1 : 0;
	return n;
}

static void
answer(struct client *c)
{
	u64 start;
	int verb;

	verb = c->req.verb;
	start = clock_msec();
	client_answer(c);
	fast[verb] = clock_msec() - start < SLOW_MS;
}

/* Answers all whose request is complete, in the order in which they came. */
static void
serve(void)
{
	const struct authreq *req[CHAIN_AHEAD_MAX];
	size_t i, n;

	for (i = n = 0; i < nclients && n < CHAIN_AHEAD_MAX; i++)
		if (clients[i].complete)
			req[n++] = &clients[i].req;
	if (n > 1)
		chain_ahead(req, n);
	for (i = 0; i < nclients;)
		if (clients[i].complete) {
			answer(clients + i);
			drop(i);
		} else {
			i++;
		}
	if (n > 1)
		chain_answered();
}

/* ---- waiting ------------------------------------------------------------ */

/* The first deadline is the oldest client's. */
static int
next_timeout(u64 idle)
{
	int ms, other;

	ms = clock_left(idle);
	if (nclients > 0) {
		other = clock_left(clients[0].deadline);
		if (ms < 0 || other < ms)
			ms = other;
	}
	return ms;
}

/* The one with the lowest place stays, so that not all of them go. */
static void
come_late(void)
{
	if (++late < LATE_MAX || !board_has_elders())
		return;
	late = 0;
	in_reserve = TRUE;
}

/* With few clients in a round, and fast ones, one worker less would ask less
   often and keep nobody waiting. */
static int
is_spare(size_t n)
{
	u64 now;
	int few, quick;

	window.clients += n;
	if (++window.rounds < WINDOW)
		return FALSE;
	now = clock_msec();
	few = window.clients < 2 * WINDOW;
	quick = now - window.since < window.clients;	/* one takes a ms */
	window.rounds = window.clients = 0;
	window.since = now;
	return few && quick && chain_takes_many() && board_has_elders();
}

/* Somebody is at the listening socket, or the reserve was called. */
static int
newcomers(void)
{
	char byte;
	u64 until;
	size_t n;

	if (in_reserve) {
		if (read(env->wake, &byte, 1) == 1)
			in_reserve = FALSE;
		if (in_reserve)
			return 0;
	}
	n = gather();
	if (n == 0) {
		come_late();
		return 0;
	}
	late = 0;
	until = clock_msec() + SPREE_MS;
	while (n > 0) {
		serve();
		in_reserve = is_spare(n);
		n = n > 1 && !in_reserve && clock_msec() < until ?
		    gather() : 0;	/* they queue */
	}
	return SERVED;
}

/* Waits, and serves those who have something to say; returns what happened.
   A worker that is to end admits nobody. */
static int
poll_once(u64 idle)
{
	static struct pollfd p[CLIENTS_MAX + P_CLIENTS];
	size_t i, n;
	int r, what = 0;

	p[P_LIFELINE].fd = ending ? -1 : env->lifeline;
	p[P_NEW].fd = ending ? -1 : in_reserve ? env->wake : env->listener;
	p[P_HELPER].fd = ending ? -1 : relay_fd();
	n = nclients;
	for (i = 0; i < n; i++)
		p[i + P_CLIENTS].fd = clients[i].fd;
	for (i = 0; i < n + P_CLIENTS; i++) {
		p[i].events = POLLIN;
		p[i].revents = 0;
	}
	board_say(ending ? BOARD_FREE : in_reserve ? BOARD_RESERVE :
	    BOARD_WAITING);
	r = poll(p, (nfds_t)n + P_CLIENTS, next_timeout(idle));
	board_say(ending ? BOARD_FREE : BOARD_BUSY);
	if (r < 0)
		return 0;
	for (i = n; i-- > 0;)
		if (p[i + P_CLIENTS].revents != 0) {
			r = client_receive(clients + i);
			if (r != E_OK && r != E_BUSY)
				drop(i);
			if (r != E_BUSY)
				what |= SERVED;
		}
	if ((what & SERVED) != 0)
		serve();
	while (nclients > 0 && clock_left(clients[0].deadline) == 0) {
		client_late(clients);
		drop(0);
	}
	if (p[P_LIFELINE].revents != 0 || p[P_HELPER].revents != 0)
		return what | END;	/* others serve the newcomers */
	if (p[P_NEW].revents != 0)
		what |= newcomers();
	return what;
}

void
worker_run(const struct worker_env *e)
{
	u32 secs;
	u64 idle;
	int what;

	env = e;
	in_reserve = board_has_elders();
	secs = e->is_extra ? EXTRA_SECS : IDLE_SECS;
	idle = clock_deadline(secs);
	while (!ending || nclients > 0) {
		what = poll_once(idle);
		if ((what & END) != 0 || relay_is_broken())
			ending = TRUE;
		if ((what & SERVED) == 0 && clock_left(idle) != 0)
			continue;
		if ((what & SERVED) == 0) {
			chain_idle();
			if (e->is_extra && (in_reserve ||
			    board_has_elders()))
				ending = TRUE;
		}
		idle = clock_deadline(secs);
	}
}
