#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/base/clock.h"
#include "core/media/worker/media_ports.h"
#include "core/media/worker/packet_ring.h"
#include "core/media/worker/send_batch.h"
#include "core/media/worker/tcp_connections.h"
#include "core/media/worker/worker_core.h"
#include "sluice/function.h"

namespace sluice {

/// What a worker's thread has to do.
struct WorkerPressure {
  Instant at{};
  Duration cpu_time{};             ///< that the thread ran on a core, since its start
  std::size_t queued_packets = 0;  ///< the most that other workers had left for it at once
  std::size_t queued_tasks = 0;    ///< the most commands that waited at once
};

/// One media worker: a thread with its sockets, its timers and its WorkerCore.
class MediaWorker {
 public:
  struct Options {
    WorkerIndex index;
    /// Addresses with the port of this worker; port 0 takes any.
    std::vector<SocketAddress> listen;
    WorkerCore::Config core;
    MediaProtocols protocols = MediaProtocols::udp_and_tcp;
    TcpLimits tcp{};
  };
  /// Runs on the worker's thread, between packets.
  using Task = Function<void(WorkerCore&, Instant now)>;

  /// Opens the sockets: throws MediaPortError. `dtls`, `clock` and `observer` outlive the worker.
  MediaWorker(const Options& options, const DtlsContext& dtls, const Clock& clock, WorkerObserver& observer);
  /// Stops.
  ~MediaWorker();
  MediaWorker(const MediaWorker&) = delete;
  MediaWorker& operator=(const MediaWorker&) = delete;

  void start();
  /// Runs what was posted before, then joins the thread.
  void stop();

  /// Any thread. Tasks of one thread run in the order of its calls.
  void post(Task task);
  [[nodiscard]] const MediaPorts& ports() const noexcept;
  /// The counters of the send side; for a Task.
  [[nodiscard]] const SendBatch::Counters& send_counters() const noexcept;
  /// For a Task.
  [[nodiscard]] TcpCounters tcp_counters() const noexcept;
  /// For a Task.
  [[nodiscard]] const Tally<kBatchSizes>& receive_sizes() const noexcept;
  /// How busy the thread is, and how much waited for it at once since this was asked last; for a Task.
  [[nodiscard]] WorkerPressure take_pressure() noexcept;
  /// Packets that found the queue to another worker full; for a Task.
  [[nodiscard]] std::uint64_t queue_drops() const noexcept;

  /// Makes the queue through which packets of producers here reach consumers on `other`, if there is none yet. Control
  /// thread.
  void link_to(MediaWorker& other);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
