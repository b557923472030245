/* Growing array of pointers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/vec.h"

void
vec_init(struct vec *v)
{
	v->v = NULL;
	v->n = v->size = 0;
}

void
vec_push(struct vec *v, void *p)
{
	if (v->n == v->size) {
		v->size = v->size == 0 ? 8 : v->size * 2;
		v->v = mem_grow(v->v, v->size, sizeof(*v->v));
	}
	v->v[v->n++] = p;
}

void *
vec_pop(struct vec *v)
{
	return v->n == 0 ? NULL : v->v[--v->n];
}

void
vec_reset(struct vec *v)
{
	v->n = 0;
}

void
vec_free(struct vec *v)
{
	mem_free(v->v);
	vec_init(v);
}

void
vec_free_all(struct vec *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		mem_free(v->v[i]);
	vec_free(v);
}
