#include "header_extension.h"

namespace sluice::media {
namespace {

constexpr std::uint16_t kOneByteHeaders = 0xbede;
constexpr std::uint16_t kTwoByteHeaders = 0x1000;  // the lower four bits are the application's
constexpr int kPaddingId = 0;
constexpr int kReservedId = 15;

// RFC 8285 section 4.2, padding is octets of zero:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |  ID   | len-1 |  len octets
std::optional<Bytes> find_behind_one_byte(ByteReader in, std::uint8_t id) noexcept {
  while (in.remaining() > 0) {
    const std::uint8_t header = in.u8();
    if (header == 0) continue;
    const int found = header >> 4;
    // Nothing behind these is to be read, whatever their lengths say.
    if (found == kPaddingId || found == kReservedId) return std::nullopt;
    const Bytes data = in.bytes((header & 0x0f) + std::size_t{1});
    if (found == id && !in.failed()) return data;
  }
  return std::nullopt;
}

// RFC 8285 section 4.3, padding is octets of zero:
//  |      ID       |      len      |  len octets
std::optional<Bytes> find_behind_two_bytes(ByteReader in, std::uint8_t id) noexcept {
  while (in.remaining() > 0) {
    const std::uint8_t found = in.u8();
    if (found == kPaddingId) continue;
    const Bytes data = in.bytes(in.u8());
    if (found == id && !in.failed()) return data;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Bytes> find_element(std::uint16_t profile, Bytes elements, std::uint8_t id) noexcept {
  if (profile == kOneByteHeaders) return find_behind_one_byte(ByteReader{elements}, id);
  if ((profile & 0xfff0) == kTwoByteHeaders) return find_behind_two_bytes(ByteReader{elements}, id);
  return std::nullopt;
}

}  // namespace sluice::media
