/* Message digests and HMAC, from OpenSSL.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_DIGEST_H
#define AUTHDAEMON_DIGEST_H

#define DIGEST_MAX	64

/* The library's types stay in digest.c. Names: md5 sha1 sha256 sha512. */

/* Bytes of the digest, 0 if there is no such name. */
size_t	digest_size(const char *name);

/* Digest of two pieces; out has DIGEST_MAX bytes. E_OK, E_NOTSUP. */
int	digest_make(const char *name, const void *, size_t, const void *,
	    size_t, unsigned char *out);

/* HMAC, RFC 2104. */
int	digest_hmac(const char *name, const void *key, size_t keylen,
	    const void *text, size_t n, unsigned char *out);

/* PBKDF2 with HMAC, RFC 8018 5.2: digest_size bytes. */
int	digest_pbkdf2(const char *name, const char *password,
	    const void *salt, size_t saltlen, u32 iterations,
	    unsigned char *out);

/*
 * The state kept in userdb's hmac-...pw: the hash function's inner state
 * after the outer and after the inner key block, 2 x digest_size bytes. Only
 * md5, sha1, sha256.
 */
int	digest_hmac_state(const char *name, const void *key, size_t keylen,
	    unsigned char *out);

/* HMAC of the text from such a state. */
int	digest_hmac_resume(const char *name, const unsigned char *state,
	    const void *text, size_t n, unsigned char *out);

#endif
