#include "core/media/sdp/lines.h"

#include "core/media/sdp/limits.h"

namespace sluice::sdp {

Lines::Lines(std::string_view text) noexcept : rest_{text} {
  while (rest_.ends_with('\n') || rest_.ends_with('\r')) rest_.remove_suffix(1);
}

Result<std::optional<Line>, Problem> Lines::next() noexcept {
  if (rest_.empty()) return std::optional<Line>{};
  ++number_;
  const std::size_t end = rest_.find('\n');
  std::string_view line = rest_.substr(0, end);
  rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);

  if (line.size() > kMaxLineBytes) return Problem{number_, "the line is too long"};
  if (line.find_first_of(std::string_view{"\r\0", 2}) != std::string_view::npos) {
    return Problem{number_, "the line has a character that must not be there"};
  }
  const bool well_formed = line.size() >= 2 && line[0] >= 'a' && line[0] <= 'z' && line[1] == '=';
  if (!well_formed) return Problem{number_, "the line is not <type>=<value>"};
  return std::optional{Line{.number = number_, .type = line[0], .value = line.substr(2)}};
}

}  // namespace sluice::sdp
