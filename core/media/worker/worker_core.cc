#include "core/media/worker/worker_core.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include "core/media/ice/packet_kind.h"

namespace sluice {

WorkerCore::WorkerCore(const Config& config, const DtlsContext& dtls, PacketOutput& output, RemoteWorkers& remotes,
                       WorkerObserver& observer)
    : config_{config},
      dtls_{dtls},
      output_{output},
      remotes_{remotes},
      observer_{observer},
      send_shared_{.config = config.bandwidth},
      ufrags_{config.max_transports * 2},  // a restart holds two
      routes_{config.max_transports * kMaxValidTuples} {}

WorkerCore::~WorkerCore() = default;

WorkerCore::Entry* WorkerCore::find(TransportKey key) const noexcept {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.get();
}

RtpConsumer* WorkerCore::find_consumer(TransportKey key, ConsumerKey consumer) const noexcept {
  const Entry* entry = find(key);
  return entry == nullptr ? nullptr : entry->media->find_consumer(consumer);
}

RtpProducer* WorkerCore::find_producer(ProducerKey key) const noexcept {
  const auto found = producers_.find(key);
  return found == producers_.end() ? nullptr : found->second;
}

RtpSource* WorkerCore::find_source(ProducerKey key) const noexcept {
  if (RtpProducer* producer = find_producer(key)) return producer;
  const auto found = mirrors_.find(key);
  return found == mirrors_.end() ? nullptr : found->second.get();
}

void WorkerCore::open(const MediaTransport::Spec& spec, IceCredentials local, Instant now) {
  auto entry = std::make_unique<Entry>();
  const std::string ufrag = local.ufrag;
  entry->lite = std::make_unique<LitePath>(std::move(local), config_.ice, output_, now);
  entry->media = std::make_unique<MediaTransport>(spec, dtls_, *entry->lite, fan_out_, remotes_, *this, send_shared_,
                                                  connections_, now);
  Entry* opened = entries_.emplace(spec.key, std::move(entry)).first->second.get();
  // The control thread keeps the number of transports, and ufrags are random: a collision only costs this transport.
  static_cast<void>(ufrags_.insert(ufrag, opened));
  reschedule(*opened);
}

void WorkerCore::open(const MediaTransport::Spec& spec, std::unique_ptr<PacketPath> path, Instant now) {
  auto entry = std::make_unique<Entry>();
  entry->other = std::move(path);
  entry->media = std::make_unique<MediaTransport>(spec, dtls_, *entry->other, fan_out_, remotes_, *this, send_shared_,
                                                  connections_, now);
  reschedule(*entries_.emplace(spec.key, std::move(entry)).first->second);
}

void WorkerCore::connect(TransportKey key, DtlsRole role, std::span<const Fingerprint> remote, Instant now) {
  if (Entry* entry = find(key)) entry->media->connect(role, remote, now);
}

void WorkerCore::restart_ice(TransportKey key, IceCredentials local, Instant now) {
  Entry* entry = find(key);
  if (entry == nullptr || entry->lite == nullptr) return;
  ++connections_.ice_restarts;
  static_cast<void>(ufrags_.insert(local.ufrag, entry));
  if (const auto overtaken = entry->lite->ice.restart(std::move(local), now)) ufrags_.erase(*overtaken);
  reschedule(*entry);
}

void WorkerCore::close(TransportKey key, Instant now) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  Entry& entry = *found->second;
  entry.media->close(now);
  closed_ += entry.media->counters();
  for (const auto& producer : entry.media->producers()) --producer_counts_[producer->kind()];
  for (const auto& consumer : entry.media->consumers()) --consumer_counts_[consumer->kind()];
  deadlines_.remove(entry);
  forget_routes(entry);
  std::erase_if(producers_, [&](const auto& item) { return entry.media->find_producer(item.first) != nullptr; });
  const std::unique_ptr<Entry> last = std::move(found->second);
  entries_.erase(found);
}

// By name, not by a walk over all that the worker holds: ten thousand may leave at once.
void WorkerCore::forget_routes(Entry& entry) noexcept {
  if (entry.lite == nullptr) return;
  const IceLite& ice = entry.lite->ice;
  for (const std::string_view ufrag : ice.accepted_ufrags()) ufrags_.erase(ufrag, &entry);
  for (const ValidTuple& valid : ice.valid_tuples()) routes_.erase(valid.tuple, &entry);
  assert(!ufrags_.holds(&entry) && !routes_.holds(&entry));
}

void WorkerCore::produce(TransportKey key, RtpProducer::Spec spec) {
  Entry* entry = find(key);
  if (entry == nullptr) return;
  RtpProducer& producer = entry->media->add_producer(std::move(spec));
  producer.tell_levels_to(speakers_);
  producers_.emplace(producer.key(), &producer);
  ++producer_counts_[producer.kind()];
}

void WorkerCore::close_producer(TransportKey key, ProducerKey producer) {
  producers_.erase(producer);
  Entry* entry = find(key);
  const RtpProducer* found = entry == nullptr ? nullptr : entry->media->find_producer(producer);
  if (found == nullptr) return;
  --producer_counts_[found->kind()];
  entry->media->remove_producer(producer);
}

