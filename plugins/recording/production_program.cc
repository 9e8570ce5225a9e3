#include "production_program.h"

#include <algorithm>
#include <utility>

namespace sluice::recording {

namespace {

/// Who was there when it began is told of within this time. The first picture is what players show before they play: it
/// has them already.
constexpr MediaTime kOpening = std::chrono::milliseconds{200};

}  // namespace

Program::Program(const Session& session, const Timeline& timeline, std::vector<TrackStream> streams,
                 const Options& options)
    : timeline_{timeline},
      half_tick_{MediaTime{std::chrono::seconds{1}} / options.frames_per_second / 2},
      cast_{session, options.settings},
      compositor_{options.look},
      has_picture_(session.tracks.size(), false) {
  sources_.reserve(streams.size());
  for (TrackStream& stream : streams) {
    const auto track = static_cast<std::size_t>(&stream.track() - session.tracks.data());
    by_id_.emplace(stream.track().began.track, sources_.size());
    sources_.push_back({track, PictureTrack{std::move(stream), timeline}});
  }
}

media::VideoFrame Program::at(MediaTime product) {
  const MediaTime now = timeline_.session_time(product);
  const bool first = !std::exchange(begun_, true);
  if (first) opening_ = now + kOpening;
  bool changed = cast_.advance(std::max(now, opening_));
  changed |= advance_sources(now);
  if (changed || first) set_scene();
  set_pictures();
  media::VideoFrame picture = compositor_.compose();
  picture.pts = product;
  return picture;
}

/// @return whether any began or ceased to have a picture.
bool Program::advance_sources(MediaTime now) {
  bool changed = false;
  for (Source& source : sources_) {
    // A frame is shown in the tick that is nearest, so that pictures are as often too early as too late.
    source.pictures.advance(now + half_tick_);
    const bool on = cast_.is_on(source.track);
    source.was_on |= on;
    if (!on && source.was_on) source.pictures.forget();  // a first picture may come before its participant is told of
    const bool has = on && source.pictures.has_picture(now);
    changed |= has != has_picture_[source.track];
    has_picture_[source.track] = has;
  }
  return changed;
}

void Program::set_scene() {
  std::vector<media::SceneSource> scene = cast_.scene(has_picture_);
  shows_pictures_ = std::ranges::any_of(scene, &media::SceneSource::has_video);
  compositor_.set_layout(cast_.layout());
  compositor_.set_scene(std::move(scene));
}

void Program::set_pictures() {
  for (const std::string& id : compositor_.visible()) {
    const auto source = by_id_.find(id);
    if (source == by_id_.end()) continue;
    if (auto picture = sources_[source->second].pictures.take_picture()) {
      compositor_.set_picture(id, *std::move(picture));
    }
  }
}

}  // namespace sluice::recording
