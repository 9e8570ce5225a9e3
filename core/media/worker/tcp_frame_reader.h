#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "sluice/result.h"

namespace sluice {

enum class TcpFrameError : std::uint8_t {
  incomplete,  ///< more must be read first
  oversize     ///< a length that no WebRTC packet has: the stream is garbage from here on
};

/// Packets out of a TCP stream, framed as RFC 4571 section 2 has it. Owns the buffer that is read into; packets are
/// handed out in place, and what moves when the buffer wraps is the part of one packet.
///
/// Read into space(), tell how much with add(), then call next() until it fails.
class TcpFrameReader {
 public:
  /// As for datagrams, see ReceiveBatch::kMaxDatagram.
  static constexpr std::size_t kMaxFrame = 1600;
  static constexpr std::size_t kCapacity = 8 * 1024;

  /// Where to read to: never empty after next() has said `incomplete`. Ends the life of packets handed out.
  [[nodiscard]] MutableBytes space() noexcept;
  /// `count` bytes have been written to the start of space().
  void add(std::size_t count) noexcept { end_ += count; }
  /// The next whole packet, which may be changed in place; empty ones are skipped.
  Result<MutableBytes, TcpFrameError> next() noexcept;

 private:
  static constexpr std::size_t kLengthSize = 2;
  static_assert(kCapacity >= 2 * (kLengthSize + kMaxFrame));

  std::array<std::uint8_t, kCapacity> buffer_;
  std::size_t begin_ = 0;  // of what has been read, but not handed out
  std::size_t end_ = 0;
};

}  // namespace sluice
