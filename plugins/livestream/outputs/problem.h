#pragma once

#include <mutex>
#include <string>

namespace sluice::livestream {

/// What is wrong with an output, for people; empty: nothing. Any thread.
class Problem {
 public:
  void set(const std::string& text) {
    const std::lock_guard lock{mutex_};
    text_ = text;
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock{mutex_};
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

}  // namespace sluice::livestream
