# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For the tests of scripts and SQL files: sourced, it opens a folder of the test's own, removed at the end, and gives
# words to assert with. The first assertion that fails ends the test.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # for the test that sources this
scratch=$(mktemp -d "${TMPDIR:-/tmp}/misroute-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() {
    printf 'FAILED, line %s: %s\n' "${BASH_LINENO[1]}" "$*" >&2
    exit 1
}

# equals WHAT ACTUAL EXPECTED
equals() {
    [[ $2 == "$3" ]] || fail "$1"$'\n  is       '"$2"$'\n  expected '"$3"
}

# contains WHAT ACTUAL PART
contains() {
    [[ $2 == *"$3"* ]] || fail "$1"$'\n  is       '"$2"$'\n  without  '"$3"
}

# exits CODE COMMAND… — what the command printed, stdout and stderr, is in $printed afterwards.
exits() {
    local expected=$1 status=0
    shift
    printed=$("$@" 2>&1 </dev/null) || status=$?
    [[ $status -eq $expected ]] || fail "exit code of: $*"$'\n  is       '"$status"$'\n  expected '"$expected"$'\n'"$printed"
}

cd "$root"
