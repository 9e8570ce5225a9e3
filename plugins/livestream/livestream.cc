// Live streams of rooms: one program of each, made in a process of its own, pushed to servers by RTMP and shown to
// viewers by HLS. This page lists what the plugin is; what it does is put together in control/core.h.
#include "sluice/contracts/livestream.h"

#include <memory>
#include <utility>

#include "control/core.h"
#include "feed/feed.h"
#include "hls/hls_channel.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/plugin.h"
#include "sluice/services.h"
#include "stream_job.h"

namespace sluice::livestream {

class LivestreamPlugin final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    MediaTaps& taps = *host.services().require<MediaTaps>();
    feed_thread_ = make_feed_thread();
    StreamParts parts{
        .begin_feed =
            [this, &host, &taps](Room& room, std::shared_ptr<JobRecords> records) {
              return begin_feed(host, taps, *feed_thread_, room, std::move(records));
            },
        .make_channel = [&host](HlsOptions options) { return make_hls_channel(host, std::move(options)); }};
    core_ = std::make_unique<Core>(host, config.as<Options>(), std::move(parts));
    core_->start();
  }
  void reconfigure(const Config& config) override { core_->reconfigure(config.as<Options>()); }
  void drain() override { core_->drain(); }
  [[nodiscard]] bool drained() const override { return core_->drained(); }
  void stop() override { core_->stop(); }

 private:
  FeedThreadPtr feed_thread_;  // outlives the feeds
  std::unique_ptr<Core> core_;
};

}  // namespace sluice::livestream

SLUICE_PLUGIN(sluice::livestream::LivestreamPlugin, "livestream", "1.0.0",
              sluice::options<sluice::livestream::Options>(), sluice::requires_service<sluice::Rooms>(),
              sluice::requires_service<sluice::MediaTaps>(), sluice::uses_service<sluice::Meetings>(),
              sluice::provides<sluice::Livestream>())
SLUICE_JOBS({"program", &sluice::livestream::run_program})
