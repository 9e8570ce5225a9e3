#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "sluice/jobs.h"

namespace sluice::testing {

/// Keeps what is written, as long as it is not told to be full or closed. Any thread.
class FakeJobRecords final : public JobRecords {
 public:
  Write write(std::span<const std::uint8_t> record) override {
    const std::lock_guard lock{mutex_};
    if (record.empty()) throw Error{ErrorCode::invalid_payload, "the record is empty"};
    if (record.size() > kMaxBytes) throw Error{ErrorCode::limit_exceeded, "the record is too long"};
    ++attempts_;
    if (answer_ == Write::done) records_.emplace_back(record.begin(), record.end());
    return answer_;
  }

  /// What each write is answered with from now on; what is not done is not kept.
  void answer(Write with) {
    const std::lock_guard lock{mutex_};
    answer_ = with;
  }
  /// What has been written since the last call.
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(records_, {});
  }
  /// Writes in all, also those that were not done.
  [[nodiscard]] std::size_t attempts() const {
    const std::lock_guard lock{mutex_};
    return attempts_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::vector<std::uint8_t>> records_;
  Write answer_ = Write::done;
  std::size_t attempts_ = 0;
};

}  // namespace sluice::testing
