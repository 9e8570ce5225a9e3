#pragma once

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <utility>
#include <variant>

namespace sluice::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

/// Each connection is its own strand: its handlers never run side by side, on whichever net thread.
using Strand = asio::strand<asio::io_context::executor_type>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Strand>;
using Timer = asio::steady_timer::rebind_executor<Strand>::other;

/// A TCP socket with or without TLS: one type, so that HTTP and WebSocket are compiled once for both. Meets Asio's
/// AsyncReadStream and AsyncWriteStream and is its own lowest layer for Beast.
class NetStream {
 public:
  using executor_type = Socket::executor_type;

  explicit NetStream(Socket socket) : stream_{std::in_place_type<Socket>, std::move(socket)} {}
  NetStream(Socket socket, asio::ssl::context& tls) : stream_{std::in_place_type<TlsStream>, std::move(socket), tls} {}

  [[nodiscard]] executor_type get_executor() noexcept { return socket().get_executor(); }
  [[nodiscard]] bool is_tls() const noexcept { return std::holds_alternative<TlsStream>(stream_); }
  /// Null without TLS.
  [[nodiscard]] SSL* tls() noexcept {
    TlsStream* tls = std::get_if<TlsStream>(&stream_);
    return tls != nullptr ? tls->native_handle() : nullptr;
  }
  [[nodiscard]] Socket& socket() noexcept {
    TlsStream* tls = std::get_if<TlsStream>(&stream_);
    return tls != nullptr ? tls->next_layer() : std::get<Socket>(stream_);
  }

  template <class Handler>
  void async_handshake(Handler&& handler) {
    std::get<TlsStream>(stream_).async_handshake(asio::ssl::stream_base::server, std::forward<Handler>(handler));
  }
  template <class Handler>
  void async_tls_shutdown(Handler&& handler) {
    std::get<TlsStream>(stream_).async_shutdown(std::forward<Handler>(handler));
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          std::visit([&](auto& stream) { stream.async_read_some(into, std::move(handler)); }, stream_);
        },
        token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          std::visit([&](auto& stream) { stream.async_write_some(from, std::move(handler)); }, stream_);
        },
        token, buffers);
  }

  /// Beast's customization points, found by argument-dependent look-up. Its own teardown waits for the peer's FIN
  /// before it reports why a read failed; a peer must not delay that, so this one only says that we are done.
  template <class Handler>
  friend void async_teardown(beast::role_type, NetStream& stream, Handler&& handler) {
    error_code failed;
    stream.socket().shutdown(Socket::shutdown_send, failed);
    asio::post(stream.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), failed));
  }
  friend void beast_close_socket(NetStream& stream) { stream.close(); }

  void close() noexcept {
    error_code ignored;
    socket().close(ignored);
  }

 private:
  using TlsStream = beast::ssl_stream<Socket>;

  std::variant<Socket, TlsStream> stream_;
};

}  // namespace sluice::net
