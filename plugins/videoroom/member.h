#pragma once

#include <memory>
#include <string>

#include "media_session.h"
#include "requests.h"
#include "seat.h"
#include "sluice/contracts/admission.h"
#include "sluice/contracts/rooms.h"
#include "sluice/time.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class RoomTable;

/// A participant, with the media that it sends and receives.
class Member final : public Participant {
 public:
  /// Takes over what the admission chain has made of the request.
  Member(Context& context, RoomTable& table, LiveRoom& room, JoinRequest& request);

  // Participant
  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] const Identity& identity() const noexcept override { return identity_; }
  [[nodiscard]] Role role() const noexcept override { return role_; }
  [[nodiscard]] Room& room() noexcept override;
  [[nodiscard]] Client* client() noexcept override { return seat_.client(); }
  [[nodiscard]] WallTime joined_at() const noexcept override { return joined_at_; }
  [[nodiscard]] bool may(Permission permission) const noexcept override;
  void demand(Permission permission) const override;
  void mute(MediaKind kind) override;
  void unmute(MediaKind kind) override;
  [[nodiscard]] bool muted(MediaKind kind) const noexcept override;
  [[nodiscard]] Sending sending() const noexcept override { return media_.state.sending(); }
  [[nodiscard]] json::object summary() const override;
  void set_role(Role role) override;
  void set_attribute(std::string_view name, json::value value) override;
  [[nodiscard]] const json::object& attributes() const noexcept override { return attributes_; }
  void send(std::string_view event, json::value data) override;
  void remove(std::string_view reason) override;

  /// It leaves the room, because its only way for media is gone and it cannot make another one.
  void lose_media(std::string_view reason);

  /// `by`: the moderator's participant id, or null. All get `role:updated`, itself with its new features; what it may
  /// not send any more is closed.
  void change_role(Role role, const json::value& by);
  /// The event `participant:info`.
  void change_info(const ChangeInfo& change);
  /// What its role lets it do: see Permissions::features.
  [[nodiscard]] json::object features() const;

  /// What its client said of its device when it joined; unverified.
  [[nodiscard]] const json::object& device() const noexcept { return device_; }

  [[nodiscard]] LiveRoom& live_room() noexcept { return room_; }
  [[nodiscard]] MediaSession& media() noexcept { return media_; }
  [[nodiscard]] Seat& seat() noexcept { return seat_; }
  [[nodiscard]] const Seat& seat() const noexcept { return seat_; }
  /// It has left; the object lives on for whoever still stands in it.
  [[nodiscard]] bool gone() const noexcept { return gone_; }
  void set_gone() noexcept;

 private:
  void updated();

  Context& context_;
  RoomTable& table_;
  LiveRoom& room_;
  Seat seat_;
  Identity identity_;  // of the client that joined
  std::string id_;
  std::string name_;
  std::string avatar_;
  Role role_;
  WallTime joined_at_;
  json::object attributes_;      // set by plugins
  json::object own_attributes_;  // said by the client
  bool gone_ = false;
  MediaSession media_;
  json::object device_;
};

}  // namespace sluice::videoroom
