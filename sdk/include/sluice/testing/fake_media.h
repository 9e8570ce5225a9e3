#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "sluice/media.h"
#include "sluice/testing/fake_sdp.h"

/// The media core without media: handles that record what is asked of them, and let the test say what happens on the
/// network. As with the real ones, callbacks never run inside the plugin's own call: they wait for FakeMedia::run(),
/// which FakeHost does after each event.
namespace sluice::testing {

class FakeRouter;
class FakeTransport;
class FakeProducer;
class FakeConsumer;
class FakeTap;

class FakeMedia final : public Media {
 public:
  FakeMedia();
  [[nodiscard]] std::unique_ptr<Router> create_router() override;
  [[nodiscard]] std::vector<IceServer> ice_servers(std::string_view user_id) const override {
    ice_servers_asked_for.emplace_back(user_id);
    return offered_ice_servers;
  }
  [[nodiscard]] std::size_t worker_count() const noexcept override { return worker_stats.size(); }
  [[nodiscard]] std::vector<WorkerStats> workers() const override { return worker_stats; }

  // The living handles; they throw std::out_of_range if there is none of that id.
  [[nodiscard]] FakeTransport& transport(std::string_view id) { return *transports.at(std::string{id}); }
  [[nodiscard]] FakeProducer& producer(std::string_view id) { return *producers.at(std::string{id}); }
  [[nodiscard]] FakeConsumer& consumer(std::string_view id) { return *consumers.at(std::string{id}); }
  /// The eldest router.
  [[nodiscard]] FakeRouter& router() { return *living_routers.begin()->second; }

  /// Runs the callbacks that wait.
  void run() {
    while (!posted_.empty()) {
      auto callback = std::move(posted_.front());
      posted_.pop_front();
      callback();
    }
  }
  void post(Function<void()> callback) { posted_.push_back(std::move(callback)); }
  [[nodiscard]] std::string next_id(std::string_view kind) { return std::string{kind} + std::to_string(++last_id_); }

  // What the test may change.
  std::vector<IceServer> offered_ice_servers;
  /// One worker by default; none: nothing can be routed.
  std::vector<WorkerStats> worker_stats = std::vector<WorkerStats>(1);
  /// The users for whom they were asked.
  mutable std::vector<std::string> ice_servers_asked_for;
  RtpCapabilities capabilities;
  /// Transports are made at the next run(), as with full ICE, instead of at once.
  bool transports_take_time = false;
  /// can_consume() says so.
  bool anything_can_be_consumed = true;
  /// What the texts of clients mean that speak SDP.
  FakeSdp sdp;
  /// What the handles are asked for by stats() is never told.
  bool silent_about_stats = false;

  // The living handles by id; entered and struck out by the handles themselves.
  std::map<std::string, FakeTransport*> transports;
  std::map<std::string, FakeProducer*> producers;
  std::map<std::string, FakeConsumer*> consumers;
  std::map<std::string, FakeTap*> taps;
  std::map<std::string, FakeRouter*> living_routers;
  std::size_t routers = 0;

 private:
  std::deque<Function<void()>> posted_;
  std::uint64_t last_id_ = 0;
};

class FakeProducer final : public Producer {
 public:
  FakeProducer(FakeMedia& media, std::string router, std::string transport, const ProduceOptions& options)
      : router_id{std::move(router)},
        transport_id{std::move(transport)},
        media_{media},
        id_{media.next_id("producer-")},
        options_(options),
        paused_{options.paused} {
    media_.producers[id_] = this;
  }
  ~FakeProducer() override;

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] MediaKind kind() const noexcept override { return options_.kind; }
  [[nodiscard]] ProducerType type() const noexcept override { return ProducerType::simple; }
  [[nodiscard]] const RtpParameters& rtp_parameters() const noexcept override { return options_.rtp_parameters; }
  void pause() override { set_paused(true); }
  void resume() override { set_paused(false); }
  [[nodiscard]] bool paused() const noexcept override { return paused_; }
  void hold_back() override { held_back_ = true; }
  void release() override { held_back_ = false; }
  [[nodiscard]] bool held_back() const noexcept override { return held_back_; }
  [[nodiscard]] bool closed() const noexcept override { return closed_; }
  void on_closed(Function<void()> callback) override { on_closed_ = std::move(callback); }
  void on_score(Function<void(const std::vector<StreamScore>&)> callback) override { on_score_ = std::move(callback); }
  [[nodiscard]] const std::vector<StreamScore>& scores() const noexcept override { return scores_; }
  void stats(Function<void(std::vector<RtpStreamStats>)> callback) override {
    if (media_.silent_about_stats) return;
    media_.post([callback = std::move(callback)]() mutable { callback({RtpStreamStats{}}); });
  }

