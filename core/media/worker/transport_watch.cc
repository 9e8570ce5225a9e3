#include "core/media/worker/transport_watch.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>
#include <utility>

#include "core/media/transport/rtp_source.h"

namespace sluice {

namespace {

bool worth_telling(Score told, Score now) noexcept {
  const bool extreme = now == 0 || now == kBestScore;
  return told != now && (extreme || told == 0 || std::abs(int{told} - int{now}) >= TransportWatch::kScoreStep);
}

// What the transport holds, and what is known of it, stand in the same order: what was removed there is left out here,
// and what is new stands at the end.
template <class Known, class Held>
void keep_up(std::vector<Known>& known, std::span<const Held> held) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < known.size() && kept < held.size(); ++i) {
    if (known[i].key == held[kept]->key()) known[kept++] = known[i];
  }
  known.resize(kept);
  for (; kept < held.size(); ++kept) known.push_back({.key = held[kept]->key()});
}

template <class List, class Key>
auto* find_by_key(const List& list, Key key) noexcept {
  const auto found = std::ranges::find(list, key, [](const auto& entry) { return entry.key; });
  return found == list.end() ? nullptr : &*found;
}

std::optional<MediaLayer> to_media_layer(std::optional<LayerPosition> layer) noexcept {
  if (!layer) return std::nullopt;
  return MediaLayer{layer->spatial, layer->temporal};
}

// Until something is known the best is believed.
Score to_score(const ScoreMeter& meter) noexcept {
  return static_cast<Score>(std::lround(std::clamp(meter.value().value_or(kBestScore), 0.0, double{kBestScore})));
}

Duration ticks(std::uint32_t count, std::uint32_t clock_rate) noexcept {
  if (clock_rate == 0) return {};
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>{static_cast<double>(count) / clock_rate});
}

LayersReason to_reason(const AllocationResult& share) noexcept {
  switch (share.reason) {
    case AllocationReason::limit:
      return LayersReason::preference;
    case AllocationReason::bandwidth:
      return LayersReason::bandwidth;
    case AllocationReason::source:
      break;
  }
  return share.layer ? LayersReason::best : LayersReason::source;
}

// Where nobody counts the bandwidth: the client gets what it asked for.
LayersReason unlimited_reason(const RtpConsumer& consumer) noexcept {
  if (!consumer.current_layer()) return LayersReason::source;
  const auto most = consumer.preferred();
  const bool wants_less =
      most && (most->spatial + 1 < consumer.source()->encodings() || most->temporal != kEveryLayer.temporal);
  return wants_less ? LayersReason::preference : LayersReason::best;
}

std::uint64_t grown(std::uint64_t& seen, std::uint64_t now) noexcept {
  return now > seen ? now - std::exchange(seen, now) : 0;
}

}  // namespace

Score TransportWatch::score_of(const RtpProducer::Stream& stream, DataRate rate) noexcept {
  return stream.receiver && !rate.is_zero() ? to_score(stream.score) : Score{0};
}

Score TransportWatch::score_of(ConsumerKey consumer) const noexcept {
  const Consumed* found = find_by_key(consumed_, consumer);
  return found == nullptr ? kBestScore : to_score(found->score);
}

LayersChange TransportWatch::layers_of(const RtpConsumer& consumer) noexcept {
  if (consumer.paused()) return {.current = {}, .target = {}, .reason = LayersReason::paused};
  if (consumer.source() == nullptr) return {.current = {}, .target = {}, .reason = LayersReason::source};
  if (consumer.held_back()) return {.current = {}, .target = {}, .reason = LayersReason::last_n};
  const auto current = to_media_layer(consumer.current_layer());
  if (!consumer.share()) return {.current = current, .target = current, .reason = unlimited_reason(consumer)};
  return {
      .current = current, .target = to_media_layer(consumer.share()->layer), .reason = to_reason(*consumer.share())};
}

void TransportWatch::look(const MediaTransport& transport, QualityReport& out, QualityCounters& counters, Instant now) {
  next_ = now + kInterval;
  const TransportCounters traffic = transport.counters();
  received_.sample(traffic.bytes_received, now);
  sent_.sample(traffic.bytes_sent, now);
  if (const auto sending = transport.send_stats()) counters.probes += grown(probes_, sending->probes);
  if (const auto round_trip = transport.round_trip()) {
    counters.round_trip.add(std::chrono::duration<double>(*round_trip).count());
  }

  Span arrived;
  keep_up(produced_, transport.producers());
  for (std::size_t i = 0; i < produced_.size(); ++i) {
    const RtpProducer& producer = *transport.producers()[i];
    look(producer, produced_[i], out, now);
    const std::size_t streams = std::min(producer.streams().size(), produced_[i].counted.size());
    std::uint64_t& bytes = counters.received.payload_bytes[static_cast<std::size_t>(producer.kind())];
    for (std::size_t s = 0; s < streams; ++s) {
      count(producer.streams()[s], produced_[i].counted[s], counters);
      count_flow(producer.streams()[s], produced_[i].counted[s], bytes, arrived);
    }
  }
  count_loss(arrived, counters.received);
  limited_ = 0;
  Span left;
  keep_up(consumed_, transport.consumers());
  for (std::size_t i = 0; i < consumed_.size(); ++i) {
    const RtpConsumer& consumer = *transport.consumers()[i];
    std::uint64_t& bytes = counters.sent.payload_bytes[static_cast<std::size_t>(consumer.kind())];
    count_flow(consumer, consumed_[i], bytes, left);  // before look(), which takes note of the report
    look(consumer, consumed_[i], out, now);
    count(consumer, consumed_[i], counters);
  }
  count_loss(left, counters.sent);
}

