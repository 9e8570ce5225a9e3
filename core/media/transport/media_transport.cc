#include "core/media/transport/media_transport.h"

#include <algorithm>
#include <chrono>
#include <ranges>

#include "core/base/prefetch.h"
#include "core/base/time_grid.h"
#include "core/media/rtp/rtp_packet.h"

namespace sluice {

namespace {

// Browsers' receivers start from the first sender report; RFC 3550's five seconds would leave sound and picture apart
// for as long. RFC 4585 section 3.4 allows the shorter interval.
constexpr Duration kReportInterval = std::chrono::seconds{1};
constexpr Duration kFirstReport = std::chrono::milliseconds{200};
constexpr Duration kReportGrid = std::chrono::milliseconds{20};

}  // namespace

TransportCounters& TransportCounters::operator+=(const TransportCounters& other) noexcept {
  packets_received += other.packets_received;
  bytes_received += other.bytes_received;
  packets_sent += other.packets_sent;
  bytes_sent += other.bytes_sent;
  dropped_before_dtls += other.dropped_before_dtls;
  dropped_unauthenticated += other.dropped_unauthenticated;
  dropped_replayed += other.dropped_replayed;
  dropped_malformed += other.dropped_malformed;
  dropped_unknown_stream += other.dropped_unknown_stream;
  dropped_dtls += other.dropped_dtls;
  dropped_oversize += other.dropped_oversize;
  feedback_ignored += other.feedback_ignored;
  return *this;
}

MediaTransport::MediaTransport(const Spec& spec, const DtlsContext& dtls, PacketPath& path, FanOut& fan_out,
                               RemoteWorkers& workers, TransportObserver& observer, SendControl::Shared& send_shared,
                               ConnectionCounters& connections, Instant now)
    : spec_{spec},
      path_{path},
      fan_out_{fan_out},
      workers_{workers},
      observer_{observer},
      send_shared_{send_shared},
      dtls_{dtls},
      connection_{connections, now},
      next_report_{now + kReportInterval} {}

MediaTransport::~MediaTransport() = default;

void MediaTransport::connect(DtlsRole role, std::span<const Fingerprint> remote, Instant now) {
  if (dtls_.state() != DtlsState::created) return;
  const auto started = dtls_.start(role, remote, now);
  if (!started) {
    connection_.see(path_, path_state_, dtls_, now);
    return update_state(to_string(started.error()));
  }
  drain_dtls(now);
}

void MediaTransport::close(Instant now) noexcept {
  dtls_.close();
  drain_dtls(now);
}

void MediaTransport::set_path_state(PathState state, Instant now) {
  const bool back = path_state_ == PathState::lost && state == PathState::ready;
  path_state_ = state;
  drain_dtls(now);
  if (!back || !srtp_sender_) return;
  if (control_ != nullptr) control_->handle_new_path(now);
  observer_.on_deadline_changed(spec_.key);
  // Packets have been dropped for a long time: the client starts over instead of taking them for lost one by one.
  for (const auto& consumer : consumers_) {
    consumer->interrupt();
    consumer->output_ready(now);
  }
}

void MediaTransport::handle_dtls(Bytes datagram, Instant now) {
  dtls_.handle_datagram(datagram, now);
  drain_dtls(now);
}

// What DTLS wants to say, and what its state means for the transport; after every call into it.
void MediaTransport::drain_dtls(Instant now) {
  // Before ICE has a path our ClientHello waits: lost, it would come again only after an ever longer timeout.
  const bool may_send = path_state_ != PathState::none;
  while (const auto datagram = may_send ? dtls_.poll_datagram() : std::nullopt) {
    const MutableBytes buffer = path_.acquire();
    std::ranges::copy(*datagram, buffer.begin());
    path_.commit(datagram->size());
  }
  connection_.see(path_, path_state_, dtls_, now);
  if (dtls_.state() == DtlsState::connected && !srtp_sender_) start_media(now);
  update_state();
  observer_.on_deadline_changed(spec_.key);
}

void MediaTransport::start_media(Instant now) {
  if (state_ == TransportState::failed || state_ == TransportState::closed) return;
  const std::optional<SrtpKeys> keys = dtls_.take_srtp_keys();
  if (!keys) return;
  auto sender = SrtpSender::create(keys->profile, keys->local);
  auto receiver = SrtpReceiver::create(keys->profile, keys->remote);
  if (!sender || !receiver) return update_state("SRTP could not be set up");
  srtp_sender_.emplace(std::move(sender).value());
  srtp_receiver_.emplace(std::move(receiver).value());
  srtp_profile_ = keys->profile;
  next_report_ = now + kFirstReport;
  for (const auto& consumer : consumers_) consumer->output_ready(now);
}

void MediaTransport::update_state(std::string_view failure) {
  const auto next = [&]() -> TransportState {
    if (!failure.empty() || path_state_ == PathState::failed || dtls_.state() == DtlsState::failed) {
      return TransportState::failed;
    }
    if (dtls_.state() == DtlsState::closed) return TransportState::closed;
    if (path_state_ == PathState::lost) return TransportState::disconnected;
    if (path_state_ == PathState::none) return TransportState::created;
    return srtp_sender_ ? TransportState::connected : TransportState::connecting;
  }();
  if (next == state_ || state_ == TransportState::failed || state_ == TransportState::closed) return;
  state_ = next;
  if (next == TransportState::failed || next == TransportState::closed) stop_media();

  std::string_view reason = failure;
  if (reason.empty() && dtls_.failure()) reason = to_string(*dtls_.failure());
  if (reason.empty() && next == TransportState::failed) reason = "ICE found no path in time";
  if (next == TransportState::disconnected) reason = "the client's consent checks have stopped";
  observer_.on_transport_state(spec_.key, next, reason);
}

// RFC 6347 and RFC 5764: the keys are those of the association, and end with it.
void MediaTransport::stop_media() noexcept {
  srtp_sender_.reset();
  srtp_receiver_.reset();
}

RtpProducer& MediaTransport::add_producer(RtpProducer::Spec spec) {
  producers_.push_back(std::make_unique<RtpProducer>(std::move(spec), *this, fan_out_, workers_));
  RtpProducer& producer = *producers_.back();
  report_blocks_.reserve(kMaxRtcpCount);
  const ortc::ProducerMapping& mapping = producer.mapping();
  update_extensions();
  learn_transport_sequence(mapping);
  std::bitset<128> rtx_types;
  for (std::size_t type = 0; type < mapping.codecs.size(); ++type) rtx_types[type] = mapping.codecs[type].is_rtx();

  for (std::size_t i = 0; i < mapping.encodings.size(); ++i) {
    const ortc::ProducerMapping::Encoding& encoding = mapping.encodings[i];
    const StreamId stream = free_slot();
    slots_[stream.value()] = {&producer, static_cast<std::uint8_t>(i)};
    // The control thread has checked that no other producer claims these names.
    static_cast<void>(demuxer_.add({.stream = stream,
                                    .ssrc = encoding.ssrc,
                                    .rtx_ssrc = encoding.rtx_ssrc,
                                    .mid = mapping.mid,
                                    .rid = encoding.rid,
                                    .rtx_payload_types = rtx_types}));
  }
  return producer;
}

// Media sections of one transport may each leave extensions out, though what an id stands for they agree on (RFC 8843
// section 9.2): audio that knows no rid must not make video forget it. Where they disagree the newest is right.
void MediaTransport::update_extensions() noexcept {
  HeaderExtensionMap all;
  for (const auto& producer : std::views::reverse(producers_)) {
    const HeaderExtensionMap& known = producer->mapping().extension_map;
    for (const auto extension : {HeaderExtension::mid, HeaderExtension::rid, HeaderExtension::repaired_rid}) {
      if (const auto id = known.id_of(extension)) static_cast<void>(all.add(extension, *id));
    }
  }
  demuxer_.set_extensions(all);
}

// The browser numbers all packets of the transport once one of its media sections has negotiated it.
void MediaTransport::learn_transport_sequence(const ortc::ProducerMapping& mapping) noexcept {
  if (!mapping.feedback.transport_cc) return;
  const auto id = mapping.extension_map.id_of(HeaderExtension::transport_sequence_number);
  if (!id) return;
  transport_sequence_id_ = *id;
  if (arrivals_ == nullptr) arrivals_ = std::make_unique<TransportFeedback>();
}

StreamId MediaTransport::free_slot() {
  const auto free = std::ranges::find(slots_, nullptr, &StreamSlot::producer);
  const auto index = static_cast<std::uint32_t>(free - slots_.begin());
  if (free == slots_.end()) slots_.emplace_back();
  return StreamId{index};
}

void MediaTransport::remove_producer(ProducerKey key) noexcept {
  RtpProducer* producer = find_producer(key);
  if (producer == nullptr) return;
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].producer != producer) continue;
    demuxer_.remove(StreamId{i});
    slots_[i] = {};
  }
  for (const RtpProducer::Stream& stream : producer->streams()) {
    if (stream.receiver) producer_left(stream.receiver->ssrc());
    if (stream.rtx_ssrc) producer_left(*stream.rtx_ssrc);
  }
  std::erase_if(producers_, [&](const auto& entry) { return entry.get() == producer; });
  update_extensions();
}

