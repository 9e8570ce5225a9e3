#pragma once

#include "sluice/media/layout.h"

namespace sluice::media {

/// The largest part in the middle of a picture that has the shape of `shape`; even, as far as the picture allows.
[[nodiscard]] Rect centre_crop(Size picture, Size shape) noexcept;
/// The largest place in the middle of `within` that has the shape of `picture`; even.
[[nodiscard]] Rect centre_fit(Size picture, Rect within) noexcept;

/// Which part of a picture is shown, and where.
struct Fitting {
  Rect part{};
  Rect place{};
  friend constexpr bool operator==(const Fitting&, const Fitting&) noexcept = default;
};
/// A picture that would lose more than look::kLeastSeen allows is shown whole, also where the tile is to be covered.
[[nodiscard]] Fitting fit(Size picture, const Tile& tile) noexcept;

}  // namespace sluice::media
