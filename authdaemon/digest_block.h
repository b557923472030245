/* The step of each hash function that takes a block.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_DIGEST_BLOCK_H
#define AUTHDAEMON_DIGEST_BLOCK_H

/* Takes a block of 64 (SHA-512: 128) bytes into the state: 4, 5, 8, 8 words
   (RFC 1321, RFC 6234). */
void	digest_md5_block(u32 *state, const unsigned char *block);
void	digest_sha1_block(u32 *state, const unsigned char *block);
void	digest_sha256_block(u32 *state, const unsigned char *block);
void	digest_sha512_block(u64 *state, const unsigned char *block);

#endif
