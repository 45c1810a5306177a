#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/completion_test.sh MISROUTE
#
# The completions of the shells and the manual pages: every command and option of --help is in each, the shells and man
# can read them, and bash completes what it should. zsh and fish are asked where they are installed.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"
misroute=$(realpath "${1:?usage: completion_test.sh MISROUTE}")

for shell in bash zsh fish; do "$misroute" completion "$shell" >"$scratch/$shell"; done
exits 0 bash -n "$scratch/bash"
! command -v zsh >/dev/null || exits 0 zsh -n "$scratch/zsh"
! command -v fish >/dev/null || exits 0 fish --no-execute "$scratch/fish"
exits 2 "$misroute" completion tcsh
exits 2 "$misroute" man scna
contains 'a misspelt command' "$printed" 'did you mean "scan"?'

mkdir "$scratch/man"
exits 0 "$misroute" man --into "$scratch/man"
if command -v man >/dev/null; then
    for page in "$scratch/man"/*.1; do
        exits 0 env LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=100 man --warnings=w --local-file "$page"
        [[ $printed != *warning:* ]] || fail "${page##*/}: $printed"
    done
fi

mapfile -t commands < <("$misroute" --help | sed -n '/^Commands/,/^Options/s/^  \([a-z0-9]\+\) .*/\1/p')
[[ ${#commands[@]} -gt 10 ]] || fail "only ${#commands[@]} commands: ${commands[*]}"
for command in "${commands[@]}"; do
    page=$scratch/man/misroute-$command.1
    [[ -s $page ]] || fail "there is no ${page##*/}"
    contains 'the page of misroute' "$(cat "$scratch/man/misroute.1")" "misroute\\-$command"
    mapfile -t options < <("$misroute" "$command" --help | sed -n 's/^  \(-., \)\?\(--[a-z-]\+\).*/\2/p')
    [[ ${#options[@]} -gt 0 ]] || fail "$command has no options"
    in_bash=$(grep -A3 "^                $command)" "$scratch/bash")
    in_zsh=$(sed -n "/^        $command)/,/^            ;;/p" "$scratch/zsh")
    for option in "${options[@]}"; do
        contains "the page of $command" "$(cat "$page")" "\\fB${option//-/\\-}\\fR"
        grep -q "options='\(.* \)\?${option}[ ']" <<<"$in_bash" || fail "bash, $command: $option"
        grep -q "seen_subcommand_from $command'.* --long-option ${option#--} " "$scratch/fish" || fail "fish, $command: $option"
        grep -q -- "'\*${option}[=[]" <<<"$in_zsh" || fail "zsh, $command: $option"
    done
done

# completes LINE…: what bash proposes for the last word.
completes() {
    bash -c 'compopt() { echo files; }; source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _misroute; echo "${COMPREPLY[*]}"' \
        "$scratch/bash" "$@"
}
equals 'a command' "$(completes misroute sca)" 'scan'
equals 'a value' "$(completes misroute scan --fail-on '')" 'error warning info never'
equals 'a value behind =' "$(completes misroute scan --format = js)" 'json'
equals 'an option' "$(completes misroute scan --fail)" '--fail-on'
equals 'a rule' "$(completes misroute explain provider)" 'provider-mismatch'
contains 'a file' "$(completes misroute render '')" 'files'
contains 'the file of an option' "$(completes misroute scan -c '')" 'files'
equals 'a word that nobody knows' "$(completes misroute scan --since '')" ''
equals 'the commands of help' "$(completes misroute help tra)" 'trace'
