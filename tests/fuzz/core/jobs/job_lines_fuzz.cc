// Whatever a job writes, and however it arrives: no line is longer than allowed, and each is a message, a failure or
// refused.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/jobs/error_tail.h"
#include "core/jobs/job_lines.h"
#include "core/jobs/line_splitter.h"

namespace {

constexpr std::size_t kLongest = 256;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = data[0] + std::size_t{1};
  std::string_view rest{reinterpret_cast<const char*>(data + 1), size - 1};
  sluice::LineSplitter splitter{kLongest};
  sluice::ErrorTail tail{kLongest};
  while (!rest.empty()) {
    splitter.append(rest.substr(0, piece));
    rest.remove_prefix(std::min(piece, rest.size()));
    while (const auto line = splitter.next()) {
      require(line->size() <= kLongest && line->find('\n') == std::string_view::npos);
      static_cast<void>(sluice::parse_job_line(*line));
      static_cast<void>(sluice::parse_start(*line));
      tail.add(*line);
    }
    if (splitter.too_long()) tail.add(splitter.take_rest());
  }
  // A character that is no UTF-8 is shown by three bytes.
  require(tail.text().size() <= 3 * kLongest);
  return 0;
}
