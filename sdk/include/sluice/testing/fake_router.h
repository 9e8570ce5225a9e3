#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/testing/fake_media.h"
#include "sluice/testing/fake_tap.h"

namespace sluice::testing {

/// A router whose speakers are what the test says.
class FakeRouter final : public Router {
 public:
  explicit FakeRouter(FakeMedia& media) : media_{media}, id_{media.next_id("router-")} {
    ++media_.routers;
    media_.living_routers[id_] = this;
  }
  ~FakeRouter() override {
    --media_.routers;
    media_.living_routers.erase(id_);
  }
  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const RtpCapabilities& rtp_capabilities() const noexcept override { return media_.capabilities; }
  [[nodiscard]] bool can_consume(const std::string& producer_id, const RtpCapabilities&) const override {
    const auto found = media_.producers.find(producer_id);
    return media_.anything_can_be_consumed && found != media_.producers.end() && found->second->router_id == id_;
  }
  void create_transport(Function<void(std::unique_ptr<Transport>)> ready) override {
    if (!media_.transports_take_time) return ready(std::make_unique<FakeTransport>(media_, id_));
    media_.post([&media = media_, id = id_, ready = std::move(ready)]() mutable {
      ready(std::make_unique<FakeTransport>(media, id));
    });
  }
  [[nodiscard]] std::unique_ptr<SdpSession> create_sdp_session(Transport& transport) override {
    return std::make_unique<FakeSdpSession>(media_.sdp, transport, media_.capabilities);
  }
  /// Of a producer of this router.
  [[nodiscard]] std::unique_ptr<Tap> tap(const TapOptions& options) override {
    const auto found = media_.producers.find(options.producer_id);
    if (found == media_.producers.end() || found->second->router_id != id_) {
      throw Error{ErrorCode::not_found, "there is no such producer in this router"};
    }
    auto tap = std::make_unique<FakeTap>(media_.taps, media_.next_id("tap-"), found->second->kind(),
                                         found->second->rtp_parameters(), options);
    return tap;
  }
  /// `router_stats` of the test, at the next run().
  void stats(RouterStatsWanted wanted, Function<void(RouterStats)> callback) override {
    if (media_.silent_about_stats) return;
    stats_wanted = wanted;
    media_.post([callback = std::move(callback), stats = router_stats]() mutable { callback(std::move(stats)); });
  }
  void on_dominant_speaker(Function<void(const SpeakerLevel&)> callback) override {
    on_dominant_speaker_ = std::move(callback);
  }
  void on_audio_levels(Duration interval, Function<void(const std::vector<SpeakerLevel>&)> callback) override {
    levels_interval = interval;
    on_audio_levels_ = std::move(callback);
  }
  void on_loudest(std::size_t count, Function<void(const std::string&, bool)> callback) override {
    loudest_count = count;
    on_loudest_ = std::move(callback);
  }

  /// This one leads from now on; an empty id: nobody.
  void enter_dominant_speaker(SpeakerLevel speaker) { tell(&FakeRouter::on_dominant_speaker_, std::move(speaker)); }
  void enter_audio_levels(std::vector<SpeakerLevel> levels) { tell(&FakeRouter::on_audio_levels_, std::move(levels)); }
  /// The producer is, or is not, among the loudest.
  void enter_loud(const std::string& producer_id, bool loud) { tell(&FakeRouter::on_loudest_, producer_id, loud); }
  [[nodiscard]] bool wants_levels() const noexcept { return static_cast<bool>(on_audio_levels_); }

  Duration levels_interval{};
  RouterStats router_stats;
  RouterStatsWanted stats_wanted{};
  std::size_t loudest_count = 0;

 private:
  template <class... Parameters, class... Args>
  void tell(Function<void(Parameters...)> FakeRouter::*callback, Args... args) {
    media_.post([&media = media_, id = id_, callback, ... args = std::move(args)] {
      const auto found = media.living_routers.find(id);
      if (found != media.living_routers.end() && found->second->*callback) (found->second->*callback)(args...);
    });
  }

  FakeMedia& media_;
  std::string id_;
  Function<void(const SpeakerLevel&)> on_dominant_speaker_;
  Function<void(const std::vector<SpeakerLevel>&)> on_audio_levels_;
  Function<void(const std::string&, bool)> on_loudest_;
};

inline std::unique_ptr<Router> FakeMedia::create_router() { return std::make_unique<FakeRouter>(*this); }

}  // namespace sluice::testing
