#include "core/media/rtp/h264_payload.h"

namespace sluice {
namespace {

// RFC 6184 section 1.3, the NAL unit header: |F|NRI|  Type   |
constexpr std::uint8_t kTypeMask = 0x1f;
constexpr std::uint8_t kIdrSlice = 5;
constexpr std::uint8_t kSequenceParameterSet = 7;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

/// An encoder puts the parameter sets before each IDR picture, and the decoder needs them first.
constexpr bool starts_keyframe(std::uint8_t nal_type) noexcept {
  return nal_type == kIdrSlice || nal_type == kSequenceParameterSet;
}

// RFC 6184 section 5.7.1: after the STAP-A octet, per unit | 16-bit size | NAL unit |
bool aggregate_starts_keyframe(Bytes units) noexcept {
  ByteReader in{units};
  while (in.remaining() > 0) {
    const Bytes unit = in.bytes(in.u16());
    if (in.failed()) return false;
    if (!unit.empty() && starts_keyframe(unit.front() & kTypeMask)) return true;
  }
  return false;
}

// RFC 6184 section 5.8, the FU header: |S|E|R|  Type   |
constexpr bool fragment_starts_keyframe(std::uint8_t fu_header) noexcept {
  return (fu_header & 0x80) != 0 && starts_keyframe(fu_header & kTypeMask);
}

}  // namespace

bool h264_starts_keyframe(Bytes payload) noexcept {
  if (payload.size() < 2) return false;
  const std::uint8_t type = payload.front() & kTypeMask;
  if (type == kStapA) return aggregate_starts_keyframe(payload.subspan(1));
  if (type == kFuA) return fragment_starts_keyframe(payload[1]);
  return starts_keyframe(type);
}

}  // namespace sluice
