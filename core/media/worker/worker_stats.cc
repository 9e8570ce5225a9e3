// What a worker says of its transports, producers and consumers when asked.

#include "core/media/srtp/srtp_profile.h"
#include "core/media/worker/worker_core.h"

namespace sluice {

namespace {

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

double ticks_to_ms(std::uint32_t ticks, std::uint32_t clock_rate) {
  return clock_rate == 0 ? 0 : 1000.0 * ticks / clock_rate;
}

bool is_limited(const RtpConsumer& consumer) {
  return consumer.share() && consumer.share()->reason == AllocationReason::bandwidth;
}

void describe_sending(const SendControl::Stats& sending, const MediaTransport& transport, TransportStats& stats) {
  stats.available_outgoing_bps = sending.estimate.bps();
  stats.wanted_outgoing_bps = sending.wanted.bps();
  if (sending.round_trip) stats.round_trip_time_ms = milliseconds(*sending.round_trip);
  stats.fraction_lost = sending.loss;
  stats.pacer_queue_packets = sending.queued_packets;
  stats.pacer_dropped = sending.dropped;
  stats.probes = sending.probes;
  for (const auto& consumer : transport.consumers()) stats.limited_consumers += is_limited(*consumer) ? 1 : 0;
}

}  // namespace

TransportCounters WorkerCore::total_counters() const {
  TransportCounters total = closed_;
  for (const auto& [key, entry] : entries_) total += entry->media->counters();
  return total;
}

std::optional<TransportCounters> WorkerCore::transport_counters(TransportKey key) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  return entry->media->counters();
}

TransportSums WorkerCore::transport_sums() const noexcept {
  TransportSums sums;
  for (const auto& [key, entry] : entries_) {
    ++sums.by_state[static_cast<std::size_t>(entry->media->state())];
    sums.limited_consumers += entry->watch.limited();
    sums.receiving += entry->watch.received();
    sums.sending += entry->watch.sent();
  }
  return sums;
}

std::optional<TransportStats> WorkerCore::transport_stats(TransportKey key) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  const TransportCounters counters = entry->media->counters();
  TransportStats stats;
  stats.state = entry->media->state();
  if (entry->lite != nullptr && entry->lite->ice.selected() != nullptr) {
    stats.remote_address = entry->lite->ice.selected()->remote.to_string();
  }
  if (const auto profile = entry->media->srtp_profile()) stats.srtp_profile = to_string(*profile);
  stats.bytes_received = counters.bytes_received;
  stats.bytes_sent = counters.bytes_sent;
  stats.packets_received = counters.packets_received;
  stats.packets_sent = counters.packets_sent;
  stats.packets_dropped = counters.dropped_before_dtls + counters.dropped_unauthenticated + counters.dropped_replayed +
                          counters.dropped_malformed + counters.dropped_unknown_stream + counters.dropped_dtls;
  stats.receiving_bps = entry->watch.received().bps();
  stats.sending_bps = entry->watch.sent().bps();
  if (const auto round_trip = entry->media->round_trip()) stats.round_trip_time_ms = milliseconds(*round_trip);
  if (const auto sending = entry->media->send_stats()) describe_sending(*sending, *entry->media, stats);
  return stats;
}

std::vector<RtpStreamStats> WorkerCore::producer_stats(TransportKey key, ProducerKey producer) const {
  std::vector<RtpStreamStats> all;
  const Entry* entry = find(key);
  const RtpProducer* found = entry == nullptr ? nullptr : entry->media->find_producer(producer);
  if (found == nullptr) return all;
  for (std::size_t i = 0; i < found->streams().size(); ++i) {
    const RtpProducer::Stream& stream = found->streams()[i];
    if (!stream.receiver) continue;
    const DataRate rate = entry->watch.rate_of(producer, i);
    const ReceiverStats received = stream.receiver->stats();
    RtpStreamStats& stats = all.emplace_back();
    stats.ssrc = stream.receiver->ssrc();
    stats.packets = received.packets;
    stats.bytes = received.octets;
    stats.bitrate_bps = rate.bps();
    stats.score = TransportWatch::score_of(stream, rate);
    if (const auto& rid = found->mapping().encodings[i].rid) stats.rid = rid->text();
    stats.packets_lost = received.lost > 0 ? static_cast<std::uint64_t>(received.lost) : 0;
    stats.jitter_ms = ticks_to_ms(received.jitter, stream.receiver->clock_rate());
    stats.key_frame_requests = stream.keyframes ? stream.keyframes->plis_sent() : 0;
    stats.retransmitted = stream.retransmitted;
    if (stream.nacks) stats.nacks = stream.nacks->counters().packets;
    if (stream.nacks) stats.repaired = stream.nacks->counters().recovered;
    if (const auto round_trip = entry->media->round_trip()) stats.round_trip_time_ms = milliseconds(*round_trip);
  }
  return all;
}

std::optional<RtpStreamStats> WorkerCore::consumer_stats(TransportKey key, ConsumerKey consumer) const {
  const Entry* entry = find(key);
  RtpConsumer* found = entry == nullptr ? nullptr : entry->media->find_consumer(consumer);
  if (found == nullptr) return std::nullopt;
  const RtpStreamSender& sender = found->sender();
  RtpStreamStats stats;
  stats.ssrc = found->ssrc();
  stats.packets = sender.packets();
  stats.bytes = sender.octets();
  stats.bitrate_bps = entry->watch.rate_of(consumer).bps();
  stats.score = entry->watch.score_of(consumer);
  stats.priority = found->priority();
  if (found->kind() == MediaKind::video) {
    const LayersChange layers = TransportWatch::layers_of(*found);
    stats.current_layer = layers.current;
    stats.target_layer = layers.target;
    stats.reason = layers.reason;
  }
  if (const auto& report = sender.last_report()) {
    stats.packets_lost =
        report->block.cumulative_lost > 0 ? static_cast<std::uint64_t>(report->block.cumulative_lost) : 0;
    stats.fraction_lost = report->block.fraction_lost / 256.0;
    stats.jitter_ms = ticks_to_ms(report->block.jitter, found->clock_rate());
  }
  if (const auto round_trip = sender.round_trip_time()) stats.round_trip_time_ms = milliseconds(*round_trip);
  stats.key_frame_requests = found->keyframe_requests();
  const RetransmissionGuard::Counters& asked = found->retransmission_counters();
  stats.nacks = asked.allowed + asked.too_soon + asked.too_much;
  stats.retransmitted = found->retransmitted();
  return stats;
}

}  // namespace sluice
