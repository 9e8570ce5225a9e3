#pragma once

#include <memory>

#include "core/net/http_message.h"

struct ssl_st;

namespace sluice::net {

/// Whom the certificate speaks of that the peer has shown in the handshake. Null where it has shown none, and for one
/// that was not verified.
/// @param ssl  OpenSSL's; null: no TLS.
[[nodiscard]] std::shared_ptr<const TlsPeer> verified_peer(const ssl_st* ssl);

}  // namespace sluice::net
