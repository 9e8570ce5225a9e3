#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "program/live_program.h"
#include "sluice/media/coders.h"
#include "tests/unit/sdk/media/generated.h"
#include "tests/unit/sdk/media/packetize.h"

/// A room in simulated time: senders whose media and clocks are known, and the program that is made of them.
namespace sluice::livestream::testing {

using namespace std::chrono_literals;

inline constexpr media::Size kPicture{160, 90};
inline constexpr std::int64_t kPayloadType = 96;  // as packetize.h has it
inline const Instant kBegin = Instant{} + 100h;

inline ProgramOrder small_order() {
  ProgramOrder order;
  order.title = "Board meeting";
  order.layout = Layout::grid;
  order.width = 160;
  order.height = 90;
  order.frames_per_second = 25;
  order.video_kbps = 300;
  order.preset = "ultrafast";
  order.threads = 1;
  return order;
}

inline media::VideoFrame grey(int luma, media::Size size = kPicture) {
  media::VideoFrame frame{size};
  const auto plane = frame.plane(0);
  std::fill_n(plane.data, static_cast<std::ptrdiff_t>(plane.stride) * plane.size.height,
              static_cast<std::uint8_t>(luma));
  for (int index : {1, 2}) {
    const auto colour = frame.plane(index);
    std::fill_n(colour.data, static_cast<std::ptrdiff_t>(colour.stride) * colour.size.height, std::uint8_t{128});
  }
  return frame;
}

inline int brightness(const media::VideoFrame& picture) {
  const auto plane = picture.plane(0);
  return plane.data[plane.size.height / 2 * plane.stride + plane.size.width / 2];
}

/// One track, its clock and its way to the gateway. Sends what becomes due.
class Sender {
 public:
  Sender(TrackNumber number, std::uint32_t clock_rate, MediaTime apart)
      : number_{number}, clock_rate_{clock_rate}, apart_{apart} {}
  virtual ~Sender() = default;

  std::function<MediaTime(MediaTime)> way = [](MediaTime) { return 20ms; };  ///< to the gateway, by when it is sent
  std::uint32_t first_timestamp = 0;
  std::int64_t timestamp_step = 0;        ///< of its clock, once: it has begun anew
  std::optional<MediaTime> reports_from;  ///< from when on sender reports are known; none: never
  MediaTime skew{};                       ///< what its reports say of the wall clock is wrong by that
  bool sends = true;

  /// What arrives up to `now`, in the order in which it was sent.
  std::vector<FeedPacket> take(MediaTime now) {
    for (; next_ <= now; next_ += apart_) send(next_);
    std::vector<FeedPacket> out;
    taken_.clear();
    while (!flying_.empty() && flying_.front().arrival <= now) {
      taken_.push_back(std::move(flying_.front()));
      flying_.erase(flying_.begin());
      const Flying& packet = taken_.back();
      out.push_back({.track = number_, .arrival = kBegin + packet.arrival, .clock = packet.clock, .rtp = {}});
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i].rtp = taken_[i].rtp;
    return out;
  }
  [[nodiscard]] TrackNumber number() const noexcept { return number_; }
  void lose_next() { rtp_.skip(); }
  [[nodiscard]] virtual FeedTrack announcement(const std::string& participant) const = 0;

 protected:
  /// The payloads of what is captured at `at`.
  virtual std::vector<std::pair<MediaTime, std::vector<media::Blob>>> capture(MediaTime at) = 0;

  [[nodiscard]] FeedTrack announce(const std::string& participant, std::string mime_type) const {
    return {.track = number_,
            .participant_id = participant,
            .source = TrackSource::mic,
            .video = false,
            .mime_type = std::move(mime_type),
            .clock_rate = clock_rate_,
            .payload_type = kPayloadType};
  }

 private:
  struct Flying {
    MediaTime arrival;
    std::optional<TappedClock> clock;
    media::Blob rtp;
  };

