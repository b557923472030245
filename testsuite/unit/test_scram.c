/* authdaemon/: SCRAM, with the examples of RFC 5802 5 and RFC 7677 3.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/str.h"
#include "authdaemon/pw_check.h"
#include "authdaemon/scram.h"

#include "t.h"

#ifdef HAVE_OPENSSL

static const struct {
	const char	*hash;
	const char	*salt;
	const char	*message;
	const char	*proof, *signature;
} example[] = {
	{
		"sha1", "QSXCR+Q6sek8bf92",
		"n=user,r=fyko+d2lbbFgONRv9qkxdawL,"
		"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
		"s=QSXCR+Q6sek8bf92,i=4096,"
		"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
		"v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ="
	}, {
		"sha256", "W22ZaJ0SNY7soEsUEjb6gQ==",
		"n=user,r=rOprNGfwEbeRWgbNEkqO,"
		"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
		"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
		"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
		"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
	}
};

static void examples(void);
static void flips(const struct scram_keys *, struct str *, struct str *);
static void forms(void);
static void refused(void);
static void passwords(void);
static void names(void);

/* Every bit of the proof and of the message counts. */
static void
flips(const struct scram_keys *k, struct str *message, struct str *proof)
{
	unsigned char sig[DIGEST_MAX];
	struct str *s = proof;
	size_t i, accepted = 0;
	int pass;

	for (pass = 0; pass < 2; pass++, s = message)
		for (i = 0; i < 8 * s->len; i++) {
			s->data[i / 8] ^= (char)(1 << i % 8);
			accepted += scram_verify(k, str_c(message),
			    message->len, str_c(proof), sig) == E_OK;
			s->data[i / 8] ^= (char)(1 << i % 8);
		}
	T_INT(accepted, 0);
}

static void
examples(void)
{
	unsigned char sig[DIGEST_MAX];
	struct scram_keys k;
	struct str salt, message, proof, text;
	size_t i;

	for (i = 0; i < NITEMS(example); i++) {
		str_init(&salt, 0);
		str_init(&message, 0);
		str_init(&proof, 0);
		str_init(&text, 0);
		memset(&k, 0, sizeof(k));
		base64_decode(example[i].salt, strlen(example[i].salt),
		    &salt);
		base64_decode(example[i].proof, strlen(example[i].proof),
		    &proof);
		str_cats(&message, example[i].message);
		k.hash = example[i].hash;
		k.iterations = 4096;
		memcpy(k.salt, salt.data, salt.len);
		k.saltlen = salt.len;
		T_INT(scram_derive(&k, "pencil"), E_OK);
		T_INT(scram_verify(&k, str_c(&message), message.len,
		    str_c(&proof), sig), E_OK);
		base64_encode(sig, digest_size(k.hash), &text);
		T_STR(str_c(&text), example[i].signature);
		flips(&k, &message, &proof);
		T_INT(scram_derive(&k, "pencils"), E_OK);
		T_INT(scram_verify(&k, str_c(&message), message.len,
		    str_c(&proof), sig), E_PERM);
		str_free(&salt);
		str_free(&message);
		str_free(&proof);
		str_free(&text);
	}
}

static void
forms(void)
{
	static const char *const form[] = {
		"{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,"
		    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
		    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
		"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
		    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
		    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
	};
	struct scram_keys k;
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(form); i++) {
		T_INT(scram_read("sha1", form[i], &k), E_PERM);
		T_INT(scram_read("sha256", form[i], &k), E_OK);
		T_INT(k.iterations, 4096);
		T_INT(k.saltlen, 16);
		str_reset(&s);
		T_INT(scram_write(&k, (int)i, &s), E_OK);
		T_STR(str_c(&s), form[i]);
		T_INT(pw_check("pencil", form[i]), E_OK);
		T_INT(pw_check("pencils", form[i]), E_PERM);
		T_INT(pw_check("", form[i]), E_PERM);
	}
	str_free(&s);
}

