#include "production_plan.h"

#include <algorithm>
#include <stdexcept>

#include "sluice/utc_text.h"

namespace sluice::recording {

namespace {

constexpr int kMaxFramesPerSecond = 60;
/// libx264's crf: below the bit rate of the quality where the picture is quiet.
constexpr int kConstantQuality = 23;

struct Picture {
  media::Size size;
  DataRate bitrate;
};

Picture picture_of(Quality quality) noexcept {
  switch (quality) {
    case Quality::low:
      return {{640, 360}, DataRate::kbps(500)};
    case Quality::medium:
      return {{854, 480}, DataRate::kbps(1'000)};
    case Quality::high:
      break;
    case Quality::ultra:
      return {{1920, 1080}, DataRate::kbps(5'000)};
  }
  return {{1280, 720}, DataRate::kbps(2'500)};
}

media::VideoEncoderOptions video_options(const ProductionOrder& order) {
  const Picture picture = picture_of(order.settings.quality);
  media::VideoEncoderOptions options;
  options.size = picture.size;
  options.bitrate = picture.bitrate;
  options.frames_per_second = std::clamp(order.frames_per_second, 1, kMaxFramesPerSecond);
  options.preset = order.preset;
  options.threads = order.threads;
  if (order.settings.format == Format::webm) {
    // As calls are coded: libvpx's better settings, and VP9, take several times as long as the meeting.
    options.encoder = "libvpx";
    options.low_delay = true;
    options.threads = 1;  // more of them wait for each other by spinning, at the cost of everything else
  } else {
    options.encoder = order.video_encoder;
    options.device = order.encoder_device;
  }
  if (options.encoder == "libx264") options.quality = kConstantQuality;
  return options;
}

}  // namespace

ProductPlan plan_product(const ProductionOrder& order) {
  const Settings& settings = order.settings;
  ProductPlan plan;
  plan.has_sound = settings.audio;
  plan.has_picture = (settings.video || settings.screen_share) && settings.format != Format::mp3;
  if (!plan.has_sound && !plan.has_picture)
    throw std::runtime_error{"the recording is to hold neither picture nor sound"};
  plan.video = video_options(order);
  switch (settings.format) {
    case Format::mp4:
      plan.file_name = plan.has_picture ? "recording.mp4" : "recording.m4a";
      plan.content_type = plan.has_picture ? "video/mp4" : "audio/mp4";
      plan.container = media::Container::mp4;
      plan.audio.codec = media::Codec::aac;
      break;
    case Format::webm:
      plan.file_name = "recording.webm";
      plan.content_type = plan.has_picture ? "video/webm" : "audio/webm";
      plan.container = media::Container::webm;
      plan.audio.codec = media::Codec::opus;
      break;
    case Format::mp3:
      plan.file_name = "recording.mp3";
      plan.content_type = "audio/mpeg";
      plan.container = media::Container::mp3;
      plan.audio.codec = media::Codec::mp3;
      break;
  }
  return plan;
}

std::vector<std::pair<std::string, std::string>> describe_product(const Session& session, const Settings& settings) {
  const std::string time = utc_text_of_ms(session.began.wall_time_ms);
  return {{"title", settings.title},
          {"date", time.substr(0, time.find('T'))},
          {"creation_time", time},
          {"comment", "Recorded with Sluice"}};
}

}  // namespace sluice::recording
