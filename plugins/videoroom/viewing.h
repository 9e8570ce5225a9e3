#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "requests.h"
#include "sluice/media.h"

namespace sluice::videoroom {

class Member;
struct Publication;

/// Whose video is kept, and improved first, when the receiver's path does not carry everything.
inline constexpr std::uint8_t kSpotlightPriority = 200;
inline constexpr std::uint8_t kPinnedPriority = 160;
inline constexpr std::uint8_t kScreenPriority = 120;
inline constexpr std::uint8_t kSpeakerPriority = 80;
inline constexpr std::uint8_t kUsualPriority = 1;

/// The highest layer that can be asked for: what three bits of a codec's payload descriptor can tell apart.
inline constexpr std::uint8_t kTopLayer = 7;

/// How one participant wants to see the others: whom it has pinned, how good the picture is to be, and what it said of
/// single consumers. What it does not say follows from the room: who is in the spotlight, who shows a screen, who
/// speaks.
class Viewing {
 public:
  explicit Viewing(Member& member) noexcept : member_{member} {}

  /// Empty: nobody.
  void pin(std::string participant_id) { pinned_ = std::move(participant_id); }
  [[nodiscard]] const std::string& pinned() const noexcept { return pinned_; }

  /// Of all consumers that the client has said nothing else of; those of before are forgotten.
  void set_quality(Quality quality);
  void set_quality(Consumer& consumer, Quality quality);
  void set_layers(Consumer& consumer, const PreferredLayers& most);
  void set_priority(Consumer& consumer, std::uint8_t priority);

  /// Tells the consumer what holds for it now.
  void apply(Consumer& consumer) const;
  void forget(std::string_view consumer_id);

 private:
  [[nodiscard]] std::uint8_t priority_of(const Publication& publication) const;

  Member& member_;
  std::string pinned_;
  std::optional<PreferredLayers> usual_;  // none: the best
  // Consumers of which the client has said it itself; all of them exist.
  std::set<std::string, std::less<>> own_layers_;
  std::set<std::string, std::less<>> own_priority_;
};

}  // namespace sluice::videoroom
