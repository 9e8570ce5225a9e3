#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "sluice/media/media_file.h"

// A file of anybody's: what can be read is read, and FFmpeg is not led to other files or to endless work.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto descriptor = memfd_create("media", 0);
  if (descriptor < 0 || write(descriptor, data, size) != static_cast<ssize_t>(size)) __builtin_trap();
  try {
    sluice::media::FileReader reader{"/proc/self/fd/" + std::to_string(descriptor)};
    while (const auto packet = reader.next()) {
      if (packet->track >= reader.tracks().size()) __builtin_trap();
    }
  } catch (const sluice::media::MediaError&) {
    // No media file.
  }
  close(descriptor);
  return 0;
}
