#include "recovery.h"

#include <utility>

#include "records.h"
#include "sluice/log.h"
#include "store_task.h"

namespace sluice::recording {

void Recovery::start() {
  context_.folders.prepare();
  std::vector<std::string> folders = context_.folders.sessions();
  in_store(
      context_, [](StoreTransaction& store) { return unfinished(store); },
      [this](Result<std::vector<Record>, Error> records) {
        if (records) look_at_disk(std::move(*records));
      });
  if (!folders.empty()) sort_out(std::move(folders));
}

void Recovery::look_at_disk(std::vector<Record> records) {
  if (records.empty()) return;
  context_.host.log().info("recordings of an earlier run are finished", {{"count", records.size()}});
  in_background(
      context_, "sessions of an earlier run were not found",
      [folders = context_.folders, records = std::move(records)] {
        std::vector<Find> out;
        for (const Record& record : records) {
          out.push_back({.record = record, .journal = folders.journal_time(record.id)});
        }
        return out;
      },
      [this](const Result<std::vector<Find>, Error>& finds) {
        if (!finds) return;
        for (const Find& one : *finds) decide(one);
      });
}

void Recovery::decide(const Find& found) {
  const Record& record = found.record;
  if (found.journal == 0) return fail(record, "the session has no journal: nothing was captured");
  in_store(
      context_,
      [id = record.id, at = record.ended_at == 0 ? found.journal : record.ended_at](StoreTransaction& store) {
        return mark_captured(store, id, at) || put_back(store, id) ||
               change_state(store, id, {State::captured}, State::captured);
      },
      [this, id = record.id](const Result<bool, Error>& changed) {
        if (changed && *changed) queue_.add(id);
      });
}

void Recovery::fail(const Record& record, const std::string& reason) {
  context_.metrics.capture_failures.add();
  context_.host.log().error("a recording cannot be finished",
                            {{"room", record.room_id}, {"recording", record.id}, {"error", reason}});
  in_store(
      context_,
      [id = record.id, reason, until = retention_end(record, unix_ms(context_.host.timers().wall_time()))](
          StoreTransaction& store) { return mark_failed(store, id, reason, until); },
      [](const Result<bool, Error>&) {});
}

// What is stored does not need its session any more; what nobody knows may be somebody's only copy.
void Recovery::sort_out(std::vector<std::string> folders) {
  struct Sorted {
    std::vector<std::string> done;
    std::vector<std::string> unknown;
  };
  in_store(
      context_,
      [folders = std::move(folders)](StoreTransaction& store) {
        Sorted out;
        for (const std::string& id : folders) {
          const auto record = find(store, id);
          if (!record) out.unknown.push_back(id);
          if (record && record->state == State::ready) out.done.push_back(id);
        }
        return out;
      },
      [this](const Result<Sorted, Error>& sorted) {
        if (!sorted) return;
        for (const std::string& id : sorted->unknown) {
          context_.host.log().warning("a session on the disk belongs to no recording", {{"session", id}});
        }
        if (context_.options.keep_sessions || sorted->done.empty()) return;
        in_background(
            context_, "sessions that are stored were not removed",
            [folders = context_.folders, done = sorted->done] {
              for (const std::string& id : done) folders.remove(id);
              return Ok{};
            },
            [](const Result<Ok, Error>&) {});
      });
}

}  // namespace sluice::recording
