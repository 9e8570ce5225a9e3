#include "capture_room.h"

#include <algorithm>
#include <utility>

#include "sluice/host.h"
#include "sluice/log.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTick = 200ms;
constexpr std::string_view kStopped = "gateway_stopped";
/// Of what people have written, so that a line of the journal has room for it however it is escaped.
constexpr std::size_t kMaxTextBytes = 8'192;

/// At most `max_bytes`, and no character cut.
std::string clipped(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string{text};
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; };
  while (max_bytes > 0 && continues(max_bytes)) --max_bytes;
  return std::string{text.substr(0, max_bytes)};
}

/// What of a tap's packets can be written.
std::map<std::uint8_t, TrackCodec> codecs_of(const RtpParameters& parameters) {
  std::map<std::uint8_t, TrackCodec> out;
  for (const RtpCodecParameters& one : parameters.codecs) {
    const auto codec = media::codec_of(one.mime_type);
    if (!codec || one.clock_rate == 0 || (!media::is_video(*codec) && *codec != media::Codec::opus)) continue;
    out[one.payload_type.value()] = {.codec = *codec, .clock_rate = one.clock_rate};
  }
  return out;
}

/// Of the extension that tells which way up a camera is held.
std::optional<std::uint8_t> orientation_id_of(const RtpParameters& parameters) {
  constexpr std::string_view kVideoOrientation = "urn:3gpp:video-orientation";
  for (const RtpHeaderExtensionParameters& one : parameters.header_extensions) {
    if (one.uri == kVideoOrientation) return one.id;
  }
  return std::nullopt;
}

}  // namespace

RoomCapture::RoomCapture(Host& host, MediaTaps& taps, CaptureWriter& writer, Room& room, const CaptureSpec& spec,
                         Consent consent, std::shared_ptr<CaptureLink> link)
    : host_{host},
      taps_{taps},
      writer_{writer},
      room_{&room},
      settings_{spec.settings},
      consent_{consent},
      link_{std::move(link)},
      clock_{host.timers().now()},
      began_{host.timers().now()},
      timer_{host.timers().every(kTick, [this] { tick(); })} {
  writer_.events().subscribe(host_.bus());
  writer_.events().add(room, *this);
  for (Participant* participant : room.participants()) {
    if (is_taken(participant->id())) take_in(*participant);
  }
  if (const Participant* speaker = taps_.dominant_speaker(room)) on_speaker(speaker->id());
}

RoomCapture::~RoomCapture() {
  if (!over_) end(kStopped, {});
  writer_.events().remove(*this);
}

void RoomCapture::pause() {
  if (over_ || paused_since_) return;
  paused_since_ = host_.timers().now();
  for (auto& [id, track] : tapped_) track.tap->pause();
  (void)link_->commands.push(JournalEntry{SessionPaused{at_us()}}, IfFull::keep);
}

void RoomCapture::resume() {
  if (over_ || !paused_since_) return;
  paused_ += host_.timers().now() - *std::exchange(paused_since_, std::nullopt);
  (void)link_->commands.push(JournalEntry{SessionResumed{at_us()}}, IfFull::keep);
  for (auto& [id, track] : tapped_) track.tap->resume();
}

void RoomCapture::set_layout(Layout layout) { note(LayoutChanged{at_us(), layout}); }

void RoomCapture::note_chat(std::string_view name, std::string_view text) {
  if (paused_since_) return;
  note(ChatSaid{at_us(), clipped(name, Identity::kMaxBytes), clipped(text, kMaxTextBytes)});
}

void RoomCapture::set_taken(std::string_view participant_id, bool taken) {
  if (room_ == nullptr) return;
  Participant* participant = room_->find(participant_id);
  if (participant == nullptr) return;
  taken_.insert_or_assign(std::string{participant_id}, taken);
  if (taken) {
    take_in(*participant);
  } else {
    leave_out(participant_id);
  }
  if (Participant* speaker = taps_.dominant_speaker(*room_)) on_speaker(speaker->id());
}

