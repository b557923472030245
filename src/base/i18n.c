/* Translated messages: where they are.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/i18n.h"
#include "base/str.h"

void
i18n_init(void)
{
	setlocale(LC_MESSAGES, "");
	setlocale(LC_CTYPE, "");
	bindtextdomain("chapar", PATH_LOCALEDIR);
	textdomain("chapar");
}

#ifdef ENABLE_NLS

#define CATALOGUE	"chapar"

static const char *any_locale(void);

/* In the C locale nothing is translated, so it takes another; the words are of
   the language that LANGUAGE names. */
static const char *
any_locale(void)
{
	static const char *const names[] = { "C.UTF-8", "C.utf8",
	    "en_US.UTF-8", "en_US.utf8", "" };
	const char *set;
	size_t i;

	for (i = 0; i < NITEMS(names); i++) {
		set = setlocale(LC_MESSAGES, names[i]);
		if (set != NULL && strcmp(set, "C") != 0 &&
		    strcmp(set, "POSIX") != 0)
			return set;
	}
	return NULL;
}

int
i18n_has(const char *lang)
{
	struct str path;
	int has;

	str_init(&path, 0);
	str_catf(&path, "%s/%s/LC_MESSAGES/" CATALOGUE ".mo", PATH_LOCALEDIR,
	    lang);
	has = access(str_c(&path), R_OK) == 0;
	str_free(&path);
	return has;
}

int
i18n_use(const char *lang)
{
	if (any_locale() == NULL || setenv("LANGUAGE", lang, 1) < 0)
		return FALSE;
	bindtextdomain(CATALOGUE, PATH_LOCALEDIR);
	bind_textdomain_codeset(CATALOGUE, "UTF-8");
	return textdomain(CATALOGUE) != NULL;
}

const char *
i18n_text(const char *msgid)
{
	return gettext(msgid);
}

#else

int
i18n_has(const char *lang)
{
	(void)lang;
	return FALSE;
}

int
i18n_use(const char *lang)
{
	(void)lang;
	return FALSE;
}

const char *
i18n_text(const char *msgid)
{
	return msgid;
}

#endif
