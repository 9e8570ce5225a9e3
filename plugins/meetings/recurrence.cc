#include "recurrence.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "ical_zone.h"
#include "sluice/error.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::array<std::string_view, 9> kParts{"FREQ",       "INTERVAL", "COUNT",    "UNTIL", "BYDAY",
                                                 "BYMONTHDAY", "BYMONTH",  "BYSETPOS", "WKST"};
constexpr short kMostInterval = 366;

[[noreturn]] void invalid(std::string_view path, const std::string& reason) {
  throw Error{ErrorCode::invalid_payload, std::string{path} + ": " + reason, {{"path", path}}};
}
[[noreturn]] void invalid_rule(const std::string& reason) { invalid("recurrence.rule", reason); }

// What libical takes, but would look at for seconds, or what has no sense for meetings, is refused by its name.
void check_parts(std::string_view rule) {
  while (!rule.empty()) {
    const auto end = rule.find(';');
    const std::string_view part = rule.substr(0, end);
    const std::string_view name = part.substr(0, part.find('='));
    if (std::ranges::count(kParts, name) == 0) {
      invalid_rule("must consist of FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and WKST");
    }
    rule = end == std::string_view::npos ? std::string_view{} : rule.substr(end + 1);
  }
}

template <std::size_t N>
std::size_t count_of(const short (&list)[N]) {
  std::size_t count = 0;
  while (count < N && list[count] != ICAL_RECURRENCE_ARRAY_MAX) ++count;
  return count;
}

bool has_positions(const icalrecurrencetype& rule) {  // `2MO`, `-1FR`
  for (std::size_t i = 0; i < count_of(rule.by_day); ++i) {
    if (icalrecurrencetype_day_position(rule.by_day[i]) != 0) return true;
  }
  return false;
}

void check_rule(const icalrecurrencetype& rule) {
  const bool known = rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE ||
                     rule.freq == ICAL_MONTHLY_RECURRENCE || rule.freq == ICAL_YEARLY_RECURRENCE;
  if (!known) invalid_rule("must be an RRULE whose FREQ is DAILY, WEEKLY, MONTHLY or YEARLY");
  if (rule.interval < 1 || rule.interval > kMostInterval) invalid_rule("INTERVAL must be between 1 and 366");
  if (rule.count < 0 || rule.count > static_cast<int>(kMostOccurrences)) {
    invalid_rule("COUNT must be between 1 and 1000");
  }
  // Sets that may be empty for centuries, which the search for the next date goes through day by day.
  if (has_positions(rule) && count_of(rule.by_month_day) > 0) invalid_rule("positions of BYDAY exclude BYMONTHDAY");
  if (count_of(rule.by_set_pos) > 0 && rule.freq != ICAL_MONTHLY_RECURRENCE) {
    invalid_rule("BYSETPOS is for FREQ=MONTHLY");
  }
  for (std::size_t i = 0; i < count_of(rule.by_set_pos); ++i) {
    if (std::abs(rule.by_set_pos[i]) > 5) invalid_rule("BYSETPOS must be between -5 and 5");
  }
}

icalrecurrencetype parse_rule(const std::string& text) {
  const icalrecurrencetype rule = icalrecurrencetype_from_string(text.c_str());
  icalerror_clear_errno();
  return rule;
}

std::string written(icalrecurrencetype rule) {
  const std::unique_ptr<char, decltype(&icalmemory_free_buffer)> text{icalrecurrencetype_as_string_r(&rule),
                                                                      &icalmemory_free_buffer};
  return text == nullptr ? std::string{} : std::string{text.get()};
}

icaltimetype in_zone(WallTime time, icaltimezone* zone) {
  icaltimezone* const utc = icaltimezone_get_utc_timezone();
  icaltimetype t = icaltime_from_timet_with_zone(std::chrono::system_clock::to_time_t(time), 0, utc);
  if (zone != utc) t = icaltime_convert_to_zone(t, zone);
  t.zone = nullptr;  // a local time by itself, as the rule reckons
  return t;
}

// Whether the start may be in the rule's set at all: said before the set is searched, which for a set without dates
// (30 February) takes long.
bool may_contain(const icalrecurrencetype& rule, const icaltimetype& start) {
  const auto lists = [](const auto& list, auto fits) {
    const std::size_t count = count_of(list);
    return count == 0 || std::any_of(list, list + count, fits);
  };
  const int days = icaltime_days_in_month(start.month, start.year);
  return lists(rule.by_month, [&](short month) { return month == start.month; }) &&
         lists(rule.by_month_day, [&](short day) { return day == start.day || day == start.day - days - 1; }) &&
         lists(rule.by_day,
               [&](short day) { return icalrecurrencetype_day_day_of_week(day) == icaltime_day_of_week(start); });
}

