/* What was agreed upon, for the program and for its parent.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>
#include <time.h>
#include <openssl/objects.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/num.h"
#include "tls/direct.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"

#define EXPORTER_LABEL	"EXPORTER-Channel-Binding"	/* RFC 9266 2 */
#define EXPORTER_LEN	32
#define OID_MAX		80
#define VALUE_MAX	1024

/* Attribute types below 2.5.4 (X.520), by number. */
static const char *const x520[] = {
	"objectClass", NULL, "knowledgeInformation", "cn", "sn",
	"serialNumber", "c", "l", "st", "street", "o", "ou", "title",
	"description", "searchGuide", "businessCategory", "postalAddress",
	"postalCode", "postOfficeBox", "physicalDeliveryOfficeName",
	"telephoneNumber", "telexNumber", "teletexTerminalIdentifier",
	"facsimileTelephoneNumber", "x121Address",
	"internationaliSDNNumber", "registeredAddress",
	"destinationIndicator", "preferredDeliveryMethod",
	"presentationAddress", "supportedApplicationContext", "member",
	"owner", "roleOccupant", NULL, "userPassword", "userCertificate",
	"cACertificate", "authorityRevocationList",
	"certificateRevocationList", "crossCertificatePair", "name",
	"givenName", "initials", "generationQualifier",
	"x500UniqueIdentifier", "dnQualifier", "enhancedSearchGuide",
	"protocolInformation", "distinguishedName", "uniqueMember",
	"houseIdentifier", "supportedAlgorithms", "deltaRevocationList",
	"dmdName"
};

static const struct {
	const char	*oid;
	const char	*name;
} others[] = {
	{ "2.5.4.65", "pseudonym" },
	{ "0.9.2342.19200300.100.1.1", "uid" },
	{ "0.9.2342.19200300.100.1.3", "mail" },
	{ "0.9.2342.19200300.100.1.25", "dc" },
	{ "1.2.840.113549.1.9.1", "emailaddress" },
	{ NULL, NULL }
};

typedef int attribute_fn(struct session *, const char *, const char *,
	    struct str *);

static const char *attribute_name(const char *);
static int value_text(const ASN1_STRING *, struct str *);
static int each_attribute(struct session *, X509 *, attribute_fn *,
	    struct str *);
static int add_line(struct session *, const char *, const char *,
	    struct str *);
static int send_env(struct session *, const char *, const char *);
static int send_subject(struct session *, const char *, const char *,
	    struct str *);
static void add_names(X509 *, struct str *);
static void add_time(const char *, const ASN1_TIME *, struct str *);
static void add_cert(struct session *, X509 *, struct str *);
static void add_chain(struct session *, struct str *);
static void cipher_name(struct session *, struct str *);
static const char *version_name(struct session *);
static void exporter(struct session *, struct str *);
static int tell_first(struct session *, const struct str *,
	    const struct str *, const struct str *);

/* GnuTLS's name of a type, the dotted number if it has none. */
static const char *
attribute_name(const char *oid)
{
	size_t i;
	u32 n;

	for (i = 0; others[i].oid != NULL; i++)
		if (strcmp(others[i].oid, oid) == 0)
			return others[i].name;
	if (ascii_begins(oid, "2.5.4.") && num_parse_u32(oid + 6, &n) ==
	    E_OK && n < NITEMS(x520) && x520[n] != NULL)
		return x520[n];
	return oid;
}

/* As UTF-8. What could be taken for more than one value is none. */
static int
value_text(const ASN1_STRING *v, struct str *out)
{
	unsigned char *utf8;
	int i, n;

	n = ASN1_STRING_to_UTF8(&utf8, v);
	if (n < 0)
		return E_INVAL;
	str_reset(out);
	for (i = 0; i < n && utf8[i] >= ' ' && utf8[i] != 0x7f; i++)
		;
	if (i == n)
		str_cat(out, utf8, (size_t)n);
	OPENSSL_free(utf8);
	return i == n && !out->toobig ? E_OK : E_INVAL;
}

