#pragma once

#include <memory>
#include <string>
#include <utility>

#include "sluice/plugin.h"
#include "sluice/testing/fake_host.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

namespace sluice::testing {

inline Identity user(const std::string& id, const std::string& tenant = {}) {
  Identity identity;
  identity.user_id = id;
  identity.name = "User " + id;
  identity.tenant = tenant;
  return identity;
}

inline Identity guest() {
  Identity identity;
  identity.user_id = "guest-1";
  identity.guest = true;
  return identity;
}

/// A gateway whose only plugin is whip; the test plays the room behind it.
class WhipGateway {
 public:
  explicit WhipGateway(json::object options = {}) { plugin->start(host, Config{json::value(std::move(options))}); }
  ~WhipGateway() { plugin->stop(); }
  WhipGateway(const WhipGateway&) = delete;
  WhipGateway& operator=(const WhipGateway&) = delete;

  static HttpRequest offer(const std::string& sdp = "v=0 offer", Identity identity = user("ada")) {
    HttpRequest request;
    request.path_parameters["room"] = "lobby";
    request.headers["content-type"] = "application/sdp";
    request.headers["user-agent"] = "encoder/1";
    request.body = sdp;
    request.remote_address = "192.0.2.1:5000";
    request.identity = std::move(identity);
    return request;
  }
  HttpAnswer post(HttpRequest request = offer(), const std::string& door = "whip") {
    return host.http().call("POST", "/" + door + "/{room}", std::move(request));
  }
  /// The client of the newest session.
  FakeLocalClient& client() { return host.events().local_client(host.events().local_client_count() - 1); }
  static json::value joined() {
    return json::object{{"self", json::object{{"participantId", "p1"}}}, {"features", json::object{{"publish", true}}}};
  }
  void let_in() { client().answer("room:join", joined()); }
  void answer_offer() { client().answer("sdp:offer", json::object{{"sdp", "v=0 answer"}}); }
  /// A session that is open.
  HttpAnswer open(HttpRequest request = offer(), const std::string& door = "whip") {
    HttpAnswer answer = post(std::move(request), door);
    let_in();
    answer_offer();
    return answer;
  }

  /// A request to the session that `created` has made, by the user who made it.
  static HttpRequest on(const HttpAnswer& created) {
    HttpRequest request;
    const std::string location = created.response().headers.at("Location");
    request.path_parameters["room"] = "lobby";
    request.path_parameters["session"] = location.substr(location.rfind('/') + 1);
    request.identity = user("ada");
    return request;
  }
  HttpAnswer patch(const HttpAnswer& created, const std::string& if_match, const std::string& body = "a=candidate:1") {
    HttpRequest request = on(created);
    request.headers["content-type"] = "application/trickle-ice-sdpfrag";
    if (!if_match.empty()) request.headers["if-match"] = if_match;
    request.body = body;
    return host.http().call("PATCH", "/whip/{room}/{session}", std::move(request));
  }
  HttpAnswer remove(const HttpAnswer& created, const std::string& door = "whip") { return remove(on(created), door); }
  HttpAnswer remove(HttpRequest request, const std::string& door = "whip") {
    return host.http().call("DELETE", "/" + door + "/{room}/{session}", std::move(request));
  }
  static std::string code(const HttpAnswer& answer) {
    return std::string{answer.body().at("error").at("code").as_string()};
  }
  double sessions(const std::string& door = "whip") { return host.metrics().value("sessions", {{"door", door}}); }

  FakeHost host{"whip"};
  std::unique_ptr<Plugin> plugin{sluice_plugin.create()};
};

}  // namespace sluice::testing
