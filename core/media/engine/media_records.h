#pragma once

#include <boost/describe/class.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/media.h"

/// What the media engine tells an operator of its transports, producers and consumers, in the JSON's shape.
/// Times are milliseconds since 1970; statistics are missing where a worker was silent.
namespace sluice::media_records {

struct TransportRecord {
  std::string id;
  std::string plugin;  ///< that made its router; empty: the gateway itself
  std::string router_id;
  unsigned worker = 0;
  TransportState state = TransportState::created;
  std::string ice_role;  ///< `lite`, `full`
  std::int64_t created_at = 0;
  std::int64_t age_ms = 0;
  std::size_t producers = 0;
  std::size_t consumers = 0;
  std::optional<TransportStats> stats;
};
BOOST_DESCRIBE_STRUCT(TransportRecord, (),
                      (id, plugin, router_id, worker, state, ice_role, created_at, age_ms, producers, consumers, stats))

struct ProducerRecord {
  std::string id;
  std::string plugin;
  std::string router_id;
  std::string transport_id;
  unsigned worker = 0;
  MediaKind kind = MediaKind::audio;
  ProducerType type = ProducerType::simple;
  std::string mime_type;
  bool paused = false;
  bool held_back = false;
  std::vector<StreamScore> scores;  ///< by encoding
  std::int64_t created_at = 0;
  std::int64_t age_ms = 0;
  std::size_t consumers = 0;
  std::size_t taps = 0;
  std::optional<std::vector<RtpStreamStats>> streams;  ///< by encoding, of those that have come
};
BOOST_DESCRIBE_STRUCT(ProducerRecord, (),
                      (id, plugin, router_id, transport_id, worker, kind, type, mime_type, paused, held_back, scores,
                       created_at, age_ms, consumers, taps, streams))

struct ConsumerRecord {
  std::string id;
  std::string plugin;
  std::string router_id;
  std::string transport_id;
  std::string producer_id;  ///< empty: a slot that waits for one
  bool slot = false;        ///< an m-section of a client that speaks SDP: its producer may change
  unsigned worker = 0;
  MediaKind kind = MediaKind::audio;
  ConsumerType type = ConsumerType::simple;
  std::string mime_type;
  bool paused = false;
  bool producer_paused = false;
  std::uint8_t priority = 1;
  std::optional<PreferredLayers> preferred_layers;
  ConsumerScore score;
  std::int64_t created_at = 0;
  std::int64_t age_ms = 0;
  std::optional<RtpStreamStats> stats;
};
BOOST_DESCRIBE_STRUCT(ConsumerRecord, (),
                      (id, plugin, router_id, transport_id, producer_id, slot, worker, kind, type, mime_type, paused,
                       producer_paused, priority, preferred_layers, score, created_at, age_ms, stats))

/// One of them with what was negotiated: codecs, SSRCs, MID, header extensions.
struct ProducerDetails : ProducerRecord {
  RtpParameters rtp_parameters;
};
BOOST_DESCRIBE_STRUCT(ProducerDetails, (ProducerRecord), (rtp_parameters))
struct ConsumerDetails : ConsumerRecord {
  RtpParameters rtp_parameters;
};
BOOST_DESCRIBE_STRUCT(ConsumerDetails, (ConsumerRecord), (rtp_parameters))

struct StateRecord {
  std::int64_t at = 0;
  TransportState state = TransportState::created;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(StateRecord, (), (at, state, reason))

/// Counts by reason, of those that are not 0.
using CountsByReason = std::map<std::string, std::uint64_t>;

struct IceRecord {
  std::string state;                     ///< `new`, `connected`, `completed`, `disconnected`, `failed`
  std::string protocol;                  ///< of the selected pair: `udp`, `tcp`; empty without one
  std::string remote_address;            ///< of the selected pair
  std::optional<double> since_check_ms;  ///< since the client's last check of it, by which it consents
  std::size_t valid_pairs = 0;
  std::uint64_t checks = 0;  ///< of the client, that were answered with success
  std::uint64_t selections = 0;
  std::uint64_t restarts = 0;
  CountsByReason dropped;  ///< STUN messages that changed nothing
};
BOOST_DESCRIBE_STRUCT(IceRecord, (),
                      (state, protocol, remote_address, since_check_ms, valid_pairs, checks, selections, restarts,
                       dropped))

struct DtlsRecord {
  std::string state;    ///< `new`, `connecting`, `connected`, `closed`, `failed`
  std::string version;  ///< while connected
  std::string cipher;   ///< while connected
  std::string failure;  ///< why it failed, or was closed by the client
  std::uint64_t datagrams = 0;
  std::uint64_t retransmissions = 0;  ///< of our flights
};
BOOST_DESCRIBE_STRUCT(DtlsRecord, (), (state, version, cipher, failure, datagrams, retransmissions))

struct TransportDetails : TransportRecord {
  std::optional<DtlsRole> dtls_role;      ///< ours; missing, as the next one, before the client's parameters are known
  std::string remote_fingerprint;         ///< the algorithm by which the client's certificate is checked: `sha-256`
  std::vector<StateRecord> states;        ///< the last ones, oldest first
  std::optional<IceRecord> ice;           ///< missing with full ICE, and where the worker was silent
  std::optional<DtlsRecord> dtls;         ///< missing where the worker was silent
  CountsByReason dropped;                 ///< packets
  std::vector<ProducerDetails> sends;     ///< at most kMaxNested
  std::vector<ConsumerDetails> receives;  ///< the newest kMaxNested
};
BOOST_DESCRIBE_STRUCT(TransportDetails, (TransportRecord),
                      (dtls_role, remote_fingerprint, states, ice, dtls, dropped, sends, receives))

/// Some of all, in their order.
template <class Record>
struct Page {
  std::vector<Record> entries;
  std::size_t total = 0;  ///< that were selected
};

}  // namespace sluice::media_records
