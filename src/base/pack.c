/* Big-endian integers in files and pipes.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pack.h"

void
pack_u16(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)v;
}

void
pack_u32(u8 *p, u32 v)
{
	pack_u16(p, v >> 16);
	pack_u16(p + 2, v & 0xffff);
}

void
pack_u64(u8 *p, u64 v)
{
	pack_u32(p, (u32)(v >> 32));
	pack_u32(p + 4, (u32)(v & U32_MAX));
}

u32
unpack_u16(const u8 *p)
{
	return (u32)p[0] << 8 | p[1];
}

u32
unpack_u32(const u8 *p)
{
	return unpack_u16(p) << 16 | unpack_u16(p + 2);
}

u64
unpack_u64(const u8 *p)
{
	return (u64)unpack_u32(p) << 32 | unpack_u32(p + 4);
}
