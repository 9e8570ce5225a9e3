#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/media/sdp/reader.h"
#include "core/media/sdp/writer.h"

/// The input is a client's description. What was read is written so that it is read again, and written as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::sdp;
  const auto read = read_description({reinterpret_cast<const char*>(data), size});
  if (!read) {
    if (read.error().line == 0 || read.error().reason.empty()) std::abort();
    return 0;
  }
  const std::string written = write_description(*read);
  // Short forms become long ones (`*`, what stands above the sections), so that what fitted may be too much when it is
  // written out; anything else would be a mistake of ours.
  const auto again = read_description(written);
  if (!again) {
    if (written.size() > size) return 0;
    std::abort();
  }
  if (write_description(*again) != written) std::abort();
  return 0;
}
