#include "core/net/listener.h"

#include <chrono>
#include <string>

#include "core/net/http_connection.h"

namespace sluice::net {

namespace {

/// After an accept failed for want of file descriptors or memory: time for some to come back.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::shared_ptr<ListenerCore> make_core(std::shared_ptr<asio::io_context> io, ListenerOptions options) {
  const std::string name = options.name;
  try {
    return std::make_shared<ListenerCore>(std::move(io), std::move(options));
  } catch (const ListenError& error) {
    throw ListenError{"listener '" + name + "': " + error.what()};
  }
}

std::string endpoint_text(const ListenerOptions& options) {
  const bool v6 = options.address.find(':') != std::string::npos;
  return (v6 ? "[" + options.address + "]" : options.address) + ":" + std::to_string(options.port);
}

[[noreturn]] void fail(const ListenerOptions& options, error_code reason) {
  throw ListenError{"listener '" + options.name + "': cannot listen on " + endpoint_text(options) + ": " +
                    reason.message()};
}

}  // namespace

Listener::Listener(std::shared_ptr<asio::io_context> io, ListenerOptions options)
    : core_{make_core(std::move(io), std::move(options))},
      acceptor_{asio::make_strand(*core_->io)},
      pause_{acceptor_.get_executor()},
      rate_{{.per_second = core_->options.connections_per_second, .burst = core_->options.connection_burst}} {
  const ListenerOptions& want = core_->options;
  error_code failed;
  const auto address = asio::ip::make_address(want.address, failed);
  if (failed) fail(want, failed);
  const asio::ip::tcp::endpoint endpoint{address, want.port};
  const auto check = [&] {
    if (failed) fail(want, failed);
  };
  acceptor_.open(endpoint.protocol(), failed);
  check();
  acceptor_.set_option(asio::socket_base::reuse_address{true}, failed);
  check();
  acceptor_.bind(endpoint, failed);
  check();
  acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  check();
  port_ = acceptor_.local_endpoint().port();
}

void Listener::start() {
  asio::post(acceptor_.get_executor(), [this] { accept(); });
}

void Listener::stop_accepting() {
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

void Listener::accept() {
  acceptor_.async_accept(asio::make_strand(*core_->io),
                         [this](error_code failed, Socket socket) { on_accepted(failed, std::move(socket)); });
}

void Listener::on_accepted(error_code failed, Socket socket) {
  if (!acceptor_.is_open()) return;
  if (!failed) {
    admit(std::move(socket));
    return accept();
  }
  pause_.expires_after(kAcceptPause);
  pause_.async_wait([this](error_code cancelled) {
    if (!cancelled && acceptor_.is_open()) accept();
  });
}

void Listener::admit(Socket socket) {
  error_code failed;
  const auto endpoint = socket.remote_endpoint(failed);
  if (failed) return;  // gone already
  const auto remote = SocketAddress::from_sockaddr(endpoint.data(), static_cast<socklen_t>(endpoint.size()));
  if (!remote) return;
  ++core_->counters.connections;
  if (!rate_.allow(limit_key(*remote), Instant::clock::now())) {
    ++core_->counters.refused_rate;
    return;
  }
  auto place = core_->connections.admit(*remote);
  if (!place) {
    ++core_->counters.refused_limit;
    return;
  }
  socket.set_option(asio::ip::tcp::no_delay{true}, failed);
  socket.set_option(asio::socket_base::keep_alive{true}, failed);  // finds dead peers of held requests
  NetStream stream = core_->tls ? NetStream{std::move(socket), *core_->tls} : NetStream{std::move(socket)};
  std::make_shared<HttpConnection>(core_, std::move(stream), std::move(*place), *remote)->start();
}

}  // namespace sluice::net
