/* mail/decode.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "mail/decode.h"

#include "t.h"

static const struct {
	const char	*encoding;
	const char	*in;
	const char	*out;
} cases[] = {
	{ "7bit", "a=20\r\n", "a=20\r\n" },
	{ "x-unknown", "a", "a" },
	{ "base64", "aGVsbG8=", "hello" },
	{ "BASE64", "aGVs\r\nbG8", "hello" },
	{ "base64", "aGVs!!bG8=", "hello" },
	{ "base64", "YQ==YQ==", "aa" },
	{ "quoted-printable", "a=C3=a9b", "a\303\251b" },
	{ "quoted-printable", "soft=\r\nline", "softline" },
	{ "quoted-printable", "soft=  \nline", "softline" },
	{ "quoted-printable", "trail  \t\r\nx", "trail\r\nx" },
	{ "quoted-printable", "trail \nx y", "trail\nx y" },
	{ "quoted-printable", "a=zz=4", "a=zz=4" },
	{ "quoted-printable", "a=4zb", "a=4zb" },
	{ "quoted-printable", "end=20", "end " },
	{ "quoted-printable", "a =3D b", "a = b" }
};

int
main(void)
{
	struct decode d;
	struct str s;
	size_t i, j;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(cases); i++) {
		str_reset(&s);
		decode_init(&d, cases[i].encoding);
		decode_feed(&d, cases[i].in, strlen(cases[i].in), &s);
		T_INT(decode_end(&d, &s), E_OK);
		T_STR(str_c(&s), cases[i].out);
		str_reset(&s);
		decode_init(&d, cases[i].encoding);
		for (j = 0; cases[i].in[j] != '\0'; j++)
			decode_feed(&d, cases[i].in + j, 1, &s);
		decode_end(&d, &s);
		T_STR(str_c(&s), cases[i].out);
	}
	T_OK(decode_known("Quoted-Printable") && !decode_known("x-uu"));
	str_free(&s);
	return t_done();
}
