// What happens to a recording between its beginning and the closing of its files.
#include <algorithm>
#include <utility>

#include "audit.h"
#include "notices.h"
#include "recorder.h"
#include "records.h"
#include "sluice/bus.h"
#include "sluice/contracts/recording.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

constexpr std::chrono::seconds kRetryInterval{10};
/// Whom the store is told of. A room has far fewer; one that people come and go through all day is not unbounded.
constexpr std::size_t kMostPeople = 10'000;

}  // namespace

std::shared_ptr<LiveRecording> Recorder::find(Room& room) const {
  const auto found = live_.find(&room);
  return found == live_.end() ? nullptr : found->second;
}

std::shared_ptr<LiveRecording> Recorder::find(std::string_view id) const {
  for (const Shared& one : all()) {
    if (one->record.id == id) return one;
  }
  return nullptr;
}

std::vector<std::shared_ptr<LiveRecording>> Recorder::all() const {
  std::vector<Shared> out = ending_;
  for (const auto& [room, live] : live_) out.push_back(live);
  return out;
}

std::shared_ptr<LiveRecording> Recorder::demand(Room& room) const {
  const Shared live = find(room);
  if (live == nullptr) throw Error{ErrorCode::conflict, "the room is not being recorded"};
  if (live->phase == LiveRecording::Phase::starting) throw Error{ErrorCode::conflict, "the recording only begins"};
  return live;
}

void Recorder::pause(Room& room, const Starter& by, Done done) {
  const Shared live = demand(room);
  if (live->paused()) throw Error{ErrorCode::conflict, "the recording is paused already"};
  live->capture->pause();
  change(live, State::paused, by, std::move(done));
  context_.host.bus().publish(RecordingStopped{room.tenant(), room.id(), live->record.id});
}

void Recorder::resume(Room& room, const Starter& by, Done done) {
  const Shared live = demand(room);
  if (!live->paused()) throw Error{ErrorCode::conflict, "the recording is not paused"};
  live->capture->resume();
  change(live, State::capturing, by, std::move(done));
  context_.host.bus().publish(RecordingStarted{room, live->record.id});
}

// The capture has done so by now, and its journal says so: the row is for lists.
void Recorder::change(const Shared& live, State state, const Starter& by, Done done) {
  const bool paused = state == State::paused;
  const UnixMs now = unix_ms(context_.host.timers().wall_time());
  live->record.state = state;
  live->paused_by = by.name;
  live->paused_at = now;
  audit(context_, live->record, by, paused ? "recording.pause" : "recording.resume");
  live->room->broadcast(paused ? "recording:paused" : "recording:resumed",
                        notices::change(live->record.id, by.name, now));
  in_store(
      context_,
      [id = live->record.id, state](StoreTransaction& store) {
        return change_state(store, id, {State::capturing, State::paused}, state);
      },
      [record = live->record, done = std::move(done)](const Result<bool, Error>& changed) mutable {
        if (!changed) return done(changed.error());
        done(record);
      });
}

void Recorder::set_layout(Room& room, Layout layout) {
  const Shared live = demand(room);
  live->record.settings.layout = layout;
  live->capture->set_layout(layout);
}

void Recorder::consent(Participant& participant, std::string_view recording_id, bool accepted) {
  const Shared live = find(participant.room());
  if (live == nullptr || live->record.id != recording_id || live->capture == nullptr) {
    throw Error{ErrorCode::not_found, "there is no such recording in this room"};
  }
  if (!live->asks_consent) return;
  live->consents.answer(participant.id(), accepted);
  live->capture->set_taken(participant.id(), accepted);
  audit(context_, live->record, participant.identity(), "recording.consent", {{"accepted", accepted}});
  notices::to_moderators(participant.room(), "recording:consent-updated",
                         notices::consents(live->record.id, {{participant.id(), accepted}}));
}

void Recorder::people_came(LiveRecording& live, const std::vector<Participant*>& who) {
  std::vector<Person> fresh;
  for (Participant* one : who) {
    if (live.asks_consent) {
      live.consents.ask(one->id());
      if (live.consents.waits_for(one->id())) one->send("recording:consent", notices::consent(live.record.id));
    }
    const Person person{.user_id = one->identity().user_id, .moderator = is_moderator(one->role())};
    const std::string key = person.user_id + (person.moderator ? "\nm" : "");
    if (live.people.size() < kMostPeople && live.people.insert(key).second) fresh.push_back(person);
  }
  if (fresh.empty()) return;
  in_store(
      context_,
      [id = live.record.id, fresh](StoreTransaction& store) {
        add_people(store, id, fresh);
        return Ok{};
      },
      [](const Result<Ok, Error>&) {});
}

