#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/media/speakers/speaker_activity.h"
#include "sluice/time.h"

namespace sluice {

/// The microphones of one worker: gathers what has changed into one batch of reports every kInterval, and at once when
/// somebody begins to speak. Who is silent costs nothing and is told of once.
/// @note Worker thread only; no allocation but with a new microphone.
class SpeakerWatch {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds{100};
  /// Several who begin at nearly the same time are told of together.
  static constexpr Duration kLeastInterval = std::chrono::milliseconds{20};
  /// Of one batch. Where more speak on one worker, they take turns.
  static constexpr std::size_t kMaxReports = 512;

  /// One producer's audio. The watch outlives it.
  class Microphone {
   public:
    Microphone(SpeakerWatch& watch, SpeakerId id);
    ~Microphone();
    Microphone(const Microphone&) = delete;
    Microphone& operator=(const Microphone&) = delete;

    /// The level of a packet.
    void on_level(AudioLevel level, Instant now) noexcept {
      const bool onset = activity_.on_level(level, now);
      if (activity_.audible()) watch_.note(*this, onset, now);
    }
    /// Its producer is paused: silent at once.
    void mute() noexcept { activity_.fall_silent(); }

   private:
    friend class SpeakerWatch;
    static constexpr std::size_t kNotActive = static_cast<std::size_t>(-1);

    SpeakerWatch& watch_;
    SpeakerId id_;
    SpeakerActivity activity_;
    std::size_t position_ = kNotActive;  // among the active ones
  };

  SpeakerWatch() = default;
  SpeakerWatch(const SpeakerWatch&) = delete;
  SpeakerWatch& operator=(const SpeakerWatch&) = delete;

  /// None: everybody is silent.
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return next_; }

  /// Hands the reports that are due to `send(std::span<const SpeakerReport>) -> bool`. Where that answers no, since too
  /// many wait already, the same is reported later.
  template <class Send>
  void poll(Instant now, Send&& send) {
    if (!next_ || now < *next_) return;
    last_ = now;
    gather(now);
    const bool taken = reports_.empty() || std::forward<Send>(send)(std::span<const SpeakerReport>{reports_});
    finish(taken, now);
  }

 private:
  void note(Microphone& microphone, bool onset, Instant now) noexcept;
  void strike(Microphone& microphone) noexcept;
  void gather(Instant now) noexcept;
  void finish(bool taken, Instant now) noexcept;

  std::size_t microphones_ = 0;
  std::vector<Microphone*> active_;
  std::vector<Microphone*> reported_;   // scratch: the batch,
  std::vector<SpeakerReport> reports_;  // and what it says
  std::size_t turn_ = 0;                // whose report comes first
  std::optional<Instant> next_;
  Instant last_{};
};

}  // namespace sluice
