#include "core/media/bwe/feedback_reader.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/unit/core/media/bwe/feedback_bytes.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using namespace sluice::testing;

struct Line {
  std::uint16_t sequence = 0;
  std::uint16_t count = 1;
  std::int64_t us = -1;  ///< since the reference; -1: not received
  bool operator==(const Line&) const = default;
};

std::vector<Line> read(const std::vector<std::uint8_t>& bytes) {
  auto reader = FeedbackReader::parse(bytes);
  REQUIRE(reader);
  std::vector<Line> lines;
  while (const auto status = reader->next()) {
    const auto us = status->arrived ? std::chrono::duration_cast<std::chrono::microseconds>(*status->arrived).count()
                                    : std::int64_t{-1};
    lines.push_back({status->first.value(), status->count, us});
  }
  return lines;
}

FeedbackError error_of(const std::vector<std::uint8_t>& bytes) {
  const auto reader = FeedbackReader::parse(bytes);
  REQUIRE_FALSE(reader);
  return reader.error();
}

}  // namespace

TEST_CASE("the fixed fields are read") {
  const auto bytes = all_arrived(0xfffe, 1, 0x123456, 7);
  const auto reader = FeedbackReader::parse(bytes);
  REQUIRE(reader);
  CHECK(reader->base() == TransportSequence{0xfffe});
  CHECK(reader->count() == 1);
  CHECK(reader->reference() == 0x123456);
  CHECK(reader->message() == 7);
}

TEST_CASE("a run of lost packets is one status, however long") {
  CHECK(read(FeedbackBytes{.base = 65'000, .count = 8000, .chunks = {8000}}.bytes()) ==
        std::vector<Line>{{65'000, 8000, -1}});
}

TEST_CASE("small deltas have one byte without sign, large ones two with it") {
  // Two bits each: large, small, not received, small.
  const FeedbackBytes feedback{.base = 65'535,
                               .count = 4,
                               .chunks = {0xc000 | 2 << 12 | 1 << 10 | 0 << 8 | 1 << 6},
                               .deltas = {0x01, 0x00, 0xff, 0x04}};
  CHECK(
      read(feedback.bytes()) ==
      std::vector<Line>{{65'535, 1, 256 * 250}, {0, 1, (256 + 255) * 250}, {1, 1, -1}, {2, 1, (256 + 255 + 4) * 250}});
  const FeedbackBytes back{.base = 1, .count = 2, .chunks = {0x4002}, .deltas = {0x00, 0x08, 0xff, 0xff}};
  CHECK(read(back.bytes()) == std::vector<Line>{{1, 1, 2000}, {2, 1, 1750}});
}

TEST_CASE("a status vector of single bits holds fourteen, of which those beyond the count are ignored") {
  const FeedbackBytes feedback{.base = 10, .count = 3, .chunks = {0x8000 | 0b10'1111'1111'1111}, .deltas = {1, 1}};
  CHECK(read(feedback.bytes()) == std::vector<Line>{{10, 1, 250}, {11, 1, -1}, {12, 1, 500}});
}

TEST_CASE("a run that is longer than the count is cut") {
  CHECK(read(FeedbackBytes{.base = 1, .count = 2, .chunks = {0x2000 | 100}, .deltas = {0, 4}}.bytes()) ==
        std::vector<Line>{{1, 1, 0}, {2, 1, 1000}});
}

TEST_CASE("what is no feedback has a reason") {
  CHECK(error_of({}) == FeedbackError::truncated);
  CHECK(error_of({0, 1, 0, 1, 0, 0, 0}) == FeedbackError::truncated);
  CHECK(error_of(FeedbackBytes{.count = 0}.bytes()) == FeedbackError::empty);
  CHECK(error_of(FeedbackBytes{.count = 16'385, .chunks = {0x1fff, 0x1fff, 0x1fff}}.bytes()) ==
        FeedbackError::too_many);
  CHECK(error_of(FeedbackBytes{.count = 10, .chunks = {9}}.bytes()) == FeedbackError::truncated);
  CHECK(error_of(FeedbackBytes{.count = 2, .chunks = {0x2002}, .deltas = {1}}.bytes()) == FeedbackError::truncated);
  CHECK(error_of(FeedbackBytes{.count = 1, .chunks = {0x6001}}.bytes()) == FeedbackError::bad_status);
  CHECK(error_of(FeedbackBytes{.count = 1, .chunks = {0xf000}}.bytes()) == FeedbackError::bad_status);
}

TEST_CASE("empty runs cost no more than their bytes") {
  FeedbackBytes feedback{.base = 1, .count = 1, .chunks = std::vector<std::uint16_t>(600, 0x2000), .deltas = {1}};
  feedback.chunks.push_back(0x2001);
  CHECK(read(feedback.bytes()) == std::vector<Line>{{1, 1, 250}});
}

}  // namespace sluice
