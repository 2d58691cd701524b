# `make package`: the Debian package. /usr/lib/spoor holds the programs and libchdb side by side, for spoor looks for its engine there.
if(NOT TARGET spoor-store)
  return()
endif()
# Packaging builds the two programs, not every test.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
install(TARGETS spoor spoor-store RUNTIME DESTINATION lib/spoor)
install(FILES ${SPOOR_ENGINE_DIR}/libchdb.so DESTINATION lib/spoor)
set_target_properties(spoor-store PROPERTIES INSTALL_RPATH "$ORIGIN")
install(CODE "file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin\")
file(CREATE_LINK ../lib/spoor/spoor \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/spoor\" SYMBOLIC)")
# The pages, where they are built when the package is made.
install(DIRECTORY web/dist/ DESTINATION share/spoor/web OPTIONAL PATTERN ".*" EXCLUDE)
install(FILES packaging/spoor.service DESTINATION lib/systemd/system)
install(FILES packaging/spoor.toml DESTINATION /etc/spoor)
install(FILES README.md CHANGELOG.md SECURITY.md docs/operating.md docs/configuration.md docs/commands.md docs/api.md
        DESTINATION share/doc/spoor)
install(FILES LICENSE DESTINATION share/doc/spoor RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_NAME spoor)
set(CPACK_PACKAGE_CONTACT "The Spoor maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Device investigation: timelines, process trees and hunting in KQL")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${SPOOR_ENGINE_DIR})
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata, ca-certificates")
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/debian/postinst ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
    ${CMAKE_SOURCE_DIR}/packaging/debian/postrm ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles)
include(CPack)
