#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "tests/load/doors/endpoint.h"

namespace sluice::load {

namespace asio = boost::asio;

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
};

/// One POST on a connection of its own. Throws boost::system::system_error where the connection fails, or takes too
/// long.
asio::awaitable<HttpAnswer> http_post(asio::any_io_executor executor, Endpoint endpoint, std::string target,
                                      std::string content_type, std::string body);

}  // namespace sluice::load
