/* base/num, base/pack, base/base64, base/hex.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/pack.h"
#include "base/str.h"

#include "t.h"

static void numbers(void);
static void codes(void);

static void
numbers(void)
{
	char buf[NUM_BUF];
	u8 bytes[8];
	u64 v;
	i64 i;
	u32 n;

	num_u64(buf, U64_MAX);
	T_STR(buf, "18446744073709551615");
	T_INT(num_parse_u64(buf, &v), E_OK);
	T_OK(v == U64_MAX);
	T_INT(num_parse_u64("18446744073709551616", &v), E_SYNTAX);
	T_INT(num_parse_u32("4294967295", &n), E_OK);
	T_INT(num_parse_u32("4294967296", &n), E_SYNTAX);
	T_INT(num_parse_u32("", &n), E_SYNTAX);
	T_INT(num_parse_u32("1 ", &n), E_SYNTAX);
	T_INT(num_parse_u32("-1", &n), E_SYNTAX);
	num_i64(buf, (i64)(~(u64)0 >> 1) * -1 - 1);
	T_STR(buf, "-9223372036854775808");
	T_INT(num_parse_i64(buf, &i), E_OK);
	T_OK(i < 0);
	T_INT(num_parse_i64("9223372036854775808", &i), E_SYNTAX);
	T_INT(num_parse_oct("0755", &n), E_OK);
	T_INT(n, 493);
	T_INT(num_parse_oct("8", &n), E_SYNTAX);
	pack_u64(bytes, U64_MAX - 5);
	T_OK(unpack_u64(bytes) == U64_MAX - 5);
	pack_u32(bytes, 0x01020304U);
	T_MEM(bytes, 4, "\1\2\3\4", 4);
}

static void
codes(void)
{
	static const char *const pairs[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }
	};
	static const char *const bad[] = {
		"Zg=", "Zg", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Z g=", "===="
	};
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(pairs); i++) {
		str_reset(&s);
		base64_encode(pairs[i][0], strlen(pairs[i][0]), &s);
		T_STR(str_c(&s), pairs[i][1]);
		str_reset(&s);
		T_INT(base64_decode(pairs[i][1], strlen(pairs[i][1]), &s),
		    E_OK);
		T_STR(str_c(&s), pairs[i][0]);
	}
	for (i = 0; i < NITEMS(bad); i++)
		T_INT(base64_decode(bad[i], strlen(bad[i]), &s), E_SYNTAX);
	str_reset(&s);
	hex_encode("\0\377a", 3, &s);
	T_STR(str_c(&s), "00ff61");
	str_reset(&s);
	T_INT(hex_decode("00Ff", 4, &s), E_OK);
	T_MEM(s.data, s.len, "\0\377", 2);
	T_INT(hex_decode("0", 1, &s), E_SYNTAX);
	T_INT(hex_decode("0g", 2, &s), E_SYNTAX);
	str_free(&s);
}

int
main(void)
{
	numbers();
	codes();
	return t_done();
}
