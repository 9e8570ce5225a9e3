// Reads a hostile packet in every way the gateway does, and writes what it understood back: the copy must read the
// same.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "core/media/rtp/demux.h"
#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/rtp_writer.h"
#include "core/media/rtp/rtx.h"

namespace sluice {
namespace {

constexpr std::size_t kMaxInput = 4096;
constexpr std::size_t kRoom = 2048;  ///< for the two-byte form where the input had the one-byte one, and for an OSN

void require(bool condition) {
  if (!condition) std::abort();
}

bool same(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

void require_same(const RtpPacketView& a, const RtpPacketView& b) {
  require(a.marker() == b.marker() && a.payload_type() == b.payload_type() && a.ssrc() == b.ssrc());
  require(a.sequence() == b.sequence() && a.timestamp() == b.timestamp());
  require(same(a.csrcs().wire(), b.csrcs().wire()));
  require(same(a.payload(), b.payload()) && a.padding_size() == b.padding_size());
  auto other = b.extensions().begin();
  for (const ExtensionElement& element : a.extensions()) {
    require(other != b.extensions().end() && element.id == other->id && same(element.data, other->data));
    ++other;
  }
  require(other == b.extensions().end());
}

void read_values(Bytes element) {
  if (const auto mid = read_mid(element)) require(same(element_data(*mid), element));
  if (const auto rid = read_rid(element)) require(same(element_data(*rid), element));
  if (const auto level = read_audio_level(element)) require(read_audio_level(write_audio_level(*level)) == level);
  if (const auto time = read_abs_send_time(element)) require(same(write_abs_send_time(*time), element));
  if (const auto delay = read_playout_delay(element)) require(same(write_playout_delay(*delay), element));
  static_cast<void>(read_transport_sequence(element));
  static_cast<void>(read_video_orientation(element));
}

void write_back(const RtpPacketView& packet, std::span<const ExtensionElement> elements) {
  std::array<std::uint8_t, kMaxInput + kRoom> out;
  const auto size = write_rtp(out, header_of(packet), elements, packet.payload(), packet.padding_size());
  require(size.has_value());
  const auto copy = RtpPacketView::parse(Bytes{out}.first(*size));
  require(copy.has_value());
  require_same(packet, *copy);
}

void retransmit(const RtpPacketView& packet, std::span<const ExtensionElement> elements) {
  std::array<std::uint8_t, kMaxInput + kRoom> out;
  const auto size = write_rtx(out, packet, {.ssrc = Ssrc{1}, .payload_type = {}, .sequence = {}}, elements);
  require(size.has_value());
  const auto restored =
      restore_from_rtx(MutableBytes{out}.first(*size), {.ssrc = packet.ssrc(), .payload_type = packet.payload_type()});
  require(restored.has_value());
  const auto original = RtpPacketView::parse(*restored);
  require(original.has_value());
  require(original->sequence() == packet.sequence() && same(original->payload(), packet.payload()));
}

void demultiplex(const RtpPacketView& packet) {
  HeaderExtensionMap map;
  require(map.add(HeaderExtension::mid, 1).has_value() && map.add(HeaderExtension::rid, 2).has_value());
  RtpDemuxer demuxer{map};
  require(demuxer.add({.stream = StreamId{1}, .mid = Mid::from("0")}).has_value());
  const auto match = demuxer.find(packet);
  require(match.has_value() == (demuxer.unknown_packets() == 0));
  if (match) require(demuxer.find(packet.ssrc()).has_value());
}

void run(Bytes input) {
  if (input.size() > kMaxInput) return;
  std::vector<std::uint8_t> damaged{input.begin(), input.end()};
  static_cast<void>(restore_from_rtx(damaged, {}));

  const auto packet = RtpPacketView::parse(input);
  if (!packet) return;
  std::vector<ExtensionElement> elements;
  for (const ExtensionElement& element : packet->extensions()) {
    elements.push_back(element);
    read_values(element.data);
  }
  demultiplex(*packet);
  write_back(*packet, elements);
  retransmit(*packet, elements);
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
