#include "program/live_program.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace sluice::livestream {

namespace {

using namespace std::chrono_literals;

/// Of the program's delay: sound is mixed a tick ahead, and the mixer wants to know what follows.
constexpr MediaTime kMixedAhead = 80ms;
/// Sound of a longer time is mixed in pieces.
constexpr std::int64_t kMaxSecondsAtOnce = 5;
/// From a picture to the next: what outputs can tell apart.
constexpr MediaTime kLeastStep = 1ms;

media::CompositorOptions look_of(const ProgramOrder& order) {
  return {.canvas = {order.width, order.height},
          .layout = order.layout,
          .title = order.title,
          .background_image = order.background_image,
          .watermark_image = order.watermark_image,
          .font_file = order.font_file,
          .threads = order.threads};
}

/// Of a source in the scene; nothing: a tile with a name.
std::optional<TrackNumber> track_of(const std::string& source) {
  TrackNumber number = 0;
  const auto* const end = source.data() + source.size();
  const auto [read, error] = std::from_chars(source.data(), end, number);
  return error == std::errc{} && read == end ? std::optional{number} : std::nullopt;
}

std::optional<TrackNumber> number_of(std::int64_t track) {
  if (track < 0 || track > std::numeric_limits<TrackNumber>::max()) return std::nullopt;
  return static_cast<TrackNumber>(track);
}

}  // namespace

media::Compositor make_compositor(const ProgramOrder& order) { return media::Compositor{look_of(order)}; }

LiveProgram::LiveProgram(const ProgramOrder& order, media::Compositor compositor, Instant begin)
    : order_{order},
      clock_{begin, order.frames_per_second},
      delay_{std::chrono::milliseconds{order.delay_ms}},
      patience_{std::chrono::milliseconds{order.delay_ms}},
      compositor_{std::move(compositor)},
      sound_{-delay_},
      passthrough_{std::chrono::milliseconds{order.segment_ms}, delay_} {}

void LiveProgram::take(std::span<const std::uint8_t> record, Instant now) {
  FeedReader reader{record};
  while (const auto entry = reader.next()) take(*entry, now);
}

void LiveProgram::take(const FeedEntry& entry, Instant now) {
  std::visit([&](const auto& one) { take_entry(one, now); }, entry);
}

void LiveProgram::take_entry(const FeedParticipant& participant, Instant) {
  for (const TrackNumber track : cast_.apply(participant)) drop_track(track);
  scene_changed_ = true;
}

void LiveProgram::take_entry(const FeedTrack& track, Instant) {
  const auto number = number_of(track.track);
  if (!number || !cast_.apply(track, *number)) return;
  drop_track(*number);
  scene_changed_ = true;
  const auto plan = plan_track(track);
  if (!plan) return;
  LiveTrack live{*plan, sender_of(track.participant_id), track.video ? patience_ : patience_ / 2};
  if (track.video) {
    PictureSource& source = pictures_.emplace(*number, std::move(live)).first->second;
    source.keep_due(order_.video == VideoMode::passthrough);
  } else {
    sound_.add(std::move(live));
  }
}

void LiveProgram::take_entry(const FeedTrackState& state, Instant) {
  const auto number = number_of(state.track);
  if (!number) return;
  cast_.set_paused(*number, state.paused);
  sound_.set_paused(*number, state.paused);
  const auto picture = pictures_.find(*number);
  if (state.paused && picture != pictures_.end()) picture->second.forget();
  scene_changed_ = true;
}

void LiveProgram::take_entry(const FeedTrackEnd& end, Instant) {
  const auto number = number_of(end.track);
  if (!number) return;
  cast_.end(*number);
  drop_track(*number);
  scene_changed_ = true;
}

void LiveProgram::take_entry(const FeedSpeaker& speaker, Instant) {
  cast_.apply(speaker);
  scene_changed_ = true;
}

void LiveProgram::take_entry(const FeedPacket& packet, Instant now) {
  FeedPacket believed = packet;
  believed.arrival = std::clamp(packet.arrival, now - kMaxAge, now);
  const auto picture = pictures_.find(packet.track);
  if (picture != pictures_.end()) return picture->second.insert(believed, clock_);
  sound_.insert(believed, clock_);
}

std::shared_ptr<SenderClock> LiveProgram::sender_of(const std::string& participant_id) {
  std::erase_if(senders_, [](const auto& entry) { return entry.second.expired(); });
  auto& known = senders_[participant_id];
  auto sender = known.lock();
  if (!sender) known = sender = std::make_shared<SenderClock>(std::max(delay_ - kMixedAhead, MediaTime::zero()));
  return sender;
}

