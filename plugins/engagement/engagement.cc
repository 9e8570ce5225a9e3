// Raised hands, reactions and layouts. This page lists what it answers to; what it does stands in the files beside it.
#include <memory>

#include "context.h"
#include "hands.h"
#include "layouts.h"
#include "reactions.h"
#include "requests.h"
#include "sluice/events.h"
#include "sluice/plugin.h"
#include "sluice/services.h"

namespace sluice::engagement {

class Engagement final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    Parts& parts = *parts_;
    parts.hands.listen();
    parts.reactions.listen();
    parts.layouts.listen();
    in_room<Nothing>("hand:raise", [&parts](Participant& p, const Nothing&) { return parts.hands.raise(p); });
    in_room<LowerHand>("hand:lower", [&parts](Participant& p, const LowerHand& r) { parts.hands.lower(p, r); });
    in_room<ListHands>("hand:list", [&parts](Participant& p, const ListHands& r) { return parts.hands.list(p, r); });
    in_room<SendReaction>("reaction:send",
                          [&parts](Participant& p, const SendReaction& r) { parts.reactions.send(p, r); });
    in_room<Nothing>("reaction:list", [&parts](Participant&, const Nothing&) { return parts.reactions.list(); });
    in_room<UpdateLayout>("layout:update",
                          [&parts](Participant& p, const UpdateLayout& r) { parts.layouts.update(p, r); });
  }

  void reconfigure(const Config& config) override { parts_->context.options = config.as<Options>(); }

 private:
  struct Parts {
    Parts(Host& host, Options options)
        : context{host, *host.services().require<Rooms>(), std::move(options),
                  host.metrics().counter("hands_total", "Hands that were raised."),
                  host.metrics().counter("reactions_total", "Reactions that were sent.")} {}

    Context context;
    Hands hands{context};
    Reactions reactions{context};
    Layouts layouts{context};
  };

  /// Answers to an event of those who are in a room; others get NOT_IN_ROOM.
  template <class Request, class Handler>
  void in_room(std::string_view name, Handler handler) {
    parts_->context.host.events().on<Request>(name, [this, handler](Client& client, const Request& request) {
      return handler(parts_->context.rooms.participant_of(client), request);
    });
  }

  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::engagement

SLUICE_PLUGIN(sluice::engagement::Engagement, "engagement", "0.1.0", sluice::options<sluice::engagement::Options>(),
              sluice::requires_service<sluice::Rooms>())
