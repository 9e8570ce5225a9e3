#pragma once

#include <chrono>
#include <optional>

#include "sluice/time.h"

namespace sluice {

/// Two groups of packets, one after the other: how far apart they were sent, and how far apart they arrived.
struct GroupDelta {
  Duration sent{};
  Duration arrived{};
  Instant arrival{};  ///< of the later group, by the receiver's clock
};

/// Gathers packets that were sent in one burst, or that a link let through in one after it had held them
/// (draft-ietf-rmcat-gcc-02 sections 5.2 and 5.3), so that what is compared is the path's delay and not the burst's
/// own length.
///
/// Sans I/O; allocates nothing.
class ArrivalGroups {
 public:
  static constexpr Duration kBurst = std::chrono::milliseconds{5};
  /// A link that lets packets through in lumps makes no group longer than this.
  static constexpr Duration kMaxBurst = std::chrono::milliseconds{100};
  /// The two clocks cannot go apart by more than this from one group to the next: one of them was set.
  static constexpr Duration kMaxJump = std::chrono::seconds{3};
  /// After so long a silence old delays say nothing about new ones.
  static constexpr Duration kMaxSilence = std::chrono::seconds{2};

  /// @return Once a group is complete that has one before it.
  std::optional<GroupDelta> on_packet(Instant sent, Instant arrived) noexcept;
  /// The next packets are not compared with those before them.
  void reset() noexcept;
  /// True once after a silence or a jump of a clock: whoever sums up deltas starts afresh.
  [[nodiscard]] bool take_broken() noexcept;

 private:
  struct Group {
    Instant first_sent{};
    Instant last_sent{};
    Instant first_arrival{};
    Instant last_arrival{};
  };
  [[nodiscard]] bool belongs(Instant sent, Instant arrived) const noexcept;
  [[nodiscard]] bool is_break(Instant sent, Instant arrived) const noexcept;
  [[nodiscard]] std::optional<GroupDelta> delta() noexcept;

  std::optional<Group> current_;
  std::optional<Group> previous_;
  int disordered_ = 0;  // groups in a row that arrived before their predecessors
  bool broken_ = false;
};

}  // namespace sluice
