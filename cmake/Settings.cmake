# SPDX-License-Identifier: Apache-2.0
#
# misroute_settings: language and hardening, linked by all our code and by none of other people's.
# misroute_warnings: everything worth hearing. An error in the preset for work on the code, and in the others where
# MISROUTE_WERROR is set, as .ci/run does: a compiler that is newer than ours must not break anybody's build.

option(MISROUTE_WERROR "Treat our own warnings as errors" OFF)
option(MISROUTE_FUZZ "Build the libFuzzer targets of tests/fuzz; needs clang" OFF)
set(MISROUTE_SANITIZE "" CACHE STRING "Sanitizers to build with: 'address,undefined' or 'thread'")

add_library(misroute_settings INTERFACE)
target_compile_features(misroute_settings INTERFACE cxx_std_20)
if(MISROUTE_SANITIZE)
    target_compile_options(misroute_settings INTERFACE -fsanitize=${MISROUTE_SANITIZE} -fno-omit-frame-pointer
                                                       -fno-sanitize-recover=all)
    target_link_options(misroute_settings INTERFACE -fsanitize=${MISROUTE_SANITIZE})
    if(MISROUTE_SANITIZE MATCHES undefined AND NOT MISROUTE_FUZZ)
        # These three are a third of the time to compile and half of the size. What is read through
        # a null pointer ends under AddressSanitizer anyway; the fuzz targets, which are the whole program but for its
        # commands, are built with all three.
        target_compile_options(misroute_settings INTERFACE -fno-sanitize=null,alignment,vptr)
    endif()
    # A sanitized program has 100 to 230 MB, and there are twenty: ld took five to twelve seconds for each on two busy
    # cores, mold one to two.
    find_program(MISROUTE_MOLD mold)
    if(MISROUTE_MOLD)
        target_link_options(misroute_settings INTERFACE -fuse-ld=mold)
    endif()
else()
    target_compile_options(misroute_settings INTERFACE $<$<CONFIG:Release>:-fstack-protector-strong>)
    target_compile_definitions(misroute_settings INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
endif()
if(MISROUTE_FUZZ)
    # Our code tells the fuzzer which branches it took; only the targets themselves link its main().
    target_compile_options(misroute_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_compile_definitions(misroute_settings INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

add_library(misroute_warnings INTERFACE)
target_compile_options(
    misroute_warnings
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Wshadow
              -Wconversion
              -Wsign-conversion
              -Wold-style-cast
              -Wnon-virtual-dtor
              -Woverloaded-virtual
              -Wimplicit-fallthrough
              # Designated initialisers name what differs from the defaults; the rest is meant to be left out.
              -Wno-missing-field-initializers
              # g++ 12 warns of its own std::string where it inlines (GCC bug 105651).
              $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
              $<$<BOOL:${MISROUTE_WERROR}>:-Werror>)
