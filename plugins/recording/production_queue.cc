#include "production_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "records.h"
#include "sluice/log.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
}  // namespace

void ProductionQueue::add(const std::string& id) {
  retries_.erase(id);
  if (busy(id) || std::ranges::count(waiting_, id) != 0) return;
  waiting_.push_back(id);
  begin_next();
}

void ProductionQueue::begin_next() {
  const auto at_once = static_cast<std::size_t>(context_.options.production.at_once);
  while (!draining_ && !later_ && !waiting_.empty() && running_.size() < at_once) {
    const auto production = std::make_shared<Production>();
    production->record.id = std::move(waiting_.front());
    waiting_.pop_front();
    running_[production->record.id] = production;
    demand_space(production);
  }
  count();
}

// A capture that ran until the disk was full has left half of what a capture needs to its product.
void ProductionQueue::demand_space(const Shared& production) {
  free_space_.ask([this, production](const Result<std::uint64_t, Error>& free) {
    if (!busy(production->record.id)) return;
    const std::uint64_t needed = static_cast<std::uint64_t>(context_.options.least_free_mb) * kMegabyte / 2;
    if (free && *free >= needed) return read_row(production);
    context_.host.log().warning("products wait for space on the disk", {{"free_mb", free.value_or(0) / kMegabyte}});
    put_back(production);
  });
}

void ProductionQueue::put_back(const Shared& production) {
  running_.erase(production->record.id);
  waiting_.push_front(production->record.id);
  later_ = context_.host.timers().after(kSpaceInterval, [this] {
    later_ = {};
    begin_next();
  });
  count();
}

void ProductionQueue::read_row(const Shared& production) {
  in_store(
      context_, [id = production->record.id](StoreTransaction& store) { return begin_production(store, id); },
      [this, production](Result<std::optional<Record>, Error> record) {
        if (!busy(production->record.id)) return;
        if (!record) return put_back(production);
        if (!*record) return drop(production);
        production->record = std::move(**record);
        run(production);
      });
}

void ProductionQueue::run(const Shared& production) {
  const Options& options = context_.options;
  const Record& record = production->record;
  ProductionOrder order;
  order.session_folder = context_.folders.session(record.id);
  order.output_folder = context_.folders.output(record.id);
  order.settings = record.settings;
  order.video_encoder = options.production.encoder;
  order.encoder_device = options.production.device;
  order.preset = options.production.preset;
  order.watermark_image = options.watermark_image;
  order.background_image = options.background_image;
  order.font_file = options.font_file;
  order.frames_per_second = options.production.frames_per_second;
  order.threads = options.production.threads;
  JobOptions job{.name = "produce", .arguments = to_json(order).as_object(), .nice = options.production.nice};
  if (order.threads > 0) job.cpus = static_cast<unsigned>(order.threads);
  production->began = context_.host.timers().now();
  watch(production);
  const std::weak_ptr<Production> weak{production};
  try {
    production->job = context_.host.jobs().start(
        std::move(job),
        [this, weak](const json::object& message) {
          if (const Shared still = weak.lock()) on_message(still, message);
        },
        [this, weak](const JobEnd& end) {
          if (const Shared still = weak.lock()) ended(still, end);
        });
  } catch (const std::exception& error) {
    unsuccessful(production, error.what());
  }
}

// Begins anew with each step forward. A decoder that what the network sent has brought into a loop would keep its place
// for ever.
void ProductionQueue::watch(const Shared& production) {
  const std::weak_ptr<Production> weak{production};
  production->stalled = context_.host.timers().after(kStalled, [this, weak] {
    const Shared still = weak.lock();
    if (!still || !still->job || still->report) return;
    still->job.reset();
    unsuccessful(still, "it was killed: it has made no progress for an hour");
  });
}

// What the other process says is not trusted: it has read what the network sent.
void ProductionQueue::on_message(const Shared& production, const json::object& message) {
  try {
    if (const json::value* progress = message.if_contains("progress")) {
      on_progress(production, from_json<ProductionProgress>(*progress));
    } else if (const json::value* report = message.if_contains("report")) {
      production->report = from_json<ProductionReport>(*report);
    }
  } catch (const Error& error) {
    context_.host.log().warning(
        "a production says what cannot be understood",
        {{"room", production->record.room_id}, {"recording", production->record.id}, {"error", error.what()}});
  }
}

void ProductionQueue::on_progress(const Shared& shared, const ProductionProgress& progress) {
  Production& production = *shared;
  const Progress before = production.progress;
  production.progress = {.percent = std::clamp(progress.percent, 0, 100), .stage = sanitise_text(progress.stage, 32)};
  const Instant now = context_.host.timers().now();
  if (before.percent == production.progress.percent && before.stage == production.progress.stage) return;
  watch(shared);
  if (production.told != Instant{} && now - production.told < kProgressInterval) return;
  production.told = now;
  observer_.progressed(production.record, production.progress);
}

