#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "quality/quality_desk.h"

namespace sluice::analytics {

/// A sample as it is kept: each figure in as many bits as it is worth. What is out of its range is its end.
class PackedSample {
 public:
  PackedSample() noexcept = default;
  explicit PackedSample(const TimedSample& sample) noexcept;
  [[nodiscard]] TimedSample unpack() const noexcept;

 private:
  std::uint32_t at_s_ = 0;  // since 1970, until 2106
  std::uint32_t up_bps_ = 0;
  std::uint32_t down_bps_ = 0;
  std::uint16_t at_ms_ = 0;
  std::uint16_t round_trip_ = 0;
  std::uint16_t jitter_ = 0;
  std::uint16_t loss_up_ = 0;
  std::uint16_t loss_down_ = 0;
  std::uint16_t width_ = 0;
  std::uint16_t height_ = 0;
  std::uint16_t frame_rate_ = 0;
  std::uint16_t freezes_ = 0;
  std::uint16_t frozen_ms_ = 0;
  std::uint16_t mos_ = 0;
  std::uint16_t grade_ = 0;
};

/// The last samples of one participant. Takes memory as they come, and no more once it is full.
class SampleRing {
 public:
  explicit SampleRing(std::size_t capacity) noexcept : capacity_{capacity} {}

  void push(const TimedSample& sample);
  /// Keeps the newest.
  void resize(std::size_t capacity);
  [[nodiscard]] bool empty() const noexcept { return slots_.empty(); }
  /// Not of an empty one.
  [[nodiscard]] TimedSample newest() const noexcept;
  /// Eldest first.
  [[nodiscard]] std::vector<TimedSample> all() const;

 private:
  std::size_t capacity_;
  std::size_t next_ = 0;  // the slot that is written next, once all are in use: the eldest
  std::vector<PackedSample> slots_;
};

}  // namespace sluice::analytics
