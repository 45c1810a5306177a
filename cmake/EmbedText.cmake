# SPDX-License-Identifier: Apache-2.0
#
# embed_text(<target> <header> <namespace> <file>...)
#
# Compiles text files into a target: sql/tally.sql becomes the std::string_view `<namespace>::tally`, declared by hand
# in <header>. A file that is declared but not listed here is a link error; editing a file rebuilds one object.
# A dash in a file name becomes an underscore.

if(CMAKE_SCRIPT_MODE_FILE)
    set(definitions "")
    foreach(file IN LISTS FILES)
        get_filename_component(name "${file}" NAME_WE)
        string(MAKE_C_IDENTIFIER "${name}" name)
        file(READ "${file}" text)
        string(APPEND definitions "std::string_view const ${name} = R\"embedded(${text})embedded\";\n")
    endforeach()
    file(WRITE "${OUT}" "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n${definitions}} // namespace ${NAMESPACE}\n")
    return()
endif()

set(EMBED_TEXT_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(embed_text target header namespace)
    string(MAKE_C_IDENTIFIER "${target}_${namespace}" stem)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp")
    set(files ${ARGN})
    list(TRANSFORM files PREPEND "${PROJECT_SOURCE_DIR}/")
    add_custom_command(
        OUTPUT "${out}"
        COMMAND "${CMAKE_COMMAND}" -D "OUT=${out}" -D "HEADER=${header}" -D "NAMESPACE=${namespace}"
                -D "FILES=${files}" -P "${EMBED_TEXT_SCRIPT}"
        DEPENDS ${files} "${EMBED_TEXT_SCRIPT}"
        VERBATIM)
    target_sources(${target} PRIVATE "${out}")
endfunction()
