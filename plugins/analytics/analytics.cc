// What becomes of rooms: who came and took part, how well media got through, what is kept of it. This page lists what
// the plugin is made of; each part stands in its own folder.
#include <memory>

#include "api/admin_routes.h"
#include "api/context.h"
#include "api/live_figures.h"
#include "api/meeting_part.h"
#include "history/history.h"
#include "history/migrations.h"
#include "options.h"
#include "quality/quality_desk.h"
#include "records/session_table.h"
#include "sluice/bus.h"
#include "sluice/contracts/livestream.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/room_stats.h"
#include "sluice/plugin.h"
#include "sluice/services.h"
#include "sluice/store.h"

namespace sluice::analytics {

class Analytics final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    host.store().migrate(migrations());
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    parts_->start(host);
  }
  void reconfigure(const Config& config) override {
    const auto options = config.as<Options>();
    parts_->quality->reconfigure(options.quality);
    parts_->sessions.reconfigure(options.records);
    parts_->history.reconfigure(options.retention);
  }
  void drain() override { parts_->history.flush(); }
  // Every room ends with the gateway: its last rows are handed over now, and the store writes what it was handed.
  void stop() override {
    parts_->sessions.stop();
    parts_->history.finish();
  }

 private:
  struct Parts {
    Parts(Host& host, const Options& options)
        : rooms{*host.services().require<Rooms>()},
          meetings{host.services().find<Meetings>()},
          sessions{host, rooms, meetings, options.records},
          history{host, sessions, options.retention},
          quality{make_quality_desk(host, rooms, *host.services().require<RoomStats>(), options.quality)},
          api{.host = host,
              .rooms = rooms,
              .meetings = meetings,
              .sessions = sessions,
              .history = history,
              .quality = *quality} {}

    void start(Host& host) {
      history.start();
      sessions.start([this](const Room&, const Session& session) { history.ended(session); });
      quality->start([this](const RoomSample& sample) { history.sampled(sample); });
      host.bus().on<MeetingDeleted>([this](const MeetingDeleted& event) { history.erase(event.meeting); });
      serve_admin_routes(api, series);
    }

    Rooms& rooms;
    Meetings* meetings;
    SessionTable sessions;
    History history;
    std::unique_ptr<QualityDesk> quality;
    Api api;
    SeriesReader series{api};
    MeetingPart meeting_part{api, series};
    LiveFigures live_figures{api};
  };

  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::analytics

SLUICE_PLUGIN(sluice::analytics::Analytics, "analytics", "0.1.0", sluice::options<sluice::analytics::Options>(),
              sluice::requires_service<sluice::Rooms>(), sluice::requires_service<sluice::RoomStats>(),
              sluice::uses_service<sluice::Meetings>(), sluice::uses_service<sluice::MediaTaps>(),
              sluice::uses_service<sluice::Livestream>())
