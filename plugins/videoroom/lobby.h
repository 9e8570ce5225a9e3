#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "admission_chain.h"
#include "requests.h"
#include "sluice/events.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;
class RoomTable;

/// The way into a room: from `room:join` through the admission chain to the answer, and `room:create`.
class Lobby final : private AdmissionChain::Outcome {
 public:
  Lobby(Context& context, RoomTable& table, AdmissionChain& chain) noexcept
      : context_{context}, table_{table}, chain_{chain} {}

  [[nodiscard]] json::object create(Client& client, const CreateRoom& request);
  void join(Client& client, const JoinRoom& request, Reply reply);
  /// The event `room:leave`: out of the room, or no longer waiting to get in.
  void leave(Client& client);
  /// The client is gone for good: it does not wait to get in any more.
  void disconnected(Client& client) { abandon(client.id()); }
  /// Throws ALREADY_IN_ROOM, or CONFLICT where a join of the client's is not decided.
  void demand_outside(const Client& client) const;
  /// Nobody enters any more; who waits is told.
  void drain();

 private:
  // AdmissionChain::Outcome
  void admitted(PendingJoin& join) override;
  void denied(PendingJoin& join, const Error& error) override;
  void held(PendingJoin& join, json::object info) override;

  void check(Client& client, const JoinRoom& request) const;
  /// What its token, its join token or its being the first makes of a client.
  [[nodiscard]] Role first_role(const Client& client, const JoinRoom& request, const LiveRoom* room) const;
  [[nodiscard]] std::string first_name(const Client& client, const JoinRoom& request) const;
  [[nodiscard]] LiveRoom& room_for(PendingJoin& join);
  /// What is made of the role that the chain has given.
  [[nodiscard]] Role role_in(const LiveRoom& room, const JoinRequest& request) const;
  /// Whether there was one to forget.
  bool abandon(ClientId client);
  void finish(PendingJoin& join);
  void count(std::string_view result);

  Context& context_;
  RoomTable& table_;
  AdmissionChain& chain_;
  // Owners: this table, and the call that is passing the join on. Tickets only watch.
  std::unordered_map<ClientId, std::shared_ptr<PendingJoin>> pending_;
  bool draining_ = false;
};

/// The data of `room:joined`.
[[nodiscard]] json::object joined_data(Context& context, Member& member);

}  // namespace sluice::videoroom
