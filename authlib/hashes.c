/* Digests of passwords, as they are stored.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_CRYPT_H
#include <crypt.h>
#endif

#include "authlib/helpers.h"
#include "authlib/text.h"

#define DIGEST_MAX	64
#define BASE64_MAX	((DIGEST_MAX + 2) / 3 * 4 + 1)
#define MD5_SALT	8
#define CRYPT_MAX	64
#define SSHA_SALT	4

static const char *in_base64(const unsigned char *, size_t, char *);

static const char *
in_base64(const unsigned char *digest, size_t n, char *buf)
{
	char *s = authlib_base64((const char *)digest, n);

	*buf = '\0';
	if (s != NULL)
		text_copy(buf, BASE64_MAX, s);
	free(s);
	return buf;
}

const char *
md5_hash_courier(const char *password)
{
	static char buf[BASE64_MAX];
	unsigned char d[DIGEST_MAX];

	md5_digest(password, (unsigned int)strlen(password), d);
	return in_base64(d, 16, buf);
}

const char *
md5_hash_raw(const char *password)
{
	static char buf[33];
	unsigned char d[DIGEST_MAX];
	int i;

	md5_digest(password, (unsigned int)strlen(password), d);
	for (i = 0; i < 16; i++) {
		buf[2 * i] = "0123456789abcdef"[d[i] >> 4];
		buf[2 * i + 1] = "0123456789abcdef"[d[i] & 15];
	}
	return buf;
}

const char *
sha1_hash(const char *password)
{
	static char buf[BASE64_MAX];
	unsigned char d[DIGEST_MAX];

	sha1_digest(password, (unsigned int)strlen(password), d);
	return in_base64(d, 20, buf);
}

const char *
sha256_hash(const char *password)
{
	static char buf[BASE64_MAX];
	unsigned char d[DIGEST_MAX];

	sha256_digest(password, (unsigned int)strlen(password), d);
	return in_base64(d, 32, buf);
}

const char *
sha512_hash(const char *password)
{
	static char buf[BASE64_MAX];
	unsigned char d[DIGEST_MAX];

	sha512_digest(password, (unsigned int)strlen(password), d);
	return in_base64(d, 64, buf);
}

const char *
ssha_hash(const char *password, unsigned char salt[4])
{
	static char buf[BASE64_MAX];
	unsigned char d[DIGEST_MAX];
	struct sha1_context c;
	unsigned int n = (unsigned int)strlen(password);

	sha1_context_init(&c);
	sha1_context_hashstream(&c, password, n);
	sha1_context_hashstream(&c, salt, SSHA_SALT);
	sha1_context_endstream(&c, n + SSHA_SALT);
	sha1_context_digest(&c, d);
	memcpy(d + 20, salt, SSHA_SALT);
	return in_base64(d, 20 + SSHA_SALT, buf);
}

char *
md5_crypt_redhat(const char *password, const char *salt)
{
#ifdef HAVE_CRYPT
	static char buf[CRYPT_MAX];
	char setting[3 + MD5_SALT + 2];
	const char *made;
	size_t n;

	if (strncmp(salt, "$1$", 3) == 0)
		salt += 3;
	n = strcspn(salt, "$");
	n = n < MD5_SALT ? n : MD5_SALT;
	memcpy(setting, "$1$", 3);
	memcpy(setting + 3, salt, n);
	setting[3 + n] = '$';
	setting[4 + n] = '\0';
	made = crypt(password, setting);
	if (made == NULL || strncmp(made, "$1$", 3) != 0 ||
	    strlen(made) >= sizeof(buf))
		return NULL;
	return text_copy(buf, sizeof(buf), made);
#else
	(void)password;
	(void)salt;
	return NULL;
#endif
}