#define SHA1_KEY	"AAAAAAAAAAAAAAAAAAAAAAAAAAA="	/* 20 bytes */

static void
refused(void)
{
	static const char *const bad[] = {
		"", "pencil", "{SCRAM-SHA-1}", "{SCRAM-SHA-1}4096",
		"{SCRAM-SHA-1}4096,QQ==," SHA1_KEY,
		"{SCRAM-SHA-1}4096,QQ==," SHA1_KEY ",",
		"{SCRAM-SHA-1}4096,," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-1}0,QQ==," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-1}-1,QQ==," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-1},QQ==," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-1}4096x,QQ==," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-1}99999999,QQ==," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-1}4096,QQ==," SHA1_KEY "," SHA1_KEY "x",
		"{SCRAM-SHA-1}4096,QQ==," SHA1_KEY ",QQ==",
		"{SCRAM-SHA-1}4096:QQ==$" SHA1_KEY ":" SHA1_KEY,
		"{SCRAM-SHA-256}4096,QQ==," SHA1_KEY "," SHA1_KEY,
		"SCRAM-SHA-1$4096,QQ==," SHA1_KEY "," SHA1_KEY,
		"{SCRAM-SHA-512}4096,QQ==," SHA1_KEY "," SHA1_KEY
	};
	struct scram_keys k;
	size_t i;

	T_INT(scram_read("sha1", "{scram-sha-1}1,QQ==," SHA1_KEY "," SHA1_KEY,
	    &k), E_OK);
	T_INT(scram_read("sha1", NULL, &k), E_PERM);
	for (i = 0; i < NITEMS(bad); i++) {
		T_INT(scram_read("sha1", bad[i], &k), E_PERM);
		T_INT(pw_check("pencil", bad[i]), E_PERM);
	}
}

/* New ones look like the old one, with a salt of their own. */
static void
passwords(void)
{
	static const struct {
		const char	*hint, *begins;
	} t[] = {
		{ "{SCRAM-SHA-256}", "{SCRAM-SHA-256}4096," },
		{ "{scram-sha-1}", "{SCRAM-SHA-1}4096," },
		{ "SCRAM-SHA-256$", "SCRAM-SHA-256$4096:" },
		{ "{SCRAM-SHA-1}5000,QQ==," SHA1_KEY "," SHA1_KEY,
		    "{SCRAM-SHA-1}5000," },
		{ "SCRAM-SHA-1$10:QQ==$" SHA1_KEY ":" SHA1_KEY,
		    "SCRAM-SHA-1$10:" }
	};
	struct str a, b;
	size_t i;

	str_init(&a, 0);
	str_init(&b, 0);
	for (i = 0; i < NITEMS(t); i++) {
		str_reset(&a);
		str_reset(&b);
		T_INT(pw_make("new", t[i].hint, &a), E_OK);
		T_INT(pw_make("new", t[i].hint, &b), E_OK);
		T_OK(strncmp(str_c(&a), t[i].begins,
		    strlen(t[i].begins)) == 0);
		T_OK(strcmp(str_c(&a), str_c(&b)) != 0);
		T_INT(pw_check("new", str_c(&a)), E_OK);
		T_INT(pw_check("neW", str_c(&a)), E_PERM);
	}
	str_free(&a);
	str_free(&b);
}

static void
names(void)
{
	T_STR(scram_hash("SHA-256"), "sha256");
	T_STR(scram_hash("sha-1"), "sha1");
	T_OK(scram_hash("sha-512") == NULL);
	T_OK(scram_hash("") == NULL);
}

int
main(void)
{
	examples();
	forms();
	refused();
	passwords();
	names();
	return t_done();
}

#else

/* No digests, no secrets. */
int
main(void)
{
	struct scram_keys keys;

	memset(&keys, 0, sizeof(keys));
	keys.hash = "sha256";
	keys.iterations = SCRAM_ITERATIONS_MIN;
	T_INT(scram_derive(&keys, "pencil"), E_NOTSUP);
	return t_done();
}

#endif
