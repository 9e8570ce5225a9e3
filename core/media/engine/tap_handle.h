#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/media/engine/engine_context.h"
#include "core/media/transport/tap_queue.h"
#include "sluice/taps.h"

namespace sluice {

/// A plugin's hold on a tap, which lives on its producer's worker.
class TapHandle final : public Tap {
 public:
  static constexpr std::size_t kMaxOfProducer = 8;
  /// With queues of the usual size, half a gigabyte if all of them are full.
  static constexpr std::size_t kMaxOfWorker = 512;

  /// Throws Error: `limit_exceeded`, `unsupported`.
  TapHandle(std::shared_ptr<EngineContext> context, ProducerHandle& producer, const TapOptions& options);
  ~TapHandle() override;
  TapHandle(const TapHandle&) = delete;
  TapHandle& operator=(const TapHandle&) = delete;

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::string& producer_id() const noexcept override { return producer_id_; }
  [[nodiscard]] MediaKind kind() const noexcept override { return kind_; }
  [[nodiscard]] const RtpParameters& rtp_parameters() const noexcept override { return parameters_; }
  [[nodiscard]] std::shared_ptr<TapReader> reader() const override { return queue_; }
  void pause() override { set_paused(true); }
  void resume() override { set_paused(false); }
  [[nodiscard]] bool paused() const noexcept override { return paused_; }
  void request_key_frame() override;
  [[nodiscard]] bool closed() const noexcept override { return producer_ == nullptr; }
  void on_closed(Function<void()> callback) override;

  /// Of the plugin that made it; empty: the gateway itself.
  [[nodiscard]] const std::string& plugin() const noexcept { return plugin_; }
  [[nodiscard]] const TapQueue& queue() const noexcept { return *queue_; }
  /// The producer has ended, and forgotten this tap: tells the plugin later.
  void producer_ended();

 private:
  void set_paused(bool paused);
  void close();

  std::shared_ptr<EngineContext> context_;
  ProducerHandle* producer_;  // null once it is closed
  ConsumerKey key_;
  WorkerIndex worker_;
  MediaKind kind_;
  std::string id_;
  std::string producer_id_;
  std::string plugin_;
  RtpParameters parameters_;
  bool paused_;
  std::shared_ptr<TapQueue> queue_;  // owners: this, the worker's tap, and who reads
  Function<void()> on_closed_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // weakly held by what comes back later
};

}  // namespace sluice
