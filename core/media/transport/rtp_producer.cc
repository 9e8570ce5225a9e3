#include "core/media/transport/rtp_producer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>

#include "core/media/rtp/red.h"
#include "core/media/rtp/rtx.h"
#include "core/media/transport/rtp_consumer.h"

namespace sluice {

RtpProducer::RtpProducer(Spec spec, ProducerOwner& owner, FanOut& fan_out, RemoteWorkers& workers)
    : RtpSource{spec.key, spec.kind, static_cast<std::uint8_t>(spec.mapping.encodings.size()), fan_out},
      spec_{std::move(spec)},
      owner_{owner},
      workers_{workers},
      streams_(spec_.mapping.encodings.size()) {}

// The first packet of an SSRC tells what the description may have left open.
void RtpProducer::prepare(std::uint8_t encoding, const RtpPacketView& packet, std::uint32_t clock_rate,
                          Instant now) noexcept {
  Stream& stream = streams_[encoding];
  if (stream.receiver && stream.receiver->ssrc() == packet.ssrc()) return;
  if (stream.receiver) {
    owner_.producer_left(stream.receiver->ssrc());
    begin_run(encoding);
  }
  stream.receiver.emplace(packet.ssrc(), clock_rate);
  stream.layers.reset();
  stream.score = {};
  if (spec_.mapping.feedback.nack) {
    stream.nacks.emplace(kind() == MediaKind::audio ? NackGeneratorConfig::audio() : NackGeneratorConfig{});
  }
  if (kind() == MediaKind::audio) return;
  stream.keyframes.emplace(packet.ssrc(), spec_.keyframes);
  if (std::exchange(stream.keyframe_wanted, false)) {
    stream.keyframes->handle_request(now);
    owner_.producer_wants_to_send();
  }
}

void RtpProducer::tell_levels_to(SpeakerWatch& watch) {
  if (kind() != MediaKind::audio || !spec_.mapping.extension_map.id_of(HeaderExtension::audio_level)) return;
  microphone_.emplace(watch, SpeakerId{key().value()});
}

void RtpProducer::read_level(const RtpPacketView& packet, Instant now) noexcept {
  const auto element = packet.extension(*spec_.mapping.extension_map.id_of(HeaderExtension::audio_level));
  const auto level = element ? read_audio_level(*element) : std::nullopt;
  if (level) microphone_->on_level(*level, now);
}

bool RtpProducer::handle(const RtpPacketView& packet, std::uint8_t encoding, Instant now) noexcept {
  const ortc::ProducerMapping::Codec& codec = spec_.mapping.codecs[packet.payload_type().value()];
  if (codec.payload_type == ortc::kNoPayloadType || codec.is_rtx()) return false;

  Stream& stream = streams_[encoding];
  prepare(encoding, packet, codec.clock_rate, now);
  stream.said_bye = false;
  ends_at_.reset();
  const PacketOrder order = stream.receiver->on_packet(
      {.sequence = packet.sequence(), .timestamp = packet.timestamp(), .payload_size = packet.payload().size()}, now);
  if (stream.nacks) note_order(stream, encoding, packet.sequence(), order, now);
  if (order == PacketOrder::duplicate || order == PacketOrder::jumped) return false;
  if (order == PacketOrder::restarted) begin_run(encoding);
  forward(packet, codec, encoding, now);
  return true;
}

bool RtpProducer::handle_rtx(MutableBytes datagram, std::uint8_t encoding, Instant now) noexcept {
  Stream& stream = streams_[encoding];
  const auto rtx = RtpPacketView::parse(datagram);
  if (!rtx || !stream.receiver) return false;
  const ortc::ProducerMapping::Codec& codec = spec_.mapping.codecs[rtx->payload_type().value()];
  if (!codec.is_rtx()) return false;
  if (stream.rtx_ssrc && *stream.rtx_ssrc != rtx->ssrc()) owner_.producer_left(*stream.rtx_ssrc);
  stream.rtx_ssrc = rtx->ssrc();
  const PayloadType repaired{codec.repaired_payload_type};
  const auto restored = restore_from_rtx(datagram, {.ssrc = stream.receiver->ssrc(), .payload_type = repaired});
  const auto packet = restored ? RtpPacketView::parse(*restored) : RtpError::bad_rtx;
  if (!packet || packet->payload().empty()) return false;  // padding alone probes the path of its sender
  ++stream.retransmitted;
  if (stream.receiver->on_repaired(packet->sequence()) != PacketOrder::late) return false;
  if (stream.nacks) stream.nacks->on_repaired(packet->sequence());
  forward(*packet, spec_.mapping.codecs[repaired.value()], encoding, now);
  return true;
}

void RtpProducer::note_order(Stream& stream, std::uint8_t encoding, RtpSequence sequence, PacketOrder order,
                             Instant now) noexcept {
  const auto due_before = stream.nacks->next_timeout();
  stream.nacks->on_packet(sequence, order, now);
  if (order != PacketOrder::after_gap) return;
  if (stream.nacks->take_break() && has_audience()) request_keyframe(encoding, now);
  const auto due = stream.nacks->next_timeout();
  if (due && (!due_before || *due < *due_before)) owner_.producer_wants_to_send();
}

void RtpProducer::forward(const RtpPacketView& packet, const ortc::ProducerMapping::Codec& codec, std::uint8_t encoding,
                          Instant now) noexcept {
  Stream& stream = streams_[encoding];
  const Bytes payload = packet.payload();
  if (spec_.paused) return;
  const bool media = !payload.empty();  // padding alone probes the path of its sender: consumers leave its number out
  // Of redundant audio that cannot be read, or whose blocks are of another codec than agreed, nobody can make use.
  if (media && codec.is_red() && !is_red_of(PayloadType{codec.block_payload_type}, payload)) return;
  if (microphone_ && media) read_level(packet, now);

  RoutedPacket routed{.rtp = packet,
                      .encoding = encoding,
                      .payload_type = codec.payload_type,
                      .clock_rate = codec.clock_rate,
                      .run = run_of(encoding),
                      .sender_clock = sender_clock(encoding)};
  routed.take_extensions(spec_.mapping);
  if (codec.video_codec && media) {
    routed.layers = read_layers(stream, packet, *codec.video_codec);
    if (routed.layers.keyframe && stream.keyframes) stream.keyframes->handle_keyframe();
    if (routed.layers.keyframe && stream.nacks) stream.nacks->on_keyframe(packet.sequence());
  }
  deliver(routed, now);
  for (const WorkerIndex worker : remotes_) workers_.send_packet(worker, key(), routed);
}

PacketLayers RtpProducer::read_layers(Stream& stream, const RtpPacketView& packet, VideoCodec codec) noexcept {
  if (stream.layers == nullptr || stream.codec != codec) {
    stream.codec = codec;
    stream.layers = make_layer_reader(codec);
  }
  const auto id = spec_.mapping.extension_map.id_of(HeaderExtension::dependency_descriptor);
  return stream.layers->read(packet.payload(), id ? packet.extension(*id) : std::nullopt, packet.marker());
}

void RtpProducer::handle_sender_report(Ssrc ssrc, const SenderInfo& info, Instant now) noexcept {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    std::optional<RtpStreamReceiver>& receiver = streams_[i].receiver;
    if (!receiver || receiver->ssrc() != ssrc) continue;
    receiver->on_sender_report(info, now);
    set_sender_clock(static_cast<std::uint8_t>(i), SenderClock{.ntp = info.ntp, .rtp = info.rtp_timestamp});
  }
}

