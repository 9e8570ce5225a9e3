#include "core/media/layers/h264_layers.h"

#include <optional>
#include <utility>

namespace sluice {
namespace {

// RFC 6184 section 1.3, the NAL unit header: |F|NRI|  Type   |
constexpr std::uint8_t kTypeMask = 0x1f;
constexpr std::uint8_t kIdrSlice = 5;
constexpr std::uint8_t kSequenceParameterSet = 7;
constexpr std::uint8_t kPrefix = 14;
constexpr std::uint8_t kScalableSlice = 20;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

struct Findings {
  bool keyframe = false;
  std::optional<std::uint8_t> temporal{};
};

// RFC 6190 section 1.1.3, behind the header of types 14 and 20:
//  |R|I|   PRID    |N| DID |  QID  | TID |U|D|O| RR|
std::optional<std::uint8_t> temporal_of(std::uint8_t type, Bytes extension) noexcept {
  if (type != kPrefix && type != kScalableSlice) return std::nullopt;
  if (extension.size() < 3) return std::nullopt;
  return static_cast<std::uint8_t>(extension[2] >> 5);
}

// An encoder puts the parameter sets before each IDR picture, and the decoder needs them first.
void look_at(std::uint8_t type, Bytes behind_header, Findings& found) noexcept {
  if (type == kIdrSlice || type == kSequenceParameterSet) found.keyframe = true;
  if (const auto temporal = temporal_of(type, behind_header)) found.temporal = temporal;
}

// RFC 6184 section 5.7.1: after the STAP-A octet, per unit | 16-bit size | NAL unit |
Findings look_at_aggregate(Bytes units) noexcept {
  Findings found;
  ByteReader in{units};
  while (in.remaining() > 0) {
    const Bytes unit = in.bytes(in.u16());
    if (in.failed()) break;
    if (!unit.empty()) look_at(unit.front() & kTypeMask, unit.subspan(1), found);
  }
  return found;
}

// RFC 6184 section 5.8, the FU header: |S|E|R|  Type   |
Findings look_at_fragment(std::uint8_t header, Bytes behind_header) noexcept {
  Findings found;
  if ((header & 0x80) != 0) look_at(header & kTypeMask, behind_header, found);
  return found;
}

Findings look_at_packet(Bytes payload) noexcept {
  Findings found;
  if (payload.size() < 2) return found;
  const std::uint8_t type = payload.front() & kTypeMask;
  if (type == kStapA) return look_at_aggregate(payload.subspan(1));
  if (type == kFuA) return look_at_fragment(payload[1], payload.subspan(2));
  look_at(type, payload.subspan(1), found);
  return found;
}

}  // namespace

PacketLayers H264Layers::read(Bytes payload, bool marker) noexcept {
  const Findings found = look_at_packet(payload);
  const bool begins = std::exchange(after_marker_, marker);
  if (begins) temporal_ = 0;
  if (found.temporal) temporal_ = *found.temporal;

  PacketLayers layers{.temporal = temporal_,
                      .keyframe = found.keyframe,
                      .begins_frame = begins,
                      .ends_frame = marker,
                      .ends_picture = marker};
  if (found.keyframe) layers.switches_temporal_to = kTopLayer;
  return layers;
}

}  // namespace sluice
