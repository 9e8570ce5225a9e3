#pragma once

#include <memory>
#include <optional>

#include "core/net/body_budget.h"
#include "core/net/connection_table.h"
#include "core/net/cors.h"
#include "core/net/http_router.h"
#include "core/net/http_server.h"
#include "core/net/listener_options.h"
#include "core/net/net_stream.h"
#include "core/net/static_files.h"

namespace sluice::net {

/// What the connections of one listener share. Owners: the listener and each connection, so that whoever closes last,
/// on whatever thread, finds it alive; it keeps the io_context for the same reason.
struct ListenerCore {
  /// Throws ListenError.
  ListenerCore(std::shared_ptr<asio::io_context> context, ListenerOptions listener_options);

  // Owners: the server and its listeners' cores.
  const std::shared_ptr<asio::io_context> io;
  const ListenerOptions options;
  const CorsPolicy cors;
  const std::optional<StaticFiles> static_files;
  std::optional<asio::ssl::context> tls;
  HttpRouter router;
  ListenerCounters counters;
  BodyBudget large_bodies;
  ConnectionTable connections;
};

}  // namespace sluice::net
