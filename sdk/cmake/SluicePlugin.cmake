# sluice_add_plugin(<name> <sources>... [PCH headers...])
#
# The plugin <name> as a library that the gateway loads: <name>.so in lib/sluice/plugins of the build tree, linked to the
# SDK alone, with every symbol hidden but the one that SLUICE_PLUGIN exports. `cmake --install` puts it into
# lib/sluice/plugins.
#
# Its objects are the target <name>_objects, so that a test can link them and drive the plugin on a
# sluice::testing::FakeHost without loading a library.
set(sluice_plugin_map ${CMAKE_CURRENT_LIST_DIR}/plugin.map CACHE INTERNAL "What a plugin's library exports")

function(sluice_add_plugin name)
  cmake_parse_arguments(arg "" "" "PCH" ${ARGN})
  add_library(${name}_objects OBJECT ${arg_UNPARSED_ARGUMENTS})
  target_compile_features(${name}_objects PUBLIC cxx_std_20)
  target_link_libraries(${name}_objects PUBLIC Sluice::sdk)
  if(TARGET sluice_build)
    target_link_libraries(${name}_objects PRIVATE sluice_build)
  endif()
  if(arg_PCH)
    target_precompile_headers(${name}_objects PRIVATE ${arg_PCH})
  endif()

  add_library(${name} MODULE)
  target_link_libraries(${name} PRIVATE ${name}_objects)
  target_link_options(${name} PRIVATE LINKER:--version-script=${sluice_plugin_map})
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${sluice_plugin_map})
  set_target_properties(${name} ${name}_objects PROPERTIES
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    SUFFIX ".so"
    LINKER_LANGUAGE CXX
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/sluice/plugins)
  install(TARGETS ${name} LIBRARY DESTINATION lib/sluice/plugins)
endfunction()
