#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# script/setup against stand-ins for dpkg-query, apt-get, sudo and id: what it installs, when, and what it says when it
# cannot. Nothing is installed.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"

# A machine of its own: these commands, and nothing that is not here.
bin=$scratch/bin
mkdir "$bin"
for tool in awk bash cat env mktemp rm mkdir tee; do
    ln -s "$(command -v "$tool")" "$bin/$tool"
done
stand_in() {
    { echo '#!/bin/bash' && cat; } >"$bin/$1"
    chmod +x "$bin/$1"
}
setup() {
    env -i PATH="$bin" TMPDIR="$scratch" INSTALLED="${installed-}" JOURNAL="$scratch/journal" APT_FAILS="${apt_fails-}" \
        bash script/setup "$@"
}
journal() {
    cat "$scratch/journal" 2>/dev/null || true
    rm -f "$scratch/journal"
}

exits 1 setup build
contains 'without apt' "$printed" 'this machine has no apt-get'
contains 'without apt' "$printed" 'libpqxx-dev'

# shellcheck disable=SC2016 # expanded by the stand-ins
{
    stand_in dpkg-query <<<'[[ $INSTALLED == all || " $INSTALLED " == *" ${!#} "* ]] && echo installed'
    stand_in apt-get <<<'echo "$*" >>"$JOURNAL"; echo "apt chatter"; [[ -z $APT_FAILS ]]'
    stand_in sudo <<<'echo sudo >>"$JOURNAL"; exec "$@"'
}
stand_in id <<<'echo 1000'

installed=all
exits 0 setup build server test lint
equals 'what it says when nothing is missing' "$printed" ''
equals 'what it does when nothing is missing' "$(journal)" ''

# Everything of the group but one.
installed='libgtest-dev man-db mold prometheus prometheus-alertmanager python3 python3-jsonschema python3-markdown-it yamllint'
exits 0 setup test
equals 'what it says' "$printed" 'setup: installing libgmock-dev'
contains 'the package lists are fetched first' "$(journal)" $'update\n'
exits 0 setup test
contains 'only what is missing is installed' "$(journal)" 'install --yes --no-install-recommends libgmock-dev'

apt_fails=yes
exits 1 setup test
contains 'when apt fails, its words' "$printed" 'apt chatter'
contains 'when apt fails, what to run' "$printed" 'apt-get install libgmock-dev'
apt_fails=''
journal >/dev/null

rm "$bin/sudo"
exits 1 setup test
contains 'without root and sudo' "$printed" 'neither root nor sudo'
contains 'without root and sudo, what to run' "$printed" 'apt-get install libgmock-dev'
equals 'without root and sudo nothing is tried' "$(journal)" ''

stand_in id <<<'echo 0'
exits 0 setup test
contains 'root needs no sudo' "$(journal)" 'libgmock-dev'

exits 1 setup everything
contains 'an unknown group' "$printed" 'there is no group "everything"'