void Recorder::watch_emptiness(const std::shared_ptr<LiveRecording>& live) {
  if (live->room == nullptr || live->phase != LiveRecording::Phase::capturing) return;
  if (live->room->size() > 0) return live->empty.cancel();
  if (live->empty) return;
  live->empty =
      context_.host.timers().after(context_.options.empty_after_s, [this, watch = std::weak_ptr<LiveRecording>{live}] {
        if (const Shared still = watch.lock()) end(still, {}, "empty");
      });
}

void Recorder::troubled(const Shared& live, CaptureTrouble trouble, const std::string& text) {
  if (live->phase != LiveRecording::Phase::capturing) return;
  live->trouble = trouble;
  context_.host.log().warning(
      "a recording has trouble",
      {{"room", live->record.room_id}, {"recording", live->record.id}, {"trouble", to_json(trouble)}, {"error", text}});
  live->room->broadcast("recording:status", notices::trouble(live->record.id, trouble, text));
  if (trouble != CaptureTrouble::disk_full) return;
  context_.metrics.capture_failures.add();
  // Not from inside of the capture that has called.
  live->too_long = context_.host.timers().after(Duration::zero(), [this, watch = std::weak_ptr<LiveRecording>{live}] {
    if (const Shared still = watch.lock()) end(still, {}, "disk_full");
  });
}

void Recorder::stop(Room& room, const Starter& by, std::string_view reason, Done done) {
  const Shared live = demand(room);
  end(live, by, reason);
  done(live->record);
}

void Recorder::end(std::shared_ptr<LiveRecording> live, const Starter& by, std::string_view reason) {
  if (live->phase != LiveRecording::Phase::capturing) return;
  const UnixMs now = unix_ms(context_.host.timers().wall_time());
  live->phase = LiveRecording::Phase::ending;
  live->record.state = State::captured;
  live->record.ended_at = now;
  live->too_long.cancel();
  live->empty.cancel();
  live->record.report.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(live->capture->figures().recorded).count();
  ending_.push_back(live);
  if (Room* const room = std::exchange(live->room, nullptr)) {
    live_.erase(room);
    room->broadcast("recording:stopped", notices::stopped(*live, by.name, now, reason));
  }
  count();
  context_.host.log().info("recording ended",
                           {{"room", live->record.room_id}, {"recording", live->record.id}, {"reason", reason}});
  audit(context_, live->record, by, "recording.stop", {{"reason", reason}});
  context_.host.bus().publish(RecordingStopped{live->record.tenant, live->record.room_id, live->record.id});
  live->capture->end(reason, context_.lifeline.guard([this, watch = std::weak_ptr<LiveRecording>{live}] {
    if (const Shared still = watch.lock()) close_row(still);
  }));
}

void Recorder::close_row(const Shared& live) {
  in_store(
      context_,
      [id = live->record.id, at = live->record.ended_at](StoreTransaction& store) {
        return mark_captured(store, id, at);
      },
      [this, live](const Result<bool, Error>& marked) {
        if (!marked) {
          live->retry =
              context_.host.timers().after(kRetryInterval, [this, watch = std::weak_ptr<LiveRecording>{live}] {
                if (const Shared still = watch.lock()) close_row(still);
              });
          return;
        }
        context_.metrics.captured_bytes.add(static_cast<double>(live->capture->figures().bytes));
        forget(live);
        closed_(live->record, *marked ? Outcome::captured : Outcome::deleted);
      });
}

void Recorder::forget(const Shared& live) {
  std::erase(ending_, live);
  count();
}

void Recorder::room_closed(Room& room) {
  const Shared live = find(room);
  if (live == nullptr) return;
  if (live->phase == LiveRecording::Phase::starting) {
    live_.erase(&room);
    live->room = nullptr;
    return count();
  }
  end(live, {}, "room_closed");
}

void Recorder::drain() {
  draining_ = true;
  for (const Shared& one : all()) end(one, {}, "draining");
}

void Recorder::stop_all() {
  draining_ = true;
  // Not when the store lets go of its last answers: what captures use is gone by then.
  for (const Shared& one : all()) one->capture.reset();
  live_.clear();
  ending_.clear();
}

void Recorder::count() { context_.metrics.active.set(static_cast<double>(live_.size())); }

}  // namespace sluice::recording
