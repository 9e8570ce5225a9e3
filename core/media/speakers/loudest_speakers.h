#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/media/speakers/speech_activity.h"
#include "sluice/time.h"

namespace sluice {

/// Who is among the loudest of a room: places for so many microphones, each kept until somebody else needs it.
///
/// Who begins to speak gets at once the place of whoever has been silent longest, and for the grace at least. Where all
/// of them speak, the newcomer has to speak for a while, and clearly louder than the quietest. As long as there are
/// places for all, everybody has one.
class LoudestSpeakers {
 public:
  struct Config {
    /// A pause of this length between two sentences costs nobody its place.
    Duration grace = std::chrono::milliseconds{1500};
    /// Whoever speaks keeps a new place for so long, whatever others do.
    Duration least_stay = std::chrono::seconds{1};
    /// Among those who all speak, a newcomer must be so much louder,
    int margin_db = 6;
    /// and have spoken so many times 100 ms of the last second.
    std::uint8_t least_long = 3;
  };

  struct Change {
    SpeakerId id;
    bool loud;  ///< it has a place now
    friend bool operator==(const Change&, const Change&) noexcept = default;
  };

  LoudestSpeakers() = default;
  explicit LoudestSpeakers(const Config& config) noexcept : config_{config} {}

  /// From now on there are so many places.
  void set_places(std::size_t places, Instant now);
  void add(SpeakerId id, Instant now);
  void remove(SpeakerId id, Instant now);
  void update(const SpeakerReport& report, Instant now);
  /// It gives up its place to the next one who wants it.
  void mute(SpeakerId id) noexcept;

  [[nodiscard]] bool loud(SpeakerId id) const noexcept;
  /// Who has got or lost a place since the last call, in the order in which it happened.
  std::vector<Change> take_changes() { return std::exchange(changes_, {}); }

 private:
  struct Speaker {
    std::uint64_t number = 0;         // order of arrival
    int loudness = 0;                 // dB above -127 dBov, smoothed
    std::optional<Instant> spoke_at;  // last
    Instant entered{};                // its place
    bool loud = false;
  };

  void give_place(SpeakerId id, Instant now);
  void take_place(SpeakerId id);
  void fill_places(Instant now);
  [[nodiscard]] std::optional<SpeakerId> longest_silent(Instant now) const noexcept;
  [[nodiscard]] std::optional<SpeakerId> quietest(Instant now) const noexcept;
  [[nodiscard]] std::optional<SpeakerId> next_in_line() const noexcept;

  Config config_;
  std::size_t places_ = 0;
  std::uint64_t arrivals_ = 0;
  std::unordered_map<SpeakerId, Speaker> speakers_;
  std::vector<SpeakerId> loud_;  // those with a place, at most places_
  std::vector<Change> changes_;
};

}  // namespace sluice