void ProductionQueue::ended(const Shared& production, const JobEnd& end) {
  if (!end.ok()) {
    const std::string how = end.signal != 0 ? "ended by signal " + std::to_string(end.signal)
                                            : "ended with status " + std::to_string(end.exit_status);
    return unsuccessful(production, end.error.empty() ? how : end.error);
  }
  if (!production->report) return unsuccessful(production, "the production has not told what it made");
  const std::chrono::duration<double> took = context_.host.timers().now() - production->began;
  context_.metrics.production_seconds.observe(took.count());
  shelf_.keep(production->record, production->report->files,
              [this, production](Result<std::vector<KeptFile>, Error> kept) {
                if (kept) return made(production, std::move(*kept));
                context_.metrics.storage_failures.add();
                unsuccessful(production, kept.error().what());
              });
}

// Only what the row says is gone from the session: all of it is in the storage by then.
void ProductionQueue::made(const Shared& production, std::vector<KeptFile> files) {
  Record& record = production->record;
  record.report = *production->report;
  record.files = std::move(files);
  record.retention_until = retention_end(record, unix_ms(context_.host.timers().wall_time()));
  in_store(
      context_, [record](StoreTransaction& store) { return mark_ready(store, record); },
      [this, production](const Result<bool, Error>& marked) {
        if (marked && *marked) {
          production->record.state = State::ready;
          context_.metrics.ready.add();
          clean_up(production->record.id, !context_.options.keep_sessions);
          release(production);
          return observer_.ready(production->record);
        }
        shelf_.remove(production->record.files, [this, production, marked](const Result<Ok, Error>&) {
          if (!marked) return unsuccessful(production, marked.error().what());
          drop(production);
        });
      });
}

void ProductionQueue::unsuccessful(const Shared& production, const std::string& reason) {
  Record& record = production->record;
  context_.metrics.production_failures.add();
  context_.host.log().error("a product was not made", {{"room", record.room_id},
                                                       {"recording", record.id},
                                                       {"attempt", record.attempts},
                                                       {"error", sanitise_text(reason, 1'000)}});
  if (record.attempts >= kMostAttempts) return give_up(production, reason);
  in_store(
      context_,
      [id = record.id](StoreTransaction& store) {
        return change_state(store, id, {State::producing}, State::captured);
      },
      [this, production](const Result<bool, Error>& changed) {
        if (changed && !*changed) return drop(production);
        const std::string& id = production->record.id;
        retries_[id] = context_.host.timers().after(kRetryInterval, [this, id] { add(std::string{id}); });
        release(production);
      });
}

void ProductionQueue::give_up(const Shared& production, const std::string& reason) {
  Record& record = production->record;
  record.error = sanitise_text(reason, 1'000);
  record.retention_until = retention_end(record, unix_ms(context_.host.timers().wall_time()));
  in_store(
      context_,
      [record](StoreTransaction& store) { return mark_failed(store, record.id, record.error, record.retention_until); },
      [this, production](const Result<bool, Error>& marked) {
        if (marked && !*marked) return drop(production);
        production->record.state = State::failed;
        clean_up(production->record.id, false);
        release(production);
        observer_.failed(production->record);
      });
}

void ProductionQueue::drop(const Shared& production) {
  release(production);
  observer_.dropped(production->record.id);
}

void ProductionQueue::clean_up(const std::string& id, bool with_session) {
  in_background(
      context_, "what a production has left was not removed",
      [folders = context_.folders, id, with_session] {
        with_session ? folders.remove(id) : folders.remove_output(id);
        return Ok{};
      },
      [](const Result<Ok, Error>&) {});
}

void ProductionQueue::cancel(const std::string& id) {
  std::erase(waiting_, id);
  retries_.erase(id);
  const auto found = running_.find(id);
  // Before its job it finds its row changed, and after it, too.
  if (found == running_.end() || found->second->job == nullptr || found->second->report) return count();
  release(found->second);
}

std::optional<Progress> ProductionQueue::progress(const std::string& id) const {
  const auto found = running_.find(id);
  return found == running_.end() ? std::nullopt : std::optional{found->second->progress};
}

void ProductionQueue::stop() {
  draining_ = true;
  running_.clear();
  waiting_.clear();
  retries_.clear();
}

void ProductionQueue::release(const Shared& production) {
  running_.erase(production->record.id);
  begin_next();
}

void ProductionQueue::count() {
  context_.metrics.waiting.set(static_cast<double>(waiting()));
  context_.metrics.running.set(static_cast<double>(running_.size()));
}

}  // namespace sluice::recording
