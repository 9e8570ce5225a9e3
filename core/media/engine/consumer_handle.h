#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/media/engine/pending_answers.h"
#include "core/media/engine/router_handle.h"
#include "core/media/ortc/negotiation.h"
#include "sluice/media.h"

namespace sluice {

/// A plugin's hold on a consumer.
class ConsumerHandle final : public Consumer {
 public:
  struct Spec {
    ConsumerKey key;
    TransportKey transport;
    WorkerIndex worker;
    MediaKind kind;
    ortc::NegotiatedConsumer negotiated;
    bool paused = false;
  };

  /// @param producer  Null: a slot, whose producers set_producer() tells.
  ConsumerHandle(std::shared_ptr<RouterState> router, TransportHandle& transport, ProducerHandle* producer, Spec spec);
  ~ConsumerHandle() override;

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::string& producer_id() const noexcept override { return producer_id_; }
  [[nodiscard]] MediaKind kind() const noexcept override { return spec_.kind; }
  [[nodiscard]] ConsumerType type() const noexcept override { return spec_.negotiated.type; }
  [[nodiscard]] const RtpParameters& rtp_parameters() const noexcept override { return spec_.negotiated.parameters; }
  void pause() override { set_paused(true); }
  void resume() override { set_paused(false); }
  [[nodiscard]] bool paused() const noexcept override { return spec_.paused; }
  [[nodiscard]] bool producer_paused() const noexcept override { return producer_paused_; }
  [[nodiscard]] bool closed() const noexcept override { return closed_; }
  void set_priority(std::uint8_t priority) override;
  [[nodiscard]] std::uint8_t priority() const noexcept override { return priority_; }
  void set_preferred_layers(std::optional<PreferredLayers> most) override;
  [[nodiscard]] const std::optional<PreferredLayers>& preferred_layers() const noexcept override { return preferred_; }
  [[nodiscard]] const LayersChange& layers() const noexcept override { return layers_; }
  void set_insists(bool insists) override;
  [[nodiscard]] bool insists() const noexcept override { return insists_; }
  void request_key_frame() override;
  void set_producer(const std::string& producer_id) override;
  void on_closed(Function<void(ConsumerEnd)> callback) override;
  void on_producer_paused(Function<void(bool)> callback) override;
  void on_layers_changed(Function<void(const LayersChange&)> callback) override;
  void on_score(Function<void(ConsumerScore)> callback) override;
  [[nodiscard]] ConsumerScore score() const noexcept override { return score_; }
  void stats(Function<void(RtpStreamStats)> callback) override;

  [[nodiscard]] ConsumerKey key() const noexcept { return spec_.key; }
  [[nodiscard]] TransportKey transport_key() const noexcept { return spec_.transport; }
  [[nodiscard]] const TransportHandle* transport() const noexcept { return transport_; }  ///< null once it is gone
  [[nodiscard]] const RouterState& router() const noexcept { return *router_; }
  [[nodiscard]] const Birth& birth() const noexcept { return birth_; }
  [[nodiscard]] bool is_slot() const noexcept { return is_slot_; }
  [[nodiscard]] WorkerIndex worker() const noexcept { return spec_.worker; }
  /// Ends it, and tells the plugin later.
  void end(ConsumerEnd why);
  /// The producer has ended, and forgotten this consumer: a slot is empty then, another consumer ends.
  void producer_ended();
  void producer_paused_changed(bool paused);
  void producer_score_changed();
  /// The worker tells.
  void tell(const LayersChange& layers);
  void tell(Score score);
  void forget_transport() noexcept { transport_ = nullptr; }
  /// Of what it sends now; empty in an empty slot.
  [[nodiscard]] std::string mime_type() const;

 private:
  void set_paused(bool paused);
  void close();
  [[nodiscard]] ProducerHandle* find_fitting(const std::string& producer_id) const;
  void feed_from(ProducerHandle* producer);
  void score_changed(ConsumerScore score);
  [[nodiscard]] Score producer_score() const noexcept;

  std::shared_ptr<RouterState> router_;
  TransportHandle* transport_;  // null once it is gone
  ProducerHandle* producer_;    // null once it is closed, and in an empty slot
  Spec spec_;
  bool is_slot_;
  std::string id_;
  Birth birth_;
  std::string producer_id_;
  bool producer_paused_ = false;
  bool closed_ = false;
  bool insists_ = false;
  std::uint8_t priority_ = 1;
  std::optional<PreferredLayers> preferred_;
  LayersChange layers_;
  ConsumerScore score_;
  Function<void(ConsumerEnd)> on_closed_;
  Function<void(bool)> on_producer_paused_;
  Function<void(const LayersChange&)> on_layers_changed_;
  Function<void(ConsumerScore)> on_score_;
  PendingAnswers<RtpStreamStats> stats_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // weakly held by what comes back later
};

}  // namespace sluice
