#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "packet_source.h"
#include "plugins/recording/capture_session.h"
#include "sluice/media/media_file.h"
#include "sluice/testing/fake_tap.h"
#include "temporary_folder.h"

namespace sluice::recording {

inline constexpr std::uint8_t kVp8 = 96;
inline constexpr std::uint8_t kVp9 = 98;
inline constexpr std::uint8_t kOpus = 111;
inline constexpr std::uint8_t kOrientationId = 13;

/// A capture without its control side, its thread and its clock.
class SessionRig {
 public:
  explicit SessionRig(std::string folder, std::uint64_t least_free_bytes = 0)
      : folder_{std::move(folder)}, session_{make(least_free_bytes)} {}

  /// A track of that payload type among those of any browser.
  std::shared_ptr<testing::FakeTapReader> add(TrackNumber number, MediaKind kind, bool paused = false) {
    auto reader = std::make_shared<testing::FakeTapReader>();
    TrackToWrite track{.number = number,
                       .participant = "anna",
                       .kind = kind,
                       .source = kind == MediaKind::video ? TrackSource::webcam : TrackSource::mic,
                       .paused = paused,
                       .codecs = {},
                       .reader = reader};
    if (kind == MediaKind::video) {
      track.orientation_id = kOrientationId;
      track.codecs = {{kVp8, {media::Codec::vp8, 90'000}}, {kVp9, {media::Codec::vp9, 90'000}}};
    } else {
      track.codecs = {{kOpus, {media::Codec::opus, 48'000}}};
    }
    tell(std::move(track));
    return reader;
  }
  void tell(CaptureCommand command) { (void)link->commands.push(std::move(command), IfFull::keep); }
  void drain() { (void)session_->drain(now); }
  void end(std::string reason = "stopped") {
    tell(SessionOver{.at_us = at_us(), .reason = std::move(reason)});
    drain();
  }

  [[nodiscard]] std::int64_t at_us() const { return SessionClock{began}.us(now); }
  [[nodiscard]] CaptureSession& session() { return *session_; }
  [[nodiscard]] std::unique_ptr<CaptureSession> release() { return std::move(session_); }

  const Instant began = Instant{} + std::chrono::hours{100};
  Instant now = began;
  std::uint64_t free = 1'000'000'000;  ///< bytes, of the disk
  std::shared_ptr<CaptureLink> link = std::make_shared<CaptureLink>();

 private:
  std::unique_ptr<CaptureSession> make(std::uint64_t least_free_bytes) {
    JournalWriter journal{folder_};
    journal.append(SessionBegan{});
    return std::make_unique<CaptureSession>(
        CaptureSession::Setup{.folder = folder_, .began = began, .least_free_bytes = least_free_bytes},
        std::move(journal), link, [this](const std::string&) { return std::optional{free}; });
  }

  std::string folder_;
  std::unique_ptr<CaptureSession> session_;
};

/// A camera of 25 frames a second, a key frame each two seconds, and a microphone.
class Sender {
 public:
  explicit Sender(SessionRig& rig)
      : rig_{rig}, video{rig.add(1, MediaKind::video)}, audio{rig.add(2, MediaKind::audio)} {}

  /// Sends for so long; the session is drained each 40 ms.
  void send(Duration length) {
    using namespace std::chrono_literals;
    for (const Instant end = rig_.now + length; rig_.now < end; rig_.now += 40ms) {
      for (auto& packet : camera.vp8(video_timestamp_, frames_++ % 50 == 0)) enter(*video, std::move(packet));
      enter(*audio, microphone.opus(audio_timestamp_));
      enter(*audio, microphone.opus(audio_timestamp_ + 960));
      video_timestamp_ += 3'600;  // wraps, on the way
      audio_timestamp_ += 1'920;
      rig_.drain();
    }
  }
  void enter(testing::FakeTapReader& reader, std::vector<std::uint8_t> packet) {
    reader.waiting.push_back({.rtp = std::move(packet), .arrival = rig_.now});
  }

 private:
  SessionRig& rig_;
  std::uint32_t video_timestamp_ = 0xffff'f000;
  std::uint32_t audio_timestamp_ = 0xffff'ff00;
  int frames_ = 0;

 public:
  std::shared_ptr<testing::FakeTapReader> video;
  std::shared_ptr<testing::FakeTapReader> audio;
  testing::PacketSource camera{kVp8};
  testing::PacketSource microphone{kOpus};
};

template <class T>
std::vector<T> entries(const std::string& journal) {
  std::vector<T> out;
  for (const JournalEntry& entry : read_journal(journal)) {
    if (const T* one = std::get_if<T>(&entry)) out.push_back(*one);
  }
  return out;
}

template <class T>
std::vector<T> notices(CaptureLink& link) {
  std::vector<T> out;
  for (const CaptureNotice& notice : link.notices.take()) {
    if (const T* one = std::get_if<T>(&notice)) out.push_back(*one);
  }
  return out;
}

inline std::vector<media::Packet> packets_of(const std::string& file) {
  media::FileReader reader{file};
  std::vector<media::Packet> out;
  while (auto packet = reader.next()) out.push_back(std::move(*packet));
  return out;
}

}  // namespace sluice::recording
