#include "feed/room_feed.h"

#include <algorithm>
#include <utility>

#include "feed/feed_lane.h"
#include "feed/feed_thread.h"
#include "sluice/host.h"
#include "sluice/log.h"
#include "sluice/media/codec.h"

namespace sluice::livestream {
namespace {

/// What the tap's packets are; nullptr: nothing that a program can be made of.
const RtpCodecParameters* usable_codec(const RtpParameters& parameters) {
  for (const RtpCodecParameters& one : parameters.codecs) {
    const auto codec = media::codec_of(one.mime_type);
    if (!codec || one.clock_rate == 0) continue;
    if (media::is_video(*codec) || *codec == media::Codec::opus) return &one;
  }
  return nullptr;
}

std::optional<int> orientation_id(const RtpParameters& parameters) {
  const auto found =
      std::ranges::find(parameters.header_extensions, "urn:3gpp:video-orientation", &RtpHeaderExtensionParameters::uri);
  if (found == parameters.header_extensions.end()) return std::nullopt;
  return found->id;
}

const PublishedTrack* find(const std::vector<PublishedTrack>& tracks, std::string_view producer_id) {
  const auto found = std::ranges::find(tracks, producer_id, &PublishedTrack::producer_id);
  return found == tracks.end() ? nullptr : &*found;
}

}  // namespace

RoomFeed::RoomFeed(Host& host, MediaTaps& taps, FeedThread& thread, Room& room, std::shared_ptr<JobRecords> records)
    : host_{host},
      taps_{taps},
      room_{room},
      link_{std::make_shared<FeedLink>()},
      change_{thread.changes().watch(room)},
      timer_{host.timers().every(kTick, [this] { tick(); })} {
  thread.changes().subscribe(host.bus());
  look();
  thread.add(std::make_unique<FeedLane>(link_, std::move(records)));
}

RoomFeed::~RoomFeed() {
  tapped_.clear();
  link_->end();
}

void RoomFeed::request_key_frame(TrackNumber track) {
  const auto found = std::ranges::find_if(tapped_, [track](const auto& one) { return one.second.number == track; });
  if (found == tapped_.end()) return;
  found->second.key_frame_wanted = true;
  ask_for_key_frame(found->second);
}

Feed::Figures RoomFeed::figures() const {
  return {.bytes = link_->bytes, .dropped_packets = link_->dropped_packets, .tracks = tapped_.size()};
}

void RoomFeed::tick() {
  if (change_->changed) look();
  for (auto& [producer, track] : tapped_) ask_for_key_frame(track);
}

// What differs

void RoomFeed::look() {
  change_->changed = false;
  const Tracks tracks = change_->closed ? Tracks{} : taps_.tracks(room_);
  end_tracks_but(tracks);
  if (change_->closed) return;
  tell_who_left();
  tell_who_is_there();
  tell_states(tracks);
  begin_tracks(tracks);
  tell_speaker();
}

void RoomFeed::end_tracks_but(const Tracks& tracks) {
  for (auto track = tapped_.begin(); track != tapped_.end();) {
    const bool goes_on = find(tracks, track->first) != nullptr && !track->second.tap->closed();
    track = goes_on ? std::next(track) : end_track(track);
  }
  std::erase_if(refused_, [&tracks](const std::string& producer) { return find(tracks, producer) == nullptr; });
}

void RoomFeed::tell_who_left() {
  std::erase_if(people_, [this](const auto& person) {
    if (room_.find(person.first) != nullptr) return false;
    link_->push(SceneNote{FeedParticipant{.id = person.first, .name = person.second, .present = false}});
    return true;
  });
}

// Viewers only look on: one that sends is introduced with its first track.
void RoomFeed::tell_who_is_there() {
  for (const Participant* participant : room_.participants()) {
    const bool known = people_.contains(participant->id());
    if (!known && (participant->role() == Role::viewer || people_.size() >= kMaxPeople)) continue;
    if (!introduce(*participant)) return;
  }
}

void RoomFeed::tell_states(const Tracks& tracks) {
  for (auto& [producer, track] : tapped_) {
    const PublishedTrack& now = *find(tracks, producer);
    if (now.paused == track.paused) continue;
    if (!tell(SceneNote{FeedTrackState{.track = track.number, .paused = now.paused}})) return;
    track.paused = now.paused;
    track.key_frame_wanted = !now.paused;
  }
}

// First what shows or says something now, of these what is shared.
void RoomFeed::begin_tracks(const Tracks& tracks) {
  std::vector<const PublishedTrack*> others;
  for (const PublishedTrack& track : tracks) {
    if (!tapped_.contains(track.producer_id) && !refused_.contains(track.producer_id)) others.push_back(&track);
  }
  std::ranges::stable_sort(others, {}, [](const PublishedTrack* track) {
    return std::pair{track->paused, track->source != TrackSource::screen};
  });
  for (const PublishedTrack* track : others) {
    if (link_->full()) {
      change_->changed = true;  // to be looked at again
      return;
    }
    if (has_room_for(track->kind) || (!track->paused && make_room_for(track->kind))) begin_track(*track);
  }
}

void RoomFeed::tell_speaker() {
  const Participant* speaker = taps_.dominant_speaker(room_);
  const std::string now = speaker != nullptr && people_.contains(speaker->id()) ? speaker->id() : std::string{};
  if (now != speaker_ && tell(SceneNote{FeedSpeaker{now}})) speaker_ = now;
}

// One by one

/// @return false: there was no place in the queue.
bool RoomFeed::introduce(const Participant& participant) {
  const auto known = people_.find(participant.id());
  if (known != people_.end() && known->second == participant.name()) return true;
  if (!tell(SceneNote{FeedParticipant{.id = participant.id(), .name = participant.name()}})) return false;
  people_.insert_or_assign(participant.id(), participant.name());
  return true;
}

bool RoomFeed::has_room_for(MediaKind kind) const {
  if (tapped_.size() >= kMaxTracks) return false;
  return kind != MediaKind::video || std::ranges::count(tapped_, kind, [](const auto& one) {
                                       return one.second.kind;
                                     }) < static_cast<std::ptrdiff_t>(kMaxVideos);
}

/// What is paused can go: it is taken again when it goes on and there is a place.
bool RoomFeed::make_room_for(MediaKind kind) {
  const auto paused =
      std::ranges::find_if(tapped_, [kind](const auto& one) { return one.second.paused && one.second.kind == kind; });
  if (paused == tapped_.end()) return false;
  end_track(paused);
  return true;
}

void RoomFeed::begin_track(const PublishedTrack& track) {
  const Participant* sender = room_.find(track.participant_id);
  if (sender == nullptr || !introduce(*sender)) return;
  try {
    add_tap(track,
            taps_.tap(room_, {.producer_id = track.producer_id,
                              .queue_bytes = track.kind == MediaKind::video ? kVideoQueueBytes : kAudioQueueBytes}));
  } catch (const Error& error) {
    refused_.insert(track.producer_id);
    host_.log().warning("a track is not in the program", {{"room", room_.id()},
                                                          {"participant", track.participant_id},
                                                          {"producer", track.producer_id},
                                                          {"error", error.what()}});
  }
}

void RoomFeed::add_tap(const PublishedTrack& track, std::unique_ptr<Tap> tap) {
  const RtpCodecParameters* codec = usable_codec(tap->rtp_parameters());
  if (codec == nullptr) throw Error{ErrorCode::unsupported, "its codec is none that a program can be made of"};
  tap->on_closed([change = change_] { change->changed = true; });
  const TrackNumber number = ++last_number_;
  link_->push(TrackToFeed{.track = {.track = number,
                                    .participant_id = track.participant_id,
                                    .source = track.source,
                                    .video = track.kind == MediaKind::video,
                                    .mime_type = codec->mime_type,
                                    .clock_rate = codec->clock_rate,
                                    .payload_type = codec->payload_type.value(),
                                    .orientation_id = orientation_id(tap->rtp_parameters())},
                          .reader = tap->reader()});
  if (track.paused) link_->push(SceneNote{FeedTrackState{.track = number, .paused = true}});
  const auto added = tapped_.emplace(
      track.producer_id, Tapped{.number = number, .kind = track.kind, .paused = track.paused, .tap = std::move(tap)});
  Tapped& tapped = added.first->second;
  tapped.key_frame_at = host_.timers().now();
  if (track.kind == MediaKind::video) tapped.tap->request_key_frame();
}

RoomFeed::TappedById::iterator RoomFeed::end_track(TappedById::iterator track) {
  const TrackNumber number = track->second.number;
  const auto next = tapped_.erase(track);  // nothing comes into its queue any more, which is read to its end
  link_->push(TrackOver{number});
  return next;
}

void RoomFeed::ask_for_key_frame(Tapped& track) {
  const Instant now = host_.timers().now();
  if (!track.key_frame_wanted || track.kind != MediaKind::video || now - track.key_frame_at < kKeyFramesApart) return;
  track.key_frame_wanted = false;
  track.key_frame_at = now;
  track.tap->request_key_frame();
}

/// @return false: there was no place in the queue; the room is looked at again.
bool RoomFeed::tell(FeedOrder order) {
  if (link_->full()) {
    change_->changed = true;
    return false;
  }
  link_->push(std::move(order));
  return true;
}

std::unique_ptr<Feed> begin_feed(Host& host, MediaTaps& taps, FeedThread& thread, Room& room,
                                 std::shared_ptr<JobRecords> records) {
  return std::make_unique<RoomFeed>(host, taps, thread, room, std::move(records));
}

}  // namespace sluice::livestream
