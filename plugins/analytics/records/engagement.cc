#include "records/engagement.h"

#include <algorithm>
#include <cmath>

namespace sluice::analytics {

namespace {

// The points that each part can bring; they are 100 together.
constexpr double kPresence = 30;
constexpr double kTalk = 30;
constexpr double kPicture = 15;
constexpr double kChat = 10;
constexpr double kHands = 10;
constexpr double kReactions = 5;

// As many bring all of the points.
constexpr double kEnoughMessages = 3;
constexpr double kEnoughHands = 1;
constexpr double kEnoughReactions = 3;

constexpr int kHigh = 60;
constexpr int kMedium = 35;

// How much of `whole` there is, 0 to 1; nothing of nothing is 0.
double share(double part, double whole) noexcept { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0; }
double share(std::int64_t part, std::int64_t whole) noexcept {
  return share(static_cast<double>(part), static_cast<double>(whole));
}

}  // namespace

int engagement_score(const PersonRow& person, const EngagementScale& scale) noexcept {
  const double fair_talk =
      scale.people > 0 ? static_cast<double>(scale.all_talk_ms) / static_cast<double>(scale.people) : 0;
  const std::int64_t shown_ms = std::max(person.camera_ms, person.screen_ms);
  const double points = kPresence * share(person.present_ms, scale.session_ms) +
                        kTalk * share(static_cast<double>(person.talk_ms), fair_talk) +
                        kPicture * share(shown_ms, person.present_ms) +
                        kChat * share(static_cast<double>(person.chat_messages), kEnoughMessages) +
                        kHands * share(static_cast<double>(person.hands), kEnoughHands) +
                        kReactions * share(static_cast<double>(person.reactions), kEnoughReactions);
  return static_cast<int>(std::lround(points));
}

Engagement engagement_of(int score) noexcept {
  if (score >= kHigh) return Engagement::high;
  return score >= kMedium ? Engagement::medium : Engagement::low;
}

EngagementScale scale_of(std::span<const PersonRow> people, std::int64_t session_ms) noexcept {
  EngagementScale scale{.session_ms = session_ms, .all_talk_ms = 0, .people = static_cast<std::int64_t>(people.size())};
  for (const PersonRow& one : people) scale.all_talk_ms += one.talk_ms;
  return scale;
}

EngagementCounts count_engagement(std::span<const PersonRow> people, std::int64_t session_ms) noexcept {
  const EngagementScale scale = scale_of(people, session_ms);
  EngagementCounts counts;
  for (const PersonRow& one : people) {
    switch (engagement_of(engagement_score(one, scale))) {
      case Engagement::high:
        ++counts.high;
        break;
      case Engagement::medium:
        ++counts.medium;
        break;
      case Engagement::low:
        ++counts.low;
        break;
    }
  }
  return counts;
}

}  // namespace sluice::analytics
