#pragma once

#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/media/dtls/datagram_queue.h"
#include "core/media/dtls/retransmission_timer.h"

struct bio_st;
struct ssl_st;

namespace sluice {

/// The largest UDP payload that a handshake sends: IPv6's minimum MTU less headers, with room for a TURN relay's.
inline constexpr long kMaxDtlsDatagram = 1200;

/// What OpenSSL reads from and writes to, in place of a socket. Each write is one datagram.
struct DatagramPipe {
  Bytes incoming;  ///< taken by the next read, and by it alone
  DatagramQueue outgoing;
  RetransmissionTimer timer;
  std::uint64_t dropped_outgoing = 0;  ///< too large, or the queue was full
};

/// A BIO over `pipe`, which must outlive it. The caller owns the result; null where memory is out.
[[nodiscard]] bio_st* new_datagram_bio(DatagramPipe& pipe) noexcept;

/// The timer callback (DTLS_set_timer_cb) of a connection that reads from such a BIO.
[[nodiscard]] unsigned next_retransmission_us(ssl_st* connection, unsigned previous_us) noexcept;

}  // namespace sluice
