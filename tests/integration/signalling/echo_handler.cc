#include "tests/integration/signalling/echo_handler.h"

#include <boost/json/object.hpp>
#include <utility>

namespace sluice::test {
namespace {

namespace json = boost::json;

json::value describe(const ConnectRequest& request) {
  return json::object{{"ns", request.ns},
                      {"door", to_string(request.door)},
                      {"token", request.token ? json::value(*request.token) : json::value(nullptr)},
                      {"auth", request.auth},
                      {"userAgent", request.user_agent},
                      {"remote", request.remote.ip()}};
}

}  // namespace

void EchoHandler::on_connect(std::shared_ptr<Connection> connection, ConnectRequest request) {
  log_.emplace_back("connect " + request.ns);
  if (request.token == "bad") return connection->refuse(Error{ErrorCode::unauthorized, "the token does not verify"});
  if (request.token == "expired") {
    return connection->refuse(Error{ErrorCode::token_expired, "the token expired", {{"at", 5}}});
  }
  if (request.token != "slow") connection->accept();
  const ConnectionId id = connection->id();
  clients_.emplace(id, Client{std::move(connection), std::move(request)});
}

void EchoHandler::on_event(ConnectionId id, std::string event, json::value data, std::optional<AckId> ack,
                           Instant /*received*/) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  Connection& connection = *found->second.connection;
  if (event == "echo") {
    answer(connection, "echo", data, ack);
  } else if (event == "whoami") {
    answer(connection, "whoami", describe(found->second.request), ack);
  } else if (event == "log") {
    answer(connection, "log", json::value(log_), ack);
  } else if (event == "broadcast") {
    const auto news = std::make_shared<const OutboundEvent>("news", std::move(data));
    for (auto& [other, client] : clients_) client.connection->send_event(news);
  } else if (event == "kick") {
    connection.close(CloseCode::normal, "kicked");
  } else if (event == "restart") {
    connection.close(CloseCode::going_away, "restarting");
  } else {
    const Error error = event == "fail" ? Error{ErrorCode::permission_denied, "hosts only", {{"requiredRole", "host"}}}
                                        : Error{ErrorCode::unknown_event, "unknown event"};
    ack ? connection.send_ack(*ack, error) : connection.send_error_event(event, error);
  }
}

void EchoHandler::on_disconnected(ConnectionId id, DisconnectReason reason) {
  log_.emplace_back("disconnect " + std::string{to_string(reason)});
  clients_.erase(id);
}

void EchoHandler::answer(Connection& to, const std::string& event, const json::value& data,
                         const std::optional<AckId>& ack) {
  if (ack) return to.send_ack(*ack, data);
  to.send_event(std::make_shared<const OutboundEvent>(event, data));
}

}  // namespace sluice::test
