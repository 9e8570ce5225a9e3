#include "core/log/log_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "sluice-log-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }

  [[nodiscard]] std::string file() const { return (path / "sluice.log").string(); }
  [[nodiscard]] std::string text(const std::string& suffix = "") const {
    std::ifstream in{file() + suffix};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  [[nodiscard]] bool has(const std::string& suffix) const { return fs::exists(file() + suffix); }

  fs::path path;
};

}  // namespace

TEST_CASE("a file is appended to, and rotated before it would grow over its size") {
  const Folder folder;
  std::ofstream{folder.file()} << "old\n";
  LogFile file{{.path = folder.file(), .rotate_bytes = 10, .rotated_files = 2}};
  CHECK(file.write("one\n") == 0);
  CHECK(folder.text() == "old\none\n");
  CHECK(file.write("two\n") == 0);
  CHECK(folder.text() == "two\n");
  CHECK(folder.text(".1") == "old\none\n");

  CHECK(file.write("three\nfour\nfive\n") == 0);  // of many lines at once, those that fit
  CHECK(folder.text() == "four\nfive\n");
  CHECK(folder.text(".1") == "two\nthree\n");
  CHECK(folder.text(".2") == "old\none\n");

  CHECK(file.write("a line that is longer than a file\nsix\n") == 0);
  CHECK(folder.text() == "six\n");
  CHECK(folder.text(".1") == "a line that is longer than a file\n");
  CHECK(folder.text(".2") == "four\nfive\n");
  CHECK(!folder.has(".3"));
}

TEST_CASE("without old files to keep, the file begins anew") {
  const Folder folder;
  LogFile file{{.path = folder.file(), .rotate_bytes = 5, .rotated_files = 0}};
  CHECK(file.write("one\n") == 0);
  CHECK(file.write("two\n") == 0);
  CHECK(folder.text() == "two\n");
  CHECK(!folder.has(".1"));
}

TEST_CASE("a file that was moved away goes on until it is opened again") {
  const Folder folder;
  LogFile file{{.path = folder.file()}};
  CHECK(file.write("one\n") == 0);
  fs::rename(folder.file(), folder.file() + ".old");
  CHECK(file.write("two\n") == 0);
  CHECK(!folder.has(""));
  file.reopen();
  CHECK(file.write("three\n") == 0);
  CHECK(folder.text(".old") == "one\ntwo\n");
  CHECK(folder.text() == "three\n");
}

TEST_CASE("a folder that is gone costs no line of the file that is open") {
  const Folder folder;
  const std::string path = (folder.path / "sub" / "sluice.log").string();
  CHECK_THROWS_AS(LogFile({.path = path}), std::runtime_error);
  fs::create_directory(folder.path / "sub");
  LogFile file{{.path = path, .rotate_bytes = 5, .rotated_files = 1}};
  fs::rename(folder.path / "sub", folder.path / "moved");
  CHECK(file.write("one\ntwo\n") == 0);
  file.reopen();
  CHECK(file.write("three\n") == 0);
  CHECK(fs::file_size(folder.path / "moved" / "sluice.log") == 14);
}

TEST_CASE("a full disk loses lines, counts them, and what comes later stands on lines of its own") {
  const Folder folder;
  LogFile full{{.path = "/dev/full"}};
  CHECK(full.write("one\ntwo\n") == 2);
  CHECK(full.write("three\n") == 1);

  // A limit of the process stands for a disk that fills in the middle of a line.
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  LogFile file{{.path = folder.file()}};
  const rlimit small{.rlim_cur = 6, .rlim_max = before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::size_t lost = file.write("one\ntwo\nthree\n");
  const std::size_t still = file.write("four\n");
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  ::signal(SIGXFSZ, old_handler);
  CHECK(lost == 2);
  CHECK(still == 1);
  CHECK(file.write("five\n") == 0);
  CHECK(folder.text() == "one\ntw\nfive\n");
}

}  // namespace sluice
