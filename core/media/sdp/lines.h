#pragma once

#include <optional>
#include <string_view>

#include "core/media/sdp/session_description.h"
#include "sluice/result.h"

namespace sluice::sdp {

/// `<type>=<value>`, RFC 8866 section 5.
struct Line {
  std::size_t number = 0;
  char type = 0;
  std::string_view value{};
};

/// The lines of a text, ended by CRLF or LF. Empty ones are tolerated at the end alone.
class Lines {
 public:
  explicit Lines(std::string_view text) noexcept;

  /// Nothing at the end.
  [[nodiscard]] Result<std::optional<Line>, Problem> next() noexcept;
  /// Of the line read last.
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

}  // namespace sluice::sdp
