#include "quality/client_report.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "sluice/error.h"

namespace sluice::analytics {

namespace {

constexpr double kUsualIntervalMs = 5'000;
// A frame rate below this is that of a video that is not sent: it says nothing about the way.
constexpr double kLeastFrameRate = 1;

constexpr double kMaxMs = 60'000;
constexpr double kMaxSamples = 100e6;  // a minute of 48 kHz, many times over
constexpr double kMaxSide = 16'384;
constexpr double kMaxFrameRate = 1'000;
constexpr double kMaxFreezes = 10'000;
constexpr double kMinIntervalMs = 100;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error{ErrorCode::invalid_payload, path + ": " + reason, {{"path", path}}};
}

/// Where in the report a stream stands; becomes text only when something is wrong.
struct Place {
  std::string_view list{};
  std::size_t index = 0;
  [[nodiscard]] std::string of(std::string_view field) const {
    if (list.empty()) return std::string{field};
    return std::string{list} + "[" + std::to_string(index) + "]." + std::string{field};
  }
};

void demand(std::optional<double> number, double min, double max, const Place& place, std::string_view field) {
  if (!number || (*number >= min && *number <= max)) return;  // nor is it between them where it is not a number
  refuse(place.of(field), "must be from " + std::to_string(static_cast<std::int64_t>(min)) + " to " +
                              std::to_string(static_cast<std::int64_t>(max)));
}

template <class Streams>
void demand_few(const Streams& streams, const char* path) {
  if (streams.size() <= ClientReport::kMostStreams) return;
  refuse(path, "must have at most " + std::to_string(ClientReport::kMostStreams) + " entries");
}

void demand_sane(const ReceivedAudio& one, const Place& place) {
  demand(one.jitter_ms, 0, kMaxMs, place, "jitterMs");
  demand(one.jitter_buffer_ms, 0, kMaxMs, place, "jitterBufferMs");
  demand(one.total_samples_received, 0, kMaxSamples, place, "totalSamplesReceived");
  demand(one.concealed_samples, 0, kMaxSamples, place, "concealedSamples");
}

void demand_sane(const ReceivedVideo& one, const Place& place) {
  demand(one.frame_width, 0, kMaxSide, place, "frameWidth");
  demand(one.frame_height, 0, kMaxSide, place, "frameHeight");
  demand(one.frames_per_second, 0, kMaxFrameRate, place, "framesPerSecond");
  demand(one.freeze_count, 0, kMaxFreezes, place, "freezeCount");
  demand(one.total_freezes_duration_ms, 0, kMaxMs, place, "totalFreezesDurationMs");
}

void keep_larger(std::optional<double>& kept, std::optional<double> other) noexcept {
  if (other && (!kept || *other > *kept)) kept = other;
}

double area(const ReceivedVideo& video) noexcept {
  return video.frame_width.value_or(0) * video.frame_height.value_or(0);
}

std::optional<int> whole(std::optional<double> number) noexcept {
  return number ? std::optional{static_cast<int>(std::lround(*number))} : std::nullopt;
}

void summarise_audio(const std::vector<ReceivedAudio>& streams, ReportedQuality& out) noexcept {
  double samples = 0;
  double concealed = 0;
  for (const ReceivedAudio& one : streams) {
    keep_larger(out.jitter_ms, one.jitter_ms);
    keep_larger(out.jitter_buffer_ms, one.jitter_buffer_ms);
    if (!one.total_samples_received || !one.concealed_samples) continue;
    samples += *one.total_samples_received;
    concealed += std::min(*one.concealed_samples, *one.total_samples_received);
  }
  if (samples > 0) out.concealed = concealed / samples;
}

void summarise_video(const std::vector<ReceivedVideo>& streams, double interval_ms, ReportedQuality& out) noexcept {
  const ReceivedVideo* largest = nullptr;
  const ReceivedVideo* camera = nullptr;
  double freezes = 0;
  for (const ReceivedVideo& one : streams) {
    if (largest == nullptr || area(one) > area(*largest)) largest = &one;
    const bool moves = one.frames_per_second.value_or(0) >= kLeastFrameRate && one.source != TrackSource::screen;
    if (moves && (camera == nullptr || area(one) > area(*camera))) camera = &one;
    freezes += one.freeze_count.value_or(0);
    if (one.total_freezes_duration_ms) {
      keep_larger(out.frozen, std::min(*one.total_freezes_duration_ms / interval_ms, 1.0));
    }
  }
  if (camera != nullptr) out.camera_rate = camera->frames_per_second;
  if (largest == nullptr) return;
  out.width = whole(largest->frame_width);
  out.height = whole(largest->frame_height);
  out.frames_per_second = largest->frames_per_second;
  out.freezes = whole(freezes);
}

}  // namespace

void demand_sane(const ClientReport& report) {
  demand(report.interval_ms, kMinIntervalMs, kMaxMs, {}, "intervalMs");
  demand(report.round_trip_ms, 0, kMaxMs, {}, "roundTripMs");
  demand_few(report.audio, "audio");
  demand_few(report.video, "video");
  for (std::size_t i = 0; i < report.audio.size(); ++i) demand_sane(report.audio[i], {"audio", i});
  for (std::size_t i = 0; i < report.video.size(); ++i) demand_sane(report.video[i], {"video", i});
}

ReportedQuality summarise(const ClientReport& report) noexcept {
  ReportedQuality out;
  out.round_trip_ms = report.round_trip_ms;
  summarise_audio(report.audio, out);
  summarise_video(report.video, report.interval_ms.value_or(kUsualIntervalMs), out);
  return out;
}

}  // namespace sluice::analytics
