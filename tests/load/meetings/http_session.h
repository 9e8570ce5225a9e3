#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "tests/load/doors/endpoint.h"
#include "tests/load/doors/http_client.h"

namespace sluice::load {

/// Requests of one user, one after the other, on a connection that is kept open.
class HttpSession {
 public:
  HttpSession(const asio::any_io_executor& executor, Endpoint endpoint, std::string token);
  ~HttpSession();

  /// `body` is JSON, or empty. Throws boost::system::system_error where the connection fails, or takes too long.
  asio::awaitable<HttpAnswer> request(std::string method, std::string target, std::string body);

 private:
  struct Connection;
  asio::awaitable<void> connect();

  Endpoint endpoint_;
  std::string token_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::load
