#pragma once

#include <boost/asio/ssl/context.hpp>

#include "core/net/listener_options.h"

namespace sluice::net {

/// A server context of TLS 1.2 and 1.3 for `files` or `self_signed`. Throws ListenError that names the file and why.
[[nodiscard]] boost::asio::ssl::context make_tls_context(const TlsOptions& options);

}  // namespace sluice::net
