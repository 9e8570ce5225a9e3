#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/media/worker/worker_core.h"
#include "tests/simulation/simulated_network.h"

namespace sluice::simulation {

/// A WorkerCore whose socket is an address of a SimulatedNetwork and whose neighbours are other SimulatedWorkers.
class SimulatedWorker final : private PacketOutput, private RemoteWorkers, private WorkerObserver {
 public:
  struct StateChange {
    TransportKey transport;
    TransportState state;
    std::string reason;
  };

  SimulatedWorker(SimulatedNetwork& network, Address address, WorkerIndex index, const DtlsContext& dtls,
                  const WorkerCore::Config& config = {});
  ~SimulatedWorker() override;
  SimulatedWorker(const SimulatedWorker&) = delete;
  SimulatedWorker& operator=(const SimulatedWorker&) = delete;

  /// Packets of producers here may go there, and requests come back. Both ways.
  static void link(SimulatedWorker& a, SimulatedWorker& b);

  [[nodiscard]] Address address() const noexcept { return address_; }
  /// The worker's second socket: for the core a TCP listener, of which the stream has been cut into packets already.
  [[nodiscard]] Address tcp_address() const noexcept { return Address{address_.value() + 10'000}; }
  static constexpr std::uint8_t kUdpSocket = 0;
  static constexpr std::uint8_t kTcpSocket = 1;
  [[nodiscard]] WorkerIndex index() const noexcept { return index_; }
  /// The latest state told of this transport; `created` when none was.
  [[nodiscard]] TransportState state_of(TransportKey key) const;
  [[nodiscard]] std::string reason_of(TransportKey key) const;

  WorkerCore core;
  std::vector<StateChange> changes;
  std::vector<ProducerKey> ended_producers;
  std::vector<QualityReport> quality_reports;
  std::vector<SpeakerReport> speaker_reports;
  std::size_t packets_to_other_workers = 0;
  std::size_t keyframe_requests_to_other_workers = 0;

 private:
  // What another worker has put here, done at the next event as by a thread that wakes up.
  struct KeyframeRequest {
    ProducerKey producer;
    std::uint8_t encoding;
  };

  // PacketOutput
  [[nodiscard]] MutableBytes acquire() noexcept override { return out_; }
  void commit(std::size_t size, std::uint8_t socket, const SocketAddress& to) noexcept override;
  // RemoteWorkers
  void send_packet(WorkerIndex worker, ProducerKey producer, const RoutedPacket& packet) noexcept override;
  void request_keyframe(WorkerIndex worker, ProducerKey producer, std::uint8_t encoding) noexcept override;
  // WorkerObserver
  void on_transport_state(TransportKey transport, TransportState state, std::string_view reason) override;
  void on_producer_ended(ProducerKey producer) override { ended_producers.push_back(producer); }
  void on_quality(const QualityReport& report) override { quality_reports.push_back(report); }
  bool on_speakers(std::span<const SpeakerReport> reports, Instant now) override;

  void handle_datagram(Address from, std::uint8_t socket, Bytes datagram, Instant now);
  void handle_timeout(Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const;
  void wake(SimulatedWorker& other) const noexcept { other.woken_at_ = network_.now(); }

  SimulatedNetwork& network_;
  Address address_;
  WorkerIndex index_;
  std::map<WorkerIndex, SimulatedWorker*> neighbours_;
  std::map<WorkerIndex, PacketRing> incoming_;  // by the worker that writes
  std::vector<KeyframeRequest> requests_;
  std::optional<Instant> woken_at_;
  std::array<std::uint8_t, PacketPath::kMaxDatagram> out_;
  std::array<std::uint8_t, ReceiveBatch::kMaxDatagram> in_;
};

}  // namespace sluice::simulation