void RtpProducer::handle_bye(Ssrc ssrc, Instant now) noexcept {
  for (Stream& stream : streams_) {
    if (stream.receiver && stream.receiver->ssrc() == ssrc) stream.said_bye = true;
  }
  // Streams that never sent do not keep the producer; a paused one may have replaced its track by nothing.
  const bool all = !spec_.paused && std::ranges::all_of(streams_, [](const Stream& stream) {
    return !stream.receiver || stream.said_bye;
  });
  const bool any = std::ranges::any_of(streams_, &Stream::said_bye);
  if (!all || !any) return;
  ends_at_ = now + kByeGrace;
  owner_.producer_wants_to_send();
}

void RtpProducer::set_paused(bool paused, Instant now) noexcept {
  if (spec_.paused == paused) return;
  spec_.paused = paused;
  interrupt();
  if (paused) {
    if (microphone_) microphone_->mute();
    forget_packets();
    for (Stream& stream : streams_) {
      if (stream.nacks) stream.nacks->reset();
    }
    ends_at_.reset();
    return;
  }
  for (std::size_t i = 0; i < streams_.size(); ++i) request_keyframe(static_cast<std::uint8_t>(i), now);
}

void RtpProducer::add_remote(WorkerIndex worker) {
  if (std::ranges::find(remotes_, worker) == remotes_.end()) remotes_.push_back(worker);
}

