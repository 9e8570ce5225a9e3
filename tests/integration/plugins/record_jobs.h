#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "sluice/jobs.h"
#include "sluice/timers.h"

namespace sluice::testing {

/// The n-th of many records: no two neighbours have the same length and content.
inline std::vector<std::uint8_t> numbered_record(std::size_t n) {
  return std::vector<std::uint8_t>(n * 31 % 1'999 + 1, static_cast<std::uint8_t>(n));
}

/// Writes them in order.
class NumberedRecords {
 public:
  explicit NumberedRecords(std::shared_ptr<JobRecords> records) : records_{std::move(records)} {}

  /// `count` more, or as many as are taken.
  json::object write(std::size_t count) {
    auto last = JobRecords::Write::done;
    const std::size_t first = next_;
    while (next_ - first < count && (last = records_->write(numbered_record(next_))) == JobRecords::Write::done) {
      ++next_;
    }
    return {{"written", next_ - first}, {"last", name(last)}};
  }

  /// `count` more, as fast as they are taken.
  void stream(std::size_t count, Timers& timers) {
    retry_ = timers.every(std::chrono::milliseconds{1}, [this, end = next_ + count] {
      write(end - next_);
      if (next_ == end) retry_.cancel();
    });
  }

 private:
  static std::string_view name(JobRecords::Write result) {
    switch (result) {
      case JobRecords::Write::done:
        return "done";
      case JobRecords::Write::full:
        return "full";
      case JobRecords::Write::closed:
        return "closed";
    }
    return "";
  }

  std::shared_ptr<JobRecords> records_;  // shared with the job
  std::size_t next_ = 0;
  Timer retry_;
};

/// Reads numbered records on a thread of its own, and says how they were once `count` of them have come.
inline int read_records(JobContext& context) {
  const auto count = static_cast<std::size_t>(context.arguments().at("count").as_int64());
  std::thread reader{[&] {
    std::size_t records = 0;
    std::size_t right = 0;
    while (records < count && !context.stop_requested()) {
      const auto record = context.next_record(context.now() + std::chrono::seconds{10});
      if (!record) continue;
      if (std::ranges::equal(*record, numbered_record(records))) ++right;
      ++records;
    }
    context.send({{"records", records}, {"right", right}});
  }};
  while (context.next_message()) continue;
  reader.join();
  return 0;
}

}  // namespace sluice::testing
