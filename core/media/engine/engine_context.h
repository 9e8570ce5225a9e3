#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/random.h"
#include "core/control/control_loop.h"
#include "core/media/ice/ice_credentials.h"
#include "core/media/transport/sequence_rewriter.h"
#include "core/media/worker/media_worker.h"
#include "sluice/log.h"
#include "sluice/ortc.h"

namespace sluice {

class ConsumerHandle;
class FullIceConnection;
class ProducerHandle;
class TransportHandle;

/// When something was made, for those who ask (core/media/engine/media_records.h).
struct Birth {
  Instant at;
  WallTime wall;
};

/// What all handles of the media engine share. Control thread only; held by shared_ptr: the engine and every handle own
/// it, so that a plugin may drop its handles in any order.
struct EngineContext {
  EngineContext(ControlLoop& control, FillRandom fill, Log& logger);

  ControlLoop& loop;
  FillRandom random;
  Log& log;
  std::vector<std::unique_ptr<MediaWorker>> workers;
  std::vector<std::vector<IceCandidate>> candidates;  // by worker
  std::vector<std::size_t> load;                      // transports by worker
  std::vector<std::size_t> taps;                      // open ones by worker
  std::size_t max_transports = 0;                     // of one worker
  RtpCapabilities capabilities;
  DtlsParameters dtls_parameters;
  Duration keyframe_min_interval{};
  bool stopped = false;

  // Who gets what the workers tell; entries leave with their handles.
  std::unordered_map<TransportKey, TransportHandle*> transports;
  std::unordered_map<ProducerKey, ProducerHandle*> producers;
  std::unordered_map<ConsumerKey, ConsumerHandle*> consumers;
  std::unordered_map<TransportKey, FullIceConnection*> full_ice;

  [[nodiscard]] std::uint64_t new_key() noexcept { return next_key_++; }
  /// Never 0, nor 1234, which mediasoup-client's probator uses, and none twice: a walk of full period.
  [[nodiscard]] Ssrc new_ssrc() noexcept;
  /// Where the numbering of an outgoing stream begins.
  [[nodiscard]] SequenceRewriter::Numbers new_numbers() const;
  [[nodiscard]] IceCredentials new_ice_credentials() const;
  [[nodiscard]] std::string new_id() const;
  [[nodiscard]] Birth new_birth() const noexcept { return {.at = loop.now(), .wall = loop.wall_time()}; }
  [[nodiscard]] MediaWorker& worker(WorkerIndex index) const { return *workers[index.value()]; }
  /// Hands what a worker reports to the handles that it is about.
  void tell(const QualityReport& report);
  /// Hands a worker's reports to the routers whose microphones they are about.
  void tell(std::span<const SpeakerReport> reports, Instant now);
  /// Posts to a worker, unless the engine has stopped.
  void post(WorkerIndex index, MediaWorker::Task task) const;

 private:
  std::uint64_t next_key_ = 1;
  std::uint32_t ssrc_ = 0;
};

/// A transport's place on a worker: counts as the worker's load from the choice of the worker to the end.
class WorkerPlace {
 public:
  /// On the worker with the fewest transports. Throws Error{limit_exceeded}.
  explicit WorkerPlace(std::shared_ptr<EngineContext> context);
  WorkerPlace(WorkerPlace&&) noexcept = default;
  WorkerPlace& operator=(WorkerPlace&&) = delete;
  ~WorkerPlace();

  [[nodiscard]] WorkerIndex worker() const noexcept { return worker_; }

 private:
  std::shared_ptr<EngineContext> context_;  // null once moved from
  WorkerIndex worker_;
};

}  // namespace sluice
