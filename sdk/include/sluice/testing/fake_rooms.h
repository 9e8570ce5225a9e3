#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/admission.h"
#include "sluice/contracts/rooms.h"
#include "sluice/testing/fake_host.h"

/// Rooms without media, for the tests of plugins that add something to a room. The test says who joins and leaves; what
/// that publishes on the bus is what the videoroom publishes.
///
///     FakeHost host{"chat"};
///     FakeRooms rooms{host};
///     FakeRoom& room = rooms.open({.id = "lobby"});
///     FakeParticipant& anna = room.join(host.connect({.user_id = "anna"}), Role::host);
namespace sluice::testing {

class FakeRoom;
class FakeRooms;

class FakeParticipant final : public Participant {
 public:
  FakeParticipant(FakeRoom& room, Client& client, std::string id, std::string name, Role role)
      : room_{room},
        client_{&client},
        identity_(client.identity()),
        id_{std::move(id)},
        name_{std::move(name)},
        role_{role} {}

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] const Identity& identity() const noexcept override { return identity_; }
  [[nodiscard]] Role role() const noexcept override { return role_; }
  [[nodiscard]] Room& room() noexcept override;
  [[nodiscard]] Client* client() noexcept override { return client_; }
  [[nodiscard]] WallTime joined_at() const noexcept override { return joined; }
  [[nodiscard]] bool may(Permission permission) const noexcept override;
  void demand(Permission permission) const override {
    if (!may(permission)) throw Error{ErrorCode::permission_denied, "may not"};
  }
  void mute(MediaKind kind) override { muted_.insert(kind); }
  void unmute(MediaKind kind) override { muted_.erase(kind); }
  [[nodiscard]] bool muted(MediaKind kind) const noexcept override { return muted_.contains(kind); }
  [[nodiscard]] Sending sending() const noexcept override { return sends; }
  [[nodiscard]] json::object summary() const override {
    return {{"participantId", id_}, {"name", name_}, {"userId", identity_.user_id}, {"attributes", attributes_}};
  }
  void set_role(Role role) override { role_ = role; }
  void set_attribute(std::string_view name, json::value value) override {
    if (value.is_null()) {
      attributes_.erase(name);
    } else {
      attributes_[name] = std::move(value);
    }
  }
  [[nodiscard]] const json::object& attributes() const noexcept override { return attributes_; }
  void send(std::string_view event, json::value data) override {
    if (client_ != nullptr) client_->send(event, std::move(data));
  }
  void remove(std::string_view reason) override;

  /// What the test may change.
  Sending sends;
  WallTime joined{};

 private:
  friend class FakeRoom;
  FakeRoom& room_;
  Client* client_;
  Identity identity_;
  std::string id_;
  std::string name_;
  Role role_;
  json::object attributes_;
  std::set<MediaKind> muted_;
};

class FakeRoom final : public Room {
 public:
  FakeRoom(FakeRooms& rooms, RoomOptions options) : rooms_{rooms}, options_(std::move(options)) {}

  [[nodiscard]] const std::string& id() const noexcept override { return options_.id; }
  [[nodiscard]] const std::string& name() const noexcept override { return options_.name; }
  [[nodiscard]] const std::string& tenant() const noexcept override { return options_.tenant; }
  [[nodiscard]] std::size_t size() const noexcept override { return participants_.size(); }
  [[nodiscard]] std::vector<Participant*> participants() override {
    std::vector<Participant*> out;
    for (const auto& one : participants_) out.push_back(one.get());
    return out;
  }
  [[nodiscard]] FakeParticipant* find(std::string_view participant_id) noexcept override {
    const auto found = std::ranges::find(participants_, participant_id, [](const auto& one) { return one->id(); });
    return found == participants_.end() ? nullptr : found->get();
  }
  [[nodiscard]] const RoomPolicy& policy() const noexcept override { return options_.policy; }
  void set_policy(RoomPolicy policy) override;
  void expect(ExpectedUser user) override;
  void no_longer_expect(const ExpectedUser& user) override {
    std::erase_if(expected_, [&](const auto& one) { return one.user_id == user.user_id && one.email == user.email; });
  }
  [[nodiscard]] const ExpectedUser* expected(const Identity& identity) const noexcept override {
    for (const ExpectedUser& one : expected_) {
      if (one.user_id.empty() ? one.email == identity.email : one.user_id == identity.user_id) return &one;
    }
    return nullptr;
  }
  void ban(const std::string& user_id) override { banned.insert(user_id); }
  void broadcast(std::string_view event, json::value data, const Participant* except = nullptr) override {
    for (const auto& one : participants_) {
      if (one.get() != except) one->send(event, data);
    }
  }
  void close(std::string_view reason) override;

