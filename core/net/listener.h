#pragma once

#include <memory>

#include "core/net/http_server.h"
#include "core/net/listener_core.h"
#include "core/net/rate_limiter.h"

namespace sluice::net {

/// A bound port: accepts connections, refuses those over a limit. Belongs to the server, which joins the net threads
/// before it goes.
class Listener final : public HttpListener {
 public:
  /// Binds and listens. Throws ListenError.
  Listener(std::shared_ptr<asio::io_context> io, ListenerOptions options);

  [[nodiscard]] HttpRouter& router() noexcept override { return core_->router; }
  [[nodiscard]] const ListenerCounters& counters() const noexcept override { return core_->counters; }
  [[nodiscard]] const ListenerOptions& options() const noexcept override { return core_->options; }
  [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }
  [[nodiscard]] ConnectionTable& connections() noexcept { return core_->connections; }

  void start();
  /// Closes the port. Connections stay.
  void stop_accepting();

 private:
  void accept();
  void on_accepted(error_code failed, Socket socket);
  void admit(Socket socket);

  // Owners: this listener and its connections.
  std::shared_ptr<ListenerCore> core_;
  asio::basic_socket_acceptor<asio::ip::tcp, Strand> acceptor_;
  Timer pause_;
  RateLimiter rate_;  // on the acceptor's strand
  std::uint16_t port_ = 0;
};

}  // namespace sluice::net
