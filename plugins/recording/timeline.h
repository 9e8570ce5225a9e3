#pragma once

#include <cstddef>
#include <vector>

#include "sluice/media/codec.h"

namespace sluice::recording {

using media::MediaTime;

/// From `begin` to before `end`.
struct Span {
  MediaTime begin{};
  MediaTime end{};
  [[nodiscard]] constexpr MediaTime length() const noexcept { return end - begin; }
  friend constexpr bool operator==(const Span&, const Span&) noexcept = default;
};

/// How long the union of them is.
[[nodiscard]] MediaTime total_length(std::vector<Span> spans);

/// From the time of a session to that of its product: both begin at zero, the product goes on where a pause was. So
/// nothing of a pause is left, and what comes after it keeps its distances to the microsecond.
class Timeline {
 public:
  /// @param pauses  Of the session, in any order; overlaps, and what lies outside of it, do not matter.
  /// @param end     Of the session.
  Timeline(std::vector<Span> pauses, MediaTime end);

  /// Of the product.
  [[nodiscard]] MediaTime duration() const noexcept { return duration_; }
  /// Where a moment of the session is in the product; one of a pause is where the pause was cut out. Never beyond the
  /// ends.
  [[nodiscard]] MediaTime product_time(MediaTime session) const noexcept;
  /// The other way; of a cut the moment after it.
  [[nodiscard]] MediaTime session_time(MediaTime product) const noexcept;
  /// What lies between the pauses, in order, none of them empty.
  [[nodiscard]] const std::vector<Span>& pieces() const noexcept { return pieces_; }
  /// The piece that a moment of the session is in; pieces().size(): it was not recorded.
  [[nodiscard]] std::size_t piece_of(MediaTime session) const noexcept;
  [[nodiscard]] bool is_recorded(MediaTime session) const noexcept { return piece_of(session) < pieces_.size(); }

 private:
  std::vector<Span> pieces_;
  std::vector<MediaTime> begins_;  // of the pieces, in the product
  MediaTime duration_{};
};

}  // namespace sluice::recording
