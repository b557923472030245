#!/bin/sh
# Writes chapar.pot from the sources and brings every language up to it.
# Needs xgettext and msgmerge of GNU gettext. Usage: cd po && sh update.sh
# SPDX-License-Identifier: ISC
set -eu

# _ and N_ mark a message, ngettext one with a count; comments that begin with
# TRANSLATORS: go along. The date is left out: it would be all that changes.
xgettext --directory=.. --files-from=POTFILES.in --from-code=UTF-8 \
    --keyword=_ --keyword=N_ --keyword=ngettext:1,2 --no-wrap \
    --add-comments=TRANSLATORS: --package-name=chapar \
    --add-location=file --msgid-bugs-address='see AUTHORS' \
    --copyright-holder= --output=- |
    sed -e '/^"POT-Creation-Date:/d' -e '1,/^$/{
	s/^# SOME DESCRIPTIVE TITLE\./# Messages of the tools of Chapar./
	/^# Copyright/d
	/^# FIRST AUTHOR/d
	s/^# This file is .*/# SPDX-License-Identifier: ISC/
}' >chapar.new
mv chapar.new chapar.pot
while read -r lang; do
	case $lang in
	''|'#'*)	continue ;;
	esac
	msgmerge --quiet --update --backup=none --no-wrap "$lang.po" chapar.pot
done <LINGUAS
