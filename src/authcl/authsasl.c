/* Requests of SASL mechanisms that authdaemond did not always know.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/mem.h"
#include "base/str.h"

#include "authcl/authcl.h"
#include "authcl/authcl_int.h"
#include "authcl/authproto.h"

static int	ask_scram(const struct authcl *, const char *, const char *,
		    struct str *, struct authinfo *);

/* A reply that says yes and nothing of SCRAM is none. */
static int
ask_scram(const struct authcl *cl, const char *service, const char *hash,
    struct str *data, struct authinfo *out)
{
	struct str type;
	int r;

	str_init(&type, 0);
	str_catf(&type, "scram-%s", hash);
	r = authcl_auth(cl, service, str_c(&type), data, out);
	str_free(&type);
	if (r == E_OK && out->scram == NULL) {
		authinfo_free(out);
		r = E_PERM;
	}
	return r;
}

int
authcl_scram_first(const struct authcl *cl, const char *service,
    const char *hash, const char *userid, struct str *out)
{
	struct authinfo a;
	struct str data;
	int r;

	if (authcl_has_control(userid))
		return E_INVAL;
	authinfo_init(&a);
	str_init(&data, AUTHPROTO_DATA_MAX);
	authcl_add_domain(cl, userid, strlen(userid), &data);
	str_catc(&data, '\n');
	r = ask_scram(cl, service, hash, &data, &a);
	if (r == E_OK)
		r = str_cats(out, a.scram);
	authinfo_free(&a);
	return r;
}

int
authcl_scram_final(const struct authcl *cl, const char *service,
    const char *hash, const char *userid, const struct str *message,
    const char *proof, struct authinfo *out)
{
	struct str data;

	if (authcl_has_control(userid) || authcl_has_control(proof))
		return E_INVAL;
	str_init(&data, AUTHPROTO_DATA_MAX);
	authcl_add_domain(cl, userid, strlen(userid), &data);
	str_catc(&data, '\n');
	base64_encode(str_c(message), message->len, &data);
	str_catf(&data, "\n%s\n", proof);
	return ask_scram(cl, service, hash, &data, out);
}

int
authcl_token(const struct authcl *cl, const char *service,
    const char *userid, const char *token, const char *host,
    const char *port, struct authinfo *out)
{
	struct str data;

	if (authcl_has_control(userid) || authcl_has_control(token) ||
	    authcl_has_control(host) || authcl_has_control(port))
		return E_INVAL;
	str_init(&data, AUTHPROTO_DATA_MAX);
	if (*userid != '\0')
		authcl_add_domain(cl, userid, strlen(userid), &data);
	str_catf(&data, "\n%s\n%s\n%s\n", token, host, port);
	return authcl_auth(cl, service, "oauthbearer", &data, out);
}
