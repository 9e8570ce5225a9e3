#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// RTP senders, as small as tests need them: frames to payloads, payloads to packets.
namespace sluice::media {

using Blob = std::vector<std::uint8_t>;
using Bytes = std::span<const std::uint8_t>;

inline void append(Blob& out, const Blob& more) { out.insert(out.end(), more.begin(), more.end()); }
inline Blob operator+(Blob left, const Blob& right) {
  append(left, right);
  return left;
}

/// `count` bytes that depend on `seed`; none is 0, so that no start code arises.
inline Blob noise(std::size_t count, std::uint32_t seed) {
  Blob out(count);
  for (std::uint8_t& byte : out) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(seed >> 24 | 1);
  }
  return out;
}

inline std::vector<Blob> split(const Blob& whole, std::size_t at_most) {
  std::vector<Blob> parts;
  for (std::size_t at = 0; at < whole.size(); at += at_most) {
    const auto from = whole.begin() + static_cast<std::ptrdiff_t>(at);
    parts.emplace_back(from, from + static_cast<std::ptrdiff_t>(std::min(at_most, whole.size() - at)));
  }
  return parts;
}

struct RtpFields {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
};

/// RFC 3550 section 5.1, without CSRCs, extension and padding.
inline Blob rtp(const RtpFields& fields, const Blob& payload) {
  Blob packet{0x80,                                                        // V=2
              static_cast<std::uint8_t>(fields.marker ? 0x80 | 96 : 96)};  // M, PT
  for (const int shift : {8, 0}) packet.push_back(static_cast<std::uint8_t>(fields.sequence >> shift));
  for (const int shift : {24, 16, 8, 0}) packet.push_back(static_cast<std::uint8_t>(fields.timestamp >> shift));
  append(packet, {0, 0, 0, 7});  // SSRC
  append(packet, payload);
  return packet;
}

/// Numbers packets.
class RtpSender {
 public:
  explicit RtpSender(std::uint16_t first = 0) : next_{first} {}
  /// A frame's packets, the last one with the marker.
  std::vector<Blob> packets(std::uint32_t timestamp, const std::vector<Blob>& payloads) {
    std::vector<Blob> out;
    for (std::size_t i = 0; i < payloads.size(); ++i)
      out.push_back(
          rtp({.sequence = next_++, .timestamp = timestamp, .marker = i + 1 == payloads.size()}, payloads[i]));
    return out;
  }
  /// The next packet is lost before anybody has seen it.
  void skip(std::uint16_t count = 1) { next_ = static_cast<std::uint16_t>(next_ + count); }

 private:
  std::uint16_t next_;
};

/// RFC 6386 section 9.1: a key frame's header is 10 bytes, another one's 3.
inline Blob vp8_frame(bool key, std::size_t size, std::uint32_t seed, int width = 640, int height = 360) {
  Blob frame = noise(size, seed);
  frame[0] = key ? 0x10 : 0x11;
  if (!key) return frame;
  const Blob header{0x9d,
                    0x01,
                    0x2a,
                    static_cast<std::uint8_t>(width),
                    static_cast<std::uint8_t>(width >> 8),
                    static_cast<std::uint8_t>(height),
                    static_cast<std::uint8_t>(height >> 8)};
  std::ranges::copy(header, frame.begin() + 3);
  return frame;
}

/// RFC 7741 with a 15-bit picture id.
inline std::vector<Blob> vp8_payloads(const Blob& frame, std::size_t at_most = 1'000) {
  std::vector<Blob> payloads;
  for (const Blob& part : split(frame, at_most)) {
    const std::uint8_t start = payloads.empty() ? 0x10 : 0x00;                                   // S
    payloads.push_back(Blob{static_cast<std::uint8_t>(0x80 | start), 0x80, 0x92, 0x34} + part);  // X; I; M, id
  }
  return payloads;
}

inline Blob annex_b(const std::vector<Blob>& nals) {
  Blob out;
  for (const Blob& nal : nals) append(out, Blob{0, 0, 0, 1} + nal);
  return out;
}

