// The waiting room: who wants to join waits until a moderator says yes. This page lists what it answers to; what it
// does stands in the files beside it.
#include <memory>

#include "context.h"
#include "doors.h"
#include "moderation.h"
#include "requests.h"
#include "sluice/contracts/admission.h"
#include "sluice/events.h"
#include "sluice/plugin.h"
#include "sluice/services.h"

namespace sluice::waitingroom {

namespace {
/// The last of the conventional places in the chain: people are asked about those who would be let in otherwise.
constexpr int kOrder = 400;
}  // namespace

class WaitingRoom final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    parts_ = std::make_unique<Parts>(host, config.as<Options>());
    parts_->doors.listen();
    parts_->step = host.services().require<Admission>()->add_step(
        kOrder, "waitingroom", [doors = &parts_->doors](JoinRequest& request, AdmissionTicket ticket) {
          doors->knock(request, std::move(ticket));
        });
    in_room<ListWaiting>("waitingroom:list", [this](Participant& caller, const ListWaiting& request) {
      return list(parts_->context, parts_->doors, caller, request);
    });
    in_room<AdmitWaiting>("waitingroom:admit", [this](Participant& caller, const AdmitWaiting& request) {
      return admit(parts_->context, parts_->doors, caller, request);
    });
    in_room<DenyWaiting>("waitingroom:deny", [this](Participant& caller, const DenyWaiting& request) {
      deny(parts_->context, parts_->doors, caller, request);
    });
  }

  void reconfigure(const Config& config) override {
    parts_->context.options = config.as<Options>();
    parts_->doors.review_all();
  }
  void drain() override { parts_->doors.deny_everybody(Outcome::shutdown); }
  void stop() override {
    parts_->step.reset();
    parts_->doors.deny_everybody(Outcome::shutdown);
  }

 private:
  struct Parts {
    Parts(Host& host, Options options)
        : context{host, *host.services().require<Rooms>(), options, Account{host.metrics()}} {}

    Context context;
    Doors doors{context};
    std::unique_ptr<Admission::Registration> step;
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

}  // namespace sluice::waitingroom

SLUICE_PLUGIN(sluice::waitingroom::WaitingRoom, "waitingroom", "0.1.0", sluice::options<sluice::waitingroom::Options>(),
              sluice::requires_service<sluice::Rooms>(), sluice::requires_service<sluice::Admission>())
