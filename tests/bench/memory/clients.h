#pragma once

#include <cstdint>
#include <string>

#include "core/media/dtls/dtls_context.h"
#include "sluice/media_types.h"

namespace sluice::bench {

/// One transport of the gateway, as its client is told of it over a pipe.
struct ClientOrder {
  std::uint16_t port = 0;
  char ufrag[32]{};
  char pwd[64]{};
  std::uint32_t audio = 0;  ///< SSRCs to send with; 0: nothing is sent
  std::uint32_t video = 0;
};

/// The clients' process: makes a client for each order that it reads from `orders`, until the pipe is closed. Connects
/// all, and sends a few packets each second.
void run_clients(int orders, const DtlsContext& own, const Fingerprint& gateway);

}  // namespace sluice::bench
