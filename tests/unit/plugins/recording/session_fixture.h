#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/recording/journal.h"
#include "plugins/recording/timeline.h"
#include "sluice/media/coders.h"
#include "sluice/media/media_file.h"

/// Sessions as a capture writes them, made of test pictures and tones: a flash and a beep at each whole second of the
/// session.
namespace sluice::testing {

using media::MediaTime;

/// Each flash and each beep.
inline constexpr MediaTime kFlash = std::chrono::milliseconds{100};
inline constexpr std::uint8_t kDark = 60;
inline constexpr std::uint8_t kBright = 220;
inline constexpr double kToneHz = 1'000;

/// A sender's: its wall clock and its RTP timestamps run too fast by `ppm`.
struct SenderClock {
  double ppm = 0;
  std::uint32_t first_timestamp = 1'000;
  std::uint64_t ntp_at_zero = std::uint64_t{3'900'000'000} << 32;
  MediaTime delay{};  ///< from its microphone to the gateway
  bool tells_ntp = true;

  [[nodiscard]] double rate() const noexcept { return 1 + ppm * 1e-6; }
  [[nodiscard]] std::uint64_t ntp(MediaTime at) const noexcept {
    return ntp_at_zero + static_cast<std::uint64_t>(static_cast<double>(at.count()) * rate() * 4'294.967'296);
  }
};

struct TestTrack {
  std::string track{};
  std::string participant{};
  media::Codec codec = media::Codec::h264;
  TrackSource source = TrackSource::webcam;
  MediaTime begin{};
  MediaTime end = std::chrono::seconds{3};
  SenderClock clock{};
  std::vector<recording::Span> silent{};  ///< nothing is sent
  media::Size size{160, 90};
  std::optional<media::Size> later_size{};  ///< in the second half
  int frames_per_second = 30;
  MediaTime key_frame_interval = std::chrono::hours{1};
  std::uint8_t dark = kDark;                                       ///< the luma of what is shown between flashes
  std::function<media::VideoFrame(std::int64_t frame)> picture{};  ///< something else to be shown
};

class SessionFixture {
 public:
  explicit SessionFixture(std::string folder) : folder_{std::move(folder)} {
    began_.recording_id = "r1";
    began_.wall_time_ms = 1'785'405'900'000;
    began_.settings.title = "Planning";
  }

  recording::SessionBegan& began() { return began_; }
  void add(recording::JournalEntry entry) { entries_.push_back(std::move(entry)); }
  void add_participant(const std::string& id, const std::string& name, MediaTime at = {}) {
    add(recording::ParticipantCame{at.count(), id, name});
  }

