#include "core/net/listener_core.h"

#include "core/net/tls_context.h"

namespace sluice::net {

namespace {

std::optional<StaticFiles> make_static_files(const StaticOptions& options) {
  if (options.directory.empty()) return std::nullopt;
  return StaticFiles{options};
}

std::optional<asio::ssl::context> make_tls(const TlsOptions& options) {
  if (options.mode == TlsMode::off) return std::nullopt;
  return make_tls_context(options);
}

}  // namespace

ListenerCore::ListenerCore(std::shared_ptr<asio::io_context> context, ListenerOptions listener_options)
    : io{std::move(context)},
      options{std::move(listener_options)},
      cors{options.cors_origins},
      static_files{make_static_files(options.static_files)},
      tls{make_tls(options.tls)},
      large_bodies{options.large_bodies_bytes},
      connections{{.total = options.max_connections, .per_address = options.max_connections_per_address},
                  counters.open_connections} {}

}  // namespace sluice::net
