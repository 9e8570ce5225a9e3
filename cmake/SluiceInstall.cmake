# `cmake --install`: a tree that can be moved anywhere.
#
#   bin/sluice                 the gateway
#   lib/sluice/plugins/*.so    its plugins (installed by sluice_add_plugin)
#   lib/sluice, include/sluice the SDK
#   lib/cmake/Sluice           find_package(Sluice), find_package(Sluice COMPONENTS media)
#   share/sluice               configurations, event aliases, the meeting page (installed by examples/meet)

include(CMakePackageConfigHelpers)
set(package lib/cmake/Sluice)

if(TARGET sluice)
  install(TARGETS sluice RUNTIME DESTINATION bin)
endif()
install(DIRECTORY configs/ DESTINATION share/sluice/configs)

install(DIRECTORY sdk/include/sluice DESTINATION include)
install(TARGETS sluice_sdk EXPORT SluiceTargets ARCHIVE DESTINATION lib/sluice)
install(EXPORT SluiceTargets NAMESPACE Sluice:: DESTINATION ${package})
# Apart from the rest, so that who writes a plugin without media needs no FFmpeg.
install(DIRECTORY sdk/media/include/sluice DESTINATION include)
install(TARGETS sluice_media EXPORT SluiceMediaTargets ARCHIVE DESTINATION lib/sluice)
install(EXPORT SluiceMediaTargets NAMESPACE Sluice:: DESTINATION ${package})
install(FILES sdk/cmake/SluicePlugin.cmake sdk/cmake/plugin.map DESTINATION ${package})
configure_package_config_file(sdk/cmake/SluiceConfig.cmake.in ${PROJECT_BINARY_DIR}/SluiceConfig.cmake
  INSTALL_DESTINATION ${package})
# Before 1.0 every minor version may break plugins; the gateway compares ABI stamps besides.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/SluiceConfig.cmake ${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  DESTINATION ${package})
