/* CRAM logins taken apart and checked (authdaemon.md 5.4).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/hex.h"
#include "base/mem.h"
#include "authlib/authcommon.h"
#include "authlib/courierauthdebug.h"
#include "authlib/helpers.h"

#define PREFIX		"cram-"
#define LEN_MAX		32

typedef int say_fn(const char *, ...);

static int say_nothing(const char *, ...);
static char *next_word(char **);
static int take_apart(const char *, char *, struct cram_callback_info *,
    say_fn *);
static int unhex(const char *, size_t, unsigned char *);
static int verdict(int);
static int check(struct hmac_hashinfo *, const char *, const char *,
    const unsigned char *, const unsigned char *);

static int
say_nothing(const char *fmt, ...)
{
	(void)fmt;
	return 0;
}

/* Words between line ends. */
static char *
next_word(char **p)
{
	char *word = *p + strspn(*p, "\n");

	*p = word + strcspn(word, "\n");
	if (**p != '\0')
		*(*p)++ = '\0';
	return *word == '\0' ? NULL : word;
}

static int
take_apart(const char *authtype, char *authdata,
    struct cram_callback_info *info, say_fn *say)
{
	struct hmac_hashinfo **h;
	char *challenge = NULL, *response = NULL, *sp;

	info->h = NULL;
	info->user = info->challenge = info->response = NULL;
	if (strncmp(authtype, PREFIX, sizeof(PREFIX) - 1) == 0) {
		challenge = next_word(&authdata);
		response = challenge == NULL ? NULL : next_word(&authdata);
	}
	if (response == NULL) {
		say("Unsupported authentication type: %s", authtype);
		return -1;
	}
	say("cram: challenge=%s, response=%s", challenge, response);
	authtype += sizeof(PREFIX) - 1;
	for (h = hmac_list; *h != NULL; h++)
		if (strcmp((*h)->hh_name, authtype) == 0)
			break;
	if (*h == NULL || authlib_unbase64(challenge) <= 0 ||
	    authlib_unbase64(response) < 0) {
		say("cram: invalid base64 encoding, or unknown method: "
		    PREFIX "%s", authtype);
		return -1;
	}
	sp = strrchr(response, ' ');
	if (sp == NULL) {
		say("cram: invalid base64 encoding");
		return -1;
	}
	*sp++ = '\0';
	info->h = *h;
	info->user = response;
	info->challenge = challenge;
	info->response = sp;
	say("cram: decoded challenge/response, username '%s'", info->user);
	return 0;
}

int
auth_get_cram(const char *authtype, char *authdata,
    struct cram_callback_info *info)
{
	return take_apart(authtype, authdata, info, courier_authdebug_printf);
}

int
auth_get_cram_silent(const char *authtype, char *authdata,
    struct cram_callback_info *info)
{
	return take_apart(authtype, authdata, info, say_nothing);
}

/* n bytes; TRUE. */
static int
unhex(const char *s, size_t n, unsigned char *out)
{
	int a, b;

	for (; n > 0; n--, s += 2) {
		a = hex_value((unsigned char)s[0]);
		b = a < 0 ? -1 : hex_value((unsigned char)s[1]);
		if (b < 0)
			return FALSE;
		*out++ = (unsigned char)(a << 4 | b);
	}
	return TRUE;
}

static int
verdict(int ok)
{
	courier_authdebug_printf("cram validation %s",
	    ok ? "succeeded" : "failed");
	return ok ? 0 : -1;
}

static int
check(struct hmac_hashinfo *h, const char *challenge, const char *response,
    const unsigned char *outer, const unsigned char *inner)
{
	unsigned char want[LEN_MAX], given[LEN_MAX];

	if (strlen(response) != 2 * h->hh_L ||
	    !unhex(response, h->hh_L, given))
		return verdict(FALSE);
	hmac_hashtext(h, challenge, strlen(challenge), outer, inner, want);
	return verdict(mem_equal_consttime(want, given, h->hh_L));
}

int
auth_verify_cram(struct hmac_hashinfo *h, const char *challenge,
    const char *response, const char *hexstate)
{
	unsigned char outer[LEN_MAX], inner[LEN_MAX];
	int r;

	if (strlen(hexstate) != 4 * h->hh_L ||
	    !unhex(hexstate, h->hh_L, outer) ||
	    !unhex(hexstate + 2 * h->hh_L, h->hh_L, inner))
		return verdict(FALSE);
	r = check(h, challenge, response, outer, inner);
	mem_wipe(outer, sizeof(outer));
	mem_wipe(inner, sizeof(inner));
	return r;
}

int
auth_cram_callback(struct authinfo *a, void *arg)
{
	struct cram_callback_info *info = arg;
	unsigned char outer[LEN_MAX], inner[LEN_MAX];
	int r;

	if (a->clearpasswd == NULL)
		return -1;
	if (*a->clearpasswd == '\0')
		return verdict(FALSE);
	hmac_hashkey(info->h, a->clearpasswd, strlen(a->clearpasswd), outer,
	    inner);
	r = check(info->h, info->challenge, info->response, outer, inner);
	mem_wipe(outer, sizeof(outer));
	mem_wipe(inner, sizeof(inner));
	return r != 0 ? r : info->callback_func(a, info->callback_arg);
}
