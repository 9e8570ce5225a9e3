// Which way up a camera's pictures are, from its packets to the journal.
#include <doctest/doctest.h>

#include "session_rig.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryFolder;

constexpr std::uint8_t kQuarter = 1;
constexpr std::uint8_t kHalf = 2;

/// A camera of 25 frames a second; its first frame is a key frame.
struct Phone {
  explicit Phone(SessionRig& its_rig) : rig{its_rig}, tap{rig.add(1, MediaKind::video)} {}

  /// The last packet tells which way up; nothing: none does.
  void send(std::optional<std::uint8_t> orientation = std::nullopt, bool key_frame = false) {
    auto packets = camera.vp8(timestamp, key_frame || timestamp == kFirst);
    if (orientation) packets.back() = testing::oriented(std::move(packets.back()), kOrientationId, *orientation);
    for (auto& packet : packets) tap->waiting.push_back({.rtp = std::move(packet), .arrival = rig.now});
    timestamp += kTicks;
    rig.now += 40ms;
    rig.drain();
  }

  static constexpr std::uint32_t kFirst = 0xffff'f000;
  static constexpr std::uint32_t kTicks = 3'600;
  SessionRig& rig;
  std::shared_ptr<testing::FakeTapReader> tap;
  testing::PacketSource camera{kVp8};
  std::uint32_t timestamp = kFirst;
};

}  // namespace

TEST_CASE("each change of a camera's orientation is in the journal, with the frame that it begins with") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Phone phone{rig};
  phone.send(0);
  phone.send();
  phone.send(kQuarter);
  phone.send();
  phone.send(kQuarter, true);
  phone.send(0);
  phone.send();
  rig.end();

  const auto turned = entries<PictureTurned>(folder / kJournalFile);
  REQUIRE(turned.size() == 2);
  CHECK(turned[0].track == "t1");
  CHECK(turned[0].degrees == 90);
  CHECK(turned[0].timestamp == std::int64_t{0xffff'f000} + 2 * 3'600);  // over the wrap of its timestamps
  CHECK(turned[0].at_us == 80'000);
  CHECK(turned[1].degrees == 0);
  CHECK(turned[1].timestamp == std::int64_t{0xffff'f000} + 5 * 3'600);
}

TEST_CASE("a camera that is held sideways from the beginning says so behind the beginning of its track") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Phone phone{rig};
  phone.send(kHalf);
  phone.send(kHalf);
  rig.end();
  const auto read = read_journal(folder / kJournalFile);
  const auto began =
      std::ranges::find_if(read, [](const auto& one) { return std::holds_alternative<TrackBegan>(one); });
  const auto turned =
      std::ranges::find_if(read, [](const auto& one) { return std::holds_alternative<PictureTurned>(one); });
  REQUIRE(turned != read.end());
  CHECK(began < turned);
  CHECK(std::get<PictureTurned>(*turned).timestamp == std::get<TrackBegan>(*began).first_timestamp);
  CHECK(entries<PictureTurned>(folder / kJournalFile).size() == 1);
}

TEST_CASE("turns are written also into a journal that is very long") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Phone phone{rig};
  phone.send(0);
  const ChatSaid long_text{.at_us = 0, .name = "Anna", .text = std::string(60'000, 'x')};
  for (int i = 0; i < 1'300; ++i) {
    rig.tell(long_text);
    if (i % 100 == 0) rig.drain();
  }
  rig.drain();
  REQUIRE(std::filesystem::file_size(folder / kJournalFile) > JournalWriter::kManyBytes);
  phone.send(kQuarter);
  rig.end();
  CHECK(entries<PictureTurned>(folder / kJournalFile).size() == 1);
}

TEST_CASE("a sender that turns its pictures all the time fills no journal") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Phone phone{rig};
  for (int i = 0; i < 1'100; ++i) phone.send(i % 2 == 0 ? kQuarter : kHalf);
  rig.end();
  CHECK(entries<PictureTurned>(folder / kJournalFile).size() == 1'000);
  CHECK(packets_of(folder / "t1.mkv").size() == 1'100);
}

}  // namespace sluice::recording
