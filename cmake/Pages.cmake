# SPDX-License-Identifier: Apache-2.0
#
# Manual pages and completions, written by the binary that was just built, into ${PROJECT_BINARY_DIR}/pages; installed by
# cmake/Install.cmake. A build for another machine has none: it cannot run its binary.
if(CMAKE_SCRIPT_MODE_FILE)
    file(REMOVE_RECURSE "${OUT}/man" "${OUT}/completion")
    file(MAKE_DIRECTORY "${OUT}/man" "${OUT}/completion")
    execute_process(COMMAND "${MISROUTE}" man --into "${OUT}/man" COMMAND_ERROR_IS_FATAL ANY)
    file(GLOB pages "${OUT}/man/*.1")
    execute_process(COMMAND gzip -9n ${pages} COMMAND_ERROR_IS_FATAL ANY) # as Debian wants them
    foreach(target bash/misroute zsh/_misroute fish/misroute.fish)
        get_filename_component(shell "${target}" DIRECTORY)
        file(MAKE_DIRECTORY "${OUT}/completion/${shell}")
        execute_process(COMMAND "${MISROUTE}" completion ${shell} OUTPUT_FILE "${OUT}/completion/${target}"
                        COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
    file(TOUCH "${OUT}/made")
    return()
endif()

set(MISROUTE_PAGES "${PROJECT_BINARY_DIR}/pages")
if(NOT CMAKE_CROSSCOMPILING)
    add_custom_command(
        OUTPUT "${MISROUTE_PAGES}/made"
        COMMAND "${CMAKE_COMMAND}" -D "OUT=${MISROUTE_PAGES}" -D "MISROUTE=$<TARGET_FILE:misroute>" -P
                "${CMAKE_CURRENT_LIST_FILE}"
        DEPENDS misroute "${CMAKE_CURRENT_LIST_FILE}"
        VERBATIM)
    add_custom_target(pages ALL DEPENDS "${MISROUTE_PAGES}/made")
endif()