void TransportWatch::look(const RtpProducer& producer, Produced& known, QualityReport& out, Instant now) {
  QualityReport::Produced report{.producer = known.key};
  const std::size_t count = std::min(producer.streams().size(), known.rates.size());
  report.count = static_cast<std::uint8_t>(count);
  bool tell = !known.told;
  for (std::size_t i = 0; i < count; ++i) {
    const RtpProducer::Stream& stream = producer.streams()[i];
    if (stream.receiver) known.rates[i].sample(stream.receiver->stats().octets, now);
    report.streams[i] = {.ssrc = stream.receiver ? stream.receiver->ssrc() : Ssrc{},
                         .score = score_of(stream, known.rates[i].rate())};
    if (!known.told) continue;
    const QualityReport::Stream& told = (*known.told)[i];
    tell = tell || told.ssrc != report.streams[i].ssrc || worth_telling(told.score, report.streams[i].score);
  }
  if (!tell || out.produced.size() == QualityReport::kMaxEntries) return;
  known.told = report.streams;
  out.produced.push_back(report);
}

void TransportWatch::look(const RtpConsumer& consumer, Consumed& known, QualityReport& out, Instant now) {
  const RtpStreamSender& sender = consumer.sender();
  known.rate.sample(sender.octets(), now);
  if (const auto& report = sender.last_report(); report && report->at != known.reported) {
    known.reported = report->at;
    const std::int64_t lost = report->block.cumulative_lost;
    known.score.update({.expected = static_cast<std::int64_t>(sender.packets()),
                        .lost = lost,
                        .repaired = std::min(lost, static_cast<std::int64_t>(consumer.retransmitted()))},
                       {.jitter = ticks(report->block.jitter, consumer.clock_rate()),
                        .round_trip = sender.round_trip_time().value_or(Duration{})});
  }
  const Score score = to_score(known.score);
  if ((!known.told_score || worth_telling(*known.told_score, score)) &&
      out.consumed.size() < QualityReport::kMaxEntries) {
    known.told_score = score;
    out.consumed.push_back({.consumer = known.key, .score = score});
  }
  if (consumer.kind() == MediaKind::audio) return;
  const LayersChange layers = layers_of(consumer);
  if (layers.reason == LayersReason::bandwidth) ++limited_;
  if (layers == known.told_layers || out.layers.size() == QualityReport::kMaxEntries) return;
  known.told_layers = layers;
  out.layers.push_back({.consumer = known.key, .layers = layers});
}

void TransportWatch::count(const RtpProducer::Stream& stream, StreamCounts& known, QualityCounters& counters) {
  if (stream.nacks) {
    counters.nacks_sent += grown(known.nacks, stream.nacks->counters().packets);
    counters.repaired += grown(known.repaired, stream.nacks->counters().recovered);
  }
  if (stream.keyframes) counters.keyframe_requests_sent += grown(known.keyframes, stream.keyframes->plis_sent());
}

void TransportWatch::count(const RtpConsumer& consumer, Consumed& known, QualityCounters& counters) {
  const RetransmissionGuard::Counters& asked = consumer.retransmission_counters();
  counters.nacks_received += grown(known.nacks, asked.allowed + asked.too_soon + asked.too_much);
  counters.retransmitted += grown(known.retransmitted, consumer.retransmitted());
  counters.keyframe_requests_received += grown(known.keyframes, consumer.keyframe_requests());
}

void TransportWatch::count_flow(const RtpProducer::Stream& stream, StreamCounts& known, std::uint64_t& bytes,
                                Span& span) {
  if (!stream.receiver) return;
  const ReceiverStats stats = stream.receiver->stats();
  if (stats.octets < known.octets) {  // another SSRC: its counts begin anew
    known.octets = known.packets = 0;
    known.lost = 0;
  }
  bytes += grown(known.octets, stats.octets);
  const std::int64_t lost = stats.lost - std::exchange(known.lost, stats.lost);
  span.lost += lost;
  span.expected += static_cast<std::int64_t>(grown(known.packets, stats.packets)) + lost;
}

void TransportWatch::count_flow(const RtpConsumer& consumer, Consumed& known, std::uint64_t& bytes, Span& span) {
  const RtpStreamSender& sender = consumer.sender();
  bytes += grown(known.octets, sender.octets());
  const auto& report = sender.last_report();
  if (!report || report->at == known.reported) return;
  span.lost += report->block.cumulative_lost - std::exchange(known.lost, report->block.cumulative_lost);
  span.expected += static_cast<std::int64_t>(grown(known.packets, sender.packets()));
}

// What came late after all makes a loss of the second before good: none of this one's.
void TransportWatch::count_loss(const Span& span, FlowCounters& flow) {
  if (span.expected <= 0) return;
  const std::int64_t lost = std::clamp(span.lost, std::int64_t{0}, span.expected);
  flow.packets_lost += static_cast<std::uint64_t>(lost);
  flow.loss.add(static_cast<double>(lost) / static_cast<double>(span.expected));
}

DataRate TransportWatch::rate_of(ProducerKey producer, std::size_t encoding) const noexcept {
  const Produced* found = find_by_key(produced_, producer);
  return found == nullptr || encoding >= found->rates.size() ? DataRate{} : found->rates[encoding].rate();
}

DataRate TransportWatch::rate_of(ConsumerKey consumer) const noexcept {
  const Consumed* found = find_by_key(consumed_, consumer);
  return found == nullptr ? DataRate{} : found->rate.rate();
}

}  // namespace sluice
