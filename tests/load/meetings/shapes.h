#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "tests/load/doors/endpoint.h"
#include "tests/load/histogram.h"

/// What is measured of the meeting system; each shape gives its figures as JSON.
namespace sluice::load {

namespace asio = boost::asio;
namespace json = boost::json;

struct MeetingsOptions {
  std::string shape;              ///< rest, chat, join
  Endpoint server;                ///< of the public listener
  std::string secret;             ///< `auth.jwt.secret` of the server
  std::uint32_t stored = 10'000;  ///< rest: meetings that are there
  std::uint32_t members = 500;    ///< chat: people in the room
  std::uint32_t count = 0;        ///< chat: messages, join: joins; 0: as many as fit into the duration
  std::uint32_t rate = 0;         ///< a second; 0: 200 requests, 10 messages, 50 joins
  std::chrono::seconds duration{20};
};

/// `rate` requests a second on `stored` meetings: six of ten read one, two list, one updates, one creates. A request's
/// time counts from when it was due, whether or not a connection was free.
asio::awaitable<json::object> rest_shape(MeetingsOptions options);
/// One of `members` sends messages; the time from sending one to its arrival at each of them.
asio::awaitable<json::object> chat_shape(MeetingsOptions options);
/// `rate` people a second join one meeting: by REST, then a WebSocket with the token from there, then `room:join`. The
/// time of the three together, and of the last.
asio::awaitable<json::object> join_shape(MeetingsOptions options);

/// `{count, p50_ms, p95_ms, p99_ms, max_ms}`
[[nodiscard]] json::object figures(const Histogram& times);

}  // namespace sluice::load
