/* authtest: looks an account up, checks or changes its password.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/log.h"
#include "conf/env.h"
#include "authcl/authcl.h"

static int failed(int);
static const char *shown(const char *);
static int report(const struct authinfo *);
static int usage(void);
static const char *options(int *, char ***);

/* The words for what went wrong, those of the C library. */
static int
failed(int r)
{
	fprintf(stderr, "Authentication FAILED: %s\n", strerror(
	    r == E_INVAL ? EINVAL : r == E_PERM ? EPERM : EIO));
	return 1;
}

static const char *
shown(const char *value)
{
	return value != NULL ? value : "(none)";
}

static int
report(const struct authinfo *a)
{
	puts("Authentication succeeded.\n");
	printf("     Authenticated: %s ", shown(a->address));
	if (a->sysusername != NULL)
		printf(" (system username: %s)\n", a->sysusername);
	else if (a->has_uid)
		printf(" (uid %lu, gid %lu)\n", (unsigned long)a->uid,
		    (unsigned long)a->gid);
	else
		puts(" (*** UID/GID initialization error***)");
	printf("    Home Directory: %s\n", shown(a->homedir));
	printf("           Maildir: %s\n", shown(a->maildir));
	printf("             Quota: %s\n", shown(a->quota));
	printf("Encrypted Password: %s\n", shown(a->passwd));
	printf("Cleartext Password: %s\n", shown(a->clearpasswd));
	printf("           Options: %s\n", shown(a->options));
	return 0;
}

static int
usage(void)
{
	fputs("Usage: authtest [-s service] userid [ password "
	    "[ newpassword ] ]\n", stderr);
	return 1;
}

/* Steps over the options; returns the service, NULL for a wrong option. By
   hand: getopt might take a password that begins with '-' for an option. */
static const char *
options(int *argc, char ***argv)
{
	const char *service = "login", *a;

	for (--*argc, ++*argv; *argc > 0 && ***argv == '-'; --*argc, ++*argv) {
		a = **argv;
		if (strcmp(a, "-") == 0 || strcmp(a, "--") == 0) {
			--*argc;
			++*argv;
			break;
		}
		if (strncmp(a, "-s", 2) != 0 || (a[2] == '\0' && *argc < 2))
			return NULL;
		service = a + 2;
		if (*service == '\0') {
			service = *++*argv;
			--*argc;
		}
	}
	return service;
}

int
main(int argc, char **argv)
{
	const char *service;
	struct authcl cl;
	struct authinfo a;
	int r;

	log_init(NULL, TRUE);
	service = options(&argc, &argv);
	if (service == NULL || argc < 1 || argc > 3)
		return usage();
	authcl_init(&cl, env_get("CHAPAR_AUTHSOCKET"));
	cl.remote_ip = env_or("TCPREMOTEIP", "::1");
	cl.default_domain = env_get("DEFDOMAIN");
	cl.domain_sep = env_get("DOMAINSEP");
	if (argc == 3) {
		r = authcl_passwd(&cl, service, argv[0], argv[1], argv[2]);
		if (r != E_OK)
			return failed(r);
		fputs("Password change succeeded.\n", stderr);
		return 0;
	}
	authinfo_init(&a);
	r = argc == 2 ? authcl_login(&cl, service, argv[0], argv[1], &a) :
	    authcl_pre(&cl, service, argv[0], &a);
	r = r == E_OK ? report(&a) : failed(r);
	authinfo_free(&a);
	return r;
}
