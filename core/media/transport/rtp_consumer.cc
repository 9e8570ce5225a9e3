#include "core/media/transport/rtp_consumer.h"

#include <array>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/rtp_writer.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {

namespace {

// The extensions of one outgoing packet: those of the producer under the consumer's ids, and those that belong to this
// hop alone, written anew.
class OutgoingExtensions {
 public:
  OutgoingExtensions(const ortc::ConsumerMapping& mapping, Instant now) noexcept
      : mapping_{mapping}, abs_send_time_{write_abs_send_time(to_abs_send_time(now))} {}

  void carry(const RoutedPacket& packet) noexcept {
    for (const ExtensionElement& element : packet.extensions()) {
      const std::uint8_t id = mapping_.extensions[element.id];
      if (id != ortc::kNoExtension && !is_ours(id)) add(id, element.data);
    }
  }

  void add_ours(RtpOutput& output) noexcept {
    if (const auto id = mapping_.extension_map.id_of(HeaderExtension::mid); id && mapping_.mid) {
      add(*id, element_data(*mapping_.mid));
    }
    if (const auto id = mapping_.extension_map.id_of(HeaderExtension::abs_send_time)) add(*id, abs_send_time_);
    if (const auto id = mapping_.extension_map.id_of(HeaderExtension::transport_sequence_number)) {
      transport_sequence_ = write_transport_sequence(TransportSequence{output.next_transport_sequence()});
      add(*id, transport_sequence_);
    }
  }

  [[nodiscard]] std::span<const ExtensionElement> elements() const noexcept { return {elements_.data(), count_}; }

 private:
  // Labels and clocks of the producer's own transport say nothing to this client.
  [[nodiscard]] bool is_ours(std::uint8_t id) const noexcept {
    switch (mapping_.extension_map.extension_of(id).value_or(HeaderExtension::audio_level)) {
      case HeaderExtension::mid:
      case HeaderExtension::rid:
      case HeaderExtension::repaired_rid:
      case HeaderExtension::abs_send_time:
      case HeaderExtension::transport_sequence_number:
        return true;
      default:
        return false;
    }
  }

  void add(std::uint8_t id, Bytes data) noexcept {
    if (count_ < elements_.size()) elements_[count_++] = {.id = id, .data = data};
  }

  const ortc::ConsumerMapping& mapping_;
  std::array<std::uint8_t, 3> abs_send_time_;
  std::array<std::uint8_t, 2> transport_sequence_{};
  std::array<ExtensionElement, RoutedPacket::kMaxExtensions + 3> elements_{};
  std::size_t count_ = 0;
};

}  // namespace

RtpConsumer::RtpConsumer(Spec spec, RtpOutput& output)
    : spec_{std::move(spec)},
      output_{output},
      rewriter_{spec_.first},
      sender_{spec_.mapping.streams.front().ssrc, spec_.clock_rate},
      needs_keyframe_{spec_.kind == MediaKind::video} {}

RtpConsumer::~RtpConsumer() {
  if (source_ != nullptr) source_->remove(*this);
}

void RtpConsumer::attach(RtpSource& source, Instant now) noexcept {
  source_ = &source;
  source.add(*this);
  if (!spec_.paused) ask_source(now);
}

void RtpConsumer::forward(const RoutedPacket& packet, Instant now) noexcept {
  if (spec_.paused || !wants(packet, now)) return;
  const MutableBytes buffer = output_.begin_rtp();
  if (buffer.empty()) return;

  const auto numbers =
      rewriter_.rewrite({packet.rtp.sequence(), packet.rtp.timestamp()}, packet.clock_rate, same_clock_, now);
  const std::size_t size = numbers ? write(packet, *numbers, buffer, now) : 0;
  if (!output_.end_rtp(size)) return;

  same_clock_ = true;
  needs_keyframe_ = false;
  current_encoding_ = packet.encoding;
  last_sent_at_ = now;
  sender_.on_packet_sent(numbers->timestamp, packet.rtp.payload().size(), now);
}

std::uint8_t RtpConsumer::best_encoding() const noexcept {
  return source_ == nullptr ? 0 : static_cast<std::uint8_t>(source_->encodings() - 1);
}

bool RtpConsumer::wants(const RoutedPacket& packet, Instant now) noexcept {
  if (spec_.mapping.codecs[packet.payload_type].payload_type == ortc::kNoPayloadType) return false;
  return spec_.kind == MediaKind::audio || wants_encoding(packet, now);
}

// Of a simulcast the best encoding that is there is taken, and kept until it falls silent: choosing by the receiver's
// bandwidth is not done here. A start, and every change of encoding, takes a key frame.
bool RtpConsumer::wants_encoding(const RoutedPacket& packet, Instant now) noexcept {
  const bool is_current = packet.encoding == current_encoding_;
  if (is_current && !needs_keyframe_) return true;
  if (current_encoding_ && !is_current && !needs_keyframe_) {
    if (packet.encoding < *current_encoding_ && now - last_sent_at_ < kEncodingSilence) return false;
    if (!packet.keyframe && packet.encoding < *current_encoding_ && source_ != nullptr) {
      source_->request_keyframe(packet.encoding, now);
    }
  }
  if (!packet.keyframe) return false;
  if (current_encoding_ && !is_current) {
    same_clock_ = false;
    rewriter_.begin_run();
  }
  return true;
}

std::size_t RtpConsumer::write(const RoutedPacket& packet, SequenceRewriter::Numbers numbers, MutableBytes buffer,
                               Instant now) noexcept {
  OutgoingExtensions extensions{spec_.mapping, now};
  extensions.carry(packet);
  extensions.add_ours(output_);

  RtpHeader header = header_of(packet.rtp);
  header.payload_type = PayloadType{spec_.mapping.codecs[packet.payload_type].payload_type};
  header.sequence = numbers.sequence;
  header.timestamp = numbers.timestamp;
  header.ssrc = ssrc();
  return write_rtp(buffer, header, extensions.elements(), packet.rtp.payload()).value_or(std::size_t{0});
}

void RtpConsumer::interrupt() noexcept {
  rewriter_.begin_run();
  needs_keyframe_ = spec_.kind == MediaKind::video;
}

void RtpConsumer::set_paused(bool paused, Instant now) noexcept {
  if (spec_.paused == paused) return;
  spec_.paused = paused;
  interrupt();
  if (!paused) ask_source(now);
}

void RtpConsumer::request_keyframe(Instant now) noexcept {
  ++keyframe_requests_;
  ask_source(now);
}

void RtpConsumer::output_ready(Instant now) noexcept {
  if (!spec_.paused && needs_keyframe_) ask_source(now);
}

void RtpConsumer::ask_source(Instant now) noexcept {
  if (source_ == nullptr || spec_.kind == MediaKind::audio) return;
  source_->request_keyframe(current_encoding_.value_or(best_encoding()), now);
}

}  // namespace sluice
