#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/prefetch.h"
#include "core/media/ice/ice_tuple.h"
#include "sluice/time.h"

namespace sluice {

/// A peer has few interfaces and each of them few NAT mappings; the bound is per transport.
inline constexpr std::size_t kMaxValidTuples = 8;

/// A tuple whose peer has proved that it knows the password.
struct ValidTuple {
  IceTuple tuple;
  std::uint32_t priority = 0;        ///< PRIORITY of its latest check
  Instant last_check{};              ///< its latest authenticated request: consent counts from here
  std::optional<Instant> nominated;  ///< its latest request with USE-CANDIDATE in this ICE generation
};

/// The valid tuples of one transport: a short, bounded list in no particular order, and which of them is selected.
class ValidTuples {
 public:
  [[nodiscard]] const ValidTuple* find(const IceTuple& tuple) const noexcept;
  [[nodiscard]] ValidTuple* find(const IceTuple& tuple) noexcept;
  [[nodiscard]] const ValidTuple* selected() const noexcept;
  /// selected() follows soon.
  void prefetch() const noexcept {
    sluice::prefetch(tuples_.data(), sizeof(ValidTuple));  // of most transports the only one
    sluice::prefetch(&selected_);
  }
  [[nodiscard]] std::span<const ValidTuple> all() const noexcept { return {tuples_.data(), count_}; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  /// Makes room if need be: the tuple that has been silent longest goes, though never the selected one.
  /// @return The one that had to go.
  std::optional<IceTuple> add(const ValidTuple& tuple) noexcept;

  /// Removes one tuple whose latest check is at or before `deadline`; nullopt when there is none.
  std::optional<IceTuple> remove_silent_since(Instant deadline) noexcept;

  /// Nothing happens if it is not in the list.
  void remove(const IceTuple& tuple) noexcept;

  /// `tuple` must be in the list.
  void select(const IceTuple& tuple) noexcept;
  /// Nothing is selected afterwards when the list is empty.
  void select_highest_priority() noexcept;
  void forget_nominations() noexcept;
  [[nodiscard]] std::optional<Instant> oldest_check() const noexcept;

 private:
  static constexpr std::size_t kNone = kMaxValidTuples;

  void remove(std::size_t index) noexcept;

  std::array<ValidTuple, kMaxValidTuples> tuples_{};
  std::size_t count_ = 0;
  std::size_t selected_ = kNone;
};

}  // namespace sluice
