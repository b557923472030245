/* userdbpw: a password from standard input, as userdb stores it.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/str.h"
#include "authdaemon/ask.h"
#include "authdaemon/cram.h"
#include "authdaemon/pw_check.h"

#define PASSWORD_MAX	1024

/* The forms it can print: a prefix for pw_make, or a digest's name. The first
   row is the one without an option. */
static const struct form {
	const char	*option;
	const char	*hint;
	const char	*hmac;
} forms[] = {
	{ NULL,			"$1$",	NULL },
	{ "-md5",		"$1$",	NULL },
	{ "-hmac-md5",		NULL,	"md5" },
	{ "-hmac-sha1",		NULL,	"sha1" },
	{ "-hmac-sha256",	NULL,	"sha256" },
	{ "-scram-sha-1",	"{SCRAM-SHA-1}",	NULL },
	{ "-scram-sha-256",	"{SCRAM-SHA-256}",	NULL }
};

static const struct form *find(int, char **);

/* The last option counts. */
static const struct form *
find(int argc, char **argv)
{
	const struct form *found = forms;
	int i;
	size_t k;

	for (i = 1; i < argc; i++) {
		for (k = 1; k < NITEMS(forms) &&
		    strcmp(argv[i], forms[k].option) != 0; k++)
			;
		if (k == NITEMS(forms))
			return NULL;
		found = forms + k;
	}
	return found;
}

int
main(int argc, char **argv)
{
	const struct form *form;
	struct str password, out;
	int r;

	form = find(argc, argv);
	if (form == NULL) {
		fprintf(stderr, "%s: invalid argument.\n", argv[0]);
		return 1;
	}
	str_init(&password, PASSWORD_MAX);
	str_init(&out, 0);
	r = ask_password(&password);
	if (r == E_EOF)
		return 1;
	if (r == E_OK)
		r = form->hmac != NULL ?
		    cram_make_state(form->hmac, str_c(&password), &out) :
		    pw_make(str_c(&password), form->hint, &out);
	str_wipe_free(&password);
	if (r != E_OK) {
		fprintf(stderr, "userdbpw: %s\n", err_text(r));
		return 1;
	}
	puts(str_c(&out));
	str_free(&out);
	return 0;
}
