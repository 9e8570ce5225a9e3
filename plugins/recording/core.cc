#include "core.h"

#include <utility>

#include "admin_routes.h"
#include "migrations.h"
#include "requests.h"
#include "sluice/bus.h"
#include "sluice/events.h"
#include "sluice/services.h"

namespace sluice::recording {

namespace {

Storage& storage_of(Host& host, LocalStorage& local) {
  Storage* const provided = host.services().find<Storage>();
  return provided == nullptr ? static_cast<Storage&>(local) : *provided;
}

}  // namespace

Core::Core(Host& host, const Options& options, BeginCapture begin_capture)
    : local_storage_{host, Folders{options.folder}.products()},
      context_{.host = host,
               .options = options,
               .folders = Folders{options.folder},
               .rooms = *host.services().require<Rooms>(),
               .meetings = host.services().find<Meetings>(),
               .storage = storage_of(host, local_storage_),
               .begin_capture = std::move(begin_capture),
               .metrics = RecordingMetrics{host.metrics()}},
      meeting_part_{std::make_unique<MeetingPart>(context_, recorder_, control_, listing_, downloads_)} {}

void Core::start() {
  context_.host.store().migrate(migrations());
  recovery_.start();
  answer_events();
  serve_routes({.context = context_,
                .access = access_,
                .control = control_,
                .listing = listing_,
                .downloads = downloads_,
                .upkeep = upkeep_});
  serve_admin_routes(context_, recorder_, queue_);
  room_watch_.listen();
  context_.host.bus().on<MeetingDeleted>([this](const MeetingDeleted& event) { upkeep_.remove_of(event.meeting); });
  upkeep_.start();
}

void Core::answer_events() {
  Events& events = context_.host.events();
  events.on<StartRecording>("recording:start", [this](Client& client, const StartRecording& wishes, Reply reply) {
    control_.by_event(Command::start, client, wishes, std::move(reply));
  });
  struct Row {
    const char* name;
    Command command;
  };
  for (const Row& row : {Row{"recording:stop", Command::stop}, Row{"recording:pause", Command::pause},
                         Row{"recording:resume", Command::resume}}) {
    events.on<Nothing>(row.name, [this, command = row.command](Client& client, const Nothing&, Reply reply) {
      control_.by_event(command, client, {}, std::move(reply));
    });
  }
  events.on<ChooseLayout>("recording:layout", [this](Client& client, const ChooseLayout& request) {
    Participant& participant = context_.rooms.participant_of(client);
    participant.demand(Permission::record);
    recorder_.set_layout(participant.room(), request.layout);
  });
  events.on<GiveConsent>("recording:consent", [this](Client& client, const GiveConsent& request) {
    recorder_.consent(context_.rooms.participant_of(client), request.recording_id, request.accepted);
  });
  events.on<ListRecordings>("recording:list", [this](Client& client, const ListRecordings& request, Reply reply) {
    listing_.by_event(client, request, std::move(reply));
  });
}

void Core::closed(const Record& record, Recorder::Outcome outcome) {
  if (meeting_part_ != nullptr) meeting_part_->ended(record);
  outcome == Recorder::Outcome::captured ? queue_.add(record.id) : upkeep_.purge();
}

void Core::dropped(const std::string&) { upkeep_.purge(); }

void Core::reconfigure(const Options& options) { context_.options = options; }

void Core::drain() {
  queue_.drain();
  recorder_.drain();
}

void Core::stop() {
  meeting_part_.reset();
  recorder_.stop_all();
  queue_.stop();
}

}  // namespace sluice::recording
