#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/media/ice/ufrag_index.h"
#include "core/media/transport/fan_out.h"
#include "core/media/transport/media_transport.h"
#include "core/media/transport/rtp_mirror.h"
#include "core/media/worker/deadline_heap.h"
#include "core/media/worker/lite_path.h"
#include "core/media/worker/packet_ring.h"
#include "core/media/worker/path_report.h"
#include "core/media/worker/quality_report.h"
#include "core/media/worker/transport_watch.h"
#include "core/media/worker/worker_taps.h"
#include "sluice/media.h"

namespace sluice {

/// What a worker tells the control side. Called on the worker's thread.
class WorkerObserver {
 public:
  virtual ~WorkerObserver() = default;
  virtual void on_transport_state(TransportKey transport, TransportState state, std::string_view reason) = 0;
  virtual void on_producer_ended(ProducerKey producer) = 0;
  /// Who speaks, of the microphones that are not silent: once in SpeakerWatch::kInterval, and when somebody begins.
  /// @return whether it was taken; if not, since too many wait already, it is told later.
  virtual bool on_speakers(std::span<const SpeakerReport> /*reports*/, Instant /*now*/) { return true; }
  /// Layers and scores that have changed: one report at most in WorkerCore::kReportInterval.
  virtual void on_quality(const QualityReport& /*report*/) {}
};

/// Datagrams of a worker, and those that got no further than finding their transport.
struct WorkerCounters {
  std::uint64_t datagrams = 0;
  std::uint64_t dropped_unknown_kind = 0;  ///< neither STUN nor DTLS nor RTP nor RTCP
  std::uint64_t dropped_unknown_ufrag = 0;
  std::uint64_t dropped_stun = 0;         ///< that the transport's ICE refused, but for keep-alive indications
  std::uint64_t dropped_unvalidated = 0;  ///< DTLS, RTP or RTCP from an address that ICE has not validated
  std::uint64_t dropped_oversize = 0;
};

/// Audio and video.
struct KindCounts {
  std::array<std::size_t, 2> by_kind{};

