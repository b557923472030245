/* Secrets and proofs of SCRAM, RFC 5802 and RFC 7677.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_SCRAM_H
#define AUTHDAEMON_SCRAM_H

#include "authdaemon/digest.h"

struct str;

#define SCRAM_SALT_MAX		64	/* bytes that we take */
#define SCRAM_SALT_NEW		16	/* bytes that we make */
#define SCRAM_ITERATIONS_MIN	4096	/* of those that we make, RFC 7677 4 */
#define SCRAM_ITERATIONS_MAX	1000000	/* that we are ready to compute */

/* What a server needs to know: RFC 5802 3 shows where it comes from. */
struct scram_keys {
	const char	*hash;		/* "sha1" or "sha256" */
	u32		iterations;
	unsigned char	salt[SCRAM_SALT_MAX];
	size_t		saltlen;
	unsigned char	stored[DIGEST_MAX];	/* StoredKey */
	unsigned char	server[DIGEST_MAX];	/* ServerKey */
};

/* The digest of SCRAM-NAME ("SHA-256", any case), NULL if there is none. */
const char *scram_hash(const char *name);

/* How many iterations new secrets get: CHAPAR_SCRAM_ITERATIONS. */
u32	scram_iterations(void);

/* Stored forms; all but the number are base64:
   "{SCRAM-SHA-256}" iterations "," salt "," StoredKey "," ServerKey
   "SCRAM-SHA-256$" iterations ":" salt "$" StoredKey ":" ServerKey */
enum { SCRAM_BRACES, SCRAM_RFC5803 };

/* Reads one of that digest. E_PERM if it is no such thing. out need not be
   initialised; its hash is there in any case. */
int	scram_read(const char *hash, const char *stored,
	    struct scram_keys *out);

/* Appends that form. */
int	scram_write(const struct scram_keys *, int form, struct str *out);

/* Makes the keys from the password; hash, iterations and salt are there. E_OK,
   E_NOTSUP. */
int	scram_derive(struct scram_keys *, const char *password);

/*
 * Checks the proof (digest_size bytes) for AuthMessage. E_OK: signature holds
 * ServerSignature, as many bytes (DIGEST_MAX is room enough); E_PERM.
 */
int	scram_verify(const struct scram_keys *, const void *message, size_t n,
	    const void *proof, unsigned char *signature);

#endif