void RtpProducer::remove_remote(WorkerIndex worker) noexcept { std::erase(remotes_, worker); }

void RtpProducer::request_keyframe(std::uint8_t encoding, Instant now) noexcept {
  if (kind() == MediaKind::audio || encoding >= streams_.size() || spec_.paused) return;
  if (held_back() && !has_takers() && remotes_.empty()) return;  // nobody would get it
  Stream& stream = streams_[encoding];
  if (!stream.keyframes) {
    stream.keyframe_wanted = true;
    return;
  }
  const auto due_before = stream.keyframes->next_timeout();
  stream.keyframes->handle_request(now);
  if (stream.keyframes->next_timeout() != due_before) owner_.producer_wants_to_send();
}

void RtpProducer::append_report_blocks(std::vector<ReportBlock>& out, Instant now) noexcept {
  release_idle(now);
  for (Stream& stream : streams_) {
    if (!stream.receiver || out.size() == out.capacity()) continue;
    update_score(stream);
    if (const auto block = stream.receiver->make_report_block(now)) out.push_back(*block);
  }
}

void RtpProducer::update_score(Stream& stream) noexcept {
  const ReceiverStats stats = stream.receiver->stats();
  const std::chrono::duration<double> jitter{static_cast<double>(stats.jitter) / stream.receiver->clock_rate()};
  stream.score.update({.expected = static_cast<std::int64_t>(stats.packets) + stats.lost,
                       .lost = stats.lost,
                       .repaired = static_cast<std::int64_t>(stats.repaired)},
                      {.jitter = std::chrono::duration_cast<Duration>(jitter), .round_trip = round_trip_});
}

bool RtpProducer::write_nack(RtcpBuilder& out, Ssrc sender, Instant now) noexcept {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    std::optional<NackGenerator>& nacks = streams_[i].nacks;
    if (!nacks || !nacks->next_timeout()) continue;
    if (!has_audience()) {
      nacks->reset();
      continue;
    }
    std::array<RtpSequence, kMaxNacked> lost;
    const std::size_t count = nacks->poll(now, round_trip_, lost);
    if (nacks->take_break()) request_keyframe(static_cast<std::uint8_t>(i), now);
    if (count == 0) continue;
    static_cast<void>(out.add_nack(sender, streams_[i].receiver->ssrc(), std::span{lost}.first(count)));
    return true;
  }
  return false;
}

void RtpProducer::write_keyframe_requests(RtcpBuilder& out, Ssrc sender, Instant now) noexcept {
  for (Stream& stream : streams_) {
    if (!stream.keyframes) continue;
    if (const auto request = stream.keyframes->poll(now)) write_request(out, sender, stream, *request);
  }
}

void RtpProducer::write_request(RtcpBuilder& out, Ssrc sender, Stream& stream, SendPli request) noexcept {
  if (spec_.mapping.feedback.pli) {
    static_cast<void>(out.add_pli(sender, request.ssrc));
  } else if (spec_.mapping.feedback.fir) {
    static_cast<void>(out.add_fir(sender, {.ssrc = request.ssrc, .sequence = stream.fir_sequence++}));
  }
}

bool RtpProducer::take_ended(Instant now) noexcept {
  if (!ends_at_ || now < *ends_at_) return false;
  ends_at_.reset();
  return true;
}

std::optional<Instant> RtpProducer::next_timeout() const noexcept {
  std::optional<Instant> next = ends_at_;
  const auto consider = [&next](std::optional<Instant> due) {
    if (due && (!next || *due < *next)) next = due;
  };
  for (const Stream& stream : streams_) {
    if (stream.keyframes) consider(stream.keyframes->next_timeout());
    if (stream.nacks) consider(stream.nacks->next_timeout());
  }
  return next;
}

}  // namespace sluice
