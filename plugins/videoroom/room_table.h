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
  void close(LiveRoom& room, std::string_view reason);
  void close_all(std::string_view reason);

  [[nodiscard]] bool contains(const Client& client) const { return members_.contains(client.id()); }
  [[nodiscard]] std::vector<LiveRoom*> rooms() const;
  [[nodiscard]] std::size_t size() const noexcept { return rooms_.size(); }
  [[nodiscard]] std::size_t participant_count() const noexcept { return members_.size(); }
  [[nodiscard]] std::size_t count_owned(const std::string& tenant, const std::string& owner) const;

 private:
  void forget(Member& member, std::string_view reason);
  void count();

  Context& context_;
  std::map<RoomKey, std::unique_ptr<LiveRoom>> rooms_;
  std::unordered_map<ClientId, Member*> members_;
};

}  // namespace sluice::videoroom
