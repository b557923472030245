/* authpasswd: a password from standard input, as tables store it.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/str.h"
#include "authdaemon/ask.h"
#include "authdaemon/pw_check.h"

#define PASSWORD_MAX	1024
#define METHOD_MAX	15

static const char *hint_for(const char *, struct str *);

/* "md5" asks for {MD5}, and so on; "sha1" is {SHA}. One that is not known
   gives {SSHA}. */
static const char *
hint_for(const char *method, struct str *buf)
{
	size_t n;

	if (method == NULL)
		return "$1$";
	if (ascii_casecmp(method, "sha1") == 0)
		return "{SHA}";
	n = strlen(method);
	str_catc(buf, '{');
	str_cat(buf, method, n < METHOD_MAX ? n : METHOD_MAX);
	str_catc(buf, '}');
	return str_c(buf);
}

int
main(int argc, char **argv)
{
	struct str password, out, hint;
	int r;

	str_init(&password, PASSWORD_MAX);
	str_init(&out, 0);
	str_init(&hint, 0);
	r = ask_password(&password);
	if (r == E_EOF)
		return 1;
	if (r == E_OK)
		r = pw_make(str_c(&password), hint_for(argc > 1 ? argv[1] :
		    NULL, &hint), &out);
	str_wipe_free(&password);
	if (r != E_OK) {
		fprintf(stderr, "authpasswd: %s\n", err_text(r));
		return 1;
	}
	puts(str_c(&out));
	str_free(&out);
	str_free(&hint);
	return 0;
}