void RoomCapture::end(std::string_view reason, Function<void()> done) {
  if (over_) return;
  over_ = true;
  done_ = std::move(done);
  ended_at_ = host_.timers().now();
  if (paused_since_) paused_ += *ended_at_ - *std::exchange(paused_since_, std::nullopt);
  end_all_tracks();
  room_ = nullptr;
  (void)link_->commands.push(SessionOver{at_us(), std::string{reason}}, IfFull::keep);
}

CaptureFigures RoomCapture::figures() const {
  const Instant until = ended_at_ ? *ended_at_ : paused_since_ ? *paused_since_ : host_.timers().now();
  return {.bytes = link_->bytes,
          .dropped_packets = link_->dropped_packets,
          .lost_frames = link_->lost_frames,
          .tracks = last_number_,
          .recorded = until - began_ - paused_};
}

void RoomCapture::on_trouble(Function<void(CaptureTrouble, std::string)> callback) {
  on_trouble_ = std::move(callback);
}

// What happens in the room

void RoomCapture::on_published(const PublishedTrack& track) { begin_track(track); }

void RoomCapture::on_changed(const PublishedTrack& track) {
  const auto found = tapped_.find(track.producer_id);
  if (found == tapped_.end()) return;
  (void)link_->commands.push(TrackOff{at_us(), found->second.number, track.paused}, IfFull::drop);
}

void RoomCapture::on_ended(const PublishedTrack& track) {
  if (const auto found = tapped_.find(track.producer_id); found != tapped_.end()) end_track(found);
}

void RoomCapture::on_speaker(std::string_view participant_id) {
  // Who is not taken in is not told of, either.
  const std::string_view led = present_.contains(participant_id) ? participant_id : std::string_view{};
  if (room_ == nullptr || led == speaker_) return;
  speaker_ = led;
  note(SpeakerLed{at_us(), speaker_});
}

void RoomCapture::on_joined(Participant& participant) {
  if (is_taken(participant.id())) take_in(participant);
}

void RoomCapture::on_left(Participant& participant) {
  leave_out(participant.id());
  taken_.erase(participant.id());
}

void RoomCapture::on_room_closed() {
  end_all_tracks();
  room_ = nullptr;
}

// Who is taken in

bool RoomCapture::is_taken(std::string_view participant_id) const {
  const auto found = taken_.find(participant_id);
  return found == taken_.end() ? consent_ == Consent::implied : found->second;
}

void RoomCapture::take_in(Participant& participant) {
  if (room_ == nullptr || !present_.insert(participant.id()).second) return;
  note(ParticipantCame{at_us(), participant.id(), clipped(participant.name(), Identity::kMaxBytes)});
  for (const PublishedTrack& track : taps_.tracks(*room_)) {
    if (track.participant_id == participant.id()) begin_track(track);
  }
}

void RoomCapture::leave_out(std::string_view participant_id) {
  const auto found = present_.find(participant_id);
  if (found == present_.end()) return;
  end_tracks_of(participant_id);
  if (speaker_ == participant_id) {
    speaker_.clear();
    note(SpeakerLed{at_us(), ""});
  }
  note(ParticipantWent{at_us(), *found});
  present_.erase(found);
}

// Tracks

bool RoomCapture::is_wanted(const PublishedTrack& track) const {
  if (track.kind == MediaKind::audio) return settings_.audio;
  return track.source == TrackSource::screen ? settings_.screen_share : settings_.video;
}

bool RoomCapture::has_room_for(const PublishedTrack& track) const {
  if (tapped_.size() >= kMaxTracks || last_number_ >= kMaxTracksInAll) return false;
  const auto had = tracks_of_.find(track.participant_id);
  return had == tracks_of_.end() || had->second < kMaxTracksOfOne;
}

