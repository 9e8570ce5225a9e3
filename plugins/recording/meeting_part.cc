#include "meeting_part.h"

#include <optional>
#include <utility>

#include "sluice/bus.h"

namespace sluice::recording {

namespace {

std::optional<Command> command_of(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (last == "start") return Command::start;
  if (last == "stop") return Command::stop;
  if (last == "pause") return Command::pause;
  if (last == "resume") return Command::resume;
  return std::nullopt;
}

}  // namespace

MeetingPart::MeetingPart(Context& context, Recorder& recorder, Control& control, Listing& listing, Downloads& downloads)
    : context_{context}, recorder_{recorder}, control_{control}, listing_{listing}, downloads_{downloads} {
  Meetings* const meetings = context_.meetings;
  if (meetings == nullptr) return;
  registrations_.push_back(
      meetings->provide_part("recording", [this](const HttpRequest& request, const MeetingInfo& meeting,
                                                 rest::Reply reply) { command(request, meeting, std::move(reply)); }));
  registrations_.push_back(
      meetings->provide_part("recordings", [this](const HttpRequest& request, const MeetingInfo& meeting,
                                                  rest::Reply reply) { show(request, meeting, std::move(reply)); }));
  provide_figures();
}

void MeetingPart::command(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  const auto command = command_of(request.path);
  if (!command) throw Error{ErrorCode::not_found, "there is nothing here"};
  const Wishes wishes = *command == Command::start ? from_json<StartBody>(rest::read_body(request)) : StartBody{};
  control_.by_manager(*command, request.identity, meeting, wishes, std::move(reply));
}

void MeetingPart::show(const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  const auto path = request.path_parameters.find("path");
  if (path == request.path_parameters.end()) return listing_.of_meeting(request, meeting, std::move(reply));
  listing_.one_of_meeting(request.identity, meeting, path->second, std::move(reply));
}

std::shared_ptr<LiveRecording> MeetingPart::live_of(const MeetingInfo& meeting) const {
  for (const auto& one : recorder_.all()) {
    if (one->record.tenant == meeting.tenant && one->record.meeting_id == meeting.id) return one;
  }
  return nullptr;
}

void MeetingPart::ended(const Record& record) {
  if (record.meeting_id.empty()) return;
  const auto found = recorded_ms_.find({record.tenant, record.meeting_id});
  if (found != recorded_ms_.end()) found->second += record.report.duration_ms;
}

void MeetingPart::provide_figures() {
  Meetings& meetings = *context_.meetings;
  context_.host.bus().on<MeetingStarted>([this](const MeetingStarted& event) {
    recorded_ms_[{event.meeting.tenant, event.meeting.id}] = 0;
  });
  context_.host.bus().on<MeetingEnded>([this](const MeetingEnded& event) {
    recorded_ms_.erase({event.meeting.tenant, event.meeting.id});
  });
  registrations_.push_back(meetings.provide_figure("recording_active", [this](const MeetingInfo& meeting) {
    const auto live = live_of(meeting);
    return json::value(live != nullptr && live->phase == LiveRecording::Phase::capturing && !live->paused());
  }));
  registrations_.push_back(meetings.provide_figure("recording_duration", [this](const MeetingInfo& meeting) {
    const auto found = recorded_ms_.find({meeting.tenant, meeting.id});
    std::int64_t total = found == recorded_ms_.end() ? 0 : found->second;
    if (const auto live = live_of(meeting); live != nullptr && live->capture != nullptr) {
      total += std::chrono::duration_cast<std::chrono::milliseconds>(live->capture->figures().recorded).count();
    }
    if (total == 0) return json::value(nullptr);
    return json::value((total + 30'000) / 60'000);
  }));
}

}  // namespace sluice::recording