static int
each_attribute(struct session *s, X509 *x, attribute_fn *fn, struct str *out)
{
	const X509_NAME *name = X509_get_subject_name(x);
	X509_NAME_ENTRY *e;
	char oid[OID_MAX];
	struct str value;
	int i, r = E_OK;

	str_init(&value, VALUE_MAX);
	for (i = 0; r == E_OK && i < X509_NAME_entry_count(name); i++) {
		e = X509_NAME_get_entry(name, i);
		OBJ_obj2txt(oid, sizeof(oid), X509_NAME_ENTRY_get_object(e),
		    1);
		if (value_text(X509_NAME_ENTRY_get_data(e), &value) == E_OK)
			r = fn(s, attribute_name(oid), str_c(&value), out);
		else
			say_info("couriertls: certificate: %s is left out",
			    attribute_name(oid));
	}
	str_free(&value);
	return r;
}

static int
add_line(struct session *s, const char *name, const char *value,
    struct str *out)
{
	(void)s;
	str_catf(out, "   %s=%s\n", name, value);
	return E_OK;
}

static int
send_env(struct session *s, const char *name, const char *value)
{
	struct wall_msg m;

	wall_begin(&m, MSG_ENV);
	wall_adds(&m, name);
	wall_adds(&m, value);
	return wall_send(&s->wall, &m, s->deadline);
}

static int
send_subject(struct session *s, const char *name, const char *value,
    struct str *out)
{
	struct str var;
	int r;

	(void)out;
	str_init(&var, 0);
	str_catf(&var, "TLS_SUBJECT_%s", name);
	ascii_upper(var.data);
	r = send_env(s, str_c(&var), value);
	str_free(&var);
	return r;
}

static void
add_names(X509 *x, struct str *out)
{
	GENERAL_NAMES *names;
	const GENERAL_NAME *g;
	struct str value;
	int i;

	names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	str_init(&value, VALUE_MAX);
	for (i = 0; names != NULL && i < sk_GENERAL_NAME_num(names); i++) {
		g = sk_GENERAL_NAME_value(names, i);
		if (g->type == GEN_DNS && value_text(g->d.dNSName, &value) ==
		    E_OK)
			str_catf(out, "Subject-Alt-Name-DNS: %s\n",
			    str_c(&value));
	}
	str_free(&value);
	GENERAL_NAMES_free(names);
}

static void
add_time(const char *word, const ASN1_TIME *t, struct str *out)
{
	struct tm tm;
	char text[40];

	if (ASN1_TIME_to_tm(t, &tm) == 1 &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm) > 0)
		str_catf(out, "%s: %s\n", word, text);
}

static void
add_cert(struct session *s, X509 *x, struct str *out)
{
	str_cats(out, "Subject:\n");
	(void)each_attribute(s, x, add_line, out);
	str_catc(out, '\n');
	add_names(x, out);
	add_time("Not-Before", X509_get0_notBefore(x), out);
	add_time("Not-After", X509_get0_notAfter(x), out);
}

/* A server's list of a client's chain begins behind the client's own. */
static void
add_chain(struct session *s, struct str *out)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(s->ssl);
	X509 *x = SSL_get_peer_certificate(s->ssl);
	int i;

	if (x != NULL)
		add_cert(s, x, out);
	X509_free(x);
	for (i = s->opts->server ? 0 : 1; chain != NULL &&
	    i < sk_X509_num(chain); i++)
		add_cert(s, sk_X509_value(chain, i), out);
}

static const char *
version_name(struct session *s)
{
	switch (SSL_version(s->ssl)) {
	case TLS1_VERSION:
		return "TLS1.0";
	case TLS1_1_VERSION:
		return "TLS1.1";
	case TLS1_2_VERSION:
		return "TLS1.2";
	}
	return "TLS1.3";
}

/*
 * ECDHE_RSA_AES_256_GCM_SHA384: the standard name without TLS_ and WITH_. TLS
 * 1.3 knows no other key exchanges than those, and the name of the suite does
 * not have the one in it.
 */
