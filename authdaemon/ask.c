/* A password from standard input.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>
#include <termios.h>

#include "base/file.h"
#include "base/str.h"
#include "authdaemon/ask.h"

static int read_line(struct str *);
static int read_hidden(const char *, struct str *);

/* Byte by byte: what follows is for the next question. */
static int
read_line(struct str *out)
{
	size_t start = out->len;
	ssize_t n;
	char c;

	for (;;) {
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_from_errno(errno);
		if (n == 0)
			return out->len > start ? E_OK : E_EOF;
		if (c == '\n')
			return out->toobig ? E_TOOBIG : E_OK;
		str_catc(out, c);
	}
}

static int
read_hidden(const char *prompt, struct str *out)
{
	struct termios was, now;
	int hidden, r;

	file_write_all(STDERR_FILENO, prompt, strlen(prompt));
	hidden = tcgetattr(STDIN_FILENO, &was) == 0;
	if (hidden) {
		now = was;
		now.c_lflag &= ~(tcflag_t)ECHO;
		hidden = tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0;
	}
	r = read_line(out);
	if (hidden)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	return r;
}

int
ask_password(struct str *out)
{
	struct str again;
	int same, r;

	if (!isatty(STDIN_FILENO))
		return read_line(out);
	str_init(&again, out->max);
	do {
		str_reset(out);
		str_reset(&again);
		r = read_hidden("Password: ", out);
		if (r == E_OK)
			r = read_hidden("\nReenter password: ", &again);
		same = strcmp(str_c(out), str_c(&again)) == 0;
		if (r == E_OK && !same)
			fputs("\nPasswords don't match.\n\n", stderr);
	} while (r == E_OK && !same);
	fputs("\n", stderr);
	str_wipe_free(&again);
	return r;
}

int
ask_line(const char *prompt, struct str *out)
{
	if (isatty(STDIN_FILENO)) {
		fputs(prompt, stdout);
		fflush(stdout);
	}
	return read_line(out);
}
