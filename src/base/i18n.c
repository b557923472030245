/* Translated messages: where they are.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/i18n.h"

void
i18n_init(void)
{
	setlocale(LC_MESSAGES, "");
	setlocale(LC_CTYPE, "");
	bindtextdomain("chapar", PATH_LOCALEDIR);
	textdomain("chapar");
}
