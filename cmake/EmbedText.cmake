# SPDX-License-Identifier: Apache-2.0
#
# embed_text(<target> <header> <namespace> <file>...)
#
# Compiles text files into a target: sql/tally.sql becomes the std::string_view `<namespace>::tally`, which <header>
# declares by hand. A file that is declared but not listed here is a link error; editing a file rebuilds one object.
#
# embed_pages(<target> <header> <namespace> <file>...)
#
# The same for texts that are looked up by name: `std::span<Page const> <namespace>::pages()`, in the order given.

if(CMAKE_SCRIPT_MODE_FILE)
    set(texts "")
    set(rows "")
    foreach(file IN LISTS FILES)
        get_filename_component(name "${file}" NAME_WE)
        string(MAKE_C_IDENTIFIER "${name}" identifier)
        file(READ "${file}" text)
        string(APPEND texts "std::string_view const ${identifier} = R\"embedded(${text})embedded\";\n")
        string(APPEND rows "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
    endforeach()
    if(TABLE)
        set(body "static std::vector<Page> const k_pages{\n${rows}};\n\nstd::span<Page const> pages() { return k_pages; }\n")
    else()
        set(body "${texts}")
    endif()
    file(WRITE "${OUT}" "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n${body}\n} // namespace ${NAMESPACE}\n")
    return()
endif()

set(EMBED_TEXT_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(embed_files table target header namespace)
    string(MAKE_C_IDENTIFIER "${target}_${namespace}" stem)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp")
    set(files ${ARGN})
    list(TRANSFORM files PREPEND "${PROJECT_SOURCE_DIR}/")
    add_custom_command(
        OUTPUT "${out}"
        COMMAND "${CMAKE_COMMAND}" -D "OUT=${out}" -D "HEADER=${header}" -D "NAMESPACE=${namespace}"
                -D "TABLE=${table}" -D "FILES=${files}" -P "${EMBED_TEXT_SCRIPT}"
        DEPENDS ${files} "${EMBED_TEXT_SCRIPT}"
        VERBATIM)
    target_sources(${target} PRIVATE "${out}")
endfunction()

function(embed_text target header namespace)
    embed_files(OFF ${target} ${header} ${namespace} ${ARGN})
endfunction()

function(embed_pages target header namespace)
    embed_files(ON ${target} ${header} ${namespace} ${ARGN})
endfunction()
