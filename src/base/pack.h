/* Big-endian integers in files and pipes.  SPDX-License-Identifier: ISC */

#ifndef BASE_PACK_H
#define BASE_PACK_H

/* Write and read 2, 4 and 8 bytes, the highest first. */
void	pack_u16(u8 *, u32);
void	pack_u32(u8 *, u32);
void	pack_u64(u8 *, u64);
u32	unpack_u16(const u8 *);
u32	unpack_u32(const u8 *);
u64	unpack_u64(const u8 *);

#endif
