/* SASL for servers.  SPDX-License-Identifier: ISC */

#ifndef COURIERAUTHSASL_H
#define COURIERAUTHSASL_H

#ifdef __cplusplus
extern "C" {
#endif

#define AUTHSASL_OK		0
#define AUTHSASL_ERROR		(-1)
#define AUTHSASL_ABORTED	(-2)
#define AUTHSASL_NOMETHODS	(-3)
#define AUTHSASL_CANCELLED	(-4)

#define AUTHTYPE_LOGIN		"login"
#define AUTHTYPE_CRAMMD5	"cram-md5"
#define AUTHTYPE_CRAMSHA1	"cram-sha1"
#define AUTHTYPE_CRAMSHA256	"cram-sha256"

/* Says a challenge (base64) and returns the answer (base64, malloc-ed), or
   NULL if none came. */
typedef char *authsasl_conv_fn(const char *challenge, void *);

/*
 * Runs a method: PLAIN, LOGIN, CRAM-SHA256, CRAM-SHA1, CRAM-MD5; EXTERNAL if
 * externalauth, the userid that was proved elsewhere, is not NULL.
 * initresponse: base64, NULL for none. AUTHSASL_OK: what auth_generic wants is
 * in *authtype and *authdata, both malloc-ed. AUTHSASL_ABORTED: the client said
 * "*" or what is none of the method's. AUTHSASL_ERROR: all else; errno ENOENT:
 * no such method.
 */
int	auth_sasl_ex(const char *method, const char *initresponse,
	    const char *externalauth, authsasl_conv_fn *, void *,
	    char **authtype, char **authdata);
int	auth_sasl(const char *method, const char *initresponse,
	    authsasl_conv_fn *, void *, char **authtype, char **authdata);

/* Whom they name, malloc-ed; or NULL. */
char	*auth_sasl_extract_userid(const char *authtype, const char *authdata);

/* A method, for those who have a table of them. */
struct authsasl_info {
	const char	*sasl_method;
	int		(*sasl_func)(const char *, const char *,
			    authsasl_conv_fn *, void *, char **, char **);
};

/* In libcourierauthcommon. In place, the length or -1; and malloc-ed, in one
   line, of that many bytes or (-1) of a string. */
int	authsasl_frombase64(char *);
char	*authsasl_tobase64(const char *, int);

#ifdef __cplusplus
}
#endif
#endif
