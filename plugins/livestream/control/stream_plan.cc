#include "control/stream_plan.h"

#include <utility>

#include "sluice/error.h"
#include "sluice/identity.h"

namespace sluice::livestream {

namespace {

struct Picture {
  int width;
  int height;
  int video_kbps;
};

Picture picture_of(Quality quality) {
  switch (quality) {
    case Quality::low:
      return {.width = 640, .height = 360, .video_kbps = 800};
    case Quality::medium:
      return {.width = 854, .height = 480, .video_kbps = 1'400};
    case Quality::high:
      return {.width = 1'280, .height = 720, .video_kbps = 2'500};
    case Quality::ultra:
      return {.width = 1'920, .height = 1'080, .video_kbps = 5'000};
  }
  return {.width = 1'280, .height = 720, .video_kbps = 2'500};
}

std::string_view text_of(const auto& optional) { return optional ? std::string_view{*optional} : std::string_view{}; }

void demand_hls(const Options& options) {
  if (options.hls.enabled) return;
  throw Error{ErrorCode::unsupported, "HLS is switched off here: name a target of type rtmp"};
}

void demand_no_more_than(std::size_t most, std::size_t targets) {
  if (targets <= most) return;
  throw Error{
      ErrorCode::limit_exceeded, "a stream has at most " + std::to_string(most) + " targets", {{"limit", most}}};
}

StreamPlan plan_for(const Options& options, std::string_view title, std::string_view name) {
  StreamPlan out;
  out.title = sanitise_text(title.empty() ? name : title);
  out.layout = options.program.layout;
  out.video = options.program.video;
  return out;
}

}  // namespace

TargetAddress choose_target(const RtmpSettings& options, const TargetWish& wish) {
  if (!options.enabled) throw Error{ErrorCode::unsupported, "pushing by RTMP is switched off here"};
  TargetAddress address = make_address(text_of(wish.url), text_of(wish.key), text_of(wish.name));
  const std::string host = host_of(text_of(wish.url));
  if (is_allowed(options.allowed_hosts, host)) return address;
  throw Error{ErrorCode::permission_denied,
              "streams are not sent to " + host + ": it is not among the allowed_hosts of this gateway",
              {{"host", host}}};
}

StreamPlan choose_plan(const Options& options, const StartWish& wish, std::string_view name) {
  StreamPlan out = plan_for(options, text_of(wish.title), name);
  out.layout = wish.layout.value_or(out.layout);
  out.video = wish.video.value_or(out.video);
  out.record = wish.record.value_or(false);
  if (out.record && options.recording.folder.empty()) {
    throw Error{ErrorCode::unsupported, "programs are not recorded here: recording.folder is not configured"};
  }
  const std::vector<TargetWish> targets = wish.targets.value_or(std::vector<TargetWish>{});
  if (targets.empty()) out.hls = true;
  for (const TargetWish& target : targets) {
    if (target.type == TargetType::hls) {
      out.hls = true;
    } else {
      out.targets.push_back(choose_target(options.rtmp, target));
      demand_no_more_than(static_cast<std::size_t>(options.rtmp.max_targets), out.targets.size());
    }
  }
  if (out.hls) demand_hls(options);
  return out;
}

StreamPlan choose_plan(const Options& options, const StreamSettings& settings, std::string_view name) {
  StreamPlan out = plan_for(options, settings.title, name);
  out.layout = settings.layout.value_or(out.layout);
  out.hls = settings.hls && options.hls.enabled;
  for (const TargetSettings& target : settings.targets) {
    out.targets.push_back(make_address(target.url, target.key.reveal(), target.name));
  }
  if (!out.hls && out.targets.empty()) demand_hls(options);
  return out;
}

ProgramOrder order_of(const Options& options, const StreamPlan& plan) {
  const ProgramSettings& program = options.program;
  const Picture picture = picture_of(program.quality);
  ProgramOrder out;
  out.title = plan.title;
  out.layout = plan.layout;
  out.video = plan.video;
  out.width = picture.width;
  out.height = picture.height;
  out.video_kbps = picture.video_kbps;
  out.frames_per_second = program.frames_per_second;
  out.encoder = program.encoder;
  out.encoder_device = program.encoder_device;
  out.preset = program.preset;
  out.threads = program.threads;
  out.segment_ms = static_cast<int>(options.hls.segment_ms.count());
  out.part_ms = static_cast<int>(options.hls.part_ms.count());
  out.delay_ms = static_cast<int>(program.delay_ms.count());
  out.watermark_image = program.watermark_image;
  out.background_image = program.background_image;
  out.font_file = program.font_file;
  out.ca_file = options.rtmp.ca_file;
  out.private_targets = options.rtmp.private_targets;
  return out;
}

}  // namespace sluice::livestream
