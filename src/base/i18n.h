/* gettext, or its no-op twins.  SPDX-License-Identifier: ISC */

#ifndef BASE_I18N_H
#define BASE_I18N_H

/*
 * For what tools say to people. Protocol answers, log lines, files, and what
 * scripts read from a tool's standard output are never translated, but for the
 * texts of a client that asked for a language of its own.
 */

#ifdef ENABLE_NLS
#include <libintl.h>
#include <locale.h>
#define _(s)		gettext(s)
#else
#define _(s)		(s)
#define ngettext(s, p, n)	((n) == 1 ? (s) : (p))
#define setlocale(c, l)		((void)0)
#define bindtextdomain(d, p)	((void)0)
#define textdomain(d)		((void)0)
#endif
#define N_(s)		s

/* First call of a tool's main: the user's language, our catalogues. */
void	i18n_init(void);

/* Is there a catalogue of this language ("de")? i18n_use makes i18n_text give
   its words, in UTF-8, whatever the process's locale is; FALSE: it cannot. */
int	i18n_has(const char *lang);
int	i18n_use(const char *lang);
const char *i18n_text(const char *msgid);

#endif