  [[nodiscard]] std::uint32_t timestamp_at(MediaTime at) const {
    return static_cast<std::uint32_t>(first_timestamp + timestamp_step + at.count() * clock_rate_ / 1'000'000);
  }
  void send(MediaTime at) {
    auto captured = capture(at);
    if (!sends) return;
    std::optional<TappedClock> clock;
    if (reports_from && at >= *reports_from) {
      const double seconds = std::chrono::duration<double>{at + skew}.count() + 1'000;
      clock = {.ntp = static_cast<std::uint64_t>(seconds * 4'294'967'296.0), .rtp = RtpTimestamp{timestamp_at(at)}};
    }
    for (const auto& [pts, payloads] : captured) {
      for (media::Blob& packet : rtp_.packets(timestamp_at(pts), payloads)) {
        flying_.push_back({.arrival = at + way(at), .clock = clock, .rtp = std::move(packet)});
      }
    }
  }

  TrackNumber number_;
  std::uint32_t clock_rate_;
  MediaTime apart_;
  MediaTime next_{};
  media::RtpSender rtp_{65'500};
  std::vector<Flying> flying_;
  std::vector<Flying> taken_;
};

/// A camera of 25 pictures a second, of one brightness each.
class Camera : public Sender {
 public:
  explicit Camera(TrackNumber number, media::Codec codec = media::Codec::vp8)
      : Sender{number, 90'000, 40ms}, codec_{codec} {
    begin();
  }
  std::function<int(MediaTime)> luma = [](MediaTime) { return 200; };
  TrackSource source = TrackSource::webcam;
  bool key_frame_wanted = false;
  int key_frames = 0;  ///< that were sent

  /// With another encoder.
  void begin(media::Size size = kPicture) {
    size_ = size;
    const bool h264 = codec_ == media::Codec::h264;
    encoder_.emplace(media::VideoEncoderOptions{.encoder = h264 ? "libx264" : "libvpx",
                                                .size = size,
                                                .frames_per_second = 25,
                                                .bitrate = DataRate::kbps(300),
                                                .preset = "ultrafast",
                                                .key_frame_interval = 1h,
                                                .low_delay = true,
                                                .threads = 1});
  }
  [[nodiscard]] FeedTrack announcement(const std::string& participant) const override {
    FeedTrack track = announce(participant, codec_ == media::Codec::h264 ? "video/H264" : "video/VP8");
    track.video = true;
    track.source = source;
    return track;
  }

 private:
  std::vector<std::pair<MediaTime, std::vector<media::Blob>>> capture(MediaTime at) override {
    media::VideoFrame picture = grey(luma(at), size_);
    picture.pts = at;
    std::vector<std::pair<MediaTime, std::vector<media::Blob>>> out;
    for (const media::Packet& packet : encoder_->encode(picture, std::exchange(key_frame_wanted, false))) {
      if (packet.key_frame) ++key_frames;
      out.emplace_back(packet.pts, payloads_of(packet));
    }
    return out;
  }
  [[nodiscard]] std::vector<media::Blob> payloads_of(const media::Packet& packet) const {
    if (codec_ == media::Codec::vp8) return media::vp8_payloads(packet.data);
    auto nals = media::nals_of(packet.data);
    if (packet.key_frame) {
      const auto sets = media::nals_of(encoder_->format().extradata);
      nals.insert(nals.begin(), sets.begin(), sets.end());
    }
    return media::h264_payloads(nals);
  }

  media::Codec codec_;
  media::Size size_ = kPicture;
  std::optional<media::VideoEncoder> encoder_;
};

/// A microphone: Opus, 20 ms each.
class Microphone : public Sender {
 public:
  explicit Microphone(TrackNumber number) : Sender{number, 48'000, 20ms}, encoder_{{.codec = media::Codec::opus}} {}
  /// Of the sample at a time.
  std::function<float(double seconds)> level = [](double) { return 0.0F; };

  [[nodiscard]] FeedTrack announcement(const std::string& participant) const override {
    return announce(participant, "audio/opus");
  }

 private:
  std::vector<std::pair<MediaTime, std::vector<media::Blob>>> capture(MediaTime at) override {
    constexpr std::int64_t kSamples = 960;
    media::AudioBlock block{.pts = at, .samples = {}};
    for (std::int64_t i = 0; i < kSamples; ++i) {
      const float value = level(std::chrono::duration<double>{at}.count() + static_cast<double>(i) / 48'000);
      block.samples.insert(block.samples.end(), {value, value});
    }
    std::vector<std::pair<MediaTime, std::vector<media::Blob>>> out;
    for (const media::Packet& packet : encoder_.encode(block)) out.push_back({packet.pts, {packet.data}});
    return out;
  }

  media::AudioEncoder encoder_;
};

inline float tone(double seconds) { return 0.5F * static_cast<float>(std::sin(2 * 3.14159265 * 440 * seconds)); }

/// The room, and its program. Time goes in steps of 5 ms.
class SimulatedRoom {
 public:
  explicit SimulatedRoom(const ProgramOrder& its_order = small_order())
      : order{its_order}, program{order, make_compositor(order), kBegin} {}

  void tell(const FeedEntry& entry) { program.take(entry, kBegin + now); }
  void come(const std::string& participant) { tell(FeedParticipant{.id = participant, .name = "Anna " + participant}); }
  /// From now on its packets come.
  template <class T>
  T& publish(const std::string& participant, std::unique_ptr<T> sender) {
    T& out = *sender;
    tell(sender->announcement(participant));
    senders.push_back(std::move(sender));
    return out;
  }
  void end(TrackNumber track) {
    tell(FeedTrackEnd{.track = track});
    std::erase_if(senders, [track](const auto& sender) { return sender->number() == track; });
  }

  void run(MediaTime length) {
    for (const MediaTime until = now + length; now < until; now += 5ms) {
      for (const auto& sender : senders) {
        for (const FeedPacket& packet : sender->take(now)) tell(packet);
      }
      while (auto moment = program.tick(kBegin + now)) on_moment(std::move(*moment));
      for (const TrackNumber track : program.take_key_frame_wishes()) on_wish(track);
    }
  }

  ProgramOrder order;
  MediaTime now{};
  LiveProgram program;
  std::vector<std::unique_ptr<Sender>> senders;
  std::vector<ProgramMoment> moments;  ///< all that there were
  struct Wish {
    TrackNumber track;
    MediaTime at;
  };
  std::vector<Wish> wishes;
  bool grants_wishes = true;
  /// Gets the moments instead, where it is set.
  std::function<void(ProgramMoment&&)> sink;

 private:
  void on_moment(ProgramMoment&& moment) {
    if (sink) return sink(std::move(moment));
    moments.push_back(std::move(moment));
  }
  void on_wish(TrackNumber track) {
    wishes.push_back({track, now});
    for (const auto& sender : senders) {
      auto* const camera = dynamic_cast<Camera*>(sender.get());
      if (camera != nullptr && camera->number() == track && grants_wishes) camera->key_frame_wanted = true;
    }
  }
};

inline float loudness(const media::AudioBlock& block) {
  float peak = 0;
  for (const float sample : block.samples) peak = std::max(peak, std::abs(sample));
  return peak;
}

}  // namespace sluice::livestream::testing
