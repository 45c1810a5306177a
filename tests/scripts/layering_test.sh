#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The layering test finds every kind of violation, names file and line, and lets through what is allowed.
# shellcheck source=tests/scripts/lib.sh
source "$(dirname "$0")/lib.sh"

mkdir -p "$scratch"/{include/misroute/model,src/{model,detect,report,source,investigate,k8s,cli,util}}
at() { cat >"$scratch/$1"; }

at include/misroute/model/time.hpp <<<'#include <chrono>'
at include/misroute/detect.hpp <<<'#include "misroute/model/time.hpp"'
at src/source/pg_session.cpp <<'CPP'
#include "source/pg_session.hpp"
#include <libpq-fe.h>
#include <pqxx/pqxx>
#include <sys/types.h>
CPP
at src/cli/arguments.cpp <<<'#include <CLI/CLI.hpp>'
at src/cli/log.cpp <<<'#include <spdlog/spdlog.h>'
at src/report/junit.cpp <<<'#include <pugixml.hpp>'
at src/cli/main.cpp <<'CPP'
#include "misroute/detect.hpp"
#include <cstdio>
int main() { std::printf("fine here"); }
CPP
at src/detect/clean.cpp <<'CPP'
#include "misroute/detect.hpp"
#include "detect/own.hpp"
#include <boost/math/distributions/beta.hpp>
// std::cout in a comment, and #include <fstream>
/* #include <iostream>
   std::cout << 1; */
int sprintf_like(int snprintf);
CPP
at src/investigate/line.cpp <<'CPP'
#include "misroute/detect.hpp"
#include "misroute/model/time.hpp"
CPP
exits 0 tests/layering.sh "$scratch"
equals 'what a clean tree prints' "$printed" ''

at src/model/up.cpp <<'CPP'

#include "misroute/detect.hpp"
#include <boost/math/distributions/beta.hpp>
CPP
at src/detect/loud.cpp <<'CPP'
#include <fstream>
void f() { std::cout << 1; }
auto g() { return std::chrono::system_clock::now(); }
CPP
at src/report/sideways.cpp <<'CPP'
#include "misroute/source.hpp"
#include "misroute/version.hpp"
CPP
at src/investigate/short_cut.cpp <<'CPP'
#include "misroute/source.hpp"
#include <thread>
CPP
at src/source/sly.cpp <<'CPP'
#include <pqxx/pqxx>
#include <left/pad.hpp>
#include "slices.hpp"
CPP
at src/util/strings.cpp <<<''
at src/cli/slow.cpp <<'CPP'
#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
CPP
at src/report/xml.cpp <<<'#include <pugixml.hpp>'
at src/k8s/log.cpp <<'CPP'
#include "util/strings.hpp"
#  include <spdlog/spdlog.h>
CPP
exits 1 tests/layering.sh "$scratch"
equals 'the violations found' "$printed" 'src/cli/slow.cpp:1: only src/cli/{arguments,command_line,help,outline}.cpp may include CLI (<CLI/CLI.hpp>)
src/cli/slow.cpp:2: only src/cli/log.cpp may include spdlog (<spdlog/sinks/stdout_sinks.h>)
src/detect/loud.cpp:1: detect is pure: it must not include <fstream>
src/detect/loud.cpp:2: detect is pure: no input, output, clock or environment
src/detect/loud.cpp:3: detect is pure: no input, output, clock or environment
src/investigate/short_cut.cpp:1: investigate must not include source ("misroute/source.hpp")
src/investigate/short_cut.cpp:2: investigate is pure: it must not include <thread>
src/k8s/log.cpp:1: "util/strings.hpp" belongs to no stage of the architecture
src/k8s/log.cpp:2: k8s must not include spdlog (<spdlog/spdlog.h>)
src/model/up.cpp:2: model must not include detect ("misroute/detect.hpp")
src/model/up.cpp:3: model must not include boost (<boost/math/distributions/beta.hpp>)
src/report/sideways.cpp:1: report must not include source ("misroute/source.hpp")
src/report/xml.cpp:1: only src/report/{junit,markup}.cpp may include pugixml (<pugixml.hpp>)
src/source/sly.cpp:1: only src/source/pg_session.{hpp,cpp} may include pqxx (<pqxx/pqxx>)
src/source/sly.cpp:2: <left/pad.hpp> is of no library that the architecture names
src/source/sly.cpp:3: "slices.hpp" must be named from src/ or include/: "source/slices.hpp"
src/util/strings.cpp:1: "util" is no stage of the architecture'

exits 2 tests/layering.sh /nonexistent
