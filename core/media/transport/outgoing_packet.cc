#include "core/media/transport/outgoing_packet.h"

#include <array>
#include <span>

#include "core/base/byte_writer.h"
#include "core/media/layers/layer_selector.h"
#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/red.h"
#include "core/media/rtp/rtp_writer.h"

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
      if (id != ortc::kNoExtension) add(id, element.data);
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
  void add(std::uint8_t id, Bytes data) noexcept {
    if (count_ < elements_.size()) elements_[count_++] = {.id = id, .data = data};
  }

  const ortc::ConsumerMapping& mapping_;
  std::array<std::uint8_t, 3> abs_send_time_;
  std::array<std::uint8_t, 2> transport_sequence_{};
  std::array<ExtensionElement, RoutedPacket::kMaxExtensions + 3> elements_{};
  std::size_t count_ = 0;
};

// Labels and clocks of the producer's own transport say nothing to this client.
bool belongs_to_hop(HeaderExtension extension) noexcept {
  switch (extension) {
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

RtpHeader header_for(const ortc::ConsumerMapping& mapping, const RoutedPacket& packet,
                     const SequenceRewriter::Run& run) noexcept {
  const auto numbers = run.apply({packet.rtp.sequence(), packet.rtp.timestamp()});
  RtpHeader header = header_of(packet.rtp);
  header.marker = header.marker || LayerSelector::ends_picture(packet.layers, run.position);
  header.payload_type = PayloadType{mapping.codecs[packet.payload_type].payload_type};
  header.sequence = numbers.sequence;
  header.timestamp = numbers.timestamp;
  header.ssrc = mapping.streams.front().ssrc;
  return header;
}

}  // namespace

void OutgoingPacket::prepare(ortc::ConsumerMapping& mapping) noexcept {
  for (std::uint8_t& id : mapping.extensions) {
    const auto extension = id == ortc::kNoExtension ? std::nullopt : mapping.extension_map.extension_of(id);
    if (extension && belongs_to_hop(*extension)) id = ortc::kNoExtension;
  }
}

std::size_t OutgoingPacket::write(MutableBytes buffer, const RoutedPacket& packet,
                                  const SequenceRewriter::Run& run) noexcept {
  OutgoingExtensions extensions{mapping_, now_};
  extensions.carry(packet);
  extensions.add_ours(output_);
  const Bytes payload = payload_of(mapping_, packet);
  const std::size_t size =
      write_rtp(buffer, header_for(mapping_, packet, run), extensions.elements(), payload, packet.padding)
          .value_or(std::size_t{0});
  if (size == 0) return 0;
  rewrite_payload(buffer.subspan(size - packet.padding - payload.size(), payload.size()), packet, run);
  return size;
}

//  |  RTP header  | OSN (16) | payload of the original |
std::size_t OutgoingPacket::write_rtx(MutableBytes buffer, const RoutedPacket& packet, const SequenceRewriter::Run& run,
                                      RtpSequence sequence, Content content) noexcept {
  OutgoingExtensions extensions{mapping_, now_};
  extensions.carry(packet);
  extensions.add_ours(output_);
  RtpHeader header = header_for(mapping_, packet, run);
  const RtpSequence original = header.sequence;
  header.payload_type = PayloadType{mapping_.codecs[packet.payload_type].rtx_payload_type};
  header.ssrc = mapping_.streams.front().rtx_ssrc.value_or(Ssrc{});
  header.sequence = sequence;

  ByteWriter out{buffer};
  if (!write_rtp_header(out, header, extensions.elements(), Padding::absent)) return 0;
  out.u16(original.value());
  const Bytes payload = payload_of(mapping_, packet);
  if (content == Content::media) out.bytes(payload);
  if (out.failed()) return 0;
  if (content == Content::media) rewrite_payload(out.written().last(payload.size()), packet, run);
  return out.size();
}

std::size_t OutgoingPacket::write_filler(MutableBytes buffer, const RoutedPacket& packet,
                                         const SequenceRewriter::Run& run) noexcept {
  OutgoingExtensions extensions{mapping_, now_};
  extensions.add_ours(output_);
  RtpHeader header = header_for(mapping_, packet, run);
  header.marker = false;
  return write_rtp(buffer, header, extensions.elements(), {}, 1).value_or(std::size_t{0});
}

std::size_t OutgoingPacket::write_padding(MutableBytes buffer, const RtxHeader& rtx, RtpTimestamp timestamp,
                                          std::uint8_t padding) noexcept {
  OutgoingExtensions extensions{mapping_, now_};
  extensions.add_ours(output_);
  const RtpHeader header{
      .payload_type = rtx.payload_type, .sequence = rtx.sequence, .timestamp = timestamp, .ssrc = rtx.ssrc};
  return write_rtp(buffer, header, extensions.elements(), {}, padding).value_or(std::size_t{0});
}

Bytes OutgoingPacket::payload_of(const ortc::ConsumerMapping& mapping, const RoutedPacket& packet) noexcept {
  const Bytes payload = packet.rtp.payload();
  const bool stripped = packet.payload_type == mapping.red.router_payload_type && mapping.red.is_stripped();
  return stripped ? strip_red(payload) : payload;
}

void OutgoingPacket::rewrite_payload(MutableBytes payload, const RoutedPacket& packet,
                                     const SequenceRewriter::Run& run) const noexcept {
  if (packet.payload_type == mapping_.red.router_payload_type && !mapping_.red.is_stripped()) {
    set_red_payload_type(payload, PayloadType{mapping_.red.block_payload_type});
  }
  rewrite_pictures(payload, packet.layers, run);
}

// A receiver that gets the dependency descriptor goes by it, and the payload may be encrypted end to end.
void OutgoingPacket::rewrite_pictures(MutableBytes payload, const PacketLayers& layers,
                                      const SequenceRewriter::Run& run) const noexcept {
  const PictureNumbers& pictures = layers.pictures;
  if (pictures.id_at == 0 || (run.picture_offset == 0 && run.tl0_offset == 0)) return;
  if (layers.described && mapping_.extension_map.id_of(HeaderExtension::dependency_descriptor)) return;
  const std::size_t octets = pictures.long_id ? 2 : 1;
  if (pictures.id_at + octets > payload.size() || pictures.tl0_at >= payload.size()) return;

  ByteWriter id{payload.subspan(pictures.id_at, octets)};
  const auto value = static_cast<std::uint16_t>(pictures.id + run.picture_offset);
  if (pictures.long_id) {
    id.u16(static_cast<std::uint16_t>(0x8000 | (value & 0x7fff)));  // M and 15 bits
  } else {
    id.u8(value & 0x7f);
  }
  if (pictures.tl0_at != 0) payload[pictures.tl0_at] = static_cast<std::uint8_t>(pictures.tl0_index + run.tl0_offset);
}

}  // namespace sluice
