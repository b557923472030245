/* Signals that only set flags.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <signal.h>

#include "base/file.h"
#include "base/sig.h"

#define SIG_MAX	65

static void caught(int);
static int set(int, void (*)(int));

static volatile sig_atomic_t flags[SIG_MAX];
static int wake[2] = { -1, -1 };

static void
caught(int signo)
{
	int saved;
	ssize_t n;

	saved = errno;
	if (signo > 0 && signo < SIG_MAX)
		flags[signo] = 1;
	if (wake[1] >= 0) {
		n = write(wake[1], "", 1);
		(void)n;
	}
	errno = saved;
}

static int
set(int signo, void (*fn)(int))
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = fn;
	sigemptyset(&sa.sa_mask);
	return sigaction(signo, &sa, NULL) < 0 ? E_TEMP : E_OK;
}

void
sig_forked(void)
{
	int i, fd;

	for (i = 1; i >= 0; i--) {
		fd = wake[i];
		wake[i] = -1;
		if (fd >= 0)
			close(fd);
	}
}

int
sig_catch(int signo)
{
	int i;

	if (wake[0] < 0) {
		if (pipe(wake) < 0)
			return E_TEMP;
		for (i = 0; i < 2; i++) {
			file_cloexec(wake[i], TRUE);
			file_nonblock(wake[i], TRUE);
		}
	}
	return set(signo, caught);
}

int
sig_caught(int signo)
{
	if (!flags[signo])
		return FALSE;
	flags[signo] = 0;
	return TRUE;
}

int
sig_pending(int signo)
{
	return flags[signo] != 0;
}

int
sig_fd(void)
{
	return wake[0];
}

void
sig_drain(void)
{
	char buf[64];

	while (wake[0] >= 0 && read(wake[0], buf, sizeof(buf)) > 0)
		;
}

void
sig_ignore(int signo)
{
	set(signo, SIG_IGN);
}

void
sig_default(int signo)
{
	set(signo, SIG_DFL);
}

void
sig_reset(void)
{
	static const int used[] = { SIGTERM, SIGHUP, SIGINT, SIGCHLD,
	    SIGPIPE };
	size_t i;

	for (i = 0; i < NITEMS(used); i++) {
		sig_default(used[i]);
		flags[used[i]] = 0;
	}
}

static const int stops[] = { SIGTERM, SIGHUP, SIGINT };

void
sig_stop_catch(void)
{
	size_t i;

	for (i = 0; i < NITEMS(stops); i++)
		(void)sig_catch(stops[i]);
}

int
sig_stop_pending(void)
{
	size_t i;

	for (i = 0; i < NITEMS(stops); i++)
		if (sig_pending(stops[i]))
			return TRUE;
	return FALSE;
}

int
sig_stop_caught(void)
{
	size_t i;
	int any;

	any = FALSE;
	for (i = 0; i < NITEMS(stops); i++)
		any |= sig_caught(stops[i]);
	return any;
}
