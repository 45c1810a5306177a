#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# script/with-postgres: the server it starts, the exit code it returns, and what is left when the command ends, fails or
# is stopped.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"
export TMPDIR=$scratch
chmod 755 "$scratch" # the server, which is never root, has to come through

nothing_left() {
    equals "$1: folders left" "$(compgen -G "$scratch/misroute-postgres.*" || true)" ''
}

exits 7 script/with-postgres bash -c 'psql -Atc "select current_database(), current_user" && exit 7'
equals 'database and user' "$printed" 'litellm|postgres'
nothing_left 'after a command that failed'

# The caller's own database is out of reach, and the server listens on no port.
DATABASE_URL=x MISROUTE_FORMAT=json PGSERVICE=x PGHOSTADDR=127.0.0.9 exits 0 script/with-postgres bash -c '
    psql -Atc "show listen_addresses"; env | grep -E "^(DATABASE_URL|MISROUTE_|PGSERVICE|PGHOSTADDR)" || true'
equals 'addresses, and variables that got through' "$printed" ''

# shellcheck disable=SC2016 # expanded by the inner shell
exits 0 script/with-postgres --tcp bash -c '
    psql -qc "create role visitor login password '\''secret'\''"
    PGPASSWORD=secret psql -h 127.0.0.1 -p "$MISROUTE_TEST_TCP_PORT" -U visitor -Atc "select current_user"
    PGPASSWORD=wrong psql -h 127.0.0.1 -p "$MISROUTE_TEST_TCP_PORT" -U visitor -Atc "select 1" || echo "exit $?"'
contains 'the right password' "$printed" 'visitor'
contains 'the wrong password' "$printed" 'password authentication failed'

echo 'create table t as select 1 as n;' >"$scratch/load.sql"
exits 0 script/with-postgres --load "$scratch/load.sql" psql -Atc 'select n from t'
equals 'the loaded file' "$printed" '1'
echo 'create tabel t;' >"$scratch/load.sql"
exits 2 script/with-postgres --load "$scratch/load.sql" true
contains 'a file that cannot be loaded' "$printed" 'could not be loaded'
nothing_left 'after a file that could not be loaded'

exits 2 script/with-postgres
exits 2 script/with-postgres --bogus true

# Starts the script with a command that takes its time; its process is then $script. In the background it would ignore
# SIGINT, which a script at a terminal does not.
begin() {
    rm -f "$scratch/running"
    # shellcheck disable=SC2016 # expanded by the inner shell
    env --default-signal=INT script/with-postgres \
        bash -c 'head -1 "$PGHOST/data/postmaster.pid" >"$0" && exec sleep 600' "$scratch/running" 2>"$scratch/stderr" &
    script=$!
    for ((i = 0; i < 300; i++)); do
        [[ ! -s $scratch/running ]] || return 0
        sleep 0.1
    done
    fail 'the command did not start'
}

# However it is told to stop, it stops at once, with the code that says so, and nothing is left.
for signal in INT:130 TERM:143 HUP:143; do
    begin
    status=0 began=$SECONDS
    kill "-${signal%:*}" "$script"
    wait "$script" || status=$?
    equals "exit code on $signal" "$status" "${signal#*:}"
    [[ $((SECONDS - began)) -lt 60 ]] || fail "$signal took too long"
    nothing_left "on $signal"
done

# Nobody can clean up after SIGKILL, but the server does not live on.
begin
server=$(cat "$scratch/running")
sleeper=$(pgrep -P "$script" -x sleep)
kill -KILL "$script"
wait "$script" 2>/dev/null || true
for ((i = 0; i < 300; i++)); do
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
! kill -0 "$server" 2>/dev/null || fail 'the server outlived the script'
kill "$sleeper"