static void
cipher_name(struct session *s, struct str *out)
{
	const SSL_CIPHER *c = SSL_get_current_cipher(s->ssl);
	const char *name = c == NULL ? NULL : SSL_CIPHER_standard_name(c);
	const char *with;
	EVP_PKEY *key;
	X509 *x;

	if (name == NULL || !ascii_begins(name, "TLS_"))
		return;
	name += 4;
	if (SSL_version(s->ssl) > TLS1_2_VERSION) {
		x = s->opts->server ? SSL_get_certificate(s->ssl) :
		    SSL_get_peer_certificate(s->ssl);
		key = x == NULL ? NULL : X509_get0_pubkey(x);
		str_cats(out, SSL_session_reused(s->ssl) || key == NULL ?
		    "ECDHE_PSK_" : EVP_PKEY_base_id(key) == EVP_PKEY_RSA ?
		    "ECDHE_RSA_" : "ECDHE_ECDSA_");
		if (!s->opts->server)
			X509_free(x);
	}
	with = strstr(name, "_WITH_");
	if (with != NULL) {
		str_cat(out, name, (size_t)(with - name) + 1);
		name = with + 6;
	}
	str_cats(out, name);
}

/* Below TLS 1.3 the value means something with the extended master secret
   only (RFC 9266 4.2). */
static void
exporter(struct session *s, struct str *out)
{
	unsigned char value[EXPORTER_LEN];

	if (SSL_version(s->ssl) < TLS1_3_VERSION &&
	    SSL_get_extms_support(s->ssl) != 1)
		return;
	if (SSL_export_keying_material(s->ssl, value, sizeof(value),
	    EXPORTER_LABEL, sizeof(EXPORTER_LABEL) - 1,
	    (const unsigned char *)"", 0, 1) == 1)
		hex_encode(value, sizeof(value), out);
	mem_wipe(value, sizeof(value));
}

/* The first process gets what it asked for, and what the program has to know. */
static int
tell_first(struct session *s, const struct str *text, const struct str *all,
    const struct str *binding)
{
	struct wall_msg m;
	X509 *x;
	int r = E_OK;

	if (s->opts->x509 >= 0) {
		wall_begin(&m, MSG_X509);
		wall_adds(&m, str_c(text));
		r = wall_send(&s->wall, &m, s->deadline);
	}
	if (r == E_OK)
		r = send_env(s, "TLS_CONNECTED_PROTOCOL", str_c(all));
	if (r == E_OK && binding->len > 0)
		r = send_env(s, "CHAPAR_TLS_EXPORTER", str_c(binding));
	x = SSL_get_peer_certificate(s->ssl);
	if (r == E_OK && x != NULL && s->verify != VERIFY_NONE)
		r = each_attribute(s, x, send_subject, NULL);
	X509_free(x);
	wall_begin(&m, MSG_DONE);
	return r == E_OK ? wall_send(&s->wall, &m, s->deadline) : r;
}

int
report(struct session *s)
{
	struct str text, cipher, all, binding;
	int bits, r;

	str_init(&text, WALL_MAX / 2);
	str_init(&cipher, 0);
	str_init(&all, 0);
	str_init(&binding, 0);
	bits = SSL_get_cipher_bits(s->ssl, NULL);
	cipher_name(s, &cipher);
	exporter(s, &binding);
	add_chain(s, &text);
	str_catf(&text, "Version: %s\nBits: %d\nCipher: %s\n",
	    version_name(s), bits, str_c(&cipher));
	if (binding.len > 0)
		str_catf(&text, "Exporter: %s\n", str_c(&binding));
	str_catf(&all, "%s,%dbits,%s", version_name(s), bits, str_c(&cipher));
	r = s->wall.fd < 0 ? direct_tell(s, &text) :
	    tell_first(s, &text, &all, &binding);
	str_free(&text);
	str_free(&cipher);
	str_free(&all);
	str_free(&binding);
	return r;
}
