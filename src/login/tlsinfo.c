/* What is known of the TLS session (daemons.md 3.6).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/sig.h"
#include "base/str.h"
#include "base/wall.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "conf/prestart.h"
#include "login/login.h"

#define SUBJECT		"TLS_SUBJECT_"
#define PROTOCOL	"TLS_CONNECTED_PROTOCOL"
#define EXPORTER	"CHAPAR_TLS_EXPORTER"
#define EXPORTER_BYTES	32	/* RFC 9266 2 */
#define NAME_MAX_BYTES	128	/* of an attribute */

static int can_bind(void);
static void forget(void);
static void attribute(const char *, const char *);
static void connected(const char *const *);

/* The lines that are kept, in the order in which they are used. */
enum { VERSION, BITS, CIPHER, EXPORT, N_WORDS };
static const char *const words[N_WORDS] = {
	"Version: ", "Bits: ", "Cipher: ", "Exporter: "
};

int
login_tls_binding(struct str *out)
{
	size_t start = out->len;
	const char *hex;

	hex = env_or(EXPORTER, "");
	if (hex_decode(hex, strlen(hex), out) == E_OK &&
	    out->len - start == EXPORTER_BYTES)
		return E_OK;
	str_trunc(out, start);
	return E_PERM;
}

static int
can_bind(void)
{
	struct str bytes;
	int r;

	str_init(&bytes, 0);
	r = login_tls_binding(&bytes);
	str_wipe_free(&bytes);
	return r == E_OK;
}

static void
forget(void)
{
	env_remove(SUBJECT);
	env_set(PROTOCOL, NULL);
	env_set(EXPORTER, NULL);
}

/* A listener's own settings could hold such variables; couriertls sets
   TLS_CONNECTED_PROTOCOL for the program that it starts, nobody else does. */
void
login_tls_init(struct login *l)
{
	l->tls_wait = env_get(PRESTART_TLS_VAR) != NULL;
	env_set(PRESTART_TLS_VAR, NULL);
	if (!l->tls || *env_or(PROTOCOL, "") == '\0')
		forget();
	l->binding = can_bind();
}

/* name=value, of the subject of the client's certificate; the last one of that
   name counts. */
static void
attribute(const char *name, const char *value)
{
	struct str s;
	const char *p;

	for (p = name; ascii_isalnum((unsigned char)*p) || *p == '.'; p++)
		;
	if (*p != '\0' || p == name || p - name > NAME_MAX_BYTES)
		return;
	str_init(&s, 0);
	str_cats(&s, SUBJECT);
	str_cats(&s, name);
	ascii_upper(s.data);
	env_set(str_c(&s), value);
	str_free(&s);
}

static void
connected(const char *const *word)
{
	struct str s;

	str_init(&s, 0);
	str_catf(&s, "%s,%sbits,%s", word[VERSION], word[BITS], word[CIPHER]);
	env_set(PROTOCOL, word[VERSION] != NULL && word[BITS] != NULL &&
	    word[CIPHER] != NULL ? str_c(&s) : "(unknown)");
	env_set(EXPORTER, word[EXPORT]);
	str_free(&s);
}

/*
 *   text = *certificate *( word ": " value LF )
 *   certificate = "Subject:" LF *( "   " name "=" value LF ) LF *line
 * The first certificate is the client's, the others are its issuers'.
 */
void
login_tls_apply(struct login *l, const char *text)
{
	const char *word[N_WORDS] = { NULL, NULL, NULL, NULL };
	char *copy, *line, *end, *eq;
	int subjects, i;

	forget();
	copy = mem_strdup(text);
	subjects = 0;
	for (line = copy; *line != '\0'; line = end) {
		end = line + strcspn(line, "\n");
		if (*end != '\0')
			*end++ = '\0';
		if (strcmp(line, "Subject:") == 0)
			subjects++;
		eq = strchr(line, '=');
		if (*line == ' ' && subjects == 1 && eq != NULL) {
			*eq = '\0';
			attribute(line + strspn(line, " "), eq + 1);
		}
		for (i = 0; i < N_WORDS; i++)
			if (ascii_begins(line, words[i]))
				word[i] = line + strlen(words[i]);
	}
	connected(word);
	mem_free(copy);
	l->tls = TRUE;
	l->binding = can_bind();
	l->tls_required = l->starttls = FALSE;
	env_set(l->front->tls_var, "1");
	env_set(l->front->starttls_var, "NO");
	env_set(l->front->required_var, "0");
}

int
login_tls_take(struct login *l)
{
	struct wall_msg m;
	struct wall w;
	struct str buf;
	int r;

	if (!l->tls_wait)
		return E_OK;
	w.fd = 0;
	w.stop = sig_stop_pending;
	str_init(&buf, WALL_MAX);
	r = file_nonblock(0, TRUE);
	if (r == E_OK)
		r = wall_recv(&w, &m, &buf, clock_deadline(LOGIN_SECS));
	if (r == E_OK) {
		if (m.fd >= 0)
			close(m.fd);
		r = wall_strings(&m, 1) ? file_nonblock(0, FALSE) : E_INVAL;
	}
	if (r == E_OK)
		login_tls_apply(l, m.field[0]);
	str_free(&buf);
	return r;
}
