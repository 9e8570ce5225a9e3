// Reads hostile redundant audio, gives its blocks another payload type, and strips it: the data stay what they were.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/media/rtp/red.h"

namespace sluice {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void run(Bytes input) {
  constexpr PayloadType kOther{96};
  const auto layout = read_red(input);
  const Bytes primary = strip_red(input);
  require(primary.empty() == !layout.has_value());
  std::vector<std::uint8_t> renamed{input.begin(), input.end()};
  set_red_payload_type(renamed, kOther);
  require(is_red_of(kOther, renamed) == layout.has_value());
  if (!layout) {
    require(std::equal(input.begin(), input.end(), renamed.begin()));
    return;
  }
  require(layout->blocks >= 1 && layout->blocks <= kMaxRedBlocks);
  require(primary.data() + primary.size() == input.data() + input.size());
  const std::size_t headers = (layout->blocks - 1) * kRedHeaderSize + 1;
  require(headers <= layout->primary_at);
  require(std::equal(input.begin() + static_cast<std::ptrdiff_t>(headers), input.end(),
                     renamed.begin() + static_cast<std::ptrdiff_t>(headers)));
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
