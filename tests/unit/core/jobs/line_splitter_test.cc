#include "core/jobs/line_splitter.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

std::vector<std::string> lines_of(LineSplitter& splitter) {
  std::vector<std::string> lines;
  while (const auto line = splitter.next()) lines.emplace_back(*line);
  return lines;
}

TEST_CASE("lines come out whole, however the stream is cut") {
  const std::string stream = "one\n\nthree\nfour";
  for (std::size_t cut = 1; cut <= stream.size(); ++cut) {
    LineSplitter splitter{10};
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < stream.size(); at += cut) {
      splitter.append(std::string_view{stream}.substr(at, cut));
      for (std::string& line : lines_of(splitter)) lines.push_back(std::move(line));
    }
    CAPTURE(cut);
    CHECK(lines == std::vector<std::string>{"one", "", "three"});
    CHECK(splitter.take_rest() == "four");
  }
}

TEST_CASE("a line may be as long as it may be, and not a byte longer") {
  LineSplitter splitter{4};
  splitter.append("four\n");
  CHECK(splitter.next() == "four");
  SUBCASE("with an end") { splitter.append("fives\nmore\n"); }
  SUBCASE("without one") { splitter.append("fives"); }
  CHECK_FALSE(splitter.next());
  CHECK(splitter.too_long());
  CHECK_FALSE(splitter.next());
}

TEST_CASE("what is too long can be taken in pieces") {
  LineSplitter splitter{4};
  splitter.append("abcdefghij\nk\n");
  CHECK_FALSE(splitter.next());
  CHECK(splitter.take_rest() == "abcd");
  CHECK_FALSE(splitter.next());
  CHECK(splitter.take_rest() == "efgh");
  CHECK(lines_of(splitter) == std::vector<std::string>{"ij", "k"});
  CHECK(splitter.take_rest().empty());
}

}  // namespace
}  // namespace sluice
