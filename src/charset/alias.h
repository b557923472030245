/* Better names of character sets.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_ALIAS_H
#define CHARSET_ALIAS_H

/*
 * A name of a set that should be tried first, or NULL: where libraries do not
 * know what mail writes, or where the set that is meant is a larger one. Of
 * names that begin with "x-" it is the rest.
 */
const char *alias_of(const char *name);

#endif