  [[nodiscard]] std::size_t& operator[](MediaKind kind) noexcept { return by_kind[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] std::size_t operator[](MediaKind kind) const noexcept {
    return by_kind[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] std::size_t total() const noexcept { return by_kind[0] + by_kind[1]; }
};

/// All transports of a worker, as they are now.
struct TransportSums {
  std::array<std::size_t, 6> by_state{};  ///< by TransportState
  std::size_t limited_consumers = 0;      ///< of video, that get less than they want, for want of bandwidth
  DataRate receiving{};                   ///< SRTP and SRTCP
  DataRate sending{};
};

/// Everything that one media worker does, without its thread, sockets and clock: transports by tuple, their timers,
/// the producers of other workers.
/// @note One thread. Commands about something that has closed are ignored.
class WorkerCore final : public TransportObserver {
 public:
  /// Between two reports of layers and scores.
  static constexpr Duration kReportInterval = std::chrono::milliseconds{100};

  struct Config {
    IceLiteConfig ice;
    BandwidthEstimator::Config bandwidth{};  ///< of each transport
    std::size_t max_transports = 10'000;
  };

  WorkerCore(const Config& config, const DtlsContext& dtls, PacketOutput& output, RemoteWorkers& remotes,
             WorkerObserver& observer);
  ~WorkerCore() override;
  WorkerCore(const WorkerCore&) = delete;
  WorkerCore& operator=(const WorkerCore&) = delete;

  // Commands of the control thread.
  void open(const MediaTransport::Spec& spec, IceCredentials local, Instant now);
  /// With a path of its own (full ICE); its state and datagrams come by set_path_state and handle_path_datagram.
  void open(const MediaTransport::Spec& spec, std::unique_ptr<PacketPath> path, Instant now);
  void connect(TransportKey key, DtlsRole role, std::span<const Fingerprint> remote, Instant now);
  void restart_ice(TransportKey key, IceCredentials local, Instant now);
  void close(TransportKey key, Instant now);
  void produce(TransportKey key, RtpProducer::Spec spec);
  void close_producer(TransportKey key, ProducerKey producer);
  void set_producer_paused(ProducerKey producer, bool paused, Instant now);
  /// From now on, or no longer, only the consumers of this worker that insist get its packets.
  void hold_back_producer(ProducerKey producer, bool held, Instant now);
  void add_remote(ProducerKey producer, WorkerIndex worker);
  void remove_remote(ProducerKey producer, WorkerIndex worker);
  void request_keyframe(ProducerKey producer, std::uint8_t encoding, Instant now);
  void add_mirror(const RtpMirror::Spec& spec);
  void remove_mirror(ProducerKey producer);
  void consume(TransportKey key, RtpConsumer::Spec spec, std::optional<ProducerKey> producer, Instant now);
  /// Of another producer from now on, or of none.
  void switch_consumer(TransportKey key, ConsumerKey consumer, std::optional<ProducerKey> producer, Instant now);
  void close_consumer(TransportKey key, ConsumerKey consumer);
  void set_consumer_paused(TransportKey key, ConsumerKey consumer, bool paused, Instant now);
  void request_consumer_keyframe(TransportKey key, ConsumerKey consumer, Instant now);
  void set_consumer_priority(TransportKey key, ConsumerKey consumer, std::uint8_t priority);
  void set_consumer_insists(TransportKey key, ConsumerKey consumer, bool insists, Instant now);
  /// None: the best that there is.
  void set_consumer_preferred(TransportKey key, ConsumerKey consumer, std::optional<LayerPosition> most);
  /// Of a producer of this worker. The others of its commands: taps().
  void tap(ProducerKey producer, RtpConsumer::Spec spec, std::shared_ptr<TapQueue> queue, Instant now);
  [[nodiscard]] WorkerTaps& taps() noexcept { return taps_; }
  [[nodiscard]] const WorkerTaps& taps() const noexcept { return taps_; }

  // Full ICE.
  void set_path_state(TransportKey key, PathState state, Instant now);
  void handle_path_datagram(TransportKey key, MutableBytes datagram, Instant now);

  // The network and the other workers. Bytes are borrowed until the outermost batch ends.
  /// While it stands, media is collected; at its end every consumer gets what is its in one go.
  [[nodiscard]] FanOut::Batch begin_batch(Instant now) noexcept { return FanOut::Batch{fan_out_, now}; }
  void handle_datagram(MutableBytes datagram, const IceTuple& from, Instant now);
  /// The tuple cannot be used any more: its TCP connection has ended.
  void handle_lost_tuple(const IceTuple& tuple, Instant now);
  /// Whether a transport's ICE holds it valid.
  [[nodiscard]] bool is_valid(const IceTuple& tuple) const noexcept { return routes_.find(tuple) != nullptr; }
  void handle_remote_packet(const PacketRing::Label& label, Bytes packet, Instant now) noexcept;
  void count_oversize() noexcept { ++counters_.dropped_oversize; }

  void handle_timeout(Instant now, WallTime wall);
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  [[nodiscard]] const WorkerCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const QualityCounters& quality_counters() const noexcept { return quality_counters_; }
  [[nodiscard]] const ConnectionCounters& connection_counters() const noexcept { return connections_; }
  [[nodiscard]] const KindCounts& producer_counts() const noexcept { return producer_counts_; }
  [[nodiscard]] const KindCounts& consumer_counts() const noexcept { return consumer_counts_; }
  /// Walks over the transports.
  [[nodiscard]] TransportSums transport_sums() const noexcept;
  [[nodiscard]] std::size_t transport_count() const noexcept { return entries_.size(); }
  /// Of all transports that there have been: never falls.
  [[nodiscard]] TransportCounters total_counters() const;
  [[nodiscard]] std::optional<TransportCounters> transport_counters(TransportKey key) const;
  [[nodiscard]] std::optional<TransportStats> transport_stats(TransportKey key) const;
  [[nodiscard]] std::optional<PathReport> path_report(TransportKey key, Instant now) const;
  [[nodiscard]] std::vector<RtpStreamStats> producer_stats(TransportKey key, ProducerKey producer) const;
  [[nodiscard]] std::optional<RtpStreamStats> consumer_stats(TransportKey key, ConsumerKey consumer) const;

 private:
  struct Entry {
    std::unique_ptr<LitePath> lite;  // one of the two
    std::unique_ptr<PacketPath> other;
    std::unique_ptr<MediaTransport> media;
    TransportWatch watch;
    std::size_t heap_position = DeadlineHeap<Entry>::kNotInHeap;
  };

  void on_transport_state(TransportKey transport, TransportState state, std::string_view reason) override;
  void on_producer_ended(ProducerKey producer) override;
  void on_deadline_changed(TransportKey transport) noexcept override;

  void handle_stun(Bytes datagram, const IceTuple& from, Instant now);
  void apply(Entry& entry, const IceLite::Reaction& reaction, const IceTuple& from, Instant now);
  void apply(Entry& entry, const IceLite::Expiry& expiry, Instant now);
  void dispatch(Entry& entry, MutableBytes datagram, Instant now);
  void forget_routes(Entry& entry) noexcept;
  void reschedule(Entry& entry);
  void report_quality(Instant now);
  [[nodiscard]] Entry* find(TransportKey key) const noexcept;
  [[nodiscard]] RtpConsumer* find_consumer(TransportKey key, ConsumerKey consumer) const noexcept;
  [[nodiscard]] RtpSource* find_source(ProducerKey key) const noexcept;
  [[nodiscard]] RtpProducer* find_producer(ProducerKey key) const noexcept;

  Config config_;
  const DtlsContext& dtls_;
  PacketOutput& output_;
  RemoteWorkers& remotes_;
  WorkerObserver& observer_;
  FanOut fan_out_;         // outlives the sources
  SpeakerWatch speakers_;  // outlives the producers
  SendControl::Shared send_shared_;
  ConnectionCounters connections_;  // outlives the transports
  std::unordered_map<TransportKey, std::unique_ptr<Entry>> entries_;
  UfragIndex<Entry*> ufrags_;
  TupleIndex<Entry*> routes_;
  DeadlineHeap<Entry> deadlines_;
  std::unordered_map<ProducerKey, RtpProducer*> producers_;  // owned by their transports
  std::unordered_map<ProducerKey, std::unique_ptr<RtpMirror>> mirrors_;
  WorkerTaps taps_;
  KindCounts producer_counts_;
  KindCounts consumer_counts_;
  QualityReport quality_;  // waits for its time
  QualityCounters quality_counters_;
  Instant next_report_{};
  WorkerCounters counters_;
  TransportCounters closed_;  // of the transports that are gone
};

}  // namespace sluice
