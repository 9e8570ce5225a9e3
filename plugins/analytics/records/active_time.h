#pragma once

#include <cstddef>
#include <optional>

#include "sluice/time.h"

namespace sluice::analytics {

/// For how long at least one of several things of a kind has gone on: two cameras at once count once.
class ActiveTime {
 public:
  void add(Instant now) noexcept {
    if (count_++ == 0) since_ = now;
  }
  /// One more end than there were beginnings is none.
  void remove(Instant now) noexcept {
    if (count_ == 0) return;
    if (--count_ == 0) total_ += now - since_;
  }
  void end(Instant now) noexcept {
    if (count_ > 0) total_ += now - since_;
    count_ = 0;
  }
  [[nodiscard]] bool active() const noexcept { return count_ > 0; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] Duration total(Instant now) const noexcept { return active() ? total_ + (now - since_) : total_; }

 private:
  std::size_t count_ = 0;
  Instant since_{};
  Duration total_{};
};

}  // namespace sluice::analytics
