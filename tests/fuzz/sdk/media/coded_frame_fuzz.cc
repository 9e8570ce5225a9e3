#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sdk/media/src/annex_b.h"
#include "sluice/media/coders.h"
#include "sluice/media/media_file.h"

// The first octet chooses the codec; the rest is a frame as a sender in a meeting may make it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::media;
  if (size == 0) return 0;
  constexpr std::array kCodecs{Codec::h264, Codec::vp8, Codec::vp9, Codec::av1, Codec::opus};
  const auto codec = kCodecs[data[0] % kCodecs.size()];
  const std::span frame{data + 1, size - 1};

  for (const auto unit : nal_units(frame)) {
    if (unit.empty()) __builtin_trap();
  }
  if (const auto avcc = AvcConfiguration::parse(frame)) (void)to_annex_b(frame, avcc->length_bytes);
  const auto format = format_of(codec, frame);
  if (!format) return 0;
  if (is_video(codec) && (format->size.width <= 0 || format->size.height <= 0)) __builtin_trap();

  Packet packet;
  packet.data.assign(frame.begin(), frame.end());
  if (codec == Codec::opus) {
    AudioDecoder decoder{*format};
    (void)decoder.decode(packet);
    (void)decoder.conceal(std::chrono::milliseconds{60});
    return 0;
  }
  // Large pictures are allowed, but slow with sanitizers.
  constexpr int kMaxPixels = 512 * 512;
  if (format->size.width > kMaxPixels / format->size.height) return 0;
  VideoDecoder decoder{*format};
  (void)decoder.decode(packet);
  (void)decoder.finish();
  return 0;
}
