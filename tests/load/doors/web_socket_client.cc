#include "tests/load/doors/web_socket_client.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <utility>

namespace sluice::load {

namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

constexpr std::size_t kMaxMessage = 16 << 20;
constexpr std::chrono::seconds kConnectLimit{30};

}  // namespace

struct WebSocketClient::Connection {
  explicit Connection(const asio::any_io_executor& executor) : stream{executor} {}
  beast::websocket::stream<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
};

WebSocketClient::WebSocketClient(const asio::any_io_executor& executor)
    : connection_{std::make_unique<Connection>(executor)} {}

WebSocketClient::~WebSocketClient() = default;

asio::awaitable<void> WebSocketClient::connect(const Endpoint& endpoint, std::string protocol) {
  auto& stream = connection_->stream;
  beast::get_lowest_layer(stream).expires_after(kConnectLimit);
  const tcp::endpoint address{asio::ip::make_address(endpoint.host), endpoint.port};
  co_await beast::get_lowest_layer(stream).async_connect(address, asio::use_awaitable);
  beast::get_lowest_layer(stream).socket().set_option(tcp::no_delay{true});

  if (!protocol.empty()) {
    stream.set_option(beast::websocket::stream_base::decorator([protocol](beast::websocket::request_type& request) {
      request.set(beast::http::field::sec_websocket_protocol, protocol);
    }));
  }
  stream.read_message_max(kMaxMessage);
  stream.auto_fragment(false);
  const std::string host = endpoint.host + ":" + std::to_string(endpoint.port);
  co_await stream.async_handshake(host, endpoint.path, asio::use_awaitable);
  beast::get_lowest_layer(stream).expires_never();
  stream.text(true);
}

asio::awaitable<void> WebSocketClient::send(std::string text) {
  co_await connection_->stream.async_write(asio::buffer(text), asio::use_awaitable);
}

asio::awaitable<std::string> WebSocketClient::receive() {
  auto& buffer = connection_->buffer;
  co_await connection_->stream.async_read(buffer, asio::use_awaitable);
  std::string text = beast::buffers_to_string(buffer.data());
  // Ten thousand clients do not keep the space of their longest message.
  buffer = beast::flat_buffer{};
  co_return text;
}

void WebSocketClient::close() noexcept {
  boost::system::error_code ignored;
  beast::get_lowest_layer(connection_->stream).socket().close(ignored);
}

}  // namespace sluice::load
