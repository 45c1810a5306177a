# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` and the packages put where: the binary, manual pages and completions (cmake/Pages.cmake), the SQL
# of `misroute grants`, documentation, schemas, examples, and units of systemd, which nothing enables.

install(TARGETS misroute RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${MISROUTE_PAGES}/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" OPTIONAL)
install(FILES "${MISROUTE_PAGES}/completion/bash/misroute"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" OPTIONAL)
install(FILES "${MISROUTE_PAGES}/completion/zsh/_misroute"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" OPTIONAL)
install(FILES "${MISROUTE_PAGES}/completion/fish/misroute.fish"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" OPTIONAL)

install(FILES sql/grants.sql DESTINATION "${CMAKE_INSTALL_DATADIR}/misroute")
file(GLOB documents CONFIGURE_DEPENDS docs/*.md docs/*.schema.json)
install(FILES README.md ${documents} packaging/copyright DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/rules docs/causes DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES docs/examples/misroute.yaml DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")
install(DIRECTORY docs/ci DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")

find_program(GZIP gzip REQUIRED)
set(changelog "${PROJECT_BINARY_DIR}/changelog.gz")
add_custom_command(OUTPUT "${changelog}" COMMAND "${GZIP}" -9nc "${PROJECT_SOURCE_DIR}/packaging/changelog" > "${changelog}"
                   DEPENDS packaging/changelog)
add_custom_target(changelog ALL DEPENDS "${changelog}")
install(FILES "${changelog}" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The unit names the binary where it really is: the prefix is known when it is installed, and not before.
install(FILES docs/ci/misroute.conf DESTINATION lib/sysusers.d)
install(FILES docs/ci/misroute.timer docs/ci/misroute.service DESTINATION lib/systemd/system)
install(CODE "
    set(bin \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/misroute\")
    set(unit \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/misroute.service\")
    file(READ \"\${unit}\" text)
    string(REPLACE /usr/bin/misroute \"\${bin}\" text \"\${text}\")
    file(WRITE \"\${unit}\" \"\${text}\")")
