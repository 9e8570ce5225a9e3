#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/rooms.h"
#include "sluice/function.h"
#include "sluice/media_stats.h"

/// How the media of a room gets through (analytics, adaptive clients, billing). Provided by the plugin that keeps the
/// rooms.
/// @note Control thread only.
namespace sluice {

/// One participant's media, as the workers measure it; a copy.
struct ParticipantMediaStats {
  std::string participant_id;
  /// Usually two: what it sends with, and what it receives by. A client of one connection (SDP) has one.
  std::vector<TransportStats> transports;
  struct Track {
    PublishedTrack track;
    std::vector<RtpStreamStats> streams;  ///< by encoding; empty before the first packet
  };
  std::vector<Track> tracks;  ///< what it publishes
};

/// The service `sluice.room-stats`.
class RoomStats {
 public:
  static constexpr std::string_view kService = "sluice.room-stats/1";

  virtual ~RoomStats() = default;
  /// Asks the workers once for all of the room. Who has no media yet stands there with none. The callback is not called
  /// if the room closes first.
  virtual void collect(Room& room, Function<void(std::vector<ParticipantMediaStats>)> callback) = 0;
};

/// One who is heard.
struct Voice {
  std::string_view participant_id;
  std::uint8_t minus_dbov = 127;  ///< the loudest of the interval: decibels below the loudest that there can be
  bool voice = false;             ///< the client believes that somebody speaks (RFC 6464 section 3)
};

/// Published every `interval` of each room in which somebody is heard, by microphones alone: no screen's sound.
struct VoicesHeard {
  static constexpr std::string_view kTopic = "sluice.room-stats/1:voices-heard";
  Room& room;
  std::span<const Voice> voices;
  Duration interval;
};

}  // namespace sluice
