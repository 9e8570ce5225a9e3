#include "core/jobs/error_tail.h"

#include "sluice/identity.h"

namespace sluice {

void ErrorTail::add(std::string_view line) {
  lines_.emplace_back(line);
  bytes_ += line.size() + 1;  // an empty line counts, too
  while (bytes_ > most_) {
    bytes_ -= lines_.front().size() + 1;
    lines_.pop_front();
  }
}

std::string ErrorTail::text() const {
  std::string text;
  for (const std::string& line : lines_) {
    const std::string clean = sanitise_text(line, most_);
    if (clean.empty()) continue;
    if (!text.empty()) text += '\n';
    text += clean;
  }
  return text;
}

}  // namespace sluice
