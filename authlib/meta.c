/* What goes in front of a request.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "conf/env.h"
#include "authlib/courierauth.h"
#include "authlib/text.h"

#define REMOTE_IP	"TCPREMOTEIP"

struct auth_meta *
auth_meta_init_default(void)
{
	struct auth_meta *m;
	const char *ip = env_get(REMOTE_IP);

	m = malloc(sizeof(*m));
	if (m == NULL)
		return NULL;
	m->envvars = calloc(2, sizeof(char *));
	if (m->envvars == NULL) {
		free(m);
		return NULL;
	}
	if (ip == NULL)
		return m;
	m->envvars[0] = text_join(REMOTE_IP "=", ip, (char *)NULL);
	if (m->envvars[0] == NULL) {
		auth_meta_destroy_default(m);
		return NULL;
	}
	return m;
}

void
auth_meta_destroy_default(struct auth_meta *m)
{
	char **v;
	int err = errno;

	if (m == NULL)
		return;
	for (v = m->envvars; *v != NULL; v++)
		free(*v);
	free(m->envvars);
	free(m);
	errno = err;
}
