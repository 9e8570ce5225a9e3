#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/byte_writer.h"
#include "core/media/srtp/srtp_keys.h"

/// Packets and keys of the SRTP tests.
namespace sluice::test {

/// `seed` and its successors, as many as the profile takes.
inline SrtpMasterKey master_key(SrtpProfile profile, std::uint8_t seed = 1) {
  std::array<std::uint8_t, kMaxSrtpMasterKey> bytes{};
  for (std::uint8_t& byte : bytes) byte = seed++;
  const SrtpProfileSizes sizes = sizes_of(profile);
  return SrtpMasterKey{Bytes{bytes}.first(sizes.key), Bytes{bytes}.subspan(sizes.key, sizes.salt)};
}

inline std::vector<std::uint8_t> rtp_packet(std::uint32_t ssrc, std::uint16_t sequence, std::size_t payload = 100) {
  std::vector<std::uint8_t> packet(12 + payload, 0xab);
  ByteWriter out{packet};
  out.u8(0x80);
  out.u8(96);
  out.u16(sequence);
  out.u32(sequence * 3000U);
  out.u32(ssrc);
  return packet;
}

/// An empty receiver report and some bytes that stand for further blocks.
inline std::vector<std::uint8_t> rtcp_packet(std::uint32_t ssrc, std::size_t payload = 24) {
  std::vector<std::uint8_t> packet(8 + payload, 0xcd);
  ByteWriter out{packet};
  out.u8(0x80);
  out.u8(201);
  out.u16(1);
  out.u32(ssrc);
  return packet;
}

}  // namespace sluice::test
