#include "tests/simulation/media_source.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/base/byte_writer.h"
#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/sequence_number.h"

namespace sluice::simulation {
namespace {

constexpr std::size_t kMaxPayload = 1600;

void map_extensions(ortc::ProducerMapping& mapping, bool video) {
  const auto add = [&](HeaderExtension extension, std::uint8_t from, std::uint8_t to) {
    mapping.extensions[from] = to;
    static_cast<void>(mapping.extension_map.add(extension, from));
  };
  add(HeaderExtension::mid, kProducerIds.mid, kRouterIds.mid);
  add(HeaderExtension::abs_send_time, kProducerIds.abs_send_time, kRouterIds.abs_send_time);
  add(HeaderExtension::transport_sequence_number, kProducerIds.transport_sequence, kRouterIds.transport_sequence);
  if (video) {
    add(HeaderExtension::rid, kProducerIds.rid, kRouterIds.rid);
    add(HeaderExtension::repaired_rid, kProducerIds.repaired_rid, kRouterIds.repaired_rid);
    add(HeaderExtension::video_orientation, kProducerIds.orientation, kRouterIds.orientation);
  } else {
    add(HeaderExtension::audio_level, kProducerIds.audio_level, kRouterIds.audio_level);
  }
}

ortc::ConsumerMapping consumer(Mid mid, Ssrc ssrc) {
  ortc::ConsumerMapping mapping;
  const auto add = [&](HeaderExtension extension, std::uint8_t from, std::uint8_t to) {
    mapping.extensions[from] = to;
    static_cast<void>(mapping.extension_map.add(extension, to));
  };
  add(HeaderExtension::mid, kRouterIds.mid, kConsumerIds.mid);
  add(HeaderExtension::abs_send_time, kRouterIds.abs_send_time, kConsumerIds.abs_send_time);
  add(HeaderExtension::transport_sequence_number, kRouterIds.transport_sequence, kConsumerIds.transport_sequence);
  add(HeaderExtension::audio_level, kRouterIds.audio_level, kConsumerIds.audio_level);
  add(HeaderExtension::video_orientation, kRouterIds.orientation, kConsumerIds.orientation);
  mapping.streams.push_back({.source = Ssrc{1}, .ssrc = ssrc, .rtx_ssrc = {}});
  mapping.mid = mid;
  mapping.feedback = {.nack = true, .pli = true, .fir = true};
  return mapping;
}

}  // namespace

ortc::ProducerMapping video_producer(Mid mid, std::optional<Ssrc> ssrc, const std::vector<Rid>& rids) {
  ortc::ProducerMapping mapping;
  mapping.codecs[kProducerVp8] = {
      .payload_type = kRouterVp8, .clock_rate = kVideoClock, .video_codec = VideoCodec::vp8};
  map_extensions(mapping, true);
  if (rids.empty()) mapping.encodings.push_back({.ssrc = ssrc, .mapped_ssrc = Ssrc{1}});
  for (const Rid rid : rids) mapping.encodings.push_back({.rid = rid, .mapped_ssrc = Ssrc{1}});
  mapping.mid = mid;
  mapping.feedback = {.nack = true, .pli = true, .fir = true};
  return mapping;
}

ortc::ProducerMapping audio_producer(Mid mid, Ssrc ssrc) {
  ortc::ProducerMapping mapping;
  mapping.codecs[kProducerOpus] = {.payload_type = kRouterOpus, .clock_rate = kAudioClock};
  map_extensions(mapping, false);
  mapping.encodings.push_back({.ssrc = ssrc, .mapped_ssrc = Ssrc{1}});
  mapping.mid = mid;
  return mapping;
}

ortc::ConsumerMapping video_consumer(Mid mid, Ssrc ssrc) {
  ortc::ConsumerMapping mapping = consumer(mid, ssrc);
  mapping.codecs[kRouterVp8] = {.payload_type = kConsumerVp8};
  return mapping;
}

ortc::ConsumerMapping audio_consumer(Mid mid, Ssrc ssrc) {
  ortc::ConsumerMapping mapping = consumer(mid, ssrc);
  mapping.codecs[kRouterOpus] = {.payload_type = kConsumerOpus};
  return mapping;
}

void add_rtx(ortc::ProducerMapping& mapping) {
  mapping.codecs[kProducerRtx] = {
      .payload_type = kRouterRtx, .repaired_payload_type = kProducerVp8, .clock_rate = kVideoClock};
  for (auto& encoding : mapping.encodings) {
    if (encoding.ssrc) encoding.rtx_ssrc = rtx_of(*encoding.ssrc);
  }
}

void add_rtx(ortc::ConsumerMapping& mapping, Ssrc rtx_ssrc) {
  mapping.codecs[kRouterVp8].rtx_payload_type = kConsumerRtx;
  for (auto& stream : mapping.streams) stream.rtx_ssrc = rtx_ssrc;
}

void add_transport_cc(ortc::FeedbackSet& feedback) { feedback.transport_cc = true; }

bool MediaSource::send(RtcPeer& peer, std::uint8_t payload_type, bool marker, Bytes payload) {
  const std::array<std::uint8_t, 3> send_time{0xaa, 0xbb, 0xcc};  // of this hop: must not reach anybody
  const std::array<std::uint8_t, 2> transport_sequence{0xdd, 0xee};
  const std::array<std::uint8_t, 1> own{own_};
  std::array<ExtensionElement, 5> extensions{{
      {.id = kProducerIds.mid, .data = element_data(spec_.mid)},
      {.id = kProducerIds.abs_send_time, .data = send_time},
      {.id = kProducerIds.transport_sequence, .data = transport_sequence},
      {.id = spec_.kind == MediaKind::video ? kProducerIds.orientation : kProducerIds.audio_level, .data = own},
  }};
  std::size_t count = 4;
  if (spec_.rid) extensions[count++] = {.id = kProducerIds.rid, .data = element_data(*spec_.rid)};

  const RtpHeader header{.marker = marker,
                         .payload_type = PayloadType{payload_type},
                         .sequence = sequence_,
                         .timestamp = timestamp_,
                         .ssrc = spec_.ssrc};
  sequence_ = advance(sequence_, 1);
  return peer.send_rtp(header, std::span{extensions}.first(count), payload);
}

// RFC 7741 section 4.2: X and S, a picture id of 15 bits; then of the frame's first packet the octet with P.
bool MediaSource::send_frame(RtcPeer& peer, FrameKind kind, int packets) {
  std::array<std::uint8_t, kMaxPayload> payload{};
  const MutableBytes used = MutableBytes{payload}.first(std::clamp<std::size_t>(spec_.payload_size, 8, kMaxPayload));
  bool all = true;
  for (int i = 0; i < packets; ++i) {
    payload[0] = i == 0 ? 0x90 : 0x80;
    payload[1] = 0x80;
    payload[2] = static_cast<std::uint8_t>(0x80 | (picture_ >> 8 & 0x7f));
    payload[3] = static_cast<std::uint8_t>(picture_);
    payload[4] = kind == FrameKind::key ? 0x10 : 0x11;
    all = send(peer, kProducerVp8, i + 1 == packets, used) && all;
  }
  ++picture_;
  pass(std::chrono::milliseconds{33});
  return all;
}

// RFC 7741 section 4.2:
//  |X|R|N|S|R| PID |   |I|L|T|K|  RSV  |   |M| picture id (15) |   |  TL0PICIDX  |   |TID|Y| KEYIDX  |
std::size_t MediaSource::describe(MutableBytes payload, bool first, const FrameShape& shape) const noexcept {
  ByteWriter out{payload};
  out.u8(first ? 0x90 : 0x80);
  out.u8(shape.temporal ? 0xe0 : 0x80);
  out.u16(static_cast<std::uint16_t>(0x8000 | (picture_ & 0x7fff)));
  if (shape.temporal) {
    out.u8(shape.temporal->base_picture);
    out.u8(static_cast<std::uint8_t>(shape.temporal->layer << 6 | (shape.temporal->synchronised ? 0x20 : 0)));
  }
  if (first) out.u8(shape.kind == FrameKind::key ? 0x10 : 0x11);
  return out.size();
}

bool MediaSource::send_frame(RtcPeer& peer, const FrameShape& shape) {
  const std::size_t packets = std::max<std::size_t>(1, (shape.bytes + kPacketPayload - 1) / kPacketPayload);
  bool all = true;
  for (std::size_t i = 0; i < packets; ++i) {
    std::array<std::uint8_t, kMaxPayload> payload{};
    const std::size_t described = describe(payload, i == 0, shape);
    const MutableBytes used =
        MutableBytes{payload}.first(std::max(shape.bytes / packets, described + FrameStamp::kSize));
    if (shape.stamp) write_stamp(used, *shape.stamp);
    all = send(peer, kProducerVp8, i + 1 == packets, used) && all;
  }
  ++picture_;
  pass(std::chrono::milliseconds{33});
  return all;
}

bool MediaSource::send_audio(RtcPeer& peer) {
  std::array<std::uint8_t, 80> payload{};
  payload[0] = 0x78;
  const bool sent = send(peer, kProducerOpus, false, payload);
  pass(std::chrono::milliseconds{20});
  return sent;
}

void MediaSource::skip(int packets) noexcept { sequence_ = advance(sequence_, packets); }

void MediaSource::pass(Duration time) noexcept {
  const std::int64_t clock = spec_.kind == MediaKind::video ? kVideoClock : kAudioClock;
  timestamp_ = advance(timestamp_, std::chrono::duration_cast<std::chrono::milliseconds>(time).count() * clock / 1000);
}

}  // namespace sluice::simulation