void LiveProgram::drop_track(TrackNumber track) {
  const auto picture = pictures_.find(track);
  if (picture != pictures_.end()) {
    lost_before_ += picture->second.track().lost_packets();
    pictures_.erase(picture);
  }
  lost_before_ += sound_.remove(track);
  has_picture_.erase(track);
  wishes_.forget(track);
}

void LiveProgram::request_key_frame() noexcept {
  key_frame_wanted_ = true;
  passthrough_.request_key_frame();
}

void LiveProgram::note_dropped_picture() noexcept { ++dropped_frames_; }

std::optional<ProgramMoment> LiveProgram::tick(Instant now) {
  skip_late_ticks(now);
  if (now < next_tick()) return std::nullopt;
  ProgramMoment moment{.at = clock_.tick(next_)};
  const MediaTime shown = moment.at - delay_;
  advance_pictures(now, shown);
  passing_ = pass(shown, now);
  if (passing_) {
    moment.passed = passthrough_.take();
    if (!moment.passed.empty()) last_picture_ = moment.passed.back().pts;
  } else {
    moment.picture = compose();
    moment.picture.pts = last_picture_ = std::max(moment.at, last_picture_ + kLeastStep);
    moment.key_frame = std::exchange(key_frame_wanted_, false);
  }
  ++next_;
  const std::int64_t until = clock_.samples_before(next_);
  moment.sound = sound_.mix(static_cast<std::size_t>(until - std::exchange(samples_, until)), now, clock_);
  moment.sound.pts += delay_;
  moment.state = state();
  return moment;
}

/// Their sound is mixed with the next tick's.
void LiveProgram::skip_late_ticks(Instant now) {
  if (now - next_tick() <= kMaxLate) return;
  const std::int64_t newest = std::min(clock_.newest(now), next_ + kMaxSecondsAtOnce * order_.frames_per_second);
  if (!passing_) dropped_frames_ += newest - next_;
  next_ = newest;
}

void LiveProgram::advance_pictures(Instant now, MediaTime shown) {
  // A frame is shown in the tick that is nearest, so that pictures are as often too early as too late.
  const MediaTime half_tick = MediaTime{1s} / order_.frames_per_second / 2;
  for (auto& [number, source] : pictures_) {
    source.advance(now, shown + half_tick, clock_);
    if (source.wants_key_frame(now)) wishes_.add(number, now);
    const bool has = cast_.is_on(number) && source.has_picture(shown);
    bool& had = has_picture_[number];
    scene_changed_ |= has != std::exchange(had, has);
  }
  if (std::exchange(scene_changed_, false)) {
    compositor_.set_scene(cast_.scene([this](TrackNumber track) { return has_picture_[track]; }));
  }
}

/// @return whether the picture goes as it comes.
bool LiveProgram::pass(MediaTime shown, Instant now) {
  if (order_.video != VideoMode::passthrough) return false;
  PictureSource* const only = find_only_picture(shown);
  const bool passing = passthrough_.choose(only, last_picture_);
  if (passthrough_.take_key_frame_wish(shown + delay_)) wishes_.add(only->track().plan().number, now);
  return passing;
}

/// nullptr: there is none, there are several, or it is none that may be passed on.
PictureSource* LiveProgram::find_only_picture(MediaTime shown) {
  PictureSource* only = nullptr;
  for (auto& [number, source] : pictures_) {
    if (!has_picture_[number]) continue;
    if (only != nullptr) return nullptr;
    only = &source;
  }
  return only != nullptr && Passthrough::is_fit(*only, shown) ? only : nullptr;
}

media::VideoFrame LiveProgram::compose() {
  for (const std::string& id : compositor_.visible()) {
    const auto number = track_of(id);
    const auto source = number ? pictures_.find(*number) : pictures_.end();
    if (source == pictures_.end()) continue;
    if (auto picture = source->second.take_picture()) compositor_.set_picture(id, std::move(*picture));
  }
  return compositor_.compose();
}

ProgramState LiveProgram::state() const {
  ProgramState state{.dropped_frames = dropped_frames_, .passthrough = passing_};
  std::uint64_t lost = lost_before_ + sound_.lost_packets();
  for (const auto& [number, source] : pictures_) {
    lost += source.track().lost_packets();
    const auto has = has_picture_.find(number);
    state.sources += has != has_picture_.end() && has->second ? 1 : 0;
  }
  state.lost_packets = static_cast<std::int64_t>(lost);
  return state;
}

}  // namespace sluice::livestream
