/* The first include of every source file.  SPDX-License-Identifier: ISC */

#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "config.h"

#include <sys/types.h>
#include <stddef.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>

#include "compat.h"

#include "base/types.h"
#include "base/err.h"

#endif
