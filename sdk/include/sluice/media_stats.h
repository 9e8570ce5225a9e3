#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/json.h"
#include "sluice/layers.h"
#include "sluice/media_types.h"

/// Figures of transports and streams. Counters are totals since the start; rates are those of the last second or so and
/// read 0 until it has passed; what is not known is missing.
namespace sluice {

/// 0 to 10, as mediasoup's clients know it: 10 is as good as it gets, below 5 people complain, 0 is silence.
using Score = std::uint8_t;
inline constexpr Score kBestScore = 10;

/// How well one stream (encoding) of a producer arrives here.
struct StreamScore {
  std::uint8_t encoding_idx = 0;  ///< position among the producer's `encodings`
  Ssrc ssrc{};                    ///< 0 until a packet of it has come
  std::optional<std::string> rid{};
  Score score = 0;
  friend bool operator==(const StreamScore&, const StreamScore&) = default;
};
BOOST_DESCRIBE_STRUCT(StreamScore, (), (encoding_idx, ssrc, rid, score))

/// How well a consumer's media arrives at its client.
struct ConsumerScore {
  Score score = 0;           ///< of our stream to the client, by its receiver reports
  Score producer_score = 0;  ///< of the producer's stream that is being forwarded; 0: none
  friend constexpr bool operator==(ConsumerScore, ConsumerScore) noexcept = default;
};
BOOST_DESCRIBE_STRUCT(ConsumerScore, (), (score, producer_score))

/// One RTP stream: an encoding of a producer as it arrives, or a consumer as it leaves.
struct RtpStreamStats {
  Ssrc ssrc{};
  std::string mime_type;
  std::optional<std::string> rid{};            ///< of a producer's encoding, where the client named it so
  std::uint64_t packets = 0;                   ///< received or sent, without retransmissions
  std::uint64_t bytes = 0;                     ///< RTP payload octets of these packets, without headers
  std::int64_t bitrate_bps = 0;                ///< of `bytes`
  std::uint64_t packets_lost = 0;              ///< RFC 3550 section 6.4.1; of a consumer, as its client reports
  double fraction_lost = 0;                    ///< 0 to 1, of the last report interval
  double jitter_ms = 0;                        ///< interarrival jitter, RFC 3550 section 6.4.1
  std::optional<double> round_trip_time_ms{};  ///< from the last sender report that came back, section 6.4.1
  std::uint64_t nacks = 0;               ///< packets asked for again (RFC 4585 section 6.2.1): by us, or by the client
  std::uint64_t retransmitted = 0;       ///< packets that came (producer) or went (consumer) again
  std::uint64_t repaired = 0;            ///< of those that came again to a producer, how many had been missing
  std::uint64_t key_frame_requests = 0;  ///< PLI and FIR sent (producer) or received (consumer)
  Score score = 0;
  std::optional<MediaLayer> current_layer{};  ///< of a consumer of video
  std::optional<MediaLayer> target_layer{};   ///< of a consumer of video
  std::optional<LayersReason> reason{};       ///< of a consumer of video
  std::optional<std::uint8_t> priority{};     ///< of a consumer
};
BOOST_DESCRIBE_STRUCT(RtpStreamStats, (),
                      (ssrc, mime_type, rid, packets, bytes, bitrate_bps, packets_lost, fraction_lost, jitter_ms,
                       round_trip_time_ms, nacks, retransmitted, repaired, key_frame_requests, score, current_layer,
                       target_layer, reason, priority))

enum class TransportState : std::uint8_t {
  created,       ///< waits for the client's first connectivity check
  connecting,    ///< ICE has a path, or DTLS is shaking hands
  connected,     ///< media flows
  disconnected,  ///< consent was lost; the client may come back, or restart ICE
  failed,        ///< it will not connect any more; the reason says why
  closed
};
BOOST_DESCRIBE_ENUM(TransportState, created, connecting, connected, disconnected, failed, closed)

struct TransportStats {
  TransportState state = TransportState::created;
  std::string remote_address;  ///< the selected path's far end; empty before there is one
  std::string srtp_profile;    ///< `SRTP_AEAD_AES_128_GCM`; empty before DTLS is done
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_dropped = 0;  ///< malformed, unauthenticated, replayed, or of no known stream
  std::int64_t receiving_bps = 0;     ///< of SRTP and SRTCP
  std::int64_t sending_bps = 0;       ///< of SRTP and SRTCP
  /// What the path to the client is estimated to carry; missing for one that negotiated neither transport-cc nor REMB,
  /// and to whom nothing is limited.
  std::optional<std::int64_t> available_outgoing_bps{};
  std::int64_t wanted_outgoing_bps = 0;        ///< what its consumers of video would take without a limit
  std::optional<double> round_trip_time_ms{};  ///< of transport-cc feedback, else of receiver reports
  double fraction_lost = 0;                    ///< 0 to 1, of what we sent in the last seconds
  std::uint64_t pacer_queue_packets = 0;       ///< waiting now
  std::uint64_t pacer_dropped = 0;             ///< packets that had no room there
  std::uint64_t probes = 0;                    ///< bursts sent to learn whether the path carries more
  std::uint64_t limited_consumers = 0;         ///< of video, that get less than they want for want of bandwidth
};
BOOST_DESCRIBE_STRUCT(TransportStats, (),
                      (state, remote_address, srtp_profile, bytes_received, bytes_sent, packets_received, packets_sent,
                       packets_dropped, receiving_bps, sending_bps, available_outgoing_bps, wanted_outgoing_bps,
                       round_trip_time_ms, fraction_lost, pacer_queue_packets, pacer_dropped, probes,
                       limited_consumers))

/// One transport, producer or consumer of a router.
struct StatsOfTransport {
  std::string id;
  TransportStats stats;
};
BOOST_DESCRIBE_STRUCT(StatsOfTransport, (), (id, stats))
struct StatsOfProducer {
  std::string id;
  std::vector<RtpStreamStats> streams;  ///< by encoding, of those that have come
};
BOOST_DESCRIBE_STRUCT(StatsOfProducer, (), (id, streams))
struct StatsOfConsumer {
  std::string id;
  RtpStreamStats stats;
};
BOOST_DESCRIBE_STRUCT(StatsOfConsumer, (), (id, stats))

/// Which of a router's statistics are wanted: each consumer costs its worker about as much as a transport, and large
/// rooms have many.
struct RouterStatsWanted {
  bool transports = true;
  bool producers = true;
  bool consumers = false;
};

/// All of one router, asked for at once: one question for each worker, instead of one for each object. In no order.
struct RouterStats {
  std::vector<StatsOfTransport> transports;
  std::vector<StatsOfProducer> producers;
  std::vector<StatsOfConsumer> consumers;
};
BOOST_DESCRIBE_STRUCT(RouterStats, (), (transports, producers, consumers))

/// One media worker, as it was when it was asked last: some two seconds ago at most, unless it is stuck.
struct WorkerStats {
  unsigned index = 0;
  double load = 0;  ///< 0 to 1: how much of the time its thread ran on a core, between the last two answers
  std::size_t transports = 0;
  std::size_t producers = 0;
  std::size_t consumers = 0;
  std::size_t taps = 0;
  std::int64_t receiving_bps = 0;  ///< of SRTP and SRTCP
  std::int64_t sending_bps = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t queued_packets = 0;   ///< that other workers have left for it
  std::uint64_t packets_dropped = 0;  ///< received or to be sent, for whatever reason
};
BOOST_DESCRIBE_STRUCT(WorkerStats, (),
                      (index, load, transports, producers, consumers, taps, receiving_bps, sending_bps,
                       packets_received, packets_sent, queued_packets, packets_dropped))

}  // namespace sluice
