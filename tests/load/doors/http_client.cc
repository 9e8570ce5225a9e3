#include "tests/load/doors/http_client.h"

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

asio::awaitable<HttpAnswer> http_post(asio::any_io_executor executor, Endpoint endpoint, std::string target,
                                      std::string content_type, std::string body) {
  beast::tcp_stream stream{executor};
  stream.expires_after(kLimit);
  const asio::ip::tcp::endpoint address{asio::ip::make_address(endpoint.host), endpoint.port};
  co_await stream.async_connect(address, asio::use_awaitable);
  stream.socket().set_option(asio::ip::tcp::no_delay{true});

  http::request<http::string_body> request{http::verb::post, target, 11};
  request.set(http::field::host, endpoint.host + ":" + std::to_string(endpoint.port));
  request.set(http::field::content_type, content_type);
  request.set(http::field::connection, "close");
  request.body() = std::move(body);
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::use_awaitable);

  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  co_await http::async_read(stream, buffer, response, asio::use_awaitable);
  co_return HttpAnswer{.status = response.result_int(), .body = std::move(response.body())};
}

}  // namespace sluice::load
