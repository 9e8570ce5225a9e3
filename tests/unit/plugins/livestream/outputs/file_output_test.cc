#include "outputs/file_output.h"

#include <doctest/doctest.h>

#include "sluice/media/media_file.h"
#include "tests/unit/plugins/livestream/outputs/program.h"

namespace sluice::livestream {
namespace {

using namespace testing;

std::size_t packets_in(const std::string& path) {
  media::FileReader reader{path};
  std::size_t packets = 0;
  while (reader.next()) ++packets;
  return packets;
}

TEST_CASE("a program is recorded, and another format has a file of its own") {
  const TemporaryFolder folder;
  const auto first = program(make_format(), 0s, 2s);
  const auto second = program(make_format(96), 2s, 3s);
  FileOutput output{{.path = folder.file("program.mp4")}};
  for (const auto& packet : first) output.put(packet);
  for (const auto& packet : second) output.put(packet);
  output.finish();
  CHECK(output.problem().empty());
  CHECK(packets_in(folder.file("program.mp4")) == first.size());
  CHECK(packets_in(folder.file("program-2.mp4")) == second.size());
  CHECK(output.bytes() == std::filesystem::file_size(folder.file("program.mp4")) +
                              std::filesystem::file_size(folder.file("program-2.mp4")));
}

TEST_CASE("a disk that refuses is told without the path, and holds nobody up") {
  const TemporaryFolder folder;
  SUBCASE("full") { std::filesystem::create_symlink("/dev/full", folder.file("program.mp4")); }
  SUBCASE("gone") { std::filesystem::create_directories(folder.file("program.mp4")); }
  FileOutput output{{.path = folder.file("program.mp4")}};
  for (const auto& packet : program(make_format(), 0s, 3s)) output.put(packet);
  output.finish();
  CHECK(!output.problem().empty());
  CHECK(output.problem().find("program") == std::string::npos);
}

TEST_CASE("a recording that never began is no file") {
  const TemporaryFolder folder;
  FileOutput output{{.path = folder.file("program.mp4")}};
  output.finish();
  CHECK(output.problem().empty());
  CHECK(!std::filesystem::exists(folder.file("program.mp4")));
}

}  // namespace
}  // namespace sluice::livestream
