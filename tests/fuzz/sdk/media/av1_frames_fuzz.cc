// Hostile packets of AV1: what becomes of them are frames that a decoder may be given.
#include "hostile_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::media::assemble_hostile(sluice::media::Codec::av1, {data, size});
  return 0;
}