// UNTIL is a date, a local time or a time in UTC (RFC 5545 section 3.3.10), and included.
// Seconds: "9999-12-31" is more than WallTime holds.
std::optional<std::time_t> until_of(const icalrecurrencetype& rule, icaltimezone* zone) {
  icaltimetype until = rule.until;
  if (icaltime_is_null_time(until)) return std::nullopt;
  if (until.is_date != 0) {
    until.is_date = 0;
    until.hour = 23;
    until.minute = 59;
    until.second = 59;
  }
  const bool utc = icaltime_is_utc(until) != 0;
  return utc ? icaltime_as_timet(until) : utc_of(until, zone);
}

std::vector<WallTime> starts_of(const Meeting& meeting) {
  icaltimezone* const zone = zone_of(meeting.timezone);
  icalrecurrencetype rule = parse_rule(meeting.recurrence->rule);
  const icaltimetype first = in_zone(meeting.start_time, zone);
  const std::optional<std::time_t> until = until_of(rule, zone);
  rule.until = icaltime_null_time();
  std::vector<WallTime> starts;
  if (!may_contain(rule, first)) return starts;
  const std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)> dates{
      icalrecur_iterator_new(rule, first), &icalrecur_iterator_free};
  icalerror_clear_errno();
  if (dates == nullptr) return starts;
  while (starts.size() < kMostOccurrences) {
    const icaltimetype date = icalrecur_iterator_next(dates.get());
    if (icaltime_is_null_time(date) || date.year > first.year + kMostYears) break;
    const std::time_t start = utc_of(date, zone);
    if (until && start > *until) break;
    starts.push_back(std::chrono::system_clock::from_time_t(start));
  }
  return starts;
}

const CancelledOccurrence* cancelled_at(const Recurrence& recurrence, WallTime start) {
  const auto found = std::ranges::find(recurrence.cancelled, to_ms(start), &CancelledOccurrence::at_ms);
  return found == recurrence.cancelled.end() ? nullptr : &*found;
}

}  // namespace

std::string checked_rule(const RuleRequest& request) {
  std::string_view text = request.rule;
  if (text.starts_with("RRULE:")) text.remove_prefix(6);
  if (text.empty() || text.size() > kMostRuleBytes) invalid_rule("must be an RRULE of RFC 5545");
  check_parts(text);
  icalrecurrencetype rule = parse_rule(std::string{text});
  check_rule(rule);
  const bool ends = rule.count > 0 || !icaltime_is_null_time(rule.until);
  if (ends + request.count.has_value() + request.until.has_value() > 1) {
    invalid("recurrence", "COUNT and UNTIL exclude each other, and stand once");
  }
  if (request.count) {
    if (*request.count < 1 || *request.count > static_cast<int>(kMostOccurrences)) {
      invalid("recurrence.count", "must be between 1 and 1000");
    }
    rule.count = *request.count;
  }
  if (request.until) {
    rule.until = icaltime_from_timet_with_zone(std::chrono::system_clock::to_time_t(*request.until), 0,
                                               icaltimezone_get_utc_timezone());
  }
  return written(rule);
}

std::vector<Occurrence> occurrences_of(const Meeting& meeting) {
  if (!meeting.recurrence) return {{.start = meeting.start_time, .end = meeting.end_time}};
  const std::vector<WallTime> starts = starts_of(meeting);
  // RFC 5545 section 3.8.5.3: DTSTART is the first one; what a rule means that it does not fit is undefined there.
  if (starts.empty() || starts.front() != std::chrono::floor<std::chrono::seconds>(meeting.start_time)) {
    invalid("meeting_start_time", "must be the first occurrence of the recurrence rule");
  }
  std::vector<Occurrence> out;
  for (const WallTime start : starts) {
    if (std::ranges::count(meeting.recurrence->exdates_ms, to_ms(start)) > 0) continue;
    Occurrence occurrence{.start = start, .end = start + (meeting.end_time - meeting.start_time)};
    if (const CancelledOccurrence* cancelled = cancelled_at(*meeting.recurrence, start)) {
      occurrence.cancelled = true;
      occurrence.reason = cancelled->reason;
    }
    out.push_back(std::move(occurrence));
  }
  return out;
}

std::vector<TimeSpan> settle_occurrences(Meeting& meeting, const std::vector<Occurrence>& all) {
  std::vector<TimeSpan> out;
  meeting.over_at = meeting.end_time;
  for (const Occurrence& occurrence : all) {
    if (occurrence.cancelled) continue;
    meeting.over_at = std::max(meeting.over_at, occurrence.end);
    if (meeting.recurrence) out.push_back({.start = occurrence.start, .end = occurrence.end});
  }
  return out;
}

}  // namespace sluice::meetings