  FakeParticipant& join(Client& client, Role role = Role::attendee);
  void leave(FakeParticipant& participant, std::string_view reason = "left");
  /// Its connection is lost; FakeHost::disconnect the client after this.
  void away(FakeParticipant& participant);
  /// It is back by another client.
  void returned(FakeParticipant& participant, Client& client);
  [[nodiscard]] const RoomOptions& options() const noexcept { return options_; }

  std::set<std::string> banned;

 private:
  friend class FakeRooms;
  FakeRooms& rooms_;
  RoomOptions options_;
  std::vector<std::unique_ptr<FakeParticipant>> participants_;
  std::vector<ExpectedUser> expected_;
};

/// The services `sluice.rooms` and `sluice.admission`.
class FakeRooms final : public Rooms, public Admission {
 public:
  explicit FakeRooms(FakeHost& host) : host_{host} {
    host.services().provide<Rooms>(*this);
    host.services().provide<Admission>(*this);
  }

  // Rooms
  FakeRoom& create(const RoomOptions& options) override {
    RoomOptions chosen = options;
    if (chosen.id.empty()) chosen.id = host_.random_token();
    const bool taken = find(chosen.tenant, chosen.id) != nullptr;
    if (taken) throw Error{ErrorCode::room_exists, "there is such a room"};
    if (full) throw Error{ErrorCode::limit_exceeded, "there are so many rooms already"};
    FakeRoom& room = *rooms_.emplace_back(std::make_unique<FakeRoom>(*this, std::move(chosen)));
    host_.bus().publish(RoomCreated{room});
    return room;
  }
  FakeRoom& open(const RoomOptions& options) { return create(options); }
  [[nodiscard]] FakeRoom* find(std::string_view tenant, std::string_view room_id) noexcept override {
    for (const auto& room : rooms_) {
      if (room->tenant() == tenant && room->id() == room_id) return room.get();
    }
    return nullptr;
  }
  [[nodiscard]] std::vector<Room*> all() override {
    std::vector<Room*> out;
    for (const auto& room : rooms_) out.push_back(room.get());
    return out;
  }
  [[nodiscard]] Participant& participant_of(Client& client) override {
    if (Participant* found = find_participant(client)) return *found;
    throw Error{ErrorCode::not_in_room, "join a room first"};
  }
  [[nodiscard]] Participant* find_participant(Client& client) noexcept override {
    const auto found = participants_.find(client.id());
    return found == participants_.end() ? nullptr : found->second;
  }

  // Admission
  [[nodiscard]] std::unique_ptr<Registration> add_step(int order, std::string_view name, Step step) override {
    const auto kept = steps_.emplace(order, std::make_shared<NamedStep>(NamedStep{std::string{name}, std::move(step)}));
    return std::make_unique<StepHandle>(*this, kept);
  }

  /// There are as many rooms as there may be: create() throws limit_exceeded.
  bool full = false;

  /// What became of a join at the steps that the plugin has added.
  struct Outcome {
    bool allowed = false;
    std::optional<Error> denied;
    std::optional<json::object> held;
    JoinRequest* request = nullptr;  ///< while it is not decided
    Function<void()> abandoned;      ///< to be called for a client that goes away
  };
  /// Passes the request through the steps in order; `outcome` may change later.
  std::shared_ptr<Outcome> admit(JoinRequest& request) {
    auto outcome = std::make_shared<Outcome>();
    outcome->request = &request;
    std::vector<std::shared_ptr<NamedStep>> steps;
    for (const auto& [order, step] : steps_) steps.push_back(step);
    pass(outcome, std::move(steps), 0);
    return outcome;
  }

 private:
  friend class FakeRoom;
  struct NamedStep {
    std::string name;
    Step run;
  };
  using Steps = std::multimap<int, std::shared_ptr<NamedStep>>;

  class StepHandle final : public Registration {
   public:
    StepHandle(FakeRooms& rooms, Steps::iterator step) : rooms_{rooms}, step_{step} {}
    ~StepHandle() override { rooms_.steps_.erase(step_); }

   private:
    FakeRooms& rooms_;
    Steps::iterator step_;
  };

  class Gate final : public AdmissionTicket::Gate {
   public:
    Gate(FakeRooms& rooms, std::shared_ptr<Outcome> outcome, std::vector<std::shared_ptr<NamedStep>> steps,
         std::size_t next)
        : rooms_{rooms}, outcome_{std::move(outcome)}, steps_{std::move(steps)}, next_{next} {}
    void allow() override { rooms_.pass(outcome_, std::move(steps_), next_); }
    void deny(const Error& error) override {
      if (outcome_->request == nullptr) return;  // the client has gone
      outcome_->denied.emplace(error);
      outcome_->request = nullptr;
    }
    void hold(json::object info) override { outcome_->held.emplace(std::move(info)); }
    [[nodiscard]] JoinRequest* request() noexcept override { return outcome_->request; }
    void on_abandoned(Function<void()> callback) override { outcome_->abandoned = std::move(callback); }

