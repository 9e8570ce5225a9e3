#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>

#include "sluice/media_types.h"

namespace sluice::load {

/// The span of send times that is measured, set once by the runner ahead of its begin. Any thread may read it.
class MeasuredWindow {
 public:
  void set(std::int64_t begin_ns, std::int64_t end_ns) noexcept {
    end_.store(end_ns, std::memory_order_relaxed);
    begin_.store(begin_ns, std::memory_order_relaxed);
  }
  [[nodiscard]] bool contains(std::int64_t ns) const noexcept {
    return ns >= begin_.load(std::memory_order_relaxed) && ns < end_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> begin_{std::numeric_limits<std::int64_t>::max()};
  std::atomic<std::int64_t> end_{std::numeric_limits<std::int64_t>::min()};
};

/// One published stream: when each of its last packets was sent. One thread sends; any may look.
class Source {
 public:
  /// More than a minute of the videos that are measured.
  static constexpr std::size_t kRemembered = 8192;

  Source(std::uint32_t id, std::uint32_t room, MediaKind kind) noexcept : id_{id}, room_{room}, kind_{kind} {}

  /// Its payloads come from a recording: there is no filler to compare. Before the threads start.
  void set_recorded() noexcept { recorded_ = true; }
  [[nodiscard]] bool is_recorded() const noexcept { return recorded_; }

  /// Packet `number`, which must be one more than the last.
  void note_sent(std::uint64_t number, std::int64_t sent_ns, const MeasuredWindow& window) noexcept;
  /// Nothing where `number` has not been sent, or too long ago.
  [[nodiscard]] std::optional<std::int64_t> sent_at(std::uint64_t number) const noexcept;

  /// Before the window is set anew.
  void forget_window() noexcept { sent_in_window_.store(0, std::memory_order_relaxed); }

  [[nodiscard]] std::uint32_t id() const noexcept { return id_; }
  [[nodiscard]] std::uint32_t room() const noexcept { return room_; }
  [[nodiscard]] MediaKind kind() const noexcept { return kind_; }
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t sent_in_window() const noexcept {
    return sent_in_window_.load(std::memory_order_relaxed);
  }

 private:
  std::uint32_t id_;
  std::uint32_t room_;
  MediaKind kind_;
  bool recorded_ = false;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> sent_in_window_{0};
  std::array<std::atomic<std::int64_t>, kRemembered> times_{};
};

/// All sources of a run, added before the threads start; references stay valid.
class SourceTable {
 public:
  Source& add(std::uint32_t room, MediaKind kind) {
    return sources_.emplace_back(static_cast<std::uint32_t>(sources_.size()), room, kind);
  }
  /// Nothing where a stamp names a source that there is not.
  [[nodiscard]] const Source* find(std::uint32_t id) const noexcept {
    return id < sources_.size() ? &sources_[id] : nullptr;
  }
  [[nodiscard]] const std::deque<Source>& all() const noexcept { return sources_; }
  void forget_window() noexcept {
    for (Source& source : sources_) source.forget_window();
  }

 private:
  std::deque<Source> sources_;
};

}  // namespace sluice::load
