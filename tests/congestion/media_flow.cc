#include "tests/congestion/media_flow.h"

#include <algorithm>

#include "core/base/byte_writer.h"
#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/rtp_writer.h"

namespace sluice::congestion {
namespace {

constexpr Ssrc kMedia{1};
constexpr Ssrc kReporter{2};
constexpr std::uint8_t kMaxPadding = 255;

void earliest(std::optional<Instant>& so_far, std::optional<Instant> candidate) {
  if (candidate && (!so_far || *candidate < *so_far)) so_far = candidate;
}

}  // namespace

MediaFlow::MediaFlow(SimulatedNetwork& network, const Config& config)
    : network_{network},
      config_{config},
      source_{config.source, network.now()},
      estimator_{config.estimator, network.now()},
      log_{config.base_delay} {
  estimator_.set_wanted(source_.max(), network.now());
  follow_estimate(network.now());
  network_.attach(config_.sender,
                  {.handle_datagram = [this](Address, Bytes datagram, Instant now) { handle_rtcp(datagram, now); },
                   .next_timeout = [this] { return next_timeout(); },
                   .handle_timeout = [this](Instant now) { handle_timeout(now); }});
  network_.attach(config_.receiver,
                  {.handle_datagram = [this](Address, Bytes datagram, Instant now) { handle_rtp(datagram, now); },
                   .next_timeout = [this] { return feedback_.next_timeout(); },
                   .handle_timeout = [this](Instant) { send_feedback(); }});
}

MediaFlow::~MediaFlow() {
  network_.detach(config_.sender);
  network_.detach(config_.receiver);
}

void MediaFlow::follow_estimate(Instant now) { pacer_.set_rate(estimator_.estimate() * kPacing, now); }

void MediaFlow::handle_timeout(Instant now) {
  if (const auto probe = estimator_.poll_probe(now)) {
    ++probes_;
    pacer_.start_probe(*probe, now);
  }
  follow_estimate(now);
  while (const auto frame = source_.poll(estimator_.estimate(), now)) send_frame(*frame, now);
  send_waiting(now);
}

std::optional<Instant> MediaFlow::next_timeout() const {
  std::optional<Instant> next = source_.next_timeout();
  earliest(next, pacer_.next_timeout());
  earliest(next, estimator_.next_timeout());
  return next;
}

void MediaFlow::send_frame(std::size_t bytes, Instant now) {
  const std::size_t packets = std::max<std::size_t>(1, (bytes + kMaxPayload - 1) / kMaxPayload);
  for (std::size_t i = 0; i < packets; ++i) {
    const MutableBytes packet = write_packet(std::max(bytes / packets, kNumberSize), 0);
    if (!pacer_.may_send(PacePriority::video, now)) {
      static_cast<void>(pacer_.push(PacePriority::video, packet, now));
      continue;
    }
    const std::uint8_t probe = pacer_.probe();
    pacer_.on_sent(packet.size(), now);
    send_packet(packet, probe, now);
  }
}

void MediaFlow::send_waiting(Instant now) {
  while (const auto packet = pacer_.poll(now)) send_packet(*packet, pacer_.probe(), now);
  while (pacer_.padding_due(now) > 0) send_padding(now);
}

// As a gateway without a retransmission history has it: padding alone, RFC 3550 section 5.1, with a number in front.
void MediaFlow::send_padding(Instant now) {
  const MutableBytes packet = write_packet(kNumberSize, kMaxPadding);
  const std::uint8_t probe = pacer_.probe();
  pacer_.on_sent(packet.size(), now);
  send_packet(packet, probe, now);
}

MutableBytes MediaFlow::write_packet(std::size_t payload, std::uint8_t padding) {
  static constexpr std::array<std::uint8_t, 1500> kNothing{};
  const std::array<std::uint8_t, 2> number{};  // written when it leaves
  const ExtensionElement extension{.id = kTransportSequenceId, .data = number};
  const auto size =
      write_rtp(buffer_, {.payload_type = PayloadType{96}, .sequence = RtpSequence{rtp_sequence_++}, .ssrc = kMedia},
                std::span{&extension, 1}, Bytes{kNothing}.first(payload), padding);
  return MutableBytes{buffer_}.first(size.value());
}

void MediaFlow::send_packet(MutableBytes packet, std::uint8_t probe, Instant now) {
  const std::size_t number = log_.sent(packet.size(), now);
  const TransportSequence sequence{static_cast<std::uint16_t>(number)};
  std::ranges::copy(write_transport_sequence(sequence), mutable_extension(packet, kTransportSequenceId)->begin());
  const std::size_t header = RtpPacketView::parse(packet).value().header_size();
  ByteWriter{packet.subspan(header, kNumberSize)}.u32(static_cast<std::uint32_t>(number));

  sent_.on_sent(sequence, packet.size(), probe, now);
  estimator_.on_sent(packet.size(), now);
  network_.send(config_.sender, config_.receiver, packet);
}

void MediaFlow::handle_rtp(Bytes datagram, Instant now) {
  const auto packet = RtpPacketView::parse(datagram).value();
  log_.arrived(ByteReader{packet.payload()}.u32(), now);
  const auto element = packet.extension(kTransportSequenceId);
  feedback_.on_packet(read_transport_sequence(*element).value(), now);
}

void MediaFlow::send_feedback() {
  for (;;) {
    std::array<std::uint8_t, 1200> buffer;
    RtcpBuilder out{buffer};
    if (!feedback_.write(out, kReporter, kMedia)) return;
    network_.send(config_.receiver, config_.sender, out.bytes());
  }
}

void MediaFlow::handle_rtcp(Bytes datagram, Instant now) {
  const auto compound = RtcpCompound::parse(datagram).value();
  for (const RtcpBlock& block : compound) {
    const auto feedback = Feedback::parse(block);
    if (!feedback || feedback->kind != FeedbackKind::transport_cc) continue;
    const auto results = sent_.on_feedback(feedback->fci, results_, now);
    if (results) estimator_.on_feedback(*results, now);
  }
  handle_timeout(now);
}

}  // namespace sluice::congestion
