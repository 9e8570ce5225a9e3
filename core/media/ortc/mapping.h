#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/ortc/limits.h"
#include "core/media/ortc/scalability_mode.h"
#include "core/media/rtp/header_extensions.h"
#include "core/media/rtp/stream_label.h"
#include "core/media/rtp/video_codec.h"
#include "sluice/media_types.h"

/// What the worker needs of a negotiation, laid out for a look-up per packet: arrays indexed by the payload type or the
/// extension id that stands in the packet. Filled on the control thread, then moved to the worker and only read.
///
/// Between producer and consumer packets are in the router's numbering: ProducerMapping translates into it,
/// ConsumerMapping out of it.
namespace sluice::ortc {

inline constexpr std::uint8_t kNoPayloadType = 0xff;  ///< not negotiated: drop the packet
inline constexpr std::uint8_t kNoExtension = 0;       ///< not negotiated: leave the extension out

/// The RTCP feedback both ends agreed to use on a track, RFC 4585 section 4.2 and RFC 5104 section 7.1.
struct FeedbackSet {
  bool nack = false;
  bool pli = false;  ///< nack pli
  bool fir = false;  ///< ccm fir
  bool remb = false;
  bool transport_cc = false;

  friend bool operator==(const FeedbackSet&, const FeedbackSet&) = default;
};

/// From a producer's packets to the router's numbering.
struct ProducerMapping {
  struct Codec {
    std::uint8_t payload_type = kNoPayloadType;  ///< the router's
    /// RTX: the producer's payload type that is repaired. Otherwise kNoPayloadType.
    std::uint8_t repaired_payload_type = kNoPayloadType;
    /// RED: the producer's payload type of its blocks. Otherwise kNoPayloadType.
    std::uint8_t block_payload_type = kNoPayloadType;
    std::uint32_t clock_rate = 0;             ///< Hz
    std::optional<VideoCodec> video_codec{};  ///< how to read the payload; none of audio and RTX

    [[nodiscard]] bool is_rtx() const noexcept { return repaired_payload_type != kNoPayloadType; }
    [[nodiscard]] bool is_red() const noexcept { return block_payload_type != kNoPayloadType; }
  };
  struct Encoding {
    std::optional<Ssrc> ssrc{};      ///< the producer's, where it was told; else it is learnt through `rid`
    std::optional<Ssrc> rtx_ssrc{};  ///< as `ssrc`, through the repaired rid
    std::optional<Rid> rid{};
    Ssrc mapped_ssrc{};  ///< the router's name of this stream
    ScalabilityMode layers{};
  };

  std::array<Codec, kPayloadTypes> codecs{};             ///< by the producer's payload type
  std::array<std::uint8_t, kExtensionIds> extensions{};  ///< by the producer's id: the router's, or kNoExtension
  HeaderExtensionMap extension_map{};                    ///< the producer's ids by meaning
  std::vector<Encoding> encodings{};                     ///< lowest quality first, as listed; at most kMaxEncodings
  std::optional<Mid> mid{};
  FeedbackSet feedback{};  ///< what may be sent to the producer
};

/// From the router's numbering to a consumer's packets.
struct ConsumerMapping {
  /// What becomes of redundant audio, RFC 2198. Its blocks keep the producer's payload type on the way here.
  struct Red {
    std::uint8_t router_payload_type = kNoPayloadType;
    /// The consumer's, of all blocks; kNoPayloadType: it has no RED, and gets the primary block as the codec that it
    /// is.
    std::uint8_t block_payload_type = kNoPayloadType;

    [[nodiscard]] bool is_stripped() const noexcept { return block_payload_type == kNoPayloadType; }
  };
  struct Codec {
    std::uint8_t payload_type = kNoPayloadType;      ///< the consumer's
    std::uint8_t rtx_payload_type = kNoPayloadType;  ///< the consumer's RTX for it; kNoPayloadType: repeat as it was
  };
  struct Stream {
    Ssrc source{};  ///< the router's name of the encoding; of a single stream, the first one's
    Ssrc ssrc{};
    std::optional<Ssrc> rtx_ssrc{};
  };

  Red red{};                                             ///< of a router without it: nothing
  std::array<Codec, kPayloadTypes> codecs{};             ///< by the router's payload type of a media codec
  std::array<std::uint8_t, kExtensionIds> extensions{};  ///< by the router's id: the consumer's, or kNoExtension
  HeaderExtensionMap extension_map{};                    ///< the consumer's ids by meaning
  std::vector<Stream> streams{};                         ///< one; as many as encodings through a pipe
  std::optional<Mid> mid{};
  FeedbackSet feedback{};  ///< what the consumer may send to us
};

}  // namespace sluice::ortc
