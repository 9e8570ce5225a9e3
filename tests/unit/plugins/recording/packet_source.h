#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sluice/testing/fake_tap.h"

namespace sluice::testing {

/// A packet without extension gets one: which way up its picture is, 3GPP TS 26.114 section 7.4.5 in the form of RFC
/// 8285 section 4.2.
inline std::vector<std::uint8_t> oriented(std::vector<std::uint8_t> packet, std::uint8_t id, std::uint8_t orientation) {
  constexpr std::ptrdiff_t kFixedHeader = 12;
  packet[0] |= 0x10;  // X
  packet.insert(packet.begin() + kFixedHeader,
                {0xbe, 0xde, 0, 1, static_cast<std::uint8_t>(id << 4), orientation, 0, 0});
  return packet;
}

/// One sender's RTP packets, numbered as they come.
class PacketSource {
 public:
  using Packet = std::vector<std::uint8_t>;

  explicit PacketSource(std::uint8_t payload_type, std::uint16_t first_sequence = 65'530)
      : payload_type_{payload_type}, sequence_{first_sequence} {}

  /// RFC 3550 section 5.1, then `payload`.
  Packet packet(std::uint32_t timestamp, bool marker, const std::vector<std::uint8_t>& payload) {
    Packet out{0x80, static_cast<std::uint8_t>(payload_type_ | (marker ? 0x80 : 0))};
    put(out, sequence_++, 2);
    put(out, timestamp, 4);
    put(out, 0x5eed, 4);
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
  }

  /// A frame of 640x360, RFC 7741: nothing that could be decoded, but its header.
  std::vector<Packet> vp8(std::uint32_t timestamp, bool key_frame, std::size_t bytes = 3'000) {
    std::vector<std::uint8_t> frame(std::max(bytes, std::size_t{10}), 0x55);
    const std::vector<std::uint8_t> key{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01};
    const std::vector<std::uint8_t> delta{0x11, 0x02, 0x00};
    std::ranges::copy(key_frame ? key : delta, frame.begin());
    return in_packets(timestamp, frame, {0x10}, {0x00});
  }

  /// A key frame of 640x360 by the VP9 bitstream's section 6.2, in one packet of RFC 9628.
  Packet vp9_key(std::uint32_t timestamp) {
    std::vector<std::uint8_t> payload{0x0c, 0x82, 0x49, 0x83, 0x42, 0x20, 0x27, 0xf0, 0x16, 0x70};
    payload.resize(200, 0x55);
    return packet(timestamp, true, payload);
  }

  Packet opus(std::uint32_t timestamp, std::size_t bytes = 80) {
    std::vector<std::uint8_t> payload(bytes, 0x55);
    payload[0] = 0x78;  // RFC 6716 section 3.1: CELT, 20 ms, mono, one frame
    return packet(timestamp, false, payload);
  }

  /// One that never arrives.
  void lose() { ++sequence_; }

 private:
  static void put(Packet& out, std::uint32_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  std::vector<Packet> in_packets(std::uint32_t timestamp, const std::vector<std::uint8_t>& frame,
                                 const std::vector<std::uint8_t>& first, const std::vector<std::uint8_t>& others) {
    constexpr std::size_t kMost = 1'200;
    std::vector<Packet> out;
    for (std::size_t at = 0; at < frame.size(); at += kMost) {
      std::vector<std::uint8_t> payload = at == 0 ? first : others;
      const std::size_t end = std::min(at + kMost, frame.size());
      payload.insert(payload.end(), frame.begin() + static_cast<std::ptrdiff_t>(at),
                     frame.begin() + static_cast<std::ptrdiff_t>(end));
      out.push_back(packet(timestamp, end == frame.size(), payload));
    }
    return out;
  }

  std::uint8_t payload_type_;
  std::uint16_t sequence_;
};

}  // namespace sluice::testing
