#include "production_maker.h"

#include <algorithm>
#include <iostream>
#include <utility>

namespace sluice::recording {

namespace {

constexpr MediaTime kSecond = std::chrono::seconds{1};
/// Of sound, where no pictures give the beat.
constexpr MediaTime kStep = std::chrono::milliseconds{100};
/// Sound is put in blocks of that many samples at most.
constexpr std::int64_t kMaxBlock = 4'800;

/// Where the thumbnail is taken.
constexpr MediaTime thumbnail_time(MediaTime duration) noexcept { return duration / 10; }

media::CompositorOptions look_of(const Making& making) {
  const ProductionOrder& order = making.order;
  media::CompositorOptions look;
  look.canvas = making.plan.video.size;
  look.layout = layout_kind(order.settings.layout);
  look.title = order.settings.title;
  look.background_image = order.background_image;
  if (order.settings.watermark) look.watermark_image = order.watermark_image;
  look.font_file = order.font_file;
  look.threads = order.threads;
  return look;
}

/// A recording is not lost for want of an image.
media::CompositorOptions usable(media::CompositorOptions look) {
  for (auto image : {&media::CompositorOptions::background_image, &media::CompositorOptions::watermark_image,
                     &media::CompositorOptions::font_file}) {
    if ((look.*image).empty()) continue;
    media::CompositorOptions alone;
    alone.*image = look.*image;
    try {
      (void)media::Compositor{alone};
    } catch (const media::MediaError& error) {
      std::cerr << "made without it: " << error.what() << '\n';
      (look.*image).clear();
    }
  }
  return look;
}

/// The picture of a key frame.
media::VideoFrame decode_one(const media::TrackFormat& format, const media::Packet& key_frame) {
  media::VideoDecoder decoder{format};
  auto pictures = decoder.decode(key_frame);
  if (pictures.empty()) pictures = decoder.finish();
  return pictures.empty() ? media::VideoFrame{} : pictures.front();
}

/// Holds one packet back: how long it is shown is known when the next comes.
class CopiedVideo {
 public:
  CopiedVideo(ProductWriter& writer, MediaTime end) : writer_{writer}, end_{end} {}

  /// @param at  Of the product.
  void add(media::Packet packet, MediaTime at) {
    // Times grow in the file, by what every player tells apart. The first picture is shown from the beginning.
    constexpr MediaTime kLeast = std::chrono::milliseconds{1};
    at = held_ ? std::max(at, held_->pts + kLeast) : MediaTime::zero();
    put(at);
    packet.pts = packet.dts = at;
    held_ = std::move(packet);
  }
  void finish() { put(std::max(end_, held_ ? held_->pts : end_)); }

 private:
  void put(MediaTime until) {
    if (!held_) return;
    held_->duration = until - held_->pts;
    writer_.put(std::move(*held_));
  }

  ProductWriter& writer_;
  MediaTime end_;
  std::optional<media::Packet> held_;
};

}  // namespace

ProductMaker::ProductMaker(const Making& making, OnProgress on_progress)
    : making_{making}, on_progress_{std::move(on_progress)} {
  if (making.plan.has_sound) sound_.emplace(streams_of(MediaKind::audio), making.timeline);
}

std::optional<Made> ProductMaker::compose() {
  const int rate = making_.plan.video.frames_per_second;
  const MediaTime duration = making_.timeline.duration();
  const std::int64_t ticks = std::max<std::int64_t>((duration * rate + kSecond / 2) / kSecond, 1);
  const auto time_of = [rate](std::int64_t tick) { return tick * kSecond / rate; };

  Made made{.duration = time_of(ticks), .size = making_.plan.video.size, .thumbnail = {}};
  Program program = make_program();
  ProductWriter writer{making_.file};
  bool has_faces = false;
  for (std::int64_t tick = 0; tick < ticks; ++tick) {
    const MediaTime now = time_of(tick);
    media::VideoFrame picture = program.at(now);
    const bool is_time = now <= thumbnail_time(duration) && now + time_of(1) > thumbnail_time(duration);
    const bool is_first = program.shows_pictures() && !has_faces;
    if (is_first || (is_time && program.shows_pictures() == has_faces)) made.thumbnail = picture;
    has_faces |= program.shows_pictures();
    writer.put(std::move(picture));
    put_sound(writer, time_of(tick + 1));
    if (!report(now)) return std::nullopt;
  }
  writer.finish();
  return made;
}

std::optional<Made> ProductMaker::copy(std::size_t track) {
  const Timeline& timeline = making_.timeline;
  const auto path = path_of(making_.session.tracks[track], making_.order.session_folder);
  TrackStream stream{making_.session, track, path.value_or(""), making_.missing};
  const media::TrackFormat& format = *making_.file.copied_video;
  Made made{.duration = timeline.duration(), .size = format.size, .thumbnail = {}};

  ProductWriter writer{making_.file};
  CopiedVideo video{writer, timeline.duration()};
  std::optional<media::Packet> key_frame;
  while (auto frame = stream.next(timeline.pieces().back().end)) {
    const MediaTime at = timeline.product_time(frame->at);
    const bool for_thumbnail = !key_frame || at <= thumbnail_time(timeline.duration());
    if (frame->packet.key_frame && for_thumbnail) key_frame = frame->packet;
    put_sound(writer, at);
    video.add(std::move(frame->packet), at);
    if (!report(at)) return std::nullopt;
  }
  put_sound(writer, timeline.duration());
  video.finish();
  writer.finish();
  if (key_frame) made.thumbnail = decode_one(format, *key_frame);
  return made;
}

std::optional<Made> ProductMaker::mix_only() {
  const MediaTime duration = making_.timeline.duration();
  ProductWriter writer{making_.file};
  for (MediaTime now{}; now < duration; now += kStep) {
    put_sound(writer, std::min(now + kStep, duration));
    if (!report(now)) return std::nullopt;
  }
  writer.finish();
  return Made{.duration = duration, .size = {}, .thumbnail = {}};
}

std::vector<TrackStream> ProductMaker::streams_of(MediaKind kind) const {
  std::vector<TrackStream> out;
  for (std::size_t i = 0; i < making_.session.tracks.size(); ++i) {
    const SessionTrack& track = making_.session.tracks[i];
    if (track.began.kind != kind || !making_.survey.readable[i]) continue;
    const auto path = path_of(track, making_.order.session_folder);
    if (path) out.emplace_back(making_.session, i, *path, making_.missing);
  }
  return out;
}

Program ProductMaker::make_program() const {
  return Program{making_.session,
                 making_.timeline,
                 streams_of(MediaKind::video),
                 {.look = usable(look_of(making_)),
                  .settings = making_.order.settings,
                  .frames_per_second = making_.plan.video.frames_per_second}};
}

bool ProductMaker::report(MediaTime done) {
  return on_progress_(static_cast<double>(done.count()) /
                      static_cast<double>(std::max<std::int64_t>(making_.timeline.duration().count(), 1)));
}

/// Sound up to a moment of the product; counted in samples, so that nothing is lost to rounding.
void ProductMaker::put_sound(ProductWriter& writer, MediaTime until) {
  if (!sound_) return;
  const std::int64_t wanted = (until * media::AudioBlock::kSampleRate + kSecond / 2) / kSecond;
  while (sound_frames_ < wanted) {
    const std::int64_t frames = std::min(wanted - sound_frames_, kMaxBlock);
    writer.put(sound_->next(static_cast<std::size_t>(frames)));
    sound_frames_ += frames;
  }
}

}  // namespace sluice::recording
