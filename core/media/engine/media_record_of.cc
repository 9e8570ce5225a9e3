#include "core/media/engine/media_record_of.h"

#include <chrono>
#include <utility>

#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

namespace {

using media_records::ConsumerDetails;
using media_records::ConsumerRecord;
using media_records::CountsByReason;
using media_records::DtlsRecord;
using media_records::IceRecord;
using media_records::ProducerDetails;
using media_records::ProducerRecord;
using media_records::TransportDetails;
using media_records::TransportRecord;

std::int64_t milliseconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::int64_t milliseconds_of(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

/// What all three have. A name of its own: as an overload of `describe` it would be the best match for details.
template <class Record, class Handle>
void describe_handle(Record& record, const Handle& handle, const Birth& now) {
  record.id = handle.id();
  record.plugin = handle.router().plugin;
  record.router_id = handle.router().id;
  record.worker = handle.worker().value();
  record.created_at = milliseconds_of(handle.birth().wall);
  record.age_ms = milliseconds_of(now.at - handle.birth().at);
}

template <class Record, class Handle>
void describe_media(Record& record, const Handle& handle, const Birth& now) {
  describe_handle(record, handle, now);
  if (handle.transport() != nullptr) record.transport_id = handle.transport()->id();
  record.kind = handle.kind();
  record.type = handle.type();
  record.paused = handle.paused();
}

void describe(ProducerRecord& record, const ProducerHandle& handle, const Birth& now) {
  describe_media(record, handle, now);
  record.mime_type = handle.rtp_parameters().codecs.front().mime_type;
  record.held_back = handle.held_back();
  record.scores = handle.scores();
  record.consumers = handle.consumers().size();
  record.taps = handle.tap_count();
}

void describe(ConsumerRecord& record, const ConsumerHandle& handle, const Birth& now) {
  describe_media(record, handle, now);
  record.producer_id = handle.producer_id();
  record.slot = handle.is_slot();
  record.mime_type = handle.mime_type();
  record.producer_paused = handle.producer_paused();
  record.priority = handle.priority();
  record.preferred_layers = handle.preferred_layers();
  record.score = handle.score();
}

void describe(TransportRecord& record, const TransportHandle& handle, const Birth& now) {
  describe_handle(record, handle, now);
  record.state = handle.state();
  record.ice_role = handle.is_full_ice() ? "full" : "lite";
  record.producers = handle.producers().size();
  record.consumers = handle.consumers().size();
}

void count(CountsByReason& counts, std::string_view reason, std::uint64_t number) {
  if (number > 0) counts.emplace(reason, number);
}

IceRecord record_of(const PathReport::Ice& ice, std::size_t udp_sockets) {
  IceRecord record{.state = std::string{to_string(ice.state)},
                   .protocol = {},
                   .remote_address = {},
                   .since_check_ms = {},
                   .valid_pairs = ice.valid_tuples,
                   .checks = ice.counters.checks_accepted,
                   .selections = ice.counters.selections,
                   .restarts = ice.counters.restarts,
                   .dropped = {}};
  if (ice.selected) {
    record.protocol = ice.selected->socket < udp_sockets ? "udp" : "tcp";
    record.remote_address = ice.selected->remote.to_string();
    record.since_check_ms = std::chrono::duration<double, std::milli>(ice.since_check).count();
  }
  for (std::size_t i = 0; i < kIceDropCount; ++i) {
    count(record.dropped, to_string(static_cast<IceDrop>(i)), ice.counters.drops[i]);
  }
  return record;
}

DtlsRecord record_of(const PathReport::Dtls& dtls) {
  DtlsRecord record;
  record.state = to_string(dtls.state);
  record.cipher = dtls.cipher;
  if (!dtls.cipher.empty()) record.version = "DTLS 1.2";  // the only one that is spoken: docs/deviations.md
  if (dtls.failure) record.failure = to_string(*dtls.failure);
  record.datagrams = dtls.counters.datagrams;
  record.retransmissions = dtls.counters.retransmissions;
  return record;
}

}  // namespace

TransportRecord record_of(const TransportHandle& handle, const Birth& now) {
  TransportRecord record;
  describe(record, handle, now);
  return record;
}

ProducerRecord record_of(const ProducerHandle& handle, const Birth& now) {
  ProducerRecord record;
  describe(record, handle, now);
  return record;
}

ConsumerRecord record_of(const ConsumerHandle& handle, const Birth& now) {
  ConsumerRecord record;
  describe(record, handle, now);
  return record;
}

TransportDetails details_of(const TransportHandle& handle, const Birth& now) {
  TransportDetails details;
  describe(details, handle, now);
  for (const TransportHandle::StateChange& change : handle.history()) {
    details.states.push_back({.at = milliseconds_of(change.at), .state = change.state, .reason = change.reason});
  }
  if (const auto& peer = handle.peer()) {
    details.dtls_role = peer->role;
    details.remote_fingerprint = peer->fingerprint_algorithm;
  }
  return details;
}

ProducerDetails details_of(const ProducerHandle& handle, const Birth& now) {
  ProducerDetails details;
  describe(details, handle, now);
  details.rtp_parameters = handle.rtp_parameters();
  return details;
}

ConsumerDetails details_of(const ConsumerHandle& handle, const Birth& now) {
  ConsumerDetails details;
  describe(details, handle, now);
  details.rtp_parameters = handle.rtp_parameters();
  return details;
}

void fill(TransportDetails& details, const PathReport& report, std::size_t udp_sockets) {
  if (report.ice) details.ice = record_of(*report.ice, udp_sockets);
  details.dtls = record_of(report.dtls);
  const TransportCounters& packets = report.packets;
  count(details.dropped, "before_dtls", packets.dropped_before_dtls);
  count(details.dropped, "unauthenticated", packets.dropped_unauthenticated);
  count(details.dropped, "replayed", packets.dropped_replayed);
  count(details.dropped, "malformed", packets.dropped_malformed);
  count(details.dropped, "unknown_stream", packets.dropped_unknown_stream);
  count(details.dropped, "dtls", packets.dropped_dtls);
  count(details.dropped, "oversize", packets.dropped_oversize);
}

}  // namespace sluice
