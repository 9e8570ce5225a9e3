#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "requests.h"
#include "sluice/function.h"
#include "sluice/speakers.h"
#include "sluice/time.h"
#include "voices.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Who speaks in a room: tells everybody who leads the conversation (`speaker:active`), those who asked for it how loud
/// everybody is (`speaker:levels`), and plugins whose voices were heard (VoicesHeard).
class Speakers {
 public:
  static constexpr Duration kLeastInterval = std::chrono::milliseconds{200};
  static constexpr Duration kMostInterval = std::chrono::seconds{10};
  static constexpr Duration kUsualInterval = std::chrono::milliseconds{500};
  /// Of one `speaker:levels`: the loudest.
  static constexpr std::size_t kMaxLevels = 32;
  /// Of `speaker:levels` to all subscribers of a room together. Where more asked, all get fewer.
  static constexpr std::size_t kMaxMessagesPerSecond = 5'000;

  /// Listens to the room's router.
  Speakers(Context& context, LiveRoom& room);

  /// Who leads; null: nobody.
  [[nodiscard]] Member* dominant() const;
  /// `{participantId, volume}` of who leads; null: nobody.
  [[nodiscard]] json::value current() const;
  /// Called after dominant() has changed, one callback.
  void on_change(Function<void()> callback) { on_change_ = std::move(callback); }

  /// The event `speaker:levels`. @return `{intervalMs}`: what it will be, at first.
  [[nodiscard]] json::object watch_levels(const Member& member, const WatchLevels& request);
  /// The member is about to leave the room.
  void left(const Member& member);

 private:
  struct Watcher {
    Duration interval{};
    Instant due{};
  };

  void lead(const SpeakerLevel& speaker);
  void handle(const std::vector<SpeakerLevel>& levels);
  void tell_levels(const std::vector<SpeakerLevel>& levels);
  void hear(const std::vector<SpeakerLevel>& levels);
  void publish_voices();
  void follow_watchers();
  [[nodiscard]] Duration least_interval() const noexcept;
  [[nodiscard]] json::array loudest(const std::vector<SpeakerLevel>& levels) const;

  Context& context_;
  LiveRoom& room_;
  std::string dominant_;                                  // participant id; empty: nobody
  int volume_ = 0;                                        // of the one who leads, when it began
  std::map<std::string, Watcher, std::less<>> watchers_;  // by participant id
  Duration pace_{};                                       // of the router's levels
  Voices voices_;
  Function<void()> on_change_;
};

}  // namespace sluice::videoroom
