#include "core/jobs/line_splitter.h"

#include <algorithm>

namespace sluice {

void LineSplitter::append(std::string_view bytes) {
  waiting_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  waiting_.append(bytes);
}

std::optional<std::string_view> LineSplitter::next() {
  if (too_long_) return std::nullopt;
  const std::size_t found = waiting_.find('\n', scanned_);
  const std::size_t end = std::min(found, waiting_.size());
  too_long_ = end - begin_ > longest_;
  if (too_long_) return std::nullopt;
  scanned_ = end;
  if (found == std::string::npos) return std::nullopt;

  const std::string_view line = std::string_view{waiting_}.substr(begin_, end - begin_);
  begin_ = scanned_ = end + 1;
  return line;
}

std::string_view LineSplitter::take_rest() {
  const std::string_view rest = std::string_view{waiting_}.substr(begin_, longest_);
  begin_ = scanned_ = begin_ + rest.size();
  too_long_ = false;
  return rest;
}

}  // namespace sluice
