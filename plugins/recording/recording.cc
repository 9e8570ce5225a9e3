// Recordings: rooms are captured as they happen, and made into one film each afterwards. This page lists what the
// plugin is; what it does is put together in core.h.
#include <memory>

#include "capture.h"
#include "core.h"
#include "production.h"
#include "sluice/plugin.h"
#include "sluice/services.h"

namespace sluice::recording {

class Recording final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    MediaTaps& taps = *host.services().require<MediaTaps>();
    writer_ = make_capture_writer();
    core_ = std::make_unique<Core>(host, config.as<Options>(),
                                   [this, &host, &taps](Room& room, const CaptureSpec& spec, Consent consent) {
                                     return begin_capture(host, taps, *writer_, room, spec, consent);
                                   });
    core_->start();
  }
  void reconfigure(const Config& config) override { core_->reconfigure(config.as<Options>()); }
  void drain() override { core_->drain(); }
  [[nodiscard]] bool drained() const override { return core_->drained(); }
  void stop() override { core_->stop(); }

 private:
  CaptureWriterPtr writer_;  // outlives the captures
  std::unique_ptr<Core> core_;
};

}  // namespace sluice::recording

SLUICE_PLUGIN(sluice::recording::Recording, "recording", "1.0.0", sluice::options<sluice::recording::Options>(),
              sluice::requires_service<sluice::Rooms>(), sluice::requires_service<sluice::MediaTaps>(),
              sluice::uses_service<sluice::Meetings>(), sluice::uses_service<sluice::Storage>())
SLUICE_JOBS({"produce", &sluice::recording::produce})
