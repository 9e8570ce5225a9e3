// Reads hostile feedback and REMB: the statuses must be as many as the message says, each number once, in order.
#include <cstdlib>

#include "core/media/bwe/feedback_reader.h"
#include "core/media/bwe/remb_reader.h"
#include "core/media/rtp/sequence_number.h"

namespace sluice {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void run(Bytes input) {
  static_cast<void>(read_remb(input));
  auto reader = FeedbackReader::parse(input);
  if (!reader) return;
  std::size_t seen = 0;
  std::size_t steps = 0;
  while (const auto status = reader->next()) {
    require(status->count > 0);
    require(!status->arrived || status->count == 1);
    require(distance(reader->base(), status->first) == static_cast<std::int32_t>(seen));
    seen += status->count;
    ++steps;
  }
  require(seen == reader->count());
  require(steps <= input.size() * 8);  // linear in the bytes
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
