#include "control/meeting_part.h"

#include <string_view>
#include <utility>

namespace sluice::livestream {

MeetingPart::MeetingPart(Context& context, Control& control) : context_{context}, control_{control} {
  if (context_.meetings == nullptr) return;
  registrations_.push_back(context_.meetings->provide_part(
      "stream", [this](const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
        answer(request, meeting, std::move(reply));
      }));
  provide_figures();
}

// The caller manages the meeting, but for GET, where it may be anybody who may see it.
void MeetingPart::answer(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  if (request.method == "GET") return show(request, meeting, std::move(reply));
  Door door = control_.door_of(request.identity, meeting);
  const std::string_view path = request.path;
  if (path.ends_with("/stream/start")) {
    const auto wish = from_json<StartWish>(rest::read_body(request));
    reply.created(to_json(control_.start(std::move(door), wish).view()));
  } else if (path.ends_with("/stream/stop")) {
    reply.ok(to_json(control_.stop(std::move(door)).view()));
  } else if (path.ends_with("/stream/layout")) {
    const auto wish = from_json<LayoutWish>(rest::read_body(request));
    reply.ok(to_json(control_.set_layout(std::move(door), wish.layout).view()));
  } else if (const auto target = request.path_parameters.find("targetId"); target != request.path_parameters.end()) {
    control_.remove_target(std::move(door), target->second);
    reply.ok(json::value(json::object{{"target_id", target->second}}), "Removed");
  } else {
    const auto wish = from_json<TargetWish>(rest::read_body(request));
    reply.created(to_json(control_.add_target(std::move(door), wish)));
  }
}

const LiveStream* MeetingPart::stream_of(const MeetingInfo& meeting) const {
  const Room* const room = context_.rooms.find(meeting.tenant, meeting.room_id);
  return room == nullptr ? nullptr : control_.find(*room);
}

void MeetingPart::show(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  context_.meetings->find(request.identity, meeting.id, MeetingAccess::moderator,
                          context_.lifeline.guard([this, meeting, reply = std::move(reply)](
                                                      const Result<MeetingInfo, Error>& managed) mutable {
                            const LiveStream* const stream = stream_of(meeting);
                            if (stream == nullptr) return reply.ok(Control::no_status());
                            reply.ok(managed ? to_json(stream->view()) : to_json(stream->summary()));
                          }));
}

void MeetingPart::provide_figures() {
  registrations_.push_back(context_.meetings->provide_figure(
      "stream_active", [this](const MeetingInfo& meeting) { return json::value(stream_of(meeting) != nullptr); }));
  registrations_.push_back(context_.meetings->provide_figure("stream_viewers", [this](const MeetingInfo& meeting) {
    const LiveStream* const stream = stream_of(meeting);
    return stream == nullptr ? json::value(nullptr) : json::value(stream->audience().viewers);
  }));
}

}  // namespace sluice::livestream
