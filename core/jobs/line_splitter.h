#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Cuts a stream of bytes into lines of a bounded length.
class LineSplitter {
 public:
  /// @param longest  Bytes of the longest line, without its end.
  explicit LineSplitter(std::size_t longest) : longest_{longest} {}

  /// What has come. To be taken out by `next` before more is appended, so that no more than a line waits.
  void append(std::string_view bytes);
  /// The next whole line, without its end; valid until the next `append`. Nothing any more once one is too long.
  [[nodiscard]] std::optional<std::string_view> next();
  [[nodiscard]] bool too_long() const noexcept { return too_long_; }
  /// What is left, at most `longest` bytes of it: of a line that is too long, or that has no end. The next call goes on
  /// behind it.
  [[nodiscard]] std::string_view take_rest();

 private:
  std::size_t longest_;
  std::string waiting_;
  std::size_t begin_ = 0;    // of the first line that has not been taken
  std::size_t scanned_ = 0;  // up to here there is no end of it
  bool too_long_ = false;
};

}  // namespace sluice