  [[nodiscard]] bool speaks() const noexcept { return options_.speaks; }
  /// The producer ends by itself: its transport closed, or the client said BYE.
  void end();
  /// The streams arrive as well as this from now on.
  void enter_scores(std::vector<StreamScore> scores) {
    scores_ = std::move(scores);
    media_.post([&media = media_, id = id_] {
      const auto found = media.producers.find(id);
      if (found != media.producers.end() && found->second->on_score_) found->second->on_score_(found->second->scores_);
    });
  }

  const std::string router_id;
  const std::string transport_id;

 private:
  void set_paused(bool paused);
  void end_consumers();

  FakeMedia& media_;
  std::string id_;
  ProduceOptions options_;
  bool paused_;
  bool held_back_ = false;
  bool closed_ = false;
  std::vector<StreamScore> scores_;
  Function<void()> on_closed_;
  Function<void(const std::vector<StreamScore>&)> on_score_;
};

class FakeConsumer final : public Consumer {
 public:
  FakeConsumer(FakeMedia& media, std::string transport, const ConsumeOptions& options)
      : transport_id{std::move(transport)},
        media_{media},
        id_{media.next_id("consumer-")},
        options_(options),
        is_slot_{options.producer_id.empty()},
        paused_{options.paused} {
    if (is_slot_) {
      kind_ = options.kind.value();
    } else {
      const FakeProducer& producer = media.producer(options.producer_id);
      parameters_ = producer.rtp_parameters();
      kind_ = producer.kind();
      producer_paused_ = producer.paused();
    }
    if (options.mid) parameters_.mid = options.mid;
    media_.consumers[id_] = this;
  }
  ~FakeConsumer() override { media_.consumers.erase(id_); }

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::string& producer_id() const noexcept override { return options_.producer_id; }
  [[nodiscard]] MediaKind kind() const noexcept override { return kind_; }
  [[nodiscard]] ConsumerType type() const noexcept override { return ConsumerType::simple; }
  [[nodiscard]] const RtpParameters& rtp_parameters() const noexcept override { return parameters_; }
  void pause() override { paused_ = true; }
  void resume() override { paused_ = false; }
  [[nodiscard]] bool paused() const noexcept override { return paused_; }
  [[nodiscard]] bool producer_paused() const noexcept override { return producer_paused_; }
  [[nodiscard]] bool closed() const noexcept override { return closed_; }
  void set_priority(std::uint8_t priority) override { priority_ = priority; }
  [[nodiscard]] std::uint8_t priority() const noexcept override { return priority_; }
  void set_preferred_layers(std::optional<PreferredLayers> most) override { preferred_ = most; }
  [[nodiscard]] const std::optional<PreferredLayers>& preferred_layers() const noexcept override { return preferred_; }
  [[nodiscard]] const LayersChange& layers() const noexcept override { return layers_; }
  void set_insists(bool insists) override { insists_ = insists; }
  [[nodiscard]] bool insists() const noexcept override { return insists_; }
  void request_key_frame() override { ++key_frames_requested; }
  void set_producer(const std::string& producer_id) override {
    if (!is_slot_ || closed_) throw Error{ErrorCode::conflict, "this consumer cannot change its producer"};
    if (!producer_id.empty()) {
      const auto found = media_.producers.find(producer_id);
      if (found == media_.producers.end()) throw Error{ErrorCode::not_found, "no such producer"};
      if (!media_.anything_can_be_consumed || found->second->kind() != kind_) {
        throw Error{ErrorCode::unsupported, "no codec in common"};
      }
    }
    options_.producer_id = producer_id;
    producer_paused_ = !producer_id.empty() && media_.producer(producer_id).paused();
  }
  void on_closed(Function<void(ConsumerEnd)> callback) override { on_closed_ = std::move(callback); }
  void on_producer_paused(Function<void(bool)> callback) override { on_producer_paused_ = std::move(callback); }
  void on_layers_changed(Function<void(const LayersChange&)> callback) override {
    on_layers_changed_ = std::move(callback);
  }
  void on_score(Function<void(ConsumerScore)> callback) override { on_score_ = std::move(callback); }
  [[nodiscard]] ConsumerScore score() const noexcept override { return score_; }
  void stats(Function<void(RtpStreamStats)> callback) override {
    if (media_.silent_about_stats) return;
    media_.post([callback = std::move(callback)]() mutable { callback(RtpStreamStats{}); });
  }

