// Meetings: their records, who is invited, who may come in. This page lists what the plugin answers to; what it does
// stands in the files beside it.
#include <memory>

#include "audit.h"
#include "context.h"
#include "migrations.h"
#include "not_live.h"
#include "sluice/plugin.h"
#include "users.h"

namespace sluice::meetings {

class MeetingsPlugin final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    host.store().migrate(migrations());
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
  }
  void reconfigure(const Config& config) override { parts_->context.options = config.as<Options>(); }

 private:
  struct Parts {
    Parts(Host& host, Options options) : context{host, std::move(options), live} {}

    NotLive live;
    Context context;
  };
  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::meetings

SLUICE_PLUGIN(sluice::meetings::MeetingsPlugin, "meetings", "0.1.0", sluice::options<sluice::meetings::Options>())
