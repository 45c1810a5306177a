# SPDX-License-Identifier: Apache-2.0
#
# Read by cpack before it makes a package. Without dpkg-shlibdeps it would make one that depends on no library.
if(CPACK_GENERATOR STREQUAL "DEB")
    find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
    if(NOT DPKG_SHLIBDEPS)
        message(FATAL_ERROR "dpkg-shlibdeps is missing, and without it the package would depend on no library: install dpkg-dev "
                            "(script/setup package)")
    endif()
endif()
