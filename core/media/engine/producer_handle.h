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

class TapHandle;

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
    bool speaks = true;
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
  void hold_back() override { set_held_back(true); }
  void release() override { set_held_back(false); }
  [[nodiscard]] bool held_back() const noexcept override { return held_back_; }
  [[nodiscard]] bool closed() const noexcept override { return closed_; }
  void on_closed(Function<void()> callback) override;
  void on_score(Function<void(const std::vector<StreamScore>&)> callback) override;
  [[nodiscard]] const std::vector<StreamScore>& scores() const noexcept override { return scores_; }
  void stats(Function<void(std::vector<RtpStreamStats>)> callback) override;

  [[nodiscard]] const ortc::NegotiatedProducer& negotiated() const noexcept { return spec_.negotiated; }
  /// Readies the producer for a consumer on `worker`, which may need a mirror there.
  void add_consumer(ConsumerHandle& consumer, WorkerIndex worker);
  void remove_consumer(ConsumerHandle& consumer, WorkerIndex worker);
  /// A consumer there has begun to insist, or does so no more.
  void insistence_changed(WorkerIndex worker);
  void add_tap(TapHandle& tap) { taps_.push_back(&tap); }
  void remove_tap(TapHandle& tap) noexcept { std::erase(taps_, &tap); }
  [[nodiscard]] std::size_t tap_count() const noexcept { return taps_.size(); }
  [[nodiscard]] const std::vector<TapHandle*>& taps() const noexcept { return taps_; }
  [[nodiscard]] WorkerIndex worker() const noexcept { return spec_.worker; }
  [[nodiscard]] ProducerKey key() const noexcept { return spec_.key; }
  [[nodiscard]] TransportKey transport_key() const noexcept { return spec_.transport; }
  [[nodiscard]] const TransportHandle* transport() const noexcept { return transport_; }  ///< null once it is gone
  [[nodiscard]] const RouterState& router() const noexcept { return *router_; }
  [[nodiscard]] const Birth& birth() const noexcept { return birth_; }
  [[nodiscard]] const std::vector<ConsumerHandle*>& consumers() const noexcept { return consumers_; }
  [[nodiscard]] const std::shared_ptr<RouterSpeakers>& router_speakers() const noexcept { return router_->speakers; }
  /// Ends it, and tells the plugin later: the transport closed, or the client said BYE.
  void end();
  void forget_transport() noexcept { transport_ = nullptr; }
  /// The worker tells new scores.
  void tell(const QualityReport::Produced& report);
  /// What was told last of the encoding that `layer` is of; 0: nothing.
  [[nodiscard]] Score score_of(MediaLayer layer) const noexcept;

 private:
  /// Another worker with consumers of this producer.
  struct Mirror {
    std::size_t consumers = 0;
    bool fed = false;  ///< packets go there
  };

  void set_paused(bool paused);
  void set_held_back(bool held);
  void close();
  void feed(WorkerIndex worker, Mirror& mirror);
  [[nodiscard]] bool wanted_on(WorkerIndex worker) const;
  void open_mirror(WorkerIndex worker) const;
  [[nodiscard]] SpeakerId speaker() const noexcept { return SpeakerId{spec_.key.value()}; }
  /// To its own worker, then to those of its mirrors.
  template <class Task>
  void post_everywhere(const Task& task) const {
    router_->context->post(spec_.worker, task);
    for (const auto& [worker, mirror] : mirrors_) router_->context->post(worker, task);
  }

  std::shared_ptr<RouterState> router_;
  TransportHandle* transport_;  // null once it is gone
  Spec spec_;
  std::string id_;
  Birth birth_;
  bool closed_ = false;
  std::vector<ConsumerHandle*> consumers_;
  std::vector<TapHandle*> taps_;
  std::map<WorkerIndex, Mirror> mirrors_;
  bool held_back_ = false;
  std::vector<StreamScore> scores_;
  Function<void()> on_closed_;
  Function<void(const std::vector<StreamScore>&)> on_score_;
  PendingAnswers<std::vector<RtpStreamStats>> stats_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // weakly held by what comes back later
};

}  // namespace sluice