void WorkerCore::set_producer_paused(ProducerKey producer, bool paused, Instant now) {
  if (RtpProducer* ours = find_producer(producer)) return ours->set_paused(paused, now);
  if (const auto mirror = mirrors_.find(producer); mirror != mirrors_.end()) mirror->second->set_paused(paused);
}

void WorkerCore::hold_back_producer(ProducerKey producer, bool held, Instant now) {
  if (RtpSource* source = find_source(producer)) source->hold_back(held, now);
}

void WorkerCore::add_remote(ProducerKey producer, WorkerIndex worker) {
  if (RtpProducer* ours = find_producer(producer)) ours->add_remote(worker);
}

void WorkerCore::remove_remote(ProducerKey producer, WorkerIndex worker) {
  if (RtpProducer* ours = find_producer(producer)) ours->remove_remote(worker);
}

void WorkerCore::request_keyframe(ProducerKey producer, std::uint8_t encoding, Instant now) {
  if (RtpProducer* ours = find_producer(producer)) ours->request_keyframe(encoding, now);
}

void WorkerCore::add_mirror(const RtpMirror::Spec& spec) {
  mirrors_.emplace(spec.key, std::make_unique<RtpMirror>(spec, fan_out_, remotes_));
}

void WorkerCore::remove_mirror(ProducerKey producer) { mirrors_.erase(producer); }

void WorkerCore::consume(TransportKey key, RtpConsumer::Spec spec, std::optional<ProducerKey> producer, Instant now) {
  Entry* entry = find(key);
  if (entry == nullptr) return;
  RtpConsumer& consumer = entry->media->add_consumer(std::move(spec), now);
  ++consumer_counts_[consumer.kind()];
  RtpSource* source = producer ? find_source(*producer) : nullptr;
  if (source != nullptr) consumer.attach(*source, now);
}

void WorkerCore::switch_consumer(TransportKey key, ConsumerKey consumer, std::optional<ProducerKey> producer,
                                 Instant now) {
  RtpConsumer* found = find_consumer(key, consumer);
  if (found == nullptr) return;
  RtpSource* source = producer ? find_source(*producer) : nullptr;
  if (source != nullptr) {
    found->attach(*source, now);
  } else {
    found->detach();
  }
  find(key)->media->share_again(now);
}

void WorkerCore::close_consumer(TransportKey key, ConsumerKey consumer) {
  const RtpConsumer* found = find_consumer(key, consumer);
  if (found == nullptr) return;
  --consumer_counts_[found->kind()];
  find(key)->media->remove_consumer(consumer);
}

void WorkerCore::set_consumer_paused(TransportKey key, ConsumerKey consumer, bool paused, Instant now) {
  RtpConsumer* found = find_consumer(key, consumer);
  if (found == nullptr) return;
  found->set_paused(paused, now);
  find(key)->media->share_again(now);
}

void WorkerCore::request_consumer_keyframe(TransportKey key, ConsumerKey consumer, Instant now) {
  RtpConsumer* found = find_consumer(key, consumer);
  if (found != nullptr) found->request_keyframe(now);
}

void WorkerCore::set_consumer_priority(TransportKey key, ConsumerKey consumer, std::uint8_t priority) {
  if (RtpConsumer* found = find_consumer(key, consumer)) found->set_priority(priority);
}

void WorkerCore::set_consumer_insists(TransportKey key, ConsumerKey consumer, bool insists, Instant now) {
  if (RtpConsumer* found = find_consumer(key, consumer)) found->set_insists(insists, now);
}

void WorkerCore::set_consumer_preferred(TransportKey key, ConsumerKey consumer, std::optional<LayerPosition> most) {
  if (RtpConsumer* found = find_consumer(key, consumer)) found->set_preferred(most);
}

void WorkerCore::tap(ProducerKey producer, RtpConsumer::Spec spec, std::shared_ptr<TapQueue> queue, Instant now) {
  if (RtpProducer* ours = find_producer(producer)) taps_.open(std::move(spec), std::move(queue), *ours, now);
}

void WorkerCore::set_path_state(TransportKey key, PathState state, Instant now) {
  if (Entry* entry = find(key)) entry->media->set_path_state(state, now);
}

void WorkerCore::handle_path_datagram(TransportKey key, MutableBytes datagram, Instant now) {
  const FanOut::Batch batch{fan_out_, now};
  ++counters_.datagrams;
  if (Entry* entry = find(key)) dispatch(*entry, datagram, now);
}

void WorkerCore::handle_datagram(MutableBytes datagram, const IceTuple& from, Instant now) {
  const FanOut::Batch batch{fan_out_, now};
  ++counters_.datagrams;
  if (classify(datagram) == PacketKind::stun) return handle_stun(datagram, from, now);
  Entry* const* entry = routes_.find(from);
  if (entry == nullptr) {
    ++counters_.dropped_unvalidated;
    return;
  }
  dispatch(**entry, datagram, now);
}

