#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "live_room.h"
#include "member.h"
#include "room_id.h"
#include "sluice/contracts/admission.h"
#include "sluice/contracts/rooms.h"

namespace sluice::videoroom {

struct Context;

/// Every room, and which client is which participant: the service `sluice.rooms`.
class RoomTable final : public Rooms {
 public:
  explicit RoomTable(Context& context) noexcept : context_{context} {}
  ~RoomTable() override;

  // Rooms
  Room& create(const RoomOptions& options) override { return create_owned(options, options.owner); }
  [[nodiscard]] LiveRoom* find(std::string_view tenant, std::string_view room_id) noexcept override;
  [[nodiscard]] std::vector<Room*> all() override;
  [[nodiscard]] Member& participant_of(Client& client) override;
  [[nodiscard]] Member* find_participant(Client& client) noexcept override;

  /// `create`, in the name of a user, who will be its host.
  LiveRoom& create_owned(const RoomOptions& options, const std::string& owner);
  /// Lets the admitted one in, and tells the room.
  Member& enter(LiveRoom& room, JoinRequest& request);
  /// Takes the participant out, with its media, and tells the others.
  /// @param reason  What they are told: `left`, `disconnected`, `removed`.
  void leave(Member& member, std::string_view reason);
  /// The participant's client is not its client any more; it is away, until `patience` ends its stay or somebody
  /// occupies its seat. Nobody is told.
  void vacate(Member& member, Timer patience);
  /// This client, which is in no room, is the participant's from now on. Nobody is told.
  void occupy(Member& member, Client& client);
  void close(LiveRoom& room, std::string_view reason);
  void close_all(std::string_view reason);

  [[nodiscard]] bool contains(const Client& client) const { return by_client_.contains(client.id()); }
  /// In whichever room it is; nullptr if there is none of that id.
  [[nodiscard]] Member* find_anywhere(std::string_view participant_id) noexcept;
  [[nodiscard]] std::vector<LiveRoom*> rooms() const;
  [[nodiscard]] std::size_t size() const noexcept { return rooms_.size(); }
  [[nodiscard]] std::size_t participant_count() const noexcept { return by_id_.size(); }
  [[nodiscard]] std::size_t count_owned(const std::string& tenant, const std::string& owner) const;

 private:
  void forget(Member& member, std::string_view reason);
  void count();

  Context& context_;
  std::map<RoomKey, std::unique_ptr<LiveRoom>> rooms_;
  std::map<std::string, Member*, std::less<>> by_id_;  // all of them
  std::unordered_map<ClientId, Member*> by_client_;    // but those who are away
};

}  // namespace sluice::videoroom