/// What lies between start codes of three bytes or four.
inline std::vector<Blob> nals_of(const Blob& annex_b) {
  std::vector<Blob> nals;
  std::size_t zeros = 0;
  for (const std::uint8_t byte : annex_b) {
    if (byte == 1 && zeros >= 2) {
      if (!nals.empty()) nals.back().resize(nals.back().size() - std::min<std::size_t>(zeros, 3));
      nals.emplace_back();
    } else if (!nals.empty()) {
      nals.back().push_back(byte);
    }
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return nals;
}

/// RFC 6184 packetization mode 1: what is too long in FU-A.
inline std::vector<Blob> h264_payloads(const std::vector<Blob>& nals, std::size_t at_most = 1'000) {
  std::vector<Blob> payloads;
  for (const Blob& nal : nals) {
    if (nal.size() <= at_most) {
      payloads.push_back(nal);
      continue;
    }
    const auto parts = split({nal.begin() + 1, nal.end()}, at_most);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const int start = i == 0 ? 0x80 : 0;               // S
      const int end = i + 1 == parts.size() ? 0x40 : 0;  // E
      const int type = nal[0] & 0x1f;
      payloads.push_back(
          Blob{static_cast<std::uint8_t>((nal[0] & 0xe0) | 28), static_cast<std::uint8_t>(start | end | type)} +
          parts[i]);
    }
  }
  return payloads;
}

/// RFC 6184 section 5.7.1.
inline Blob stap_a(const std::vector<Blob>& nals) {
  Blob payload{0x78};  // NRI 3, type 24
  for (const Blob& nal : nals)
    append(payload, Blob{static_cast<std::uint8_t>(nal.size() >> 8), static_cast<std::uint8_t>(nal.size())} + nal);
  return payload;
}

/// VP9 bitstream specification section 6.2, profile 0 with a color space of 2 (BT.709).
inline Blob vp9_frame(bool key, std::size_t size, std::uint32_t seed, int width = 640, int height = 360) {
  Blob frame = noise(size, seed);
  frame[0] = key ? 0x82 : 0x86;  // marker 2, profile 0, not shown before, key or not, shown
  if (!key) return frame;
  std::uint64_t bits = 2;  // color space, 3 bits, and range
  bits = bits << 1 | 0;
  bits = bits << 16 | static_cast<std::uint64_t>(width - 1);
  bits = bits << 16 | static_cast<std::uint64_t>(height - 1);
  bits <<= 4;
  std::ranges::copy(Blob{0x49, 0x83, 0x42}, frame.begin() + 1);
  for (std::size_t i = 0; i < 5; ++i) frame[4 + i] = static_cast<std::uint8_t>(bits >> 8 * (4 - i));
  return frame;
}

struct Vp9Descriptor {
  bool predicted = false;
  bool flexible = false;
  int spatial = -1;   ///< -1: without layer indices
  Blob structure{};   ///< of the first packet
  Blob references{};  ///< P_DIFFs
};

/// RFC 9628: one layer's frame.
inline std::vector<Blob> vp9_payloads(const Blob& frame, const Vp9Descriptor& with, std::size_t at_most = 1'000) {
  std::vector<Blob> payloads;
  const auto parts = split(frame, at_most);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    int flags = 0x80;  // I
    if (with.predicted) flags |= 0x40;
    if (with.spatial >= 0) flags |= 0x20;
    if (with.flexible) flags |= 0x10;
    if (i == 0) flags |= 0x08;
    if (i + 1 == parts.size()) flags |= 0x04;
    if (i == 0 && !with.structure.empty()) flags |= 0x02;
    Blob payload{static_cast<std::uint8_t>(flags), 0x92, 0x34};  // picture id of 15 bits
    if (with.spatial >= 0) payload.push_back(static_cast<std::uint8_t>(with.spatial << 1));
    if (with.spatial >= 0 && !with.flexible) payload.push_back(7);  // TL0PICIDX
    append(payload, with.references);
    if (i == 0) append(payload, with.structure);
    payloads.push_back(payload + parts[i]);
  }
  return payloads;
}

inline Blob leb128(std::size_t value) {
  Blob out;
  for (; value > 0x7f; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
  return out;
}

/// An OBU as it is sent: without its size.
inline Blob obu(int type, const Blob& payload) { return Blob{static_cast<std::uint8_t>(type << 3)} + payload; }

/// AV1 RTP payload specification, W = 0: each element with its length. `flags`: Z 0x80, Y 0x40, N 0x08.
inline Blob av1_payload(std::uint8_t flags, const std::vector<Blob>& elements) {
  Blob payload{flags};
  for (const Blob& element : elements) append(payload, leb128(element.size()) + element);
  return payload;
}

/// The OBUs one after the other, cut into packets of one element each.
inline std::vector<Blob> av1_payloads(const std::vector<Blob>& obus, std::size_t at_most = 1'000) {
  std::vector<Blob> payloads;
  for (const Blob& one : obus) {
    const auto parts = split(one, at_most);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const int continues = i > 0 ? 0x80 : 0;
      const int goes_on = i + 1 < parts.size() ? 0x40 : 0;
      payloads.push_back(Blob{static_cast<std::uint8_t>(continues | goes_on | 0x10)} + parts[i]);  // W = 1
    }
  }
  return payloads;
}

}  // namespace sluice::media
