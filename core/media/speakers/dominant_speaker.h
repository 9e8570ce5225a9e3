#pragma once

#include <chrono>
#include <optional>
#include <unordered_map>

#include "core/media/speakers/activity_score.h"
#include "core/media/speakers/speech_activity.h"
#include "sluice/time.h"

namespace sluice {

/// Who leads the conversation of one room: I. Volfin and I. Cohen, "Dominant speaker identification for multipoint
/// videoconferencing", Computer Speech and Language 27 (2013).
///
/// The one who leads goes on leading through its pauses, until somebody else has spoken more in the last second and it
/// is silent itself while the other speaks. Who only coughs or knocks does not speak long enough.
/// @note Memory: an entry for each microphone that is not silent.
class DominantSpeaker {
 public:
  struct Config {
    Duration decision_interval = std::chrono::milliseconds{300};
    // How far the logarithms of the challenger's scores must lie above those of the one who leads.
    double immediate_margin = 3;
    double medium_margin = 2;
    double long_margin = 0;
    /// So many times 100 ms of the last second a challenger must have spoken: a cough is over before.
    std::uint8_t least_long = 6;
  };

  DominantSpeaker() = default;
  explicit DominantSpeaker(const Config& config) noexcept : config_{config} {}

  /// What a worker has told.
  void update(SpeakerId id, const SpeechActivity& activity);
  /// It is gone, or muted: it does not lead any more.
  void remove(SpeakerId id) noexcept;
  /// Decides, once in an interval. @return whether another one leads than before.
  bool decide(Instant now) noexcept;

  [[nodiscard]] std::optional<SpeakerId> current() const noexcept { return current_; }

 private:
  [[nodiscard]] bool may_lead(const SpeechActivity& activity) const noexcept;
  [[nodiscard]] std::optional<SpeakerId> first_speaker() const noexcept;
  [[nodiscard]] std::optional<SpeakerId> challenger() const noexcept;

  Config config_;
  std::unordered_map<SpeakerId, SpeechActivity> activities_;  // of those who are not silent
  std::optional<SpeakerId> current_;
  Instant next_decision_{};
};

}  // namespace sluice
