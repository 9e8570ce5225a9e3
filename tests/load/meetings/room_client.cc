#include "tests/load/meetings/room_client.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

namespace sluice::load {

namespace {

// Apart from the coroutines: GCC 12 cannot have literals in a list beside co_await.
std::string frame_of(std::int64_t id, const std::string& event, json::value data) {
  json::object frame{{"event", event}, {"data", std::move(data)}};
  if (id != 0) frame["id"] = id;
  return json::serialize(frame);
}

}  // namespace

asio::awaitable<void> RoomClient::connect(Endpoint server, const std::string& token) {
  server.path = token.empty() ? "/ws" : "/ws?token=" + token;
  co_await socket_.connect(server, "");
}

asio::awaitable<json::value> RoomClient::call(std::string event, json::value data) {
  const std::int64_t id = ++last_id_;
  co_await socket_.send(frame_of(id, event, std::move(data)));
  while (true) {
    const json::value message = json::parse(co_await socket_.receive());
    const json::object& frame = message.as_object();
    if (const json::value* name = frame.if_contains("event")) {
      on_event_(std::string{name->as_string()}, frame.at("data"));
      continue;
    }
    const json::value* answered = frame.if_contains("id");
    if (answered == nullptr || *answered != json::value(id)) continue;
    if (!frame.at("ok").as_bool()) throw std::runtime_error{event + ": " + json::serialize(frame.at("error"))};
    co_return frame.at("data");
  }
}

asio::awaitable<void> RoomClient::send(std::string event, json::value data) {
  co_await socket_.send(frame_of(0, event, std::move(data)));
}

asio::awaitable<void> RoomClient::listen() {
  while (true) {
    const json::value message = json::parse(co_await socket_.receive());
    const json::object& frame = message.as_object();
    if (const json::value* name = frame.if_contains("event")) {
      on_event_(std::string{name->as_string()}, frame.at("data"));
    }
  }
}

}  // namespace sluice::load
