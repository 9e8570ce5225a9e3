#include "api/rest_time.h"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace sluice::analytics {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using SysMs = std::chrono::sys_time<milliseconds>;

/// Reads from left to right; a read that fails makes all of it fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_{text} {}

  int number(std::size_t digits, int least, int most) noexcept {
    int value = 0;
    const std::string_view field = rest_.substr(0, digits);
    for (const char c : field) failed_ = failed_ || c < '0' || c > '9';
    if (field.size() != digits) failed_ = true;
    if (failed_) return least;
    std::from_chars(field.data(), field.data() + field.size(), value);
    rest_.remove_prefix(digits);
    if (value < least || value > most) failed_ = true;
    return value;
  }
  void expect(char c) noexcept {
    if (!skip(c)) failed_ = true;
  }
  bool skip(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_fraction() noexcept {
    if (!skip('.')) return;
    const auto end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (end == 0) failed_ = true;
    rest_.remove_prefix(end);
  }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

minutes read_offset(Scanner& in) {
  if (in.skip('Z') || in.skip('z')) return minutes{0};
  const bool west = in.skip('-');
  if (!west) in.expect('+');
  const hours h{in.number(2, 0, 23)};
  in.expect(':');
  const minutes offset = h + minutes{in.number(2, 0, 59)};
  return west ? -offset : offset;
}

}  // namespace

std::string format_day(std::int64_t unix_ms) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(SysMs{milliseconds{unix_ms}})};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

std::string format_time(std::int64_t unix_ms) {
  const SysMs time{milliseconds{unix_ms}};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<seconds>(time - std::chrono::floor<days>(time))};
  char text[32];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02dZ", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return format_day(unix_ms) + text;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  Scanner in{text};
  const std::chrono::year year{in.number(4, 1970, 9999)};
  in.expect('-');
  const std::chrono::month month{static_cast<unsigned>(in.number(2, 1, 12))};
  in.expect('-');
  const std::chrono::day day{static_cast<unsigned>(in.number(2, 1, 31))};
  const std::chrono::year_month_day date{year, month, day};
  if (in.failed() || !date.ok()) return std::nullopt;
  SysMs time{std::chrono::sys_days{date}};
  if (in.at_end()) return time.time_since_epoch().count();
  if (!in.skip('T') && !in.skip('t')) in.expect(' ');
  time += hours{in.number(2, 0, 23)};
  in.expect(':');
  time += minutes{in.number(2, 0, 59)};
  in.expect(':');
  time += seconds{in.number(2, 0, 60)};
  in.skip_fraction();
  time -= read_offset(in);
  if (in.failed() || !in.at_end()) return std::nullopt;
  return time.time_since_epoch().count();
}

}  // namespace sluice::analytics
