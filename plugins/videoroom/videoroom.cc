// The videoroom: rooms, who is in them, and the media between them. This page lists what it answers to; what it does
// stands in the files beside it.
#include <memory>

#include "admission_chain.h"
#include "context.h"
#include "lobby.h"
#include "moderation.h"
#include "reconnect.h"
#include "room_actions.h"
#include "room_activities.h"
#include "room_admin.h"
#include "room_lock.h"
#include "room_stats_service.h"
#include "room_table.h"
#include "room_taps.h"
#include "sluice/plugin.h"
#include "sluice/services.h"

namespace sluice::videoroom {

class VideoRoom final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    parts_->open_configured_rooms();
    host.services().provide<Rooms>(parts_->rooms);
    host.services().provide<Admission>(parts_->admission);
    host.services().provide<MediaTaps>(parts_->taps);
    host.services().provide<RoomStats>(parts_->stats);
    answer_room_events(host.events());
    answer_media_events();
    answer_sdp_events();
    serve_admin_routes(parts_->context, parts_->rooms, parts_->activities);
  }

  void reconfigure(const Config& config) override {
    parts_->context.options = config.as<Options>();
    for (LiveRoom* room : parts_->rooms.rooms()) {
      room->last_n().configure();
      room->feature_notice().update();
    }
  }

  void drain() override {
    parts_->lobby.drain();
    parts_->reconnect.drain();
    for (LiveRoom* room : parts_->rooms.rooms()) room->broadcast("room:draining", json::object());
  }
  [[nodiscard]] bool drained() const override { return parts_->rooms.participant_count() == 0; }
  void stop() override {
    parts_->lobby.drain();
    parts_->rooms.close_all("shutdown");
  }

 private:
  struct Parts {
    Parts(Host& host, Options options)
        : context{host, std::move(options), RoomMetrics{host.metrics()}, Retired{host.timers()}} {}

    void open_configured_rooms() {
      for (const RoomEntry& room : context.options.rooms) {
        rooms.create({.id = room.id,
                      .name = room.name,
                      .tenant = room.tenant,
                      .max_participants = room.max_participants,
                      .close_when_empty = false,
                      .last_n_audio = room.last_n.audio,
                      .last_n_video = room.last_n.video});
      }
    }

    Context context;
    RoomTable rooms{context};
    AdmissionChain admission;
    RoomLock lock{rooms, admission};
    RoomTaps taps{rooms};
    RoomStatsService stats{rooms};
    RoomActivities activities{context.host.bus()};
    Lobby lobby{context, rooms, admission};
    Reconnect reconnect{context, rooms};
  };

  void answer_room_events(Events& events) {
    Lobby& lobby = parts_->lobby;
    Reconnect& reconnect = parts_->reconnect;
    const Context& context = parts_->context;
    events.on<CreateRoom>("room:create", [&lobby](Client& c, const CreateRoom& r) { return lobby.create(c, r); });
    events.on<JoinRoom>("room:join",
                        [&lobby](Client& c, const JoinRoom& r, Reply reply) { lobby.join(c, r, std::move(reply)); });
    events.on("room:leave", [&lobby](Client& c, const Nothing&) { lobby.leave(c); });
    events.on<ReconnectAttempt>("reconnect:attempt",
                                [&lobby, &reconnect](Client& c, const ReconnectAttempt& r, Reply reply) {
                                  lobby.demand_outside(c);
                                  reconnect.attempt(c, r, std::move(reply));
                                });
    events.on_disconnect([&lobby, &reconnect](Client& c, std::string_view reason) {
      lobby.disconnected(c);
      reconnect.disconnected(c, reason);
    });

    in_room<CloseRoom>("room:close", [&context](Member& m, const CloseRoom& r) { close_room(context, m, r); });
    in_room<ListMembers>("room:members",
                         [&context](Member& m, const ListMembers& r) { return list_members(context, m, r); });
    in_room<ChangeInfo>("participant:info", [](Member& m, const ChangeInfo& r) { m.change_info(r); });
    answer_moderation_events();
  }

  void answer_moderation_events() {
    const Context& context = parts_->context;
    in_room<MuteParticipant>("participant:mute",
                             [&context](Member& m, const MuteParticipant& r) { mute_participants(context, m, r); });
    in_room<MuteParticipant>("participant:ask-unmute",
                             [&context](Member& m, const MuteParticipant& r) { ask_unmute(context, m, r); });
    in_room<UpdateRole>("role:update", [&context](Member& m, const UpdateRole& r) { update_role(context, m, r); });
    in_room<AddParticipant>("participant:add",
                            [&context](Member& m, const AddParticipant& r) { add_participant(context, m, r); });
    in_room<LockRoom>("room:lock", [&context](Member& m, const LockRoom& r) { lock_room(context, m, r); });
    in_room<SpotlightParticipant>("participant:spotlight", [](Member& m, const SpotlightParticipant& r) {
      m.live_room().spotlight().handle(m, r);
    });
    in_room<RemoveParticipant>(
        "participant:remove", [&context](Member& m, const RemoveParticipant& r) { remove_participant(context, m, r); });
  }

  void answer_sdp_events() {
    parts_->context.host.events().on<OfferSdp>(
        "sdp:offer", [this](Client& client, const OfferSdp& request, Reply reply) {
          parts_->rooms.participant_of(client).media().peer_connection.offer(request, std::move(reply));
        });
    with(&MediaSession::peer_connection, "sdp:answer", &PeerConnection::answer);
    with(&MediaSession::peer_connection, "ice:candidate", &PeerConnection::add_candidate);
    with(&MediaSession::peer_connection, "sdp:fragment", &PeerConnection::read_fragment);
  }

  void answer_media_events() {
    in_room<Nothing>("router:capabilities",
                     [](Member& m, const Nothing&) { return to_json(m.live_room().router().rtp_capabilities()); });
    parts_->context.host.events().on<CreateTransport>(
        "transport:create", [this](Client& client, const CreateTransport& request, Reply reply) {
          parts_->rooms.participant_of(client).media().transports.create(request, std::move(reply));
        });
    with(&MediaSession::transports, "transport:connect", &Transports::connect);
    with(&MediaSession::transports, "transport:restart-ice", &Transports::restart_ice);
    with(&MediaSession::transports, "transport:close", &Transports::close);
    with(&MediaSession::publications, "produce", &Publications::produce);
    with(&MediaSession::publications, "producer:pause", &Publications::pause);
    with(&MediaSession::publications, "producer:resume", &Publications::resume);
    with(&MediaSession::publications, "producer:close", &Publications::close);
    with(&MediaSession::publications, "media:unpublish", &Publications::close);
    in_room<ToggleMedia>("media:toggle",
                         [](Member& m, const ToggleMedia& r) { m.media().publications.toggle(r.source, r.enabled); });
    in_room<MuteSelf>("mute:self",
                      [](Member& m, const MuteSelf& r) { m.media().publications.toggle(MediaSource::mic, !r.muted); });
    in_room<Nothing>("screenshare:start", [](Member& m, const Nothing&) { m.live_room().screen_shares().start(m); });
    in_room<Nothing>("screenshare:stop", [](Member& m, const Nothing&) { m.live_room().screen_shares().stop(m); });
    in_room<WatchLevels>("speaker:levels",
                         [](Member& m, const WatchLevels& r) { return m.live_room().speakers().watch_levels(m, r); });
    with(&MediaSession::subscriptions, "consume", &Subscriptions::consume);
    with(&MediaSession::subscriptions, "consumer:pause", &Subscriptions::pause);
    with(&MediaSession::subscriptions, "consumer:resume", &Subscriptions::resume);
    with(&MediaSession::subscriptions, "consumer:close", &Subscriptions::close);
    with(&MediaSession::subscriptions, "consumer:priority", &Subscriptions::set_priority);
    with(&MediaSession::subscriptions, "consumer:layers", &Subscriptions::set_layers);
    with(&MediaSession::subscriptions, "quality:change", &Subscriptions::change_quality);
    with(&MediaSession::subscriptions, "pin:user", &Subscriptions::pin);
    with(&MediaSession::subscriptions, "consumer:keyframe", &Subscriptions::request_key_frame);
  }

  /// Answers to an event of those who are in a room; others get NOT_IN_ROOM.
  template <class Request, class Handler>
  void in_room(std::string_view name, Handler handler) {
    parts_->context.host.events().on<Request>(name, [this, handler](Client& client, const Request& request) {
      return handler(parts_->rooms.participant_of(client), request);
    });
  }

  /// Answers to an event by a method of one part of the participant's media.
  template <class Part, class Result, class Request>
  void with(Part MediaSession::*part, std::string_view name, Result (Part::*method)(const Request&)) {
    in_room<Request>(name, [part, method](Member& member, const Request& request) {
      return ((member.media().*part).*method)(request);
    });
  }

  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::videoroom

SLUICE_PLUGIN(sluice::videoroom::VideoRoom, "videoroom", "0.1.0", sluice::options<sluice::videoroom::Options>(),
              sluice::provides<sluice::Rooms>(), sluice::provides<sluice::Admission>(),
              sluice::provides<sluice::MediaTaps>(), sluice::provides<sluice::RoomStats>())
