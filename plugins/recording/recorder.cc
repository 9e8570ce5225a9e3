#include "recorder.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "audit.h"
#include "notices.h"
#include "records.h"
#include "settings_choice.h"
#include "sluice/bus.h"
#include "sluice/contracts/recording.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;

Error too_little_space(std::uint64_t free, std::uint64_t needed) {
  return Error{ErrorCode::limit_exceeded,
               "the disk has " + std::to_string(free / kMegabyte) + " MB free, a recording needs " +
                   std::to_string(needed / kMegabyte) + " MB",
               {{"limit", needed / kMegabyte}}};
}

}  // namespace

void Recorder::check_room_for_one_more(Room& room) const {
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop"};
  if (const Shared running = find(room)) {
    throw Error{ErrorCode::conflict, "the room is being recorded already", {{"recordingId", running->record.id}}};
  }
  const auto most = static_cast<std::size_t>(context_.options.max_recordings_at_once);
  if (live_.size() + ending_.size() < most) return;
  throw Error{ErrorCode::limit_exceeded, "as many rooms are being recorded as may be", {{"limit", most}}};
}

void Recorder::start(Room& room, const Wishes& wishes, const Starter& starter, Done done) {
  check_room_for_one_more(room);
  const auto meeting = context_.meetings == nullptr ? std::nullopt : context_.meetings->meeting_of(room);
  const auto live = std::make_shared<LiveRecording>();
  Record& record = live->record;
  record.settings = choose_settings(context_.options, meeting ? &*meeting : nullptr, wishes, room.name());
  record.id = context_.host.random_token();
  record.tenant = room.tenant();
  record.meeting_id = meeting ? meeting->id : std::string{};
  record.room_id = room.id();
  record.started_by = starter.identity.user_id;
  record.started_by_name = starter.name;
  record.started_at = unix_ms(context_.host.timers().wall_time());
  live->room = &room;
  live->starter = starter;
  live->asks_consent = context_.options.consent == ConsentRule::explicit_;
  live_[&room] = live;
  count();
  free_space_.ask([this, live, done = std::move(done)](Result<std::uint64_t, Error> free) mutable {
    const std::uint64_t needed = static_cast<std::uint64_t>(context_.options.least_free_mb) * kMegabyte;
    if (free && *free >= needed) return insert_row(live, std::move(done));
    abandon(live);
    done(free ? too_little_space(*free, needed) : free.error());
  });
}

void Recorder::insert_row(const Shared& live, Done done) {
  in_store(
      context_,
      [record = live->record](StoreTransaction& store) {
        insert(store, record);
        return Ok{};
      },
      [this, live, done = std::move(done)](Result<Ok, Error> inserted) mutable {
        if (inserted) return begin(live, std::move(done));
        abandon(live);
        done(inserted.error());
      });
}

// The row is there: where the capture does not come to be, it is marked, so that nobody looks for it after a restart.
void Recorder::begin(const Shared& live, Done done) {
  if (live->room == nullptr) return give_up(live, Error{ErrorCode::room_closed, "the room closed meanwhile"}, done);
  if (draining_) return give_up(live, Error{ErrorCode::draining, "the gateway is about to stop"}, done);
  CaptureSpec spec;
  spec.recording_id = live->record.id;
  spec.meeting_id = live->record.meeting_id;
  spec.folder = context_.folders.session(live->record.id);
  spec.settings = live->record.settings;
  spec.least_free_bytes = static_cast<std::uint64_t>(context_.options.least_free_mb) * kMegabyte;
  try {
    live->capture =
        context_.begin_capture(*live->room, spec, live->asks_consent ? Consent::explicit_ : Consent::implied);
  } catch (const std::exception& error) {
    context_.metrics.capture_failures.add();
    context_.host.log().error("a capture did not begin", {{"room", live->record.room_id}, {"error", error.what()}});
    return give_up(live, Error{ErrorCode::internal, "the recording could not begin; the log says why"}, done);
  }
  begin_watching(live);
  done(live->record);
}

void Recorder::give_up(const Shared& live, const Error& error, Done& done) {
  abandon(live);
  const UnixMs now = unix_ms(context_.host.timers().wall_time());
  in_store(
      context_, [id = live->record.id, now](StoreTransaction& store) { return mark_deleted(store, id, now); },
      [](const Result<bool, Error>&) {});
  done(error);
}

void Recorder::abandon(const Shared& live) {
  if (live->room != nullptr) live_.erase(live->room);
  count();
}

void Recorder::begin_watching(const Shared& live) {
  Room& room = *live->room;
  live->phase = LiveRecording::Phase::capturing;
  const std::weak_ptr<LiveRecording> watch{live};
  live->capture->on_trouble(context_.lifeline.guard([this, watch](CaptureTrouble trouble, const std::string& text) {
    if (const Shared still = watch.lock()) troubled(still, trouble, text);
  }));
  live->too_long = context_.host.timers().after(context_.options.max_duration_minutes, [this, watch] {
    if (const Shared still = watch.lock()) end(still, {}, "max_duration");
  });
  context_.host.log().info("recording began", {{"room", room.id()}, {"recording", live->record.id}});
  audit(context_, live->record, live->starter, "recording.start");
  if (live->asks_consent && !live->starter.participant_id.empty()) {
    live->consents.answer(live->starter.participant_id, true);
    live->capture->set_taken(live->starter.participant_id, true);
  }
  room.broadcast("recording:started", notices::started(*live));
  people_came(*live, room.participants());
  watch_emptiness(live);
  context_.host.bus().publish(RecordingStarted{room, live->record.id});
}

}  // namespace sluice::recording
