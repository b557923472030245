/* What a client says before TLS.  SPDX-License-Identifier: ISC */

#ifndef TLS_DIALOGUE_H
#define TLS_DIALOGUE_H

/*
 * The words of a protocol, up to the moment where TLS begins (RFC 9051 6.2.1,
 * RFC 2595, RFC 3207). Each line of the server is written to descriptor echo.
 * E_OK; E_EOF, E_TIMEOUT (60 s for each line), E_TEMP; E_PERM: the server will
 * not; E_INVAL: it said more than it may, which could be somebody else's words
 * in front of TLS.
 */
int	dialogue(const char *protocol, int fd, int echo);

#endif
