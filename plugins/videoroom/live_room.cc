#include "live_room.h"

#include <algorithm>
#include <iterator>

#include "context.h"
#include "publications.h"
#include "room_table.h"
#include "sluice/bus.h"

namespace sluice::videoroom {

LiveRoom::LiveRoom(Context& context, RoomTable& table, RoomOptions options, std::string owner)
    : context_{context},
      table_{table},
      options_{std::move(options)},
      owner_{std::move(owner)},
      join_token_{context.host.random_token()},
      router_{context.host.media().create_router()},
      presence_{context, *this},
      screen_shares_{context, *this},
      speakers_{context, *this},
      last_n_{context, *this, options_.last_n_audio, options_.last_n_video},
      spotlight_{context, *this},
      feature_notice_{context, *this},
      media_notice_{context, *this},
      created_at_{context.host.timers().wall_time()} {
  speakers_.on_change([this] { weigh_consumers(); });
}

LiveRoom::~LiveRoom() = default;

std::vector<Participant*> LiveRoom::participants() {
  std::vector<Participant*> out;
  out.reserve(members_.size());
  for (const auto& [number, member] : members_) out.push_back(member.get());
  return out;
}

std::vector<Member*> LiveRoom::members() const {
  std::vector<Member*> out;
  out.reserve(members_.size());
  for (const auto& [number, member] : members_) out.push_back(member.get());
  return out;
}

Member* LiveRoom::find(std::string_view participant_id) noexcept {
  const auto found = numbers_.find(participant_id);
  return found == numbers_.end() ? nullptr : members_.at(found->second).get();
}

void LiveRoom::broadcast(std::string_view event, json::value data, const Participant* except) {
  if (silent_) return;
  std::vector<Client*> clients;
  clients.reserve(members_.size());
  for (const auto& [number, member] : members_) {
    Client* client = member->client();
    if (client != nullptr && member.get() != except) clients.push_back(client);
  }
  if (!clients.empty()) context_.host.events().broadcast(clients, event, std::move(data));
}

void LiveRoom::close(std::string_view reason) { table_.close(*this, reason); }

std::size_t LiveRoom::max_participants() const noexcept {
  return static_cast<std::size_t>(options_.max_participants.value_or(context_.options.max_participants));
}

Permissions LiveRoom::permissions() const noexcept { return {context_.options.least_role, options_.policy}; }

void LiveRoom::set_policy(RoomPolicy policy) {
  options_.policy = std::move(policy);
  feature_notice_.update();
  context_.host.bus().publish(RoomPolicyChanged{*this});
}

void LiveRoom::set_locked(bool locked, const json::value& by) {
  if (std::exchange(options_.policy.locked, locked) == locked) return;
  feature_notice_.lock_told(locked);
  broadcast("room:locked", json::object{{"locked", locked}, {"by", by}});
  context_.host.bus().publish(RoomPolicyChanged{*this});
}

void LiveRoom::expect(ExpectedUser user) {
  guests_.expect(user);
  assigned_roles_.erase(user.user_id);  // what was said last holds
  context_.host.bus().publish(UserExpected{*this, user});
}

void LiveRoom::no_longer_expect(const ExpectedUser& user) {
  guests_.no_longer_expect(user);
  assigned_roles_.erase(user.user_id);
}

json::object LiveRoom::summary() const {
  json::object out{{"roomId", id()},
                   {"name", name()},
                   {"size", size()},
                   {"maxParticipants", max_participants()},
                   {"locked", options_.policy.locked}};
  if (!options_.info.empty()) out["info"] = options_.info;
  return out;
}

json::array LiveRoom::members_page(std::size_t offset, std::size_t limit) const {
  json::array out;
  if (offset >= members_.size()) return out;
  auto position = std::next(members_.begin(), static_cast<std::ptrdiff_t>(offset));
  for (; position != members_.end() && out.size() < limit; ++position) out.push_back(position->second->summary());
  return out;
}

void LiveRoom::add_publication(Publication& publication) {
  publication.number = next_publication_++;
  publications_.emplace(publication.number, &publication);
  publication_numbers_.emplace(publication.producer->id(), publication.number);
  publications_changed();
}

void LiveRoom::remove_publication(const std::string& producer_id) {
  const auto number = publication_numbers_.find(producer_id);
  if (number == publication_numbers_.end()) return;
  publications_.erase(number->second);
  publication_numbers_.erase(number);
  publications_changed();
}

void LiveRoom::publications_changed() {
  if (silent_) return;  // all of them are about to go
  last_n_.publications_changed();
  for (const auto& [number, member] : members_) member->media().peer_connection.room_changed();
}

void LiveRoom::weigh_consumers() {
  if (silent_) return;
  for (const auto& [number, member] : members_) member->media().subscriptions.weigh_all();
}

Publication* LiveRoom::find_publication(const std::string& producer_id) noexcept {
  const auto number = publication_numbers_.find(producer_id);
  return number == publication_numbers_.end() ? nullptr : publications_.at(number->second);
}

json::array LiveRoom::publications() const {
  json::array out;
  for (const auto& [number, publication] : publications_) out.push_back(publication->info());
  return out;
}

Member& LiveRoom::add(std::unique_ptr<Member> member) {
  empty_timer_.cancel();
  const std::uint64_t number = next_number_++;
  numbers_.emplace(member->id(), number);
  if (auto held = muted_users_.extract(member->identity().user_id)) member->media().state.restore(held.mapped());
  return *members_.emplace(number, std::move(member)).first->second;
}

std::unique_ptr<Member> LiveRoom::take_out(const Member& member) {
  const auto number = numbers_.find(member.id());
  if (number == numbers_.end()) return nullptr;
  auto node = members_.extract(number->second);
  numbers_.erase(number);
  remember_mute(*node.mapped());
  last_n_.left(member);
  spotlight_.left(member);
  speakers_.left(member);  // tells plugins: the last, when all else is done
  return std::move(node.mapped());
}

// Leaving and coming back is no way around a mute.
void LiveRoom::remember_mute(Member& member) {
  const std::set<MuteKind>& held = member.media().state.muted();
  if (held.empty() || muted_users_.size() >= kMaxRememberedUsers) return;
  muted_users_[member.identity().user_id].insert(held.begin(), held.end());
}

void LiveRoom::remember_role(const std::string& user_id, Role role) {
  if (assigned_roles_.size() < kMaxRememberedUsers || assigned_roles_.contains(user_id))
    assigned_roles_[user_id] = role;
}

std::optional<Role> LiveRoom::assigned_role(const std::string& user_id) const {
  const auto found = assigned_roles_.find(user_id);
  return found == assigned_roles_.end() ? std::nullopt : std::optional{found->second};
}

void LiveRoom::watch_emptiness() {
  if (!options_.close_when_empty || !members_.empty()) return;
  empty_timer_ = context_.host.timers().after(context_.options.empty_room_close_ms, [this] { close("empty"); });
}

}  // namespace sluice::videoroom
