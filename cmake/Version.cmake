# SPDX-License-Identifier: Apache-2.0
#
# misroute/version.hpp: the version of the project and the commit it was built from, which -D MISROUTE_REVISION=… names
# where there is no repository, as in a container image.

if(NOT MISROUTE_REVISION)
    execute_process(COMMAND git describe --always --dirty --tags
                    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
                    OUTPUT_VARIABLE MISROUTE_REVISION
                    OUTPUT_STRIP_TRAILING_WHITESPACE
                    ERROR_QUIET)
endif()
if(NOT MISROUTE_REVISION)
    set(MISROUTE_REVISION "no revision")
endif()
configure_file("${PROJECT_SOURCE_DIR}/cmake/version.hpp.in" "${PROJECT_BINARY_DIR}/generated/misroute/version.hpp" @ONLY)
