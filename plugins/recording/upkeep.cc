#include "upkeep.h"

#include <utility>

#include "access.h"
#include "records.h"
#include "sluice/log.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

constexpr std::int64_t kBatch = 200;

}  // namespace

void Upkeep::start() {
  sweep();
  timer_ = context_.host.timers().every(kInterval, [this] { sweep(); });
  look_at_disk();
  disk_timer_ = context_.host.timers().every(kDiskInterval, [this] { look_at_disk(); });
}

void Upkeep::look_at_disk() {
  in_background(
      context_, "the disk does not say how much is free", [folders = context_.folders] { return folders.free_bytes(); },
      [this](const Result<std::uint64_t, Error>& free) {
        if (free) context_.metrics.free_bytes.set(static_cast<double>(*free));
      });
}

void Upkeep::sweep() {
  const WallTime now = context_.host.timers().wall_time();
  in_store(
      context_,
      [before = unix_ms(now - kForgottenAfter)](StoreTransaction& store) {
        forget_deleted(store, before, kBatch);
        return Ok{};
      },
      [](const Result<Ok, Error>&) {});
  mark_expired_ones();
}

void Upkeep::mark_expired_ones() {
  in_store(
      context_,
      [now = unix_ms(context_.host.timers().wall_time())](StoreTransaction& store) {
        return mark_expired(store, now, kBatch);
      },
      [this](const Result<std::vector<std::string>, Error>& marked) {
        if (marked && !marked->empty()) {
          context_.host.log().info("recordings are deleted, their time is over", {{"count", marked->size()}});
        }
        if (marked && std::cmp_equal(marked->size(), kBatch)) return mark_expired_ones();
        purge();
      });
}

void Upkeep::remove(const Record& record, Function<void(Result<Ok, Error>)> done) {
  const auto live = recorder_.find(record.id);
  if (live != nullptr && live->phase != LiveRecording::Phase::ending) {
    return done(Error{ErrorCode::conflict, "the recording has not ended"});
  }
  in_store(
      context_,
      [id = record.id, now = unix_ms(context_.host.timers().wall_time())](StoreTransaction& store) {
        return mark_deleted(store, id, now);
      },
      [this, id = record.id, done = std::move(done)](const Result<bool, Error>& marked) mutable {
        if (!marked) return done(marked.error());
        if (!*marked) return done(no_such_recording());
        queue_.cancel(id);
        purge();
        done(Ok{});
      });
}

void Upkeep::remove_of(const MeetingInfo& meeting) {
  for (const auto& live : recorder_.all()) {
    if (live->record.tenant == meeting.tenant && live->record.meeting_id == meeting.id) {
      recorder_.end(live, {}, "meeting_deleted");
    }
  }
  in_store(
      context_,
      [tenant = meeting.tenant, id = meeting.id,
       now = unix_ms(context_.host.timers().wall_time())](StoreTransaction& store) {
        mark_meeting_deleted(store, tenant, id, now);
        return Ok{};
      },
      [this](const Result<Ok, Error>& marked) {
        if (marked) purge();
      });
}

void Upkeep::purge() {
  if (std::exchange(purging_, true)) {
    again_ = true;
    return;
  }
  again_ = false;
  in_store(
      context_, [](StoreTransaction& store) { return to_purge(store, kBatch); },
      [this](Result<std::vector<Record>, Error> doomed) {
        if (doomed) doomed_ = std::move(*doomed);
        purge_next();
      });
}

// One at a time: disks and object stores have others to serve.
void Upkeep::purge_next() {
  while (!doomed_.empty()) {
    const Record record = std::move(doomed_.back());
    doomed_.pop_back();
    queue_.cancel(record.id);
    // Who still writes to it says so when it has ended, and all begins anew.
    if (recorder_.find(record.id) != nullptr || queue_.busy(record.id)) continue;
    return purge_one(record);
  }
  purging_ = false;
  if (again_) purge();
}

void Upkeep::purge_one(const Record& record) {
  queue_.shelf().remove(record.files, [this, id = record.id](const Result<Ok, Error>& removed) {
    if (!removed) {
      context_.metrics.storage_failures.add();
      context_.host.log().warning("files of a recording were not removed; they are tried again",
                                  {{"recording", id}, {"error", removed.error().what()}});
      return purge_next();
    }
    in_background(
        context_, "what a recording has left was not removed",
        [folders = context_.folders, id] {
          folders.remove(id);
          return Ok{};
        },
        [this, id](const Result<Ok, Error>& gone) { gone ? purged(id) : purge_next(); });
  });
}

void Upkeep::purged(const std::string& id) {
  in_store(
      context_,
      [id](StoreTransaction& store) {
        mark_purged(store, id);
        return Ok{};
      },
      [this](const Result<Ok, Error>&) { purge_next(); });
}

}  // namespace sluice::recording
