#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "core/media/layers/layer_reader.h"
#include "core/media/rtp/rtp_writer.h"
#include "core/media/transport/fan_out.h"
#include "core/media/transport/rtp_consumer.h"
#include "core/media/transport/rtp_source.h"

/// One consumer of layered video, fed with packets as a producer would read them.
namespace sluice::test {

inline constexpr std::uint8_t kRouterType = 100;
inline constexpr std::uint8_t kConsumerType = 96;
inline constexpr std::uint8_t kConsumerRtxType = 97;
inline constexpr std::uint8_t kDescriptorId = 12;
inline constexpr Ssrc kConsumerSsrc{2};
inline constexpr Ssrc kRtxSsrc{3};
inline constexpr Duration kRoundTrip = std::chrono::milliseconds{20};

class CollectingOutput final : public RtpOutput {
 public:
  MutableBytes begin_rtp() noexcept override { return buffer_; }
  bool end_rtp(std::size_t size, PacePriority, Instant) noexcept override {
    if (size > 0) sent.emplace_back(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    return size > 0;
  }
  bool resend(Bytes datagram, Instant) noexcept override {
    sent.emplace_back(datagram.begin(), datagram.end());
    return true;
  }
  void cancel_rtp() noexcept override {}
  std::uint16_t number_rtp() noexcept override { return 0; }

  [[nodiscard]] RtpPacketView packet(std::size_t index) const { return RtpPacketView::parse(sent.at(index)).value(); }
  [[nodiscard]] RtpPacketView last() const { return packet(sent.size() - 1); }

  std::vector<std::vector<std::uint8_t>> sent;

 private:
  std::array<std::uint8_t, 1432> buffer_{};
};

class LayeredSource final : public RtpSource {
 public:
  LayeredSource(std::uint8_t encodings, FanOut& fan_out)
      : RtpSource{ProducerKey{1}, MediaKind::video, encodings, fan_out} {
    mapping_.extensions[kDescriptorId] = kDescriptorId;
  }
  const ortc::ProducerMapping& mapping() const noexcept override { return mapping_; }
  void request_keyframe(std::uint8_t encoding, Instant /*now*/) noexcept override { requests.push_back(encoding); }
  void hear_report(std::uint8_t encoding, SenderClock clock) { set_sender_clock(encoding, clock); }
  void begin_anew(std::uint8_t encoding) { set_run(encoding, static_cast<std::uint8_t>(run_of(encoding) + 1)); }
  std::vector<std::uint8_t> requests;

 private:
  ortc::ProducerMapping mapping_;
};

struct SourcePacket {
  std::uint8_t encoding = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = true;
  std::vector<std::uint8_t> payload;
  std::vector<std::uint8_t> descriptor{};
};

class LayeredConsumer {
 public:
  enum class Rtx : std::uint8_t { no, yes };
  enum class Descriptor : std::uint8_t { no, yes };

  LayeredConsumer(VideoCodec codec, std::uint8_t encodings, Rtx rtx = Rtx::no, Descriptor descriptor = Descriptor::no,
                  RtpSequence first = RtpSequence{65'534})
      : source{encodings, fan_out_}, consumer{spec(rtx, descriptor, first), output} {
    for (std::uint8_t i = 0; i < encodings; ++i) readers_.push_back(make_layer_reader(codec));
    consumer.attach(source, now);
  }

  void send(const SourcePacket& in) {
    std::vector<std::uint8_t> bytes(kRtpFixedHeaderSize + 64 + in.payload.size());
    const RtpHeader header{.marker = in.marker,
                           .payload_type = PayloadType{1},
                           .sequence = RtpSequence{in.sequence},
                           .timestamp = RtpTimestamp{in.timestamp},
                           .ssrc = Ssrc{9}};
    const std::array<ExtensionElement, 1> extensions{{{.id = kDescriptorId, .data = in.descriptor}}};
    const std::size_t count = in.descriptor.empty() ? 0 : 1;
    bytes.resize(write_rtp(bytes, header, std::span{extensions}.first(count), in.payload).value());
    const std::vector<std::uint8_t> before = bytes;
    const auto view = RtpPacketView::parse(bytes).value();
    RoutedPacket packet{.rtp = view,
                        .encoding = in.encoding,
                        .payload_type = kRouterType,
                        .clock_rate = 90'000,
                        .sender_clock = source.sender_clock(in.encoding)};
    packet.take_extensions(source.mapping());
    packet.layers = readers_.at(in.encoding)->read(view.payload(), view.extension(kDescriptorId), in.marker);
    source.deliver(packet, now);
    unchanged = unchanged && bytes == before;
  }

  Instant now = Instant{} + std::chrono::hours{1};
  CollectingOutput output;

 private:
  static RtpConsumer::Spec spec(Rtx rtx, Descriptor descriptor, RtpSequence first) {
    RtpConsumer::Spec spec{.key = ConsumerKey{1},
                           .kind = MediaKind::video,
                           .mapping = {},
                           .clock_rate = 90'000,
                           .cname = "c",
                           .first = {first, RtpTimestamp{0xffff'ff00}}};
    spec.mapping.codecs[kRouterType] = {.payload_type = kConsumerType};
    spec.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = kConsumerSsrc, .rtx_ssrc = {}});
    spec.mapping.feedback.nack = true;
    if (rtx == Rtx::yes) {
      spec.mapping.codecs[kRouterType].rtx_payload_type = kConsumerRtxType;
      spec.mapping.streams.front().rtx_ssrc = kRtxSsrc;
    }
    if (descriptor == Descriptor::yes) {
      spec.mapping.extensions[kDescriptorId] = kDescriptorId;
      static_cast<void>(spec.mapping.extension_map.add(HeaderExtension::dependency_descriptor, kDescriptorId));
    }
    return spec;
  }

  FanOut fan_out_;
  std::vector<std::unique_ptr<LayerReader>> readers_;

 public:
  LayeredSource source;
  RtpConsumer consumer;
  bool unchanged = true;  ///< the producer's bytes: they are everybody's
};

/// Of VP8, RFC 7741: a picture id of 15 bits, TL0PICIDX, the temporal layer and KEYIDX 5; the packet is a whole frame.
inline std::vector<std::uint8_t> vp8_payload(std::uint16_t picture, std::uint8_t tl0, std::uint8_t temporal, bool sync,
                                             bool key) {
  return {0x90,
          0xf0,
          static_cast<std::uint8_t>(0x80 | (picture >> 8 & 0x7f)),
          static_cast<std::uint8_t>(picture),
          tl0,
          static_cast<std::uint8_t>(temporal << 6 | (sync ? 0x20 : 0) | 5),
          static_cast<std::uint8_t>(key ? 0x10 : 0x11),
          0x77};
}

struct Vp8Numbers {
  std::uint16_t picture = 0;
  std::uint8_t tl0 = 0;
  std::uint8_t layer = 0;  ///< TID, Y and KEYIDX as they stand there
  friend bool operator==(const Vp8Numbers&, const Vp8Numbers&) = default;
};

inline Vp8Numbers vp8_numbers(const RtpPacketView& packet) {
  const Bytes payload = packet.payload();
  return {static_cast<std::uint16_t>((payload[2] & 0x7f) << 8 | payload[3]), payload[4], payload[5]};
}

}  // namespace sluice::test
