/* What a client says before TLS.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/str.h"
#include "tls/dialogue.h"
#include "tls/tls.h"

#define LINE_SECONDS	60
#define LINE_MAX_LEN	8192
#define ECHO_MAX	255	/* bytes of a line that are shown */

struct talk {
	struct io	*io;
	int		echo;
	struct str	line;
};

static int next(struct talk *);
static int imap_answer(struct talk *, int);
static int imap(struct talk *);
static int pop3_answer(struct talk *);
static int pop3(struct talk *);
static int smtp_answer(struct talk *);
static int smtp(struct talk *);

/* To add a protocol: a row, and a function that talks. */
static const struct {
	const char	*name;
	int		(*talk)(struct talk *);
} protocols[] = {
	{ "imap", imap },
	{ "pop3", pop3 },
	{ "smtp", smtp },
	{ NULL, NULL }
};

/* A line of the server's, shown. */
static int
next(struct talk *t)
{
	struct str shown;
	int r;

	str_reset(&t->line);
	r = io_flush(t->io);
	io_set_deadline(t->io, clock_deadline(LINE_SECONDS));
	if (r == E_OK)
		r = io_get_line(t->io, LINE_MAX_LEN, &t->line);
	if (r != E_OK)
		return r;
	str_init(&shown, 0);
	str_cat(&shown, str_c(&t->line), t->line.len < ECHO_MAX ?
	    t->line.len : ECHO_MAX);
	str_catc(&shown, '\n');
	r = file_write_all(t->echo, shown.data, shown.len);
	str_free(&shown);
	return r;
}

/* The answer to our command, or to nothing: the greeting. */
static int
imap_answer(struct talk *t, int tagged)
{
	const char *s;
	int r;

	while ((r = next(t)) == E_OK) {
		s = str_c(&t->line);
		if (ascii_casebegins(s, tagged ? "x OK" : "* OK"))
			return E_OK;
		if (ascii_casebegins(s, "* BYE") ||
		    ascii_casebegins(s, "* BAD") ||
		    ascii_casebegins(s, "* NO") ||
		    ascii_casebegins(s, "x "))
			return E_PERM;
	}
	return r;
}

static int
imap(struct talk *t)
{
	int r;

	r = imap_answer(t, FALSE);
	if (r != E_OK)
		return r;
	io_puts(t->io, "x STARTTLS\r\n");
	return imap_answer(t, TRUE);
}

static int
pop3_answer(struct talk *t)
{
	int r;

	r = next(t);
	return r != E_OK ? r : *str_c(&t->line) == '+' ? E_OK : E_PERM;
}

static int
pop3(struct talk *t)
{
	int r;

	r = pop3_answer(t);
	if (r != E_OK)
		return r;
	io_puts(t->io, "STLS\r\n");
	return pop3_answer(t);
}

/* The last line of an answer has no dash behind its number. */
static int
smtp_answer(struct talk *t)
{
	const char *s;
	int r;

	while ((r = next(t)) == E_OK) {
		s = str_c(&t->line);
		if (*s < '1' || *s > '3')
			return E_PERM;
		if (strlen(s) < 4 || s[3] != '-')
			return E_OK;
	}
	return r;
}

static int
smtp(struct talk *t)
{
	char host[256];
	int r;

	if (gethostname(host, sizeof(host)) < 0)
		return E_TEMP;
	host[sizeof(host) - 1] = '\0';
	r = smtp_answer(t);
	if (r != E_OK)
		return r;
	io_putf(t->io, "EHLO %s\r\n", host);
	r = smtp_answer(t);
	if (r != E_OK)
		return r;
	io_puts(t->io, "STARTTLS\r\n");
	return smtp_answer(t);
}

int
tls_protocol_known(const char *name)
{
	size_t i;

	for (i = 0; protocols[i].name != NULL; i++)
		if (strcmp(protocols[i].name, name) == 0)
			return TRUE;
	return FALSE;
}

int
dialogue(const char *name, int fd, int echo)
{
	struct talk t;
	size_t i;
	int r = E_NOTSUP;

	t.io = io_fd_new(fd, fd);
	t.echo = echo;
	str_init(&t.line, 0);
	for (i = 0; protocols[i].name != NULL; i++)
		if (strcmp(protocols[i].name, name) == 0)
			r = protocols[i].talk(&t);
	if (r == E_OK && io_has_input(t.io))
		r = E_INVAL;
	str_free(&t.line);
	io_free(&t.io);
	return r;
}
