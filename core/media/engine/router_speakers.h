#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/media/speakers/dominant_speaker.h"
#include "core/media/speakers/loudest_speakers.h"
#include "sluice/function.h"
#include "sluice/speakers.h"
#include "sluice/time.h"

namespace sluice {

class ControlLoop;

/// Who speaks in one router, on whatever workers the microphones are: gathers what these report, decides, and tells.
///
/// Owners: the router's state, and whoever is in conclude(), as a callback may let go of the router.
/// @note Control thread only.
class RouterSpeakers : public std::enable_shared_from_this<RouterSpeakers> {
 public:
  static constexpr Duration kLeastInterval = std::chrono::milliseconds{100};
  static constexpr Duration kMostInterval = std::chrono::seconds{10};

  explicit RouterSpeakers(ControlLoop& loop) noexcept : loop_{loop} {}

  // What the router's plugin wants to hear.
  void on_dominant(Function<void(const SpeakerLevel&)> callback) { on_dominant_.set(std::move(callback)); }
  void on_levels(Duration interval, Function<void(const std::vector<SpeakerLevel>&)> callback);
  void on_loudest(std::size_t count, Function<void(const std::string&, bool)> callback);
  /// Nobody hears anything any more.
  void forget_callbacks();

  // What becomes of the microphones whose levels are known.
  void add(SpeakerId id, const std::string& producer_id);
  void remove(SpeakerId id);
  void mute(SpeakerId id);
  /// conclude() follows once all reports of a batch have been handled.
  void handle(const SpeakerReport& report, Instant now);
  /// Tells what has changed.
  void conclude(Instant now);

 private:
  /// A callback, which may put another one into its own place.
  template <class... Args>
  class Listener {
   public:
    void set(Function<void(Args...)> callback) {
      callback_ = std::move(callback);
      ++changes_;
    }
    void tell(Args... args) {
      if (!callback_) return;
      const unsigned before = changes_;
      Function<void(Args...)> callback = std::exchange(callback_, nullptr);
      callback(args...);
      if (changes_ == before) callback_ = std::move(callback);
    }
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(callback_); }

   private:
    Function<void(Args...)> callback_;
    unsigned changes_ = 0;
  };

  struct Microphone {
    std::string producer_id;
    std::uint8_t minus_dbov = 127;  // of the last report
    bool voice = false;
    bool silent = true;      // by its last report
    SpeakerLevel loudest{};  // since the levels were told
    bool told_loud = true;
  };

  void tell_dominant();
  void tell_loudest();
  void tell_levels(Instant now);
  void conclude_soon();
  [[nodiscard]] bool all_silent() const noexcept { return sounding_ == 0; }

  ControlLoop& loop_;
  std::unordered_map<SpeakerId, Microphone> microphones_;
  std::size_t sounding_ = 0;  // microphones that are not silent
  DominantSpeaker dominant_;
  bool dominant_changed_ = false;
  LoudestSpeakers loudest_;
  std::size_t places_ = 0;         // 0: for all
  std::set<SpeakerId> undecided_;  // may have got or lost a place
  std::set<SpeakerId> heard_;      // since the levels were told
  bool told_levels_ = false;       // of somebody, the last time
  Duration interval_ = kLeastInterval;
  Instant levels_due_{};
  bool concluding_soon_ = false;
  Listener<const SpeakerLevel&> on_dominant_;
  Listener<const std::vector<SpeakerLevel>&> on_levels_;
  Listener<const std::string&, bool> on_loudest_;
};

}  // namespace sluice
