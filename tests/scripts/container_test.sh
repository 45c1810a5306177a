#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/container_test.sh BINARY
#
# What can be said of Dockerfile and docker-compose.yml without an engine: the files that go into the image are enough to
# configure the build, the image has the packages of every library that the binary is linked to, and the composition is
# valid and names files that exist. The names of packages are those of Debian 12, like the image.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"
binary=$(realpath "${1:?usage: container_test.sh BINARY}")

docker-compose --file docker-compose.yml config --quiet || fail 'docker-compose.yml is not valid'
while read -r file; do
    [[ -e $file ]] || fail "docker-compose.yml mounts $file, which does not exist"
done < <(sed -nE 's/^ *- (\.\/[^:]+):.*/\1/p' docker-compose.yml)

# The sources that the build stage copies, less what .dockerignore keeps from it.
mapfile -t copied < <(sed -nE '/^FROM .* AS build/,/^FROM debian:12-slim$/s/^COPY (.*) [^ ]+$/\1/p' Dockerfile | tr ' ' '\n')
for file in "${copied[@]}"; do
    grep -qxF "!$file" .dockerignore || fail "Dockerfile copies $file, which .dockerignore leaves out"
    mkdir -p "$scratch/image/$(dirname "$file")"
    cp -r "$file" "$scratch/image/$file"
done
exits 0 env --chdir="$scratch/image" cmake --preset release -DBUILD_TESTING=OFF
exits 0 env --chdir="$scratch/image" cmake --build --preset release -- -n # finds every file that a target is made of

# Sanitizers are no part of the release; the other libraries come with every Debian.
while read -r library; do
    path=$(ldd "$binary" | awk -v name="$library" '$1 == name { print $3 }')
    # One of the two paths is in no package where /lib is a link.
    package=$({ dpkg-query --search "$(realpath "$path")" "$path" 2>/dev/null || true; } | head -1 | cut -d: -f1)
    case $package in
        libasan* | libubsan* | libtsan* | libc6 | libgcc-s1 | libstdc++6) ;;
        *) grep -qE "^ +$package " Dockerfile || fail "the binary needs $library of $package, which the image has not" ;;
    esac
done < <(objdump --private-headers "$binary" | awk '$1 == "NEEDED" { print $2 }' | grep -v '^ld-')