  /// A slot is empty then; another consumer ends.
  void producer_ended() {
    if (!is_slot_) return end(ConsumerEnd::producer_closed);
    options_.producer_id.clear();
    producer_paused_ = false;
  }
  void end(ConsumerEnd why) {
    if (!std::exchange(closed_, true)) tell(&FakeConsumer::on_closed_, why);
  }
  /// What the client gets from now on.
  void enter_layers(const LayersChange& layers) {
    layers_ = layers;
    tell(&FakeConsumer::on_layers_changed_, layers);
  }
  /// How well it gets it.
  void enter_score(ConsumerScore score) {
    score_ = score;
    tell(&FakeConsumer::on_score_, score);
  }
  void set_producer_paused(bool paused) {
    producer_paused_ = paused;
    tell(&FakeConsumer::on_producer_paused_, paused);
  }

  const std::string transport_id;
  int key_frames_requested = 0;

 private:
  template <class Argument>
  void tell(Function<void(Argument)> FakeConsumer::*callback, std::decay_t<Argument> what) {
    media_.post([&media = media_, id = id_, callback, what] {
      const auto found = media.consumers.find(id);
      if (found != media.consumers.end() && found->second->*callback) (found->second->*callback)(what);
    });
  }

  FakeMedia& media_;
  std::string id_;
  ConsumeOptions options_;
  RtpParameters parameters_;
  MediaKind kind_{};
  bool is_slot_;
  bool paused_;
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
};

