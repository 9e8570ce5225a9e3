#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

#include "sluice/media/frame_assembler.h"
#include "tests/unit/sdk/media/packetize.h"

/// One codec's depacketizer, through the assembler. The input is packets: an octet of flags, one that counts the
/// payload, the payload.
namespace sluice::media {

enum PacketFlag : std::uint8_t { kMarker = 0x01, kNewTimestamp = 0x02, kLost = 0x04 };

inline void require(bool condition) {
  if (!condition) std::abort();
}

// What a frame may be longer than its packets: Annex B's start codes, parameter sets, sizes, an index.
inline constexpr std::size_t kMaxFrameBytes = 8'192;
inline constexpr std::size_t kMaxAdded = 64 * 1'024;

/// What holds for each frame; `before` is the one given out last.
inline void require_sound(Codec codec, const RtpFrame& frame, const std::optional<RtpFrame>& before) {
  require(!frame.data.empty() && frame.data.size() <= kMaxFrameBytes + kMaxAdded);
  require(frame.key_frame || (is_video(codec) && before));
  require(frame.key_frame || !frame.after_loss);
  if (!frame.size) return;
  require(frame.key_frame && is_video(codec));
  require(frame.size->width > 0 && frame.size->height > 0);
}

inline void take_frames(FrameAssembler& assembler, Codec codec, Instant now, std::optional<RtpFrame>& before) {
  while (auto frame = assembler.next(now)) {
    require_sound(codec, *frame, before);
    before = std::move(frame);
  }
}

inline void assemble_hostile(Codec codec, std::span<const std::uint8_t> input) {
  FrameAssembler assembler{{.codec = codec, .patience = {}, .max_frame_bytes = kMaxFrameBytes}};
  RtpSender numbers{65'000};
  std::uint32_t timestamp = 0;
  std::optional<RtpFrame> before;
  const Instant now{};
  while (input.size() >= 2) {
    const std::uint8_t flags = input[0];
    const std::size_t size = std::min<std::size_t>(input[1], input.size() - 2);
    const Blob payload{input.begin() + 2, input.begin() + 2 + static_cast<std::ptrdiff_t>(size)};
    input = input.subspan(2 + size);
    if ((flags & kNewTimestamp) != 0) timestamp += 3'000;
    if ((flags & kLost) != 0) numbers.skip();
    Blob packet = numbers.packets(timestamp, {payload}).front();
    if ((flags & kMarker) == 0) packet[1] &= 0x7f;
    assembler.insert(packet, now);
    take_frames(assembler, codec, now, before);
  }
}

}  // namespace sluice::media