void MediaTransport::producer_left(Ssrc ssrc) noexcept {
  if (srtp_receiver_) srtp_receiver_->forget(ssrc);
}

RtpConsumer& MediaTransport::add_consumer(RtpConsumer::Spec spec, Instant now) {
  learn_send_control(spec.mapping, now);
  consumers_.push_back(std::make_unique<RtpConsumer>(std::move(spec), *this));
  RtpConsumer& consumer = *consumers_.back();
  senders_[consumer.ssrc()] = &consumer;
  if (const auto rtx = consumer.rtx_ssrc()) senders_[*rtx] = &consumer;
  if (control_ != nullptr) control_->share_soon(now);
  return consumer;
}

void MediaTransport::remove_consumer(ConsumerKey key) noexcept {
  const auto found = std::ranges::find(consumers_, key, [](const auto& consumer) { return consumer->key(); });
  if (found == consumers_.end()) return;
  forget_sender((*found)->ssrc());
  if (const auto rtx = (*found)->rtx_ssrc()) forget_sender(*rtx);
  consumers_.erase(found);
}

// What waits in the pacer under this SSRC is dropped, see release_held(): SRTP would begin its count anew, and repeat
// its keystream.
void MediaTransport::forget_sender(Ssrc ssrc) noexcept {
  senders_.erase(ssrc);
  if (srtp_sender_) srtp_sender_->forget(ssrc);
}

