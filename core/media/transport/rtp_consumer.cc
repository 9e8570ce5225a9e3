#include "core/media/transport/rtp_consumer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/prefetch.h"
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
      transport_sequence_ = write_transport_sequence(TransportSequence{output.number_rtp()});
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

std::uint8_t RtpConsumer::encodings() const noexcept {
  const std::size_t known = source_ == nullptr ? 1 : source_->encodings();
  return static_cast<std::uint8_t>(std::clamp(known, std::size_t{1}, last_seen_.size()));
}

void RtpConsumer::detach() noexcept {
  if (source_ != nullptr) std::exchange(source_, nullptr)->remove(*this);
  interrupt();
  same_clock_ = false;
  current_encoding_.reset();
  last_seen_ = {};
}

void RtpConsumer::attach(RtpSource& source, Instant now) noexcept {
  detach();
  source_ = &source;
  source.add(*this);
  if (!spec_.paused) ask_source(now);
}

void RtpConsumer::prefetch() const noexcept {
  sluice::prefetch(&spec_);
  sluice::prefetch(&spec_.mapping.codecs[ortc::kFirstDynamicPayloadType], kCacheLine);
  sluice::prefetch(spec_.mapping.extensions.data());
  sluice::prefetch(&spec_.mapping.extension_map, sizeof spec_.mapping.extension_map);
  sluice::prefetch(&rewriter_, sizeof rewriter_ + kCacheLine);
  sluice::prefetch(&needs_keyframe_, sizeof last_seen_);
}

void RtpConsumer::forward(const RoutedPacket& packet, Instant now) noexcept {
  if (spec_.paused) return;
  begin_run_if_new(packet);
  if (!wants(packet, now)) return;
  const MutableBytes buffer = output_.begin_rtp();
  if (buffer.empty()) return;

  const auto numbers =
      rewriter_.rewrite({packet.rtp.sequence(), packet.rtp.timestamp()}, packet.clock_rate, same_clock_, now);
  if (!numbers) return output_.cancel_rtp();
  const auto priority = spec_.kind == MediaKind::audio ? PacePriority::audio : PacePriority::video;
  if (!output_.end_rtp(write(packet, *numbers, buffer, now), priority, now)) return;

  if (!std::exchange(same_clock_, true)) sender_.set_clock_rate(packet.clock_rate);
  needs_keyframe_ = false;
  current_encoding_ = packet.encoding;
  sender_.on_packet_sent(numbers->timestamp, packet.rtp.payload().size(), now);
}

// The sender of the encoding that we follow has started over, with another clock.
void RtpConsumer::begin_run_if_new(const RoutedPacket& packet) noexcept {
  if (!packet.new_run || (current_encoding_ && packet.encoding != *current_encoding_)) return;
  interrupt();
  same_clock_ = false;
}

// The highest of those that send; of none that does, what is asked for is the highest that there is.
std::uint8_t RtpConsumer::best_encoding(Instant now) const noexcept {
  for (std::size_t encoding = encodings(); encoding-- > 0;) {
    const auto& seen = last_seen_[encoding];
    if (seen && now - *seen < kEncodingSilence) return static_cast<std::uint8_t>(encoding);
  }
  return static_cast<std::uint8_t>(encodings() - 1);
}

bool RtpConsumer::wants(const RoutedPacket& packet, Instant now) noexcept {
  if (spec_.mapping.codecs[packet.payload_type].payload_type == ortc::kNoPayloadType) return false;
  return spec_.kind == MediaKind::audio || wants_encoding(packet, now);
}

// Of a simulcast the best encoding that sends is taken: choosing by the receiver's bandwidth is not done here. A start,
// and every change of encoding, takes a key frame; until it comes the encoding before goes on. Who has nothing at all
// takes any key frame.
bool RtpConsumer::wants_encoding(const RoutedPacket& packet, Instant now) noexcept {
  if (packet.encoding >= encodings()) return false;
  last_seen_[packet.encoding] = now;
  const bool is_current = packet.encoding == current_encoding_;
  if (is_current && !needs_keyframe_) return true;

  const bool is_best = packet.encoding == best_encoding(now);
  if (!packet.layers.keyframe) {
    // Requests are merged by the source; this one is for those that it gave up, or did not get.
    if (is_best && source_ != nullptr) source_->request_keyframe(packet.encoding, now);
    return false;
  }
  if (!is_best && !needs_keyframe_) return false;
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
  return write_rtp(buffer, header, extensions.elements(), packet.rtp.payload(), packet.padding)
      .value_or(std::size_t{0});
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
  if (needs_keyframe_) last_seen_[encodings() - 1U] = now;  // the best is given its time to show up
  source_->request_keyframe(needs_keyframe_ ? best_encoding(now) : *current_encoding_, now);
}

}  // namespace sluice
