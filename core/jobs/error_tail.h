#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace sluice {

/// The last lines of what a process has written to standard error.
class ErrorTail {
 public:
  /// Keeps as many whole lines as `most` bytes hold; a longer line alone is dropped.
  explicit ErrorTail(std::size_t most) : most_{most} {}

  void add(std::string_view line);
  /// Fit to be shown: valid UTF-8 without control characters, but for the ends of its lines.
  [[nodiscard]] std::string text() const;

 private:
  std::size_t most_;
  std::size_t bytes_ = 0;
  std::deque<std::string> lines_;
};

}  // namespace sluice
