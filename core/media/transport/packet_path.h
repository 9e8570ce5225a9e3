#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"

namespace sluice {

enum class IceOutcome : std::uint8_t;  // core/media/transport/connection_watch.h

/// Whether there is a way to the peer, as ICE sees it.
enum class PathState : std::uint8_t { none, ready, lost, failed };

/// The way to one peer, as a transport sees it: buffers to write packets into, which then leave in order.
///
/// acquire() lends a buffer of kMaxDatagram bytes; commit() sends the first `size` of it, and 0 gives it back unused. A
/// buffer is never kept over the return to the worker's loop. While ICE has no path, what is committed is dropped.
class PacketPath {
 public:
  /// Largest datagram that is sent: an Ethernet frame's payload without IPv6 and UDP headers.
  static constexpr std::size_t kMaxDatagram = 1452;

  virtual ~PacketPath() = default;
  [[nodiscard]] virtual MutableBytes acquire() noexcept = 0;
  virtual void commit(std::size_t size) noexcept = 0;
  /// commit() follows soon: asks for the memory that it will need.
  virtual void prefetch() const noexcept {}
  /// Why there has never been one, where there has not.
  [[nodiscard]] virtual IceOutcome why_not() const noexcept;
};

}  // namespace sluice
