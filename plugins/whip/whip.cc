// WHIP and WHEP: who speaks plain HTTP publishes into a room and plays it. This page lists what is served; a session
// stands in session.h.
#include <memory>

#include "context.h"
#include "routes.h"
#include "session_table.h"
#include "sluice/plugin.h"

namespace sluice::whip {

class Whip final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    serve_door(parts_->context, parts_->sessions, Door::whip);
    serve_door(parts_->context, parts_->sessions, Door::whep);
    serve_admin(parts_->context, parts_->sessions);
  }
  void reconfigure(const Config& config) override { parts_->context.options = config.as<Options>(); }
  void drain() override { parts_->sessions.drain(); }
  void stop() override { parts_->sessions.end_all(); }

 private:
  struct Parts {
    Parts(Host& host, Options options) : context{host, options} {}
    Context context;
    SessionTable sessions{context};
  };
  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::whip

SLUICE_PLUGIN(sluice::whip::Whip, "whip", "0.1.0", sluice::options<sluice::whip::Options>())