   private:
    FakeRooms& rooms_;
    std::shared_ptr<Outcome> outcome_;
    std::vector<std::shared_ptr<NamedStep>> steps_;
    std::size_t next_;
  };

  void pass(const std::shared_ptr<Outcome>& outcome, std::vector<std::shared_ptr<NamedStep>> steps, std::size_t next) {
    if (outcome->request == nullptr) return;
    if (next == steps.size()) {
      outcome->allowed = true;
      outcome->request = nullptr;
      return;
    }
    const auto step = steps[next];
    try {
      step->run(*outcome->request, AdmissionTicket{std::make_unique<Gate>(*this, outcome, std::move(steps), next + 1)});
    } catch (const Error& error) {
      outcome->denied.emplace(error);
      outcome->request = nullptr;
    }
  }

  FakeHost& host_;
  std::vector<std::unique_ptr<FakeRoom>> rooms_;
  std::map<ClientId, FakeParticipant*> participants_;
  Steps steps_;
};

inline Room& FakeParticipant::room() noexcept { return room_; }

// As the videoroom has it by default: moderators may everything, attendees what is not about others, viewers chat.
inline bool FakeParticipant::may(Permission permission) const noexcept {
  const auto& overridden = room_.policy().least_role;
  const auto found = overridden.find(permission);
  if (found != overridden.end()) return found->second && role_ <= *found->second;
  switch (permission) {
    case Permission::chat:
    case Permission::chat_private:
    case Permission::raise_hand:
    case Permission::react:
      return true;
    case Permission::publish_audio:
    case Permission::publish_video:
    case Permission::share_screen:
    case Permission::upload_files:
      return role_ <= Role::attendee;
    case Permission::close_room:
    case Permission::change_role:
    case Permission::add_participant:
      return role_ == Role::host;
    default:
      return is_moderator(role_);
  }
}

inline void FakeParticipant::remove(std::string_view reason) {
  send("participant:removed", json::object{{"reason", reason}});
  room_.leave(*this, "removed");
}

inline void FakeRoom::set_policy(RoomPolicy policy) {
  options_.policy = std::move(policy);
  rooms_.host_.bus().publish(RoomPolicyChanged{*this});
}

inline void FakeRoom::expect(ExpectedUser user) {
  no_longer_expect(user);
  expected_.push_back(std::move(user));
  rooms_.host_.bus().publish(UserExpected{*this, ExpectedUser{expected_.back()}});
}

inline FakeParticipant& FakeRoom::join(Client& client, Role role) {
  const Identity& identity = client.identity();
  FakeParticipant& one = *participants_.emplace_back(std::make_unique<FakeParticipant>(
      *this, client, "p-" + identity.user_id, identity.name.empty() ? identity.user_id : identity.name, role));
  rooms_.participants_[client.id()] = &one;
  rooms_.host_.bus().publish(ParticipantJoined{one});
  return one;
}

inline void FakeRoom::leave(FakeParticipant& participant, std::string_view reason) {
  const auto found = std::ranges::find(participants_, &participant, [](const auto& one) { return one.get(); });
  if (found == participants_.end()) return;
  const auto keep = std::move(*found);
  participants_.erase(found);
  if (keep->client_ != nullptr) rooms_.participants_.erase(keep->client_->id());
  rooms_.host_.bus().publish(ParticipantLeft{*keep, reason});
}

inline void FakeRoom::away(FakeParticipant& participant) {
  rooms_.participants_.erase(participant.client_->id());
  participant.client_ = nullptr;
  rooms_.host_.bus().publish(ParticipantAway{participant});
}

inline void FakeRoom::returned(FakeParticipant& participant, Client& client) {
  participant.client_ = &client;
  rooms_.participants_[client.id()] = &participant;
  rooms_.host_.bus().publish(ParticipantReturned{participant});
}

inline void FakeRoom::close(std::string_view reason) {
  const std::string why{reason};
  broadcast("room:closed", json::object{{"reason", why}});
  while (!participants_.empty()) leave(*participants_.front(), "room_closed");
  const auto found = std::ranges::find(rooms_.rooms_, this, [](const auto& one) { return one.get(); });
  const auto keep = std::move(*found);
  rooms_.rooms_.erase(found);
  rooms_.host_.bus().publish(RoomClosed{*keep, why});
}

}  // namespace sluice::testing
