#include "core/admin/access/utc_text.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace sluice::admin {

namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::int64_t kPerSecond = 1'000;

}  // namespace

std::string utc_text(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  ::gmtime_r(&whole, &utc);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 8> rest{};
  std::snprintf(rest.data(), rest.size(), ".%03dZ", static_cast<int>(to_milliseconds(time) % kPerSecond));
  return std::string{date.data()} + rest.data();
}

std::int64_t to_milliseconds(WallTime time) noexcept {
  return std::chrono::floor<Milliseconds>(time.time_since_epoch()).count();
}

WallTime from_milliseconds(std::int64_t milliseconds) noexcept { return WallTime{Milliseconds{milliseconds}}; }

}  // namespace sluice::admin
