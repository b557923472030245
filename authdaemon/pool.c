/* The workers of authdaemond.  SPDX-License-Identifier: ISC */

/*
 * The parent sleeps until a client comes; the worker that gets it wakes the
 * parent, which then looks at the board every TICK_MS until it was quiet for a
 * while. It never reads a byte of a client.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/sig.h"
#include "authdaemon/board.h"
#include "authdaemon/chain.h"
#include "authdaemon/pool.h"
#include "authdaemon/relay.h"
#include "authdaemon/worker.h"

#define RESTART_MS	500	/* before a worker that died is replaced */
#define TICK_MS		10
#define SLEEP_MS	10000	/* at most, whatever was missed */
#define QUIET_TICKS	30	/* until the parent sleeps */
#define BUSY_TICKS	5	/* until there are more workers */
#define FAST		50	/* clients that one serves in a tick, ... */
#define FAST_TOGETHER	10	/* ... or if it takes all who wait, ... */
#define SLOW		1	/* ... and when it has to wait */
#define COMPLAIN_MS	60000	/* between lines about too few workers */

struct worker {
	pid_t	pid;		/* 0: none */
	pid_t	helper;		/* who is root; 0: none */
	int	ending;		/* does not count any more */
	int	is_extra;
};

static void new_lifeline(void);
static void make_pipe(int *);
static void set_defaults(void);
static void work(u32, int) NORETURN;
static void help(int) NORETURN;
static int has_helpers(void);
static int start(int);
static u32 have(void);
static void start_up_to(u32, int);
static void buried(struct worker *, pid_t, int);
static void grow(u32);
static int somebody_waits(void);
static void watch(u32, u32);
static void look(u32, u32);

static struct pool_settings set;
static struct worker workers[BOARD_PLACES];
static struct worker_env env;	/* what workers get, but for is_extra */
static int lifeline[2], alarm_pipe[2], wake[2];
static u64 hold;		/* no worker is started before */
static u64 complained;
static u32 quiet, busy, served;
static u64 looked;

static void
make_pipe(int *p)
{
	int i;

	if (pipe(p) < 0)
		die("pipe() failed: %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		file_cloexec(p[i], TRUE);
		file_nonblock(p[i], TRUE);
	}
}

static void
new_lifeline(void)
{
	make_pipe(lifeline);
	env.lifeline = lifeline[0];
}

void
pool_init(int listener)
{
	env.listener = listener;
	make_pipe(wake);
	env.wake = wake[0];
	make_pipe(alarm_pipe);
	env.alarm = alarm_pipe[1];
	new_lifeline();
}

void
pool_set(const struct pool_settings *s)
{
	set = *s;
}

int
pool_fd(void)
{
	return alarm_pipe[0];
}

/* ---- in the children ---------------------------------------------------- */

static void
set_defaults(void)
{
	close(lifeline[1]);
	close(alarm_pipe[0]);
	sig_default(SIGTERM);
	sig_default(SIGHUP);
	sig_default(SIGCHLD);
}

static void
work(u32 place, int wire)
{
	set_defaults();
	if (set.uid != 0 && proc_become(set.user, set.uid, set.gid) != E_OK) {
		log_err("cannot become uid %lu", (unsigned long)set.uid);
		_exit(1);
	}
	if (set.uid != 0)
		chain_forget();
	board_take_place(place);
	relay_init(wire);
	worker_run(&env);
	chain_idle();
	_exit(0);
}

/* What a worker that is not root may ask of one that is. */
static void
help(int wire)
{
	set_defaults();
	close(lifeline[0]);
	close(env.listener);
	relay_serve(wire);
	chain_idle();
	_exit(0);
}

/* ---- starting ----------------------------------------------------------- */

static int
has_helpers(void)
{
	size_t i;

	for (i = 0; set.uid != 0 && i < chain_count(); i++)
		if (chain_module(i)->needs_root != NULL)
			return TRUE;
	return FALSE;
}

/* FALSE, logged, if the system has no process left. */
static int
start(int is_extra)
{
	struct worker *w;
	int wire[2], split;
	u32 i;

	for (i = 0; i < BOARD_PLACES && (workers[i].pid != 0 ||
	    workers[i].helper != 0); i++)
		;
	if (i == BOARD_PLACES)
		return FALSE;
	w = workers + i;
	wire[0] = wire[1] = -1;
	split = has_helpers() && socketpair(AF_UNIX, SOCK_STREAM, 0,
	    wire) == 0;
	w->ending = FALSE;
	w->is_extra = env.is_extra = is_extra;
	w->helper = split ? fork() : 0;
	if (split && w->helper == 0) {
		close(wire[0]);
		help(wire[1]);
	}
	board_clear(i, BOARD_BUSY);
	w->pid = w->helper < 0 ? -1 : fork();
	if (w->pid == 0) {
		if (split)
			close(wire[1]);
		work(i, wire[0]);
	}
	if (split) {
		close(wire[0]);
		close(wire[1]);
	}
	if (w->helper < 0)
		w->helper = 0;
	if (w->pid > 0)
		return TRUE;
	log_info("CRIT: fork() failed: %s", strerror(errno));
	board_clear(i, BOARD_FREE);
	w->pid = 0;
	w->ending = TRUE;
	return FALSE;
}

