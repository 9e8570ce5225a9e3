#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "records/rows.h"

namespace sluice::analytics {

/// How fine a series is.
enum class Resolution : std::uint8_t { s1, s10, m1, h1 };
/// Those that are stored; s1 is kept in memory.
inline constexpr std::array kStored{Resolution::s10, Resolution::m1, Resolution::h1};

[[nodiscard]] constexpr std::chrono::seconds length_of(Resolution resolution) noexcept {
  switch (resolution) {
    case Resolution::s1:
      return std::chrono::seconds{1};
    case Resolution::s10:
      return std::chrono::seconds{10};
    case Resolution::m1:
      return std::chrono::minutes{1};
    case Resolution::h1:
      return std::chrono::hours{1};
  }
  return std::chrono::seconds{1};
}

/// What some time came to for one person, or for a room: averages, and the worst. What was never known is missing.
struct QualityFigures {
  std::int64_t samples = 0;  ///< seconds of participants
  std::optional<double> round_trip_ms{};
  std::optional<double> round_trip_max_ms{};
  std::optional<double> jitter_ms{};
  std::optional<double> jitter_max_ms{};
  std::optional<double> loss_up{};
  std::optional<double> loss_up_max{};
  std::optional<double> loss_down{};
  std::optional<double> loss_down_max{};
  std::int64_t up_bps = 0;  ///< of one participant
  std::int64_t down_bps = 0;
  std::optional<double> height{};
  std::optional<double> frames_per_second{};
  std::int64_t freezes = 0;  ///< all of them
  std::int64_t frozen_ms = 0;
  std::optional<double> mos{};
  std::optional<double> mos_min{};
  std::int64_t poor = 0, fair = 0, good = 0, excellent = 0;  ///< seconds
  friend bool operator==(const QualityFigures&, const QualityFigures&) = default;
};

struct QualityRow {
  SessionId session = 0;
  Resolution resolution = Resolution::s10;
  PersonNumber person = 0;  ///< 0: the room
  std::int64_t at = 0;      ///< its beginning, a multiple of its length
  QualityFigures figures;
};

}  // namespace sluice::analytics
