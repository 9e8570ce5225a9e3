#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <variant>

#include "program/moment.h"
#include "stream_job.h"

namespace sluice::livestream {

using CoderItem = std::variant<ProgramMoment, AddTarget, RemoveTarget>;

/// Where the thread that makes moments and the one that codes them meet.
class CoderQueue {
 public:
  /// Moments that may wait, with pictures or without; more, and push() waits: for what is never dropped.
  static constexpr std::size_t kMaxItems = 1'000;

  /// @param max_pictures  That wait to be coded.
  explicit CoderQueue(std::size_t max_pictures) : max_pictures_{max_pictures} {}

  /// @return false: it went in without its picture, for which there is no room.
  bool push(CoderItem item);
  /// Nothing more comes.
  void close();
  [[nodiscard]] bool closed();
  /// The next one, waited for. Nothing: closed and empty.
  [[nodiscard]] std::optional<CoderItem> pop();

 private:
  std::size_t max_pictures_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<CoderItem> items_;
  std::size_t pictures_ = 0;
  bool closed_ = false;
};

}  // namespace sluice::livestream
