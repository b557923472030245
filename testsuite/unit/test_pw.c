/* authdaemon/: stored passwords and CRAM, with the vectors of
   authdaemon.md 5.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "authdaemon/cram.h"
#include "authdaemon/pw_check.h"

#include "t.h"

#ifdef HAVE_OPENSSL
static void stored(void);
static void crypt_names(void);
static void changes(void);
static void challenges(void);

/* A new password is stored as the old one was, where crypt(3) knows how. */
static void
changes(void)
{
	static const struct {
		const char	*old;
		size_t		same;	/* bytes that stay */
	} t[] = {
		{ "$1$abcdefgh$0123456789012345678901", 3 },
		{ "{CRYPT}$1$abcdefgh$0123456789012345678901", 10 },
		{ "$5$salt$hash", 3 },
		{ "$6$saltsalt$hash", 3 },
		{ "$6$rounds=1000$saltsalt$hash", 15 },
		{ "$2y$04$0123456789012345678901"
		    "0123456789012345678901234567890", 7 },
		{ "$2b$04$0123456789012345678901"
		    "0123456789012345678901234567890", 7 },
		{ "$y$j75$0123456789012345678901$hash", 7 },
		{ "abNANd1rDfiNc", 0 },
		{ "$2y$04$short", 0 },
		{ "$6$rounds=99999999999999999999999$x$y", 0 },
		{ "$y$", 0 }
	};
	struct str a, b;
	size_t i;

	str_init(&a, 0);
	str_init(&b, 0);
	for (i = 0; i < NITEMS(t); i++) {
		str_reset(&a);
		str_reset(&b);
		T_INT(pw_make("new", t[i].old, &a), E_OK);
		T_INT(pw_make("new", t[i].old, &b), E_OK);
		T_INT(pw_check("new", str_c(&a)), E_OK);
		T_INT(pw_check("neW", str_c(&a)), E_PERM);
		T_OK(strcmp(str_c(&a), str_c(&b)) != 0);
		if (t[i].same == 0 || strncmp(str_c(&a), "{SSHA}", 6) == 0)
			T_OK(strncmp(str_c(&a), "{SSHA}", 6) == 0);
		else
			T_OK(strncmp(str_c(&a), t[i].old, t[i].same) == 0);
	}
	/* What every crypt(3) has. */
	str_reset(&a);
	pw_make("new", t[0].old, &a);
	T_OK(strncmp(str_c(&a), "$1$", 3) == 0);
	str_free(&a);
	str_free(&b);
}

static void
stored(void)
{
	static const char *const good[] = {
		"{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==", "{md5}Xr4ilOzQ4PCOq3aQ0qbuaQ==",
		"{MD5RAW}5ebe2294ecd0e0f08eab7690d2a6ee69",
		"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
		"{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
		"{SSHA}+RFhsab2AfzZ0VfEdyknXtUT06RhYmNk", "abNANd1rDfiNc",
		"{CRYPT}abNANd1rDfiNc",
		"{SSHA256}oBmrdHcA6OZEkkCLeXh71YAerbvhXz1qqwjrPsXmEtNzYWx0c2Fs"
		"dA==",
		"{ssha512}aCu7JRc+kLsuEmFs1zTY+AiP7DSGnjjG+dH28Dp+E5usqoAixeTP"
		"ihKqZmkWal4mUfp63tqvCAkFV1LKTDFH6XNhbHRzYWx0"
	};
	static const char *const bad[] = {
		"", "secret", "{PLAIN}secret", "{SHA1}5en6G6MezRroT3XKqkdPOmY/BfQ=",
		"{MD5RAW}5EBE2294ECD0E0F08EAB7690D2A6EE69",
		"{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ", "{MD5}", "{SSHA}", "*", "!",
		"{CRYPT}{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==", "{CRYPT}", "$1$",
		"{BLF-CRYPT}", "{SHA512-CRYPT}secret", "{SSHA256}",
		"{SSHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
		"5ebe2294ecd0e0f08eab7690d2a6ee69"
	};
	static const char *const hints[] = {
		"$1$", "{MD5}x", "{MD5RAW}x", "{SHA}x", "{SHA256}x",
		"{SHA512}x", "{SSHA}x", "{SSHA256}x", "{SSHA512}x", "", "$7$x"
	};
	struct str s;
	size_t i;

	for (i = 0; i < NITEMS(good); i++) {
		T_INT(pw_check("secret", good[i]), E_OK);
		T_INT(pw_check("secre", good[i]), E_PERM);
		T_INT(pw_check("", good[i]), E_PERM);
	}
	for (i = 0; i < NITEMS(bad); i++)
		T_INT(pw_check("secret", bad[i]), E_PERM);
	T_INT(pw_check("", ""), E_PERM);
	T_INT(pw_equal("a", "a"), E_OK);
	T_INT(pw_equal("a", "ab"), E_PERM);
	T_INT(pw_equal("", ""), E_PERM);
	str_init(&s, 0);
	for (i = 0; i < NITEMS(hints); i++) {
		str_reset(&s);
		T_INT(pw_make("new", hints[i], &s), E_OK);
		T_INT(pw_check("new", str_c(&s)), E_OK);
		T_OK(strncmp(str_c(&s), i < 9 ? hints[i] : "{SSHA}",
		    i == 0 ? 3 : i == 7 || i == 8 ? 9 : 5) == 0);
	}
	str_free(&s);
}

