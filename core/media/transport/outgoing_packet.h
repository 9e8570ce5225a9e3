#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/ortc/mapping.h"
#include "core/media/rtp/rtx.h"
#include "core/media/transport/routed_packet.h"
#include "core/media/transport/rtp_output.h"
#include "core/media/transport/sequence_rewriter.h"
#include "sluice/time.h"

namespace sluice {

/// Writes a producer's packets as one consumer gets them: payload types, extension ids, numbers and pictures of its
/// own. Into the outgoing buffer alone; the producer's bytes are everybody's.
class OutgoingPacket {
 public:
  /// To be called once for a mapping: from then on extensions of the producer's own hop are not carried over.
  static void prepare(ortc::ConsumerMapping& mapping) noexcept;

  /// Borrows all of it.
  OutgoingPacket(const ortc::ConsumerMapping& mapping, RtpOutput& output, Instant now) noexcept
      : mapping_{mapping}, output_{output}, now_{now} {}

  // @return The packet's size; 0: it does not fit the buffer.

  /// What of the packet's payload this consumer gets: all of it, or without its redundancy.
  [[nodiscard]] static Bytes payload_of(const ortc::ConsumerMapping& mapping, const RoutedPacket& packet) noexcept;

  /// As media.
  [[nodiscard]] std::size_t write(MutableBytes buffer, const RoutedPacket& packet,
                                  const SequenceRewriter::Run& run) noexcept;
  enum class Content : std::uint8_t { media, nothing };
  /// In the stream of retransmissions, RFC 4588 section 4, under `sequence` of that stream's own numbering. With
  /// Content::nothing the number alone, of a packet whose layers are not wanted.
  [[nodiscard]] std::size_t write_rtx(MutableBytes buffer, const RoutedPacket& packet, const SequenceRewriter::Run& run,
                                      RtpSequence sequence, Content content) noexcept;
  /// Padding alone, in place of a packet whose number was kept for it but whose layers are not wanted.
  [[nodiscard]] std::size_t write_filler(MutableBytes buffer, const RoutedPacket& packet,
                                         const SequenceRewriter::Run& run) noexcept;
  /// Nothing but padding, in the stream of retransmissions: repairs nothing, and fills a probe.
  [[nodiscard]] std::size_t write_padding(MutableBytes buffer, const RtxHeader& rtx, RtpTimestamp timestamp,
                                          std::uint8_t padding) noexcept;

 private:
  void rewrite_payload(MutableBytes payload, const RoutedPacket& packet,
                       const SequenceRewriter::Run& run) const noexcept;
  void rewrite_pictures(MutableBytes payload, const PacketLayers& layers,
                        const SequenceRewriter::Run& run) const noexcept;

  const ortc::ConsumerMapping& mapping_;
  RtpOutput& output_;
  Instant now_;
};

}  // namespace sluice
