#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "records/rows.h"
#include "sluice/json.h"

/// How much somebody takes part. docs/analytics.md has the formula in words.
namespace sluice::analytics {

enum class Engagement : std::uint8_t { low, medium, high };
BOOST_DESCRIBE_ENUM(Engagement, low, medium, high)

/// Against what one person is measured.
struct EngagementScale {
  std::int64_t session_ms = 0;   ///< how long it lasted
  std::int64_t all_talk_ms = 0;  ///< of everybody together
  std::int64_t people = 0;
};

/// 0 to 100. The row is settled.
[[nodiscard]] int engagement_score(const PersonRow& person, const EngagementScale& scale) noexcept;
[[nodiscard]] Engagement engagement_of(int score) noexcept;
/// The rows are settled.
[[nodiscard]] EngagementCounts count_engagement(std::span<const PersonRow> people, std::int64_t session_ms) noexcept;
[[nodiscard]] EngagementScale scale_of(std::span<const PersonRow> people, std::int64_t session_ms) noexcept;

}  // namespace sluice::analytics
