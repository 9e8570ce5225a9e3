#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/media/engine/pending_answers.h"
#include "core/media/engine/router_handle.h"
#include "core/media/ortc/negotiation.h"
#include "sluice/media.h"

namespace sluice {

/// A plugin's hold on a producer: tells its worker what to do, and knows who consumes it on which worker.
class ProducerHandle final : public Producer {
 public:
  struct Spec {
    ProducerKey key;
    TransportKey transport;
    WorkerIndex worker;
    MediaKind kind;
    RtpParameters rtp_parameters;
    ortc::NegotiatedProducer negotiated;
    bool paused = false;
  };

  ProducerHandle(std::shared_ptr<RouterState> router, TransportHandle& transport, Spec spec);
  ~ProducerHandle() override;

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] MediaKind kind() const noexcept override { return spec_.kind; }
  [[nodiscard]] ProducerType type() const noexcept override { return spec_.negotiated.type; }
  [[nodiscard]] const RtpParameters& rtp_parameters() const noexcept override { return spec_.rtp_parameters; }
  void pause() override { set_paused(true); }
  void resume() override { set_paused(false); }
  [[nodiscard]] bool paused() const noexcept override { return spec_.paused; }
  [[nodiscard]] bool closed() const noexcept override { return closed_; }
  void on_closed(Function<void()> callback) override;
  void stats(Function<void(std::vector<RtpStreamStats>)> callback) override;

  [[nodiscard]] const ortc::NegotiatedProducer& negotiated() const noexcept { return spec_.negotiated; }
  /// Readies the producer for a consumer on `worker`, which may need a mirror there.
  void add_consumer(ConsumerHandle& consumer, WorkerIndex worker);
  void remove_consumer(ConsumerHandle& consumer, WorkerIndex worker);
  [[nodiscard]] ProducerKey key() const noexcept { return spec_.key; }
  /// Ends it, and tells the plugin later: the transport closed, or the client said BYE.
  void end();
  void forget_transport() noexcept { transport_ = nullptr; }

 private:
  void set_paused(bool paused);
  void close();

  std::shared_ptr<RouterState> router_;
  TransportHandle* transport_;  // null once it is gone
  Spec spec_;
  std::string id_;
  bool closed_ = false;
  std::vector<ConsumerHandle*> consumers_;
  std::map<WorkerIndex, std::size_t> mirrors_;  // consumers by worker, other than our own
  Function<void()> on_closed_;
  PendingAnswers<std::vector<RtpStreamStats>> stats_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // weakly held by what comes back later
};

}  // namespace sluice