void WorkerCore::handle_lost_tuple(const IceTuple& tuple, Instant now) {
  Entry* const* found = routes_.find(tuple);
  if (found == nullptr) return;
  Entry& entry = **found;
  apply(entry, entry.lite->ice.remove_tuple(tuple), now);
  reschedule(entry);
}

void WorkerCore::dispatch(Entry& entry, MutableBytes datagram, Instant now) {
  switch (classify(datagram)) {
    case PacketKind::rtp:
      return entry.media->handle_rtp(datagram, now);
    case PacketKind::rtcp:
      return entry.media->handle_rtcp(datagram, now);
    case PacketKind::dtls:
      return entry.media->handle_dtls(datagram, now);
    case PacketKind::stun:
    case PacketKind::turn_channel:
    case PacketKind::zrtp:
    case PacketKind::unknown:
      ++counters_.dropped_unknown_kind;
      return;
  }
}

void WorkerCore::handle_stun(Bytes datagram, const IceTuple& from, Instant now) {
  Entry* const* entry = ufrags_.find_by_request(datagram);
  if (entry == nullptr) {
    ++counters_.dropped_unknown_ufrag;
    return;
  }
  std::array<std::uint8_t, kStunResponseCapacity> response;
  apply(**entry, (*entry)->lite->ice.handle_stun(datagram, from, now, response), from, now);
}

void WorkerCore::apply(Entry& entry, const IceLite::Reaction& reaction, const IceTuple& from, Instant now) {
  if (!reaction.response.empty()) {
    std::ranges::copy(reaction.response, output_.acquire().begin());
    output_.commit(reaction.response.size(), from.socket, from.remote);
  }
  if (reaction.drop && *reaction.drop != IceDrop::indication) ++counters_.dropped_stun;
  if (reaction.removed) routes_.erase(*reaction.removed, &entry);
  // Each check, not the first alone: meanwhile another transport's client may have had this address.
  if (!reaction.drop) static_cast<void>(routes_.insert(from, &entry));
  if (reaction.old_ufrag_retired) ufrags_.erase(entry.lite->ice.retired_ufrag());
  if (reaction.state_changed) entry.media->set_path_state(entry.lite->state(), now);
  reschedule(entry);
}

void WorkerCore::apply(Entry& entry, const IceLite::Expiry& expiry, Instant now) {
  for (std::size_t i = 0; i < expiry.removed_count; ++i) routes_.erase(expiry.removed[i], &entry);
  if (expiry.state_changed) entry.media->set_path_state(entry.lite->state(), now);
}

void WorkerCore::handle_remote_packet(const PacketRing::Label& label, Bytes packet, Instant now) noexcept {
  const auto mirror = mirrors_.find(label.producer);
  if (mirror == mirrors_.end()) return;
  const auto rtp = RtpPacketView::parse(packet);
  if (!rtp) return;
  const FanOut::Batch batch{fan_out_, now};
  mirror->second->handle({.rtp = *rtp,
                          .encoding = label.encoding,
                          .payload_type = label.payload_type,
                          .clock_rate = label.clock_rate,
                          .layers = label.layers,
                          .run = label.run,
                          .sender_clock = label.sender_clock},
                         now);
}

void WorkerCore::handle_timeout(Instant now, WallTime wall) {
  while (Entry* entry = deadlines_.due(now)) {
    if (entry->lite != nullptr) {
      const auto deadline = entry->lite->ice.next_timeout();
      if (deadline && now >= *deadline) apply(*entry, entry->lite->ice.handle_timeout(now), now);
    }
    entry->media->handle_timeout(now, wall);
    if (entry->watch.due(now)) entry->watch.look(*entry->media, quality_, quality_counters_, now);
    reschedule(*entry);
  }
  if (!quality_.empty() && now >= next_report_) report_quality(now);
  speakers_.poll(now, [&](std::span<const SpeakerReport> reports) { return observer_.on_speakers(reports, now); });
}

// Transports look at different moments: what they find waits for a common report.
void WorkerCore::report_quality(Instant now) {
  next_report_ = now + kReportInterval;
  observer_.on_quality(quality_);
  quality_.clear();
}

std::optional<Instant> WorkerCore::next_timeout() const noexcept {
  std::optional<Instant> next = deadlines_.earliest();
  const auto consider = [&](std::optional<Instant> candidate) {
    if (candidate && (!next || *candidate < *next)) next = candidate;
  };
  if (!quality_.empty()) consider(next_report_);
  consider(speakers_.next_timeout());
  return next;
}

void WorkerCore::reschedule(Entry& entry) {
  std::optional<Instant> next = entry.media->next_timeout();
  if (entry.lite != nullptr) {
    const auto ice = entry.lite->ice.next_timeout();
    if (ice && (!next || *ice < *next)) next = ice;
  }
  deadlines_.set(entry, next);
}

void WorkerCore::on_transport_state(TransportKey transport, TransportState state, std::string_view reason) {
  observer_.on_transport_state(transport, state, reason);
}

void WorkerCore::on_producer_ended(ProducerKey producer) { observer_.on_producer_ended(producer); }

void WorkerCore::on_deadline_changed(TransportKey transport) noexcept {
  if (Entry* entry = find(transport)) reschedule(*entry);
}

}  // namespace sluice