void MediaTransport::handle_rtp(MutableBytes datagram, Instant now) noexcept {
  ++counters_.packets_received;
  counters_.bytes_received += datagram.size();
  if (!srtp_receiver_) {
    ++counters_.dropped_before_dtls;
    return;
  }
  const auto size = srtp_receiver_->unprotect_rtp(datagram);
  if (!size) return count_refused(size.error());
  const auto packet = RtpPacketView::parse(datagram.first(*size));
  if (!packet) {
    ++counters_.dropped_malformed;
    return;
  }
  note_arrival(*packet, now);
  const auto match = demuxer_.find(*packet);
  if (!match) {
    ++counters_.dropped_unknown_stream;
    return;
  }
  const StreamSlot& slot = slots_[match->stream.value()];
  if (match->part == StreamPart::rtx) {
    slot.producer->handle_rtx(datagram.first(*size), slot.encoding, now);
  } else {
    slot.producer->handle(*packet, slot.encoding, now);
  }
}

void MediaTransport::count_refused(SrtpError reason) noexcept {
  const bool replayed = reason == SrtpError::replayed || reason == SrtpError::too_old;
  ++(replayed ? counters_.dropped_replayed : counters_.dropped_unauthenticated);
}

MutableBytes MediaTransport::begin_rtp() noexcept {
  if (!srtp_sender_ || path_state_ != PathState::ready) return {};
  pending_ = path_.acquire();
  pending_is_numbered_ = false;
  return pending_.size() > kMaxSrtpTrailer ? pending_.first(pending_.size() - kMaxSrtpTrailer) : MutableBytes{};
}

std::uint16_t MediaTransport::number_rtp() noexcept {
  pending_is_numbered_ = true;
  return transport_sequence_;
}

