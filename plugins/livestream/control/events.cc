#include "sluice/events.h"

#include "control/routes.h"

namespace sluice::livestream {

namespace {

json::value status_for(Control& control, const Participant& participant, const Room& room) {
  const LiveStream* const stream = control.find(room);
  if (stream == nullptr) return StreamNews::no_stream();
  return participant.may(Permission::stream) ? StreamNews::status(*stream) : StreamNews::summary(*stream);
}

}  // namespace

void answer_events(Context& context, Control& control) {
  Events& events = context.host.events();
  events.on<StartWish>("stream:start", [&control](Client& client, const StartWish& wish) {
    return StreamNews::status(control.start(control.door_of(client), wish));
  });
  events.on<Nothing>("stream:stop", [&control](Client& client, const Nothing&) {
    return json::value(json::object{{"streamId", control.stop(control.door_of(client)).id()}});
  });
  events.on<Nothing>("stream:status", [&context, &control](Client& client, const Nothing&) {
    Participant& participant = context.rooms.participant_of(client);
    return status_for(control, participant, participant.room());
  });
  events.on<LayoutWish>("stream:layout", [&control](Client& client, const LayoutWish& wish) {
    control.set_layout(control.door_of(client), wish.layout);
  });
  events.on<TargetWish>("stream:target-add", [&control](Client& client, const TargetWish& wish) {
    return as_event(control.add_target(control.door_of(client), wish));
  });
  events.on<TargetChoice>("stream:target-remove", [&control](Client& client, const TargetChoice& choice) {
    control.remove_target(control.door_of(client), choice.target_id);
  });
}

}  // namespace sluice::livestream
