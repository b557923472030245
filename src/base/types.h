/* Integer types and small macros.  SPDX-License-Identifier: ISC */

#ifndef BASE_TYPES_H
#define BASE_TYPES_H

typedef unsigned char	u8;
typedef unsigned short	u16;
typedef unsigned int	u32;

/* configure finds the compiler's 64-bit type; it stops if there is none. */
#if SIZEOF_LONG == 8
typedef unsigned long	u64;
typedef long		i64;
#else
#if !defined(__GNUC__) && !defined(__TINYC__)
#define __extension__
#endif
__extension__ typedef unsigned long long	u64;
__extension__ typedef long long			i64;
#endif

#define TRUE	1
#define FALSE	0

#define NITEMS(a)	(sizeof(a) / sizeof((a)[0]))

#define U32_MAX		0xffffffffU
#define U64_MAX		(~(u64)0)

#if defined(__GNUC__) || defined(__TINYC__)
#define PRINTFLIKE(f, a)	__attribute__((__format__(__printf__, f, a)))
#define NORETURN		__attribute__((__noreturn__))
#else
#define PRINTFLIKE(f, a)
#define NORETURN
#endif

#endif
