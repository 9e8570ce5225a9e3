#include "webrtc_config.h"

#include <algorithm>
#include <boost/json/value_from.hpp>

#include "sluice/media.h"

namespace sluice::meetings {

namespace {

bool is_turn(const IceServer& server) {
  return std::ranges::any_of(
      server.urls, [](const std::string& url) { return url.starts_with("turn:") || url.starts_with("turns:"); });
}

json::object to_wire(const IceServer& server) {
  json::object out{{"urls", json::value_from(server.urls)}};
  if (server.username) out["username"] = *server.username;
  if (server.credential) out["credential"] = *server.credential;
  return out;
}

}  // namespace

WebRtcConfig::WebRtcConfig(Host& host)
    : host_{host}, capabilities_(to_json(host.media().create_router()->rtp_capabilities())) {}

json::object WebRtcConfig::with_room(json::object config, const Room* room) const {
  if (room == nullptr) return config;
  config["router_id"] = room->id();
  config["router_capabilities"] = capabilities_;
  return config;
}

json::object WebRtcConfig::for_user(std::string_view user_id, const Room* room) const {
  json::array all;
  json::array turn;
  for (const IceServer& server : host_.media().ice_servers(user_id)) {
    all.emplace_back(to_wire(server));
    if (is_turn(server)) turn.emplace_back(to_wire(server));
  }
  return with_room({{"ice_servers", std::move(all)}, {"turn_servers", std::move(turn)}}, room);
}

json::object WebRtcConfig::for_who_waits(std::string_view user_id, const Room* room) const {
  json::array all;
  for (const IceServer& server : host_.media().ice_servers(user_id)) {
    if (!is_turn(server)) all.emplace_back(to_wire(server));
  }
  return with_room({{"ice_servers", std::move(all)}, {"turn_servers", json::array()}}, room);
}

}  // namespace sluice::meetings
