// Meetings: their records, who is invited, who may come in. This page lists what the plugin answers to; what it does
// stands in the files beside it.
#include <memory>

#include "audit.h"
#include "context.h"
#include "live_side.h"
#include "migrations.h"
#include "retention.h"
#include "routes.h"
#include "sluice/plugin.h"
#include "sluice/services.h"
#include "users.h"

namespace sluice::meetings {

class MeetingsPlugin final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    host.store().migrate(migrations());
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    parts_->context.users.load();
    parts_->context.audit.start();
    parts_->retention.start();
    serve_meetings(parts_->context);
    serve_changes(parts_->context);
    serve_people(parts_->context);
    serve_directory(parts_->context);
    parts_->live.begin();
    host.services().provide<Meetings>(parts_->live.service());
  }
  void reconfigure(const Config& config) override {
    parts_->context.options = config.as<Options>();
    parts_->live.reconfigured();
  }
  void stop() override {
    parts_->live.stop();
    parts_->context.users.flush();
    parts_->context.audit.flush();
  }

 private:
  struct Parts {
    Parts(Host& host, Options options)
        : rooms{*host.services().require<Rooms>()},
          core{host, rooms},
          context{host, std::move(options), core.meetings},
          live{context, core, rooms, *host.services().require<Admission>()} {}

    Rooms& rooms;
    LiveCore core;
    Context context;
    LiveSide live;
    Retention retention{context};
  };
  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::meetings

SLUICE_PLUGIN(sluice::meetings::MeetingsPlugin, "meetings", "0.1.0", sluice::options<sluice::meetings::Options>(),
              sluice::requires_service<sluice::Rooms>(), sluice::requires_service<sluice::Admission>(),
              sluice::provides<sluice::Meetings>())