/* Names of other programs for forms of crypt(3), where it knows these. */
static void
crypt_names(void)
{
	static const struct {
		const char	*name;
		const char	*form;	/* of "secret" */
	} t[] = {
		{ "{SHA512-CRYPT}",
		    "$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U"
		    "0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1" },
		{ "{SHA256-CRYPT}",
		    "$5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA" },
		{ "{BLF-CRYPT}",
		    "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8"
		    "WIrW" },
		{ "", "$y$j75$abcdefghijklmnopqrstu.$cQjAYfMwB51ACkjNBqV7OEAUe"
		    "mp/TRZgJmoQ3b5QsN8" }
	};
	struct str s, made;
	size_t i, n;

	str_init(&s, 0);
	str_init(&made, 0);
	for (i = 0; i < NITEMS(t); i++) {
		if (pw_check("secret", t[i].form) != E_OK)
			continue;	/* crypt(3) does not know it */
		n = strlen(t[i].name);
		str_reset(&s);
		str_catf(&s, "%s%s", t[i].name, t[i].form);
		T_INT(pw_check("secret", str_c(&s)), E_OK);
		T_INT(pw_check("secreT", str_c(&s)), E_PERM);
		/* Only its own form: of the next row, of DES. */
		str_reset(&s);
		str_catf(&s, "%s%s", t[i].name, t[(i + 1) % NITEMS(t)].form);
		T_INT(pw_check("secret", str_c(&s)), n > 0 ? E_PERM : E_OK);
		str_reset(&s);
		str_catf(&s, "%sabNANd1rDfiNc", t[i].name);
		T_INT(pw_check("secret", str_c(&s)), n > 0 ? E_PERM : E_OK);
		/* A new one by the old one, and by the name alone. */
		str_reset(&s);
		str_catf(&s, "%s%s", t[i].name, t[i].form);
		str_reset(&made);
		T_INT(pw_make("new", str_c(&s), &made), E_OK);
		T_INT(pw_check("new", str_c(&made)), E_OK);
		T_OK(strncmp(str_c(&made), str_c(&s), n + 3) == 0);
		str_reset(&s);
		T_INT(pw_make("new", t[i].name, &s), E_OK);
		T_INT(pw_check("new", str_c(&s)), E_OK);
		T_OK(n == 0 || (strncmp(str_c(&s), t[i].name, n) == 0 &&
		    strncmp(str_c(&s) + n, t[i].form, 3) == 0));
	}
	str_free(&s);
	str_free(&made);
}

static void
challenges(void)
{
	static const char challenge[] =
	    "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\n";
	static const char *const v[][3] = {
		{ "cram-md5", "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
		  "d06d4e1b26fccaa4b0b61801132340a354b21152711fb604ca3e035e"
		  "7015116b" },
		{ "cram-sha1", "dGltIDhjYjEwZWQwYThiNzY0YWIwZTA1MTI1ZGQ2ZWFhMjk1"
		  "ZjE5YjU5NDM=",
		  "72724befb173b1ee5f79c09801b9b15e11d805fe02b49c1d1d00921"
		  "723b52bcb862c04fa52876446" },
		{ "cram-sha256", "dGltIGYwMDExYmJmN2MxNjE4ZWY5MGUzZjE4MTQ4ZTVlZGE0"
		  "ZTE1NjMxYzljMzhlYmVmMDYyYmY3MTQzZmY3MmU5NDQ=",
		  "0dc4407ecdb637a66615a85f4d5632c459c57a86c2038fdd81a8804b"
		  "c34a93695325d19c44d48eabed0476bc8078e0987eeaf4fff2267de3"
		  "e00f539ba83f6225" }
	};
	struct str data, state;
	struct cram c;
	size_t i;

	str_init(&data, 0);
	str_init(&state, 0);
	for (i = 0; i < NITEMS(v); i++) {
		str_reset(&data);
		str_cats(&data, challenge);
		str_cats(&data, v[i][1]);
		str_catc(&data, '\n');
		T_INT(cram_decode(v[i][0], str_c(&data), &c), E_OK);
		T_STR(c.userid, "tim");
		T_INT(cram_check_clear(&c, "tanstaaftanstaaf"), E_OK);
		T_INT(cram_check_clear(&c, "tanstaaftanstaa"), E_PERM);
		T_INT(cram_check_clear(&c, ""), E_PERM);
		T_INT(cram_check_state(&c, v[i][2]), E_OK);
		T_INT(cram_check_state(&c, v[(i + 1) % 3][2]), E_PERM);
		str_reset(&state);
		T_INT(cram_make_state(v[i][0] + 5, "tanstaaftanstaaf",
		    &state), E_OK);
		T_STR(str_c(&state), v[i][2]);
		cram_free(&c);
	}
	T_INT(cram_decode("cram-md4", str_c(&data), &c), E_PERM);
	T_INT(cram_decode("cram-md5", "QUJD", &c), E_PERM);
	T_INT(cram_decode("cram-md5", "QUJD\n!!!!\n", &c), E_PERM);
	str_free(&data);
	str_free(&state);
}

#else
/* Schemes that cannot be computed never match. */
static void
without(void)
{
	T_INT(pw_check("secret", "{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ=="), E_PERM);
	T_INT(pw_check("secret", "secret"), E_PERM);
	T_INT(pw_check("", ""), E_PERM);
	T_INT(pw_equal("a", "a"), E_OK);
	T_INT(pw_equal("a", "ab"), E_PERM);
	T_INT(pw_equal("", ""), E_PERM);
}
#endif

int
main(void)
{
#ifdef HAVE_OPENSSL
	stored();
	changes();
	crypt_names();
	challenges();
#else
	without();
#endif
	return t_done();
}
