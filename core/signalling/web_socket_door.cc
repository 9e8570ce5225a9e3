#include "core/signalling/web_socket_door.h"

#include <memory>
#include <utility>

#include "core/signalling/plain_client.h"
#include "core/signalling/visitor.h"

namespace sluice {
namespace {

constexpr std::string_view kPath = "/ws";

ConnectRequest read_request(const net::HttpRequest& request) {
  Visitor visitor = read_visitor(request);
  ConnectRequest connect{.door = DoorKind::web_socket,
                         .ns = "/",
                         .token = std::move(visitor.token),
                         .auth = {},
                         .remote = visitor.remote,
                         .user_agent = std::move(visitor.user_agent)};
  for (const auto& [name, value] : request.query) {
    if (name != "token") connect.auth[name] = value;
  }
  return connect;
}

}  // namespace

void WebSocketDoor::add_routes(net::HttpRouter& router) {
  router.add_web_socket(kPath, [this](const net::HttpRequest& request) { return decide(request); });
}

net::AcceptDecision WebSocketDoor::decide(const net::HttpRequest& request) {
  return net::WebSocketAccept{
      .on_open = [this, connect = read_request(request)](std::shared_ptr<net::WebSocketChannel> channel) {
        return std::make_shared<PlainClient>(bridge_, clock_, limits_, std::move(channel))->open(connect);
      }};
}

}  // namespace sluice