void MediaTransport::prefetch_near() const noexcept {
  prefetch(&path_);
  prefetch(&path_state_);
  prefetch(&srtp_sender_, sizeof srtp_sender_);
  prefetch(&pending_, 2 * kCacheLine);
  prefetch(&counters_);
}

void MediaTransport::prefetch_far() const noexcept {
  path_.prefetch();
  if (srtp_sender_) srtp_sender_->prefetch();
}

bool MediaTransport::end_rtp(std::size_t size, PacePriority priority, Instant now) noexcept {
  if (size == 0) {
    ++counters_.dropped_oversize;
    cancel_rtp();
    return false;
  }
  const bool waits = control_ != nullptr && priority != PacePriority::padding && !control_->may_send(priority, now);
  return waits ? hold_back(pending_.first(size), priority, now) : send_now(size, priority, now);
}

bool MediaTransport::send_now(std::size_t size, PacePriority priority, Instant now) noexcept {
  const auto protected_size = srtp_sender_->protect_rtp(pending_, size);
  if (keeps_copies_ && protected_size) keep_copy(pending_.first(*protected_size), now);
  path_.commit(protected_size.value_or(std::size_t{0}));
  if (!protected_size) return false;
  count_sent(*protected_size);
  std::optional<TransportSequence> number;
  if (pending_is_numbered_) number = TransportSequence{transport_sequence_++};
  if (control_ != nullptr) control_->on_sent(priority, number, *protected_size, now);
  return true;
}

void MediaTransport::count_sent(std::size_t bytes) noexcept {
  ++counters_.packets_sent;
  counters_.bytes_sent += bytes;
}

void MediaTransport::handle_timeout(Instant now, WallTime wall) {
  const auto dtls_deadline = dtls_.next_timeout();
  if (dtls_deadline && now >= *dtls_deadline) {
    dtls_.handle_timeout(now);
    drain_dtls(now);
  }
  if (!srtp_sender_) return;
  if (control_ != nullptr) {
    control_->handle_timeout(now);
    update_sending(now);
  }
  send_transport_feedback(now);
  send_requests(now);
  for (const auto& producer : producers_) {
    if (producer->take_ended(now)) observer_.on_producer_ended(producer->key());
  }
  if (now < next_report_) return;
  next_report_ = on_grid(now + kReportInterval, kReportGrid);
  if (keeps_copies_) release_copies(now);
  if (path_state_ != PathState::ready) return;
  send_receiver_report(now, wall);
  send_sender_reports(now, wall);
}

std::optional<Instant> MediaTransport::next_timeout() const noexcept {
  std::optional<Instant> next = dtls_.next_timeout();
  const auto consider = [&](std::optional<Instant> candidate) {
    if (candidate && (!next || *candidate < *next)) next = candidate;
  };
  if (!srtp_sender_) return next;
  consider(next_report_);
  if (arrivals_ != nullptr) consider(arrivals_->next_timeout());
  if (control_ != nullptr) consider(control_->next_timeout());
  for (const auto& producer : producers_) consider(producer->next_timeout());
  return next;
}

TransportCounters MediaTransport::counters() const noexcept {
  TransportCounters counters = counters_;
  const DtlsCounters& dtls = dtls_.counters();
  counters.dropped_dtls = dtls.dropped_before_start + dtls.dropped_after_end + dtls.dropped_malformed +
                          dtls.dropped_plaintext_data + dtls.dropped_application_data;
  return counters;
}

RtpProducer* MediaTransport::find_producer(ProducerKey key) noexcept {
  const auto found = std::ranges::find(producers_, key, [](const auto& producer) { return producer->key(); });
  return found == producers_.end() ? nullptr : found->get();
}

RtpConsumer* MediaTransport::find_consumer(ConsumerKey key) noexcept {
  const auto found = std::ranges::find(consumers_, key, [](const auto& consumer) { return consumer->key(); });
  return found == consumers_.end() ? nullptr : found->get();
}

RtpConsumer* MediaTransport::consumer_of(Ssrc ssrc) noexcept {
  const auto found = senders_.find(ssrc);
  return found == senders_.end() || found->second->ssrc() != ssrc ? nullptr : found->second;
}

}  // namespace sluice
