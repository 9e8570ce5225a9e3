#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "packetize.h"
#include "sluice/media/frame_assembler.h"

namespace sluice::media {

inline const Instant kStart = Instant{} + std::chrono::hours{1};

/// All that is whole by `now`.
inline std::vector<RtpFrame> drain(FrameAssembler& assembler, Instant now = kStart) {
  std::vector<RtpFrame> frames;
  while (auto frame = assembler.next(now)) frames.push_back(std::move(*frame));
  return frames;
}

inline void insert(FrameAssembler& assembler, const std::vector<Blob>& packets, Instant arrival = kStart) {
  for (const Blob& packet : packets) assembler.insert(packet, arrival);
}

/// The frames of packets that come in this order and at once.
inline std::vector<RtpFrame> assemble(Codec codec, const std::vector<Blob>& packets) {
  FrameAssembler assembler{{.codec = codec}};
  insert(assembler, packets);
  return drain(assembler);
}

/// Of one frame's payloads; nothing where it does not become a frame.
inline std::optional<RtpFrame> assemble_one(Codec codec, const std::vector<Blob>& payloads) {
  auto frames = assemble(codec, RtpSender{}.packets(0, payloads));
  if (frames.size() != 1) return std::nullopt;
  return std::move(frames.front());
}

}  // namespace sluice::media
