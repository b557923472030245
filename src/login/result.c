/* What comes of a login.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/sig.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"
#include "login/penalty.h"

static void delay(u32);
static int refuse(struct login *, int, const char *);

/* Before a refusal is answered; a signal ends it. A client that goes does not:
   its place would be free for the next attempt. */
static void
delay(u32 secs)
{
	struct pollfd p;
	u64 end;

	if (secs == 0)
		return;
	end = clock_deadline(secs);
	p.fd = sig_fd();
	p.events = POLLIN;
	while (!sig_stop_pending() && clock_left(end) > 0)
		if (poll(&p, 1, clock_left(end)) > 0)
			sig_drain();
}

void
login_clean(const char *name, struct str *out)
{
	int i;

	for (i = 0; *name != '\0' && i < LOGIN_NAME_MAX; name++, i++)
		str_catc(out, ascii_isprint((unsigned char)*name) &&
		    strchr(",=[]", *name) == NULL ? *name : '.');
}

void
login_trouble(const struct login *l, const char *what, int no)
{
	/* Not the client's fault: no word that gets it banned. */
	log_info("INFO: LOGIN ERROR, %s, ip=[%s], port=[%s]", what, l->ip,
	    l->port);
	log_err("authentication error: %s", strerror(no != 0 ? no : EIO));
}

/* Logged at once, answered later. */
static int
refuse(struct login *l, int r, const char *what)
{
	log_info("INFO: LOGIN FAILED, %s, ip=[%s], port=[%s]", what, l->ip,
	    l->port);
	/* (of other refusals the monitor knows) */
	if (penalty_is_on() && r != E_PERM && r != E_INVAL)
		login_ask_failed(l);
	if (r == E_SYNTAX && l->front->aborted != NULL) {
		l->front->aborted(l);
		return LOGIN_REFUSED;
	}
	delay(LOGIN_DELAY);
	if (penalty_is_on())
		delay(login_ask_penalty(l));
	if (sig_stop_pending())
		return l->front->ended(l, E_EOF);
	l->front->refused(l, r);
	return LOGIN_REFUSED;
}

int
login_result(struct login *l, int r, const char *what)
{
	int no = errno;

	if (r == E_OK) {
		r = login_ask_enter(l, what);
		no = errno;
	}
	if (r == E_EOF || r == E_TIMEOUT || (r == E_TEMP && sig_stop_pending()))
		return l->front->ended(l, r);
	if (r != E_TEMP)
		return refuse(l, r, what);
	login_trouble(l, what, no);
	l->status = 1;
	io_puts(l->io, l->front->trouble);
	return login_part(l);
}

int
login_mechanism(struct login *l, const char *name, const char *initial)
{
	const struct mech *m;
	struct authinfo none;
	struct str what;
	int r;

	str_init(&what, 0);
	str_cats(&what, "method=");
	login_clean(name, &what);
	ascii_upper(what.data + 7);
	str_trunc(&what, 7 + 31);
	if (initial != NULL && strcmp(initial, "=") == 0)
		initial = "";
	authinfo_init(&none);
	m = mech_here(l, name);
	errno = 0;
	r = m == NULL ? E_NOENT : m->run(l, m, initial, &none);
	r = login_result(l, r, str_c(&what));
	str_free(&what);
	return r;
}

int
login_ending(struct login *l, int r, const char *fields)
{
	const char *what = "DEBUG: Disconnected";

	if (sig_stop_pending()) {
		io_fd_stop_on(NULL);
		what = "NOTICE: Disconnected during shutdown by signal";
	} else if (r == E_TIMEOUT) {
		what = "INFO: TIMEOUT";
	}
	log_info("%s, ip=[%s], port=[%s]%s", what, l->ip, l->port, fields);
	if (*what == 'D')
		return FALSE;
	io_set_deadline(l->io, clock_deadline(1));
	return TRUE;
}

/* Input that nobody has read makes the system reset the connection, which
   can destroy our last words on their way. */
int
login_part(struct login *l)
{
	size_t n, total;

	if (io_flush(l->io) != E_OK)
		return LOGIN_END;
	shutdown(1, SHUT_WR);
	for (total = 0; total < LOGIN_PART_MAX; total += n) {
		io_set_deadline(l->io, clock_msec() + LOGIN_PART_MS);
		if (io_fill(l->io) != E_OK)
			break;
		io_peek_buf(l->io, &n);
		io_take(l->io, n);
	}
	return LOGIN_END;
}
