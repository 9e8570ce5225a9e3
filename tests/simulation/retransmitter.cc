#include "tests/simulation/retransmitter.h"

#include <algorithm>
#include <span>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/rtx.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/simulation/media_source.h"

namespace sluice::simulation {

void Retransmitter::keep(Bytes packet, bool for_rtx) {
  const auto view = RtpPacketView::parse(packet);
  const auto found = view ? streams_.find(view->ssrc()) : streams_.end();
  if (found == streams_.end() || found->second->spec.rtx_ssrc.has_value() != for_rtx) return;
  auto& packets = found->second->packets;
  packets.emplace_back(packet.begin(), packet.end());
  if (packets.size() > kKeptPackets) packets.pop_front();
}

Bytes Retransmitter::repeat(Stream& stream, RtpSequence sequence) {
  for (auto packet = stream.packets.rbegin(); packet != stream.packets.rend(); ++packet) {
    const auto view = RtpPacketView::parse(*packet);
    if (!view || view->sequence() != sequence) continue;
    if (stream.spec.rtx_ssrc) return write(stream, *view);
    ++retransmitted_;
    return *packet;
  }
  return {};
}

Bytes Retransmitter::write(Stream& stream, const RtpPacketView& original) {
  std::array<ExtensionElement, 2> extensions;
  std::size_t count = 0;
  const StreamSpec& spec = stream.spec;
  if (spec.mid) extensions[count++] = {.id = kProducerIds.mid, .data = element_data(*spec.mid)};
  if (spec.rid) extensions[count++] = {.id = kProducerIds.repaired_rid, .data = element_data(*spec.rid)};
  const auto size = write_rtx(out_, original,
                              {.ssrc = *spec.rtx_ssrc, .payload_type = spec.rtx_payload_type, .sequence = stream.next},
                              std::span{extensions}.first(count));
  if (!size) return {};
  stream.next = advance(stream.next, 1);
  ++retransmitted_;
  return Bytes{out_}.first(*size);
}

}  // namespace sluice::simulation
