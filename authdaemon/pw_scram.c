/* Passwords stored as what SCRAM needs to know of them.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "authdaemon/pw_check.h"
#include "authdaemon/scram.h"

/* The same password makes the same keys. A rest in braces has lost its
   prefix. */
int
pw_scram_check(const struct pw_scheme *s, const char *password,
    const char *rest)
{
	struct scram_keys want, k;
	size_t n = digest_size(s->digest);
	int r;

	if (s->prefix[0] == '{')
		rest -= strlen(s->prefix);
	r = scram_read(s->digest, rest, &want);
	if (r == E_OK) {
		k = want;
		r = scram_derive(&k, password);
		if (r != E_OK || !mem_equal_consttime(k.stored, want.stored,
		    n) || !mem_equal_consttime(k.server, want.server, n))
			r = E_PERM;
		mem_wipe(&k, sizeof(k));
	}
	mem_wipe(&want, sizeof(want));
	return r;
}

/* As many iterations as the old one has. */
int
pw_scram_make(const struct pw_scheme *s, const char *password,
    const char *hint, struct str *out)
{
	struct scram_keys k;
	int r;

	if (scram_read(s->digest, hint, &k) != E_OK)
		k.iterations = scram_iterations();
	k.saltlen = SCRAM_SALT_NEW;
	if (rand_bytes(k.salt, k.saltlen) != E_OK)
		return E_TEMP;
	r = scram_derive(&k, password);
	if (r == E_OK)
		r = scram_write(&k, s->prefix[0] == '{' ? SCRAM_BRACES :
		    SCRAM_RFC5803, out);
	mem_wipe(&k, sizeof(k));
	return r == E_OK ? E_OK : E_TEMP;
}
