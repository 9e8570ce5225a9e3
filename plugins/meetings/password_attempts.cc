#include "password_attempts.h"

namespace sluice::meetings {

std::optional<Duration> PasswordAttempts::begin(std::string_view caller, std::string_view meeting_id, Limit limit,
                                                Instant now) {
  const std::pair key{std::string{caller}, std::string{meeting_id}};
  if (!tries_.contains(key) && tries_.size() >= kMostRemembered) {
    forget_old(now);
    if (tries_.size() >= kMostRemembered) return limit.window;
  }
  Tries& tries = tries_[key];
  if (now >= tries.window_ends) tries = {.window_ends = now + limit.window, .count = 0};
  if (tries.count >= limit.most) return tries.window_ends - now;
  ++tries.count;
  return std::nullopt;
}

void PasswordAttempts::succeeded(std::string_view caller, std::string_view meeting_id) {
  tries_.erase({std::string{caller}, std::string{meeting_id}});
}

void PasswordAttempts::forget_old(Instant now) {
  std::erase_if(tries_, [now](const auto& entry) { return now >= entry.second.window_ends; });
}

}  // namespace sluice::meetings
