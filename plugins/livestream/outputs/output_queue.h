#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

#include "outputs/output.h"

namespace sluice::livestream {

/// How much may wait for an output.
struct QueueLimits {
  std::size_t bytes = std::size_t{8} << 20;
  media::MediaTime span = std::chrono::seconds{5};  ///< from the oldest to the newest
};

/// Where the encoder's thread and an output's meet. Where too much waits, the oldest groups of pictures go, each up to
/// the key frame after it; sound goes on, until it alone is too much.
/// @note put(), begin(), pause(), close() and the figures: any thread; the others: the output's.
class OutputQueue {
 public:
  explicit OutputQueue(const QueueLimits& limits) : limits_{limits} {}

  void put(const ProgramPacketPtr& packet);
  /// What was waiting is forgotten, and so is what comes, but for its format, until begin().
  void pause();
  /// From the next key frame of video on, packets are taken. So it is at first.
  void begin();
  /// Nothing more is taken; what waits is still given.
  void close();

  /// The next one, waited for. Nothing: closed and empty.
  [[nodiscard]] ProgramPacketPtr take();
  /// Of the newest packet that was put, waited for. Nothing: closed before there was one.
  [[nodiscard]] ProgramFormatPtr wait_for_format();
  /// Until the time is over or the queue is closed. @return false: closed.
  bool wait(std::chrono::milliseconds time);

  [[nodiscard]] bool closed() const;
  [[nodiscard]] std::uint64_t dropped_frames() const;  ///< of video that were too much

 private:
  enum class State : std::uint8_t { until_key_frame, open, paused, closed };

  void add(const ProgramPacketPtr& packet);
  void trim();
  [[nodiscard]] bool is_too_much() const;
  bool drop_group();
  void erase(std::deque<ProgramPacketPtr>::iterator packet);

  QueueLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::until_key_frame;
  std::deque<ProgramPacketPtr> packets_;
  std::size_t bytes_ = 0;
  ProgramFormatPtr format_;
  bool skips_video_ = false;  // up to the next key frame
  std::uint64_t dropped_frames_ = 0;
};

}  // namespace sluice::livestream
