#include "member.h"

#include "context.h"
#include "live_room.h"
#include "refusal.h"
#include "room_table.h"
#include "sluice/bus.h"

namespace sluice::videoroom {

namespace {

std::int64_t milliseconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// Others will put it into an <img>: nothing but the web's own schemes.
void check_avatar(const std::string& url) {
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (url.empty() || (web && sanitise_text(url, url.size()) == url)) return;
  refuse_field("avatar", "must be an http or https URL");
}

void assign(json::object& attributes, std::string_view name, json::value value) {
  if (value.is_null()) {
    attributes.erase(name);
  } else {
    attributes[name] = std::move(value);
  }
}

}  // namespace

Member::Member(Context& context, RoomTable& table, LiveRoom& room, JoinRequest& request)
    : context_{context},
      table_{table},
      room_{room},
      seat_{request.client, context.host.random_token()},
      identity_(request.client.identity()),
      id_{context.host.random_token()},
      name_{std::move(request.name)},
      role_{request.role},
      joined_at_{context.host.timers().wall_time()},
      attributes_(std::move(request.attributes)),
      media_{context, *this},
      device_(request.device) {}

Room& Member::room() noexcept { return room_; }

json::object Member::summary() const {
  json::object attributes = own_attributes_;
  for (const auto& [name, value] : attributes_) attributes[name] = value;
  json::object out{{"participantId", id_},
                   {"name", name_},
                   {"userId", identity().user_id},
                   {"role", role_name(role_)},
                   {"guest", identity().guest},
                   {"joinedAt", milliseconds_of(joined_at_)},
                   {"attributes", std::move(attributes)}};
  media_.state.describe(out);
  if (!avatar_.empty()) out["avatar"] = avatar_;
  if (seat_.client() == nullptr) out["away"] = true;
  return out;
}

json::object Member::features() const { return room_.permissions().features(role_); }

bool Member::may(Permission permission) const noexcept { return room_.permissions().may(role_, permission); }

void Member::demand(Permission permission) const { room_.permissions().demand(role_, permission); }

void Member::mute(MediaKind kind) { media_.state.mute(mute_kind(kind), nullptr); }

void Member::unmute(MediaKind kind) { media_.state.unmute(mute_kind(kind), nullptr); }

bool Member::muted(MediaKind kind) const noexcept { return media_.state.muted(mute_kind(kind)); }

void Member::set_role(Role role) { change_role(role, nullptr); }

void Member::change_role(Role role, const json::value& by) {
  if (std::exchange(role_, role) == role || gone_) return;
  room_.remember_role(identity().user_id, role);
  json::object change{{"participantId", id_}, {"role", role_name(role_)}, {"by", by}};
  room_.broadcast("role:updated", change, this);
  change["features"] = features();
  send("role:updated", std::move(change));
  media_.publications.close_forbidden();
  updated();
}

void Member::set_attribute(std::string_view name, json::value value) {
  assign(attributes_, name, std::move(value));
  updated();
}

void Member::send(std::string_view event, json::value data) {
  if (!gone_ && seat_.client() != nullptr) seat_.client()->send(event, std::move(data));
}

void Member::remove(std::string_view reason) {
  if (gone_) return;
  send("participant:removed", json::object{{"reason", reason}});
  table_.leave(*this, "removed");
}

void Member::set_gone() noexcept {
  gone_ = true;
  seat_.give_up();
}

void Member::lose_media(std::string_view reason) {
  if (gone_) return;
  send("participant:removed", json::object{{"reason", reason}});
  table_.leave(*this, "disconnected");
}

void Member::change_info(const ChangeInfo& change) {
  if (change.avatar) check_avatar(*change.avatar);
  if (change.attributes) {
    json::object attributes = own_attributes_;
    for (const auto& [name, value] : *change.attributes) assign(attributes, name, value);
    demand_size(attributes, context_.options.attributes_bytes, "attributes");
    own_attributes_ = std::move(attributes);
  }
  if (change.name) {
    std::string name = sanitise_text(*change.name, static_cast<std::size_t>(context_.options.name_bytes));
    if (!name.empty()) name_ = std::move(name);
  }
  if (change.avatar) avatar_ = *change.avatar;
  updated();
}

void Member::updated() {
  if (gone_) return;
  room_.presence().updated(*this);
  context_.host.bus().publish(ParticipantUpdated{*this});
}

}  // namespace sluice::videoroom
