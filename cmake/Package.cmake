# SPDX-License-Identifier: Apache-2.0
#
# cpack -G DEB and -G TGZ. script/package builds the former, has it examined by lintian, and tries it in a clean Debian.
set(CPACK_PACKAGE_VENDOR "misroute maintainers")
set(CPACK_PACKAGE_CONTACT "misroute maintainers <maintainers@misroute.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds LiteLLM requests that another instance answered")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Several LiteLLM proxies share one PostgreSQL, each with its own upstream.
misroute reads their spend log and says which requests entered at one instance
and were answered by another, since when, why, and what fixes it.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates) # probe asks over HTTPS; libcurl only recommends them
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, postgresql-client")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/PackageCheck.cmake")
include(CPack)
