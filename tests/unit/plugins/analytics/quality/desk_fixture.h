#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "quality/quality_desk.h"
#include "sluice/testing/fake_room_stats.h"
#include "sluice/testing/fake_rooms.h"

namespace sluice::testing {

/// A desk over rooms and statistics of the test's own.
class DeskFixture {
 public:
  explicit DeskFixture(analytics::QualityOptions options = {})
      : desk{analytics::make_quality_desk(host, rooms, stats, options)} {}

  void start() {
    desk->start([this](const analytics::RoomSample& sample) {
      ++samples;
      newest = {sample.participants.begin(), sample.participants.end()};
    });
  }

  FakeRoom& open(const std::string& id = "lobby") {
    RoomOptions options;
    options.id = id;
    return rooms.open(options);
  }
  FakeParticipant& join(FakeRoom& room, const std::string& user, Role role = Role::attendee) {
    Identity identity;
    identity.user_id = user;
    return room.join(host.connect(std::move(identity)), role);
  }
  [[nodiscard]] static FakeClient& client_of(FakeParticipant& one) { return static_cast<FakeClient&>(*one.client()); }
  Answer report(FakeParticipant& one, const json::object& data = {}) {
    return host.call(client_of(one), "stats:report", json::value(data));
  }

  /// Each participant's statistics of the coming seconds.
  ParticipantMediaStats& stats_of(FakeParticipant& one) {
    auto& all = stats.stats[one.room().id()];
    for (ParticipantMediaStats& known : all) {
      if (known.participant_id == one.id()) return known;
    }
    all.emplace_back().participant_id = one.id();
    return all.back();
  }
  /// It receives 1 Mbit/s over a path like this.
  TransportStats& receives(FakeParticipant& one, double round_trip_ms = 40, double loss = 0) {
    auto& transports = stats_of(one).transports;
    if (transports.empty()) transports.emplace_back();
    TransportStats& path = transports.front();
    path.state = TransportState::connected;
    path.sending_bps = 1'000'000;
    path.round_trip_time_ms = round_trip_ms;
    path.fraction_lost = loss;
    return path;
  }
  /// It sends so many packets of sound more, of which so many are lost.
  void speaks(FakeParticipant& one, std::uint64_t packets, std::uint64_t lost = 0, double jitter_ms = 2) {
    auto& tracks = stats_of(one).tracks;
    if (tracks.empty()) {
      tracks.emplace_back().track.kind = MediaKind::audio;
      tracks.front().streams.emplace_back().ssrc = Ssrc{7};
    }
    RtpStreamStats& stream = tracks.front().streams.front();
    stream.packets += packets;
    stream.packets_lost += lost;
    stream.jitter_ms = jitter_ms;
  }

  /// Time passes, and workers answer at once.
  void seconds(int count = 1) {
    for (int i = 0; i < count * 20; ++i) {
      host.advance(std::chrono::milliseconds{50});
      stats.answer();
    }
  }
  [[nodiscard]] std::string word_of(FakeParticipant& one) const {
    const auto last = desk->last_of(one.room(), one.id());
    return last && last->grade ? std::string{to_json(*last->grade).as_string()} : std::string{};
  }

  FakeHost host{"analytics"};
  FakeRooms rooms{host};
  FakeRoomStats stats;
  std::unique_ptr<analytics::QualityDesk> desk;
  int samples = 0;
  std::vector<analytics::ParticipantSample> newest;
};

}  // namespace sluice::testing
