#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/rtp/header_extensions.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/stream_label.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// The caller's own number for a stream, for example an index into its producers' encodings.
using StreamId = StrongNumber<struct StreamIdTag, std::uint32_t>;

/// A stream is two RTP streams: the media, and its retransmissions (RFC 4588).
enum class StreamPart : std::uint8_t { media, rtx };

/// How the packets of one stream (one encoding of a producer) can be known. Either an SSRC or a label must be there.
struct StreamDescription {
  StreamId stream{};
  std::optional<Ssrc> ssrc{};
  std::optional<Ssrc> rtx_ssrc{};
  std::optional<Mid> mid{};
  std::optional<Rid> rid{};
  /// Tells retransmissions from media when only the mid is known: neither SSRC nor repaired-rid.
  std::bitset<128> rtx_payload_types{};
};

enum class DemuxError : std::uint8_t {
  no_identity,      ///< neither SSRC nor label
  stream_exists,    ///< this StreamId was added before
  ssrc_taken,       ///< another stream declared this SSRC
  ambiguous_label,  ///< another stream has the same mid and rid, or one of the two has the mid without a rid
  full              ///< kMaxStreams
};

struct DemuxMatch {
  StreamId stream{};
  StreamPart part = StreamPart::media;
  bool newly_learnt = false;  ///< this packet's labels told us its SSRC; statistics of an earlier SSRC end here
  friend constexpr bool operator==(const DemuxMatch&, const DemuxMatch&) noexcept = default;
};

/// Finds the stream that a packet of one transport belongs to (RFC 9143 section 9.2): by SSRC where that is known, else
/// by the labels in its header extensions, from which the SSRC is learnt.
///
/// Each stream keeps at most one learnt SSRC for each part, the latest: a sender cannot fill the table with SSRCs.
/// Allocates when streams are added, never for a packet.
class RtpDemuxer {
 public:
  static constexpr std::size_t kMaxStreams = 512;

  explicit RtpDemuxer(const HeaderExtensionMap& extensions = {}) noexcept { set_extensions(extensions); }
  void set_extensions(const HeaderExtensionMap& extensions) noexcept;

  Result<Ok, DemuxError> add(const StreamDescription& description);
  /// Forgets the stream with all its SSRCs. Unknown streams are ignored.
  void remove(StreamId stream) noexcept;

  /// None: no stream claims the packet, or labels contradict each other; it is counted, and to be dropped.
  [[nodiscard]] std::optional<DemuxMatch> find(const RtpPacketView& packet) noexcept;
  /// Without learning: RTCP about an SSRC.
  [[nodiscard]] std::optional<DemuxMatch> find(Ssrc ssrc) const noexcept;

  [[nodiscard]] std::uint64_t unknown_packets() const noexcept { return unknown_packets_; }
  [[nodiscard]] std::size_t size() const noexcept { return streams_.size(); }

 private:
  struct SsrcEntry {
    Ssrc ssrc;
    StreamId stream;
    StreamPart part;
    bool learnt;
  };
  struct Labels {
    std::optional<Mid> mid;
    std::optional<Rid> rid;
    StreamPart part;
  };

  [[nodiscard]] Result<Ok, DemuxError> check(const StreamDescription& description) const noexcept;
  [[nodiscard]] std::optional<Labels> labels_of(const RtpPacketView& packet) const noexcept;
  [[nodiscard]] const StreamDescription* find_by_labels(const Labels& labels) const noexcept;
  [[nodiscard]] std::vector<SsrcEntry>::const_iterator lower_bound(Ssrc ssrc) const noexcept;
  void insert(const SsrcEntry& entry) noexcept;
  void learn(const SsrcEntry& entry) noexcept;

  std::uint8_t mid_id_ = 0;  ///< 0: not negotiated, as for the other two
  std::uint8_t rid_id_ = 0;
  std::uint8_t repaired_rid_id_ = 0;
  std::vector<StreamDescription> streams_;
  std::vector<SsrcEntry> ssrcs_;  ///< sorted; capacity for a declared and a learnt SSRC of each part of each stream
  std::uint64_t unknown_packets_ = 0;
};

}  // namespace sluice
