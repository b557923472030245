/* SASL for clients.  SPDX-License-Identifier: ISC */

#ifndef COURIERAUTHSASLCLIENT_H
#define COURIERAUTHSASLCLIENT_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Who logs in, and how words go to the server and back; the last argument is
 * conv_func_arg. sasl_funcs: the methods that the server takes, with blanks
 * between. Order and types are the ABI.
 */
struct authsaslclientinfo {
	const char	*userid;
	const char	*password;
	const char	*sasl_funcs;

	/* Starts a method, maybe with a first response (NULL: none); says a
	   response. Return the server's challenge, base64, NULL: it failed. */
	const char	*(*start_conv_func)(const char *method,
			    const char *response, void *);
	const char	*(*conv_func)(const char *response, void *);

	/* The last response; a method of one step. The result is
	   auth_sasl_client's. */
	int		(*final_conv_func)(const char *response, void *);
	int		(*plain_conv_func)(const char *method,
			    const char *response, void *);
	void		*conv_func_arg;
};

/* The best method of both. AUTHSASL_NOMETHODS: none; AUTHSASL_CANCELLED: the
   server gave up; AUTHSASL_ERROR: its challenge is no base64. */
int	auth_sasl_client(const struct authsaslclientinfo *);

#ifdef __cplusplus
}
#endif
#endif
