#include "records/session_table.h"

#include <utility>

#include "sluice/bus.h"
#include "sluice/contracts/chat.h"
#include "sluice/contracts/engagement.h"
#include "sluice/contracts/recording.h"
#include "sluice/services.h"
#include "sluice/timers.h"

namespace sluice::analytics {

SessionTable::SessionTable(Host& host, Rooms& rooms, Meetings* meetings, RecordOptions options)
    : host_{host}, rooms_{rooms}, meetings_{meetings}, options_{options} {}

void SessionTable::start(Function<void(const Room&, const Session&)> ending) {
  ending_ = std::move(ending);
  take_over();
  Bus& bus = host_.bus();
  follow_people(bus);
  follow_media(bus);
  follow_talk(bus);
  follow_recordings(bus);
  follow_meetings(bus);
}

// The plugin has been loaded anew while people meet: what is left of their meetings is another session.
void SessionTable::take_over() {
  auto* const media = host_.services().find<MediaTaps>();
  for (Room* const room : rooms_.all()) {
    const bool is_meeting = meetings_ != nullptr && meetings_->meeting_of(*room);
    if (room->size() == 0 && !is_meeting) continue;
    Session& session = begin(*room);
    for (Participant* const one : room->participants()) {
      session.joined(*one, options_, this_moment());
      if (one->away()) session.away(one->id(), options_, this_moment());
    }
    if (media == nullptr) continue;
    for (const PublishedTrack& track : media->tracks(*room)) session.track(track, false, options_, this_moment());
  }
}

Moment SessionTable::this_moment() const { return {host_.timers().now(), host_.timers().wall_time()}; }

Session* SessionTable::find(const Room& room) noexcept {
  const auto found = sessions_.find(&room);
  return found == sessions_.end() ? nullptr : found->second.get();
}

Session* SessionTable::named(std::string_view tenant, std::string_view room_id) {
  const Room* const room = rooms_.find(tenant, room_id);
  return room == nullptr ? nullptr : find(*room);
}

Session& SessionTable::begin(Room& room) {
  if (Session* const session = find(room)) return *session;
  Session& session =
      *sessions_.emplace(&room, std::make_unique<Session>(++last_id_, room, this_moment())).first->second;
  const auto meeting = meetings_ == nullptr ? std::nullopt : meetings_->meeting_of(room);
  if (meeting) session.belongs_to(meeting->id);
  return session;
}

void SessionTable::end(const Room& room, std::string_view reason, Moment at) {
  const auto found = sessions_.find(&room);
  if (found == sessions_.end()) return;
  const std::unique_ptr<Session> session = std::move(found->second);
  sessions_.erase(found);
  session->end(reason, at);
  session->take_changes(ended_, at, true);
  ending_(room, *session);
}

void SessionTable::stop() {
  const Moment at = this_moment();
  while (!sessions_.empty()) end(*sessions_.begin()->first, "gateway_stopped", at);
}

void SessionTable::take_changes(SessionChanges& changes, bool touch_all, const Room* touch) {
  end_empty_ones();
  changes = std::exchange(ended_, {});
  const Moment at = this_moment();
  for (const auto& [room, session] : sessions_) session->take_changes(changes, at, touch_all || room == touch);
}

// A meeting's session lasts as long as its room: people come back after the break.
void SessionTable::end_empty_ones() {
  const Moment at = this_moment();
  std::vector<std::pair<const Room*, Moment>> over;
  for (const auto& [room, session] : sessions_) {
    const auto since = session->empty_since();
    if (since && session->meeting_id().empty() && at.at - since->at >= options_.gap_minutes) {
      over.emplace_back(room, *since);
    }
  }
  for (const auto& [room, since] : over) end(*room, "empty", since);
}

void SessionTable::follow_people(Bus& bus) {
  bus.on<ParticipantJoined>([this](const ParticipantJoined& event) {
    begin(event.participant.room()).joined(event.participant, options_, this_moment());
  });
  bus.on<ParticipantLeft>([this](const ParticipantLeft& event) {
    if (Session* const session = find(event.participant.room())) {
      session->left(event.participant.id(), options_, this_moment());
    }
  });
  bus.on<ParticipantAway>([this](const ParticipantAway& event) {
    if (Session* const session = find(event.participant.room())) {
      session->away(event.participant.id(), options_, this_moment());
    }
  });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& event) {
    if (Session* const session = find(event.participant.room())) {
      session->returned(event.participant.id(), options_, this_moment());
    }
  });
  bus.on<ParticipantUpdated>([this](const ParticipantUpdated& event) {
    if (Session* const session = find(event.participant.room())) session->updated(event.participant);
  });
  bus.on<RoomClosed>([this](const RoomClosed& event) { end(event.room, event.reason, this_moment()); });
}

void SessionTable::follow_media(Bus& bus) {
  const auto follow = [this](Room& room, const PublishedTrack& track, bool ended) {
    if (Session* const session = find(room)) session->track(track, ended, options_, this_moment());
  };
  bus.on<TrackPublished>([follow](const TrackPublished& event) { follow(event.room, event.track, false); });
  bus.on<TrackChanged>([follow](const TrackChanged& event) { follow(event.room, event.track, false); });
  bus.on<TrackEnded>([follow](const TrackEnded& event) { follow(event.room, event.track, true); });
  bus.on<VoicesHeard>([this](const VoicesHeard& event) {
    if (Session* const session = find(event.room))
      session->heard(event.voices, event.interval, options_, this_moment().at);
  });
}

void SessionTable::follow_talk(Bus& bus) {
  bus.on<ChatMessageSent>([this](const ChatMessageSent& event) {
    if (Session* const session = find(event.room)) session->said(event.user_id);
  });
  bus.on<HandRaised>([this](const HandRaised& event) {
    if (Session* const session = find(event.participant.room())) session->hand_raised(event.participant.id());
  });
  bus.on<ReactionSent>([this](const ReactionSent& event) {
    if (Session* const session = find(event.participant.room())) session->reacted(event.participant.id());
  });
}

// A recording or a stream may begin before anybody is in the room: then the session begins with it.
void SessionTable::follow_recordings(Bus& bus) {
  bus.on<RecordingStarted>([this](const RecordingStarted& event) {
    begin(event.room).presenting(Presenting::recording, event.recording_id, true, options_, this_moment());
  });
  bus.on<RecordingStopped>([this](const RecordingStopped& event) {
    if (Session* const session = named(event.tenant, event.room_id)) {
      session->presenting(Presenting::recording, event.recording_id, false, options_, this_moment());
    }
  });
  bus.on<StreamStarted>([this](const StreamStarted& event) {
    begin(event.room).presenting(Presenting::streaming, event.stream_id, true, options_, this_moment());
  });
  bus.on<StreamStopped>([this](const StreamStopped& event) {
    if (Session* const session = named(event.tenant, event.room_id)) {
      session->audience(event.audience);
      session->presenting(Presenting::streaming, event.stream_id, false, options_, this_moment());
    }
  });
  bus.on<StreamAudienceChanged>([this](const StreamAudienceChanged& event) {
    if (Session* const session = find(event.room)) session->audience(event.audience);
  });
}

void SessionTable::follow_meetings(Bus& bus) {
  bus.on<MeetingStarted>([this](const MeetingStarted& event) { begin(event.room).belongs_to(event.meeting.id); });
  bus.on<MeetingDeleted>([this](const MeetingDeleted& event) {
    Session* const session = named(event.meeting.tenant, event.meeting.room_id);
    if (session != nullptr && session->meeting_id() == event.meeting.id) session->erase();
  });
}

}  // namespace sluice::analytics
