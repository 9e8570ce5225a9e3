#include "history/roll_up.h"

#include <utility>

#include "records/moment.h"

namespace sluice::analytics {

namespace {

constexpr std::size_t kMinute = 1;  // of kStored
constexpr std::size_t kHour = 2;
static_assert(kStored[kMinute] == Resolution::m1 && kStored[kHour] == Resolution::h1);

constexpr std::int64_t ms_of(std::size_t which) noexcept {
  return std::chrono::milliseconds{length_of(kStored[which])}.count();
}

}  // namespace

void RollUp::add(PersonNumber person, const QualitySample& sample, WallTime at, std::vector<QualityRow>& rows) {
  add_to(0, sample, unix_ms(at), rows);
  if (person != 0) add_to(person, sample, unix_ms(at), rows);
}

void RollUp::add_to(PersonNumber person, const QualitySample& sample, std::int64_t at, std::vector<QualityRow>& rows) {
  Series& series = series_[person];
  for (std::size_t i = 0; i < kStored.size(); ++i) {
    Open& open = series[i];
    const std::int64_t begins = at - at % ms_of(i);
    if (open.begins != begins) {
      write(person, i, open, rows);
      if (i == kMinute) write(person, kHour, series[kHour], rows);
      open = {.begins = begins, .bucket = {}};
    }
    open.bucket.add(sample);
  }
}

void RollUp::sweep(WallTime now, std::vector<QualityRow>& rows) {
  const std::int64_t at = unix_ms(now);
  for (auto series = series_.begin(); series != series_.end();) {
    auto& [person, buckets] = *series;
    bool idle = true;
    for (std::size_t i = 0; i < kStored.size(); ++i) {
      Open& open = buckets[i];
      if (!open.bucket.empty() && at >= open.begins + ms_of(i)) {
        write(person, i, open, rows);
        if (i == kMinute) write(person, kHour, buckets[kHour], rows);
        open = {};
      }
      idle = idle && open.bucket.empty();
    }
    series = idle ? series_.erase(series) : std::next(series);
  }
}

void RollUp::finish(std::vector<QualityRow>& rows) {
  for (const auto& [person, series] : std::exchange(series_, {})) {
    for (std::size_t i = 0; i < kStored.size(); ++i) write(person, i, series[i], rows);
  }
}

void RollUp::write(PersonNumber person, std::size_t which, const Open& open, std::vector<QualityRow>& rows) const {
  if (open.bucket.empty()) return;
  rows.push_back({.session = session_,
                  .resolution = kStored[which],
                  .person = person,
                  .at = open.begins,
                  .figures = open.bucket.figures()});
}

}  // namespace sluice::analytics
