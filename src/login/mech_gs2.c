/* What the mechanisms of RFC 5801 begin with.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "login/mech.h"

/*
 *   saslname = 1*(value-safe-char / "=2C" / "=3D")
 * without control characters.
 */
int
mech_saslname(const char *s, size_t n, struct str *out)
{
	size_t i;

	if (n == 0)
		return E_SYNTAX;
	for (i = 0; i < n; i++) {
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f || s[i] == ',')
			return E_SYNTAX;
		if (s[i] != '=') {
			str_catc(out, s[i]);
			continue;
		}
		if (n - i < 3)
			return E_SYNTAX;
		if (memcmp(s + i, "=2C", 3) == 0)
			str_catc(out, ',');
		else if (memcmp(s + i, "=3D", 3) == 0)
			str_catc(out, '=');
		else
			return E_SYNTAX;
		i += 2;
	}
	return E_OK;
}

/*
 *   gs2-header    = gs2-cb-flag "," [gs2-authzid] ","
 *   gs2-cb-flag   = ("p=" cb-name) / "n" / "y"
 *   gs2-authzid   = "a=" saslname
 *   cb-name       = 1*(ALPHA / DIGIT / "." / "-")
 * The "F" of mechanisms that are not for SASL is an error. An authzid without
 * a byte, as GNU SASL sends it, is none.
 */
size_t
mech_gs2(const char *text, struct str *cb_name, struct str *authzid)
{
	const char *p = text;
	size_t n;

	if (ascii_begins(p, "p=")) {
		for (p += 2; ascii_isalnum((unsigned char)*p) || *p == '.' ||
		    *p == '-'; p++)
			str_catc(cb_name, *p);
		if (cb_name->len == 0)
			return 0;
	} else if (*p++ == '\0' || strchr("ny", p[-1]) == NULL) {
		return 0;
	}
	if (*p++ != ',')
		return 0;
	n = strcspn(p, ",");
	if (n > 0 && (!ascii_begins(p, "a=") || (n > 2 &&
	    mech_saslname(p + 2, n - 2, authzid) != E_OK)))
		return 0;
	p += n;
	return *p == ',' ? (size_t)(p + 1 - text) : 0;
}
