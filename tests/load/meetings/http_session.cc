#include "tests/load/meetings/http_session.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <utility>

namespace sluice::load {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::chrono::seconds kLimit{30};

}  // namespace

struct HttpSession::Connection {
  explicit Connection(const asio::any_io_executor& executor) : stream{executor} {}
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  bool open = false;
};

HttpSession::HttpSession(const asio::any_io_executor& executor, Endpoint endpoint, std::string token)
    : endpoint_{std::move(endpoint)}, token_{std::move(token)}, connection_{std::make_unique<Connection>(executor)} {}

HttpSession::~HttpSession() = default;

asio::awaitable<void> HttpSession::connect() {
  auto& stream = connection_->stream;
  stream.expires_after(kLimit);
  const asio::ip::tcp::endpoint address{asio::ip::make_address(endpoint_.host), endpoint_.port};
  co_await stream.async_connect(address, asio::use_awaitable);
  stream.socket().set_option(asio::ip::tcp::no_delay{true});
  connection_->open = true;
}

asio::awaitable<HttpAnswer> HttpSession::request(std::string method, std::string target, std::string body) {
  if (!connection_->open) co_await connect();
  auto& stream = connection_->stream;
  stream.expires_after(kLimit);
  http::request<http::string_body> request{http::string_to_verb(method), target, 11};
  request.set(http::field::host, endpoint_.host + ":" + std::to_string(endpoint_.port));
  request.set(http::field::authorization, "Bearer " + token_);
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = std::move(body);
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::use_awaitable);

  http::response<http::string_body> response;
  co_await http::async_read(stream, connection_->buffer, response, asio::use_awaitable);
  if (response.need_eof()) {
    connection_->open = false;
    stream.close();
  }
  co_return HttpAnswer{.status = response.result_int(), .body = std::move(response.body())};
}

}  // namespace sluice::load
