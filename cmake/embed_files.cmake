# cmake -DFOLDER=<files> -DOUT=<source> -P embed_files.cmake: the files of a folder as the C++ source of
# core/admin/dashboard_files.h, so that the binary needs none of them beside it. Text only.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
set(entries "")
list(LENGTH files count)
foreach(name IN LISTS files)
  file(READ "${FOLDER}/${name}" content)
  string(FIND "${content}" ")embedded\"" delimiter)
  if(NOT delimiter EQUAL -1)
    message(FATAL_ERROR "${name}: holds the delimiter of the literal that it is to become")
  endif()
  file(SHA256 "${FOLDER}/${name}" hash)
  string(SUBSTRING "${hash}" 0 20 tag)
  string(APPEND entries "    {\"${name}\", \"\\\"${tag}\\\"\", R\"embedded(${content})embedded\"},\n")
endforeach()

file(WRITE "${OUT}" "// Made by cmake/embed_files.cmake.
#include <array>

#include \"core/admin/dashboard_files.h\"

namespace sluice {
namespace {

constexpr std::array<DashboardFile, ${count}> kFiles{{
${entries}}};

}  // namespace

std::span<const DashboardFile> dashboard_files() noexcept { return kFiles; }

}  // namespace sluice
")
