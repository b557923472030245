/* base/str.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/str.h"

#include "t.h"

int
main(void)
{
	struct str s;
	char *p;

	str_init(&s, 0);
	T_STR(str_c(&s), "");
	T_INT(str_catf(&s, "%s-%d-%u-%ld-%lu-%c-%x-%o-%%", "a", -5, 6U, -7L,
	    8UL, 'z', 255, 8), E_OK);
	T_STR(str_c(&s), "a--5-6--7-8-z-ff-10-%");
	str_drop(&s, 2);
	str_trunc(&s, 4);
	T_STR(str_c(&s), "-5-6");
	p = str_take(&s);
	T_STR(p, "-5-6");
	T_INT(s.len, 0);
	mem_free(p);

	str_init(&s, 5);
	T_INT(str_cats(&s, "12345"), E_OK);
	T_INT(str_catc(&s, '6'), E_TOOBIG);
	T_STR(str_c(&s), "12345");
	T_INT(str_cats(&s, ""), E_TOOBIG);
	str_reset(&s);
	T_INT(str_cats(&s, "1"), E_OK);
	T_OK(str_ready(&s, (size_t)-1) == NULL);
	str_free(&s);
	return t_done();
}
