// Picture ids and TL0PICIDX as a receiver sees them.

#include <doctest/doctest.h>

#include "core/media/transport/sequence_rewriter.h"

namespace sluice {
namespace {

constexpr Instant t0{};

struct Pictures {
  explicit Pictures(bool long_id, bool consecutive) : long_id_{long_id}, consecutive_{consecutive} {}

  [[nodiscard]] PictureNumbers numbers(std::uint32_t id, std::uint32_t tl0) const {
    const std::uint32_t mask = long_id_ ? 0x7fff : 0x7f;
    return {.id = static_cast<std::uint16_t>(id & mask),
            .tl0_index = static_cast<std::uint8_t>(tl0),
            .id_at = 2,
            .tl0_at = 4,
            .long_id = long_id_,
            .consecutive = consecutive_};
  }
  /// @return What goes out in place of the id.
  std::uint32_t send(std::uint32_t id, std::uint32_t tl0 = 0) {
    const auto& run = rewriter.next({.numbers = {RtpSequence{sequence_++}, {}}, .pictures = numbers(id, tl0)}, t0);
    tl0_sent = static_cast<std::uint8_t>(tl0 + run.tl0_offset);
    return (id + run.picture_offset) & (long_id_ ? 0x7fff : 0x7f);
  }
  void drop(std::uint32_t id) { rewriter.drop(0, RtpSequence{sequence_++}, numbers(id, 0)); }
  void lose() { ++sequence_; }

  SequenceRewriter rewriter{{}};
  std::uint8_t tl0_sent = 0;

 private:
  bool long_id_;
  bool consecutive_;
  std::uint16_t sequence_ = 65'530;
};

constexpr std::uint32_t kStarts[] = {0, 1, 2, 63, 64, 126, 127, 128, 16'383, 16'384, 32'765, 32'766, 32'767};

}  // namespace

TEST_CASE("VP8 pictures that are left out leave no gap, whether ids have 7 or 15 bits") {
  for (const bool long_id : {false, true}) {
    for (const std::uint32_t start : kStarts) {
      CAPTURE(long_id);
      CAPTURE(start);
      const std::uint32_t mask = long_id ? 0x7fff : 0x7f;
      Pictures pictures{long_id, true};
      CHECK(pictures.send(start) == (start & mask));
      CHECK(pictures.send(start) == (start & mask));  // its second packet
      pictures.drop(start + 1);
      pictures.drop(start + 1);
      CHECK(pictures.send(start + 2) == ((start + 1) & mask));
      pictures.drop(start + 3);
      CHECK(pictures.send(start + 4) == ((start + 2) & mask));
      pictures.lose();  // picture 5: nobody knows what it was
      CHECK(pictures.send(start + 6) == ((start + 4) & mask));
    }
  }
}

TEST_CASE("VP9 pictures are referred to by distance: those that are left out leave their gap") {
  Pictures pictures{true, false};
  CHECK(pictures.send(10) == 10);
  pictures.drop(11);
  CHECK(pictures.send(12) == 12);
}

TEST_CASE("between encodings, and after a pause, pictures are counted on") {
  for (const bool consecutive : {false, true}) {
    for (const std::uint32_t start : kStarts) {
      CAPTURE(start);
      Pictures pictures{true, consecutive};
      CHECK(pictures.send(start, 255) == start);
      CHECK(pictures.tl0_sent == 255);
      pictures.rewriter.change_encoding(std::nullopt);
      CHECK(pictures.send(20'000, 40) == ((start + 1) & 0x7fff));
      CHECK(pictures.tl0_sent == 0);
      CHECK(pictures.send(20'001, 41) == ((start + 2) & 0x7fff));
      CHECK(pictures.tl0_sent == 1);
      pictures.rewriter.begin_run(SequenceRewriter::Clock::continues);
      CHECK(pictures.send(20'100, 60) == ((start + 3) & 0x7fff));
      CHECK(pictures.tl0_sent == 2);
    }
  }
}

TEST_CASE("a packet of a picture that is sent again finds the picture's number of its time") {
  Pictures pictures{true, true};
  CHECK(pictures.send(100) == 100);
  pictures.drop(101);
  CHECK(pictures.send(102) == 101);
  pictures.drop(103);
  CHECK(pictures.send(104) == 102);
  CHECK(pictures.rewriter.origin_of(RtpSequence{0})->run.picture_offset == 0);
  CHECK(pictures.rewriter.origin_of(RtpSequence{1})->run.picture_offset == 0xffff);
  CHECK(pictures.rewriter.origin_of(RtpSequence{2})->run.picture_offset == 0xfffe);
}

}  // namespace sluice
