// A record may hold anything: what is read of it can be written again, and is read as the same.
#include <algorithm>
#include <cstdlib>

#include "feed/feed_records.h"
#include "sluice/jobs.h"

namespace sluice::livestream {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::uint8_t> written(const FeedEntry& entry) {
  FeedRecord record;
  require(record.add(entry) != record.empty());
  return {record.bytes().begin(), record.bytes().end()};
}

void run(std::span<const std::uint8_t> input) {
  FeedReader reader{input};
  while (const auto entry = reader.next()) {
    const auto once = written(*entry);
    if (once.empty()) continue;  // JSON with escapes may have been shorter than what we write
    FeedReader again{once};
    const auto same = again.next();
    require(same.has_value() && !again.next() && !again.malformed());
    require(written(*same) == once);
  }
  require(!reader.next());
}

}  // namespace
}  // namespace sluice::livestream

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::livestream::run({data, std::min(size, sluice::JobRecords::kMaxBytes)});
  return 0;
}
