#include "time_zone.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "ical_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::size_t kMostZoneBytes = 64;
/// WallTime counts nanoseconds in 64 bits, which end in 2262; recurring meetings go on for kMostYears after their
/// start.
constexpr int kLastYear = 2199;

bool is_zone_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
         c == '-' || c == '+';
}

// The reading end of a text of fixed places.
class Places {
 public:
  explicit Places(std::string_view text) noexcept : text_{text} {}

  int number(std::size_t digits) noexcept {
    int value = 0;
    if (text_.size() < digits) return fail();
    for (std::size_t i = 0; i < digits; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  void expect(std::string_view one_of) noexcept {
    if (text_.empty() || one_of.find(text_.front()) == std::string_view::npos) {
      fail();
    } else {
      text_.remove_prefix(1);
    }
  }
  bool skip(char c) noexcept {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void skip_digits() noexcept {
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') text_.remove_prefix(1);
  }
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  int fail() noexcept {
    failed_ = true;
    text_ = {};
    return 0;
  }
  std::string_view text_;
  bool failed_ = false;
};

struct Written {
  icaltimetype local{};
  std::optional<std::chrono::minutes> offset;
};

std::optional<Written> read(std::string_view text) {
  Places in{text};
  Written out{};
  out.local.year = in.number(4);
  in.expect("-");
  out.local.month = in.number(2);
  in.expect("-");
  out.local.day = in.number(2);
  in.expect("Tt ");
  out.local.hour = in.number(2);
  in.expect(":");
  out.local.minute = in.number(2);
  in.expect(":");
  out.local.second = in.number(2);
  if (in.skip('.')) in.skip_digits();
  if (in.skip('Z') || in.skip('z')) {
    out.offset = std::chrono::minutes{0};
  } else if (const bool east = in.skip('+'); east || in.skip('-')) {
    const int hours = in.number(2);
    in.expect(":");
    const int minutes = in.number(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    out.offset = std::chrono::minutes{(east ? 1 : -1) * (hours * 60 + minutes)};
  }
  if (in.failed() || !in.at_end()) return std::nullopt;
  return out;
}

bool is_date_time(const icaltimetype& t) {
  const std::chrono::year_month_day date{std::chrono::year{t.year}, std::chrono::month(static_cast<unsigned>(t.month)),
                                         std::chrono::day(static_cast<unsigned>(t.day))};
  return t.year >= 1970 && t.year <= kLastYear && date.ok() && t.hour < 24 && t.minute < 60 && t.second < 60;
}

}  // namespace

icaltimezone* zone_of(std::string_view name) {
  if (name == "UTC" || name.empty() || name.size() > kMostZoneBytes) return icaltimezone_get_utc_timezone();
  icaltimezone* zone = icaltimezone_get_builtin_timezone(std::string{name}.c_str());
  return zone == nullptr ? icaltimezone_get_utc_timezone() : zone;
}

std::time_t utc_of(const icaltimetype& local, icaltimezone* zone) {
  constexpr std::time_t kDay = 24 * 60 * 60;
  icaltimezone* const utc = icaltimezone_get_utc_timezone();
  const std::time_t shown = icaltime_as_timet_with_zone(local, utc);
  if (zone == utc) return shown;
  const auto offset_at = [&](std::time_t time) -> std::time_t {
    icaltimetype t = icaltime_from_timet_with_zone(time, 0, utc);
    int is_daylight = 0;
    return icaltimezone_get_utc_offset_of_utc_time(zone, &t, &is_daylight);
  };
  // No zone changes twice within two days, so that these are the offsets before and after a change near by.
  const std::time_t before = offset_at(shown - kDay);
  const std::time_t after = offset_at(shown + kDay);
  if (before == after || offset_at(shown - before) == before) return shown - before;
  return offset_at(shown - after) == after ? shown - after : shown - before;
}

bool is_time_zone(std::string_view name) {
  if (name.empty() || name.size() > kMostZoneBytes) return false;
  for (const char c : name) {  // it becomes the name of a file
    if (!is_zone_character(c)) return false;
  }
  return name == "UTC" || icaltimezone_get_builtin_timezone(std::string{name}.c_str()) != nullptr;
}

std::string format_time(WallTime time, const std::string& zone) {
  icaltimezone* const utc = icaltimezone_get_utc_timezone();
  icaltimezone* const there = zone_of(zone);
  icaltimetype t = icaltime_from_timet_with_zone(std::chrono::system_clock::to_time_t(time), 0, utc);
  int offset = 0;
  if (there != utc) {
    int is_daylight = 0;
    offset = icaltimezone_get_utc_offset_of_utc_time(there, &t, &is_daylight) / 60;
    t = icaltime_convert_to_zone(t, there);
  }
  std::array<char, 48> text;
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day,
                                   t.hour, t.minute, t.second);
  std::string out{text.data(), static_cast<std::size_t>(length)};
  if (offset == 0 && there == utc) return out + 'Z';
  const int distance = offset < 0 ? -offset : offset;
  const int written =
      std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset < 0 ? '-' : '+', distance / 60, distance % 60);
  return out.append(text.data(), static_cast<std::size_t>(written));
}

std::optional<WallTime> parse_time(std::string_view text, const std::string& zone) {
  std::optional<Written> written = read(text);
  if (!written || !is_date_time(written->local)) return std::nullopt;
  icaltimezone* const reckoned = written->offset ? icaltimezone_get_utc_timezone() : zone_of(zone);
  const std::time_t seconds = utc_of(written->local, reckoned);
  const WallTime time =
      std::chrono::system_clock::from_time_t(seconds) - written->offset.value_or(std::chrono::minutes{});
  if (time < WallTime{}) return std::nullopt;
  return time;
}

std::int64_t to_ms(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime from_ms(std::int64_t ms) noexcept { return WallTime{std::chrono::milliseconds{ms}}; }

}  // namespace sluice::meetings
