/* Blocks of hash functions, by OpenSSL.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>

#include "authdaemon/digest_block.h"

void
digest_md5_block(u32 *h, const unsigned char *block)
{
	MD5_CTX c;

	MD5_Init(&c);
	c.A = h[0];
	c.B = h[1];
	c.C = h[2];
	c.D = h[3];
	MD5_Transform(&c, block);
	h[0] = c.A;
	h[1] = c.B;
	h[2] = c.C;
	h[3] = c.D;
}

void
digest_sha1_block(u32 *h, const unsigned char *block)
{
	SHA_CTX c;

	SHA1_Init(&c);
	c.h0 = h[0];
	c.h1 = h[1];
	c.h2 = h[2];
	c.h3 = h[3];
	c.h4 = h[4];
	SHA1_Transform(&c, block);
	h[0] = c.h0;
	h[1] = c.h1;
	h[2] = c.h2;
	h[3] = c.h3;
	h[4] = c.h4;
}

void
digest_sha256_block(u32 *h, const unsigned char *block)
{
	SHA256_CTX c;
	int i;

	SHA256_Init(&c);
	for (i = 0; i < 8; i++)
		c.h[i] = h[i];
	SHA256_Transform(&c, block);
	for (i = 0; i < 8; i++)
		h[i] = c.h[i];
}

void
digest_sha512_block(u64 *h, const unsigned char *block)
{
	SHA512_CTX c;
	int i;

	SHA512_Init(&c);
	for (i = 0; i < 8; i++)
		c.h[i] = h[i];
	SHA512_Transform(&c, block);
	for (i = 0; i < 8; i++)
		h[i] = c.h[i];
}
