# SPDX-License-Identifier: Apache-2.0
#
# clang of Debian 12 where it is installed, else whichever there is.
find_program(MISROUTE_CLANG NAMES clang++-14 clang++ REQUIRED)
set(CMAKE_CXX_COMPILER "${MISROUTE_CLANG}")
