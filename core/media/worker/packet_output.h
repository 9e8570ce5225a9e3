#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/base/socket_address.h"

namespace sluice {

/// Where a worker's datagrams leave: buffers to write into, sent together at the end of a round of the loop.
class PacketOutput {
 public:
  virtual ~PacketOutput() = default;
  /// A buffer of PacketPath::kMaxDatagram bytes.
  [[nodiscard]] virtual MutableBytes acquire() noexcept = 0;
  /// Queues the first `size` bytes of it for `to` through the worker's socket number `socket`; 0 gives it back.
  virtual void commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept = 0;
};

}  // namespace sluice
