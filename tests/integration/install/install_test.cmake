# Installs the project, moves the tree elsewhere, and builds a copy of examples/plugins/echo against it alone.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${line}\n${output}")
  endif()
endfunction()

function(expect_file path)
  if(NOT EXISTS ${path})
    message(FATAL_ERROR "not installed: ${path}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)
file(RENAME ${WORK}/installed ${WORK}/moved)
foreach(path include/sluice/plugin.h include/sluice/testing/fake_host.h lib/sluice/plugins/videoroom.so
    lib/sluice/plugins/echo.so lib/sluice/plugins/whip.so lib/cmake/Sluice/SluiceConfig.cmake share/sluice/configs/sluice.yaml
    share/sluice/configs/aliases/kcs.yaml)
  expect_file(${WORK}/moved/${path})
endforeach()

# Nothing in the package may name the place where it was built or first installed.
file(GLOB package ${WORK}/moved/lib/cmake/Sluice/*.cmake)
foreach(file ${package})
  file(READ ${file} text)
  foreach(place ${BUILD} ${WORK})
    string(FIND "${text}" "${place}" found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${file} names ${place}: the tree cannot be moved")
    endif()
  endforeach()
endforeach()

file(COPY ${ECHO_SOURCE}/ DESTINATION ${WORK}/echo)
run(${CMAKE_COMMAND} -S ${WORK}/echo -B ${WORK}/echo/build -G Ninja
  -D CMAKE_PREFIX_PATH=${WORK}/moved -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_FLAGS=${CXX_FLAGS}
  -D CMAKE_BUILD_TYPE=${TYPE} -D CMAKE_EXPORT_COMPILE_COMMANDS=ON)
run(${CMAKE_COMMAND} --build ${WORK}/echo/build)
expect_file(${WORK}/echo/build/lib/sluice/plugins/echo.so)

file(READ ${WORK}/echo/build/compile_commands.json commands)
string(FIND "${commands}" "${WORK}/moved/include" found)
if(found EQUAL -1)
  message(FATAL_ERROR "echo was not compiled against the installed headers:\n${commands}")
endif()

# What a plugin that codes media links.
file(WRITE ${WORK}/media/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(media LANGUAGES CXX)
find_package(Sluice REQUIRED COMPONENTS media)
add_executable(media media.cc)
target_link_libraries(media PRIVATE Sluice::media)
]])
file(WRITE ${WORK}/media/media.cc [[
#include <sluice/media/media_file.h>
int main() { return sluice::media::format_of(sluice::media::Codec::opus, {})->channels == 2 ? 0 : 1; }
]])
run(${CMAKE_COMMAND} -S ${WORK}/media -B ${WORK}/media/build -G Ninja
  -D CMAKE_PREFIX_PATH=${WORK}/moved -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_FLAGS=${CXX_FLAGS}
  -D CMAKE_BUILD_TYPE=${TYPE})
run(${CMAKE_COMMAND} --build ${WORK}/media/build)
run(${WORK}/media/build/media)