static u32
have(void)
{
	u32 i, n;

	for (i = 0, n = 0; i < BOARD_PLACES; i++)
		if (workers[i].pid != 0 && !workers[i].ending)
			n++;
	return n;
}

static void
start_up_to(u32 n, int is_extra)
{
	u32 i;

	i = have();
	if (i < n)
		chain_settings();
	for (; i < n; i++)
		if (!start(is_extra)) {
			hold = clock_msec() + RESTART_MS;
			break;
		}
}

/* ---- ending ------------------------------------------------------------- */

void
pool_dismiss(void)
{
	u32 i;

	close(lifeline[0]);
	close(lifeline[1]);
	for (i = 0; i < BOARD_PLACES; i++) {
		workers[i].ending = TRUE;
		board_clear(i, BOARD_FREE);
	}
	new_lifeline();
}

/* A helper that is gone takes its worker with it: others get the clients. */
static void
buried(struct worker *w, pid_t pid, int status)
{
	if (pid == w->pid) {
		w->pid = 0;
		board_clear((u32)(w - workers), BOARD_FREE);
	} else {
		w->helper = 0;
		if (status == 0)
			return;		/* its worker went first */
	}
	if (!w->ending && status != 0) {
		hold = clock_msec() + RESTART_MS;
		log_err("worker %ld ended (%s %d), another one takes its "
		    "place", (long)pid, WIFSIGNALED(status) ? "signal" :
		    "status", WIFSIGNALED(status) ? WTERMSIG(status) :
		    WEXITSTATUS(status));
	}
	w->ending = TRUE;
}

void
pool_reap(void)
{
	pid_t pid;
	u32 i;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < BOARD_PLACES; i++)
			if (workers[i].pid == pid ||
			    workers[i].helper == pid) {
				buried(workers + i, pid, status);
				break;
			}
}

u32
pool_left(void)
{
	u32 i, n;

	for (i = 0, n = 0; i < BOARD_PLACES; i++)
		n += (workers[i].pid != 0) + (workers[i].helper != 0);
	return n;
}

void
pool_kill(int signo)
{
	u32 i;

	for (i = 0; i < BOARD_PLACES; i++) {
		if (workers[i].pid != 0)
			kill(workers[i].pid, signo);
		if (workers[i].helper != 0)
			kill(workers[i].helper, signo);
	}
}

/* ---- looking after them ------------------------------------------------- */

/* All are busy, and have been for some time. */
static void
grow(u32 n)
{
	u32 more;

	more = n / 2 + 1;
	if (n + more > set.most)
		more = n < set.most ? set.most - n : 0;
	if (more > 0) {
		log_info("INFO: all %u workers are busy, starting %u more",
		    (unsigned int)n, (unsigned int)more);
		start_up_to(n + more, TRUE);
	} else if (complained == 0 || clock_msec() - complained >
	    COMPLAIN_MS) {
		complained = clock_msec();
		log_warn("all %u workers are busy; clients have to wait",
		    (unsigned int)n);
	}
}

static int
somebody_waits(void)
{
	struct pollfd p;

	p.fd = env.listener;
	p.events = POLLIN;
	p.revents = 0;
	return poll(&p, 1, 0) > 0;
}

/*
 * Nobody waits for clients. Where those who listen serve them fast, more would
 * only take turns; else one of the reserve is called, and if there is none and
 * all are slow, there will be more.
 */
static void
watch(u32 n, u32 done)
{
	u32 listening, fast;
	ssize_t k;

	listening = board_count(BOARD_BUSY);
	fast = chain_takes_many() ? FAST_TOGETHER : FAST;
	if (board_count(BOARD_WAITING) > 0 || (listening > 0 &&
	    done >= fast * listening) || !somebody_waits()) {
		busy = 0;
	} else if (board_count(BOARD_RESERVE) > 0) {
		busy = 0;
		k = write(wake[1], "", 1);
		(void)k;
	} else if (done > SLOW * listening) {
		busy = 0;
	} else if (n > 0 && ++busy >= BUSY_TICKS) {
		busy = 0;
		grow(n);
	}
}

/* At the end of each tick. */
static void
look(u32 n, u32 ms)
{
	u32 now, done;

	now = board_served();
	done = now - served;
	served = now;
	quiet = done == 0 ? quiet + 1 : 0;
	watch(n, done * TICK_MS / ms);
}

int
pool_look(void)
{
	char buf[64];
	u64 now;
	u32 n;

	while (read(alarm_pipe[0], buf, sizeof(buf)) > 0)
		quiet = 0;
	now = clock_msec();
	if (now >= hold)
		start_up_to(set.workers, FALSE);
	n = have();
	if (now - looked < TICK_MS)
		return TICK_MS;
	look(n, (u32)(now - looked));
	looked = now;
	chain_settings();
	board_parent_says(quiet > QUIET_TICKS);
	if (n < set.workers || quiet <= QUIET_TICKS ||
	    board_count(BOARD_WAITING) == 0) {
		board_parent_says(FALSE);
		return TICK_MS;
	}
	return SLEEP_MS;
}
