#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/media/sdp/candidate.h"
#include "core/media/sdp/reader.h"
#include "core/media/sdp/writer.h"

/// The input is an SDP fragment (RFC 8840), and a candidate.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::sdp;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto candidate = read_candidate(text); candidate && *candidate) {
    const std::string written = write_candidate((*candidate)->candidate);
    const auto again = read_candidate(written);
    if (!again || !*again || (*again)->candidate != (*candidate)->candidate) std::abort();
  }
  const auto read = read_fragment(text);
  if (!read) {
    if (read.error().line == 0 && !text.empty()) std::abort();
    return 0;
  }
  const std::string written = write_fragment(*read);
  const auto again = read_fragment(written);
  if (!again) {
    if (written.size() > size) return 0;  // every section repeats what stood above
    std::abort();
  }
  if (write_fragment(*again) != written) std::abort();
  return 0;
}
