#include "sluice/utc_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sluice {

std::string utc_text(WallTime time) { return utc_text_of_ms(unix_ms_of(time)); }

std::string utc_text_of_ms(std::int64_t unix_ms) {
  using namespace std::chrono;
  constexpr std::int64_t kLatest = 253'402'300'799'999;  // the end of the year 9999
  const milliseconds time{std::clamp<std::int64_t>(unix_ms, 0, kLatest)};
  const auto day = floor<days>(time);
  const year_month_day date{sys_days{day}};
  const hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02lld:%02lld:%02lld.%03lldZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<long long>(clock.hours().count()), static_cast<long long>(clock.minutes().count()),
                static_cast<long long>(clock.seconds().count()), static_cast<long long>(clock.subseconds().count()));
  return text.data();
}

}  // namespace sluice
