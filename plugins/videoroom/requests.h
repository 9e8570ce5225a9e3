#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "room_id.h"
#include "sluice/contracts/rooms.h"
#include "sluice/json.h"
#include "sluice/media.h"

/// What clients ask for: the data of each event.
namespace sluice::videoroom {

/// Ids are ours (at most 43 characters); a longer text cannot name anything.
using Id = Text<128>;

enum class Direction : std::uint8_t { send, recv };
BOOST_DESCRIBE_ENUM(Direction, send, recv)

/// Where a participant's media comes from.
enum class MediaSource : std::uint8_t { mic, webcam, screen };
BOOST_DESCRIBE_ENUM(MediaSource, mic, webcam, screen)

/// What a moderator may hold of somebody: all that is heard, all that is seen, or what is shared as a screen.
enum class MuteKind : std::uint8_t { audio, video, screen };
BOOST_DESCRIBE_ENUM(MuteKind, audio, video, screen)

struct CreateRoomOptions {
  std::optional<Text<kMaxRoomIdBytes>> room_id;
  std::optional<int> max_participants;
};
BOOST_DESCRIBE_STRUCT(CreateRoomOptions, (), (room_id, max_participants))

struct CreateRoom {
  std::optional<Text<256>> name;
  std::optional<CreateRoomOptions> options;
};
BOOST_DESCRIBE_STRUCT(CreateRoom, (), (name, options))

struct JoinRoom {
  Text<kMaxRoomIdBytes> room_id;
  std::optional<Text<8'192>> token;
  std::optional<Text<256>> password;
  std::optional<Text<1'024>> name;
  std::optional<json::object> device;
};
BOOST_DESCRIBE_STRUCT(JoinRoom, (), (room_id, token, password, name, device))

/// What a participant was told when it joined, or came back last.
struct ReconnectAttempt {
  Id reconnect_token;
};
BOOST_DESCRIBE_STRUCT(ReconnectAttempt, (), (reconnect_token))

struct CloseRoom {
  std::optional<Text<256>> reason;
};
BOOST_DESCRIBE_STRUCT(CloseRoom, (), (reason))

struct ListMembers {
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListMembers, (), (offset, limit))

/// What a participant says of itself; what is missing stays as it is.
struct ChangeInfo {
  std::optional<Text<1'024>> name;
  std::optional<Text<2'048>> avatar;  ///< an http(s) URL; empty: none
  std::optional<json::object> attributes;
};
BOOST_DESCRIBE_STRUCT(ChangeInfo, (), (name, avatar, attributes))

struct RemoveParticipant {
  Id participant_id;
  std::optional<Text<256>> reason;
  std::optional<bool> ban;
};
BOOST_DESCRIBE_STRUCT(RemoveParticipant, (), (participant_id, reason, ban))

struct MuteParticipant {
  Id participant_id;  ///< or `all`
  MuteKind kind = MuteKind::audio;
};
BOOST_DESCRIBE_STRUCT(MuteParticipant, (), (participant_id, kind))

struct UpdateRole {
  Id participant_id;
  Role role = Role::attendee;
};
BOOST_DESCRIBE_STRUCT(UpdateRole, (), (participant_id, role))

struct AddParticipant {
  std::optional<Text<Identity::kMaxBytes>> user_id;  ///< this or
  std::optional<Text<Identity::kMaxBytes>> email;
  std::optional<Role> role;  ///< missing: the usual one
};
BOOST_DESCRIBE_STRUCT(AddParticipant, (), (user_id, email, role))

struct LockRoom {
  bool locked = true;
};
BOOST_DESCRIBE_STRUCT(LockRoom, (), (locked))

struct ToggleMedia {
  MediaSource source = MediaSource::mic;
  bool enabled = true;
};
BOOST_DESCRIBE_STRUCT(ToggleMedia, (), (source, enabled))

struct MuteSelf {
  bool muted = true;
};
BOOST_DESCRIBE_STRUCT(MuteSelf, (), (muted))

struct CreateTransport {
  Direction direction = Direction::send;
};
BOOST_DESCRIBE_STRUCT(CreateTransport, (), (direction))

struct TransportName {
  Id transport_id;
};
BOOST_DESCRIBE_STRUCT(TransportName, (), (transport_id))

struct ConnectTransport {
  Id transport_id;
  DtlsParameters dtls_parameters;
  std::optional<IceParameters> ice_parameters;
  std::optional<std::vector<IceCandidate>> ice_candidates;
};
BOOST_DESCRIBE_STRUCT(ConnectTransport, (), (transport_id, dtls_parameters, ice_parameters, ice_candidates))

struct Produce {
  Id transport_id;
  MediaKind kind = MediaKind::audio;
  RtpParameters rtp_parameters;
  MediaSource source = MediaSource::mic;
  std::optional<bool> paused;
  std::optional<json::object> app_data;
};
BOOST_DESCRIBE_STRUCT(Produce, (), (transport_id, kind, rtp_parameters, source, paused, app_data))

struct ProducerName {
  Id producer_id;
};
BOOST_DESCRIBE_STRUCT(ProducerName, (), (producer_id))

struct Consume {
  Id transport_id;
  Id producer_id;
  RtpCapabilities rtp_capabilities;
  std::optional<bool> paused;
};
BOOST_DESCRIBE_STRUCT(Consume, (), (transport_id, producer_id, rtp_capabilities, paused))

/// A client's description of all that it sends, and of where it is willing to receive.
struct OfferSdp {
  Text<SdpSession::kMaxBytes> sdp;
  std::optional<std::map<std::string, MediaSource>> sources;  ///< by MID
  std::optional<bool> publish;                                ///< missing: as before, at first yes
  std::optional<bool> subscribe;                              ///< the same
  std::optional<Id> participant_id;                           ///< whom to receive alone; missing: as before
  std::optional<bool> fixed;                                  ///< the client takes no offers; of the first one
};
BOOST_DESCRIBE_STRUCT(OfferSdp, (), (sdp, sources, publish, subscribe, participant_id, fixed))

struct AnswerSdp {
  Text<SdpSession::kMaxBytes> sdp;
};
BOOST_DESCRIBE_STRUCT(AnswerSdp, (), (sdp))

/// W3C `RTCIceCandidateInit`. There is one transport, so that `candidate` says it all.
struct AddCandidate {
  Text<1'024> candidate;
};
BOOST_DESCRIBE_STRUCT(AddCandidate, (), (candidate))

struct SdpFragment {
  Text<SdpSession::kMaxBytes> fragment;
};
BOOST_DESCRIBE_STRUCT(SdpFragment, (), (fragment))

struct ConsumerName {
  Id consumer_id;
};
BOOST_DESCRIBE_STRUCT(ConsumerName, (), (consumer_id))

struct WatchLevels {
  bool enabled = true;
  std::optional<std::uint32_t> interval_ms;
};
BOOST_DESCRIBE_STRUCT(WatchLevels, (), (enabled, interval_ms))

struct SetPriority {
  Id consumer_id;
  std::uint8_t priority = 1;
};
BOOST_DESCRIBE_STRUCT(SetPriority, (), (consumer_id, priority))

struct SetLayers {
  Id consumer_id;
  std::uint8_t spatial_layer = 0;
  std::optional<std::uint8_t> temporal_layer;  ///< missing: the highest
};
BOOST_DESCRIBE_STRUCT(SetLayers, (), (consumer_id, spatial_layer, temporal_layer))

/// How good a picture is to be, at most.
enum class Quality : std::uint8_t { low, medium, high, auto_ };
BOOST_DESCRIBE_ENUM(Quality, low, medium, high, auto_)

struct ChangeQuality {
  Quality layer = Quality::auto_;
  std::optional<Id> consumer_id;  ///< missing: all video, also what is received later
};
BOOST_DESCRIBE_STRUCT(ChangeQuality, (), (layer, consumer_id))

struct PinParticipant {
  std::optional<Id> participant_id;  ///< missing: nobody
};
BOOST_DESCRIBE_STRUCT(PinParticipant, (), (participant_id))

struct SpotlightParticipant {
  std::optional<Id> participant_id;  ///< missing: nobody
  std::optional<bool> enabled;       ///< false: no longer, where it is this one
};
BOOST_DESCRIBE_STRUCT(SpotlightParticipant, (), (participant_id, enabled))

}  // namespace sluice::videoroom
