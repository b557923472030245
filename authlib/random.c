/* Random numbers of 128 bits.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/rand.h"
#include "authlib/helpers.h"
#include "authlib/text.h"

void
random128_binary(unsigned char (*out)[16])
{
	if (rand_bytes(*out, sizeof(*out)) != E_OK)
		memset(*out, 0, sizeof(*out));
}

/* Empty if the system has no random bytes: no number is better than one that
   can be guessed. */
const char *
random128(void)
{
	static char buf[33];
	unsigned char v[16];
	size_t i;

	buf[0] = '\0';
	if (rand_bytes(v, sizeof(v)) != E_OK)
		return buf;
	for (i = 0; i < sizeof(v); i++) {
		buf[2 * i] = "0123456789ABCDEF"[v[i] >> 4];
		buf[2 * i + 1] = "0123456789ABCDEF"[v[i] & 15];
	}
	return buf;
}

const char *
random128_alpha(void)
{
	static char buf[33];
	char *p;

	text_copy(buf, sizeof(buf), random128());
	for (p = buf; *p != '\0'; p++)
		if (*p >= '0' && *p <= '9')
			*p = "GHIJKLMNOP"[*p - '0'];
	return buf;
}
