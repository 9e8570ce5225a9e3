#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sluice/contracts/media_taps.h"
#include "sluice/json.h"
#include "sluice/taps.h"
#include "sluice/time.h"

/// What the gateway tells the job `program` of its room, in order: who is there, which tracks there are, and their
/// packets. Many entries make one record (JobRecords). Both ends are this library, so there is one version of it; the
/// reader believes nothing all the same.
namespace sluice::livestream {

using TrackNumber = std::uint32_t;  ///< of a stream, never used twice

struct FeedParticipant {
  std::string id;
  std::string name;
  bool present = true;  ///< false: has left
};
BOOST_DESCRIBE_STRUCT(FeedParticipant, (), (id, name, present))

/// Before its first packet.
struct FeedTrack {
  std::int64_t track = 0;  ///< TrackNumber
  std::string participant_id;
  TrackSource source = TrackSource::mic;
  bool video = false;
  std::string mime_type;  ///< `video/H264`
  std::int64_t clock_rate = 0;
  std::int64_t payload_type = 0;
  std::optional<int> orientation_id{};  ///< of the header extension; FrameAssembler::Options
};
BOOST_DESCRIBE_STRUCT(FeedTrack, (),
                      (track, participant_id, source, video, mime_type, clock_rate, payload_type, orientation_id))

/// Paused by its sender or a moderator, or not any more.
struct FeedTrackState {
  std::int64_t track = 0;
  bool paused = false;
};
BOOST_DESCRIBE_STRUCT(FeedTrackState, (), (track, paused))

/// Nothing comes of it any more.
struct FeedTrackEnd {
  std::int64_t track = 0;
};
BOOST_DESCRIBE_STRUCT(FeedTrackEnd, (), (track))

/// Who leads the conversation; empty: nobody.
struct FeedSpeaker {
  std::string participant_id;
};
BOOST_DESCRIBE_STRUCT(FeedSpeaker, (), (participant_id))

/// A packet of a track, as its tap gave it. `bytes` are the reader's.
struct FeedPacket {
  TrackNumber track = 0;
  Instant arrival{};
  std::optional<TappedClock> clock{};
  std::span<const std::uint8_t> rtp{};
};

using FeedEntry = std::variant<FeedParticipant, FeedTrack, FeedTrackState, FeedTrackEnd, FeedSpeaker, FeedPacket>;

/// Gathers entries into records.
class FeedRecord {
 public:
  /// @return false: it does not fit in any more (JobRecords::kMaxBytes); the record is to be sent first.
  [[nodiscard]] bool add(const FeedEntry& entry);
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  void clear() noexcept { bytes_.clear(); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// The entries of a record, one after the other. Nothing: its end, or what follows cannot be read.
class FeedReader {
 public:
  explicit FeedReader(std::span<const std::uint8_t> record) noexcept : rest_{record} {}
  [[nodiscard]] std::optional<FeedEntry> next();
  [[nodiscard]] bool malformed() const noexcept { return malformed_; }

 private:
  std::span<const std::uint8_t> rest_;
  bool malformed_ = false;
};

}  // namespace sluice::livestream
