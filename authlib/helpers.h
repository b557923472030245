/* What else the libraries export, and what they share.
   SPDX-License-Identifier: ISC

   Courier's own programs call these, so they are part of the ABI; they are in
   no installed header. Layouts are the ABI's where a caller allocates. */

#ifndef AUTHLIB_HELPERS_H
#define AUTHLIB_HELPERS_H

/* ---- encodings ---- */

struct libmail_encode_info {
	char	output_buffer[8192];
	int	output_buf_cnt;
	char	input_buffer[57];
	int	input_buf_cnt;		/* quoted-printable: columns used */
	int	(*encoding_func)(struct libmail_encode_info *, const char *,
		    size_t);
	int	(*callback_func)(const char *, size_t, void *);
	void	*callback_arg;
};

/* "base64", "quoted-printable", else as it is (the first letter decides). The
   callback gets the text in large pieces; its result, if not 0, is the result
   of the others, which is 0 else. */
void	libmail_encode_start(struct libmail_encode_info *, const char *,
	    int (*)(const char *, size_t, void *), void *);
int	libmail_encode(struct libmail_encode_info *, const char *, size_t);
int	libmail_encode_end(struct libmail_encode_info *);

/* Of the libraries only: NUL-terminated base64 of n bytes, malloc-ed; NULL
   without memory. And back, in place: the length or -1. */
char	*authlib_base64(const char *, size_t n);
int	authlib_unbase64(char *);

/* 1 to 3 bytes to 4 letters. */
void	authlib_quad(const char *, int n, char *out);

/* ---- numbers ---- */

#define LIBMAIL_NUMBUF	60

/* Decimal text in the buffer of LIBMAIL_NUMBUF bytes, which is returned. */
char	*libmail_str_dev_t(dev_t, char *);
char	*libmail_str_gid_t(gid_t, char *);
char	*libmail_str_ino_t(ino_t, char *);
char	*libmail_str_int64_t(i64, char *);
char	*libmail_str_off_t(off_t, char *);
char	*libmail_str_pid_t(pid_t, char *);
char	*libmail_str_size_t(size_t, char *);
char	*libmail_str_time_t(time_t, char *);
char	*libmail_str_uid_t(uid_t, char *);

/* "0.5K", "12K", "1.5M". */
char	*libmail_str_sizekb(unsigned long, char *);

/* Hexadecimal, upper case, all digits of the type. */
char	*libmail_strh_dev_t(dev_t, char *);
char	*libmail_strh_ino_t(ino_t, char *);
char	*libmail_strh_pid_t(pid_t, char *);
char	*libmail_strh_time_t(time_t, char *);

/* The digits at the beginning; 0 if there are none. The second three move
   the pointer behind them. */
gid_t	libmail_atogid_t(const char *);
time_t	libmail_atotime_t(const char *);
uid_t	libmail_atouid_t(const char *);
gid_t	libmail_strtogid_t(const char **);
time_t	libmail_strtotime_t(const char **);
uid_t	libmail_strtouid_t(const char **);

/* ---- ids ---- */

/* The process gets these ids for ever, or ends with status 1, which is told
   on standard error. gid NULL: the user's primary group. */
void	libmail_changegroup(gid_t);
void	libmail_changeuidgid(uid_t, gid_t);
void	libmail_changeusername(const char *, const gid_t *);

/* Ids of a name, *out_gid (may be NULL) too; else the process ends with 1. */
uid_t	libmail_getuid(const char *, gid_t *out_gid);
gid_t	libmail_getgid(const char *);

/* ---- random numbers ---- */

/* 32 characters, 0-9A-F or G-PA-F, static. */
const char *random128(void);
const char *random128_alpha(void);
void	random128_binary(unsigned char (*)[16]);

/* ---- digests ---- */

/*
 * Contexts. init; hashstream for the pieces, or hash for whole blocks of 64
 * (SHA-512: 128) bytes; endstream with the number of all bytes; digest. The
 * digest of a context that did not end is its inner state, from which restore
 * goes on.
 */
struct md5_context {
	u32		h[4];
	unsigned char	block[64];
	unsigned int	used;
};
struct sha1_context {
	u32		h[5];
	unsigned char	block[64];
	unsigned int	used;
};
struct sha256_context {
	u32		h[8];
	unsigned char	block[64];
	unsigned int	used;
};
struct sha512_context {
	u64		h[8];
	unsigned char	block[128];
	unsigned int	used;
};

#define DIGEST_FUNCTIONS(name, ctx) \
	void	name##_context_init(ctx *); \
	void	name##_context_hash(ctx *, const unsigned char *); \
	void	name##_context_hashstream(ctx *, const void *, unsigned int); \
	void	name##_context_endstream(ctx *, unsigned long); \
	void	name##_context_digest(ctx *, unsigned char *); \
	void	name##_context_restore(ctx *, const unsigned char *); \
	void	name##_digest(const void *, unsigned int, unsigned char *);
DIGEST_FUNCTIONS(md5, struct md5_context)
DIGEST_FUNCTIONS(sha1, struct sha1_context)
DIGEST_FUNCTIONS(sha256, struct sha256_context)
DIGEST_FUNCTIONS(sha512, struct sha512_context)

/* Of a password, static: base64, or hexadecimal for md5_hash_raw; ssha_hash
   with the salt behind the digest. */
const char *md5_hash_courier(const char *);
const char *md5_hash_raw(const char *);
const char *sha1_hash(const char *);
const char *sha256_hash(const char *);
const char *sha512_hash(const char *);
const char *ssha_hash(const char *, unsigned char salt[4]);

/* crypt(3)'s "$1$" form, with that salt, with or without its "$1$"; static.
   NULL if crypt(3) cannot do that. */
char	*md5_crypt_redhat(const char *password, const char *salt);

/* ---- HMAC ---- */

/* A hash function. Order and types are the ABI. */
struct hmac_hashinfo {
	const char	*hh_name;	/* "md5" */
	size_t		hh_B;		/* bytes of a block */
	size_t		hh_L;		/* of a digest */
	size_t		hh_S;		/* of a context */
	void		(*hh_init)(void *);
	void		(*hh_hash)(void *, const char *, unsigned);
	void		(*hh_endhash)(void *, unsigned long);
	void		(*hh_getdigest)(void *, unsigned char *);
	void		(*hh_setdigest)(void *, const unsigned char *);
	/* call with a context, a digest, that lives so long */
	void		(*hh_allocacontext)(void (*)(void *, void *), void *);
	void		(*hh_allocaval)(void (*)(unsigned char *, void *),
			    void *);
};

extern struct hmac_hashinfo hmac_md5, hmac_sha1, hmac_sha256;
extern struct hmac_hashinfo *hmac_list[];	/* NULL ends it */

/* The states after the key's outer and inner block, hh_L bytes each; and the
   HMAC of a text from them. */
void	hmac_hashkey(struct hmac_hashinfo *, const char *key, size_t,
	    unsigned char *outer, unsigned char *inner);
void	hmac_hashtext(struct hmac_hashinfo *, const char *text, size_t,
	    const unsigned char *outer, const unsigned char *inner,
	    unsigned char *hmac);

#endif
