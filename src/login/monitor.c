/* The process that keeps its rights.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/wait.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/prestart.h"
#include "login/login.h"

#define PART_SECS	6	/* for the child's last words */
#define SLACK_SECS	10	/* beyond the child's own limits */

static int serve(struct login *, pid_t);
static int end_of(struct login *, pid_t, u32);
static int bad(struct login *, pid_t, int);

/* The child has sent nonsense for the n-th time. */
static int
bad(struct login *l, pid_t child, int n)
{
	log_err("%s: bad request, ip=[%s], port=[%s]", l->front->protocol,
	    l->ip, l->port);
	if (n >= ASK_BAD_MAX)
		kill(child, SIGKILL);
	return n >= ASK_BAD_MAX;
}

/* Answers until the child has ended, or is to end. */
static int
serve(struct login *l, pid_t child)
{
	struct wall_msg m;
	struct str buf;
	u64 end, more;
	int r, n;

	str_init(&buf, WALL_MAX);
	end = clock_deadline(LOGIN_SECS + LOGIN_DELAY + SLACK_SECS);
	n = 0;
	do {
		r = wall_recv(&l->wall, &m, &buf, end);
		if (r == E_OK) {
			r = login_answer(l, &m);
			if (m.fd >= 0)
				close(m.fd);
			more = clock_deadline(LOGIN_DELAY + SLACK_SECS);
			if (more > end)
				end = more;
		}
		mem_wipe(buf.data, buf.len);
		if (r == ASK_BAD || r == E_INVAL)
			r = bad(l, child, r == ASK_BAD ? ++n : ASK_BAD_MAX) ?
			    E_EOF : E_OK;
	} while (r == E_OK && !l->entered && !sig_stop_pending());
	str_wipe_free(&buf);
	return r;
}

/* Waits until the child has ended; its exit status, -1: it has died. */
static int
end_of(struct login *l, pid_t child, u32 secs)
{
	struct wall_msg m;
	struct str buf;
	u64 end;
	int status;

	str_init(&buf, WALL_MAX);
	l->wall.stop = NULL;
	end = clock_deadline(secs);
	while (wall_recv(&l->wall, &m, &buf, end) == E_OK)
		if (m.fd >= 0)
			close(m.fd);
	str_wipe_free(&buf);
	/* (one that has closed its end has ended, or should have) */
	kill(child, SIGKILL);
	if (proc_wait(child, &status) != E_OK)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
login_monitor(struct login *l, pid_t child)
{
	int r, status;

	l->wall.stop = sig_stop_pending;
	l->auth.stop = sig_stop_pending;
	r = serve(l, child);
	if (sig_stop_pending() && !l->entered)
		kill(child, SIGTERM);
	status = end_of(l, child, r == E_TIMEOUT ? 0 : PART_SECS);
	if (l->entered) {
		if (l->elsewhere)
			login_relay(l);
		(void)login_become(l);
		login_trouble(l, l->what, errno);
		(void)file_write_all(1, l->front->trouble,
		    strlen(l->front->trouble));
		status = 1;
	} else if (status < 0) {
		log_err("%s: the process that reads has died, ip=[%s], "
		    "port=[%s]", l->front->protocol, l->ip, l->port);
		status = prestart_crashed();
	}
	authinfo_free(&l->account);
	mem_free(l->tag);
	mem_free(l->what);
	return status;
}
