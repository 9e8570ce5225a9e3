#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "core/log/log.h"
#include "core/log/log_writer.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

LogOptions to_file(const std::string& path, LogFormat format = LogFormat::text) {
  LogOptions options;
  options.file = path;
  options.format = format;
  return options;
}

struct Fixture {
  Fixture() {
    std::string name = (fs::temp_directory_path() / "sluice-book-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~Fixture() { fs::remove_all(folder); }

  [[nodiscard]] std::string path() const { return (folder / "log").string(); }
  [[nodiscard]] std::string text() const {
    std::ifstream in{path()};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  fs::path folder;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a component's level may differ, and may change while running") {
  LogBook book{{.level = LogLevel::warning, .file = path(), .levels = {{"ice", LogLevel::debug}}}};
  Log& ice = book.component("ice");
  Log& net = book.component("net");
  CHECK(&ice == &book.component("ice"));
  CHECK(ice.enabled(LogLevel::debug));
  CHECK_FALSE(net.enabled(LogLevel::info));
  net.info("unseen");
  ice.debug("seen");
  book.set_levels(LogLevel::info, {});
  CHECK_FALSE(ice.enabled(LogLevel::debug));
  CHECK(net.enabled(LogLevel::info));
  book.flush();
  CHECK(text().find("debug [ice] seen") != std::string::npos);
  CHECK(text().find("unseen") == std::string::npos);
  CHECK(book.components() == std::vector<std::string>{"ice", "net"});
  CHECK(book.lost_lines() == 0);
}

TEST_CASE_FIXTURE(Fixture, "the tail has what the file has, redacted the same") {
  LogBook book{to_file(path(), LogFormat::json)};
  book.component("plugin.chat").info("sent", {{"room", "lobby"}, {"token", "abc"}});
  book.component("net").debug("below the level");
  const LogPage tail = book.tail({});
  REQUIRE(tail.lines.size() == 1);
  CHECK(tail.next == 1);
  CHECK(tail.lines[0].fields == json::object{{"room", "lobby"}, {"token", "***"}});
  book.flush();
  const json::value line = json::parse(text());
  CHECK(line.at("time").as_string() == tail.lines[0].time);
  CHECK(line.at("plugin") == "chat");
  CHECK(line.at("token") == "***");
}

TEST_CASE_FIXTURE(Fixture, "what was logged is in the file once the book is gone, each line whole") {
  {
    LogBook book{to_file(path())};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        Log& log = book.component("t" + std::to_string(t));
        for (int i = 0; i < 250; ++i) log.info("line", {{"n", i}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::ifstream in{path()};
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines) REQUIRE(line.find("] line n=") != std::string::npos);
  CHECK(lines == 1000);
}

TEST_CASE_FIXTURE(Fixture, "a book whose file was moved away writes a new one after it was told") {
  LogBook book{to_file(path())};
  book.component("net").info("one");
  book.flush();
  fs::rename(path(), path() + ".1");
  book.reopen();
  book.flush();
  CHECK(fs::exists(path()));
  book.component("net").info("two");
  book.flush();
  CHECK(text().find("two") != std::string::npos);
  CHECK(text().find("one") == std::string::npos);
}

TEST_CASE("a full disk costs lines, and nothing else") {
  LogBook book{to_file("/dev/full")};
  for (int i = 0; i < 3; ++i) book.component("net").info("lost");
  book.flush();
  CHECK(book.lost_lines() == 3);
  CHECK(book.tail({}).lines.size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a disk that hangs holds up nobody: what does not fit is dropped, counted and told") {
  // A pipe that nobody reads stands for the disk.
  REQUIRE(::mkfifo(path().c_str(), 0600) == 0);
  const int reader = ::open(path().c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  std::uint64_t lost = 0;
  std::string read;
  {
    LogWriter writer{{.file = {.path = path()}, .queue_bytes = 1000, .lost_line = [](std::uint64_t lines) {
                        return "lost " + std::to_string(lines);
                      }}};
    const std::string line(99, 'x');
    // 64 KiB go into the pipe, 1,000 bytes into the queue; then every further line is dropped at once.
    while (writer.lost_lines() < 10) writer.put(line);
    lost = writer.lost_lines();
    REQUIRE(::fcntl(reader, F_SETFL, 0) == 0);
    char chunk[4096];
    while (read.find("lost ") == std::string::npos) {
      const auto size = ::read(reader, chunk, sizeof chunk);
      REQUIRE(size > 0);
      read.append(chunk, static_cast<std::size_t>(size));
    }
  }
  ::close(reader);
  CHECK(read.find("lost " + std::to_string(lost)) != std::string::npos);
}

}  // namespace sluice
