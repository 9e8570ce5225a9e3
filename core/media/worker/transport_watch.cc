#include "core/media/worker/transport_watch.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>

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

// Lost packets hurt more than in proportion: of 10 % few frames are whole.
Score score_of_loss(double fraction_lost) noexcept {
  return static_cast<Score>(std::lround(kBestScore * std::pow(1 - fraction_lost, 4)));
}

}  // namespace

Score TransportWatch::score_of(const RtpProducer::Stream& stream, DataRate rate) noexcept {
  return stream.receiver && !rate.is_zero() ? kBestScore : Score{0};
}

Score TransportWatch::score_of(const RtpConsumer& consumer) noexcept {
  const auto& report = consumer.sender().last_report();
  return report ? score_of_loss(report->block.fraction_lost / 256.0) : kBestScore;
}

LayersChange TransportWatch::layers_of(const RtpConsumer& consumer) noexcept {
  if (consumer.paused()) return {.current = {}, .target = {}, .reason = LayersReason::paused};
  const auto current = to_media_layer(consumer.current_layer());
  return {.current = current, .target = current, .reason = current ? LayersReason::best : LayersReason::source};
}

void TransportWatch::look(const MediaTransport& transport, QualityReport& out, Instant now) {
  next_ = now + kInterval;
  const TransportCounters counters = transport.counters();
  received_.sample(counters.bytes_received, now);
  sent_.sample(counters.bytes_sent, now);

  keep_up(produced_, transport.producers());
  for (std::size_t i = 0; i < produced_.size(); ++i) look(*transport.producers()[i], produced_[i], out, now);
  keep_up(consumed_, transport.consumers());
  for (std::size_t i = 0; i < consumed_.size(); ++i) look(*transport.consumers()[i], consumed_[i], out, now);
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
  known.rate.sample(consumer.sender().octets(), now);
  const Score score = score_of(consumer);
  if ((!known.told_score || worth_telling(*known.told_score, score)) &&
      out.consumed.size() < QualityReport::kMaxEntries) {
    known.told_score = score;
    out.consumed.push_back({.consumer = known.key, .score = score});
  }
  if (consumer.kind() == MediaKind::audio) return;
  const LayersChange layers = layers_of(consumer);
  if (layers == known.told_layers || out.layers.size() == QualityReport::kMaxEntries) return;
  known.told_layers = layers;
  out.layers.push_back({.consumer = known.key, .layers = layers});
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
