#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/contracts/media_taps.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_tap.h"

/// The media of rooms without media, for the tests of plugins that tap it. The test says what is published, paused and
/// ended; the bus says so as the videoroom does. A room's tracks are ended by the test, before the room is closed.
///
///     FakeMediaTaps media{host};
///     PublishedTrack& camera = media.publish_camera(room, anna);
///     media.tap_of(camera.producer_id)->enter(packet, arrival);
namespace sluice::testing {

/// The service `sluice.media-taps`.
class FakeMediaTaps final : public MediaTaps {
 public:
  /// Provides itself.
  explicit FakeMediaTaps(FakeHost& host) : host_{host} { host.services().provide<MediaTaps>(*this); }

  // MediaTaps
  [[nodiscard]] std::vector<PublishedTrack> tracks(Room& room) override {
    std::vector<PublishedTrack> out;
    for (const auto& one : tracks_) {
      if (one->room == &room) out.push_back(one->track);
    }
    return out;
  }
  [[nodiscard]] std::unique_ptr<Tap> tap(Room& room, const TapOptions& options) override {
    if (full) throw Error{ErrorCode::limit_exceeded, "the producer has as many taps as it may have"};
    const Sent* found = find(options.producer_id);
    if (found == nullptr || found->room != &room) {
      throw Error{ErrorCode::not_found, "there is no such producer in this room"};
    }
    asked.push_back(options);
    return std::make_unique<FakeTap>(taps, "tap-" + std::to_string(++last_tap_), found->track.kind,
                                     parameters_of(found->track.mime_type), options);
  }
  [[nodiscard]] Participant* dominant_speaker(Room& room) override {
    const auto found = speakers_.find(&room);
    return found == speakers_.end() ? nullptr : room.find(found->second);
  }

  /// The participant sends a track. What `track` leaves empty is filled in: a producer id; `audio/opus`, `video/VP8`.
  /// The reference is valid until end().
  PublishedTrack& publish(Room& room, const Participant& by, PublishedTrack track) {
    track.participant_id = by.id();
    if (track.producer_id.empty()) track.producer_id = "track-" + std::to_string(++last_track_);
    if (track.mime_type.empty()) track.mime_type = track.kind == MediaKind::audio ? "audio/opus" : "video/VP8";
    PublishedTrack& kept = tracks_.emplace_back(std::make_unique<Sent>(Sent{&room, std::move(track)}))->track;
    host_.bus().publish(TrackPublished{room, kept});
    return kept;
  }
  PublishedTrack& publish_microphone(Room& room, const Participant& by) { return publish(room, by, PublishedTrack{}); }
  PublishedTrack& publish_camera(Room& room, const Participant& by) {
    return publish_video(room, by, TrackSource::webcam);
  }
  PublishedTrack& publish_screen(Room& room, const Participant& by) {
    return publish_video(room, by, TrackSource::screen);
  }
  /// By its sender or by a moderator. Its taps stay open, and get nothing.
  void set_paused(std::string_view producer_id, bool paused) {
    Sent& sent = at(producer_id);
    if (std::exchange(sent.track.paused, paused) == paused) return;
    host_.bus().publish(TrackChanged{*sent.room, sent.track});
  }
  /// The track is gone: its taps are told, then the bus.
  void end(std::string_view producer_id) {
    const auto found = std::ranges::find(tracks_, &at(producer_id), [](const auto& one) { return one.get(); });
    const std::unique_ptr<Sent> keep = std::move(*found);
    tracks_.erase(found);
    std::vector<std::string> ids;
    for (const auto& [id, tap] : taps) {
      if (tap->producer_id() == keep->track.producer_id) ids.push_back(id);
    }
    for (const std::string& id : ids) {
      if (const auto living = taps.find(id); living != taps.end()) living->second->end();  // one's end may drop another
    }
    host_.bus().publish(TrackEnded{*keep->room, keep->track});
  }
  /// This one leads the conversation from now on; nullptr: nobody.
  void set_dominant_speaker(Room& room, const Participant* speaker) {
    const std::string id = speaker == nullptr ? std::string{} : speaker->id();
    speakers_[&room] = id;
    host_.bus().publish(SpeakerChanged{room, id});
  }

  /// The living tap of a producer, the first of several; nullptr: there is none.
  [[nodiscard]] FakeTap* tap_of(std::string_view producer_id) {
    for (const auto& [id, tap] : taps) {
      if (tap->producer_id() == producer_id) return tap;
    }
    return nullptr;
  }
  /// Of the header extension of a camera's orientation.
  static constexpr std::uint8_t kOrientationId = 13;
  /// As the router tells of such a codec: payload type 100, 48 kHz and two channels, or 90 kHz and the extension that
  /// tells which way up a camera is held.
  [[nodiscard]] static RtpParameters parameters_of(std::string_view mime_type) {
    RtpCodecParameters codec;
    codec.mime_type = std::string{mime_type};
    codec.payload_type = PayloadType{100};
    codec.clock_rate = mime_type.starts_with("audio/") ? 48'000 : 90'000;
    if (mime_type.starts_with("audio/")) codec.channels = std::uint8_t{2};
    RtpParameters parameters;
    parameters.codecs.push_back(std::move(codec));
    if (mime_type.starts_with("video/")) {
      auto& orientation = parameters.header_extensions.emplace_back();
      orientation.uri = "urn:3gpp:video-orientation";
      orientation.id = kOrientationId;
    }
    parameters.encodings.emplace_back().ssrc = Ssrc{1};
    return parameters;
  }

  /// tap() throws limit_exceeded.
  bool full = false;
  /// The living taps by id.
  FakeTap::Living taps;
  /// All that was ever asked for and given.
  std::vector<TapOptions> asked;

 private:
  struct Sent {
    Room* room;
    PublishedTrack track;
  };

  PublishedTrack& publish_video(Room& room, const Participant& by, TrackSource source) {
    PublishedTrack track;
    track.kind = MediaKind::video;
    track.source = source;
    return publish(room, by, std::move(track));
  }
  [[nodiscard]] Sent* find(std::string_view producer_id) noexcept {
    const auto found = std::ranges::find(tracks_, producer_id,
                                         [](const auto& one) -> std::string_view { return one->track.producer_id; });
    return found == tracks_.end() ? nullptr : found->get();
  }
  [[nodiscard]] Sent& at(std::string_view producer_id) {
    if (Sent* found = find(producer_id)) return *found;
    throw std::out_of_range{"no track of id " + std::string{producer_id}};
  }

  FakeHost& host_;
  std::vector<std::unique_ptr<Sent>> tracks_;
  std::map<Room*, std::string> speakers_;
  int last_track_ = 0;
  int last_tap_ = 0;
};

}  // namespace sluice::testing