  void add_video(const TestTrack& track) {
    media::VideoEncoder encoder = make_encoder(track, track.size);
    media::FileWriter file = begin_file(track, encoder.format());
    note_track(track, MediaKind::video, 90'000);
    const auto write = [&](std::vector<media::Packet> packets) {
      for (media::Packet& packet : packets) {
        packet.pts = packet.dts = file_time(track, packet.pts - track.begin, 90'000);
        // As browsers do: each key frame of H264 has its parameter sets before it.
        const auto& sets = encoder.format().extradata;
        const bool has_sets = track.codec == media::Codec::h264 && packet.key_frame;
        if (has_sets) packet.data.insert(packet.data.begin(), sets.begin(), sets.end());
        file.write(packet);
      }
    };
    const std::int64_t frames = (track.end - track.begin) * track.frames_per_second / std::chrono::seconds{1};
    for (std::int64_t i = 0; i < frames; ++i) {
      const MediaTime at = track.begin + i * MediaTime{std::chrono::seconds{1}} / track.frames_per_second;
      if (is_silent(track, at)) continue;
      const bool is_later = track.later_size && 2 * i >= frames;
      if (is_later && encoder.format().size != *track.later_size) {
        write(encoder.finish());
        encoder = make_encoder(track, *track.later_size);
      }
      media::VideoFrame frame = track.picture ? track.picture(i) : test_picture(encoder.format().size, at, track.dark);
      frame.pts = at;
      write(encoder.encode(frame));
    }
    write(encoder.finish());
    file.finish();
  }

  void add_audio(const TestTrack& track) {
    media::AudioEncoder encoder{{.codec = media::Codec::opus, .bitrate = DataRate::kbps(64)}};
    media::TrackFormat format = *media::format_of(media::Codec::opus, {});
    media::FileWriter file = begin_file(track, format);
    note_track(track, MediaKind::audio, 48'000);
    // The encoder runs on the sender's clock: its samples are closer together, or further apart, by the drift.
    const auto true_time = [&](MediaTime of_encoder) {
      return track.begin + MediaTime{std::llround(static_cast<double>(of_encoder.count()) / track.clock.rate())};
    };
    constexpr std::size_t kBlock = 960;
    const auto write = [&](std::vector<media::Packet> packets) {
      for (media::Packet& packet : packets) {
        if (packet.pts < MediaTime::zero() || is_silent(track, true_time(packet.pts))) continue;
        packet.pts = packet.dts = file_time(track, true_time(packet.pts) - track.begin, 48'000);
        file.write(packet);
      }
    };
    const std::int64_t blocks =
        std::llround(static_cast<double>((track.end - track.begin).count()) * track.clock.rate() / 20'000);
    for (std::int64_t i = 0; i < blocks; ++i) {
      media::AudioBlock block{.pts = MediaTime{i * 20'000}, .samples = {}};
      for (std::size_t sample = 0; sample < kBlock; ++sample) {
        const double seconds =
            (static_cast<double>(i) * kBlock + static_cast<double>(sample)) / 48'000 / track.clock.rate() +
            static_cast<double>(track.begin.count()) / 1e6;
        const auto value = static_cast<float>(tone(seconds));
        block.samples.insert(block.samples.end(), {value, value});
      }
      write(encoder.encode(block));
    }
    write(encoder.finish());
    file.finish();
  }

  /// Camera and microphone of one who has come, as tracks `<id>-cam` and `<id>-mic`.
  void add_speaker(const std::string& id, TestTrack track) {
    track.participant = id;
    track.track = id + "-cam";
    add_video(track);
    track.track = id + "-mic";
    track.clock.first_timestamp += 77'777;
    add_audio(track);
  }

  /// @param end  Nothing: the gateway was killed.
  void finish(std::optional<MediaTime> end) {
    std::ofstream journal{folder_ + "/" + std::string{recording::kJournalFile}, std::ios::binary};
    journal << recording::to_line(began_);
    for (const recording::JournalEntry& entry : entries_) journal << recording::to_line(entry);
    if (end) journal << recording::to_line(recording::SessionEnded{end->count(), "stopped"});
  }

  [[nodiscard]] std::string path_of(const std::string& track) const { return folder_ + "/" + track + ".mkv"; }

 private:
  static media::VideoEncoder make_encoder(const TestTrack& track, media::Size size) {
    return media::VideoEncoder{{.encoder = encoder_of(track.codec),
                                .size = size,
                                .frames_per_second = track.frames_per_second,
                                .bitrate = DataRate::kbps(1'500),
                                .preset = "ultrafast",
                                .key_frame_interval = track.key_frame_interval,
                                .low_delay = true,
                                .threads = 1}};
  }

  static std::string encoder_of(media::Codec codec) {
    if (codec == media::Codec::vp8) return "libvpx";
    return codec == media::Codec::vp9 ? "libvpx-vp9" : "libx264";
  }

  /// A bar that moves, and the whole picture bright for each flash.
  static media::VideoFrame test_picture(media::Size size, MediaTime at, std::uint8_t dark) {
    media::VideoFrame frame{size};
    const bool bright = at % std::chrono::seconds{1} < kFlash;
    const auto luma = frame.plane(0);
    const int bar = static_cast<int>(at.count() / 10'000 % size.height);
    for (int y = 0; y < size.height; ++y) {
      const bool in_bar = std::abs(y - bar) < std::max(size.height / 30, 1);
      std::memset(luma.data + static_cast<std::ptrdiff_t>(y) * luma.stride,
                  bright   ? kBright
                  : in_bar ? dark + 15
                           : dark,
                  static_cast<std::size_t>(size.width));
    }
    for (const int index : {1, 2}) {
      const auto plane = frame.plane(index);
      for (int y = 0; y < plane.size.height; ++y) {
        std::memset(plane.data + static_cast<std::ptrdiff_t>(y) * plane.stride, 128,
                    static_cast<std::size_t>(plane.size.width));
      }
    }
    return frame;
  }

  static double tone(double seconds) {
    // Half a sample's rounding must not move a beep to the second before.
    const double phase = seconds - std::floor(seconds + 1e-6);
    return phase * 1e6 < static_cast<double>(kFlash.count()) ? 0.5 * std::sin(2 * std::numbers::pi * kToneHz * phase)
                                                             : 0;
  }

  static bool is_silent(const TestTrack& track, MediaTime at) {
    return std::ranges::any_of(track.silent,
                               [at](const recording::Span& span) { return span.begin <= at && at < span.end; });
  }

  static std::int64_t ticks(const TestTrack& track, MediaTime since_begin, int clock_rate) {
    return std::llround(static_cast<double>(since_begin.count()) * track.clock.rate() * clock_rate / 1e6);
  }
  static MediaTime file_time(const TestTrack& track, MediaTime since_begin, int clock_rate) {
    return MediaTime{ticks(track, since_begin, clock_rate) * 1'000'000 / clock_rate};
  }

  [[nodiscard]] media::FileWriter begin_file(const TestTrack& track, const media::TrackFormat& format) const {
    return media::FileWriter{path_of(track.track), {.container = media::Container::matroska, .tracks = {format}}};
  }

  void note_track(const TestTrack& track, MediaKind kind, std::uint32_t clock_rate) {
    const bool is_audio = kind == MediaKind::audio;
    recording::TrackBegan began;
    began.at_us = (track.begin + track.clock.delay).count();
    began.track = track.track;
    began.file = track.track + ".mkv";
    began.participant = track.participant;
    began.kind = kind;
    began.source = is_audio && track.source == TrackSource::webcam ? TrackSource::mic : track.source;
    began.codec = is_audio ? "opus" : std::string{to_json(track.codec).as_string()};
    began.clock_rate = clock_rate;
    began.first_timestamp = track.clock.first_timestamp;
    add(began);
    for (MediaTime at = track.begin; at < track.end; at += std::chrono::seconds{1}) {
      recording::ClockSeen seen;
      seen.track = track.track;
      seen.timestamp = track.clock.first_timestamp + ticks(track, at - track.begin, static_cast<int>(clock_rate));
      seen.arrival_us = (at + track.clock.delay).count();
      if (track.clock.tells_ntp) seen.ntp = std::to_string(track.clock.ntp(at));
      add(seen);
    }
  }

  std::string folder_;
  recording::SessionBegan began_;
  std::vector<recording::JournalEntry> entries_;
};

}  // namespace sluice::testing
