#include "tests/load/doors/janus_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

namespace sluice::load {
namespace {

// Janus ends a session that is silent for 60 s.
constexpr std::chrono::seconds kKeepAliveInterval{25};

[[noreturn]] void refuse(const json::object& error, const char* code, const char* text) {
  throw JanusError{error.at(code).to_number<int>(), "janus: " + std::string{error.at(text).as_string()}};
}

}  // namespace

asio::awaitable<void> JanusClient::connect(const Endpoint& endpoint) {
  co_await socket_.connect(endpoint, "janus-protocol");
  json::object create{{"janus", "create"}};
  const json::value created = co_await transact(std::move(create));
  session_ = created.at("data").at("id").to_number<std::uint64_t>();
}

asio::awaitable<std::uint64_t> JanusClient::attach() {
  json::object attach{{"janus", "attach"}, {"plugin", "janus.plugin.videoroom"}};
  const json::value attached = co_await transact(std::move(attach));
  co_return attached.at("data").at("id").to_number<std::uint64_t>();
}

asio::awaitable<JanusClient::Answer> JanusClient::request(std::uint64_t handle, json::object body, json::value jsep) {
  json::object message{{"janus", "message"}, {"handle_id", handle}, {"body", std::move(body)}};
  if (!jsep.is_null()) message["jsep"] = std::move(jsep);
  json::value answer = co_await transact(std::move(message));
  Answer out;
  out.data = answer.at("plugindata").at("data");
  if (out.data.as_object().contains("error")) refuse(out.data.as_object(), "error_code", "error");
  if (const json::value* const sdp = answer.as_object().if_contains("jsep")) out.jsep = sdp->at("sdp").as_string();
  co_return out;
}

asio::awaitable<void> JanusClient::complete_candidates(std::uint64_t handle) {
  json::object trickle{{"janus", "trickle"}, {"handle_id", handle}, {"candidate", json::object{{"completed", true}}}};
  trickle["transaction"] = "t" + std::to_string(++transactions_);
  trickle["session_id"] = session_;
  co_await socket_.send(json::serialize(trickle));  // only acknowledged
}

/// The final answer: `ack` says only that a plugin is working on it.
asio::awaitable<json::value> JanusClient::transact(json::object message) {
  const std::string transaction = "t" + std::to_string(++transactions_);
  message["transaction"] = transaction;
  if (session_ != 0) message["session_id"] = session_;
  co_await socket_.send(json::serialize(message));
  for (;;) {
    json::value answer = json::parse(co_await socket_.receive());
    const json::object& fields = answer.as_object();
    const json::value* const own = fields.if_contains("transaction");
    if (own == nullptr || own->as_string() != transaction || fields.at("janus").as_string() == "ack") continue;
    if (fields.at("janus").as_string() == "error") refuse(fields.at("error").as_object(), "code", "reason");
    co_return answer;
  }
}

asio::awaitable<void> JanusClient::idle() {
  asio::co_spawn(timer_.get_executor(), keep_alive(), asio::detached);
  while (!closed_) static_cast<void>(co_await socket_.receive());
}

asio::awaitable<void> JanusClient::keep_alive() {
  try {
    while (!closed_) {
      timer_.expires_after(kKeepAliveInterval);
      co_await timer_.async_wait(asio::use_awaitable);
      json::object message{{"janus", "keepalive"}, {"session_id", session_}, {"transaction", "k"}};
      co_await socket_.send(json::serialize(message));
    }
  } catch (const std::exception&) {
    // Closed; whoever reads has heard of it, too.
  }
}

void JanusClient::close() {
  closed_ = true;
  timer_.cancel();
  socket_.close();
}

}  // namespace sluice::load