class FakeTransport final : public Transport {
 public:
  FakeTransport(FakeMedia& media, std::string router)
      : router_id{std::move(router)}, media_{media}, id_{media.next_id("transport-")} {
    ice_parameters_ = {"ufrag0", "password-0", true};
    dtls_parameters_.fingerprints = {{"sha-256", "00:11:22"}};
    media_.transports[id_] = this;
  }
  ~FakeTransport() override {
    media_.transports.erase(id_);
    end_media();
  }

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const IceParameters& ice_parameters() const noexcept override { return ice_parameters_; }
  [[nodiscard]] const std::vector<IceCandidate>& ice_candidates() const noexcept override { return candidates; }
  [[nodiscard]] const DtlsParameters& dtls_parameters() const noexcept override { return dtls_parameters_; }
  [[nodiscard]] TransportState state() const noexcept override { return state_; }
  void connect(const ConnectOptions& options) override {
    if (connected_with) throw Error{ErrorCode::conflict, "the transport is connected already"};
    connected_with.emplace(options);
  }
  const IceParameters& restart_ice() override {
    ice_parameters_.username_fragment = "ufrag" + std::to_string(++ice_restarts);
    return ice_parameters_;
  }
  void add_ice_candidate(const IceCandidate& candidate) override { remote_candidates.push_back(candidate); }
  [[nodiscard]] std::unique_ptr<Producer> produce(const ProduceOptions& options) override {
    return std::make_unique<FakeProducer>(media_, router_id, id_, options);
  }
  [[nodiscard]] std::unique_ptr<Consumer> consume(const ConsumeOptions& options) override {
    if (options.producer_id.empty()) {
      if (!options.kind) throw Error{ErrorCode::invalid_payload, "kind is missing"};
      return std::make_unique<FakeConsumer>(media_, id_, options);
    }
    const auto producer = media_.producers.find(options.producer_id);
    if (producer == media_.producers.end() || producer->second->router_id != router_id) {
      throw Error{ErrorCode::not_found, "no such producer in this router"};
    }
    return std::make_unique<FakeConsumer>(media_, id_, options);
  }
  void on_state(Function<void(TransportState, std::string_view)> callback) override { on_state_ = std::move(callback); }
  void stats(Function<void(TransportStats)> callback) override {
    if (media_.silent_about_stats) return;
    media_.post([callback = std::move(callback), state = state_]() mutable {
      TransportStats stats;
      stats.state = state;
      callback(stats);
    });
  }

  /// What the network does: `failed` with the reason, `connected`, ... `closed` ends what the transport carries.
  void enter(TransportState state, std::string reason = {}) {
    state_ = state;
    if (state == TransportState::closed) end_media();
    media_.post([&media = media_, id = id_, state, reason = std::move(reason)] {
      const auto found = media.transports.find(id);
      if (found != media.transports.end() && found->second->on_state_) found->second->on_state_(state, reason);
    });
  }

  const std::string router_id;
  std::vector<IceCandidate> candidates;
  std::optional<ConnectOptions> connected_with;
  std::vector<IceCandidate> remote_candidates;
  int ice_restarts = 0;

 private:
  void end_media() {
    for (const auto& [id, producer] : media_.producers) {
      if (producer->transport_id == id_) producer->end();
    }
    for (const auto& [id, consumer] : media_.consumers) {
      if (consumer->transport_id == id_) consumer->end(ConsumerEnd::transport_closed);
    }
  }

  FakeMedia& media_;
  std::string id_;
  IceParameters ice_parameters_;
  DtlsParameters dtls_parameters_;
  TransportState state_ = TransportState::created;
  Function<void(TransportState, std::string_view)> on_state_;
};

inline FakeMedia::FakeMedia() {
  RtpCodecCapability opus;
  opus.mime_type = "audio/opus";
  opus.preferred_payload_type = PayloadType{100};
  opus.clock_rate = 48'000;
  opus.channels = 2;
  RtpCodecCapability vp8;
  vp8.kind = MediaKind::video;
  vp8.mime_type = "video/VP8";
  vp8.preferred_payload_type = PayloadType{101};
  vp8.clock_rate = 90'000;
  capabilities.codecs = {opus, vp8};
}

inline FakeProducer::~FakeProducer() {
  media_.producers.erase(id_);
  if (!closed_) end_consumers();
}

inline void FakeProducer::end() {
  if (std::exchange(closed_, true)) return;
  end_consumers();
  media_.post([&media = media_, id = id_] {
    const auto found = media.producers.find(id);
    if (found != media.producers.end() && found->second->on_closed_) found->second->on_closed_();
  });
}

inline void FakeProducer::end_consumers() {
  for (const auto& [id, consumer] : media_.consumers) {
    if (consumer->producer_id() == id_) consumer->producer_ended();
  }
}

inline void FakeProducer::set_paused(bool paused) {
  if (std::exchange(paused_, paused) == paused) return;
  for (const auto& [id, consumer] : media_.consumers) {
    if (consumer->producer_id() == id_) consumer->set_producer_paused(paused);
  }
}

}  // namespace sluice::testing
