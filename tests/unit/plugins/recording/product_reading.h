#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "session_fixture.h"
#include "sluice/media/coders.h"
#include "sluice/media/media_file.h"

/// What is in a product: flashes and beeps, pictures, lengths.
namespace sluice::testing {

/// A part of a picture, as parts of its width and height.
struct Region {
  double left = 0.4;
  double top = 0.4;
  double right = 0.6;
  double bottom = 0.6;
};

[[nodiscard]] inline double mean_luma(const media::VideoFrame& frame, const Region& region = {}) {
  const auto luma = frame.plane(0);
  double sum = 0;
  int count = 0;
  for (int y = static_cast<int>(region.top * luma.size.height); y < region.bottom * luma.size.height; ++y) {
    for (int x = static_cast<int>(region.left * luma.size.width); x < region.right * luma.size.width; ++x) {
      sum += luma.data[y * luma.stride + x];
      ++count;
    }
  }
  return count == 0 ? 0 : sum / count;
}

struct ProductReading {
  std::vector<media::TrackFormat> tracks;
  std::vector<MediaTime> frame_times;
  std::vector<double> lumas;       ///< of the region, by frame
  std::vector<MediaTime> flashes;  ///< when each begins
  std::vector<MediaTime> beeps;    ///< likewise
  MediaTime video_end{};
  MediaTime audio_end{};
  std::uint64_t errors = 0;

  /// Of the picture that is shown then.
  [[nodiscard]] double luma_at(MediaTime at) const {
    double luma = -1;
    for (std::size_t i = 0; i < lumas.size() && frame_times[i] <= at; ++i) luma = lumas[i];
    return luma;
  }
};

namespace detail {

/// Loudness of steps of a millisecond; a beep begins where it is loud after 50 ms of silence.
class BeepFinder {
 public:
  void add(const media::AudioBlock& block, std::vector<MediaTime>& beeps) {
    for (std::size_t i = 0; i < block.frames(); ++i) {
      const bool loud = std::abs(block.samples[i * media::AudioBlock::kChannels]) > 0.1F;
      const MediaTime at = block.pts + MediaTime{static_cast<std::int64_t>(i) * 1'000'000 / 48'000};
      if (loud && (!last_loud_ || at - *last_loud_ > std::chrono::milliseconds{50})) beeps.push_back(at);
      if (loud) last_loud_ = at;
    }
  }

 private:
  std::optional<MediaTime> last_loud_;
};

}  // namespace detail

[[nodiscard]] inline ProductReading read_product(const std::string& path, const Region& region = {}) {
  media::FileReader file{path};
  ProductReading out{.tracks = file.tracks(), .frame_times = {}, .lumas = {}, .flashes = {}, .beeps = {}};
  std::optional<media::VideoDecoder> video;
  std::optional<media::AudioDecoder> audio;
  detail::BeepFinder beeps;
  bool was_bright = false;
  const auto show = [&](const std::vector<media::VideoFrame>& frames) {
    for (const media::VideoFrame& frame : frames) {
      const double luma = mean_luma(frame, region);
      const bool bright = luma > (kDark + kBright) / 2.0;
      if (bright && !was_bright) out.flashes.push_back(frame.pts);
      was_bright = bright;
      out.frame_times.push_back(frame.pts);
      out.lumas.push_back(luma);
    }
  };
  while (const auto packet = file.next()) {
    const media::TrackFormat& format = file.tracks()[packet->track];
    if (media::is_video(format.codec)) {
      if (!video) video.emplace(format);
      show(video->decode(*packet));
      out.video_end = std::max(out.video_end, packet->pts + packet->duration);
    } else {
      if (!audio) audio.emplace(format);
      if (const auto block = audio->decode(*packet)) {
        beeps.add(*block, out.beeps);
        out.audio_end = block->pts + MediaTime{static_cast<std::int64_t>(block->frames()) * 1'000'000 / 48'000};
      }
    }
  }
  if (video) show(video->finish());
  out.errors = (video ? video->errors() : 0) + (audio ? audio->errors() : 0);
  return out;
}

}  // namespace sluice::testing