void RoomCapture::begin_track(const PublishedTrack& track) {
  if (room_ == nullptr || !writing_ || !is_wanted(track) || !present_.contains(track.participant_id)) return;
  if (tapped_.contains(track.producer_id)) return;
  if (!has_room_for(track)) {
    host_.log().warning(
        "a track is not recorded: there are too many",
        {{"room", room_->id()}, {"participant", track.participant_id}, {"producer", track.producer_id}});
    return;
  }
  try {
    auto tap = taps_.tap(*room_, {.producer_id = track.producer_id,
                                  .queue_bytes = track.kind == MediaKind::video ? kVideoQueueBytes : kAudioQueueBytes,
                                  .paused = paused_since_.has_value()});
    auto codecs = codecs_of(tap->rtp_parameters());
    if (codecs.empty()) throw Error{ErrorCode::unsupported, "its codec cannot be recorded"};
    watch_end(*tap, track.producer_id);
    (void)link_->commands.push(TrackToWrite{.number = ++last_number_,
                                            .participant = track.participant_id,
                                            .kind = track.kind,
                                            .source = track.source,
                                            .paused = track.paused,
                                            .codecs = std::move(codecs),
                                            .reader = tap->reader(),
                                            .orientation_id = orientation_id_of(tap->rtp_parameters())},
                               IfFull::keep);
    ++tracks_of_[track.participant_id];
    tapped_.emplace(track.producer_id, Tapped{last_number_, track.participant_id, std::move(tap)});
  } catch (const Error& error) {
    host_.log().warning("a track is not recorded", {{"room", room_->id()},
                                                    {"participant", track.participant_id},
                                                    {"producer", track.producer_id},
                                                    {"error", error.what()}});
  }
}

void RoomCapture::watch_end(Tap& tap, const std::string& producer_id) {
  tap.on_closed(lifeline_.guard([this, producer_id] { closed_producers_.push_back(producer_id); }));
}

void RoomCapture::end_track(TappedById::iterator track) {
  const TrackNumber number = track->second.number;
  tapped_.erase(track);  // nothing comes into the queue any more, which is read to its end
  (void)link_->commands.push(TrackOver{at_us(), number}, IfFull::keep);
}

void RoomCapture::end_tracks_of(std::string_view participant_id) {
  for (auto track = tapped_.begin(); track != tapped_.end();) {
    const auto here = track++;
    if (here->second.participant == participant_id) end_track(here);
  }
}

void RoomCapture::end_all_tracks() {
  while (!tapped_.empty()) end_track(tapped_.begin());
}

// To the writer, and back

void RoomCapture::note(JournalEntry entry) {
  if (!over_) (void)link_->commands.push(std::move(entry), IfFull::drop);
}

void RoomCapture::tick() {
  const auto alive = lifeline_.watch();
  for (const std::string& producer : std::exchange(closed_producers_, {})) {
    if (const auto found = tapped_.find(producer); found != tapped_.end()) end_track(found);
  }
  writer_.tell_time(host_.timers().now());
  for (const CaptureNotice& notice : link_->notices.take()) {
    std::visit([this](const auto& one) { handle(one); }, notice);
    if (alive.expired()) return;  // whoever was told has had enough
  }
}

void RoomCapture::handle(const KeyFrameWanted& wanted) {
  const auto found =
      std::ranges::find_if(tapped_, [&](const auto& entry) { return entry.second.number == wanted.number; });
  if (found != tapped_.end()) found->second.tap->request_key_frame();
}

void RoomCapture::handle(const TroubleSeen& seen) {
  if (seen.trouble == CaptureTrouble::disk_full) {
    writing_ = false;
    end_all_tracks();
  }
  if (on_trouble_) on_trouble_(seen.trouble, seen.text);
}

void RoomCapture::handle(const FilesClosed&) {
  timer_.cancel();
  if (auto done = std::exchange(done_, nullptr)) done();
}

std::int64_t RoomCapture::at_us() const { return clock_.us(ended_at_ ? *ended_at_ : host_.timers().now()); }

}  // namespace sluice::recording
